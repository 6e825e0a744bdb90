"""Atom and JSON feeds: papers → entries, entries → feeds.

Sources: RFC 4287 (Atom), https://www.jsonfeed.org/version/1.1/ (JSON Feed). An entry is serialised once and put into any number of
feeds.

Dates are those of the paper: its day, else the first day of its month, in UTC; never that of the build. A feed is as new as its
newest entry.

The authors of an entry are those of the paper, where the digest names them, since an entry is shown below the paper's title. Atom
wants an author of the rest: that of the feed, which is the site. JSON Feed wants none, so none is said. Where the paper itself was
published is a related link, an `external_url`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree
from msgspec import json

from ..markdown_extension import as_html, sanitised
from ..records import Paper, first_identifiers, paper_identifiers

ATOM, JSON = "application/atom+xml", "application/feed+json"
ATOM_FILE, JSON_FILE = "feed.xml", "feed.json"

NO_SITE = "https://site.paperdigest.invalid/"
"""Stands for the address of a site that has none, until `relative` takes it out again."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold: https://www.w3.org/TR/xml/#charsets"""


@dataclass(frozen=True, slots=True)
class FeedItem:
    atom: bytes
    json: bytes


@dataclass(frozen=True, slots=True)
class Feed:
    """The head of a feed: `home` is its HTML page, `updated` the day or month of its newest entry, `author` usually the site's name, "" for the title."""

    title: str
    home: str
    atom_url: str
    json_url: str
    updated: str
    description: str = ""
    language: str = ""
    author: str = ""


class EntrySpool:
    """Entries, kept on the disk until all feeds are written: those of a large site take more memory than all else."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(4_000_000)  # noqa: SIM115 - `close` closes it; so many bytes are kept without a file
        self._places: dict[str, tuple[int, int, int]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __getitem__(self, name: str) -> FeedItem:
        start, *sizes = self._places[name]
        self._file.seek(start)
        return FeedItem(*map(self._file.read, sizes))

    def __setitem__(self, name: str, entry: FeedItem) -> None:
        self._places[name] = (self._file.seek(0, SEEK_END), len(entry.atom), len(entry.json))
        self._file.write(entry.atom + entry.json)

    def close(self) -> None:
        self._file.close()


def is_fed(paper: Paper) -> bool:
    """Whether a paper is in feeds: one without a month is not, since its date would be invented."""
    return _moment(paper.day) is not None


def feed_entry(
    paper: Paper, *, labels: Sequence[str], url: str, content: str, site_url: str, untitled: str = "Untitled"
) -> FeedItem:
    """Serialise a paper that `is_fed`.

    `content` is HTML with absolute addresses, `site_url` ends in `/` or is `NO_SITE`, `labels` are those of its
    keypoints.
    """
    name, title = entry_id(paper, site_url), _line(paper.title) or untitled
    url = _plain(url)
    content = sanitised(_plain(content)) or as_html(title)  # an entry without content is none to some readers
    moment = _moment(paper.day)
    assert moment is not None, paper.id
    tags = [tag for tag in dict.fromkeys(map(_line, (*labels, paper.category or ""))) if tag]
    authors = [{"name": author} for author in dict.fromkeys(map(_line, paper.authors)) if author]
    published = next((found.url for found in paper_identifiers(paper.links)), None)
    entry = FeedEntry()
    entry.id(name)
    entry.title(title)
    entry.link(href=url, rel="alternate", type="text/html")
    entry.published(moment)
    entry.updated(moment)
    entry.author(authors)
    entry.category([{"term": tag} for tag in tags])
    entry.content(content, type="html")
    item = {
        "id": name,
        "url": url,
        "title": title,
        "content_html": content,
        "date_published": moment.isoformat(),
        "external_url": published,
        "tags": tags,
        "authors": authors,
    }
    element = entry.atom_entry()
    if published:  # feedgen 1.0 drops the `rel` of an entry's links
        etree.SubElement(element, "link", href=published, rel="related")
    return FeedItem(etree.tostring(element, encoding="utf-8"), _encode(item))


def entry_id(paper: Paper, site_url: str) -> str:
    """The name of an entry: by the paper's identifier of arXiv, if it has one, which stays whatever else changes; else by its `id`."""
    name = str(first_identifiers(paper.links).get("arxiv") or paper.id)
    return _urn(name) if site_url == NO_SITE else site_url + quote(name, safe="/:", errors="surrogatepass")


def atom_feed(feed: Feed, entries: Iterable[FeedItem]) -> bytes:
    """An Atom feed. Its id is its address, so that it never changes with its title."""
    made = FeedGenerator()
    title = _line(feed.title) or feed.home
    made.id(_urn(feed.atom_url) if feed.atom_url.startswith(NO_SITE) else feed.atom_url)
    made.title(title)
    made.updated(_moment(feed.updated))
    made.author(name=_line(feed.author) or title)
    made.link(href=feed.atom_url, rel="self", type=ATOM)
    made.link(href=feed.home, rel="alternate", type="text/html")
    made.generator("mkdocs-paperdigest", uri="https://pypi.org/project/mkdocs-paperdigest/")
    if description := _line(feed.description):
        made.subtitle(description)
    if feed.language:
        made.language(feed.language)
    head, end, _ = made.atom_str().rpartition(b"</feed>")
    return b"\n".join([head, *(entry.atom for entry in entries), end + b"\n"])


def json_feed(feed: Feed, entries: Iterable[FeedItem]) -> bytes:
    """A JSON Feed, version 1.1."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _line(feed.title) or feed.home,
        "home_page_url": feed.home,
        "feed_url": feed.json_url,
        "description": _line(feed.description),
        "language": feed.language,
    }
    return _encode(head)[:-1] + b',"items":[\n' + b",\n".join(entry.json for entry in entries) + b"\n]}\n"


FEEDS = {ATOM_FILE: ("Atom", atom_feed), JSON_FILE: ("JSON Feed", json_feed)}
"""What pages call each feed, and what makes it of its head and entries."""


def relative(feed: bytes, root: str) -> bytes:
    """A feed of a site without address: its addresses become relative, `root` being the way from its folder to the site's root, such as `./`."""
    return feed.replace(NO_SITE.encode(), root.encode())


@lru_cache(maxsize=1024)
def _moment(day: str) -> datetime | None:
    """The begin of a day, or of a month; None for what is neither."""
    try:
        year, month, number = map(int, [*day.split("-"), "1"][:3])
        return datetime(year, month, number, tzinfo=UTC)
    except ValueError:
        return None


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name.encode("utf-8", "replace").decode()).urn


def _plain(text: str) -> str:
    return _NO_XML.sub("", text)


@lru_cache(maxsize=4096)  # labels come again and again
def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def _encode(said: Mapping[str, object]) -> bytes:
    return json.encode({key: value for key, value in said.items() if value})
