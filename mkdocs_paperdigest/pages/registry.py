"""The pages that a site gains once each: a row per page.

To add a page, add its option to the table of options, a row here, a module that makes its content, and its template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..languages import Words
from ..library import Library
from .explorer_page import EXPLORER_DATA, explorer_page
from .keypoint_index import INDEX_DATA
from .page_descriptions import explorer_description, index_description, months_description, trends_description
from .pagination import PagePart
from .site_pages import SitePages
from .trends_page import trends_page


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page that a site has one of."""

    option: str  # the option with its source path
    title: str  # the key of its title among the words of the interface
    content: Callable[[SitePages, str], str]  # its HTML, from the way to the site's root
    description: Callable[[Library, Words], str]
    ids: Callable[[SitePages], set[str]] | None = None  # its anchors, where links to them are checked
    parts: Callable[[SitePages], Iterable[PagePart]] = lambda _: ()
    scripts: Callable[[SitePages], Mapping[str, Callable[[], str]]] = lambda _: {}  # by path from the site's root
    gives_way: bool = True  # whether a site does not miss it where it has a page of its own in the usual place
    needs_papers: bool = True


GENERATED_PAGES = (
    GeneratedPage(
        option="keypoint_index",
        title="keypoint_heading",
        content=lambda site, root: site.index.html(root),
        description=index_description,
        ids=lambda site: site.index.ids(),
        parts=lambda site: site.index.parts(),
        scripts=lambda site: {INDEX_DATA: lambda: site.index.data} if site.index.letters else {},
        gives_way=False,
        needs_papers=False,
    ),
    GeneratedPage(
        option="explorer",
        title="explorer_heading",
        content=explorer_page,
        description=explorer_description,
        scripts=lambda site: {EXPLORER_DATA: lambda: site.explorer_data},
    ),
    GeneratedPage(
        option="trends",
        title="trends",
        content=trends_page,
        description=trends_description,
    ),
    GeneratedPage(
        option="months",
        title="months_heading",
        content=lambda site, root: site.months.html(root),
        description=months_description,
        ids=lambda site: site.months.ids(),
        parts=lambda site: site.months.parts(),
    ),
)
