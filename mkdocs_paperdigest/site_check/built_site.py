"""The files of a built site, and which of them an address means."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_LOCATION = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")
_BLANKS = re.compile(r"[\t\n\r]")

SITEMAP = "sitemap.xml"
OUTSIDE = ".."
"""The path of an address that leads out of the folder of the site."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads: a path from the site's root, not percent-encoded, and an id, percent-encoded as it was."""

    path: str
    fragment: str = ""


@dataclass(frozen=True)
class BuiltSite:
    """The folder of a built site, the paths of its files, and its address, which ends in `/`; None if that is not known."""

    folder: Path
    files: frozenset[str]
    url: str | None = None
    _from_root: dict[str, Place | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    @cached_property
    def _origin_and_root(self) -> tuple[str, str]:
        parts = urlsplit(self.url or "")
        return f"{parts.scheme}://{parts.netloc}".lower() if self.url else "", unquote(parts.path) or "/"

    @cached_property
    def pages(self) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.files if path.endswith((".html", ".htm"))))

    def read(self, path: str) -> bytes:
        """What a file holds; nothing if it cannot be read."""
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            return b""

    def text(self, path: str) -> str:
        return self.read(path).decode("utf-8", "replace")

    def place(self, link: str, page: str) -> Place | None:
        """Where a link on a page leads, from the root; None if not into this site.

        Source: https://url.spec.whatwg.org/#url-parsing, as far as it matters between files.
        """
        folder, rest = page.rpartition("/")[0], link
        while folder and rest.startswith("../"):
            folder, rest = folder.rpartition("/")[0], rest[3:]
        if folder or rest is link:
            return self._place(link, page)
        # Most links begin at the root, and the same ones stand on many pages.
        if rest not in self._from_root:
            self._from_root[rest] = self._place(f"./{rest}", "")
        return self._from_root[rest]

    def _place(self, link: str, page: str) -> Place | None:
        origin, root = self._origin_and_root
        link = _BLANKS.sub("", link).strip()
        rest, _, fragment = link.partition("#")
        path = rest.partition("?")[0].replace("\\", "/")
        if path.startswith("//"):
            path = f"{origin.partition(':')[0]}:{path}" if origin else f"https:{path}"
        if _SCHEME.match(path):
            end = len(origin)
            if not end or path[:end].lower() != origin or path[end : end + 1] not in ("", "/"):
                return None
            path = path[end:] or "/"
        if "%" in path:
            path = unquote(path)
        if path.startswith("/"):
            return Place(_joined("", path[len(root) :]), fragment) if f"{path}/".startswith(root) else None
        return Place(_joined(page.rpartition("/")[0], path) if path else page, fragment)

    def file(self, path: str) -> str:
        return f"{path}index.html" if not path or path.endswith("/") else path

    def is_absolute(self, link: str) -> bool:
        return bool(_SCHEME.match(link.strip()))


def built_site(folder: Path, url: str | None = None) -> BuiltSite:
    """The site in a folder, without linked folders and `.git`. `url` is by default read off the home page, or else off the sitemap."""
    site = BuiltSite(folder, frozenset(_files(folder)))
    found = url or _canonical(site) or _of_sitemap(site)
    return BuiltSite(folder, site.files, f"{found.rstrip('/')}/") if found and is_address(found) else site


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def locations(site: BuiltSite) -> tuple[str, ...]:
    """The addresses in the sitemap; without an address of the site MkDocs writes none."""
    if SITEMAP not in site.files:
        return ()
    found = (one.replace("&amp;", "&") for one in _LOCATION.findall(site.text(SITEMAP)))
    return tuple(one for one in found if is_address(one))


def _files(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        below = Path(place).relative_to(folder).as_posix()
        yield from names if below == "." else (f"{below}/{name}" for name in names)


def _canonical(site: BuiltSite) -> str | None:
    if "index.html" not in site.files:
        return None
    tree = LexborHTMLParser(site.text("index.html"))
    found = tree.css_first('link[rel="canonical"]')
    if found is None or tree.css_first('meta[http-equiv="refresh" i]'):
        return None
    return (found.attributes.get("href") or "").removesuffix("index.html")


def _of_sitemap(site: BuiltSite) -> str | None:
    found = locations(site)
    shortest = min(found, key=len, default="").rpartition("/")[0]
    return shortest if all(one.startswith(f"{shortest}/") for one in found) else None


def _joined(folder: str, path: str) -> str:
    joined = posixpath.normpath(f"./{folder}/{path}")
    if joined.partition("/")[0] == "..":
        return OUTSIDE
    end = "/" if path.rpartition("/")[2] in ("", ".", "..") else ""
    return "" if joined == "." else joined + end
