"""Golden cases of the reader: it reads in each page what a careful person reads in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from golden_cases import CASES, load

from mkdocs_paperdigest.reader import read_digest
from mkdocs_paperdigest.records.paper import Paper

_SIMPLE = frozenset(["title", "line", "month", "date", "category", "details", "level", "venue", "anchor"])


def seen(paper: Paper, key: str, wanted: Any, expected: dict[str, Any]) -> Any:
    """What the reader found for `key`, in the form that `wanted` has."""
    match key:
        case "authors" | "unknown":
            return list(getattr(paper, key))
        case "keypoints":
            return None if paper.keypoints is None else list(paper.keypoints)
        case "any_keypoints":
            found = None if paper.keypoints is None else list(paper.keypoints)
            return wanted if found in wanted else found
        case "fields" if isinstance(wanted, dict):
            # A pair list, since the order of the fields counts; `~` as text means any.
            return [(f.name, f.text if wanted.get(f.name, "") is not None else None) for f in paper.fields]
        case "fields":
            return [f.name for f in paper.fields]
        case "links":
            links = [link for link in paper.links if link.url not in expected.get("optional_links", ())]
            pairs = bool(wanted) and isinstance(wanted[0], list)
            return [[link.kind, link.url] if pairs else link.url for link in links]
        case "figures":
            return [figure.src for figure in paper.figures]
        case "optional_links":
            return wanted
    assert key in _SIMPLE, f"a case cannot ask for {key!r}"
    return getattr(paper, key)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_golden(file: Path) -> None:
    case = load(file)
    digest, findings = read_digest(case.source, case.path)
    expected, got = [], []
    for wanted, paper in zip(case.papers, digest.papers, strict=False):
        pairs = {key: list(value.items()) if isinstance(value, dict) else value for key, value in wanted.items()}
        expected.append(pairs)
        got.append({key: seen(paper, key, value, wanted) for key, value in wanted.items()})
    assert [p.title for p in digest.papers][len(case.papers) :] == [], "papers that are none"
    assert [p.get("title", p) for p in case.papers][len(digest.papers) :] == [], "papers that were missed"
    assert got == expected
    assert sorted(f"{f.code} {f.line}" for f in findings) == sorted(case.findings)


def test_there_are_cases() -> None:
    assert len(CASES) > 80
