"""The pages of keypoints, and those of their years where one has no room for all papers."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ..library import Hierarchy, Keypoint, last_months, month_id, monthly_counts, related_keypoints
from . import pagination
from .pagination import PagePart, Part, Run, by_year, year_name
from .paper_lists import Entries, Lists

MOST_BELOW = 300  # how many keypoints right below one its page lists

MOST_LATER = 100  # how many papers that name it only in a later record its page lists


class KeypointContents:
    """The contents of the pages of keypoints; `files` gives the links to the files of one by their names, from a page."""

    def __init__(self, lists: Lists, hierarchy: Hierarchy, files: Callable[[Keypoint, str], Mapping[str, str]]) -> None:
        self.lists = lists
        self.hierarchy = hierarchy
        self._files = files
        self._entries = Entries(lists)
        self._related = related_keypoints(lists.library)
        self._months = last_months(lists.library)

    def html(
        self, keypoint: Keypoint, runs: Sequence[Run], own: Sequence[Part[Run]], description: str, root: str
    ) -> str:
        """The page: `runs` are the papers on it, `own` what is on pages of its years, `description` is HTML."""
        lists, links = self.lists, self.lists.links
        above, cut = self.hierarchy.above(keypoint)
        below = self.hierarchy.below.get(keypoint.slug, ())
        explorer = links.to_made(links.options.explorer, root)
        files = self._files(keypoint, root)
        shown = {run.month for run in runs}
        return lists.templates.render(
            "keypoint.html",
            keypoint=keypoint,
            months=self._months_of(runs, keypoint, root, "page"),
            years=[
                {**year, "months": self._months_elsewhere(keypoint, parts, root, shown)}
                for year, parts in self._years(keypoint, own, root)
            ],
            index_url=links.to_index(root),
            explorer_url=f"{explorer}?k={quote(keypoint.slug)}" if explorer and keypoint.papers else None,
            feed_url=files.get("feed.xml"),
            bibtex_url=files.get("papers.bib"),
            sparkline=lists.templates.charts.sparkline(monthly_counts(keypoint, self._months)),
            description=description,
            later=lists.entries(keypoint.later[:MOST_LATER], root),
            more_later=max(len(keypoint.later) - MOST_LATER, 0),
            above=[lists.name(one, root) for one in above],
            cut=cut,
            children=lists.badges(below[:MOST_BELOW], root),
            more=max(len(below) - MOST_BELOW, 0),
            related=[lists.badge(one.keypoint, root, one.count) for one in self._related.get(keypoint.slug, ())],
        )

    def parted(self, keypoint: Keypoint) -> tuple[Sequence[Run], Sequence[Part[Run]]]:
        """Share the papers of a keypoint out to its page and to pages of their years."""
        return by_year(keypoint.papers, self._entries.size, pagination.BUDGET)

    def parts(self, keypoint: Keypoint, own: Sequence[Part[Run]]) -> Iterator[PagePart]:
        for number, part in enumerate(own):
            # The months of its year, wherever they are.
            months = {run.month for other in own if other.group == part.group for run in other.items}
            yield PagePart(
                part.uri(self.lists.links.keypoint_uri(keypoint)),
                part.title_of_year(keypoint.label, self.lists.words),
                partial(self._part_html, keypoint, own, number),
                {*map(month_id, months), *filter(None, months)},
                [(month_id(run.month), self._heading(run)) for run in part.items],
            )

    def _part_html(self, keypoint: Keypoint, own: Sequence[Part[Run]], number: int, root: str) -> str:
        lists, part = self.lists, own[number]
        months = {run.month for run in part.items}
        same_year = [other for other in own if other.group == part.group]

        def link(other: Part[Run]) -> dict[str, Any]:
            name = other.title_of_year(keypoint.label, lists.words)
            return {"name": name, "url": self._to_part(keypoint, other, root)}

        return lists.templates.render(
            "keypoint-part.html",
            title=part.title_of_year(keypoint.label, lists.words),
            count=sum(map(len, part.items)),
            keypoint_url=lists.links.to_keypoint(keypoint, root),
            index_url=lists.links.to_index(root),
            years=[year for year, _ in self._years(keypoint, own, root)],
            year=year_name(part.group, lists.words),
            elsewhere=[month for month in self._months_elsewhere(keypoint, same_year, root, months) if month["id"]],
            months=self._months_of(part.items, keypoint, root, "true"),
            pages=[
                {**link(other), "number": other.number, "current": other is part}
                for other in (same_year if len(same_year) > 1 else ())
            ],
            previous=link(own[number - 1]) if number else None,
            following=link(own[number + 1]) if number + 1 < len(own) else None,
        )

    def _months_of(self, runs: Sequence[Run], keypoint: Keypoint, root: str, current: str) -> list[dict[str, Any]]:
        """The months of `keypoint-months.html`: `former` is the earlier id of a month, `current` the `aria-current` of the keypoint's badges."""
        return [
            {
                "id": month_id(run.month),
                "former": run.month,
                "name": self._heading(run),
                "count": len(run),
                **self._entries.shown(run.papers, keypoint, root, current),
            }
            for run in runs
        ]

    def _heading(self, run: Run) -> str:
        name = self.lists.words.month(run.month)
        return self.lists.words("continued", name=name) if run.continued else name

    def _years(
        self, keypoint: Keypoint, own: Sequence[Part[Run]], root: str
    ) -> Iterator[tuple[dict[str, Any], list[Part[Run]]]]:
        """The years with pages of their own, as templates want them, each with these pages."""
        for year, group in groupby(own, key=lambda part: part.group):
            parts = list(group)
            count = sum(len(run) for part in parts for run in part.items)
            url = self._to_part(keypoint, parts[0], root)
            yield {"name": year_name(year, self.lists.words), "url": url, "count": count}, parts

    def _months_elsewhere(
        self, keypoint: Keypoint, own: Sequence[Part[Run]], root: str, shown: Container[str | None]
    ) -> list[dict[str, Any]]:
        """The months on pages of their own; those that are `shown` on the page, too, have their ids there."""
        months: dict[str | None, dict[str, Any]] = {}
        for part, run in ((one, run) for one in own for run in one.items):
            if run.month not in months:
                months[run.month] = {
                    "id": None if run.month in shown else month_id(run.month),
                    "former": None if run.month in shown else run.month,
                    "name": self.lists.words.month(run.month),
                    "url": self._to_part(keypoint, part, root, month_id(run.month)),
                    "count": 0,
                }
            months[run.month]["count"] += len(run)
        return list(months.values())

    def _to_part(self, keypoint: Keypoint, part: Part[Run], root: str, anchor: str = "") -> str:
        return self.lists.links.to_part(part.uri(self.lists.links.keypoint_uri(keypoint)), root, anchor)
