"""The reader against digests that were labelled by hand; they stand beside the repository, not in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.reader.labels import DEFAULT_LABELS


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


WILD = ["a-2025-11-28", "a3-2025-06-20", "b2-page", "d-3-Apr-2025", "g-desktop"]


@pytest.mark.parametrize("name", WILD)
def test_other_formats_are_read_as_labelled(corpus: Path, name: str) -> None:
    labels = json.loads((corpus / f"wild-{name}.labels.json").read_text(encoding="utf-8"))
    digest, _ = read_digest((corpus / f"wild-{name}.md").read_bytes().decode(), f"wild-{name}.md")
    read = [
        {
            "title": paper.title,
            "line": paper.line,
            # The labels give the month alone where the source has no day.
            "date": paper.date or paper.month,
            "category": paper.category,
            "keypoints": None if paper.keypoints is None else list(paper.keypoints),
            "has_details": paper.details,
            "links": [link.url for link in paper.links],
        }
        for paper in digest.papers
    ]
    assert read == [{key: label[key] for key in read[0]} for label in labels]
    for paper, label in zip(digest.papers, labels, strict=True):
        means = {spelling: DEFAULT_LABELS.meaning(spelling) for spelling in label["fields"]}
        known = [meaning[0] for meaning in means.values() if meaning and DEFAULT_LABELS.is_field(meaning[0])]
        assert [field.name for field in paper.fields] == list(dict.fromkeys(known))
        assert list(paper.unknown) == [spelling for spelling, meaning in means.items() if meaning is None]
        empty = {means[spelling][0] for spelling in label.get("empty_fields", ())}
        assert {field.name for field in paper.fields if not field.text} == empty
