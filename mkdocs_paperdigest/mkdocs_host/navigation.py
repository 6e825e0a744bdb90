"""What themes show of pages around their contents: the navigation, titles and front matter, and tables of contents."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..reader import Heading, find_date, is_structure, month_of
from ..records import Paper, is_one_paper

MOST_DIGESTS = 100
"""How many digests a page shows in the navigation, besides those of its own month: a digest a day for three months, or a month for eight years."""

_ENDS = re.compile(r"""[<>"']""")
"""What ends a text or an attribute; a bare `&` does not."""
_HEADING = re.compile(r'<h([12]) id="([^"]+)">(.*?)</h\1>')


def arrange(
    nav: Navigation, days: Mapping[str, tuple[str, ...]], is_index: Callable[[Page], bool], *, newest_first: bool
) -> None:
    """Arrange a navigation in place: digests, whose `days` are newest first, by date; a folder with the index alone gives way to it."""

    def order(items: list[StructureItem]) -> None:
        newest: dict[int, str] = {}
        for place, item in enumerate(items):
            if isinstance(item, Section):
                # Looked at before the sections in it are arranged: a language's section stays, whatever it holds.
                if len(item.children) == 1 and isinstance(only := item.children[0], Page) and is_index(only):
                    items[place], only.parent = only, item.parent
                else:
                    order(item.children)
            dated = [days[page.file.src_uri][0] for page in _pages([item]) if days.get(page.file.src_uri)]
            if dated:
                newest[place] = max(dated)
        if newest_first:
            ordered = sorted(newest, key=lambda place: newest[place], reverse=True)
            for place, item in zip(newest, [items[place] for place in ordered], strict=True):
                items[place] = item

    order(nav.items)
    nav.pages[:] = _pages(nav.items)
    for before, page, after in zip([None, *nav.pages], nav.pages, [*nav.pages[1:], None], strict=False):
        page.previous_page, page.next_page = before, after


def _pages(items: list[StructureItem]) -> Iterator[Page]:
    for item in items:
        if isinstance(item, Page):
            yield item
        elif isinstance(item, Section):
            yield from _pages(item.children)


class ShortNavigation:
    """A navigation with the newest `MOST_DIGESTS` digests and those of the month of a page, as themes write all of it on each page.

    Of a section that nothing would be left of, the first page stays. `newest` has the newest day of each digest by its source path.
    """

    def __init__(self, nav: Navigation, newest: Mapping[str, str]) -> None:
        self.nav = nav
        self._months = {path: day[:7] for path, day in newest.items()}
        digests = sorted(
            (page.file.src_uri for page in nav.pages if page.file.src_uri in newest), key=lambda p: newest[p]
        )
        self._left_out = frozenset(digests[:-MOST_DIGESTS])
        self._made: dict[str | None, tuple[Navigation, list[tuple[Section, Section]]]] = {}

    def of(self, page: Page) -> Navigation:
        """The navigation of a page, its sections open as they are now."""
        if not self._left_out:
            return self.nav
        uri = page.file.src_uri
        month = self._months[uri] if uri in self._left_out else None
        if month not in self._made:
            shown = copy(self.nav)
            sections: list[tuple[Section, Section]] = []
            left_out = self._left_out if month is None else {p for p in self._left_out if self._months[p] != month}
            shown.items = _without(self.nav.items, left_out, sections)
            self._made[month] = shown, sections
        shown, open_now = self._made[month]
        for section, made in open_now:
            vars(made).update({**vars(section), "children": made.children})
        return shown


def _without(
    items: list[StructureItem], left_out: Container[str], sections: list[tuple[Section, Section]]
) -> list[StructureItem]:
    shown: list[StructureItem] = []
    for item in items:
        if isinstance(item, Section):
            section = copy(item)
            section.children = _without(item.children, left_out, sections) or item.children[:1]
            sections.append((item, section))
            shown.append(section)
        elif not isinstance(item, Page) or item.file.src_uri not in left_out:
            shown.append(item)
    return shown


def headings_of(content: str) -> TableOfContents:
    """The table of contents of a page that templates made: its headings of the first two levels that have an id."""
    found = [AnchorLink(text, anchor, int(level)) for level, anchor, text in _HEADING.findall(content)]
    for top, below in zip(found[:1], [found[1:]], strict=False):
        top.children = below
    return TableOfContents(found[:1])


def outline(page: Page) -> None:
    """Put the table of contents under one entry: of two first-level headings Material shows only what is below the first."""
    tops: list[AnchorLink] = list(page.toc)
    if len(tops) < 2 or tops[0].level != 1:
        return
    parents = [top for top in tops if top.children]
    listed = [entry for top in tops for entry in (top.children or [top])] if len(parents) == 1 else tops
    root = AnchorLink(str(page.title), "", 1)
    root.children = listed
    page.toc = TableOfContents([root])


def lead_to_the_first_heading(page: Page) -> None:
    """Let the top of an outline lead to a heading, as "Skip to content" does, after search plugins have looked sections up."""
    for top in page.toc:
        if not top.id and top.children:
            top.id = top.children[0].id


def escape_front_matter(page: Page) -> None:
    """Escape the front matter of a paper, as all themes print it as HTML."""
    page.meta = {key: _escaped(value) for key, value in page.meta.items()}


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(html.unescape(value)) if _ENDS.search(value) else value
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return {_escaped(key): _escaped(item) for key, item in value.items()} if isinstance(value, dict) else value


def set_title(page: Page, title: str) -> None:
    """Give a page a title that is text. MkDocs has titles as HTML, and Material for MkDocs undoes that in `<title>`."""
    page.title = html.escape(title)
    if page.title != title:
        page.meta["title"] = page.title


def name_digest(page: Page, papers: Sequence[Paper], *, by_month: bool) -> None:
    """Name a digest after its paper, if it is one, or its month or day if its first heading says no more (`by_month`)."""
    if "title" in vars(page) or "title" in page.meta:
        return
    if is_one_paper(papers):
        set_title(page, papers[0].title)
        return
    months = {paper.month for paper in papers}
    if not by_month or len(months) != 1 or None in months:
        return
    heading = html.unescape(page.title or "")
    named = find_date(page.file.name)
    says_nothing = is_structure(heading) or month_of(Heading(heading, heading, "")) is not None
    if named and named.date:
        by_file = heading.casefold() == page.file.name.replace("-", " ").replace("_", " ").casefold()
        if says_nothing or by_file or heading in {paper.category for paper in papers}:
            page.title = named.date
    elif says_nothing:
        page.title = months.pop()
