"""What stands below each paper on its page: related papers, its citation, and links to the paper itself.

It is put in when the page is written, behind the search plugins: what it says is found at its own place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

from markupsafe import escape
from mkdocs.structure.pages import Page

from ..exports import bibtex_entry, citation, reference
from ..markdown_extension import paper_sections
from ..records import Paper
from .paper_lists import Lists
from .site_links import Links, to_root
from .templating import Templates

MOST_SHARED = 3
"""How many of the keypoints that two papers share are named: the rarest."""

_VALUE = "pd0value{}pd"  # as it is wherever it is put, in an address too
_VALUES = re.compile(_VALUE.format(r"(\d+)"))


class Feet:
    """The feet of all papers. `related` has what is related to each, by its id; `cited` says whether they have citations."""

    def __init__(
        self,
        related: Mapping[str, Sequence[Any]],
        links: Links,
        lists: Lists,
        templates: Templates,
        *,
        cited: bool = True,
    ) -> None:
        self._related = related
        self._cited = cited
        self._links = links
        self._lists = lists
        self._templates = templates
        # What a template of a site does with what it is given nobody knows.
        self._is_own = templates.is_own("foot.html")
        self._forms: dict[tuple[tuple[bool, int, int], ...], list[str]] = {}
        self._shown: dict[tuple[str, str], tuple[str, str, str]] = {}

    def fill(self, content: str, papers: Iterable[Paper], page: Page) -> str:
        """The content of a page with a foot at the end of each of its papers."""
        root = to_root(page.file)
        parts: list[str] = []
        end = 0
        for paper, _, close in paper_sections(content, papers):
            parts += [content[end:close], self._also_in(paper, root), self._html(paper, root)]
            end = close
        return "".join([*parts, content[end:]])

    def _also_in(self, paper: Paper, root: str) -> str:
        """Where else a paper stands; "" for most."""
        places = [
            {"name": name, "url": self._links.to_paper(record, root)} for name, record in self._lists.places(paper)
        ]
        return self._templates.render("also-in.html", places=places) if places else ""

    def _html(self, paper: Paper, root: str) -> str:
        related = self._related.get(self._lists.library.same_as.get(paper.id, paper.id), ())
        shared = [[keypoint.label for keypoint in one.shared[:MOST_SHARED]] for one in related]
        more = [max(len(one.shared) - MOST_SHARED, 0) for one in related]
        if not self._is_own:
            shown = [self._show(one.paper, root) for one in related]
            return self._render(paper.anchor, self._cite(paper), shown, shared, more)
        shape = tuple(
            (one.paper.month is not None, len(own), n) for one, own, n in zip(related, shared, more, strict=True)
        )
        if shape not in self._forms:
            self._forms[shape] = self._form(shape)
        values = [_written(text) for text in (quote(paper.anchor), *self._cite(paper))]
        for one, labels in zip(related, shared, strict=True):
            key = (root, one.paper.id)
            if key not in self._shown:
                title, url, month = map(_written, self._show(one.paper, root))
                self._shown[key] = (title, url, month)
            values += [*self._shown[key], *map(_written, labels)]
        form = self._forms[shape]
        return "".join(values[int(part)] if number % 2 else part for number, part in enumerate(form))

    def _cite(self, paper: Paper) -> Sequence[str]:
        """A paper as a reference and as an entry of BibTeX, that of its first record, and what others know; nothing if the site has no citations."""
        if not self._cited:
            return ()
        cited = citation(self._lists.library.cited(paper))
        return reference(cited), bibtex_entry(cited)

    def _show(self, paper: Paper, root: str) -> tuple[str, str, str]:
        month = self._templates.words.month(paper.month) if paper.month else ""
        return self._lists.title(paper), self._links.to_paper(paper, root), month

    def _form(self, shape: Sequence[tuple[bool, int, int]]) -> list[str]:
        """A foot with the numbers of the values that stand in it, every other part: rendered once for all of the same shape."""
        number = count()
        anchor, *cited = (_VALUE.format(next(number)) for _ in range(3 if self._cited else 1))
        signs = ((_VALUE.format(next(number)) for _ in range(3 + labels)) for _, labels, _ in shape)
        shown, shared = [], []
        for (dated, _, _), (title, url, month, *labels) in zip(shape, map(list, signs), strict=True):
            shown.append((title, url, month if dated else ""))
            shared.append(labels)
        return _VALUES.split(self._render(anchor, cited, shown, shared, [more for _, _, more in shape]))

    def _render(
        self,
        anchor: str,
        cited: Sequence[str],
        shown: Sequence[tuple[str, str, str]],
        shared: Sequence[Sequence[str]],
        more: Sequence[int],
    ) -> str:
        related = [
            {"title": title, "url": url, "month": month or None, "shared": labels, "more": n}
            for (title, url, month), labels, n in zip(shown, shared, more, strict=True)
        ]
        own = dict(zip(("reference", "bibtex"), cited, strict=True)) if cited else None
        return self._templates.render("foot.html", anchor=anchor, citation=own, related=related)


def _written(text: str) -> str:
    """A text as a template writes it."""
    return str(escape(text))
