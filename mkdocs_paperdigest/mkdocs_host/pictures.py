"""The copies of remote figures among the files of a site, and the links to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from markdown import Markdown
from mkdocs.structure.files import File

from ..records import figure_key, local_copies


class Pictures:
    """Knows the copies that `paperdigest figures vendor` made, as far as they are built; `folder` is theirs in the docs, if any."""

    def __init__(self, files: Iterable[File], folder: str | None, is_built: Callable[[File], bool]) -> None:
        start = f"{folder}/"
        inside = {file.src_uri: file for file in files if folder and file.src_uri.startswith(start) and is_built(file)}
        self._files = {key: inside[path] for key, path in local_copies(inside, folder or "").items()}

    @property
    def state(self) -> str:
        return repr(sorted((key, file.src_uri, file.url) for key, file in self._files.items()))

    def link(self, src: str, md: Markdown, page: File) -> str | None:
        """The link to the copy of a picture, on a page or wherever else `md` converts the page for; None if there is none."""
        key = figure_key(src) if self._files else None
        copy = self._files.get(key) if key else None
        if copy is None:
            return None
        # A blog shows the beginnings of posts on pages of its own, and tells MkDocs so, which links by this file.
        if "relpath" in md.treeprocessors:
            relative: Any = md.treeprocessors["relpath"]
            page = relative.file
        return copy.url_relative_to(page)
