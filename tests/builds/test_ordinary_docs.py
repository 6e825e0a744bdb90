"""Ordinary documentation has no papers: Markdown of well-known packages, full of headings, lists and links to arXiv."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

import pytest
from conftest import Builder, many, write

from mkdocs_paperdigest import read_digest

# Large: many pages, which say little about one Python or another. nox leaves it out, whose environments lack pip.
pytestmark = pytest.mark.large

PACKAGES = """\
lm-eval==0.4.13
parlai==1.7.2
pymdown-extensions==13.1.2
vit-pytorch==1.26.11
black==26.10.1
coqui-tts==0.28.0
""".split()[: many(3, 6)]
"""Source distributions of a few MB: guides, change logs, and pages of models and benchmarks that cite their papers."""

BACKEND = """\
import shutil, sys
from email import message_from_bytes
from pathlib import Path

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = message_from_bytes(Path("PKG-INFO").read_bytes())
    made = Path(folder, f"{info['Name'].replace('-', '_')}-{info['Version']}.dist-info")
    made.mkdir()
    shutil.copy("PKG-INFO", made / "METADATA")
    return made.name

__legacy__ = sys.modules[__name__]  # the name of the backend where pyproject.toml names none
"""
"""pip keeps a source distribution only after its build backend told what it is. This one reads that off the file that is
there anyway: nothing else need be installed, and no code that was downloaded runs."""


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | bytes]:
    """The Markdown files of the packages by their paths; skips where pip cannot fetch them, but on CI."""
    folder = tmp_path_factory.mktemp("ordinary")
    for backend in ("hatchling/build.py", "setuptools/build_meta.py"):
        # `__init__.py`: else the installed package of that name goes first.
        write(folder / "backends", {f"{Path(backend).parent}/__init__.py": "", backend: BACKEND})
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary=:all:", "--no-build-isolation"]
    # pip knows how this machine reaches PyPI.
    done = subprocess.run(
        [*command, "--retries=2", "--timeout=30", "--dest", folder, *PACKAGES],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder / "backends")},
        check=False,
    )
    if done.returncode:
        message = f"needs packages of PyPI, which pip could not fetch: {done.stderr.strip().splitlines()[-1]}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{message}\n{done.stderr}")
        pytest.skip(message)
    return {path: data for archive in folder.glob("*.tar.gz") for path, data in markdown_files(archive)}


def markdown_files(archive: Path) -> list[tuple[str, bytes]]:
    """The Markdown files of a source distribution; the version in the name of its folder looks like a date, and goes."""
    found = []
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if member.isfile() and member.name.endswith(".md") and member.size < 1_000_000:
                assert not {"..", "/"} & set(parts), member.name
                file = tar.extractfile(member)
                assert file is not None
                found.append(("/".join([archive.name.rpartition("-")[0], *parts[1:]]), file.read()))
    return found


def test_the_docs_are_many_and_cite_papers(docs: dict[str, bytes]) -> None:
    assert len({path.partition("/")[0] for path in docs}) == len(PACKAGES)
    assert len(docs) > many(450, 550)
    assert sum(b"arxiv.org/" in data for data in docs.values()) > many(200, 250)


def test_the_reader_finds_no_paper(docs: dict[str, bytes]) -> None:
    digests = {path: read_digest(data.decode(), path)[0] for path, data in docs.items()}
    assert [(path, paper.title) for path, digest in digests.items() for paper in digest.papers] == []


def test_a_site_of_them_has_no_paper(docs: dict[str, str | bytes], build: Builder) -> None:
    # Not strict: what the docs link to is not there. Nor are the icons that some pages ask Material for.
    built = build(docs, arguments=(), theme="mkdocs")
    assert json.loads(built.read("papers.json"))["papers"] == []
    assert len(list(built.site.rglob("*.html"))) > many(450, 550)
