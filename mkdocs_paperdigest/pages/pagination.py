"""Pages that hold what another page has no room for, and what is put on which, so that no page grows without end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from ..languages import Words
from ..library import by_month
from ..records import Paper

T = TypeVar("T")

BUDGET = 150_000
"""How many bytes of lists a page holds: with a theme and its navigation around them it stays below 300,000."""
UNDATED = "undated"  # what the address of papers without a month has where others have their year


@dataclass(frozen=True, slots=True)
class PagePart:
    """A page with a part of what belongs on another; `content` takes the way to the site's root, `headings` are anchors and texts."""

    uri: str
    title: str
    content: Callable[[str], str]
    ids: Collection[str]
    headings: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Papers of one month on one page; others of that month are on a page before if it is `continued`."""

    month: str | None
    papers: Sequence[Paper]
    continued: bool = False


@dataclass(frozen=True, slots=True)
class YearPart:
    """A page with papers of a year, None without one: the `number`-th of that year."""

    year: str | None
    number: int
    runs: Sequence[Run]

    @property
    def slug(self) -> str:
        return numbered(self.year or UNDATED, self.number)

    @property
    def count(self) -> int:
        return sum(len(run.papers) for run in self.runs)


def numbered(name: str, number: int) -> str:
    """The address of the first of several pages is the plain name; the others have their number after it."""
    return name if number == 1 else f"{name}-{number}"


def part_title(title: str, number: int, words: Words) -> str:
    return title if number == 1 else words("part_page", part=title, page=number)


def year_name(year: str | None, words: Words) -> str:
    return words("months_year", year=year) if year else words.month(None)


def packed(items: Iterable[T], size: Callable[[T], int], budget: int) -> Iterator[list[T]]:
    """Put items on pages, in order, each page as full as it gets; an item that is too large has a page of its own."""
    page: list[T] = []
    room = budget
    for item in items:
        need = size(item)
        if page and need > room:
            yield page
            page, room = [], budget
        page.append(item)
        room -= need
    if page:
        yield page


def by_year(
    papers: Sequence[Paper], size: Callable[[Paper], int], budget: int
) -> tuple[Sequence[Run], Sequence[YearPart]]:
    """Share papers out to a page, newest first, and to pages of all years but the newest, whole months where one has room."""
    first, *more = _pages(papers, size, budget) or [[]]
    if not more:
        return first, ()
    rest = papers[sum(len(run.papers) for run in first) :]
    parts = []
    for year, own in groupby(rest, key=lambda paper: paper.month and paper.month[:4]):
        pages = _pages(list(own), size, budget, first[-1].month)
        parts += [YearPart(year, number, page) for number, page in enumerate(pages, 1)]
    return first, parts


def _pages(papers: Sequence[Paper], size: Callable[[Paper], int], budget: int, cut: str | None = "") -> list[list[Run]]:
    """Papers on pages. `cut` is a month whose first papers are on another page."""

    def runs() -> Iterator[Run]:
        for month, own in by_month(papers):
            pieces = packed(own, size, budget) if sum(map(size, own)) > budget else [own]
            for number, piece in enumerate(pieces):
                yield Run(month, piece, number > 0 or month == cut)

    return list(packed(runs(), lambda run: sum(map(size, run.papers)), budget))
