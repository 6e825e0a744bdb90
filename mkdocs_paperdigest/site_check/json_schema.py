"""Whether data is as a JSON Schema says, for the words of it that the schemas of this package use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_KINDS = {type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}

_Problem = tuple[str, str]
"""Where in a value something is wrong, and what."""


def first_problem(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str | None:
    """What is first found wrong with a value, and where.

    Unknown words are passed over, circular references not allowed. Source:
    https://json-schema.org/draft/2020-12/json-schema-validation.
    """
    found = _problem(value, schema, definitions)
    return found and f"{found[0].removeprefix('.') or 'it'} {found[1]}"


def _problem(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> _Problem | None:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and _KINDS.get(type(value)) not in kinds:  # not isinstance: true is no integer
        return "", f"is no {' or '.join(kinds)}"
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", [value])
    if value not in allowed:
        return "", f"is {value!r}, not {' or '.join(map(str, allowed))}"
    several = [_problem(value, one, definitions) for one in schema.get("anyOf", ())]
    if several and all(several):
        return max(filter(None, several), key=lambda one: len(one[0]))
    match value:
        case str():
            return _of_text(value, schema)
        case list():
            if len(value) < schema.get("minItems", 0):
                return "", "is empty"
            for number, item in enumerate(value):
                if found := _problem(item, schema.get("items", {}), definitions):
                    return f"[{number}]{found[0]}", found[1]
        case dict():
            if missing := set(schema.get("required", ())) - value.keys():
                return "", f"has no `{min(missing)}`"
            for name, part in value.items():
                if found := _problem(name, schema.get("propertyNames", {}), definitions):
                    return f".{name}", found[1]
                own = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
                if found := _problem(part, own, definitions):
                    return f".{name}{found[0]}", found[1]
        case int() if "minimum" in schema and value < schema["minimum"]:
            return "", f"is below {schema['minimum']}"
    return None


def _of_text(value: str, schema: Mapping[str, Any]) -> _Problem | None:
    if len(value) < schema.get("minLength", 0):
        return "", "is empty"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return "", f"is {value!r}, which does not match {schema['pattern']}"
    if schema.get("format") == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return "", f"is {value!r}, which is no date"
    return None
