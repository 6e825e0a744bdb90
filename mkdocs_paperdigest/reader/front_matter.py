"""The front matter of a page, cut off its Markdown as MkDocs does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_LOADER: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the one that MkDocs takes: what it cannot read is no front matter

# As MkDocs has it in mkdocs.utils.meta: `---`, YAML, `---` or `...`; anything but a mapping is Markdown between two rules.
FRONT_MATTER = re.compile(r"\A-{3}[ \t]*\n(.*?\n)(?:-{3}|\.{3})[ \t]*\n", re.DOTALL)

_PLAIN = re.compile(r" {0,3}([A-Za-z0-9_-]+):\s*(.*)")


def split_front_matter(text: str) -> tuple[dict[str, Any], str, int]:
    """Cut a page in its front matter ({} without one), its Markdown, and the number of lines above that, empty ones included."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = FRONT_MATTER.match(text)
    try:
        meta = yaml.load(match[1], _LOADER) if match else None  # noqa: S506 - a safe loader
    except Exception:  # as MkDocs does, whatever a constructor of YAML raises
        meta = None
    if match is None or not isinstance(meta, dict):
        return {}, text, 0
    body = text[match.end() :].lstrip("\n")
    return meta, body, text.count("\n", 0, len(text) - len(body))


def front_matter(text: str) -> Mapping[str, Any]:
    return split_front_matter(text)[0] or plain_front_matter(text)


def plain_front_matter(text: str) -> dict[str, str]:
    """The lines `key: value` at the beginning of a page without YAML, which are front matter to MkDocs, too; keys in lower case."""
    found: dict[str, str] = {}
    key = ""
    for line in re.split(r"\r\n?|\n", text.removeprefix("\ufeff")):
        if match := _PLAIN.match(line):
            key, value = match[1].lower(), match[2]
        elif key and line.startswith(("    ", "\t")) and line.strip():
            value = line
        else:
            break
        found[key] = f"{found.get(key, '')} {value.strip()}".strip()
    return found
