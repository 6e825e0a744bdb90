"""Any text at all: no traceback, every word kept, valid HTML, ids that hold."""

from __future__ import annotations

import re
from itertools import count

from converting import PLAIN, convert, sections
from github import github_html, html_errors, shown
from hypothesis import assume, example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.reader import read_page, split_front_matter
from mkdocs_paperdigest.reader.fields import split_keypoints
from mkdocs_paperdigest.reader.labels import DEFAULT_LABELS, read_label
from mkdocs_paperdigest.support.slugs import Anchors, keypoint_key, keypoint_slug

WORD = st.sampled_from(["alpha", "beta", "gamma", "δέλτα", "汉字", "x1", "שלום", "émile"])
LINES = [
    "### {}",
    "### {} `[SD]` `[2024.08]`\\[[{}](https://example.org/{})\\]",
    "## {}",
    "#### {}",
    "# 202405",
    "[DiT][2024.7]\\[[{}](https://example.org/a)\\]",
    "- `Keypoints:` {}; {}",
    "- `Objective:`{} _{}_ **{}**",
    "- `Method:`",
    "    - {}",
    "  - {}",
    "    - `Metric:` {}",
    "- `Metric：` {}",
    "- ![{}](x.png)",
    "![{}](x.png)",
    "- {}",
    "1. {}",
    "2) {}",
    "> {}",
    "> - **Keypoints:** {}",
    "{} and `{}` and ``{}``",
    "{} \\& {} \\< {}",
    "| {} | {} |\n|---|---|\n| {} | {} |",
    "~~{}~~ &copy; &foo; 3 < 4",
    "[{}](https://example.org/a b)",
    "\t{}",
    "        {}",
    "***",
    "#{}",
    "`Method:`",
    "{}  \n{}\\\n{}",
    "",
]
MARKDOWN_ONLY = st.lists(st.sampled_from([*LINES, "", ""]), max_size=14)
HTML = [
    "-   <details>",
    "    <summary>{}</summary>",
    "</details>",
    "    </details>",
    "<details>",
    "<details><summary>{}</summary>",
    "<p align='center'>",
    "</p>",
    "<img src='x.png'>",
    "<b>{}",
    "</b>",
    "<script>{}</script>",
    "<!-- {} -->",
    "<!-- {}",
    "<foo>{}",
    "</section>",
    "</ul></li>",
    "<table><tr><td>{}",
    "<h3>{}",
    "<a href='javascript:x'>{}",
    "```\n{}",
    "```python",
    "$$",
    "**{}",
    "`{}",
    "<select>",
    "<textarea>",
    "<svg><desc>{}",
    "<style>{}",
    "&#0; &#xD800; &#x1F;",
    "<a id={}>",
    "- x{ onclick=alert }",
    "**x**{ #start style=position:fixed }",
    "## {} <script>",
    "- `Keypoints:`",
    "`Keypoints:`",
    "> q",
]
ANYTHING = st.lists(st.sampled_from([*LINES, *HTML]), max_size=16)
ARXIV = "https://arxiv.org/abs/2405.0000"
SHAPES = [
    "# {}",
    "## 2024-05",
    "### {}",
    f"### 1. [{{}} {{}}]({ARXIV}1)\n*Ada Moss, Lin Reed*",
    f"- [{{}} {{}}]({ARXIV}2)\n  - {{}} {{}}\n  - 🔑 Key: [{{}}], [{{}} {{}}]\n  - TLDR: {{}} *{{}}*",
    f"- **[{{}}]({ARXIV}3)**\n  - Authors: {{}} {{}}\n  - Published: 2025-06-01 | Category: {{}}",
    f"- {{}} `[SD]` `[2024.08]` \\[[paper]({ARXIV}4)\\]\n    - `Keypoints:` {{}}; {{}}\n    - `Objective:` {{}}",
    f"1. [{{}} {{}}]({ARXIV}5), {{}}, CVPR 2024 [[code]](https://github.com/a/b)",
    f"**{{}} {{}}**\n\n- Paper: {ARXIV}6\n- Abstract: {{}}",
    f"**[{{}} {{}}]({ARXIV}7)**\n**Keywords:** {{}}, {{}}\n\n**Abstract:** {{}}",
    f"| Title | PDF | Keywords |\n|---|---|---|\n| **{{}}** | [{{}}]({ARXIV}8) | {{}}, {{}} |\n| {{}} | [x]({ARXIV}8) | {{}} |",
    "| {} | | {} |",
    f"| Title | Abstract |\n|---|---|\n| **[{{}}]({ARXIV}9)** | <details><summary>{{}}</summary><p>{{}}</p></details> |",
    f"<table><tr><th>Title</th><th>PDF</th></tr><tr><td><b>{{}}</b></td><td><a href='{ARXIV}0'>{{}}</a></td></tr></table>\n",
    "**Keywords:** {}, {}",
    "Keywords: {}, {}",
    "- **Keywords**:\n  - {}\n  - {} {}",
    "## Keywords\n\n- {}\n- {} {}",
    "## Abstract\n\n{} {}",
    "**<font color=red>摘要：</font>** {}",
    "> **TL;DR:** {} {}",
    "Motivation: {}\n\nMethod: {}",
    "**Comment:**",
    "<details>\n  <summary>Details</summary>\nMotivation: {}\n\n**Result:** {}\n</details>",
    "<details><summary>Abstract</summary>{} {}</details>",
    f"| Item | Value |\n|---|---|\n| Paper | [arXiv]({ARXIV}1) |\n| Keywords | {{}}, {{}} |",
    "**日期**: 2026-03-04  \n**关键词**: {}, {}",
    "{} {} {}",
    "- {}\n- {} {}",
    "***",
    "",
]
FRONT_MATTER = "---\ntitle: {} {}\narxiv: 2405.00001\ntags: [{}, {} {}]\n---\n{}\n\n"


@st.composite
def pages(draw: st.DrawFn, lines: st.SearchStrategy[list[str]]) -> str:
    """A page with at least one paper."""
    text = ["# 202405", "", "## LLM", "", "### Start", "- `Keypoints:` one; two"]
    text += [re.sub(r"\{\}", lambda _: draw(WORD), line) for line in draw(lines)]
    return "\n".join(text)


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """A page made of parts of digests of every shape; each of its words of `WORD` stands on it once."""
    text = "\n\n".join(draw(st.lists(st.sampled_from(SHAPES), max_size=9)))
    numbers = count()
    front = draw(st.sampled_from(["", "", FRONT_MATTER]))
    return re.sub(r"\{\}", lambda _: f"{draw(WORD)}n{next(numbers)}", f"{front}{text}\n")


def numbered(content: str) -> list[str]:
    """The words that stand on a page once, in alphabetical order."""
    return sorted(word for word in shown(content).words if re.search(r"n\d+$", word))


@given(shapes(), st.booleans())
def test_papers_of_every_shape_keep_all_words(text: str, tables: bool) -> None:
    digest, _ = read_digest(text, "page.md")
    assume(digest.sections)
    ends = [0, *(section.end for section in digest.sections)]
    assert all(end <= section.start <= section.end for end, section in zip(ends, digest.sections, strict=False))
    page = convert(text, PLAIN, tables=tables)
    assert html_errors(page) == []
    papers = LexborHTMLParser(page, is_fragment=True).css(".pd-paper")
    assert len(papers) == len(digest.sections)
    for paper, element in zip(digest.papers, papers, strict=True):
        badges = [badge.text() for badge in element.css("a.pd-keypoint")]
        assert list(dict.fromkeys(badges)) == list(paper.keypoints or ())
    assert numbered(page) == numbered(github_html(split_front_matter(text)[1]))


@given(pages(MARKDOWN_ONLY))
def test_every_paper_has_the_words_of_github(text: str) -> None:
    digest, findings = read_page(text, "x.md")
    if any(f.code in ("PD104", "PD302") for f in findings):  # GitHub shows these otherwise, by intent
        assume(False)
    lines = text.split("\n")
    made = sections(convert(text, PLAIN))
    assert len(made) == len(digest.sections)
    for section, ours in zip(digest.sections, made, strict=True):
        theirs = shown(github_html("\n".join(lines[section.start : section.end])))
        assert shown(ours).words == theirs.words
        assert shown(ours).folded == theirs.folded


@given(pages(ANYTHING))
@example("# 202405\n\n### Start\n- `Keypoints:` one\n<details>\n<!-- never closed\n</section>\n|---|---|\n")
def test_every_page_is_valid_html_and_holds_every_paper(text: str) -> None:
    page = convert(text)
    assert html_errors(page) == []
    digest, _ = read_page(text, "x.md")
    papers = LexborHTMLParser(page, is_fragment=True).css(".pd-paper")
    assert len(papers) == len(digest.sections)
    for paper, element in zip(digest.papers, papers, strict=True):
        badges = [badge.text() for badge in element.css("a.pd-keypoint")]
        assert list(dict.fromkeys(badges)) == list(paper.keypoints or ())
    assert re.search(r'<[^>]*\s(on\w+)="', page) is None
    ids = re.findall(r'<h\d id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert {paper.anchor for paper in digest.papers} <= set(ids)


@given(st.text(max_size=300), st.text(alphabet="#`*_-<>[]()!|\\~$&;:；、 \n\tab汉", max_size=200))
def test_any_text_is_read_and_shown(text: str, marks: str) -> None:
    page = f"# 202405\n\n### T\n- `Keypoints:` k\n{marks}\n{text}"
    digest, findings = read_digest(page)
    assert digest.sections
    assert html_errors(convert(page)) == []
    assert all(1 <= f.line <= page.count("\n") + 1 + page.count("\r") and f.column >= 1 for f in findings)
    build_library([digest])


@given(st.text(max_size=200))
def test_no_text_breaks_the_small_readers(text: str) -> None:
    for name in split_keypoints(text):
        assert name
        assert name == " ".join(name.split())
    label = read_label(text, DEFAULT_LABELS)
    assert label is None or 0 < label.value <= len(text)


@given(st.text(alphabet="ab;,；、，() []\n", max_size=60))
def test_splitting_keypoints_loses_nothing_but_separators_and_square_brackets(text: str) -> None:
    kept = re.sub(r"[\s;,；、，\[\]]", "", "".join(split_keypoints(text)))
    assert kept == re.sub(r"[\s;,；、，\[\]]", "", text)


@given(st.text(min_size=1, max_size=200))
def test_a_slug_stays_in_its_folder(name: str) -> None:
    if not (key := keypoint_key(name)):
        return
    slug = keypoint_slug(key)
    assert slug
    assert slug not in (".", "..", "index")
    assert not re.search(r"[/\\:*?\"<>|#%\s\x00-\x1f]", slug)
    assert not slug.startswith(".")
    assert len(slug.encode()) <= 130


@given(st.sets(st.text(alphabet="ab-~+#./ C%汉é1", min_size=1, max_size=8), min_size=2, max_size=30))
def test_slugs_never_collide(names: set[str]) -> None:
    keys = {key for name in names if (key := keypoint_key(name))}
    assert len({keypoint_slug(key) for key in keys}) == len(keys)


@given(st.lists(st.sampled_from(["a", "a_1", "b", "", "main-content"])))
def test_anchors_are_handed_out_once(names: list[str]) -> None:
    anchors = Anchors()
    taken = [anchors.take(name) for name in names]
    assert len(taken) == len(set(taken))
    assert "main-content" not in taken  # a theme has an element of that id
