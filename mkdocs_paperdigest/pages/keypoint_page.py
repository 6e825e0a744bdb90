"""The page of a keypoint: what MkDocs and its search plugins see of it, and what a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import quote

from mkdocs.structure.pages import Page

from ..keypoints import VocabularyEntry
from ..library import (
    Hierarchy,
    Keypoint,
    Library,
    MonthCount,
    RelatedKeypoint,
    by_month,
    last_months,
    month_id,
    monthly_counts,
    related_keypoints,
)
from ..markdown_extension import as_html
from ..records import Finding, finding
from . import pagination as parts
from .charts import sparkline
from .pagination import Run, YearPart
from .paper_entries import Entries, EntriesOfMonth
from .paper_lists import Lists
from .site_links import Links
from .templating import Templates

MOST_BELOW = 300
"""How many keypoints right below one its page lists."""

MOST_LATER = 100
"""How many papers that name it only in a later record its page lists."""


def part_uri(uri: str, part: YearPart) -> str:
    """The source path that a part of the page with the path `uri` pretends to have."""
    return f"{uri.removesuffix('.md')}/{part.slug}.md"


class KeypointContents:
    """What stands on the pages of keypoints. `findings` are those of the pages made so far.

    `describe` converts the Markdown of a description for a page; `files` gives the links from a page to a keypoint's files, by their names.
    """

    def __init__(
        self,
        library: Library,
        links: Links,
        lists: Lists,
        templates: Templates,
        describe: Callable[[str, Page], str],
        hierarchy: Hierarchy,
        files: Callable[[Keypoint, Page], Mapping[str, str]],
    ) -> None:
        self.findings: list[Finding] = []
        self._library = library
        self._links = links
        self._lists = lists
        self._templates = templates
        self._hierarchy = hierarchy
        self._entries = Entries(lists, templates)
        self._describe = describe
        self._files = files

    @cached_property
    def _related(self) -> Mapping[str, Sequence[RelatedKeypoint]]:
        return related_keypoints(self._library)

    @cached_property
    def _months(self) -> Sequence[MonthCount]:
        return last_months(self._library)

    def html(self, keypoint: Keypoint, runs: Sequence[Run], own: Sequence[YearPart], page: Page) -> str:
        """The content of the page of a keypoint: `runs` are the papers on it, `own` what is on pages of its years."""
        lists = self._lists
        above, cut = self._hierarchy.above(keypoint)
        below = self._hierarchy.below.get(keypoint.slug, ())
        explorer = self._links.to_made(self._links.options.explorer, page)
        files = self._files(keypoint, page)
        return self._templates.render(
            "keypoint.html",
            keypoint=keypoint,
            months=self._months_of(runs, page, keypoint),
            years=[
                {
                    **year,
                    "months": self._months_elsewhere(keypoint, year["parts"], page, {run.month for run in runs}),
                }
                for year in self._years(keypoint, own, page)
            ],
            index_url=self._links.to_index(page),
            explorer_url=f"{explorer}?k={quote(keypoint.slug)}" if explorer and keypoint.papers else None,
            feed_url=files.get("feed.xml"),
            bibtex_url=files.get("papers.bib"),
            sparkline=sparkline(monthly_counts(keypoint, self._months)),
            description=self._description(keypoint.entry, page) if keypoint.entry else "",
            later=lists.entries(keypoint.later[:MOST_LATER], page),
            more_later=max(len(keypoint.later) - MOST_LATER, 0),
            above=[{key: badge[key] for key in ("name", "title", "url", "hue")} for badge in lists.badges(above, page)],
            cut=cut,
            children=lists.badges(below[:MOST_BELOW], page),
            more=max(len(below) - MOST_BELOW, 0),
            related=[
                self._entries.counted(related.keypoint, related.count, page)
                for related in self._related.get(keypoint.slug, ())
            ],
        )

    def parted(self, keypoint: Keypoint) -> tuple[Sequence[Run], Sequence[YearPart]]:
        """What stands on the page of a keypoint, and what on pages of their own."""
        if sum(map(self._entries.size, keypoint.papers)) <= parts.BUDGET:  # nearly always
            return [Run(month, papers) for month, papers in by_month(keypoint.papers)], ()
        return parts.by_year(keypoint.papers, self._entries.size, parts.BUDGET)

    def part_title(self, keypoint: Keypoint, part: YearPart) -> str:
        """What a page with a part of a keypoint's papers is called."""
        words = self._templates.words
        title = words("part_title", name=keypoint.label, part=self._year_name(part))
        return title if part.number == 1 else words("part_page", part=title, page=part.number)

    def part_ids(self, own: Sequence[YearPart], part: YearPart) -> set[str]:
        """The anchors of such a page: the months of its year, wherever they are."""
        months = {run.month for other in own if other.year == part.year for run in other.runs}
        return {*map(month_id, months), *filter(None, months)}

    def headings(self, runs: Sequence[Run]) -> list[tuple[str, str]]:
        """The headings of months, each with its anchor."""
        words = self._templates.words
        named = ((run, words.month(run.month)) for run in runs)
        return [(month_id(run.month), words("continued", name=name) if run.continued else name) for run, name in named]

    def part_html(self, keypoint: Keypoint, own: Sequence[YearPart], number: int, page: Page) -> str:
        """The content of a page with a part of a keypoint's papers: the one with this number of its parts, `own`."""
        part = own[number]
        months = {run.month for run in part.runs}
        same_year = [other for other in own if other.year == part.year]
        return self._templates.render(
            "keypoint-part.html",
            title=self.part_title(keypoint, part),
            count=part.count,
            keypoint_url=self._links.to_keypoint(keypoint, page),
            index_url=self._links.to_index(page),
            years=self._years(keypoint, own, page),
            year=self._year_name(part),
            elsewhere=[month for month in self._months_elsewhere(keypoint, same_year, page, months) if month["id"]],
            months=self._months_of(part.runs, page, keypoint),
            pages=[
                {"name": self.part_title(keypoint, other), "url": self._to_part(keypoint, other, page)}
                | {"number": other.number, "current": other is part}
                for other in (same_year if len(same_year) > 1 else ())
            ],
            previous=self._beside(keypoint, own, number - 1, page),
            following=self._beside(keypoint, own, number + 1, page),
        )

    def _months_of(self, runs: Sequence[Run], page: Page, keypoint: Keypoint) -> list[EntriesOfMonth]:
        return [
            EntriesOfMonth(anchor, run.month, name, run.papers, page, keypoint, self._entries)
            for run, (anchor, name) in zip(runs, self.headings(runs), strict=True)
        ]

    def _years(self, keypoint: Keypoint, own: Sequence[YearPart], page: Page) -> list[dict[str, Any]]:
        """The years on pages of their own, as templates want them."""
        return [
            {
                "name": self._year_name(of_year[0]),
                "url": self._to_part(keypoint, of_year[0], page),
                "count": sum(part.count for part in of_year),
                "parts": of_year,
            }
            for _, group in groupby(own, key=lambda part: part.year)
            for of_year in [list(group)]
        ]

    def _months_elsewhere(
        self, keypoint: Keypoint, own: Sequence[YearPart], page: Page, shown: Container[str | None]
    ) -> list[dict[str, Any]]:
        """The months on pages of their own, as templates want them. Those that are `shown` on the page, too, have their ids there."""
        months: dict[str | None, dict[str, Any]] = {}
        for part, run in ((one, run) for one in own for run in one.runs):
            if run.month not in months:
                months[run.month] = {
                    "id": None if run.month in shown else month_id(run.month),
                    "former": None if run.month in shown else run.month,
                    "name": self._templates.words.month(run.month),
                    "url": self._to_part(keypoint, part, page, f"#{month_id(run.month)}"),
                    "count": 0,
                }
            months[run.month]["count"] += len(run.papers)
        return list(months.values())

    def _beside(self, keypoint: Keypoint, own: Sequence[YearPart], number: int, page: Page) -> dict[str, Any] | None:
        if not 0 <= number < len(own):
            return None
        return {"name": self.part_title(keypoint, own[number]), "url": self._to_part(keypoint, own[number], page)}

    def _to_part(self, keypoint: Keypoint, part: YearPart, page: Page, fragment: str = "") -> str:
        uri = part_uri(self._links.keypoint_uri(keypoint) or "", part)
        if uri in self._links.kept:
            return self._links.to(self._links.kept[uri], page)  # whatever stands there has other anchors
        return self._links.to(uri, page) + fragment

    def _year_name(self, part: YearPart) -> str:
        words = self._templates.words
        return words("months_year", year=part.year) if part.year else words.month(None)

    def _description(self, entry: VocabularyEntry, page: Page) -> str:
        try:
            return self._describe(entry.description, page)
        except Exception as fault:  # whatever the site's extensions raise
            path = self._library.vocabulary.path
            said = " ".join(str(fault).split()) or type(fault).__name__
            self.findings.append(finding("PD509", path, entry.line, 1, entry.label, said))
            return f"<p>{as_html(entry.description)}</p>"
