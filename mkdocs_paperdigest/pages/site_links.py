"""Where the pages of a build are: the links between them."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import replace
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from ..collection import Options
from ..languages import Words
from ..library import Keypoint, Library
from ..markdown_extension import Badge, unmarked
from ..reader import safe_url
from ..records import Paper

_BADGE = re.compile(r'(?<=<a class="pd-keypoint" href=")(([^"]*)"[^>]*? title="[^"]*)(?=">)')

ASSETS = "assets/paperdigest/"
"""The folder of styles and scripts, from the site's root."""


class Links:
    """The links of a site. Pages are known by their source paths, those of generated pages in the default language.

    `kept` are pages of the site that stand where a page would be generated, by the path of that page. `letters` are the pages by
    letters of keypoints that the index has no room for, by slugs.
    """

    def __init__(self, library: Library, options: Options, words: Words) -> None:
        self.library = library
        self.options = options
        self.words = words
        self.files = Files([])
        self.kept: dict[str, str] = {}
        self.letters: dict[str, str] = {}
        self._badges: dict[tuple[str, str], Badge] = {}
        self._urls: dict[str, str] = {}

    def url(self, uri: str) -> str:
        """The address of a page, percent-encoded, from the site's root."""
        if uri not in self._urls:
            file = self.files.get_file_from_path(uri)
            url = file.url if file else quote(uri)
            self._urls[uri] = "" if url == "./" else url
        return self._urls[uri]

    def plain_url(self, uri: str) -> str:
        """The same, not percent-encoded."""
        return unquote(self.url(uri))

    def to(self, uri: str, page: Page) -> str:
        """The link from a page to another, by its source path."""
        return to_root(page.file) + self.url(uri)

    def to_paper(self, paper: Paper, root: str) -> str:
        """The link to a paper from a page from which `root` leads to the site's root."""
        return f"{root}{self.url(paper.path)}#{quote(paper.anchor)}"

    def name(self, uri: str) -> str:
        """What a page is called, as text."""
        file = self.files.get_file_from_path(uri)
        title = html.unescape(str(file.page.title or "")) if file and file.page else ""
        return title or uri.rpartition(".")[0]

    def to_made(self, uri: str | None, page: Page) -> str | None:
        """The link to a generated page; None if it is not wanted, or if the site has a page of its own there."""
        if not uri or uri in self.kept or not self.files.get_file_from_path(uri):
            return None
        return self.to(uri, page)

    def asset(self, name: str, page: Page) -> str:
        """The link to a style or a script."""
        return f"{to_root(page.file)}{ASSETS}{name}"

    # -- keypoints

    def title(self, keypoint: Keypoint) -> str:
        """What a badge says on hover."""
        return unmarked(f"{keypoint.label} ({self.words('papers', keypoint.count)})")

    def keypoint_uri(self, keypoint: Keypoint) -> str | None:
        """The source path that a keypoint's page pretends to have, or that of the site's own page there; None without pages."""
        if not (folder := self.options.keypoint_pages):
            return None
        uri = f"{folder}/{keypoint.slug}.md"
        return self.kept.get(uri, uri)

    def keypoint_url(self, keypoint: Keypoint) -> str | None:
        """The address of a keypoint's page from the site's root, not percent-encoded; None without pages."""
        uri = self.keypoint_uri(keypoint)
        return self.plain_url(uri) if uri else None

    def index_or_page_url(self, keypoint: Keypoint) -> tuple[str, str]:
        """The address of a keypoint's page, or of the page of the index that has it, not percent-encoded, and its anchor there."""
        if uri := self.keypoint_uri(keypoint):
            return self.plain_url(uri), ""
        return self.plain_url(self.index_uri(keypoint) or ""), keypoint.slug

    def to_index(self, page: Page) -> str | None:
        """The link to the index of keypoints, or to the site's own page in its place."""
        index = self.options.keypoint_index
        return self.to(index, page) if index and self.files.get_file_from_path(index) else None

    def index_uri(self, keypoint: Keypoint) -> str | None:
        """The source path of the index, or of the page of it, that has a keypoint; None if none has it."""
        index = self.options.keypoint_index
        if not index or not keypoint.is_listed or not self.files.get_file_from_path(index):
            return None
        return self.letters.get(keypoint.slug, str(index))

    def to_keypoint(self, keypoint: Keypoint, page: Page) -> str | None:
        """The link to a keypoint's page, or to its place in the index."""
        if uri := self.keypoint_uri(keypoint):
            return self.to(uri, page)
        index = self.index_uri(keypoint)
        return f"{self.to(index, page)}#{quote(keypoint.slug)}" if index else None

    def badge(self, written: str, page_uri: str) -> Badge:
        """The badge of a keypoint on a page, its link as MkDocs wants links in Markdown; how many papers there are `counted` says."""
        keypoint = self.library.keypoint(written)
        if keypoint is None:  # another plugin brought it in after the index was made
            return Badge(written, None)
        folder = posixpath.dirname(page_uri)
        key = (folder, keypoint.slug)
        if key not in self._badges:
            uri = self.keypoint_uri(keypoint)
            fragment = "" if uri else f"#{quote(keypoint.slug)}"
            target = uri or self.index_uri(keypoint)
            href = f"{quote(posixpath.relpath(target, folder or '.'))}{fragment}" if target else None
            self._badges[key] = Badge(unmarked(keypoint.label) if href else self.title(keypoint), href, keypoint.hue)
        badge = self._badges[key]
        return badge if written == keypoint.label else replace(badge, title=unmarked(f"{written}: {badge.title}"))

    @cached_property
    def _counts(self) -> dict[str, str]:
        """How many papers name a keypoint, in words, by the last part of the addresses of its page and of its place in the index."""
        counts: dict[str, str] = {}
        for keypoint in self.library.keypoints:
            said = html.escape(f" ({self.words('papers', keypoint.count)})")
            uri = self.keypoint_uri(keypoint)
            last = _last_part(self.url(uri)) if uri else f"#{quote(keypoint.slug)}"
            counts[html.escape(last)] = said
        return counts

    def counted(self, content: str) -> str:
        """The content of a digest whose badges say how many papers name their keypoints, which changes with any digest."""
        return _BADGE.sub(lambda badge: f"{badge[1]}{self._counts.get(_last_part(badge[2]), '')}", content)

    # -- links of raw HTML

    def resolve(self, url: str, page: File) -> str:
        """A link of raw HTML in a page, which MkDocs leaves alone, as it must be on the built page."""
        target = self._file_of(url, posixpath.dirname(page.src_uri))
        return f"{target[0].url_relative_to(page)}{target[1]}" if target else url

    def resolve_from_docs(self, url: str, page: Page) -> str:
        """A link that begins at the docs folder, wherever it stands, as it must be on a page."""
        return url if not (target := self._file_of(url, "")) else f"{target[0].url_relative_to(page.file)}{target[1]}"

    def _file_of(self, url: str, folder: str) -> tuple[File, str] | None:
        """The file that a relative link in a folder leads to, and what stands behind its path; None if it leads to none."""
        path, mark, fragment = url.partition("#")
        if not path or re.match(r"[a-z][a-z0-9+.-]*:|/", path, re.IGNORECASE) or not safe_url(url):
            return None
        target = self.files.get_file_from_path(posixpath.normpath(posixpath.join(folder, unquote(path))))
        return (target, mark + fragment) if target else None


def to_root(file: File) -> str:
    """The way from a page to the site's root, ending in `/`."""
    return _to_root(file.url)


@lru_cache(maxsize=64)  # asked for many times on a page, and then for the next
def _to_root(url: str) -> str:
    root = get_relative_url(".", url)
    return root if root.endswith("/") else root + "/"


def _last_part(url: str) -> str:
    """The last part of an address without `/` or suffix behind it, or its fragment with its `#`."""
    before, sign, fragment = url.partition("#")
    return sign + fragment if sign else before.removesuffix("/").removesuffix(".html").rpartition("/")[2]
