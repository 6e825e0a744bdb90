"""The index of keypoints."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mkdocs.structure.pages import Page

from ..library import Library
from .index_outline import Branch, Hierarchy, index_outline
from .lists import Lists
from .templates import Templates


def index_ids(library: Library) -> set[str]:
    """The anchors of the index of keypoints."""
    slugs = [keypoint.slug for keypoint in library.keypoints if keypoint.is_listed]
    return {"keypoints", *slugs, *map(quote, slugs)}  # MkDocs looks for them as links have them


def keypoint_index(library: Library, hierarchy: Hierarchy, lists: Lists, templates: Templates, page: Page) -> str:
    """The content of the index of keypoints."""

    def branch(one: Branch) -> dict[str, Any]:
        return {**lists.badge(one.keypoint, page), "children": [branch(child) for child in one.children]}

    outline = index_outline(library, hierarchy)
    return templates.render(
        "keypoints.html",
        groups=[{"name": group.name, "branches": [branch(one) for one in group.branches]} for group in outline.groups],
        badges=lists.badges(outline.others, page),
        count=sum(keypoint.is_listed for keypoint in library.keypoints),
        papers=len(library.papers),
        style_url=lists.links.asset("keypoints.css", page),
        script_url=lists.links.asset("keypoints.js", page),
    )
