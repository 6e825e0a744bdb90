"""Inline Markdown of papers, rewritten where Python-Markdown would show other words than CommonMark does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown import Markdown
from markdown.inlinepatterns import (
    BacktickInlineProcessor,
    EscapeInlineProcessor,
    ImageInlineProcessor,
    LinkInlineProcessor,
)
from markdown.util import AtomicString

from ..reader import MARKDOWN_LINK, MATH_PATTERN, NESTED_TARGET, SIMPLE_INLINE, bare_url, code_text, without_math
from ..support import read_table
from .page_state import PageState
from .sanitising import TAG, TAG_WITHOUT_COMMENTS, as_attribute, as_html, clean_tag, tag_pattern

_INLINE = (
    r"(?=[`\\$\]\[<~])(?:(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<break>\\\n)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    rf"|(?P<math>{MATH_PATTERN})"
    r"|(?P<target>\]\(\s*<[^<>\n]*>)"
    r"|(?P<quoted>\]\([^\s<>()\"']+[\"'](?:[^\s<>()]|\([^\s<>()]*\))*)"
    r"|\[(?P<spaced>[^\[\]\n]*)\](?=\((?:[^()\s<]|\([^()\s]*\))+[ \t]+[^()\s\"'])"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>)"
    r"|(?P<tag>TAG)"
    r"|(?P<less><)"
    r"|(?P<strike>~~(?=[^\s~])(?P<struck>[^~`<]+?)(?<=[^\s~])~~))"
)
_BY_TAG = {tag: re.compile(_INLINE.replace("TAG", tag.pattern), re.DOTALL) for tag in (TAG, TAG_WITHOUT_COMMENTS)}
# So many are no stress: Python-Markdown would nest as deeply as there are of them, which Python cannot.
_MANY_STARS = re.compile(r"[*_]{100,}")
_NOTE = re.compile(r"\[\^([^\]\n]+)\]")
_MANY_BRACKETS, _DEEPEST_BRACKETS = 100, 10
_SPECIAL = re.compile(r"[\\`<$~]|\]\(")
# Addresses that GitHub makes links of, and what may hold one that it leaves alone.
# Source: GitHub Flavored Markdown, section 6.9, autolinks (extension).
_BARE = re.compile(
    rf"{MARKDOWN_LINK.pattern}|<a\b[^<>]*>(?:(?!</a>).){{0,2000}}</a>|`+[^`]*`+|<[^<>]*>|\$[^$\n]+\$|\[[^\[\]\n]*\]"
    r"|(?<![\w/@.=\"'(<\\])(?P<url>https?://[\w-]+(?:\.[\w-]+)+[^\s<>\[\]\"`*|]*)"
    r"|(?<=(?<!\])\()(?P<inside>https?://[\w-]+(?:\.[\w-]+)+[^\s<>\[\]\"`*|()]*)(?=\))",
    re.DOTALL,
)
_META = re.compile(
    rf"(?P<link>{MARKDOWN_LINK.pattern}|\[\^[^\[\]\n]+\])"
    r"|\[\s*(?P<url>https?://[^\s\[\]<>]+)\s*\]"
    r"|(?P<tick>`{1,9}[ \t]{0,9})?\[(?P<tag>[^\[\]\\`\n^][^\[\]\\`\n]*)\](?P<tock>[ \t]{0,9}`{1,9})?"
    r"|\\?(?P<bracket>[\[\]])"
)


def _linked(match: re.Match[str]) -> str:
    url = match["url"] or match["inside"]
    if not url:
        return match[0]
    bare = bare_url(url)
    return f"<{bare}>{url[len(bare) :]}"


_KNOWN = read_table(__package__, "known_extensions.toml", dict[str, Any])
_NEEDS: dict[str, str] = _KNOWN["inline_patterns"]
_QUIET = frozenset(_KNOWN["quiet_treeprocessors"].split())
OWN_BLOCK_PROCESSORS: list[str] = _KNOWN["own_block_processors"].split()

# Python-Markdown's own patterns for what `SIMPLE` finds; an extension may put its own in their place.
_OWN = {
    "backtick": BacktickInlineProcessor,
    "escape": EscapeInlineProcessor,
    "link": LinkInlineProcessor,
    "image_link": ImageInlineProcessor,
}
_SIMPLE = re.compile(
    r"(?<![*\w])(?P<stars>\*\*?)(?=[^\s*])(?P<stressed>[^\\`*_\[\]<>&!~$\n]+)(?<=\S)(?P=stars)(?![*\w])|"
    + SIMPLE_INLINE.pattern
)
"""A piece as `SIMPLE_INLINE` has it, or stressed words between stars, with no letter next to them."""
_ALONE = re.compile(r"https?://[^\s\"'<>()\[\]{}\\`;^|*]+")


def _markup(md: Markdown, *, but: str = "") -> re.Pattern[str] | None:
    """What a text must hold for an inline pattern of a site to find anything in it, less `but`; None if a pattern is not known."""
    patterns = [item.name for item in md.inlinePatterns._priority]  # type: ignore[attr-defined]
    others = {item.name for item in md.treeprocessors._priority} - _QUIET  # type: ignore[attr-defined]
    # Before Python-Markdown 3.7 an abbreviation becomes a pattern only when its definition is met, perhaps below a paper.
    if others or "abbr" in md.parser.blockprocessors or not all(name in _NEEDS for name in patterns):
        return None
    if "critic" in md.preprocessors:
        patterns.append("critic")
    needed = {char for name in patterns for char in _NEEDS[name]} | {"<", ">", "&", "\\", "~", "$"}
    return re.compile(f"[{re.escape(''.join(sorted(needed - set(but))))}]|://")


_OPENS, _CLOSES = (f'<span class="pd-bracket">{bracket}</span>' for bracket in "[]")


class InlineText:
    """Rewrites inline Markdown of one page; raw HTML in it is made harmless and kept aside."""

    def __init__(self, page: PageState) -> None:
        self.page = page
        self.math = "arithmatex-inline" in page.md.inlinePatterns
        self.escaped = frozenset(page.md.ESCAPED_CHARS)
        self.markup = _markup(page.md)
        patterns = page.md.inlinePatterns
        own = all(type(patterns[name]) is kind for name, kind in _OWN.items() if name in patterns)
        self.further = _markup(page.md, but="[]`\\!&") if own else None
        self.stress = "em_strong" in patterns and type(patterns["em_strong"]).__module__ == "markdown.inlinepatterns"
        names = ("critic", "pymdownx-post-norm-ws") if "critic" in page.md.preprocessors else ()
        self.critic = [page.md.preprocessors[name] for name in names]
        self.notes: dict[str, str] = {}  # other names for footnotes of the paper at hand
        self.braces = "attr_list" in page.md.treeprocessors or bool(self.critic)

    def text(self, source: str, *, finish: bool = True) -> str:
        """Inline Markdown, rewritten where Python-Markdown would show other words than CommonMark does.

        If `finish`, what is simple is HTML already, but for headings, which a table of contents wants to read.
        Text in which no inline pattern can find anything is an AtomicString: asking each of them takes most of a conversion.
        """
        if self._is_plain(source):
            return AtomicString(source)
        if self.notes and "[^" in source:
            source = _NOTE.sub(lambda note: f"[^{self.notes.get(note[1], note[1])}]", source)
        if finish and (finished := self._finished(source)) is not None:
            return self.page.keep(finished)
        source = re.sub(r"\n[ \t]+", "\n", source)
        if "]([" in source:
            source = NESTED_TARGET.sub(r"](\g<url>)", source)
        if "://" in source:
            source = _BARE.sub(_linked, source)
        source = _MANY_STARS.sub(lambda run: self.page.keep(run[0]), source)
        if source.count("[") > _MANY_BRACKETS:
            source = self._without_lone_brackets(source)
        for critic in self.critic:
            source = "\n".join(critic.run(source.split("\n")))
        return _BY_TAG[tag_pattern(source)].sub(self._rewritten, source) if _SPECIAL.search(source) else source

    def _without_lone_brackets(self, source: str) -> str:
        """Markdown in which brackets that nothing closes, or deep inside others, are text: Python-Markdown would look for the end of each."""
        parts = list(source)
        opened: list[int] = []
        for place, char in enumerate(source):
            if char == "[":
                opened.append(place)
            elif char == "]" and opened:
                start = opened.pop()
                if len(opened) > _DEEPEST_BRACKETS:
                    parts[start], parts[place] = self.page.keep("["), self.page.keep("]")
        for place in opened:
            parts[place] = self.page.keep("[")
        return "".join(parts)

    def without_tags(self, source: str) -> str:
        """Markdown with each tag of raw HTML made harmless and kept aside."""
        return tag_pattern(source).sub(lambda tag: self.page.keep(clean_tag(tag[0], self.page.context.resolve)), source)

    def _is_plain(self, source: str) -> bool:
        if self.markup is None:
            return False
        return not self.markup.search(source if self.math or "$" not in source else without_math(source))

    def _finished(self, source: str) -> str | None:
        """The HTML of Markdown of the most usual kind, with links that lead out of the site; None if there is more in it."""
        if self.further is None or self.page.references or "[TOC]" in source or "[^" in source:
            return None
        if self.braces and "{" in source:
            return None
        parts: list[str] = []
        place = 0
        for token in _SIMPLE.finditer(source):
            if token.start() != place:
                return None
            place = token.end()
            match token.lastgroup:
                case "target" | "src":
                    picture = token.lastgroup == "src"
                    words, url = (token["alt"], token["src"]) if picture else (token["label"], token["target"])
                    if not _ALONE.fullmatch(url) or self.further.search(words):
                        return None
                    url, words = as_attribute(url), as_attribute(words) if picture else as_html(words)
                    parts.append(f'<img alt="{words}" src="{url}">' if picture else f'<a href="{url}">{words}</a>')
                case "stressed":
                    stressed = token["stressed"]
                    if not self.stress or self.further.search(stressed):
                        return None
                    tag = "strong" if token["stars"] == "**" else "em"
                    parts.append(f"<{tag}>{as_html(stressed)}</{tag}>")
                case "code":
                    parts.append(f"<code>{as_html(code_text(token['code']))}</code>")
                case "sign":
                    parts.append(as_html(token["sign"]))
                case _:
                    if self.further.search(token[0]):
                        return None
                    parts.append(as_html(token[0]))
        return "".join(parts) if place == len(source) else None

    def _rewritten(self, match: re.Match[str]) -> str:
        kind, found = match.lastgroup, match[0]
        if match["code"] or match["auto"] or match["target"]:
            return found
        if match["quoted"]:  # Python-Markdown takes a quotation mark in an address for the begin of a title
            return found.replace('"', "%22").replace("'", "%27")
        if match["break"]:
            return "  \n"
        if match["escape"]:
            return found if found[1] in self.escaped or (self.math and found[1] == "$") else _plain(found[1])
        if match["math"]:
            if not self.math:
                return self.page.keep(as_html(found))
            # A space keeps `a <b` from being a tag, and means nothing in TeX.
            return re.sub(r"<(?=[A-Za-z/!?])", "< ", found)
        if match["spaced"] is not None:
            return f"\\[{self.text(match['spaced'])}\\]"
        if match["tag"]:
            return self.page.keep(clean_tag(found, self.page.context.resolve), source=found)
        if match["strike"] and "~" not in self.escaped:
            return f"{self.page.keep('<del>')}{self.text(match['struck'])}{self.page.keep('</del>')}"
        return "&lt;" if kind == "less" else found

    def meta(self, source: str) -> str:
        """A meta line's Markdown, its tags and links set apart and their brackets quiet."""
        made: list[str] = []  # HTML, until Markdown comes that is not finished
        parts: list[str] = []

        def put(markdown: str) -> None:
            finished = markdown if self._is_plain(markdown) else self._finished(markdown)
            if finished is not None:
                made.append(finished)
                return
            if made:
                parts.append(self.page.keep("".join(made)))
                made.clear()
            parts.append(self.text(markdown))

        end = 0
        for match in _META.finditer(source):
            if match.start() > end:
                put(source[end : match.start()])
            end = match.end()
            if match["url"]:
                shown = as_html(match["url"])
                made += [_OPENS, f'<a href="{as_attribute(match["url"])}">{shown}</a>', _CLOSES]
            elif match["bracket"]:
                made.append(_OPENS if match["bracket"] == "[" else _CLOSES)
            elif match["tag"] is not None and bool(match["tick"]) == bool(match["tock"]):
                made.append(f'<span class="pd-tag">{_OPENS}{as_html(match["tag"])}{_CLOSES}</span>')
            else:
                put(match[0])
        if end < len(source):
            put(source[end:])
        if made:
            parts.append(self.page.keep("".join(made)))
        return joined(parts)


def joined(parts: Sequence[str], by: str = "") -> str:
    """Texts in one, in which an inline pattern finds nothing if it does in none of them."""
    kind = AtomicString if all(isinstance(part, AtomicString) for part in parts) else str
    return kind(by.join(parts))


def _plain(char: str) -> str:
    """A character that an inline pattern can make nothing of."""
    return {"<": "&lt;", "&": "&amp;", '"': "&quot;", ":": "&#58;", "$": "&#36;", "~": "&#126;"}.get(char, char)
