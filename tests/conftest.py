"""What tests share: building a site, and the places of things a machine may lack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from cached_site import Site
from chromium import FLAGS, lent, new_tab
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
EXTENSIONS: list[Any] = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    {"pymdownx.arithmatex": {"generic": True}},
    "pymdownx.details",
    {"pymdownx.emoji": {"emoji_index": "!!python/name:material.extensions.emoji.twemoji"}},
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    {"toc": {"permalink": True}},
]

PAPER = """\
# Introduction
Papers of May 2024.

# 202405

## World Models

### A First Paper: On Things [2024.5]\\[[paper](https://arxiv.org/abs/2405.00001)\\]
- `Keypoints:` World Model; Camera Control;
- `Objective:`Say what is wanted.
- ![plot](https://example.org/a.png)

-   <details>
    <summary>Details</summary>

    - `Method:`
        - one step
        - another step
    - `Metric:` better by 3%
</details>

### A Second Paper
- `Keypoints:` world model、C++
- `Objective:` More of it.
"""

TWO_MONTHS = {
    "202405.md": PAPER,
    "202406.md": PAPER.replace("202405", "202406")
    .replace("World Model;", "world-model;")
    .replace("First", "Third")
    .replace("2405.00001", "2406.00001"),
}


def article(page: str) -> LexborHTMLParser:
    """The content of a page of Material for MkDocs."""
    found = LexborHTMLParser(page).css_first("article")
    assert found is not None
    return LexborHTMLParser(found.html or "", is_fragment=True)


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


@dataclass
class Build:
    """A site that was built: where it is, and what the build said."""

    site: Path
    output: str
    status: int

    def read(self, path: str) -> str:
        return (self.site / path).read_text(encoding="utf-8")


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


Builder = Callable[..., Build]


@pytest.fixture
def build(tmp_path: Path) -> Builder:
    """A function that builds docs in the test's own folder."""
    return make_builder(tmp_path)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project of two digests that is built in this process, again and again."""
    write(tmp_path / "docs", {"index.md": "# Home\n", **TWO_MONTHS})
    return Site(tmp_path, monkeypatch)


def make_builder(tmp_path: Path) -> Builder:
    """Build docs with `mkdocs build --strict` in a process of its own; `plugin=None` leaves the plugin out.

    `host` is the program that builds: `mkdocs` or `properdocs`.
    """

    def run(
        docs: dict[str, str | bytes] | None = None,
        plugin: dict[str, Any] | None = {},  # noqa: B006 - never changed
        arguments: tuple[str, ...] = ("--strict",),
        folder: str = "project",
        status: int | None = 0,
        host: str = "mkdocs",
        **config: Any,
    ) -> Build:
        project = tmp_path / folder
        write(project / "docs", {"202405.md": PAPER} if docs is None else docs)
        extra = config.pop("plugins", ["search"])
        plugins = [*extra, *([] if plugin is None else [{"paperdigest": plugin}])]
        settings = {"site_name": "Test", "theme": {"name": "material", "font": False}, "plugins": plugins, **config}
        text = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
        text = text.replace(
            "'!!python/name:material.extensions.emoji.twemoji'", "!!python/name:material.extensions.emoji.twemoji"
        )
        (project / "mkdocs.yml").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", host, "build", *arguments],
            cwd=project,
            capture_output=True,
            text=True,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        if status is not None:
            assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return Build(project / "site", done.stderr, done.returncode)

    return run


def needed(program: str, *names: str) -> str:
    """The path of a program; skips the test where it is missing, but on CI, which installs it."""
    for name in names:
        if found := shutil.which(name):
            return found
    message = f"needs {program} ({' or '.join(names)}), which this machine lacks"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


BUILDING = {"build", "site", "tmp_path_factory"}
"""Fixtures of tests that build whole sites, a test's own or those of its module."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need.

    Those in Chromium may be late for once on a busy machine: such a test fails if it does three times.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=2))
        if fixtures & BUILDING:
            item.add_marker(pytest.mark.builds)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    program = needed("Chromium", "chromium", "chromium-browser", "google-chrome")
    with playwright.sync_playwright() as starter:
        running = starter.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def window(browser: Any) -> Iterator[Any]:
    """A window of Chromium that all tests open their pages in: it keeps the scripts of themes compiled."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    yield context
    context.close()


@pytest.fixture(scope="session")
def used_tab(window: Any) -> Iterator[Any]:
    with new_tab(window) as page:
        yield page


@pytest.fixture
def tab(used_tab: Any) -> Iterator[Any]:
    """The page that tests use one after another; a listener is removed by the test that adds it."""
    with lent(used_tab) as page:
        yield page


@pytest.fixture
def fresh_tab(window: Any) -> Iterator[Any]:
    """A page of a test's own, for what no page gets rid of: scripts that run before others, and another clock."""
    with new_tab(window) as page:
        yield page


@pytest.fixture(scope="module")
def shared_tab(window: Any) -> Iterator[Any]:
    """A page that stays open from one test of a module to the next; each sets what it depends on."""
    with new_tab(window) as page:
        yield page


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of labelled digests that belong to others; it is not part of the repository."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("needs the labelled corpus beside the repository")
    return folder
