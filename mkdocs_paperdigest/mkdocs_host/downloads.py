"""The files beside the pages, for other programs: feeds, and citations, of the site, its keypoints and its categories.

They are no files of MkDocs, of which a large site would have thousands more, but are written when all pages are.
"""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from ..collection import site_root
from ..exports import (
    ATOM,
    ATOM_FILE,
    BIB_FILE,
    CSL_FILE,
    JSON,
    JSON_FILE,
    NO_SITE,
    OTHERS_MOST,
    SITE_MOST,
    Feed,
    atom_feed,
    bibtex_entry,
    bibtex_file,
    citation,
    csl_bytes,
    csl_file,
    json_feed,
    newest_fed,
    relative,
)
from ..library import CATEGORIES, Keypoint, Library, categories
from ..lock import Lock, former_slugs
from ..pages import Links, to_root
from ..records import Finding, Paper, finding
from ..support import BackgroundWorker, Cache, cores
from .generated_pages import KeypointPage
from .integrations import Language
from .paper_contents import PaperContents

_MANY = 500
"""With more papers another process helps."""

MOST_LINKED = 10
"""So many feeds of categories the head of a digest names."""

Link = tuple[str, str, str]
"""A title, an address relative to a page, and a type."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of such files: its path from the root of the site, ending in `/` or empty, and which of them it has.

    `name` is what the files are of, `home` the address of its page from the root of the site. `fed` are the papers of its feeds,
    `papers` those of the others.
    """

    path: str
    name: str
    home: str
    fed: Sequence[Paper]
    papers: Sequence[Paper]
    files: frozenset[str]


class Downloads:
    """The files of a build, by `add`; the options `feeds` and `citations` say which are wanted."""

    def __init__(
        self,
        library: Library,
        links: Links,
        config: MkDocsConfig,
        language: Language | None,
        cache: Cache,
        state: str | None,
    ) -> None:
        self._library = library
        self._cache = cache
        self._state = state
        self._beside: BackgroundWorker | None = None
        self._cited: Future[str] | None = None
        self._links = links
        self._config = config
        self._above = f"{language.locale}/" if language and not language.is_default else ""
        self._root = site_root(config.site_url) or NO_SITE
        self._taken: set[str] = set()
        self._folders: set[str] = set()
        self._site: _Folder | None = None
        self._keypoints: dict[str, _Folder] = {}
        self._former: dict[str, list[str]] = {}
        self._categories: dict[str, _Folder] = {}
        self._contents: PaperContents | None = None
        self._category_of: dict[str, str] = {}
        self._top = Path(config.site_dir).resolve()
        self._written: dict[str, Path | None] = {}

    def add(self, files: Iterable[File], lock: Lock) -> list[Finding]:
        """Decide which files there will be beside the `files` of the site, which win."""
        for file in files:
            if not file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
                self._take(file.dest_uri)
        library, links, options = self._library, self._links, self._links.options
        config = self._config
        home = links.url("index.md") if links.files.get_file_from_path("index.md") else self._above
        site = self._site = self._folder(self._above, config.site_name, home, library.papers, SITE_MOST)
        if options.keypoint_pages:
            for keypoint in library.keypoints:
                path = f"{self._above}{options.keypoint_pages}/{keypoint.slug}/"
                home = links.url(links.keypoint_uri(keypoint) or "")
                self._keypoints[keypoint.slug] = self._folder(path, keypoint.label, home, keypoint.papers)
            for slug, now in former_slugs(library, lock) if options.feeds else ():
                if now is not None and self._keypoints[now.slug].fed:
                    self._former.setdefault(now.slug, []).append(f"{self._above}{options.keypoint_pages}/{slug}/")
        made = options.explorer
        # The site may have a page of its own there.
        explorer = links.url(made) if made and links.files.get_file_from_path(made) else ""
        for category in categories(library) if options.feeds else ():
            path = f"{self._above}{CATEGORIES}/{category.slug}/"
            home = f"{explorer}?cat={quote(category.name, safe='')}" if explorer else site.home
            self._categories[category.slug] = self._folder(path, category.name, home, category.papers, cited=False)
            self._category_of |= {paper.id: category.slug for paper in category.papers}
        folders = [site, *self._keypoints.values(), *self._categories.values()]
        papers = {paper.id: paper for folder in folders for paper in folder.fed}
        if papers:
            self._contents = PaperContents(papers.values(), library, links, self._root, self._cache, self._state)
        if papers and self._root == NO_SITE and not self._above:
            return [finding("PD407", Path(config.config_file_path or "mkdocs.yml").name, 1, 1)]
        return []

    def take(self, page: Page) -> None:
        """Take what feeds say of papers from the page that is written now."""
        if self._beside is None and len(self._library.papers) > _MANY and self._is_wanted and cores() > 1:
            with contextlib.suppress(OSError, BrokenProcessPool):  # then this process does all
                self._beside = BackgroundWorker(self._work)
                self._cited = self._beside.do(None)
        if self._contents:
            self._contents.take(page, self._beside.do if self._beside else None)

    def _work(self, page: tuple[str, str] | None) -> str:
        """What the process beside does: the entries of a page, or, for None, to write all citations."""
        if page and self._contents:
            return self._contents.made(page)
        self._write_citations()
        return ""

    # -- what pages say of them

    def feeds_of(self, page: Page) -> list[Link]:
        """The feeds that a page is found in: that of the site, and those of its keypoint or of the categories of its papers."""
        folders = [self._site] if self._site else []
        if isinstance(page, KeypointPage) and page.keypoint.slug in self._keypoints:
            folders.append(self._keypoints[page.keypoint.slug])
        papers = self._library.by_path.get(page.file.src_uri, ())
        slugs = dict.fromkeys(self._category_of[paper.id] for paper in papers if paper.id in self._category_of)
        folders += [self._categories[slug] for slug in [*slugs][:MOST_LINKED]]
        kinds = {ATOM_FILE: (ATOM, "Atom"), JSON_FILE: (JSON, "JSON Feed")}
        return [
            (f"{self._title(folder)} ({label})", self._link(folder, name, page), kind)
            for folder in folders
            for name, (kind, label) in kinds.items()
            if name in folder.files
        ]

    def of_site(self, page: Page) -> list[tuple[str, str]]:
        """The name and the link of each file of the site."""
        return self._named(self._site, page) if self._site else []

    def of_keypoint(self, keypoint: Keypoint, page: Page) -> dict[str, str]:
        """The links to the files of a keypoint, by their names."""
        folder = self._keypoints.get(keypoint.slug)
        return {name: self._link(folder, name, page) for name in folder.files} if folder else {}

    def of_categories(self, page: Page) -> list[tuple[str, str]]:
        """The name of each category and the link to its feed, most papers first."""
        known = (folder for folder in self._categories.values() if ATOM_FILE in folder.files)
        return [(folder.name, self._link(folder, ATOM_FILE, page)) for folder in known]

    # -- written

    def write(self) -> None:
        """Write the files into the folder of the site."""
        try:
            self._write_all()
        finally:
            self.close()

    def close(self) -> None:
        """Drop what was made for the files, and end the process beside, whether they were written or not."""
        if self._contents:
            self._contents.close()
        if self._beside:
            self._beside.close()
        self._contents = self._beside = self._cited = None

    def _write_all(self) -> None:
        for folder in self._all():
            self._write_feeds(folder)
        for slug, former in self._former.items():
            for path in former:
                self._write_feeds(self._keypoints[slug], path)
        try:
            if self._cited:
                self._cited.result()
            else:
                self._write_citations()
        except BrokenProcessPool:
            self._write_citations()

    @cached_property
    def _is_wanted(self) -> bool:
        return any(folder.files for folder in self._all())

    def _all(self) -> list[_Folder]:
        return [*([self._site] if self._site else []), *self._keypoints.values(), *self._categories.values()]

    def _write_feeds(self, folder: _Folder, path: str | None = None) -> None:
        """Write the feeds of a folder there, or at another path as they are."""
        names = {ATOM_FILE, JSON_FILE} & (folder.files if path is None else self._free(path, (ATOM_FILE, JSON_FILE)))
        if not names or not self._contents:
            return
        root, place = self._root, quote(folder.path)
        feed = Feed(
            self._title(folder),
            root + folder.home,
            f"{root}{place}{ATOM_FILE}",
            f"{root}{place}{JSON_FILE}",
            folder.fed[0].day,
            (self._config.site_description or "") if folder is self._site else "",
            self._links.words.code,
            self._config.site_name,
        )
        entries = [self._contents.entry(paper) for paper in folder.fed]
        for name, made in ((ATOM_FILE, atom_feed), (JSON_FILE, json_feed)):
            if name in names:
                self._write((path or folder.path) + name, made(feed, entries))

    def _write_citations(self) -> None:
        made: dict[str, tuple[bytes, bytes]] = {}
        for folder in self._all():
            if not {BIB_FILE, CSL_FILE} & folder.files:
                continue
            for paper in folder.papers:
                if paper.id not in made:
                    cited = citation(self._library.cited(paper))
                    made[paper.id] = (bibtex_entry(cited).encode(), csl_bytes(cited))
            both = [made[paper.id] for paper in folder.papers]
            if BIB_FILE in folder.files:
                self._write(folder.path + BIB_FILE, bibtex_file(bib for bib, _ in both))
            if CSL_FILE in folder.files:
                self._write(folder.path + CSL_FILE, csl_file(csl for _, csl in both))

    def _write(self, place: str, content: bytes) -> None:
        folder, name = posixpath.split(place)
        if folder not in self._written:
            to = self._top / folder
            inside = to.resolve().is_relative_to(self._top)  # a link in the folder of the site may lead out of it
            if inside:
                to.mkdir(parents=True, exist_ok=True)
            self._written[folder] = to if inside else None
        if to_folder := self._written[folder]:
            if self._root == NO_SITE:
                content = relative(content, "../" * place.count("/") or "./")
            file = to_folder / name
            if file.is_symlink():  # it, too, may lead out
                file.unlink()
            file.write_bytes(content)

    # -- places

    def _folder(
        self, path: str, name: str, home: str, papers: Sequence[Paper], most: int = OTHERS_MOST, *, cited: bool = True
    ) -> _Folder:
        options = self._links.options
        newest = newest_fed(papers, most) if options.feeds else []
        wanted = [ATOM_FILE, JSON_FILE] if newest else []
        if options.citations and papers and cited:
            wanted += [BIB_FILE, CSL_FILE]
        files = self._free(path, wanted)
        for file in files:
            self._take(path + file)
        return _Folder(path, name, home, newest, papers, files)

    def _free(self, path: str, names: Sequence[str]) -> frozenset[str]:
        """Those of some files that may be written to a folder: nothing of the site stands there, or is a file where a folder must be."""
        if any(above in self._taken for above in _above(path)):
            return frozenset()
        return frozenset(name for name in names if path + name not in self._taken and path + name not in self._folders)

    def _take(self, place: str) -> None:
        self._taken.add(place)
        self._folders.update(_above(place))

    def _title(self, folder: _Folder) -> str:
        if folder is self._site:
            return folder.name
        return self._links.words("feed_title", name=folder.name, site=self._config.site_name)

    @staticmethod
    def _link(folder: _Folder, name: str, page: Page) -> str:
        return f"{to_root(page.file)}{quote(folder.path)}{name}"

    def _named(self, folder: _Folder, page: Page) -> list[tuple[str, str]]:
        names = {ATOM_FILE: "Atom", JSON_FILE: "JSON Feed", BIB_FILE: "BibTeX", CSL_FILE: "CSL-JSON"}
        return [(label, self._link(folder, name, page)) for name, label in names.items() if name in folder.files]


def _above(place: str) -> Iterable[str]:
    """The folders that a place stands in, without `/` at their end."""
    folder = posixpath.dirname(place)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
