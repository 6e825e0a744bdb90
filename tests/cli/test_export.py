"""`paperdigest export`: the files of the site, made without building it, and a table that comes back from CSV."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from conftest import PAPER, TWO_MONTHS, Build, make_builder, write
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.structure.files import File

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.collection import KINDS
from mkdocs_paperdigest.collection.settings import site_options
from mkdocs_paperdigest.collection.site_files import PageAddresses
from mkdocs_paperdigest.exports.papers_csv import columns, guarded, papers_csv, unguarded
from mkdocs_paperdigest.exports.papers_json import paper_records
from mkdocs_paperdigest.reader.labels import LabelVocabulary
from mkdocs_paperdigest.records.paper import Digest, Field, Link, Paper, Section

pytestmark = pytest.mark.pythons

Out = pytest.CaptureFixture[bytes]

PAGES: dict[str, str | bytes] = {
    **TWO_MONTHS,
    "index.md": "# Home\n",
    "2024/README.md": "# 202407\n\n### Left Out for the Index\n- `Keypoints:` Never;\n",
    "2024/index.md": "# 202407\n\n### On the Page of a Folder\n- `Keypoints:` Gudiance;\n- `Themes:` loops\n",
    "zwei/README.md": "# 202408\n\n### On a README\n- `Keypoints:` Guidance;\n",
    "mit Leer%20zeichen/夏 2024-09.markdown": "### 夏の論文\n- `Keypoints:` 世界モデル; C++;\n- `Objective:` =SUM(A1)\n",
    "drafts/202409.md": "### A Draft\n- `Keypoints:` Never;\n",
    "hidden/202409.md": "### Hidden\n- `Keypoints:` Never;\n",
    "keypoints/guidance.md": "# A page of my own in the place of another\n",
    "again.md": "# 202410\n\n### A First Paper, Again\n[paper](https://arxiv.org/abs/2405.00001v2)\n- `Keypoints:` Later Only;\n",
    "off.md": "---\npaperdigest: false\n---\n### Off\n- `Keypoints:` Never;\n",
}
KEYPOINTS = (
    "guidance:\n  aliases: [Gudiance]\n  parent: Control\ncontrol:\n  label: Control!\nworld-model:\n  label: WM\n"
)
LOCK = "paperdigest: 1\n"
SETTINGS: dict[str, Any] = {
    "site_url": "https://example.org/papers/",
    "draft_docs": "drafts/\n",
    "exclude_docs": "hidden/\n",
}
SITES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "directory-urls": ({"labels": {"theme": ["Themes"]}}, {}),
    "file-urls": ({"keypoint_fields": ["keypoints", "category"], "acronyms": "merge"}, {"use_directory_urls": False}),
    "moved": ({"keypoint_pages": "tags/./each", "papers_json": "data/all.json"}, {"plugins": ["search", "offline"]}),
    "without-pages": ({"keypoint_pages": False, "include": ["20*", "2024/*"], "exclude": ["202406.md"]}, {}),
    "whole-repository": ({"docs_dir": "."}, {"exclude_docs": "hidden/\nCHANGELOG.md\n"}),
}


@pytest.fixture(scope="module", params=SITES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A site of awkward pages, built once for each way to place them."""
    folder = tmp_path_factory.mktemp(request.param)
    plugin, config = SITES[request.param]
    write(folder / "project", {"keypoints.yml": KEYPOINTS, "README.md": "# Us\n", "CHANGELOG.md": PAPER})
    return make_builder(folder)(PAGES, plugin, (), **{**SETTINGS, **config})


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("json", ("papers.json", "data/all.json")),
        ("bibtex", ("papers.bib",)),
        ("csl", ("papers.csl.json",)),
    ],
)
def test_an_export_is_the_file_of_the_site(
    built: Build, form: str, names: tuple[str, ...], tmp_path: Path, capfdbinary: Out
) -> None:
    made = next(built.site / name for name in names if (built.site / name).is_file()).read_bytes()
    assert made.count(b"\n") > 3
    project = built.site.parent
    assert main(["export", str(project), "--format", form]) == 0
    assert capfdbinary.readouterr().out == made
    file = tmp_path / "out"
    assert main(["export", "--format", form, "--output", str(file), str(project / "mkdocs.yml")]) == 0
    assert file.read_bytes() == made
    said = capfdbinary.readouterr()
    assert (said.out, said.err.count(b"\n")) == (b"", 1)


def test_what_the_site_leaves_out_is_left_out(built: Build, capfdbinary: Out) -> None:
    assert main(["export", str(built.site.parent)]) == 0
    data = json.loads(capfdbinary.readouterr().out)
    assert "Never" not in {keypoint["label"] for keypoint in data["keypoints"]}
    assert {"A Second Paper", "On the Page of a Folder"} <= {paper["title"] for paper in data["papers"]}


# --- addresses and settings


@pytest.mark.parametrize("directory_urls", [True, False])
@given(
    path=st.lists(st.sampled_from(["a", "index", "README", "readme", "index.html", "b c", "夏%20", "v1.2"]), min_size=1)
    .map("/".join)
    .flatmap(lambda stem: st.sampled_from([".md", ".markdown", ".mkd", ".MD", ".html", ".png", ""]).map(stem.__add__))
)
def test_addresses_are_those_of_mkdocs(path: str, directory_urls: bool) -> None:
    file = File(path, "docs", "site", directory_urls)
    own = PageAddresses(directory_urls)
    assert own.file(path) == file.dest_uri
    assert own.url(path) == unquote("" if file.url == "./" else file.url)


@pytest.mark.parametrize("value", [None, True, False, "tags", "./tags//each/", "tags/../x.md", "x.md"])
def test_places_are_read_as_a_build_reads_them(value: object, tmp_path: Path) -> None:
    settings = {"site_name": "T", "plugins": [{"paperdigest": dict.fromkeys(NAMES, value)}]}
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    options = site_options(tmp_path)
    for name in NAMES:
        if not isinstance(value, str) or re.match(KINDS[name].schema["pattern"], value):
            assert getattr(options, name) == KINDS[name].read(value), name


NAMES = ("keypoint_index", "keypoint_pages", "explorer", "trends", "months")
assert all("patternErrorMessage" in KINDS[name].schema for name in NAMES)


@pytest.mark.parametrize(
    ("settings", "directory_urls"),
    [
        ("", True),
        ("use_directory_urls: true", True),
        ("use_directory_urls: false", False),
        ("plugins: [offline]", False),
        ("plugins: {material/offline: }", False),
        ("plugins: [offline: {enabled: false}]", True),
        ("plugins: [offline: {enabled: !ENV [OFFLINE, false]}]", True),
    ],
)
def test_whether_pages_are_folders(settings: str, directory_urls: bool, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"site_name: T\nsite_url: https://a.example/\n{settings}\n", encoding="utf-8")
    options = site_options(tmp_path)
    assert options.use_directory_urls is directory_urls
    assert (options.site_name, options.site_url, options.ignored) == ("T", "https://a.example/", ())


def test_switches_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins: [paperdigest: {feeds: false, citations: maybe}]\n", encoding="utf-8")
    options = site_options(tmp_path)
    assert (options.feeds, options.citations) == (False, True)
    assert len(options.ignored) == 1


# --- choosing papers


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The docs of a site that is not built."""
    place = tmp_path_factory.mktemp("site")
    write(
        place, {"mkdocs.yml": "site_name: T\nexclude_docs: hidden/\ndraft_docs: drafts/\n", "keypoints.yml": KEYPOINTS}
    )
    write(place / "docs", PAGES)
    return place / "docs"


@pytest.fixture
def exported(folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Out) -> Callable[..., Any]:
    monkeypatch.chdir(folder)

    def run(*arguments: str, status: int = 0) -> Any:
        assert main(["export", *arguments]) == status
        out, err = capfdbinary.readouterr()
        return json.loads(out) if status == 0 and "--format" not in arguments else (out.decode(), err.decode())

    return run


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["--keypoint", "gudiance"], {"On a README", "On the Page of a Folder"}),
        (["--keypoint", "World-Model", "--keypoint", "c++"], {"A Second Paper"}),
        (["--category", "WORLD MODELS", "--month", "2024-05"], {"A First Paper: On Things", "A Second Paper"}),
        (["--month", "2024-07..2024-08"], {"On the Page of a Folder", "On a README"}),
        (["--month", "2024-10.."], {"A First Paper, Again"}),
        (["2024"], {"On the Page of a Folder"}),
        (["--keypoint", "guidance", "zwei/README.md"], {"On a README"}),
    ],
)
def test_papers_can_be_chosen(exported: Callable[..., Any], arguments: list[str], titles: set[str]) -> None:
    data = exported(*arguments)
    assert {paper["title"] for paper in data["papers"]} == titles
    everything = exported()
    assert all(paper in everything["papers"] for paper in data["papers"])
    named = {badge["slug"] for paper in data["papers"] for badge in paper["keypoints"] or ()}
    assert [keypoint["slug"] for keypoint in data["keypoints"]] == sorted(named)
    labels = {keypoint["slug"]: keypoint["label"] for keypoint in everything["keypoints"]}
    for keypoint in data["keypoints"]:
        naming = [p for p in data["papers"] if keypoint["slug"] in {badge["slug"] for badge in p["keypoints"] or ()}]
        assert keypoint["count"] == sum(p["same_as"] is None for p in naming)
        assert set(keypoint["written"]) == {
            badge["written"] for p in naming for badge in p["keypoints"] if badge["slug"] == keypoint["slug"]
        }
        assert keypoint["label"] == labels[keypoint["slug"]]


def test_a_later_record_brings_its_paper(exported: Callable[..., Any]) -> None:
    data = exported("--month", "2024-10")
    first = next(p for p in exported()["papers"] if p["month"] == "2024-05" and "First" in p["title"])
    assert [paper["same_as"] for paper in data["papers"]] == [first["id"]]
    cited, _ = exported("--month", "2024-10", "--format", "csl")
    assert [item["title"] for item in json.loads(cited)] == ["A First Paper: On Things"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--keypoint", "Zebra"], 2, "there is no keypoint `Zebra`"),
        (["--category", "Zebra"], 2, "there is no category `Zebra`"),
        (["nowhere"], 2, "there is no file or folder nowhere"),
        (["--output", "no/such/folder"], 1, "No such file or directory: no/such/folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    exported: Callable[..., Any], arguments: list[str], status: int, said: str
) -> None:
    assert exported(*arguments, status=status) == ("", f"paperdigest: {said}\n")


@pytest.mark.parametrize("text", ["2024", "2024-13", "", "2024-06..2024-05"])
def test_a_month_that_is_none(exported: Callable[..., Any], text: str, capfdbinary: Out) -> None:
    with pytest.raises(SystemExit, match="2"):
        exported("--month", text)
    assert b"argument --month: takes " in capfdbinary.readouterr().err


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", '{"keypoints":[],\n"papers":[],\n"schema":1}\n'),
        ("csv", ",".join(columns()) + "\r\n"),
        ("bibtex", ""),
        ("csl", "[]\n"),
    ],
)
def test_no_paper_is_an_empty_file(exported: Callable[..., Any], form: str, text: str) -> None:
    assert exported("--month", "1999-01", "--format", form) == (text, "paperdigest: there are no such papers\n")


def test_the_encoding_of_the_terminal_changes_nothing(folder: Path) -> None:
    run = [sys.executable, "-m", "mkdocs_paperdigest", "export", "--format", "csv"]
    outputs = {
        subprocess.run(
            run, cwd=folder, env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, check=True
        ).stdout
        for encoding in ("ascii", "utf-16", "utf-8")
    }
    assert len(outputs) == 1
    assert "夏の論文".encode() in outputs.pop()


def test_a_file_that_cannot_be_read_is_a_failure(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Out
) -> None:
    write(tmp_path, {"202405.md": PAPER})
    (tmp_path / "202406.md").symlink_to("nothing.md")
    monkeypatch.chdir(tmp_path)
    assert main(["export"]) == 1
    out, err = capfdbinary.readouterr()
    assert len(json.loads(out)["papers"]) == 2
    assert err == b"paperdigest: 202406.md could not be read\n"


# --- CSV


def rows(content: bytes) -> list[dict[str, str]]:
    """What Python reads, with the signs before formulas taken away."""
    reader = csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True)
    return [{name: unguarded(cell) for name, cell in row.items()} for row in reader]


def test_a_row_per_record(folder: Path, exported: Callable[..., Any]) -> None:
    found, _ = exported("--format", "csv")
    data = exported()
    table = rows(found.encode())
    assert [row["id"] for row in table] == [paper["id"] for paper in data["papers"]]
    assert all(list(row) == columns() for row in table)
    first = next(row for row in table if row["title"] == "A First Paper: On Things" and row["month"] == "2024-05")
    assert {name: value for name, value in first.items() if value} == {
        "id": "202405/a-first-paper-on-things",
        "title": "A First Paper: On Things",
        "month": "2024-05",
        "category": "World Models",
        "keypoints": "WM; Camera Control",
        "keypoint_slugs": "world-model; camera-control",
        "field_objective": "Say what is wanted.",
        "field_method": "one step another step",
        "field_metric": "better by 3%",
        "arxiv": "2405.00001",
        "links": "https://arxiv.org/abs/2405.00001",
        "figures": "https://example.org/a.png",
        "details": "true",
        "path": "202405.md",
        "line": "8",
        "url": "202405.md#a-first-paper-on-things".replace(".md", "/"),
    }
    formula = next(line for line in found.splitlines() if "夏の論文" in line)
    assert ",'=SUM(A1)," in formula


texts = st.text(
    st.one_of(st.sampled_from("=+-@'\t\",;\r\n＝ ax夏"), st.characters(exclude_categories=("Cs",))), max_size=12
)


@given(texts)
@example("a;=1+1;b")
@example('Kelp; "=1+1;b')
@example("a\t @SUM(1)")
@example("\xa0=1+1")
def test_no_cell_is_a_formula_and_none_is_changed(text: str) -> None:
    """Nor where a spreadsheet lets cells begin behind semicolons, and trims them."""
    for cell in re.split(r"[;\t\r\n]", guarded(text)):
        assert not cell.lstrip('" \xa0').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "＝1", "  =1", 'x;=DDE("a";"b");y', "x\n=1", "=1\t=2"]
)
def test_what_spreadsheets_run_is_guarded(text: str) -> None:
    assert guarded(text).count("'") == text.count("'") + len(re.findall(r"(?:^|[;\t])\s*[=+\-@＝]", text, re.MULTILINE))


@pytest.mark.parametrize(
    "text", ["a - b", "x = 1", "3%", "|x|", "a, -1", "Ada; Lin", "\u200b=1", "\ufeff=1", "'", "a;b-c"]
)
def test_what_they_do_not_run_stays(text: str) -> None:
    assert guarded(text) == text


def test_a_guard_takes_no_long() -> None:
    start = time.process_time()
    for text in (
        ";" * 300_000,
        '"' * 300_000,
        "; " * 200_000,
        ";'" * 200_000,
        "\t" * 300_000,
        "'" * 300_000,
        ' "' * 200_000,
    ):
        assert unguarded(guarded(text)) == text
    assert time.process_time() - start < 5


def section(paper: Paper) -> Section:
    return Section(paper, 0, 1, paper.title, "", 0, (), ())


@given(
    st.lists(
        st.tuples(texts, texts, texts, st.none() | st.lists(texts, max_size=2)),
        min_size=1,
        max_size=4,
    )
)
def test_nothing_is_lost_in_csv(said: list[tuple[str, str, str, list[str] | None]]) -> None:
    papers = [
        Paper(
            title,
            f"{number}.md",
            1,
            2,
            f"a{number}",
            fields=(Field("method", "Method", text, 2),),
            links=(Link("other", f"https://example.org/{number}"),),
            keypoints=None if keypoints is None else tuple(filter(str.strip, keypoints)),
            venue=venue or None,
        )
        for number, (title, venue, text, keypoints) in enumerate(said)
    ]
    library = build_library(Digest(paper.path, (section(paper),)) for paper in papers)
    content = papers_csv(library, lambda path: path)
    assert content.decode().replace("\r\n", "").count('"') % 2 == 0
    for row, record in zip(rows(content), paper_records(library, lambda path: path), strict=True):
        assert (row["title"], row["venue"]) == (record["title"], record["venue"] or "")
        assert row["field_method"] == record["fields"][0]["text"]
        assert (
            row["keypoint_slugs"].split("; ")
            == list(dict.fromkeys(badge["slug"] for badge in record["keypoints"] or ()))
            or not record["keypoints"]
        )


def test_fields_of_the_site_are_columns() -> None:
    vocabulary = LabelVocabulary({"url": ["Themes"], "method": ["How"]})
    digest, _ = read_digest("### P\n- `Keypoints:` a\n- `Themes:` x\n- `How:` y\n", "202405.md", vocabulary)
    row = rows(papers_csv(build_library([digest]), lambda path: path, vocabulary))[0]
    assert (row["field_url"], row["url"], row["field_method"]) == ("x", "202405.md#p", "y")


def test_a_file_whose_name_no_page_can_have_is_left_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"202405.md": PAPER})
    try:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))).write_text(PAPER)
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    for form in ("json", "csv", "bibtex", "csl"):
        assert main(["export", str(tmp_path), "--format", form]) == 1
        out, err = capfd.readouterr()
        assert "A Second Paper" in out
        assert "caf\\udce9.md could not be read" in err
