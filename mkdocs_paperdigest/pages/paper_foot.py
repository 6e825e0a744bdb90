"""What stands below each paper on its page: related papers, and links to the paper itself.

It is put in when the page is written, behind the search plugins: what it says is found at its own place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import quote

from markupsafe import escape
from mkdocs.structure.pages import Page

from ..paper import Paper
from .links import Links, to_root
from .lists import Lists
from .templates import Templates

MOST_SHARED = 3
"""How many of the keypoints that two papers share are named: the rarest."""

_VALUE = "pd0value{}pd"  # as it is wherever it is put, in an address too
_VALUES = re.compile(_VALUE.format(r"(\d+)"))

_SECTION = re.compile(r"<(/?)section\b([^>]*)>")
_ID = re.compile(r'\sid="([^"]*)"')


class Feet:
    """The feet of all papers. `related` has what is related to each, by its id."""

    def __init__(self, related: Mapping[str, Sequence[Any]], links: Links, lists: Lists, templates: Templates) -> None:
        self._related = related
        self._links = links
        self._lists = lists
        self._templates = templates
        # What a template of a site does with what it is given nobody knows.
        self._is_own = templates.is_own("foot.html")
        self._forms: dict[tuple[tuple[bool, int, int], ...], list[str]] = {}
        self._shown: dict[tuple[str, str], tuple[str, str, str]] = {}

    def fill(self, content: str, papers: Iterable[Paper], page: Page) -> str:
        """The content of a page with a foot at the end of each of its papers."""
        known = {paper.anchor: paper for paper in papers}
        root = to_root(page.file)
        parts: list[str] = []
        opened: list[int] = []
        end = 0
        for tag in _SECTION.finditer(content):
            if not tag[1]:
                opened.append(tag.end() if "pd-paper" in tag[2] else 0)
                continue
            start = opened.pop() if opened else 0
            heading = _ID.search(content, start, tag.start()) if start else None
            paper = known.pop(unescape(heading[1]), None) if heading else None
            if paper:
                parts += [content[end : tag.start()], self._html(paper, root)]
                end = tag.start()
        return "".join([*parts, content[end:]])

    def _html(self, paper: Paper, root: str) -> str:
        related = self._related.get(paper.id, ())
        shared = [[keypoint.label for keypoint in one.shared[:MOST_SHARED]] for one in related]
        more = [max(len(one.shared) - MOST_SHARED, 0) for one in related]
        if not self._is_own:
            shown = [self._show(one.paper, root) for one in related]
            return self._render(paper.anchor, shown, shared, more)
        shape = tuple(
            (one.paper.month is not None, len(own), n) for one, own, n in zip(related, shared, more, strict=True)
        )
        if shape not in self._forms:
            self._forms[shape] = self._form(shape)
        values = [_written(quote(paper.anchor))]
        for one, labels in zip(related, shared, strict=True):
            key = (root, one.paper.id)
            if key not in self._shown:
                title, url, month = map(_written, self._show(one.paper, root))
                self._shown[key] = (title, url, month)
            values += [*self._shown[key], *map(_written, labels)]
        form = self._forms[shape]
        return "".join(values[int(part)] if number % 2 else part for number, part in enumerate(form))

    def _show(self, paper: Paper, root: str) -> tuple[str, str, str]:
        month = self._templates.words.month(paper.month) if paper.month else ""
        return self._lists.title(paper), self._links.to_paper(paper, root), month

    def _form(self, shape: Sequence[tuple[bool, int, int]]) -> list[str]:
        """A foot with the numbers of the values that stand in it, every other part: rendered once for all of the same shape."""
        number = count(1)
        signs = ((_VALUE.format(next(number)) for _ in range(3 + labels)) for _, labels, _ in shape)
        shown, shared = [], []
        for (dated, _, _), (title, url, month, *labels) in zip(shape, map(list, signs), strict=True):
            shown.append((title, url, month if dated else ""))
            shared.append(labels)
        return _VALUES.split(self._render(_VALUE.format(0), shown, shared, [more for _, _, more in shape]))

    def _render(
        self,
        anchor: str,
        shown: Sequence[tuple[str, str, str]],
        shared: Sequence[Sequence[str]],
        more: Sequence[int],
    ) -> str:
        related = [
            {"title": title, "url": url, "month": month or None, "shared": labels, "more": n}
            for (title, url, month), labels, n in zip(shown, shared, more, strict=True)
        ]
        return self._templates.render("foot.html", anchor=anchor, related=related)


def _written(text: str) -> str:
    """A text as a template writes it."""
    return str(escape(text))
