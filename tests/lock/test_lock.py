"""`paperdigest.lock`: its text, what it means, what changes it, and the history of a repository."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import needed, write
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.cli.git_history import HistoryError, history_of, locked, snapshots_of_git
from mkdocs_paperdigest.exports.papers_json import papers_json
from mkdocs_paperdigest.lock.changes import Change, changes
from mkdocs_paperdigest.lock.lock_file import (
    NOTHING,
    Lock,
    is_address,
    is_slug,
    kept,
    lock_of,
    lock_text,
    read_lock,
    redirects,
    renamed_slugs,
)
from mkdocs_paperdigest.lock.snapshot import Snapshot, assembled, natural_states, snapshot_of_papers_json

SETTINGS = "site_name: x\nplugins:\n  - paperdigest\n"


def page(*titles: str, keypoints: str = "Kelp", first: int = 1) -> str:
    link = "\\[[paper](https://arxiv.org/abs/2405.{:05})\\]"
    papers = (f"### {title} {link.format(n)}\n- `Keypoints:` {keypoints};\n" for n, title in enumerate(titles, first))
    return "# Notes\n\n" + "\n".join(papers)


def state(files: dict[str, str], lock: Lock = NOTHING) -> Snapshot:
    return assembled((natural_states(read_digest(files[path], path)[0]) for path in sorted(files)), lock=lock)


# -- the file

ADDRESSES = st.text(min_size=1, max_size=12).map(lambda text: f"202405/{text}").filter(is_address)
SLUGS = st.text(min_size=1, max_size=12).filter(is_slug)


@given(
    st.dictionaries(ADDRESSES | st.just("a/" + "x" * 2000), st.integers(0, 3), max_size=4),
    st.lists(ADDRESSES, unique=True, max_size=12),
    st.lists(SLUGS, unique=True, min_size=6, max_size=8),
)
def test_a_lock_is_read_as_it_was_written(nows: dict[str, int], olds: list[str], slugs: list[str]) -> None:
    papers = {now: [olds.pop() for _ in range(number) if olds] for now, number in nows.items()}
    lock = lock_of({slugs[0]: slugs[1:3], slugs[3]: slugs[4:5]}, papers, slugs[5:])
    assert read_lock(lock_text(lock), "paperdigest.lock") == (lock, ())


@given(st.text(max_size=80) | st.text("keypoints: papers[]{}a/b-.\n ,&*!?|>'\"", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for body in (text, f"papers:\n  {text}", f"<<<<<<< a\n{text}\n"):
        lock, findings = read_lock(body, "paperdigest.lock")
        assert all(found.line >= 1 and found.column >= 1 for found in findings)
        assert read_lock(lock_text(lock), "paperdigest.lock") == (lock, ())


def test_nothing_is_no_text() -> None:
    assert lock_text(NOTHING) == ""
    assert read_lock("", "paperdigest.lock") == (NOTHING, ())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("papers: 3", "1:9"),
        ("papers:\n  a/b: [a/c, ../d]", "2:14"),
        ("papers:\n  /a/b: [a/c]", "2:3"),
        ("papers:\n  a/b: [a/c]\n  a/d: [a/c]", "3:9"),
        ("papers:\n  a/b: {a: b}", "2:8"),
        ("keypoints:\n  a: [a/b]", "2:7"),
        ("keypoints:\n  a: [a]", "2:7"),
        ("gone: [a]\nothers: []", "2:1"),
        ("gone: [a\n", "2:1"),
        ("[" * 50000, "1:201"),
        ("gone: [a]\n<<<<<<< b\ngone: [c]\n=======\ngone: [d]\n>>>>>>> e\n", "2:1"),
    ],
)
def test_each_fault_is_one_finding(text: str, place: str) -> None:
    lock, findings = read_lock(text, "paperdigest.lock")
    assert [found.code for found in findings] == ["PD508"]
    if not text.startswith("["):
        assert findings[0].place == f"paperdigest.lock:{place}"
    assert read_lock(lock_text(lock), "paperdigest.lock") == (lock, ())


def test_both_sides_of_a_merge_count() -> None:
    text = "papers:\n  a/a: [a/b]\n<<<<<<< x\n  a/c: [a/d]\n||||||| y\n  a/z: [a/y]\n=======\n  a/e: [a/f]\n>>>>>>> z\n"
    lock, _ = read_lock(text, "paperdigest.lock")
    assert dict(lock.papers) == {"a/a": ("a/b",), "a/c": ("a/d",), "a/e": ("a/f",)}


# -- what it means


def test_a_page_that_the_lock_does_not_name_is_left_as_it_is() -> None:
    digest, _ = read_digest(page("Kelp"), "202405.md")
    assert kept(digest, lock_of({}, {"202404/a": ["202404/b"]})) is digest


def test_a_natural_anchor_of_another_paper_is_not_taken() -> None:
    digest, _ = read_digest(page("Kelp", "Tides", "Kelp_1"), "202405.md")
    lock = lock_of({}, {"202405/tides": ["202405/kelp"]})
    papers = kept(digest, lock).papers
    assert [paper.anchor for paper in papers] == ["kelp_2", "tides", "kelp_1"]
    assert papers[1].id == "202405/kelp"


def test_slugs_lead_through_chains_and_never_away_from_what_lives() -> None:
    lock = lock_of({"b": ["a"], "c": ["b"], "x": ["y"], "y": ["x"]}, {}, ["z"])
    assert redirects(lock, {"c"}) == {"a": "c", "b": "c", "x": None, "y": None, "z": None}
    assert redirects(lock, {"a"}) == {"b": None, "c": None, "x": None, "y": None, "z": None}
    renamed = renamed_slugs(renamed_slugs(lock_of({}, {}, ["a"]), {"a": "b"}), {"b": "c"})
    assert dict(renamed.keypoints) == {"c": ("a", "b")}
    assert renamed.gone == ()
    assert renamed_slugs(lock, {"c": "c"}) == lock


# -- what changes it


def test_swapped_titles_change_no_address() -> None:
    before, after = state({"202405.md": page("Kelp", "Tides")}), state({"202405.md": page("Tides", "Kelp")})
    lock, said = changes(NOTHING, before, after)
    assert said == ()
    digest = kept(read_digest(page("Tides", "Kelp"), "202405.md")[0], lock)
    assert [paper.address for paper in digest.papers] == ["202405/kelp", "202405/tides"]


def test_the_forms_that_the_old_heading_had_are_kept() -> None:
    before, after = state({"202405.md": page("A - B")}), state({"202405.md": page("Tides")})
    lock, _ = changes(NOTHING, before, after)
    assert dict(lock.papers) == {"202405/tides": ("202405/a-b", "202405/a-b-paper", "202405/a---b-paper")}


def test_papers_that_fit_equally_well_are_not_guessed() -> None:
    plain = "# Notes\n\n### {}\n- `Keypoints:` Kelp;\n\n### {}\n- `Keypoints:` Kelp;\n"
    before = state({"202405.md": plain.format("Waves of the Sea 1", "Kelp")})
    after = state({"202405.md": plain.format("Waves of the Sea 2", "Waves of the Sea 3")})
    lock, said = changes(NOTHING, before, after)
    assert "unclear" in {change.kind for change in said}
    assert not any(old == "202405/waves-of-the-sea-1" for olds in lock.papers.values() for old in olds)


def test_a_copy_that_is_gone_leads_to_the_one_that_stays() -> None:
    files = {"202405.md": page("Kelp"), "latest.md": page("Kelp")}
    lock, said = changes(NOTHING, state(files), state({"202405.md": page("Kelp")}))
    assert dict(lock.papers) == {"202405/kelp": ("202405/kelp", "latest/kelp")}
    assert said == (Change("paper", "joined", "latest/kelp", "202405/kelp", "Kelp"),)


def test_a_keypoint_that_another_replaced_leads_there() -> None:
    before = state({"202405.md": page("Kelp", "Tides", keypoints="Gudiance; LLM; Moss")})
    after = state({"202405.md": page("Kelp", "Tides", keypoints="Guidance; Large Language Model")})
    lock, _ = changes(NOTHING, before, after)
    assert lock.keypoints.get("guidance") == ("gudiance",)
    assert "moss" in lock.gone
    back, said = changes(lock, after, before)
    assert "moss" not in back.gone
    assert not set(back.keypoints.get("guidance", ())) & {"gudiance"}
    assert any(change.kind == "back" for change in said)


def test_thousands_of_papers_that_changed_are_found_again() -> None:
    names = [f"Paper {n} of {n * 7919 % 3001}" for n in range(3000)]
    before = state({"202405.md": page(*names)})
    after = state({"202405.md": page(*(f"{name}, again" for name in names))})
    lock, said = changes(NOTHING, before, after)
    assert len(said) == len(lock.papers) == 3000


def test_published_papers_json_is_an_earlier_state() -> None:
    digest, _ = read_digest(page("Kelp"), "202405.md")
    data = papers_json(build_library([digest]), lambda path: f"{path[:-3]}/", lambda keypoint: None)
    earlier = snapshot_of_papers_json(json.loads(json.dumps(data)))
    lock, _ = locked(NOTHING, [earlier], state({"202406.md": page("Tides")}))
    assert lock.papers["202406/tides"] == ("202405/kelp",)
    for wrong in (None, [], {}, {"papers": 3, "keypoints": []}, {"papers": [{"id": 1}], "keypoints": []}):
        with pytest.raises(ValueError, match=r"no papers\.json"):
            snapshot_of_papers_json(wrong)


# -- git


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    needed("git", "git")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "a repository é"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def git(folder: Path, *arguments: str) -> str:
    own = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", folder, *own, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str | bytes]) -> str:
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


def test_every_commit_since_there_was_a_site_counts(repository: Path) -> None:
    site = repository / "my site"
    commit(repository, {"my site/mkdocs.yml": "site_name: x\n", "my site/docs/202405.md": page("Before")})
    first = commit(repository, {"my site/mkdocs.yml": SETTINGS, "my site/docs/202405.md": page("Kelp")})
    commit(repository, {"README.md": "# Other\n"})
    commit(repository, {"my site/docs/202405.md": page("Tides")})
    commit(repository, {"my site/docs/a b\u00e9.md": page("Tides"), "my site/docs/202405.md": "# Nothing\n"})
    history = history_of(site)
    assert history.commits[0] == first
    assert len(history.commits) == 4
    earlier = list(snapshots_of_git(history))
    assert [paper.title for shot in earlier for paper in shot.papers] == ["Kelp", "Tides", "Tides"]
    lock, _ = locked(NOTHING, earlier, earlier[-1])
    assert lock.papers["a bé/tides"][::2][0] == "202405/kelp"
    assert "202405/tides" in lock.papers["a bé/tides"]


def test_the_lock_file_ends_what_must_be_read(repository: Path) -> None:
    commit(repository, {"mkdocs.yml": SETTINGS, "docs/202405.md": page("Kelp")})
    text = lock_text(lock_of({}, {"202405/tides": ["202405/kelp"]}))
    commit(repository, {"docs/202405.md": page("Tides"), "paperdigest.lock": text})
    commit(repository, {"docs/202405.md": page("Moss")})
    history = history_of(repository)
    assert len(history.commits) == 3  # one commit of the lock is no beginning: a branch may have brought it
    for number in range(12):
        commit(repository, {"paperdigest.lock": f"{text}# {number}\n"})
    assert len(history_of(repository).commits) == 11
    lock, _ = locked(
        read_lock(text, "paperdigest.lock")[0], snapshots_of_git(history), state({"202405.md": page("Moss")})
    )
    first, *others = lock.papers["202405/moss"]
    assert first == "202405/kelp"
    assert "202405/tides" in others
    assert len(history_of(repository, "HEAD").commits) == 1
    for name in ("nothing", "--all", "a\0b"):
        with pytest.raises(HistoryError, match="names no commit"):
            history_of(repository, name)


def test_what_a_commit_says_of_keypoints_counts_for_it(repository: Path) -> None:
    labels = SETTINGS.replace("- paperdigest", "- paperdigest:\n      keypoint_fields: [keypoints, category]")
    commit(repository, {"mkdocs.yml": labels, "docs/202405.md": "## Sea\n\n" + page("Kelp")[9:]})
    commit(repository, {"mkdocs.yml": SETTINGS, "keypoints.yml": "Kelp: {slug: algae}\n"})
    one, two = snapshots_of_git(history_of(repository))
    assert set(one.labels) == {"kelp", "sea"}
    assert set(two.labels) == {"algae"}
    lock, _ = changes(NOTHING, one, two)
    assert dict(lock.keypoints) == {"algae": ("kelp",)}
    assert lock.gone == ("sea",)


def test_no_history_is_one_sentence(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HistoryError, match="no commit yet") as found:
        history_of(repository)
    assert found.value.is_none
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "other").mkdir()
    with pytest.raises(HistoryError, match="not a git repository") as found:
        history_of(tmp_path / "other")
    assert found.value.is_none
    commit(repository, {"mkdocs.yml": SETTINGS})
    monkeypatch.setenv("PATH", str(tmp_path / "other"))
    with pytest.raises(HistoryError, match="git is not there") as found:
        history_of(repository)
    assert found.value.is_none


def test_a_shallow_clone_and_a_submodule_are_read(repository: Path, tmp_path: Path) -> None:
    for title in ("Kelp", "Tides", "Moss"):
        commit(repository, {"mkdocs.yml": SETTINGS, "docs/202405.md": page(title)})
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repository}", "shallow")
    history = history_of(tmp_path / "shallow")
    assert history.is_shallow
    assert [shot.papers[0].title for shot in snapshots_of_git(history)] == ["Tides", "Moss"]
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "shallow"), "docs/sub")
    commit(repository, {})
    *_, last = snapshots_of_git(history_of(repository))
    assert [paper.page for paper in last.papers] == ["202405"]


def test_a_hook_of_git_reads_the_right_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository, {"site/mkdocs.yml": SETTINGS, "site/docs/202405.md": page("Kelp")})
    monkeypatch.setenv("GIT_DIR", ".git")
    assert len(list(snapshots_of_git(history_of(repository / "site")))) == 1


def test_a_file_name_may_have_a_line_end(repository: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows has no such names")
    commit(repository, {"mkdocs.yml": SETTINGS, "docs/a\nb.md": page("Kelp")})
    (shot,) = snapshots_of_git(history_of(repository))
    assert shot.papers[0].page == "a\nb"
    lock, _ = changes(NOTHING, shot, state({"b.md": page("Kelp")}))
    assert lock == NOTHING
