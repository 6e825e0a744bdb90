"""The `<head>` of pages: descriptions, previews of links, feeds, and what a digest is about.

It is filled after the theme and all other plugins, since themes have no place for it in common. What they have put there stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser

from ..collection import site_root
from ..exports import DigestPage, digest_data, json_ld
from ..pages import cut, digest_description, keypoint_description, part_description, site_description
from ..records import Paper
from .generated import KeypointPage, MadePage, PartPage
from .site import Site

_END = "</head>"
_META = re.compile(r"""<meta\b(?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*+>""", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_WRITTEN = ('"{}"', "'{}'", "{} ", "{}>")  # how an attribute is written; a minifier may have taken its quotation marks


def fill_head(output: str, page: Page, site: Site) -> str:
    """Put feeds and descriptions into the head of a page; only a description, if it has none, where it holds no papers and is the site's own."""
    end = output.find(_END)
    if end < 0:
        return output
    head = output[:end]
    added = [
        f'<link rel="alternate" type="{kind}" title="{title}" href="{link}">\n'
        for title, link, kind in (map(html.escape, feed) for feed in site.downloads.feeds_of(page))
        if link not in head or not any(f"href={written.format(link)}" in head for written in _WRITTEN)
    ]
    papers = site.library.by_path.get(page.file.src_uri, ())
    if papers or page.file.generated_by == "paperdigest":
        head, tags = _described(site, head, page, papers)
        added += tags
    elif not any(given.get("name", "").lower() == "description" for _, given in _metas(head)):
        said = _line(str(page.meta.get("description") or "")) or _first_paragraph(page.content or "")
        added += [_meta("name", "description", said)] if said else []
    return "".join((head, *added, output[end:]))


def _described(site: Site, head: str, page: Page, papers: Sequence[Paper]) -> tuple[str, list[str]]:
    """The head of a page that holds papers or was generated, and the tags that it lacks."""
    given: dict[str, tuple[re.Match[str], dict[str, str]]] = {}
    for tag, attributes in _metas(head):
        given.setdefault(attributes.get("property") or attributes.get("name", "").lower(), (tag, attributes))
    tags = []
    site_said, page_said = (
        _line(html.unescape(str(text or ""))) for text in (site.config.site_description, page.meta.get("description"))
    )
    description = page_said or (site_said if page.is_homepage else "") or _holds(site, page, papers)
    if "description" not in given:
        tags.append(_meta("name", "description", description))
    else:
        tag, attributes = given["description"]
        said = _line(html.unescape(attributes.get("content", "")))
        # Themes cut a description at a quotation mark, which they do not escape.
        cuts = (own.partition('"')[0].strip() for own in (site_said, page_said))
        if said in {"", "None", site_said, page_said, *cuts}:
            head = head[: tag.start()] + _meta("name", "description", description).rstrip() + head[tag.end() :]
        else:
            description = said
    if "og:title" not in given:
        preview = {
            "og:type": "article" if papers else "website",
            "og:site_name": site.config.site_name,
            "og:title": _title(page),
            "og:description": description,
            "og:url": page.canonical_url,
        }
        tags += [_meta("property", name, value) for name, value in preview.items() if value and name not in given]
        if "twitter:card" not in given:
            tags.append(_meta("name", "twitter:card", "summary"))
    if papers:
        tags.append(f'<script type="application/ld+json">{_data(site, page, papers)}</script>\n')
    return head, tags


def _holds(site: Site, page: Page, papers: Sequence[Paper]) -> str:
    words = site.templates.words
    if isinstance(page, KeypointPage):
        return keypoint_description(page.keypoint, words)
    if isinstance(page, PartPage):
        return part_description(page.label, [name for _, name in page.headings] or [site.config.site_name], words)
    if papers:
        return digest_description(papers, site.library, words)
    if site.is_generated(page):
        return site.generated[page.file].description(site.library, words)
    return site_description(site.config.site_name, site.library, words)


def _data(site: Site, page: Page, papers: Sequence[Paper]) -> str:
    name, root = site.config.site_name, site_root(site.config.site_url)
    about = DigestPage(_title(page), page.canonical_url or "", site.templates.words.code, name, root)

    def labels(paper: Paper) -> Iterable[str]:
        found = map(site.library.keypoint, paper.keypoints or ())
        return dict.fromkeys(keypoint.label for keypoint in found if keypoint)

    return json_ld(digest_data(about, papers, labels))


def _metas(head: str) -> Iterator[tuple[re.Match[str], dict[str, str]]]:
    """The `<meta>` elements of a head, each with its attributes; a minifier may have taken their quotation marks."""
    for tag in _META.finditer(head):
        pairs = _ATTRIBUTE.findall(tag[0])
        yield tag, {name.lower(): double or single or bare for name, double, single, bare in reversed(pairs)}


def _line(text: str) -> str:
    return " ".join(text.split())


def _first_paragraph(content: str) -> str:
    """The first paragraph of a page that has text, as a description; "" without one. Those with classes are more than text."""
    # Of a fragment that begins with a text selectolax 0.4.7 gives that text twice.
    nodes = (
        LexborHTMLParser(f"<p>{match[1]}</p>", is_fragment=True).css_first("p")
        for match in _PARAGRAPH.finditer(content)
    )
    return cut(next(filter(None, (_line(node.text()) for node in nodes if node)), ""))


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(content)}">\n'


def _title(page: Page) -> str:
    return page.label if isinstance(page, MadePage) else html.unescape(str(page.title or ""))
