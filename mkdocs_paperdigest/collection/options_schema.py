"""The options as a JSON Schema of `mkdocs.yml`, for editors. `python -m mkdocs_paperdigest.collection.options_schema` writes it."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from .options import KINDS, Options, descriptions

SCHEMA = Path(__file__).parents[1] / "schemas" / "mkdocs.schema.json"
_URL = "https://raw.githubusercontent.com/mkdocs-paperdigest/mkdocs-paperdigest/main/mkdocs_paperdigest/schemas/"


def options_schema() -> dict[str, Any]:
    words = descriptions()
    plugin = {"paperdigest": {"$ref": "#/$defs/options"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _URL + SCHEMA.name,
        "title": "mkdocs.yml with mkdocs-paperdigest",
        "description": "Only what stands under the plugin paperdigest is checked.",
        "type": "object",
        "properties": {
            "plugins": {
                "type": ["array", "object", "null"],
                "properties": plugin,
                "items": {
                    "properties": plugin,
                    # Options that are not indented become neighbours of the name.
                    "if": {"required": ["paperdigest"]},
                    "then": {"maxProperties": 1},
                },
            }
        },
        "$defs": {
            "options": {
                "description": inspect.getdoc(Options),
                "type": ["object", "null"],
                "properties": {
                    name: {"description": words[name], **kind.schema, "default": kind.default}
                    for name, kind in KINDS.items()
                },
                "additionalProperties": False,
            }
        },
    }


def text() -> str:
    return json.dumps(options_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8", newline="\n")
