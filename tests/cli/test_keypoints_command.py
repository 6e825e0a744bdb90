"""`paperdigest keypoints`: what it lists, and what merge, rename and describe write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import read_only, write

from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.lock.lock_file import read_lock

SETTINGS = "site_name: x\nplugins:\n  - paperdigest\n"
PAPERS: dict[str, str | bytes] = {
    "mkdocs.yml": SETTINGS,
    "docs/202601.md": "# 202601\n\n### One\n- `Keypoints:` Guidance; Video Diffusion\n\n### Two\n- `Keypoints:` KV Cache\n",
    "docs/202602.md": "# 202602\n\n### Three\n- `Keypoints:` Gudiance; video diffusion; **KV Caches**\n\n### Four\n- `Keypoints:` Guidance\n",
}
KEYPOINTS = """\
# The vocabulary of this site.
kv-cache:  # of transformers
  label: KV Cache
  aliases: [Key-Value Cache]

guidance:
  label: Guidance
  parent: steering   # above
  description: |
    Where to go.

steering: {label: Steering}
"""

At = Callable[..., Path]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """A function that makes a folder with files the current one."""

    def make(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "project"
        folder.mkdir()
        write(folder, files)
        monkeypatch.chdir(folder)
        return folder

    return make


def run(*arguments: str) -> int:
    return main(["keypoints", *arguments])


def as_json(capsys: Out, *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    what, *others = arguments
    assert run(what, "--format", "json", *others) == 0
    items = json.loads(capsys.readouterr().out)
    assert isinstance(items, list)
    assert all(isinstance(item, dict) for item in items)
    return items


def vocabulary(folder: Path) -> Any:
    return yaml.safe_load((folder / "keypoints.yml").read_text(encoding="utf-8"))


def former(folder: Path) -> dict[str, tuple[str, ...]]:
    lock, findings = read_lock((folder / "paperdigest.lock").read_text(encoding="utf-8"), "")
    assert findings == ()
    return dict(lock.keypoints)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what there is -------------------------------------------------------------------------------------------------


def test_list(at: At, capsys: Out) -> None:
    at(PAPERS)
    assert run("list") == 0
    assert capsys.readouterr() == (
        "     2  Guidance  (2026-01 to 2026-02)\n"
        "     2  Video Diffusion  (2026-01 to 2026-02)  also video diffusion\n"
        "     1  Gudiance  (2026-02)\n"
        "     1  KV Cache  (2026-01)\n"
        "     1  KV Caches  (2026-02)\n",
        "",
    )
    items = as_json(capsys, "list")
    assert items[1] == {
        "slug": "video-diffusion",
        "label": "Video Diffusion",
        "count": 2,
        "below": 2,
        "months": {"2026-02": 1, "2026-01": 1},
        "written": ["Video Diffusion", "video diffusion"],
        "aliases": [],
        "description": "",
        "parent": None,
        "children": [],
        "group": None,
        "related": [],
        "hidden": False,
        "known": False,
    }


def test_list_knows_the_file(at: At, capsys: Out) -> None:
    at({**PAPERS, "keypoints.yml": KEYPOINTS})
    items = {item["slug"]: item for item in as_json(capsys, "list")}
    assert items["steering"]["count"] == 0
    assert items["steering"]["below"] == 2
    assert items["steering"]["children"] == ["guidance"]
    assert items["guidance"]["parent"] == "steering"
    assert items["guidance"]["description"].strip() == "Where to go."
    assert items["kv-cache"]["aliases"] == ["kv-cache", "Key-Value Cache"]
    assert items["kv-cache"]["known"]


def test_similar(at: At, capsys: Out) -> None:
    at(PAPERS)
    assert run("similar") == 0
    out, errors = capsys.readouterr()
    lines = {line.split(maxsplit=1)[1] for line in out.splitlines()}
    assert lines == {"Guidance  =  Gudiance  (typo)", "KV Cache  =  KV Caches  (plural)"}
    assert "paperdigest keypoints merge B A" in errors
    items = as_json(capsys, "similar")
    assert {(item["a"], item["b"], item["reason"]) for item in items} == {
        ("Guidance", "Gudiance", "typo"),
        ("KV Cache", "KV Caches", "plural"),
    }
    assert all(set(item) == {"a", "b", "score", "reason"} and 0 < item["score"] <= 1 for item in items)
    scores = [item["score"] for item in items]
    assert scores == sorted(scores, reverse=True)


def test_a_pair_that_the_file_knows_is_none(at: At, capsys: Out) -> None:
    at({**PAPERS, "keypoints.yml": "KV Cache:\nKV Caches:\nGuidance:\n"})
    assert [item["b"] for item in as_json(capsys, "similar")] == ["Gudiance"]


@pytest.mark.parametrize("what", ["list", "similar"])
@pytest.mark.parametrize("docs", [{}, {"docs/plain.md": "# Words\n"}])
def test_nothing_is_an_empty_list(at: At, capsys: Out, what: str, docs: dict[str, str | bytes]) -> None:
    at({"mkdocs.yml": SETTINGS, **docs}).joinpath("docs").mkdir(exist_ok=True)
    assert as_json(capsys, what) == []
    assert run(what) == 0
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.count("\n") == 1


@pytest.mark.parametrize("path", ["docs", "docs/202601.md", ".", "docs/../docs"])
def test_a_path_means_all_of_its_site(at: At, capsys: Out, path: str) -> None:
    at(PAPERS)
    assert as_json(capsys, "list", path) == as_json(capsys, "list")


def test_from_elsewhere(at: At, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = at(PAPERS)
    all_of_it = as_json(capsys, "list")
    for here, path in (("/", str(folder)), (str(folder / "docs"), "."), (str(folder.parent), "project/docs")):
        monkeypatch.chdir(here)
        assert as_json(capsys, "list", path) == all_of_it
    assert run("merge", "Gudiance", "Guidance", "project") == 0
    assert capsys.readouterr().out == (
        "project/keypoints.yml: Gudiance → Guidance\nproject/paperdigest.lock: gudiance → guidance\n"
    )
    assert former(folder) == {"guidance": ("gudiance",)}


@pytest.mark.parametrize("what", [["list"], ["similar"], ["merge", "a", "b"], ["rename", "a", "b"], ["describe", "a"]])
@pytest.mark.parametrize("path", ["nosuch", "README.md", "docs/plot.png"])
def test_wrong_paths(at: At, capsys: Out, what: list[str], path: str) -> None:
    at({**PAPERS, "README.md": "# Words\n", "docs/plot.png": b""})
    assert run(*what, path) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith("paperdigest: ")


@pytest.mark.parametrize("arguments", [[], ["nosuch"], ["merge", "a"], ["list", "--format", "xml"], ["describe"]])
def test_wrong_arguments(at: At, capsys: Out, arguments: list[str]) -> None:
    at(PAPERS)
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2


# --- merge ---------------------------------------------------------------------------------------------------------


def test_merge_makes_an_alias_and_keeps_the_address(at: At, capsys: Out) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    digests = {path: data for path, data in contents(folder).items() if path.startswith("docs")}
    assert run("merge", "gudiance", "guidance") == 0
    assert capsys.readouterr() == ("keypoints.yml: Gudiance → Guidance\npaperdigest.lock: gudiance → guidance\n", "")
    text = (folder / "keypoints.yml").read_text()
    assert [line for line in text.splitlines() if line not in KEYPOINTS.splitlines()] == ["  aliases: [Gudiance]"]
    assert [line for line in text.splitlines() if line != "  aliases: [Gudiance]"] == KEYPOINTS.splitlines()
    assert former(folder) == {"guidance": ("gudiance",)}
    assert {path: data for path, data in contents(folder).items() if path.startswith("docs")} == digests
    items = {item["slug"]: item for item in as_json(capsys, "list")}
    assert items["guidance"]["count"] == 3
    assert "gudiance" not in items


def test_merges_one_after_another_keep_all_addresses(at: At, capsys: Out) -> None:
    folder = at(PAPERS)
    for a, b in (("Gudiance", "Guidance"), ("Guidance", "Video Diffusion"), ("KV Caches", "KV Cache")):
        assert run("merge", a, b) == 0
    assert former(folder) == {"kv-cache": ("kv-caches",), "video-diffusion": ("gudiance", "guidance")}
    found = vocabulary(folder)
    assert sorted(found["Video Diffusion"]["aliases"]) == ["Gudiance", "Guidance"]
    assert found["KV Cache"] == {"aliases": ["KV Caches"]}
    counts = {item["label"]: item["count"] for item in as_json(capsys, "list") if item["count"]}
    assert counts == {"Video Diffusion": 3, "KV Cache": 2}


def test_merge_of_a_parent_into_its_child(at: At, capsys: Out) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    assert run("merge", "Steering", "Guidance") == 0
    found = vocabulary(folder)
    assert "parent" not in found["guidance"]
    assert "steering" not in found
    assert former(folder) == {"guidance": ("steering",)}
    assert main(["lint", "--select", "PD5", "--fail-on", "info"]) == 0


def test_merge_with_an_own_slug_keeps_its_address(at: At, capsys: Out) -> None:
    folder = at({**PAPERS, "keypoints.yml": "Gudiance:\n  slug: steer\nGuidance:\n  slug: go\n"})
    assert run("merge", "Gudiance", "Guidance") == 0
    assert former(folder) == {"go": ("steer",)}
    items = {item["slug"]: item["count"] for item in as_json(capsys, "list")}
    assert items["go"] == 3


def test_merge_with_rewrite(at: At, capsys: Out) -> None:
    folder = at(PAPERS)
    assert run("merge", "KV Caches", "KV Cache", "--rewrite") == 0
    assert capsys.readouterr() == (
        "keypoints.yml: KV Caches → KV Cache\n"
        "paperdigest.lock: kv-caches → kv-cache\n"
        "docs/202602.md:4: KV Caches → KV Cache\n",
        "",
    )
    after = contents(folder)
    assert after["docs/202602.md"].decode() == str(PAPERS["docs/202602.md"]).replace("KV Caches", "KV Cache")
    assert after["docs/202601.md"].decode() == PAPERS["docs/202601.md"]


def test_a_paper_that_names_both_is_left(at: At, capsys: Out) -> None:
    text = "# 202602\n\n### Three\n- `Keypoints:` Gudiance; Guidance\n\n### Four\n- `Keypoints:` Gudiance\n"
    folder = at({**PAPERS, "docs/202602.md": text})
    assert run("merge", "Gudiance", "Guidance", "--rewrite") == 0
    out, errors = capsys.readouterr()
    assert out.splitlines()[2:] == ["docs/202602.md:7: Gudiance → Guidance"]
    assert errors == "paperdigest: docs/202602.md:4:16 (Gudiance) was left as it is: change it by hand\n"
    assert (folder / "docs" / "202602.md").read_text() == text[: -len("Gudiance\n")] + "Guidance\n"


def test_rewrite_keeps_bytes_and_leaves_what_is_not_utf_8(at: At, capsys: Out) -> None:
    text = "# 202603\r\n\r\n### É\r\n- `Keypoints:` Gudiance\r\n"
    folder = at({**PAPERS, "docs/a.md": b"\xef\xbb\xbf" + text.encode(), "docs/b.md": text.encode("latin-1")})
    assert run("merge", "Gudiance", "Guidance", "--rewrite") == 0
    assert "docs/b.md:4:16 (Gudiance) was left as it is" in capsys.readouterr().err
    after = contents(folder)
    assert after["docs/a.md"] == b"\xef\xbb\xbf" + text.replace("Gudiance", "Guidance").encode()
    assert after["docs/b.md"] == text.encode("latin-1")


@pytest.mark.parametrize("what", ["merge", "rename"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_dry_run_changes_nothing(at: At, capsys: Out, what: str, form: str) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    before = contents(folder)
    new = "Guidance" if what == "merge" else "Steered"
    arguments = (what, "Gudiance", new, "--rewrite", "--format", form)
    assert run(*arguments, "--dry-run") == 0
    would, errors = capsys.readouterr()
    assert errors == "paperdigest: nothing was changed\n"
    assert contents(folder) == before
    assert run(*arguments) == 0
    assert capsys.readouterr().out == would
    assert contents(folder) != before


def test_changes_as_json(at: At, capsys: Out) -> None:
    at(PAPERS)
    assert as_json(capsys, "merge", "Gudiance", "Guidance", "--rewrite") == [
        {"path": "keypoints.yml", "line": None, "old": "Gudiance", "new": "Guidance"},
        {"path": "paperdigest.lock", "line": None, "old": "gudiance", "new": "guidance"},
        {"path": "docs/202602.md", "line": 4, "old": "Gudiance", "new": "Guidance"},
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["merge", "Nobody", "Guidance"], "no paper names a keypoint Nobody"),
        (["merge", "Guidance", "Nobody"], "no paper names a keypoint Nobody"),
        (["merge", "", "Guidance"], "no paper names a keypoint"),
        (["merge", "guidance", "Guidance"], "guidance and Guidance are one keypoint already"),
        (["merge", "Key-Value Cache", "KV Cache"], "Key-Value Cache and KV Cache are one keypoint already"),
        (["rename", "Nobody", "X"], "no paper names a keypoint Nobody"),
        (["rename", "Guidance", "KV Cache"], "there is a keypoint KV Cache already: merge them"),
        (["rename", "Guidance", "key-value cache"], "there is a keypoint KV Cache already: merge them"),
        (["rename", "Guidance", " "], "the name of a keypoint cannot be empty"),
        (["describe", "Nobody"], "no paper names a keypoint Nobody"),
        (["describe", "Nobody", "--set", "x"], "no paper names a keypoint Nobody"),
    ],
)
def test_what_cannot_be_done_is_said(at: At, capsys: Out, arguments: list[str], sentence: str) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    before = contents(folder)
    assert run(*arguments) == 1
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith(f"paperdigest: {sentence}")
    assert errors.count("\n") == 1
    assert contents(folder) == before


CHANGES = [["merge", "Gudiance", "Guidance"], ["rename", "Gudiance", "X"], ["describe", "Gudiance", "--set", "x"]]


@pytest.mark.parametrize("arguments", CHANGES)
@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"keypoints.yml": "a: [\nb: }\n"}, "keypoints.yml cannot be read"),
        ({"keypoints.yml": "a:\n".encode("utf-16")}, "keypoints.yml is not UTF-8"),
        ({"mkdocs.yml": SETTINGS.replace("digest", "digest: {keypoints_file: false}")}, "`keypoints_file` is false"),
    ],
)
def test_a_vocabulary_that_cannot_be_written(
    at: At, capsys: Out, arguments: list[str], files: dict[str, str | bytes], sentence: str
) -> None:
    folder = at({**PAPERS, **files})
    before = contents(folder)
    assert run(*arguments) == 1
    out, errors = capsys.readouterr()
    assert out == ""
    assert sentence in errors
    assert contents(folder) == before


@pytest.mark.parametrize("lock", ["<<<<<<< ours\nkeypoints: {a: [b]}\n", "keypoints: [\n", "what: now\n"])
@pytest.mark.parametrize("arguments", CHANGES[:2])
def test_a_lock_that_is_not_understood_is_not_lost(at: At, capsys: Out, lock: str, arguments: list[str]) -> None:
    folder = at({**PAPERS, "paperdigest.lock": lock})
    before = contents(folder)
    assert run(*arguments) == 1
    assert "mend it first, or what it held would be lost" in capsys.readouterr().err
    assert contents(folder) == before


def test_what_is_not_understood_is_said_by_lists(at: At, capsys: Out) -> None:
    at({**PAPERS, "keypoints.yml": "a: [\n"})
    assert run("list") == 0
    out, errors = capsys.readouterr()
    assert out
    assert errors.startswith("paperdigest: keypoints.yml:")
    assert "PD501" in errors


def test_keypoints_elsewhere(at: At) -> None:
    settings = SETTINGS.replace("paperdigest", "paperdigest: {keypoints_file: data/words.yml}")
    folder = at({**PAPERS, "mkdocs.yml": settings, "data/words.yml": "# Words\n"})
    assert run("merge", "Gudiance", "Guidance") == 0
    assert (folder / "data" / "words.yml").read_text().startswith("# Words\n")
    assert not (folder / "keypoints.yml").exists()
    assert former(folder) == {"guidance": ("gudiance",)}


def test_marks_and_line_ends_of_the_vocabulary_stay(at: At) -> None:
    folder = at({**PAPERS, "keypoints.yml": b"\xef\xbb\xbf" + KEYPOINTS.replace("\n", "\r\n").encode()})
    assert run("merge", "Gudiance", "Guidance") == 0
    data = (folder / "keypoints.yml").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# The")
    assert data.count(b"\n") == data.count(b"\r\n") == KEYPOINTS.count("\n") + 1


# --- acronyms that were merged already -----------------------------------------------------------------------------

ACRONYMS: dict[str, str | bytes] = {
    "mkdocs.yml": SETTINGS.replace("paperdigest", "paperdigest: {acronyms: merge}"),
    "docs/202601.md": "# 202601\n\n### One\n- `Keypoints:` Vision-Language Models; Robots\n- `Objective:` Vision-Language Models (VLMs) see.\n",
    "docs/202602.md": "# 202602\n\n### Two\n- `Keypoints:` VLM\n\n### Three\n- `Keypoints:` VLMs\n",
}


def test_an_acronym_is_written_down(at: At, capsys: Out) -> None:
    folder = at(ACRONYMS)
    assert run("merge", "VLM", "Vision-Language Models") == 0
    assert capsys.readouterr().out == "keypoints.yml: VLM → Vision-Language Models\n"
    assert sorted(vocabulary(folder)["Vision-Language Models"]["aliases"]) == ["VLM", "VLMs"]
    assert {item["slug"]: item["count"] for item in as_json(capsys, "list")} == {
        "vision-language-models": 3,
        "robots": 1,
    }
    assert run("merge", "VLM", "Vision-Language Models") == 1
    assert run("merge", "Vision-Language Models", "VLM") == 1


def test_what_an_acronym_stands_for_is_renamed_with_it(at: At, capsys: Out) -> None:
    folder = at(ACRONYMS)
    assert run("rename", "vlms", "VLM", "--rewrite") == 0
    assert former(folder) == {"vlm": ("vision-language-models",)}
    assert "Keypoints:` VLM; Robots" in (folder / "docs" / "202601.md").read_text()
    assert "Vision-Language Models (VLMs) see." in (folder / "docs" / "202601.md").read_text()
    assert {item["slug"]: item["count"] for item in as_json(capsys, "list")} == {"vlm": 3, "robots": 1}


def test_merge_takes_the_acronyms_with_it(at: At, capsys: Out) -> None:
    folder = at(ACRONYMS)
    assert run("merge", "Vision-Language Models", "Robots") == 0
    assert former(folder) == {"robots": ("vision-language-models",)}
    assert {item["slug"]: item["count"] for item in as_json(capsys, "list")} == {"robots": 3}


def test_an_acronym_is_described_as_what_it_stands_for(at: At, capsys: Out) -> None:
    folder = at(ACRONYMS)
    assert run("describe", "vlm", "--set", "They see.") == 0
    assert vocabulary(folder) == {"Vision-Language Models": {"description": "They see."}}
    assert [item["count"] for item in as_json(capsys, "describe", "VLMs")] == [3]


# --- rename and describe -------------------------------------------------------------------------------------------


def test_rename(at: At, capsys: Out) -> None:
    folder = at(PAPERS)
    assert run("rename", "Guidance", "Steered Sampling", "--rewrite") == 0
    assert capsys.readouterr().out == (
        "keypoints.yml: Guidance → Steered Sampling\n"
        "paperdigest.lock: guidance → steered-sampling\n"
        "docs/202601.md:4: Guidance → Steered Sampling\n"
        "docs/202602.md:7: Guidance → Steered Sampling\n"
    )
    assert vocabulary(folder) == {"Steered Sampling": {"aliases": ["Guidance"]}}
    assert run("rename", "steered sampling", "Guidance", "--rewrite") == 0
    assert former(folder) == {"guidance": ("steered-sampling",)}
    assert contents(folder)["docs/202601.md"].decode() == PAPERS["docs/202601.md"]


def test_rename_to_another_spelling_changes_no_address(at: At, capsys: Out) -> None:
    folder = at(PAPERS)
    assert run("rename", "Video Diffusion", "Video-diffusion") == 0
    assert capsys.readouterr().out == "keypoints.yml: Video Diffusion → Video-diffusion\n"
    assert not (folder / "paperdigest.lock").exists()
    assert [item["label"] for item in as_json(capsys, "describe", "video diffusion")] == ["Video-diffusion"]


def test_rename_to_the_same_is_nothing(at: At, capsys: Out) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    before = contents(folder)
    assert run("rename", "KV Cache", "KV Cache") == 0
    assert capsys.readouterr() == ("", "paperdigest: nothing was changed\n")
    assert contents(folder) == before


@pytest.mark.parametrize(
    "name",
    [
        'a "quoted" one',
        "it's",
        "a: b",
        "a #1",
        "#1",
        "汉字",
        "<script>alert(1)</script>",
        "- x",
        "yes",
        "3",
        "C++",
        "a, b",
        "&x *y",
        "{z}",
        "\\n",
    ],
)
def test_any_name(at: At, capsys: Out, name: str) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    assert run("rename", "Gudiance", name, "--rewrite") == 0
    assert f"keypoints.yml: Gudiance → {name}\n" in capsys.readouterr().out
    found = as_json(capsys, "describe", "--", name)
    assert [item["label"] for item in found] == [name]
    assert found[0]["count"] == 1
    assert list(former(folder).values()) == [("gudiance",)]
    assert run("describe", f"--set=What {name} is.", "--", name) == 0
    assert run("merge", "--rewrite", "--", name, "Guidance") == 0
    capsys.readouterr()
    items = {item["slug"]: item for item in as_json(capsys, "list")}
    assert items["guidance"]["count"] == 3
    assert name in items["guidance"]["aliases"]
    assert len(former(folder)["guidance"]) == 2
    assert main(["lint", "--select", "PD5", "--fail-on", "info"]) == 0


def test_nothing_that_a_terminal_obeys(at: At, capsys: Out) -> None:
    at({**PAPERS, "docs/202603.md": "# 202603\n\n### X\n- `Keypoints:` \u202eEvil\u202c; \x1b[31mRed\n"})
    for arguments in (
        ["list"],
        ["list", "--format", "json"],
        ["merge", "\u202eEvil\u202c", "Guidance", "--dry-run"],
        ["merge", "\x1b[31mNobody", "Guidance"],
        ["describe", "\u202eEvil\u202c"],
        ["rename", "Guidance", "\x1b]0;x\x07", "--dry-run"],
    ):
        run(*arguments)
        out, errors = capsys.readouterr()
        assert out + errors
        assert not {"\x1b", "\u202e", "\u202c", "\x07"} & set(out + errors), arguments


def test_describe(at: At, capsys: Out) -> None:
    folder = at({**PAPERS, "keypoints.yml": KEYPOINTS})
    assert run("describe", "gUIDANCE") == 0
    assert capsys.readouterr().out == (
        "Guidance\n  slug: guidance\n  papers: 2\n  months: 2026-01 to 2026-02\n  description: Where to go.\n  parent: steering\n"
    )
    assert run("describe", "Guidance", "--set", "Not *there*.") == 0
    assert "description: Not *there*.\n" in capsys.readouterr().out
    assert vocabulary(folder)["guidance"]["description"] == "Not *there*."
    assert run("describe", "Guidance", "--set", "") == 0
    assert "description" not in vocabulary(folder)["guidance"]
    assert [line for line in KEYPOINTS.splitlines() if "description" not in line and "Where" not in line] == (
        folder / "keypoints.yml"
    ).read_text().splitlines()


@pytest.mark.parametrize("name", ["Video Diffusion", "video-diffusion", "VIDEO  DIFFUSION"])
def test_a_description_keeps_the_label(at: At, capsys: Out, name: str) -> None:
    folder = at(PAPERS)
    assert as_json(capsys, "describe", name, "--set", "Moving.")[0]["label"] == "Video Diffusion"
    assert vocabulary(folder) == {"Video Diffusion": {"description": "Moving."}}


def test_a_keypoint_is_found_by_its_slug(at: At, capsys: Out) -> None:
    at({**PAPERS, "docs/202603.md": "# 202603\n\n### X\n- `Keypoints:` C#\n"})
    assert [item["label"] for item in as_json(capsys, "describe", "c~23")] == ["C#"]


def test_a_digest_that_cannot_be_written(at: At, capsys: Out) -> None:
    folder = at({**PAPERS, "docs/202603.md": "# 202603\n\n### Five\n- `Keypoints:` Gudiance\n"})
    run("merge", "Gudiance", "Guidance", "--rewrite", "--dry-run")
    capsys.readouterr()
    with read_only(folder, "docs/202602.md") as copy:
        assert run("merge", "Gudiance", "Guidance", "--rewrite") == 1
        assert former(copy) == {"guidance": ("gudiance",)}
    out, errors = capsys.readouterr()
    assert errors.endswith("paperdigest: docs/202602.md could not be written: Permission denied\n")
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        "keypoints.yml",
        "paperdigest.lock",
        "docs/202603.md",
    ]


def test_in_a_process_of_its_own(at: At) -> None:
    folder = at({**PAPERS, "docs/202603.md": "# 202603\n\n### X\n- `Keypoints:` 视频生成\n"})
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs_paperdigest",
            "keypoints",
            "merge",
            "视频生成",
            "Video Diffusion",
            "--rewrite",
            "--format",
            "json",
        ],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))[-1] == {
        "path": "docs/202603.md",
        "line": 4,
        "old": "视频生成",
        "new": "Video Diffusion",
    }
