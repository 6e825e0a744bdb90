"""Markers: comments in any page where a list shall stand, such as `<!-- paperdigest:recent limit=10 -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..findings import Finding, finding
from . import split_front_matter
from .blocks import parse_blocks, walk
from .vocabulary import DEFAULT

MARKER = r"<!--\s*+paperdigest:(?P<text>(?:\s*+(?!-->|<!--)\S)*+)\s*+-->"
"""A marker as a regular expression; it takes linear time, whatever white space is in it."""

_MARKER = re.compile(MARKER)
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_WORD = re.compile(r'([\w-]+)=(?:"([^"]*)"|(\S+))|(\S+)')

_BEFORE = "paperdigest:"
_TEXT = frozenset(("paragraph", "html", "cell", "heading"))

SORTS = ("count", "name", "newest")
"""The orders of a list of keypoints."""

_TAKES = {"recent": {"limit": "10"}, "keypoints": {"limit": "0", "sort": "count"}}


class MarkerError(ValueError):
    """A marker that is not understood; its text says what it takes."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker asks for: a `recent` or `keypoints` list, at most `limit` entries long (0: all), in the order `sort`."""

    name: str
    limit: int
    sort: str = "count"


def read_marker(text: str) -> Marker:
    """Read what stands behind `paperdigest:` in a comment. Raises MarkerError."""
    name, *words = text.split(None, 1) or [""]
    if name not in _TAKES:
        raise MarkerError(f"it must be {_listed(_TAKES)}")
    options = dict(_TAKES[name])
    for key, quoted, bare, stray in _WORD.findall(words[0] if words else ""):
        if stray or key not in options:
            raise MarkerError(f"`{name}` takes {_listed(f'{o}=…' for o in options)}, not `{stray or key}`")
        options[key] = quoted or bare
    if not options["limit"].isascii() or not options["limit"].isdigit() or len(options["limit"]) > 9:
        raise MarkerError("`limit` takes a whole number")
    sort = options.get("sort", "count")
    if sort not in SORTS:
        raise MarkerError(f"`sort` takes {_listed(SORTS)}")
    return Marker(name, int(options["limit"]), sort)


def marker_findings(text: str, path: str) -> Iterator[Finding]:
    """PD403 for each marker of a file that is not understood; what stands in code is none."""
    if _BEFORE not in text:
        return
    _, body, above = split_front_matter(text)
    lines = body.split("\n")
    line, column = 0, 0
    for block in walk(parse_blocks(lines, DEFAULT).blocks):
        if block.kind not in _TEXT or _BEFORE not in block.text:
            continue
        line, column = max((line, column), (block.start, 0))
        for match in _MARKER.finditer(block.text if block.kind == "html" else _CODE.sub("", block.text)):
            line, column = _place(match["text"].partition("\n")[0], lines, line, column)
            try:
                read_marker(match["text"])
            except MarkerError as error:
                yield finding("PD403", path, above + line + 1, column + 1, match["text"], error)


def _place(words: str, lines: Sequence[str], line: int, column: int) -> tuple[int, int]:
    """Where the words of a marker stand next, behind a place; that place if they do not."""
    for number in range(line, len(lines)):
        found = lines[number].find(_BEFORE + words, column if number == line else 0)
        if found >= 0:
            return number, found + len(_BEFORE)
    return line, column


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
