"""Pages that are not converted again: they are what a clean build makes of them, and what it says is said each time."""

from __future__ import annotations

import functools
import importlib
import logging
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cached_site import Site, differences
from conftest import PAPER
from material.extensions.emoji import to_svg, twemoji
from pymdownx.slugs import slugify
from pymdownx.superfences import fence_code_format

from mkdocs_paperdigest.collection.sources import Sources
from mkdocs_paperdigest.mkdocs_host import conversion
from mkdocs_paperdigest.mkdocs_host.conversion_cache import is_pure
from mkdocs_paperdigest.records.figure_copies import figure_key
from mkdocs_paperdigest.support import cache as cache_module
from mkdocs_paperdigest.support.cache import Cache, name_of

pytestmark = pytest.mark.versions

fingerprint_module = importlib.import_module("mkdocs_paperdigest.support.fingerprint")


def same(site: Site) -> bool:
    return not differences(site.build("clean", cache=False), site.build("again", cache=True))


@pytest.mark.parametrize("key", ["Ann", "A Title", "CVPR 2024", "2024-05-01", "2405.00001"])
def test_what_only_the_front_matter_says_is_new_on_the_page(site: Site, key: str) -> None:
    page = site.folder / "docs" / "p.md"
    page.write_text(
        "---\ntitle: A Title\narxiv: 2405.00001\nauthors: [Ann]\nvenue: CVPR 2024\ndate: 2024-05-01\n---\nText.\n"
    )
    site.build("again", cache=True)
    page.write_text(
        page.read_text().replace(key, {"2024-05-01": "2023-07-02", "2405.00001": "2405.00009"}.get(key, "B 2023"))
    )
    assert same(site)


def test_another_folder_of_figures_is_seen(site: Site) -> None:
    for folder in ("one", "two"):
        path = site.folder / "docs" / folder / f"{figure_key('https://example.org/a.png')}.png"
        path.parent.mkdir()
        path.write_bytes(b"x")
    site.options["figures_folder"] = "one"
    site.build("again", cache=True)
    site.options["figures_folder"] = "two"
    assert same(site)


@pytest.mark.parametrize("level", [logging.INFO, logging.ERROR])
def test_what_a_quiet_build_did_not_say_is_said_in_the_next(
    site: Site, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    page = site.folder / "docs" / "202405.md"
    page.write_text(page.read_text().replace("Say what", "Say [what](nowhere.md)"))
    logger = logging.getLogger("mkdocs")
    before = logger.level
    try:
        logger.setLevel(level)  # as `mkdocs build --quiet` does
        site.build("again", cache=True)
        logger.setLevel(logging.INFO)
        caplog.clear()
        site.build("again", cache=True)
    finally:
        logger.setLevel(before)
    assert "nowhere.md" in caplog.text


@pytest.mark.parametrize(
    ("digest", "link"),
    [("202405.md", "keypoint%73/lens.md"), ("202405.md", "keypoints/lens.md"), ("keypoints/d.md", "lens.md")],
)
def test_a_link_to_a_page_of_a_keypoint_that_goes_is_said(
    site: Site, caplog: pytest.LogCaptureFixture, digest: str, link: str
) -> None:
    docs = site.folder / "docs"
    (docs / "keypoints").mkdir()
    (docs / digest).write_text(PAPER.replace("Say what", f"Say [what]({link})"))
    other = "# Other\n\n### Another Paper\n- `Keypoints:` {};\n- `Objective:` x\n"
    (docs / "202406.md").write_text(other.format("Lens"))
    site.build("again", cache=True)
    (docs / "202406.md").write_text(other.format("Tele"))
    caplog.clear()
    site.build("again", cache=True)
    assert f"'{digest}' contains a link '{link}'" in caplog.text


def test_the_cache_deletes_nothing_that_it_did_not_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_SPARE", 1)
    for number in range(100):
        (tmp_path / f"{number}.md").write_text("mine")
        os.utime(tmp_path / f"{number}.md", (1, 1))
    cache = Cache(tmp_path)
    cache.put(name_of("x"), "x")
    cache.prune(cache.used)
    assert len(list(tmp_path.glob("*.md"))) == 100


def test_what_the_validation_asks_is_said_of_pages_that_are_kept(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    page = site.folder / "docs" / "202405.md"
    page.write_text(page.read_text().replace("Say what", "Say [what](/away)"))
    site.settings["validation"] = {"links": {"absolute_links": "ignore"}}
    caplog.set_level(logging.INFO, "mkdocs")
    site.build("again", cache=True)
    site.settings["validation"] = {"links": {"absolute_links": "warn"}}
    caplog.clear()
    site.build("again", cache=True)
    assert "/away" in caplog.text


def test_a_dead_link_is_said_in_every_build(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    page = site.folder / "docs" / "202405.md"
    page.write_text(page.read_text().replace("Say what", "Say [what](nowhere.md) and [that](202406.md#nothing)"))
    site.settings["validation"] = {"anchors": "warn"}
    for _ in range(3):
        caplog.clear()
        site.build("again", cache=True)
        assert "nowhere.md" in caplog.text
        assert "#nothing" in caplog.text


def test_dead_anchors_are_said_of_pages_that_are_kept_and_those_that_are_there_are_not(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    page = site.folder / "docs" / "202405.md"
    page.write_text(
        '<a id="raw"></a>\n\n'
        + page.read_text().replace("Say what", "Say [w](202406.md#nothing) [x](#raw) [y](#world-models)")
    )
    site.settings["validation"] = {"anchors": "warn"}
    said = []
    for _ in range(2):
        caplog.clear()
        site.build("again", cache=True)
        said.append([line for line in caplog.messages if "#" in line])
    assert said[0] == said[1]
    assert len(said[0]) == 1


def test_an_extension_that_nobody_knows_is_asked_in_every_build(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site.folder))
    (site.folder / "stamping.py").write_text(
        "from markdown.extensions import Extension\n"
        "from markdown.postprocessors import Postprocessor\n"
        "from pathlib import Path\n"
        "class Stamp(Postprocessor):\n"
        "    def run(self, text): return text.replace('Papers of', Path(__file__).with_name('stamp').read_text())\n"
        "class Stamping(Extension):\n"
        "    def extendMarkdown(self, md): md.postprocessors.register(Stamp(md), 'stamp', 15)\n"
    )
    site.settings["markdown_extensions"] = ["stamping:Stamping"]
    (site.folder / "stamp").write_text("one")
    site.build("again", cache=True)
    (site.folder / "stamp").write_text("two")
    assert same(site)
    del sys.modules["stamping"]


def test_a_paper_that_comes_back_elsewhere_takes_its_former_anchor(site: Site) -> None:
    other = site.folder / "docs" / "202406.md"
    first = site.folder / "docs" / "202405.md"
    first.write_text(PAPER.replace("## World Models", "## Old Name"))
    (site.folder / "paperdigest.lock").write_text("papers:\n  202406/new-name:\n  - 202405/old-name\n")
    other.write_text("# 202406\n\n### Third Paper\n- `Keypoints:` World Model;\n- `Objective:` x\n")
    site.build("again", cache=True)
    other.write_text(other.read_text().replace("Third Paper", "New Name"))
    assert same(site)


def test_figures_that_a_lightbox_opens_lead_nowhere_themselves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build("again", cache=True)
    monkeypatch.setattr(conversion, "glightbox_opens_figures", lambda *_: True)
    assert same(site)


def test_programs_that_change_are_another_state(monkeypatch: pytest.MonkeyPatch) -> None:
    def state() -> str:
        fingerprint_module._programs.cache_clear()
        return fingerprint_module.fingerprint()

    states = {state()}
    with monkeypatch.context() as patch:
        patch.setattr(fingerprint_module.metadata, "distributions", lambda: [SimpleNamespace(name="x", version="1")])
        states.add(state())
        patch.setattr(fingerprint_module.metadata, "distributions", lambda: [SimpleNamespace(name="x", version="2")])
        states.add(state())
    with monkeypatch.context() as patch:
        real = Path.read_bytes
        patch.setattr(Path, "read_bytes", lambda path: real(path) + b"#" * (path.name == "paper.py"))
        states.add(state())
    fingerprint_module._programs.cache_clear()
    assert len(states) == 4


def test_a_slim_index_is_made_of_pages_that_are_kept(site: Site) -> None:
    site.build("again", cache=True)
    site.options["search"] = "slim"
    assert same(site)


def test_keypoints_in_the_front_matter_are_new_without_a_word_changed_below(site: Site) -> None:
    page = site.folder / "docs" / "p.md"
    page.write_text("---\ntitle: A Title\narxiv: 2405.00001\nkeywords: [NeRF]\n---\nText.\n")
    site.build("again", cache=True)
    page.write_text(page.read_text().replace("NeRF", "Lens"))
    assert same(site)


@pytest.mark.parametrize(
    ("settings", "pure"),
    [
        ({"toc": {"permalink": True, "slugify": functools.partial(slugify, case="lower")}}, True),
        ({"pymdownx.emoji": {"emoji_index": twemoji, "emoji_generator": to_svg}}, True),
        # Material keeps the pictures that it has read as long as a process lives, so this shows in a second build only.
        ({"pymdownx.emoji": {"emoji_index": twemoji, "options": {"custom_icons": ["overrides/.icons"]}}}, False),
        ({"pymdownx.superfences": {"custom_fences": [{"name": "x", "format": fence_code_format}]}}, True),
        ({"pymdownx.superfences": {"custom_fences": [{"name": "x", "format": print}]}}, False),
        ({"toc": {"slugify": functools.partial(len)}}, False),
    ],
)
def test_settings_that_name_files_or_functions_of_a_site_are_not_pure(settings: dict[str, Any], pure: bool) -> None:
    assert is_pure(settings) is pure


def test_a_function_of_the_site_is_asked_in_every_build(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site.folder))
    (site.folder / "fencing.py").write_text(
        "from pathlib import Path\n"
        "def shown(source, language, css_class, options, md, **more):\n"
        "    return '<p>' + Path(__file__).with_name('shown').read_text() + '</p>'\n"
    )
    fence = {"name": "mine", "class": "mine", "format": "!!python/name:fencing.shown"}
    site.settings["markdown_extensions"] = [{"pymdownx.superfences": {"custom_fences": [fence]}}]
    site.raw = lambda text: re.sub(r"'?(!!python/name:[\w.]+)'?", r"\1 ''", text)
    page = site.folder / "docs" / "202405.md"
    page.write_text(page.read_text() + "\n```mine\nx\n```\n")
    (site.folder / "shown").write_text("one")
    assert b"<p>one</p>" in site.build("again", cache=True)["202405/index.html"]
    (site.folder / "shown").write_text("two")
    assert same(site)
    del sys.modules["fencing"]


def test_a_module_that_an_extension_of_the_site_uses_is_part_of_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "shout.py").write_text("import shouthelp\n")
    helper = tmp_path / "shouthelp.py"
    helper.write_text("TAG = 'b'\n")
    importlib.import_module("shout")
    states = {fingerprint_module.fingerprint(modules=["shout"])}
    helper.write_text("TAG = 'i'\n")
    states.add(fingerprint_module.fingerprint(modules=["shout"]))
    assert len(states) == 2
    del sys.modules["shout"], sys.modules["shouthelp"]


def test_the_cache_holds_every_language_of_a_site(site: Site) -> None:
    """Each is a build of its own in one process; what the first does not use the others may."""
    cache = Cache(site.folder / "kept")
    names = [[name_of(language, str(page)) for page in range(400)] for language in "abcde"]
    for name in (name for own in names for name in own):
        cache.put(name, "x")
        os.utime(site.folder / "kept" / f"{name}.json", (1, 1))
    sources = Sources()
    for own in names:
        one = Cache(site.folder / "kept")
        sources.begin(cache=one)
        assert all(one.get(name) for name in own)
        sources.end()
    sources.prune()
    assert len(list((site.folder / "kept").glob("*.json"))) == 2000
