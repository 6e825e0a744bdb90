"""The files of a site, known without MkDocs: its sources, the pages that are made of them, and the folder that it is built into."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from pathspec.gitignore import GitIgnoreSpec

from ..library import Keypoint
from ..support import read_if_there, tracked_files

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""The suffixes of the files that MkDocs takes for pages."""

SKIPPED = ("node_modules", "__pycache__", "venv", "env", "site-packages")
"""Folders whose Markdown is not the repository's own; hidden folders are skipped, too."""

MEDIA = tuple("png jpg jpeg gif webp avif svg ico bmp mp4 webm mov mp3 wav pdf".split())
"""The suffixes of what pages show, which is all that is taken of a whole repository beside Markdown."""

SITE = "site"
"""The usual `site_dir`."""

_BUILT = re.compile(rf"{SITE}|_{SITE}\d*")
_MARKS = {
    "assets/paperdigest/paperdigest.css": re.compile("."),
    # Themes name what built the page, in its head or its footer.
    "404.html": re.compile(r"\b(?:mkdocs|properdocs|zensical)\b", re.IGNORECASE),
    # The indentation is that of MkDocs' own template, which names no page without `site_url`.
    "sitemap.xml": re.compile(r"<urlset\b[^>]*>\s*(?:</urlset>|<url>\s*?\n {9}<loc>)"),
}


# -- sources


def markdown_files(folder: Path, refused: Callable[[str], object] | None = None) -> list[str]:
    return files_in(folder, lambda name: name.endswith(MARKDOWN) and not name.startswith("."), refused)


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


def _is_own(folder: Path, root: Path, visited: set[Path]) -> bool:
    if folder.name.startswith(".") or folder.name in SKIPPED:
        return False
    if _BUILT.fullmatch(folder.name) and is_built(folder):
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


# -- pages


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Addresses of pages by paths of sources: they begin at the site's root, whose own is "", and are not percent-encoded.

    A plugin can give pages other addresses, as those for blogs and for sites in several languages do; only a build knows these.
    """

    directory_urls: bool = True
    keypoint_pages: str | None = "keypoints"

    def file(self, path: str) -> str:
        """The file of the built site for a source. Source: `File._get_dest_path` in `mkdocs.structure.files`."""
        if not path.endswith(MARKDOWN):
            return path
        folder, name = posixpath.split(path)
        stem = posixpath.splitext(name)[0]
        stem = "index" if stem == "README" else stem
        parts = (stem, "index.html") if self.directory_urls and stem != "index" else (f"{stem}.html",)
        return posixpath.join(folder, *parts)

    def url(self, path: str) -> str:
        """The address of the page of a source. Source: `File._get_url`."""
        file = self.file(path)
        folder, name = posixpath.split(file)
        if self.directory_urls and name == "index.html":
            return f"{folder}/" if folder else ""
        return file

    def keypoint_url(self, keypoint: Keypoint) -> str | None:
        return self.url(f"{self.keypoint_pages}/{keypoint.slug}.md") if self.keypoint_pages else None


def site_root(site_url: str | None) -> str:
    """The address of a site's root, ending in `/`, which `mike deploy` and hooks may leave out; "" if it is not known."""
    return f"{site_url.rstrip('/')}/" if site_url else ""


# -- the built site


def is_built(folder: Path, files: Container[str] | None = None) -> bool:
    """Whether MkDocs, or what builds sites as it does, wrote a folder, judged by these of its files, by default all."""
    return any(
        (files is None or name in files) and mark.search(read_if_there(folder / name)) for name, mark in _MARKS.items()
    )


def free_site(folder: Path) -> str:
    """A folder for the built site in which nothing would be lost: the usual one, or else another."""
    names = chain((SITE, f"_{SITE}"), (f"_{SITE}{number}" for number in count(2)))
    return next(name for name in names if _is_free(folder / name))


def lost_by_a_build(site: Path, sources: Iterable[Path]) -> Path | None:
    """A source, another repository or a tracked file that MkDocs would delete when it empties the folder, unless git tracks a whole built site."""
    names = _visible(site)
    if not names:
        return None
    here = Path(os.path.realpath(site))
    for source in sources:
        real = Path(os.path.realpath(source))
        if real == here or (real.is_relative_to(here) and real.relative_to(here).parts[0] in names):
            return source
    repositories = [name for name in sorted(names) if os.path.lexists(site / name / ".git")]
    tracked = [path for path in tracked_files(site) if path.split("/")[0] in names]
    lost = repositories or (tracked if not is_built(site, tracked) else [])
    return site / lost[0] if lost else None


def _is_free(folder: Path) -> bool:
    if not folder.is_dir():
        return not os.path.lexists(folder)
    return not _visible(folder) or (is_built(folder) and not lost_by_a_build(folder, ()))


def _visible(folder: Path) -> set[str]:
    return {name for name in os.listdir(folder) if not name.startswith(".")} if folder.is_dir() else set()
