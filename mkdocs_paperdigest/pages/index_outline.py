"""The keypoints of a site as its index shows them: in groups, each below its parent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..library import Keypoint, Library

DEEPEST = 6
"""How deep branches stand in each other; what is deeper stands beside the deepest, so that no list is too narrow."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A keypoint and what stands below it, those that nothing stands below first."""

    keypoint: Keypoint
    children: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The branches that stand under one name; None for those that are in no group."""

    name: str | None
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The groups in the order of the thesaurus, behind what has no group; the keypoints that have neither group, parent nor children."""

    groups: tuple[Group, ...]
    others: tuple[Keypoint, ...]


def index_outline(library: Library) -> Outline:
    """Arrange the keypoints that lists show. One below a hidden keypoint stands below the next one above that is shown."""
    listed = [keypoint for keypoint in library.keypoints if keypoint.is_listed]
    below: dict[str, list[Keypoint]] = {}
    roots: list[Keypoint] = []
    for keypoint in listed:
        up = next(iter(above(keypoint, library)), None)
        (below.setdefault(up.slug, []) if up else roots).append(keypoint)
    groups: dict[str | None, list[Keypoint]] = {None: []}
    groups |= {entry.group: [] for entry in library.thesaurus.entries if entry.group}
    others = []
    for keypoint in roots:
        group = keypoint.entry.group if keypoint.entry else None
        if group is None and keypoint.slug not in below:
            others.append(keypoint)
        else:
            groups[group].append(keypoint)
    made = (Group(name, _branches(own, below, 1)) for name, own in groups.items() if own)
    return Outline(tuple(made), tuple(others))


def _branches(keypoints: Iterable[Keypoint], below: Mapping[str, Sequence[Keypoint]], depth: int) -> tuple[Branch, ...]:
    if depth == DEEPEST:
        branches = [Branch(keypoint) for keypoint in _all(keypoints, below)]
    else:
        branches = [
            Branch(keypoint, _branches(below.get(keypoint.slug, ()), below, depth + 1)) for keypoint in keypoints
        ]
    return tuple(sorted(branches, key=lambda branch: (bool(branch.children), -branch.keypoint.below)))


def _all(keypoints: Iterable[Keypoint], below: Mapping[str, Sequence[Keypoint]]) -> list[Keypoint]:
    found = list(keypoints)
    for keypoint in found:  # grows while it is read
        found += below.get(keypoint.slug, ())
    return found


def above(keypoint: Keypoint, library: Library) -> list[Keypoint]:
    """The keypoints that one stands below and that lists show, the nearest first."""
    found = []
    slug = keypoint.parent
    while slug is not None:
        parent = library.by_slug[slug]
        if parent.is_listed:
            found.append(parent)
        slug = parent.parent
    return found


def children(keypoint: Keypoint, library: Library) -> list[Keypoint]:
    """The keypoints right below one that lists show, those with most papers below them first."""
    return [child for slug in keypoint.children if (child := library.by_slug[slug]).is_listed]
