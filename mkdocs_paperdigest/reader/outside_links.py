"""Relative links that lead out of the docs folder, which GitHub follows and a site cannot."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import unquote

from markdown_it.rules_inline import StateInline, image, link

from ..records import Block
from .blocks import parse_blocks, walk_blocks
from .inline import attributes, without_comments
from .markdown_rules import html_inline, inline_parser

_NO_PATH = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]", re.IGNORECASE)
_TAG = re.compile(r"<(a|img)(?=[\s/])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>", re.IGNORECASE)
_NO_TAGS = re.compile(r"\s*<(?:script|style|textarea)[\s>]", re.IGNORECASE)
_INLINE = ("heading", "paragraph", "definition", "cell")
_LINE_ENDS = re.compile(r"[\t\r\n]")  # browsers leave them out of addresses


@dataclass(frozen=True, slots=True)
class OutsideLink:
    """A link or picture that leads out of the docs folder; MkDocs leaves those of raw HTML alone, and makes others relative to the built page."""

    line: int
    column: int
    url: str
    is_picture: bool = False
    is_html: bool = False


_Place = tuple[int, str, bool, bool]
"""Where a link begins in a text, its address, and whether it is a picture, and raw HTML."""


def split_url(url: str) -> tuple[str, str]:
    """The path of a relative address, percent-decoded, and its query and fragment as written; no path if it is not relative."""
    path = re.split("[?#]", url, maxsplit=1)[0]
    return ("" if _NO_PATH.match(path) else unquote(path)), url[len(path) :]


def link_target(url: str, page: str) -> str:
    """Where a relative address on a page leads; both paths are relative to the same folder, above which `../` leads."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), split_url(url)[0]))


def links_outside(body: str, path: str, first_line: int = 1) -> tuple[OutsideLink, ...]:
    """Find the links and pictures of a page's Markdown that lead out of the docs; `path` is its place in them. A link definition counts once, if used."""
    if "../" not in body:
        return ()
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = sorted(_Finder(lines, path).find(), key=lambda link: link[:2])
    return tuple(
        OutsideLink(first_line + line, column + 1, _LINE_ENDS.sub("", url), *flags)
        for line, column, url, *flags in found
    )


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule of the inline parser that notes where in the text the last token that it made begins and ends."""

    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        start = state.pos
        if not rule(state, silent):
            return False
        if not silent:
            state.tokens[-1].meta["place"] = start, state.pos
        return True

    return placed


_PARSER = inline_parser(store_labels=True)
for _name, _rule in (("link", link), ("image", image), ("html_inline", html_inline)):
    _PARSER.inline.ruler.at(_name, _placed(_rule))


class _Finder:
    def __init__(self, lines: Sequence[str], path: str) -> None:
        self.lines = lines
        self.path = path
        parsed = parse_blocks(lines)
        self.blocks = parsed.blocks
        self.references = parsed.references
        self.definitions = {label for label, to in self.references.items() if self._leads_out(to["href"])}
        self.used: dict[str, bool] = {}
        self.hidden = 0

    def find(self) -> Iterator[tuple[int, int, str, bool, bool]]:
        row = cell_end = 0
        for block in walk_blocks(self.blocks):
            if block.kind == "row":
                row, cell_end = block.start, 0
            places = [] if block.start < self.hidden else list(self._of_block(block))
            is_cell = block.kind == "cell"
            if not places and not (is_cell and "../" in block.text):
                continue
            first, after = (row, cell_end) if is_cell else (block.start, 0)
            texts = block.text.split("\n")
            sources = self.lines[first : first + len(texts)]
            margins = [source.find(text, after) for source, text in zip(sources, texts, strict=False)]
            if is_cell:
                cell_end = len(self.lines[row]) if margins[0] < 0 else margins[0] + len(block.text)
            starts = [0, *accumulate(len(text) + 1 for text in texts)]
            for place, url, is_picture, is_html in places:
                number = bisect_right(starts, place) - 1
                margin = margins[number] if number < len(margins) else -1
                # Tabs, and `\|` in cells, are not in the text as they are in the source.
                yield first + number, 0 if margin < 0 else margin + place - starts[number], url, is_picture, is_html
        for label, is_picture in self.used.items():
            url = str(self.references[label]["href"])
            start, end = self.references[label]["map"]
            found = ((line, self.lines[line].rfind(url)) for line in range(start, end))
            yield *next((place for place in found if place[1] >= 0), (start, 0)), url, is_picture, False

    def _leads_out(self, url: str) -> bool:
        # A bare `..` is no file of the repository, and not worth a parse of every page with an ellipsis.
        to = link_target(url, self.path)
        return "../" in url and bool(split_url(url)[0]) and (to == ".." or to.startswith("../"))

    def _of_block(self, block: Block) -> Iterator[_Place]:
        if block.kind == "html":
            text = without_comments(block.text)
            if (start := text.find("<!--")) >= 0:  # one that goes on below the block hides what stands there
                text = text[:start]
                below = range(block.end, len(self.lines))
                self.hidden = next((line for line in below if "-->" in self.lines[line]), len(self.lines))
            yield from self._of_html(text)
        elif "../" in block.text or (self.definitions and "]" in block.text):
            yield from self._of_inline(block.text) if block.kind in _INLINE else ()

    def _of_inline(self, text: str) -> Iterator[_Place]:
        opened: list[tuple[str, str]] = []
        for token in _PARSER.parseInline(text, {"references": self.references})[0].children or []:
            url, label = str(token.attrGet("href") or token.attrGet("src") or ""), str(token.meta.get("label", ""))
            if token.type == "link_open":
                opened.append((url, label))
            elif token.type == "html_inline":
                start = token.meta["place"][0]
                yield from ((start + place, *more) for place, *more in self._of_html(token.content))
            elif token.type in ("link_close", "image"):
                is_picture = token.type == "image"
                url, label = (url, label) if is_picture else opened.pop()
                if label in self.definitions:
                    self.used[label] = self.used.get(label, False) or is_picture
                elif not label and self._leads_out(url):
                    start, end = token.meta["place"]
                    yield max(text.rfind(url, start, end), start), url, is_picture, False

    def _of_html(self, text: str) -> Iterator[_Place]:
        if text.startswith("<!--") or _NO_TAGS.match(text):
            return
        for match in _TAG.finditer(text):
            is_picture = match[1].lower() == "img"
            url = attributes(match[2]).get("src" if is_picture else "href", "").strip()
            if self._leads_out(url):
                yield match.start() + max(match[0].find(url), 0), url, is_picture, True
