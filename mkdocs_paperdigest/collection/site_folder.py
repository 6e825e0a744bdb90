"""The folder of the built site: whether MkDocs wrote it, and what else stands in it that a build would delete."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable
from itertools import chain, count
from pathlib import Path

from ..support import read_if_there, tracked_files

SITE = "site"
"""The usual `site_dir`."""

_NAMES = re.compile(rf"{SITE}|_{SITE}\d*")
_MARKS = {
    "assets/paperdigest/paperdigest.css": re.compile("."),
    # Themes name what built the page, in its head or its footer.
    "404.html": re.compile(r"\b(?:mkdocs|properdocs|zensical)\b", re.IGNORECASE),
    # The indentation is that of MkDocs' own template, which names no page without `site_url`.
    "sitemap.xml": re.compile(r"<urlset\b[^>]*>\s*(?:</urlset>|<url>\s*?\n {9}<loc>)"),
}


def is_built(folder: Path, files: Container[str] | None = None) -> bool:
    """Whether MkDocs, or what builds sites as it does, wrote a folder, judged by these of its files, by default all."""
    return any(
        (files is None or name in files) and mark.search(read_if_there(folder / name)) for name, mark in _MARKS.items()
    )


def is_built_among_pages(folder: Path) -> bool:
    """Whether a folder beside pages is a site that was built there, judged by its name, too."""
    return bool(_NAMES.fullmatch(folder.name)) and is_built(folder)


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
