"""The HTML of a paper: serialised where Python-Markdown has nothing more to do in it, made valid, and its links marked.

A prerendered paper passes through here once, when its digest is read; its page only puts it in its place, and sanitises it.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree

from markdown.serializers import to_html_string
from markdown.util import STX, AtomicString

from ..languages import Words
from ..reader import LINK_FACTS, link_kind
from ..records import LinkSite, link_site
from .page_state import LATE_END, LINK
from .sanitising import as_html, parsed

_BLOCKS = frozenset("p div ul ol li".split())
_FINISHED = _BLOCKS | frozenset("blockquote hr img span a".split())
"""Elements of which no tree processor makes anything else, but for the links of MkDocs."""
_LEADS_OUT = re.compile(r"https?:", re.IGNORECASE)

# References to control characters, which a parser would decode to placeholders of `fill_late`.
_CONTROL = re.compile(
    r"&#0*(?:[0-8]|11|1[4-9]|2\d|3[01])(?!\d);?|&#x0*(?:[0-8b]|[01][ef]|1[0-9a-d])(?![0-9a-f]);?", re.IGNORECASE
)
_EMPTY = re.compile(r'<p(?: class="pd-meta")?>\s*</p>\s*')
_DETAILS_WITHOUT_SUMMARY = re.compile(r"(<details\b[^>]*>)(?!\s*<summary\b)")

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


def serialised(body: etree.Element, *, lists: bool) -> str | None:
    """Serialise the children of `body` as Python-Markdown does; None if it has something to do in them, with `lists` in braces, too."""
    for parent in body.iter():
        if parent is not body and parent.tag not in _FINISHED:
            return None
        if any(name in ("href", "src") and not _LEADS_OUT.match(value) for name, value in parent.items()):
            return None
        texts = [parent.text or "", *(child.tail or "" for child in parent)]
        if any(STX in text or (lists and "{" in text) for text in texts):
            return None
        if not all(isinstance(text, AtomicString) or not text or text.isspace() for text in texts):
            return None
        for child in parent:
            if not child.tail and (parent is body or child.tag in _BLOCKS):
                child.tail = "\n"
    return to_html_string(body)[len("<div>") : -len("</div>")]


def valid(source: str, words: Words) -> str:
    """A part of a paper as a browser understands it, its links marked."""
    source = _EMPTY.sub("", parsed(_CONTROL.sub("", source) if "&#" in source else source))
    if "<details" in source:
        summary = f'<summary class="pd-ui">{as_html(words("details"))}</summary>'
        source = _DETAILS_WITHOUT_SUMMARY.sub(lambda tag: tag[1] + summary, source)
    return with_sites(source, words) if "<a" in source else source


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
