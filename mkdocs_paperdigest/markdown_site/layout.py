"""Where the pages of a Markdown site are, as paths in its folder, and the links between them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property

from ..collection import PageAddresses, SiteOptions
from ..library import Keypoint
from ..records import Paper
from .markdown_text import address, escaped, link


@dataclass(frozen=True)
class Layout:
    """Where pages are. `own` are the paths of the files that the source has: where it has a page, none is made, and links lead to it."""

    addresses: PageAddresses
    options: SiteOptions
    own: frozenset[str]
    _targets: dict[tuple[str, str], str] = field(default_factory=dict)

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

    def to(self, path: str, start: str) -> str:
        key = (posixpath.dirname(start), path)
        if key not in self._targets:
            self._targets[key] = address(start, self.own_page(path) or path)
        return self._targets[key]

    def to_keypoint(self, keypoint: Keypoint, start: str) -> str | None:
        """The address of a keypoint's page from the page `start`; None without such pages."""
        path = self.keypoint(keypoint)
        return self.to(path, start) if path else None

    def to_paper(self, paper: Paper, start: str) -> str:
        return address(start, paper.path, paper.anchor)

    def linked(self, text: str, path: str | None, start: str) -> str:
        return link(text, self.to(path, start)) if path else escaped(text)
