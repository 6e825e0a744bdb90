"""Whole builds with `mkdocs build --strict`, checked in the built files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from conftest import EXTENSIONS, PAPER, TWO_MONTHS, Builder, article, many, texts, write
from crawl import broken_links, repeated_ids
from github import html_errors
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.exports.papers_json import papers_schema

pytestmark = [pytest.mark.pythons, pytest.mark.versions]


def test_no_option_is_needed(build: Builder) -> None:
    built = build(TWO_MONTHS)
    digest = article(built.read("202405/index.html"))
    assert texts(digest, ".pd-paper h3") == ["A First Paper: On Things", "A Second Paper"]
    assert [n.attributes["href"] for n in digest.css("a.pd-keypoint")] == [
        "../keypoints/world-model/",
        "../keypoints/camera-control/",
        "../keypoints/world-model/",
        "../keypoints/c%2B%2B/",
    ]
    index = article(built.read("keypoints/index.html"))
    assert texts(index, ".pd-index > li") == ["world model 4", "C++ 2", "Camera Control 2"]
    page = article(built.read("keypoints/world-model/index.html"))
    assert texts(page, "h1") == ["world model"]
    assert texts(page, "h2") == ["June 2024 2", "May 2024 2"]
    assert texts(page, ".pd-also q") == ["World Model", "world-model"]
    assert texts(page, ".pd-title")[:2] == ["A Third Paper: On Things", "A Second Paper"]
    assert page.css_first(".pd-title").attributes["href"] == "../../202406/#a-third-paper-on-things"


@pytest.mark.parametrize("directory_urls", [True, False])
@pytest.mark.parametrize("site_url", ["", "https://site.test/", "https://site.test/sub/path/"])
def test_every_link_leads_to_a_file_and_an_id(build: Builder, *, directory_urls: bool, site_url: str) -> None:
    docs = {
        **TWO_MONTHS,
        "deep/er/2024-07.md": "# Contents\n- [go](#rlhf--dpo)\n- [图](#汉字-标题)\n\n## RLHF & DPO\n### 汉字 标题\n"
        "- `Keypoints:` C; C++; C#; Index; ../../x; <script>; 汉字; a/b; 100%; what?; .net; con; "
        + "x" * 300
        + "\n- ![local](fig.png)\n\n<p><img src='fig.png'><a href='../../202405.md'>raw</a></p>\n",
        "deep/er/fig.png": b"\x89PNG",
        "about.md": "# About\n\n[May](202405.md#a-second-paper) [data](papers.json)\n",
    }
    validation = {"links": {"anchors": "warn", "not_found": "warn", "unrecognized_links": "warn"}}
    built = build(docs, use_directory_urls=directory_urls, site_url=site_url, validation=validation)
    assert broken_links(built.site, site_url or "https://site.test/") == []
    for page in built.site.rglob("*.html"):
        assert repeated_ids(page) == []
    assert sorted(path.name for path in built.site.parent.iterdir()) == [".cache", "docs", "mkdocs.yml", "site"]
    data = json.loads(built.read("papers.json"))
    for entry in [*data["papers"], *data["keypoints"]]:
        path, _, anchor = entry["url"].partition("#")
        file = built.site / (f"{path}index.html" if path.endswith("/") else path)
        assert f'id="{anchor}"' in file.read_text(encoding="utf-8") if anchor else file.is_file()


def test_pages_are_valid_html(build: Builder) -> None:
    built = build(TWO_MONTHS, markdown_extensions=EXTENSIONS)
    pages = list(built.site.rglob("index.html"))
    assert len(pages) >= 6
    for page in pages:
        content = LexborHTMLParser(page.read_text(encoding="utf-8")).css_first("article")
        raw = re.search(r"<article[^>]*>(.*)</article>", page.read_text(encoding="utf-8"), re.DOTALL)
        assert content is not None
        assert raw
        assert html_errors(raw[1]) == [], page


def test_papers_json_is_as_its_schema_says(build: Builder) -> None:
    data = json.loads(build(TWO_MONTHS).read("papers.json"))
    jsonschema.validate(
        data, papers_schema(), cls=jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker()
    )
    first = data["papers"][0]
    assert first == {
        "id": "202405/a-first-paper-on-things",
        "title": "A First Paper: On Things",
        "month": "2024-05",
        "date": None,
        "category": "World Models",
        "keypoints": [
            {"written": "World Model", "label": "world model", "slug": "world-model"},
            {"written": "Camera Control", "label": "Camera Control", "slug": "camera-control"},
        ],
        "fields": [
            {"name": "keypoints", "label": "Keypoints", "text": "World Model; Camera Control;"},
            {"name": "objective", "label": "Objective", "text": "Say what is wanted."},
            {"name": "method", "label": "Method", "text": "one step another step"},
            {"name": "metric", "label": "Metric", "text": "better by 3%"},
        ],
        "links": [
            {"id": "arxiv:2405.00001", "kind": "arxiv", "site": "arxiv", "url": "https://arxiv.org/abs/2405.00001"}
        ],
        "authors": [],
        "venue": None,
        "same_as": None,
        "figures": [{"src": "https://example.org/a.png", "alt": "plot"}],
        "details": True,
        "source": {"path": "202405.md", "line": 8},
        "url": "202405/#a-first-paper-on-things",
    }
    world = next(k for k in data["keypoints"] if k["slug"] == "world-model")
    assert world == {
        "slug": "world-model",
        "label": "world model",
        "written": ["world model", "World Model", "world-model"],
        "count": 4,
        "months": {"2024-05": 2, "2024-06": 2},
        "url": "keypoints/world-model/",
    }


def test_two_builds_give_the_same_bytes(build: Builder) -> None:
    first, second = build(TWO_MONTHS, folder="one"), build(TWO_MONTHS, folder="two")
    files = sorted(path.relative_to(first.site) for path in first.site.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second.site) for path in second.site.rglob("*") if path.is_file())
    for file in files:
        if file.name != "sitemap.xml.gz":  # MkDocs stamps it with the time
            assert (first.site / file).read_bytes() == (second.site / file).read_bytes(), file


def test_pages_without_papers_keep_every_byte(build: Builder) -> None:
    docs = {
        **TWO_MONTHS,
        "index.md": "# Hi\n\n<p>open\n\n[x](202405.md)\n",
        "about.md": "# About\n\n## 汉字\n\n- `Method:` x\n",
    }
    nav = ["index.md", "about.md", "202405.md", "202406.md"]
    ours = build(docs, folder="with", nav=nav, markdown_extensions=EXTENSIONS)
    plain = build(docs, folder="without", nav=nav, plugin=None, markdown_extensions=EXTENSIONS)
    for page in ("index.html", "about/index.html"):
        contents = [
            re.search(r"<article.*?</article>", built.read(page), re.DOTALL)[0]
            for built in (ours, plain)  # type: ignore[index]
        ]
        assert contents[0] == contents[1]


@pytest.mark.parametrize("theme", ["material", "mkdocs", "readthedocs"])
def test_search_finds_a_keypoint_once_and_a_paper_at_its_place(build: Builder, theme: str) -> None:
    built = build(TWO_MONTHS, theme=theme)
    entries = json.loads(built.read("search/search_index.json"))["docs"]
    with_title = [e["location"] for e in entries if "Third Paper" in e["title"] + e["text"] and "#" in e["location"]]
    assert with_title == ["202406/#a-third-paper-on-things"]
    everywhere = {e["location"].partition("#")[0] for e in entries if "Third Paper" in e["title"] + e["text"]}
    assert everywhere == {"202406/"}
    assert [e["title"] for e in entries if e["location"] == "keypoints/world-model/"] == ["world model"]
    assert any("world-model" in e["text"] for e in entries if e["location"].startswith("keypoints/world-model/"))


def test_generated_pages_stand_outside_the_navigation(build: Builder) -> None:
    theme = {"name": "material", "font": False, "features": ["content.action.edit"]}
    built = build(TWO_MONTHS, theme=theme, repo_url="https://github.com/x/y", edit_uri="edit/main/docs/")
    tree = LexborHTMLParser(built.read("202405/index.html"))
    links = [n.attributes["href"] for n in tree.css(".md-nav--primary a.md-nav__link[href]")]
    generated = ["../keypoints/", "../months/", "../papers/", "../trends/"]
    assert [link for link in links if not (link or "").startswith("#")] == ["..", "../202406/", "./", *generated]
    assert "edit/main" in built.read("202405/index.html")
    assert "edit/main" not in built.read("keypoints/world-model/index.html")
    assert "edit/main" not in built.read("keypoints/index.html")


def test_the_table_of_contents_beside_a_digest_lists_its_papers(build: Builder) -> None:
    tree = LexborHTMLParser(build(TWO_MONTHS).read("202405/index.html"))
    assert texts(tree, ".md-nav--secondary .md-nav__link")[-4:] == [
        "Introduction",
        "World Models",
        "A First Paper: On Things",
        "A Second Paper",
    ]


def test_an_automatic_navigation_lists_months_newest_first(build: Builder) -> None:
    docs = {f"{month}.md": PAPER.replace("202405", month) for month in ("202311", "202401", "202402")}
    docs |= {"about.md": "# About\n", "old/202201.md": PAPER.replace("202405", "202201")}
    tree = LexborHTMLParser(build(docs, theme="mkdocs").read("about/index.html"))
    names = [
        text for text in texts(tree, ".nav-link, .dropdown-item") if text not in ("Search", "Previous", "Next", "")
    ]
    assert names == [
        "Home",
        "2024-02",
        "2024-01",
        "2023-11",
        "About",
        "Keypoints",
        "Months",
        "Old",
        "2022-01",
        "Papers",
        "Trends",
        "About",
    ]


def test_a_navigation_of_the_sites_own_lists_the_index(build: Builder) -> None:
    nav = [{"Start": "202405.md"}, {"Topics": "keypoints/index.md"}]
    built = build({"202405.md": PAPER}, nav=nav, plugin={"home": False})
    tree = LexborHTMLParser(built.read("202405/index.html"))
    assert "Topics" in texts(tree, ".md-nav__link .md-ellipsis")
    assert not (built.site / "index.html").exists()


def test_docs_without_an_index_get_a_home_page(build: Builder) -> None:
    home = article(build(TWO_MONTHS, site_name="A *site* <of> mine").read("index.html"))
    assert home.css_first("h1").text().rstrip("¶") == "A *site* <of> mine"
    assert texts(home, ".pd-entry .pd-title")[0] == "A Third Paper: On Things"
    assert texts(home, ".pd-index > li")[0] == "world model 4"


def test_markers_put_lists_anywhere(build: Builder) -> None:
    page = (
        "# Here\n\n<!-- paperdigest:recent limit=1 -->\n\ntext\n\n"
        "<!-- paperdigest:keypoints limit=2 sort=name -->\n\n```html\n<!-- paperdigest:recent -->\n```\n"
    )
    built = build({**TWO_MONTHS, "deep/here.md": page}, markdown_extensions=EXTENSIONS)
    here = article(built.read("deep/here/index.html"))
    assert texts(here, ".pd-entry .pd-title") == ["A Third Paper: On Things"]
    assert texts(here, ".pd-index > li") == ["C++ 2", "Camera Control 2", "All keypoints"]
    assert here.css_first(".pd-more a").attributes["href"] == "../../keypoints/"
    assert "paperdigest:recent" in here.css_first("code").text()


def test_a_marker_within_a_sentence_parts_it(build: Builder) -> None:
    built = build({**TWO_MONTHS, "here.md": "# Here\n\nbefore <!-- paperdigest:recent limit=1 --> after\n"})
    page = re.search(r"<article[^>]*>(.*)</article>", built.read("here/index.html"), re.DOTALL)
    assert page
    assert html_errors(page[1]) == []
    assert re.search(r"before.*A Third Paper.*after", page[1], re.DOTALL)


@pytest.mark.parametrize(
    ("marker", "fault"),
    [
        ("recnt", "it must be `recent` or `papers` or `keypoints` or `trends` or `months`"),
        ("recent limit=many", "`limit` takes a whole number"),
        ("keypoints sort=random", "`sort` takes `count` or `name` or `newest`"),
        ("recent sort=name", "`recent` takes `limit=…` or `keypoint=…` or `category=…` or `month=…`, not `sort`"),
    ],
)
def test_a_wrong_marker_is_a_finding(build: Builder, marker: str, fault: str) -> None:
    built = build(
        {**TWO_MONTHS, "here.md": f"---\ntitle: T\n---\n# Here\n\n<!-- paperdigest:{marker} -->\n"}, arguments=()
    )
    assert f"here.md:6:18: PD403 the marker `{marker}` shows nothing: {fault}" in built.output


def test_what_is_switched_off_is_not_there(build: Builder) -> None:
    off = {"keypoint_index": False, "keypoint_pages": False, "papers_json": False, "home": False}
    built = build(TWO_MONTHS, off)
    assert not [path for path in ("keypoints", "papers.json", "index.html") if (built.site / path).exists()]
    digest = article(built.read("202405/index.html"))
    assert texts(digest, "span.pd-keypoint")[:2] == ["World Model", "Camera Control"]


def test_without_keypoint_pages_badges_lead_to_the_index(build: Builder) -> None:
    built = build(TWO_MONTHS, {"keypoint_pages": False}, validation={"links": {"anchors": "warn"}})
    digest = article(built.read("202405/index.html"))
    assert digest.css_first("a.pd-keypoint").attributes["href"] == "../keypoints/#world-model"
    assert broken_links(built.site) == []


def test_what_is_moved_is_there(build: Builder) -> None:
    moved = {"keypoint_index": "topics/all.md", "keypoint_pages": "topics/each", "papers_json": "data/all.json"}
    built = build(TWO_MONTHS, moved)
    assert (built.site / "topics/all/index.html").is_file()
    assert (built.site / "topics/each/world-model/index.html").is_file()
    assert json.loads(built.read("data/all.json"))["keypoints"][0]["url"] == "topics/each/c++/"
    assert broken_links(built.site) == []


@pytest.mark.parametrize(
    ("option", "value", "takes"),
    [
        ("keypoint_index", "../up.md", "takes a path that ends in .md inside the site"),
        ("keypoint_index", "page.html", "takes a path that ends in .md inside the site"),
        ("keypoint_pages", "/root", "takes a folder inside the site"),
        ("papers_json", 7, "takes a path that ends in .json inside the site"),
        ("home", "perhaps", "takes true or false, not 'perhaps'"),
        ("include", {"a": 1}, "takes a list of paths with wildcards"),
    ],
)
def test_a_wrong_option_is_one_sentence(build: Builder, option: str, value: object, takes: str) -> None:
    built = build(TWO_MONTHS, {option: value}, status=1)
    lines = [line for line in built.output.splitlines() if "paperdigest" in line]
    assert len(lines) == 1
    assert f"option '{option}': {takes}" in lines[0]


def test_options_and_front_matter_narrow_what_is_a_digest(build: Builder) -> None:
    docs = {
        "in/202405.md": PAPER,
        "in/draft.md": PAPER,
        "out/202405.md": PAPER,
        "in/own.md": f"---\npaperdigest: false\ntitle: Own\n---\n{PAPER}",
    }
    built = build(docs, {"include": ["in"], "exclude": ["in/dr*.md", "none/"]})
    papers = json.loads(built.read("papers.json"))["papers"]
    assert {paper["source"]["path"] for paper in papers} == {"in/202405.md"}
    for page in ("in/own", "in/draft", "out/202405"):
        assert "pd-paper" not in built.read(f"{page}/index.html")


def test_switched_off_it_does_nothing(build: Builder) -> None:
    ours = build({"index.md": "# Hi", **TWO_MONTHS}, {"enabled": False}, folder="off")
    plain = build({"index.md": "# Hi", **TWO_MONTHS}, None, folder="plain")
    assert ours.read("202405/index.html") == plain.read("202405/index.html")
    assert not (ours.site / "keypoints").exists()


def test_a_page_of_the_sites_own_is_kept_and_reported(build: Builder) -> None:
    docs = {
        **TWO_MONTHS,
        "keypoints/c++.md": "# My own\n",
        "keypoints/README.md": "# All of mine\n",
        "papers.json": "{}",
    }
    built = build(docs, arguments=())
    assert "My own" in built.read("keypoints/c++/index.html")
    assert "All of mine" in built.read("keypoints/index.html")
    assert built.read("papers.json") == "{}"
    for path, option in (
        ("keypoints/c++.md", "keypoint_pages"),
        ("keypoints/README.md", "keypoint_index"),
        ("papers.json", "papers_json"),
    ):
        assert re.search(rf"WARNING.*{re.escape(path)}:1:1: PD401 .*`{option}`", built.output)
    assert broken_links(built.site) == []


def test_findings_are_one_line_per_code_and_file(build: Builder) -> None:
    text = PAPER + "\n### C\n- `Keypoints:`\n\n### D\n- `Keypoints:`\n- `Keypionts:` x\n\n<details>\n\nopen\n"
    output = build({"202405.md": text}).output
    assert "INFO    -  paperdigest: 202405.md:27:3: PD201 the keypoint field is empty" in output
    assert output.count("PD201") == 1
    assert "(and 1 more in this file)" in output
    assert "202405.md:31:3: PD202 the label `Keypionts:` was read as `Keypoints`" in output
    assert "202405.md:33:1: PD301 `<details>` is never closed" in output


def test_a_file_that_is_not_utf8_is_read_and_reported(build: Builder) -> None:
    docs = {
        "202405.md": PAPER.replace("wanted", "gewünscht").replace("、", ";").encode("cp1252"),
        "cn.md": ("# 202406\n### 题目\n- `Keypoints:` 汉字关键词\n" + "中文摘要文字" * 9).encode("gb18030"),
    }
    built = build(docs, arguments=())
    assert re.search(
        r"WARNING -  paperdigest: 202405.md:1:1: PD001 the file is not UTF-8; it was read as cp1252", built.output
    )
    assert "gewünscht" in built.read("202405/index.html")
    assert "汉字关键词" in built.read("cn/index.html")
    assert build(docs, folder="strict", status=None).status == 1


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PAPER,
        PAPER.replace("\n", "\r\n"),
        PAPER.rstrip("\n"),
        pytest.param(PAPER.replace("World Model; Camera Control;", "k; " * 33_000), marks=pytest.mark.large),
        PAPER + "\n- " + "\n".join("  " * n + "- deep" for n in range(50)) + "\n",
        PAPER.replace("Say what is wanted.", "שלום עולם، مرحبا"),
        "",
        "# 202405\n\n## Only a category\n",
        PAPER + PAPER.replace("# Introduction\nPapers of May 2024.\n\n", ""),
    ],
    ids=["bom", "crlf", "no-newline", "long-line", "deep-lists", "right-to-left", "empty", "category", "twice"],
)
def test_what_is_no_fault_simply_works(build: Builder, text: str) -> None:
    built = build({"202405.md": text.encode(), "other/202405.md": PAPER})
    assert broken_links(built.site) == []
    assert "WARNING" not in built.output


@pytest.mark.large
def test_a_digest_of_megabytes_works(build: Builder) -> None:
    paper = PAPER[PAPER.index("### A First") :]
    papers = many(600, 6_000)
    words = "words " * (many(500_000, 1_560_000) // papers)
    text = PAPER + "".join(f"{paper.replace('Paper', f'Paper {n}')}{words}\n\n" for n in range(papers))
    assert len(text) > many(3_000_000, 9_000_000)
    built = build({"202405.md": text}, plugins=[], theme={"name": "mkdocs"})
    assert built.read("202405/index.html").count('class="pd-paper"') == 2 * papers + 2


def test_a_dirty_build_does_not_break(build: Builder, tmp_path: Path) -> None:
    build(TWO_MONTHS, folder="dirty")
    write(tmp_path / "dirty" / "docs", {"202406.md": TWO_MONTHS["202406.md"].replace("C++", "Rust")})
    built = build({}, arguments=("--dirty",), folder="dirty")
    assert "Rust" in built.read("202406/index.html")
    assert texts(article(built.read("keypoints/index.html")), ".pd-index > li") == [
        "world model 4",
        "Camera Control 2",
        "C++ 1",
        "Rust 1",
    ]


def test_another_plugin_may_change_a_page(build: Builder, tmp_path: Path) -> None:
    hook = "def on_page_markdown(markdown, **_):\n    return markdown.replace('C++', 'Swapped')\n"
    write(tmp_path / "project", {"hook.py": hook})
    built = build(TWO_MONTHS, hooks=["hook.py"], arguments=())
    assert re.search(r"WARNING -  paperdigest: 202405.md:1:1: PD402", built.output)
    assert "Swapped" in built.read("202405/index.html")
    assert broken_links(built.site) == []
