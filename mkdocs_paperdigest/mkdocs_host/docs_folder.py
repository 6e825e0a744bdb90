"""The folder of the docs where MkDocs refuses it: that of `mkdocs.yml` itself, as in a repository whose digests stand at its top."""

from __future__ import annotations

import os
import posixpath
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files, InclusionLevel
from pathspec.gitignore import GitIgnoreSpec

from ..collection import MARKDOWN, MEDIA, SKIPPED
from .settings_folder import settings_folder, watch_some


def use_folder(config: MkDocsConfig, folder: str) -> None:
    """Make `folder`, relative to `mkdocs.yml` and perhaps a whole repository, the docs folder of a build.

    Only Markdown, media, and the styles and scripts that the site names are taken; `exclude_docs` of the site can take more away.
    Raises PluginError if the folder is none.
    """
    docs = Path(os.path.normpath(settings_folder(config) / folder))
    if not docs.is_dir():
        raise PluginError(f"paperdigest: 'docs_dir' names {folder!r}, which is no folder at {docs}.")
    config.docs_dir = str(docs)
    kept = [*MARKDOWN, *(f".{suffix}" for suffix in MEDIA)]
    lines = ["*", *(f"!*{suffix}" for suffix in kept), "!CNAME", "!robots.txt"]
    named = [*config.extra_css, *map(str, config.extra_javascript)]
    lines += [
        f"!/{posixpath.normpath(path)}" for path in named if "://" not in path and not path.startswith(("/", ".."))
    ]
    lines += [".*", "**/.*/**", *(f"**/{name}/**" for name in SKIPPED), *(f"/{link}/**" for link in _loops(docs))]
    lines += [
        f"/{site.relative_to(docs).as_posix()}/**"
        for site in _site_folders(config)
        if site.is_relative_to(docs) and site != docs
    ]
    own = [str(pattern.pattern) for pattern in config.exclude_docs.patterns] if config.exclude_docs else []
    # To pathspec a pattern that fits a folder counts less than one that fits a file, wherever it stands: `!*.md` above would win.
    lines += [line for pattern in own for line in (pattern, _all_in(pattern))]
    config.exclude_docs = GitIgnoreSpec.from_lines(lines)


def _site_folders(config: MkDocsConfig) -> Iterator[Path]:
    """The folder that is built to, and that of `mkdocs build`: `mkdocs serve` builds to another one."""
    yield Path(config.site_dir)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # MkDocs may drop it; then only the usual name is known
        settings: Sequence[Mapping[str, Any]] = getattr(config, "user_configs", ())
    name = (settings[0].get("site_dir") if settings else None) or "site"
    yield Path(os.path.normpath(settings_folder(config) / name))


def _all_in(pattern: str) -> str:
    """The pattern of all that stands in the folders that a pattern fits; one without `/` but at its end fits them anywhere."""
    sign, stem = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    stem = stem.rstrip("/")
    return f"{sign}{stem if '/' in stem else f'**/{stem}'}/**"


def keep_files_of_the_theme(files: Files, config: MkDocsConfig) -> None:
    """Say that files from elsewhere than the docs are built, which MkDocs asks `exclude_docs` about, too: styles, scripts, fonts."""
    for file in files:
        if file.src_dir != config.docs_dir and file.inclusion is InclusionLevel.UNDEFINED:
            file.inclusion = InclusionLevel.INCLUDED


def _loops(docs: Path) -> Iterator[str]:
    """The links to folders that lead back into the docs, whose pages MkDocs would find again and again."""
    for folder, names, _ in os.walk(docs):
        names[:] = [name for name in names if not name.startswith(".") and name not in SKIPPED]
        for path in (Path(folder, name) for name in names):
            if path.is_symlink() and (docs.is_relative_to(to := path.resolve()) or to.is_relative_to(docs.resolve())):
                yield path.relative_to(docs).as_posix()


def watch_folder(server: LiveReloadServer, config: MkDocsConfig) -> None:
    """Watch sources and what other plugins read, such as `.nav.yml`, but not all of a folder that may be a repository."""
    docs = Path(config.docs_dir)
    built = set(_site_folders(config))

    def is_source(path: str) -> bool:
        if path.endswith((".yml", ".yaml", f"{os.sep}.pages")):
            return True
        taken = config.exclude_docs
        return taken is None or not taken.match_file(Path(os.path.relpath(path, docs)).as_posix())

    server.unwatch(str(docs))
    watch_some(server, str(docs), is_source, recursive=False)
    for child in sorted(docs.iterdir()):
        skipped = child.name.startswith(".") or child.name in SKIPPED or child in built
        if child.is_dir() and not skipped:
            watch_some(server, str(child), is_source, recursive=True)
