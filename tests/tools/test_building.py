"""A build in the tests' own process says and makes what one in a process of its own does, and leaves nothing of itself."""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from pathlib import Path

import pytest
from building import build_here, build_in_process_of_its_own
from conftest import TWO_MONTHS, write
from mkdocs.config.defaults import MkDocsConfig

SETTINGS = """\
site_name: Test
theme: {name: material, font: false}
hooks: [own_hook.py]
markdown_extensions: [own_extension]
plugins: [search, paperdigest]
"""
EXTENSION = """\
import own_words
from markdown import Extension
from markdown.preprocessors import Preprocessor


class Own(Extension, Preprocessor):
    def extendMarkdown(self, md):
        md.preprocessors.register(self, "own", 100)

    def run(self, lines):
        return [line.replace("Camera", own_words.WORD) for line in lines]


def makeExtension(**options):
    return Own(**options)
"""
HOOK = """\
import logging
import os
import own_words

logging.getLogger("mkdocs").addFilter(lambda record: True)
os.environ["OF_THE_HOOK"] = "1"


def on_page_markdown(markdown, **_):
    return markdown.replace("World", own_words.WORD)
"""
FAULTS = {
    "none": {},
    "a warning": {"docs/index.md": "[x](nowhere.md)\n"},
    "a finding": {"docs/202407.md": "# 202407\n\n### A\n- `Keypionts:` x\n"},
    "an error of the settings": {"mkdocs.yml": SETTINGS + "theme: nothing-of-the-kind\n"},
    "an error of a hook": {"own_hook.py": "def on_files(*_, **__):\n    raise ValueError('of the hook')\n"},
    "no settings": {"mkdocs.yml": "a: b: c\n"},
}


def project(folder: Path, word: str = "Universe", fault: str = "none") -> Path:
    files = {f"docs/{name}": text for name, text in TWO_MONTHS.items()}
    own = {"own_extension.py": EXTENSION, "own_hook.py": HOOK, "own_words.py": f"WORD = {word!r}\n"}
    write(folder, {"mkdocs.yml": SETTINGS, **files, **own, **FAULTS[fault]})
    return folder


def made(folder: Path) -> dict[str, bytes]:
    site = folder / "site"
    paths = [path for path in site.rglob("*") if path.is_file() and path.name != "sitemap.xml.gz"]
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}


def without_what_differs(output: str) -> str:
    """What is said, less how long it took, and less the frames of MkDocs above a hook that fails."""
    output = re.sub(r"in [\d.]+ seconds", "", output)
    return re.sub(r"(?s)Traceback.*\n(?=\w)", "Traceback\n", output)


@pytest.mark.parametrize(
    ("fault", "arguments"), [*((fault, ("--strict",)) for fault in FAULTS), ("a warning", ()), ("none", ("--quiet",))]
)
def test_both_say_and_make_the_same(tmp_path: Path, fault: str, arguments: tuple[str, ...]) -> None:
    project(tmp_path, fault=fault)
    status, said = build_here(tmp_path, arguments)
    site = made(tmp_path)
    wanted = build_in_process_of_its_own(tmp_path, arguments)
    assert (status, without_what_differs(said)) == (wanted[0], without_what_differs(wanted[1]))
    assert site == made(tmp_path)


def state() -> dict[str, object]:
    loggers = [logging.getLogger(name) for name in ("", "mkdocs", "mkdocs.commands.build", "mkdocs.plugins")]
    return {
        "folder": Path.cwd(),
        "path": sys.path.copy(),
        "environment": dict(os.environ),
        "loggers": [(one.level, one.handlers[:], one.filters[:], one.propagate) for one in loggers],
        "warnings": (warnings.filters[:], warnings.showwarning),
        "plugins": dict(vars(MkDocsConfig)["plugins"].plugin_cache),
        "modules": [name for name in sys.modules if name.startswith("own_")],
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_left(tmp_path: Path, fault: str) -> None:
    before = state()
    build_here(project(tmp_path, fault=fault), ("--strict",))
    assert state() == before


def test_modules_of_another_project_are_not_taken_for_its_own(tmp_path: Path) -> None:
    for word in ("Universe", "Cosmos"):
        folder = project(tmp_path / word, word)
        assert build_here(folder, ())[0] == 0
        assert f"{word} Model" in (folder / "site" / "202405" / "index.html").read_text(encoding="utf-8")
    write(folder, {"own_words.py": "WORD = 'Everything'\n"})
    assert build_here(folder, ())[0] == 0
    assert "Everything Model" in (folder / "site" / "202405" / "index.html").read_text(encoding="utf-8")
