"""The folders of a build: that of `mkdocs.yml`, whose files `mkdocs serve` sees change, and the docs, which may be the same one.

MkDocs refuses docs in the folder of `mkdocs.yml` itself, as in a repository whose digests stand at its top; `use_folder` makes it take them.
"""

from __future__ import annotations

import os
import posixpath
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files, InclusionLevel
from pathspec.gitignore import GitIgnoreSpec
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from ..collection import KEYPOINTS_FILE, LOCK_FILE, MARKDOWN, MEDIA, SKIPPED, bases, lost_by_a_build
from ..languages import Words, WordsError, words
from .integrations import interface_language


def settings_folder(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def keypoints_file(config: MkDocsConfig, name: str | None) -> Path | None:
    """The file of keypoints that an option names. Raises PluginError if it is not there, unless it is the usual one."""
    if name is None:
        return None
    file = settings_folder(config) / name
    if name != KEYPOINTS_FILE and not file.is_file():
        raise PluginError(f"paperdigest: 'keypoints_file' names {name!r}, but there is no file {file}.")
    return file


def interface_words(config: MkDocsConfig, name: str | None) -> Words:
    """The words of a build's language, with the site's own in folder `name`. Raises PluginError if these cannot be used."""
    folder = settings_folder(config) / name if name else None
    if folder and not folder.is_dir():
        raise PluginError(f"paperdigest: 'words' names {name!r}, but there is no folder {folder}.")
    try:
        return words(interface_language(config), folder)
    except WordsError as error:
        raise PluginError(f"paperdigest: {error}.") from error


def keep_sources(config: MkDocsConfig, keypoints: str | None, own_words: str | None) -> None:
    """Raise PluginError if emptying the site's folder would delete sources, such as the files that the two options name."""
    folder, site = settings_folder(config), Path(config.site_dir)
    named = (keypoints, own_words, LOCK_FILE, *config.hooks, config.theme.custom_dir, config.config_file_path)
    sources = [Path(config.docs_dir), *(folder / name for name in named if name and (folder / name).exists())]
    if config.config_file_path:
        sources += bases(Path(config.config_file_path))
    if lost := lost_by_a_build(site, sources):
        raise PluginError(
            f"paperdigest: the build would empty {site}, and so delete {lost}, which no build of MkDocs wrote: "
            "name another folder with 'site_dir' in the settings, such as 'site_dir: _site'."
        )


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


def watch_files(server: LiveReloadServer, *files: Path | None) -> None:
    """Watch the folders of files: a file that is written anew, or not there yet, would not be seen if it were watched itself."""
    names = {os.path.abspath(file) for file in files if file}
    for folder in {os.path.dirname(name) for name in names}:
        watch_some(server, folder, names.__contains__, recursive=False)


def watch_some(server: LiveReloadServer, folder: str, is_wanted: Callable[[str], bool], *, recursive: bool) -> None:
    def changed(event: FileSystemEvent) -> None:
        paths = {os.path.abspath(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}
        if not event.is_directory and any(map(is_wanted, paths)):
            with server._rebuild_cond:  # as `LiveReloadServer.watch` does for a whole folder
                server._want_rebuild = True
                server._rebuild_cond.notify_all()

    handler = FileSystemEventHandler()
    handler.on_any_event = changed  # type: ignore[method-assign]
    server.observer.schedule(handler, folder, recursive=recursive)
