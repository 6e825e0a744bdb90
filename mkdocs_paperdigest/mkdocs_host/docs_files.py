"""The files of a MkDocs site, as pages and links ask for them: by path, as copies of remote pictures, and in place of links that lead out."""

from __future__ import annotations

import html
import logging
import os
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from ..collection import Repository
from ..reader import OutsideLink, link_target, safe_url
from ..records import Finding, figure_key, finding, local_copies
from .build_folders import settings_folder


class MkDocsFiles:
    """Finds files by their source paths, those of generated pages in the default language. MkDocs gives `files` when it has them."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def address(self, path: str) -> str | None:
        file = self.files.get_file_from_path(path)
        return None if file is None else "" if file.url == "./" else file.url

    def title(self, path: str) -> str:
        file = self.files.get_file_from_path(path)
        return html.unescape(str(file.page.title or "")) if file and file.page else ""

    def resolve(self, url: str, page: File, folder: str | None = None) -> str:
        """A link, as it must be on a built page: one of raw HTML there, which MkDocs leaves alone, or one from a `folder` of the docs."""
        folder = posixpath.dirname(page.src_uri) if folder is None else folder
        path, mark, fragment = url.partition("#")
        if not path or re.match(r"[a-z][a-z0-9+.-]*:|/", path, re.IGNORECASE) or not safe_url(url):
            return url
        target = self.files.get_file_from_path(posixpath.normpath(posixpath.join(folder, unquote(path))))
        return f"{target.url_relative_to(page)}{mark}{fragment}" if target else url


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


def outside_findings(
    pages: Iterable[tuple[File, tuple[OutsideLink, ...]]], files: Files, config: MkDocsConfig
) -> list[Finding]:
    """A finding for each link that leads nowhere on the site, unless MkDocs is told to ignore such links."""
    linking = [(file, links) for file, links in pages if links]
    if not linking or config.validation.links.not_found <= logging.DEBUG:
        return []
    docs = Path(config.docs_dir)
    folder = settings_folder(config) if config.config_file_path else docs.parent
    repository = Repository.around(docs, folder, config.repo_url)
    built = {file.dest_uri for file in files}

    def leads(link: OutsideLink, page: File) -> bool:
        """Whether MkDocs, or a browser where MkDocs leaves the link alone, finds a file of the site."""
        url = link.url
        if files.get_file_from_path(link_target(url, page.src_uri)):
            return True
        if not link.is_html:
            return False
        address = link_target(url, page.dest_uri)
        if address.split("/")[0] == "..":
            return False
        if address in built or posixpath.join(address, "index.html") in built:
            return True
        # Nothing there on GitHub either: it may be what another plugin writes at the end, such as a feed.
        return not os.path.exists(os.path.normpath(docs / link_target(url, page.src_uri)))

    return [
        finding("PD404", file.src_uri, link.line, link.column, link.url, advice=repository.instead(link, file.src_uri))
        for file, links in linking
        for link in links
        if not leads(link, file)
    ]
