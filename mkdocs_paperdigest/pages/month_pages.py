"""The page of months, the lists of months elsewhere, and the links from each digest to the adjacent months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ..library import Month, adjacent_months, archive, selected
from ..reader import Marker
from ..records import Paper
from . import pagination
from .pagination import PagePart, Part, packed, year_name, year_of
from .paper_lists import Lists

MOST_NEW = 12  # how many new keypoints of a month are shown
_ROW, _DIGEST, _NEW = 300, 90, 33
"""How many bytes a month, a digest and a new keypoint have besides names, addresses and badges."""


class MonthPages:
    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self._archive = archive(lists.library)
        self._firsts: dict[str, dict[str | None, Paper]] = {
            path: {paper.month: paper for paper in reversed(papers)} for path, papers in lists.library.by_path.items()
        }

    def _to(self, path: str, month: str | None, root: str) -> str:
        """The link to what a digest has of a month: the digest if that is all, else the first paper of it."""
        firsts = self._firsts[path]
        if len(firsts) > 1 and month in firsts:
            return self.lists.links.to_paper(firsts[month], root)
        return self.lists.links.to(path, root)

    def _to_months(self, root: str) -> str | None:
        return self.lists.links.to_made(self.lists.links.options.months, root)

    # -- lists

    def rows(self, root: str, months: Sequence[Month]) -> list[dict[str, Any]]:
        """The `months` of `months.html` and `month-list.html`.

        A month has a `url` where one digest has all of its papers; `year` is "" without a month; `more` counts what `new` leaves out.
        """
        return [
            {
                "id": month.id,
                "year": year_of(month.month) or "",
                "name": self.lists.words.month(month.month),
                "count": month.count,
                "url": self._to(month.digests[0][0], month.month, root) if len(month.digests) == 1 else None,
                "digests": [
                    {"name": self.lists.links.name(path), "url": self._to(path, month.month, root), "count": count}
                    for path, count in month.digests
                ],
                "new": [self.lists.name(keypoint, root) for keypoint in month.new[:MOST_NEW]],
                "more": max(len(month.new) - MOST_NEW, 0),
            }
            for month in months
        ]

    def light_rows(self, root: str) -> list[dict[str, Any]]:
        """All of them in few bytes: without what was new, and a month on many digests leads to the page of months."""
        months = self._to_months(root)
        rows = [{**row, "new": [], "more": 0} for row in self.rows(root, self._archive)]
        many = (row for row in rows if months and not row["url"] and len(row["digests"]) > 1)
        for row in many:
            row.update(url=f"{months}#{row['id']}", digests=[])
        return rows

    def marker(self, marker: Marker, root: str) -> str:
        months = archive(self.lists.library, selected(self.lists.library, marker)) if marker.chooses else self._archive
        return self._rendered("month-list.html", root, months[: marker.limit or None])

    def with_links(self, content: str, path: str, root: str) -> str:
        """The content of a digest, and links to the months before and after its own.

        A month leads to its digest, or else to its place on the page of months, or else to the first of its digests.
        """
        words, months_url = self.lists.words, self._to_months(root)

        def link(month: Month | None) -> dict[str, str] | None:
            if month is None:
                return None
            to_page = months_url is not None and len(month.digests) > 1
            url = f"{months_url}#{month.id}" if to_page else self._to(month.digests[0][0], month.month, root)
            return {"url": url, "name": words.month(month.month)}

        previous, following = map(
            link, adjacent_months(self._archive, (paper.month for paper in self.lists.library.by_path[path]))
        )
        if not previous and not following:
            return content
        every = {"url": months_url, "name": words("months_all")} if months_url else None
        links = self.lists.templates.render("month-links.html", previous=previous, all=every, next=following)
        return content + links

    # -- the page of months, and its parts

    @cached_property
    def _parted(self) -> tuple[Sequence[Month], Sequence[Part[Month]]]:
        """The months on the page of months, the newest years, and those on pages of their own."""
        years = [(year, list(own)) for year, own in groupby(self._archive, key=lambda month: year_of(month.month))]
        pages = list(packed(years, lambda year: sum(map(self._size, year[1])), pagination.BUDGET)) or [[]]
        fits = sum(self._size(month) for _, own in pages[0] for month in own) <= pagination.BUDGET
        first, more = (pages[0], pages[1:]) if fits else ([], pages)
        rest = [
            Part(year, number, page)
            for group in more
            for year, own in group
            for number, page in enumerate(packed(own, self._size, pagination.BUDGET), 1)
        ]
        return [month for _, own in first for month in own], rest

    def _size(self, month: Month) -> int:
        digests = sum(_DIGEST + 2 * len(quote(path)) for path, _ in month.digests)
        new = sum(_NEW + self.lists.badge_size(keypoint, keypoint.label) for keypoint in month.new[:MOST_NEW])
        return _ROW + digests + new

    def html(self, root: str) -> str:
        shown, rest = self._parted
        words = self.lists.words
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
                    for month in part.items
                ],
            }
            for year, own in groupby(rest, key=lambda part: part.group)
        ]
        return self._rendered("months.html", root, shown, years=years)

    def ids(self) -> set[str]:
        years = {f"year-{year_of(month.month)}" for month in self._archive if month.month}
        return {"months", *years, *(month.id for month in self._archive)}

    def parts(self) -> Iterator[PagePart]:
        for part in self._parted[1]:
            ids = {month.id for month in part.items} | ({f"year-{part.group}"} if part.group else set())
            title = part.title_of_year(self.lists.words("months_heading"), self.lists.words)
            yield PagePart(self._part_uri(part), title, partial(self._part_html, part, title), ids)

    def _part_uri(self, part: Part[Month]) -> str:
        folder, _, name = (self.lists.links.options.months or "").rpartition("/")
        place = folder if name == "index.md" else f"{folder}/{name.removesuffix('.md')}".lstrip("/")
        return f"{place}/{part.slug}.md".lstrip("/")

    def _part_html(self, part: Part[Month], title: str, root: str) -> str:
        return self._rendered("months-part.html", root, part.items, title=title, months_url=self._to_months(root))

    def _rendered(self, template: str, root: str, months: Sequence[Month], **more: Any) -> str:
        index_url = self.lists.links.to_index(root)
        return self.lists.templates.render(template, months=self.rows(root, months), index_url=index_url, **more)
