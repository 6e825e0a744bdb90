"""Checks that are slower than the test command of the README: `nox`, or `nox -s tests-3.12` for one of them."""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["tests", "lint"]


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session
def site(session: nox.Session) -> None:
    """Build the example site as its visitors get it."""
    session.install(".[material]")
    session.run(
        "mkdocs", "build", "--strict", "--config-file", "example_site/mkdocs.yml", "--site-dir", session.create_tmp()
    )
