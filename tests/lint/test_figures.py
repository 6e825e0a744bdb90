"""Figures of papers: where they stand, whether they are described, and how a site shows those that have a copy in the docs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chromium import served
from conftest import Builder
from pictures import png
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.lint.figures import alt_findings, placed_figures
from mkdocs_paperdigest.records.figure_copies import figure_key, is_remote, local_copies

FAR = "https://far.example/"
PAGE = """\
---
title: x
---

# 2024-05

### A paper [2024.5][![stars](https://img.shields.io/a.svg)](https://github.com/a/b)

[![build](https://img.shields.io/b.svg)](https://github.com/a/b)

- `Keypoints:` Maps;
- `Objective:` See ![one](https://far.example/1.png) and ![](https://far.example/2.png "title").
- ```md
  ![again](https://far.example/3.png)
  ```
- ![again][three]
-   <details>
    <summary>Details</summary>

    - `Method:` step
      <img width="9" src='https://far.example/4.png?a=1&amp;b=2'
           alt="four">
    - ![](<https://far.example/a b.png>)
    </details>

### Another paper
- `Keypoints:` Maps;
- ![image](https://far.example/1.png) <IMG SRC=https://far.example/1.png ALT=Image>
- ![a [b] c](https://far.example/x_(1).png)

[three]: https://far.example/3.png
"""


def copy_of(url: str, suffix: str = "png") -> str:
    return f"assets/figures/{figure_key(url)}.{suffix}"


# -- places


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_each_figure_is_found_where_it_stands(ends: str) -> None:
    text = PAGE.replace("\n", ends)
    digest = read_digest(text, "202405.md")[0]
    lines = text.split(ends)
    found = [(at.figure.src, at.line, at.column, at.is_html) for at in placed_figures(text, digest)]

    def place(line: int, sign: str, nth: int = 0) -> tuple[int, int]:
        column = -1
        for _ in range(nth + 1):
            column = lines[line - 1].index(sign, column + 1)
        return line, column + 1

    assert found == [
        (f"{FAR}1.png", *place(12, "![one"), False),
        (f"{FAR}2.png", *place(12, "![]"), False),
        (f"{FAR}3.png", *place(16, "![again"), False),
        (f"{FAR}4.png?a=1&b=2", *place(21, "<img"), True),
        (f"{FAR}a b.png", *place(23, "![]"), False),
        (f"{FAR}1.png", *place(28, "![image"), False),
        (f"{FAR}1.png", *place(28, "<IMG"), True),
        (f"{FAR}x_(1).png", *place(29, "![a"), False),
    ]


def test_figures_in_a_table_are_found() -> None:
    row = "| [{}](https://arxiv.org/abs/2405.0000{}) | 2024.05 | ![](https://far.example/{}.png) |\n"
    text = "# Papers\n\n| Title | Date | Figure |\n| --- | --- | --- |\n" + "".join(row.format(c, c, c) for c in "123")
    digest = read_digest(text, "x.md")[0]
    assert len(digest.papers) == 3
    assert [(at.line, at.column) for at in placed_figures(text, digest)] == [
        (line, row.format(1, 1, 1).index("![") + 1) for line in (5, 6, 7)
    ]


def test_a_figure_in_a_comment_is_none() -> None:
    text = f'# 2024-05\n\n### A paper\n- `Keypoints:` Maps;\n\n<!-- <img src="{FAR}1.png"> -->\n\nText <!-- <img src="{FAR}2.png"> --> on.\n'
    assert read_digest(text, "202405.md")[0].papers[0].figures == ()


# -- descriptions


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("![](a.png)", "write what it shows into the square brackets"),
        ("![  ](a.png)", "write what it shows into the square brackets"),
        ("![image](a.png)", "`image` is no description: write what it shows into the square brackets"),
        ('<img src="a.png">', 'write what it shows into `alt="…"`'),
        ('<img src="a.png" alt="">', 'write what it shows into `alt="…"`'),
        ('<img alt="Image" src="a.png">', '`Image` is no description: write what it shows into `alt="…"`'),
        *(
            (f"![{alt}](a.png)", f"`{alt}` is no description: write what it shows into the square brackets")
            for alt in (
                "img.png",
                "overview of it.JPEG",
                "Screenshot 2024-05-17 at 10.11.12",
                "Screenshot 2024-05-17 at 10.11.12 AM",
                "Screen Shot 2024-05-17 at 10.11.12",
                "Screenshot from 2024-05-17 10-11-12",
                "image-20240517101112",
                "Pasted image 20240517101112",
                "IMG_1234",
                "屏幕截图 2024-05-17 101112",
                "截屏2024-05-17 10.11.12",
                "スクリーンショット 2024-05-17 10.11.12",
                "alt text",
            )
        ),
    ],
)
def test_a_figure_without_a_description(figure: str, said: str) -> None:
    text = f"# 2024-05\n\n### A paper\n- `Keypoints:` Maps;\n- {figure}\n"
    (found,) = alt_findings(text, read_digest(text, "202405.md")[0])
    assert (found.code, found.place, found.severity.value) == ("PD610", "202405.md:5:3", "INFO")
    assert found.message == f"the figure `a.png` says nothing to those who cannot see it: {said}"


@pytest.mark.parametrize(
    "alt", ["plot", "teaser", "Image of a robot arm", "two screenshots of the tool", "loss over steps 1-5", "GPT-4.5"]
)
def test_a_figure_with_a_description(alt: str) -> None:
    text = f'# 2024-05\n\n### A paper\n- `Keypoints:` Maps;\n- ![{alt}](a.png)\n- <img src="b.png" alt="{alt}">\n'
    assert list(alt_findings(text, read_digest(text, "202405.md")[0])) == []


# -- keys


def test_an_address_has_one_key_however_it_is_written() -> None:
    key = figure_key("https://far.example/é b.png?x=1")
    assert key == figure_key(" HTTPS://FAR.example/%C3%A9%20b.png?x=1#top ")
    assert len({key, figure_key("https://far.example/é b.png?x=2"), figure_key("http://far.example/é b.png?x=1")}) == 3
    for local in (
        "a.png",
        "../a.png",
        "data:image/png;base64,x",
        "ftp://far.example/a",
        "https:///a",
        "//far.example/a",
    ):
        assert figure_key(local) is None
        assert not is_remote(local)
    assert figure_key("https://[far.example/a.png") is None


def test_copies_are_those_of_the_folder_that_a_key_names() -> None:
    key = "0123456789abcdef0123"
    paths = [
        f"assets/figures/{key}.png",
        f"assets/figures/x/{'1' * 20}.png",
        f"{'2' * 20}.png",
        "assets/figures/own.png",
    ]
    assert local_copies([*paths, f"assets/figures/{'3' * 20}.html"], "assets/figures") == {key: paths[0]}


# -- pages


def test_a_figure_without_words_is_named_on_the_page(build: Builder) -> None:
    papers = """\
# 2024-05

### On "Things" & <More>
- `Keypoints:` Maps;
- ![](1.png)
- <img src="2.png">
- <img src="3.png" alt="">
- ![three](4.png) <img alt='' src='5.png' width='9'>
- [![](6.png)](https://far.example)
"""
    files = {f"{n}.png": png() for n in range(1, 7)}
    figures = LexborHTMLParser(build({"202405.md": papers, **files}).read("202405/index.html")).css(".pd-figure")
    name = 'Figure of On "Things" &'
    alts = [figure.css_first("img").attributes["alt"] for figure in figures]
    assert [(alt or "").startswith(name) for alt in alts] == [True, True, True, False, True, True]
    assert alts[3] == "three"
    assert [figure.tag for figure in figures] == ["a", "a", "a", "a", "a", "span"]
    assert figures[4].css_first("img").attributes["width"] == "9"
    assert all(name not in figure.text() for figure in figures)


SHOWN = """\
# 2024-05

### A paper
- `Keypoints:` Maps; ![key](https://far.example/0.png)
- `Objective:` x
- ![one](https://far.example/1.png?a=1&b=2 "title")
- <img src="https://far.example/2.png" alt="two" width="70" height="50">
- [![three](https://far.example/3.png)](https://far.example/page)
- <picture><source srcset="local.png"><img src="https://far.example/4.png" alt="four"></picture>
-   <details>
    <summary>Details</summary>

    - `Method:` step ![five](https://far.example/5.png)
    <p><img alt="six" src='https://far.example/6%20a.png'></p>
    </details>
- ![seven](https://far.example/7.png)
"""
URLS = [f"{FAR}{name}" for name in ("0.png", "1.png?a=1&b=2", "2.png", "3.png", "4.png", "5.png", "6 a.png")]
COPIES: dict[str, str | bytes] = {copy_of(url): png() for url in URLS}


@pytest.mark.parametrize(("directory_urls", "page"), [(True, "sub/202405/index.html"), (False, "sub/202405.html")])
def test_figures_are_shown_from_their_copies(build: Builder, directory_urls: bool, page: str) -> None:
    docs = {"sub/202405.md": SHOWN, "sub/local.png": png()}
    before = build(docs, use_directory_urls=directory_urls)
    data = before.read("papers.json")
    assert [figure["src"] for figure in json.loads(data)["papers"][0]["figures"]][1] == URLS[1]
    built = build({**docs, **COPIES}, use_directory_urls=directory_urls)
    assert built.read("papers.json") == data
    html = built.read(page)
    frames = LexborHTMLParser(html).css(".pd-figure")
    pictures = [frame.css_first("img").attributes for frame in frames]
    at = (built.site / page).parent
    for url, picture in zip(URLS, pictures, strict=False):
        assert (at / picture["src"]).resolve() == (built.site / copy_of(url)).resolve()
        assert (at / picture["src"]).is_file()
        assert picture["loading"] == "lazy"
    assert [picture["alt"] for picture in pictures] == ["key", "one", "two", "three", "four", "five", "six", "seven"]
    assert (pictures[2]["width"], pictures[2]["height"]) == ("70", "50")
    assert pictures[1]["title"] == "title"
    for frame, picture in zip(frames, pictures, strict=True):
        if frame.tag == "a":
            assert frame.attributes["href"] == picture["src"]
    assert pictures[7]["src"] == f"{FAR}7.png"
    assert html.count(FAR) == 3  # the page that one leads to, and the one without a copy


def test_copies_that_the_site_has_not_are_not_shown(build: Builder) -> None:
    docs: dict[str, str | bytes] = {"202405.md": SHOWN, "local.png": png()}
    hidden = build({**docs, **COPIES}, exclude_docs="assets/")
    assert "assets/figures" not in hidden.read("202405/index.html")
    off = build({**docs, **COPIES}, {"figures_folder": False}, folder="off")
    assert "assets/figures" not in off.read("202405/index.html")
    moved = {path.replace("assets/figures", "pictures/far"): data for path, data in COPIES.items()}
    own = build({**docs, **moved}, {"figures_folder": "pictures/far/"}, folder="own").read("202405/index.html")
    assert own.count('src="../pictures/far/') == len(COPIES)
    wrong = build(docs, {"figures_folder": "../far"}, folder="wrong", status=1)
    assert "figures_folder" in wrong.output


def test_a_blog_shows_copies_in_its_lists(build: Builder) -> None:
    pytest.importorskip("material")
    post = "---\ndate: 2024-05-17\n---\n\n" + SHOWN.replace("# 2024-05", "# News of May") + "\n<!-- more -->\n\nEnd.\n"
    docs = {"blog/index.md": "# Blog\n", "blog/posts/may.md": post, "blog/posts/local.png": png(), **COPIES}
    site = build(docs, plugins=["search", "blog"], arguments=()).site
    pages = [page for page in site.rglob("*.html") if "pd-figure" in page.read_text(encoding="utf-8")]
    assert len(pages) >= 2
    for page in pages:
        for frame in LexborHTMLParser(page.read_text(encoding="utf-8")).css(".pd-figure"):
            source = frame.css_first("img").attributes["src"] or ""
            assert source == f"{FAR}7.png" or (page.parent / source).is_file(), (page, source)


def test_a_browser_asks_no_other_host_for_copies(build: Builder, fresh_tab: Any) -> None:
    text = SHOWN.replace("![seven]", "![](local.png) ![seven]").replace("https://far.example/7.png", "local.png")
    folder = build({"202405.md": text, "local.png": png(), **COPIES}).site
    with served(folder) as address:
        page = fresh_tab
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + "202405/")
        page.locator(".pd-paper summary").first.click()
        sizes = (
            "nodes => nodes.map(node => { node.loading = 'eager'; return node.decode().then(() => node.naturalWidth) })"
        )
        loaded = page.locator(".pd-figure img").evaluate_all(f"nodes => Promise.all(({sizes})(nodes))")
        assert loaded == [1] * 9
        assert [url for url in asked if not url.startswith(address)] == []
        assert len([url for url in asked if "/assets/figures/" in url]) == len(COPIES) - 1  # `<picture>` has its own
