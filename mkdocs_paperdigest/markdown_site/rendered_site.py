"""All files of a Markdown site: the source's own, and those made of its papers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from ..collection import Collection, PageAddresses, Source, site_root
from ..exports import NO_SITE, FilePlan
from ..languages import words
from ..library import Library, build_library
from ..reader import Heading, find_date, is_structure, month_of, read_inline
from ..records import Digest
from .digest_text import KeypointLinks, digest_text
from .export_files import Files, MarkdownFeedEntries, export_files
from .layout import Layout
from .markdown_lists import MarkdownLists, MarkerFiller
from .markdown_pages import HOME, MarkdownPages
from .paper_anchors import anchored
from .source_files import source_files, source_pages

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>.*)$", re.MULTILINE)
_SRC = re.compile(r'src="([^"]*)"')


@dataclass(frozen=True, slots=True)
class MarkdownSite:
    """The files of a site; `kept` are files of the source in the place of one that would be made, by the path of that."""

    files: Files
    kept: Mapping[str, str]
    library: Library


@contextmanager
def markdown_site(
    collection: Collection, out: Path, *, site_url: str | None, directory_urls: bool
) -> Iterator[MarkdownSite]:
    """Read the site to be written to `out`; `directory_urls` makes `a/index.html` of `a.md`. Raises WordsError for unusable words."""
    root, options = collection.root, collection.options
    site_words = words(options.language, options.words_folder)
    addresses = PageAddresses(directory_urls, options.keypoint_pages)
    sources = {path: source for path, source in collection.sources.items() if source.digest.sections}
    digests = {path: anchored(source.text, source.digest) for path, source in sources.items()}
    library = build_library(digests.values(), collection.vocabulary)
    own = frozenset((*source_pages(root, options, out), *source_files(root, options, out))) - collection.hidden
    layout = Layout(addresses, options, own)
    lists = MarkdownLists(library, layout, site_words)
    writer = _OwnPages(library, layout, MarkerFiller(library, lists), collection, site_words("keypoint_heading"))
    files: Files = {path: partial((root / path).read_bytes) for path in own}
    files |= {path: partial(writer.page, path, text) for path, text in collection.others.items()}
    files |= {
        path: partial(writer.page, path, source.text) for path, source in collection.sources.items() if path in own
    }
    files |= {path: partial(writer.digest, path, source, digests[path]) for path, source in sources.items()}
    if directory_urls:
        files |= {place: files[path] for place, path in _again(sources, own) if place not in files}
    plan = FilePlan(library, site_words, options.site_name, options.site_description, site_root(site_url) or NO_SITE)
    with closing(MarkdownFeedEntries(plan, sources, addresses)) as entries:
        exports = export_files(plan, options, addresses, entries.entry)
        pages = MarkdownPages(library, layout, lists, site_words, options.site_name, frozenset(exports)).made()
        if layout.own_page(HOME) or not options.home:
            pages.pop(HOME, None)
        made: Files = {path: partial(_encoded, make) for path, make in pages.items()} | exports
        kept = {path: own_path for path in made if (own_path := layout.own_page(path))}
        yield MarkdownSite({path: make for path, make in made.items() if path not in kept} | files, kept, library)


def _again(sources: Mapping[str, Source], own: Container[str]) -> Iterator[tuple[str, str]]:
    """Pictures where browsers look for them from `a/index.html`: MkDocs leaves addresses in raw HTML, GitHub takes them from the source."""
    for path, source in sources.items():
        folder, page = posixpath.dirname(path), path.rpartition(".")[0]
        if posixpath.basename(page) in ("index", "README"):
            continue
        written = frozenset(_SRC.findall(source.text))
        for paper in source.digest.papers:
            for figure in paper.figures:
                place = posixpath.normpath(posixpath.join(page, unquote(figure.src)))
                file = posixpath.normpath(posixpath.join(folder, unquote(figure.src)))
                if file in own and not place.startswith("../") and figure.src in written:
                    yield place, file


@dataclass(frozen=True, slots=True)
class _OwnPages:
    library: Library
    layout: Layout
    markers: MarkerFiller
    collection: Collection
    label: str

    def page(self, path: str, text: str) -> bytes:
        return self.markers.filled(text, path).encode("utf-8", "replace")

    def digest(self, path: str, source: Source, digest: Digest) -> bytes:
        def target(written: str) -> str | None:
            keypoint = self.library.keypoint(written)
            return self.layout.to_keypoint(keypoint, path) if keypoint else None

        labels = self.collection.options.label_vocabulary
        text = digest_text(source.text, source.digest, digest.papers, labels, KeypointLinks(target, self.label))
        if self.collection.options.month_titles and not source.meta and (title := _month_title(source.body, digest)):
            text = f'---\ntitle: "{title}"\n---\n\n{text}'
        return self.page(path, text)


def _encoded(make: Callable[[], str]) -> bytes:
    return make().encode("utf-8", "replace")


def _month_title(body: str, digest: Digest) -> str | None:
    """The month of a digest whose first heading is only that, or "Introduction", or its day if its file is named so; else None."""
    months = {paper.month for paper in digest.papers}
    found = _HEADING.search(body)
    if not found or len(months) != 1 or None in months:
        return None
    text = read_inline(found["text"].rstrip(" \t#")).text
    if not is_structure(text) and month_of(Heading(text, text, "")) is None:
        return None
    named = find_date(digest.path)
    return named.date if named and named.date else months.pop()
