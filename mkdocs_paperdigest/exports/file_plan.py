"""The plan of a site's feeds and citation files: which folders have which of them, with which papers and under which title."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from ..languages import Words
from ..library import CATEGORIES, Category, Keypoint, Library, categories
from ..records import Paper
from .bibtex import bibtex_entry
from .citations import Citation, citation
from .csl_json import csl_bytes, csl_file
from .feeds import ATOM_FILE, FEEDS, JSON_FILE, NO_SITE, Feed, FeedItem, feed_entry, is_fed, relative

SITE_MOST, OTHERS_MOST = 50, 20
"""How many entries the feed of a site has, and each of the others."""


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A format of citations: its name for `paperdigest export`, its file, what pages call it, and what writes an entry and a file of them."""

    name: str
    file: str
    label: str
    entry: Callable[[Citation], bytes]
    whole: Callable[[Iterable[bytes]], bytes]

    def of(self, library: Library) -> bytes:
        """The file of all papers."""
        return self.whole(self.entry(citation(library.cited(paper))) for paper in library.papers)


BIBTEX = CitationFormat("bibtex", "papers.bib", "BibTeX", lambda cited: bibtex_entry(cited).encode(), b"\n".join)
CSL = CitationFormat("csl", "papers.csl.json", "CSL-JSON", csl_bytes, csl_file)
CITATION_FORMATS = (BIBTEX, CSL)
FEED_FILES, CITATION_FILES = tuple(FEEDS), tuple(form.file for form in CITATION_FORMATS)
FILE_LABELS = {name: label for name, (label, _) in FEEDS.items()} | {form.file: form.label for form in CITATION_FORMATS}
"""What pages call these files, in the order in which they list them."""


@dataclass(frozen=True, slots=True)
class FileFolder:
    """The feeds (of papers `fed`) and citation files (`cited`) of the site if `owner` is None, else of a keypoint or a category; `path` is empty or ends in `/`."""

    path: str
    name: str
    owner: Keypoint | Category | None
    fed: Sequence[Paper]
    cited: Sequence[Paper]

    @property
    def files(self) -> tuple[str, ...]:
        return (*(FEED_FILES if self.fed else ()), *(CITATION_FILES if self.cited else ()))


@dataclass(frozen=True, slots=True)
class FilePlan:
    """Plans and makes feeds, and plans citation files.

    `root` is the address of the site, which ends in `/`, or `NO_SITE`; `above` the folder around all folders.
    """

    library: Library
    words: Words
    name: str
    description: str
    root: str
    above: str = ""

    def folders(self, *, feeds: bool, citations: bool, keypoint_pages: str | None) -> Iterator[FileFolder]:
        """The folders: of the site, of each keypoint if keypoints have pages, and with feeds of each category."""

        def folder(path: str, name: str, owner: Keypoint | Category | None, papers: Sequence[Paper]) -> FileFolder:
            fed = [*islice(filter(is_fed, papers), OTHERS_MOST if owner else SITE_MOST)] if feeds else []
            cited = papers if citations and not isinstance(owner, Category) else ()
            return FileFolder(self.above + path, name, owner, fed, cited)

        yield folder("", self.name, None, self.library.papers)
        for keypoint in self.library.keypoints if keypoint_pages else ():
            yield folder(f"{keypoint_pages}/{keypoint.slug}/", keypoint.label, keypoint, keypoint.papers)
        for category in categories(self.library) if feeds else ():
            yield folder(f"{CATEGORIES}/{category.slug}/", category.name, category, category.papers)

    def title(self, folder: FileFolder) -> str:
        return self.words("feed_title", name=folder.name, site=self.name) if folder.owner else folder.name

    def feed(self, folder: FileFolder, file: str, home: str, entries: Iterable[FeedItem]) -> bytes:
        """A feed of a folder; `home` is the address of its page, percent-encoded, from the root of the site."""
        place = f"{self.root}{quote(folder.path)}"
        feed = Feed(
            self.title(folder),
            self.root + home,
            place + ATOM_FILE,
            place + JSON_FILE,
            folder.fed[0].day,
            "" if folder.owner else self.description,
            self.words.code,
            self.name,
        )
        _, make = FEEDS[file]
        return make(feed, entries)

    def placed(self, content: bytes, path: str) -> bytes:
        """A file to be written to a path of the site; without an address of the site its links are relative."""
        return content if self.root != NO_SITE else relative(content, "../" * path.count("/") or "./")

    def labels(self, paper: Paper) -> list[str]:
        return [keypoint.label for keypoint in map(self.library.keypoint, paper.keypoints or ()) if keypoint]

    def entry(self, paper: Paper, url: str, content: str) -> FeedItem:
        """The entry of a paper that `is_fed`; `url` is its absolute address, `content` its HTML with absolute addresses."""
        return feed_entry(
            paper,
            labels=self.labels(paper),
            url=url,
            content=content,
            site_url=self.root,
            untitled=self.words("untitled"),
        )


class Citations:
    """Makes the citation files of a site, of all formats. A paper of several files is serialised once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._made: dict[str, dict[str, bytes]] = {}

    def file(self, name: str, papers: Sequence[Paper]) -> bytes:
        """The content of the file `name`, one of `CITATION_FILES`."""
        whole = next(form.whole for form in CITATION_FORMATS if form.file == name)
        for paper in papers:
            if paper.id not in self._made:
                cited = citation(self._library.cited(paper))
                self._made[paper.id] = {form.file: form.entry(cited) for form in CITATION_FORMATS}
        return whole(self._made[paper.id][name] for paper in papers)
