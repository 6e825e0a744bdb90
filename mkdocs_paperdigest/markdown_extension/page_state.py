"""The state of one page conversion, and its placeholders."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from markdown import Markdown
from markdown.util import AtomicString, Processor

from ..languages import Words, words
from ..records import Block, Digest, Paper
from .badge import Badge
from .sanitising import Resolve, as_attribute

# Characters that no text may hold (Unicode noncharacters), so none is ever mistaken for them.
PAPER, PIECE, BLOCK, TAIL, OPEN, CLOSE, END, NOTE, INSIDE = (chr(0xFDD0 + n) for n in range(9))
"""Begins of placeholders in the text that Python-Markdown sees: a paper, finished HTML within a line, a block of it, the tail of a title,
the begin and the end of a paper, the text of a footnote, the inside of a box. A number follows, then `END`."""

BADGE, LINK, LATE_END = "\x1c", "\x1d", "\x1e"
"""Begins of placeholders in prerendered HTML: a badge, with the keypoint as it is written, and a link of raw HTML, with its address,
both escaped; `LATE_END` ends them. No text may hold these either; they are ASCII, since one other character makes a whole string take
twice the memory."""

# A block that is alone in its paragraph needs none.
_KEPT = re.compile(rf"(?P<alone><p>(?={BLOCK}\d+{END}</p>))?[{PIECE}{BLOCK}](?P<number>\d+){END}(?(alone)</p>)")
_TAG = re.compile(r"<[^>]*>")
_LATE = re.compile(rf"([{BADGE}{LINK}])([^{LATE_END}]*){LATE_END}")


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the extension needs from its host to convert a page."""

    read: Callable[[str], Digest]
    badge: Callable[[str], Badge] | None  # None if the badges of keypoints are not known yet
    resolve: Resolve
    zoom: bool = True  # whether figures lead to their full size
    tables: bool = False  # whether papers that are rows of a table stay so
    plain_ids: Callable[[str], Iterable[str]] = lambda _: ()  # ids of headings without this extension
    taken: frozenset[str] = frozenset()  # ids of papers that moved to other pages
    former: Callable[[Paper], Iterable[str]] = lambda _: ()  # anchors that a paper had on the page before
    words: Words = words("en")  # noqa: RUF009 - frozen, too
    picture: Callable[[str, Markdown], str | None] = lambda *_: None  # the link to the local copy of a picture


class PageState:
    """The page being converted: its digest, and the HTML that is kept aside until the end."""

    def __init__(self, md: Markdown, context: PageContext) -> None:
        self.md = md
        self.context = context
        self.begin()

    def begin(self) -> None:
        """Forget the text converted before: a blog converts a post again for each list that shows its beginning."""
        self.digest = Digest("")
        self.references: dict[str, Any] = {}
        self.pieces: list[str] = []
        self.tags: dict[int, str] = {}
        self.waiting: set[int] = set()
        self.notes: list[tuple[Block, ...]] = []
        self.note_names: set[str] = set()
        self.meta: dict[int, etree.Element] = {}
        self.ids: set[str] = set(self.context.taken)
        self.old_ids: list[tuple[int, str]] = []
        self._badges: dict[str, str] = {}

    def keep(self, clean: str, kind: str = PIECE, *, source: str | None = None) -> str:
        """Keep finished HTML aside and return its placeholder; in the value of an attribute it is text, `source` if that is given."""
        if source is not None:
            self.tags[len(self.pieces)] = source
        self.pieces.append(clean)
        return AtomicString(f"{kind}{len(self.pieces) - 1}{END}")

    def fill(self, text: str) -> str:
        """Replace the placeholders of `keep`."""
        if PIECE not in text and BLOCK not in text:
            return text
        parts: list[str] = []
        end, in_tag = 0, False
        for kept in _KEPT.finditer(text):
            between = text[end : kept.start()]
            opens, closes = between.rfind("<"), between.rfind(">")
            in_tag = in_tag if opens == closes else opens > closes
            piece = self.pieces[number := int(kept["number"])]
            if in_tag:
                piece = (
                    as_attribute(self.tags[number])
                    if number in self.tags
                    else _TAG.sub("", piece).replace('"', "&quot;")
                )
            parts += [between, piece]
            end = kept.end()
        return "".join([*parts, text[end:]])

    def fill_late(self, text: str) -> str:
        """Replace the placeholders of badges and of links of raw HTML, which depend on the rest of the site."""

        def put_in(match: re.Match[str]) -> str:
            inside = html.unescape(match[2])
            return self.badge(inside) if match[1] == BADGE else as_attribute(self.context.resolve(inside))

        return _LATE.sub(put_in, text)

    def badge(self, name: str) -> str:
        if name not in self._badges:
            assert self.context.badge
            badge = self.context.badge(name)
            # MkDocs makes links of the site, and checks them.
            if badge.href is not None and "relpath" in self.md.treeprocessors:
                relative: Any = self.md.treeprocessors["relpath"]
                badge = replace(badge, href=relative.path_to_url(badge.href))
            self._badges[name] = badge.html(name)
        return self._badges[name]


class PageProcessor(Processor):
    def __init__(self, page: PageState) -> None:
        super().__init__(page.md)
        self.page = page
