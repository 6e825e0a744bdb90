"""The addresses of pages as MkDocs gives them, known from their paths, without MkDocs."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from ..library import Keypoint
from .markdown_files import MARKDOWN
from .settings import SiteOptions


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Addresses of pages by paths of sources: they begin at the site's root, whose own is "", and are not percent-encoded.

    A plugin can give pages other addresses, as those for blogs and for sites in several languages do; only a build knows these.
    """

    directory_urls: bool = True
    keypoint_pages: str | None = "keypoints"

    def file(self, path: str) -> str:
        """The file of the built site for a source. Source: `File._get_dest_path` in `mkdocs.structure.files`."""
        if not path.endswith(MARKDOWN):
            return path
        folder, name = posixpath.split(path)
        stem = posixpath.splitext(name)[0]
        stem = "index" if stem == "README" else stem
        parts = (stem, "index.html") if self.directory_urls and stem != "index" else (f"{stem}.html",)
        return posixpath.join(folder, *parts)

    def url(self, path: str) -> str:
        """The address of the page of a source. Source: `File._get_url`."""
        file = self.file(path)
        folder, name = posixpath.split(file)
        if self.directory_urls and name == "index.html":
            return f"{folder}/" if folder else ""
        return file

    def keypoint_url(self, keypoint: Keypoint) -> str | None:
        return self.url(f"{self.keypoint_pages}/{keypoint.slug}.md") if self.keypoint_pages else None


def page_addresses(options: SiteOptions) -> PageAddresses:
    return PageAddresses(options.use_directory_urls, options.keypoint_pages)


def site_root(site_url: str | None) -> str:
    """The address of a site's root, ending in `/`, which `mike deploy` and hooks may leave out; "" if it is not known."""
    return f"{site_url.rstrip('/')}/" if site_url else ""
