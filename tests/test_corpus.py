"""The reader against digests that were labelled by hand; they stand beside the repository, not in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mkdocs_paperdigest import read_digest


@pytest.mark.parametrize("month", ["202404", "202405"])
def test_every_label_is_read(corpus: Path, month: str) -> None:
    labels = json.loads((corpus / f"{month}.labels.json").read_text(encoding="utf-8"))
    digest, _ = read_digest((corpus / f"{month}.md").read_bytes().decode(), f"{month}.md")
    read = [
        {
            "title": paper.title,
            "line": paper.line,
            "month": paper.month,
            "category": paper.category,
            "keypoints": None if paper.keypoints is None else list(paper.keypoints),
            "has_details": paper.details,
            "n_images": len(paper.figures),
            "heading_level": paper.level,
            "fields": [field.name for field in paper.fields],
        }
        for paper in digest.papers
    ]
    wanted = [{key: label[key] for key in read[0]} for label in labels]
    assert read == wanted
    assert [[link.url for link in paper.links] for paper in digest.papers] == [
        label.get("links", []) for label in labels
    ]
