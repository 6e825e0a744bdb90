"""Plain text and links as Markdown that CommonMark and Python-Markdown read alike, and where the pages of a site are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote

from ..collection import PageAddresses, SiteOptions
from ..languages import Words
from ..library import Keypoint
from ..records import Paper

HOME = "index.md"  # the path of the home page

# A backslash before these means the character itself to every reader; the others are mathematics, tables, templates or marks to some.
_OPENS_BLOCK = re.compile(r"[-+=:/?]|(?<=\d)[.)]")
_BEGIN = re.compile(r"\d*.", re.DOTALL)
_SPECIAL = re.compile(r"[\\`*_\[\]#!]|([<>&~$|^{}])|(==|:(?=[\w+-]+:))")


@dataclass(frozen=True)
class Layout:
    """Where pages are. `own` are the paths of the files that the source has: where it has a page, none is made, and links lead to it."""

    addresses: PageAddresses
    options: SiteOptions
    own: frozenset[str]

    @cached_property
    def _pages(self) -> dict[str, str]:
        return {self.addresses.file(path): path for path in sorted(self.own)}

    def own_page(self, path: str) -> str | None:
        """The source's own page where one of this path would be built, None if there is none."""
        return self._pages.get(self.addresses.file(path))

    def keypoint(self, keypoint: Keypoint) -> str | None:
        pages = self.options.keypoint_pages
        return f"{pages}/{keypoint.slug}.md" if pages else None

    def month(self, month: str | None) -> str | None:
        """The path of a month's page; None for `month` is that of the papers without one."""
        months = self.options.months
        return posixpath.join(posixpath.dirname(months), f"{month or 'without-month'}.md") if months else None

    def to_keypoint(self, keypoint: Keypoint, start: str) -> str | None:
        """The address of a keypoint's page from the page `start`; None without such pages."""
        path = self.keypoint(keypoint)
        return address(start, self.own_page(path) or path) if path else None


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The links on the page `start`, as Markdown; only the name of a page that no site of these options has."""

    layout: Layout
    words: Words
    start: str

    def page(self, text: str, path: str | None) -> str:
        return link(text, address(self.start, self.layout.own_page(path) or path)) if path else escaped(text)

    def keypoint(self, keypoint: Keypoint) -> str:
        return self.page(keypoint.label, self.layout.keypoint(keypoint))

    def keypoints(self, keypoints: Iterable[Keypoint]) -> list[str]:
        return [self.keypoint(keypoint) for keypoint in keypoints]

    def month(self, month: str | None) -> str:
        return self.page(self.words.month(month), self.layout.month(month))

    def paper(self, text: str, paper: Paper) -> str:
        return link(text, address(self.start, paper.path, paper.anchor))

    def file(self, text: str, path: str) -> str:
        return link(text, address(self.start, path))


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it, on one line; not for the begin of a line, which is that of `escaped_line`."""
    return _SPECIAL.sub(lambda m: _entity(m) if m[1] or m[2] else f"\\{m[0]}", " ".join(text.split()))


def escaped_line(text: str) -> str:
    """The same for the begin of a line, where a number or a `-` would open a list."""
    return _BEGIN.sub(lambda begin: _OPENS_BLOCK.sub(_entity, begin[0]), escaped(text), count=1)


def _entity(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in match[0])


def address(start: str, to: str, fragment: str = "") -> str:
    """The relative address from file `start` to file `to`, percent-encoded as its fragment is, which may be in any script."""
    return _path(posixpath.dirname(start) or ".", to) + (f"#{quote(fragment, safe='')}" if fragment else "")


@lru_cache(100_000)  # thousands of pages in one folder lead to each other
def _path(folder: str, to: str) -> str:
    return quote(posixpath.relpath(to, folder))


def link(text: str, target: str) -> str:
    return f"[{escaped(text)}]({target})"
