"""The pages of a built site: whether their links and redirects lead to files and ids that are there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from .built_site import OUTSIDE, SITEMAP, BuiltSite, Place, locations
from .faults import Fault, fault
from .html_page import HtmlPage, read_page

_SEARCH = "search/search_index.json"
_HIT = re.compile(r'''"location":\s*"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*)"''')
"""Where a hit of the search of MkDocs and Material leads, from the root; quotes in texts are escaped, so this is in none."""

FEED_TYPES = {"application/atom+xml": ".xml", "application/feed+json": ".json"}

Seen = Callable[[BuiltSite, str, HtmlPage, Mapping[str, Place]], None]
"""What is told of each page: the site, its path, what it holds, and where those of its links lead that lead into the site."""


@dataclass
class Crawl:
    """What is known of the pages of a site. A link to an id on a page that was not read yet waits for it, so that each page is read once and then let go."""

    site: BuiltSite
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    redirects: dict[str, tuple[str, Place | None]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    links: int = 0
    _waiting: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    _moved: list[tuple[str, str, Place]] = field(default_factory=list)

    def read(self, seen: Sequence[Seen] = ()) -> None:
        for path in self.site.pages:
            self._read(path, seen)
        self.follow(SITEMAP, locations(self.site))
        if _SEARCH in self.site.files:
            hits = _HIT.findall(self.site.text(_SEARCH))
            self.follow(_SEARCH, dict.fromkeys(json.loads(f'"{hit}"', strict=False) for hit in hits), "")
        for page in list(self._waiting):
            self._settle(page)
        for path, (link, place) in self.redirects.items():
            self._check_redirect(path, link, place)
        for path, link, place in self._moved:
            self._check_redirect(path, link, place)

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
        self._settle(path)
        self.faults += [fault("id-repeated", path, name, count) for name, count in page.repeated]
        for kind, link in page.feeds:
            found = place(link)
            if found and kind in FEED_TYPES and not found.path.endswith(FEED_TYPES[kind]):
                self.faults.append(fault("feed-type", path, kind, found.path, link=link))
        if page.refresh:
            self._note_redirect(path, page, place)
        for see in seen:
            see(self.site, path, page, places)

    def _note_redirect(self, path: str, page: HtmlPage, place: Callable[[str], Place | None]) -> None:
        assert page.refresh
        target = place(page.refresh)
        self.redirects[path] = (page.refresh, target)
        for link in filter(None, (page.canonical, page.now)):
            other = place(link)
            if target and other and self.site.file(other.path) != self.site.file(target.path):
                self.faults.append(fault("redirect-differs", path, other.path, target.path, link=link))
        self._moved += [(path, link, found) for link in page.moved if (found := place(link))]

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
                self._waiting.setdefault(file, []).append((path, link, place.fragment))
            elif not _has(self.ids[file], place.fragment):
                self.faults.append(fault("link-id", path, place.fragment, file, link=link))

    def _settle(self, page: str) -> None:
        ids = self.ids.get(page)
        for path, link, fragment in self._waiting.pop(page, ()):
            if not _has(ids, fragment):
                self.faults.append(fault("link-id", path, fragment, page, link=link))

    def _check_redirect(self, path: str, link: str, place: Place | None) -> None:
        if place is None:
            return
        file = self.site.file(place.path)
        if file not in self.redirects:
            return
        passed = {path}
        while file in self.redirects and file not in passed:
            passed.add(file)
            target = self.redirects[file][1]
            file = self.site.file(target.path) if target else ""
        rule = "redirect-loop" if file in passed else "redirect-chain"
        self.faults.append(fault(rule, path, self.site.file(place.path), link=link))


def _has(ids: frozenset[str] | None, fragment: str) -> bool:
    """Whether a page has what a fragment names. Source: https://html.spec.whatwg.org/multipage/browsing-the-web.html#find-a-potential-indicated-element."""
    fragment = fragment.partition(":~:")[0]
    if not fragment or ids is None:
        return True
    return fragment in ids or unquote(fragment) in ids or fragment.lower() == "top"
