"""The footer of each paper on its page: related papers, its citation, and links to the paper itself.

It is put in when the page is written, after the search plugins: its texts are found where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from urllib.parse import quote

from markupsafe import escape

from ..exports import bibtex_entry, citation, reference
from ..library import Related
from ..markdown_extension import paper_sections
from ..records import Paper
from .paper_lists import Lists
from .stencil import Stencil, placeholders
from .templating import Templates

MOST_SHARED = 3  # how many of the keypoints that two papers share are named: the rarest


@dataclass
class PaperFooters:
    """The footers of all papers; `related` has what is related to each by its id."""

    related: Mapping[str, Sequence[Related]]
    lists: Lists
    templates: Templates
    cited: bool
    _stencils: dict[tuple[tuple[bool, int, int], ...], Stencil] = field(default_factory=dict)

    @cached_property
    def _is_own(self) -> bool:
        return self.templates.is_own("foot.html")  # that of a site may do anything with what it is given

    def fill(self, content: str, papers: Iterable[Paper], root: str) -> str:
        parts: list[str] = []
        end = 0
        for paper, _, close in paper_sections(content, papers):
            parts += [content[end:close], self._also_in(paper, root), self._html(paper, root)]
            end = close
        return "".join([*parts, content[end:]])

    def _also_in(self, paper: Paper, root: str) -> str:
        places = [
            {"name": name, "url": self.lists.links.to_paper(record, root)} for name, record in self.lists.places(paper)
        ]
        return self.templates.render("also-in.html", places=places) if places else ""

    def _html(self, paper: Paper, root: str) -> str:
        related = self.related.get(self.lists.library.same_as.get(paper.id, paper.id), ())
        shape = tuple(
            (one.paper.month is not None, len(one.shared[:MOST_SHARED]), max(len(one.shared) - MOST_SHARED, 0))
            for one in related
        )
        values = [paper.anchor]
        if self.cited:  # the citation is that of the first record, and what others know
            cited = citation(self.lists.library.cited(paper))
            values += [reference(cited), bibtex_entry(cited)]
        for one in related:
            month = self.templates.words.month(one.paper.month) if one.paper.month else ""
            values += [self.lists.title(one.paper), self.lists.links.to_paper(one.paper, root), month]
            values += [keypoint.label for keypoint in one.shared[:MOST_SHARED]]
        if not self._is_own:
            return self._render(shape, values)
        if shape not in self._stencils:
            names = placeholders(len(values))
            self._stencils[shape] = Stencil(self._render(shape, names), names)
        return self._stencils[shape].filled([quote(paper.anchor), *(str(escape(value)) for value in values[1:])])

    def _render(self, shape: Iterable[tuple[bool, int, int]], values: Iterable[str]) -> str:
        """A footer from its texts in order; for each related paper `shape` tells if it has a month, and how many labels are shared and left out."""
        given = iter(values)
        anchor = next(given)
        cited = {"reference": next(given), "bibtex": next(given)} if self.cited else None
        related = []
        for is_dated, shared, more in shape:
            title, url, month = islice(given, 3)
            related.append(
                {
                    "title": title,
                    "url": url,
                    "month": month if is_dated else None,
                    "shared": list(islice(given, shared)),
                    "more": more,
                }
            )
        return self.templates.render("foot.html", anchor=anchor, citation=cited, related=related)
