"""The HTML of a paper: written where Python-Markdown has nothing more to do in it, then made valid and harmless.

What is written ahead passes through here once, when its digest is read; its page only puts it in its place.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable

from markdown.serializers import RE_AMP
from markdown.util import STX, AtomicString

from ..languages import Words
from ..reader.inline import INVALID, safe_url
from .link_marks import with_sites
from .page_state import BADGE, BLOCK, END, LATE_END, LINK
from .raw_html import KEPT_ID, parsed, tidy, without

_VOID = frozenset(("img", "hr"))
_BLOCKS = frozenset("p div ul ol li".split())
_FINISHED = _VOID | _BLOCKS | frozenset(("span", "a", "blockquote"))
"""Elements of which no tree processor makes anything else, but for the links of MkDocs."""
_INLINE = frozenset(("span", "a", "img"))
_INLINE_INSIDE = frozenset(("p", "span", "a"))
_FOLDED = re.compile(r'<details(?: open="")?>|</details>|<summary>[^<>&]*</summary>|[^<>&]+')
_LEADS_OUT = re.compile(r"https?:", re.IGNORECASE)

_EMPTY = re.compile(r'<p(?: class="pd-meta")?>\s*</p>\s*')
_DETAILS_WITHOUT_SUMMARY = re.compile(r"(<details\b[^>]*>)(?!\s*<summary\b)")
_TAG = re.compile(r"<[a-z][^\s<>/]*\s(?:[^<>\"]|\"[^\"]*\")*>")
_ATTRIBUTE = re.compile(r'\s([^\s"=<>/]+)="([^"]*)"')
_MAY_HARM = frozenset(("style", "srcdoc", "formaction", KEPT_ID))
_HARMLESS_ADDRESS = re.compile(r'https?://|[\w./-]*[#?"]', re.IGNORECASE)
_HARMLESS_STYLE = re.compile(r"(?:(?:text-align|width|--pd-hue):\s*[\w.%]+;?\s*)+")
_INVALID = re.compile(rf"(?![{BADGE}{LINK}{LATE_END}]){INVALID.pattern}")


class Writer:
    """Writes elements as Python-Markdown would, if it has nothing more to do in them.

    `fill` puts in what was kept aside; `lists` says whether braces in a text may be attributes.
    """

    def __init__(self, fill: Callable[[str], str], *, lists: bool) -> None:
        self._fill = fill
        self._lists = lists
        self._parts: list[str] = []
        self._opened: list[int] = []
        self.is_valid = True
        """Whether what was written is as a browser would write it: nothing is left open, nothing closed that is not open."""

    def written(self, body: etree.Element) -> str | None:
        """What is in `body`, None if its text or its elements are not all finished."""
        parts = self._parts = []
        self._opened, self.is_valid = [0], True
        for element in body:
            if not self._write(element, "div"):
                return None
            if parts[-1] != "\n":
                parts.append("\n")
        self._close()
        written = "".join(parts)
        self.is_valid = self.is_valid and "\xa0" not in written
        return written

    def _write(self, element: etree.Element, parent: str) -> bool:
        tag, text, tail, write = element.tag, element.text, element.tail, self._parts.append
        if tag not in _FINISHED:
            return False
        if (tag not in _INLINE and parent in _INLINE_INSIDE) or tag == parent == "a":
            self.is_valid = False
        if tag == "p" and text and text[0] == BLOCK and text[-1] == END and not len(element):
            if not self._is_finished(text):
                return False
            self._fold(self._fill(text))
        else:
            write(f"<{tag}")
            for name, value in sorted(element.items()):
                if name in ("href", "src") and not _LEADS_OUT.match(value):
                    return False
                write(f' {name}="{self._attribute(value)}"')
            write(">")
            self._opened.append(0)
            if text:
                if not self._is_finished(text):
                    return False
                write(self._text(text))
            for child in element:
                if not self._write(child, tag):
                    return False
            self._close()
            if tag not in _VOID:
                write(f"</{tag}>")
        if tail:
            if not self._is_finished(tail):
                return False
            write(self._text(tail))
        elif tag in _BLOCKS:
            write("\n")
        return True

    def _fold(self, source: str) -> None:
        """Write raw HTML; what opens and closes folded details in it is closed as browsers do."""
        place = 0
        for token in _FOLDED.finditer(source):
            if token.start() != place:
                break
            place = token.end()
            if token[0] == "</details>":
                if not self._opened[-1]:
                    self.is_valid = self.is_valid and not any(self._opened)
                    continue
                self._opened[-1] -= 1
            elif token[0].startswith("<details"):
                self._opened[-1] += 1
            self._parts.append(token[0])
        if place < len(source):
            self._parts.append(source[place:])
            self.is_valid = False

    def _close(self) -> None:
        self._parts.append("</details>" * self._opened.pop())

    def _is_finished(self, text: str) -> bool:
        if not isinstance(text, AtomicString) and not text.isspace():
            return False
        return STX not in text and not (self._lists and "{" in text)

    def _text(self, text: str) -> str:
        if "&" in text:
            self.is_valid = False
            text = RE_AMP.sub("&amp;", text)
        text = text.replace("<", "&lt;").replace(">", "&gt;")
        return text if text.isascii() else self._fill(text)

    def _attribute(self, value: str) -> str:
        if "&" in value or "<" in value or ">" in value:
            self.is_valid = False
            value = RE_AMP.sub("&amp;", value).replace("<", "&lt;").replace(">", "&gt;")
        return value.replace('"', "&quot;")


def valid_ahead(source: str, words: Words, *, is_valid: bool) -> str:
    """A part of a paper as `valid` makes it, with the signs of what is put in later, and the ids left to `with_ids`."""
    return _finished(source if is_valid else without(_INVALID, parsed(source)), words, None)


def valid(source: str, words: Words, ids: set[str]) -> str:
    """A part of a paper as a browser understands it, without what runs something or covers the page.

    Each id that raw HTML gives is added to `ids`, those of the page, unless it is there.
    """
    return _finished(tidy(source), words, ids)


def _finished(source: str, words: Words, ids: set[str] | None) -> str:
    source = _EMPTY.sub("", source)
    if "<details" in source:
        summary = f'<summary class="pd-ui">{html.escape(words("details"))}</summary>'
        source = _DETAILS_WITHOUT_SUMMARY.sub(lambda tag: tag[1] + summary, source)
    source = _harmless(source, ids) if _may_harm(source) else source
    return with_sites(source, words) if "<a" in source else source


def with_ids(source: str, ids: set[str]) -> str:
    """What `valid` made without the ids of the page, with its ids."""
    return _harmless(source, ids) if KEPT_ID in source else source


def _may_harm(source: str) -> bool:
    """Whether there may be an attribute that `_harmless` has to change: most papers have none."""
    before, *values = source.split('="')
    for value in values:
        name = before[before.rfind(" ") + 1 :].lower()
        if (
            name.startswith("on")
            or name in _MAY_HARM
            or (name in ("href", "src") and not _HARMLESS_ADDRESS.match(value))
        ):
            return True
        before = value
    return False


def _harmless(source: str, ids: set[str] | None) -> str:
    def attribute(match: re.Match[str]) -> str:
        """An attribute, wherever it comes from (raw HTML, `attr_list`), unless it runs something or covers the page."""
        name, value = match[1].lower(), html.unescape(match[2])
        if name == KEPT_ID:
            if ids is None:
                return match[0]
            if not value or value in ids:
                return ""
            ids.add(value)
            return f' id="{match[2]}"'
        if name.startswith("on") or name in ("srcdoc", "formaction"):
            return ""
        if name == "style" and not _HARMLESS_STYLE.fullmatch(value):
            return ""
        return "" if name in ("href", "src") and not safe_url(value) else match[0]

    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(attribute, tag[0]), source)
