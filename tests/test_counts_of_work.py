"""How much work a build does, counted: what must grow with the papers does not grow faster than they do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks import corpora
from markdown import Markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import build_library, read_digest, relations, sources
from mkdocs_paperdigest.library import Library
from mkdocs_paperdigest.pages import conversions, elements, navigation, paper_foot, raw_html, section_html, templates
from mkdocs_paperdigest.reader import blocks, fields, heading_entries, plain_blocks

LINEAR = 2.1
"""How many times the work may be for twice the papers."""


def library_of(shape: str, papers: int) -> Library:
    return build_library(read_digest(text, name)[0] for name, text in corpora.SHAPES[shape](papers))


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, counts: Counter[str]) -> None:
    """Count the calls of a function, or the steps of an iterator that it gives, under its name."""
    old: Callable[..., Any] = getattr(owner, name)

    def steps(made: Any) -> Any:
        for step in made:
            counts[name] += 1
            yield step

    def call(*arguments: Any, **named: Any) -> Any:
        counts[name] += 1
        made = old(*arguments, **named)
        return steps(made) if hasattr(made, "__next__") else made

    monkeypatch.setattr(owner, name, call)


# -- reading


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_a_digest_is_parsed_once(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = list(corpora.SHAPES[shape](60))
    parsed: list[str] = []
    old = blocks._PARSER.block.parse

    def parse(source: str, *arguments: Any) -> Any:
        parsed.append(source)
        return old(source, *arguments)

    monkeypatch.setattr(blocks._PARSER.block, "parse", parse)
    build_library(read_digest(text, name)[0] for name, text in digests)
    assert parsed == [text for _, text in digests]


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_reading_visits_blocks_in_proportion_to_the_papers(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    counted(monkeypatch, plain_blocks._Reader, "block", counts)
    counted(monkeypatch, plain_blocks._Reader, "begin", counts)
    counted(monkeypatch, fields._BodyReader, "visit", counts)
    counted(monkeypatch, blocks, "read_label", counts)
    counted(monkeypatch, heading_entries, "walk", counts)
    seen = []
    for papers in (600, 1200):
        counts.clear()
        assert len(library_of(shape, papers).papers) == papers
        seen.append(Counter(counts))
    small, large = seen
    assert set(small) == {"block", "begin", "visit", "read_label", "walk"}
    assert {name: count / small[name] for name, count in large.items() if count > LINEAR * small[name]} == {}


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("- a\n" * 1000 + "1. b\n", 2.1),  # what no plain line ends is read again by markdown-it, once
        ("- a\n\n" * 1000 + "+ b\n" + "\tc\n", 2.1),
        ("a\n" * 1000 + "> b\n", 1.1),
        ("- a\n\n***\n" * 1000, 3.1),
        ("[a]: /u\n" * 1000, 1.1),
        ("[a\nb]: /u\n" * 1000, 1.6),
        ("<p> a|b\n--|--\n" * 1000, 1.1),
        ("<details>\n" * 1000 + "\n> a\n", 1.1),
        ("  " * 30 + "- a\n", 1.1),
        ("".join(" " * (2 * n) + "- a\n" for n in range(200)), 8.1),
    ],
)
def test_lines_are_looked_at_so_many_times(text: str, calls: float, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    counted(monkeypatch, plain_blocks._Reader, "begin", counts)
    blocks.parse_blocks(text.split("\n"))
    assert counts["begin"] <= calls * text.count("\n") + 1


# -- relations


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_each_paper_is_weighed_against_so_many_others(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    library = library_of(shape, 1200)
    most = max(len(paper.keypoints or ()) for paper in library.papers)
    sizes: list[int] = []
    old = relations._candidates

    def candidates(*arguments: Any) -> set[int]:
        found = old(*arguments)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(relations, "_candidates", candidates)
    relations.related_papers(library)
    assert len(sizes) == len(library.papers)
    assert relations.LOOKED_AT / 2 < max(sizes) <= relations.LOOKED_AT + relations.FEWEST * most


# -- making pages


def built(folder: Path, docs: dict[str, str]) -> Path:
    """A site with all that the plugin makes, built in this process."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for name, text in docs.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    settings = {"site_name": "Test", "theme": {"name": "material", "font": False}, "plugins": ["paperdigest"]}
    (folder / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")
    build(load_config(str(folder / "mkdocs.yml")))
    return folder / "site"


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_papers_are_made_once_and_pages_converted_once(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()
    counted(monkeypatch, elements.PaperBuilder, "body", counts)
    counted(monkeypatch, Markdown, "convert", counts)
    counted(monkeypatch, section_html.Writer, "_write", counts)
    counted(monkeypatch, raw_html, "parsed", counts)
    counted(monkeypatch, section_html, "parsed", counts)
    counted(monkeypatch, templates.Templates, "render", counts)
    counted(monkeypatch, paper_foot.Feet, "_form", counts)
    seen = []
    for papers in (100, 200):
        docs = dict(corpora.SHAPES[shape](papers))
        counts.clear()
        built(tmp_path / str(papers), docs)
        assert counts["body"] == papers
        assert counts["convert"] == len(docs) + 5  # the home page, the index, the explorer, trends and months
        assert counts["parsed"] <= 2 * papers + 5 * len(docs)
        assert counts["_form"] < papers / 2
        seen.append(Counter(counts))
    small, large = seen
    assert {name: count / small[name] for name, count in large.items() if count > LINEAR * small[name]} == {}


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_after_an_edit_nothing_is_done_for_the_other_digests(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = dict(corpora.SHAPES[shape](120))
    built(tmp_path, docs)
    counts: Counter[str] = Counter()
    counted(monkeypatch, sources, "read_page", counts)
    counted(monkeypatch, elements.PaperBuilder, "body", counts)
    counted(monkeypatch, conversions.Conversions, "put", counts)
    built(tmp_path, docs)
    assert counts == {}
    name = sorted(docs)[len(docs) // 2]
    papers = len(list(corpora.entries(docs[name])))
    built(tmp_path, {name: corpora.longer(docs[name], 1)})
    assert counts == {"read_page": 1, "body": papers + 1, "put": 1}


def test_a_page_shows_no_more_of_the_navigation_however_many_digests_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "MOST_DIGESTS", 20)
    days = [f"{2021 + month // 12}-{month % 12 + 1:02}-{day:02}" for month in range(6) for day in range(1, 11)]
    paper = "# {0}\n\n### A Paper of {0}\n- `Keypoints:` Some Thing;\n"
    site = built(tmp_path, {"index.md": "# Home\n", **{f"{day}.md": paper.format(day) for day in days}})

    def listed(page: str) -> list[str]:
        tree = LexborHTMLParser((site / page / "index.html").read_text(encoding="utf-8"))
        links = tree.css(".md-nav--primary .md-nav__link[href]")
        return [link.attributes["href"] or "" for link in links if not (link.attributes["href"] or "").startswith("#")]

    for number, day in enumerate(days):
        shown = {link.strip("./") or day for link in listed(day)} & set(days)
        own = {other for other in days if other[:7] == day[:7]}
        assert shown == {*days[-20:], *own}
        page = LexborHTMLParser((site / day / "index.html").read_text(encoding="utf-8"))
        before = page.css_first("link[rel=prev]")
        if number + 1 < len(days):  # the newest comes first
            assert before
            assert (before.attributes["href"] or "").strip("./") == days[number + 1]
    assert {link.strip("./") for link in listed("keypoints")} & set(days) == set(days[-20:])
