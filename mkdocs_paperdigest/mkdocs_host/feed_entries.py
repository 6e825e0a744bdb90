"""The entries of feeds: what they say of papers, taken from pages as these are written."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from mkdocs.structure.pages import Page

from ..exports import EntrySpool, FeedItem, FilePlan
from ..markdown_extension import paper_sections, shown, told
from ..pages import Links
from ..records import Paper
from ..support import Cache, absolute, dumps, loads, name_of
from .docs_files import MkDocsFiles
from .reading import Reading

_WAITING = 4  # so many pages wait for the other process; with more this one does the work, too

Work = Callable[[tuple[str, str]], "Future[str]"]  # has what `made` does done by another process

_Entries = list[tuple[str, str, str]]  # the entries of a page: the id of each paper, its Atom, its JSON


class FeedEntries:
    """What feeds say of papers: taken from their pages as these are written, and serialised."""

    def __init__(
        self, papers: Iterable[Paper], reading: Reading, plan: FilePlan, links: Links, files: MkDocsFiles
    ) -> None:
        self._plan = plan
        self._links = links
        self._files = files
        self._cache = reading.cache if reading.state else Cache()
        self._state = reading.state or ""
        self._waiting: deque[tuple[Future[str], tuple[str, str], str]] = deque()
        self._wanted: dict[str, list[Paper]] = {}
        for paper in papers:
            self._wanted.setdefault(paper.path, []).append(paper)
        self._entries = EntrySpool()
        self.close = self._entries.close

    def take(self, page: Page, work: Work | None = None) -> None:
        """Take the papers of a page from its content, before related papers and the like are put into it."""
        uri, content = page.file.src_uri, page.content or ""
        if uri not in self._wanted:
            return
        name = self._name(uri, content) if self._cache else ""
        kept = self._cache.record(name, _Entries)
        if kept is not None:
            self._keep(kept)
        elif not (work and self._is_begun(work, (uri, content), name)):
            self._put(self.made((uri, content)), name)
        self._collect()

    def _is_begun(self, work: Work, page: tuple[str, str], name: str) -> bool:
        with contextlib.suppress(BrokenProcessPool):
            if len(self._waiting) < _WAITING:
                self._waiting.append((work(page), page, name))
                return True
        return False

    def made(self, page: tuple[str, str]) -> str:
        """The entries of the papers of a page, from its path and its content, as JSON."""
        uri, content = page
        base = self._plan.root + self._links.url(uri)
        found: _Entries = []
        for paper, start, end in paper_sections(content, self._wanted[uri]):
            entry = self._entry(paper, shown(content[start:end], base))
            found.append((paper.id, entry.atom.decode(), entry.json.decode()))
        return dumps(found)

    def entry(self, paper: Paper) -> FeedItem:
        """The entry of a paper. One whose page was not seen, or that is a row of a table, has what its record holds."""
        self._collect(all_of_them=True)
        if paper.id not in self._entries:
            file = self._files.files.get_file_from_path(paper.path)
            said = told(paper, lambda url: self._files.resolve(url, file) if file else url)
            base = self._plan.root + self._links.url(paper.path)
            self._entries[paper.id] = self._entry(paper, absolute(said, base))
        return self._entries[paper.id]

    def _collect(self, *, all_of_them: bool = False) -> None:
        """Take what the other process has done; if it has ended, do its work."""
        while self._waiting and (all_of_them or self._waiting[0][0].done()):
            future, page, name = self._waiting.popleft()
            try:
                made = future.result()
            except (OSError, BrokenProcessPool):
                made = self.made(page)
            self._put(made, name)

    def _put(self, made: str, name: str) -> None:
        if name:
            self._cache.put(name, made)
        self._keep(loads(made, _Entries))

    def _keep(self, entries: _Entries) -> None:
        for paper_id, atom, item in entries:
            self._entries[paper_id] = FeedItem(atom.encode(), item.encode())

    def _name(self, uri: str, content: str) -> str:
        said = [
            [
                *(paper.id, paper.title, paper.anchor, paper.day, paper.category, paper.authors),
                *(self._plan.labels(paper), [link.url for link in paper.links]),
            ]
            for paper in self._wanted[uri]
        ]
        return name_of("entries", self._state, self._plan.root, self._links.url(uri), content, json.dumps(said))

    def _entry(self, paper: Paper, content: str) -> FeedItem:
        return self._plan.entry(paper, self._links.to_paper(paper, self._plan.root), content)
