"""The files that stand beside `mkdocs.yml`: where they are in a build, and that `mkdocs serve` sees them change."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer

from .site_options import KEYPOINTS_FILE


def settings_folder(config: MkDocsConfig) -> Path:
    """The folder that the settings of a build stand in."""
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def keypoints_file(config: MkDocsConfig, name: str | None) -> Path | None:
    """The file of keypoints that an option names, None if it is to be none.

    The usual one need not be there. Raises PluginError if another one is not.
    """
    if name is None:
        return None
    file = settings_folder(config) / name
    if name != KEYPOINTS_FILE and not file.is_file():
        raise PluginError(f"paperdigest: 'keypoints_file' names {name!r}, but there is no file {file}.")
    return file


def watch_files(server: LiveReloadServer, *files: Path | None) -> None:
    """Watch the folders of files: a file that is written anew, or not there yet, would not be seen if it were watched itself."""
    for folder in {file.parent for file in files if file}:
        server.watch(str(folder), recursive=False)
