"""Which records are one paper: those that link to the same publication, and those of one title that something else confirms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from ..records import Identifier, Paper, first_identifiers

LEAST_WORDS = 4
"""A title with fewer words, such as "Introduction" or "Visual Instruction Tuning", may be that of two papers."""

_LEAST_LETTERS = 8  # of a title in a script without spaces
_WORD = re.compile(r"[^\W_]+")


def first_records(papers: Sequence[Paper]) -> Mapping[str, str]:
    """The id of the first record of each paper that stands more than once, by the ids of its later records.

    The first is that of the earliest month and day, one without a month comes last. Two records are one paper if they link to the
    same publication (`identifiers`), of which the first link of each kind counts; or if they have the same title in different
    digests, and the same first author or a link in common. Never if they link to two different papers of arXiv. Linear in the papers.
    """
    ordered = sorted(papers, key=lambda paper: (paper.day or "~", paper.path, paper.line))
    groups = _Groups(len(ordered))
    first: dict[object, int] = {}
    for number, paper in enumerate(ordered):
        own = first_identifiers(paper.links)
        groups.arxiv[number] = own.get("arxiv")
        for identifier in own.values():
            groups.join(first.setdefault(identifier, number), number)
    for number, paper in enumerate(ordered):
        for sign in _signs(paper):
            other = first.setdefault(sign, number)
            if ordered[other].path != paper.path:
                groups.join(other, number)
    return {
        paper.id: ordered[root].id for number, paper in enumerate(ordered) if (root := groups.root(number)) != number
    }


def are_told_apart(one: Paper, other: Paper) -> bool:
    return len({own for paper in (one, other) if (own := first_identifiers(paper.links).get("arxiv"))}) > 1


def title_key(title: str) -> str:
    """What spellings of one title have in common: letters and digits of each word, without case and signs; "" for a title too short."""
    folded = title.lower() if title.isascii() else unicodedata.normalize("NFKC", title).casefold()
    words = _WORD.findall(folded)
    if len(words) >= LEAST_WORDS or sum(unicodedata.east_asian_width(c) == "W" for c in folded) >= _LEAST_LETTERS:
        return " ".join(words)
    return ""


def _signs(paper: Paper) -> Iterator[tuple[str, ...]]:
    """What records of one title have in common if they are one paper."""
    if title := title_key(paper.title):
        if paper.authors:
            yield "author", title, " ".join(paper.authors[0].casefold().split())
        for link in paper.links:
            yield "link", title, link.url.partition("://")[2].rstrip("/")


class _Groups:
    """Numbers joined into groups, each of which is known by its smallest: union-find."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))
        self.arxiv: list[Identifier | None] = [None] * count

    def root(self, number: int) -> int:
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        ids = {self.arxiv[low], self.arxiv[high]} - {None}
        if low != high and len(ids) < 2:
            self._above[high] = low
            self.arxiv[low] = next(iter(ids), None)
