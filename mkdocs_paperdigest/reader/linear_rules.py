"""Inline rules of markdown-it that take time in the square of a text's length, made linear; they find what they found before."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it import rules_inline as rules
from markdown_it.rules_inline import StateInline

# markdown-it reads the inside of a comment in steps of `--x`: this many hyphens end it, and no others.
_COMMENT_END = re.compile(r"(?:---)*-->")
_RUN_THAT_ENDS = re.compile(rf"(?<!-){_COMMENT_END.pattern}")


def linear(parser: MarkdownIt) -> MarkdownIt:
    """The parser, with a label's end and a comment's end looked for once and not at each sign that may begin one."""
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
    return rules.html_inline(state, silent)


def _known(state: StateInline) -> dict[Any, Any]:
    known: dict[Any, Any] = vars(state).setdefault("known", {})
    return known


def _label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: FBT001, FBT002, N803 - markdown-it's form
    end, holds_link = _label(state, start)
    return -1 if disableNested and holds_link else end


def _label(state: StateInline, start: int) -> tuple[int, bool]:
    """Find the bracket that closes the one at `start` (-1 if none does), and whether a link is between; linear, since the search goes on at the end of inner brackets."""
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
