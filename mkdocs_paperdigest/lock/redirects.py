"""Former addresses: where keypoints and papers stood before, and what leads from there to where they stand now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..library import Keypoint, Library
from ..records import Paper
from ..support import keypoint_key, keypoint_slug
from .lock_file import Lock, redirects


@dataclass(frozen=True, slots=True)
class Moved:
    """A paper that was on another page, and its anchor there."""

    anchor: str
    paper: Paper


def former_slugs(library: Library, lock: Lock) -> Iterator[tuple[str, Keypoint | None]]:
    """Slugs of aliases, merged acronyms and the lock that lead to a keypoint, each once; None if nothing took its place."""
    found: dict[str, Keypoint | None] = {}
    for key, keypoint in library.by_key.items():
        if key != keypoint_key(keypoint.slug):
            found.setdefault(keypoint_slug(key), keypoint)
    for former, now in redirects(lock, library.by_slug).items():
        found.setdefault(former, library.by_slug.get(now) if now is not None else None)
    yield from ((slug, keypoint) for slug, keypoint in found.items() if slug not in library.by_slug)


def moved_papers(library: Library, place: Callable[[str], str | None]) -> Mapping[str, list[Moved]]:
    """Papers by the places of pages that they left; `place` gives what is at a page's path without suffix now, None if it never was."""
    found: dict[str, dict[str, Moved]] = {}
    for paper in library.records:
        for address in paper.former:
            page, _, anchor = address.rpartition("/")
            if (at := place(page)) not in (None, paper.path):
                found.setdefault(at, {}).setdefault(anchor, Moved(anchor, paper))
    return {at: list(moved.values()) for at, moved in found.items()}
