"""The files of a site as the reader wants them: decoded, chosen by the options, read once."""

from __future__ import annotations

import codecs
import contextlib
import gc
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pathspec.gitignore import GitIgnoreSpec

from ..lock import NOTHING, Lock, kept
from ..reader import (
    DEFAULT_LABELS,
    LabelVocabulary,
    OutsideLink,
    links_outside,
    plain_front_matter,
    read_page,
    split_front_matter,
)
from ..records import RULES, Block, Digest, Finding, finding
from ..support import Cache, cores, dumps, loads, name_of, shared
from .page_rules import PageRules

_LARGE = 1_000_000
"""From how many characters on texts are read by several processes, which take a tenth of a second to begin."""

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

_BUILDS = 16
"""How many builds of one process the cache is kept for: a site in several languages is built once for each."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is made of a text, and what costs time: its digest, what is wrong with it, and its links that lead out of the docs folder."""

    digest: Digest
    findings: tuple[Finding, ...] = ()
    outside: tuple[OutsideLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its Markdown without front matter, its digest, and what is wrong with it.

    `outside` are its links that lead out of the docs folder, which is a fault unless the site has a file there.
    `off` says that it has `paperdigest: false`, `hidden` that readers are not to see it; neither is read for papers. `recoded` is the whole text if the file is not UTF-8,
    which MkDocs would refuse to read; else None. `meta` is its front matter. `name` is that of what was made of it in the cache.
    """

    text: str
    body: str
    digest: Digest
    findings: tuple[Finding, ...]
    outside: tuple[OutsideLink, ...] = ()
    off: bool = False
    hidden: bool = False
    recoded: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding that it was read as: `utf-8`, what its byte order mark says, or a guess.

    A guess is GB 18030, if the bytes are valid in it and most of what is not ASCII are pairs of such bytes that make a
    Chinese character (in a Western text they stand alone), else Windows-1252. Nothing is lost: bytes that mean nothing there become the characters of the same number.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
        characters = sum("\u4e00" <= char <= "\u9fff" for char in text)
        if characters * 1.6 <= sum(byte > 127 for byte in data) < characters * 3:
            return text, "gb18030"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


@contextmanager
def long_lived(*, after: bool = True) -> Iterator[None]:
    """What is made inside stays, also `after` it until the next build: the garbage collector does not look through it again and again.

    That took a tenth of the time of a build with thousands of papers, and a third of that of `lint`.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if after:
            gc.freeze()
        if collects:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is to be read: its name in the cache, the file, and what stands in it from line `first` on."""

    name: str
    path: str
    text: str
    body: str
    first: int
    meta: Mapping[str, Any]
    encoding: str = "utf-8"
    off: bool = False
    hidden: bool = False

    @property
    def is_read(self) -> bool:
        return not (self.off or self.hidden)


def _as_read(digest: Digest) -> Digest:
    return digest


class Sources:
    """Reads files and remembers what it read, so that only a changed file is read again.

    `count` says how many texts were read since the build began, and not remembered.
    """

    def __init__(self) -> None:
        self.labels = DEFAULT_LABELS
        self.lock = NOTHING
        self.rules = PageRules()
        self.count = 0
        self._made: Callable[[Digest], Digest] = _as_read
        self._cache = Cache()
        self._state: str | None = None
        self._known: dict[str, Source] = {}
        self._seen: set[str] = set()
        self._forgotten: set[str] = set()
        self._changed: dict[str, tuple[str, Digest]] = {}
        self._used: deque[set[str]] = deque(maxlen=_BUILDS)

    def __len__(self) -> int:
        """How many files are remembered."""
        return len(self._known)

    def begin(
        self,
        labels: LabelVocabulary = DEFAULT_LABELS,
        lock: Lock = NOTHING,
        made: Callable[[Digest], Digest] = _as_read,
        state: str | None = "",
        cache: Cache | None = None,
        rules: PageRules = PageRules(),  # noqa: B008 - never changed
    ) -> None:
        """Start a build: what is not read in it is forgotten at the next, and all of it if it would be read in another way now.

        Papers get the addresses that `lock` keeps for them, and what `made` gives each digest that was read. `state` names what `made`
        depends on, None if nobody knows; `cache` keeps what is made beyond this process. `rules` say which pages give no papers.
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
        """Finish a build that went well."""
        self._used.append(self._cache.used | {source.name for source in self._known.values()})

    def prune(self) -> None:
        """Drop what the cache holds of digests as they were before the last builds of this process."""
        self._cache.prune(set().union(*self._used))

    def read(self, path: str, data: bytes, expand: Callable[[str], str] = str) -> Source:
        """Read a file that may be a digest; `path` is relative to the docs, with forward slashes.

        `expand` puts in what the text includes from other files.
        """
        return next(self.read_all([(path, data, expand)]))

    def read_all(self, files: Iterable[tuple[str, bytes, Callable[[str], str]]]) -> Iterator[Source]:
        """Read files, each as `read` takes it, in their order."""
        texts = [self._text(*file) for file in files]
        unknown = [text for text in texts if text.is_read and not self._is_known(text) and text.name not in self._cache]
        made: Iterator[str] = iter(())
        if len(unknown) > 1 and sum(len(text.body) for text in unknown) > _LARGE and cores() > 1:
            made = shared(lambda number: dumps(self._read(unknown[number]), Block), len(unknown))
        waiting = {id(text) for text in unknown}
        for text in texts:
            ahead = None
            if id(text) in waiting:
                with contextlib.suppress(OSError, BrokenProcessPool):  # then this process reads what is left
                    ahead = next(made, None)
            yield self._source(text, ahead)

    def _text(self, path: str, data: bytes, expand: Callable[[str], str]) -> _Text:
        text, encoding = decode(data)
        meta, body, above = split_front_matter(text)
        said = meta or plain_front_matter(text)
        off, hidden = self.rules.is_off(path, said), self.rules.hides(path, said)
        body = body if off or hidden else expand(body)
        self._seen.add(path)
        return _Text(
            self._name(path, text, body, above + 1),
            path,
            text,
            body,
            above + 1,
            meta,
            encoding,
            off,
            hidden,
        )

    def _source(self, text: _Text, ahead: str | None = None) -> Source:
        if not self._is_known(text):
            recoded = None if text.encoding == "utf-8" else text.text
            wrong = () if recoded is None else (finding("PD001", text.path, 1, 1, text.encoding),)
            read = self._reading(text, ahead) if text.is_read else Reading(Digest(text.path))
            findings, name = (*wrong, *read.findings), text.name if text.is_read else ""
            self._known[text.path] = Source(
                text.text,
                text.body,
                read.digest,
                findings,
                read.outside,
                text.off,
                text.hidden,
                recoded,
                text.meta,
                name,
            )
        return self._known[text.path]

    def _is_known(self, text: _Text) -> bool:
        known = self._known.get(text.path)
        now = (text.text, text.body, text.off, text.hidden)
        return known is not None and (known.text, known.body, known.off, known.hidden) == now

    def text(self, path: str) -> str:
        """The whole text of a file that was read."""
        return self._known[path].text

    def forget(self, path: str) -> None:
        """Let go of what only the page of a digest needs, once that is made: half of what is known of it.

        Whoever asks for the digest all the same, a later build for one, has it read again.
        """
        if (known := self._known.get(path)) and known.digest.sections:
            sections = tuple(
                replace(section, blocks=(), values=(), table=None, row=None, html="")
                for section in known.digest.sections
            )
            self._known[path] = replace(known, digest=replace(known.digest, sections=sections))
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
            shown = _Text(self._name(path, text, body, 1), path, text, body, 1, meta)
            changed = self._changed[path] = (body, self._reading(shown).digest)
        return changed[1]

    def _name(self, path: str, text: str, body: str, first: int) -> str:
        """The name of what is made of a body, for the cache; the whole file holds what its front matter says."""
        return name_of(self._state or "", path, str(first), text, body)

    def _reading(self, text: _Text, ahead: str | None = None) -> Reading:
        """What is made of a text: `ahead` by another process, or before."""
        made = ahead or self._cache.get(text.name)
        if made is not None:
            with contextlib.suppress(ValueError):
                reading: Reading = loads(made, Reading, Block)
                if ahead:
                    self.count += 1
                    self._cache.put(text.name, ahead)
                if _is_of(reading, text.path):
                    return reading
        self.count += 1
        reading = self._read(text)
        if self._cache:
            self._cache.put(text.name, dumps(reading, Block))
        return reading

    def _read(self, text: _Text) -> Reading:
        digest, findings = read_page(text.body, text.path, text.first, meta=text.meta, labels=self.labels)
        outside = links_outside(text.body, text.path, text.first)
        return Reading(self._made(kept(digest, self.lock)), findings, outside)

    def changed(self, shown: Digest) -> Finding | None:
        """What to say if the papers or keypoints that a page shows are not those of its file; None if they are."""

        def named(digest: Digest) -> list[tuple[str, tuple[str, ...] | None]]:
            return [(paper.title, paper.keypoints) for paper in digest.papers]

        known = self._known.get(shown.path)
        same = known is None or known.digest is shown or named(known.digest) == named(shown)
        return None if same else finding("PD402", shown.path, 1, 1)


def _is_of(reading: Reading, path: str) -> bool:
    """Whether what was read back is of this file, and its values are such as the reader gives; else it counts as missing."""
    papers = reading.digest.papers
    return (
        reading.digest.path == path
        and all(paper.path == path and 1 <= paper.level <= 6 for paper in papers)
        and all(_MONTH.fullmatch(month) for paper in papers for month in (paper.month, paper.own_month) if month)
        and all(_DAY.fullmatch(paper.date) for paper in papers if paper.date)
        and all(item.code in RULES and item.path == path for item in reading.findings)
    )


def chosen_pages(paths: Iterable[str], exclude_docs: str) -> list[str]:
    """Those of the Markdown files of a docs folder that a site has pages of, as MkDocs chooses them, sorted.

    Source: `set_exclusions` and `get_files` in `mkdocs.structure.files`. Of several files whose page would stand at one address, such as
    `README.md` and `index.md`, the first gives way. `exclude_docs` is the setting of MkDocs, as text.
    """
    excluded = GitIgnoreSpec.from_lines([".*", "/templates/", *exclude_docs.splitlines()])
    by_page: dict[tuple[str, str], list[str]] = {}
    for path in sorted(paths):
        if not excluded.match_file(path):
            folder, name = posixpath.split(path)
            stem = posixpath.splitext(name)[0]
            by_page.setdefault((folder, "index" if stem == "README" else stem), []).append(path)
    return sorted(path for same in by_page.values() for path in (same[1:] or same))


class Choice:
    """What the options leave of the site's pages: patterns like those of `.gitignore` and MkDocs' `exclude_docs`."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = GitIgnoreSpec.from_lines(include)
        self._exclude = GitIgnoreSpec.from_lines(exclude)

    def __contains__(self, path: object) -> bool:
        return self._include.match_file(str(path)) and not self._exclude.match_file(str(path))
