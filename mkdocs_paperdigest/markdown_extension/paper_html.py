"""The HTML of papers: serialised where Python-Markdown has nothing more to do in it, made valid, its links marked; and away from its page.

A prerendered paper is made valid once, when its digest is read; its page only puts it in its place, and sanitises it. Nothing here knows MkDocs.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape, unescape

from markdown.serializers import to_html_string
from markdown.util import STX, AtomicString
from selectolax.lexbor import LexborHTMLParser

from ..languages import Words
from ..reader import LINK_FACTS, link_kind, safe_url
from ..records import LinkSite, Paper, link_site
from ..support import TAG, absolute_tag
from .badge import BADGE_LINK
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

_LINE = re.compile(
    rf'<(?:p class="pd-meta"|(?:p|div) class="pd-field" data-field="(?:{"|".join(LINK_FACTS)})")>.*?(?=</p>)', re.DOTALL
)
"""The quiet line below a title, or a fact that is a link. A link in a sentence stays as it is."""
_LINK = re.compile(r'<a((?:\s(?:[^<>"]|"[^"]*")*)?)>((?:(?!</a>|<a ).)*)</a>', re.DOTALL)
_HREF = re.compile(r'\shref="([^"]*)"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(
    r"://|\bwww\.|(?<![\w.])\d{4}\.\d{4,5}(?!\d)|\b10\.\d{4,9}/|\b[A-Z]\d\d-\d{4}\b|\b20\d\d\.\w+-\w+\.\d+|\b[a-z-]{2,20}/\d{7}\b"
)
"""An address or an identifier, which needs no name of the site."""

_SECTION = re.compile(r"<(/?)section\b([^<>]*)>")
_ID = re.compile(r'\sid="([^"]*)"')
_HEADING = re.compile(r"\s*<(h[1-6])\b(?:[^>\"]|\"[^\"]*\")*>.*?</\1>", re.DOTALL)
_ADDED = ':is(.pd-ui, .headerlink, .pd-paper):not([class*="pd-label"])'
_LABEL = re.compile(r'<span class="pd-label[^"]*">([^<]*)</span>')
_BRACKET = re.compile(r'<span class="pd-bracket">([^<]*)</span>')
_TAG_OF_TITLE = re.compile(r'<span class="pd-tag">([^<]*)</span>')
_EMPTY_META = re.compile(r'<p class="pd-meta">\s*(?:<span class="pd-source">\s*</span>\s*)?</p>')
_ATTRIBUTE = re.compile(r'\s([^\s"=<>/]+)(?:="[^"]*")?')
_OF_THE_SITE = re.compile(r"class|id|style|loading|data-.*")


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
    end = source.rfind("</p>") + len("</p>")  # after it no line ends, and each would be sought to the end of the paper
    return _LINE.sub(lambda line: _LINK.sub(lambda link: _marked(link, words), line[0]), source[:end]) + source[end:]


def _marked(link: re.Match[str], words: Words) -> str:
    attributes, inside = link[1], link[2]
    href = _HREF.search(attributes)
    address = unescape(href[1]).strip(LINK + LATE_END) if href else ""
    text = unescape(_TAG.sub("", inside))
    site = link_site(address, link_kind(address, text)) if address and "<img" not in inside else None
    if not site:
        return link[0]
    own = f"pd-link pd-link-{site.name}"
    if given := _CLASS.search(attributes):
        attributes = f'{attributes[: given.start()]} class="{given[1]} {own}"{attributes[given.end() :]}'
    else:
        attributes = f' class="{own}"{attributes}'
    name = escape(site.label or words("link_project"))
    added = "" if _names(text, address, site) else f'<span class="pd-ui"> {name}</span>'
    return f"<a{attributes}>{inside}{added}</a>"


def _names(text: str, address: str, site: LinkSite) -> bool:
    words = site.words or re.escape(site.label)
    host = address.partition("//")[2].partition("/")[0]
    return bool(_ADDRESS.search(text) or re.search(words, text, re.IGNORECASE) or (host and host in text))


def paper_sections(content: str, papers: Iterable[Paper]) -> Iterator[tuple[Paper, int, int]]:
    """Each paper with a section of its own, which rows of tables lack, and the begin and end of its content, in order of the ends."""
    known = {paper.anchor: paper for paper in papers}
    opened: list[int] = []
    for tag in _SECTION.finditer(content) if known else ():
        if not tag[1]:
            opened.append(tag.end() if "pd-paper" in tag[2] else 0)
            continue
        start = opened.pop() if opened else 0
        heading = _ID.search(content, start, tag.start()) if start else None
        if heading and (paper := known.pop(unescape(heading[1]), None)):
            yield paper, start, tag.start()


def shown(section: str, base: str) -> str:
    """The content of a section as it is read away from the site whose address is `base`: no heading, nothing the plugin added."""
    heading = _HEADING.match(section)
    tree = LexborHTMLParser(section[heading.end() :] if heading else section, is_fragment=True)
    for node in reversed(
        tree.css(_ADDED)
    ):  # the innermost first: removing a node of a removed one would touch free memory
        node.decompose()
    html = _TAG_OF_TITLE.sub(r"\1", _BRACKET.sub(r"\1", _LABEL.sub(r"<strong>\1</strong>", tree.html or "")))
    html = _EMPTY_META.sub("", html).replace(f"</a> {BADGE_LINK}", f"</a>, {BADGE_LINK}")
    return TAG.sub(lambda tag: _bare(tag[0], base), html).strip()


@lru_cache(maxsize=4096)  # most tags of a page are those of each of its papers
def _bare(tag: str, base: str) -> str:
    """A tag without what only the site needs, its addresses absolute; the `title` of a badge is only its name."""
    is_badge = tag.startswith(BADGE_LINK)

    def attribute(match: re.Match[str]) -> str:
        return "" if _OF_THE_SITE.fullmatch(match[1]) or (is_badge and match[1] == "title") else match[0]

    return absolute_tag(_ATTRIBUTE.sub(attribute, tag), base)


def told(paper: Paper, resolve: Callable[[str], str] = str) -> str:
    """A paper's record as HTML; `resolve` makes an address of the source one of its page."""
    parts = [f"<p>{escape(paper.venue)}</p>"] if paper.venue else []
    if links := [link for link in paper.links if safe_url(link.url)]:
        shown = (f'<a href="{escape(resolve(link.url))}">{escape(link.url)}</a>' for link in links)
        parts.append(f"<p>{'<br>'.join(shown)}</p>")
    parts += [f"<p><strong>{escape(own.label)}</strong> {escape(own.text)}</p>" for own in paper.fields if own.text]
    parts += [
        f'<p><img src="{escape(resolve(figure.src))}" alt="{escape(figure.alt)}"></p>'
        for figure in paper.figures
        if safe_url(figure.src)
    ]
    return "\n".join(parts)
