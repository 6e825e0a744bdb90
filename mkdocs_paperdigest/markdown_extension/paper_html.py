"""The HTML of papers on their page, and as it is read away from it, in a feed. Nothing here knows MkDocs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser

from ..reader import safe_url
from ..records import Paper
from ..support import TAG, absolute_tag
from .badge import BADGE_LINK

_SECTION = re.compile(r"<(/?)section\b([^<>]*)>")
_ID = re.compile(r'\sid="([^"]*)"')
_HEADING = re.compile(r"\s*<(h[1-6])\b(?:[^>\"]|\"[^\"]*\")*>.*?</\1>", re.DOTALL)
_ADDED = ':is(.pd-ui, .headerlink, .pd-paper):not([class*="pd-label"])'
_LABEL = re.compile(r'<span class="pd-label[^"]*">([^<]*)</span>')
_BRACKET = re.compile(r'<span class="pd-bracket">([^<]*)</span>')
_TAG_OF_TITLE = re.compile(r'<span class="pd-tag">([^<]*)</span>')
_EMPTY = re.compile(r'<p class="pd-meta">\s*(?:<span class="pd-source">\s*</span>\s*)?</p>')
_ATTRIBUTE = re.compile(r'\s([^\s"=<>/]+)(?:="[^"]*")?')
_OF_THE_SITE = re.compile(r"class|id|style|loading|data-.*")


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
    html = _EMPTY.sub("", html).replace(f"</a> {BADGE_LINK}", f"</a>, {BADGE_LINK}")
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
