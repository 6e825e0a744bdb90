"""The page of months, the lists of months elsewhere, and the way from each digest to the months beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from mkdocs.structure.pages import Page

from ..languages import Words
from ..library import Keypoint, Library
from ..months import Month, archive, neighbours
from ..paper import Paper
from ..reader.markers import Marker
from ..selection import selected
from .links import Links, to_root
from .lists import Lists
from .templates import Templates

MOST_NEW = 12
"""How many new keypoints of a month are shown."""


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

    def html(self, page: Page) -> str:
        """The content of the page of months."""
        return self._templates.render("months.html", months=self.rows(page), index_url=self._links.to_index(page))

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
        before, after = neighbours(self._archive, (paper.month for paper in papers))
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

    `previous` and `following` are what `neighbours` gave; `months_url` is the link to the page of months, None if there is none.
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
