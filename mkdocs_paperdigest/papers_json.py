"""The library as data: `papers.json`."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

from .library import Keypoint, Library
from .paper import Paper

VERSION = 1
"""The number under `schema`; it changes when a field changes its meaning, not when one is added."""


def papers_json(
    library: Library, page_url: Callable[[str], str], keypoint_url: Callable[[Keypoint], str | None]
) -> dict[str, Any]:
    """The content of `papers.json`, described by `schema()`.

    `page_url` gives the address of a digest's page from its path, `keypoint_url` that of a keypoint's page or None
    if there is none; both relative to the site's root and not percent-encoded.
    """
    ordered = sorted(library.papers, key=lambda p: (p.path, p.line))
    return {
        "schema": VERSION,
        "papers": [_paper(paper, library, page_url) for paper in ordered],
        "keypoints": [
            {
                "slug": keypoint.slug,
                "label": keypoint.label,
                "written": list(keypoint.written),
                "count": keypoint.count,
                "months": dict(keypoint.months),
                "url": keypoint_url(keypoint),
                **({"parent": keypoint.parent} if keypoint.parent else {}),
            }
            for keypoint in sorted(library.named, key=lambda k: k.slug)
        ],
    }


def _paper(paper: Paper, library: Library, page_url: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": paper.id,
        "title": paper.title,
        "month": paper.month,
        "date": paper.date,
        "category": paper.category,
        "keypoints": None if paper.keypoints is None else [_badge(library, written) for written in paper.keypoints],
        "fields": [{"name": f.name, "label": f.label, "text": f.text} for f in paper.fields],
        "links": [{"kind": link.kind, "url": link.url} for link in paper.links],
        "authors": list(paper.authors),
        "venue": paper.venue,
        "same_as": None,
        "figures": [{"src": figure.src, "alt": figure.alt} for figure in paper.figures],
        "details": paper.details,
        "source": {"path": paper.path, "line": paper.line},
        "url": f"{page_url(paper.path)}#{paper.anchor}",
    }


def _badge(library: Library, written: str) -> dict[str, str]:
    keypoint = library.keypoint(written)
    assert keypoint is not None, written
    return {"written": written, "label": keypoint.label, "slug": keypoint.slug}


def dump(data: dict[str, Any]) -> str:
    """The data as text: sorted keys, a line per paper and keypoint, the same text for the same data."""
    line = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    parts = []
    for key in sorted(data):
        value = data[key]
        shown = "[\n" + ",\n".join(map(line, value)) + "\n]" if isinstance(value, list) and value else line(value)
        parts.append(f"{line(key)}:{shown}")
    return "{" + ",\n".join(parts) + "}\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of `papers.json`, as it ships with the package."""
    text = resources.files(__package__).joinpath("schemas/papers.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
