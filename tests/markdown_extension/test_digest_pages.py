"""Digest pages, made by the Python-Markdown extension alone: same words as GitHub, valid HTML, anchors, extensions."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
from conftest import PAPER, ROOT
from converting import EXTENSIONS, PLAIN, convert, sections
from github import github_html, html_errors, shown
from hostile import yaml_text
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.markdown_extension.badge import Badge
from mkdocs_paperdigest.markdown_extension.digest_pages import DigestExtension, PageContext, plain_ids
from mkdocs_paperdigest.markdown_extension.paper_elements import Prerenderer
from mkdocs_paperdigest.reader import read_page, split_front_matter
from mkdocs_paperdigest.reader.inline import INVALID_CHARACTERS

pytestmark = pytest.mark.versions

EXAMPLES = sorted((ROOT / "example_site" / "docs" / "digests").glob("*.md"))


def paper(body: str, extensions: list[str] = EXTENSIONS) -> str:
    """The one paper of a page whose fields begin with `body`."""
    page = convert(f"# 202405\n\n### Title\n- `Keypoints:` one\n{body}", extensions)
    assert html_errors(page) == []
    (section,) = sections(page)
    return section


def assert_same_words(text: str, path: str = "page.md") -> None:
    """Each paper shows the words that GitHub shows, in the same order, and folds the same away."""
    _, body, _ = split_front_matter(text)
    digest, _ = read_page(body, path)
    lines = body.split("\n")
    made = sections(convert(body, PLAIN))
    assert len(made) == len(digest.sections)
    for section, ours in zip(digest.sections, made, strict=True):
        theirs = shown(github_html("\n".join(lines[section.start : section.end])))
        assert shown(ours) == theirs, section.paper.title


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_example_digests_show_the_words_of_github(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert_same_words(text)
    assert html_errors(convert(text)) == []


@pytest.mark.parametrize("name", ["202404.md", "202405.md"])
def test_real_digests_show_the_words_of_github(corpus: Path, name: str) -> None:
    text = (corpus / name).read_text(encoding="utf-8")
    assert_same_words(text)
    assert html_errors(convert(text)) == []


@pytest.mark.parametrize(
    "body",
    [
        "- `Objective:`text with no space\n  continued\nlazily",
        "- `Objective:` a\n![glued](x.png)\n\ntext",
        "-   <details>\n    <summary>S</summary>\n\n    - `Method:` in\n</details>\n\n- `Summary:` out",
        "-   <details>\n    <summary>S</summary>\n\n    - `Method:` in\n    </details>\n- `Summary:` out",
        "- <p align='center'>\n  <img src='x.png'>\n</p>\n\n- `Method:` x",
        "<details open><summary>S</summary>\n\ninside\n\n</details>\n\noutside",
        "> - **Objective:** quoted\n>\n> more",
        "1. one\n2. two\n   - nested\n\n       code\n\n3. three",
        "- [ ] to do\n- [x] done",
        'a \\& b \\< c \\* d \\: e \\~ f \\" g',
        "`code <b>` and `` a ` b `` and &amp; &copy; &foo; 3 < 4 > 2",
        "[spaced](https://example.org/a b) [x](<a b>) <https://example.org/>",
        "~~struck~~ **bold**text __x__ snake_case_word",
        "<font color=red>red</font> and <unknown>tag</unknown> and <!-- hidden --> shown",
        "a --> b <- c <--> d",
        "| a | b |\n|---|:-:|\n| 1 | x \\| y |",
        "```python\nprint('<b>')\n# no heading\n```\n\nafter",
        "~~~\nunclosed fence\n\n### not a heading",
        "    - indented code\n\ntext",
        "#### Inner heading\n\ntext below it",
        "***\n\nbelow a rule",
        "line one  \nline two\\\nline three",
        "- a\n\n  second paragraph\n- b",
        "* star\n+ plus\n- minus",
        "<div>\n\n**bold** in a block\n\n</div>",
        "</div></section></article> stray ends",
        "\\[[paper](https://example.org/a)\\]\\[[code](https://example.org/b)\\]",
    ],
)
def test_papers_show_the_words_of_github(body: str) -> None:
    assert_same_words(f"# 202405\n\n### Title\n- `Keypoints:` one; two;\n\n{body}\n\n### Next\n- `Keypoints:` x\n")
    paper(f"\n{body}")


@pytest.mark.parametrize(
    ("body", "selector", "text"),
    [
        ("- `Method:` energy $a_1 * b_2 < c$ is", ".pd-field .arithmatex", r"\(a_1 * b_2 < c\)"),
        ("\n$$\na_1 * b_2\n$$\n", "div.arithmatex", "a_1 * b_2"),
        ("- `Method:` as shown[^1].\n\n[^1]: In a note.", ".pd-field sup a.footnote-ref", "1"),
        ('\n!!! note "Mind"\n    the *gap*\n\n    and this\n', ".admonition em", "gap"),
        ('\n!!! note "Mind"\n    the *gap*\n\n    and this\n', ".admonition p:last-child", "and this"),
        ("\n!!! note\n    ```python\n    x = 1\n    ```\n", ".admonition .highlight code .n", "x"),
        ("\n??? tip\n    folded\n", "details.tip p", "folded"),
        ("- `Method:` :smile: here", ".pd-field img.emojione", ""),
        ("- `Method:` uses HTML\n\n*[HTML]: Hyper Text\n", ".pd-field abbr", "HTML"),
        ("\n| a | b |\n|---|---|\n| 1 | *2* |\n", "table td em", "2"),
        ("\n```python\nx = 1\n```\n", ".highlight code .n", "x"),
        ("- `Method:` text **strong**{ .warn }", ".pd-field strong.warn", "strong"),
        ("- `Method:` a\n\nTerm\n:   its meaning\n", "dl dd", "its meaning"),
        ("- [x] done\n", ".task-list-item input[checked]", ""),
    ],
)
def test_the_extensions_of_a_site_work_in_papers(body: str, selector: str, text: str) -> None:
    found = LexborHTMLParser(paper(body), is_fragment=True).css_first(selector)
    assert found is not None, paper(body)
    assert text in found.text()


def test_a_paper_is_shown_in_parts() -> None:
    first, second = sections(convert(PAPER))
    tree = LexborHTMLParser(first, is_fragment=True)
    assert [node.text() for node in tree.css("a.pd-keypoint")] == ["World Model", "Camera Control"]
    assert tree.css_first("h3").text().startswith("A First Paper: On Things")
    assert "2024.5" not in tree.css_first("h3").text()
    assert tree.css_first(".pd-meta").text().strip() == "May 2024 · World Models [2024.5][paper arXiv]"
    assert tree.css_first(".pd-meta .pd-ui").text() == "May 2024 · World Models"
    assert [node.attributes["data-field"] for node in tree.css(".pd-field")] == ["objective", "method", "metric"]
    assert tree.css_first("details > summary").text() == "Details"
    assert len(tree.css("details .pd-field")) == 2
    figure = tree.css_first("a.pd-figure > img")
    assert (figure.attributes["src"], figure.attributes["alt"], figure.attributes["loading"]) == (
        "https://example.org/a.png",
        "plot",
        "lazy",
    )
    assert "<details" not in second


@pytest.mark.parametrize("name", ["- `Keypoints:`", "- `Objective:` no keypoints at all"])
def test_a_paper_without_keypoints_has_no_row(name: str) -> None:
    page = convert(f"# 202405\n### Title\n{name}\n- `Objective:` x\n")
    assert "pd-keypoints" not in page
    assert "Keypoints:" not in page


def test_text_around_papers_stays_as_it_was() -> None:
    around = "# Intro\n\nSome *text* &copy; <b>bold</b>\n\n<div class='x'>raw</div>\n\n- [a](#x)\n- b\n\n## Category\n\nwords\n"
    plain = markdown.markdown(around, extensions=EXTENSIONS)
    assert convert(f"{around}\n### Title\n- `Keypoints:` x\n", toc={"permalink": False}).startswith(plain)


def test_a_page_without_papers_is_not_touched() -> None:
    text = "# Title\n\n## Übersicht\n\n<p>unclosed\n\n- `Method:` not a paper\n\n<script>1</script>\n\n# 中文\n"
    assert convert(text, toc={}) == markdown.markdown(text, extensions=EXTENSIONS)


def test_anchors_of_plain_python_markdown_and_of_github_still_lead_somewhere() -> None:
    text = """# 202405
## RLHF & DPO
### Title
- `Keypoints:` a
### Title
- `Keypoints:` a
### 汉字标题
- `Keypoints:` a
### LLM 综述
- `Keypoints:` a
## 中文
### Tail `[SD]` [2024.5]\\[[p](https://example.org)\\]
- `Keypoints:` a
### Title 1
- `Keypoints:` a
"""
    plain = set(re.findall(r'\sid="([^"]*)"', markdown.markdown(text, extensions=EXTENSIONS)))
    page = convert(text)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert plain <= set(ids)
    assert {"_1", "rlhf--dpo", "title-1", "汉字标题", "llm-综述", "中文", "tail-sd-20245p"} <= set(ids)
    assert len(ids) == len(set(ids))
    headings = dict(re.findall(r'<h\d id="([^"]*)">(?:<span[^>]*></span>)*([^<]*)', page))
    assert headings["汉字标题"] == "汉字标题"
    assert headings["中文"] == "中文"
    for entry in read_page(text, "page.md")[0].papers:
        assert entry.anchor in headings


def test_an_anchor_that_only_python_markdown_makes_still_exists() -> None:
    text = "## C\n\n### A\n- `Keypoints:` a;\n-   \n\n### B\n- `Keypoints:` b\n\n### C\n- `Keypoints:` c\n"
    plain = set(re.findall(r'\sid="([^"]*)"', markdown.markdown(text, extensions=PLAIN)))
    page = convert(text, PLAIN)
    assert "-keypoints-a" in plain
    assert plain <= set(re.findall(r'\sid="([^"]*)"', page))


def test_a_stable_anchor_does_not_shift_when_a_heading_is_inserted() -> None:
    def anchors(text: str) -> dict[str, str]:
        return {entry.title: entry.anchor for entry in read_page(text, "page.md")[0].papers}

    text = "### 第二篇\n- `Keypoints:` a\n### LLM 第三\n- `Keypoints:` a\n"
    before = anchors(text)
    after = anchors(f"### 第一篇\n- `Keypoints:` a\n### LLM 第零\n- `Keypoints:` a\n{text}")
    assert before.items() <= after.items()


def test_raw_html_is_made_harmless() -> None:
    section = paper(
        "- `Objective:` <script>alert(1)</script> <img src=x onerror=alert(2)> <a href='javascript:alert(3)' onclick=x>y</a>"
        " <b style='position:fixed'>b</b> [z](javascript:alert)\n\n<iframe src='https://example.org'></iframe>\n"
    )
    tree = LexborHTMLParser(section, is_fragment=True)
    assert tree.css("script, iframe, [onerror], [onclick], [style]") == []
    assert "<script>alert(1)</script>" in tree.root.text()
    assert not re.search(r'(?:href|src)="\s*javascript', section)


def test_a_keypoint_is_only_a_name() -> None:
    page = convert('# 202405\n### T\n- `Keypoints:` <script>; ../../x; C++; 汉字; "&quot;; a & b\n')
    tree = LexborHTMLParser(page, is_fragment=True)
    assert [n.text() for n in tree.css("a.pd-keypoint")] == ["<script>", "../../x", "C++", "汉字", '""', "a & b"]
    assert html_errors(page) == []


def test_details_that_are_never_closed_end_with_their_paper() -> None:
    text = "# 202405\n### A\n- `Keypoints:` a\n\n<details>\n<summary>S</summary>\n\n- `Method:` m\n\n### B\n- `Keypoints:` b\n"
    first, second = sections(convert(text))
    assert shown(first).folded == ["m"]
    assert shown(second).folded == []


def test_a_label_that_raw_html_swallows_is_a_field_again() -> None:
    section = paper("\n<details>\n- `Method:` with **bold**\n- `Metric:` $x$\n</details>\n")
    tree = LexborHTMLParser(section, is_fragment=True)
    assert [n.attributes["data-field"] for n in tree.css("details .pd-field")] == ["method", "metric"]
    assert tree.css_first("details strong").text() == "bold"
    assert tree.css_first("summary.pd-ui").text() == "Details"


@pytest.mark.parametrize(
    "opening", ["<div align='center'>", "<details>", "<table><tr><td>", "<select>", "<svg>", "<a href='x'>"]
)
def test_papers_inside_raw_html_of_the_page_are_not_lost(opening: str) -> None:
    text = f"{opening}\n\n# 202405\n\n### Title\n- `Keypoints:` one\n- `Objective:` words\n"
    assert len(read_page(text, "x.md")[0].sections) == 1
    page = convert(text)
    assert len(LexborHTMLParser(page, is_fragment=True).css(".pd-paper")) == 1
    assert html_errors(page) == []


def test_the_table_of_contents_lists_papers_by_their_titles() -> None:
    extension = DigestExtension()
    extension.context = PageContext(
        lambda source: read_page(source, "x.md")[0], lambda name: Badge(name, None), lambda url: url
    )
    converter = markdown.Markdown(extensions=["toc", extension])
    converter.convert(PAPER)
    papers = converter.toc_tokens[1]["children"][0]["children"]  # type: ignore[attr-defined]
    assert [entry["name"] for entry in papers] == ["A First Paper: On Things", "A Second Paper"]


def test_attributes_that_run_scripts_or_cover_the_page_are_taken_out() -> None:
    section = paper(
        "- `Objective:` **x**{ onclick=alert(1) } ![p](a.png){ onerror=alert(2) } *y*{ style=position:fixed .keep } "
        "*z*{ style=background:url(a.png) } [w](https://example.org/){ rel=opener }\n"
    )
    assert not re.search(r"<[^>]* (?:on\w+|style|rel)=", section)
    assert 'class="keep"' in section


def test_ids_of_raw_html_stay_unless_a_heading_has_them() -> None:
    page = convert(
        "# 202405\n\n### T\n- `Keypoints:` k\n\n<a id='mine'></a><a name='old'></a><b id='t'>b</b><div id='__search' class='pd-ui'>d</div>\n"
    )
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert {"mine", "old", "t"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert "__search" not in page
    assert shown(page).words[-2:] == ["b", "d"]


def test_pictures_with_sources_are_framed_as_one() -> None:
    section = paper("\n<picture><source srcset='dark.svg'><img src='light.svg' alt='a'></picture>\n")
    tree = LexborHTMLParser(section, is_fragment=True)
    assert tree.css_first(".pd-figure > picture > img").attributes["src"] == "light.svg"
    assert tree.css_first("picture > source").attributes["srcset"] == "dark.svg"


@pytest.mark.parametrize("tag", ["script", "style", "textarea", "title", "iframe", "template", "xmp"])
def test_an_unclosed_tag_around_papers_hides_none(tag: str) -> None:
    page = convert(f"# 202405\n\n## Cat <{tag}>\n\n### A\n- `Keypoints:` a\n\n### B\n- `Keypoints:` b\n")
    assert len(LexborHTMLParser(page, is_fragment=True).css(".pd-paper")) == 2


@pytest.mark.parametrize("extensions", [EXTENSIONS, PLAIN], ids=["many", "plain"])
@pytest.mark.parametrize("mark", ["- ", "+ ", "1. ", "> ", "> - ", "[", "![", "<div>", "<details>", "(", "$"])
def test_what_is_nested_thousands_deep_hides_no_paper_and_loses_no_word(mark: str, extensions: list[str]) -> None:
    times = 5000 if mark not in ("[", "![") else 300  # Python-Markdown's own patterns take long here, on any page
    text = f"# 202405\n\n### First\n\n{mark * times}kelp\n\n- `Keypoints:` one\n\n### Second\n- `Keypoints:` two\n"
    assert [section.paper.title for section in read_page(text, "page.md")[0].sections] == ["First", "Second"]
    page = convert(text, extensions)
    assert "kelp" in page
    assert len(sections(page)) == 2


def test_labels_swallowed_hundreds_deep_are_no_traceback() -> None:
    text = "# 202405\n\n### T\n- `Keypoints:` k\n\n" + "<details>\n- `Method:` a\n" * 400
    assert html_errors(convert(text)) == []


def test_details_around_papers_stay_around_them() -> None:
    text = "# 202405\n<details>\n<summary>LLM</summary>\n\n### A\n- `Keypoints:` a\n\n</details>\n\n## Next\nwords\n\n### C\n- `Keypoints:` c\n"
    tree = LexborHTMLParser(convert(text), is_fragment=True)
    assert len(tree.css("details .pd-paper")) == 1
    assert len(tree.css(".pd-paper")) == 2
    assert tree.css_first("h2#next") is not None


TABLE = """\
| Title | Paper | Keywords |
|---|---|---|
| Bells in the sea | [pdf](https://arxiv.org/abs/2405.00001) | a; b |
| Ropes of the mill | [pdf](https://arxiv.org/abs/2405.00002) | c |"""
OTHER_TABLE = TABLE.replace("Bells", "Drums").replace("Ropes", "Reeds").replace("0000", "0001")


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        f"{TABLE}\n\n{OTHER_TABLE}",
        f"{TABLE}\n\nBetween\n-------\n\n{OTHER_TABLE}",
        TABLE.replace("|", "> |", 1).replace("\n", "\n> "),
        f"- {TABLE}".replace("\n", "\n  "),
        f"<details><summary>Folded</summary>\n\n{TABLE}\n\n</details>",
    ],
    ids=["one", "two", "heading between", "quote", "item", "details"],
)
@pytest.mark.parametrize(
    "around",
    [
        *("Licence\n-------\n\nterms", "Licence\n=======\n\nterms", "# Licence", "#### Licence\n\nterms"),
        *(
            "terms\n-\n",
            "- terms\n-\n",
            "> terms\n> ---",
            "---\n\nterms",
            "```\nterms\n---\n```",
            "| terms |\n|---|\n| x |",
        ),
        *("!!! note\n    terms\n    ---", "terms[^1]\n\n[^1]: meant\n---", "<div>\n\nterms\n-----\n\n</div>"),
    ],
)
def test_what_stands_around_a_table_of_papers_is_as_elsewhere(around: str, table: str) -> None:
    text = f"# 202405\n\n{around}\n\n{table}\n\n{around}\n"
    page = convert(text, [*PLAIN, "footnotes", "admonition"], tables=True)
    assert html_errors(page) == []
    assert set(plain_ids(text, [*PLAIN, "footnotes", "admonition"], {})) <= set(re.findall(r' id="([^"]*)"', page))
    words = re.findall(r"\w+", LexborHTMLParser(page).text())
    said = ("Bells", "Ropes", *(word for word in ("Licence", "terms", "meant", "Drums", "Between") if word in text))
    assert [word for word in said if words.count(word) != text.count(word)] == []


SIGNS = [
    *(f"{chr(0xFDD0 + number)}0\ufdd6" for number in range(12)),
    "\x1cone\x1e",
    "\x1dhttps://example.org/\x1e",
    "\x020\x03",
    *(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)),
]
SIGNED = """\
# 2024 05 S

Around S `S` <b title="S">S</b>

### Title S
- `Keypoints:` one S; S
- `Objective:` text S *S* `S` [S](https://example.org/S "S") ![S](https://example.org/S.png) $S$ [^S]
- <p title="S" align="S">S</p>

S

```S
S
```

    S

| S | b |
|---|---|
| S | c |

> S

!!! note "S"
    S

<div id="S">S</div>

[^S]: S

[S]: https://example.org/S
"""


def _ahead_or_not(text: str, *, ahead: bool) -> str:
    if not ahead:
        return convert(text, BOXES)
    made = Prerenderer(BOXES, {}, words("en"), tables=False).prerendered
    extension = DigestExtension()
    extension.context = PageContext(
        read=lambda source: made(read_page(source, "page.md")[0]),
        badge=lambda name: Badge(name, f"keypoints/{name}.md"),
        resolve=lambda url: url,
    )
    return markdown.Markdown(extensions=[*BOXES, extension]).convert(text)


BOXES = [*PLAIN, "admonition", "footnotes"]


@pytest.mark.parametrize("ahead", [False, True], ids=["on its page", "ahead"])
@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_what_a_source_says_is_never_taken_for_a_sign(sign: str, ahead: bool) -> None:
    page = _ahead_or_not(SIGNED.replace("S", f"S{sign}"), ahead=ahead)
    assert page == _ahead_or_not(SIGNED.replace("S", f"S{INVALID_CHARACTERS.sub('', sign)}"), ahead=ahead)
    written = "".join(f"&#x{ord(char):x};" if INVALID_CHARACTERS.match(char) else char for char in sign)
    page = _ahead_or_not(SIGNED.replace("S", f"S{written}"), ahead=ahead)
    assert html_errors(page) == []
    assert not INVALID_CHARACTERS.search(page)


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("text", ["{}", "text\n\n{}\n\ntext", "- {}", "# {}", "> {}", "```\n{}\n```"])
def test_what_looks_like_a_sign_stays_on_a_page_without_papers(text: str, sign: str) -> None:
    assert convert(text.format(sign), PLAIN) == markdown.Markdown(
        extensions=PLAIN, extension_configs={"toc": {"permalink": True}}
    ).convert(text.format(sign))


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_front_matter_says_no_signs(sign: str) -> None:
    said = yaml_text(f"A Title {sign}")
    page = convert(f"---\ntitle: {said}\narxiv: '2405.00001'\nkeywords: [{said}]\n---\n\ntext\n")
    assert page == convert(
        f"---\ntitle: A Title {INVALID_CHARACTERS.sub('', sign)}\narxiv: '2405.00001'\nkeywords: [A Title {INVALID_CHARACTERS.sub('', sign)}]\n---\n\ntext\n"
    )


@pytest.mark.parametrize(
    "deep",
    [
        "> " * 5000 + "x",
        "- " * 5000 + "x",
        "1. " * 5000 + "x",
        "*" * 5000 + "x" + "*" * 5000,
        "<div>" * 1000 + "x",
        "<b>" * 1000 + "x",
        "x [^1]\n\n[^1]: " + "> " * 5000 + "x",
        "".join(f"{'    ' * n}!!! note\n" for n in range(300)),
    ],
    ids=["quotes", "bullets", "numbers", "stars", "blocks", "tags", "footnote", "boxes"],
)
def test_what_is_nested_deeply_ends_nothing(deep: str) -> None:
    page = convert(f"# 202405\n\n### Title\n- `Keypoints:` one\n\n{deep}\n", BOXES)
    assert html_errors(page) == []
