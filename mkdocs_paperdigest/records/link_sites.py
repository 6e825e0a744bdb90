"""What the addresses of links mean: the site, the kind of link, and whether papers are published there.

All that is known of hosts is a table, `link_sites.toml`; to add a site, see there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from msgspec import Struct, field

from ..support import read_table

_ADDRESS = re.compile(
    r"\s*(?:(?:https?:)?//(?:[^/@?#\s]*@)?|(?=[a-z0-9.-]+\.[a-z]+/))(?P<host>[a-z0-9.-]+)(?::\d*)?(?:/(?P<path>[^?#]*))?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PDF = re.compile(r"\.pdf(?:[?#]|\s*$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|mp4|mov|webm|mp3|zip|tar|gz|pdf|pptx?)\s*$", re.IGNORECASE)
_NO_PAGE = re.compile(r"user-attachments/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkSite:
    """A site that links lead to. `name` is for programs and stays, `label` is what readers see, `words` a pattern of other words for it."""

    name: str
    label: str
    words: str = ""


class IdentifierPattern(Struct, frozen=True):
    """Where an address has the identifier of a paper, and the form in which it is written there."""

    path: str
    form: str
    query: str | None = None
    value: str = r"\1"

    def find(self, path: str, query: str) -> str | None:
        found = re.match(self.path, path, re.IGNORECASE | re.ASCII | re.DOTALL)
        if found and self.query is not None:
            parts = (re.match(self.query, unquote(part), re.ASCII) for part in query.split("&"))
            found = next(filter(None, parts), None)
        return found.expand(self.value) if found else None


class Host(Struct, frozen=True):
    """A row of the table: hosts whose addresses mean the same. `link_sites.toml` says what its columns are."""

    sites: dict[str, str]
    papers: str = ""
    others: str | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    identifiers: list[IdentifierPattern] = field(default_factory=list)


class _Table(Struct, frozen=True):
    sites: dict[str, dict[str, str]]
    hosts: list[Host]


class Place(NamedTuple):
    """What is known of a domain; `path` is what the paths of its site begin with, `site` None where links are not marked."""

    host: Host
    site: LinkSite | None
    path: str


TABLE = read_table(__package__, "link_sites.toml", _Table)
SITES = {name: LinkSite(name, **own) for name, own in TABLE.sites.items()}
PROJECT = SITES["project"]
_PLACES = {
    place.partition("/")[0]: Place(host, SITES.get(site), place.partition("/")[2])
    for host in TABLE.hosts
    for site, places in host.sites.items()
    for place in places.split()
}
_PAPERS = re.compile(
    rf"https?://(?:[\w-]+\.)*(?:{'|'.join(re.escape(place) for host in TABLE.hosts for place in host.papers.split())})",
    re.IGNORECASE,
)


def known_place(domain: str) -> Place | None:
    domain = domain.lower().removeprefix("www.")
    return _PLACES.get(domain) or _PLACES.get(f"*.{'.'.join(domain.split('.')[-2:])}")


def leads_to_a_paper(text: str) -> bool:
    """Whether a text holds an address where papers are published."""
    return "://" in text and _PAPERS.search(text) is not None


def link_site(url: str, kind: str = "other") -> LinkSite | None:
    """The site that an address leads to, or a project page if `kind` is `project`; None if it is not known, or for a picture or another file."""
    place, path = _place(url)
    if place is None or place.site is None:
        return PROJECT if kind == "project" and not _FILE.search(path) else None
    if _NO_PAGE.match(path) or (_FILE.search(path) and (place.site is PROJECT or not _PDF.search(path))):
        return None
    return place.site


def address_kind(url: str) -> str | None:
    """The kind of link (`arxiv`, `doi`, `code`, `project`, `pdf`) that an address shows, None if it shows none."""
    place, path = _place(url)
    for kind, shape in place.host.kinds.items() if place else ():
        if re.match(shape, path, re.IGNORECASE) and not (kind == "project" and _FILE.search(path)):
            return kind
    return "pdf" if _PDF.search(url) else None


def _place(url: str) -> tuple[Place | None, str]:
    """What is known of the site of an address, and the path there."""
    match = _ADDRESS.fullmatch(url)
    if not match:
        return None, url.partition("?")[0].partition("#")[0]
    path = (match["path"] or "").lstrip("/")
    place = known_place(match["host"].rstrip("."))
    others = place.host.others if place else None
    if place and (not path.lower().startswith(place.path) or (others and re.search(others, path, re.IGNORECASE))):
        place = None
    return place, path
