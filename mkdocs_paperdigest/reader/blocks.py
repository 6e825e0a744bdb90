"""Markdown text → CommonMark blocks with line numbers, and what raw HTML swallowed given back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token

from ..paper import Block
from .labels import Label, match_label

# Lists 100 deep, far beyond what anybody writes, and well within Python's recursion limit.
_MAX_NESTING = 200
_MAX_SWALLOWED = 20
_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "tr_open": "row",
    "th_open": "cell",
    "td_open": "cell",
    "fence": "fence",
    "code_block": "code",
    "html_block": "html",
    "hr": "rule",
}
# HTML blocks whose inside is never Markdown: comments, declarations, scripts and their like.
_NO_MARKDOWN = re.compile(r"[ ]{0,3}<(?:[!?]|(?:script|pre|style|textarea)[\s>])", re.IGNORECASE)
_LONE_TAG = re.compile(r"(?P<indent> {0,3})</?[A-Za-z][^<>]*>\s*")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")


def _reference_but_no_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """CommonMark's link definitions; `[^1]: word` is left as text, for a site's footnotes extension."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def _display_math(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """`$$ … $$` over several lines is one paragraph, whatever its lines look like: a `=` alone makes no heading."""
    if state.is_code_block(start) or not state.src.startswith("$$", state.bMarks[start] + state.tShift[start]):
        return False
    line, closed = start, False
    while line < end and not closed and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        closed = text.endswith("$$") and (line > start or len(text) > 3)
        line += 1
    if not closed:
        return False
    if not silent:
        state.line = line
        opening = state.push("paragraph_open", "p", 1)
        opening.map = [start, line]
        content = state.push("inline", "", 0)
        content.content = state.getLines(start, line, state.blkIndent, keepLastLF=False).strip()
        content.map = [start, line]
        state.push("paragraph_close", "p", -1)
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table").disable("inline")
    parser.block.ruler.at("reference", _reference_but_no_footnote)
    parser.block.ruler.before("fence", "display_math", _display_math, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


_PARSER = _parser()


@dataclass(frozen=True, slots=True)
class Parsed:
    """Top-level blocks, link definitions, and the labels that raw HTML swallowed: 0-based line, label as written."""

    blocks: tuple[Block, ...]
    references: dict[str, Any]
    swallowed: tuple[tuple[int, str], ...]


def parse_blocks(lines: Sequence[str], first: int = 0, depth: int = 0) -> Parsed:
    """Parse Markdown lines into blocks.

    `first` is the number of the first line, for a part of a page that raw HTML swallowed, `depth` times over.
    Labels that raw HTML or an indented code block swallows (GitHub shows them as plain text) are given back as
    the blocks that their author meant, where they stand.
    """
    environment: dict[str, Any] = {}
    builder = _Builder(lines, first, depth)
    blocks = builder.build(_PARSER.parse("\n".join(lines), environment))
    return Parsed(blocks, environment.get("references", {}), tuple(builder.swallowed))


class _Builder:
    """Turns the flat tokens of one parse into a tree of blocks."""

    def __init__(self, lines: Sequence[str], first: int, depth: int) -> None:
        self.lines = lines
        self.first = first
        self.depth = depth
        self.swallowed: list[tuple[int, str]] = []

    def build(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        levels: list[list[Block]] = [[]]
        opened: list[Token] = []
        for token in tokens:
            if token.nesting == 1:
                opened.append(token)
                levels.append([])
            elif token.nesting == -1:
                children = levels.pop()
                levels[-1] += self._container(opened.pop(), children)
            elif token.type == "inline":
                levels[-1].append(Block("inline", 0, 0, token.content))
            else:
                levels[-1] += self._leaf(token)
        return tuple(levels[0])

    def _container(self, token: Token, children: list[Block]) -> list[Block]:
        kind = _KINDS.get(token.type)
        if kind is None:  # thead, tbody: their rows say enough
            return children
        start, end = token.map or (0, 0)
        text, level, info = "", 0, ""
        if kind in ("heading", "paragraph", "cell"):
            text = children[0].text if children else ""
            children = []
        if kind == "heading" and token.level and token.markup in "-=" and match_label(text):
            kind = "paragraph"  # an empty item below a field makes it a heading, which nobody means
        if kind == "heading":
            level = int(token.tag[1])
        elif token.type == "ordered_list_open":
            info, level = "ordered", int(1 if (number := token.attrGet("start")) is None else number)
        elif kind == "cell":
            info = str(token.attrGet("style") or "")
        elif kind in ("item", "quote") and not children and token.level >= _MAX_NESTING - 2:
            left = "\n".join(line.strip() for line in self.lines[start:end])
            children = [Block("paragraph", self.first + start, self.first + end, left.strip())]
        if kind == "paragraph" and "\n" in text:
            return self._paragraphs(text, self.first + start, self.first + end, tight=token.hidden)
        return [Block(kind, self.first + start, self.first + end, text, level, info, token.hidden, tuple(children))]

    @staticmethod
    def _paragraphs(text: str, start: int, end: int, *, tight: bool) -> list[Block]:
        """A paragraph, parted before each line that is a label: `**Keypoints:** a` above `**Objective:** b`."""
        lines = text.split("\n")
        cuts = [0, *(n for n, line in enumerate(lines[1:], 1) if match_label(line.lstrip(" \t")))]
        return [
            Block(
                "paragraph", start + a, start + b if b < len(lines) else end, "\n".join(lines[a:b]).strip(), tight=tight
            )
            for a, b in pairwise([*cuts, len(lines)])
        ]

    def _leaf(self, token: Token) -> list[Block]:
        start, end = token.map or (0, 0)
        block = Block(_KINDS[token.type], self.first + start, self.first + end, token.content, info=token.info)
        if self.depth > _MAX_SWALLOWED:
            return [block]
        if block.kind == "html" and not _NO_MARKDOWN.match(block.text):
            return self._html(block)
        if block.kind == "code":
            lines = block.text.split("\n")
            found = next(((n, label) for n, line in enumerate(lines) if (label := _label_of(line))), None)
            if found:
                self.swallowed.append((block.start + found[0], found[1].written))
                return self._again(lines, block.start)
        return [block]

    def _html(self, block: Block) -> list[Block]:
        """Raw HTML, cut where a line of it is a label; `- <details>` loses the hyphen that GitHub shows."""
        lines = block.text.split("\n")
        comment = False
        for number, line in enumerate(lines):
            folded = _MARKER.match(line)
            if folded and line.startswith("<details", folded.end()):
                lines[number] = line[folded.end() :]
            elif number and not comment and (label := _label_of(line)):
                margin = len(line) - len(line.lstrip())
                rest = [text[min(margin, len(text) - len(text.lstrip())) :] for text in lines[number:]]
                head = Block("html", block.start, block.start + number, "\n".join(lines[:number]) + "\n")
                return [head, *self._swallowed(label, rest, block.start + number)]
            comment = line.rfind("<!--") > line.rfind("-->") or (comment and "-->" not in line)
        return [Block("html", block.start, block.end, "\n".join(lines))]

    def _swallowed(self, label: Label, lines: Sequence[str], first: int) -> list[Block]:
        self.swallowed.append((first, label.written))
        return self._again(lines, first)

    def _again(self, lines: Sequence[str], first: int) -> list[Block]:
        inner = parse_blocks(lines, first, self.depth + 1)
        self.swallowed += inner.swallowed
        return list(inner.blocks)


def _label_of(line: str) -> Label | None:
    marker = _MARKER.match(line)
    return match_label(line[marker.end() :] if marker else line.strip())


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block of a tree, outer before inner, in the order of the page."""
    stack = list(reversed(blocks))
    while stack:
        block = stack.pop()
        yield block
        stack.extend(reversed(block.children))


def swallowed_by_lone_tags(lines: Sequence[str], places: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Labels that GitHub shows as plain text because a tag stands alone on the line above, left of its list item's text.

    cmark-gfm ends the item there and takes the lines below for raw HTML; CommonMark's rules, and this reader, go on with the
    list. `places` are 0-based lines with a label; gives those that are swallowed, and the label as it is written.
    """
    for place in places:
        tag = _LONE_TAG.fullmatch(lines[place - 1]) if place else None
        if tag is None or place < 2 or not lines[place - 2].strip():
            continue
        above = next((m for n in range(place - 2, max(place - 20, -1), -1) if (m := _MARKER.match(lines[n]))), None)
        if above and len(tag["indent"]) < above.end() and (label := _label_of(lines[place])):
            yield place, label.written
