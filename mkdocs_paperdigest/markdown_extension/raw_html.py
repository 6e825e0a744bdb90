"""Raw HTML of digests made harmless and valid, so that a page shows what GitHub shows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from ..reader import RAW_TEXT_TAGS, attributes, safe_url, tag_name
from ..support import is_theme_id
from .sanitising import GITHUB_ATTRIBUTES, GITHUB_TAGS, KEPT_ID, URLS, as_html, unmarked, without_invalid

_VOID = frozenset("br col hr img source wbr".split())

_ELEMENT = (
    r"</[A-Za-z][A-Za-z0-9-]*\s*>"
    r"|<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?>"
)
TAG = re.compile(
    rf"<!-->|<!--->|<!--.*?-->|<\?.*?\?>|<![A-Za-z].*?>|<!\[CDATA\[.*?\]\]>|{_ELEMENT}",
    re.DOTALL,
)
"""An HTML tag, comment or declaration inside Markdown. Source: CommonMark 0.31, section 6.6."""

TAG_WITHOUT_COMMENTS = re.compile(_ELEMENT, re.DOTALL)  # an HTML tag inside Markdown

HOLDERS = frozenset("details div center section article table blockquote".split())  # elements that hold papers

_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*-->", re.DOTALL)
_MARKDOWN = re.compile(r"""\smarkdown(?:=(["']?)(?:1|block|span)\1)?(?=[\s>])""")
_MANY = 100


def tag_pattern(source: str) -> re.Pattern[str]:
    """`TAG`, but for a text with so many openings of comments that looking for the end of each would take minutes."""
    return TAG if source.count("<!") + source.count("<?") < _MANY else TAG_WITHOUT_COMMENTS


Resolve = Callable[[str], str]  # turns a link as the source has it into one that works on the built page


def clean_tag(tag: str, resolve: Resolve) -> str:
    """One tag of raw HTML, made harmless.

    Tags that GitHub shows as text come back escaped; unknown ones, comments and declarations as "", since GitHub
    shows nothing of them; the others keep the attributes that only set how something looks or where it leads, as on GitHub. An `id` or `name` is kept
    aside as `KEPT_ID`.
    """
    name = tag_name(tag)
    if name in RAW_TEXT_TAGS:
        return as_html(tag)
    if name not in GITHUB_TAGS:
        return ""
    if tag.startswith("</"):
        return "" if name in _VOID else f"</{name}>"
    inside = tag[len(name) + 1 : -1].rstrip("/") if tag.endswith("/>") else tag[len(name) + 1 : -1]
    kept = []
    for attribute, value in attributes(inside).items():
        if (
            attribute not in GITHUB_ATTRIBUTES
            or (attribute in ("id", "name") and is_theme_id(value))
            or (attribute in URLS and not safe_url(value))
        ):
            continue
        if attribute in URLS:
            value = resolve(value.strip())
        if attribute == "srcset":
            candidates = (part.split() or [""] for part in re.split(r",\s", value))
            value = ", ".join(" ".join([resolve(url) if safe_url(url) else "", *size]) for url, *size in candidates)
        if attribute in ("title", "alt"):
            value = unmarked(value)
        if attribute in ("id", "name"):
            attribute = KEPT_ID
        kept.append(f' {attribute}="{html.escape(value)}"')
    return f"<{name}{''.join(kept)}>"


def clean_block(source: str, resolve: Resolve) -> str:
    """A block of raw HTML, made harmless tag by tag; what is no tag is text."""
    parts = []
    end = 0
    for match in tag_pattern(source).finditer(source):
        parts += [_text(source[end : match.start()]), clean_tag(match[0], resolve)]
        end = match.end()
    return "".join([*parts, _text(source[end:])])


def clean_torn(source: str, keep: Callable[[str], str]) -> str:
    """Raw HTML that opens or closes elements around papers: those tags and comments stay, the rest is made harmless and given to `keep`."""
    parts = []
    end = 0
    for match in tag_pattern(source).finditer(source):
        parts += _lines(source[end : match.start()], keep)
        tag = clean_tag(match[0], str)
        if _COMMENT.fullmatch(match[0]):
            parts.append(match[0])
        elif tag and tag_name(match[0]) in HOLDERS:
            markdown = _MARKDOWN.search(match[0])
            parts.append(f"{tag[:-1]}{markdown[0]}>" if markdown else tag)
        elif tag:
            parts.append(keep(tag))
        end = match.end()
    return "".join([*parts, *_lines(source[end:], keep)])


def _lines(source: str, keep: Callable[[str], str]) -> list[str]:
    """The lines of a text, each kept aside; white space and line ends stay."""
    return [keep(_text(part)) if part.strip() else part for part in re.split(r"(\n[ \t]*)", source)]


def _text(source: str) -> str:
    return as_html(html.unescape(source))


def tidy(source: str) -> str:
    """A fragment of HTML as a browser understands it: every element closed and nested as in the HTML standard."""
    return without_invalid(parsed(source))


def parsed(source: str) -> str:
    """HTML as a parser writes it; parsed up to four times, until the parser leaves its own output alone."""
    for _ in range(4 if source else 0):  # old versions of selectolax refuse an empty text
        made = LexborHTMLParser(source, is_fragment=True).html or ""
        if made == source:
            break
        source = made
    return source
