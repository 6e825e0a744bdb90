"""What HTML made from a paper may contain: an allow-list of elements and attributes, applied to parsed nodes.

`sanitised` is the last step of all HTML that is made from the text of a paper, whatever a Markdown extension, another plugin or a fault of
this one made of it. `raw_html` applies the part of GitHub's list to the tags of the source before they are converted.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

from ..reader import INVALID_CHARACTERS, SAFE_SCHEMES, safe_url
from ..support import is_theme_id

GITHUB_TAGS = frozenset(
    (
        "a abbr b bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption "
        "figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source "
        "span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video wbr"
    ).split()
)
"""Elements that raw HTML may have: the allow-list of GitHub's HTML pipeline."""

GITHUB_ATTRIBUTES = frozenset(
    (
        "abbr align alt border cite color colspan compact controls datetime dir disabled face height hspace id "
        "lang loop media muted name noshade nowrap open poster reversed rowspan rules scope size sizes span src "
        "srcset start summary title type valign value vspace width href"
    ).split()
)
"""Attributes that raw HTML may have."""

LIST_ATTRIBUTES = frozenset("align alt class height loading rel target title width".split())
"""Attributes that an attribute list of Markdown, `{width=50%}`, may set where Markdown is written for any host."""

URLS = frozenset(("href", "src", "cite", "poster"))  # attributes whose value is an address

HOLE = "data-pd-hole"  # the attribute of an element that a paper takes the place of

KEPT_ID = "data-pd-id"  # the attribute that holds an `id` of raw HTML until the ids of the page's headings are known

_MATH = "pd-math"  # replaces `<script type="math/tex">` while the HTML is sanitised
# What Markdown extensions make besides: task lists and tabs, emoji as drawings, sections of this plugin.
_EXTENSION_TAGS = frozenset("bdi circle ellipse g input label line path polygon polyline rect section svg".split())
_EXTENSION_ATTRIBUTES = frozenset(
    (
        "checked class for rel role style target xmlns viewBox d cx cy r rx ry x y x1 y1 x2 y2 points fill fill-rule "
        "clip-rule opacity stroke stroke-linecap stroke-linejoin stroke-width transform loading mode "
        "data-field data-lang data-linenos data-tabs data-search-exclude data-pagefind-ignore "
        "data-title data-description data-gallery"
    ).split()
)

_STYLE = re.compile(
    r"\s*(?:--pd-hue|(?:background-)?color|background|border(?:-(?:top|right|bottom|left))?|font-(?:style|weight)|text-(?:align|decoration)"
    r"|vertical-align|line-height|(?:max-)?width|height)\s*:[\w\s#.,%()-]+"
)
_CALLS = re.compile(r"(?<![\w-])(?!(?:rgb|hsl)a?\()[\w-]*\(")
# Classes of themes that lay an element over the page, or hide it.
_COVERS = re.compile(
    r"(?:md-(?!button)|modal|fixed-|sticky-|position-|navbar|offcanvas|toast|dropdown|stretched-link|v[hw]-|wy-|rst-|g(?:lightbox|overlay|slide|container|loader)"
    r"|d-none|invisible|collapse|visually-hidden|sr-only).*",
    re.DOTALL,
)
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
_PLAIN = frozenset("width height colspan rowspan start open checked disabled data-field loading".split())


@lru_cache(maxsize=4096)  # most attributes of a paper are those of all
def _attribute(tag: str, name: str, value: str) -> str | None:
    """An attribute's value as it may stay; None drops the attribute."""
    if name in _PLAIN:
        return value
    if name in URLS:
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


def _cleaner(*attributes: str, keeps_comments: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*GITHUB_TAGS, *_EXTENSION_TAGS, _MATH},
        clean_content_tags=set(),  # the text of an element that is removed stays
        attributes={"*": {*GITHUB_ATTRIBUTES, *_EXTENSION_ATTRIBUTES, *attributes}},
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
