"""Frozen records ↔ JSON: the values of their fields in order, as the type hints of the class say what they are.

What is read back from a folder may have come from anywhere. So it is JSON, which makes nothing but the records that the caller names;
every value in it has the type that its hint says; and its texts can be written to a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

_Way = Callable[[Any, Any], Any]
"""Makes a value into its JSON, or back; takes the value, and the shared records met so far."""


_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")


def dumps(record: Any, shared: type | None = None) -> str:
    """A record as JSON. Records of the class `shared` that are one object stay one object when it is read."""
    table = _Table()
    kind: Any = type(record)
    value = _writer(kind, shared)(record, table)
    return json.dumps([table.rows, value], ensure_ascii=False, separators=(",", ":"))


def loads(text: str, kind: type, shared: type | None = None) -> Any:
    """The record of class `kind` that `dumps` made JSON of. Raises ValueError if the text is not such JSON."""
    text.encode()  # refuses halves of characters, which no file can have, as they are
    if "\\u" in text and _SURROGATE.search(text):
        raise ValueError("half a character")
    try:
        rows, value = json.loads(text)
        made: list[Any] = []
        if rows:
            _check(rows, frozenset([list]))
            make = _maker(shared, shared)
            for row in rows:
                made.append(make(row, made))
        _check([value], frozenset([list]))
        return _reader(kind, shared)(value, made)
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError) as fault:
        raise ValueError(f"no record of {kind.__name__}: {fault!r}") from fault


class _Table:
    """The shared records: the JSON of each, those first that others hold, and its place by the identity of the record."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.places: dict[int, int] = {}


@cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


@cache
def _writer(hint: Any, shared: type | None) -> _Way:
    """How a value of a type becomes JSON."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is shared:
        write = _fields_writer(hint, shared)

        def numbered(value: Any, table: _Table) -> int:
            if id(value) not in table.places:
                row = write(value, table)
                table.places[id(value)] = len(table.rows)
                table.rows.append(row)
            return table.places[id(value)]

        return numbered
    if is_dataclass(hint):
        return _fields_writer(hint, shared)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value, _: value.name
    if origin is tuple:
        items = _writers(arguments, shared)
        if arguments[-1] is Ellipsis:
            return lambda value, table: [items[0](item, table) for item in value]
        return lambda value, table: [way(item, table) for way, item in zip(items, value, strict=True)]
    if origin in (dict, Mapping):
        (way,) = _writers(arguments[1:], shared)
        return lambda value, table: {key: way(item, table) for key, item in value.items()}
    if origin in (Union, UnionType):
        other = _other(arguments)
        write = _writer(other, shared)
        is_other = _is_a(other)
        return lambda value, table: write(value, table) if is_other(value) else value
    return _as_it_is


def _fields_writer(kind: Any, shared: type | None) -> _Way:
    names = [name for name, _ in _hints(kind)]
    values = attrgetter(*names)
    ways: list[_Way] = []

    def write(record: Any, table: _Table) -> list[Any]:
        if not ways:  # at the first record, since a class may hold records of its own
            ways.extend(_writer(hint, shared) for _, hint in _hints(kind))
        own = values(record) if len(names) > 1 else (values(record),)
        return [value if way is _as_it_is else way(value, table) for way, value in zip(ways, own, strict=True)]

    return write


def _writers(hints: tuple[Any, ...], shared: type | None) -> list[_Way]:
    return [_writer(hint, shared) for hint in hints if hint is not Ellipsis]


@cache
def _reader(hint: Any, shared: type | None) -> _Way:
    """How JSON becomes a value of a type again. What it is given is one of `_forms`; whatever is in it is looked at here."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is shared:
        return _met_before
    if is_dataclass(hint):
        return _maker(hint, shared)  # type: ignore[arg-type]
    if is_typeddict(hint):
        return _keys_reader(hint, shared)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda name, _: hint[name]
    if origin is tuple and arguments[-1] is not Ellipsis:
        return _row_reader(tuple, lambda: arguments, shared)
    if origin in (tuple, list):
        forms, way = _forms(arguments[0], shared), _reader(arguments[0], shared)

        def items(value: Any, made: Any) -> Any:
            _check(value, forms)
            return origin(value if way is _as_it_is else [way(item, made) for item in value])

        return items
    if origin in (dict, Mapping):
        forms, of_value = _forms(arguments[1], shared), _reader(arguments[1], shared)

        def values(value: Any, made: Any) -> Any:
            _check(value.values(), forms)
            return {key: of_value(item, made) for key, item in value.items()}

        return values
    if origin in (Union, UnionType):
        read = _reader(_other(arguments), shared)
        plain = (str, NoneType) if str in arguments else (NoneType,)
        return read if read is _as_it_is else lambda value, made: value if type(value) in plain else read(value, made)
    return _as_it_is


@cache
def _forms(hint: Any, shared: type | None) -> frozenset[type]:
    """The types that JSON has for a type."""
    origin = get_origin(hint)
    if hint is shared:
        return frozenset([int])
    if origin in (Union, UnionType):
        return frozenset().union(*(_forms(one, shared) for one in get_args(hint)))
    if is_dataclass(hint) or origin in (tuple, list):
        return frozenset([list])
    if is_typeddict(hint) or origin in (dict, Mapping):
        return frozenset([dict])
    return frozenset([str if issubclass(hint, Enum) else hint])


def _check(values: Iterable[Any], forms: frozenset[type]) -> None:
    if not forms.issuperset(map(type, values)):
        raise TypeError(f"a value is none of {forms}")


def _met_before(place: int, made: list[Any]) -> Any:
    if place < 0:
        raise IndexError(place)
    return made[place]


@cache
def _maker(kind: Any, shared: type | None) -> _Way:
    return _row_reader(lambda values: kind(*values), lambda: [hint for _, hint in _hints(kind)], shared)


def _row_reader(make: Callable[[list[Any]], Any], hints: Callable[[], Sequence[Any]], shared: type | None) -> _Way:
    """How a list of as many values as there are hints becomes what `make` makes of them."""
    ways: list[_Way] = []
    forms: list[frozenset[type]] = []
    right: set[tuple[type, ...]] = set()  # few, so that most rows are looked up and not looked through

    def read(row: Any, made: Any) -> Any:
        if not ways:  # at the first row, since a class may hold records of its own
            forms.extend(_forms(hint, shared) for hint in hints())
            ways.extend(_reader(hint, shared) for hint in hints())
        types = tuple(map(type, row))
        if types not in right:
            if not all(one in form for one, form in zip(types, forms, strict=True)):
                raise TypeError(f"{types} are none of {forms}")
            right.add(types)
        return make([value if way is _as_it_is else way(value, made) for way, value in zip(ways, row, strict=True)])

    return read


def _keys_reader(kind: Any, shared: type | None) -> _Way:
    """How a `TypedDict` is read; keys that it does not name have text."""
    hints = get_type_hints(kind)

    def read(value: Any, made: Any) -> Any:
        _check([item for key, item in value.items() if key not in hints], frozenset([str]))
        known = {}
        for key, hint in hints.items():
            _check([value[key]], _forms(hint, shared))
            known[key] = _reader(hint, shared)(value[key], made)
        return {**value, **known}

    return read


def _as_it_is(value: Any, _: Any) -> Any:
    return value


def _other(arguments: tuple[Any, ...]) -> Any:
    """What a union can be beside nothing and text, or text if that is all."""
    others = [kind for kind in arguments if kind not in (NoneType, str)]
    return others[0] if others else str


def _is_a(hint: Any) -> Callable[[Any], bool]:
    kind = get_origin(hint) or hint
    return lambda value: isinstance(value, kind)
