"""What to say of links that lead out of the docs folder."""

from __future__ import annotations

import logging
import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from ..collection import Repository
from ..reader import OutsideLink, link_target
from ..records import Finding, finding


def outside_findings(
    pages: Iterable[tuple[File, tuple[OutsideLink, ...]]], files: Files, config: MkDocsConfig
) -> list[Finding]:
    """A finding for each link that leads nowhere on the site, unless MkDocs is told to ignore such links."""
    linking = [(file, links) for file, links in pages if links]
    if not linking or config.validation.links.not_found <= logging.DEBUG:
        return []
    docs = Path(config.docs_dir)
    folder = Path(config.config_file_path).parent if config.config_file_path else docs.parent
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
