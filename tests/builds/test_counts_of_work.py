"""How much work a build does, counted: what must grow with the papers does not grow faster than they do."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from benchmarks import corpora
from cached_site import Site
from markdown import Markdown
from markdown.inlinepatterns import LinkInlineProcessor
from markdown_it.rules_block import StateBlock
from mkdocs.commands.build import build
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.collection import page_text
from mkdocs_paperdigest.keypoints import vocabulary as vocabularies
from mkdocs_paperdigest.keypoints.vocabulary import Vocabulary, VocabularyEntry
from mkdocs_paperdigest.library import relations
from mkdocs_paperdigest.library.index import Library
from mkdocs_paperdigest.lint.fixes import list_findings
from mkdocs_paperdigest.markdown_extension import paper_elements, paper_html, sanitising
from mkdocs_paperdigest.mkdocs_host import conversion_cache, navigation
from mkdocs_paperdigest.pages import paper_lists
from mkdocs_paperdigest.pages import templating as templates
from mkdocs_paperdigest.reader import blocks, fields, heading_parts, inline, markdown_rules
from mkdocs_paperdigest.reader.mentions import mentions
from mkdocs_paperdigest.reader.outside_links import links_outside
from mkdocs_paperdigest.support.slugs import keypoint_slug

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
    counted(monkeypatch, blocks._Builder, "_container", counts)
    counted(monkeypatch, StateBlock, "isEmpty", counts)
    counted(monkeypatch, fields.Body, "_visit", counts)
    counted(monkeypatch, blocks, "read_label", counts)
    counted(monkeypatch, heading_parts, "walk_blocks", counts)
    seen = []
    for papers in (600, 1200):
        counts.clear()
        assert len(library_of(shape, papers).papers) == papers
        seen.append(Counter(counts))
    small, large = seen
    assert set(small) == {"_container", "isEmpty", "_visit", "read_label", "walk_blocks"}
    assert {name: count / small[name] for name, count in large.items() if count > LINEAR * small[name]} == {}


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("- a\n" * 1000 + "1. b\n", 4.1),
        ("- a\n\n" * 1000 + "+ b\n" + "\tc\n", 2.6),
        ("a\n" * 1000 + "> b\n", 2.1),
        ("- a\n\n***\n" * 1000, 3.1),
        ("[a]: /u\n" * 1000, 3.1),
        ("[a\nb]: /u\n" * 1000, 2.1),
        ("<p> a|b\n--|--\n" * 1000, 1.1),
        ("<details>\n" * 1000 + "\n> a\n", 1.1),
        ("  " * 30 + "- a\n", 1.1),
        ("".join(" " * (2 * n) + "- a\n" for n in range(200)), 3.6),
    ],
)
def test_lines_are_looked_at_so_many_times(text: str, calls: float, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    counted(monkeypatch, StateBlock, "isEmpty", counts)
    blocks.parse_blocks(text.split("\n"))
    assert counts["isEmpty"] <= calls * text.count("\n") + 1


# -- hostile text

PAPER = "# 202405\n\n## Field\n\n### {0}\n- `Keypoints:` {0};\n\n{0}\n"
LISTS = "# 202405\n\n## Field\n\n- [A Title of Some Words](https://arxiv.org/abs/2405.00001) {0}\n\n|Title|Keywords|\n|---|---|\n|A Title|{0}|\n"
TOKENS = (
    "[",
    "![",
    "[a][",
    "[[a]",
    "[![",
    "![a](b",
    "<!--a",
    "<![CDATA[",
    "`a``",
    "*a_",
    "a;  ",
    "- ",
    "> ",
    "1. ",
    "\n**Method:** a",
    "\n### A",
    "\n| a",
)


def steps(function: Callable[[str], Any], text: str) -> int:
    """How many lines of the package and of its parser run in a call."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            return trace
        name = frame.f_code.co_filename
        return trace if "mkdocs_paperdigest" in name or "markdown_it" in name else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(text)
    finally:
        sys.settrace(before)
    return count


def look(text: str) -> None:
    """All that looks at the text of a digest, but for fixes that are proved."""
    digest, _ = read_digest(text, "202405.md")
    list(mentions(text, digest))
    list(list_findings(text, digest))
    links_outside(f"../a\n\n{text}", "202405.md")


@pytest.mark.parametrize("token", TOKENS)
def test_hostile_text_is_looked_at_in_proportion_to_its_length(token: str) -> None:
    for page in (PAPER, LISTS):
        short, long = (steps(look, page.format(f"{token * times}{times}")) for times in (120, 240))
        assert long <= 2.3 * short


def test_comments_without_an_end_are_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    old = markdown_rules.rules_inline.html_inline

    def rule(state: Any, silent: bool) -> bool:
        if state.src[state.pos] == "<":
            tried.append(state.pos)
        return old(state, silent)

    monkeypatch.setattr(markdown_rules.rules_inline, "html_inline", rule)
    inline.read_inline("<!--a" * 200 + "---->")  # markdown-it takes no end from four hyphens
    assert tried == []
    inline.read_inline("<!--a" * 200 + "-->")
    assert tried == [0]


def test_an_unknown_keypoint_is_compared_with_those_of_about_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = ["sea", "seas", "sea kelp", "sea kelp forest", "sea kelp forests of the cold northern seas"]
    vocabulary = Vocabulary(
        tuple(VocabularyEntry(keypoint_slug(label), label) for label in labels), path="keypoints.yml"
    )
    compared: list[str] = []
    old = vocabularies.process.extractOne

    def extract(key: str, keys: list[str], **named: Any) -> Any:
        compared.extend(keys)
        return old(key, keys, **named)

    monkeypatch.setattr(vocabularies.process, "extractOne", extract)
    text = "# 202405\n\n### A Paper\n- `Keypoints:` sea kelps;\n"
    (found,) = vocabularies.unknown_keypoints([(text, read_digest(text, "202405.md")[0])], vocabulary, "warn")
    assert "write `sea kelp`" in found.message
    assert compared == ["sea kelp"]


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
    counted(monkeypatch, paper_elements.PaperBuilder, "body", counts)
    counted(monkeypatch, Markdown, "convert", counts)
    counted(monkeypatch, paper_elements, "serialised", counts)
    counted(monkeypatch, sanitising, "parsed", counts)
    counted(monkeypatch, paper_html, "parsed", counts)
    counted(monkeypatch, templates.Templates, "render", counts)
    counted(monkeypatch, paper_lists.PaperFooters, "_html", counts)
    seen = []
    for papers in (100, 200):
        docs = dict(corpora.SHAPES[shape](papers))
        counts.clear()
        built(tmp_path / str(papers), docs)
        assert counts["body"] == papers
        assert counts["convert"] == len(docs) + 5  # the home page, the index, the explorer, trends and months
        assert counts["parsed"] <= 2 * papers + 5 * len(docs)
        assert counts["_html"] == papers
        assert counts["render"] <= 3 * papers  # a footer each, and what lists show of them
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
    counted(monkeypatch, page_text, "read_page", counts)
    counted(monkeypatch, paper_elements.PaperBuilder, "body", counts)
    counted(monkeypatch, conversion_cache, "dumps", counts)
    built(tmp_path, docs)
    assert counts == {}
    name = sorted(docs)[len(docs) // 2]
    papers = len(list(corpora.entries(docs[name])))
    built(tmp_path, {name: corpora.longer(docs[name], 1)})
    assert counts == {"read_page": 1, "body": papers + 1, "dumps": 1}


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


@pytest.mark.parametrize("sign", ["[", "![", "[a][", "[" * 2000 + "]" * 2000])
def test_brackets_that_make_no_links_are_not_looked_for(sign: str, monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    """Python-Markdown looks for the end of each bracket, to the end of the text: of those only few are left to it."""
    counts: Counter[str] = Counter()
    counted(monkeypatch, LinkInlineProcessor, "getText", counts)
    paper = f"# 202405\n\n### T\n- `Keypoints:` a;\n\n{sign * (4000 // len(sign))} end\n"
    (site.folder / "docs" / "202405.md").write_text(paper, encoding="utf-8")
    page = site.build("site", cache=False)["202405/index.html"].decode()
    assert counts["getText"] < 60
    assert "".join(LexborHTMLParser(page).text().split()).count("[") >= 3000 // len(sign)
