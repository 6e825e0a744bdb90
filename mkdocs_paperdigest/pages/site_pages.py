"""The contents of all generated pages of a site, of the lists that markers ask for, and of what is added to its digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from ..exports import explorer_data
from ..library import TOP, Keypoint, Trends, check, hierarchy, related_papers, selected, selected_keypoints, trends
from ..reader import Marker
from .keypoint_index import KeypointIndex
from .keypoint_page import KeypointContents
from .month_pages import MonthPages
from .page_links import ASSETS, Links
from .paper_lists import Lists, PaperFooters
from .templating import Templates

EXPLORER_DATA = f"{ASSETS}papers.js"  # the script with the data of the explorer, from the site's root


class DownloadLinks(Protocol):
    """The links to the files for other programs, from a page from which `root` leads to the site's root."""

    def of_site(self, root: str) -> Sequence[tuple[str, str]]:
        """The name and the link of each file of the site."""

    def of_keypoint(self, keypoint: Keypoint, root: str) -> Mapping[str, str]:
        """The links to the files of a keypoint by their names."""

    def of_categories(self, root: str) -> Sequence[tuple[str, str]]:
        """The name of each category and the link to its feed."""


class SitePages:
    """Makes what the pages of a site show, each part of it when it is first wanted; `cites` is whether papers have citations."""

    def __init__(
        self, links: Links, templates: Templates, downloads: DownloadLinks, *, draws_formulas: bool, cites: bool
    ) -> None:
        self.library = links.library
        self.links = links
        self.templates = templates
        self.downloads = downloads
        self._cites = cites
        self.lists = Lists(links, templates, draws_formulas=draws_formulas)
        self._hierarchy = hierarchy(links.library)
        self.index = KeypointIndex(self.lists, self._hierarchy)
        for letter in self.index.letters:
            others = (one.slug for one in letter.items if one.slug not in self.index.shown)
            links.letters.update(dict.fromkeys(others, letter.uri(links.options.keypoint_index)))

    @cached_property
    def keypoints(self) -> KeypointContents:
        return KeypointContents(self.lists, self._hierarchy, self.downloads.of_keypoint)

    @cached_property
    def footers(self) -> PaperFooters:
        return PaperFooters(related_papers(self.library), self.lists, self._cites)

    @cached_property
    def months(self) -> MonthPages:
        return MonthPages(self.lists)

    @cached_property
    def explorer_data(self) -> str:
        return explorer_data(self.library, self.links.plain_url, self.links.keypoint_url)

    def forget(self) -> None:
        """Drop what was made for pages, when all of them are written."""
        for made in ("keypoints", "footers"):
            vars(self).pop(made, None)

    # -- pages that one template makes

    def explorer(self, root: str) -> str:
        links = self.links
        version = sha256(self.explorer_data.encode()).hexdigest()[:8]
        papers_json = links.to_made(links.options.papers_json, root)
        return self.templates.render(
            "explorer.html",
            months=self.months.light_rows(root),
            count=len(self.library.papers),
            data_url=f"{links.to(EXPLORER_DATA, root)}?v={version}",
            script_url=links.asset("explorer.js", root),
            style_url=links.asset("explorer.css", root),
            root=root,
            files=[*self.downloads.of_site(root), *([("papers.json", papers_json)] if papers_json else [])],
            categories=self.downloads.of_categories(root),
        )

    def trends(self, root: str) -> str:
        return self._trends("trends.html", trends(self.library), root)

    def _trends(self, template: str, shown: Trends, root: str) -> str:
        changes = (*shown.comparison.rising, *shown.comparison.falling) if shown.comparison else ()
        keypoints = [*(line.keypoint for line in shown.lines), *(change.keypoint for change in changes)]
        return self.templates.render(
            template,
            trends=shown,
            badges={keypoint.slug: self.lists.badge(keypoint, root) for keypoint in keypoints},
            charts=self.templates.charts,
            style_url=self.links.asset("trends.css", root),
        )

    # -- lists

    def list_of(self, marker: Marker, root: str) -> str:
        """The HTML of a list. Raises MarkerError if the marker asks for what is not there."""
        library, limit = self.library, marker.limit or None
        match marker.name:
            case "keypoints":
                listed, counts = selected_keypoints(library, marker)
                badges = [self.lists.badge(keypoint, root, counts.get(keypoint.slug)) for keypoint in listed[:limit]]
                index_url = self.links.to_index(root) if len(badges) < len(listed) else None
                return self.templates.render("keypoint-list.html", badges=badges, index_url=index_url)
            case "months":
                return self.months.marker(marker, root)
            case "trends":
                most = min(marker.limit or TOP, TOP)
                found = [keypoint for name in marker.keypoints if (keypoint := library.named_by(name))]
                papers = selected(library, marker.without_keypoints) if marker.category else None
                check(library, marker)
                months = [month for month in library.months if marker.holds(month)]
                shown = trends(library, papers, found[:most] or None, months, most)
                return self._trends("trends-list.html", shown, root)
        entries = self.lists.entries(selected(library, marker)[:limit], root)
        return self.templates.render("recent.html", entries=entries)
