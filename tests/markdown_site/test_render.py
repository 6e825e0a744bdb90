"""`paperdigest render`: a site as plain Markdown, and what other generators make of it."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin

import pytest
from building import run_here, run_process
from conftest import PAPER, ROOT, TWO_MONTHS, write
from crawl import broken_links
from github import github_html
from golden_cases import CASES, load
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.markdown_site.digest_text import KeypointLinks, anchored, digest_text
from mkdocs_paperdigest.markdown_site.links import escaped, escaped_line
from mkdocs_paperdigest.markdown_site.output_folder import MANIFEST
from mkdocs_paperdigest.reader import split_front_matter
from mkdocs_paperdigest.reader.labels import DEFAULT_LABELS
from mkdocs_paperdigest.reader.source_places import Lines

pytestmark = pytest.mark.versions

ADDED = "\ue000"
"""Names the lines that are put in, so that they are found."""


def rendered(text: str, path: str) -> tuple[str, list[str], int]:
    """The text of a digest on the site, the ids of its papers, and how many keypoints have to be linked."""
    digest, _ = read_digest(text, path)
    papers = anchored(text, digest).papers
    made = digest_text(
        text, digest, papers, DEFAULT_LABELS, KeypointLinks(lambda name: f"keypoints/{len(name)}.md", ADDED)
    )
    named = sum(len(set(paper.keypoints or ())) for paper in papers)
    return made, [paper.anchor for paper in papers], named


def shown_text(markdown: str) -> str:
    tree = LexborHTMLParser(f"<body>{github_html(split_front_matter(markdown)[1])}</body>")
    return "".join((tree.body.text() if tree.body else "").split())


def check(text: str, path: str) -> bool:
    """Whether no line was put in; GitHub shows the same text with ids and links as without, and all keypoints are linked."""
    made, ids, named = rendered(text, path)
    assert [html.unescape(found) for found in re.findall(r'<a id="(paper-[^"]*)"></a>', made)] == ids
    assert len(set(ids)) == len(ids)
    page = LexborHTMLParser(github_html(split_front_matter(made)[1]))
    assert len(page.css('a[href^="keypoints/"]')) >= named
    if ADDED in made:
        return False
    assert shown_text(made) == shown_text(text)
    return True


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_golden_cases_say_the_same(file: Path) -> None:
    case = load(file)
    check(case.source, case.path)


def test_digests_of_the_example_site_say_the_same() -> None:
    assert all(check(file.read_text("utf-8"), file.name) for file in (ROOT / "example_site/docs/digests").glob("*.md"))


def test_real_digests_say_the_same(corpus: Path) -> None:
    assert all(check(file.read_bytes().decode(), file.name) for file in sorted(corpus.glob("*.md")))


PIECES = st.sampled_from(
    [
        "# 202405",
        "## Sound",
        "### A First Paper",
        "### [Linked Title](https://arxiv.org/abs/2405.00001)",
        "Setext Title\n===",
        "[2024.5][[paper](https://arxiv.org/abs/2405.00002)]",
        "- `Keypoints:` a; b c; C++",
        "- `Keypoints:` `code`, *em*; **bold**",
        "`Keypoints:` <script>; [x](y); a|b",
        "- **Keywords**: a; b",
        "  - Keywords: x",
        "Tags: 词、another",
        "- `Objective:` text of it",
        "<details>\n<summary>Details</summary>\n",
        "</details>\n",
        "- **[A Title of Some Words](https://arxiv.org/abs/2405.00003)**",
        "**A Bold Title Of Words** [paper](https://arxiv.org/abs/2405.00004)",
        "",
        "",
        "```",
        "| Title | Keywords | Code |\n| - | - | - |",
        "| [A Row of a Table](https://arxiv.org/abs/2405.1) | k; l | |",
        "<div>\n",
        "> - `Keypoints:` in a quote",
        "text",
        "---",
        "    code",
    ]
)


@given(st.lists(PIECES, max_size=18), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whatever_it_is_it_says_the_same(lines: list[str], end: str, meta: bool) -> None:
    text = "\n".join(["---", "keywords: [m, n]", "---", *lines] if meta else lines).replace("\n", end)
    check(text, "202405.md")


# A digest; what stands in it instead of its lines with a keypoint.
WRITTEN = {
    "code": ("### T\n- `Keypoints:` `a b`; c\n", "- `Keypoints:` [`a b`](k/a%20b); [c](k/c)"),
    "bold": (
        "### [T](https://arxiv.org/abs/2405.00001)\n- **Keypoints:** **a b**，**c**\n",
        "- **Keypoints:** [**a b**](k/a%20b)，[**c**](k/c)",
    ),
    "in a link": ("### T\n- `Keypoints:` [a](https://a.org); c\n", "Keypoints: [a](k/a)"),
    "two in a code span": (
        "### [T](https://arxiv.org/abs/2405.00001)\n- **Keypoints:** `a, c`\n",
        "Keypoints: [a](k/a); [c](k/c)",
    ),
    "over two lines": ("### T\n- `Keypoints:` a; b\n  c; d\n", "- `Keypoints:` [a](k/a); [b\n  c](k/b%20c); [d](k/d)"),
    "front matter": ("---\ntags: [a]\narxiv: 2405.00001\n---\n# T\n\nText.\n", "Keypoints: [a](k/a)"),
    "front matter, underlined": (
        "---\ntags: [a]\narxiv: 2405.00001\n---\nT\n===\nText.\n",
        "===\n\nKeypoints: [a](k/a)\n\nText.",
    ),
    "windows": ("### T\r\n- `Keypoints:` a;\r\n", "- `Keypoints:` [a](k/a);\r\n"),
    "above a list": (
        "### T\n[paper](https://arxiv.org/abs/2405.00001)\n- `Keypoints:` a\n",
        "00001)\n\n- `Keypoints:` [a](k/a)",
    ),
    "details": ("### T\n`Keypoints:` a\n\n<details>\n\n- `Method:` x\n\n</details>\n", '<details markdown="1">'),
    "details of HTML": ("### T\n`Keypoints:` a\n\n<details>\n<b>x</b>\n</details>\n", "<details>\n<b>"),
    "no space": ("##T\n- `Keypoints:` a;\n\n##S\n- `Keypoints:` a;\n", '## <a id="paper-t"></a>T'),
    "in HTML": ("### T\n<div>\n- `Keypoints:` a\n", "T\n\nKeypoints: [a](k/a)\n\n<div>\n- `Keypoints:` a\n"),
    "below HTML": ("### T\n- <p>x</p>\n- `Keypoints:` a\n", "- `Keypoints:` [a](k/a)"),
    "a script": (
        "### T\n- `Keypoints:` <script>; a\n\n```\n<script>\n```\n",
        "[&lt;script>](k/%3Cscript%3E); [a](k/a)\n\n<pre><code>&#60;script&#62;</code></pre>",
    ),
    "a script in the text": (
        "### T\n- `Keypoints:` a\n- `Objective:` `<script>` <script>\n",
        "<code>&#60;script&#62;</code> &lt;script>\n",
    ),
    "item": (
        "- **[A Title Of Five Words](https://arxiv.org/abs/2405.00001)**\n  - Keywords: a\n",
        '- <a id="paper-a-title-of-five-words"></a>**[A',
    ),
    "a heading with that id": ("# Paper T\n\n### T\n- `Keypoints:` a\n", '### <a id="paper-t-1"></a>T'),
    "such a heading below a rule": (
        "x\n\n---\n\n# Paper T\n\n### T\n- `Keypoints:` a\n",
        '### <a id="paper-t-1"></a>T',
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_put_in(name: str) -> None:
    text, wanted = WRITTEN[name]
    digest, _ = read_digest(text, "x.md")
    made = digest_text(
        text,
        digest,
        anchored(text, digest).papers,
        DEFAULT_LABELS,
        KeypointLinks(lambda name: f"k/{quote(name)}", "Keypoints"),
    )
    assert wanted in made


def test_work_grows_with_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    line = Lines.line

    def counted(lines: Lines, number: int) -> Any:
        looked.append(number)
        return line(lines, number)

    monkeypatch.setattr(Lines, "line", counted)

    def count(rows: int) -> int:
        table = [f"| [A Row of a Table {n}](https://arxiv.org/abs/2405.{n:05}) | a; b |\n" for n in range(1, rows + 1)]
        text = f"# 2024-05\n\n| Title | Keywords |\n| - | - |\n{''.join(table)}"
        digest, _ = read_digest(text, "x.md")
        papers = anchored(text, digest).papers
        looked.clear()
        made = digest_text(text, digest, papers, DEFAULT_LABELS, KeypointLinks(lambda name: f"k/{name}", "Keypoints"))
        assert made.count("| [a](k/a); [b](k/b) |") == rows
        return len(looked)

    assert count(200) < 2.1 * count(100)


@pytest.mark.parametrize("said", ["1. Vision", "2) Sound", "- x", "+ x", "* x", "===", "---", "# x", "12", "3D", ": x"])
def test_a_line_that_begins_with_text_is_that_text(said: str) -> None:
    text = f"- a  \n    {escaped_line(said)} · b\n"
    for made in (github_html(text), Markdown(extensions=["def_list"]).convert(text)):
        tree = LexborHTMLParser(made)
        assert len(tree.css("li")) == 1, made
        assert " ".join(tree.text().split()) == f"a {said} · b"


def test_titles_stay_titles_and_signs_stay_signs() -> None:
    said = "C# & <b> *x* _y_ [z](a) `c` $m$ {{ t }} | ~~s~~ :smile: ==m== \\ 100% #"
    for made in (
        github_html(f"# {escaped(said)}"),
        Markdown(extensions=["attr_list", "tables"]).convert(f"# {escaped(said)}"),
    ):
        heading = LexborHTMLParser(made).css_first("h1")
        assert heading is not None
        assert heading.text() == said
        assert not heading.css("*")[1:]


# -- whole sites

HARD = """\
# 2024-07

## 视频生成

### 第一篇论文：<a> & *星*
- `Keypoints:` C++; C#; a/b; <script>; f(x); `code`; 世界模型; index; what? 100%; x|y
- `Objective:` 说明。

- <p align="center"><img src="figure.svg" alt="plot"></p>

<details>
<summary>Details</summary>

- `Method:` `Keypoints` are not here.

</details>

### Paper Trails
- `Keypoints:` world model; C++
- `Objective:` Of the name that ids begin with, with `<script>` and <script> in it.

### Trails
- `Keypoints:` world model; C++

### Twice: A Paper That Stands In Two Digests [[paper](https://arxiv.org/abs/2407.00009)]
- `Keypoints:` World Model
"""

TABLE = """\
# Papers of 2024-08

| Title | Keywords | Code |
| --- | --- | --- |
| [Rows Are Papers](https://arxiv.org/abs/2408.00001) | C++, world models | [code](https://github.com/a/b) |
| [Another Row of Papers](https://arxiv.org/abs/2408.00002) | 世界模型 | |
"""

LIST = """\
# Papers of 2024-09

1. **[Items of Lists Are Papers](https://arxiv.org/abs/2409.00001)**, A. Author
    - Keywords: World Model, a/b
2. **[The Second Item of All](https://arxiv.org/abs/2409.00002)**
    - Keywords: C++
3. **[Twice: A Paper That Stands In Two Digests](https://arxiv.org/abs/2407.00009)**
    - Keywords: World Model
"""

DOCS: dict[str, str | bytes] = {
    "index.md": "# Home\n\n<!-- paperdigest:recent limit=2 -->\n\n`<!-- paperdigest:papers -->`\n\n<!-- paperdigest:keypoints -->\n\n"
    "<!-- paperdigest:months -->\n\n<!-- paperdigest:trends -->\n\n[all](keypoints/index.md) [papers](papers/index.md) [x](trends/index.md)\n",
    **TWO_MONTHS,
    "deep/202407.md": HARD,
    "deep/figure.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "deep/README.md": "# Deep\n\n[digest](202407.md) <!-- paperdigest:recent -->\n",
    "table.md": TABLE,
    "list (of) ünïcode.md": LIST,
    "one.md": "---\ntags: [World Model, front matter]\narxiv: 2410.00001\ndate: 2024-10-03\n---\n# One Paper Is A Page\n\nText.\n",
    ".hidden/x.md": "# Hidden\n",
}
KEYPOINTS = """\
World Model:
  aliases: [world models]
  description: What [it is](deep/202407.md) about.
C++:
  parent: Languages
Languages:
  group: Programs
Unused:
  aliases: [nothing]
"""
CONFIG = "site_name: Hard\nsite_url: https://site.test/\nmarkdown_extensions: [md_in_html]\n"


@dataclass(frozen=True)
class Sites:
    """The same digests as the plugin shows them, and as two generators show what was rendered."""

    plugin: Path
    rendered: Path
    built: dict[str, Path]


def run(*words: str, cwd: Path) -> str:
    done = (run_here if words[0] == "mkdocs" else run_process)(cwd, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def sites(folder: Path, project: Path, config: str, *, strict: bool = True) -> Sites:
    """Render a project, and build what was rendered; `config` are the settings without the plugin."""
    out = folder / "out" / "docs"
    assert main(["render", str(project), str(out)]) == 0
    write(folder / "out", {"mkdocs.yml": config})
    flags = ["--strict"] if strict else []
    run("mkdocs", "build", *flags, "-f", str(project / "mkdocs.yml"), "-d", str(folder / "plugin"), cwd=folder)
    write(folder / "out", {"plain.yml": config if "theme" in config else f"{config}theme: {{name: mkdocs}}\n"})
    run("mkdocs", "build", *flags, "-f", "plain.yml", "-d", str(folder / "mkdocs"), cwd=folder / "out")
    built = {"mkdocs": folder / "mkdocs"}
    if find_spec("zensical"):
        run("zensical", "build", *flags, cwd=folder / "out")
        built["zensical"] = folder / "out" / "site"
    return Sites(folder / "plugin", out, built)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folder = tmp_path_factory.mktemp("hard")
    write(folder / "project" / "docs", DOCS)
    write(folder / "project", {"mkdocs.yml": f"{CONFIG}plugins: [search, paperdigest]\n", "keypoints.yml": KEYPOINTS})
    return sites(folder, folder / "project", CONFIG)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(ROOT / "example_site", folder / "project", ignore=shutil.ignore_patterns(".cache*", "site"))
    config = (ROOT / "example_site/mkdocs.yml").read_text("utf-8").replace("  - paperdigest\n", "")
    config = config.replace("omitted_files: warn", "omitted_files: ignore")  # which the pages of keypoints are
    guide = (ROOT / "example_site/docs/guide").as_posix()
    return sites(folder, folder / "project", config.replace("[!relative $docs_dir/guide]", f"[{guide}]"))


GENERATORS = ("mkdocs", "zensical")


@pytest.fixture(params=[(site, generator) for site in ("hard", "example") for generator in GENERATORS], ids="-".join)
def pair(request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """The plugin's site, and another of the same digests."""
    name, generator = request.param
    made: Sites = request.getfixturevalue(name)
    if generator not in made.built:
        # The session of the lowest versions cannot have it.
        if os.environ.get("CI") == "true" and os.environ.get("WITHOUT") != generator:
            pytest.fail("needs the Python package zensical, which is not installed")
        pytest.skip("needs the Python package zensical")
    return made.plugin, made.built[generator]


def data(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / "papers.json").read_text("utf-8"))
    return found


def tree(site: Path, url: str) -> LexborHTMLParser:
    file = site / url
    return LexborHTMLParser((file / "index.html" if file.is_dir() else file).read_text("utf-8"))


def test_no_link_is_broken(pair: tuple[Path, Path]) -> None:
    _, other = pair
    assert len([*other.rglob("*.html")]) > 20
    assert broken_links(other) == []


def test_our_own_check_finds_no_fault(pair: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(pair[1])]) == 0, capsys.readouterr().out


def test_papers_and_counts_are_those_of_the_plugin(pair: tuple[Path, Path]) -> None:
    ours, theirs = map(data, pair)
    assert len(ours["papers"]) > 10
    same = [{key: value for key, value in paper.items() if key != "url"} for paper in ours["papers"]]
    assert same == [{key: value for key, value in paper.items() if key != "url"} for paper in theirs["papers"]]
    assert ours["keypoints"] == theirs["keypoints"]
    assert [paper["url"].partition("#")[0] for paper in ours["papers"]] == [
        paper["url"].partition("#")[0] for paper in theirs["papers"]
    ]


def test_pages_show_these_papers_and_counts(pair: tuple[Path, Path]) -> None:
    _, site = pair
    found = data(site)
    by_url = {paper["url"]: paper for paper in found["papers"]}
    firsts = {paper["id"]: paper for paper in found["papers"] if not paper["same_as"]}
    for keypoint in found["keypoints"]:
        page = tree(site, keypoint["url"])
        entries = [node.css_first("a") for node in page.css("li") if node.css('a[href*="#paper-"]')]
        urls = [unquote(urljoin(f"/{keypoint['url']}", entry.attributes["href"] or "")) for entry in entries if entry]
        listed = [by_url[url.removeprefix("/")] for url in urls]
        assert [entry.text() for entry in entries if entry] == [paper["title"] for paper in listed]
        named = {
            paper["id"]
            for paper in found["papers"]
            if any(badge["slug"] == keypoint["slug"] for badge in paper["keypoints"] or ())
        }
        assert len([paper for paper in listed if not paper["same_as"]]) == keypoint["count"]
        assert {paper["same_as"] or paper["id"] for paper in listed} == {
            paper["same_as"] or paper["id"] for paper in found["papers"] if paper["id"] in named
        }
        assert f"{keypoint['count']} paper" in page.text()
    months = {paper["month"] for paper in firsts.values()}
    assert len(months) > 2
    for month in months:
        page = tree(site, f"months/{month}")
        assert f"{sum(paper['month'] == month for paper in firsts.values())} paper" in page.text()


def test_papers_have_one_id_each_where_their_address_leads(pair: tuple[Path, Path]) -> None:
    _, site = pair
    for paper in data(site)["papers"]:
        url, _, anchor = paper["url"].partition("#")
        page = tree(site, url)
        marks = [node for node in page.css("[id]") if node.attributes["id"] == anchor]
        assert len(marks) == 1, paper["url"]
        around = marks[0].parent
        assert around is not None
        assert paper["title"].split()[0] in (around.text() if paper["source"]["path"] != "one.md" else page.text())
        if paper["keypoints"]:
            wanted = {urljoin(f"/{url}", f"/keypoints/{badge['slug']}/") for badge in paper["keypoints"]}
            assert wanted <= {
                unquote(urljoin(f"/{url}", node.attributes["href"] or "")) for node in page.css("a[href]")
            }


def test_signs_are_shown_as_they_are(hard: Sites) -> None:
    for site in hard.built.values():
        for slug, label in {
            "c++": "C++",
            "c~23": "C#",
            "a~2fb": "a/b",
            "~3cscript~3e": "<script>",
            "index~": "index",
        }.items():
            heading = tree(site, f"keypoints/{slug}").css_first("h1")
            assert heading is not None
            assert heading.text().rstrip("¶") == label
        assert "第一篇论文： & 星" in tree(site, "months/2024-07").text()


def test_digests_are_called_by_their_months(hard: Sites) -> None:
    for site in hard.built.values():
        home = tree(site, "index.html")
        assert {"2024-05", "2024-06", "2024-07"} <= {node.text().strip() for node in home.css("a[href]")}
    assert (hard.rendered / "one.md").read_text("utf-8").count("title:") == 0


def test_markers_are_filled(hard: Sites) -> None:
    home = (hard.rendered / "index.md").read_text("utf-8")
    assert home.count("(one.md#paper-one-paper-is-a-page)") == 1
    assert "`<!-- paperdigest:papers -->`" in home
    assert "paperdigest:" not in home.replace("`<!-- paperdigest:papers -->`", "")
    assert "<!-- paperdigest:recent -->" in (hard.rendered / "deep/README.md").read_text("utf-8")


def test_feeds_lead_to_the_pages(hard: Sites) -> None:
    found = data(hard.rendered)
    for file in (
        hard.rendered / "feed.json",
        hard.rendered / "keypoints/c++/feed.json",
        hard.rendered / "categories/视频生成/feed.json",
    ):
        feed = json.loads(file.read_text("utf-8"))
        assert feed["items"]
        assert {unquote(item["url"]) for item in feed["items"]} <= {
            f"https://site.test/{paper['url']}" for paper in found["papers"]
        }
    own = json.loads((hard.plugin / "feed.json").read_text("utf-8"))
    theirs = json.loads((hard.rendered / "feed.json").read_text("utf-8"))
    assert [item["id"] for item in own["items"]] == [item["id"] for item in theirs["items"]]
    for name in ("papers.bib", "papers.csl.json", "keypoints/c++/papers.bib"):
        assert (hard.plugin / name).read_bytes() == (hard.rendered / name).read_bytes()
    content = next(item["content_html"] for item in theirs["items"] if item["title"].startswith("第一篇"))
    assert "https://site.test/deep/figure.svg" in content
    assert "https://site.test/keypoints/c%2B%2B/" in content


# -- the command


def test_a_second_run_updates_and_deletes_only_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    write(docs, dict(TWO_MONTHS))
    assert main(["render", str(docs), str(out)]) == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != MANIFEST}
    assert main(["render", str(docs), str(out)]) == 0
    assert before == {path: path.stat().st_mtime_ns for path in before}
    write(out, {"mine.txt": "mine"})
    (docs / "202406.md").unlink()
    assert main(["render", str(docs), str(out)]) == 0
    assert not (out / "202406.md").exists()
    assert not (out / "months/2024-06.md").exists()
    assert (out / "mine.txt").read_text() == "mine"
    changed = out / "202405.md"
    changed.write_text("by hand")
    capsys.readouterr()
    assert main(["render", str(docs), str(out)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{changed} was changed since it was written" in said
    assert changed.read_text() == "by hand"
    assert main(["render", str(docs), str(out), "--force"]) == 0
    assert "paper-a-first-paper" in changed.read_text("utf-8")


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "docs", dict(DOCS))
    for name in ("one", "two"):
        assert main(["render", str(tmp_path / "docs"), str(tmp_path / name)]) == 0
    one, two = (
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two


def test_files_may_be_called_anything(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    write(docs, {"202405.md": PAPER})
    name = os.fsdecode(b"caf\xe9.png")
    try:
        (docs / name).write_bytes(b"x")
    except OSError:
        pytest.skip("the file system takes no such names")
    for _ in range(2):
        assert main(["render", str(docs), str(out)]) == 0
        assert (out / name).read_bytes() == b"x"


def test_a_folder_may_come_where_a_file_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    write(tmp_path, {"mkdocs.yml": "site_name: x\nplugins: [paperdigest]\n"})
    write(docs, {"202405.md": PAPER, "keypoints": "x"})
    before = sorted(tmp_path.rglob("*"))
    assert main(["render", str(docs), str(out)]) == 2
    assert "would stand in a folder where another file is to stand" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
    (docs / "keypoints").rename(docs / "more")
    assert main(["render", str(docs), str(out)]) == 0
    (docs / "more").unlink()
    write(docs, {"more/a.png": b"x"})
    assert main(["render", str(docs), str(out)]) == 0
    assert (out / "more/a.png").is_file()


@pytest.mark.parametrize(
    "case", ["not empty", "the source", "above the source", "a link in it", "a folder", "no source"]
)
def test_it_writes_nowhere_else(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs, out = tmp_path / "a" / "docs", tmp_path / "out"
    write(docs, {"202405.md": PAPER, "figures/a.png": b"x"})
    match case:
        case "not empty":
            write(out, {"mine.txt": "mine"})
        case "the source":
            out = docs
        case "above the source":
            out = tmp_path / "a"
        case "a link in it":
            assert main(["render", str(docs), str(out)]) == 0
            shutil.rmtree(out / "figures")
            (tmp_path / "elsewhere").mkdir()
            (out / "figures").symlink_to(tmp_path / "elsewhere")
        case "a folder":
            assert main(["render", str(docs), str(out)]) == 0
            (out / "202405.md").unlink()
            (out / "202405.md").mkdir()
        case "no source":
            docs = tmp_path / "nothing"
    before = sorted(tmp_path.rglob("*"))
    capsys.readouterr()
    assert main(["render", str(docs), str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_inside_of_the_docs_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"202405.md": PAPER, ".git/x": "x", "notes.py": "x", "a.png": b"x"})
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["render", ".", "public"]) == 0
        assert len(data(tmp_path / "public")["papers"]) == 2
    files = {path.relative_to(tmp_path / "public").as_posix() for path in (tmp_path / "public").rglob("*")}
    assert {"202405.md", "a.png", "index.md"} <= files
    assert not files & {".git", "notes.py", "public"}


def test_other_digests_of_one_month_are_told_apart(tmp_path: Path) -> None:
    link = "[paper](https://arxiv.org/abs/2405.00001)"
    write(
        tmp_path / "docs",
        {
            f"{name}.md": f"# {name[:6]}\n\n### A Kelp Paper {link}\n- `Keypoints:` kelp\n"
            for name in ("202404", "202405-1", "202405-2", "202406")
        },
    )
    assert main(["render", str(tmp_path / "docs"), str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "keypoints" / "kelp.md").read_text("utf-8")
    (found,) = re.findall("also in (.*?) · ", page)
    assert dict(re.findall(r"\[(.*?)\]\(\.\./(.*?)#", found)) == {
        "202405-1": "202405-1.md",
        "202405-2": "202405-2.md",
        "June 2024": "202406.md",
    }


def test_pages_of_the_source_win(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"202405.md": PAPER, "keypoints/index.md": "# Mine\n", "keypoints/world-model/index.md": "# Mine, too\n"}
    write(tmp_path / "docs", dict(own))
    assert main(["render", str(tmp_path / "docs"), str(tmp_path / "out"), "--no-directory-urls"]) == 0
    out = tmp_path / "out"
    assert (out / "keypoints/index.md").read_text() == "# Mine\n"
    assert "keypoints/index.md was not made" in capsys.readouterr().err
    assert data(out)["papers"][0]["url"].startswith("202405.html#paper-")
