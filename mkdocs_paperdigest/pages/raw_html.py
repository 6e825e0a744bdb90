"""Raw HTML of digests made harmless and valid, so that a page shows what GitHub shows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache

from selectolax.lexbor import LexborHTMLParser

from ..reader.inline import INVALID, RAW_TEXT_TAGS, attributes, safe_url, tag_name

# What GitHub lets through: the allow-list of its HTML pipeline's sanitization filter.
_ALLOWED = frozenset(
    (
        "a abbr b bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption "
        "figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source "
        "span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video wbr"
    ).split()
)
_VOID = frozenset("br col hr img source wbr".split())
_ATTRIBUTES = frozenset(
    (
        "abbr align alt border cite color colspan compact controls datetime dir disabled face height hspace id "
        "lang loop media muted name noshade nowrap open poster reversed rowspan rules scope size sizes span src "
        "srcset start summary title type valign value vspace width href"
    ).split()
)
_URLS = frozenset({"href", "src", "cite", "poster"})

_ELEMENT = (
    r"</[A-Za-z][A-Za-z0-9-]*\s*>"
    r"|<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?>"
)
TAG = re.compile(
    rf"<!-->|<!--->|<!--.*?-->|<\?.*?\?>|<![A-Za-z].*?>|<!\[CDATA\[.*?\]\]>|{_ELEMENT}",
    re.DOTALL,
)
"""An HTML tag, comment or declaration inside Markdown. Source: CommonMark 0.31, section 6.6."""

TAG_WITHOUT_COMMENTS = re.compile(_ELEMENT, re.DOTALL)
"""An HTML tag inside Markdown."""

_MANY = 100


def tag_pattern(source: str) -> re.Pattern[str]:
    """`TAG`, but for a text with so many openings of comments that looking for the end of each would take minutes."""
    return TAG if source.count("<!") + source.count("<?") < _MANY else TAG_WITHOUT_COMMENTS


KEPT_ID = "data-pd-id"
"""What an id of raw HTML is called until it is known whether a heading has it."""

Resolve = Callable[[str], str]
"""Turns a link as the source has it into one that works on the built page."""


def clean_tag(tag: str, resolve: Resolve) -> str:
    """One tag of raw HTML, made harmless.

    Tags that GitHub shows as text come back escaped; unknown ones, comments and declarations as "", since GitHub
    shows nothing of them; the others keep the attributes that only say how something looks or where it leads, as on GitHub. An `id` or `name` is kept
    aside as `KEPT_ID`.
    """
    name = tag_name(tag)
    if name in RAW_TEXT_TAGS:
        return html.escape(tag, quote=False)
    if name not in _ALLOWED:
        return ""
    if tag.startswith("</"):
        return "" if name in _VOID else f"</{name}>"
    inside = tag[len(name) + 1 : -1].rstrip("/") if tag.endswith("/>") else tag[len(name) + 1 : -1]
    kept = []
    for attribute, value in attributes(inside).items():
        if (
            attribute not in _ATTRIBUTES
            or (attribute in ("id", "name") and value.startswith("__"))
            or (attribute in _URLS and not safe_url(value))
        ):
            continue
        if attribute in _URLS:
            value = resolve(value.strip())
        if attribute == "srcset":
            value = ", ".join(_candidate(part, resolve) for part in re.split(r",\s", value))
        if attribute in ("id", "name"):
            attribute = KEPT_ID
        kept.append(f' {attribute}="{html.escape(value)}"')
    return f"<{name}{''.join(kept)}>"


def _candidate(part: str, resolve: Resolve) -> str:
    """One candidate of a `srcset`: an address and perhaps a size."""
    url, *size = part.split() or [""]
    return " ".join([resolve(url) if safe_url(url) else "", *size])


def clean_block(source: str, resolve: Resolve) -> str:
    """A block of raw HTML, made harmless tag by tag; what is no tag is text."""
    parts = []
    end = 0
    for match in tag_pattern(source).finditer(source):
        parts += [_text(source[end : match.start()]), clean_tag(match[0], resolve)]
        end = match.end()
    return "".join([*parts, _text(source[end:])])


def _text(source: str) -> str:
    return html.escape(html.unescape(source), quote=False)


def tidy(source: str) -> str:
    """A fragment of HTML as a browser understands it: every element closed and nested as the HTML standard says."""
    return without(INVALID, parsed(source))


def parsed(source: str) -> str:
    """The same with the characters that no HTML may hold.

    What a parser makes of broken HTML is not always what it makes of its own output, so it is asked until both agree.
    """
    for _ in range(4):
        made = LexborHTMLParser(source, is_fragment=True).html or ""
        if made == source:
            break
        source = made
    return source


def without(characters: re.Pattern[str], source: str) -> str:
    """A text without characters that a pattern finds one by one; in ASCII that is seen at once."""
    if source.isascii() and not source.encode().translate(None, _others(characters)):
        return source
    return characters.sub("", source)


@cache
def _others(characters: re.Pattern[str]) -> bytes:
    """The ASCII characters that a pattern does not find."""
    return bytes(number for number in range(128) if not characters.match(chr(number)))
