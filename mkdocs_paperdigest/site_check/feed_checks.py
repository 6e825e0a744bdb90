"""The feeds of a built site: Atom (RFC 4287) and JSON Feed (https://www.jsonfeed.org/version/1.1/) read, and checked against each other, the data and the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

from .crawl import Crawl, links_of
from .data import Data, Record
from .faults import Fault, fault

_ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")

SITE_MOST, OTHERS_MOST = 50, 20
"""How many entries the feed of a site has at most, and each of the others: what the guide promises, whatever the build thinks."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry. `name` is what it is called in faults, `published` and `updated` are as they stand there, "" where they do not."""

    name: str
    id: str
    title: str
    url: str
    published: str
    updated: str
    content: str


@dataclass
class FeedFile:
    """A feed as read. `is_own` tells feeds of papers from others of the site, if that is known; `is_read` whether its entries could be read."""

    path: str
    is_own: bool = True
    is_read: bool = True
    own: str = ""
    updated: str = ""
    links: list[str] = field(default_factory=list)
    entries: list[FeedEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def lacks(self, where: str, what: str) -> None:
        self.faults.append(fault("feed-lacks", self.path, where, what))

    def wrong(self, where: str, what: str) -> None:
        self.faults.append(fault("feed-wrong", self.path, where, what))

    def unread(self, why: object) -> FeedFile:
        self.is_read = False
        self.faults.append(fault("feed-unread", self.path, why))
        return self


def moment(date: str) -> datetime | None:
    """A date of RFC 3339; None if a text is none."""
    if not _DATE.fullmatch(date):
        return None
    try:
        return datetime.fromisoformat(date)
    except ValueError:
        return None


def read_atom(path: str, content: bytes) -> FeedFile | None:
    """Read an Atom feed; None if the file is a feed of another kind, as another plugin may write."""
    feed = FeedFile(path)
    try:
        if b"<!DOCTYPE" in content:  # which may define entities that grow without end
            raise ValueError("it has a DOCTYPE")
        root = ElementTree.fromstring(content)  # noqa: S314 - no entities without a DOCTYPE
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return feed.unread(error)
    if root.tag != f"{_ATOM}feed":
        if root.tag in ("rss", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"):
            return None
        return feed.unread(f"it begins with {root.tag}")
    _required(feed, root, "the feed")
    entries = root.findall(f"{_ATOM}entry")
    if not _named(root) and not (entries and all(map(_named, entries))):
        feed.lacks("the feed", "author")
    feed.is_own = _of(root, "generator") == "mkdocs-paperdigest"
    feed.own = _link(root, "self")
    feed.updated = _of(root, "updated")
    feed.links = [link.get("href") or "" for link in root.findall(f"{_ATOM}link")]
    try:
        feed.entries = [_entry(element, number) for number, element in enumerate(entries, 1)]
    except RecursionError as error:
        return feed.unread(error)
    for element, entry in zip(entries, feed.entries, strict=True):
        _required(feed, element, entry.name)
        if not entry.url and not entry.content:
            feed.lacks(entry.name, "an alternate link or content")
        if entry.published and moment(entry.published) is None:
            feed.wrong(entry.name, f"the date {entry.published}")
    return feed


def read_json_feed(path: str, content: bytes) -> FeedFile | None:
    """Read a JSON Feed; None if the file is another kind of JSON."""
    feed = FeedFile(path)
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError) as error:
        return feed.unread(error)
    if not isinstance(loaded, dict) or not str(loaded.get("version")).startswith("https://jsonfeed.org/version/1"):
        if isinstance(loaded, dict) and "items" in loaded:
            return feed.unread(f"its version is {loaded.get('version')}")
        return None
    if "title" not in loaded:
        feed.lacks("the feed", "title")
    feed.own = _text(loaded, "feed_url")
    feed.links = [link for name in ("home_page_url", "feed_url", "next_url", "icon") if (link := _text(loaded, name))]
    items = loaded.get("items")
    if not isinstance(items, list):
        return feed.unread("its items are no list")
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            feed.wrong(f"item {number}", "what stands there")
            continue
        title, published = _text(item, "title"), _text(item, "date_published")
        entry = FeedEntry(
            name=f"entry {number} ({title})",
            id=_text(item, "id"),
            title=title,
            url=_text(item, "url"),
            published=published,
            updated=_text(item, "date_modified") or published,
            content=_text(item, "content_html"),
        )
        if not entry.id:
            feed.lacks(entry.name, "id")
        if not entry.content and not _text(item, "content_text"):
            feed.lacks(entry.name, "content_html or content_text")
        for date in (entry.published, entry.updated):
            if date and moment(date) is None:
                feed.wrong(entry.name, f"the date {date}")
        feed.entries.append(entry)
    return feed


READERS: dict[str, Callable[[str, bytes], FeedFile | None]] = {"feed.xml": read_atom, "feed.json": read_json_feed}


def _required(feed: FeedFile, element: ElementTree.Element, where: str) -> None:
    """Check what feeds and entries must have: RFC 4287, sections 4.1.1 and 4.1.2."""
    for name in ("id", "title", "updated"):
        found = element.findall(_ATOM + name)
        if not found:
            feed.lacks(where, name)
        elif len(found) > 1:
            feed.wrong(where, f"a second {name}")
    if (name := _of(element, "id")) and not _IRI.fullmatch(name):
        feed.wrong(where, f"the id {name}")
    if (updated := element.find(f"{_ATOM}updated")) is not None and moment((updated.text or "").strip()) is None:
        feed.wrong(where, f"the date {updated.text}")


def _named(element: ElementTree.Element) -> bool:
    authors = element.findall(f"{_ATOM}author")
    return bool(authors) and all(_of(author, "name") for author in authors)


def _entry(element: ElementTree.Element, number: int) -> FeedEntry:
    title, found = _of(element, "title"), element.find(f"{_ATOM}content")
    content = "" if found is None else found.text or ""
    if found is not None and found.get("type") == "xhtml":
        content = "".join(ElementTree.tostring(child, encoding="unicode").replace("html:", "") for child in found)
    return FeedEntry(
        name=f"entry {number} ({title})",
        id=_of(element, "id"),
        title=title,
        url=_link(element, "alternate"),
        published=_of(element, "published"),
        updated=_of(element, "updated"),
        content=content,
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _of(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(_ATOM + name) or "").strip()


def _link(element: ElementTree.Element, relation: str) -> str:
    links: Iterator[ElementTree.Element] = element.iterfind(f"{_ATOM}link")
    return next((link.get("href") or "" for link in links if link.get("rel", "alternate") == relation), "")


# -- checks


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
            at = moment(entry.published or entry.updated)
            if before and at and before.tzinfo and at.tzinfo and at > before:
                yield fault("feed-order", feed.path, entry.name)
            before = at or before

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
            number = next(n for n, (one, two) in enumerate(zip_longest(of_atom, of_other), 1) if one != two)
            yield fault("feed-pair", other.path, atom.path, f"{name} of entry {number}")
            return
