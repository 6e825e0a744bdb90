"""The automatic navigation of a site without a `nav` of its own: months newest first, the index by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page


def arrange(
    nav: Navigation, months: Mapping[str, tuple[str, ...]], is_index: Callable[[Page], bool], *, newest_first: bool
) -> None:
    """Arrange a navigation in place.

    `months` has the months of each digest, newest first, by its source path. Among the places that digests, and folders
    with digests, have between their neighbours, the newest comes first; everything else keeps its place. A folder
    that holds nothing but the index of keypoints gives way to it.
    """
    _arrange(nav.items, months, is_index, newest_first)
    nav.pages[:] = _pages(nav.items)
    for before, page, after in zip([None, *nav.pages], nav.pages, [*nav.pages[1:], None], strict=False):
        page.previous_page, page.next_page = before, after


def _arrange(
    items: list[StructureItem],
    months: Mapping[str, tuple[str, ...]],
    is_index: Callable[[Page], bool],
    newest_first: bool,  # noqa: FBT001
) -> None:
    newest: dict[int, str] = {}
    for place, item in enumerate(items):
        if isinstance(item, Section):
            _arrange(item.children, months, is_index, newest_first)
            if len(item.children) == 1 and isinstance(only := item.children[0], Page) and is_index(only):
                items[place], only.parent = only, item.parent
        dated = [months[page.file.src_uri][0] for page in _pages([item]) if months.get(page.file.src_uri)]
        if dated:
            newest[place] = max(dated)
    if newest_first:
        ordered = sorted(newest, key=lambda place: newest[place], reverse=True)
        for place, item in zip(newest, [items[place] for place in ordered], strict=True):
            items[place] = item


def _pages(items: list[StructureItem]) -> Iterator[Page]:
    for item in items:
        if isinstance(item, Page):
            yield item
        elif isinstance(item, Section):
            yield from _pages(item.children)
