"""Frozen records ↔ JSON: the values of their fields in order, as the type hints of the class say what they are.

JSON, since what is read back from a folder may have come from anywhere: it makes nothing but the records that the caller names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_Way = Callable[[Any, Any], Any]
"""Makes a value into its JSON, or back; takes the value, and the shared records met so far."""


def dumps(record: Any, shared: type) -> str:
    """A record as JSON. Records of the class `shared` that are one object stay one object when it is read."""
    table = _Table()
    kind: Any = type(record)
    value = _writer(kind, shared)(record, table)
    return json.dumps([table.rows, value], ensure_ascii=False, separators=(",", ":"))


def loads(text: str, kind: type, shared: type) -> Any:
    """The record of class `kind` that `dumps` made JSON of. Raises ValueError if the text is not such JSON."""
    try:
        rows, value = json.loads(text)
        made: list[Any] = []
        make = _maker(shared, shared)
        for row in rows:
            made.append(make(row, made))
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
def _writer(hint: Any, shared: type) -> _Way:
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


def _fields_writer(kind: Any, shared: type) -> _Way:
    names = [name for name, _ in _hints(kind)]
    values = attrgetter(*names)
    ways: list[_Way] = []

    def write(record: Any, table: _Table) -> list[Any]:
        if not ways:  # at the first record, since a class may hold records of its own
            ways.extend(_writer(hint, shared) for _, hint in _hints(kind))
        own = values(record) if len(names) > 1 else (values(record),)
        return [value if way is _as_it_is else way(value, table) for way, value in zip(ways, own, strict=True)]

    return write


def _writers(hints: tuple[Any, ...], shared: type) -> list[_Way]:
    return [_writer(hint, shared) for hint in hints if hint is not Ellipsis]


@cache
def _reader(hint: Any, shared: type) -> _Way:
    """How JSON becomes a value of a type again."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is shared:
        return lambda place, made: made[place]
    if is_dataclass(hint):
        return _maker(hint, shared)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda name, _: hint[name]
    if origin is tuple:
        items = [_reader(item, shared) for item in arguments if item is not Ellipsis]
        if arguments[-1] is not Ellipsis:
            return lambda value, made: tuple([way(item, made) for way, item in zip(items, value, strict=True)])
        (way,) = items
        if way is _as_it_is:
            return lambda value, _: tuple(value)
        return lambda value, made: tuple([way(item, made) for item in value])
    if origin in (dict, Mapping):
        way = _reader(arguments[1], shared)
        return lambda value, made: {key: way(item, made) for key, item in value.items()}
    if origin in (Union, UnionType):
        other = _other(arguments)
        read = _reader(other, shared)
        plain = (str, NoneType) if str in arguments else (NoneType,)
        return lambda value, made: value if isinstance(value, plain) else read(value, made)
    return _as_it_is


@cache
def _maker(kind: Any, shared: type) -> _Way:
    ways: list[_Way] = []

    def make(row: Any, made: Any) -> Any:
        if not ways:
            ways.extend(_reader(hint, shared) for _, hint in _hints(kind))
        return kind(*[value if way is _as_it_is else way(value, made) for way, value in zip(ways, row, strict=True)])

    return make


def _as_it_is(value: Any, _: Any) -> Any:
    return value


def _other(arguments: tuple[Any, ...]) -> Any:
    """What a union can be beside nothing and text, or text if that is all."""
    others = [kind for kind in arguments if kind not in (NoneType, str)]
    return others[0] if others else str


def _is_a(hint: Any) -> Callable[[Any], bool]:
    kind = get_origin(hint) or hint
    return lambda value: isinstance(value, kind)
