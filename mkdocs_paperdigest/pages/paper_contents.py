"""What feeds say of papers: taken from their pages as these are written, and serialised."""

from __future__ import annotations

from collections.abc import Iterable

from mkdocs.structure.pages import Page

from ..entry_spool import EntrySpool
from ..feeds import Entry, feed_entry, is_fed
from ..html_addresses import absolute
from ..library import Library
from ..paper import Paper
from .links import Links
from .paper_html import shown, told
from .paper_sections import paper_sections


class PaperContents:
    """The entries of the papers of feeds, `papers`. `root` is the absolute address of the site, ending in `/`."""

    def __init__(self, papers: Iterable[Paper], library: Library, links: Links, root: str) -> None:
        self._library = library
        self._links = links
        self._root = root
        self._wanted: dict[str, list[Paper]] = {}
        for paper in papers:
            self._wanted.setdefault(paper.path, []).append(paper)
        self._entries = EntrySpool()

    def take(self, page: Page) -> None:
        """Take the papers of a page from its content, before related papers and the like are put into it."""
        content = page.content or ""
        base = self._root + self._links.url(page.file.src_uri)
        for paper, start, end in paper_sections(content, self._wanted.get(page.file.src_uri, ())):
            self._put(paper, shown(content[start:end], base))

    def entry(self, paper: Paper) -> Entry:
        """The entry of a paper. One whose page was not seen, or that is a row of a table, has what its record says."""
        if paper.id not in self._entries:
            file = self._links.files.get_file_from_path(paper.path)
            said = told(paper, lambda url: self._links.resolve(url, file) if file else url)
            self._put(paper, absolute(said, self._root + self._links.url(paper.path)))
        return self._entries[paper.id]

    def close(self) -> None:
        """Drop the entries."""
        self._entries.close()

    def _put(self, paper: Paper, content: str) -> None:
        labels = [own.label for own in map(self._library.keypoint, paper.keypoints or ()) if own]
        self._entries[paper.id] = feed_entry(
            paper,
            labels=labels,
            url=self._links.to_paper(paper, self._root),
            content=content,
            site_url=self._root,
            untitled=self._links.words("untitled"),
        )


def fed(papers: Iterable[Paper], most: int) -> list[Paper]:
    """The newest papers that a feed may have, of papers that are sorted newest first."""
    found: list[Paper] = []
    for paper in papers:
        if len(found) == most:
            break
        if is_fed(paper):
            found.append(paper)
    return found
