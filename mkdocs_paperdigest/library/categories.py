"""The categories of a site: what papers are filed under."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..records import Paper
from ..support import keypoint_key, keypoint_slug
from .index import Library

CATEGORIES = "categories"
"""The folder of a site with a folder for each category."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category: `name` is its most frequent spelling, `papers` are newest first."""

    slug: str
    name: str
    papers: tuple[Paper, ...]


def categories(library: Library) -> tuple[Category, ...]:
    """The categories of all papers, most papers first. Spellings are one category as they would be one keypoint."""
    filed: dict[str, list[Paper]] = {}
    spellings: dict[str, Counter[str]] = {}
    keys: dict[str, str] = {}
    for paper in library.papers:
        if paper.category is None or not paper.category.strip():
            continue
        if paper.category not in keys:
            keys[paper.category] = keypoint_key(paper.category)
        key = keys[paper.category]
        filed.setdefault(key, []).append(paper)
        spellings.setdefault(key, Counter())[paper.category] += 1
    made = (
        Category(keypoint_slug(key), min(names, key=lambda name: (-names[name], name)), tuple(filed[key]))
        for key, names in spellings.items()
    )
    return tuple(sorted(made, key=lambda one: (-len(one.papers), one.name.casefold(), one.slug)))
