"""`papers.json` as scripts rely on it: its schema, which only grows, the guide, which says the same, and the records in Python."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import PAPER, ROOT, TWO_MONTHS, Build, make_builder, write

from mkdocs_paperdigest import SiteData, read_folder
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.exports.papers_csv import columns
from mkdocs_paperdigest.exports.papers_json import papers_schema

GUIDE = ROOT / "example_site" / "docs" / "guide"
SCHEMA = papers_schema()

RELEASED = """\
schema                      integer        always
papers                      array          always
papers.id                   string         always
papers.title                string         always
papers.month                null string    always
papers.date                 null string    always
papers.category             null string    always
papers.keypoints            array null     always
papers.keypoints[].written  string         always
papers.keypoints[].label    string         always
papers.keypoints[].slug     string         always
papers.fields               array          always
papers.fields[].name        string         always
papers.fields[].label       string         always
papers.fields[].text        string         always
papers.links                array          always
papers.links[].kind         string         always
papers.links[].url          string         always
papers.links[].site         string         sometimes
papers.links[].id           string         sometimes
papers.authors              array          always
papers.authors[]            string         always
papers.venue                null string    always
papers.same_as              null string    always
papers.figures              array          always
papers.figures[].src        string         always
papers.figures[].alt        string         always
papers.details              boolean        always
papers.source               object         always
papers.source.path          string         always
papers.source.line          integer        always
papers.url                  string         always
keypoints                   array          always
keypoints.slug              string         always
keypoints.label             string         always
keypoints.written           array          always
keypoints.written[]         string         always
keypoints.count             integer        always
keypoints.months            object         always
keypoints.months.*          integer        always
keypoints.url               null string    always
keypoints.parent            string         sometimes
"""
"""The fields that scripts may rely on, with their types. Lines are only ever added."""

KINDS = ("arxiv", "doi", "code", "project", "pdf", "other")
TYPES = {
    "string": "text",
    "array": "list",
    "integer": "number",
    "boolean": "true or false",
    "object": "object",
    "null string": "text or null",
    "array null": "list or null",
}
"""Types as the guide calls them."""


# --- the schema


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema, what it refers to put in."""
    name = node.get("$ref", "").removeprefix("#/$defs/")
    return {**SCHEMA["$defs"][name], **node} if name else node


def types(node: dict[str, Any]) -> set[str]:
    node = resolved(node)
    if "anyOf" in node:
        return set().union(*map(types, node["anyOf"]))
    if values := node.get("enum", [node["const"]] if "const" in node else None):
        return {{str: "string", int: "integer"}[type(value)] for value in values}
    found = node["type"]
    return {found} if isinstance(found, str) else set(found)


def fields(node: dict[str, Any], name: str = "") -> Iterator[tuple[str, str, str]]:
    """Every field below a part of the schema: its name, its types, and whether it is always there."""
    for part in (node, *map(resolved, node.get("anyOf", ()))):
        for key, value in part.get("properties", {}).items():
            own = f"{name}.{key}".removeprefix(".")
            yield own, " ".join(sorted(types(value))), "always" if key in part.get("required", ()) else "sometimes"
            yield from fields(resolved(value), own)
        if "items" in part:
            own = name if name in ("papers", "keypoints") else f"{name}[]"  # these have tables of their own
            if types(part["items"]) != {"object"}:
                yield own, " ".join(sorted(types(part["items"]))), "always"
            yield from fields(resolved(part["items"]), own)
        if isinstance(part.get("additionalProperties"), dict):
            yield f"{name}.*", " ".join(sorted(types(part["additionalProperties"]))), "always"


FIELDS = {name: (kinds, needed) for name, kinds, needed in fields(SCHEMA)}


def test_the_schema_only_grows() -> None:
    """If this fails, a script of somebody breaks. A new field is a new line of `RELEASED`."""
    released = {name: (kinds, needed) for name, kinds, needed in re.findall(r"^(\S+) +(.+?) +(\w+)$", RELEASED, re.M)}
    assert len(released) == RELEASED.count("\n")
    assert {name: FIELDS.get(name) for name in released} == released
    assert set(FIELDS) == set(released), "name the new field in RELEASED"
    assert SCHEMA["properties"]["schema"]["const"] == 1
    link = SCHEMA["$defs"]["paper"]["properties"]["links"]["items"]["properties"]
    assert set(KINDS) <= set(link["kind"]["enum"])


def test_no_object_is_closed() -> None:
    """A file with a field of a later version is valid by the schema of this one."""
    text = json.dumps(SCHEMA)
    assert "unevaluatedProperties" not in text
    assert '"additionalProperties": false' not in text


def test_the_schema_describes_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    undescribed = []

    def walk(node: dict[str, Any]) -> None:
        for key, value in node.get("properties", {}).items():
            if not str(value.get("description", "")).endswith((".", "….")):
                undescribed.append(key)
            walk(value)
        for part in (node.get("items"), *node.get("anyOf", ())):
            if isinstance(part, dict):
                walk(part)

    for node in (SCHEMA, *SCHEMA["$defs"].values()):
        walk(node)
    assert undescribed == []


# --- the guide


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table below a heading of `data.md`."""
    text = (GUIDE / "data.md").read_text(encoding="utf-8")
    part = re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in part.splitlines() if line[:1] == "|"
    ]
    assert rows, heading
    return rows[2:]


@pytest.mark.parametrize(("heading", "before"), [("Papers", "papers."), ("Keypoints", "keypoints.")])
def test_the_guide_has_every_field(heading: str, before: str) -> None:
    written = {name.strip("`"): kind for name, kind, _ in table(heading)}
    wanted = {
        name.removeprefix(before): TYPES[kinds]
        for name, (kinds, _) in FIELDS.items()
        if name.startswith(before) and not name.endswith(("[]", ".*"))
    }
    assert written == wanted
    for name, _, meaning in table(heading):
        sometimes = FIELDS[before + name.strip("`")][1] == "sometimes"
        assert ("the key is only there if" in meaning) == sometimes, name


def test_the_guide_has_every_column() -> None:
    named = [name for row in table("The columns of the table") for name in re.findall(r"`(\w+)`", row[0])]
    own = [name for name in columns() if not name.startswith("field_")]
    assert sorted(name for name in named if not name.startswith("field_")) == sorted(own)
    assert {name for name in named if name.startswith("field_")} < set(columns())


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The two digests of Getting started, as they are when its reader comes to other pages."""
    text = (GUIDE / "start.md").read_text(encoding="utf-8")
    digests = dict(re.findall(r"^`docs/(\d+\.md)`:\n\n```markdown\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert len(digests) == 2
    write(tmp_path / "docs", digests)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(page: str, folder: Path) -> list[tuple[str, str]]:
    """What each example in Python of a page prints, and what the page says that it prints; all run in one session."""
    text = (GUIDE / page).read_text(encoding="utf-8")
    (folder / "site").mkdir()
    assert main(["export", "--output", "site/papers.json"]) == 0
    assert main(["export", "--format", "csv", "--output", "papers.csv"]) == 0
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    session: dict[str, Any] = {}
    found = []
    for number, (kind, code) in enumerate(blocks):
        if kind == "python":
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(code, f"{page}, example {number}", "exec"), session)
            following = blocks[number + 1 : number + 2]
            found.append((said.getvalue(), following[0][1] if said.getvalue() and following else ""))
    return found


@pytest.mark.parametrize(("page", "count"), [("data.md", 5), ("python.md", 6)])
def test_the_examples_of_the_guide_run(page: str, count: int, started: Path) -> None:
    if page == "data.md":
        pytest.importorskip("pandas")
    results = ran(page, started)
    assert len(results) >= count
    for printed, said in results:
        assert re.sub(" +$", "", printed, flags=re.MULTILINE) == said


def test_the_guide_shows_what_the_command_prints(started: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (GUIDE / "command.md").read_text(encoding="utf-8").partition("## paperdigest export")[2]
    session = text.partition("```text\n")[2].partition("```")[0]
    runs = re.findall(r"^\$ paperdigest (.*)\n((?:(?!\$).*\n)+)", session, re.MULTILINE)
    assert len(runs) == 2
    for arguments, said in runs:
        assert main(shlex.split(arguments)) == 0
        assert "".join(capsys.readouterr()) == said


def test_three_lines_make_a_data_frame_of_the_records(site: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(site.site.parent)
    text = (GUIDE / "data.md").read_text(encoding="utf-8").partition("## Python and pandas")[2]
    lines = text.partition("```python\n")[2].partition("```")[0]
    assert len([line for line in lines.splitlines() if line]) == 3
    session: dict[str, Any] = {}
    exec(lines, session)
    frame = session["papers"]
    records = json.loads(site.read("papers.json"))["papers"]
    assert len(records) == 5
    assert frame.astype(object).where(frame.notna(), None).to_dict("records") == records
    assert set(frame.columns) == set(records[0])


# --- the records in Python


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A site with keypoints.yml, a former address, and a paper that stands twice."""
    folder = tmp_path_factory.mktemp("data")
    lock = "papers:\n  202405/a-second-paper: [202405/its-old-title]\n"
    write(folder / "project", {"keypoints.yml": "world-model:\n  label: WM\n", "paperdigest.lock": lock})
    again = "### Again\n[paper](http://arxiv.org/pdf/2405.00001v3)\n- `Keypoints:` Later;\n"
    docs: dict[str, str | bytes] = {**TWO_MONTHS, "more/202407.md": again}
    docs["202406.md"] = TWO_MONTHS["202406.md"].replace("2405.00001", "2406.00002")
    return make_builder(folder)(docs, {}, (), markdown_extensions=["attr_list"])


def test_a_built_file_is_as_its_schema_says(site: Build) -> None:
    data = json.loads(site.read("papers.json"))
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    validator.validate(data)
    assert set(data["papers"][0]) == {
        name.split(".")[1] for name in FIELDS if re.fullmatch(r"papers\.\w+", name)
    }  # all of which it has, and no more
    for change in ({"id": 5}, {"keypoints": "a"}, {"links": [{"kind": "arxiv"}]}, {"month": "May"}):
        assert not validator.is_valid({**data, "papers": [{**data["papers"][0], **change}]})
    assert validator.is_valid({**data, "papers": [{**data["papers"][0], "later": True}]})


def test_a_later_record_names_the_first(site: Build) -> None:
    data = json.loads(site.read("papers.json"))
    same = {paper["id"]: paper["same_as"] for paper in data["papers"]}
    assert {id_: first for id_, first in same.items() if first} == {
        "more/202407/again": "202405/a-first-paper-on-things",
    }
    counts = {keypoint["slug"]: keypoint["count"] for keypoint in data["keypoints"]}
    assert counts == {"world-model": 4, "camera-control": 2, "c++": 2, "later": 0}


@pytest.mark.parametrize("place", [".", "docs", "docs/.", "docs/../docs", "mkdocs.yml/.."])
def test_a_folder_gives_the_records_of_its_site(place: str, site: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.site.parent)
    data = json.loads(site.read("papers.json"))
    found = read_folder(place) if "yml" not in place else read_folder(site.site.parent)
    assert found.records() == data["papers"]
    assert found.keypoint_records() == data["keypoints"]
    assert found.papers_json() == data
    assert found.json_bytes() == (site.site / "papers.json").read_bytes()
    assert [paper.title for paper in found.papers].count("Again") == 0
    assert found.keypoints[0].slug == "world-model"
    assert "202405/its-old-title" in {record["id"] for record in found.records()}


def test_a_folder_in_the_docs_gives_the_papers_in_it(site: Build) -> None:
    data = json.loads(site.read("papers.json"))
    found = read_folder(str(site.site.parent / "docs" / "more"))
    assert found.records() == [paper for paper in data["papers"] if paper["source"]["path"].startswith("more/")]
    assert [(item["slug"], item["count"]) for item in found.keypoint_records()] == [("later", 0)]
    assert [paper.title for paper in found.papers] == ["A First Paper: On Things"]


def test_a_folder_needs_no_settings(tmp_path: Path) -> None:
    write(tmp_path, {**TWO_MONTHS, "in/202401.md": PAPER, "keypoints.yml": "world-model:\n  label: WM\n"})
    found = read_folder(tmp_path)
    assert [record["url"] for record in found.records()][-1] == "in/202401/#a-second-paper"
    assert len(found.records()) == 6
    assert found.keypoints[0].label == "WM"


def test_it_works_without_mkdocs_and_pandas(tmp_path: Path) -> None:
    write(tmp_path, {"docs/202405.md": PAPER, "mkdocs.yml": "site_name: T\n"})
    code = (
        "import sys; sys.modules['mkdocs'] = sys.modules['pandas'] = None\n"
        "from mkdocs_paperdigest import read_folder\n"
        "print(len(read_folder('docs').records()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("2\n", "")


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    write(tmp_path, {"202405.md": PAPER, "site/mkdocs.yml": "site_name: T\ndocs_dir: notes\n"})
    with pytest.raises(FileNotFoundError, match=r"there is no folder.*nowhere"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(NotADirectoryError, match=re.escape("202405.md")):
        read_folder(tmp_path / "202405.md")
    with pytest.raises(FileNotFoundError, match=r"names a folder of pages that is not there.*notes"):
        read_folder(tmp_path / "site")


def test_what_could_not_be_used_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path, {"docs/202405.md": PAPER, "mkdocs.yml": "plugins: [paperdigest: {labels: 5}]\n"})
    os.symlink("nothing.md", tmp_path / "docs" / "202406.md")
    with pytest.warns(UserWarning, match=r"was ignored|could not be read") as said:
        found = read_folder(tmp_path)
    assert [str(item.message).rpartition("/")[2] for item in said][1:] == ["202406.md could not be read"]
    assert "`labels` in mkdocs.yml was ignored" in str(said[0].message)
    assert {item.filename for item in said} == {__file__}
    assert isinstance(found, SiteData)
    assert (len(found.papers), found.unreadable) == (2, ("202406.md",))
