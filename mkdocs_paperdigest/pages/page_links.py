"""Where the pages of a build are: the links between them."""

from __future__ import annotations

import html
import posixpath
from dataclasses import replace
from functools import cached_property
from typing import Protocol
from urllib.parse import quote, unquote

from ..collection import Options
from ..languages import Words
from ..library import Keypoint, Library
from ..markdown_extension import Badge, unmarked, with_longer_titles
from ..records import Paper

ASSETS = "assets/paperdigest/"  # the folder of styles and scripts, from the site's root


class FileLookup(Protocol):
    """The files of a site by their source paths."""

    def address(self, path: str) -> str | None:
        """The address of a file from the site's root, percent-encoded; None if there is no such file."""

    def title(self, path: str) -> str:
        """The title of a page as text; "" if it has none."""


class Links:
    """The links of a site; `kept` are its pages in the place of generated ones, `letters` the pages of keypoints by slug, off the index."""

    def __init__(self, library: Library, options: Options, words: Words, files: FileLookup) -> None:
        self.library = library
        self.options = options
        self.words = words
        self._files = files
        self.kept: dict[str, str] = {}
        self.letters: dict[str, str] = {}
        self._badges: dict[tuple[str, str], Badge] = {}
        self._urls: dict[str, str] = {}

    def url(self, uri: str) -> str:
        if uri not in self._urls:
            url = self._files.address(uri)
            self._urls[uri] = quote(uri) if url is None else url
        return self._urls[uri]

    def plain_url(self, uri: str) -> str:
        return unquote(self.url(uri))

    def to(self, uri: str, root: str) -> str:
        """The link to a page, by its source path, from a page from which `root` leads to the site's root."""
        return root + self.url(uri)

    def to_paper(self, paper: Paper, root: str) -> str:
        return f"{root}{self.url(paper.path)}#{quote(paper.anchor)}"

    def name(self, uri: str) -> str:
        return self._files.title(uri) or uri.rpartition(".")[0]

    def has(self, uri: str | None) -> bool:
        return bool(uri) and self._files.address(uri or "") is not None

    def to_made(self, uri: str | None, root: str) -> str | None:
        """The link to a generated page; None if it is not wanted, or if the site has a page of its own there."""
        return self.to(uri, root) if uri and uri not in self.kept and self.has(uri) else None

    def to_part(self, uri: str, root: str, anchor: str = "") -> str:
        """The link to a part of a generated page; without `anchor` if the site has a page of its own there, which has others."""
        link = self.to(self.kept.get(uri, uri), root)
        return link if uri in self.kept or not anchor else f"{link}#{anchor}"

    def asset(self, name: str, root: str) -> str:
        return f"{root}{ASSETS}{name}"

    # -- keypoints

    def title(self, keypoint: Keypoint) -> str:
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

    def place(self, keypoint: Keypoint) -> tuple[str | None, str]:
        """The source path of the page that has a keypoint, its own or one of the index, None without any; and its anchor there."""
        uri = self.keypoint_uri(keypoint)
        return (uri, "") if uri else (self.index_uri(keypoint), f"#{quote(keypoint.slug)}")

    def index_or_page_url(self, keypoint: Keypoint) -> tuple[str, str]:
        """The address of that page, not percent-encoded, and the anchor, which is not, either."""
        uri, anchor = self.place(keypoint)
        return self.plain_url(uri or ""), anchor and keypoint.slug

    def to_index(self, root: str) -> str | None:
        index = self.options.keypoint_index
        return self.to(index, root) if index and self.has(index) else None

    def index_uri(self, keypoint: Keypoint) -> str | None:
        """The source path of the index, or of the page of it, that has a keypoint; None if none has it."""
        index = self.options.keypoint_index
        if not index or not keypoint.is_listed or not self.has(index):
            return None
        return index if index in self.kept else self.letters.get(keypoint.slug, index)

    def to_keypoint(self, keypoint: Keypoint, root: str) -> str | None:
        """The link to a keypoint's page, or to its place in the index."""
        uri, anchor = self.place(keypoint)
        return self.to(uri, root) + anchor if uri else None

    def badge(self, written: str, page_uri: str) -> Badge:
        """The badge of a keypoint on a page, its link as MkDocs wants links in Markdown; `counted` adds the number of papers."""
        keypoint = self.library.keypoint(written)
        if keypoint is None:  # another plugin brought it in after the index was made
            return Badge(written, None)
        folder = posixpath.dirname(page_uri)
        key = (folder, keypoint.slug)
        if key not in self._badges:
            uri, anchor = self.place(keypoint)
            href = f"{quote(posixpath.relpath(uri, folder or '.'))}{anchor}" if uri else None
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
        return with_longer_titles(content, lambda href: self._counts.get(_last_part(href), ""))


def to_root(url: str) -> str:
    """The way from a page, by its address, to the site's root, ending in `/`."""
    return "../" * sum(part not in ("", ".") for part in url.split("/")[:-1]) or "./"


def _last_part(url: str) -> str:
    """The last part of an address without a `/` or suffix at its end, or its fragment with its `#`."""
    before, sign, fragment = url.partition("#")
    return sign + fragment if sign else before.removesuffix("/").removesuffix(".html").rpartition("/")[2]
