"""The index of keypoints, and its pages by first letters where it has no room for all."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any
from urllib.parse import quote

from markupsafe import escape
from mkdocs.structure.pages import Page

from ..library import Branch, Hierarchy, Keypoint, Library, index_outline
from . import pagination as parts
from .pagination import numbered, packed
from .paper_lists import Lists
from .site_links import ASSETS, Links, to_root
from .templating import Templates

INDEX_DATA = f"{ASSETS}keypoints-data.js"
"""The script with the data of the index, from the site's root."""

_OTHER = "other"
_ROW, _HUE, _BELOW = 150, 26, 90
"""How many bytes a row of the index has besides names and addresses, and what it has more with a colour, and if something stands below it."""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A page with the keypoints whose names have one first letter, in order: the `number`-th of that letter, `of` several.

    `initial` is a letter from a to z, `0-9`, or `other`.
    """

    initial: str
    number: int
    of: int
    keypoints: Sequence[Keypoint]

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return numbered(self.initial, self.number)


@dataclass(frozen=True, slots=True)
class IndexPages:
    """Which keypoints stand on the index, by their slugs, and the pages by letters that have all; none if the index has all."""

    shown: Collection[str]
    letters: Sequence[LetterPage] = ()


def index_pages(library: Library, hierarchy: Hierarchy, links: Links) -> IndexPages:
    """Share the keypoints that lists show out: all on the index, or the most used there and all of them on pages by letters."""
    listed = [keypoint for keypoint in library.keypoints if keypoint.is_listed]
    sizes = {keypoint.slug: _size(keypoint, links) for keypoint in listed}
    if sum(sizes.values()) <= parts.BUDGET:
        return IndexPages(sizes.keys())
    by_name = sorted(((*_initial(keypoint.label), keypoint.slug, keypoint) for keypoint in listed), key=_in_order)
    letters: list[LetterPage] = []
    for initial, group in groupby(by_name, key=lambda item: item[0]):
        own = [item[-1] for item in group]
        need = [sizes[keypoint.slug] for keypoint in own]
        even = sum(need) // -(-sum(need) // parts.BUDGET) + max(need)  # no last page with a mere rest
        pages = list(packed(own, lambda keypoint: sizes[keypoint.slug], even))
        letters += [LetterPage(initial, number, len(pages), page) for number, page in enumerate(pages, 1)]
    return IndexPages(_most_used(listed, hierarchy, sizes), letters)


def _most_used(listed: Sequence[Keypoint], hierarchy: Hierarchy, sizes: Mapping[str, int]) -> set[str]:
    """As many keypoints as a page has room for, most used first, each with all that it stands below; none that is used once alone."""
    shown: set[str] = set()
    room = parts.BUDGET
    for keypoint in sorted(listed, key=lambda keypoint: -keypoint.below):
        way: list[str] = []
        up: Keypoint | None = keypoint
        while up and up.slug not in shown:
            way.append(up.slug)
            up = hierarchy.nearest[up.slug]
        room -= sum(sizes[slug] for slug in way)
        if room < 0 or keypoint.below < 2:
            break
        shown.update(way)
    return shown


def letter_uri(index: str, letter: LetterPage) -> str:
    """The source path that a page by letters pretends to have, beside that of the index: in a folder of its name."""
    return f"{index.removesuffix('.md')}/{letter.slug}.md"


def index_ids(pages: IndexPages) -> set[str]:
    """The anchors of the index of keypoints."""
    return {"keypoints", *_ids(pages.shown), *(("letters", "most-used") if pages.letters else ())}


def letter_ids(letter: LetterPage) -> set[str]:
    """The anchors of a page by letters."""
    return _ids([keypoint.slug for keypoint in letter.keypoints])


def letter_title(letter: LetterPage, templates: Templates) -> str:
    """What a page by letters is called."""
    words = templates.words
    title = words("index_of_letter", letter=_name(letter, templates))
    return title if letter.number == 1 else words("part_page", part=title, page=letter.number)


def keypoint_index(
    library: Library,
    hierarchy: Hierarchy,
    pages: IndexPages,
    data: str,
    lists: Lists,
    templates: Templates,
    page: Page,
) -> str:
    """The content of the index of keypoints; `data` is the text of its data, if it has not all of them."""
    links = lists.links

    def branch(one: Branch) -> dict[str, Any]:
        badge = lists.badge(one.keypoint, page)
        return {**badge, "more": one.more, "children": [branch(child) for child in one.children]}

    outline = index_outline(library, hierarchy, pages.shown)
    return templates.render(
        "keypoints.html",
        groups=[{"name": group.name, "branches": [branch(one) for one in group.branches]} for group in outline.groups],
        badges=lists.badges(outline.others, page),
        count=sum(keypoint.is_listed for keypoint in library.keypoints),
        papers=len(library.papers),
        letters=_letters(pages.letters, lists, templates, page),
        shown=len(pages.shown),
        data_url=f"{links.to(INDEX_DATA, page)}?v={sha256(data.encode()).hexdigest()[:8]}" if pages.letters else None,
        root=to_root(page.file),
        style_url=links.asset("keypoints.css", page),
        script_url=links.asset("keypoints.js", page),
    )


def letter_page(letter: LetterPage, pages: IndexPages, lists: Lists, templates: Templates, page: Page) -> str:
    """The content of a page by letters."""
    return templates.render(
        "keypoints-letter.html",
        title=letter_title(letter, templates),
        badges=lists.badges(letter.keypoints, page),
        letters=_letters(pages.letters, lists, templates, page, letter),
        index_url=lists.links.to_index(page),
    )


def _letters(
    letters: Sequence[LetterPage], lists: Lists, templates: Templates, page: Page, current: LetterPage | None = None
) -> list[dict[str, Any]]:
    links = lists.links
    index = links.options.keypoint_index or ""

    def name(letter: LetterPage) -> str:
        if letter.of == 1:
            return _name(letter, templates)
        first, last = (_short(keypoint.label) for keypoint in (letter.keypoints[0], letter.keypoints[-1]))
        return templates.words("index_range", first=first, last=last)

    return [
        {
            "name": name(letter),
            "url": links.to(links.kept.get(uri, uri), page),
            "count": len(letter.keypoints),
            "current": letter is current,
        }
        for letter in letters
        for uri in [letter_uri(index, letter)]
    ]


def _name(letter: LetterPage, templates: Templates) -> str:
    return templates.words("index_other") if letter.initial == _OTHER else letter.initial.upper()


def _short(label: str) -> str:
    return label if len(label) <= 12 else f"{label[:11].rstrip()}…"


def _initial(label: str) -> tuple[str, str]:
    """The name of the letter that a name begins with, and what orders it among the names of that letter: signs before it do not."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", label).casefold() if not unicodedata.combining(c))
    first = next(filter(str.isalnum, folded), "")
    folded = folded[folded.index(first) :]
    if first.isascii() and first.isalpha():
        return first, folded
    return ("0-9" if first.isascii() and first.isdigit() else _OTHER), folded


def _in_order(item: tuple[str, str, str, Keypoint]) -> tuple[bool, str, str, str]:
    """From 0-9 to z, then all others."""
    initial, folded, slug, _ = item
    return initial == _OTHER, initial, folded, slug


def _ids(slugs: Collection[str]) -> set[str]:
    return {*slugs, *map(quote, slugs)}  # MkDocs looks for them as links have them


def _size(keypoint: Keypoint, links: Links) -> int:
    """How many bytes a row has, estimated before it can be made: rather too many than too few."""
    label, slug = (len(escape(text).encode()) for text in (keypoint.label, keypoint.slug))
    address = len(quote(links.keypoint_uri(keypoint) or links.options.keypoint_index or ""))
    more = (_BELOW if keypoint.children else 0) + (0 if keypoint.hue is None else _HUE)
    return _ROW + more + 2 * label + slug + address
