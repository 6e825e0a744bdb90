"""What a user has is neither deleted by a build nor overwritten through a link by a command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import PAPER, needed, write
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError

from mkdocs_paperdigest.cli import fetching
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.collection.site_files import is_built
from mkdocs_paperdigest.support.checkout import tracked_files

Out = pytest.CaptureFixture[str]

SETTINGS = "site_name: T\ntheme: {name: mkdocs}\nplugins: [search, paperdigest]\n"
FILES: dict[str, str | bytes] = {"mkdocs.yml": SETTINGS, "docs/index.md": "# Home\n", "docs/202405.md": PAPER}
PROJECT: dict[str, str | bytes] = {"site/main.py": "print()\n", "site/templates/a.html": "<p>Mine</p>\n"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "project"
    write(folder, FILES)
    monkeypatch.chdir(folder)
    return folder


def git(folder: Path, *words: str) -> None:
    own = ("-c", "user.name=x", "-c", "user.email=x@x.test", "-c", "protocol.file.allow=always")
    subprocess.run([needed("git", "git"), "-C", folder, *own, *words], check=True, capture_output=True)


def commit(folder: Path, *options: str) -> None:
    git(folder, "init", "-q", *options)
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "x")


def config_of(folder: Path, **settings: object) -> MkDocsConfig:
    config = load_config(str(folder / "mkdocs.yml"), **settings)
    config.plugins.on_startup(command="build", dirty=False)
    return config


def before_the_build(folder: Path, **settings: object) -> None:
    """The events of a build up to the one after which MkDocs empties the folder of the site."""
    config = config_of(folder, **settings)
    config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)


# --- what a build would delete ---------------------------------------------------------------------------------------


def test_a_build_stops_before_it_empties_a_folder_of_the_user(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(project, PROJECT)
    commit(project)
    with pytest.raises(Abort):
        build(config_of(project))
    assert {path: (project / path).read_text() for path in PROJECT} == PROJECT
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert said.startswith("paperdigest: the build would empty ")
    assert str(project / "site" / "main.py") in said
    assert "'site_dir: _site'" in said


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("mkdocs", ["build", "--dirty"]), ("properdocs", ["build"]), ("mkdocs", ["gh-deploy"])],
)
def test_every_program_stops(project: Path, program: str, arguments: list[str]) -> None:
    write(project, {**PROJECT, "mkdocs.yml": SETTINGS.replace("name: mkdocs", "name: material")})
    commit(project)
    done = subprocess.run([sys.executable, "-m", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "paperdigest: the build would empty" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.relative_to(project).as_posix() for path in (project / "site").rglob("*.*")} == {*PROJECT}


SOURCES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "the docs": ({"site/docs/index.md": "# Home\n"}, "plugins: [paperdigest: {docs_dir: site/docs}]"),
    "the settings": ({"base/b.yml": ""}, "site_dir: ."),
    "what the settings inherit": ({"site/base.yml": "plugins: [paperdigest]\n"}, "INHERIT: site/base.yml"),
    "templates": ({"site/theme/main.html": ""}, "theme: {name: mkdocs, custom_dir: site/theme}"),
    "keypoints": ({"site/k.yml": ""}, "plugins: [paperdigest: {keypoints_file: site/k.yml}]"),
    "words": ({"site/words/en.yml": ""}, "plugins: [paperdigest: {words: site/words}]"),
    "a hook": ({"site/hook.py": ""}, "hooks: [site/hook.py]"),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_sources_are_not_deleted_even_beside_a_built_site(project: Path, kind: str) -> None:
    """Without git, too."""
    files, settings = SOURCES[kind]
    own = {"site_name": "T", "theme": {"name": "mkdocs"}, "plugins": ["paperdigest"], "docs_dir": "docs"}
    if "INHERIT" in settings:
        del own["plugins"]
    if "site_dir: ." in settings:
        own |= {"docs_dir": ".docs"}
        write(project, {".docs/index.md": "# Home\n"})
    write(project, {**files, "mkdocs.yml": yaml.safe_dump(own | yaml.safe_load(settings)), "site/404.html": "MkDocs"})
    if kind == "the settings":
        config = config_of(project, site_dir=str(project / "built"))
        config.site_dir = str(project)
        with pytest.raises(PluginError, match="the build would empty"):
            config.plugins.on_pre_build(config=config)
    else:
        with pytest.raises(PluginError, match="the build would empty"):
            before_the_build(project)


def test_sources_behind_a_link_are_not_deleted(project: Path) -> None:
    (project / "site").symlink_to("docs")
    with pytest.raises(PluginError, match="the build would empty"):
        before_the_build(project)


LIKE_A_SITE = {
    "another one's pages": {
        "site/404.html": "<p>Gone</p>",
        "site/sitemap.xml": "<urlset>\n<url><loc>a</loc></url></urlset>",
    },
    "a built site that is not tracked": {},
}


@pytest.mark.parametrize("kind", LIKE_A_SITE)
def test_tracked_files_in_what_only_looks_like_a_built_site_stay(project: Path, kind: str) -> None:
    """The second: a site was built over the files of a user, who took them back from git."""
    write(project, PROJECT | LIKE_A_SITE[kind])
    commit(project)
    if not LIKE_A_SITE[kind]:
        write(project, {"site/404.html": "built with MkDocs"})
    with pytest.raises(PluginError, match="the build would empty"):
        before_the_build(project)


def test_a_repository_in_the_folder_of_the_site_stays(project: Path) -> None:
    write(project, {"site/clone/.git/HEAD": "", "site/404.html": "MkDocs"})
    with pytest.raises(PluginError, match="clone"):
        before_the_build(project)


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
def test_a_built_site_that_is_committed_builds_again(project: Path, theme: str) -> None:
    """One built without the plugin, too."""
    build(config_of(project, theme={"name": theme}, plugins=["search"]))
    assert is_built(project / "site")
    commit(project)
    (project / "site" / "old.html").write_text("")
    build(config_of(project, theme={"name": theme}))
    assert not (project / "site" / "old.html").exists()
    git(project, "add", "-A")
    before_the_build(project)


UNTOUCHED: dict[str, Callable[[Path], None]] = {
    "no folder": lambda project: commit(project),
    "files that git does not track": lambda project: write(project, {".git/HEAD": "", "site/a.txt": "x"}),
    "no repository": lambda project: write(project, PROJECT),
    "hidden files, which MkDocs leaves alone": lambda project: (write(project, {"site/.keep": ""}), commit(project))[
        -1
    ],
    "tracked files that are gone": lambda project: (
        write(project, PROJECT),
        commit(project),
        shutil.rmtree(project / "site"),
        write(project, {"site/x": ""}),
    )[-1],
}


@pytest.mark.parametrize("kind", UNTOUCHED)
def test_where_nothing_is_lost_a_build_begins(project: Path, kind: str) -> None:
    UNTOUCHED[kind](project)
    before_the_build(project)


def test_the_folder_of_a_preview_is_a_new_one(project: Path, tmp_path: Path) -> None:
    """As with `mkdocs serve`."""
    write(project, PROJECT)
    commit(project)
    (tmp_path / "preview").mkdir()
    before_the_build(project, site_dir=str(tmp_path / "preview"))


@pytest.mark.parametrize(
    "form",
    [
        ["index.version", "2"],
        ["index.version", "4"],
        ["core.splitIndex", "true"],
        ["extensions.objectFormat", "sha256"],
    ],
)
def test_the_index_of_git_is_read_in_every_form(tmp_path: Path, form: list[str]) -> None:
    """As `git ls-files` reads it."""
    names = [f"site/{'x' * (n % 90)}{n}/é{n}.txt" for n in range(300)]
    write(tmp_path, dict.fromkeys(["a.txt", *names, "site.txt", "sitf/b.txt"], ""))
    git(tmp_path, "init", "-q", *(["--object-format=sha256"] if form[1] == "sha256" else []))
    if form[1] != "sha256":
        git(tmp_path, "config", *form)
    git(tmp_path, "add", "-A")
    git(tmp_path, "add", "-N", "-f", "site")
    write(tmp_path, {"site/later.txt": "", "site/not.txt": ""})
    git(tmp_path, "add", "-N", "site/later.txt")  # with a second field of flags
    assert tracked_files(tmp_path / "site") == sorted(name[5:] for name in [*names, "site/later.txt"])
    assert len(tracked_files(tmp_path)) == 304
    assert tracked_files(tmp_path / "nowhere") == []


def test_a_torn_index_is_read_up_to_the_tear(project: Path) -> None:
    write(project, PROJECT)
    commit(project)
    index = project / ".git" / "index"
    whole = index.read_bytes()
    for length in range(0, len(whole), 7):
        index.write_bytes(whole[:length])
        assert {*tracked_files(project)} <= {*FILES, *PROJECT}
    for at in range(0, 300, 3):
        index.write_bytes(whole[:at] + b"\xff\xff" + whole[at + 2 :])
        tracked_files(project)


# --- what init chooses ------------------------------------------------------------------------------------------------


def start(folder: Path, files: dict[str, str | bytes]) -> dict[str, object]:
    write(folder, {"202405.md": PAPER, **files})
    assert main(["init", str(folder)]) == 0
    settings = yaml.safe_load((folder / "mkdocs.yml").read_text(encoding="utf-8"))
    assert isinstance(settings, dict)
    return settings


def test_init_builds_into_another_folder_where_the_usual_one_is_taken(tmp_path: Path, capsys: Out) -> None:
    ignored = b"*.pyc\r\n\xff"
    settings = start(tmp_path, {**PROJECT, ".gitignore": ignored})
    assert settings["site_dir"] == "_site"
    assert "          path: _site\n" in (tmp_path / ".github/workflows/pages.yml").read_text()
    assert (tmp_path / ".gitignore").read_bytes() == ignored + b"\r\n/_site/\r\n"
    said = capsys.readouterr().out
    assert "the site goes to _site, since site holds what MkDocs did not write" in said
    assert "Added _site to .gitignore." in said
    build(config_of(tmp_path, theme={"name": "mkdocs"}))
    assert (tmp_path / "_site" / "202405" / "index.html").is_file()
    assert {path: (tmp_path / path).read_text() for path in PROJECT} == PROJECT
    assert main(["init", str(tmp_path)]) == 0  # the site that was built is not in its own way
    assert capsys.readouterr().out.count("is there already, as it would be written") == 2
    assert main(["stats", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("files", "site"),
    [
        ({}, "site"),
        ({"site/.keep": ""}, "site"),
        ({"site/404.html": "<p>Built with MkDocs</p>", "site/index.html": ""}, "site"),
        ({"site": "a file"}, "_site"),
        ({"site/404.html": "<p>Gone</p>"}, "_site"),
        ({"site/a.txt": "", "_site/index.html": "of Jekyll"}, "_site2"),
    ],
)
def test_init_takes_the_first_folder_in_which_nothing_is_lost(tmp_path: Path, files: dict[str, str], site: str) -> None:
    assert start(tmp_path, dict(files)).get("site_dir", "site") == site
    assert (tmp_path / ".gitignore").exists() == (site != "site")


def test_a_dry_run_of_init_names_the_other_folder(tmp_path: Path, capsys: Out) -> None:
    write(tmp_path, {"202405.md": PAPER, **PROJECT})
    assert main(["init", "--dry-run", str(tmp_path)]) == 0
    assert "Would add _site to .gitignore." in capsys.readouterr().out
    assert not (tmp_path / ".gitignore").exists()


# --- links out of the repository --------------------------------------------------------------------------------------

# Each command, and the file that it writes.
WRITES: dict[str, tuple[list[str], str]] = {
    "lint --fix": (["lint", "--fix", "--fail-on", "never"], "docs/202405.md"),
    "keypoints merge": (["keypoints", "merge", "C++", "World Model"], "keypoints.yml"),
    "keypoints merge, the lock": (["keypoints", "merge", "C++", "World Model"], "paperdigest.lock"),
    "keypoints rename --rewrite": (["keypoints", "rename", "--rewrite", "C++", "Cpp"], "docs/202405.md"),
    "keypoints rename": (["keypoints", "rename", "C++", "Cpp"], "keypoints.yml"),
    "keypoints describe": (["keypoints", "describe", "C++", "--set", "A language."], "keypoints.yml"),
    "lock": (["lock", "--against", "old.json"], "paperdigest.lock"),
    "export": (["export", "--output", "papers.csv", "--format", "csv"], "papers.csv"),
    "export below a link": (["export", "--output", "data/papers.csv", "--format", "csv"], "data/"),
    "render": (["render", "docs", "out"], "out/"),
    "init": (["init", "--force"], "mkdocs.yml"),
    "init, the workflow": (["init", "--force"], ".github/"),
    "init, what is ignored": (["init", "--force"], ".gitignore"),
}


@pytest.fixture(params=[False, True], ids=["no repository", "repository"])
def linked(request: pytest.FixtureRequest, project: Path, tmp_path: Path) -> Callable[[str, Path], Path]:
    """A function that moves what a command is to write to a folder, and puts a link in its place; gives what it leads to."""

    def link(path: str, folder: Path) -> Path:
        write(project, PROJECT)
        assert main(["export", "--output", "old.json"]) == 0
        digest = project / "docs" / "202405.md"
        digest.write_text(digest.read_text().replace("On Things", "On All Things"))
        if request.param:
            (project / ".git").mkdir()
        place, target = project / path.rstrip("/"), folder / path.rstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            target.mkdir(parents=True)
        elif place.exists():
            place.rename(target)
        place.symlink_to(target)
        return target

    return link


def contents(target: Path) -> object:
    """What is at a place, all of a folder."""
    if target.is_dir():
        return {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    return target.read_bytes() if target.exists() else None


@pytest.mark.parametrize("kind", WRITES)
def test_no_command_writes_through_a_link_out_of_the_repository(
    kind: str, linked: Callable[[str, Path], Path], tmp_path: Path, capsys: Out
) -> None:
    command, path = WRITES[kind]
    target = linked(path, tmp_path / "elsewhere")
    before = contents(target)
    capsys.readouterr()
    assert main(command) in (1, 2)
    errors = capsys.readouterr().err
    assert re.search("leads out of .* through a (symbolic )?link", errors)
    assert contents(target) == before
    if kind == "keypoints merge, the lock":
        assert not Path("keypoints.yml").exists()


@pytest.mark.parametrize("kind", WRITES)
def test_a_link_to_another_file_of_the_repository_is_followed(
    kind: str, linked: Callable[[str, Path], Path], project: Path
) -> None:
    command, path = WRITES[kind]
    target = linked(path, project / "kept")
    before = contents(target)
    assert main(command) == 0
    assert contents(target) != before


@pytest.mark.parametrize("name", ["config", "hooks/pre-commit"])
def test_the_files_of_git_are_none_of_the_repository(project: Path, name: str, capsys: Out) -> None:
    write(project, {f".git/{name}": "x"})
    Path("keypoints.yml").symlink_to(f".git/{name}")
    assert main(["keypoints", "describe", "C++", "--set", "A language."]) == 1
    assert (project / ".git" / name).read_text() == "x"


def test_what_a_path_puts_elsewhere_is_written(project: Path, tmp_path: Path) -> None:
    """Docs beside the folder of the settings, an output anywhere, a checkout that is reached through a link."""
    write(tmp_path, {"real/202405.md": PAPER, "other/mkdocs.yml": f"{SETTINGS}docs_dir: ../real\n"})
    (tmp_path / "way").symlink_to(tmp_path / "other")
    assert main(["lint", "--fix", str(tmp_path / "way")]) == 0
    assert "world model, C++" in (tmp_path / "real" / "202405.md").read_text()
    (tmp_path / "public").symlink_to(tmp_path / "real")
    assert main(["export", "--output", str(tmp_path / "public" / "papers.json")]) == 0
    assert (tmp_path / "real" / "papers.json").is_file()
    if os.path.exists("/dev/stdout"):
        assert main(["export", "--output", os.devnull]) == 0


def test_figures_are_not_fetched_through_a_link(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / "docs" / "assets").symlink_to(tmp_path / "elsewhere")
    assert main(["figures", "vendor"]) == 2
    assert "leads out of the repository through a symbolic link" in capsys.readouterr().err
    monkeypatch.setattr(fetching, "fetch", lambda *_: fetching.Picture(b"x", "png"))
    (project / f".key.png.{os.getpid()}").symlink_to(tmp_path / "elsewhere" / "a")
    with pytest.raises(FileExistsError):
        fetching._fetch_into(project, "key", "https://a.test/b.png", fetching.Limits())
    assert os.listdir(tmp_path / "elsewhere") == []
