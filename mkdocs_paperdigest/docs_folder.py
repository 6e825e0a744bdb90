"""The folder of the docs where MkDocs refuses it: that of `mkdocs.yml` itself, as in a repository whose digests stand at its top."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files, InclusionLevel
from pathspec.gitignore import GitIgnoreSpec

from .survey import MARKDOWN, SKIPPED

_MEDIA = "png jpg jpeg gif webp avif svg ico bmp mp4 webm mov mp3 wav pdf".split()


def use_folder(config: MkDocsConfig, folder: str) -> None:
    """Make `folder`, relative to `mkdocs.yml`, the docs folder of a build.

    MkDocs checks its own `docs_dir` before plugins are asked, and copies every file in it; from a whole repository only what pages are
    made of is taken: Markdown, media, and the styles and scripts that the site names, less the built site. `exclude_docs` of the
    site comes after that and can take more. Raises PluginError if the folder is none.
    """
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    docs = Path(os.path.normpath(root / folder))
    if not docs.is_dir():
        raise PluginError(f"paperdigest: 'docs_dir' names {folder!r}, which is no folder at {docs}.")
    config.docs_dir = str(docs)
    lines = [
        "*",
        *(f"!*{suffix}" for suffix in MARKDOWN),
        *(f"!*.{suffix}" for suffix in _MEDIA),
        "!CNAME",
        "!robots.txt",
    ]
    named = [*config.extra_css, *map(str, config.extra_javascript)]
    lines += [
        f"!/{posixpath.normpath(path)}" for path in named if "://" not in path and not path.startswith(("/", ".."))
    ]
    lines += [".*", "**/.*/**", *(f"**/{name}/**" for name in SKIPPED), *(f"/{link}/**" for link in _loops(docs))]
    site = Path(config.site_dir)
    if site.is_relative_to(docs) and site != docs:
        lines.append(f"/{site.relative_to(docs).as_posix()}/**")
    own = [str(pattern.pattern) for pattern in config.exclude_docs.patterns] if config.exclude_docs else []
    # To pathspec a pattern that fits a folder counts less than one that fits a file, wherever it stands: `!*.md` above would win.
    lines += [line for pattern in own for line in (pattern, _all_in(pattern))]
    config.exclude_docs = GitIgnoreSpec.from_lines(lines)


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
    """Watch the docs folder without what is never taken from it, which may be a hundred thousand files."""
    docs = Path(config.docs_dir)
    server.unwatch(str(docs))
    server.watch(str(docs), recursive=False)
    for child in sorted(docs.iterdir()):
        if (
            child.is_dir()
            and not child.name.startswith(".")
            and child.name not in SKIPPED
            and child != Path(config.site_dir)
        ):
            server.watch(str(child))
