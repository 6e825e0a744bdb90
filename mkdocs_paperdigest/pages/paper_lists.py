"""Papers and keypoints as the templates want them: badges, entries in lists, and the footers of papers on their pages."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from ..exports import bibtex_entry, citation, reference
from ..library import Keypoint, Library, Related
from ..markdown_extension import paper_sections, sanitised
from ..reader import MATH_PATTERN
from ..records import Paper
from ..support import keypoint_key
from .page_links import Links
from .templating import Templates

_BADGE, _HUE = 84, 26  # how many bytes a badge has besides its names and its address, and how many more with a colour
_ENTRY, _FORMULA, _ALSO = 180, 20, 60
"""How many bytes an entry has besides names, addresses and badges, and each end of a formula and each other digest in it."""
_MOST_SHARED = 3  # how many of the keypoints that two papers share are named: the rarest
_OF_ENTRIES = ("entry.html", "badge.html", "keypoint.html", "keypoint-months.html", "keypoint-part.html")
_ROOT = "pd0root0pd"  # what entries have in place of the way to the site's root, which is not the same on all pages


class Lists:
    """The entries of papers and the badges of keypoints on generated pages; `draws_formulas` as pymdownx.arithmatex has it (`generic`)."""

    def __init__(self, links: Links, templates: Templates, *, draws_formulas: bool) -> None:
        self.library = links.library
        self.links = links
        self.templates = templates
        self.words = templates.words
        self._draws_formulas = draws_formulas

    # -- keypoints

    def badges(self, keypoints: Iterable[Keypoint], root: str) -> list[dict[str, Any]]:
        return [self.badge(keypoint, root) for keypoint in keypoints]

    def badge(self, keypoint: Keypoint, root: str, count: int | None = None) -> dict[str, Any]:
        """A badge in a list of keypoints; `count` is of some papers only, else the keypoint's own."""
        return {
            **self.name(keypoint, root),
            "count": keypoint.count if count is None else count,
            "below": keypoint.below if count is None and keypoint.children else 0,
            "id": keypoint.slug,
            "newest": keypoint.months[0][0] if keypoint.months else None,
        }

    def name(self, keypoint: Keypoint, root: str) -> dict[str, Any]:
        """A badge without numbers."""
        return {
            "name": keypoint.label,
            "title": self.links.title(keypoint),
            "url": self.links.to_keypoint(keypoint, root),
            "hue": keypoint.hue,
        }

    def badge_size(self, keypoint: Keypoint, name: str) -> int:
        """How many bytes the badge of a keypoint takes, estimated before it can be made: rather too many than too few."""
        address = self.links.keypoint_uri(keypoint) or self.links.options.keypoint_index or ""
        hue = 0 if keypoint.hue is None else _HUE
        return _BADGE + hue + html_size(name) + html_size(keypoint.label) + len(quote(address))

    # -- papers

    def entries(
        self, papers: Iterable[Paper], root: str, of: Keypoint | None = None, current: str = ""
    ) -> list[dict[str, Any]]:
        """Entries of papers; `current` is the `aria-current` of the badges of the keypoint whose page they are on."""
        return [
            self.entry(paper, root, [self.entry_badge(written, root, of, current) for written in paper.keypoints or ()])
            for paper in papers
        ]

    def entry(self, paper: Paper, root: str, badges: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {
            "title": self.title(paper),
            "url": self.links.to_paper(paper, root),
            "category": paper.category,
            "month": paper.month,
            "also": self._also_in(paper),
            "badges": badges,
        }

    def entry_badge(self, written: str, root: str, of: Keypoint | None = None, current: str = "") -> dict[str, Any]:
        keypoint = self.library.by_key[keypoint_key(written)]
        own = {"name": written, "slug": keypoint.slug, "current": current if of and keypoint.slug == of.slug else ""}
        return {**self.name(keypoint, root), **own}

    def places(self, paper: Paper) -> list[tuple[str, Paper]]:
        """The other digests that have a paper, by their months if these tell them apart, else by their names; each with its record."""
        return [
            (self.words.month(record.month) if by_month else self.links.name(record.path), record)
            for record, by_month in self.library.other_digests(paper)
        ]

    def _also_in(self, paper: Paper) -> str | None:
        names = self.words("comma").join(name for name, _ in self.places(paper))
        return self.words("also_in", names=names) if names else None

    def title(self, paper: Paper) -> str:
        """The title of a paper, its formulas as pymdownx.arithmatex marks them, if the site draws them."""
        text = paper.title or self.words("untitled")
        if "$" not in text or not self._draws_formulas:
            return text
        parts = re.split(f"({MATH_PATTERN})", text)
        shown = (
            f'<span class="arithmatex">\\({html.escape(part.strip("$"))}\\)</span>' if n % 2 else html.escape(part)
            for n, part in enumerate(parts)
        )
        return Markup(sanitised("".join(shown)))  # noqa: S704 - sanitised


class Entries:
    """The entries of papers on pages of keypoints: each is made once, though a paper is on the page of each of its keypoints."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self._made: dict[str, str] = {}
        self._badges: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._is_own = all(map(lists.templates.is_own, _OF_ENTRIES))

    def shown(self, papers: Sequence[Paper], keypoint: Keypoint, root: str, current: str) -> dict[str, Any]:
        """The HTML of the entries of papers on a page of a keypoint; `current` is the `aria-current` of its badges.

        Templates of a site may do anything with the current keypoint and with what the HTML is made of, so they are given that, too.
        """
        if self._is_own:
            return {"html": self.html(papers, keypoint, root, current)}
        entries = self.lists.entries(papers, root, keypoint, current)
        return {"html": Markup("".join(map(self._entry, entries))), "entries": entries}  # noqa: S704 - made by a template

    def html(self, papers: Sequence[Paper], keypoint: Keypoint, root: str, current: str) -> Markup:
        address = f' href="{escape(self.lists.links.to_keypoint(keypoint, root) or "")}"'
        parts = []
        for paper in papers:
            if paper.id not in self._made:
                badges = [{"html": self._badge(written)} for written in paper.keypoints or ()]
                self._made[paper.id] = self._entry(self.lists.entry(paper, _ROOT, badges))
            # Only links have the placeholder of the root.
            made = self._made[paper.id].replace(f' href="{_ROOT}', f' href="{root}')
            parts.append(made.replace(f"{address}>", f'{address} aria-current="{current}">'))
        return Markup("".join(parts))  # noqa: S704 - made by a template

    def _badge(self, written: str) -> str:
        if written not in self._badges:
            badge = self.lists.entry_badge(written, _ROOT)
            self._badges[written] = self.lists.templates.render("badge.html", badge=badge)
        return self._badges[written]

    def _entry(self, entry: dict[str, Any]) -> str:
        return self.lists.templates.render("entry.html", entry=entry, show_month=False)

    def size(self, paper: Paper) -> int:
        """How many bytes an entry may have, estimated before it can be made: rather too many than too few."""
        if paper.id not in self._sizes:
            library = self.lists.library
            texts = html_size(paper.title) + html_size(paper.category or "") + _FORMULA * paper.title.count("$")
            also = _ALSO * len(library.also_in.get(paper.id, ()))
            badges = sum(
                self.lists.badge_size(library.by_key[keypoint_key(written)], written)
                for written in paper.keypoints or ()
            )
            self._sizes[paper.id] = _ENTRY + texts + also + badges + len(quote(f"{paper.path}{paper.anchor}"))
        return self._sizes[paper.id]


@dataclass(frozen=True, slots=True)
class PaperFooters:
    """The footers of papers on their pages: what is `related` to each, by its id, its citation, and links to the paper itself.

    They are put in when the page is written, after the search plugins: their texts are found where they come from.
    """

    related: Mapping[str, Sequence[Related]]
    lists: Lists
    cited: bool

    def fill(self, content: str, papers: Iterable[Paper], root: str) -> str:
        parts: list[str] = []
        end = 0
        for paper, _, close in paper_sections(content, papers):
            parts += [content[end:close], self._also_in(paper, root), self._html(paper, root)]
            end = close
        return "".join([*parts, content[end:]])

    def _also_in(self, paper: Paper, root: str) -> str:
        lists = self.lists
        places = [{"name": name, "url": lists.links.to_paper(record, root)} for name, record in lists.places(paper)]
        return lists.templates.render("also-in.html", places=places) if places else ""

    def _html(self, paper: Paper, root: str) -> str:
        lists, library = self.lists, self.lists.library
        # The citation is that of the first record, and what others know.
        cited = citation(library.cited(paper)) if self.cited else None
        return lists.templates.render(
            "foot.html",
            anchor=paper.anchor,
            citation={"reference": reference(cited), "bibtex": bibtex_entry(cited)} if cited else None,
            related=[
                {
                    "title": lists.title(one.paper),
                    "url": lists.links.to_paper(one.paper, root),
                    "month": lists.words.month(one.paper.month) if one.paper.month else None,
                    "shared": [keypoint.label for keypoint in one.shared[:_MOST_SHARED]],
                    "more": max(len(one.shared) - _MOST_SHARED, 0),
                }
                for one in self.related.get(library.same_as.get(paper.id, paper.id), ())
            ],
        )


def keypoints_of(paper: Paper, library: Library) -> Collection[Keypoint]:
    """The keypoints that a paper names, each once."""
    found = map(library.keypoint, paper.keypoints or ())
    return {keypoint.slug: keypoint for keypoint in found if keypoint}.values()


def html_size(text: str) -> int:
    return len(escape(text).encode())
