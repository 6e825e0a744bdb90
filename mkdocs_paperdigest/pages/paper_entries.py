"""The entries of papers on the pages of keypoints: each is made once, though a paper is on the page of each of its keypoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from ..library import Keypoint
from ..records import Paper
from ..support import keypoint_key
from .paper_lists import Lists, html_size
from .stencil import Stencil, placeholders
from .templating import Templates

_TEMPLATES = ("entry.html", "badge.html")
_ROOT = "pd0root0pd"  # what entries have in place of the way to the site's root, which is not the same on all pages
_ENTRY, _FORMULA, _ALSO = 180, 20, 60
"""How many bytes an entry has besides names, addresses and badges, and each end of a formula and each other digest in it."""


@dataclass
class EntriesOfMonth:
    """Papers of a month for `keypoint.html`: `former` is the earlier id of the month, `current` the `aria-current` of the keypoint's badges."""

    id: str
    former: str | None
    name: str
    papers: Sequence[Paper]
    keypoint: Keypoint
    root: str
    current: str
    source: Entries

    @property
    def count(self) -> int:
        return len(self.papers)

    @cached_property
    def html(self) -> Markup:
        return self.source.html(self.papers, self.keypoint, self.root, self.current)

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        return self.source.lists.entries(self.papers, self.root, self.keypoint)


class Entries:
    def __init__(self, lists: Lists, templates: Templates) -> None:
        self.lists = lists
        self._templates = templates
        self._made: dict[str, str] = {}
        self._badges: dict[str, str] = {}
        self._stencils: dict[tuple[bool, bool, int], Stencil] = {}
        self._counted: dict[str, Stencil] = {}
        self._sizes: dict[str, int] = {}
        self._badge_sizes: dict[str, int] = {}
        # A site's own templates may do anything with the current keypoint.
        self._kept = all(templates.is_own(name) for name in _TEMPLATES)

    def html(self, papers: Sequence[Paper], keypoint: Keypoint, root: str, current: str) -> Markup:
        """The entries of papers on a page of a keypoint; `current` is the `aria-current` of its badges."""
        if not self._kept:
            entries = self.lists.entries(papers, root, keypoint)
            return Markup("".join(self._entry(entry) for entry in entries))  # noqa: S704 - made by a template
        address = f' href="{escape(self.lists.links.to_keypoint(keypoint, root) or "")}"'
        parts = []
        for paper in papers:
            made = self._made.get(paper.id)
            if made is None:
                made = self._made[paper.id] = self._filled(paper)
            parts.append(_from(root, made).replace(f"{address}>", f'{address} aria-current="{current}">'))
        return Markup("".join(parts))  # noqa: S704 - made by a template

    def counted(self, keypoint: Keypoint, count: int, root: str) -> dict[str, Any]:
        badge = {**self.lists.badge(keypoint, root), "count": count, "below": 0}
        if not self._kept:
            return badge
        if keypoint.slug not in self._counted:
            (number,) = placeholders(1)
            form = {**self.lists.badge(keypoint, _ROOT), "count": number, "below": 0}
            self._counted[keypoint.slug] = Stencil(self._templates.render("badge.html", badge=form), [number])
        made = _from(root, self._counted[keypoint.slug].filled([str(count)]))
        return {**badge, "html": Markup(made)}  # noqa: S704 - made by a template

    def size(self, paper: Paper) -> int:
        """How many bytes an entry may have, estimated before it can be made: rather too many than too few."""
        if paper.id not in self._sizes:
            texts = html_size(paper.title) + html_size(paper.category or "") + _FORMULA * paper.title.count("$")
            also = _ALSO * len(self.lists.library.also_in.get(paper.id, ()))
            badges = sum(map(self._badge_size, paper.keypoints or ()))
            self._sizes[paper.id] = _ENTRY + texts + also + badges + len(quote(f"{paper.path}{paper.anchor}"))
        return self._sizes[paper.id]

    def _badge_size(self, written: str) -> int:
        if written not in self._badge_sizes:
            keypoint = self.lists.library.by_key[keypoint_key(written)]
            self._badge_sizes[written] = self.lists.badge_size(keypoint, written)
        return self._badge_sizes[written]

    def _filled(self, paper: Paper) -> str:
        """An entry in a form that was rendered once for all with the same number of badges."""
        written, also = paper.keypoints or (), self.lists.also_in(paper)
        shape = (bool(paper.category), bool(also), len(written))
        if shape not in self._stencils:
            names = placeholders(len(written) + 4)
            form = {
                "url": names[0],
                "title": names[1],
                "category": names[2] if paper.category else None,
                "month": paper.month,
                "also": names[3] if also else None,
                "badges": [{"html": name} for name in names[4:]],
            }
            self._stencils[shape] = Stencil(self._entry(form), names)
        texts = (self.lists.links.to_paper(paper, _ROOT), self.lists.title(paper), paper.category or "", also or "")
        return self._stencils[shape].filled([*map(str, map(escape, texts)), *map(self._badge, written)])

    def _badge(self, written: str) -> str:
        if written not in self._badges:
            badge = self.lists.entry_badge(written, _ROOT)
            self._badges[written] = self._templates.render("badge.html", badge=badge)
        return self._badges[written]

    def _entry(self, entry: dict[str, Any]) -> str:
        return self._templates.render("entry.html", entry=entry, show_month=False)


def _from(root: str, made: str) -> str:
    """What was made, for a page from which `root` leads to the site's root; only links have the placeholder of the root."""
    return made.replace(f' href="{_ROOT}', f' href="{root}')
