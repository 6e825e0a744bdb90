"""The files of a docs folder that a site has: its Markdown pages, pictures, and whatever else is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pathspec.gitignore import GitIgnoreSpec

from ..collection import MARKDOWN, MEDIA, SKIPPED, SiteOptions, is_within, markdown_files


def source_pages(root: Path, options: SiteOptions, out: Path) -> list[str]:
    """The Markdown pages of a docs folder that a site has, less those in `out` and in the built site."""
    paths = markdown_files(root)
    own = [path for path in paths if not is_within(root / path, out) and not is_within(root / path, options.site)]
    return options.pages(own)


def source_files(root: Path, options: SiteOptions, out: Path) -> Iterator[str]:
    """Paths in `root`, sorted: no hidden, excluded or built files, nothing in `out`, only media if `root` may be a whole repository."""
    whole = os.path.abspath(root) == os.path.abspath(options.folder)
    metas = [name for name, _ in options.meta_files]
    excluded = GitIgnoreSpec.from_lines([".*", "/templates/", *options.exclude_docs.splitlines(), *metas])
    found: list[str] = []
    for here, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and not (whole and name in SKIPPED)
            and not is_within(Path(here, name), out)
            and not is_within(Path(here, name), options.site)
        ]
        for name in names:
            file = Path(here, name)
            path = file.relative_to(root).as_posix()
            if name.endswith(MARKDOWN) or not file.is_file() or excluded.match_file(path) or path in options.left_out:
                continue
            if not whole or name.lower().rpartition(".")[2] in MEDIA or name in ("CNAME", "robots.txt"):
                found.append(path)
    return iter(sorted(found))
