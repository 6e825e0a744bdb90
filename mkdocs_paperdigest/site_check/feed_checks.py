"""The feeds of a built site against each other, the data and the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from .crawl import Crawl
from .data import Data, Record
from .faults import Fault, fault
from .feed_files import READERS, FeedEntry, FeedFile, moment
from .html_page import links_of

SITE_MOST, OTHERS_MOST = 50, 20
"""How many entries the feed of a site has at most, and each of the others: what the guide promises, whatever the build thinks."""


@dataclass
class FeedCheck:
    """What was read of feeds: how many they are, their entries, and what is wrong. Each content is looked at once."""

    crawl: Crawl
    feeds: int = 0
    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)

    def check(self, datas: Sequence[Data]) -> None:
        folders = sorted(
            {path.rpartition("/")[0] for path in self.crawl.site.files if path.rpartition("/")[2] in READERS}
        )
        for folder in folders:
            of = [data for data in datas if f"{folder}/".startswith(data.folder)]
            self._check_folder(folder, max(of, key=lambda data: len(data.folder), default=Data()))

    def _check_folder(self, folder: str, data: Data) -> None:
        site = self.crawl.site
        paths = {name: f"{folder}/{name}".lstrip("/") for name in READERS}
        read = {name: READERS[name](path, site.read(path)) for name, path in paths.items() if path in site.files}
        feeds = {name: feed for name, feed in read.items() if feed is not None}
        is_own = all(feed.is_own and feed.is_read for feed in feeds.values())
        for feed in feeds.values():
            self.feeds += 1
            self.entries += len(feed.entries)
            self.faults += (*feed.faults, *self._form(feed), *self._links(feed))
            if is_own:
                self.faults += (*_updated(feed), *self._papers(feed, folder, data))
        if is_own and len(feeds) == len(READERS):
            self.faults += _pair(*feeds.values())
        elif is_own and data.path and len(read) < len(READERS):
            self.faults += [fault("feed-alone", paths[name], next(iter(READERS.keys() - {name}))) for name in feeds]

    def _form(self, feed: FeedFile) -> Iterator[Fault]:
        seen: set[str] = set()
        before = None
        for entry in feed.entries:
            if entry.id and entry.id in seen:
                yield fault("feed-repeats", feed.path, entry.id)
            seen.add(entry.id)
            moment = entry.moment
            if before and moment and before.tzinfo and moment.tzinfo and moment > before:
                yield fault("feed-order", feed.path, entry.name)
            before = moment or before

    def _links(self, feed: FeedFile) -> Iterator[Fault]:
        """What the feed leads to: pages and ids that are there, and from its contents by whole addresses."""
        crawl, site = self.crawl, self.crawl.site
        crawl.follow(feed.path, [*feed.links, *(entry.url for entry in feed.entries if entry.url)])
        own = site.place(feed.own, feed.path) if feed.own else None
        if own and own.path != feed.path and own.path in site.files and site.read(own.path) != site.read(feed.path):
            yield fault("feed-self", feed.path, own.path)  # at a former address a feed says where it is now
        for entry in feed.entries:
            digest = sha256(f"{feed.path.count('/')} {entry.content}".encode("utf-8", "replace")).digest()
            if not entry.content or digest in self._seen:
                continue
            self._seen.add(digest)
            links = links_of(entry.content)
            crawl.follow(feed.path, links)
            if site.url is not None:
                relative = [link for link in links if not site.is_absolute(link)]
                yield from (fault("feed-relative", feed.path, entry.name, link) for link in relative[:1])

    def _papers(self, feed: FeedFile, folder: str, data: Data) -> Iterator[Fault]:
        if not data.is_sound or not feed.entries:
            return
        due, most = _due(folder, data)
        expected = None if due is None else min(len(due), most)
        if len(feed.entries) > most or expected not in (None, len(feed.entries)):
            yield fault("feed-length", feed.path, len(feed.entries), most if expected is None else expected)
        ids = None if due is None else {record.id for record in due}
        for entry in feed.entries:
            if not entry.url:
                continue
            place = self.crawl.site.place(entry.url, feed.path)
            record = data.paper_at(self.crawl.site, place) if place else None
            if record is None:
                if place or self.crawl.site.url:
                    yield fault("feed-paper", feed.path, entry.name, entry.url)
            elif record.same_as is not None:
                yield fault("feed-later", feed.path, entry.name)
            elif ids is not None and record.id not in ids:
                yield fault("feed-foreign", feed.path, entry.name)
            else:
                yield from _dates(feed, entry, record)


def _due(folder: str, data: Data) -> tuple[list[Record] | None, int]:
    """The papers that a feed is of, as far as that is known, and how many it has at most."""
    inside = f"{folder}/".removeprefix(data.folder).strip("/")
    name = inside.rpartition("/")[2]
    if not inside:
        return data.dated, SITE_MOST
    if slug := data.by_stem.get(folder):
        return [record for record in data.naming.get(slug, ()) if record.month], OTHERS_MOST
    if inside == f"categories/{name}":
        return data.filed.get(name, []), OTHERS_MOST
    return None, OTHERS_MOST


def _updated(feed: FeedFile) -> Iterator[Fault]:
    """A feed changes with its newest entry: readers that look for later ones ask no more of one that says to be newer."""
    newest = max((at for entry in feed.entries if (at := moment(entry.updated or entry.published))), default=None)
    said = moment(feed.updated)
    if said and newest and said != newest:
        yield fault("feed-updated", feed.path, feed.updated, newest.isoformat())


def _dates(feed: FeedFile, entry: FeedEntry, record: Record) -> Iterator[Fault]:
    day = record.date or (f"{record.month}-01" if record.month else None)
    said = entry.published or entry.updated
    if said and (day is None or said[:10] != day):
        yield fault("feed-date", feed.path, entry.name, said, day or "that there is no date")


def _pair(atom: FeedFile, other: FeedFile) -> Iterator[Fault]:
    """Where two feeds of the same papers differ: the first kind of difference."""
    for name in ("id", "url", "title", "published", "updated", "content"):
        of_atom, of_other = (
            [" ".join(getattr(entry, name).split()) for entry in feed.entries] for feed in (atom, other)
        )
        if of_atom != of_other:
            pairs = enumerate(zip(of_atom, of_other, strict=False), 1)
            number = next((n for n, (one, two) in pairs if one != two), min(len(of_atom), len(of_other)) + 1)
            yield fault("feed-pair", other.path, atom.path, f"{name} of entry {number}")
            return
