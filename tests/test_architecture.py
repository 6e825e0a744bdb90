"""The rooms of the package: what may import what, and that all but the plugin works without MkDocs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

WITHOUT_MKDOCS = """
import importlib, pkgutil, sys

class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("mkdocs", "material", "properdocs"):
            raise ImportError(name)

sys.meta_path.insert(0, Forbidden())
import mkdocs_paperdigest as package

for module in pkgutil.walk_packages(package.__path__, "mkdocs_paperdigest."):
    if not module.name.startswith(("mkdocs_paperdigest.plugin", "mkdocs_paperdigest.mkdocs_host", "mkdocs_paperdigest.__main__")):
        importlib.import_module(module.name)
"""

DIGEST = "# 2024-05\n\n### A Paper\n- `Keypoints:` One Thing; Another;\n"


def without_mkdocs(code: str, folder: Path) -> str:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "202405.md").write_text(DIGEST, encoding="utf-8")
    (folder / "mkdocs.yml").write_text("site_name: Test\n", encoding="utf-8")
    command = [sys.executable, "-c", WITHOUT_MKDOCS + code]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_rooms_import_only_from_rooms_below_them() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    command = [sys.executable, "-c", code]  # a process of its own, since it changes all loggers
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_folders_are_read_without_mkdocs(tmp_path: Path) -> None:
    code = "print([record['title'] for record in package.read_folder('.').records()])"
    assert without_mkdocs(code, tmp_path) == "['A Paper']\n"


@pytest.mark.parametrize("arguments", [["lint"], ["export"], ["render", ".", "rendered"]])
def test_commands_run_without_mkdocs(arguments: list[str], tmp_path: Path) -> None:
    without_mkdocs(f"from mkdocs_paperdigest.cli import main; sys.exit(main({arguments}))", tmp_path)


def test_generated_pages_are_made_without_mkdocs(tmp_path: Path) -> None:
    code = """
from pathlib import Path
from types import SimpleNamespace
from mkdocs_paperdigest.collection import SiteOptions, read_collection, options_for
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.library import build_library
from mkdocs_paperdigest.pages import GENERATED_PAGES, Links, SitePages, Templates

collection = read_collection(options_for(Path(".")), Path("docs"))
library = build_library((source.digest for source in collection.sources.values()), collection.vocabulary)
files = SimpleNamespace(address=lambda path: path.removesuffix("index.md"), title=lambda path: "")
downloads = SimpleNamespace(of_site=lambda root: (), of_keypoint=lambda keypoint, root: {}, of_categories=lambda root: ())
said = words("en")
links = Links(library, SiteOptions(), said, files)
folder = Path(package.__file__).parent / "templates"
site = SitePages(links, Templates([str(folder)], said), downloads, draws_formulas=False, cites=True)
for row in GENERATED_PAGES:
    assert "<h1" in row.content(site, "../") and row.description(library, said), row.option
for keypoint in library.keypoints:
    runs, parts = site.keypoints.parted(keypoint)
    assert "A Paper" in site.keypoints.html(keypoint, runs, parts, "", "../../")
"""
    without_mkdocs(code, tmp_path)
