"""What is shown of papers of every shape: headings, list items, bold paragraphs, whole pages and rows of tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from chromium import served
from conftest import EXTENSIONS, Build, Builder, article, make_builder, texts, write
from converting import convert
from crawl import broken_links, repeated_ids
from github import github_html, html_errors, shown
from golden_cases import CASES, Case, load
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mkdocs_paperdigest.reader import read_digest, split_front_matter

pytestmark = pytest.mark.versions

LOST_TITLE = "shape-C2-title-on-the-next-line"  # a warning by intent, so no site of it builds with --strict
GOLDEN = {
    file.stem: load(file)
    for file in CASES
    if file.stem.startswith(("07", "08", "shape-", "page-")) and file.stem != LOST_TITLE
}
TABLES = [name for name in GOLDEN if name.startswith("shape-M")]
DOCS: dict[str, str | bytes] = {f"{name}/{case.path}": case.source for name, case in GOLDEN.items()}
TARGETS = dict.fromkeys(
    (
        "page-api-reference/schema.md",
        "page-model-zoo/kelp.py",
        "page-model-zoo/tide.py",
        "page-readme/202404.md",
        "page-readme/202405.md",
        "shape-M1-table-with-dates/docs/README.md",
    ),
    "# Target\n",
)
BROKEN = {"#toc", "#top", "./#top-papers-of-the-week"}
"""Links of the sources that lead nowhere on GitHub either, or to the top of the page, which needs no id."""
A = "https://arxiv.org/abs/2405.0000"


def page_of(site: Build, url: str) -> str:
    """The page that a `url` of papers.json leads to."""
    path = url.partition("#")[0]
    return site.read(f"{path}index.html" if path.endswith("/") or not path else path)


def valid(site: Build) -> bool:
    """Whether all pages of a site are valid HTML, with ids and links that hold."""
    for page in site.site.rglob("*.html"):
        content = re.search(r"<article[^>]*>(.*)</article>", page.read_text(encoding="utf-8"), re.DOTALL)
        assert html_errors(content[1] if content else "") == [], page
        assert repeated_ids(page) == []
    assert [link for link in broken_links(site.site) if link.rpartition(": ")[2] not in BROKEN] == []
    return True


def data(site: Build) -> dict[str, list[dict[str, Any]]]:
    """The papers of papers.json, by the folder that they stand in."""
    found: dict[str, list[dict[str, Any]]] = {}
    for paper in json.loads(site.read("papers.json"))["papers"]:
        found.setdefault(paper["source"]["path"].partition("/")[0], []).append(paper)
    return found


def elements(site: Build, papers: list[dict[str, Any]]) -> list[LexborNode]:
    return article(page_of(site, papers[0]["url"])).css(".pd-paper") if papers else []


@pytest.fixture(scope="module", params=["plain", "extensions"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """All golden cases as one site: in both modes of URLs, with and without a site's own extensions."""
    plain = request.param == "plain"
    options: dict[str, Any] = {} if plain else {"markdown_extensions": EXTENSIONS}
    builder = make_builder(tmp_path_factory.mktemp("shapes"))
    return builder({**DOCS, **TARGETS}, use_directory_urls=plain, **options)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Build:
    docs = {path: text for path, text in {**DOCS, **TARGETS}.items() if path.startswith("shape-M")}
    return make_builder(tmp_path_factory.mktemp("tables"))(docs, {"keep_tables": True}, markdown_extensions=EXTENSIONS)


def assert_shown(site: Build, papers: list[dict[str, Any]], case: Case) -> None:
    """Each paper is one element of its page, with its anchor, its title and its badges; the keypoints' pages list it."""
    assert [paper["title"] for paper in papers] == [paper["title"] for paper in case.papers]
    nodes = elements(site, papers)
    assert len(nodes) == len(papers)
    for paper, node, expected in zip(papers, nodes, case.papers, strict=True):
        anchor = paper["url"].partition("#")[2]
        assert anchor in [found.attributes["id"] for found in [node, *node.css("[id]")] if "id" in found.attributes]
        assert paper["title"].replace("$", "") in re.sub(r"\$|\\[()]", "", node.text())
        badges = [badge.text() for badge in node.css("a.pd-keypoint")]
        assert badges == (expected.get("keypoints", badges) or [])
        assert badges == [keypoint["written"] for keypoint in paper["keypoints"] or ()]
        for keypoint in paper["keypoints"] or ():
            suffix = "/" if paper["url"].partition("#")[0].endswith("/") or paper["url"].startswith("#") else ".html"
            listed = article(page_of(site, f"keypoints/{keypoint['slug']}{suffix}"))
            assert paper["title"] in texts(listed, ".pd-title")


@pytest.mark.parametrize("name", GOLDEN)
def test_every_shape_is_shown_as_papers(site: Build, name: str) -> None:
    assert_shown(site, data(site).get(name, []), GOLDEN[name])


@pytest.mark.parametrize("name", [name for name in GOLDEN if name.startswith("page-")])
def test_other_pages_show_none(site: Build, name: str) -> None:
    for page in (site.site / name).rglob("*.html"):
        assert "pd-paper" not in article(page.read_text(encoding="utf-8")).html


def test_the_site_is_whole(site: Build) -> None:
    assert valid(site)


# GitHub ends raw HTML at a blank line and shows the rest of that table as code; here it stays a table. A row that is a category
# is said of each card below it, and so stands in `.pd-ui`.
DIFFERENT = {"shape-M-html-table", "shape-M-rows-that-are-no-papers"}
COMPARED = [name for name in GOLDEN if GOLDEN[name].papers and name not in DIFFERENT]


@pytest.mark.parametrize("name", COMPARED)
def test_every_shape_shows_the_words_of_github(site: Build, name: str) -> None:
    case = GOLDEN[name]
    lines = split_front_matter(case.source)[1].split("\n")
    sections = read_digest(case.source, case.path)[0].sections
    for section, node in zip(sections, elements(site, data(site)[name]), strict=True):
        ours = shown(node.html or "")
        theirs = shown(github_html("\n".join(lines[section.start : section.end])))
        if section.table:  # the title goes first, and GitHub sees no table without a head
            count = len(section.table.children[0].children)
            head = "<table>" if section.table.info == "html" else f"|{' |' * count}\n|{'-|' * count}"
            row = f"{head}\n{lines[section.paper.line - 1]}\n"
            assert Counter(ours.words) == Counter(shown(github_html(row)).words)
        else:
            assert ours == theirs


# -- tables that stay tables


@pytest.mark.parametrize("name", TABLES)
def test_a_table_may_stay_a_table(tables: Build, name: str) -> None:
    papers = data(tables)[name]
    assert_shown(tables, papers, GOLDEN[name])
    page = article(page_of(tables, papers[0]["url"]))
    rows = page.css("tr.pd-paper")
    assert [row.attributes["id"] for row in rows] == [paper["url"].partition("#")[2] for paper in papers]
    count = len({section.table.start for section in read_digest(GOLDEN[name].source)[0].sections if section.table})
    assert len(page.css("thead > tr")) == len(page.css(".pd-papers > table")) == count
    for row in rows:
        cells = row.css("td")
        heads = texts(LexborHTMLParser(row.parent.parent.html or "", is_fragment=True), "th")
        assert len(cells) == len(heads)
        holding = {heads[n] for n, cell in enumerate(cells) if cell.css_first("a.pd-keypoint")}
        assert holding <= {"Keywords"}


def test_a_site_of_tables_is_whole(tables: Build) -> None:
    assert valid(tables)


MIXED = f"""# 2024-05

| Venue | Title | PDF | Keywords |
|---|---|---|---|
| none | | | |
| kelp | Kelp | [p]({A}1) | kelp |
| | | still the same | |
| tide | [Tides]({A}2) | | tide, kelp |
| | [Bare]({A}3) | | |
"""
ONE_LINE = (
    "<table><tr><th>Title</th><th>PDF</th><th>Keywords</th></tr>"
    f"<tr><td>Kelp</td><td><a href='{A}1'>p</a></td><td>kelp</td></tr>"
    f"<tr><td>Tides</td><td><a href='{A}2'>p</a></td><td>tide, kelp</td></tr>"
    f"<tr><td>Bare</td><td><a href='{A}3'>p</a></td></tr></table>"
)


@pytest.mark.parametrize("table", [MIXED, f"# 2024-05\n\n{ONE_LINE}\n"], ids=["rows-that-are-none", "one-line"])
def test_each_row_is_its_own_paper(build: Builder, table: str) -> None:
    built = build({"202405.md": table}, {"keep_tables": True})
    rows = article(built.read("202405/index.html")).css("tr.pd-paper")
    assert [row.attributes["id"] for row in rows] == ["kelp", "tides", "bare"]
    assert [[badge.text() for badge in row.css(".pd-keypoint")] for row in rows] == [["kelp"], ["tide", "kelp"], []]
    # A cell of another column that reads the same is no badge.
    assert all(len(row.css(".pd-keypoints")) <= 1 for row in rows)
    assert valid(built)


# -- mathematics

MATH = {
    "heading.md": "# 2024-05\n\n### Heading $x_1 * y_2$\n- `Keypoints:` field $x_1 * y_2$\n- `Method:` by $x_1 * y_2$ it\n",
    "item.md": f"# 2024-05\n\n- [Item $x_1 * y_2$]({A}1)\n  - Key: field $x_1 * y_2$\n  - Abstract: by $x_1 * y_2$ it\n",
    "bold.md": f"# 2024-05\n\n**[Bold $x_1 * y_2$]({A}2)**\n- Keywords: field $x_1 * y_2$\n- Abstract: by $x_1 * y_2$ it\n",
    "row.md": "# 2024-05\n\n| Title | PDF | Keywords | Abstract |\n|---|---|---|---|\n"
    f"| Row $x_1 * y_2$ | [p]({A}3) | field $x_1 * y_2$ | by $x_1 * y_2$ it |\n",
    "html.md": "# 2024-05\n\n<table><tr><th>Title</th><th>PDF</th><th>Keywords</th><th>Abstract</th></tr>\n"
    f"<tr><td>Cell $x_1 * y_2$</td><td><a href='{A}4'>p</a></td><td>field $x_1 * y_2$</td><td>by $x_1 * y_2$ it</td></tr>\n</table>\n",
    "page.md": "---\ntitle: Page $x_1 * y_2$\ndate: 2024-05-01\narxiv: '2405.00005'\ntags: [field $x_1 * y_2$]\n---\n\n"
    "## Abstract\n\nby $x_1 * y_2$ it\n",
}


@pytest.mark.parametrize("extensions", [[], EXTENSIONS], ids=["plain", "arithmatex"])
@pytest.mark.parametrize("keep", [False, True])
def test_mathematics_is_no_markdown(build: Builder, extensions: list[Any], keep: bool) -> None:
    built = build(dict(MATH), {"keep_tables": keep}, markdown_extensions=extensions)
    papers = json.loads(built.read("papers.json"))["papers"]
    assert len(papers) == len(MATH)
    listed = texts(article(built.read("index.html")), ".pd-title")
    assert len({keypoint["slug"] for paper in papers for keypoint in paper["keypoints"]}) == 1
    assert listed == texts(
        article(built.read(f"keypoints/{papers[0]['keypoints'][0]['slug']}/index.html")), ".pd-title"
    )
    for paper in papers:
        name = paper["source"]["path"].removesuffix(".md")
        title = f"{ {'html': 'cell'}.get(name, name).capitalize() } $x_1 * y_2$"
        assert paper["title"] == title
        assert (title.replace("$x_1 * y_2$", r"\(x_1 * y_2\)") if extensions else title) in listed
        assert [keypoint["written"] for keypoint in paper["keypoints"]] == ["field $x_1 * y_2$"]
        assert "by $x_1 * y_2$ it" in [field["text"] for field in paper["fields"]]
        page = article(page_of(built, paper["url"]))
        (node,) = page.css(".pd-paper")
        assert [badge.text() for badge in node.css("a.pd-keypoint")] == ["field $x_1 * y_2$"]
        formula = r"\(x_1 * y_2\)" if extensions else "$x_1 * y_2$"
        assert f"by {formula} it" in node.text()
        assert title in node.text().replace(r"\(", "$").replace(r"\)", "$")
        assert node.css("em") == []


# -- options


def test_a_whole_repository_gives_only_what_pages_are_made_of(build: Builder, tmp_path: Path) -> None:
    note = "# Note\n"
    kept = {
        "README.md": note,
        "notes/plot.png": b"\x89PNG",
        "notes/2024/202405.md": DOCS["07-papers-as-list-items/202408.md"],
    }
    left = [".hidden/a.md", "notes/.cache/b.md", "venv/lib/c.md", "node_modules/d/e.md", "run.py", "data.csv"]
    write(tmp_path / "project", {**kept, **dict.fromkeys([*left, "site/old/index.md", ".github/a.yml"], note)})
    expected = {"index.html", "notes/plot.png", "notes/2024/202405/index.html"}
    for exclude, more in ((None, set()), ("!.hidden/a.md\n!*.csv\nREADME.md", {".hidden/a/index.html", "data.csv"})):
        config = {"exclude_docs": exclude} if exclude else {}
        built = build({}, {"docs_dir": "."}, docs_dir=".github", **config)
        files = {path.relative_to(built.site).as_posix() for path in built.site.rglob("*") if path.is_file()}
        made = re.compile(
            r"404|assets/|css/|js/|search/|sitemap|feed\.|papers\.|categories/|keypoints/|papers/|trends/|months/"
        )
        assert {file for file in files if not made.match(file)} == expected | more
        assert valid(built)


def test_a_folder_that_is_none_is_one_sentence(build: Builder) -> None:
    output = build(None, {"docs_dir": "nowhere"}, status=1).output
    (line,) = [line for line in output.splitlines() if "docs_dir" in line]
    assert "paperdigest: 'docs_dir' names 'nowhere', which is no folder" in line


OWN = f"""# 2024-05

## Oceans

### [Kelp]({A}1)
- `Motifs:` kelp; kites
- `Why:` since
- `Abstract:` A kite.

### [Tides]({A}2)
- `Motifs:` tide
- `Abstract:` A token.
"""


def test_labels_of_a_site_give_keypoints_and_fields(build: Builder) -> None:
    built = build({"202405.md": OWN}, {"labels": {"keypoints": ["Motifs"], "reason": ["Why"]}})
    first = json.loads(built.read("papers.json"))["papers"][0]
    assert [keypoint["written"] for keypoint in first["keypoints"]] == ["kelp", "kites"]
    assert first["fields"][1] == {"name": "reason", "label": "Why", "text": "since"}
    page = article(built.read("202405/index.html"))
    assert texts(page, "a.pd-keypoint") == ["kelp", "kites", "tide"]
    assert page.css_first(".pd-field[data-field=reason]") is not None


TABLE = f"# 2024-05\n\n## Oceans\n\n| Title | PDF |\n|---|---|\n| Kelp | [p]({A}1) |\n| Tides | [p]({A}2) |\n"


@pytest.mark.parametrize(
    ("text", "keep"), [(OWN, False), (TABLE, False), (TABLE, True)], ids=["headings", "cards", "rows"]
)
def test_a_category_may_be_a_keypoint(build: Builder, text: str, keep: bool) -> None:
    built = build({"202405.md": text}, {"keypoint_fields": ["category"], "keep_tables": keep})
    nodes = article(built.read("202405/index.html")).css(".pd-paper")
    assert len(nodes) == 2
    for node in nodes:
        assert [badge.text() for badge in node.css("a.pd-keypoint")] == ["Oceans"]
        assert node.css_first(".pd-keypoints.pd-ui > a.pd-keypoint") is not None  # no words of the source
    assert len(texts(article(built.read("keypoints/oceans/index.html")), ".pd-title")) == 2
    assert valid(built)


def test_other_labels_are_read_anew_when_served(tmp_path: Path) -> None:
    settings = yaml.safe_dump({"site_name": "Test", "theme": {"name": "mkdocs"}})
    write(tmp_path, {"mkdocs.yml": settings, "docs/202405.md": OWN})
    found = []
    for labels in ({}, {"keypoints": ["Motifs"]}, {}):
        plugins = [{"paperdigest": {"labels": labels}}]
        config = load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "site"), plugins=plugins)
        config.plugins["paperdigest"].on_startup(command="serve", dirty=False)
        build_site(config, serve_url="http://localhost/")
        papers = json.loads((tmp_path / "site" / "papers.json").read_text(encoding="utf-8"))["papers"]
        found.append([len(paper["keypoints"] or ()) for paper in papers])
    assert found == [[0, 0], [2, 1], [0, 0]]


# -- a small screen


@pytest.mark.parametrize("keep", [False, True], ids=["cards", "tables"])
def test_no_shape_is_wider_than_a_small_screen(tab: Any, build: Builder, keep: bool) -> None:
    long = "Verylongwordwithoutanyspace" * 9
    docs = {path: text.replace("Kelp", long, 1) if isinstance(text, str) else text for path, text in DOCS.items()}
    built = build({**docs, **TARGETS}, {"keep_tables": keep}, status=None)
    page = tab
    page.set_viewport_size({"width": 360, "height": 800})
    with served(built.site) as address:
        for name, papers in data(built).items():
            page.goto(address + papers[0]["url"].partition("#")[0])
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        page.goto(address + data(built)["shape-M3-details-in-cells"][0]["url"])
        folded = page.locator(".pd-paper details").first
        assert not folded.locator("p").is_visible()
        folded.locator("summary").click()
        folded.locator("p").wait_for(state="visible")


DAYS = {
    f"days/2025-11-{day}.md": f"# cs.CV\n\n### [Kelp Counting {day}]({A}1{day})\n*Ada Moss*\n\nMain category: cs.CV\n"
    for day in (26, 27, 28)
}
NOTES = {
    "notes/2502.50002.md": f"# Growing Moss in Point Clouds\n\n**Paper**: [arXiv]({A}2)\n**Keywords**: moss\n",
    "notes/lantern.md": "---\ntitle: Carrying a Lantern\narxiv: 2405.00003\nauthors: [Ada Moss]\nvenue: CoRL 2024\n---\n\nText.\n",
}


def test_days_and_notes_are_named_and_ordered(build: Builder) -> None:
    built = build({**DAYS, **NOTES}, {"keypoint_fields": ["keypoints", "category"]})
    titles = {
        page: re.search(r"<title>(.*?) - ", built.read(f"{page}/index.html"))
        for page in ("days/2025-11-28", "notes/2502.50002")
    }
    assert {page: found and found[1] for page, found in titles.items()} == {
        "days/2025-11-28": "2025-11-28",
        "notes/2502.50002": "Growing Moss in Point Clouds",
    }
    newest = ["Kelp Counting 28", "Kelp Counting 27", "Kelp Counting 26"]
    assert texts(article(built.read("index.html")), ".pd-title")[:3] == newest
    assert texts(article(built.read("keypoints/cs.cv/index.html")), ".pd-title") == newest


def test_what_only_front_matter_says_is_shown(build: Builder) -> None:
    page = article(build(dict(NOTES)).read("notes/lantern/index.html"))
    (line,) = page.css(".pd-meta")
    assert "CoRL 2024 · Ada Moss" in line.text()
    assert [link.attributes["href"] for link in line.css("a.pd-ui")] == ["https://arxiv.org/abs/2405.00003"]


def test_badges_behind_a_title_are_no_figures(build: Builder) -> None:
    star = "[![Star](https://img.example.org/a.svg)](https://github.com/example/kelp)"
    page = article(build({"2024-05.md": f"- [Kelp Counting]({A}1) {star}\n  - Key: kelp\n"}).read("2024-05/index.html"))
    assert page.css(".pd-meta img")
    assert not page.css(".pd-figure")


HOSTILE = [
    ("tags: &a [x, *a]\n", []),
    ("authors: &a {name: *a}\narxiv: '2405.00001'\n", ["Hello"]),
    (f"tags: 0x{'f' * 5000}\narxiv: '2405.00001'\n", ["Hello"]),
    ('title: "A \ufdd177\ufdd6"\narxiv: "2405.00001"\ntags: ["\ufdd133\ufdd6"]\n', ["Hello"]),
]


@pytest.mark.parametrize(("meta", "titles"), HOSTILE, ids=range(len(HOSTILE)))
def test_no_front_matter_ends_a_build(meta: str, titles: list[str]) -> None:
    text = f"---\n{meta}---\n# Hello\n\ntext\n"
    assert [paper.title for paper in read_digest(text)[0].papers] == titles
    assert "text" in convert(text)


def test_a_list_around_papers_stays_one() -> None:
    item = f"    - [{{}} of a paper]({A}1)\n        - Keywords: a\n"
    page = convert(
        f"- Vision\n{item.format('One')}    - See [more](more.md).\n{item.format('Two')}\n    and more\n- Next\n"
    )
    tree = LexborHTMLParser(page, is_fragment=True)
    assert len(tree.css("li > .pd-paper")) == 2
    assert texts(tree, "li li a[href='more.md']") == ["more"]
    assert not tree.css("pre")


ROWS = "<tr><th>Title</th><th>PDF</th></tr><tr><td>{}</td><td><a href='" + A + "1'>pdf</a></td></tr>"


@pytest.mark.parametrize(
    ("source", "titles"),
    [
        (f"<table>{ROWS.format('One')}</table>\n<table>{ROWS.format('Two')}</table>\n", ["One", "Two"]),
        (f"<table>{ROWS.format('One')}</table> Source: below.\n", []),
        (f"<table>{ROWS.format('One')}</table><table>{ROWS.format('Two')}</table>\n", []),
        (f"<table>{ROWS.format('One').replace('<td>', '<td rowspan=2>')}</table>\n", []),
        (f"<table><caption>Best</caption>{ROWS.format('One')}</table>\n", ["One"]),
    ],
)
@pytest.mark.parametrize("tables", [False, True])
def test_nothing_beside_the_rows_of_an_html_table_is_lost(source: str, titles: list[str], tables: bool) -> None:
    assert [paper.title for paper in read_digest(source)[0].papers] == titles
    page = LexborHTMLParser(convert(source, tables=tables), is_fragment=True)
    assert len(page.css(".pd-paper")) == len(titles)
    words = Counter(re.findall(r"\w+", LexborHTMLParser(source, is_fragment=True).root.text(separator=" ")))
    assert not words - Counter(re.findall(r"\w+", page.root.text(separator=" "))) - Counter({"Title": 9, "PDF": 9})


def test_a_star_in_a_title_keeps_the_rows_of_its_table() -> None:
    rows = "".join(f"| {title} | [p]({A}1) | {title[-1]} |\n" for title in ("**A* Search**", "Second", "***Third***"))
    page = LexborHTMLParser(
        convert(f"| Title | PDF | Keywords |\n|---|---|---|\n{rows}", tables=True), is_fragment=True
    )
    assert texts(page, "tr.pd-paper td:first-child") == ["A* Search #", "Second #", "Third #"]
    assert len(page.css("tr.pd-paper a.pd-keypoint")) == 3


def test_a_link_in_raw_html_keeps_its_target() -> None:
    page = convert(
        '### T\n- `Keypoints:` a\n- `Objective:` see <a href="https://a.example/">https://b.example/</a>, https://c.example/.\n'
    )
    assert re.findall(r'<a href="(https[^"]*)">([^<]*)</a>', page) == [
        ("https://a.example/", "https://b.example/"),
        ("https://c.example/", "https://c.example/"),
    ]
