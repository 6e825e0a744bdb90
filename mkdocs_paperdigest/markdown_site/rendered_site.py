"""All files of a Markdown site: the source's own, and those made of its papers."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
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
from ..library import Library, build_library
from .digest_text import anchored
from .export_files import ExportFiles, Files
from .layout import Layout
from .markdown_pages import MarkdownPages
from .own_pages import OwnPages

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
        writer = OwnPages(collection, pages)
        files: Files = {path: partial((root / path).read_bytes) for path in own}
        files |= {path: partial(writer.page, path, text) for path, text in collection.others.items()}
        files |= {
            path: partial(writer.page, path, source.text) for path, source in collection.sources.items() if path in own
        }
        files |= {path: partial(writer.digest, path, source, digests[path]) for path, source in sources.items()}
        if directory_urls:
            files |= {place: files[path] for place, path in _again(sources, own) if place not in files}
        made: Files = {path: partial(_encoded, make) for path, make in pages.made().items()} | exports
        kept = {path: own_path for path in made if (own_path := layout.own_page(path))}
        yield MarkdownSite({path: make for path, make in made.items() if path not in kept} | files, kept, library)


def _encoded(make: Callable[[], str]) -> bytes:
    return make().encode("utf-8", "replace")


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
