"""The keypoints of a site as its index shows them: in groups, each below its parent."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..support import keypoint_key
from .index import Keypoint, Library

DEEPEST = 6
"""How deep branches stand in each other; what is deeper stands beside the deepest, so that no list is too narrow."""
MOST_ABOVE = 6
"""How many of the keypoints above one its page names, so that the pages of a long chain are not all of its length."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A keypoint and what stands below it, those that nothing stands below first; `more` counts what is left out right below it."""

    keypoint: Keypoint
    children: tuple[Branch, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    name: str | None
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The groups in the order of the vocabulary, behind what has no group; the keypoints that have neither group, parent nor children."""

    groups: tuple[Group, ...]
    others: tuple[Keypoint, ...]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The tree as lists show it, without hidden keypoints: the `nearest` and the `topmost` above each, None if there is none, and those right `below`, most papers first."""

    nearest: Mapping[str, Keypoint | None]
    topmost: Mapping[str, Keypoint | None]
    below: Mapping[str, Sequence[Keypoint]]

    def above(self, keypoint: Keypoint) -> tuple[list[Keypoint], bool]:
        """The keypoints above one, the nearest first, and whether some are left out between the last two."""
        found: list[Keypoint] = []
        up = self.nearest[keypoint.slug]
        while up and len(found) < MOST_ABOVE:
            found.append(up)
            up = self.nearest[up.slug]
        if up and (top := self.topmost[keypoint.slug]):
            found[-1] = top
        return found, up is not None


def hierarchy(library: Library) -> Hierarchy:
    """Find what stands below what. Linear in the keypoints, however long a chain is."""
    nearest: dict[str, Keypoint | None] = {}
    topmost: dict[str, Keypoint | None] = {}
    for keypoint in library.keypoints:
        way: list[Keypoint] = []
        up: Keypoint | None = keypoint
        while up and up.slug not in nearest:
            way.append(up)
            up = library.by_slug[up.parent] if up.parent is not None else None
        for one in reversed(way):
            parent = library.by_slug[one.parent] if one.parent is not None else None
            nearest[one.slug] = parent if parent is None or parent.is_listed else nearest[parent.slug]
            topmost[one.slug] = (topmost[parent.slug] or nearest[one.slug]) if parent else None
    below: dict[str, list[Keypoint]] = {}
    for keypoint in sorted(library.keypoints, key=lambda keypoint: (-keypoint.below, keypoint.label)):
        parents = {keypoint.parent, up.slug if (up := nearest[keypoint.slug]) else None} if keypoint.is_listed else ()
        for slug in parents:  # the page of a hidden one has those right below it, too
            if slug is not None:
                below.setdefault(slug, []).append(keypoint)
    return Hierarchy(nearest, topmost, below)


def index_outline(library: Library, hierarchy: Hierarchy, shown: Container[str]) -> Outline:
    """Arrange the listed keypoints whose slugs are `shown`, which has all above each of them, too.

    Groups are compared as keypoints are; the first spelling is shown.
    """
    below = {slug: [one for one in own if one.slug in shown] for slug, own in hierarchy.below.items() if slug in shown}
    more = {slug: len(hierarchy.below[slug]) - len(own) for slug, own in below.items()}
    roots = [
        keypoint for keypoint in library.keypoints if keypoint.slug in shown and not hierarchy.nearest[keypoint.slug]
    ]
    groups: dict[str | None, list[Keypoint]] = {None: []}
    names: dict[str | None, str] = {}
    for entry in library.vocabulary.entries:
        if entry.group:
            groups.setdefault(keypoint_key(entry.group), [])
            names.setdefault(keypoint_key(entry.group), entry.group)
    others = []
    for keypoint in roots:
        group = keypoint.entry.group if keypoint.entry else None
        if not group and not below.get(keypoint.slug) and not more.get(keypoint.slug):
            others.append(keypoint)
        else:
            groups[keypoint_key(group) if group else None].append(keypoint)
    made = (Group(names.get(key), _branches(own, below, more, 1)) for key, own in groups.items() if own)
    return Outline(tuple(made), tuple(others))


def _branches(
    keypoints: Iterable[Keypoint], below: Mapping[str, Sequence[Keypoint]], more: Mapping[str, int], depth: int
) -> tuple[Branch, ...]:
    flat = list(keypoints)
    for keypoint in flat if depth == DEEPEST else ():  # grows while it is read
        flat += below.get(keypoint.slug, ())

    def branch(keypoint: Keypoint) -> Branch:
        own = () if depth == DEEPEST else _branches(below.get(keypoint.slug, ()), below, more, depth + 1)
        return Branch(keypoint, own, more.get(keypoint.slug, 0))

    return tuple(sorted(map(branch, flat), key=lambda one: (bool(one.children), -one.keypoint.below)))
