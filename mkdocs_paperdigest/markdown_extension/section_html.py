"""The HTML of a paper: serialised where Python-Markdown has nothing more to do in it, then made valid.

A prerendered paper passes through here once, when its digest is read; its page only puts it in its place, and sanitises it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable

from markdown.serializers import RE_AMP
from markdown.util import STX, AtomicString

from ..languages import Words
from .link_marks import with_sites
from .page_state import BLOCK, END
from .raw_html import parsed
from .sanitising import as_html

_VOID = frozenset(("img", "hr"))
_BLOCKS = frozenset("p div ul ol li".split())
_FINISHED = _VOID | _BLOCKS | frozenset(("span", "a", "blockquote"))
"""Elements of which no tree processor makes anything else, but for the links of MkDocs."""
_INLINE = frozenset(("span", "a", "img"))
_INLINE_INSIDE = frozenset(("p", "span", "a"))
_FOLDED = re.compile(r'<details(?: open="")?>|</details>|<summary>[^<>&]*</summary>|[^<>&]+')
_LEADS_OUT = re.compile(r"https?:", re.IGNORECASE)

# References to control characters, which a parser would decode to placeholders of `fill_late`.
_CONTROL = re.compile(
    r"&#0*(?:[0-8]|11|1[4-9]|2\d|3[01])(?!\d);?|&#x0*(?:[0-8b]|[01][ef]|1[0-9a-d])(?![0-9a-f]);?", re.IGNORECASE
)
_EMPTY = re.compile(r'<p(?: class="pd-meta")?>\s*</p>\s*')
_DETAILS_WITHOUT_SUMMARY = re.compile(r"(<details\b[^>]*>)(?!\s*<summary\b)")


class Writer:
    """Serialises elements as Python-Markdown does; `fill` replaces placeholders, with `lists` braces in a text may be attributes."""

    def __init__(self, fill: Callable[[str], str], *, lists: bool) -> None:
        self._fill = fill
        self._lists = lists
        self._parts: list[str] = []
        self._opened: list[int] = []
        self.is_valid = True
        """Whether what was written is as a browser would write it: nothing is left open, nothing closed that is not open."""

    def written(self, body: etree.Element) -> str | None:
        """Serialise the children of `body`; None if Python-Markdown still has something to do in them."""
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


def valid(source: str, words: Words, *, is_valid: bool = False) -> str:
    """A part of a paper as a browser understands it, its links marked; `is_valid` is whether it needs no parser for that."""
    if not is_valid:
        source = parsed(_CONTROL.sub("", source) if "&#" in source else source)
    source = _EMPTY.sub("", source)
    if "<details" in source:
        summary = f'<summary class="pd-ui">{as_html(words("details"))}</summary>'
        source = _DETAILS_WITHOUT_SUMMARY.sub(lambda tag: tag[1] + summary, source)
    return with_sites(source, words) if "<a" in source else source
