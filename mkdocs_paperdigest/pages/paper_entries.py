"""The entries of papers on the pages of keypoints: each is made once, though a paper stands on the page of each of its keypoints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape
from mkdocs.structure.pages import Page

from ..library import Keypoint
from ..records import Paper
from ..support import keypoint_key
from .paper_lists import Lists
from .site_links import to_root
from .templating import Templates

_TEMPLATES = ("entry.html", "badge.html")
_CURRENT = ' aria-current="{}"'
_COUNT = "pd0count0pd"
_VALUE = "pd0value{}pd"  # as it is wherever it is put, in an address too
_VALUES = re.compile(_VALUE.format(r"(\d+)"))
_ENTRY, _BADGE, _HUE, _FORMULA, _ALSO = 180, 84, 26, 20, 60
"""How many bytes an entry and a badge have besides names and addresses, a badge with a colour has more, each end of a formula, and each other digest."""


@dataclass
class EntriesOfMonth:
    """Papers of a month on the page of a keypoint, as its template wants them. `former` is the id that the month had before."""

    id: str
    former: str | None
    name: str
    papers: Sequence[Paper]
    page: Page
    keypoint: Keypoint
    source: Entries

    @property
    def count(self) -> int:
        """How many papers there are."""
        return len(self.papers)

    @cached_property
    def html(self) -> Markup:
        """The entries as `entry.html` gives them."""
        return self.source.html(self.papers, self.page, self.keypoint)

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The entries for templates that show them in another way."""
        return self.source.lists.entries(self.papers, self.page, self.keypoint)


class Entries:
    """Makes and keeps the HTML of entries."""

    def __init__(self, lists: Lists, templates: Templates) -> None:
        self.lists = lists
        self._templates = templates
        self._made: dict[str, str] = {}
        self._badges: dict[str, str] = {}
        self._forms: dict[tuple[bool, bool, int], list[str]] = {}
        self._counted: dict[str, list[str]] = {}
        self._root: str | None = None
        self._sizes: dict[str, int] = {}
        self._badge_sizes: dict[str, int] = {}
        # What the templates of a site do with the current keypoint nobody knows.
        self._kept = all(templates.is_own(name) for name in _TEMPLATES)

    def html(self, papers: Sequence[Paper], page: Page, current: Keypoint) -> Markup:
        """The entries of papers on the page of a keypoint."""
        if not self._kept:
            entries = self.lists.entries(papers, page, current)
            return Markup("".join(self._entry(entry) for entry in entries))  # noqa: S704 - made by a template
        links = self.lists.links
        root = to_root(page.file)
        first = self._root = self._root or root
        kind = "page" if page.url == links.url(links.keypoint_uri(current) or "") else "true"
        address, mark = f' href="{escape(links.to_keypoint(current, page) or "")}"', _CURRENT.format(kind)
        parts = []
        for paper in papers:
            made = self._made.get(paper.id)
            if made is None:
                made = self._made[paper.id] = self._filled(paper, page, first)
            made = _moved(made, first, root)
            parts.append(made.replace(f"{address}>", f"{address}{mark}>"))
        return Markup("".join(parts))  # noqa: S704 - made by a template

    def counted(self, keypoint: Keypoint, count: int, page: Page) -> dict[str, Any]:
        """The badge of a keypoint with a count of its own, on the page of another."""
        badge = {**self.lists.badge(keypoint, page), "count": count, "below": 0}
        if not self._kept:
            return badge
        root = to_root(page.file)
        first = self._root = self._root or root
        form = self._counted.get(keypoint.slug)
        if form is None:
            made = _moved(self._templates.render("badge.html", badge={**badge, "count": _COUNT}), root, first)
            form = self._counted[keypoint.slug] = made.split(_COUNT)
        return {**badge, "html": Markup(_moved(str(count).join(form), first, root))}  # noqa: S704 - made by a template

    def size(self, paper: Paper) -> int:
        """How many bytes an entry may have, estimated before it can be made: rather too many than too few."""
        if paper.id not in self._sizes:
            named = sum(self._badge_size(written) for written in paper.keypoints or ())
            texts = (
                _size(paper.title)
                + _size(paper.category or "")
                + _ALSO * len(self.lists.library.also_in.get(paper.id, ()))
            )
            self._sizes[paper.id] = (
                _ENTRY + named + texts + _FORMULA * paper.title.count("$") + len(quote(f"{paper.path}{paper.anchor}"))
            )
        return self._sizes[paper.id]

    def _badge_size(self, written: str) -> int:
        if written not in self._badge_sizes:
            keypoint = self.lists.library.by_key[keypoint_key(written)]
            slug = quote(self.lists.links.keypoint_uri(keypoint) or "")
            self._badge_sizes[written] = (
                _BADGE + (0 if keypoint.hue is None else _HUE) + _size(written) + _size(keypoint.label) + len(slug)
            )
        return self._badge_sizes[written]

    def _filled(self, paper: Paper, page: Page, root: str) -> str:
        """An entry in a form that was rendered once for all with the same number of badges."""
        links, written = self.lists.links, paper.keypoints or ()
        also = self.lists.also_in(paper)
        shape = (bool(paper.category), bool(also), len(written))
        if shape not in self._forms:
            url, title, category, said, *badges = (_VALUE.format(number) for number in range(len(written) + 4))
            form = self._entry(
                {
                    "url": url,
                    "title": title,
                    "category": category if paper.category else None,
                    "month": paper.month,
                    "also": said if also else None,
                    "badges": [{"html": badge} for badge in badges],
                }
            )
            self._forms[shape] = _VALUES.split(form)
        texts = (links.to_paper(paper, root), self.lists.title(paper), paper.category or "", also or "")
        values = [*map(str, map(escape, texts)), *(self._badge(name, page) for name in written)]
        return "".join(values[int(part)] if n % 2 else part for n, part in enumerate(self._forms[shape]))

    def _badge(self, written: str, page: Page) -> str:
        """A badge as it stands in all entries: their links lead by the root of the first page."""
        if written not in self._badges:
            badge = self.lists.entry_badge(written, page)
            made = self._templates.render("badge.html", badge=badge)
            self._badges[written] = _moved(made, to_root(page.file), self._root or "")
        return self._badges[written]

    def _entry(self, entry: dict[str, Any]) -> str:
        return self._templates.render("entry.html", entry=entry, show_month=False)


def _moved(entry: str, root: str, to: str) -> str:
    """An entry for a page from which `to` leads to the site's root; all of its links lead by the root."""
    return entry if root == to else entry.replace(f' href="{root}', f' href="{to}')


def _size(text: str) -> int:
    return len(escape(text).encode())
