"""Whether data is as a JSON Schema says, for the words of it that the schemas of this package use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

Problem = tuple[str, str]
"""Where in a value something is wrong, and what."""

_TYPES = {"null": type(None), "boolean": bool, "integer": int, "string": str, "array": list, "object": dict}


def in_words(problem: Problem) -> str:
    place, what = problem
    return f"{place.removeprefix('.') or 'it'} {what}"


def first_problem(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Problem | None:
    """What is first found wrong with a value; unknown words are passed over, circular references not allowed. Source: https://json-schema.org/draft/2020-12/json-schema-validation."""
    return next(_problems(value, schema, definitions), None)


def _problems(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Problem]:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if kinds and type(value) not in {_TYPES[name] for name in kinds}:  # not isinstance: true is no integer
        yield "", f"is no {' or '.join(kinds)}"
        return
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", [value])
    if value not in allowed:
        yield "", f"is {value!r}, not {' or '.join(map(str, allowed))}"
    several = [first_problem(value, one, definitions) for one in schema.get("anyOf", ())]
    if several and all(several):
        yield max(filter(None, several), key=lambda one: len(one[0]))
    match value:
        case str():
            yield from _of_text(value, schema)
        case list():
            if len(value) < schema.get("minItems", 0):
                yield "", "is empty"
            for number, item in enumerate(value):
                for place, what in _problems(item, schema.get("items", {}), definitions):
                    yield f"[{number}]{place}", what
        case dict():
            if missing := set(schema.get("required", ())) - value.keys():
                yield "", f"has no `{min(missing)}`"
            for name, part in value.items():
                for _, what in _problems(name, schema.get("propertyNames", {}), definitions):
                    yield f".{name}", what
                own = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
                for place, what in _problems(part, own, definitions):
                    yield f".{name}{place}", what
        case int() if "minimum" in schema and value < schema["minimum"]:
            yield "", f"is below {schema['minimum']}"


def _of_text(value: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    if len(value) < schema.get("minLength", 0):
        yield "", "is empty"
    if not re.search(schema.get("pattern", ""), value):
        yield "", f"is {value!r}, which does not match {schema['pattern']}"
    if schema.get("format") == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            yield "", f"is {value!r}, which is no date"
