"""The papers that a marker asks for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ..reader import Marker, MarkerError
from ..records import Paper
from ..support import keypoint_key
from .index import Keypoint, Library


def selected(library: Library, marker: Marker) -> list[Paper]:
    """The papers that a marker chooses, in its order. Raises MarkerError if there is no such keypoint (by any spelling or its slug), category or paper."""
    papers = list(library.papers)
    for keypoint in _keypoints(library, marker):
        ids = {paper.id for paper in keypoint.papers}
        papers = [paper for paper in papers if paper.id in ids]
    papers = _held(library, marker, papers)
    if marker.chooses and not papers:
        raise MarkerError("no paper is so")
    if marker.sort == "old":
        return [p for p in reversed(papers) if p.month] + [p for p in papers if not p.month]
    if marker.sort == "title":
        papers.sort(key=lambda paper: (paper.title.casefold(), paper.id))
    return papers


def selected_records(library: Library, marker: Marker) -> list[Paper]:
    """The records that a marker chooses by what each says itself, newest first. Raises MarkerError if there is no such keypoint or category."""
    wanted = {keypoint.slug for keypoint in _keypoints(library, marker)}
    records = [record for record in library.records if not wanted or wanted <= slugs_of(library, record)]
    return _held(library, marker, records)


def slugs_of(library: Library, paper: Paper) -> set[str]:
    return {library.by_key[keypoint_key(written)].slug for written in paper.keypoints or ()}


def _keypoints(library: Library, marker: Marker) -> list[Keypoint]:
    found = []
    for written in marker.keypoints:
        if (keypoint := library.named_by(written)) is None:
            raise MarkerError(f"there is no keypoint `{written}`")
        found.append(keypoint)
    return found


def _held(library: Library, marker: Marker, papers: list[Paper]) -> list[Paper]:
    if marker.category:
        category = marker.category.casefold()
        if not any((paper.category or "").casefold() == category for paper in library.records):
            raise MarkerError(f"there is no category `{marker.category}`")
        papers = [paper for paper in papers if (paper.category or "").casefold() == category]
    return [paper for paper in papers if marker.holds(paper.month)]


def check(library: Library, marker: Marker) -> None:
    """Nothing if a marker asks for what is there. Raises MarkerError; trends show each of their keypoints by itself."""
    each = [replace(marker, keypoints=(written,)) for written in marker.keypoints] if marker.name == "trends" else []
    for one in each or [marker]:
        selected(library, one)


def named_in(library: Library, papers: list[Paper]) -> dict[str, int]:
    """How many of these papers name each keypoint, by slug, in the order of the library."""
    counts = Counter(slug for paper in papers for slug in slugs_of(library, paper))
    return {k.slug: counts[k.slug] for k in library.keypoints if k.is_listed and counts[k.slug]}


def selected_keypoints(library: Library, marker: Marker) -> tuple[list[Keypoint], dict[str, int]]:
    """The keypoints that a marker asks for, in its order, and how many papers it chooses name each, by slug.

    The listed ones and no counts if it chooses no papers.
    """
    counts = named_in(library, selected(library, marker)) if marker.chooses else {}
    listed = [keypoint for keypoint in library.keypoints if keypoint.is_listed]
    if marker.chooses:
        listed = sorted((library.by_slug[slug] for slug in counts), key=lambda keypoint: -counts[keypoint.slug])
    if marker.sort == "name":
        listed.sort(key=lambda keypoint: (keypoint.label.casefold(), keypoint.slug))
    elif marker.sort == "newest":
        listed.sort(key=lambda keypoint: keypoint.months[0][0] if keypoint.months else "", reverse=True)
    return listed, counts
