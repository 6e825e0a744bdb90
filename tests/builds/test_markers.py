"""Markers: comments that put lists in any page; which papers they choose, and what is said of wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import TWO_MONTHS, Builder, article, texts
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.library.index import Library
from mkdocs_paperdigest.library.selection import named_in, selected
from mkdocs_paperdigest.reader.markers import Marker, MarkerError, read_marker

NAMES = ["C++", "World Model", "汉字", "R&D"]
CATEGORIES = ["Vision", "Robots & Arms"]


def library_of(papers: list[tuple[str, str, list[str]]]) -> Library:
    """A library of papers, each a month, a category and keypoints."""
    months: dict[str, str] = {}
    for number, (month, category, names) in enumerate(papers):
        line = f"- `Keypoints:` {'; '.join(names)}\n" if names else ""
        months[month] = (
            months.get(month, f"# {month}\n")
            + f"\n## {category}\n\n### Paper {number} [[paper](https://arxiv.org/abs/2405.{number:05})]\n{line}- `Objective:` x\n"
        )
    return build_library(read_digest(text, f"{month.replace('-', '')}.md")[0] for month, text in months.items())


PAPERS = st.lists(
    st.tuples(
        st.sampled_from(["2024-04", "2024-05", "2024-07"]),
        st.sampled_from(CATEGORIES),
        st.lists(st.sampled_from(NAMES), unique=True, max_size=3),
    ),
    min_size=1,
    max_size=12,
)


@given(
    PAPERS,
    st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
    st.sampled_from(["", *CATEGORIES]),
    st.sampled_from(["", "2024-05", "2024-05.."]),
)
def test_a_marker_chooses_the_papers_that_have_all_that_it_names(
    papers: list[tuple[str, str, list[str]]], names: list[str], category: str, month: str
) -> None:
    library = library_of(papers)
    words = [
        *(f'keypoint="{name}"' for name in names),
        f'category="{category}"' if category else "",
        f"month={month}" if month else "",
    ]
    marker = read_marker(" ".join(["papers", *filter(None, words)]))
    wanted = {
        f"Paper {number}"
        for number, (own, filed, named) in enumerate(papers)
        if set(names) <= set(named)
        and category in ("", filed)
        and (not month or (own == "2024-05" if month == "2024-05" else own >= "2024-05"))
    }
    try:
        found = selected(library, marker)
    except MarkerError:
        assert not wanted
        return
    assert {paper.title for paper in found} == wanted
    assert [paper.month for paper in found] == sorted((paper.month for paper in found), reverse=True)
    named = [name for number, (*_, own) in enumerate(papers) if f"Paper {number}" in wanted for name in own]
    assert {library.by_slug[slug].label: n for slug, n in named_in(library, found).items()} == {
        name: named.count(name) for name in named
    }


def test_a_comment_that_speaks_of_the_plugin_is_no_marker(build: Builder) -> None:
    said = "<!-- paperdigest papers are listed below -->\n<!-- paperdigest -->\n<!-- paperdigestrecent -->\n"
    site = build({**TWO_MONTHS, "here.md": f"# Here\n\n{said}\n`<!-- paperdigest recent -->`\n"}).site
    page = (site / "here/index.html").read_text(encoding="utf-8")
    assert all(line in page for line in said.splitlines())


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("papers", Marker("papers", 0, "new")),
        ("recent", Marker("recent", 10)),
        ("papers keypoint=a keypoint='b c'", None),
        ('papers keypoint=a keypoint="b c" sort=title', Marker("papers", 0, "title", ("a", "b c"))),
        ("months month=2024-05", Marker("months", 0, "", (), "", "2024-05", "2024-05")),
        ("trends month=2024-05..2025-01 limit=3", Marker("trends", 3, "", (), "", "2024-05", "2025-01")),
        ("trends month=..2025-01", Marker("trends", 4, "", (), "", "", "2025-01")),
        ("trends keypoint=a", Marker("trends", 0, "", ("a",))),
        ("trends keypoint=a keypoint=b limit=1", Marker("trends", 1, "", ("a", "b"))),
        ("keypoints category=Vision month=2024-05..", Marker("keypoints", 0, "count", (), "Vision", "2024-05", "")),
        ("papers month=2024-13", None),
        ("papers month=2025-01..2024-01", None),
        ("papers month=..", None),
        ("papers month=2024-01..2024-02..2024-03", None),
        ("papers category=a category=b", None),
        ('papers keypoint=""', None),
        ("months sort=name", None),
        ("trend", None),
        ("", None),
    ],
)
def test_markers_are_read(text: str, marker: Marker | None) -> None:
    if marker is None:
        with pytest.raises(MarkerError):
            read_marker(text)
    else:
        assert read_marker(text) == marker


@given(st.text())
def test_any_marker_is_read_or_refused(text: str) -> None:
    with suppress(MarkerError):
        assert read_marker(text).name in ("recent", "papers", "keypoints", "trends", "months")


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("new", ["A Third Paper: On Things", "A Second Paper", "A First Paper: On Things", "A Second Paper"]),
        ("old", ["A Second Paper", "A First Paper: On Things", "A Second Paper", "A Third Paper: On Things"]),
        ("title", ["A First Paper: On Things", "A Second Paper", "A Second Paper", "A Third Paper: On Things"]),
    ],
)
def test_a_list_of_papers_has_an_order(build: Builder, sort: str, titles: list[str]) -> None:
    built = build({**TWO_MONTHS, "here.md": f"# Here\n\n<!-- paperdigest:papers sort={sort} -->\n"})
    assert texts(article(built.read("here/index.html")), ".pd-entry .pd-title") == titles


def test_lists_of_one_keypoint_category_and_month(build: Builder) -> None:
    page = (
        "# Here\n\n"
        '<!-- paperdigest:papers keypoint="c++" month=2024-05 -->\n\n'
        "<!-- paperdigest:keypoints keypoint=camera-control -->\n\n"
        '<!-- paperdigest:months category="world models" -->\n\n'
        '<!-- paperdigest:trends keypoint="World Model" -->\n'
    )
    here = article(build({**TWO_MONTHS, "here.md": page}).read("here/index.html"))
    assert texts(here, ".pd-entry .pd-title") == ["A Second Paper", "June 2024", "May 2024"]
    assert texts(here, ".pd-index > li")[:2] == ["world model 2", "Camera Control 2"]
    assert here.css("svg")
    assert [node.attributes["id"] for node in here.css("[id]") if node.attributes["id"] != "here"] == []


def test_a_digest_may_hold_markers_too(build: Builder) -> None:
    docs = {
        **TWO_MONTHS,
        "202405.md": TWO_MONTHS["202405.md"].replace(
            "Papers of May", "<!-- paperdigest:recent limit=1 -->\n\nPapers of May"
        ),
    }
    digest = article(build(docs).read("202405/index.html"))
    assert texts(digest, ".pd-entry .pd-title") == ["A Third Paper: On Things"]
    assert len(digest.css(".pd-paper .pd-permalink")) == 2


@pytest.mark.parametrize(
    ("marker", "fault"),
    [
        ('papers keypoint="no such"', "there is no keypoint `no such`"),
        ("months category=Cooking", "there is no category `Cooking`"),
        ("trends month=2031-01", "no paper is so"),
        ("papers month=May", "`month` takes a month such as"),
        ("papers keypoint=", "`papers` takes `limit=…`"),
        (" recent", "a colon stands behind `paperdigest`, with no space before it"),
        (" months month=2024-05", "a colon stands behind `paperdigest`, with no space before it"),
    ],
)
def test_a_marker_that_asks_for_nothing_is_a_finding_of_the_build_and_of_lint(
    build: Builder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    marker: str,
    fault: str,
) -> None:
    colon = "" if marker[0] == " " else ":"
    docs = {**TWO_MONTHS, "here.md": f"# Here: {marker}\n\n<!-- paperdigest{colon}{marker} -->\n"}
    built = build(docs, arguments=())
    place = f"here.md:3:18: PD403 the marker `{marker.strip()}` shows nothing: {fault}"
    assert place in built.output
    assert build(docs, status=1).status == 1  # `--strict`
    monkeypatch.chdir(tmp_path / "project")
    main(["lint"])
    assert place in re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)


def test_trends_show_keypoints_that_no_paper_names_together(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "# 202407\n\n### Other\n- `Keypoints:` Bells;\n"
    marker = '<!-- paperdigest:trends keypoint=Bells keypoint="World Model" -->'
    page = article(
        build({**TWO_MONTHS, "202407.md": other, "here.md": f"# Here\n\n{marker}\n"}).read("here/index.html")
    )
    assert texts(page, ".pd-trends figcaption") == ["Bells", "world model"]
    monkeypatch.chdir(tmp_path / "project")
    assert main(["lint", "--select", "PD403"]) == 0


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ('keypoint=Bells keypoint="World Model" limit=1', ["Bells"]),
        ('keypoint="World Model" keypoint=Bells limit=1', ["World Model"]),
        ("limit=1", ["World Model"]),
        ("", ["World Model", "Bells", "K10", "K11"]),
        ("limit=0", ["World Model", "Bells", *(f"K{n}" for n in range(10, 28))]),
        (" ".join(f"keypoint=K{n}" for n in range(34, 10, -1)), [f"K{n}" for n in range(34, 14, -1)]),
    ],
)
def test_trends_show_as_many_keypoints_as_asked_for(build: Builder, words: str, names: list[str]) -> None:
    many = "".join(f"### Paper {n}\n- `Keypoints:` World Model; K{n}\n\n" for n in range(10, 35))
    docs = {"202407.md": f"# 202407\n\n{many}### Other\n- `Keypoints:` Bells;\n"}
    docs["here.md"] = f"# Here\n\n<!-- paperdigest:trends {words} -->\n"
    page = article(build(docs).read("here/index.html"))
    assert texts(page, ".pd-trends figcaption") == names


@given(
    *[st.sampled_from(["", "2024-05", "2024-07"])] * 2,
    st.sampled_from([None, "2024-04", "2024-05", "2024-06", "2024-08"]),
)
def test_the_months_that_a_marker_holds(first: str, last: str, month: str | None) -> None:
    held = Marker("papers", 0, first=first, last=last).holds(month)
    if month is None:
        assert held == (not first and not last)
    else:
        assert held == ((not first or month >= first) and (not last or month <= last))


def test_on_github_a_marker_is_only_a_comment() -> None:
    cmarkgfm: Callable[[str], str] = pytest.importorskip("cmarkgfm").github_flavored_markdown_to_html
    for name in ("papers", "trends", "months", "recent", "keypoints"):
        html = cmarkgfm(f'text\n\n<!-- paperdigest:{name} keypoint="a b" month=2024-05 -->\n\nmore\n')
        assert re.sub(r"<!--.*?-->", "", html).split() == ["<p>text</p>", "<p>more</p>"]
