"""Markers: comments in any page where a list shall stand, such as `<!-- paperdigest:recent limit=10 -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .raw_html import tidy

_MARKER = re.compile(r"(?:<p>)?<!--\s*paperdigest:(?P<text>(?:(?!-->|<!--).)*?)\s*-->(?:</p>)?", re.DOTALL)
_WITHIN_TEXT = re.compile(r"[^>\s][ \t]*<!--\s*paperdigest:|<p>\s*<!--\s*paperdigest:[^>]*-->(?!</p>)")
_WORD = re.compile(r'([\w-]+)=(?:"([^"]*)"|(\S+))|(\S+)')

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


def has_markers(content: str) -> bool:
    """Whether a page's HTML may hold a marker."""
    return "paperdigest:" in content and _MARKER.search(content) is not None


def fill_markers(content: str, render: Callable[[Marker], str], wrong: Callable[[str, str], None]) -> str:
    """Put lists in the place of the markers of a page's HTML.

    `render` gives the HTML of a list; `wrong` is told the text and the fault of each marker that is not
    understood, and nothing is put in its place.
    """

    def replace(match: re.Match[str]) -> str:
        try:
            return render(read_marker(match["text"]))
        except MarkerError as error:
            wrong(match["text"], str(error))
            return ""

    filled = _MARKER.sub(replace, content)
    # A list cannot stand inside a paragraph: a marker within a sentence parts it.
    return tidy(filled) if _WITHIN_TEXT.search(content) else filled


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
