"""Inline Markdown → plain text, links and pictures."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ..records import Figure
from .markdown_rules import inline_parser

_LAST_OF_PLANES = "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
INVALID_CHARACTERS = re.compile(
    f"(?=[^\t\n -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd])[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]"
)
"""Characters that no HTML document may hold; those that nearly all are of are passed over first, which takes a third of the time."""

RAW_TEXT_TAGS = frozenset(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"])
"""Tags that GitHub shows as text instead of obeying them (the `tagfilter` extension of its Markdown)."""

MATH_PATTERN = r"\$\$(?=\S)(?:[^$]|\$(?!\$))+?(?<=\S)\$\$|(?<![\w$\\])\$(?![\s$])(?:[^$\n\\]|\\.)+?(?<!\s)\$(?![\w$])"
"""Mathematics as GitHub has it: `$…$` between words, its signs next to what they hold, and `$$…$$`.

Source: https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
"""

_MATH = re.compile(MATH_PATTERN, re.DOTALL)


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Mathematics is text as it stands: `_`, `*` and a backslash in it are no Markdown."""
    match = _MATH.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if match is None:
        return False
    if not silent:
        state.push("text_special", "", 0).content = match[0]
    state.pos = match.end()
    return True


_PARSER = inline_parser().enable("strikethrough")
_PARSER.inline.ruler.before("escape", "math", _math)
_SPECIAL = "\\`*_[]<>&!~$"
_BARE = r"[^\\`*_\[\]<>&!~$\n]"
_ADDRESS = r"[^\s\\`<>()&$\x00-\x1f\x7f]+"
SIMPLE_INLINE = re.compile(
    rf"!\[(?P<alt>{_BARE}*)\]\((?P<src>{_ADDRESS})\)"
    rf"|\[(?P<label>{_BARE}+)\]\((?P<target>{_ADDRESS})\)"
    rf"|\[{_BARE}+\](?![(:])"  # a tag: without definitions no reference
    r"|(?<!`)`(?P<code>[^`\\$\n]+)`(?!`)"
    r"|\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|[^\\`*_\[\]<&!~$]+|!(?!\[)|&(?![#\w])"
)
"""A piece of Markdown as most papers have it, on a page without link definitions: a picture, a link, a tag in brackets, code, an escaped
sign, or text that means what it says. A text is simple if nothing stands between such pieces."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
SAFE_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel", "xmpp", "irc", "ircs"})
_PICTURE_DATA = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:image/avif")
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_NOT_LINE_END = re.compile(r"[^\n]")
_IMG = re.compile(r"<img\b(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)


@dataclass(frozen=True, slots=True)
class Inline:
    text: str
    links: tuple[tuple[str, str], ...] = ()
    figures: tuple[Figure, ...] = ()


def without_math(source: str) -> str:
    return _MATH.sub("", source)


def attributes(source: str) -> dict[str, str]:
    """The attributes of an HTML tag's inside, names in lower case, entities decoded; the first of a name wins."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source):
        value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault(match["name"].lower(), html.unescape(value))
    return found


def safe_url(url: str) -> bool:
    """Whether a link may stay: relative, or of a scheme that runs nothing; white space in a scheme does not hide it."""
    if url.startswith(("https://", "http://")):
        return True
    bare = re.sub(r"[\x00-\x20]", "", unquote(url)).lower()
    scheme = _SCHEME.match(bare)
    return scheme is None or scheme[1] in SAFE_SCHEMES or bare.startswith(_PICTURE_DATA)


def without_comments(source: str) -> str:
    """Raw HTML with blanks for its comments; one that is not closed is left."""
    parts, end = [], 0
    while (start := source.find("<!--", end)) >= 0 and (close := source.find("-->", start + 4)) >= 0:
        parts += [source[end:start], _NOT_LINE_END.sub(" ", source[start : close + 3])]
        end = close + 3
    return "".join([*parts, source[end:]])


def html_figures(source: str) -> list[Figure]:
    tags = (attributes(match["attributes"]) for match in _IMG.finditer(without_comments(source)))
    return [Figure(tag["src"].strip(), tag.get("alt", "")) for tag in tags if tag.get("src", "").strip()]


def tag_name(tag: str) -> str:
    """The name of an HTML tag such as `</Details >`, in lower case; "" for a comment."""
    match = _TAG_NAME.match(tag)
    return match[1].lower() if match else ""


def read_inline(source: str, references: dict[str, Any] | None = None) -> Inline:
    """Read inline Markdown by CommonMark's rules into text with collapsed white space, links and pictures.

    Of raw HTML only tags that GitHub shows are text.
    """
    if _is_bare(source) or ("$" in source and _is_bare(without_math(source))):
        return Inline(_collapsed(source))
    # A title is asked for several times.
    return _read(source, references) if references else _read_alone(source)


def _is_bare(source: str) -> bool:
    for sign in _SPECIAL:  # noqa: SIM110 - a regular expression takes ten times as long over an abstract, `all` three times
        if sign in source:
            return False
    return True


def _collapsed(text: str) -> str:
    if "  " in text or not text.isprintable():  # what is white space and no space is not printable
        return " ".join(text.split())
    return text.strip(" ")


@lru_cache(maxsize=256)
def _read_alone(source: str) -> Inline:
    return _read_simple(source) or _read(source, {})


def _read_simple(source: str) -> Inline | None:
    """What `_read` says of the most usual Markdown without references, at a tenth of its time; None if there is more in it."""
    words: list[str] = []
    links: list[tuple[str, str]] = []
    figures: list[Figure] = []
    place = 0
    for token in SIMPLE_INLINE.finditer(source):
        if token.start() != place:
            return None
        place = token.end()
        match token.lastgroup:
            case "target":
                words.append(token["label"])
                links.append((" ".join(token["label"].split()), token["target"]))
            case "src":
                figures.append(Figure(token["src"], token["alt"]))
            case "code":
                words.append(code_text(token["code"]))
            case "sign":
                words.append(token["sign"])
            case _:
                words.append(token[0])
    if place != len(source):
        return None
    return Inline(_collapsed("".join(words)), tuple(links), tuple(figures))


def code_text(inside: str) -> str:
    """What a code span shows of what stands between its ticks. Source: CommonMark 0.31, section 6.1."""
    inside = inside.replace("\n", " ")
    bare = inside[1:-1] if inside[:1] == inside[-1:] == " " else inside
    return bare if inside.strip(" ") else inside


def _read(source: str, references: dict[str, Any]) -> Inline:
    # A label is not looked up without definitions.
    tokens = _PARSER.parseInline(source, {"references": references} if references else {})[0].children or []
    words: list[str] = []
    links: list[tuple[str, str]] = []
    figures: list[Figure] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special" | "code_inline":
                words.append(token.content)
            case "softbreak" | "hardbreak":
                words.append(" ")
            case "link_open":
                opened.append((str(token.attrGet("href") or ""), len(words)))
            case "link_close":
                href, start = opened.pop()
                links.append((" ".join("".join(words[start:]).split()), href.strip()))
            case "image":
                figures.append(Figure(str(token.attrGet("src") or ""), _text(token.children or [])))
            case "html_inline":
                figures += html_figures(token.content)
                name = tag_name(token.content)
                words.append(token.content if name in RAW_TEXT_TAGS else " " if name == "br" else "")
    return Inline(" ".join("".join(words).split()), tuple(links), tuple(figures))


def _text(tokens: Sequence[Token]) -> str:
    return "".join(_text(token.children) if token.children else token.content for token in tokens)
