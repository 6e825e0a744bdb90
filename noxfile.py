"""Checks that are slower than the test command of the README: `nox`, or `nox -s tests-3.12` for one of them."""

import os
import re
import tomllib
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|venv"
nox.options.sessions = ["tests", "lowest", "materialx", "wheel", "site"]
nox.options.error_on_external_run = True

READING = "not large and not browser and not builds"
"""The tests that build no site, which are most of them."""

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run what can differ from one Python to another: the tests that build no site, and the builds marked `pythons`."""
    session.install("-e", ".[dev]")
    session.run(
        "pytest", "-n", "auto", "-m", f"({READING}) or (pythons and not large and not browser)", *session.posargs
    )


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """Run what can differ with the lowest versions of what the plugin needs to run, and of Material for MkDocs."""
    bounds = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["material"]]
    lowest = [f"{name}=={version}" for name, version in (re.split(r">=|,", bound)[:2] for bound in bounds)]
    constraints = session.cache_dir / "lowest.txt"
    constraints.write_text("\n".join(lowest), encoding="utf-8")
    # Not `dev`: Zensical wants newer versions of the same libraries.
    session.install("-e", ".[material,neighbours,test]", "--constraint", str(constraints))
    chosen = f"({READING}) or (versions and not large and not browser)"
    session.run("pytest", "-n", "auto", "-m", chosen, *session.posargs, env={"WITHOUT": "zensical"})


@nox.session(python="3.13")
def materialx(session: nox.Session) -> None:
    """Run the tests of themes with MaterialX, which cannot stand beside Material for MkDocs."""
    session.install("-e", ".[materialx,test]")
    session.run("pytest", "-n", "auto", "tests/builds/test_themes.py", *session.posargs, env={"THEMES": "materialx"})


@nox.session(python="3.13")
def wheel(session: nox.Session) -> None:
    """Build the wheel, and a site with nothing but the wheel installed."""
    folder = session.create_tmp()
    session.install("build")
    session.run("python", "-m", "build", "--outdir", folder)
    built = max(Path(folder).glob("*.whl"), key=lambda path: path.stat().st_mtime)
    session.install(str(built))
    session.run("python", "tests/tools/wheel.py", *session.posargs)


@nox.session(python="3.13")
def site(session: nox.Session) -> None:
    """Build the example site as its visitors get it, and check it."""
    folder = session.create_tmp()
    session.install(".[material]")
    session.run("mkdocs", "build", "--strict", "--config-file", "example_site/mkdocs.yml", "--site-dir", folder)
    session.run("paperdigest", "check", folder)


@nox.session(python="3.13")
def benchmark(session: nox.Session) -> None:
    """Measure the plugin beside others and write the tables of the guide, for about an hour; `-- --sizes 600 --rounds 1` for a minute."""
    session.install("-e", ".[benchmark]")
    session.run("python", "-m", "tests.benchmarks", *session.posargs)


@nox.session(python="3.13")
def fuzz(session: nox.Session) -> None:
    """Make 10,000 pages at random and check what comes of them, for half an hour; `-- --pages 500 --seed 1` for two minutes of others."""
    session.install("-e", ".[material,neighbours,test]")
    rooms = ("", "exports", "markdown_extension", "markdown_site")
    path = os.pathsep.join(f"tests/{room}" for room in rooms)
    session.run("python", "tests/tools/fuzz.py", *session.posargs, env={"PYTHONPATH": path})


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
