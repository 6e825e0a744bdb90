"""Markdown text → papers and findings. Nothing here knows MkDocs."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ..findings import Finding
from ..paper import Digest
from .papers import clean, read_page
from .vocabulary import DEFAULT, Vocabulary

__all__ = ["clean", "read_digest", "read_page", "split_front_matter"]

# As MkDocs has it in mkdocs.utils.meta: `---`, YAML, `---` or `...`; anything but a mapping is Markdown between two rules.
_FRONT_MATTER = re.compile(r"\A-{3}[ \t]*\n(.*?\n)(?:-{3}|\.{3})[ \t]*\n", re.DOTALL)


def split_front_matter(text: str) -> tuple[dict[str, Any], str, int]:
    """Cut a page in the mapping of its front matter ({} if it has none) and its Markdown.

    Also gives the number of lines above the Markdown, empty lines below the front matter included.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT_MATTER.match(text)
    try:
        meta = yaml.safe_load(match[1]) if match else None
    except (yaml.YAMLError, ValueError, RecursionError):
        meta = None
    if match is None or not isinstance(meta, dict):
        return {}, text, 0
    body = text[match.end() :].lstrip("\n")
    return meta, body, text.count("\n", 0, len(text) - len(body))


def read_digest(
    text: str, path: str = "digest.md", vocabulary: Vocabulary = DEFAULT
) -> tuple[Digest, tuple[Finding, ...]]:
    """Read the papers of a Markdown file.

    Takes the whole text, front matter included, and the path that the records shall carry, relative to the docs and
    with forward slashes; months are read off its name too, and what its labels mean off the vocabulary. Gives the digest, which has no papers if the
    file is no digest, and the findings. Raises nothing, whatever the text.
    """
    meta, body, above = split_front_matter(text)
    return read_page(body, path, above + 1, meta=meta, vocabulary=vocabulary)
