"""A crawl of a built site: every link must lead to a file, and every fragment to an id in it."""

from __future__ import annotations

import posixpath
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

_LINKS = (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src"))


def broken_links(site: Path, base: str = "https://site.test/") -> list[str]:
    """Every broken link of a site that is served at `base`, as `page: link`."""
    ids = cache(_ids)
    broken = []
    for page in sorted(site.rglob("*.html")):
        if page.name == "404.html":  # its links are absolute and known only to the server
            continue
        name = page.relative_to(site).as_posix()
        url = urljoin(base, name.removesuffix("index.html"))
        tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
        for tag, attribute in _LINKS:
            for node in tree.css(f"{tag}[{attribute}]"):
                link = node.attributes[attribute] or ""
                target, fragment = urldefrag(urljoin(url, link))
                if urlsplit(target).scheme not in ("http", "https") or not target.startswith(base):
                    continue
                path = unquote(urlsplit(target).path.removeprefix(urlsplit(base).path))
                file = site / (posixpath.join(path, "index.html") if path.endswith("/") or not path else path)
                if not file.is_file() or (fragment and file.suffix == ".html" and unquote(fragment) not in ids(file)):
                    broken.append(f"{name}: {link}")
    return broken


def _ids(file: Path) -> frozenset[str]:
    tree = LexborHTMLParser(file.read_text(encoding="utf-8"))
    found = {node.attributes["id"] for node in tree.css("[id]")} | {
        node.attributes["name"] for node in tree.css("a[name]")
    }
    return frozenset(name for name in found if name)


def repeated_ids(file: Path) -> list[str]:
    """The ids that stand more than once in a page's content."""
    tree = LexborHTMLParser(file.read_text(encoding="utf-8"))
    seen: list[str] = [node.attributes["id"] or "" for node in tree.css("article [id]")]
    return sorted({name for name in seen if seen.count(name) > 1})
