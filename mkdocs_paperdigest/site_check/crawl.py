"""The pages of a built site, and whether their links and redirects lead to files and ids that are there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..support import srcset
from .built_site import OUTSIDE, SITEMAP, BuiltSite, Place, locations
from .faults import Fault, fault

_REFERENCES = "[href], [src], [srcset], [imagesrcset], [poster], object[data]"
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.IGNORECASE | re.DOTALL)
_SEARCH = "search/search_index.json"
_HIT = re.compile(r'''"location":\s*"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*)"''')
"""Where a hit of the search of MkDocs and Material leads, from the root; quotes in texts are escaped, so this is in none."""

FEED_TYPES = {"application/atom+xml": ".xml", "application/feed+json": ".json"}


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page: its links, each once; its ids; those that stand several times in its content.

    `base` is what its relative links are relative to, if it says so. `refresh` is where it leads on, `canonical` and `now` what else
    says where. `moved` are the links of papers that stood there before. `feeds` are types and links of its feeds. `entries` are the
    links of the papers that it lists, and `is_keypoint` and `is_part` tell the pages that list those of a keypoint.
    """

    links: tuple[str, ...]
    ids: frozenset[str]
    repeated: tuple[tuple[str, int], ...] = ()
    base: str | None = None
    refresh: str | None = None
    canonical: str | None = None
    now: str | None = None
    moved: tuple[str, ...] = ()
    feeds: tuple[tuple[str, str], ...] = ()
    entries: tuple[str, ...] = ()
    is_keypoint: bool = False
    is_part: bool = False


Seen = Callable[[BuiltSite, str, HtmlPage, Mapping[str, Place]], None]
"""What is told of each page: the site, its path, what it holds, and where those of its links lead that lead into the site."""


@dataclass
class Crawl:
    """What is known of the pages of a site.

    A link to an id on a page that was not read yet waits for it, so that each page is read once and then let go.
    """

    site: BuiltSite
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    redirects: dict[str, Place | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    links: int = 0
    _waiting: dict[str, list[tuple[str, str, Place]]] = field(default_factory=dict)
    _led_on: list[tuple[str, str, Place]] = field(default_factory=list)

    def read(self, seen: Sequence[Seen] = ()) -> None:
        for path in self.site.pages:
            self._read(path, seen)
        self.follow(SITEMAP, locations(self.site))
        if _SEARCH in self.site.files:
            hits = _HIT.findall(self.site.text(_SEARCH))
            self.follow(_SEARCH, dict.fromkeys(json.loads(f'"{hit}"', strict=False) for hit in hits), "")
        for led_on in self._led_on:
            self._check_redirect(*led_on)

    def follow(self, path: str, links: Iterable[str], base: str | None = None) -> None:
        """Check links that stand in a file and are relative to it, or to another file or folder, `base`."""
        for link in links:
            self.links += 1
            place = self.site.place(link, path if base is None else base)
            if place is not None:
                self._check(path, link, place)

    def has(self, place: Place) -> bool:
        """Whether the site has a file, and in it an id, not percent-encoded, if one is named."""
        file = self.site.file(place.path)
        return file in self.site.files and (not place.fragment or place.fragment in self.ids.get(file, ()))

    def _read(self, path: str, seen: Sequence[Seen]) -> None:
        page = read_page(self.site.text(path))
        self.ids[path] = page.ids
        base = self.site.place(page.base, path) if page.base is not None else Place(path)

        def place(link: str) -> Place | None:
            if base is None:
                return self.site.place(link, path) if self.site.is_absolute(link) or link.startswith("/") else None
            return self.site.place(link, base.path)

        self.links += len(page.links)
        places = {link: found for link in page.links if (found := place(link))}
        for link, found in places.items():
            self._check(path, link, found)
        for waiting in self._waiting.pop(path, ()):
            self._check(*waiting)
        self.faults += [fault("id-repeated", path, name, count) for name, count in page.repeated]
        for kind, link in page.feeds:
            found = place(link)
            if found and kind in FEED_TYPES and not found.path.endswith(FEED_TYPES[kind]):
                self.faults.append(fault("feed-type", path, kind, found.path, link=link))
        for see in seen:
            see(self.site, path, page, places)
        if not page.refresh:
            return
        target = self.redirects[path] = place(page.refresh)
        for link in filter(None, (page.canonical, page.now)):
            other = place(link)
            if target and other and self.site.file(other.path) != self.site.file(target.path):
                self.faults.append(fault("redirect-differs", path, other.path, target.path, link=link))
        self._led_on += [(path, link, found) for link in (page.refresh, *page.moved) if (found := place(link))]

    def _check(self, path: str, link: str, place: Place) -> None:
        file = self.site.file(place.path)
        if place.path == OUTSIDE:
            self.faults.append(fault("link-outside", path, link=link))
        elif file not in self.site.files:
            inside = f"{file}/index.html"
            rule, shown = ("link-folder", inside) if inside in self.site.files else ("link-file", file)
            self.faults.append(fault(rule, path, shown, link=link))
        elif place.fragment and file.endswith((".html", ".htm")):
            if file not in self.ids:
                self._waiting.setdefault(file, []).append((path, link, place))
            elif not _has(self.ids[file], place.fragment):
                self.faults.append(fault("link-id", path, place.fragment, file, link=link))

    def _check_redirect(self, path: str, link: str, place: Place) -> None:
        file = self.site.file(place.path)
        if file not in self.redirects:
            return
        passed = {path}
        while file in self.redirects and file not in passed:
            passed.add(file)
            target = self.redirects[file]
            file = self.site.file(target.path) if target else ""
        rule = "redirect-loop" if file in passed else "redirect-chain"
        self.faults.append(fault(rule, path, self.site.file(place.path), link=link))


def _has(ids: frozenset[str], fragment: str) -> bool:
    """Whether a page has what a fragment names.

    Source: https://html.spec.whatwg.org/multipage/browsing-the-web.html#find-a-potential-indicated-element.
    """
    fragment = fragment.partition(":~:")[0]
    return not fragment or fragment in ids or unquote(fragment) in ids or fragment.lower() == "top"


# -- pages


def read_page(text: str) -> HtmlPage:
    """Read a page; whatever its text is, there is something to read."""
    tree = LexborHTMLParser(text)
    links: dict[str, None] = {}
    feeds = []
    canonical = base = None
    for node in tree.css(_REFERENCES):
        values = node.attributes
        tag = node.tag
        if tag == "base":
            base = values.get("href") if base is None else base
            continue
        if tag == "link":
            relation = (values.get("rel") or "").lower().split()
            if "canonical" in relation:
                canonical = values.get("href")
            elif "alternate" in relation and values.get("type"):
                feeds.append((values["type"] or "", values.get("href") or ""))
        links.update(dict.fromkeys(_links(values, tag)))
    ids = Counter(node.attributes["id"] or "" for node in tree.css("[id]"))
    names = {node.attributes["name"] or "" for node in tree.css("a[name]")}
    refresh = _refresh(tree)
    if refresh:
        links.setdefault(refresh)
    return HtmlPage(
        links=tuple(links),
        ids=frozenset(ids.keys() | names),
        repeated=_repeated(tree) if len(ids) < ids.total() else (),
        base=base,
        refresh=refresh,
        canonical=canonical,
        now=_href(tree.css_first("a.paperdigest-now")) if refresh else None,
        moved=tuple(filter(None, map(_href, tree.css("main li > a[id]")))) if refresh else (),
        feeds=tuple(feeds),
        entries=tuple(filter(None, map(_href, tree.css(".pd-entry > a.pd-title")))) if "pd-entry" in text else (),
        is_keypoint=tree.css_first("h1#keypoint") is not None,
        is_part=tree.css_first("h1#part") is not None,
    )


def links_of(html: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in LexborHTMLParser(html, is_fragment=True).css(_REFERENCES):
        found.update(dict.fromkeys(_links(node.attributes, node.tag)))
    return tuple(found)


def _links(values: dict[str, str | None], tag: str | None) -> list[str]:
    found = [values[name] or "" for name in ("href", "src", "poster") if name in values]
    if tag == "object" and "data" in values:
        found.append(values["data"] or "")
    for name in ("srcset", "imagesrcset"):
        if name in values:
            found += (url for url, _ in srcset(values[name] or ""))
    return found


def _href(node: LexborNode | None) -> str | None:
    return node.attributes.get("href") if node is not None else None


def _refresh(tree: LexborHTMLParser) -> str | None:
    """Where a page leads on. Source: https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh."""
    for node in tree.css('meta[http-equiv="refresh" i]'):
        found = _REFRESH.match(node.attributes.get("content") or "")
        if found and (url := next(filter(None, found.groups()), "").strip()):
            return url
    return None


def _repeated(tree: LexborHTMLParser) -> tuple[tuple[str, int], ...]:
    """The ids that stand several times in the content; what a theme does around it, and drawings, are left to others."""
    for selector in ("article", "main", '[role="main"]', "body"):
        if tree.css_first(selector) is not None:
            drawn = {node.mem_id for node in tree.css("svg [id]")}
            found = (node for node in tree.css(f"{selector} [id]") if node.mem_id not in drawn)
            ids = Counter(node.attributes["id"] or "" for node in found)
            return tuple((name, count) for name, count in ids.items() if count > 1)
    return ()
