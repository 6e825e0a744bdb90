"""The page of trends, and the trends that a marker asks for."""

from __future__ import annotations

from typing import Any

from ..library import TOP, Trends, check, selected, trends
from ..reader import Marker
from . import charts
from .paper_lists import Lists
from .site_pages import SitePages


def trends_page(site: SitePages, root: str) -> str:
    return site.templates.render("trends.html", **_context(trends(site.library), site.lists, root))


def trends_list(marker: Marker, site: SitePages, root: str) -> str:
    """The trends of the keypoints that a marker names or the most named, at most `TOP`. Raises MarkerError."""
    library = site.library
    limit = min(marker.limit or TOP, TOP)
    found = [keypoint for name in marker.keypoints if (keypoint := library.named_by(name))]
    papers = selected(library, marker.without_keypoints) if marker.category else None
    check(library, marker)
    months = [month for month in library.months if marker.holds(month)]
    shown = trends(library, papers, found[:limit] or None, months, limit)
    return site.templates.render("trends-list.html", **_context(shown, site.lists, root))


def _context(shown: Trends, lists: Lists, root: str) -> dict[str, Any]:
    changes = (*shown.comparison.rising, *shown.comparison.falling) if shown.comparison else ()
    keypoints = {
        k.slug: k for k in (*(line.keypoint for line in shown.lines), *(change.keypoint for change in changes))
    }
    return {
        "trends": shown,
        "badges": {slug: lists.badge(keypoint, root) for slug, keypoint in keypoints.items()},
        "charts": charts,
        "style_url": lists.links.asset("trends.css", root),
    }
