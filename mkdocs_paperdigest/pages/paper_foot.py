"""What stands below each paper on its page: related papers, and links to the paper itself.

It is put in when the page is written, behind the search plugins: what it says is found at its own place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mkdocs.structure.pages import Page

from ..paper import Paper
from .links import Links, to_root
from .lists import Lists
from .templates import Templates

MOST_SHARED = 3
"""How many of the keypoints that two papers share are named: the rarest."""

_SECTION = re.compile(r"<(/?)section\b([^>]*)>")
_ID = re.compile(r'\sid="([^"]*)"')


class Feet:
    """The feet of all papers. `related` has what is related to each, by its id."""

    def __init__(self, related: Mapping[str, Sequence[Any]], links: Links, lists: Lists, templates: Templates) -> None:
        self._related = related
        self._links = links
        self._lists = lists
        self._templates = templates

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
            paper = known.pop(html.unescape(heading[1]), None) if heading else None
            if paper:
                parts += [content[end : tag.start()], self._html(paper, root)]
                end = tag.start()
        return "".join([*parts, content[end:]])

    def _html(self, paper: Paper, root: str) -> str:
        words = self._templates.words
        related = [
            {
                "title": self._lists.title(one.paper),
                "url": self._links.to_paper(one.paper, root),
                "month": words.month(one.paper.month) if one.paper.month else None,
                "shared": [keypoint.label for keypoint in one.shared[:MOST_SHARED]],
                "more": max(len(one.shared) - MOST_SHARED, 0),
            }
            for one in self._related.get(paper.id, ())
        ]
        return self._templates.render("foot.html", anchor=paper.anchor, related=related)
