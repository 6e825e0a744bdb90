"""What feeds say of papers: taken from their pages as these are written, and serialised."""

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
from .file_lookup import MkDocsFiles
from .reading import Reading

Work = Callable[[tuple[str, str]], "Future[str]"]  # has what `made` does done by another process

_Entries = list[tuple[str, str, str]]  # the entries of a page: the id of each paper, its Atom, its JSON

_WAITING = 4  # so many pages wait for the other process; with more this one does the work, too


class FeedEntries:
    def __init__(
        self, papers: Iterable[Paper], reading: Reading, plan: FilePlan, links: Links, files: MkDocsFiles
    ) -> None:
        self._plan = plan
        self._links = links
        self._files = files
        self._root = plan.root
        self._cache = reading.cache if reading.state else Cache()
        self._state = reading.state or ""
        self._waiting: deque[tuple[Future[str], tuple[str, str], str]] = deque()
        self._wanted: dict[str, list[Paper]] = {}
        for paper in papers:
            self._wanted.setdefault(paper.path, []).append(paper)
        self._entries = EntrySpool()

    def take(self, page: Page, work: Work | None = None) -> None:
        """Take the papers of a page from its content, before related papers and the like are put into it."""
        uri, content = page.file.src_uri, page.content or ""
        if uri not in self._wanted:
            return
        name = self._name(uri, content) if self._cache else ""
        if not (name and self._is_kept(name)) and not (work and self._is_begun(work, (uri, content), name)):
            self._put(self.made((uri, content)), name)
        self._collect()

    def _is_kept(self, name: str) -> bool:
        kept = self._cache.get(name)
        if kept is not None:
            with contextlib.suppress(ValueError):
                self._keep(kept)
                return True
        return False

    def _is_begun(self, work: Work, page: tuple[str, str], name: str) -> bool:
        with contextlib.suppress(BrokenProcessPool):
            if len(self._waiting) < _WAITING:
                self._waiting.append((work(page), page, name))
                return True
        return False

    def made(self, page: tuple[str, str]) -> str:
        """The entries of the papers of a page, from its path and its content, as JSON."""
        uri, content = page
        base = self._root + self._links.url(uri)
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
            self._entries[paper.id] = self._entry(paper, absolute(said, self._root + self._links.url(paper.path)))
        return self._entries[paper.id]

    def close(self) -> None:
        self._entries.close()

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
        self._keep(made)

    def _keep(self, made: str) -> None:
        for paper_id, atom, item in loads(made, _Entries):
            self._entries[paper_id] = FeedItem(atom.encode(), item.encode())

    def _name(self, uri: str, content: str) -> str:
        said = [
            [
                *(paper.id, paper.title, paper.anchor, paper.day, paper.category, paper.authors),
                *(self._plan.labels(paper), [link.url for link in paper.links]),
            ]
            for paper in self._wanted[uri]
        ]
        return name_of("entries", self._state, self._root, self._links.url(uri), content, json.dumps(said))

    def _entry(self, paper: Paper, content: str) -> FeedItem:
        return self._plan.entry(paper, self._links.to_paper(paper, self._root), content)
