"""The library as data: `papers.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import resources
from io import BytesIO
from typing import Any

from ..library import Keypoint, Library
from ..records import Link, Paper, identify, link_site

VERSION = 1
"""The number under `schema`; it changes when a field changes its meaning, not when one is added."""


def papers_json(
    library: Library, page_url: Callable[[str], str], keypoint_url: Callable[[Keypoint], str | None]
) -> dict[str, Any]:
    """The content of `papers.json`, described by `papers_schema()`.

    `page_url` gives the address of a digest's page from its path, `keypoint_url` that of a keypoint's page or None
    if there is none; both relative to the site's root and not percent-encoded.
    """
    made = _data(library, page_url, keypoint_url)
    return {key: value if key == "schema" else list(value) for key, value in made.items()}


def papers_json_bytes(
    library: Library, page_url: Callable[[str], str], keypoint_url: Callable[[Keypoint], str | None]
) -> bytes:
    """`papers_json` in UTF-8: sorted keys, a line per paper and keypoint.

    Encoded one by one: all at once take more memory than the rest of a large site.
    """
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    out = BytesIO()
    for number, (key, value) in enumerate(sorted(_data(library, page_url, keypoint_url).items())):
        out.write(b",\n" if number else b"{")
        out.write(f"{encode(key)}:".encode())
        if key == "schema":
            out.write(encode(value).encode())
            continue
        before = b"[\n"
        for record in value:
            out.write(before + encode(record).encode())
            before = b",\n"
        out.write(b"[]" if before == b"[\n" else b"\n]")
    out.write(b"}\n")
    return out.getvalue()


def _data(
    library: Library, page_url: Callable[[str], str], keypoint_url: Callable[[Keypoint], str | None]
) -> dict[str, Any]:
    return {
        "schema": VERSION,
        "papers": paper_records(library, page_url),
        "keypoints": (
            {
                "slug": keypoint.slug,
                "label": keypoint.label,
                "written": list(keypoint.written),
                "count": keypoint.count,
                "months": dict(keypoint.months),
                "url": keypoint_url(keypoint),
                **({"parent": keypoint.parent} if keypoint.parent else {}),
            }
            for keypoint in sorted((k for k in library.keypoints if k.written), key=lambda k: k.slug)
        ),
    }


def paper_records(library: Library, page_url: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """The records of papers one by one, in the order of `papers.json`: by file and line."""
    for paper in sorted(library.records, key=lambda p: (p.path, p.line)):
        yield _paper(paper, library, page_url)


def _paper(paper: Paper, library: Library, page_url: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": paper.id,
        "title": paper.title,
        "month": paper.month,
        "date": paper.date,
        "category": paper.category,
        "keypoints": None if paper.keypoints is None else [_badge(library, written) for written in paper.keypoints],
        "fields": [{"name": f.name, "label": f.label, "text": f.text} for f in paper.fields],
        "links": [_link(link) for link in paper.links],
        "authors": list(paper.authors),
        "venue": paper.venue,
        "same_as": library.same_as.get(paper.id),
        "figures": [{"src": figure.src, "alt": figure.alt} for figure in paper.figures],
        "details": paper.details,
        "source": {"path": paper.path, "line": paper.line},
        "url": f"{page_url(paper.path)}#{paper.anchor}",
    }


def _link(link: Link) -> dict[str, str]:
    record = {"kind": link.kind, "url": link.url}
    if site := link_site(link.url, link.kind):
        record["site"] = site.name
    if identifier := identify(link.url):
        record["id"] = str(identifier)
    return record


def _badge(library: Library, written: str) -> dict[str, str]:
    keypoint = library.keypoint(written)
    assert keypoint is not None, written
    return {"written": written, "label": keypoint.label, "slug": keypoint.slug}


def papers_schema() -> dict[str, Any]:
    """The JSON Schema of `papers.json`, as it ships with the package."""
    text = resources.files("mkdocs_paperdigest").joinpath("schemas/papers.schema.json").read_text(encoding="utf-8")
    return {**json.loads(text)}
