"""All files of a Markdown site: the source's own, and those made of its papers."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Container, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from pathspec.gitignore import GitIgnoreSpec

from ..collection import (
    MARKDOWN,
    MEDIA,
    SKIPPED,
    Collection,
    PageAddresses,
    SiteOptions,
    Source,
    is_within,
    markdown_files,
    site_root,
)
from ..exports import NO_SITE, FilePlan
from ..languages import words
from ..library import Library, archive, build_library, check, selected, selected_keypoints, selected_records
from ..reader import (
    DEFAULT_LABELS,
    MARKER_PATTERN,
    Heading,
    Marker,
    MarkerError,
    find_date,
    is_structure,
    matched_marker,
    month_of,
    parse_blocks,
    read_inline,
    split_front_matter,
    walk_blocks,
)
from ..records import Digest
from .digest_text import KeypointLinks, anchored, digest_text
from .export_files import ExportFiles, Files
from .links import Layout
from .markdown_pages import MOST_MONTHS, MarkdownPages

_ALONE = re.compile(rf"^ {{0,3}}(?:{MARKER_PATTERN})[ \t]*$", re.MULTILINE)
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
    own = frozenset((*source_pages(root, options, out), *_source_files(root, options, out))) - collection.hidden
    layout = Layout(addresses, options, own)
    plan = FilePlan(library, site_words, options.site_name, options.site_description, site_root(site_url) or NO_SITE)
    with closing(ExportFiles(plan, sources, addresses)) as maker:
        exports = maker.files(options)
        pages = MarkdownPages(library, layout, site_words, options.site_name, exports)
        writer = _OwnPages(collection, pages)
        files: Files = {path: partial((root / path).read_bytes) for path in own}
        files |= {path: partial(writer.page, path, text) for path, text in collection.others.items()}
        files |= {
            path: partial(writer.page, path, source.text) for path, source in collection.sources.items() if path in own
        }
        files |= {path: partial(writer.digest, path, source, digests[path]) for path, source in sources.items()}
        if directory_urls:
            files |= {place: files[path] for place, path in _again(sources, own) if place not in files}
        made = pages.made() | exports
        kept = {path: own_path for path in made if (own_path := layout.own_page(path))}
        yield MarkdownSite({path: make for path, make in made.items() if path not in kept} | files, kept, library)


@dataclass(frozen=True, slots=True)
class _OwnPages:
    """The source's own pages: digests with ids and links, and lists in the place of comments such as `<!-- paperdigest:recent -->`."""

    collection: Collection
    pages: MarkdownPages

    def page(self, path: str, text: str) -> bytes:
        return self._filled(text, path).encode("utf-8", "replace")

    def digest(self, path: str, source: Source, digest: Digest) -> bytes:
        pages, options = self.pages, self.collection.options

        def target(written: str) -> str | None:
            keypoint = pages.library.keypoint(written)
            return pages.layout.to_keypoint(keypoint, path) if keypoint else None

        links = KeypointLinks(target, pages.words("keypoint_heading"))
        text = digest_text(source.text, source.digest, digest.papers, options.label_vocabulary, links)
        if options.month_titles and not source.meta and (title := _month_title(source.body, digest)):
            text = f'---\ntitle: "{title}"\n---\n\n{text}'
        return self.page(path, text)

    def _filled(self, text: str, path: str) -> str:
        """Put lists in. A comment with other text on its line, in code, or that asks for what is not there stays as it is."""
        if "paperdigest" not in text or not _ALONE.search(text):
            return text
        _, body, above = split_front_matter(text)
        code: set[int] = set()
        for block in walk_blocks(parse_blocks(body.split("\n"), DEFAULT_LABELS).blocks):
            if block.kind in ("fence", "code"):
                code.update(range(block.start + above, block.end + above))

        def put(match: re.Match[str]) -> str:
            if text.count("\n", 0, match.start()) in code:
                return match[0]
            try:
                made = self._list(matched_marker(match), path).strip()
            except MarkerError:
                return match[0]
            return f"\n{made}\n" if made else match[0]

        return _ALONE.sub(put, text)

    def _list(self, marker: Marker, path: str) -> str:
        library, limit = self.pages.library, marker.limit or None
        lists = self.pages.lists(path)
        match marker.name:
            case "keypoints":
                listed, counts = selected_keypoints(library, marker)
                made = lists.keypoints(listed[:limit], counts)
            case "months":
                papers = selected_records(library, replace(marker, sort="")) if marker.chooses else None
                made = lists.months(archive(library, papers)[:limit])
            case "trends":
                check(library, marker)
                shown = [keypoint for written in marker.keypoints if (keypoint := library.named_by(written))]
                months = [month for month in library.months if marker.holds(month)]
                made = lists.trends((shown or self.pages.named)[:limit], months[:MOST_MONTHS]) if months else ""
            case _:
                made = lists.papers(selected(library, marker)[:limit])
        return str(made)


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


def source_pages(root: Path, options: SiteOptions, out: Path) -> list[str]:
    """The Markdown pages of a docs folder that a site has, less those in `out` and in the built site."""
    paths = markdown_files(root)
    own = [path for path in paths if not is_within(root / path, out) and not is_within(root / path, options.site)]
    return options.pages(own)


def _source_files(root: Path, options: SiteOptions, out: Path) -> Iterator[str]:
    """Paths in `root`, other than Markdown: no hidden, excluded or built files, nothing in `out`, only media if `root` may be a whole repository."""
    whole = os.path.abspath(root) == os.path.abspath(options.folder)
    metas = [name for name, _ in options.meta_files]
    excluded = GitIgnoreSpec.from_lines([".*", "/templates/", *options.exclude_docs.splitlines(), *metas])
    for here, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and not (whole and name in SKIPPED)
            and not is_within(Path(here, name), out)
            and not is_within(Path(here, name), options.site)
        ]
        for name in names:
            file = Path(here, name)
            path = file.relative_to(root).as_posix()
            if name.endswith(MARKDOWN) or not file.is_file() or excluded.match_file(path) or path in options.left_out:
                continue
            if not whole or name.lower().rpartition(".")[2] in MEDIA or name in ("CNAME", "robots.txt"):
                yield path


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
