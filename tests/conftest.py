"""What tests share: building a site, and the places of things a machine may lack."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from building import quick_builds, run_here, run_process
from cached_site import Site
from chromium import FLAGS, lent, new_tab
from hypothesis import HealthCheck, settings
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "small")
"""How far tests of chance look: `large` is what CI does every night."""

settings.register_profile("small", max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("large", settings.get_profile("small"), max_examples=1000)
settings.load_profile(PROFILE)


def many(small: int, large: int) -> int:
    """How many there are of something, or how often it is tried, in this profile."""
    return large if PROFILE == "large" else small


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


@pytest.fixture(scope="session", autouse=True)
def _quick_builds() -> Iterator[None]:
    with quick_builds():
        yield


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
    """Build docs as `mkdocs build --strict` does; `plugin=None` leaves the plugin out.

    `process` builds in a process of its own, which takes a second more: for what a process is needed to show.
    `host` is the program that does: `mkdocs` or `properdocs`.
    """

    def run(
        docs: dict[str, str | bytes] | None = None,
        plugin: dict[str, Any] | None = {},  # noqa: B006 - never changed
        arguments: tuple[str, ...] = ("--strict",),
        folder: str = "project",
        status: int | None = 0,
        host: str = "mkdocs",
        *,
        process: bool = False,
        **config: Any,
    ) -> Build:
        project = tmp_path / folder
        write(project / "docs", {"202405.md": PAPER} if docs is None else docs)
        extra = config.pop("plugins", ["search"])
        plugins = [*extra, *([] if plugin is None else [{"paperdigest": plugin}])]
        config = {"site_name": "Test", "theme": {"name": "material", "font": False}, "plugins": plugins, **config}
        text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
        text = text.replace(
            "'!!python/name:material.extensions.emoji.twemoji'", "!!python/name:material.extensions.emoji.twemoji"
        )
        (project / "mkdocs.yml").write_text(text, encoding="utf-8")
        run_command = run_process if process or host != "mkdocs" else run_here
        done = run_command(project, host, "build", *arguments)
        if status is not None:
            assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return Build(project / "site", done.stderr, done.returncode)

    return run


@contextmanager
def read_only(folder: Path, name: str) -> Iterator[Path]:
    """A copy of a folder with a file that may not be written, also not by root, who is nobody for a while."""
    with TemporaryDirectory() as place:
        copy = Path(shutil.copytree(folder, Path(place) / "copy"))
        for path in (Path(place), copy, *copy.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        (copy / name).chmod(0o444)
        user, here = os.geteuid(), Path.cwd()
        os.chdir(copy)
        try:
            if user == 0:
                os.seteuid(65534)
            yield copy
        finally:
            os.seteuid(user)
            os.chdir(here)


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
