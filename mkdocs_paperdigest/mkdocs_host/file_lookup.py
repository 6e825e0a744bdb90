"""The files of a MkDocs site, as pages and links ask for them."""

from __future__ import annotations

import html
import posixpath
import re
from urllib.parse import unquote

from mkdocs.structure.files import File, Files

from ..reader import safe_url


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
