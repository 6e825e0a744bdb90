"""The page of months, the lists of months elsewhere, and the links from each digest to the adjacent months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ..languages import Words
from ..library import Keypoint, Month, adjacent_months, archive, selected
from ..reader import Marker
from ..records import Paper
from . import pagination
from .pagination import PagePart, numbered, packed, part_title, year_name
from .paper_lists import Lists
from .templating import Templates

MOST_NEW = 12  # how many new keypoints of a month are shown
_ROW, _DIGEST, _NEW = 300, 90, 33
"""How many bytes a month, a digest and a new keypoint have besides names, addresses and badges."""


@dataclass(frozen=True, slots=True)
class MonthsPart:
    """A page with months of a year, None without one, that the page of months has no room for: the `number`-th of that year."""

    year: str | None
    number: int
    months: Sequence[Month]

    @property
    def slug(self) -> str:
        return numbered(self.year or pagination.UNDATED, self.number)


@dataclass
class MonthPages:
    lists: Lists
    templates: Templates

    @cached_property
    def _archive(self) -> tuple[Month, ...]:
        return archive(self.lists.library)

    @cached_property
    def _firsts(self) -> dict[str, dict[str | None, Paper]]:
        by_path = self.lists.library.by_path.items()
        return {path: {paper.month: paper for paper in reversed(papers)} for path, papers in by_path}

    def _to(self, path: str, month: str | None, root: str) -> str:
        """The link to what a digest has of a month: the digest if that is all, else the first paper of it."""
        firsts = self._firsts[path]
        if len(firsts) > 1 and month in firsts:
            return self.lists.links.to_paper(firsts[month], root)
        return self.lists.links.to(path, root)

    def rows(self, root: str, months: tuple[Month, ...] | None = None) -> list[dict[str, Any]]:
        return month_list(
            self._archive if months is None else months,
            self.templates.words,
            lambda path, month: self._to(path, month, root),
            self.lists.links.name,
            lambda keypoint: self.lists.badge(keypoint, root),
        )

    def light_rows(self, root: str) -> list[dict[str, Any]]:
        """The same, in few bytes: without what was new, and a month on many digests leads to the page of months."""
        months = self.lists.links.to_made(self.lists.links.options.months, root)
        rows = [{**row, "new": [], "more": 0} for row in self.rows(root)]
        many = (row for row in rows if months and not row["url"] and len(row["digests"]) > 1)
        for row in many:
            row.update(url=f"{months}#{row['id']}", digests=[])
        return rows

    @cached_property
    def _parted(self) -> tuple[Sequence[Month], Sequence[MonthsPart]]:
        """The months on the page of months, the newest years, and those on pages of their own."""
        years = [
            (year, list(own)) for year, own in groupby(self._archive, key=lambda month: month.month and month.month[:4])
        ]
        pages = list(packed(years, lambda year: sum(map(self._size, year[1])), pagination.BUDGET)) or [[]]
        fits = sum(self._size(month) for _, own in pages[0] for month in own) <= pagination.BUDGET
        first, more = (pages[0], pages[1:]) if fits else ([], pages)
        rest = [
            MonthsPart(year, number, page)
            for group in more
            for year, own in group
            for number, page in enumerate(packed(own, self._size, pagination.BUDGET), 1)
        ]
        return [month for _, own in first for month in own], rest

    def _size(self, month: Month) -> int:
        digests = sum(_DIGEST + 2 * len(quote(path)) for path, _ in month.digests)
        new = sum(_NEW + self.lists.badge_size(keypoint, keypoint.label) for keypoint in month.new[:MOST_NEW])
        return _ROW + digests + new

    def parts(self) -> Iterator[PagePart]:
        for part in self._parted[1]:
            ids = {month.id for month in part.months} | ({f"year-{part.year}"} if part.year else set())
            yield PagePart(self._part_uri(part), self._part_title(part), partial(self._part_html, part), ids)

    def _part_uri(self, part: MonthsPart) -> str:
        folder, _, name = (self.lists.links.options.months or "").rpartition("/")
        place = folder if name == "index.md" else f"{folder}/{name.removesuffix('.md')}".lstrip("/")
        return f"{place}/{part.slug}.md".lstrip("/")

    def _part_title(self, part: MonthsPart) -> str:
        words = self.templates.words
        title = words("part_title", name=words("months_heading"), part=year_name(part.year, words))
        return part_title(title, part.number, words)

    def _part_html(self, part: MonthsPart, root: str) -> str:
        return self.templates.render(
            "months-part.html",
            title=self._part_title(part),
            months=self.rows(root, tuple(part.months)),
            months_url=self.lists.links.to_made(self.lists.links.options.months, root),
            index_url=self.lists.links.to_index(root),
        )

    def html(self, root: str) -> str:
        shown, rest = self._parted
        words = self.templates.words
        years = [
            {
                "id": f"year-{year}" if year else None,
                "name": year_name(year, words),
                "months": [
                    {
                        "id": month.id,
                        "former": None,
                        "name": words.month(month.month),
                        "url": self.lists.links.to_part(self._part_uri(part), root, month.id),
                        "count": month.count,
                    }
                    for part in own
                    for month in part.months
                ],
            }
            for year, own in groupby(rest, key=lambda part: part.year)
        ]
        months = self.rows(root, tuple(shown))
        return self.templates.render(
            "months.html", months=months, years=years, index_url=self.lists.links.to_index(root)
        )

    def ids(self) -> set[str]:
        years = {f"year-{month.month[:4]}" for month in self._archive if month.month}
        return {"months", *years, *(month.id for month in self._archive)}

    def marker(self, marker: Marker, root: str) -> str:
        months = archive(self.lists.library, selected(self.lists.library, marker)) if marker.chooses else self._archive
        shown = months[: marker.limit or None]
        return self.templates.render(
            "month-list.html", months=self.rows(root, shown), index_url=self.lists.links.to_index(root)
        )

    def with_links(self, content: str, path: str, root: str) -> str:
        papers = self.lists.library.by_path[path]
        before, after = adjacent_months(self._archive, (paper.month for paper in papers))
        if not before and not after:
            return content
        links = month_links(
            before,
            after,
            self.templates.words,
            lambda path, month: self._to(path, month, root),
            self.lists.links.to_made(self.lists.links.options.months, root),
        )
        return content + self.templates.render("month-links.html", **links)


def month_list(
    months: Sequence[Month],
    words: Words,
    page_url: Callable[[str, str | None], str],
    page_name: Callable[[str], str],
    badge: Callable[[Keypoint], dict[str, Any]],
) -> list[dict[str, Any]]:
    """The `months` of `months.html` and `month-list.html`; `page_url` gives the link to what a digest has of a month.

    A month has a `url` where one digest has all of its papers; `year` is "" without a month; `more` counts what `new` leaves out.
    """
    return [
        {
            "id": month.id,
            "year": (month.month or "").partition("-")[0],
            "name": words.month(month.month),
            "count": month.count,
            "url": page_url(month.digests[0][0], month.month) if len(month.digests) == 1 else None,
            "digests": [
                {"name": page_name(path), "url": page_url(path, month.month), "count": count}
                for path, count in month.digests
            ],
            # The count of a badge is of all months.
            "new": [
                {key: value for key, value in badge(keypoint).items() if key not in ("count", "below")}
                for keypoint in month.new[:MOST_NEW]
            ],
            "more": max(len(month.new) - MOST_NEW, 0),
        }
        for month in months
    ]


def month_links(
    previous: Month | None,
    following: Month | None,
    words: Words,
    page_url: Callable[[str, str | None], str],
    months_url: str | None,
) -> dict[str, Any]:
    """What `month-links.html` takes: `previous`, `all` and `next`, each with `url` and `name`, or None.

    A month leads to its digest, or else to its place on the page of months, or else to the first of its digests.
    """

    def link(month: Month | None) -> dict[str, str] | None:
        if month is None:
            return None
        if months_url is None or len(month.digests) == 1:
            url = page_url(month.digests[0][0], month.month)
        else:
            url = f"{months_url}#{month.id}"
        return {"url": url, "name": words.month(month.month)}

    return {
        "previous": link(previous),
        "all": {"url": months_url, "name": words("months_all")} if months_url else None,
        "next": link(following),
    }
