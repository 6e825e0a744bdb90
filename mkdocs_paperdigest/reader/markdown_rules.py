"""The parsers of markdown-it: blocks, with footnotes, abbreviations, boxes of Python-Markdown and display mathematics, and inline Markdown in linear time."""

from __future__ import annotations

import re
from bisect import bisect_right
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers, rules_inline
from markdown_it import rules_block as rules
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

# Lists 100 deep, far beyond what anybody writes, and well within Python's recursion limit.
_MAX_NESTING = 200


def _reference_but_no_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """CommonMark's link definitions; `[^1]: word` is left to footnotes, or as text."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return rules.reference(state, start, end, silent)


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
        others = state.md.block.ruler.getRules("paragraph")
        while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
            if not state.is_code_block(line) and any(rule(state, line, end, True) for rule in others):  # noqa: FBT003
                break
            line += 1
        line = _end_of_indented(state, line, end, state.blkIndent + _TAB)
    state.line = line
    token = state.push("definition", "", 0)
    token.map = [start, line]
    token.content = _lines(state, start, line)
    return True


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A box with its text, which is indented by a tab stop, or stands between two lines of slashes."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start):
        return False
    line = state.src[first : state.eMarks[start]]
    if _BOX.match(line):
        indent = state.sCount[start] // _TAB * _TAB + _TAB
        stop = last = _end_of_indented(state, start + 1, end, indent)
        body = start + 1
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
    outer = state.blkIndent, state.lineMax, state.parentType
    margins = [state.sCount[line] for line in range(body, last) if not state.isEmpty(line)]
    state.blkIndent = max(indent, min([*margins, indent + _TAB - 1])) if margins else indent
    state.lineMax = last
    state.md.block.tokenize(state, body, last)
    state.blkIndent, state.lineMax, state.parentType = outer
    state.push("box_close", "div", -1)
    state.line = stop
    return True


def _end_of_indented(state: StateBlock, line: int, end: int, indent: int) -> int:
    """The line behind the last one of those from `line` on that are indented, blank ones between them included."""
    stop = line
    while line < end and (state.isEmpty(line) or state.sCount[line] >= indent):
        line += 1
        stop = stop if state.isEmpty(line - 1) else line
    return stop


def _closing(state: StateBlock, start: int, end: int, slashes: str) -> int | None:
    """The line that closes a box of slashes; boxes in it have more or fewer of them, or are closed before."""
    if "slashes" not in state.env:  # once for the page: every line of a paragraph may ask
        found: dict[str, list[int]] = state.env.setdefault("slashes", {})
        for line, text in enumerate(state.src.split("\n")):
            if "///" in text and not (bare := text.strip(" \t>")).strip("/"):
                found.setdefault(bare, []).append(line)
    lines: list[int] = state.env["slashes"].get(slashes, [])
    place = bisect_right(lines, start)
    return lines[place] if place < len(lines) and lines[place] < end else None


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


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """What stands deeper than anybody writes is text, and the page goes on below it; markdown-it itself would drop both."""
    return state.level >= _MAX_NESTING and rules.paragraph(state, start, end, silent)


def block_parser(*, extensions: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * _MAX_NESTING}).enable("table").disable("inline")
    ruler = parser.block.ruler
    ruler.before("table", "too_deep", _too_deep)
    ruler.at("reference", _reference_but_no_footnote)
    ruler.before("fence", "display_math", _display_math, {"alt": ["paragraph", "blockquote", "list"]})
    for name, rule in (("definition", _definition), ("box", _box)) if extensions else ():
        ruler.before("fence", name, rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return parser


# markdown-it reads the inside of a comment in steps of `--x`: this many hyphens end it, and no others.
_COMMENT_END = re.compile(r"(?:---)*-->")
_RUN_THAT_ENDS = re.compile(rf"(?<!-){_COMMENT_END.pattern}")


def inline_parser(**options: Any) -> MarkdownIt:
    """A parser that keeps addresses as they are written, and looks once for the end of a link's label or of a comment, not at each sign that may begin one."""
    parser = MarkdownIt("commonmark", {"maxNesting": 100, **options})
    parser.validateLink = bool  # type: ignore[assignment,method-assign] # `safe_url` finds and reports the bad ones
    parser.normalizeLink = str  # type: ignore[assignment,method-assign]
    parser.helpers = SimpleNamespace(**{**vars(helpers), "parseLinkLabel": _label_end})  # type: ignore[assignment]
    parser.inline.ruler.at("html_inline", html_inline)
    return parser


def html_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Raw HTML; a comment without an end is not looked at further."""
    inside = state.pos + 4
    if state.src.startswith("<!--", state.pos) and not state.src.startswith((">", "->"), inside):
        known = _known(state)
        if "comment" not in known:
            known["comment"] = max((run.start() for run in _RUN_THAT_ENDS.finditer(state.src)), default=-1)
        if known["comment"] < inside and not _COMMENT_END.match(state.src, inside):
            return False
    return rules_inline.html_inline(state, silent)


def _known(state: StateInline) -> dict[Any, Any]:
    known: dict[Any, Any] = vars(state).setdefault("known", {})
    return known


def _label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: FBT001, FBT002, N803 - markdown-it's form
    end, holds_link = _label(state, start)
    return -1 if disableNested and holds_link else end


def _label(state: StateInline, start: int) -> tuple[int, bool]:
    """Find the bracket that closes the one at `start` (-1 if none does), and whether a link is between.

    Linear, since the search goes on at the end of inner brackets.
    """
    known, key = _known(state), (start, state.posMax)
    if key in known:
        found: tuple[int, bool] = known[key]
        return found
    before, state.pos = state.pos, start + 1
    end, holds_link = -1, False
    while state.pos < state.posMax:
        place = state.pos
        sign = state.src[place]
        if sign == "]":
            end = place
            break
        state.md.inline.skipToken(state)
        if sign == "[" and state.pos == place + 1:
            inner_end, inner_link = _label(state, place)
            holds_link = holds_link or inner_link
            if inner_end < 0:
                break
            state.pos = inner_end + 1
        elif sign == "[":
            holds_link = True
    state.pos = before
    known[key] = end, holds_link
    return end, holds_link
