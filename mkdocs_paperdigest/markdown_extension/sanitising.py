"""What HTML made from a paper may contain: an allow-list of elements and attributes, and HTML made harmless and valid by it.

`sanitised` is the last step of all HTML that is made from the text of a paper, whatever a Markdown extension, another plugin or a fault of
this one made of it. `clean_tag` applies the part of GitHub's list to the tags of the source, so that a page shows what GitHub shows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import nh3
from selectolax.lexbor import LexborHTMLParser

from ..reader import INVALID_CHARACTERS, RAW_TEXT_TAGS, SAFE_SCHEMES, attributes, safe_url, tag_name
from ..support import is_theme_id, read_table

_ALLOWED = {
    name: frozenset(names.split())
    for name, names in read_table(__package__, "allowed_html.toml", dict[str, Any]).items()
}
LIST_ATTRIBUTES = _ALLOWED["list_attributes"]

HOLE = "data-pd-hole"  # the attribute of an element that a paper takes the place of

KEPT_ID = "data-pd-id"  # the attribute that holds an `id` of raw HTML until the ids of the page's headings are known

_MATH = "pd-math"  # replaces `<script type="math/tex">` while the HTML is sanitised

_STYLE = re.compile(rf"\s*(?:{'|'.join(_ALLOWED['styles'])})\s*:[\w\s#.,%()-]+")
_CALLS = re.compile(r"(?<![\w-])(?!(?:rgb|hsl)a?\()[\w-]*\(")
_COVERS = re.compile("|".join(_ALLOWED["not_classes"]))
# Classes by which MathJax looks for formulas in code, too.
_FORMULAS = frozenset(("arithmatex", "mathjax_process", "tex2jax_process"))
_MADE_NAME = re.compile(r"__(?:tabbed|codelineno|span|(?:\w+-)?caption)[\w-]*")
_CANDIDATES = re.compile(r",\s")
_JOINER = "\u2060"
_BEGINS_TAG = re.compile(r"<(?=[A-Za-z/!?])")
UNSAFE_MACRO = (
    r"\\(?=(?:href(?!\s*\{\s*https?://)|bbox(?=\s*\[[^\]]*:)|style|class|cssId|data|require|mmlToken|csname|includegraphics|html[A-Z]\w*)"
    r"(?![A-Za-z]))"
)
"""The backslash of a macro that makes a link, a style or an id of a formula, or loads what does.

Source: the extensions `html`, `bbox` and `require` of MathJax 3, and what KaTeX calls untrusted.
"""

_MACRO = re.compile(UNSAFE_MACRO)
_CODE_OR_MACRO = re.compile(rf"<(?P<code>code|pre)[\s>].*?</(?P=code)>|{UNSAFE_MACRO}", re.DOTALL)
_TEMPLATE = re.compile(r"(</?)template(?=[\s/>])", re.IGNORECASE)

Resolve = Callable[[str], str]  # turns a link as the source has it into one that works on the built page

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

_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*-->", re.DOTALL)
_MARKDOWN = re.compile(r"""\smarkdown(?:=(["']?)(?:1|block|span)\1)?(?=[\s>])""")
_MANY = 100


@lru_cache(maxsize=4096)  # most attributes of a paper are those of all
def _attribute(tag: str, name: str, value: str) -> str | None:
    """An attribute's value as it may stay; None drops the attribute."""
    if name in _ALLOWED["any_value"]:
        return value
    if name in _ALLOWED["urls"]:
        return value if safe_url(value) else None
    match name:
        case "class":
            is_code = tag in ("code", "pre")
            return " ".join(own for own in value.split() if not (_COVERS.match(own) or (is_code and own in _FORMULAS)))
        case "id" | "data-pd-id":
            return None if is_theme_id(value) and not _MADE_NAME.fullmatch(value) else value
        case "name" if tag == "a":
            return None if is_theme_id(value) and not _MADE_NAME.fullmatch(value) else value
        case "name" | "for":  # what tabs refer to; any other name could hide a variable of a script
            return value if _MADE_NAME.fullmatch(value) else None
        case "style":
            kept = [own for own in value.split(";") if _STYLE.fullmatch(own) and not _CALLS.search(own)]
            return ";".join(kept) or None
        case "srcset":
            return value if all(safe_url(part.strip()) for part in _CANDIDATES.split(value)) else None
        case "type":
            return value if tag != "input" or value in ("checkbox", "radio") else "checkbox"
        case "target":
            return "_blank"
        case "rel":  # `opener` would let the other site replace the page
            return None if "opener" in value.casefold().split() else value
        case "title" | "alt" | "data-title" | "data-description":
            return unmarked(value)
    return value


def _cleaner(*names: str, keeps_comments: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*_ALLOWED["github_tags"], *_ALLOWED["extension_tags"], _MATH},
        clean_content_tags=set(),  # the text of an element that is removed stays
        attributes={"*": {*_ALLOWED["github_attributes"], *_ALLOWED["extension_attributes"], *names}},
        generic_attribute_prefixes={"aria-"},
        attribute_filter=_attribute,
        strip_comments=not keeps_comments,
        url_schemes={*SAFE_SCHEMES, "data"},
        link_rel=None,
    )


_OF_PAPERS = _cleaner(KEPT_ID, keeps_comments=False)
_OF_PAGES = _cleaner(HOLE, keeps_comments=True)  # markers of lists and of a blog are comments

_TEX = re.compile(r'<script type="math/tex(; mode=display)?">((?:(?!</?script).)*)</script>', re.DOTALL | re.IGNORECASE)
_CLEAN_TEX = re.compile(rf'<{_MATH}( mode="display")?>([^<]*)</{_MATH}>')
_TAG_WITH_ID = re.compile(rf'(<[a-z][^<>]*) {KEPT_ID}="([^"]*)"')


def sanitised(source: str, ids: set[str] | None = None, *, page: bool = False) -> str:
    """A fragment of HTML with nothing in it that runs, covers the page, or takes an id that a theme uses.

    Args:
        source: The fragment, valid or not; it is parsed as a browser parses the content of a `<div>`.
        page: Whether it is the text around papers, in which comments and the places of papers stay.
        ids: The ids of the page. Each id that raw HTML gives (`KEPT_ID`) is added to them, unless it is there; None leaves them for later.

    Returns:
        The fragment as a parser writes it: elements closed, each value between double quotes, `<` and `>` in values escaped. Elements
        that are not allowed are gone, their text stays.
    """
    source = without_invalid(source)
    if "template" in source.lower():  # its text would go with it
        source = _TEMPLATE.sub(r"\1x-template", source)
    if "math/tex" in source:
        source = _TEX.sub(
            lambda tex: f"<{_MATH}{' mode=display' if tex[1] else ''}>{html.escape(tex[2])}</{_MATH}>", source
        )
    clean = (_OF_PAGES if page else _OF_PAPERS).clean(source)
    if "\\" in clean:
        clean = _CODE_OR_MACRO.sub(_plain_macros, clean)
    if _MATH in clean:
        clean = _CLEAN_TEX.sub(_script, clean)
    return clean if ids is None or KEPT_ID not in clean else with_ids(clean, ids)


def _plain_macros(found: re.Match[str]) -> str:
    """Code as it is, unless a formula is in it; of an unsafe macro the backslash, parted from its name."""
    if not found["code"]:
        return f"\\{_JOINER}"
    return _MACRO.sub(f"\\\\{_JOINER}", found[0]) if 'class="arithmatex"' in found[0] else found[0]


def with_ids(source: str, ids: set[str]) -> str:
    """Sanitised HTML with the ids of its raw HTML, but for those that the page has already."""

    def put(tag: re.Match[str]) -> str:
        name = html.unescape(tag[2])
        if not name or name in ids:
            return tag[1]
        ids.add(name)
        return f'{tag[1]} id="{tag[2]}"'

    return _TAG_WITH_ID.sub(put, source)


def unmarked(text: str) -> str:
    """Put an invisible character after each `<` that begins a tag: Material (`content.tooltips`) and glightbox take titles for HTML."""
    return _BEGINS_TAG.sub(f"<{_JOINER}", text) if "<" in text else text


def as_html(text: str) -> str:
    return html.escape(text, quote=False)


def as_attribute(text: str) -> str:
    return as_html(text).replace('"', "&quot;")


def without_invalid(source: str) -> str:
    """HTML without the characters that no HTML document may hold."""
    # What is printable is valid; to look for each invalid character takes as long as to parse the HTML.
    return source if source.replace("\n", "").isprintable() else INVALID_CHARACTERS.sub("", source)


def _script(math: re.Match[str]) -> str:
    """The element in which MathJax 2 looks for a formula; it is no script to a browser."""
    tex = html.unescape(math[2])
    if re.search(r"<!--|</?script", tex, re.IGNORECASE):
        return math[2]
    return f'<script type="math/tex{"; mode=display" if math[1] else ""}">{tex}</script>'


def tag_pattern(source: str) -> re.Pattern[str]:
    """`TAG`, but for a text with so many openings of comments that looking for the end of each would take minutes."""
    return TAG if source.count("<!") + source.count("<?") < _MANY else TAG_WITHOUT_COMMENTS


def clean_tag(tag: str, resolve: Resolve) -> str:
    """One tag of raw HTML, made harmless.

    Tags that GitHub shows as text come back escaped; unknown ones, comments and declarations as "", since GitHub
    shows nothing of them; the others keep the attributes that only set how something looks or where it leads, as on GitHub. An `id` or `name` is kept
    aside as `KEPT_ID`.
    """
    name = tag_name(tag)
    if name in RAW_TEXT_TAGS:
        return as_html(tag)
    if name not in _ALLOWED["github_tags"]:
        return ""
    if tag.startswith("</"):
        return "" if name in _ALLOWED["void"] else f"</{name}>"
    inside = tag[len(name) + 1 : -1].rstrip("/") if tag.endswith("/>") else tag[len(name) + 1 : -1]
    kept = []
    for attribute, value in attributes(inside).items():
        if (
            attribute not in _ALLOWED["github_attributes"]
            or (attribute in ("id", "name") and is_theme_id(value))
            or (attribute in _ALLOWED["urls"] and not safe_url(value))
        ):
            continue
        if attribute in _ALLOWED["urls"]:
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
    return "".join(_text(text) + (clean_tag(tag, resolve) if tag else "") for text, tag in _parted(source))


def clean_torn(source: str, keep: Callable[[str], str]) -> str:
    """Raw HTML that opens or closes elements around papers: those tags and comments stay, the rest is made harmless and given to `keep`."""
    parts = []
    for text, tag in _parted(source):
        parts += _lines(text, keep)
        clean = clean_tag(tag, str) if tag else ""
        if _COMMENT.fullmatch(tag):
            parts.append(tag)
        elif clean and tag_name(tag) in _ALLOWED["holders"]:
            markdown = _MARKDOWN.search(tag)
            parts.append(f"{clean[:-1]}{markdown[0]}>" if markdown else clean)
        elif clean:
            parts.append(keep(clean))
    return "".join(parts)


def _parted(source: str) -> Iterator[tuple[str, str]]:
    """The tags of raw HTML, each with the text before it; the last text has none after it."""
    end = 0
    for match in tag_pattern(source).finditer(source):
        yield source[end : match.start()], match[0]
        end = match.end()
    yield source[end:], ""


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
