"""Whether data is as a JSON Schema says, for the words of it that the schemas of this package use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Problem = tuple[str, str]
"""Where in a value something is wrong, and what."""

Check = Callable[[Any], Problem | None]
"""Gives what is first found wrong with a value; None if nothing is."""

_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}


def in_words(problem: Problem) -> str:
    place, what = problem
    return f"{place.removeprefix('.') or 'it'} {what}"


def checks(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Check:
    """A function that checks values; unknown words are passed over, circular references not allowed. Source: https://json-schema.org/draft/2020-12/json-schema-validation."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    types = {kind for name in kinds for kind in _TYPES[name]}
    refusal = ("", f"is no {' or '.join(kinds)}")
    several = [checks(one, definitions) for one in schema.get("anyOf", ())]
    within: dict[type, Check] = {
        str: _text(schema),
        int: _integer(schema),
        list: _array(schema, definitions),
        dict: _object(schema, definitions),
    }
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")

    def check(value: Any) -> Problem | None:
        kind = type(value)  # not isinstance: true is no integer
        if types and kind not in types:
            return refusal
        if allowed is not None and value not in allowed:
            return "", f"is {value!r}, not {' or '.join(map(str, allowed))}"
        if several:
            found = [one(value) for one in several]
            if all(found):
                return max(filter(None, found), key=lambda one: len(one[0]))
        return within[kind](value) if kind in within else None

    return check


def _text(schema: Mapping[str, Any]) -> Check:
    least = schema.get("minLength", 0)
    pattern = re.compile(schema.get("pattern", ""))
    is_date = schema.get("format") == "date"

    def check(value: str) -> Problem | None:
        if len(value) < least:
            return "", "is empty"
        if not pattern.search(value):
            return "", f"is {value!r}, which does not match {pattern.pattern}"
        if is_date:
            try:
                date.fromisoformat(value)
            except ValueError:
                return "", f"is {value!r}, which is no date"
        return None

    return check


def _object(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Check:
    required = frozenset(schema.get("required", ()))
    known = {name: checks(one, definitions) for name, one in schema.get("properties", {}).items()}
    names = checks(schema["propertyNames"], definitions) if "propertyNames" in schema else None
    more = schema.get("additionalProperties")
    others = checks(more, definitions) if isinstance(more, dict) else None

    def check(value: Mapping[str, Any]) -> Problem | None:
        if not required <= value.keys():
            return "", f"has no `{min(required - value.keys())}`"
        for name, part in value.items():
            if names and (found := names(name)):
                return f".{name}", found[1]
            own = known.get(name, others)
            if own and (found := own(part)):
                return f".{name}{found[0]}", found[1]
        return None

    return check


def _array(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Check:
    least = schema.get("minItems", 0)
    items = checks(schema["items"], definitions) if "items" in schema else None

    def check(value: list[Any]) -> Problem | None:
        if len(value) < least:
            return "", "is empty"
        for number, item in enumerate(value if items else ()):
            assert items
            if found := items(item):
                return f"[{number}]{found[0]}", found[1]
        return None

    return check


def _integer(schema: Mapping[str, Any]) -> Check:
    least = schema.get("minimum")
    return lambda value: ("", f"is below {least}") if least is not None and value < least else None
