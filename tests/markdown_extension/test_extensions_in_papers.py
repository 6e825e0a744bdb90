"""What a site's Markdown extensions make of a block on an ordinary page they make of it in a paper."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import markdown
import pytest
from github import html_errors
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.markdown_extension.badge import Badge
from mkdocs_paperdigest.markdown_extension.digest_pages import DigestExtension, PageContext, plain_ids
from mkdocs_paperdigest.markdown_extension.paper_elements import Prerenderer
from mkdocs_paperdigest.reader import read_page
from mkdocs_paperdigest.records.paper import Digest

EXTENSIONS = [
    *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
    *("pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details"),
    *("pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.mark"),
    *("pymdownx.smartsymbols", "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist"),
    *("pymdownx.tilde", "pymdownx.progressbar", "pymdownx.quotes"),
    *(f"pymdownx.blocks.{name}" for name in ("admonition", "caption", "definition", "details", "html", "tab")),
]
OF_MOST_SITES = [
    *("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
    *("pymdownx.arithmatex", "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight", "pymdownx.keys"),
    *("pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist"),
]
"""Those that let most papers be made ahead."""
MERMAID = {"name": "mermaid", "class": "mermaid"}
CONFIGS: dict[str, dict[str, Any]] = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.highlight": {"anchor_linenums": True, "line_spans": "__span", "pygments_lang_class": True},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.blocks.tab": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.quotes": {"callouts": True},
    "pymdownx.superfences": {"custom_fences": [MERMAID]},
}
PAPER = "# 202405\n\n### Title\n`Keypoints:` one\n\n"
_HEAD = re.compile(r'.*?<p class="pd-keypoints">.*?</p>', re.DOTALL)

CASES = {
    # boxes
    "admonition": '!!! note "Mind"\n    the *gap*\n\n    and this\n\nbelow',
    "admonition with tabs": '!!! note "Mind"\n\tthe *gap*\n\n\tand this\n\n\t- a\n\t- b\n\nbelow',
    "admonition of many blocks": (
        "!!! note\n\n    > quoted\n\n    1. one\n    2. two\n\n    | a | b |\n    |---|---|\n    | 1 | *2* |\n\n"
        "    ```python\n    x = 1\n    ```\n\n    last"
    ),
    "admonition without a title": '!!! note ""\n    text',
    "admonition beside the text": '!!! info inline end "Beside"\n    text\n\nfurther text',
    "admonition right below text": "text\n!!! note\n    inside\nbelow",
    "admonition in an admonition": '!!! note "Outer"\n    text\n\n    !!! tip "Inner"\n        more\n\n    outer again',
    "admonition in an admonition with tabs": '!!! note "Outer"\n\ttext\n\n\t!!! tip "Inner"\n\t\tmore\n\n\touter again',
    "admonition in an item": "-   item\n\n    !!! note\n        inside\n\n-   next",
    "admonition in an item with tabs": "-\titem\n\n\t!!! note\n\t\tinside\n\n-\tnext",
    "admonition in a quote": "> !!! note\n>     inside\n>\n> below",
    "admonition with code in it": "!!! note\n\n        indented code\n\n    text",
    "admonition with a long paragraph": "!!! note\n    line one\n    line two",
    "admonition with nothing in it": "!!! note\n\ntext",
    "details": '??? tip "Folded"\n    text\n\n    more',
    "details with tabs": '??? tip "Folded"\n\ttext\n\n\tmore',
    "open details": "???+ warning\n    text",
    "open details with tabs": "???+ warning\n\ttext",
    "details without a class": '??? "Folded"\n    text',
    "details in details": '??? note "A"\n    a\n\n    ??? note "B"\n        b',
    "tabs": '=== "A"\n    one\n\n=== "B"\n    two\n\n    more',
    "tabs with tabs": '=== "A"\n\tone\n\n=== "B"\n\ttwo\n\n\tmore',
    "tabs with code": '=== "C"\n\n    ```c\n    int x;\n    ```\n\n=== "Python"\n\n    ```python\n    x: int\n    ```',
    "tabs in tabs": '=== "A"\n\n    === "B"\n        text\n\n    === "C"\n        text',
    "two sets of tabs": '=== "A"\n    one\n\n===! "B"\n    two',
    "selected tab": '=== "A"\n    one\n\n===+ "B"\n    two',
    "tabs in an admonition": '!!! example\n\n    === "A"\n\n        1. one\n\n    === "B"\n\n        two',
    "callout": "> [!NOTE]\n> text *b*\n>\n> - item",
    "callout with a title": "> [!warning] Mind *this*\n> text",
    "folded callout": "> [!tip]- Title\n> text",
    "callout in a quote": "> quoted\n>\n> > [!NOTE]\n> > text",
    "ordinary quote": "> text\n>\n> more\n\nbelow",
    "block admonition": "/// note | Title *x*\ntext\n\n- item\n\n///\n\nbelow",
    "block admonition with options": "/// admonition | Title\n    type: warning\n    attrs: {class: own}\n\ntext\n///",
    "block in a block": "//// note | Outer\ntext\n\n/// tip | Inner\nmore\n///\n\nouter again\n////",
    "block with tabs in it": "/// note | Title\n\n-\titem\n\n\tmore\n\n///",
    "block details": "/// details | Title\n    open: true\n\ntext\n///",
    "block tabs": "/// tab | A\none\n///\n\n/// tab | B\ntwo\n\n```python\nx = 1\n```\n\n///",
    "block html": "/// html | div.own\n*text*\n\nmore\n///",
    "inline block html": "/// html | span.own\n*text*\n///",
    "block caption": "text to caption\n\n/// caption\nA *caption*.\n///",
    "block figure caption": "| a | b |\n|---|---|\n| 1 | 2 |\n\n/// figure-caption\nA caption.\n///",
    "block definition": "/// define\nTerm\n\n- What it means.\n\n///",
    "block that is never closed by its own slashes": "/// note\ntext\n\n////\n\nbelow\n///",
    "markdown in html": "<div markdown>\n*text* and **more**\n\n- item\n\n</div>\n\nbelow",
    "markdown in html without empty lines": '<div markdown="1">\n*text*\n</div>',
    # definitions
    "definition list": "Term\n:   meaning\n\nOther\n:   one\n\n:   two",
    "definition list with tabs": "Term\n:\tmeaning\n\nOther\n:\tone\n\n:\ttwo",
    "definition of two paragraphs": "Term\n:   meaning\n\n    more\n\nbelow",
    "definition of two paragraphs with tabs": "Term\n:\tmeaning\n\n\tmore\n\nbelow",
    "footnote": "As said[^1].\n\n[^1]: In a *note*.",
    "footnote above": "[^1]: In a *note*.\n\nAs said[^1].",
    "footnote right below": "As said[^1].\n[^1]: In a *note*.",
    "footnotes": "As[^1] said[^b].\n\n[^1]: One.\n[^b]: Two.",
    "footnote referenced twice": "As[^1] said[^1].\n\n[^1]: One.",
    "footnote in a footnote": "As said[^1].\n\n[^1]: See[^2].\n[^2]: That.",
    "footnote never referenced": "As said.\n\n[^1]: One.",
    "reference without a footnote": "As said[^1].",
    "footnote of many blocks": (
        "As said[^1].\n\n[^1]:\n    One.\n\n    - item\n    - item\n\n    ```python\n    x = 1\n\n    y = 2\n    ```\n\n    Last."
    ),
    "footnote of many blocks with tabs": "As said[^1].\n\n[^1]: One.\n\n\tTwo.\n\n\t\tcode\n\n\tLast.\n\nbelow",
    "footnote over two lines": "As said[^1].\n\n[^1]: One\n    and more.",
    "lazy footnote": "As said[^1].\n\n[^1]: One\nand more.",
    "footnote with links": "As said[^1].\n\n[^1]: See <https://example.org/>, [that][t] and `code`.\n\n[t]: https://example.org/t",
    "footnote in an admonition": "As said[^1].\n\n!!! note\n    inside[^1]\n\n    [^1]: One.",
    "footnote in an item": "- as said[^1]\n- next\n\n[^1]: One.",
    "footnote in a table": "| a | b |\n|---|---|\n| x[^1] | y |\n\n[^1]: One.",
    "place of footnotes": "As said[^1].\n\n[^1]: One.\n\n///Footnotes Go Here///\n\nbelow",
    "abbreviation": "Uses HTML.\n\n*[HTML]: Hyper Text",
    "abbreviations": "Uses HTML and CSS.\n\n*[HTML]: Hyper Text\n*[CSS]: Style Sheets",
    "abbreviation right below": "Uses HTML.\n*[HTML]: Hyper Text",
    "link definition": 'See [that][t] and ![this][p].\n\n[t]: https://example.org/t "Title"\n[p]: https://example.org/p.png',
    # lists, code, inline
    "task list": "- [ ] to do\n- [x] done",
    "list of two levels": "- a\n    - b\n- c",
    "code": "```python\nx = 1\n```",
    "code with line numbers": '```python linenums="1" hl_lines="2" title="x.py"\nx = 1\ny = 2\n```',
    "code with attributes": "```{.python .own #id linenums=1}\nx = 1\n```",
    "annotated code": "```python\nx = 1 # (1)!\n```\n\n1. The *annotation*.",
    "annotated text": "Text (1) here.\n{ .annotate }\n\n1. The annotation.",
    "diagram": "```mermaid\ngraph LR\n  A --> B\n```",
    "diagram in an item": "-   item\n\n    ```mermaid\n    graph LR\n      A --> B\n    ```",
    "code in an item in an item": "-   a\n\n    -   b\n\n        ```python\n        x = 1\n        ```",
    "indented code": "text\n\n    x = 1\n\ntext",
    "code in a line": "`#!python x = 1` and `y`",
    "emoji": "a :smile: face",
    "math": "where $a_1 * b_2 < c$ is",
    "display math": "$$\na_1 * b_2\n$$",
    "math with backslashes": "where \\(a_1 * b_2\\) is\n\n\\[\na * b\n\\]",
    "keys": "press ++ctrl+alt+del++ now",
    "critic": "{--gone--}{++new++} {~~old~>new~~} {==marked==}{>>why<<}",
    "caret, tilde, mark": "H~2~O, x^2^, ^^ins^^, ==marked==, ~~del~~",
    "symbols": "(c) (tm) --> +/- 1/2",
    "progress": '[=45% "45%"]',
    "attributes of a paragraph": "text\n{: .own #own title='x' }",
    "attributes of words": "*text*{ .own } and `code`{ .own }",
    "attributes of a link": "[text](https://example.org/){ target=_blank .md-button rel=next }",
    "attributes of a heading": "#### Heading { .own }\n\ntext",
    "table": "| a | b |\n|:--|--:|\n| 1 | `x` |",
    "rule": "text\n\n---\n\nmore",
    "entities": "&copy; &amp; &lt;b&gt; 3 < 4",
    "hard break": "one  \ntwo",
}
AS_ON_GITHUB = ("caret, tilde, mark", "abbreviations", "abbreviation right below")
OTHERS: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "math as scripts": ("where $a_1$ is\n\n$$\nb_1\n$$", EXTENSIONS, {"pymdownx.arithmatex": {"generic": False}}),
    "tabs of the old style": (CASES["tabs"], EXTENSIONS, {"pymdownx.tabbed": {"alternate_style": False}}),
    "line numbers in a table": (
        CASES["code with line numbers"],
        EXTENSIONS,
        {"pymdownx.highlight": {"linenums_style": "table", "linenums": True}},
    ),
    "line numbers in the code": (
        CASES["code with line numbers"],
        EXTENSIONS,
        {"pymdownx.highlight": {"linenums_style": "pymdownx-inline", "linenums": True}},
    ),
    "list of letters": ("a. one\nb. two", ["pymdownx.fancylists", "toc"], {}),
    "critic that is accepted": (CASES["critic"], EXTENSIONS, {"pymdownx.critic": {"mode": "accept"}}),
    "codehilite": (CASES["code"], ["fenced_code", "codehilite", "toc"], {}),
    "footnotes with options": (
        CASES["footnotes"] + "\n\n%%\n\nbelow",
        EXTENSIONS,
        {
            "footnotes": {
                "BACKLINK_TEXT": "back",
                "PLACE_MARKER": "%%",
                "SEPARATOR": "-",
                "UNIQUE_IDS": True,
                "SUPERSCRIPT_TEXT": "[{}]",
            }
        },
    ),
    "boxes that no extension knows": ('!!! note "Mind"\n    the gap\n\nbelow', ["toc"], {}),
    "tabs that no extension knows": ('=== "Mind"\n\n    the gap\n\nbelow', ["toc"], {}),
    "a callout that no extension knows": ("> [!NOTE]\n> text", ["toc"], {}),
    "slashes that no extension knows": ("/// note | Title\ntext\n\nmore\n\n///", ["toc"], {}),
    "footnotes that no extension knows": ("As said[^1].\n\n[^1]: In a *note*.\n\nbelow", ["toc"], {}),
    "abbreviations that no extension knows": ("Uses HTML.\n\n*[HTML]: Hyper Text", ["toc"], {}),
}
if importlib.util.find_spec("material"):
    from material.extensions.emoji import to_svg, twemoji

    svg = {"emoji_index": twemoji, "emoji_generator": to_svg}
    OTHERS["emoji of Material"] = (
        ":material-robot: and :octicons-arrow-right-24:{ .own }",
        EXTENSIONS,
        {"pymdownx.emoji": svg},
    )
if importlib.util.find_spec("markdown_callouts"):
    for name, text in {
        "callout": "> [!NOTE]\n> text *b*\n>\n> more",
        "callout of many blocks": "> [!WARNING]\n>\n> text\n>\n> ```python\n> x = 1\n> ```",
        "callout in an item": "-   item\n\n    > [!TIP]\n    > text",
        "ordinary quote": "> text\n> > more",
    }.items():
        own = [*(name for name in EXTENSIONS if "quotes" not in name), "github-callouts"]
        OTHERS[f"{name} of GitHub"] = (text, own, {})


class Pages:
    """Pages of a site with some extensions, with the plugin and without, converted by the same converters one after the other."""

    def __init__(self, extensions: list[str], configs: dict[str, Any], *, tables: bool = False) -> None:
        configs = {name: config for name, config in configs.items() if name in extensions}
        self.ahead = Prerenderer(extensions, configs, words("en"), tables=tables)
        self.extensions = extensions
        self.is_ahead = False
        self.without = markdown.Markdown(extensions=extensions, extension_configs=configs)
        extension = DigestExtension()
        extension.context = PageContext(
            read=self._read,
            badge=lambda name: Badge(name, None),
            resolve=str,
            plain_ids=lambda source: plain_ids(source, extensions, configs),
            zoom=False,
            tables=tables,
        )
        self.converter = markdown.Markdown(extensions=[*extensions, extension], extension_configs=configs)

    def _read(self, text: str) -> Digest:
        digest, _ = read_page(text, "page.md", meta=self.meta)
        return self.ahead.prerendered(digest) if self.is_ahead else digest

    def ordinary(self, text: str) -> str:
        """A page without the plugin."""
        return self.without.reset().convert(text)

    def digest(self, text: str, *, ahead: bool, meta: dict[str, Any] | None = None) -> str:
        """A page with it; `ahead` says that papers are made into HTML as soon as they are read, as in a build."""
        self.is_ahead, self.meta = ahead, meta or {}
        page = self.converter.reset().convert(text)
        assert html_errors(page) == []
        return page

    def in_paper(self, text: str, *, ahead: bool) -> str:
        """What a page with one paper shows below its keypoints: the paper's own part, and what stands behind it."""
        return _HEAD.sub("", self.digest(PAPER + text, ahead=ahead), count=1).replace("</section>", "", 1)


@cache
def with_all() -> Pages:
    return Pages(EXTENSIONS, CONFIGS)


@pytest.fixture(scope="module", params=[EXTENSIONS, OF_MOST_SITES], ids=["all", "most"])
def pages(request: pytest.FixtureRequest) -> Pages:
    return with_all() if request.param is EXTENSIONS else Pages(request.param, CONFIGS)


def normal(html: str) -> list[str]:
    """HTML as a browser understands it, a line for each tag and text, without white space that nobody sees and without what the plugin adds."""
    tree = LexborHTMLParser(html, is_fragment=True)
    for node in tree.css("span.pd-anchor"):
        node.decompose()
    for node in tree.css("p"):
        if not node.child or (node.child.next is None and node.child.tag == "-text" and not node.text().strip()):
            node.decompose()
    for node in tree.css(".pd-figure, .pd-item"):
        node.unwrap()
    return [
        line
        for node in LexborHTMLParser(f"<main>{tree.html}</main>", is_fragment=True).css("main")
        for line in _lines(node)
    ]


def _lines(node: LexborNode) -> Iterator[str]:
    child = node.child
    while child is not None:
        if child.tag == "-text":
            text = child.text_content or ""
            if text.strip():
                yield text.rstrip("\n") if _is_code(child) else " ".join(text.split())
        elif child.tag != "-comment":
            attributes = {name: value for name, value in child.attributes.items() if name != "loading"}
            if style := attributes.get("style"):
                attributes["style"] = style.replace(" ", "").rstrip(";")
            yield (
                " ".join([f"<{child.tag}", *(f'{name}="{value or ""}"' for name, value in sorted(attributes.items()))])
                + ">"
            )
            yield from _lines(child)
            yield f"</{child.tag}>"
        child = child.next


def _is_code(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.tag == "pre":
            return True
        above = above.parent
    return False


@pytest.mark.parametrize("name", CASES)
def test_a_block_is_in_a_paper_what_it_is_on_an_ordinary_page(name: str, pages: Pages) -> None:
    if pages.extensions is OF_MOST_SITES and name in AS_ON_GITHUB:
        pytest.skip("without the extension it is what GitHub makes of it")
    expected = normal(pages.ordinary(CASES[name]))
    assert normal(pages.in_paper(CASES[name], ahead=False)) == expected
    assert normal(pages.in_paper(CASES[name], ahead=True)) == expected


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_so_with_other_extensions_and_settings(name: str) -> None:
    text, extensions, configs = OTHERS[name]
    pages = Pages(extensions, CONFIGS | configs)
    expected = normal(pages.ordinary(text))
    assert normal(pages.in_paper(text, ahead=False)) == expected
    pages = (
        pages if "footnotes" not in configs else Pages(extensions, CONFIGS | configs)
    )  # its ids have numbers of pages
    assert normal(pages.in_paper(text, ahead=True)) == expected


def test_papers_of_most_sites_are_made_ahead_but_for_those_that_extensions_know_more_of() -> None:
    made = Pages(OF_MOST_SITES, CONFIGS).ahead.prerendered
    plain, note = (made(read_page(f"{PAPER}{text}", "page.md")[0]) for text in ("text", "[^1]: A note."))
    assert plain.sections[0].html
    assert not note.sections[0].html


_ITEM = "[[paper](https://arxiv.org/abs/2405.0000{})]"
SHAPES = {
    "headings": (
        "### One\n- `Keypoints:` a\n- `Objective:` one[^1]\n\n### Two\n- `Keypoints:` b\n\ntwo[^1] two[^2]\n\n"
        "### Three\n- `Keypoints:` c\n- `Objective:` three\n\n"
    ),
    "items": (
        f"- **The First of Three Papers** {_ITEM.format(1)} one[^1]\n    - `Keypoints:` a\n"
        f"- **The Second of Three Papers** {_ITEM.format(2)}\n    - `Keypoints:` b\n    - `Objective:` two[^1] two[^2]\n"
        f"- **The Third of Three Papers** {_ITEM.format(3)}\n    - `Keypoints:` c\n\n"
    ),
    "bold": (
        "**The First of Three Papers**\n\n- `Keypoints:` a\n- `Objective:` one[^1]\n\n"
        "**The Second of Three Papers**\n\n- `Keypoints:` b\n- `Objective:` two[^1] two[^2]\n\n"
        "**The Third of Three Papers**\n\n- `Keypoints:` c\n- `Objective:` three\n\n"
    ),
    "rows": (
        "| Title | Paper | Keywords | Summary |\n|---|---|---|---|\n"
        "| The First of Three Papers | [pdf](https://arxiv.org/abs/2405.00001) | a | one[^1] |\n"
        "| The Second of Three Papers | [pdf](https://arxiv.org/abs/2405.00002) | b | two[^1] two[^2] |\n"
        "| The Third of Three Papers | [pdf](https://arxiv.org/abs/2405.00003) | c | three |\n\n"
    ),
    "page": "One[^1].\n\n## Results\n\ntwo[^1] two[^2]\n\n",
}
NOTES = {
    "at the end": "[^1]: A note *of* both.\n[^2]: A second.\n[^i]: Of the introduction.\n",
    "apart": "[^1]: A note *of* both.\n\n[^2]:\n    A second.\n\n    - with a list\n\n[^i]: Of the introduction.\n",
    "with one that nobody names": "[^1]: A note *of* both.\n[^x]: Nobody's.\n[^2]: A second.\n[^i]: Of the introduction.",
}


@pytest.mark.parametrize("ahead", [False, True], ids=["on its page", "ahead"])
@pytest.mark.parametrize("notes", NOTES)
@pytest.mark.parametrize("shape", [*SHAPES, "rows that stay"])
def test_every_reference_has_its_footnote_and_every_footnote_is_on_the_page(
    shape: str, notes: str, ahead: bool
) -> None:
    text = f"{'' if shape == 'page' else '# 202405'}\n\nIntroduction[^i].\n\n{SHAPES[shape.partition(' ')[0]]}{NOTES[notes]}"
    meta = {"title": "A Paper", "arxiv": "2405.00001"} if shape == "page" else {}
    pages = Pages(OF_MOST_SITES, CONFIGS, tables=shape == "rows that stay")
    tree = LexborHTMLParser(pages.digest(text, ahead=ahead, meta=meta))
    assert len(tree.css(".pd-paper")) == (1 if shape == "page" else 3)
    references = [node.attributes["href"] for node in tree.css("a.footnote-ref")]
    assert references == ["#fn:i", "#fn:1", "#fn:1", "#fn:2"]
    (footnotes,) = tree.css("div.footnote")
    without = LexborHTMLParser(pages.ordinary(text))
    assert normal(footnotes.html or "") == normal(without.css_first("div.footnote").html)
    assert not tree.css(".pd-paper div.footnote")


@pytest.mark.parametrize("ahead", [False, True], ids=["on its page", "ahead"])
@pytest.mark.parametrize("shape", [*SHAPES, "rows that stay"])
def test_without_an_extension_for_footnotes_they_are_text(shape: str, ahead: bool) -> None:
    text = f"{'' if shape == 'page' else '# 202405'}\n\nIntroduction[^i].\n\n{SHAPES[shape.partition(' ')[0]]}{NOTES['apart']}"
    meta = {"title": "A Paper", "arxiv": "2405.00001"} if shape == "page" else {}
    pages = Pages(["tables", "toc"], {}, tables=shape == "rows that stay")
    said = LexborHTMLParser(pages.digest(text, ahead=ahead, meta=meta)).text()
    for piece in (
        "one[^1]",
        "two[^2]",
        "[^1]: A note of both.",
        "[^2]:",
        "A second.",
        "with a list",
        "[^i]: Of the introduction.",
    ):
        assert piece.casefold() in said.casefold()


@pytest.mark.parametrize("ahead", [False, True], ids=["on its page", "ahead"])
@pytest.mark.parametrize(
    "opening", ["!!! abstract", '??? note "Folded"', '=== "Tab"', "> [!NOTE]"], ids=["box", "details", "tab", "callout"]
)
def test_labels_in_a_box_are_fields_and_stand_in_the_box(opening: str, ahead: bool) -> None:
    indent = "> " if opening.startswith(">") else "\t"
    text = f"# 202405\n\n### Title\n{opening}\n{indent}`Keypoints:` one\n{indent}\n{indent}**Method:** in it\n\n- **Metric:** below"
    (paper,) = read_page(text, "page.md")[0].papers
    assert (paper.keypoints, [(own.name, own.text) for own in paper.fields]) == (
        ("one",),
        [("keypoints", "one"), ("method", "in it"), ("metric", "below")],
    )
    tree = LexborHTMLParser(with_all().digest(text, ahead=ahead))
    (box,) = tree.css(".pd-paper > .admonition, .pd-paper > details, .pd-paper > .tabbed-set")
    assert [node.text() for node in box.css(".pd-keypoint")] == ["one"]
    assert [node.text() for node in box.css(".pd-field")] == ["Method in it"]
    assert "below" not in box.text()


HOSTILE = "<script>pwn()</script> <b onclick='pwn()'>word</b> *of*{ onclick=pwn() } [it](javascript:pwn()) <img src=x onerror=pwn()>"


@pytest.mark.parametrize("ahead", [False, True], ids=["on its page", "ahead"])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "As said[^1].\n\n[^1]: {}",
            "[^1]:\n\n    {}",
            '!!! note "{}"\n    text',
            "!!! note\n    {}",
            '??? note "{}"\n    {}',
        ),
        *('=== "{}"\n    text', '=== "A"\n    {}', "> [!NOTE] {}\n> text", "> [!NOTE]\n> {}", "/// note | {}\n{}\n///"),
        *(
            "/// define\n{}\n\n- {}\n\n///",
            "/// html | div\n{}\n///",
            "text\n\n/// caption\n{}\n///",
            '<div markdown="1">\n{}\n</div>',
        ),
    ],
)
def test_what_a_box_or_a_footnote_of_a_paper_says_is_cleaned_as_papers_are(text: str, ahead: bool) -> None:
    tree = LexborHTMLParser(with_all().in_paper(text.replace("{}", HOSTILE), ahead=ahead))
    assert not tree.css("script")
    for node in tree.css("*"):
        assert not any(
            name.startswith("on") or (name in ("href", "src") and "pwn" in (value or ""))
            for name, value in node.attributes.items()
        )
    assert "word" in tree.text()


def test_papers_that_number_their_own_footnotes_each_have_theirs() -> None:
    pages = Pages(OF_MOST_SITES, CONFIGS)
    paper = "### {n}\n- `Keypoints:` K;\n\n{n}[^1] and[^both]\n\n[^1]: note of {n}\n[^1]: another of {n}\n\n"
    text = "# 202405\n\n" + "".join(paper.format(n=n) for n in ("one", "two", "three")) + "[^both]: for all\n"
    tree = LexborHTMLParser(pages.digest(text, ahead=False, meta={}))
    notes = {node.attributes["id"]: node.text() for node in tree.css("div.footnote li")}
    for paper in tree.css(".pd-paper"):
        own, both = ((link.attributes["href"] or "")[1:] for link in paper.css("a.footnote-ref"))
        assert f"note of {paper.css_first('h3').text().strip(' #')}" in notes[own]
        assert "for all" in notes[both]
    assert sum("another of" in note for note in notes.values()) == 3, "none is lost"
