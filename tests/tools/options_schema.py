"""The options as a JSON Schema of `mkdocs.yml`, for editors. `python tests/tools/options_schema.py` writes it."""

from __future__ import annotations

import ast
import inspect
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.collection import KINDS, Options

SCHEMA = Path(__file__).parents[2] / "mkdocs_paperdigest/schemas" / "mkdocs.schema.json"
_URL = "https://raw.githubusercontent.com/mkdocs-paperdigest/mkdocs-paperdigest/main/mkdocs_paperdigest/schemas/"


def options_schema() -> dict[str, Any]:
    words = _descriptions()
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


def _descriptions() -> dict[str, str]:
    found = {}
    for pair in pairwise(ast.walk(ast.parse(inspect.getsource(Options)))):
        match pair:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = inspect.cleandoc(words)
    return found


def text() -> str:
    return json.dumps(options_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8", newline="\n")
