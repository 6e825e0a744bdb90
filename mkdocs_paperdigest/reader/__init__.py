"""Markdown text → papers and findings. Nothing here knows MkDocs."""

from __future__ import annotations

import re

from ..findings import Finding
from ..paper import Digest
from .papers import clean, read_page

__all__ = ["clean", "read_digest", "read_page", "split_front_matter"]

# The same three lines that MkDocs takes for front matter (mkdocs.utils.meta, after python-frontmatter).
_FRONT_MATTER = re.compile(r"\A-{3}[ \t]*\n.*?^(?:-{3}|\.{3})[ \t]*\n", re.MULTILINE | re.DOTALL)


def split_front_matter(text: str) -> tuple[str, str]:
    """Cut a page in its front matter ("" if it has none), empty lines below it included, and its Markdown."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT_MATTER.match(text)
    if not match:
        return "", text
    body = text[match.end() :].lstrip("\n")
    return text[: len(text) - len(body)], body


def read_digest(text: str, path: str = "digest.md") -> tuple[Digest, tuple[Finding, ...]]:
    """Read the papers of a Markdown file.

    Takes the whole text, front matter included, and the path that the records shall carry, relative to the docs and
    with forward slashes; months are read off its name too. Gives the digest, which has no papers if the
    file is no digest, and the findings. Raises nothing, whatever the text.
    """
    front_matter, body = split_front_matter(text)
    return read_page(body, path, front_matter.count("\n") + 1)
