"""The lists that markers ask for."""

from __future__ import annotations

from ..library import selected, selected_keypoints
from ..reader import Marker
from .site_pages import SitePages
from .trends_page import trends_list


def marker_list(marker: Marker, site: SitePages, root: str) -> str:
    """The HTML of a list. Raises MarkerError if the marker asks for what is not there."""
    match marker.name:
        case "keypoints":
            return _keypoints(marker, site, root)
        case "months":
            return site.months.marker(marker, root)
        case "trends":
            return trends_list(marker, site, root)
    papers = selected(site.library, marker)[: marker.limit or None]
    return site.templates.render("recent.html", entries=site.lists.entries(papers, root))


def _keypoints(marker: Marker, site: SitePages, root: str) -> str:
    listed, chosen = selected_keypoints(site.library, marker)
    shown = listed[: marker.limit or None]
    badges = site.lists.badges(shown, root)
    if chosen:
        badges = [
            {**badge, "count": chosen[keypoint.slug], "below": 0} for badge, keypoint in zip(badges, shown, strict=True)
        ]
    index_url = site.links.to_index(root) if len(shown) < len(listed) else None
    return site.templates.render("keypoint-list.html", badges=badges, index_url=index_url)
