"""The contents of all generated pages of a site, and of what is added to its digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

from ..exports import explorer_data
from ..library import Keypoint, hierarchy, related_papers
from .keypoint_index import KeypointIndex
from .keypoint_page import KeypointContents
from .month_pages import MonthPages
from .paper_footer import PaperFooters
from .paper_lists import Lists
from .site_links import Links
from .templating import Templates


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
        self.lists = Lists(links.library, links, draws_formulas)
        self._hierarchy = hierarchy(links.library)
        self.index = KeypointIndex(self.lists, templates, self._hierarchy)
        for letter in self.index.letters:
            others = (one.slug for one in letter.keypoints if one.slug not in self.index.shown)
            links.letters.update(dict.fromkeys(others, letter.uri))

    @cached_property
    def keypoints(self) -> KeypointContents:
        return KeypointContents(self.lists, self.templates, self._hierarchy, self.downloads.of_keypoint)

    @cached_property
    def footers(self) -> PaperFooters:
        return PaperFooters(related_papers(self.library), self.lists, self.templates, self._cites)

    @cached_property
    def months(self) -> MonthPages:
        return MonthPages(self.lists, self.templates)

    @cached_property
    def explorer_data(self) -> str:
        return explorer_data(self.library, self.links.plain_url, self.links.keypoint_url)

    def forget(self) -> None:
        """Drop what was made for pages, when all of them are written."""
        for made in ("keypoints", "footers"):
            vars(self).pop(made, None)
