"""The files beside the pages, for other programs: feeds, and citations, of the site, its keypoints and its categories.

They are no files of MkDocs, of which a large site would have thousands more, but are written when all pages are.
"""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from ..collection import Options, site_root
from ..exports import (
    ATOM,
    ATOM_FILE,
    CITATION_FILES,
    FEED_FILES,
    FILE_LABELS,
    JSON,
    JSON_FILE,
    NO_SITE,
    Citations,
    FileFolder,
    FilePlan,
)
from ..library import Category, Keypoint
from ..lock import former_slugs
from ..pages import Links, to_root
from ..records import Finding, finding
from ..support import BackgroundWorker, cores
from .docs_files import MkDocsFiles
from .feed_entries import FeedEntries
from .generated import KeypointPage
from .reading import Reading

_MANY = 500  # with more papers another process helps

_SITE = (type(None), "")  # the key of the folder of the whole site

MOST_LINKED = 10  # so many feeds of categories the head of a digest names

Link = tuple[str, str, str]  # a title, an address relative to a page, and a type


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of the plan, the address of its page, and which files it has: those not of the site itself."""

    plan: FileFolder
    home: str
    files: frozenset[str]

    def link(self, name: str, root: str) -> str:
        return f"{root}{quote(self.plan.path)}{name}"


@dataclass
class Downloads:
    """The files of a build, by `add`; the options `feeds` and `citations` say which are wanted."""

    reading: Reading
    links: Links
    files: MkDocsFiles
    options: Options
    config: MkDocsConfig

    def __post_init__(self) -> None:
        self._library, language = self.reading.library, self.reading.language
        self._worker: BackgroundWorker | None = None
        self._cited: Future[str] | None = None
        above = f"{language.locale}/" if language and not language.is_default else ""
        root = site_root(self.config.site_url) or NO_SITE
        self._plan = FilePlan(
            self._library, self.links.words, self.config.site_name, self.config.site_description or "", root, above
        )
        self._taken: set[str] = set()
        self._above: set[str] = set()
        self._folders: dict[tuple[type, str], _Folder] = {}  # by the kind and slug of their owners
        self._former: list[tuple[_Folder, str]] = []  # with the path of a slug that a keypoint had before
        self._contents: FeedEntries | None = None
        self._category_of: dict[str, str] = {}
        self._top = Path(self.config.site_dir).resolve()
        self._written: dict[str, Path | None] = {}

    def add(self) -> list[Finding]:
        """Decide which files there will be beside those of the site, which win."""
        for file in self.files.files:
            if not file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
                self._take(file.dest_uri)
        links, options, plan = self.links, self.options, self._plan
        home = links.url("index.md") if links.has("index.md") else plan.above
        # The site may have a page of its own in the place of the explorer.
        explorer = links.url(options.explorer) if options.explorer and links.has(options.explorer) else ""
        for folder in plan.folders(
            feeds=options.feeds, citations=options.citations, keypoint_pages=options.keypoint_pages
        ):
            page, owner = home, folder.owner
            if isinstance(owner, Keypoint):
                page = links.url(links.keypoint_uri(owner) or "")
            elif isinstance(owner, Category):
                page = f"{explorer}?cat={quote(owner.name, safe='')}" if explorer else home
                self._category_of |= {paper.id: owner.slug for paper in owner.papers}
            files = self._free(folder.path, folder.files)
            for name in files:
                self._take(folder.path + name)
            self._folders[type(owner), owner.slug if owner else ""] = _Folder(folder, page, files)
        lock = self.reading.lock
        for slug, now in former_slugs(self._library, lock) if options.feeds and options.keypoint_pages else ():
            if now is not None and (of_keypoint := self._folders[Keypoint, now.slug]).plan.fed:
                self._former.append((of_keypoint, f"{plan.above}{options.keypoint_pages}/{slug}/"))
        papers = {paper.id: paper for folder in self._folders.values() for paper in folder.plan.fed}
        if papers:
            self._contents = FeedEntries(papers.values(), self.reading, plan, links, self.files)
        if papers and plan.root == NO_SITE and not plan.above:
            return [finding("PD407", Path(self.config.config_file_path or "mkdocs.yml").name, 1, 1)]
        return []

    def take(self, page: Page) -> None:
        is_large = len(self._library.papers) > _MANY
        if self._worker is None and is_large and any(own.files for own in self._folders.values()) and cores() > 1:
            with contextlib.suppress(OSError, BrokenProcessPool):  # then this process does all
                self._worker = BackgroundWorker(self._work)
                self._cited = self._worker.do(None)
        if self._contents:
            self._contents.take(page, self._worker.do if self._worker else None)

    def _work(self, page: tuple[str, str] | None) -> str:
        """Make the entries of a page, or write all citations for None, in the background worker."""
        if page and self._contents:
            return self._contents.made(page)
        self._write_citations()
        return ""

    # -- what pages say of them

    def feeds_of(self, page: Page) -> list[Link]:
        """The feeds that a page is found in: that of the site, and those of its keypoint or of the categories of its papers."""
        papers = self._library.by_path.get(page.file.src_uri, ())
        slugs = dict.fromkeys(self._category_of[paper.id] for paper in papers if paper.id in self._category_of)
        keys = [
            _SITE,
            *([(Keypoint, page.keypoint.slug)] if isinstance(page, KeypointPage) else ()),
            *((Category, slug) for slug in [*slugs][:MOST_LINKED]),
        ]
        return [
            (f"{self._plan.title(folder.plan)} ({FILE_LABELS[name]})", folder.link(name, to_root(page.url)), kind)
            for folder in map(self._folders.get, keys)
            for name, kind in ((ATOM_FILE, ATOM), (JSON_FILE, JSON))
            if folder and name in folder.files
        ]

    def of_site(self, root: str) -> list[tuple[str, str]]:
        site = self._folders.get(_SITE)
        return [(label, site.link(name, root)) for name, label in FILE_LABELS.items() if site and name in site.files]

    def of_keypoint(self, keypoint: Keypoint, root: str) -> dict[str, str]:
        folder = self._folders.get((Keypoint, keypoint.slug))
        return {name: folder.link(name, root) for name in folder.files} if folder else {}

    def of_categories(self, root: str) -> list[tuple[str, str]]:
        of_categories = (folder for (kind, _), folder in self._folders.items() if kind is Category)
        return [(own.plan.name, own.link(ATOM_FILE, root)) for own in of_categories if ATOM_FILE in own.files]

    # -- written

    def write(self) -> None:
        try:
            for folder in self._folders.values():
                self._write_feeds(folder, folder.plan.path, folder.files)
            for folder, path in self._former:
                self._write_feeds(folder, path, self._free(path, FEED_FILES))
            try:
                if self._cited:
                    self._cited.result()
                else:
                    self._write_citations()
            except BrokenProcessPool:
                self._write_citations()
        finally:
            self.close()

    def close(self) -> None:
        """Drop what was made for the files, and end the background worker, whether they were written or not."""
        if self._contents:
            self._contents.close()
        if self._worker:
            self._worker.close()
        self._contents = self._worker = self._cited = None

    def _write_feeds(self, folder: _Folder, path: str, files: frozenset[str]) -> None:
        for name in FEED_FILES:
            if name in files and self._contents:
                entries = map(self._contents.entry, folder.plan.fed)
                self._write(path + name, self._plan.feed(folder.plan, name, folder.home, entries))

    def _write_citations(self) -> None:
        citations = Citations(self._library)
        for folder in self._folders.values():
            for name in CITATION_FILES:
                if name in folder.files:
                    self._write(folder.plan.path + name, citations.file(name, folder.plan.cited))

    def _write(self, place: str, content: bytes) -> None:
        folder, name = posixpath.split(place)
        if folder not in self._written:
            to = self._top / folder
            inside = to.resolve().is_relative_to(self._top)  # a link in the folder of the site may lead out of it
            if inside:
                to.mkdir(parents=True, exist_ok=True)
            self._written[folder] = to if inside else None
        if to_folder := self._written[folder]:
            file = to_folder / name
            if file.is_symlink():  # it, too, may lead out
                file.unlink()
            file.write_bytes(self._plan.placed(content, place))

    # -- places

    def _free(self, path: str, names: Sequence[str]) -> frozenset[str]:
        """The names not taken by a file of the site, or by a file in the place of a folder above."""
        if not self._taken.isdisjoint(_above(f"{path}file")):
            return frozenset()
        return frozenset(name for name in names if path + name not in self._taken and path + name not in self._above)

    def _take(self, place: str) -> None:
        self._taken.add(place)
        self._above |= _above(place)


def _above(place: str) -> set[str]:
    """The folders above a file."""
    return set(map(str, PurePosixPath(place).parents))
