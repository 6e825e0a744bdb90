"""The index of keypoints, and its pages by first letters where it has no room for all."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from hashlib import sha256
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ..exports import index_data
from ..library import Branch, Hierarchy, Keypoint, index_outline
from . import pagination
from .page_links import ASSETS
from .pagination import PagePart, Part, packed
from .paper_lists import Lists, html_size

INDEX_DATA = f"{ASSETS}keypoints-data.js"  # the script with the data of the index, from the site's root

_OTHER = "other"
_ROW, _BELOW = 66, 90
"""How many bytes a row of the index has besides its badge and its anchor, and what it has more if something is below it."""


class KeypointIndex:
    """Makes the index of keypoints. `shown` are the slugs of those on it, `letters` the pages that have all, none if the index has all.

    The group of such a page is a letter from a to z, `0-9` or `other`.
    """

    def __init__(self, lists: Lists, hierarchy: Hierarchy) -> None:
        self._lists = lists
        self._links = lists.links
        self._hierarchy = hierarchy
        self.shown: Collection[str]
        self.letters: Sequence[Part[Keypoint]] = ()
        listed = [keypoint for keypoint in lists.library.keypoints if keypoint.is_listed]
        sizes = {keypoint.slug: _size(keypoint, lists) for keypoint in listed}
        if sum(sizes.values()) <= pagination.BUDGET:
            self.shown = sizes.keys()
        else:
            self.shown = _most_used(listed, hierarchy, sizes)
            self.letters = list(_letter_pages(listed, sizes))

    def html(self, root: str) -> str:
        library, lists, links = self._lists.library, self._lists, self._links

        def branch(one: Branch) -> dict[str, Any]:
            badge = lists.badge(one.keypoint, root)
            return {**badge, "more": one.more, "children": [branch(child) for child in one.children]}

        outline = index_outline(library, self._hierarchy, self.shown)
        version = sha256(self.data.encode()).hexdigest()[:8] if self.letters else ""
        return self._lists.templates.render(
            "keypoints.html",
            groups=[
                {"name": group.name, "branches": [branch(one) for one in group.branches]} for group in outline.groups
            ],
            badges=lists.badges(outline.others, root),
            count=sum(keypoint.is_listed for keypoint in library.keypoints),
            papers=len(library.papers),
            letters=self._to_letters(root),
            shown=len(self.shown),
            data_url=f"{links.to(INDEX_DATA, root)}?v={version}" if version else None,
            root=root,
            style_url=links.asset("keypoints.css", root),
            script_url=links.asset("keypoints.js", root),
        )

    @cached_property
    def data(self) -> str:
        return index_data(self._lists.library, self._links.index_or_page_url)

    def ids(self) -> set[str]:
        return {"keypoints", *_ids(self.shown), *(("letters", "most-used") if self.letters else ())}

    def parts(self) -> Iterator[PagePart]:
        for letter in self.letters:
            ids = _ids([keypoint.slug for keypoint in letter.items])
            yield PagePart(
                letter.uri(self._links.options.keypoint_index),
                self._title(letter),
                partial(self._letter_html, letter),
                ids,
            )

    def _letter_html(self, letter: Part[Keypoint], root: str) -> str:
        return self._lists.templates.render(
            "keypoints-letter.html",
            title=self._title(letter),
            badges=self._lists.badges(letter.items, root),
            letters=self._to_letters(root, letter),
            index_url=self._links.to_index(root),
        )

    def _to_letters(self, root: str, current: Part[Keypoint] | None = None) -> list[dict[str, Any]]:
        pages = Counter(letter.group for letter in self.letters)

        def name(letter: Part[Keypoint]) -> str:
            if pages[letter.group] == 1:
                return self._name(letter)
            labels = (keypoint.label for keypoint in (letter.items[0], letter.items[-1]))
            first, last = (label if len(label) <= 12 else f"{label[:11].rstrip()}…" for label in labels)
            return self._lists.words("index_range", first=first, last=last)

        return [
            {
                "name": name(letter),
                "url": self._links.to_part(letter.uri(self._links.options.keypoint_index), root),
                "count": len(letter.items),
                "current": letter is current,
            }
            for letter in self.letters
        ]

    def _title(self, letter: Part[Keypoint]) -> str:
        words = self._lists.words
        return letter.title(words("index_of_letter", letter=self._name(letter)), words)

    def _name(self, letter: Part[Keypoint]) -> str:
        return self._lists.words("index_other") if letter.group == _OTHER else (letter.group or "").upper()


def _letter_pages(listed: Sequence[Keypoint], sizes: Mapping[str, int]) -> Iterator[Part[Keypoint]]:
    named = ((*_initial(keypoint.label), keypoint.slug, keypoint) for keypoint in listed)
    by_name = sorted(named, key=lambda item: (item[0] == _OTHER, *item[:3]))  # from 0-9 to z, then all others
    for initial, group in groupby(by_name, key=lambda item: item[0]):
        own = [item[-1] for item in group]
        need = [sizes[keypoint.slug] for keypoint in own]
        even = sum(need) // -(-sum(need) // pagination.BUDGET) + max(need)  # no last page with a mere rest
        pages = packed(own, lambda keypoint: sizes[keypoint.slug], even)
        yield from (Part(initial, number, page) for number, page in enumerate(pages, 1))


def _most_used(listed: Sequence[Keypoint], hierarchy: Hierarchy, sizes: Mapping[str, int]) -> set[str]:
    """As many keypoints as a page has room for, most used first, each with all that is above it; none that is used once alone."""
    shown: set[str] = set()
    room = pagination.BUDGET
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


def _initial(label: str) -> tuple[str, str]:
    """The name of the letter that a name begins with, and what orders it among the names of that letter: punctuation before it does not."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", label).casefold() if not unicodedata.combining(c))
    first = next(filter(str.isalnum, folded), "")
    folded = folded[folded.index(first) :]
    if first.isascii() and first.isalpha():
        return first, folded
    return ("0-9" if first.isascii() and first.isdigit() else _OTHER), folded


def _ids(slugs: Collection[str]) -> set[str]:
    return {*slugs, *map(quote, slugs)}  # MkDocs looks for them as links have them


def _size(keypoint: Keypoint, lists: Lists) -> int:
    more = _BELOW if keypoint.children else 0
    return _ROW + more + html_size(keypoint.slug) + lists.badge_size(keypoint, keypoint.label)
