"""The lists that markers ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ..library import selected, selected_keypoints
from ..reader import Marker
from .month_pages import MonthPages
from .paper_lists import Lists
from .templating import Templates
from .trends_page import trends_list


class MarkerLists:
    def __init__(self, lists: Lists, templates: Templates, months: MonthPages) -> None:
        self._library = lists.library
        self._links = lists.links
        self._lists = lists
        self._templates = templates
        self._makers: Mapping[str, Callable[..., str]] = {
            "recent": self._papers,
            "papers": self._papers,
            "keypoints": self._keypoints,
            "months": months.marker,
            "trends": partial(trends_list, lists=lists, templates=templates),
        }

    def html(self, marker: Marker, root: str) -> str:
        """Raises MarkerError if the marker asks for what is not there."""
        return self._makers[marker.name](marker, root=root)

    def _papers(self, marker: Marker, root: str) -> str:
        papers = selected(self._library, marker)[: marker.limit or None]
        return self._templates.render("recent.html", entries=self._lists.entries(papers, root))

    def _keypoints(self, marker: Marker, root: str) -> str:
        listed, chosen = selected_keypoints(self._library, marker)
        shown = listed[: marker.limit or None]
        badges = [self._lists.badge(keypoint, root) for keypoint in shown]
        if chosen:
            badges = [
                {**badge, "count": chosen[keypoint.slug], "below": 0}
                for badge, keypoint in zip(badges, shown, strict=True)
            ]
        return self._templates.render(
            "keypoint-list.html",
            badges=badges,
            index_url=self._links.to_index(root) if len(shown) < len(listed) else None,
        )
