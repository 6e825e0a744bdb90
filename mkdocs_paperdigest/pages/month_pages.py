"""The page of months, the lists of months elsewhere, and the way from each digest to the months beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import quote

from mkdocs.structure.pages import Page

from ..languages import Words
from ..library import Keypoint, Library, Month, adjacent_months, archive, selected
from ..reader import Marker
from ..records import Paper
from . import pagination as parts
from .paper_lists import Lists
from .site_links import Links, to_root
from .templating import Templates

MOST_NEW = 12
"""How many new keypoints of a month are shown."""
_ROW, _DIGEST, _BADGE = 300, 90, 130
"""How many bytes a month, a digest and a badge have besides names and addresses."""


@dataclass(frozen=True, slots=True)
class MonthsPart:
    """A page with months of a year, None without one, that the page of months has no room for: the `number`-th of that year."""

    year: str | None
    number: int
    months: Sequence[Month]

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return parts.numbered(self.year or parts.UNDATED, self.number)


class MonthPages:
    """Makes what a site says of its months."""

    def __init__(self, library: Library, links: Links, lists: Lists, templates: Templates) -> None:
        self._library = library
        self._links = links
        self._lists = lists
        self._templates = templates

    @cached_property
    def _archive(self) -> tuple[Month, ...]:
        return archive(self._library)

    @cached_property
    def _firsts(self) -> dict[str, dict[str | None, Paper]]:
        """The first paper of each month on each page, by the path of the page."""
        found: dict[str, dict[str | None, Paper]] = {}
        for path, papers in self._library.by_path.items():
            found[path] = {paper.month: paper for paper in reversed(papers)}
        return found

    def _to(self, path: str, month: str | None, page: Page) -> str:
        """The link to what a digest has of a month: the digest if that is all, else the first paper of it."""
        firsts = self._firsts[path]
        if len(firsts) > 1 and month in firsts:
            return self._links.to_paper(firsts[month], to_root(page.file))
        return self._links.to(path, page)

    def rows(self, page: Page, months: tuple[Month, ...] | None = None) -> list[dict[str, Any]]:
        """The months as templates take them, on a page: all, or some."""
        return month_list(
            self._archive if months is None else months,
            self._templates.words,
            lambda path, month: self._to(path, month, page),
            self._links.name,
            lambda keypoint: self._lists.badge(keypoint, page),
        )

    def light_rows(self, page: Page) -> list[dict[str, Any]]:
        """The same, in few bytes: without what was new, and a month on many digests leads to the page of months."""
        months = self._links.to_made(self._links.options.months, page)
        rows = [{**row, "new": [], "more": 0} for row in self.rows(page)]
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
        pages = list(parts.packed(years, lambda year: sum(map(self._size, year[1])), parts.BUDGET)) or [[]]
        fits = sum(self._size(month) for _, own in pages[0] for month in own) <= parts.BUDGET
        first, more = (pages[0], pages[1:]) if fits else ([], pages)
        rest = [
            MonthsPart(year, number, page)
            for group in more
            for year, own in group
            for number, page in enumerate(parts.packed(own, self._size, parts.BUDGET), 1)
        ]
        return [month for _, own in first for month in own], rest

    def _size(self, month: Month) -> int:
        digests = sum(_DIGEST + 2 * len(quote(path)) for path, _ in month.digests)
        new = sum(_BADGE + 2 * len(k.label.encode()) + len(quote(k.slug)) for k in month.new[:MOST_NEW])
        return _ROW + digests + new

    @property
    def of_years(self) -> Sequence[MonthsPart]:
        """What stands on pages of its own."""
        return self._parted[1]

    def part_uri(self, part: MonthsPart) -> str:
        """The source path that such a page pretends to have."""
        folder, _, name = (self._links.options.months or "").rpartition("/")
        place = folder if name == "index.md" else f"{folder}/{name.removesuffix('.md')}".lstrip("/")
        return f"{place}/{part.slug}.md".lstrip("/")

    def part_title(self, part: MonthsPart) -> str:
        """What such a page is called."""
        words = self._templates.words
        name = words("months_year", year=part.year) if part.year else words.month(None)
        title = words("part_title", name=words("months_heading"), part=name)
        return title if part.number == 1 else words("part_page", part=title, page=part.number)

    def part_ids(self, part: MonthsPart) -> set[str]:
        """Its anchors."""
        return {month.id for month in part.months} | ({f"year-{part.year}"} if part.year else set())

    def part_html(self, part: MonthsPart, page: Page) -> str:
        """Its content."""
        return self._templates.render(
            "months-part.html",
            title=self.part_title(part),
            months=self.rows(page, tuple(part.months)),
            months_url=self._links.to_made(self._links.options.months, page),
            index_url=self._links.to_index(page),
        )

    def html(self, page: Page) -> str:
        """The content of the page of months."""
        shown, rest = self._parted
        words = self._templates.words
        years = [
            {
                "id": f"year-{year}" if year else None,
                "name": words("months_year", year=year) if year else words.month(None),
                "months": [
                    {
                        "id": month.id,
                        "former": None,
                        "name": words.month(month.month),
                        "url": self._to_part(part, month, page),
                        "count": month.count,
                    }
                    for part in own
                    for month in part.months
                ],
            }
            for year, own in groupby(rest, key=lambda part: part.year)
        ]
        months = self.rows(page, tuple(shown))
        return self._templates.render("months.html", months=months, years=years, index_url=self._links.to_index(page))

    def _to_part(self, part: MonthsPart, month: Month, page: Page) -> str:
        uri = self.part_uri(part)
        if uri in self._links.kept:
            return self._links.to(self._links.kept[uri], page)  # whatever stands there has other anchors
        return f"{self._links.to(uri, page)}#{month.id}"

    def ids(self) -> set[str]:
        """The anchors of the page of months."""
        years = {f"year-{month.month[:4]}" for month in self._archive if month.month}
        return {"months", *years, *(month.id for month in self._archive)}

    def marker(self, marker: Marker, page: Page) -> str:
        """The months of the papers that a marker chooses, with their counts. Raises MarkerError."""
        months = archive(self._library, selected(self._library, marker)) if marker.chooses else self._archive
        shown = months[: marker.limit or None]
        return self._templates.render(
            "month-list.html", months=self.rows(page, shown), index_url=self._links.to_index(page)
        )

    def with_links(self, content: str, page: Page) -> str:
        """The content of a digest, and below it the ways to the months before and after it."""
        papers = self._library.by_path[page.file.src_uri]
        before, after = adjacent_months(self._archive, (paper.month for paper in papers))
        if not before and not after:
            return content
        links = month_links(
            before,
            after,
            self._templates.words,
            lambda path, month: self._to(path, month, page),
            self._links.to_made(self._links.options.months, page),
        )
        return content + self._templates.render("month-links.html", **links)


def month_list(
    months: Sequence[Month],
    words: Words,
    page_url: Callable[[str, str | None], str],
    page_name: Callable[[str], str],
    badge: Callable[[Keypoint], dict[str, Any]],
) -> list[dict[str, Any]]:
    """The `months` of `months.html` and `month-list.html`.

    `page_url` gives the link to what a digest has of a month, from its path, `page_name` what it is called, `badge` what `badge.html` takes.
    A month has a `url` where one digest has all of its papers, and else names all of its `digests`; `year` is "" for papers without
    a month; of `new` there are at most `MOST_NEW`, and `more` counts the rest.
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
            "new": [_without_count(badge(keypoint)) for keypoint in month.new[:MOST_NEW]],
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

    `previous` and `following` are what `adjacent_months` gave; `months_url` is the link to the page of months, None if there is none.
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


def _without_count(badge: dict[str, Any]) -> dict[str, Any]:
    """A badge whose count, which is of all months, does not stand in the list of one."""
    return {key: value for key, value in badge.items() if key not in ("count", "below")}
