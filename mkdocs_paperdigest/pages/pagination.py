"""Pages that hold what another page has no room for, and what is put on which, so that no page grows without end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from ..languages import Words
from ..library import by_month
from ..records import Paper

T = TypeVar("T")

BUDGET = 150_000
"""How many bytes of lists a page holds: with a theme and its navigation around them it stays below 300,000."""
_UNDATED = "undated"  # what the address of papers without a month has where others have their year


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

    def __len__(self) -> int:
        return len(self.papers)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """What a page holds of a `group`, which is a year, None without one, or a first letter: the `number`-th page of it."""

    group: str | None
    number: int
    items: Sequence[T]

    @property
    def slug(self) -> str:
        """The address of the first of several pages is the plain name; the others have their number after it."""
        name = self.group or _UNDATED
        return name if self.number == 1 else f"{name}-{self.number}"

    def uri(self, whole: str | None) -> str:
        """The source path of the page, below that of the page `whole`."""
        return f"{(whole or '').removesuffix('.md')}/{self.slug}.md"

    def title_of_year(self, name: str, words: Words) -> str:
        return self.title(words("part_title", name=name, part=year_name(self.group, words)), words)

    def title(self, of_first: str, words: Words) -> str:
        return of_first if self.number == 1 else words("part_page", part=of_first, page=self.number)


def year_of(month: str | None) -> str | None:
    return month[:4] if month else None


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
) -> tuple[Sequence[Run], Sequence[Part[Run]]]:
    """Share papers out to a page, newest first, and to pages of all years but the newest, whole months where one has room."""
    first, *more = _pages(papers, size, budget) or [[]]
    rest = papers[sum(map(len, first)) :] if more else ()
    parts = []
    for year, own in groupby(rest, key=lambda paper: year_of(paper.month)):
        pages = _pages(list(own), size, budget, first[-1].month)
        parts += [Part(year, number, page) for number, page in enumerate(pages, 1)]
    return first, parts


def _pages(papers: Sequence[Paper], size: Callable[[Paper], int], budget: int, cut: str | None = "") -> list[list[Run]]:
    """Papers on pages. `cut` is a month whose first papers are on another page."""

    def runs() -> Iterator[Run]:
        for month, own in by_month(papers):
            pieces = packed(own, size, budget) if sum(map(size, own)) > budget else [own]
            for number, piece in enumerate(pieces):
                yield Run(month, piece, number > 0 or month == cut)

    return list(packed(runs(), lambda run: sum(map(size, run.papers)), budget))
