"""The addresses in HTML, made absolute, so that it can be shown away from its page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

_ATTRIBUTES = ("href", "src", "poster", "cite")
_ALL = ", ".join(f"[{name}]" for name in (*_ATTRIBUTES, "srcset"))
_CANDIDATE = re.compile(r"[\s,]*(?P<url>[^\s,]\S*)(?P<size>[^,]*)")


def absolute(html: str, base_url: str) -> str:
    """A fragment of HTML in which every `href`, `src`, `srcset`, `poster` and `cite` is absolute. `base_url` is that of its page."""
    if not any(name in html.lower() for name in ("href", "src", "poster", "cite")):
        return html
    tree = LexborHTMLParser(html, is_fragment=True)
    make_absolute(tree, base_url)
    return tree.html or ""


def make_absolute(tree: LexborHTMLParser, base_url: str) -> None:
    """The same, in a tree that is parsed already."""
    for element in tree.css(_ALL):
        own = element.attributes
        for name in _ATTRIBUTES:
            if name in own:
                element.attrs[name] = absolute_url(own[name] or "", base_url)
        if "srcset" in own:
            element.attrs["srcset"] = _absolute_srcset(own["srcset"] or "", base_url)


@lru_cache(maxsize=4096)
def absolute_url(url: str, base_url: str) -> str:
    """One address made absolute; what is no address at all (`http://[`) stays as it is."""
    if url.startswith(("https://", "http://")):
        return url
    try:
        return urljoin(base_url, url.strip())
    except ValueError:
        return url


def _absolute_srcset(value: str, base_url: str) -> str:
    """Its form: https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute says it."""
    candidates = []
    place = 0
    while found := _CANDIDATE.match(value, place):
        url, size, place = found["url"], found["size"].strip(), found.end()
        if url.endswith(","):  # a candidate without a size
            url, size, place = url.rstrip(","), "", found.end("url")
        candidates.append(f"{absolute_url(url, base_url)} {size}".rstrip())
    return ", ".join(candidates)
