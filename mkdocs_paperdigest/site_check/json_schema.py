"""Whether data is as a JSON Schema says, for the words of it that the schemas of this package use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

_KINDS = {type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}

_Problem = tuple[str, str]
"""Where in a value something is wrong, and what."""

_Check = Callable[[Any], _Problem | None]


def problem_finder(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Callable[[Any], str | None]:
    """A function that says what is first found wrong with a value, and where.

    Unknown words are passed over, circular references not allowed. Source:
    https://json-schema.org/draft/2020-12/json-schema-validation.
    """
    check = _check(schema, definitions)

    def first_problem(value: Any) -> str | None:
        found = check(value)
        return found and f"{found[0].removeprefix('.') or 'it'} {found[1]}"

    return first_problem


def _check(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> _Check:
    if not schema:
        return lambda _: None
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    names = schema.get("type", ())
    names = (names,) if isinstance(names, str) else names
    kinds = {kind for kind, name in _KINDS.items() if name in names or not names}
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    several = [_check(one, definitions) for one in schema.get("anyOf", ())]
    makers = {str: _of_text, int: _of_number, list: _of_list, dict: _of_object}
    within = {kind: make(schema, definitions) for kind, make in makers.items() if kind in kinds}

    def check(value: Any) -> _Problem | None:
        kind = type(value)  # not isinstance: true is no integer
        if names and kind not in kinds:
            return "", f"is no {' or '.join(names)}"
        if allowed is not None and value not in allowed:
            return "", f"is {value!r}, not {' or '.join(map(str, allowed))}"
        if several and all(found := [one(value) for one in several]):
            return max(filter(None, found), key=lambda one: len(one[0]))
        return within[kind](value) if kind in within else None

    return check


def _of_text(schema: Mapping[str, Any], _: Mapping[str, Any]) -> _Check:
    least, pattern, is_date = schema.get("minLength", 0), schema.get("pattern"), schema.get("format") == "date"
    matches = re.compile(pattern or "").search

    def check(value: str) -> _Problem | None:
        if len(value) < least:
            return "", "is empty"
        if pattern and not matches(value):
            return "", f"is {value!r}, which does not match {pattern}"
        if is_date:
            try:
                date.fromisoformat(value)
            except ValueError:
                return "", f"is {value!r}, which is no date"
        return None

    return check


def _of_number(schema: Mapping[str, Any], _: Mapping[str, Any]) -> _Check:
    least = schema.get("minimum")
    return lambda value: ("", f"is below {least}") if least is not None and value < least else None


def _of_list(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> _Check:
    least, check_item = schema.get("minItems", 0), _check(schema.get("items", {}), definitions)

    def check(value: list[Any]) -> _Problem | None:
        if len(value) < least:
            return "", "is empty"
        for number, item in enumerate(value):
            if found := check_item(item):
                return f"[{number}]{found[0]}", found[1]
        return None

    return check


def _of_object(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> _Check:
    required = frozenset(schema.get("required", ()))
    known = {name: _check(one, definitions) for name, one in schema.get("properties", {}).items()}
    check_name = _check(schema["propertyNames"], definitions) if "propertyNames" in schema else None
    others = _check(schema.get("additionalProperties", {}), definitions)

    def check(value: dict[str, Any]) -> _Problem | None:
        if not required <= value.keys():
            return "", f"has no `{min(required - value.keys())}`"
        for name, part in value.items():
            if check_name and (found := check_name(name)):
                return f".{name}", found[1]
            if found := known.get(name, others)(part):
                return f".{name}{found[0]}", found[1]
        return None

    return check
