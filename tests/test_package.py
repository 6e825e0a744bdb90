"""The built wheel and source distribution: what is in them, and that the wheel builds a site where it is all there is.

The whole of the latter, with dependencies fetched into an empty environment, is the nox session `wheel`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import PAPER, ROOT, write


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_wheel_holds_every_file_of_the_package(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
        entry_points = wheel.read(next(n for n in wheel.namelist() if n.endswith("entry_points.txt"))).decode()
        licence = [name for name in wheel.namelist() if name.endswith("LICENSE")]
    package = ROOT / "mkdocs_paperdigest"
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == ours
    for kind in ("py.typed", ".html", ".css", ".schema.json"):
        assert any(name.endswith(kind) for name in inside), kind
    assert "[console_scripts]\npaperdigest = mkdocs_paperdigest.cli:main" in entry_points
    assert "[mkdocs.plugins]\npaperdigest = mkdocs_paperdigest.plugin:PaperDigestPlugin" in entry_points
    assert licence


def test_the_source_distribution_builds_the_example_site(built: Path, tmp_path: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    assert (root / "tests" / "golden").is_dir()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(root / "example_site" / "mkdocs.yml")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr


def test_the_wheel_is_all_that_a_site_needs(built: Path, tmp_path: Path) -> None:
    """The package is read out of the wheel itself, not from the checkout."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    write(tmp_path, {"docs/202405.md": PAPER, "mkdocs.yml": "site_name: T\nplugins: [search, paperdigest]\n"})
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import mkdocs_paperdigest, mkdocs.__main__ as m; print(mkdocs_paperdigest.__file__); m.cli()",
            "build",
            "--strict",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(tmp_path / "installed")},
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "installed") in done.stdout
    assert "pd-paper" in (tmp_path / "site" / "202405" / "index.html").read_text(encoding="utf-8")
