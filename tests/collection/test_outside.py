"""Links that leave the docs folder: found where they stand, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PAPER, Builder, many, write
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.collection.repository import Repository
from mkdocs_paperdigest.collection.sources import Sources
from mkdocs_paperdigest.reader.outside_links import OutsideLink, links_outside


def found(text: str, path: str = "index.md", first: int = 1) -> list[tuple[int, int, str, bool]]:
    return [(link.line, link.column, link.url, link.is_picture) for link in links_outside(text, path, first)]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See [it](../LICENSE).\n", [(1, 10, "../LICENSE", False)]),
        ('![x](<../a b.png> "title")\n', [(1, 7, "../a b.png", True)]),
        ("[![x](../a.png)](../LICENSE)\n", [(1, 7, "../a.png", True), (1, 18, "../LICENSE", False)]),
        ("[../L](../L) `[x](../L)`\n", [(1, 8, "../L", False)]),
        ("`[x](../L)` and\n  [x](\n../L)\n", [(3, 1, "../L", False)]),
        ("## [x](../L)\n\n[y](../M)\n===\n", [(1, 8, "../L", False), (3, 5, "../M", False)]),
        ("[a][l] ![l] [l]\n\n[L]: ../L 'l'\n[m]: ../M\n", [(3, 6, "../L", True)]),
        ("[l]\n\n[l]:\n  <../L>\n", [(4, 4, "../L", False)]),
        ("> - [l]\n>\n> [l]: ../L\n", [(3, 8, "../L", False)]),
        ("[^1]\n\n[^1]: [x](../L)\n", [(3, 11, "../L", False)]),
        ("<p>\n<a class=x href='../L'>x</a><IMG\nsrc=../a.png /></p>\n", [(2, 18, "../L", False), (3, 5, "../a.png", True)]),
        ('an <a href="../L?a&amp;b">x</a>\n', [(1, 4, "../L?a&b", False)]),
        ('an <img src="../L">\n', [(1, 14, "../L", True)]),
        ("- a\n    1. > [x](../L)\n", [(2, 14, "../L", False)]),
        ("| a |b|\n|---|---|\n| [x](../L) |[x](../L)|\n", [(3, 7, "../L", False), (3, 18, "../L", False)]),
        ("| a |\n|---|\n| a\\|[x](../L) |\n", [(3, 1, "../L", False)]),
        (PAPER.replace("one step", "[x](../L)"), [(17, 15, "../L", False)]),
        ("<details>\n- `Method:` [x](../L)\n</details>\n", [(2, 17, "../L", False)]),
        ("one\r\n\r\n[x](../L)\r\n", [(3, 5, "../L", False)]),
        ("[x](./../L) [y](a/../../L)\n", [(1, 5, "./../L", False), (1, 17, "a/../../L", False)]),
        ("[x](../docs/a.md) [x](../) [x](../../x)\n", [(1, 5, "../docs/a.md", False), (1, 23, "../", False), (1, 32, "../../x", False)]),
        ("<div>\n<!--\n\n[x](../L)\n\n-->\n</div>\n\n[y](../M)\n", [(9, 5, "../M", False)]),
        ("<p><!-- <a href='../N'> --> <a href='../M'>\n", [(1, 38, "../M", False)]),
    ],
)  # fmt: skip
def test_links_are_found_where_they_stand(text: str, links: list[tuple[int, int, str, bool]]) -> None:
    assert found(text) == links


@pytest.mark.parametrize(
    "text",
    [
        "`[x](../L)` and ``<a href='../L'>``\n",
        "```\n[x](../L)\n```\n\n~~~\n<a href='../L'>\n~~~\n",
        "text\n\n    [x](../L)\n",
        "<!-- [x](../L)\n\n<a href='../L'> -->\n",
        "a <!-- <a href='../L'> --> b\n",
        "<script>\nx = '<a href=\"../L\">'\n</script>\n",
        "\\[x](../L) ../L\n",
        "[x](https://a.b/../L) [x](//a/../L) [x](/../L) [x](#../L) [x](?../L) [x]() [x](mailto:../L) <a href>\n",
        "[x](a/../b.md) [x](%2E%2E) ...\n",
        "[unused]: ../L\n",
        "<area href='../L'> <a title='../L'> <image src='../L'>\n",
    ],
)
def test_what_leads_nowhere_outside_is_not(text: str) -> None:
    assert found(text) == []


def test_the_folder_of_the_page_counts() -> None:
    text = "[x](../L) [x](../../L)\n"
    assert [link[2] for link in found(text, "a.md")] == ["../L", "../../L"]
    assert [link[2] for link in found(text, "a/b.md")] == ["../../L"]
    assert found(text, "a/b/c.md") == []


def test_the_lines_are_those_of_the_file() -> None:
    source = Sources().read("index.md", b"---\ntitle: T\n---\n\n\n[x](../L)\n")
    assert source.outside == (OutsideLink(6, 5, "../L"),)
    assert Sources().read("index.md", b"---\npaperdigest: false\n---\n[x](../L)\n").outside == ()


def test_many_links_are_read() -> None:
    for text in ("[x](../&amp;) ", "[x](../a)\n", "<a href='../a'> ", "<a ", "<div>\n<!--\n\n", "[x](../a"):
        links_outside(f"../\n{text * many(5_000, 20_000)}", "index.md")
    assert len(links_outside(f"|{' [x](../a) |' * 5_000}\n|{'-|' * 5_000}\n", "index.md")) == 5_000


PIECES = [
    "../",
    "./",
    "/",
    "a",
    "é汉",
    "%20",
    "%00",
    "%ff",
    "[x]",
    "(",
    ")",
    "![",
    "]",
    "<a href='",
    "<img src=",
    "'>",
    "<",
    ">",
]
PIECES += [
    "<!--",
    "-->",
    "`",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "|",
    "\n|-|\n",
    "[l]: ",
    "[l]",
    "#b",
    "?c",
    "&amp;",
    "\\",
    "\t",
    "\r",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=40).map("".join)


@given(TEXTS, st.sampled_from(["index.md", "a/b.md", "汉/é é.md"]), st.sampled_from([None, "https://github.com/x/y"]))
def test_any_text_is_read(text: str, page: str, url: str | None) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for link in links_outside(text, page):
        assert "../" in link.url
        assert not link.url.startswith(("/", "#", "?", "http"))
        assert 1 <= link.line <= len(lines)
        assert 1 <= link.column <= len(lines[link.line - 1]) + 1
        advice = Repository(Path("/nowhere"), "docs", url).instead(link, page)
        assert advice.startswith("write ")
        assert "\n" not in advice


GITHUB, GITLAB = "https://github.com/x/y", "https://gitlab.com/g/sub/y"
MOVE = ", or move the file into the docs folder"


@pytest.mark.parametrize(
    ("repo_url", "link", "advice"),
    [
        (GITHUB, "../LICENSE", f"write `{GITHUB}/blob/HEAD/LICENSE`{MOVE}"),
        (f"{GITHUB}.git", "../README.md?plain=1#install", f"write `{GITHUB}/blob/HEAD/README.md?plain=1#install`{MOVE}"),
        (f"{GITHUB}/tree/main/z/", "!../assets/x.png", f"write `{GITHUB}/raw/HEAD/assets/x.png`{MOVE}"),
        (GITHUB, "../assets", f"write `{GITHUB}/tree/HEAD/assets`"),
        (GITHUB, "../none/", f"write `{GITHUB}/tree/HEAD/none`"),
        (GITHUB, "../#install", f"write `{GITHUB}#install`"),
        (GITHUB, "../a%20b (1)汉%23.md", f"write `{GITHUB}/blob/HEAD/a%20b%20%281%29%E6%B1%89%23.md`{MOVE}"),
        (GITHUB, "../docs/a%20b.md#c", "write `a%20b.md#c`"),
        (GITHUB, "../docs/../L", f"write `{GITHUB}/blob/HEAD/L`{MOVE}"),
        (GITHUB, "../docs", f"write `{GITHUB}/tree/HEAD/docs`"),
        (GITHUB, "../../x", "write its whole address"),
        (GITLAB, "../LICENSE", f"write `{GITLAB}/-/blob/HEAD/LICENSE`{MOVE}"),
        (f"{GITLAB}/-/tree/main", "!../x.png", f"write `{GITLAB}/-/raw/HEAD/x.png`{MOVE}"),
        (GITLAB, "../assets/", f"write `{GITLAB}/-/tree/HEAD/assets`"),
        ("https://codeberg.org/x/y", "../LICENSE", f"write its whole address{MOVE}"),
        ("https://github.com/x", "../LICENSE", f"write its whole address{MOVE}"),
        (None, "../LICENSE", f"write its whole address, such as `https://github.com/OWNER/REPOSITORY/blob/HEAD/LICENSE`{MOVE}"),
        (None, "!../x.png", f"write its whole address, such as `https://github.com/OWNER/REPOSITORY/raw/HEAD/x.png`{MOVE}"),
    ],
)  # fmt: skip
def test_the_advice(tmp_path: Path, repo_url: str | None, link: str, advice: str) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "docs").mkdir()
    url = link.removeprefix("!")
    repository = Repository(tmp_path, "docs", repo_url)
    assert repository.instead(OutsideLink(1, 1, url, url != link), "index.md") == advice


def test_the_advice_for_a_page_in_a_folder() -> None:
    repository = Repository(Path("/nowhere"), "site/docs", GITHUB)
    assert repository.instead(OutsideLink(1, 1, "../../../L"), "a/b.md") == f"write `{GITHUB}/blob/HEAD/L`{MOVE}"
    assert repository.instead(OutsideLink(1, 1, "../../docs/c.md"), "a/b.md") == "write `../c.md`"


def test_the_repository_is_the_folder_with_git(tmp_path: Path) -> None:
    docs = tmp_path / "a" / "b" / "docs"
    docs.mkdir(parents=True)
    assert Repository.around(docs, docs.parent, "") == Repository(docs.parent, "docs", None)
    assert Repository.around(docs, tmp_path / "other", None) == Repository(docs.parent, "docs")
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere\n")
    assert Repository.around(docs, docs.parent, GITHUB) == Repository(tmp_path / "a", "b/docs", GITHUB)
    (docs / ".git").mkdir()
    assert Repository.around(docs, docs.parent, None) == Repository(docs, "")


def lines(output: str) -> list[str]:
    return [line.partition("paperdigest: ")[2] for line in output.splitlines() if "PD404" in line]


def test_a_build_says_what_to_write_instead(build: Builder, tmp_path: Path) -> None:
    long = f"../{'a-long-' * 20}name.md"
    write(tmp_path / "project", {"LICENSE": "MIT", ".git/HEAD": "", "x.png": "", long[3:]: ""})
    docs = {
        "index.md": "---\ntitle: T\n---\n# Hi\n\nMay be used as the [license](../LICENSE) says.\n",
        "202405.md": PAPER.replace("https://example.org/a.png", "../x.png"),
        "long.md": f"[x]({long})\n",
        "plain.md": "[x](202405.md) <a href='../202405/'>x</a> `../LICENSE`\n",
        "own.md": "---\npaperdigest: false\n---\n[x](../LICENSE)\n",
    }
    built = build(docs, arguments=(), repo_url=GITHUB)
    middle = "leaves the docs folder, so it leads nowhere on the site: write"
    assert lines(built.output) == [
        f"index.md:6:30: PD404 the link to `../LICENSE` {middle} `{GITHUB}/blob/HEAD/LICENSE`{MOVE}",
        f"202405.md:11:11: PD404 the link to `../x.png` {middle} `{GITHUB}/raw/HEAD/x.png`{MOVE}",
        f"long.md:1:5: PD404 the link to `{long[:79]}…` {middle} `{GITHUB}/blob/HEAD/{long[3:]}`{MOVE}",
    ]
    assert "WARNING -  paperdigest: index.md:6:30: PD404" in built.output
    raw = {"index.md": "<a href='../LICENSE'>x</a> <a href='../NOTICE'>x</a>\n"}
    strict = build(raw, folder="strict", status=1)
    assert lines(strict.output)[0].startswith("index.md:1:10: PD404 the link to `../LICENSE`")
    assert lines(strict.output)[0].endswith(f"{MOVE} (and 1 more in this file)")


def test_links_that_work_on_the_site_are_left_alone(build: Builder, tmp_path: Path) -> None:
    hook = (
        "from mkdocs.structure.files import File\n"
        "def on_files(files, config):\n"
        "    file = File.generated(config, 'put.md', content='# Put')\n"
        "    file.src_uri = '../LICENSE.md'\n"
        "    files.append(file)\n"
    )
    write(tmp_path / "project", {"hook.py": hook, "LICENSE.md": "MIT", "keypoints/x": "", "img/x.png": ""})
    docs = {
        "202405.md": PAPER + "\n<p><img src='../img/x.png'><a href='../keypoints/'>x</a></p>\n",
        "index.md": "[x](../LICENSE.md)\n",
        "about.md": "<a href='../feed.xml'>x</a> <img src='../img/x.png'> <a href='../about/#x'>x</a>\n",
        "img/x.png": b"\x89PNG",
    }
    assert "PD404" not in build(docs, hooks=["hook.py"]).output


def test_what_is_left_out_is_not_looked_at(build: Builder, tmp_path: Path) -> None:
    write(tmp_path, {"project/x": "", "excluded/x": ""})
    docs = {"index.md": "# Hi\n", "out/a.md": "<a href='../../x'>x</a>\n"}
    assert "PD404" in build(docs, arguments=()).output
    assert "PD404" not in build(docs, {"exclude": ["out"]}, folder="excluded").output


def test_a_site_that_ignores_dead_links_hears_nothing(build: Builder) -> None:
    docs = {"index.md": "# A\n\n[l](../LICENSE)\n"}
    built = build(docs, validation={"links": {"not_found": "ignore"}})
    assert "PD404" not in built.output
