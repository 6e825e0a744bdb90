"""The pages that a site gains once each: a row per page, for the site that MkDocs builds and for one of plain Markdown, and the home page.

To add a page, add its option to the table of options, a row here, what makes its content (`site_pages.py`), its template, and one in
`markdown_site/templates/` with what it shows (`markdown_site/markdown_pages.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..languages import Words
from ..library import Library
from .keypoint_index import INDEX_DATA
from .page_descriptions import index_description, of_all_papers
from .pagination import PagePart
from .site_pages import EXPLORER_DATA, SitePages


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page that a site has one of."""

    option: str  # the option with its source path
    title: str  # the key of its title among the words of the interface
    content: Callable[[SitePages, str], str]  # its HTML, from the way to the site's root
    # Its template in `markdown_site/templates/`; None if a site of plain Markdown has no such page.
    markdown: str | None
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
        markdown="keypoints.md",
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
        content=SitePages.explorer,
        markdown="explorer.md",
        description=of_all_papers("head_explorer"),
        scripts=lambda site: {EXPLORER_DATA: lambda: site.explorer_data},
    ),
    GeneratedPage(
        option="trends",
        title="trends",
        content=SitePages.trends,
        markdown="trends.md",
        description=of_all_papers("head_trends"),
    ),
    GeneratedPage(
        option="months",
        title="months_heading",
        content=lambda site, root: site.months.html(root),
        markdown="months.md",
        description=of_all_papers("head_months"),
        ids=lambda site: site.months.ids(),
        parts=lambda site: site.months.parts(),
    ),
)

HOME_PAPERS, HOME_KEYPOINTS = 10, 30  # how many a home page has: the newest, and the most used

_HOME = f"""\
---
title: {{home}}
---

# {{name}}

## {{new}}

<!-- paperdigest:recent limit={HOME_PAPERS} -->

## {{keypoints}}

<!-- paperdigest:keypoints limit={HOME_KEYPOINTS} -->
"""


def home_page(site_name: str, words: Words) -> str:
    """The Markdown of the home page of docs that have none."""
    return _HOME.format(
        home=words("home"),
        name=re.sub(r"([\\`*_{}\[\]#])", r"\\\1", html.escape(site_name, quote=False)),
        new=words("new_papers"),
        keypoints=words("keypoint_heading"),
    )
