"""`mkdocs serve`: what a writer sees after saving a file, and that nothing piles up."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import PAPER, many, write
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileModifiedEvent

CONFIG = {"site_name": "Test", "theme": {"name": "material", "font": False}, "plugins": ["search", "paperdigest"]}


def paper(*names: str) -> str:
    return f"# 202405\n\n### Title\n- `Keypoints:` {'; '.join(names)}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(
        tmp_path, {"mkdocs.yml": yaml.safe_dump(CONFIG), "docs/index.md": "# Home\n", "docs/202405.md": paper("a", "b")}
    )
    return tmp_path


def pages(site: Path) -> set[str]:
    return {path.name for path in (site / "keypoints").iterdir() if path.is_dir()}


@pytest.mark.large
def test_many_rebuilds_leave_nothing_behind(project: Path) -> None:
    rng = random.Random(1)
    for number in range(many(10, 100)):
        config = load_config(
            str(project / "mkdocs.yml"),
            site_dir=str(project / "site"),
            plugins=["paperdigest"],
            theme={"name": "mkdocs"},
        )
        plugin = config.plugins["paperdigest"]
        if number == 0:
            plugin.on_startup(command="serve", dirty=False)
            first = plugin
        assert plugin is first
        names = rng.sample("abcdefgh", 3)
        write(project, {"docs/202405.md": paper(*names), f"docs/extra-{number % 3}.md": paper("x", str(number))})
        build(config, serve_url="http://localhost/")
        assert {*names, "x", str(number)} <= pages(project / "site")
        assert len(pages(project / "site")) <= 3 + 1 + 3
        assert config.extra_css.count("assets/paperdigest/paperdigest.css") == 1
        assert len([e for e in config.markdown_extensions if not isinstance(e, str)]) == 1
        assert len([d for d in config.theme.dirs if "mkdocs_paperdigest" in d]) == 1
        assert len(plugin.sources) <= 5


def test_an_unchanged_digest_is_read_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mkdocs_paperdigest.collection import page_text

    read: list[str] = []
    real = page_text.read_page
    monkeypatch.setattr(
        page_text, "read_page", lambda body, path, *rest, **more: read.append(path) or real(body, path, *rest, **more)
    )
    write(project, {"docs/202406.md": PAPER})
    for _ in range(3):
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(project / "site"), theme={"name": "mkdocs"})
        config.plugins["paperdigest"].on_startup(command="serve", dirty=False)
        build(config, serve_url="http://localhost/")
    assert read.count("202406.md") == 1
    write(project, {"docs/202406.md": PAPER + "\nmore\n"})
    build(load_config(str(project / "mkdocs.yml"), site_dir=str(project / "site"), theme={"name": "mkdocs"}))
    assert read.count("202406.md") == 2


def epoch(page: str) -> str:
    """Which build a page is of, as the server's own script in it says."""
    found = re.search(r"livereload\((\d+)", page)
    return found[1] if found else ""


def test_serving_shows_what_was_saved(project: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--strict", "-a", f"127.0.0.1:{port}"],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def get(path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as response:
                return str(response.read().decode())
        except OSError:
            return ""

    def wait(condition: Callable[[], bool]) -> bool:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.2)
        return False

    try:
        assert wait(lambda: "pd-keypoint" in get("202405/"))
        assert re.search(r">b</a>", get("keypoints/"))
        (project / "docs" / "202405.md").write_text(paper("a", "new one"), encoding="utf-8")
        assert wait(lambda: "new one" in get("202405/"))
        assert wait(lambda: "new one" in get("keypoints/new-one/"))
        assert not re.search(r">b</a>", get("keypoints/"))
        assert get("keypoints/b/") == ""
        seen = epoch(get("keypoints/new-one/"))
        assert seen
        (project / "notes.txt").write_text("nothing of the site", encoding="utf-8")
        time.sleep(1.5)
        assert epoch(get("keypoints/new-one/")) == seen
        (project / "keypoints.yml").write_text("new-one:\n  label: Called So\n", encoding="utf-8")  # not there before
        assert wait(lambda: "Called So" in get("keypoints/new-one/"))
        (project / "keypoints.yml").write_text("new-one:\n  label: Called Other\n", encoding="utf-8")
        assert wait(lambda: "Called Other" in get("keypoints/new-one/"))
        (project / "keypoints.yml").unlink()
        assert wait(lambda: "Called" not in get("keypoints/new-one/"))
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose folder is its docs folder, with a site that was built from it."""
    plugins = [{"paperdigest": {"docs_dir": "."}}]
    files = {
        "mkdocs.yml": yaml.safe_dump({**CONFIG, "docs_dir": "sub", "plugins": plugins, "extra_css": ["own.css"]}),
        "own.css": "",
        "202405.md": paper("a"),
        "sub/202406.md": paper("b"),
        "site/sitemap.xml": "",
        "site/old.md": paper("old"),
        "site/images/a.png": b"\x89PNG",
    }
    write(tmp_path, files)
    return tmp_path


SOURCES = "202405.md new.md sub/202406.md sub/deep/new.md a.png sub/a.jpeg own.css .meta.yml sub/.nav.yml keypoints.yml"
OTHERS = "log main.py sub/main.py sub/log.txt site/index.html site/images/a.png site/old.md .git/x.md node_modules/a.md other.css"


def test_only_what_pages_are_made_of_causes_a_rebuild(repository: Path) -> None:
    site_dir = repository.parent / "served"
    config = load_config(str(repository / "mkdocs.yml"), site_dir=str(site_dir))
    config.plugins.on_startup(command="serve", dirty=False)
    build(config, serve_url="http://localhost/")
    server = LiveReloadServer(lambda: None, "127.0.0.1", 0, str(site_dir))
    try:
        server.watch(config.docs_dir)
        config.plugins.on_serve(server, config=config, builder=lambda: None)
        watched = [
            (Path(str(watch.path)), watch.is_recursive, handlers)
            for watch, handlers in server.observer._handlers.items()
        ]
        assert not any(path == repository and recursive for path, recursive, _ in watched)

        def rebuilds(name: str) -> bool:
            file = repository / name
            server._want_rebuild = False
            for folder, recursive, handlers in watched:
                if file.parent == folder or (recursive and file.is_relative_to(folder)):
                    for handler in handlers:
                        handler.dispatch(FileModifiedEvent(str(file)))
            return server._want_rebuild

        assert [name for name in SOURCES.split() if not rebuilds(name)] == []
        assert [name for name in OTHERS.split() if rebuilds(name)] == []
    finally:
        server.server_close()


def test_what_was_built_before_is_not_served_as_a_source(repository: Path) -> None:
    site_dir = repository.parent / "served"
    build(load_config(str(repository / "mkdocs.yml"), site_dir=str(site_dir)), serve_url="http://localhost/")
    assert not (site_dir / "site").exists()
    assert (site_dir / "202405" / "index.html").is_file()
