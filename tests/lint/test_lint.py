"""`paperdigest lint`: what it reads, what it says and in which form, what it mends, and that a build says the same."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from conftest import TWO_MONTHS, Builder, many, read_only, write

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.collection.digest_folder import read_collection
from mkdocs_paperdigest.collection.settings import site_options
from mkdocs_paperdigest.exports import papers_json
from mkdocs_paperdigest.reader.mentions import mentions, remember_mentions
from mkdocs_paperdigest.records.findings import RULES

SETTINGS = "site_name: x\nplugins:\n  - paperdigest\n"
UNTIDY = "# 202602\n\n### A paper\n- `Keypoints:` DiT;KV  Cache; Guidance；\n- `Objctive:` Make it fast.\n"
KEYPOINTS = "diffusion-transformer:\n  label: Diffusion Transformer\n  aliases: [DiT]\n"
MENDED = UNTIDY.replace("DiT;KV  Cache; Guidance；", "Diffusion Transformer; KV Cache; Guidance;")

At = Callable[..., Path]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """A function that makes a folder with files the current one."""

    def make(files: dict[str, str | bytes], name: str = "project") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        write(folder, files)
        monkeypatch.chdir(folder)
        return folder

    return make


def site(**files: str | bytes) -> dict[str, str | bytes]:
    return {"mkdocs.yml": SETTINGS, "keypoints.yml": KEYPOINTS, "docs/202602.md": UNTIDY, **files}


def found(capsys: Out, *arguments: str | Path, status: int = 0) -> list[tuple[str, str]]:
    """Codes and places."""
    assert main(["lint", *map(str, arguments), "--format", "json"]) == status
    return [(item["code"], f"{item['path']}:{item['line']}:{item['column']}") for item in json.loads(said(capsys))]


def said(capsys: Out) -> str:
    out, errors = capsys.readouterr()
    assert "Traceback" not in errors
    return out


# --- what it says --------------------------------------------------------------------------------------------------


def test_a_line_per_finding(at: At, capsys: Out) -> None:
    at(site())
    assert main(["lint"]) == 0
    out, errors = capsys.readouterr()
    assert out.splitlines() == [
        f"docs/202602.md:4:16: PD602 {RULES['PD602'].message.format('DiT', 'Diffusion Transformer')}",
        "docs/202602.md:4:19: PD605 keypoints are parted by `;`: write `; `",
        "docs/202602.md:4:22: PD606 there is stray white space in or beside the keypoint `KV Cache`: write one space",
        "docs/202602.md:4:39: PD605 keypoints are parted by `；`: write `;`",
        "docs/202602.md:5:3: PD202 the label `Objctive:` was read as `Objective`: write `Objective:`",
    ]
    assert errors == "paperdigest: 5 findings, 0 of them WARNING; --fix mends 4\n"


def test_json_has_places_and_fixes(at: At, capsys: Out) -> None:
    at(site())
    assert main(["lint", "--format", "json"]) == 0
    items = json.loads(said(capsys))
    assert [set(item) for item in items] == [
        {"path", "line", "column", "code", "severity", "message", "fix"} for _ in items
    ]
    text = UNTIDY
    for item in reversed([item for item in items if item["fix"]]):
        text = text[: item["fix"]["start"]] + item["fix"]["text"] + text[item["fix"]["end"] :]
    assert text == MENDED
    assert items[-1]["severity"] == "INFO"
    assert items[-1]["fix"] is None


@pytest.mark.parametrize("files", [{}, {"docs/plain.md": "# Words\n"}, {"docs/empty.md": ""}])
def test_nothing_is_an_empty_list(at: At, capsys: Out, files: dict[str, str]) -> None:
    at({"mkdocs.yml": SETTINGS, **files}).joinpath("docs").mkdir(exist_ok=True)
    assert found(capsys) == []
    assert main(["lint"]) == 0
    assert capsys.readouterr() == ("", "paperdigest: nothing was found\n")
    assert main(["lint", "--format=github"]) == 0
    assert said(capsys) == ""


def test_annotations_of_github(at: At, capsys: Out) -> None:
    at(
        {
            "mkdocs.yml": SETTINGS,
            "docs/50%, a:b.md": "# 2024-05\n\n### A 100% paper\n- `Keypoints:`\n\n<!-- paperdigest:x\x1b%\ny -->\n",
        }
    )
    assert main(["lint", "--format", "github", "--ignore", "PD002"]) == 1
    lines = said(capsys).splitlines()
    assert lines == [
        "::notice file=docs/50%25%2C a%3Ab.md,line=4,col=3,title=PD201::PD201 the keypoint field is empty: "
        "name some keypoints or delete the label",
        "::warning file=docs/50%25%2C a%3Ab.md,line=6,col=18,title=PD403::PD403 the marker `x\\x1b%25%0Ay` shows "
        "nothing: it must be `recent` or `papers` or `keypoints` or `trends` or `months`",
    ]


def test_nothing_that_a_terminal_obeys(at: At, capsys: Out) -> None:
    hostile = "\x1b[31m\u202eA\x07"
    at(
        {
            "mkdocs.yml": SETTINGS,
            "keypoints.yml": '"\\e[32mRed":\n  aliases: ["\\e[31mA"]\n"a\\u2028b": {nosuch: 1}\n',
            f"docs/{hostile}.md": f"# 2024-05\n\n### {hostile}\n- `Keypoints:` \x1b[31mA；{hostile}\n",
        }
    )
    for form in ("text", "github", "json"):
        main(["lint", "--format", form])
        out, errors = capsys.readouterr()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", out + errors), form
        assert "nosuch" in out


# --- which codes, and the status -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--select", "PD6"], "PD602 PD605 PD606 PD605"),
        (["--select", "pd606, PD202"], "PD606 PD202"),
        (["--select", "PD6", "--ignore", "PD605"], "PD602 PD606"),
        (["--ignore", "PD6"], "PD202"),
        (["--ignore", "PD602", "--ignore", "PD605,PD2"], "PD606"),
        (["--select", "PD602", "--select", "PD606"], "PD602 PD606"),
        (["--select", "PD5"], ""),
    ],
)
def test_codes_are_chosen(at: At, capsys: Out, arguments: list[str], codes: str) -> None:
    at(site())
    assert [code for code, _ in found(capsys, *arguments)] == codes.split()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 1),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "info"], 1),
        (["--fail-on", "never"], 0),
        (["--ignore", "PD5"], 0),
        (["--ignore", "PD5", "--fail-on", "info"], 1),
        (["--select", "PD101", "--fail-on", "info"], 0),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_status(at: At, arguments: list[str], status: int, form: str) -> None:
    at(site(**{"keypoints.yml": KEYPOINTS + "  nosuch: 1\n"}))
    assert main(["lint", "--format", form, *arguments]) == status


@pytest.mark.parametrize(
    "arguments",
    [
        ["--select", "PD9"],
        ["--ignore", "X"],
        ["--format", "xml"],
        ["--fail-on", "error"],
        ["--nosuch"],
    ],
)
def test_wrong_arguments(at: At, capsys: Out, arguments: list[str]) -> None:
    at(site())
    with pytest.raises(SystemExit) as ended:
        main(["lint", *arguments])
    assert ended.value.code == 2
    assert said(capsys) == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nosuch.md"], "there is no file or folder nosuch.md"),
        (["x" * 5000], "there is no file or folder xxx"),
        (["docs/plot.png"], "docs/plot.png is no Markdown: its name must end in one of .md"),
        (["docs/pipe.md"], "there is no file or folder docs/pipe.md"),
        (["docs/nowhere.md"], "there is no file or folder docs/nowhere.md"),
        (["--diff", "--format", "json"], "--diff prints a diff, so it cannot be had with --format json"),
    ],
)
def test_what_cannot_be_done_is_said(at: At, capsys: Out, arguments: list[str], sentence: str) -> None:
    folder = at(site(**{"docs/plot.png": b"\x89PNG"}))
    os.mkfifo(folder / "docs" / "pipe.md")
    (folder / "docs" / "nowhere.md").symlink_to("nowhere")
    assert main(["lint", *arguments]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith(f"paperdigest: {sentence}")
    assert errors.count("\n") == 1


# --- which files ---------------------------------------------------------------------------------------------------

FAULTY = "# 2024-05\n\n### A paper\n- `Keypoints:`\n"
TWO_SITES: dict[str, str | bytes] = {
    "one/mkdocs.yml": SETTINGS,
    "one/docs/a.md": FAULTY,
    "one/docs/sub/b.md": FAULTY,
    "one/README.md": FAULTY,
    "two/mkdocs.yml": SETTINGS.replace("paperdigest", "paperdigest: {docs_dir: '.'}"),
    "two/c.md": FAULTY,
    "none/d.md": FAULTY,
    "none/e.md": FAULTY,
}


@pytest.mark.parametrize(
    ("here", "paths", "places"),
    [
        ("one", [], "docs/a.md docs/sub/b.md"),
        ("one", ["."], "docs/a.md docs/sub/b.md"),
        ("one", ["docs"], "docs/a.md docs/sub/b.md"),
        ("one", ["docs/"], "docs/a.md docs/sub/b.md"),
        ("one", ["docs/sub"], "docs/sub/b.md"),
        ("one", ["docs/a.md"], "docs/a.md"),
        ("one", ["./docs/a.md", "docs/../docs/sub"], "docs/a.md docs/sub/b.md"),
        ("one", ["docs/a.md", "docs"], "docs/a.md docs/sub/b.md"),
        ("one", ["docs/a.md", "."], "docs/a.md docs/sub/b.md"),
        ("one", ["docs/a.md", "docs/a.md"], "docs/a.md"),
        ("one", ["mkdocs.yml"], ""),
        ("one", ["../two"], "../two/c.md"),
        ("one/docs", [], "a.md sub/b.md"),
        ("one/docs", [".."], "a.md sub/b.md"),
        ("one/docs/sub", [], "b.md"),
        ("one/docs/sub", ["../a.md"], "../a.md"),
        ("one/docs/sub", ["../../../two"], "../../../two/c.md"),
        ("one/docs/sub", ["../../../none"], "../../../none/d.md ../../../none/e.md"),
        ("two", [], "c.md"),
        (".", ["one", "two/c.md"], "one/docs/a.md one/docs/sub/b.md two/c.md"),
        (".", ["none"], "none/d.md none/e.md"),
        (".", ["none/d.md"], "none/d.md"),
        (".", ["none/d.md", "one/docs/a.md"], "none/d.md one/docs/a.md"),
        ("none", [], "d.md e.md"),
        ("none", ["e.md"], "e.md"),
    ],
)
def test_paths(at: At, capsys: Out, monkeypatch: pytest.MonkeyPatch, here: str, paths: list[str], places: str) -> None:
    monkeypatch.chdir(at(TWO_SITES) / here)
    assert sorted(place for _, place in found(capsys, "--select=PD201", *paths)) == [
        f"{path}:4:3" for path in places.split()
    ]


def test_absolute_paths(at: At, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = at(TWO_SITES)
    assert found(capsys, folder / "one" / "docs" / "a.md") == [("PD201", "one/docs/a.md:4:3")]
    monkeypatch.chdir("/")
    assert main(["lint", str(folder / "two"), "--format", "json"]) == 0
    assert Path(json.loads(said(capsys))[0]["path"]).resolve() == (folder / "two" / "c.md").resolve()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("one/README.md", "one/README.md was left out: it is not in one/docs, the folder of the pages"),
        ("one/docs/.hidden.md", "one/docs/.hidden.md was left out: it is none of the pages of its site"),
        ("one/docs/draft.md", "one/docs/draft.md was left out: it is none of the pages of its site"),
    ],
)
def test_what_is_no_page_is_left_out_with_a_word(at: At, capsys: Out, path: str, sentence: str) -> None:
    at(
        {
            **TWO_SITES,
            "one/mkdocs.yml": SETTINGS + "exclude_docs: draft.md\n",
            "one/docs/draft.md": FAULTY,
            "one/docs/.hidden.md": FAULTY,
        }
    )
    assert main(["lint", path]) == 0
    assert capsys.readouterr() == ("", f"paperdigest: {sentence}\npaperdigest: nothing was found\n")


def test_a_file_is_read_with_all_of_the_docs(at: At, capsys: Out) -> None:
    at(
        {
            "mkdocs.yml": SETTINGS,
            "docs/a.md": "# 2024-05\n\n### One\n- `Keypoints:` KV Caches\n",
            "docs/b.md": "# 2024-04\n\n### Two\n- `Keypoints:` KV Cache\n\n### Three\n- `Keypoints:` KV Cache\n",
        }
    )
    assert found(capsys, "docs/a.md") == [("PD603", "docs/a.md:4:16")]
    assert found(capsys, "docs/b.md") == []


def test_findings_of_the_vocabulary_come_with_every_file(at: At, capsys: Out) -> None:
    at(site(**{"keypoints.yml": "a: {nosuch: 1}\n", "paperdigest.lock": "what: now\n", "docs/b.md": "# Words\n"}))
    expected = [("PD502", "keypoints.yml:1:5"), ("PD508", "paperdigest.lock:1:1")]
    for path in ("docs/b.md", "keypoints.yml", "./docs/../keypoints.yml", "paperdigest.lock"):
        assert found(capsys, path, status=1) == expected, path


@pytest.mark.parametrize("name", ["other/words.yml", "../words.yml"])
def test_keypoints_elsewhere(at: At, capsys: Out, name: str) -> None:
    settings = f"site_name: x\nplugins:\n  - paperdigest: {{keypoints_file: {name}}}\n"
    at(
        {
            "mkdocs.yml": settings,
            name: "a: {nosuch: 1}\n",
            "keypoints.yml": "b: {nosuch: 1}\n",
            "docs/b.md": "# Words\n",
        }
    )
    assert found(capsys, status=1) == [("PD502", f"{name}:1:5")]


def test_keypoints_file_that_is_not_there(at: At, capsys: Out) -> None:
    at(site(**{"mkdocs.yml": SETTINGS.replace("paperdigest", "paperdigest: {keypoints_file: no.yml}")}))
    assert main(["lint", "--select", "PD602"]) == 0
    assert "there is no file no.yml, which the option `keypoints_file` names" in capsys.readouterr().err


def test_no_keypoints_file_is_wanted(at: At, capsys: Out) -> None:
    at(site(**{"mkdocs.yml": SETTINGS.replace("paperdigest", "paperdigest: {keypoints_file: false}")}))
    assert "PD602" not in dict(found(capsys))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("site_name: [x\n", "paperdigest: mkdocs.yml was ignored: it cannot be read"),
        (
            SETTINGS.replace("paperdigest", "paperdigest: {unknown_keypoints: loud}"),
            "paperdigest: the option `unknown_keypoints` in mkdocs.yml was ignored",
        ),
    ],
)
def test_broken_settings(at: At, capsys: Out, settings: str, sentence: str) -> None:
    at(site(**{"mkdocs.yml": settings}))
    assert main(["lint", "--fix", "--fail-on", "info"]) == 1
    out, errors = capsys.readouterr()
    assert out.splitlines() == [
        "docs/202602.md:5:3: PD202 the label `Objctive:` was read as `Objective`: write `Objective:`"
    ]
    assert errors.startswith(sentence)
    assert errors.count(sentence) == 1


def test_settings_name_no_folder(at: At, capsys: Out) -> None:
    at({"mkdocs.yml": SETTINGS + "docs_dir: pages\n"})
    assert main(["lint"]) == 2
    assert "there is no folder pages, which mkdocs.yml names as the folder of the pages" in capsys.readouterr().err


def test_broken_keypoints_are_one_finding(at: At, capsys: Out) -> None:
    at(site(**{"keypoints.yml": "a: [\nb: }\n", "docs/202602.md": "# Words\n"}))
    assert [code for code, _ in found(capsys, status=1)] == ["PD501"]


def test_a_page_that_is_off(at: At, capsys: Out) -> None:
    text = f"---\npaperdigest: false\n---\n{UNTIDY}"
    folder = at(site(**{"docs/202602.md": text}))
    assert found(capsys) == []
    assert main(["lint", "--fix"]) == 0
    assert (folder / "docs" / "202602.md").read_text() == text


def test_links_are_followed_once(at: At, capsys: Out) -> None:
    folder = at({"mkdocs.yml": SETTINGS, "docs/a.md": "# Words\n", "elsewhere/b.md": FAULTY})
    (folder / "docs" / "out").symlink_to(folder / "elsewhere")
    (folder / "docs" / "loop").symlink_to(folder / "docs")
    (folder / "docs" / "c.md").symlink_to(folder / "elsewhere" / "b.md")
    assert found(capsys, "--select=PD2") == [("PD201", "docs/c.md:4:3"), ("PD201", "docs/out/b.md:4:3")]


def test_a_file_that_cannot_be_read(at: At, capsys: Out) -> None:
    folder = at(site())
    (folder / "docs" / "gone.md").symlink_to("nowhere")
    assert main(["lint"]) == 1
    assert "paperdigest: docs/gone.md could not be read\n" in capsys.readouterr().err
    assert main(["lint", "docs/202602.md"]) == 0


# --- what it mends -------------------------------------------------------------------------------------------------


def test_fix_mends_and_prints_what_is_left(at: At, capsys: Out) -> None:
    folder = at(site())
    file = folder / "docs" / "202602.md"
    assert main(["lint", "--fix"]) == 0
    out, errors = capsys.readouterr()
    assert file.read_text() == MENDED
    assert out.splitlines() == [
        "docs/202602.md:5:3: PD202 the label `Objctive:` was read as `Objective`: write `Objective:`"
    ]
    assert errors == "paperdigest: mended 1 file\npaperdigest: 1 finding, 0 of them WARNING\n"
    assert main(["lint", "--fix"]) == 0
    assert capsys.readouterr() == (out, "paperdigest: 1 finding, 0 of them WARNING\n")
    assert file.read_text() == MENDED


def test_diff_changes_nothing_and_can_be_applied(at: At, capsys: Out) -> None:
    text = UNTIDY.replace("\n", "\r\n").removesuffix("\r\n") + " x\u2028y\x0cz"
    folder = at(site(**{"docs/202602.md": b"\xef\xbb\xbf" + text.encode(), "docs/a b.md": UNTIDY}))
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    for options in (["--diff"], ["--diff", "--fix"]):
        done = subprocess.run(
            [sys.executable, "-m", "mkdocs_paperdigest", "lint", *options], capture_output=True, check=False
        )
        assert done.returncode == 0
        assert {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == before
    git = subprocess.run(["git", "apply", "-"], input=done.stdout, capture_output=True, check=False)
    assert git.returncode == 0, git.stderr
    by_diff = {path: path.read_bytes() for path in before}
    write(folder, {str(path.relative_to(folder)): data for path, data in before.items()})
    assert main(["lint", "--fix"]) == 0
    assert {path: path.read_bytes() for path in before} == by_diff != before


def test_only_what_is_chosen_is_mended(at: At) -> None:
    folder = at(site(**{"docs/b.md": UNTIDY}))
    assert main(["lint", "--fix", "--select", "PD606", "docs/202602.md"]) == 0
    assert (folder / "docs" / "202602.md").read_text() == UNTIDY.replace("KV  Cache", "KV Cache")
    assert (folder / "docs" / "b.md").read_text() == UNTIDY


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_stay(at: At, end: str, mark: bytes) -> None:
    folder = at(site(**{"docs/202602.md": mark + UNTIDY.replace("\n", end).encode()}))
    assert main(["lint", "--fix"]) == 0
    assert (folder / "docs" / "202602.md").read_bytes() == mark + MENDED.replace("\n", end).encode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030", "cp1252"])
def test_what_is_not_utf_8_is_never_written(at: At, capsys: Out, encoding: str) -> None:
    more = "视频生成的扩散模型综述与展望" * 9 if encoding == "gb18030" else "é" * 9
    text = f"{UNTIDY}\n{more}\n" if encoding != "cp1252" else f"{UNTIDY}\n{more}\n".replace("；", ";")
    data = text.encode(encoding)
    folder = at(site(**{"docs/202602.md": data}))
    assert main(["lint", "--fix", "--format", "json"]) == 1
    items = json.loads(said(capsys))
    assert {"PD001", "PD602", "PD605", "PD606"} <= {item["code"] for item in items}
    assert all(item["fix"] is None for item in items)
    assert main(["lint", "--diff"]) == 1
    out, errors = capsys.readouterr()
    assert out == ""
    assert "--fix" not in errors
    assert (folder / "docs" / "202602.md").read_bytes() == data


def test_a_file_that_cannot_be_written_is_said_and_the_others_are_mended(at: At, capsys: Out) -> None:
    folder = at(site(**{"docs/202603.md": UNTIDY.replace("202602", "202603")}))
    main(["lint"])
    said(capsys)
    with read_only(folder, "docs/202602.md") as copy:
        assert main(["lint", "--fix"]) == 1
        assert (copy / "docs" / "202602.md").read_text() == UNTIDY
        assert "KV Cache" in (copy / "docs" / "202603.md").read_text()
    out, errors = capsys.readouterr()
    assert "paperdigest: docs/202602.md could not be written: Permission denied\npaperdigest: mended 1 file\n" in errors
    assert out.count("202602.md") >= 4


def test_fixes_in_json_are_those_that_are_made(at: At, capsys: Out) -> None:
    # A label that Markdown would read otherwise, and two names that overlap in their separator.
    keypoints = "a:\n  label: A *star* here*\n  aliases: [Astar]\nb:\n  label: B\n  aliases: [Bee]\n"
    text = "# 2024-05\n\n### One\n- `Keypoints:` Astar;;Bee;  Bee ,C\n\n### Two\n- `Keypoints:` Bee；Astar\n"
    folder = at(site(**{"keypoints.yml": keypoints, "docs/202602.md": text}))
    main(["lint", "--format", "json"])
    fixes = sorted(
        ((f["start"], f["end"], f["text"]) for i in json.loads(said(capsys)) if (f := i["fix"])), reverse=True
    )
    made = text
    for start, end, new in fixes:
        made = made[:start] + new + made[end:]
    assert main(["lint", "--fix"]) == 0
    assert (folder / "docs" / "202602.md").read_text() == made
    assert made.count("Astar") == 2
    assert made.count("B;") == 2


def test_fix_touches_nothing_but_the_spans_it_reports(at: At, capsys: Out) -> None:
    chance = random.Random(7)
    names = [
        "DiT",
        "KV  Cache",
        "Guidance",
        "dit",
        "C++",
        "视频生成",
        "A\u00a0B",
        "**Bold**",
        "[link](x.md)",
        "kv cache",
    ]
    papers = []
    for number in range(60):
        parts = [
            chance.choice(names) + chance.choice(["; ", ";", "；", " ;", ";; ", ", ", ",", "、", ";\t"])
            for _ in range(4)
        ]
        papers.append(f"### Paper {number}\n- `Keypoints:`{chance.choice([' ', '  ', ''])}{''.join(parts)}\n")
    text = "# 2024-05\n\n" + "\n".join(papers)
    folder = at(site(**{"docs/202602.md": text}))
    main(["lint", "--format", "json"])
    items = json.loads(said(capsys))
    spans = [(item["fix"]["start"], item["fix"]["end"]) for item in items if item["fix"]]
    places = {(item["line"]) for item in items if item["code"] in ("PD602", "PD605", "PD606")}
    assert main(["lint", "--fix"]) == 0
    after = (folder / "docs" / "202602.md").read_text()
    assert after != text
    assert len(spans) > 60
    changed = {
        text.count("\n", 0, i1) + 1
        for tag, i1, _, _, _ in SequenceMatcher(None, text, after, autojunk=False).get_opcodes()
        if tag != "equal"
    }
    assert changed <= places
    main(["lint", "--fix"])
    assert (folder / "docs" / "202602.md").read_text() == after


@pytest.mark.large
def test_real_digests(corpus: Path, at: At, capsys: Out) -> None:
    folder = at({"mkdocs.yml": SETTINGS})
    files = sorted(corpus.rglob("*.md"), key=lambda file: (file.stat().st_size, file))[:: many(5, 1)]
    write(folder / "docs", {file.relative_to(corpus).as_posix(): file.read_bytes() for file in files})
    texts = {path: path.read_bytes() for path in sorted((folder / "docs").rglob("*.md"))}
    assert texts
    before = as_data(folder)
    assert main(["lint"]) in (0, 1)
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(re.fullmatch(r"docs/[^:]+\.md:\d+:\d+: PD\d{3} .+", line) for line in lines)
    main(["lint", "--fix"])
    mended = {path: path.read_bytes() for path in texts}
    assert mended != texts
    main(["lint", "--fix"])
    assert {path: path.read_bytes() for path in texts} == mended
    assert without_spellings(as_data(folder)) == without_spellings(before)


def as_data(folder: Path) -> Any:
    options = site_options(folder)
    return papers_json(
        read_collection(options, options.docs).library, lambda path: path, lambda keypoint: keypoint.slug
    )


def without_spellings(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("name") == "keypoints":  # the field as it is written
            return None
        return {key: without_spellings(item) for key, item in value.items() if key != "written"}
    return [without_spellings(item) for item in value] if isinstance(value, list) else value


# --- a build says the same -----------------------------------------------------------------------------------------

CODES = re.compile(r"PD(?:[0-3]\d\d|403|404|5\d\d|601|604)")
LINE = re.compile(
    r"(?:WARNING|INFO) +- +paperdigest: (\S.*?:\d+:\d+): (PD\d{3}) (.*?)(?: \(and (\d+) more in this file\))?$"
)

VOCABULARY = "Guidance:\n  aliases: [CFG, CFG]\n  nosuch: 1\n  parent: Nobody\nKV Cache:\n  colour: ultra\n"
SITES: dict[str, tuple[dict[str, str | bytes], dict[str, Any], dict[str, Any]]] = {
    "faults": (
        {
            "202405.md": "# 2024-06\n\n##Bad\n\n### One\n- `Keypoints:` Gudiance; VLM\n- `Objctive:` x\n\n### One\n- `Keypoints:`\n",
            "old.md": "# Papers\n\n### Two\n- `Keypoints:` CFG; Vision-Language Models (VLMs)\n- [x](javascript:alert(1))\n",
            "index.md": "# Home\n\n<!-- paperdigest:nosuch -->\n\n`<!-- paperdigest:code -->`\n\n[a](../up.md)\n",
            "../keypoints.yml": VOCABULARY,
            "../paperdigest.lock": "keypoints: {a: [a]}\n",
        },
        {"unknown_keypoints": "warn"},
        {},
    ),
    "acronyms": (
        {
            "a.md": "# 2024-05\n\n### One\n- `Keypoints:` VLM; Vision-Language Models\n- `Objective:` Vision-Language Models (VLMs) see.\n",
            "b.md": "# 2024-04\n\n### Two\n- `Keypoints:` VLMs; vlm; Other\n",
            "../keypoints.yml": "Other: {}\n",
        },
        {"acronyms": "merge", "unknown_keypoints": "info"},
        {},
    ),
    "choice": (
        {
            "README.md": FAULTY,
            "index.md": "# Home\n\n<!-- paperdigest:recent limit=x -->\n",
            "sub/README.md": FAULTY,
            "templates/t.md": FAULTY,
            "out/o.md": f"{FAULTY}\n<!-- paperdigest:wrong -->\n",
            "off.md": f"---\npaperdigest: false\n---\n{FAULTY}\n<!-- paperdigest:also wrong -->\n",
            "secret/s.md": FAULTY,
            "latin.md": "# 2024-05\n\n### Café\n- `Keypoints:`\n".encode("latin-1"),
            "two.markdown": FAULTY,
            "two.md": FAULTY,
        },
        {"exclude": ["out/**"]},
        {"exclude_docs": "secret/\n"},
    ),
    "ordinary months": (
        {**TWO_MONTHS, "../keypoints.yml": "World Model:\n  aliases: [WM]\n"},
        {"unknown_keypoints": "info"},
        {},
    ),
}


@pytest.mark.parametrize("name", SITES)
def test_a_build_says_the_same(
    name: str, build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    docs, plugin, config = SITES[name]
    built = build(docs, plugin, arguments=("--verbose",), **config)
    of_build: dict[tuple[str, str], tuple[str, int]] = {}
    for line in built.output.splitlines():
        if match := LINE.search(line):
            place, code, _, more = match.groups()
            if CODES.fullmatch(code):
                path = place.rsplit(":", 2)[0]
                known = of_build.get((path, code))
                of_build[path, code] = (known[0], known[1] + 1) if known else (place, 1 + int(more or 0))
    monkeypatch.chdir(tmp_path / "project")
    main(["lint", "--format", "json"])
    of_lint: dict[tuple[str, str], tuple[str, int]] = {}
    for item in json.loads(said(capsys)):
        path = item["path"].removeprefix("docs/")
        if CODES.fullmatch(item["code"]):
            place, count = of_lint.get((path, item["code"]), (f"{path}:{item['line']}:{item['column']}", 0))
            of_lint[path, item["code"]] = (place, count + 1)
    assert of_lint == of_build
    assert of_lint


def test_the_folder_of_the_settings_as_docs(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    docs: dict[str, str | bytes] = {
        f"../{path}": FAULTY
        for path in (
            "README.md",
            "202405.md",
            "node_modules/x.md",
            "site/old.md",
            ".github/y.md",
            "papers/venv/z.md",
            "papers/1.md",
        )
    }
    built = build(docs, {"docs_dir": "."}, arguments=("--verbose",))
    monkeypatch.chdir(tmp_path / "project")
    places = [place for code, place in found(capsys) if code == "PD201"]
    assert places == ["202405.md:4:3", "README.md:4:3", "papers/1.md:4:3"]
    assert sorted(re.findall(r"paperdigest: (\S+): PD201", built.output)) == places


def test_strict_keypoints_are_warnings(at: At, capsys: Out) -> None:
    at(site(**{"mkdocs.yml": SETTINGS.replace("paperdigest", "paperdigest: {unknown_keypoints: strict}")}))
    assert main(["lint", "--select", "PD601"]) == 1
    assert capsys.readouterr().out.count("PD601") == 2


# --- large and odd -------------------------------------------------------------------------------------------------


def test_a_marker_of_white_space_is_read_at_once(at: At, capsys: Out) -> None:
    at(
        {
            "mkdocs.yml": SETTINGS,
            "docs/a.md": "<!-- paperdigest:recent" + " " * 400_000 + "x -->\n\n<!-- paperdigest: " + " " * 400_000,
        }
    )
    assert [code for code, _ in found(capsys, status=1)] == ["PD403"]


def test_the_same_marker_twice_has_two_places(at: At, capsys: Out) -> None:
    marker = "<!-- paperdigest:nosuch -->"
    at(
        {
            "mkdocs.yml": SETTINGS,
            "docs/a.md": f"---\ntitle: x\n---\n\n{marker}\n\ntext {marker} {marker}\n\n> {marker}\n",
        }
    )
    assert [place for _, place in found(capsys, status=1)] == [
        f"docs/a.md:{place}" for place in ("5:18", "7:23", "7:51", "9:20")
    ]


def test_mentions_are_remembered_for_one_digest() -> None:
    one, other = (read_digest(text, "a.md")[0] for text in (UNTIDY, UNTIDY.replace("DiT", "SiT")))
    apart = [list(mentions(UNTIDY, one)), list(mentions(UNTIDY.replace("DiT", "SiT"), other))]
    with remember_mentions():
        for _ in range(2):
            assert list(mentions(UNTIDY, one)) == apart[0]
            assert list(mentions(UNTIDY.replace("DiT", "SiT"), other)) == apart[1]
        assert list(mentions("ignored", one)) == apart[0]
    assert list(mentions(UNTIDY, one)) == apart[0] != apart[1]


def test_hostile_files_end_nothing(at: At, capsys: Out) -> None:
    chance = random.Random(3)
    signs = "#-*`:;；,|<>[]()!\\\"'\n\r\t \x00\x1b\u2028\ufeff汉A1&$~_=%{}"
    files: dict[str, str | bytes] = {"mkdocs.yml": SETTINGS, "docs/bytes.md": bytes(range(256)) * 20}
    for number in range(30):
        noise = "".join(chance.choices(signs, k=600))
        files[f"docs/{number}.md"] = (
            f"# 2024-05\n\n### A\n- `Keypoints:` {noise}\n\n### B\n- `Keypoints:` A; {noise[::-1]}\n"
        )
    folder = at(files)
    main(["lint", "--fix"])
    texts = {path: path.read_bytes() for path in (folder / "docs").glob("*.md")}
    main(["lint", "--fix", "--format", "json"])
    out, errors = capsys.readouterr()
    assert "Traceback" not in errors
    assert {path: path.read_bytes() for path in texts} == texts
    assert json.loads(out[out.index("[\n") :])


def test_a_pipe_that_closes(at: At) -> None:
    papers = "".join(f"\n### Paper {number}\n- `Keypoints:` A;B\n" for number in range(2000))
    at(site(**{"docs/202602.md": "# 2024-05\n" + papers}))
    command = f"{sys.executable} -m mkdocs_paperdigest lint | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert re.fullmatch(r"docs/202602.md:\d+:\d+: PD.*\n", done.stdout)
    assert "Traceback" not in done.stderr


def test_ordinary_docs_have_no_finding(at: At, capsys: Out) -> None:
    at(
        {
            "mkdocs.yml": SETTINGS,
            "docs/index.md": "# Guide\n\n- **Note:** words; more words,and more\n- `Option:` a;b\n\n## 2024-05-01\n\nFixed [x](https://arxiv.org/abs/1706.03762).\n",
            "docs/api.md": "# API\n\n### `run()`\n\nTags: a, b\n\n| Key | Value |\n| --- | --- |\n| a;b | c  d |\n",
        }
    )
    assert found(capsys) == []
    assert main(["lint", "--diff"]) == 0
    assert said(capsys) == ""
