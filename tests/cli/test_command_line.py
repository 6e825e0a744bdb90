"""The command `paperdigest`: what it counts, what it writes, and that what it wrote builds in repositories of several shapes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import run_here
from conftest import PAPER, ROOT, TWO_MONTHS, write
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.cli.scaffold import SETTINGS, WORKFLOW, prepare, scaffold_file
from mkdocs_paperdigest.cli.survey import take_survey
from mkdocs_paperdigest.collection.settings import site_options
from mkdocs_paperdigest.collection.site_files import markdown_files
from mkdocs_paperdigest.support.checkout import Checkout, checkout_around, web_address

pytestmark = pytest.mark.pythons

UNKNOWN = "# 202405\n\n### A Paper\n- `Keypoints:` Maps;\n- `Objective:` Say it.\n- `Difficulty:` high\n"


def run(module: str, *arguments: str | Path, cwd: Path, status: int | None = 0) -> subprocess.CompletedProcess[str]:
    done = run_here(cwd, module, *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    assert status in (None, done.returncode), done.stdout + done.stderr
    return done


def remote(url: str, branch: str = "main") -> dict[str, str | bytes]:
    """The files of a `.git` folder that say where a repository is."""
    return {
        ".git/HEAD": f"ref: refs/heads/{branch}\n",
        ".git/config": f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n\tfetch = +refs/heads/*\n',
    }


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A function that makes a folder with files the current one."""

    def make(files: dict[str, str | bytes], name: str = "digests") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        write(folder, files)
        monkeypatch.chdir(folder)
        return folder

    return make


# --- stats ---------------------------------------------------------------------------------------------------------


def test_stats_is_a_table(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    at({**TWO_MONTHS, "notes/plain.md": "# Only words\n", "202407.md": UNKNOWN.replace("202405", "202407")})
    assert main(["stats"]) == 0
    table, errors = capsys.readouterr()
    assert errors == ""
    rows = {tuple(re.split(r" {2,}", line.strip())) for line in table.splitlines() if line}
    assert rows >= {
        ("files", "4"),
        ("with papers", "3"),
        ("papers", "5"),
        ("with keypoints", "5"),
        ("without a month", "0"),
        ("months", "3"),
        ("2024-06", "2"),
        ("Objective", "5"),
        ("Method", "2"),
        ("world model", "4"),
        ("unknown labels", "1"),
        ("Difficulty", "1"),
    }
    assert max(map(len, table.splitlines())) <= 80
    assert table.index("2024-07") < table.index("2024-06") < table.index("2024-05")


def test_stats_as_json_has_all(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"Name {number:02}" for number in range(30)]
    papers = "".join(f"\n### Paper {name}\n- `Keypoints:` {name};\n- `Objective:` Say it.\n" for name in names)
    at({**TWO_MONTHS, "many.md": f"# Papers\n{papers}"})
    assert main(["stats", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["files"], found["digests"], found["papers"], found["papers_with_keypoints"]) == (3, 3, 34, 34)
    assert found["months"] == {"2024-06": 2, "2024-05": 2}
    assert found["without_month"] == 30
    assert list(found["keypoints"].items())[:2] == [("world model", 4), ("C++", 2)]
    assert set(names) < set(found["keypoints"])
    assert found["findings"]["PD101"] == 30


def test_stats_shows_the_most_frequent_and_how_many_more(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    labels = "".join(f"- `Oddity {chr(65 + number)}:` x\n" for number in range(18))
    at({"202405.md": UNKNOWN + labels})
    main(["stats"])
    lines = capsys.readouterr().out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("unknown labels"))
    assert lines[start].split()[-1] == "19"
    assert lines[start + 16] == "  … and 4 more"


def test_stats_of_one_file(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at(TWO_MONTHS)
    assert main(["stats", str(folder / "202405.md"), "--format=json"]) == 0
    assert json.loads(capsys.readouterr().out)["months"] == {"2024-05": 2}


def test_stats_goes_by_the_options_of_the_site(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = UNKNOWN.replace("`Keypoints:` Maps;", "`Themes:` Maps; Robots;")
    settings = """\
site_name: !ENV [NAME, x]
markdown_extensions:
  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji }
plugins:
  - search
  - paperdigest:
      labels: {keypoints: Themes}
"""
    at({"202405.md": text, "mkdocs.yml": settings})
    assert main(["stats", "--format", "json"]) == 0
    found, errors = capsys.readouterr()
    assert errors == ""
    assert json.loads(found)["keypoints"] == {"Maps": 1, "Robots": 1}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("plugins: [paperdigest: {labels: 5}]\n", "`labels` in mkdocs.yml was ignored"),
        ("plugins: [paperdigest: {labels: {keypoints: []}}]\n", "`labels` in mkdocs.yml was ignored"),
        ("plugins: {paperdigest: {keypoint_fields: {a: b}}}\n", "`keypoint_fields` in mkdocs.yml was ignored"),
        ("plugins: [unclosed\n", "mkdocs.yml was ignored: it cannot be read"),
        ("? [a]\n: [b]\n? {c: d}\n: e\n", "mkdocs.yml was ignored: it cannot be read"),
        (f"a: {'[' * 1500}\n", "mkdocs.yml was ignored: it cannot be read"),
    ],
)
def test_wrong_settings_are_ignored_and_said_so(
    at: Any, capsys: pytest.CaptureFixture[str], settings: str, said: str
) -> None:
    at({"202405.md": PAPER, "mkdocs.yml": settings})
    assert main(["stats", "--format", "json"]) == 0
    found, errors = capsys.readouterr()
    assert said in errors
    assert errors.count("\n") == 1
    assert json.loads(found)["papers"] == 2


@pytest.mark.parametrize("settings", ["", "- a\n", "plugins: null\n", "plugins: paperdigest\n", "plugins: [search]\n"])
def test_settings_without_our_options_are_fine(tmp_path: Path, settings: str) -> None:
    write(tmp_path, {"mkdocs.yml": settings})
    assert site_options(tmp_path).ignored == ()


def test_nothing_in_a_digest_reaches_the_terminal_raw(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b[2J\u202e\x9b"
    at({"202405.md": UNKNOWN.replace("Difficulty", f"Diffi{evil}culty").replace("Maps", f"Ma{evil}ps")})
    for command in (["stats"], ["stats", "--format", "json"], ["init", "--dry-run"]):
        assert main(command) == 0
        out, err = capsys.readouterr()
        assert not set("\x1b\u202e\x9b") & set(out + err), command


def test_chinese_takes_two_columns(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    at({"202405.md": UNKNOWN.replace("Maps", "扩散模型; Maps; " + "很" * 60)})
    main(["stats"])
    lines = capsys.readouterr().out.splitlines()
    chinese, latin = (next(line for line in lines if name in line) for name in ("扩散模型", "Maps"))
    assert len(latin) - len(chinese) == 4
    assert any("很…" in line for line in lines)


def test_what_is_not_the_repository_s_own_is_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.md": "",
            "b/c.markdown": "",
            "site/kept.md": "",
            "built/site/404.html": "<p>Built with MkDocs</p>",
            "built/site/x.md": "",
            "node_modules/x/README.md": "",
            ".venv/x.md": "",
            "venv/x.md": "",
            "b/__pycache__/x.md": "",
            ".hidden.md": "",
            "x.MD": "",
            "y.txt": "",
        },
    )
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again").symlink_to(tmp_path / "b", target_is_directory=True)
    assert markdown_files(tmp_path) == ["a.md", "b/c.markdown", "site/kept.md"]


def test_what_cannot_be_read_is_named(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER, "gbk.md": "# 论文\n".encode("gb18030")})
    (folder / "nowhere.md").symlink_to("missing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.md")
    assert main(["stats", "--format", "json"]) == 0
    found, errors = capsys.readouterr()
    assert "nowhere.md could not be read" in errors
    assert json.loads(found)["files"] == 2
    assert json.loads(found)["findings"]["PD001"] == 1


def test_a_folder_that_cannot_be_listed_is_named(
    at: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at({"202405.md": PAPER, "locked/a.md": PAPER})
    listed = os.scandir

    def refuse(path: str) -> Any:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert main(["stats"]) == 0
    out, err = capsys.readouterr()
    assert "locked could not be read" in err
    assert out.startswith("files")


def test_a_page_that_says_it_is_no_digest_is_none(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": f"---\npaperdigest: false\n---\n{PAPER}", "b.md": PAPER})
    found = take_survey(tmp_path)
    assert (found.files, found.digests, found.papers) == (2, ("b.md",), 2)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("files", "is_terminal", "is_shown"), [(60, True, True), (60, False, False), (40, True, False)]
)
def test_progress_is_shown_on_a_terminal_for_many_files(
    at: Any, monkeypatch: pytest.MonkeyPatch, files: int, is_terminal: bool, is_shown: bool
) -> None:
    at({f"{number:03}.md": PAPER for number in range(files)})
    stream = Terminal() if is_terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    assert main(["stats"]) == 0
    written = stream.getvalue()
    assert written.startswith("\rreading: 1 of 60 files") == is_shown
    assert "\n" not in written
    if is_shown:
        *_, blank, end = written.split("\r")
        assert not blank.strip()
        assert end == ""
    else:
        assert written == ""


def test_a_closed_pipe_is_no_error(at: Any) -> None:
    folder = at(TWO_MONTHS)
    with subprocess.Popen(
        [sys.executable, "-m", "mkdocs_paperdigest", "stats"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["stats", "nowhere"], "there is no file or folder nowhere"),
        (["stats", "notes.txt"], "notes.txt is no Markdown"),
        (["init", "nowhere"], "there is no folder nowhere"),
        (["init", "notes.txt"], "there is no folder notes.txt"),
        (["stats", "--format", "xml"], "invalid choice: 'xml'"),
        ([], "required: COMMAND"),
        (["build"], "invalid choice: 'build'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(at: Any, arguments: list[str], sentence: str) -> None:
    folder = at({"notes.txt": ""})
    done = run("mkdocs_paperdigest", *arguments, cwd=folder, status=2)
    assert sentence in done.stderr.splitlines()[-1]
    assert done.stdout == ""


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"paperdigest {__version__}\n"


def test_the_command_does_not_import_mkdocs() -> None:
    code = (
        "import sys, mkdocs_paperdigest.cli.command_line; print(*(m for m in sys.modules if m.startswith('mkdocs.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# --- init in repositories of several shapes ------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """A repository, and what the site of it has."""

    files: dict[str, str | bytes]
    digest: str
    papers: int
    keypoints: set[str]
    by_category: bool
    home: str
    absent: tuple[str, ...] = field(default=())


DAY = """\
<div id=toc></div>

# Table of Contents

- [cs.CV](#cs.CV) [Total: 2]
- [cs.RO](#cs.RO) [Total: 1]

<div id='cs.CV'></div>

# cs.CV [[Back]](#toc)

### [1] [Lanterns in Fog: Depth From Scattered Light](https://arxiv.org/abs/2511.20001)
*Ada Brook, Li Fern*

Main category: cs.CV

TL;DR: Fog is used as a cue for depth.

<details>
  <summary>Details</summary>

**Motivation:** Fog is usually removed first.

**Method:** The light around a lamp falls off as $e^{-\\beta d}$, which gives the depth $d$.

**Result:** Better than removing it.

</details>

### [2] [Counting Sheep With Two Pixels](https://arxiv.org/abs/2511.20002)
*Bo Heath*

Main category: cs.CV

TL;DR: Two pixels are enough.

<div id='cs.RO'></div>

# cs.RO [[Back]](#toc)

### [3] [A Gripper That Knits](https://arxiv.org/abs/2511.20003)
*Cy Moor, Di Glen*

Main category: cs.RO

TL;DR: A gripper learns to knit a scarf.
"""

DAILY = Shape(
    files={
        "README.md": "# The papers of the day\n\nSee [today](data/2025-11-28.md), the [code](update.py), a "
        "[page that is gone](data/2020-01-01.md) and the [licence](LICENSE).\n",
        "data/2025-11-28.md": DAY,
        "data/2025-11-27.md": DAY.replace("Lanterns", "Candles").replace("Sheep", "Goats").replace("Knits", "Weaves"),
        "update.py": "KEY = 'secret'\n",
        "LICENSE": "MIT\n",
    },
    digest="data/2025-11-28",
    papers=6,
    keypoints={"cs.CV", "cs.RO"},
    by_category=True,
    home="The papers of the day",
    absent=("update.py", "LICENSE"),
)

LIST = Shape(
    files={
        "README.md": """\
# Papers on tidy robots

A list, newest first.

## All papers

- [Folding Towels by Ear](https://arxiv.org/abs/2409.05001)
    - Ann Reed, Ben Marsh
    - 🏛️ Institutions: Some University
    - 📅 Date: September 12, 2024
    - 📑 Publisher: CoRL 2024
    - 💻 Env: [Home]
    - 🔑 Key: [sound], [cloth], [benchmark]
    - 📖 TLDR: A robot hears whether a towel is flat.

- [Sorting Socks Without Labels](https://arxiv.org/abs/2407.05002)
    - Cat Dale
    - 🏛️ Institutions: Some Institute
    - 📅 Date: July 3, 2024
    - 📑 Publisher: arXiv
    - 💻 Env: [Home]
    - 🔑 Key: [cloth], [clustering]
    - 📖 TLDR: Pairs are found by touch.
""",
        "CONTRIBUTING.md": "# How to add a paper\n\nOpen a pull request.\n",
        "scripts/make.py": "pass\n",
    },
    digest=".",
    papers=2,
    keypoints={"sound", "cloth", "benchmark", "clustering"},
    by_category=False,
    home="Papers on tidy robots",
    absent=("scripts",),
)

TABLES = Shape(
    files={
        "README.md": """\
## Updated on 2025.04.04

<details>
  <summary>Table of Contents</summary>
  <ol>
    <li><a href=#tides>Tides</a></li>
  </ol>
</details>

## Tides

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2025-04-03**|**Reading the Sea From a Buoy**|Eve Shore et.al.|[2504.03001](http://arxiv.org/abs/2504.03001)|**[link](https://github.com/someone/buoy)**|
|**2025-04-01**|**Waves Without Wind**|Fay Pier et.al.|[2504.01002](http://arxiv.org/abs/2504.01002)|null|

<p align=right>(<a href=#updated-on-20250404>back to top</a>)</p>

## Dunes

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2025-04-02**|**Sand That Sings**|Gus Beach et.al.|[2504.02003](http://arxiv.org/abs/2504.02003)|null|
""",
        "cv-arxiv-daily.json": '{"a": 1}',
        "daily_arxiv.py": "pass\n",
    },
    digest=".",
    papers=3,
    keypoints={"Tides", "Dunes"},
    by_category=True,
    home="Updated on",
    absent=("cv-arxiv-daily.json", "daily_arxiv.py"),
)

NOTE = """\
# {title}

| Item | Value |
| --- | --- |
| Authors | Hal Rook, Ida Wren |
| Venue | ICRA 2024 |
| Date | 2024-05-13 |
| Paper | [arXiv](https://arxiv.org/abs/{arxiv}) |

## Keywords

* {keyword}
* benchmark

## Summary

What was done, in one sentence.

## Method

Nests are counted from above.
"""

NOTES = Shape(
    files={
        "README.md": "# My reading notes\n\n- [Nests](notes/birds/nests.md)\n",
        "notes/birds/nests.md": NOTE.format(title="Counting Nests From Above", arxiv="2405.10001", keyword="drones"),
        "notes/birds/songs.md": NOTE.format(title="Songs as Maps", arxiv="2405.10002", keyword="audio"),
    },
    digest="notes/birds/nests",
    papers=2,
    keypoints={"drones", "audio", "benchmark"},
    by_category=False,
    home="My reading notes",
)

MONTHS = Shape(
    files={**TWO_MONTHS, "README.md": "# Monthly digests\n\n[May](202405.md), [June](202406.md)\n", "run.sh": "true\n"},
    digest="202405",
    papers=4,
    keypoints={"world model", "Camera Control", "C++"},
    by_category=False,
    home="Monthly digests",
    absent=("run.sh",),
)

SHAPES = {"daily": DAILY, "list": LIST, "tables": TABLES, "notes": NOTES, "months": MONTHS}
SECRETS: dict[str, str | bytes] = {
    "config.json": '{"api_key": "SECRET"}',
    ".env": "KEY=SECRET\n",
    ".github/workflows/run.yml": "name: crawl\non:\n  schedule: [{cron: '0 3 * * *'}]\njobs: {}\n",
}


@pytest.fixture(scope="module", params=SHAPES)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Shape, Path, str]:
    """A repository in which `init` was run and the site built, and what `init` said."""
    shape = SHAPES[request.param]
    folder = tmp_path_factory.mktemp(request.param) / "digests"
    write(folder, {**shape.files, **SECRETS, **remote("git@github.com:someone/digests.git")})
    said = run("mkdocs_paperdigest", "init", cwd=folder).stdout
    run("mkdocs", "build", "--strict", cwd=folder)
    return shape, folder, said


def test_the_site_of_a_repository(started: tuple[Shape, Path, str]) -> None:
    shape, folder, _ = started
    site = folder / "site"
    assert shape.home in LexborHTMLParser((site / "index.html").read_text(encoding="utf-8")).css("article")[0].text()
    page = LexborHTMLParser((site / shape.digest / "index.html").read_text(encoding="utf-8"))
    assert page.css(".pd-paper")
    papers = json.loads((site / "papers.json").read_text(encoding="utf-8"))
    assert len(papers["papers"]) == shape.papers
    assert {keypoint["label"] for keypoint in papers["keypoints"]} == shape.keypoints
    assert page.css("a.pd-keypoint")


def test_only_pages_leave_the_repository(started: tuple[Shape, Path, str]) -> None:
    shape, folder, _ = started
    site = folder / "site"
    assert not [path for path in (*SECRETS, *shape.absent, "mkdocs.yml", ".github") if (site / path).exists()]
    assert not [path for path in site.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]


def test_no_file_of_the_repository_is_changed(started: tuple[Shape, Path, str]) -> None:
    shape, folder, _ = started
    for path, content in {**shape.files, **SECRETS}.items():
        assert (folder / path).read_bytes() == (content if isinstance(content, bytes) else content.encode())
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    own = {*shape.files, *SECRETS, SETTINGS, WORKFLOW}
    assert {path for path in made - own if not path.startswith((".git/", ".cache/", "site/"))} == set()


def test_the_settings_of_a_repository(started: tuple[Shape, Path, str]) -> None:
    shape, folder, said = started
    settings = (folder / SETTINGS).read_text(encoding="utf-8")
    assert settings.startswith("# yaml-language-server: $schema=https://")
    assert ("keypoint_fields: [keypoints, category]" in settings) == shape.by_category
    assert ("papers are indexed by category" in said) == shape.by_category
    assert "site_url: https://someone.github.io/digests/\n" in settings
    assert f"{shape.papers} papers" in said
    assert "\n  mkdocs serve --open\n" in said or f"\n  {sys.executable} -m mkdocs serve --open\n" in said


def test_it_builds_again_and_counts_what_the_site_has(started: tuple[Shape, Path, str]) -> None:
    shape, folder, _ = started
    before = (folder / "site" / "papers.json").read_bytes()
    run("mkdocs", "build", "--strict", cwd=folder)
    assert (folder / "site" / "papers.json").read_bytes() == before
    assert not (folder / "site" / "site").exists()
    found = json.loads(run("mkdocs_paperdigest", "stats", "--format", "json", cwd=folder).stdout)
    assert found["papers"] == shape.papers
    assert set(found["keypoints"]) == shape.keypoints


def test_a_second_init_finds_its_own_files(started: tuple[Shape, Path, str]) -> None:
    _, folder, _ = started
    done = run("mkdocs_paperdigest", "init", cwd=folder)
    assert done.stdout.count("is there already, as it would be written") == 2


def test_formulas_are_drawn(tmp_path: Path) -> None:
    """With Material for MkDocs, which brings the extension."""
    write(
        tmp_path,
        {"2025-11-28.md": f"{DAY}\n\n### [4] [Sums](https://arxiv.org/abs/2511.20004)\n*Jo Lee*\n\nTL;DR: Few.\n"},
    )
    (tmp_path / "b.md").write_text(PAPER.replace("Say what is wanted.", "Make it so:\n\n```math\na = b\n```\n"))
    settings = prepare(tmp_path, take_survey(tmp_path), by_category=False, material=True).files[SETTINGS]
    plain = prepare(tmp_path, take_survey(tmp_path), by_category=False, material=False).files[SETTINGS]
    assert "arithmatex" not in plain
    write(tmp_path, {SETTINGS: settings, f"{WORKFLOW}": ""})
    run("mkdocs", "build", "--strict", cwd=tmp_path)
    assert 'class="arithmatex"' in (tmp_path / "site" / "2025-11-28" / "index.html").read_text(encoding="utf-8")
    page = (tmp_path / "site" / "b" / "index.html").read_text(encoding="utf-8")
    assert '<div class="arithmatex">\\[\na = b\n\\]</div>' in page
    assert "mathjax" in page


@pytest.mark.parametrize(
    ("text", "has_math"),
    [("costs $5 or $6", False), ("in $x$", True), ("$a_1 + b$", True), ("$HOME and $PATH", False), ("$$\nx\n$$", True)],
)
def test_a_price_is_no_formula(tmp_path: Path, text: str, has_math: bool) -> None:
    write(tmp_path, {"202405.md": f"{UNKNOWN}\n{text}\n"})
    assert take_survey(tmp_path).math is has_math


# --- what init writes, and what it does not ------------------------------------------------------------------------


def test_docs_that_mkdocs_takes_are_left_to_it(tmp_path: Path) -> None:
    write(tmp_path, {"docs/index.md": "# Home\n", "docs/202405.md": PAPER, "README.md": "# R\n"})
    run("mkdocs_paperdigest", "init", cwd=tmp_path)
    assert "docs_dir" not in (tmp_path / SETTINGS).read_text()
    run("mkdocs", "build", "--strict", cwd=tmp_path)
    assert (tmp_path / "site" / "202405" / "index.html").is_file()


def test_a_theme_that_is_there_without_material(tmp_path: Path) -> None:
    write(tmp_path, {**TWO_MONTHS, "README.md": "# R\n"})
    start = prepare(tmp_path, take_survey(tmp_path), by_category=False, material=False)
    assert "run: pip install mkdocs-paperdigest\n" in start.files[WORKFLOW]
    write(tmp_path, dict(start.files))
    run("mkdocs", "build", "--strict", cwd=tmp_path)
    assert "pd-paper" in (tmp_path / "site" / "202405" / "index.html").read_text(encoding="utf-8")


def test_an_own_file_is_left_as_it_is(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER, SETTINGS: "site_name: Mine\n"})
    assert main(["init"]) == 1
    out = capsys.readouterr().out
    assert "mkdocs.yml is there already and was left as it is" in out
    assert (folder / SETTINGS).read_text() == "site_name: Mine\n"
    assert not (folder / ".github").exists()
    assert main(["init", "--force"]) == 0
    assert "paperdigest" in (folder / SETTINGS).read_text()


def test_an_own_workflow_is_left_and_the_settings_are_written(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER, WORKFLOW: "name: mine\n"})
    assert main(["init"]) == 0
    assert f"{WORKFLOW} is there already and was left as it is" in capsys.readouterr().out
    assert (folder / WORKFLOW).read_text() == "name: mine\n"
    assert (folder / SETTINGS).is_file()


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("", 1), ("n", 1)])
def test_on_a_terminal_it_asks(at: Any, monkeypatch: pytest.MonkeyPatch, answer: str, status: int) -> None:
    folder = at({"202405.md": PAPER, SETTINGS: "site_name: Mine\n"})
    asked = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    assert main(["init"]) == status
    assert asked == ["Overwrite mkdocs.yml? [y/N] "]
    assert ("Mine" in (folder / SETTINGS).read_text()) == bool(status)


@pytest.mark.parametrize("name", ["mkdocs.yaml", "properdocs.yml"])
def test_settings_of_another_name_are_settings(at: Any, name: str) -> None:
    folder = at({"202405.md": PAPER, name: "site_name: Mine\n"})
    assert main(["init"]) == 1
    assert not (folder / SETTINGS).exists()


def test_a_dry_run_writes_nothing(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER})
    assert main(["init", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "Would write mkdocs.yml:" in out
    assert "name: pages" in out
    assert [path.name for path in folder.iterdir()] == ["202405.md"]


def test_a_folder_without_papers(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"README.md": "# A program\n"})
    assert main(["init"]) == 1
    assert "no papers were found" in capsys.readouterr().err
    assert not (folder / SETTINGS).exists()
    assert main(["init", "--force"]) == 0
    assert (folder / SETTINGS).exists()


def test_nothing_is_written_outside_of_the_folder(at: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER})
    (tmp_path / "elsewhere").mkdir()
    (folder / ".github").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert main(["init", "--force"]) == 1
    assert ".github/workflows/pages.yml leads out of" in capsys.readouterr().err
    assert not list((tmp_path / "elsewhere").iterdir())
    assert not (folder / SETTINGS).exists()


def test_what_is_in_the_way_is_one_sentence(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER, ".github": "a file\n"})
    assert main(["init"]) == 1
    assert capsys.readouterr().err.startswith("paperdigest: ")
    (folder / ".github").unlink()
    (folder / ".github").symlink_to(".github")
    assert main(["init"]) == 1
    assert capsys.readouterr().err.startswith("paperdigest: ")
    assert not (folder / SETTINGS).exists()


@pytest.mark.parametrize("name", ["it's: #1", 'a "quoted" & <b>', "- x", "2024", "{x}", "论文 日报", "é\nf"])
def test_any_name_of_a_folder_will_do(at: Any, name: str) -> None:
    folder = at({"202405.md": PAPER}, name)
    assert main(["init"]) == 0
    assert yaml.safe_load((folder / SETTINGS).read_text(encoding="utf-8"))["site_name"] == name
    run("mkdocs", "build", "--strict", cwd=folder)


def test_the_next_command_names_a_folder_that_is_not_the_current_one(at: Any, tmp_path: Path, capsys: Any) -> None:
    at({"202405.md": PAPER}, "my papers")
    os.chdir(tmp_path)
    assert main(["init", "my papers"]) == 0
    assert "serve --open -f 'my papers/mkdocs.yml'\n" in capsys.readouterr().out


def test_a_folder_inside_of_a_repository(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    top = at({**remote("https://github.com/someone/thing"), "notes/202405.md": PAPER})
    assert main(["init", "notes"]) == 0
    assert "GitHub reads workflows at the top of a repository only" in capsys.readouterr().out
    settings = yaml.safe_load((top / "notes" / SETTINGS).read_text())
    assert settings["edit_uri"] == "edit/main/notes/"
    assert "site_url" not in settings


# --- the workflow --------------------------------------------------------------------------------------------------


GUIDED = scaffold_file(WORKFLOW, is_guide=True, branches=["main"], bots=[], material=True, site="site")


def test_the_guide_shows_the_workflow() -> None:
    guide = (ROOT / "example_site" / "docs" / "guide" / "deploying.md").read_text(encoding="utf-8")
    assert f"```yaml\n{GUIDED}```" in guide


def test_the_workflow_that_is_written(tmp_path: Path) -> None:
    write(tmp_path, {"202405.md": PAPER, **SECRETS, **remote("https://github.com/someone/digests", "trunk/1.0")})
    written = prepare(tmp_path, take_survey(tmp_path), by_category=False, material=True)
    guided, workflow = yaml.safe_load(GUIDED), yaml.safe_load(written.files[WORKFLOW])
    assert workflow.pop(True) == {
        "push": {"branches": ["trunk/1.0"]},
        "workflow_run": {"workflows": ["crawl"], "types": ["completed"]},
        "workflow_dispatch": None,
    }
    del guided[True]
    (build,) = (step for step in guided["jobs"]["build"]["steps"] if step.get("run") == "mkdocs build --strict")
    build["run"] = "mkdocs build"
    assert workflow == guided


# --- the checkout --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("git@github.com:someone/digests.git", "https://github.com/someone/digests"),
        ("https://github.com/someone/digests", "https://github.com/someone/digests"),
        ("https://someone:ghp_token@github.com/someone/digests.git/", "https://github.com/someone/digests"),
        ("https://a:b@c@github.com/someone/digests.git", "https://github.com/someone/digests"),
        ("ssh://git@ssh.github.com:443/someone/digests.git", "https://github.com/someone/digests"),
        ("git@gitlab.com:group/sub/digests.git", "https://gitlab.com/group/sub/digests"),
        ("https://gitlab.example.org/group/digests", "https://gitlab.example.org/group/digests"),
        ("https://example.org/someone/digests.git", None),
        ("https://github.com/someone", None),
        ("https://github.com/someone/digests?token=x", None),
        ("https://github.com/someone/..", None),
        ("/srv/git/digests.git", None),
        ("C:\\digests", None),
        ("", None),
    ],
)
def test_the_address_of_a_remote(written: str, address: str | None) -> None:
    assert web_address(written) == address


def test_credentials_of_a_remote_are_never_written(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = at({"202405.md": PAPER, **remote("https://me:ghp_token@github.com/someone/digests.git")})
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    written = (folder / SETTINGS).read_text() + (folder / WORKFLOW).read_text()
    assert "repo_url: https://github.com/someone/digests\n" in written
    assert "ghp_token" not in out + err + written


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (remote("git@github.com:a/b.git"), ("main", "https://github.com/a/b")),
        (
            {
                **remote("git@github.com:a/b.git", "topic"),
                ".git/refs/remotes/origin/HEAD": "ref: refs/remotes/origin/dev\n",
            },
            ("dev", "https://github.com/a/b"),
        ),
        ({".git/HEAD": "0123456789abcdef0123456789abcdef01234567\n"}, (None, None)),
        ({".git/HEAD": b"\xff\xfe", ".git/config": b"[remote\n\x00url = \xff"}, (None, None)),
        ({".git/config": '[remote "up"]\nurl = "git@github.com:a/c.git" # mine\n'}, (None, "https://github.com/a/c")),
        (
            {
                ".git/config": '[http]\n\tproxy = http://[::1]:80\n[remote "no"]\n[remote "origin"] # see [docs]\n'
                "\tproxy = http://[::1]:80\n\tfetch = +refs/[a]/*\n  # [x]\n\turl = git@github.com:a/d.git\n"
            },
            (None, "https://github.com/a/d"),
        ),
        (
            {".git/config": '[remote "origin"]\n\tfetch = x\n[branch "a"]\n\turl = git@github.com:a/b.git\n'},
            (None, None),
        ),
        ({".git": "gitdir: ../nowhere\n"}, (None, None)),
    ],
)
def test_a_checkout(tmp_path: Path, files: dict[str, str | bytes], expected: tuple[str | None, str | None]) -> None:
    write(tmp_path, files)
    found = checkout_around(tmp_path)
    assert found
    assert (found.branch, found.url) == expected


def test_a_worktree(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **{f"main/{path}": text for path, text in remote("git@github.com:a/b.git").items()},
            "main/.git/worktrees/w/HEAD": "ref: refs/heads/topic\n",
            "main/.git/worktrees/w/commondir": "../..\n",
            "w/.git": f"gitdir: {tmp_path}/main/.git/worktrees/w\n",
        },
    )
    assert checkout_around(tmp_path / "w") == Checkout(tmp_path / "w", "topic", "https://github.com/a/b")


@pytest.mark.parametrize(
    ("url", "files", "address"),
    [
        ("https://github.com/Someone/Digests", {}, "https://someone.github.io/Digests/"),
        ("https://github.com/Someone/someone.github.io", {}, "https://someone.github.io/"),
        ("https://github.com/someone/digests", {"CNAME": "papers.example.org\n"}, "https://papers.example.org/"),
        ("https://gitlab.com/someone/digests", {}, None),
    ],
)
def test_the_address_of_the_site(tmp_path: Path, url: str, files: dict[str, str | bytes], address: str | None) -> None:
    write(tmp_path, files)
    assert Checkout(tmp_path, "main", url).pages_url == address


def test_where_files_are_edited(tmp_path: Path) -> None:
    assert Checkout(tmp_path, "main", "https://github.com/a/b").edit_uri("docs") == "edit/main/docs/"
    assert Checkout(tmp_path, "#1", "https://gitlab.com/a/b").edit_uri("") == "-/edit/%231/"
    assert Checkout(tmp_path, None, "https://github.com/a/b").edit_uri("") == ""


def test_a_folder_with_two_home_pages_keeps_one(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    readme = TABLES.files["README.md"]
    folder = at(
        {
            **TABLES.files,
            "docs/index.md": readme,
            "docs/README.md": "# Usage\n",
            "other/index.md": "# A\n",
            "other/README.md": "# B\n",
        }
    )
    assert main(["init"]) == 0
    said = capsys.readouterr().out
    assert "left out: docs/index.md, since it repeats README.md" in said
    assert "left out: other/README.md, since other/index.md is the page there" in said
    settings = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(settings.partition("theme:")[0])["exclude_docs"].split() == [
        "/docs/index.md",
        "/other/README.md",
    ]
    assert take_survey(folder).repeats == {"README.md": "docs/index.md", "docs/index.md": "README.md"}
