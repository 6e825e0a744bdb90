"""What the guide lists is what the code knows: labels, options and findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from conftest import ROOT

from mkdocs_paperdigest.mkdocs_host.config import PaperDigestConfig
from mkdocs_paperdigest.reader import read_digest
from mkdocs_paperdigest.reader.labels import FACT_LABELS, FIELD_LABELS
from mkdocs_paperdigest.records.findings import RULES

GUIDE = ROOT / "example_site" / "docs" / "guide"


def text_of(page: str) -> str:
    return (GUIDE / page).read_text(encoding="utf-8")


def row(name: str, spellings: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """A row of the table of labels: the spellings in English, and those in all other languages, in the order of their letters."""
    return name, [s for s in spellings if s.isascii()], sorted(s for s in spellings if not s.isascii())


@pytest.mark.parametrize(("head", "names"), [("Field", FIELD_LABELS), ("Fact", FACT_LABELS)], ids=["fields", "facts"])
def test_every_label_is_listed(head: str, names: Mapping[str, Sequence[str]]) -> None:
    above = f"| {head} | Spellings in English | In other languages |\n| --- | --- | --- |\n"
    lines = text_of("markdown.md").partition(above)[2].partition("\n\n")[0].splitlines()
    listed = [re.findall(r"`([^`]+)`", line) for line in lines]
    assert [row(name, spellings) for name, *spellings in listed] == [row(*item) for item in names.items()]


def test_every_option_is_listed() -> None:
    options = [name for name, _ in PaperDigestConfig._schema]
    row = re.compile(r"^\| (?:\[)?`(\w+)`(?:\]\(#\w+\))? \| (?:`|none)", re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Options")[2]
    assert row.findall(readme) == options
    guide = text_of("options.md")
    assert row.findall(guide.partition("## All options")[2].partition("### ")[0]) == options
    assert [name for name in re.findall(r"^### (\w+)$", guide, re.MULTILINE) if name in options] == options


def test_every_finding_is_listed() -> None:
    guide = text_of("findings.md")
    assert dict(re.findall(r"^\| \[(PD\d+)\]\(#pd\d+\) \| (\w+) \|", guide, re.MULTILINE)) == {
        code: rule.severity.value for code, rule in RULES.items()
    }
    assert dict(re.findall(r"^### (PD\d+)\n\n\*\*(\w+)\*\*", guide, re.MULTILINE)) == {
        code: rule.severity.value for code, rule in RULES.items()
    }


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.stem)
def test_a_page_that_shows_papers_is_no_digest(page: Path) -> None:
    digest, findings = read_digest(page.read_text(encoding="utf-8"), f"guide/{page.name}")
    assert [paper.title for paper in digest.papers] == []
    assert findings == ()
