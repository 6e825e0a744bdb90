"""The comments that ask for a list, such as `<!-- paperdigest:recent -->`, with the list in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..library import Library, archive, check, named_in, selected, selected_records
from ..reader import (
    DEFAULT_LABELS,
    MARKER_PATTERN,
    Marker,
    MarkerError,
    matched_marker,
    parse_blocks,
    split_front_matter,
    walk_blocks,
)
from .lists import Lists
from .pages import MOST_MONTHS

_ALONE = re.compile(rf"^ {{0,3}}(?:{MARKER_PATTERN})[ \t]*$", re.MULTILINE)


class MarkerLists:
    """Puts lists in. What stands beside other text, in code, or asks for what is not there stays the comment that it is."""

    def __init__(self, library: Library, lists: Lists) -> None:
        self._library = library
        self._lists = lists
        self._makers: Mapping[str, Callable[[Marker, str], str]] = {
            "recent": self._papers,
            "papers": self._papers,
            "keypoints": self._keypoints,
            "months": self._months,
            "trends": self._trends,
        }

    def filled(self, text: str, path: str) -> str:
        """The text of a page with the lists that it asks for."""
        if "paperdigest" not in text or not _ALONE.search(text):
            return text
        whole = text
        _, body, above = split_front_matter(whole)
        code: set[int] = set()
        for block in walk_blocks(parse_blocks(body.split("\n"), DEFAULT_LABELS).blocks):
            if block.kind in ("fence", "code"):
                code.update(range(block.start + above, block.end + above))

        def put(match: re.Match[str]) -> str:
            if whole.count("\n", 0, match.start()) in code:
                return match[0]
            try:
                marker = matched_marker(match)
                make = self._makers.get(marker.name)
                made = make(marker, path) if make else ""
            except MarkerError:
                return match[0]
            return f"\n{made.strip()}\n" if made else match[0]

        return _ALONE.sub(put, whole)

    def _papers(self, marker: Marker, path: str) -> str:
        return self._lists.papers(selected(self._library, marker)[: marker.limit or None], path)

    def _keypoints(self, marker: Marker, path: str) -> str:
        listed = [keypoint for keypoint in self._library.keypoints if keypoint.is_listed]
        counts: dict[str, int] | None = None
        if marker.chooses:
            counts = named_in(self._library, selected(self._library, marker))
            listed = sorted((self._library.by_slug[slug] for slug in counts), key=lambda one: -(counts or {})[one.slug])
        if marker.sort == "name":
            listed.sort(key=lambda keypoint: (keypoint.label.casefold(), keypoint.slug))
        elif marker.sort == "newest":
            listed.sort(key=lambda keypoint: keypoint.months[0][0] if keypoint.months else "", reverse=True)
        return self._lists.keypoints(listed[: marker.limit or None], path, counts)

    def _trends(self, marker: Marker, path: str) -> str:
        check(self._library, marker)
        named = [self._library.named_by(written) for written in marker.keypoints]
        listed = [keypoint for keypoint in self._library.keypoints if keypoint.is_listed and keypoint.papers]
        shown = [keypoint for keypoint in named if keypoint] or listed
        months = [month for month in self._library.months if marker.holds(month)]
        return self._lists.trends(shown[: marker.limit or None], months[:MOST_MONTHS], path) if months else ""

    def _months(self, marker: Marker, path: str) -> str:
        papers = selected_records(self._library, replace(marker, sort="")) if marker.chooses else None
        months = archive(self._library, papers)
        return self._lists.months(months[: marker.limit or None], path)
