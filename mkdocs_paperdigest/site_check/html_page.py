"""What a page of a built site holds that others lead to, and where it leads."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..support import srcset

_REFERENCES = "[href], [src], [srcset], [imagesrcset], [poster], object[data]"
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.IGNORECASE | re.DOTALL)


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
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes["http-equiv"] or "").lower() == "refresh":
            found = _REFRESH.match(node.attributes.get("content") or "")
            if found and (url := next(filter(None, found.groups()), "").strip()):
                return url
    return None


def _repeated(tree: LexborHTMLParser) -> tuple[tuple[str, int], ...]:
    """The ids that stand several times in the content; what a theme does around it, and drawings, are left to others."""
    for selector in ("article", "main", '[role="main"]', "body"):
        if tree.css_first(selector) is not None:
            ids = Counter(node.attributes["id"] or "" for node in tree.css(f"{selector} [id]") if not _in_drawing(node))
            return tuple((name, count) for name, count in ids.items() if count > 1)
    return ()


def _in_drawing(node: LexborNode) -> bool:
    while (above := node.parent) is not None:
        if above.tag == "svg":
            return True
        node = above
    return False
