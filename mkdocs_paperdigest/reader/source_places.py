"""Places in the text of a file: its lines, pieces of its Markdown, and where each character of a plain text stands in them."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
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
_MARKS = frozenset("\\`*_~[]<>")


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of a page's Markdown, and the place in the file of each of its characters, and of its end."""

    text: str
    at: Sequence[int]

    def __getitem__(self, part: slice) -> Source:
        start, stop, _ = part.indices(len(self.text))
        return Source(self.text[start:stop], self.at[start : stop + 1])


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

    def line(self, number: int) -> Source:
        start, end = self.starts[number], self._ends[number]
        raw = self.text[start:end]
        if not INVALID_CHARACTERS.search(raw):
            return Source(raw, range(start, end + 1))
        kept = [n for n, char in enumerate(raw) if not INVALID_CHARACTERS.match(char)]
        return Source("".join(raw[n] for n in kept), [*(start + n for n in kept), end])

    def between(self, first: int, last: int) -> tuple[int, int]:
        first = min(first, len(self) - 1)
        return self.starts[first], self._ends[min(max(last - 1, first), len(self) - 1)]


@dataclass(frozen=True, slots=True)
class Places:
    """For each character of a plain text where it begins and ends in its Markdown; `linked` are places in the texts of links."""

    at: Sequence[int]
    ends: Sequence[int]
    linked: frozenset[int]


def project(source: str, plain: str) -> Places | None:
    """Map each character of a plain text to its Markdown, passing over markup where the text goes on otherwise; None if that fails."""
    if source == plain:
        return Places(range(len(plain)), range(1, len(plain) + 1), frozenset())
    at: list[int] = []
    ends: list[int] = []
    linked: list[int] = []
    place, opened = 0, 0
    for number, char in enumerate(plain):
        if len(at) > number:  # an entity gave more than one character
            continue
        while True:
            if place >= len(source):
                return None
            here = source[place]
            if match := _SPACES.match(source, place):
                place = match.end()
                if char == " ":
                    at.append(match.start())
                    ends.append(place)
                    break
                continue
            if here == "&" and (match := _ENTITY.match(source, place)):
                said = html.unescape(match[0])
                if said != match[0] and plain.startswith(said, number) and not plain.startswith(match[0], number):
                    at += [place] * len(said)
                    place = match.end()
                    ends += [place] * len(said)
                    break
            if here == "<" and char == " " and (match := _BREAK.match(source, place)):
                at.append(place)
                place = match.end()
                ends.append(place)
                break
            if here == char and not (here == "]" and opened and _TARGET.match(source, place)):
                at.append(place)
                if opened:
                    linked.append(place)
                place += 1
                ends.append(place)
                break
            if here not in _MARKS and here != "!":
                return None
            if here == "[":
                opened += 1
            match = _passed(here, source, place)
            if here == "]":
                opened = max(opened - 1, 0)
            if match is None and here == "!":
                return None
            place = match.end() if match else place + 1
    return Places(at, ends, frozenset(linked))


def _passed(here: str, source: str, place: int) -> re.Match[str] | None:
    match here:
        case "!":
            return _IMAGE.match(source, place)
        case "]":
            return _TARGET.match(source, place)
        case "<" if not _AUTOLINK.match(source, place):
            return _TAG.match(source, place)
    return None
