"""The links of a paper marked with the site that they lead to: a class for its icon, and its name where their words lack it."""

from __future__ import annotations

import html
import re

from ..languages import Words
from ..reader import LINK_FACTS, link_kind
from ..records import LinkSite, link_site
from .page_state import LATE_END, LINK

_LINE = re.compile(rf'<(?:p class="pd-meta"|(?:p|div) class="pd-field" data-field="(?:{"|".join(LINK_FACTS)})")>')
"""Where the quiet line below a title begins, or a fact that is a link. A link in a sentence stays as it is."""
_OPENS = re.compile(r'<a((?:\s(?:[^<>"]|"[^"]*")*)?)>')
_HREF = re.compile(r'\shref="([^"]*)"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(
    r"://|\bwww\.|(?<![\w.])\d{4}\.\d{4,5}(?!\d)|\b10\.\d{4,9}/|\b[A-Z]\d\d-\d{4}\b|\b20\d\d\.\w+-\w+\.\d+|\b[a-z-]{2,20}/\d{7}\b"
)
"""An address or an identifier, which needs no name of the site."""


def with_sites(source: str, words: Words) -> str:
    """The HTML of a paper with its links marked: classes for the icon, and the name as words of the plugin."""
    parts = []
    place = 0
    while begins := _LINE.search(source, place):
        end = source.find("</p>", begins.end())
        if end < 0:
            break
        *links, rest = source[begins.end() : end].split("</a>")
        parts += [source[place : begins.end()], *(f"{_marked(link, words)}</a>" for link in links), rest]
        place = end
    return "".join(parts) + source[place:] if parts else source


def _marked(source: str, words: Words) -> str:
    """HTML that ends where a link does, with that link marked."""
    begins = _OPENS.match(source, at := max(source.rfind("<a "), 0))
    href = _HREF.search(begins[1]) if begins else None
    if not begins or not href:
        return source
    attributes, inside = begins[1], source[begins.end() :]
    if "<img" in inside:
        return source
    address = html.unescape(href[1]).strip(LINK + LATE_END)
    text = html.unescape(_TAG.sub("", inside))
    site = link_site(address, link_kind(address, text))
    if not site:
        return source
    own = f"pd-link pd-link-{site.name}"
    if given := _CLASS.search(attributes):
        attributes = f'{attributes[: given.start()]} class="{given[1]} {own}"{attributes[given.end() :]}'
    else:
        attributes = f' class="{own}"{attributes}'
    name = html.escape(site.label or words("link_project"))
    added = "" if _names(text, address, site) else f'<span class="pd-ui"> {name}</span>'
    return f"{source[:at]}<a{attributes}>{inside}{added}"


def _names(text: str, address: str, site: LinkSite) -> bool:
    words = site.words or re.escape(site.label)
    host = address.partition("//")[2].partition("/")[0]
    return bool(_ADDRESS.search(text) or re.search(words, text, re.IGNORECASE) or (host and host in text))
