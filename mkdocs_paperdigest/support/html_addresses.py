"""The addresses in HTML, made absolute, so that it can be shown away from its page."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

TAG = re.compile(r"<[a-z][^\s<>/]*\s(?:[^<>\"]|\"[^\"]*\")*>")
"""A tag with attributes, as a parser writes it."""

_ATTRIBUTE = re.compile(r"""\s(href|src|poster|cite|srcset)="([^"]*)"(?=[\s>])""")
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:(?<!,)\s++((?:[^,(]++|\([^)]*+\)?)*+))?")
"""An address of a set, after which only a comma or a size can follow."""


def absolute(html: str, base_url: str) -> str:
    """A fragment of HTML in which every `href`, `src`, `srcset`, `poster` and `cite` is absolute. `base_url` is that of its page."""
    if not any(name in html.lower() for name in ("href", "src", "poster", "cite")):
        return html
    parsed = LexborHTMLParser(html, is_fragment=True).html or ""
    return TAG.sub(lambda tag: absolute_tag(tag[0], base_url), parsed)


def absolute_tag(tag: str, base_url: str) -> str:
    """The same for one tag, as a parser writes it: with quotation marks around each value."""

    def attribute(match: re.Match[str]) -> str:
        value = unescape(match[2])
        if match[1] == "srcset":
            made = ", ".join(f"{absolute_url(url, base_url)} {size}".rstrip() for url, size in srcset(value))
        else:
            made = absolute_url(value, base_url)
        return f' {match[1]}="{escape(made)}"'

    return _ATTRIBUTE.sub(attribute, tag)


@lru_cache(maxsize=4096)
def absolute_url(url: str, base_url: str) -> str:
    """One address made absolute; what is no address at all (`http://[`) stays as it is."""
    if url.startswith(("https://", "http://")):
        return url
    try:
        return urljoin(base_url, url.strip())
    except ValueError:
        return url


def srcset(value: str) -> list[tuple[str, str]]:
    """The addresses of a set of pictures, each with its size or "".

    Source: https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute.
    """
    return [(url.rstrip(","), size.strip()) for url, size in _CANDIDATE.findall(value)]
