"""Places in the text of a file: its lines, pieces of its Markdown, and where each character of a plain text stands in them."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .inline import INVALID_CHARACTERS

LINE_END = re.compile(r"\r\n|\r|\n")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:|[^\s<>@]{1,64}@)[^\s<>]*>")
_TAG = re.compile(r"<(?:[!?/A-Za-z])[^<>]{0,2000}>")
_IMAGE = re.compile(r"!\[[^\[\]]{0,2000}\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])?")
_TARGET = re.compile(r"\](?:\((?:[^()\\]|\\.|\([^()]{0,2000}\)){0,2000}\)|\[[^\[\]]{0,200}\])", re.DOTALL)
_MARKS = tuple("\\`*_~[]<>")


class Lines:
    def __init__(self, text: str) -> None:
        self.text = text
        first = 1 if text.startswith("\ufeff") else 0
        ends = [(match.start(), match.end()) for match in LINE_END.finditer(text)]
        self.starts = [first, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def __len__(self) -> int:
        return len(self.starts)

    def place(self, offset: int) -> tuple[int, int]:
        line = max(bisect_right(self.starts, offset), 1)
        return line, max(offset - self.starts[line - 1], 0) + 1

    def line(self, number: int) -> str:
        """The text of a line as the reader has it; "" below the last."""
        return INVALID_CHARACTERS.sub("", self.text[slice(*self.between(number, number))]) if number < len(self) else ""

    def between(self, first: int, last: int) -> tuple[int, int]:
        first = min(first, len(self) - 1)
        return self.starts[first], self._ends[min(max(last - 1, first), len(self) - 1)]


@dataclass(frozen=True, slots=True)
class Places:
    """For each character of a plain text where it begins and ends in its Markdown, which begins at `start`; `linked` are places in the texts of links."""

    start: int
    at: Sequence[int]
    ends: Sequence[int]
    linked: frozenset[int] = frozenset()


def project(source: str, start: int, stop: int, plain: str) -> Places | None:
    """Map each character of a plain text to its Markdown, a part of `source`, passing over markup where the text goes on otherwise; None if that fails."""
    match = _SPACES.match(source, start, stop)
    first = match.end() if match else start
    if source.startswith(plain, first, stop):
        last = first + len(plain)
        return Places(start, range(first, last), range(first + 1, last + 1))
    at: list[int] = []
    ends: list[int] = []
    linked: list[int] = []
    place, opened = start, 0
    while len(at) < len(plain):
        readings = _readings(source, place, stop, plain, len(at), in_link=opened > 0)
        shown, end = next((one for one in readings if plain.startswith(one[0], len(at))), ("", 0))
        if not end:
            return None
        if shown:
            linked += [place] if opened else []
        else:
            opened = max(opened + (source[place] == "[") - (source[place] == "]"), 0)
        at += [place] * len(shown)
        ends += [end] * len(shown)
        place = end
    return Places(start, at, ends, frozenset(linked))


def _readings(
    source: str, place: int, stop: int, plain: str, number: int, *, in_link: bool
) -> Iterator[tuple[str, int]]:
    """What Markdown may show at a place, the likeliest first, and where that ends; "" for markup, which shows nothing."""
    here = source[place] if place < stop else ""
    if match := _SPACES.match(source, place, stop):
        yield " ", match.end()
        yield "", match.end()
        return
    if here == "&" and (match := _ENTITY.match(source, place, stop)) and not plain.startswith(match[0], number):
        yield html.unescape(match[0]), match.end()
    if here == "<" and (match := _BREAK.match(source, place, stop)):
        yield " ", match.end()
    target = _TARGET.match(source, place, stop) if here == "]" else None
    if here and not (target and in_link):
        yield here, place + 1
    is_tag = here == "<" and not _AUTOLINK.match(source, place, stop)
    passed = target or (_TAG.match(source, place, stop) if is_tag else _IMAGE.match(source, place, stop))
    if passed or here in _MARKS:
        yield "", passed.end() if passed else place + 1
