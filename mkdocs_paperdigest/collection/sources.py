"""The pages of a site, read once: only what changed is read again, in a build or after it."""

from __future__ import annotations

import contextlib
import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, fields, replace

from msgspec import structs

from ..lock import NOTHING, Lock, kept
from ..reader import DEFAULT_LABELS, LabelVocabulary, OutsideLink, links_outside
from ..records import Digest, Finding, finding
from ..support import Cache, cores, name_of, shared
from .page_text import PageRules, PageText, decode_page
from .stored_readings import PageReading, restored, stored

_LARGE = 1_000_000
"""From how many characters on texts are read by several processes, which take a tenth of a second to begin."""

_BUILDS = 16
"""How many builds of one process the cache is kept for: a site in several languages is built once for each."""


@dataclass(frozen=True, slots=True)
class Source(PageText):
    """A page as it was read; `outside` are links that lead out of the docs folder, `name` is its name in the cache."""

    digest: Digest = field(default_factory=lambda: Digest(""))
    findings: tuple[Finding, ...] = ()
    outside: tuple[OutsideLink, ...] = ()
    name: str = ""

    @property
    def recoded(self) -> str | None:
        """The whole text if the file is not UTF-8, which MkDocs refuses to read; else None."""
        return None if self.encoding == "utf-8" else self.text


class Sources:
    """Reads files, but those that did not change only once; `count` texts were read since the build began."""

    def __init__(self) -> None:
        self.labels = DEFAULT_LABELS
        self.lock = NOTHING
        self.rules = PageRules()
        self.count = 0
        self._made: Callable[[Digest], Digest] | None = None
        self._cache = Cache()
        self._state: str | None = None
        self._known: dict[str, Source] = {}
        self._seen: set[str] = set()
        self._forgotten: set[str] = set()
        self._changed: dict[str, tuple[str, Digest]] = {}
        self._used: deque[set[str]] = deque(maxlen=_BUILDS)

    def __len__(self) -> int:
        return len(self._known)

    def begin(
        self,
        labels: LabelVocabulary = DEFAULT_LABELS,
        lock: Lock = NOTHING,
        made: Callable[[Digest], Digest] | None = None,
        state: str | None = "",
        cache: Cache | None = None,
        rules: PageRules = PageRules(),  # noqa: B008 - never changed
    ) -> None:
        """Start a build: drop files that the last one did not read, and all if `labels`, `lock` or `state` changed.

        `made` changes each digest that was read; `state` names what it depends on, None if that is not known.
        """
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()  # what is left of the build before would be frozen again, and stay for ever
        if state is None or (labels, lock, state) != (self.labels, self.lock, self._state):
            self._seen, self.labels, self.lock, self._state = set(), labels, lock, state
        self._made, self.rules = made, rules
        self._cache = Cache() if state is None or cache is None else cache
        left = self._seen - self._forgotten
        self._known = {path: source for path, source in self._known.items() if path in left}
        self._seen, self._forgotten = set(), set()
        self._changed = {}
        self.count = 0

    def end(self) -> None:
        self._used.append(self._cache.used | {source.name for source in self._known.values()})

    def prune(self) -> None:
        self._cache.prune(set().union(*self._used))

    def read(self, path: str, data: bytes, expand: Callable[[str], str] = str) -> Source:
        """Read a file; `path` is relative to the docs, and `expand` puts in what it includes from other files."""
        return next(self.read_all([(path, data, expand)]))

    def read_all(self, files: Iterable[tuple[str, bytes, Callable[[str], str]]]) -> Iterator[Source]:
        pages = [self._page(*file) for file in files]
        unknown = [
            page for page in pages if page.is_read and not self._is_known(page) and self._name(page) not in self._cache
        ]
        made: Iterator[str] = iter(())
        if len(unknown) > 1 and sum(len(page.body) for page in unknown) > _LARGE and cores() > 1:
            made = shared(lambda number: stored(self._read(unknown[number])), len(unknown))
        waiting = {id(page) for page in unknown}
        for page in pages:
            ahead = None
            if id(page) in waiting:
                with contextlib.suppress(OSError, BrokenProcessPool):  # then this process reads what is left
                    ahead = next(made, None)
            yield self._source(page, ahead)

    def _page(self, path: str, data: bytes, expand: Callable[[str], str]) -> PageText:
        self._seen.add(path)
        page = decode_page(path, data, self.rules)
        return replace(page, body=expand(page.body)) if page.is_read else page

    def _source(self, page: PageText, ahead: str | None = None) -> Source:
        if not self._is_known(page):
            read = self._reading(page, ahead) if page.is_read else PageReading(Digest(page.path))
            self._known[page.path] = Source(
                **{own.name: getattr(page, own.name) for own in fields(page)},
                digest=read.digest,
                findings=(*page.wrong_encoding, *read.findings),
                outside=read.outside,
                name=self._name(page) if page.is_read else "",
            )
        return self._known[page.path]

    def _is_known(self, page: PageText) -> bool:
        known = self._known.get(page.path)
        now = (page.text, page.body, page.off, page.hidden)
        return known is not None and (known.text, known.body, known.off, known.hidden) == now

    def text(self, path: str) -> str:
        return self._known[path].text

    def forget(self, path: str) -> None:
        """Drop what only the page of a digest needs, once it is made: half of what is known of it; a later build reads it again."""
        if (known := self._known.get(path)) and known.digest.sections:
            sections = tuple(
                structs.replace(section, blocks=(), values=(), table=None, row=None, html="")
                for section in known.digest.sections
            )
            self._known[path] = replace(known, digest=structs.replace(known.digest, sections=sections))
            self._forgotten.add(path)

    def digest(self, path: str, body: str) -> Digest:
        """The digest of a page's Markdown as it stands now, which other plugins may have changed since it was read."""
        known = self._known.get(path)
        # A template engine takes the last line end away.
        if known is not None and known.body.rstrip() == body.rstrip() and path not in self._forgotten:
            return known.digest
        changed = self._changed.get(path)
        if changed is None or changed[0] != body:
            text, meta = (known.text, known.meta) if known else ("", {})
            shown = PageText(path, text, body, meta=meta)
            changed = self._changed[path] = (body, self._reading(shown).digest)
        return changed[1]

    def _name(self, page: PageText) -> str:
        """The cache's name for what is made of a page; the whole text holds the front matter."""
        return name_of(self._state or "", page.path, str(page.first), page.text, page.body)

    def _reading(self, page: PageText, ahead: str | None = None) -> PageReading:
        """What is made of a page: `ahead` by another process, or before."""
        name = self._name(page)
        made = ahead or self._cache.get(name)
        if made is not None:
            with contextlib.suppress(ValueError):
                reading = restored(made)
                if ahead:
                    self.count += 1
                    self._cache.put(name, ahead)
                if reading.is_of(page.path):
                    return reading
        self.count += 1
        reading = self._read(page)
        if self._cache:
            self._cache.put(name, stored(reading))
        return reading

    def _read(self, page: PageText) -> PageReading:
        digest, findings = page.read(self.labels)
        outside = links_outside(page.body, page.path, page.first)
        digest = kept(digest, self.lock)
        return PageReading(self._made(digest) if self._made else digest, findings, outside)

    def changed(self, shown: Digest) -> Finding | None:
        """Give PD402 if the papers or keypoints that a page shows are not those of its file."""

        def named(digest: Digest) -> list[tuple[str, tuple[str, ...] | None]]:
            return [(paper.title, paper.keypoints) for paper in digest.papers]

        known = self._known.get(shown.path)
        same = known is None or known.digest is shown or named(known.digest) == named(shown)
        return None if same else finding("PD402", shown.path, 1, 1)
