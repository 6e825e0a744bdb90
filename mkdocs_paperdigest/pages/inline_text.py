"""Inline Markdown of papers, rewritten where Python-Markdown would show other words than CommonMark does."""

from __future__ import annotations

import html
import re

from markdown import Markdown
from markdown.util import AtomicString

from ..reader.headings import LINK
from ..reader.inline import MATH, without_math
from ..reader.links import NESTED_TARGET, bare_url
from .page_state import PageState
from .raw_html import TAG, TAG_WITHOUT_COMMENTS, clean_tag, tag_pattern

_INLINE = (
    r"(?=[`\\$\]\[<~])(?:(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<break>\\\n)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    rf"|(?P<math>{MATH})"
    r"|(?P<target>\]\(\s*<[^<>\n]*>)"
    r"|\[(?P<spaced>[^\[\]\n]*)\](?=\([^()\s<]+[ \t]+[^()\s\"'][^()\n]*\))"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>)"
    r"|(?P<tag>TAG)"
    r"|(?P<less><)"
    r"|(?P<strike>~~(?=[^\s~])(?P<struck>[^~`<]+?)(?<=[^\s~])~~))"
)
_BY_TAG = {tag: re.compile(_INLINE.replace("TAG", tag.pattern), re.DOTALL) for tag in (TAG, TAG_WITHOUT_COMMENTS)}
_SPECIAL = re.compile(r"[\\`<$~]|\]\(")
# Addresses that GitHub makes links of, and what may hold one that it leaves alone.
# Source: GitHub Flavored Markdown, section 6.9, autolinks (extension).
_BARE = re.compile(
    rf"{LINK.pattern}|<a\b[^<>]*>(?:(?!</a>).){{0,2000}}</a>|`+[^`]*`+|<[^<>]*>|\$[^$\n]+\$|\[[^\[\]\n]*\]"
    r"|(?<![\w/@.=\"'(<\\])(?P<url>https?://[\w-]+(?:\.[\w-]+)+[^\s<>\[\]\"`*|]*)"
    r"|(?<=(?<!\])\()(?P<inside>https?://[\w-]+(?:\.[\w-]+)+[^\s<>\[\]\"`*|()]*)(?=\))",
    re.DOTALL,
)
_META = re.compile(
    rf"(?P<link>{LINK.pattern}|\[\^[^\[\]\n]+\])"
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


# What an inline pattern needs to find anything, by its name; and treeprocessors that leave plain text alone.
_NEEDS = {
    **dict.fromkeys(("backtick",), "`"),
    **dict.fromkeys(("escape", "image_reference", "image_link", "reference", "link", "short_reference"), "\\["),
    **dict.fromkeys(("short_image_ref", "footnote", "wikilink"), "["),
    **dict.fromkeys(("autolink", "automail", "html"), "<"),
    **dict.fromkeys(("not_strong", "em_strong", "em_strong2", "delimiter"), "*_^~="),
    "entity": "&",
    "linebreak": "\n",
    "nl": "\n",
    "arithmatex-inline": "$\\",
    "emoji": ":",
    "keys": "+",
    "keys-custom": "+",
}
_QUIET = frozenset(
    "inline prettify unescape toc attr_list footnote footnote-duplicate task-list hilite indent-highlight relpath "
    "paperdigest_late paperdigest_headings preview mkdocs_extract_title mkdocs_extract_anchors properdocs_extract_title "
    "properdocs_extract_anchors".split()
)


def _markup(md: Markdown) -> re.Pattern[str] | None:
    """What a text must hold for an inline pattern of a site to find anything in it; None if a pattern is not known."""
    patterns = [item.name for item in md.inlinePatterns._priority]  # type: ignore[attr-defined]
    others = {item.name for item in md.treeprocessors._priority} - _QUIET  # type: ignore[attr-defined]
    # Before Python-Markdown 3.7 an abbreviation becomes a pattern only when its definition is met, perhaps below a paper.
    if others or "abbr" in md.parser.blockprocessors or not all(name in _NEEDS for name in patterns):
        return None
    signs = {sign for name in patterns for sign in _NEEDS[name]} | {"<", ">", "&", "\\", "~", "$"}
    return re.compile(f"[{re.escape(''.join(sorted(signs)))}]|://")


class InlineText:
    """Rewrites inline Markdown of one page; raw HTML in it is made harmless and kept aside."""

    def __init__(self, page: PageState) -> None:
        self.page = page
        self.math = "arithmatex-inline" in page.md.inlinePatterns
        self.escaped = frozenset(page.md.ESCAPED_CHARS)
        self.markup = _markup(page.md)

    def text(self, source: str) -> str:
        """Inline Markdown, rewritten where Python-Markdown would show other words than CommonMark does.

        Text in which no inline pattern can find anything is an AtomicString: asking each of them takes most of a conversion.
        """
        if self.markup:
            bare = source if self.math or "$" not in source else without_math(source)
            if not self.markup.search(bare):
                return AtomicString(source)
        source = re.sub(r"\n[ \t]+", "\n", source)
        if "]([" in source:
            source = NESTED_TARGET.sub(r"](\g<url>)", source)
        if "://" in source:
            source = _BARE.sub(_linked, source)
        return _BY_TAG[tag_pattern(source)].sub(self._rewritten, source) if _SPECIAL.search(source) else source

    def _rewritten(self, match: re.Match[str]) -> str:
        kind, found = match.lastgroup, match[0]
        if match["code"] or match["auto"] or match["target"]:
            return found
        if match["break"]:
            return "  \n"
        if match["escape"]:
            return found if found[1] in self.escaped or (self.math and found[1] == "$") else _plain(found[1])
        if match["math"]:
            if not self.math:
                return self.page.keep(html.escape(found, quote=False))
            # A space keeps `a <b` from being a tag, and means nothing in TeX.
            return re.sub(r"<(?=[A-Za-z/!?])", "< ", found)
        if match["spaced"] is not None:
            return f"\\[{self.text(match['spaced'])}\\]"
        if match["tag"]:
            return self.page.keep(clean_tag(found, self.page.context.resolve))
        if match["strike"] and "~" not in self.escaped:
            return f"{self.page.keep('<del>')}{self.text(match['struck'])}{self.page.keep('</del>')}"
        return "&lt;" if kind == "less" else found

    def meta(self, source: str) -> str:
        """A meta line's Markdown, its tags and links set apart and their brackets quiet."""

        def replace(match: re.Match[str]) -> str:
            if match["link"]:
                return self.text(match[0])
            if match["url"]:
                url = html.escape(match["url"])
                return self.page.keep(f'{_bracket("[")}<a href="{url}">{url}</a>{_bracket("]")}')
            if match["tag"] is not None:
                code = bool(match["tick"] and match["tock"])
                name = html.escape(match["tag"], quote=False)
                shown = f'<span class="pd-tag">{_bracket("[")}{name}{_bracket("]")}</span>'
                return self.page.keep(shown) if code or not (match["tick"] or match["tock"]) else self.text(match[0])
            return self.page.keep(_bracket(match["bracket"]))

        parts, end = [], 0
        for match in _META.finditer(source):
            parts += [self.text(source[end : match.start()]), replace(match)]
            end = match.end()
        return "".join([*parts, self.text(source[end:])])


def _bracket(sign: str) -> str:
    return f'<span class="pd-bracket">{sign}</span>'


def _plain(sign: str) -> str:
    """A character that an inline pattern can make nothing of."""
    return {"<": "&lt;", "&": "&amp;", '"': "&quot;", ":": "&#58;", "$": "&#36;", "~": "&#126;"}.get(sign, sign)
