"""The files that stand beside `mkdocs.yml`: where they are in a build, and that `mkdocs serve` sees them change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from ..collection import KEYPOINTS_FILE, LOCK_FILE, bases, lost_by_a_build
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
