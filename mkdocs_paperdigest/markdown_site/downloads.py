"""The files beside the pages, for other programs: `papers.json`, citations, and feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from ..collection import PageAddresses, SiteOptions
from ..exports import (
    ATOM_FILE,
    BIB_FILE,
    CSL_FILE,
    JSON_FILE,
    NO_SITE,
    OTHERS_MOST,
    SITE_MOST,
    Feed,
    FeedItem,
    atom_feed,
    bibtex_entry,
    bibtex_file,
    citation,
    csl_bytes,
    csl_file,
    json_feed,
    newest_fed,
    papers_json_bytes,
    relative,
)
from ..languages import Words
from ..library import CATEGORIES, Library, categories
from ..records import Paper
from .layout import Layout

Files = dict[str, Callable[[], bytes]]
"""What is in each file, by its path, made when it is asked for."""


@dataclass(frozen=True)
class Downloads:
    """Makes these files. `site_url` ends in `/`, None if it is not known; `entry` gives a paper as feeds have it."""

    library: Library
    layout: Layout
    addresses: PageAddresses
    options: SiteOptions
    words: Words
    site_url: str | None
    entry: Callable[[Paper], FeedItem]
    _citations: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    def made(self) -> Files:
        """The files by their paths."""
        library, options = self.library, self.options
        files: Files = {}
        if options.papers_json:
            files[options.papers_json] = partial(
                papers_json_bytes, library, self.addresses.url, self.addresses.keypoint_url
            )
        if library.papers and options.citations:
            files |= self._cited("", library.papers)
        if library.papers and options.feeds:
            files |= self._fed("", options.site_name, "", library.papers, SITE_MOST)
        for keypoint in library.keypoints if self.layout.keypoint_pages else ():
            if keypoint.papers:
                folder = f"{self.layout.keypoint_pages}/{keypoint.slug}/"
                home = self.addresses.keypoint_url(keypoint) or ""
                files |= self._cited(folder, keypoint.papers) if options.citations else {}
                files |= self._fed(folder, keypoint.label, home, keypoint.papers) if options.feeds else {}
        for category in categories(library) if options.feeds else ():
            files |= self._fed(f"{CATEGORIES}/{category.slug}/", category.name, "", category.papers)
        return files

    def _cited(self, folder: str, papers: Sequence[Paper]) -> Files:
        return {
            f"{folder}{BIB_FILE}": lambda: bibtex_file(self._cited_as(paper)[0] for paper in papers),
            f"{folder}{CSL_FILE}": lambda: csl_file(self._cited_as(paper)[1] for paper in papers),
        }

    def _cited_as(self, paper: Paper) -> tuple[bytes, bytes]:
        """The entry of a paper for BibTeX, and its item of CSL, which several files have."""
        if paper.id not in self._citations:
            cited = citation(self.library.cited(paper))
            self._citations[paper.id] = (bibtex_entry(cited).encode(), csl_bytes(cited))
        return self._citations[paper.id]

    def _fed(self, folder: str, name: str, home: str, papers: Iterable[Paper], most: int = OTHERS_MOST) -> Files:
        newest = newest_fed(papers, most)
        if not newest:
            return {}
        root, place = self.site_url or NO_SITE, quote(folder)
        feed = Feed(
            self.words("feed_title", name=name, site=self.options.site_name) if folder else name,
            f"{root}{quote(home)}",
            f"{root}{place}{ATOM_FILE}",
            f"{root}{place}{JSON_FILE}",
            newest[0].day,
            "" if folder else self.options.site_description,
            self.words.code,
            self.options.site_name,
        )

        def write(make: Callable[[Feed, Iterable[FeedItem]], bytes]) -> bytes:
            content = make(feed, map(self.entry, newest))
            return content if self.site_url else relative(content, "../" * folder.count("/") or "./")

        return {f"{folder}{ATOM_FILE}": partial(write, atom_feed), f"{folder}{JSON_FILE}": partial(write, json_feed)}
