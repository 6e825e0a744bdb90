"""The papers that a marker asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .library import Library
from .paper import Paper
from .reader.markers import Marker, MarkerError
from .slugs import keypoint_key

_ORDERS: dict[str, Callable[[list[Paper]], list[Paper]]] = {
    "new": lambda papers: papers,
    "old": lambda papers: [p for p in reversed(papers) if p.month] + [p for p in papers if not p.month],
    "title": lambda papers: sorted(papers, key=lambda paper: (paper.title.casefold(), paper.id)),
}


def selected(library: Library, marker: Marker) -> list[Paper]:
    """The papers that a marker chooses, in its order, newest first without one.

    A keypoint may be written in any spelling of it, or as its slug. Raises MarkerError if there is no such keypoint or category,
    or no such paper.
    """
    papers = list(library.papers)
    for written in marker.keypoints:
        keypoint = library.named_by(written)
        if keypoint is None:
            raise MarkerError(f"there is no keypoint `{written}`")
        ids = {paper.id for paper in keypoint.papers}
        papers = [paper for paper in papers if paper.id in ids]
    if marker.category:
        category = marker.category.casefold()
        if not any((paper.category or "").casefold() == category for paper in library.papers):
            raise MarkerError(f"there is no category `{marker.category}`")
        papers = [paper for paper in papers if (paper.category or "").casefold() == category]
    papers = [paper for paper in papers if marker.holds(paper.month)]
    if marker.chooses and not papers:
        raise MarkerError("no paper is so")
    return _ORDERS.get(marker.sort, _ORDERS["new"])(papers)


def check(library: Library, marker: Marker) -> None:
    """Nothing if a marker asks for what is there. Raises MarkerError; trends show each of their keypoints by itself."""
    each = [replace(marker, keypoints=(written,)) for written in marker.keypoints] if marker.name == "trends" else []
    for one in each or [marker]:
        selected(library, one)


def named_in(library: Library, papers: list[Paper]) -> dict[str, int]:
    """How many of these papers name each keypoint, by slug, in the order of the library."""
    found = {keypoint.slug: 0 for keypoint in library.keypoints if keypoint.is_listed}
    for paper in papers:
        for slug in {library.by_key[keypoint_key(written)].slug for written in paper.keypoints or ()}:
            if slug in found:
                found[slug] += 1
    return {slug: count for slug, count in found.items() if count}
