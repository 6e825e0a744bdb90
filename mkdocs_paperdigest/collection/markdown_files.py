"""The Markdown files of a folder, and which of them a site has pages of, and takes for digests."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pathspec.gitignore import GitIgnoreSpec

from .site_folder import is_built_among_pages

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""The suffixes of the files that MkDocs takes for pages."""

SKIPPED = ("node_modules", "__pycache__", "venv", "env", "site-packages")
"""Folders whose Markdown is not the repository's own; hidden folders are skipped, too."""


def markdown_files(folder: Path, refused: Callable[[str], object] | None = None) -> list[str]:
    return files_in(folder, _is_page, refused)


def files_in(
    folder: Path, is_wanted: Callable[[str], bool], refused: Callable[[str], object] | None = None
) -> list[str]:
    """Wanted files of a folder by sorted relative paths, without built sites and `SKIPPED`; links to folders outside are followed once."""

    def tell(error: OSError) -> None:
        if refused:
            refused(Path(error.filename).relative_to(folder).as_posix())

    found: list[str] = []
    real = folder.resolve()
    visited: set[Path] = set()
    for here, folders, files in os.walk(folder, onerror=tell, followlinks=True):
        folders[:] = [name for name in sorted(folders) if _is_own(Path(here, name), real, visited)]
        found += [Path(here, name).relative_to(folder).as_posix() for name in files if is_wanted(name)]
    return sorted(found)


def _is_page(name: str) -> bool:
    return name.endswith(MARKDOWN) and not name.startswith(".")


def _is_own(folder: Path, root: Path, visited: set[Path]) -> bool:
    if folder.name.startswith(".") or folder.name in SKIPPED or is_built_among_pages(folder):
        return False
    if not folder.is_symlink():
        return True
    to = folder.resolve()
    is_new = not (to.is_relative_to(root) or root.is_relative_to(to) or to in visited)
    visited.add(to)
    return is_new


def chosen_pages(paths: Iterable[str], exclude_docs: str) -> list[str]:
    """The Markdown files that MkDocs makes pages of, sorted. Source: `set_exclusions` and `get_files` in `mkdocs.structure.files`."""
    excluded = GitIgnoreSpec.from_lines([".*", "/templates/", *exclude_docs.splitlines()])
    by_page: dict[tuple[str, str], list[str]] = {}
    for path in sorted(paths):
        if not excluded.match_file(path):
            folder, name = posixpath.split(path)
            stem = posixpath.splitext(name)[0]
            by_page.setdefault((folder, "index" if stem == "README" else stem), []).append(path)
    return sorted(path for same in by_page.values() for path in (same[1:] or same))


class Choice:
    """The option's patterns `include` and `exclude`, as in `.gitignore`."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = GitIgnoreSpec.from_lines(include)
        self._exclude = GitIgnoreSpec.from_lines(exclude)

    def __contains__(self, path: object) -> bool:
        return self._include.match_file(str(path)) and not self._exclude.match_file(str(path))


def read_file(file: Path) -> bytes | None:
    """Read a file; None if it cannot be read, or is no file, such as a link to nothing, or a pipe, which would be waited for."""
    try:
        return file.read_bytes() if file.is_file() else None
    except OSError:
        return None
