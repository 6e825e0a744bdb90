"""Plain text and addresses → Markdown that CommonMark and Python-Markdown read alike."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

# A backslash before these means the sign itself to every reader; the others are mathematics, tables, templates or marks to some.
_SIGNS = re.compile(r"[\\`*_\[\]#!]|([<>&~$|^{}])|(==|:(?=[\w+-]+:))")


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it, on one line; not for the begin of a line, where a number or a `-` may open a list."""
    return _SIGNS.sub(_escape, " ".join(text.split()))


def _escape(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return "".join(f"&#{ord(char)};" for char in match[0])
    return f"\\{match[0]}"


def address(start: str, to: str, fragment: str = "") -> str:
    """The relative address from a file to another, percent-encoded; `start` and `to` are paths from the same folder.

    A fragment is encoded, too: what it leads to may be written in any script.
    """
    path = posixpath.relpath(to, posixpath.dirname(start) or ".")
    return quote(path) + (f"#{quote(fragment, safe='')}" if fragment else "")


def link(text: str, target: str) -> str:
    """A link, its text as plain text, its target as `address` gives it."""
    return f"[{escaped(text)}]({target})"
