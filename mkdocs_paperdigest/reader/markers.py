"""Markers: comments in any page where a list shall stand, such as `<!-- paperdigest:recent limit=10 -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ..records import Finding, finding
from .blocks import parse_blocks, walk_blocks
from .front_matter import split_front_matter
from .source_places import Lines

_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_WORD = re.compile(r'([\w-]+)=(?:"([^"]*)"|(\S+))|(\S+)')

_BEFORE = "paperdigest"
_TEXT = frozenset(("paragraph", "html", "cell", "heading"))

SORTS = {"keypoints": ("count", "name", "newest"), "papers": ("new", "old", "title")}
"""The orders of lists, the usual one first."""

_LIMITS = {"recent": 10, "papers": 0, "keypoints": 0, "trends": 4, "months": 0}
_FILTERS = ("keypoint", "category", "month")

_REST = r"(?:\s*+(?!-->|<!--)\S)*+"
MARKER_PATTERN = (
    rf"<!--\s*+paperdigest(?::(?P<text>{_REST})"
    rf"|\s++(?P<bare>(?:{'|'.join(_LIMITS)})(?=\s*+-->|\s++[\w-]++=){_REST}))\s*+-->"
)
"""A marker as a regular expression; it takes linear time, whatever white space is in it. What is `bare` lacks its colon."""

_MARKER = re.compile(MARKER_PATTERN)
_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"
_MONTHS = re.compile(rf"(?P<first>{_MONTH})?(?P<range>\.\.)?(?P<last>{_MONTH})?")


class MarkerError(ValueError):
    """A marker that is not understood, or asks for what is not there; its text says which, and what it takes."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker asks for: a list of this `name`, at most `limit` entries long (0: all), in the order `sort`.

    It is of the papers that name all `keypoints`, stand in `category`, and are of the months from `first` to `last`; what is
    empty does not choose.
    """

    name: str
    limit: int
    sort: str = ""
    keypoints: tuple[str, ...] = ()
    category: str = ""
    first: str = ""
    last: str = ""

    @property
    def without_keypoints(self) -> Marker:
        return replace(self, keypoints=())

    def holds(self, month: str | None) -> bool:
        """Whether a month is one from `first` to `last`; None, which is no month, is only if neither chooses."""
        chooses = bool(self.first or self.last)
        return not chooses or (month is not None and self.first <= month <= (self.last or "9999-99"))

    @property
    def chooses(self) -> bool:
        return bool(self.keypoints or self.category or self.first or self.last)


def marker_text(match: re.Match[str]) -> str:
    text: str = match["bare"] if match["text"] is None else match["text"]
    return text


def matched_marker(match: re.Match[str]) -> Marker:
    """Read a match of `MARKER_PATTERN`. Raises MarkerError."""
    if match["text"] is None:
        raise MarkerError("a colon stands behind `paperdigest`, with no space before it")
    return read_marker(match["text"])


def read_marker(text: str) -> Marker:
    """Read what stands behind `paperdigest:` in a comment. Raises MarkerError."""
    name, *words = text.split(None, 1) or [""]
    if name not in _LIMITS:
        raise MarkerError(f"it must be {_listed(_LIMITS)}")
    takes = ("limit", *(("sort",) if name in SORTS else ()), *_FILTERS)
    options: dict[str, str] = {}
    keypoints: list[str] = []
    for key, quoted, bare, stray in _WORD.findall(words[0] if words else ""):
        if stray or key not in takes:
            hint = "; a value with spaces stands in double quotes" if stray else ""
            raise MarkerError(f"`{name}` takes {_listed(f'{o}=…' for o in takes)}, not `{stray or key}`{hint}")
        value = quoted or bare
        if not value.strip():
            raise MarkerError(f"`{key}` is empty")
        if key == "keypoint":
            keypoints.append(value)
        elif key in options:
            raise MarkerError(f"`{key}` stands there twice")
        options[key] = value
    usual = 0 if name == "trends" and keypoints else _LIMITS[name]  # what is named is shown
    limit = options.get("limit", str(usual))
    if not limit.isascii() or not limit.isdigit() or len(limit) > 9:
        raise MarkerError("`limit` takes a whole number")
    sorts = SORTS.get(name, ("",))
    sort = options.get("sort", sorts[0])
    if sort not in sorts:
        raise MarkerError(f"`sort` takes {_listed(sorts)}")
    first, last = read_months(options.get("month", ""))
    return Marker(name, int(limit), sort, tuple(keypoints), options.get("category", ""), first, last)


def read_months(text: str) -> tuple[str, str]:
    """The first and the last month of `2024-05`, `2024-05..2024-07`, `2024-05..` or `..2024-07`. Raises MarkerError."""
    found = _MONTHS.fullmatch(text)
    if not found or (text and not found["first"] and not found["last"]) or (found["last"] and not found["range"]):
        raise MarkerError("`month` takes a month such as `2024-05`, or months such as `2024-05..2024-07`")
    first, last = found["first"] or "", found["last"] or ""
    if first and last and first > last:
        raise MarkerError("`month` takes the earlier month first")
    return first, last if found["range"] else first


def marker_findings(text: str, path: str, check: Callable[[Marker], object] = lambda _: None) -> Iterator[Finding]:
    """Yield PD403 for each marker outside code that is not understood, or for which `check` raises MarkerError."""
    if _BEFORE not in text:
        return
    _, body, above = split_front_matter(text)
    lines = Lines(body)
    place = 0
    for block in walk_blocks(parse_blocks(body.split("\n")).blocks):
        if block.kind not in _TEXT or _BEFORE not in block.text:
            continue
        place = max(place, lines.starts[block.start])
        for match in _MARKER.finditer(block.text if block.kind == "html" else _CODE.sub("", block.text)):
            start = match[0].index(_BEFORE)
            words = match[0][start:].partition("\n")[0].removesuffix("-->").rstrip()
            if (found := body.find(words, place)) >= 0:
                place = found + min(match.start(match.lastgroup or 0) - match.start() - start, len(words))
            try:
                check(matched_marker(match))
            except MarkerError as error:
                line, column = lines.place(place)
                yield finding("PD403", path, above + line, column, marker_text(match), advice=str(error))


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
