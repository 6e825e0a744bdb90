"""The files beside the pages, for other programs: feeds, and citations, of the site, its keypoints and its categories.

They are no files of MkDocs, of which a large site would have thousands more, but are written when all pages are.
"""

from __future__ import annotations

import contextlib
import json
import posixpath
from collections import deque
from collections.abc import Callable, Iterable, Sequence
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
    EntrySpool,
    FeedItem,
    FileFolder,
    FilePlan,
)
from ..library import Category, Keypoint
from ..lock import former_slugs
from ..markdown_extension import paper_sections, shown, told
from ..pages import Links, to_root
from ..records import Finding, Paper, finding
from ..support import BackgroundWorker, Cache, absolute, cores, dumps, loads, name_of
from .generated import KeypointPage
from .reading import Reading
from .site_files import MkDocsFiles

_MANY = 500  # with more papers another process helps
_WAITING = 4  # so many pages wait for the other process; with more this one does the work, too

MOST_LINKED = 10  # so many feeds of categories the head of a digest names

Link = tuple[str, str, str]  # a title, an address relative to a page, and a type

Work = Callable[[tuple[str, str]], "Future[str]"]  # has what `made` does done by another process

_Entries = list[tuple[str, str, str]]  # the entries of a page: the id of each paper, its Atom, its JSON


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
            (type(None), ""),
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
        site = self._folders.get((type(None), ""))
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


class FeedEntries:
    """What feeds say of papers: taken from their pages as these are written, and serialised."""

    def __init__(
        self, papers: Iterable[Paper], reading: Reading, plan: FilePlan, links: Links, files: MkDocsFiles
    ) -> None:
        self._plan = plan
        self._links = links
        self._files = files
        self._cache = reading.cache if reading.state else Cache()
        self._state = reading.state or ""
        self._waiting: deque[tuple[Future[str], tuple[str, str], str]] = deque()
        self._wanted: dict[str, list[Paper]] = {}
        for paper in papers:
            self._wanted.setdefault(paper.path, []).append(paper)
        self._entries = EntrySpool()
        self.close = self._entries.close

    def take(self, page: Page, work: Work | None = None) -> None:
        """Take the papers of a page from its content, before related papers and the like are put into it."""
        uri, content = page.file.src_uri, page.content or ""
        if uri not in self._wanted:
            return
        name = self._name(uri, content) if self._cache else ""
        kept = self._cache.record(name, _Entries)
        if kept is not None:
            self._keep(kept)
        elif not (work and self._is_begun(work, (uri, content), name)):
            self._put(self.made((uri, content)), name)
        self._collect()

    def _is_begun(self, work: Work, page: tuple[str, str], name: str) -> bool:
        with contextlib.suppress(BrokenProcessPool):
            if len(self._waiting) < _WAITING:
                self._waiting.append((work(page), page, name))
                return True
        return False

    def made(self, page: tuple[str, str]) -> str:
        """The entries of the papers of a page, from its path and its content, as JSON."""
        uri, content = page
        base = self._plan.root + self._links.url(uri)
        found: _Entries = []
        for paper, start, end in paper_sections(content, self._wanted[uri]):
            entry = self._entry(paper, shown(content[start:end], base))
            found.append((paper.id, entry.atom.decode(), entry.json.decode()))
        return dumps(found)

    def entry(self, paper: Paper) -> FeedItem:
        """The entry of a paper. One whose page was not seen, or that is a row of a table, has what its record holds."""
        self._collect(all_of_them=True)
        if paper.id not in self._entries:
            file = self._files.files.get_file_from_path(paper.path)
            said = told(paper, lambda url: self._files.resolve(url, file) if file else url)
            base = self._plan.root + self._links.url(paper.path)
            self._entries[paper.id] = self._entry(paper, absolute(said, base))
        return self._entries[paper.id]

    def _collect(self, *, all_of_them: bool = False) -> None:
        """Take what the other process has done; if it has ended, do its work."""
        while self._waiting and (all_of_them or self._waiting[0][0].done()):
            future, page, name = self._waiting.popleft()
            try:
                made = future.result()
            except (OSError, BrokenProcessPool):
                made = self.made(page)
            self._put(made, name)

    def _put(self, made: str, name: str) -> None:
        if name:
            self._cache.put(name, made)
        self._keep(loads(made, _Entries))

    def _keep(self, entries: _Entries) -> None:
        for paper_id, atom, item in entries:
            self._entries[paper_id] = FeedItem(atom.encode(), item.encode())

    def _name(self, uri: str, content: str) -> str:
        said = [
            [
                *(paper.id, paper.title, paper.anchor, paper.day, paper.category, paper.authors),
                *(self._plan.labels(paper), [link.url for link in paper.links]),
            ]
            for paper in self._wanted[uri]
        ]
        return name_of("entries", self._state, self._plan.root, self._links.url(uri), content, json.dumps(said))

    def _entry(self, paper: Paper, content: str) -> FeedItem:
        return self._plan.entry(paper, self._links.to_paper(paper, self._plan.root), content)
