"""`paperdigest lock`: what it compares, writes and says."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import needed, write

from mkdocs_paperdigest.cli import git_history
from mkdocs_paperdigest.cli.command_line import main

SETTINGS = "site_name: T\nplugins: [paperdigest]\n"
PAPER = "# 202405\n\n### Words that ster\n- `Keypoints:` Gudiance; Video\n- `Objective:` Say it.\n"
LOCK = "papers: # address now (path without suffix, and the anchor its own title gives): addresses it had before, oldest first\n"

Out = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"mkdocs.yml": SETTINGS, "docs/202405.md": PAPER})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(*words: str) -> None:
    program = needed("git", "git")
    subprocess.run([program, "-c", "user.name=x", "-c", "user.email=x@x.test", *words], check=True, capture_output=True)


def commit() -> None:
    if not Path(".git").exists():
        git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")


def correct(folder: Path) -> None:
    file = folder / "docs" / "202405.md"
    file.write_text(file.read_text().replace("ster", "steer").replace("Gudiance", "Guidance"))


def published(folder: Path, place: str) -> Path:
    """A `papers.json` as a build writes it."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    build(load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / place), theme={"name": "mkdocs"}))
    return folder / place / "papers.json"


WRITTEN = (
    "# Written by `paperdigest lock`, `merge` and `rename`. Commit it: it keeps old addresses alive.\n"
    "keypoints: # slug now: slugs that it had before\n"
    "  guidance: [gudiance]\n" + LOCK + "  202405/words-that-steer: [202405/words-that-ster]\n"
)


def test_what_changed_since_the_last_commit_is_written_once(site: Path, capsys: Out) -> None:
    commit()
    correct(site)
    assert main(["lock", "--dry-run"]) == 0
    assert not (site / "paperdigest.lock").exists()
    first = capsys.readouterr().out
    assert first.splitlines() == [
        "paper retitled: 202405/words-that-ster → 202405/words-that-steer",
        "keypoint renamed: gudiance → guidance",
    ]
    for expected in (first, "", ""):
        assert main(["lock"]) == 0
        assert capsys.readouterr().out == expected
        assert (site / "paperdigest.lock").read_text() == WRITTEN
    commit()
    assert main(["lock"]) == 0
    assert capsys.readouterr() == ("", "paperdigest: paperdigest.lock holds every address already\n")


def test_what_was_committed_without_a_lock_is_found_later(site: Path, capsys: Out) -> None:
    commit()
    correct(site)
    commit()
    write(site, {"README.md": "x"})
    commit()
    assert main(["lock"]) == 0
    assert (site / "paperdigest.lock").read_text() == WRITTEN


def test_rename_writes_down_what_changed_before(site: Path, capsys: Out) -> None:
    commit()
    correct(site)
    assert main(["keypoints", "rename", "Video", "Film"]) == 0
    text = (site / "paperdigest.lock").read_text()
    assert "  202405/words-that-steer: [202405/words-that-ster]\n" in text
    assert "  film: [video]\n  guidance: [gudiance]\n" in text
    capsys.readouterr()
    assert main(["lock"]) == 0
    assert capsys.readouterr().out == ""


def test_marks_of_a_merge_are_taken_away(site: Path, capsys: Out) -> None:
    sides = "<<<<<<< ours\n  a: [b]\n=======\n  c: [d]\n>>>>>>> theirs\n"
    write(site, {"paperdigest.lock": f"keypoints:\n{sides}"})
    commit()
    assert main(["lock"]) == 0
    text = (site / "paperdigest.lock").read_text()
    assert "  a: [b]\n  c: [d]\n" in text
    assert "<<<<" not in text


def test_a_lock_that_is_not_understood_is_left(site: Path, capsys: Out) -> None:
    write(site, {"paperdigest.lock": "keypoints: [a]\n"})
    commit()
    correct(site)
    assert main(["lock"]) == 1
    assert (site / "paperdigest.lock").read_text() == "keypoints: [a]\n"
    assert "mend it first, or what it held would be lost" in capsys.readouterr().err


def test_without_git_the_built_site_is_compared(site: Path, capsys: Out) -> None:
    assert main(["lock"]) == 0
    assert "there is nothing to compare with: no commit of git, and no site/papers.json" in capsys.readouterr().err
    published(site, "site")
    correct(site)
    assert main(["lock"]) == 0
    assert (site / "paperdigest.lock").read_text() == WRITTEN
    assert main(["lock"]) == 0
    assert (site / "paperdigest.lock").read_text() == WRITTEN


def test_a_papers_json_of_the_web(site: Path, capsys: Out) -> None:
    there = published(site, "there")
    write(site, {"there/page.html": "<html>"})
    correct(site)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(there.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert main(["lock", "--against", f"{address}/page.html"]) == 1
        assert main(["lock", "--against", f"{address}/nothing.json"]) == 1
        assert capsys.readouterr().err.count("is no papers.json that can be read") == 2
        assert main(["lock", "--against", f"{address}/papers.json", "--format", "json"]) == 0
        server.shutdown()
    assert (site / "paperdigest.lock").read_text() == WRITTEN
    assert json.loads(capsys.readouterr().out) == [
        {
            "of": "paper",
            "kind": "retitled",
            "old": "202405/words-that-ster",
            "new": "202405/words-that-steer",
            "name": "Words that steer",
        },
        {"of": "keypoint", "kind": "renamed", "old": "gudiance", "new": "guidance", "name": "Guidance"},
    ]


@pytest.mark.parametrize("text", ["{}", "[]", "null", "no", '{"papers": 3, "keypoints": []}', "[" * 100_000])
def test_a_file_that_is_no_papers_json(site: Path, capsys: Out, text: str) -> None:
    write(site, {"x.json": text})
    assert main(["lock", "--against", "x.json"]) == 1
    assert capsys.readouterr().err.startswith("paperdigest: x.json is no papers.json that can be read: ")


def test_a_revision_that_is_none(site: Path, capsys: Out) -> None:
    commit()
    assert main(["lock", "--since", "nothing"]) == 1
    assert capsys.readouterr().err == "paperdigest: `nothing` names no commit here\n"


def test_a_paper_whose_title_alone_is_another_keeps_its_address(site: Path, capsys: Out) -> None:
    """However unlike the titles, and however little else is said."""
    write(
        site, {"docs/202405.md": "# 202405\n\n### A paper\n- `Keypoints:` Video\n\n### Other\n- `Keypoints:` Sound\n"}
    )
    commit()
    file = site / "docs" / "202405.md"
    file.write_text(file.read_text().replace("A paper", "Kelp between tides"))
    assert main(["lock"]) == 0
    assert capsys.readouterr().out == "paper retitled: 202405/a-paper → 202405/kelp-between-tides\n"


def test_what_has_no_successor_is_gone_and_leads_to_the_index(site: Path, capsys: Out) -> None:
    commit()
    write(site, {"docs/202405.md": "# 202405\n\n### Else\n- `Keypoints:` Sound\n- `Objective:` Nothing of it stays.\n"})
    assert main(["lock"]) == 0
    assert "keypoint gone: gudiance" in capsys.readouterr().out
    page = (published(site, "site").parent / "keypoints" / "gudiance" / "index.html").read_text()
    assert 'content="0; url=../../keypoints/"' in page


def test_a_title_that_was_corrected_twice_before_the_commit(site: Path, capsys: Out) -> None:
    """The lock of the title between, which nobody saw, is committed with the last one."""
    commit()
    correct(site)
    assert main(["lock"]) == 0
    file = site / "docs" / "202405.md"
    file.write_text(file.read_text().replace("steer", "stir").replace("Guidance", "Steering"))
    commit()
    assert main(["lock"]) == 0
    text = (site / "paperdigest.lock").read_text()
    assert "  202405/words-that-stir: [202405/words-that-ster]\n" in text
    assert "  steering: [gudiance" in text


def test_a_branch_that_brings_a_lock_hides_nothing(site: Path, capsys: Out) -> None:
    commit()
    git("checkout", "-q", "-b", "branch")
    write(site, {"docs/202406.md": PAPER.replace("202405", "202406").replace("ster", "row").replace("Say", "Do")})
    commit()
    (site / "docs" / "202406.md").write_text((site / "docs" / "202406.md").read_text().replace("row", "grow"))
    assert main(["lock"]) == 0
    commit()
    git("checkout", "-q", "-")
    correct(site)
    commit()
    git("-c", "core.editor=true", "merge", "-q", "branch", "-m", "x")
    assert main(["lock"]) == 0
    text = (site / "paperdigest.lock").read_text()
    assert "  202405/words-that-steer: [202405/words-that-ster]\n" in text
    assert "  202406/words-that-grow: [202406/words-that-row]\n" in text


def test_what_was_undone_leaves_nothing(site: Path, capsys: Out) -> None:
    commit()
    correct(site)
    assert main(["lock"]) == 0
    git("checkout", "-q", "--", "docs")
    assert main(["lock"]) == 0
    assert (site / "paperdigest.lock").read_text() == ""
    data = json.loads(published(site, "site").read_text())
    assert [(paper["id"], paper["url"]) for paper in data["papers"]] == [
        ("202405/words-that-ster", "202405/#words-that-ster")
    ]


def test_a_shallow_clone_is_said(site: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    commit()
    correct(site)
    commit()
    git("clone", "-q", "--depth", "1", f"file://{site}", "clone")
    monkeypatch.chdir(site / "clone")
    assert main(["lock"]) == 0
    assert "`git fetch --unshallow` gets them" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"papers: {\xe9/x: []}\n", b""])
def test_a_lock_in_any_encoding(site: Path, capsys: Out, data: bytes) -> None:
    (site / "paperdigest.lock").write_bytes(data)
    assert main(["lock"]) in (0, 1)


@pytest.mark.parametrize(
    "line",
    [
        f"gone: [{'a' * 300}]",
        f"papers: {{202405/words-that-ster: [{'p' * 300}/x]}}",
        "papers: {202405/words-that-ster: [papers.json/x]}",
        "papers: {202405/words-that-ster: [assets/paperdigest/paperdigest.css/x]}",
        "papers: {202405/words-that-ster: [202405/index.html/x]}",
        "papers: {202405/words-that-ster: [202405/__config]}",
        "papers: {202405/words-that-ster: [../../x/y]}",
    ],
)
def test_addresses_that_no_site_can_have_are_refused(site: Path, capsys: Out, line: str) -> None:
    write(site, {"paperdigest.lock": f"{line}\n"})
    assert main(["lint", "--select", "PD508"]) == 1
    assert capsys.readouterr().out.count("PD508") == 1
    published(site, "site")


@pytest.mark.parametrize("acronyms", ["propose", "merge"])
def test_texts_of_the_history_are_kept_only_where_acronyms_are_merged(
    site: Path, monkeypatch: pytest.MonkeyPatch, acronyms: str
) -> None:
    write(site, {"mkdocs.yml": f"site_name: T\nplugins:\n  - paperdigest:\n      acronyms: {acronyms}\n"})
    commit()
    kept, read = [], git_history._States._page

    def page(*arguments: Any) -> Any:
        kept.append(read(*arguments))
        return kept[-1]

    monkeypatch.setattr(git_history._States, "_page", page)
    list(git_history.snapshots_of_git(git_history.history_of(site)))
    assert [text is not None for _, text in kept] == [acronyms == "merge"]
