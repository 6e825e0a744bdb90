"""The block rules of a page: CommonMark's, and footnotes, abbreviations, boxes of Python-Markdown and display mathematics."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from markdown_it import MarkdownIt
from markdown_it import rules_block as rules
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock, reference

# Lists 100 deep, far beyond what anybody writes, and well within Python's recursion limit.
_MAX_NESTING = 200


def _reference_but_no_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """CommonMark's link definitions; `[^1]: word` is left to footnotes, or as text."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


# What Python-Markdown's extensions make boxes of: admonitions, details and tabs, whose text is indented, and blocks of pymdownx.
_BOX = re.compile(
    r"(?:!!! ?[\w-]+(?: +[\w-]+)*(?: +\".*\")?|\?\?\?\+? ?(?:[\w-]+(?: +[\w-]+)*)?(?: +\".*\")?|===(?:\+!?|!\+?)? +\".*\")[ \t]*\Z"
)
_FENCED_BOX = re.compile(r"(?P<slashes>/{3,})[ \t]*[\w-]+[ \t]*(?:\||\Z)")
# What belongs to the page, wherever it stands: a footnote, or an abbreviation.
_DEFINITION = re.compile(r"\[\^[^\]\n]+\]:|\*\[[^\]\n]+\] ?:")
_TAB = 4


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """The definition of a footnote, which ends where no indented text follows, or of an abbreviation: a block of its own, as it is written."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not _DEFINITION.match(state.src, first, state.eMarks[start]):
        return False
    if silent:
        return True
    line = start + 1
    if state.src[first] == "[":
        line = _lines_of_note(state, line, end)
    state.line = line
    token = state.push("definition", "", 0)
    token.map = [start, line]
    token.content = _lines(state, start, line)
    return True


def _lines_of_note(state: StateBlock, line: int, end: int) -> int:
    others = state.md.block.ruler.getRules("paragraph")
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if not state.is_code_block(line) and any(rule(state, line, end, True) for rule in others):  # noqa: FBT003
            break
        line += 1
    stop = line
    while line < end and (state.isEmpty(line) or state.is_code_block(line)):
        line += 1
        stop = stop if state.isEmpty(line - 1) else line
    return stop


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A box with its text, which is indented by a tab stop, or stands between two lines of slashes."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start):
        return False
    line = state.src[first : state.eMarks[start]]
    if _BOX.match(line):
        stop = _end_of_indented(state, start, end)
        body, last, indent = start + 1, stop, state.sCount[start] // _TAB * _TAB + _TAB
    elif fence := _FENCED_BOX.match(line):
        closing = _closing(state, start, end, fence["slashes"])
        if closing is None:
            return False
        body, last, stop, indent = start + 1, closing, closing + 1, state.blkIndent
        while body < last and not state.isEmpty(body) and state.sCount[body] >= state.blkIndent + _TAB:  # options
            body += 1
    else:
        return False
    if silent:
        return True
    opening = state.push("box_open", "div", 1)
    opening.map = [start, stop]
    opening.content, opening.info = _lines(state, start, body), _lines(state, start, stop)
    inner, outer = _lowest(state, body, last, indent), (state.blkIndent, state.lineMax, state.parentType)
    state.blkIndent, state.lineMax = inner, last
    state.md.block.tokenize(state, body, last)
    state.blkIndent, state.lineMax, state.parentType = outer
    state.push("box_close", "div", -1)
    state.line = stop
    return True


def _end_of_indented(state: StateBlock, start: int, end: int) -> int:
    indent = state.sCount[start] // _TAB * _TAB + _TAB
    stop = line = start + 1
    while line < end:
        if not state.isEmpty(line):
            if state.sCount[line] < indent:
                break
            stop = line + 1
        line += 1
    return stop


def _lowest(state: StateBlock, start: int, end: int, indent: int) -> int:
    found = [state.sCount[line] for line in range(start, end) if not state.isEmpty(line)]
    return max(indent, min([*found, indent + _TAB - 1])) if found else indent


def _closing(state: StateBlock, start: int, end: int, slashes: str) -> int | None:
    """The line that closes a box of slashes; boxes in it have more or fewer of them, or are closed before."""
    lines = _lines_of_slashes(state).get(slashes, [])
    place = bisect_right(lines, start)
    return lines[place] if place < len(lines) and lines[place] < end else None


def _lines_of_slashes(state: StateBlock) -> dict[str, list[int]]:
    """The lines of the text that are nothing but slashes, found once: every line of a paragraph may ask for them."""
    found: dict[str, list[int]] | None = state.env.get("slashes")
    if found is None:
        found = state.env["slashes"] = {}
        for line, text in enumerate(state.src.split("\n")):
            if "///" in text and not (bare := text.strip(" \t>")).strip("/"):
                found.setdefault(bare, []).append(line)
    return found


def _lines(state: StateBlock, start: int, end: int) -> str:
    lines = []
    for line in range(start, end):
        indent = max(0, state.sCount[line] - state.sCount[start]) * (not state.isEmpty(line))
        lines.append(" " * indent + state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    return "\n".join(lines)


def _display_math(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """`$$ … $$` over several lines is one paragraph, whatever its lines look like: a `=` alone makes no heading."""
    if state.is_code_block(start) or not state.src.startswith("$$", state.bMarks[start] + state.tShift[start]):
        return False
    asked = (end, state.blkIndent)
    first, last, where = state.env.get("unclosed_math", (0, 0, asked))
    if first <= start < last and where == asked:  # what no line below the first closes, none below this one does
        return False
    line, closed = start, False
    while line < end and not closed and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        closed = text.endswith("$$") and (line > start or len(text) > 3)
        line += 1
    if not closed:
        state.env["unclosed_math"] = (start, line, asked)
        return False
    if silent:
        return True
    state.line = line
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start, line]
    content = state.push("inline", "", 0)
    content.content = state.getLines(start, line, state.blkIndent, keepLastLF=False).strip()
    content.map = [start, line]
    state.push("paragraph_close", "p", -1)
    return True


# What a line must begin with for a rule to make anything of it.
_SIGNS: dict[Any, str] = {
    _display_math: "$",
    rules.fence: "`~",
    rules.blockquote: ">",
    rules.hr: "*-_",
    rules.list_block: "*+-0123456789",
    _definition: "[*",
    _box: "!?=/",
    _reference_but_no_footnote: "[",
    rules.html_block: "<",
    rules.heading: "#",
}


class _Blocks(ParserBlock):
    """CommonMark's block rules, each asked only where a line may begin what it makes: of a page's time most goes into asking."""

    def __init__(self) -> None:
        super().__init__()
        self._by_sign: dict[str, list[Any]] = {}

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - markdown-it's names
        line, has_empty_lines = startLine, False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            sign = state.src[state.bMarks[line] + state.tShift[line]]
            if sign not in self._by_sign:
                self._by_sign[sign] = [rule for rule in self.ruler.getRules("") if sign in _SIGNS.get(rule, sign)]
            # What stands deeper is text, and the page goes on below it.
            for rule in self._by_sign[sign] if state.level < _MAX_NESTING else (rules.paragraph,):
                if rule(state, line, endLine, False):  # noqa: FBT003 - markdown-it's own form
                    break
            state.tight = not has_empty_lines
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                has_empty_lines = True
            if line < endLine and state.isEmpty(line):
                has_empty_lines = True
                line += 1
                state.line = line


def block_parser(*, extensions: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
    parser.block = _Blocks()
    parser.configure("commonmark", {"maxNesting": _MAX_NESTING}).enable("table").disable("inline")
    parser.block.ruler.at("reference", _reference_but_no_footnote)
    parser.block.ruler.before("fence", "display_math", _display_math, {"alt": ["paragraph", "blockquote", "list"]})
    for name, rule in (("definition", _definition), ("box", _box)) if extensions else ():
        parser.block.ruler.before("fence", name, rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return parser
