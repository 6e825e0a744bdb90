"""The lines that most digests are made of → blocks, read off their signs and indents alone: paragraphs, bullets, and tags of HTML.

markdown-it says the same of them, and takes three times as long, since it asks every rule of CommonMark at every line.
`tests/test_plain_blocks.py` compares both.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown_it.rules_block import StateBlock

_BULLET = re.compile(r"[-+*] {1,4}(?=[^ \t])")
_TAG = re.compile(r"</?(?:details|summary|div|center|p|table)(?=[ >]|/>|\Z)")
# With what other blocks may begin, or make something else of the line above.
_SIGNS = frozenset("#>~|:=$+-<0123456789")
_DEEPEST = 60


class Plain(NamedTuple):
    """A block: a paragraph or HTML with its text, or a list with its items, or such an item. 0-based lines, `end` exclusive."""

    kind: str
    start: int
    end: int
    text: str = ""
    tight: bool = False
    children: tuple[Plain, ...] = ()


class _NotPlain(Exception):  # noqa: N818 - no error: another reader is asked
    """There is more to a line than this file knows."""


def read_plain(state: StateBlock, line: int, end: int) -> Plain | None:
    """The top-level block that begins on a line before `end`; None if it is not of those that this file knows."""
    reader = _Reader(state, end)
    try:
        return reader.block(line, reader.begin(line), state.sCount[line], 0, -1)
    except _NotPlain:
        return None


class _Reader:
    """Reads one top-level block.

    `column` is where a text stands on its line, `indent` what the lines of the block around it are indented by, `outer` the
    same of what the list around it stands in, -1 outside lists.
    """

    def __init__(self, state: StateBlock, end: int) -> None:
        self.source = state.src
        self.starts = state.bMarks
        self.ends = state.eMarks
        self.shifts = state.tShift
        self.indents = state.sCount
        self.end = end

    def begin(self, line: int) -> str:
        """A line without its indentation; what a tab in that is worth is another's to say."""
        start, shift = self.starts[line], self.shifts[line]
        if shift and self.source.find("\t", start, start + shift) >= 0:
            raise _NotPlain
        return self.source[start + shift : self.ends[line]]

    def is_empty(self, line: int) -> bool:
        return self.starts[line] + self.shifts[line] >= self.ends[line]

    def block(self, line: int, text: str, column: int, indent: int, outer: int) -> Plain:
        """The block that begins on a line with this text."""
        if column > indent + 3:
            raise _NotPlain
        if _is_text(text):
            return self.paragraph(line, text, indent, outer)
        if _BULLET.match(text):
            return self.bullets(line, text, column, indent)
        if _TAG.match(text):
            return self.html(line, text, column, indent)
        raise _NotPlain

    def paragraph(self, line: int, text: str, indent: int, outer: int) -> Plain:
        """Lines up to an empty one, or one that begins another block. What is indented by far goes on with the text."""
        texts = []
        number = line
        may_be_definition = text[0] == "["
        while True:
            texts.append(text)
            if may_be_definition and "]:" in text:
                raise _NotPlain
            number += 1
            if number >= self.end or self.is_empty(number):
                break
            text = self.begin(number)
            deep = self.indents[number] - indent
            if deep <= 3 and not _is_text(text):
                if _TAG.match(text):
                    break
                if not _BULLET.match(text) or (deep < 0 <= outer <= self.indents[number] - 4):
                    raise _NotPlain
                break
            text = " " * deep + text
        return Plain("paragraph", line, number, "\n".join(texts).strip())

    def html(self, line: int, text: str, column: int, indent: int) -> Plain:
        """Lines up to an empty one, or one that is indented by less."""
        texts = [" " * (column - indent) + text]
        number = line + 1
        while number < self.end and self.indents[number] >= indent and not self.is_empty(number):
            text = self.begin(number)
            if number == line + 1 and text[0] in "|-:":  # it may be a table
                raise _NotPlain
            texts.append(" " * (self.indents[number] - indent) + text)
            number += 1
        if self.source.startswith("\n", self.ends[number - 1]):
            texts.append("")
        return Plain("html", line, number, "\n".join(texts))

    def bullets(self, line: int, text: str, column: int, indent: int) -> Plain:
        """A list. It is tight unless an item holds an empty line between its blocks, or one stands between its items."""
        if indent > _DEEPEST:
            raise _NotPlain
        start, sign = line, text[0]
        tight, parted = True, False
        items = []
        while (bullet := _BULLET.match(text)) and text[0] == sign:
            width = bullet.end()
            children, end, together = self.inside(line, text[width:], column + width, indent)
            tight = tight and together and not parted
            parted = end - line > 1 and self.is_empty(end - 1)
            items.append(Plain("item", line, end, children=children))
            line = end
            if line >= self.end or not indent <= self.indents[line] <= indent + 3:
                break
            column, text = self.indents[line], self.begin(line)
            if not (text[0] == "#" or _is_text(text) or _BULLET.match(text) or _TAG.match(text)):
                raise _NotPlain  # it may be an item that this file does not know
        return Plain("list", start, line, tight=tight, children=tuple(items))

    def inside(self, line: int, text: str, indent: int, outer: int) -> tuple[tuple[Plain, ...], int, bool]:
        """The blocks of an item that begins with `text`, the line behind it, and whether no empty line stands between them."""
        blocks = [self.block(line, text, indent, indent, outer)]
        tight, parted = True, False
        while True:
            line = blocks[-1].end
            parted = parted or self.is_empty(line - 1)
            while line < self.end and self.is_empty(line):
                parted = True
                line += 1
            if line >= self.end or self.indents[line] < indent:
                return tuple(blocks), line, tight
            blocks.append(self.block(line, self.begin(line), self.indents[line], indent, outer))
            tight = not parted


def _is_text(text: str) -> bool:
    """Whether a line can begin nothing but a paragraph, and goes on with one."""
    sign = text[0]
    match sign:
        case "`":
            return not text.startswith("```")
        case "*" | "_":
            return not text[1:2].isspace() and bool(text.strip("*_ \t")) and not (text[1] == "[" and "]" in text)
        case "[":
            return text[1:2] != "^"
        case "!" | "?" | "/":
            return not text.startswith(sign * 3)
    return sign.isalpha() or not (sign in _SIGNS or sign.isspace())
