"""Plain text and addresses → Markdown that CommonMark and Python-Markdown read alike."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from urllib.parse import quote

# A backslash before these means the character itself to every reader; the others are mathematics, tables, templates or marks to some.
_OPENS_BLOCK = re.compile(r"[-+=:/?]|(?<=\d)[.)]")
_BEGIN = re.compile(r"\d*.", re.DOTALL)
_SPECIAL = re.compile(r"[\\`*_\[\]#!]|([<>&~$|^{}])|(==|:(?=[\w+-]+:))")


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it, on one line; not for the begin of a line, which is that of `escaped_line`."""
    return _SPECIAL.sub(lambda m: _entity(m) if m[1] or m[2] else f"\\{m[0]}", " ".join(text.split()))


def escaped_line(text: str) -> str:
    """The same for the begin of a line, where a number or a `-` would open a list."""
    return _BEGIN.sub(lambda begin: _OPENS_BLOCK.sub(_entity, begin[0]), escaped(text), count=1)


def _entity(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in match[0])


def address(start: str, to: str, fragment: str = "") -> str:
    """The relative address from file `start` to file `to`, percent-encoded as its fragment is, which may be in any script."""
    return _path(posixpath.dirname(start) or ".", to) + (f"#{quote(fragment, safe='')}" if fragment else "")


@cache  # thousands of pages in one folder lead to each other
def _path(folder: str, to: str) -> str:
    return quote(posixpath.relpath(to, folder))


def link(text: str, target: str) -> str:
    return f"[{escaped(text)}]({target})"
