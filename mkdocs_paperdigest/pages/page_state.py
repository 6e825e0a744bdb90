"""What is known of the digest page being converted, and the signs that stand in its text for what is put in later."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markdown import Markdown

from ..languages import Words, words
from ..paper import Digest, Paper
from .raw_html import Resolve

# Characters that no text may hold (Unicode noncharacters), so none is ever mistaken for them.
PAPER, PIECE, BLOCK, TAIL, OPEN, CLOSE, END = (chr(0xFDD0 + n) for n in range(7))
"""Signs in the text that Python-Markdown sees: a paper, finished HTML within a line, a block of it, where a title's tail begins,
where a paper opens and closes; a number follows, and the last sign ends it."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What a keypoint's badge shows on hover, where it leads (None where it leads nowhere), and its hue (None is neutral)."""

    title: str
    href: str | None
    hue: int | None = None


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the extension must know of the page at hand.

    `read` gives the digest of the page's Markdown; `badge` the badge of a keypoint as it is written; `resolve` turns a link of
    raw HTML into one that works on the built page; `zoom` says whether figures lead to their full size; `tables` whether papers that
    are rows of a table stay so;
    `plain_ids` gives the ids that the page's headings have without this extension; `taken` are ids that papers had here that
    moved to other pages; `former` gives the anchors that a paper of the page had on it before; `words` are those of the site's
    language; `picture` gives the link to the local copy of a picture on the page that a converter converts for, None if there is none.
    """

    read: Callable[[str], Digest]
    badge: Callable[[str], Badge]
    resolve: Resolve
    zoom: bool = True
    tables: bool = False
    plain_ids: Callable[[str], Iterable[str]] = lambda _: ()
    taken: frozenset[str] = frozenset()
    former: Callable[[Paper], Iterable[str]] = lambda _: ()
    words: Words = words("en")  # noqa: RUF009 - frozen, too
    picture: Callable[[str, Markdown], str | None] = lambda *_: None


class PageState:
    """The page being converted: its digest and the HTML that is put in at the end."""

    def __init__(self, md: Markdown, context: PageContext) -> None:
        self.md = md
        self.context = context
        self.begin()

    def begin(self) -> None:
        """Forget the text converted before: a blog converts a post again for each list that shows its beginning."""
        self.digest = Digest("")
        self.references: dict[str, Any] = {}
        self.pieces: list[str] = []
        self.waiting: set[int] = set()
        self.meta: dict[int, etree.Element] = {}
        self.ids: set[str] = set(self.context.taken)
        self.old_ids: list[tuple[int, str]] = []

    def keep(self, source: str, sign: str = PIECE) -> str:
        """Keep finished HTML aside; gives the sign that stands for it."""
        self.pieces.append(source)
        return f"{sign}{len(self.pieces) - 1}{END}"
