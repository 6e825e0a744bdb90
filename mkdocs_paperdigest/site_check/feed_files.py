"""Feeds read: Atom (RFC 4287) and JSON Feed (https://www.jsonfeed.org/version/1.1/), and what in them breaks these."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from .faults import Fault, fault

_ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


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

    @property
    def moment(self) -> datetime | None:
        """When it was published, or else changed."""
        return moment(self.published or self.updated)


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

    def unread(self, why: object) -> FeedFile:
        self.is_read = False
        self.faults.append(fault("feed-unread", self.path, why))
        return self

    def wrong(self, where: str, what: str) -> None:
        self.faults.append(fault("feed-wrong", self.path, where, what))


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
        entry = _item(item, number)
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
    content = element.find(f"{_ATOM}content")
    title = _of(element, "title")
    return FeedEntry(
        name=f"entry {number} ({title})",
        id=_of(element, "id"),
        title=title,
        url=_link(element, "alternate"),
        published=_of(element, "published"),
        updated=_of(element, "updated"),
        content="" if content is None else "".join(_pieces(content)),
    )


def _pieces(content: ElementTree.Element) -> Iterable[str]:
    if content.get("type") == "xhtml":
        return (ElementTree.tostring(child, encoding="unicode").replace("html:", "") for child in content)
    return (content.text or "",)


def _item(item: dict[str, Any], number: int) -> FeedEntry:
    title = _text(item, "title")
    published = _text(item, "date_published")
    return FeedEntry(
        name=f"entry {number} ({title})",
        id=_text(item, "id"),
        title=title,
        url=_text(item, "url"),
        published=published,
        updated=_text(item, "date_modified") or published,
        content=_text(item, "content_html"),
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _of(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(_ATOM + name) or "").strip()


def _link(element: ElementTree.Element, relation: str) -> str:
    links: Iterator[ElementTree.Element] = element.iterfind(f"{_ATOM}link")
    return next((link.get("href") or "" for link in links if link.get("rel", "alternate") == relation), "")
