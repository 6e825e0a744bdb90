"""The page of a keypoint: what MkDocs and its search plugins see of it, and what a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ..library import (
    Hierarchy,
    Keypoint,
    MonthCount,
    RelatedKeypoint,
    by_month,
    last_months,
    month_id,
    monthly_counts,
    related_keypoints,
)
from . import pagination
from .charts import sparkline
from .pagination import PagePart, Run, YearPart, by_year, part_title, year_name
from .paper_entries import Entries, EntriesOfMonth
from .paper_lists import Lists
from .templating import Templates

MOST_BELOW = 300  # how many keypoints right below one its page lists

MOST_LATER = 100  # how many papers that name it only in a later record its page lists


@dataclass
class KeypointContents:
    """The contents of the pages of keypoints; `files` gives the links to the files of one by their names, from a page."""

    lists: Lists
    templates: Templates
    hierarchy: Hierarchy
    files: Callable[[Keypoint, str], Mapping[str, str]]

    @cached_property
    def _entries(self) -> Entries:
        return Entries(self.lists, self.templates)

    @cached_property
    def _related(self) -> Mapping[str, Sequence[RelatedKeypoint]]:
        return related_keypoints(self.lists.library)

    @cached_property
    def _months(self) -> Sequence[MonthCount]:
        return last_months(self.lists.library)

    def html(
        self, keypoint: Keypoint, runs: Sequence[Run], own: Sequence[YearPart], description: str, root: str
    ) -> str:
        """The page: `runs` are the papers on it, `own` what is on pages of its years, `description` is HTML."""
        lists = self.lists
        above, cut = self.hierarchy.above(keypoint)
        below = self.hierarchy.below.get(keypoint.slug, ())
        explorer = self.lists.links.to_made(self.lists.links.options.explorer, root)
        files = self.files(keypoint, root)
        return self.templates.render(
            "keypoint.html",
            keypoint=keypoint,
            months=self._months_of(runs, keypoint, root, "page"),
            years=[
                {**year, "months": self._months_elsewhere(keypoint, year["parts"], root, {run.month for run in runs})}
                for year in self._years(keypoint, own, root)
            ],
            index_url=self.lists.links.to_index(root),
            explorer_url=f"{explorer}?k={quote(keypoint.slug)}" if explorer and keypoint.papers else None,
            feed_url=files.get("feed.xml"),
            bibtex_url=files.get("papers.bib"),
            sparkline=sparkline(monthly_counts(keypoint, self._months)),
            description=description,
            later=lists.entries(keypoint.later[:MOST_LATER], root),
            more_later=max(len(keypoint.later) - MOST_LATER, 0),
            above=[{key: badge[key] for key in ("name", "title", "url", "hue")} for badge in lists.badges(above, root)],
            cut=cut,
            children=lists.badges(below[:MOST_BELOW], root),
            more=max(len(below) - MOST_BELOW, 0),
            related=[
                self._entries.counted(related.keypoint, related.count, root)
                for related in self._related.get(keypoint.slug, ())
            ],
        )

    def parted(self, keypoint: Keypoint) -> tuple[Sequence[Run], Sequence[YearPart]]:
        """Share the papers of a keypoint out to its page and to pages of their years."""
        if sum(map(self._entries.size, keypoint.papers)) <= pagination.BUDGET:  # nearly always
            return [Run(month, papers) for month, papers in by_month(keypoint.papers)], ()
        return by_year(keypoint.papers, self._entries.size, pagination.BUDGET)

    def parts(self, keypoint: Keypoint, own: Sequence[YearPart]) -> Iterator[PagePart]:
        for number, part in enumerate(own):
            # The months of its year, wherever they are.
            months = {run.month for other in own if other.year == part.year for run in other.runs}
            yield PagePart(
                self._part_uri(keypoint, part),
                self._part_title(keypoint, part),
                partial(self._part_html, keypoint, own, number),
                {*map(month_id, months), *filter(None, months)},
                self._headings(part.runs),
            )

    def _part_uri(self, keypoint: Keypoint, part: YearPart) -> str:
        return f"{(self.lists.links.keypoint_uri(keypoint) or '').removesuffix('.md')}/{part.slug}.md"

    def _part_title(self, keypoint: Keypoint, part: YearPart) -> str:
        words = self.templates.words
        title = words("part_title", name=keypoint.label, part=year_name(part.year, words))
        return part_title(title, part.number, words)

    def _headings(self, runs: Sequence[Run]) -> list[tuple[str, str]]:
        words = self.templates.words
        named = ((run, words.month(run.month)) for run in runs)
        return [(month_id(run.month), words("continued", name=name) if run.continued else name) for run, name in named]

    def _part_html(self, keypoint: Keypoint, own: Sequence[YearPart], number: int, root: str) -> str:
        part = own[number]
        months = {run.month for run in part.runs}
        same_year = [other for other in own if other.year == part.year]
        return self.templates.render(
            "keypoint-part.html",
            title=self._part_title(keypoint, part),
            count=part.count,
            keypoint_url=self.lists.links.to_keypoint(keypoint, root),
            index_url=self.lists.links.to_index(root),
            years=self._years(keypoint, own, root),
            year=year_name(part.year, self.templates.words),
            elsewhere=[month for month in self._months_elsewhere(keypoint, same_year, root, months) if month["id"]],
            months=self._months_of(part.runs, keypoint, root, "true"),
            pages=[
                {"name": self._part_title(keypoint, other), "url": self._to_part(keypoint, other, root)}
                | {"number": other.number, "current": other is part}
                for other in (same_year if len(same_year) > 1 else ())
            ],
            previous=self._beside(keypoint, own, number - 1, root),
            following=self._beside(keypoint, own, number + 1, root),
        )

    def _months_of(self, runs: Sequence[Run], keypoint: Keypoint, root: str, current: str) -> list[EntriesOfMonth]:
        return [
            EntriesOfMonth(anchor, run.month, name, run.papers, keypoint, root, current, self._entries)
            for run, (anchor, name) in zip(runs, self._headings(runs), strict=True)
        ]

    def _years(self, keypoint: Keypoint, own: Sequence[YearPart], root: str) -> list[dict[str, Any]]:
        return [
            {
                "name": year_name(of_year[0].year, self.templates.words),
                "url": self._to_part(keypoint, of_year[0], root),
                "count": sum(part.count for part in of_year),
                "parts": of_year,
            }
            for _, group in groupby(own, key=lambda part: part.year)
            for of_year in [list(group)]
        ]

    def _months_elsewhere(
        self, keypoint: Keypoint, own: Sequence[YearPart], root: str, shown: Container[str | None]
    ) -> list[dict[str, Any]]:
        """The months on pages of their own; those that are `shown` on the page, too, have their ids there."""
        months: dict[str | None, dict[str, Any]] = {}
        for part, run in ((one, run) for one in own for run in one.runs):
            if run.month not in months:
                months[run.month] = {
                    "id": None if run.month in shown else month_id(run.month),
                    "former": None if run.month in shown else run.month,
                    "name": self.templates.words.month(run.month),
                    "url": self._to_part(keypoint, part, root, month_id(run.month)),
                    "count": 0,
                }
            months[run.month]["count"] += len(run.papers)
        return list(months.values())

    def _beside(self, keypoint: Keypoint, own: Sequence[YearPart], number: int, root: str) -> dict[str, Any] | None:
        if not 0 <= number < len(own):
            return None
        return {"name": self._part_title(keypoint, own[number]), "url": self._to_part(keypoint, own[number], root)}

    def _to_part(self, keypoint: Keypoint, part: YearPart, root: str, anchor: str = "") -> str:
        return self.lists.links.to_part(self._part_uri(keypoint, part), root, anchor)
