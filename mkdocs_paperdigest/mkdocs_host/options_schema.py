"""The options as a JSON Schema of `mkdocs.yml`, for editors. `python -m mkdocs_paperdigest.options_schema` writes it."""

from __future__ import annotations

import ast
import inspect
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from .config import Folder, Globs, Names, OneOf, PaperDigestConfig, Place, SettingsFile, Spellings, Switch

SCHEMA = Path(__file__).parents[1] / "schemas" / "mkdocs.schema.json"
_URL = "https://raw.githubusercontent.com/mkdocs-paperdigest/mkdocs-paperdigest/main/mkdocs_paperdigest/schemas/"


def options_schema() -> dict[str, Any]:
    """The schema of a `mkdocs.yml`: strict below `paperdigest`, and nothing said of the rest."""
    descriptions = _descriptions()
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
                "description": inspect.getdoc(PaperDigestConfig),
                "type": ["object", "null"],
                "properties": {
                    name: {"description": descriptions[name], **option.schema(), "default": option.default}
                    for name, option in vars(PaperDigestConfig).items()
                    if isinstance(option, Place | Globs | Switch | Folder | Names | Spellings | SettingsFile | OneOf)
                },
                "additionalProperties": False,
            }
        },
    }


def text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(options_schema(), indent=2, ensure_ascii=False) + "\n"


def _descriptions() -> dict[str, str]:
    found = {}
    for pair in pairwise(ast.walk(ast.parse(inspect.getsource(PaperDigestConfig)))):
        match pair:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = inspect.cleandoc(words)
    return found


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8", newline="\n")
