"""Relative links that lead out of the docs folder, which GitHub follows and a site cannot."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image, link

from ..records import Block
from .blocks import parse_blocks, walk_blocks
from .inline import attributes
from .linear_rules import html_inline, linear

_NO_PATH = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]", re.IGNORECASE)
_TAG = re.compile(r"<(a|img)(?=[\s/])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>", re.IGNORECASE)
_NO_TAGS = re.compile(r"\s*<(?:script|style|textarea)[\s>]", re.IGNORECASE)
_LINE_ENDS = re.compile(r"[\t\r\n]")  # browsers leave them out of addresses
_NOT_LINE_END = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class OutsideLink:
    """A link or picture that leads out of the docs folder; MkDocs leaves those of raw HTML alone, and makes others relative to the built page."""

    line: int
    column: int
    url: str
    is_picture: bool = False
    is_html: bool = False


_Flags = tuple[bool, bool]
"""Whether a link is a picture, and whether it is raw HTML."""


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
    found = sorted(_Finder(lines, path).find(), key=lambda link: (link[0], link[1]))
    return tuple(
        OutsideLink(first_line + line, column + 1, _LINE_ENDS.sub("", url), *flags)
        for line, column, url, flags in found
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


def _parser() -> MarkdownIt:
    parser = linear(MarkdownIt("commonmark", {"maxNesting": 100, "store_labels": True}))
    parser.validateLink = bool  # type: ignore[assignment,method-assign] # addresses are judged and given as they are written
    parser.normalizeLink = str  # type: ignore[assignment,method-assign]
    for name, rule in (("link", link), ("image", image), ("html_inline", html_inline)):
        parser.inline.ruler.at(name, _placed(rule))
    return parser


_PARSER = _parser()


class _Finder:
    def __init__(self, lines: Sequence[str], path: str) -> None:
        self.lines = lines
        self.path = path
        parsed = parse_blocks(lines)
        self.blocks = parsed.blocks
        self.references = parsed.references
        self.definitions = {label for label, to in self.references.items() if self._leads_out(to["href"])}
        self.hidden = 0

    def find(self) -> Iterator[tuple[int, int, str, _Flags]]:
        used: dict[str, bool] = {}
        row = cell_end = 0
        for block in walk_blocks(self.blocks):
            if block.start < self.hidden:
                continue
            if block.kind == "row":
                row, cell_end = block.start, 0
            elif block.kind == "html":
                yield from self._in_page(block, list(self._of_html(self._without_comments(block))))
            elif block.kind in ("heading", "paragraph", "definition") and self._may_link(block.text):
                yield from self._in_page(block, list(self._of_inline(block.text, used)))
            elif block.kind == "cell" and self._may_link(block.text):
                source = self.lines[row]
                start = source.find(block.text, cell_end)
                cell_end = len(source) if start < 0 else start + len(block.text)
                for place, url, flags in self._of_inline(block.text, used):
                    # A cell with `\|` is not in the source as it is in the text.
                    yield row, (0 if start < 0 else start + place), url, flags
        for label, is_picture in used.items():
            yield *self._definition(self.references[label]), (is_picture, False)

    def _may_link(self, text: str) -> bool:
        return "../" in text or (bool(self.definitions) and "]" in text)

    def _leads_out(self, url: str) -> bool:
        # A bare `..` is no file of the repository, and not worth a parse of every page with an ellipsis.
        to = link_target(url, self.path)
        return "../" in url and bool(split_url(url)[0]) and (to == ".." or to.startswith("../"))

    def _of_inline(self, text: str, used: dict[str, bool]) -> Iterator[tuple[int, str, _Flags]]:
        opened: list[tuple[str, str]] = []
        for token in _PARSER.parseInline(text, {"references": self.references})[0].children or []:
            match token.type:
                case "link_open":
                    opened.append((str(token.attrGet("href") or ""), str(token.meta.get("label", ""))))
                    continue
                case "link_close":
                    url, label = opened.pop()
                case "image":
                    url, label = str(token.attrGet("src") or ""), str(token.meta.get("label", ""))
                case "html_inline":
                    start = token.meta["place"][0]
                    yield from ((start + place, *more) for place, *more in self._of_html(token.content))
                    continue
                case _:
                    continue
            if label:
                if label in self.definitions:
                    used[label] = used.get(label, False) or token.type == "image"
            elif self._leads_out(url):
                start, end = token.meta["place"]
                yield max(text.rfind(url, start, end), start), url, (token.type == "image", False)

    def _of_html(self, text: str) -> Iterator[tuple[int, str, _Flags]]:
        if text.startswith("<!--") or _NO_TAGS.match(text):
            return
        for match in _TAG.finditer(text):
            is_picture = match[1].lower() == "img"
            url = attributes(match[2]).get("src" if is_picture else "href", "").strip()
            if self._leads_out(url):
                yield match.start() + max(match[0].find(url), 0), url, (is_picture, True)

    def _without_comments(self, block: Block) -> str:
        """The text of raw HTML with blanks for its comments; one that goes on below the block hides what stands there."""
        parts, end, text = [], 0, block.text
        while (start := text.find("<!--", end)) >= 0:
            close = text.find("-->", start + 4)
            parts.append(text[end:start])
            end = len(text) if close < 0 else close + 3
            parts.append(_NOT_LINE_END.sub(" ", text[start:end]))
            if close < 0:
                below = range(block.end, len(self.lines))
                self.hidden = next((line for line in below if "-->" in self.lines[line]), len(self.lines))
        return "".join([*parts, text[end:]])

    def _in_page(
        self, block: Block, places: Sequence[tuple[int, str, _Flags]]
    ) -> Iterator[tuple[int, int, str, _Flags]]:
        if not places:
            return
        texts = block.text.split("\n")
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        sources = self.lines[block.start : block.start + len(texts)]
        margins = [source.find(text) for source, text in zip(sources, texts, strict=False)]
        for place, url, flags in places:
            number = bisect_right(starts, place) - 1
            margin = margins[number] if number < len(margins) else -1
            # Tabs are not in the text as they are in the source.
            column = 0 if margin < 0 else margin + place - starts[number]
            yield block.start + number, column, url, flags

    def _definition(self, reference: dict[str, Any]) -> tuple[int, int, str]:
        url = str(reference["href"])
        start, end = reference["map"]
        places = ((line, self.lines[line].rfind(url)) for line in range(start, end))
        return *next((place for place in places if place[1] >= 0), (start, 0)), url
