"""Markdown text → CommonMark blocks with line numbers, and what raw HTML swallowed given back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from markdown_it.token import Token

from ..records import Block, Label
from .labels import DEFAULT_LABELS, SIGNS, LabelVocabulary, part_one_run, read_label
from .markdown_rules import block_parser

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
    "box_open": "box",
    "definition": "definition",
}
# HTML blocks whose inside is never Markdown: comments, declarations, scripts and their like.
_NO_MARKDOWN = re.compile(r"[ ]{0,3}<(?:[!?]|(?:script|pre|style|textarea)[\s>])", re.IGNORECASE)
_LONE_TAG = re.compile(r"(?P<indent> {0,3})</?[A-Za-z][^<>]*>\s*")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_SUMMARY = re.compile(r".*</summary>[ \t]*(?=\S)", re.IGNORECASE)
# Where a line may go on with another label: behind `|` or a line break, or where one begins in bold.
_SEAM = re.compile(
    rf"(?<![ \t])[ \t]+(?:\||·|•)[ \t]+|<br[ \t]*/?>[ \t]*|(?<![ \t])[ \t]+(?=(?:{SIGNS}+[ \t]*)?\*\*[^*\s][^*\n]{{0,40}}\*\*)"
)
_SEAM_SIGN = re.compile(r"[|·•]|<br|\*\*")  # without one there is no seam, which takes five times as long to see
# What may begin a block other than a paragraph.
_STRUCTURE = re.compile(
    r"^(?:[ \t]|[#>+<|`~=$\[-]|[*_](?=[ \t*_])(?!\*\*?[^\s*])|\d{1,9}[.)])|\n[ \t]*\n|^[ \t]*$", re.MULTILINE
)
_LINE_BREAK = re.compile(r"(?:\\|<br[ \t]*/?>)\Z")
_ENDS = ".。!?！？;；)）]|"
_SHORT = 60
_FAR = 160
_LINE_END_BACKWARDS = re.compile(r"(?:\\|>/?[ \t]*rb<|[ \t])*")


_PARSER = block_parser(extensions=True)
_COMMONMARK = block_parser(extensions=False)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Top-level blocks, link definitions, and the labels that raw HTML swallowed: 0-based line, label as written."""

    blocks: tuple[Block, ...]
    references: dict[str, Any]
    swallowed: tuple[tuple[int, str], ...]


def parse_blocks(
    lines: Sequence[str],
    labels: LabelVocabulary = DEFAULT_LABELS,
    first: int = 0,
    depth: int = 0,
    *,
    extensions: bool = True,
) -> Parsed:
    """Parse Markdown lines into blocks.

    `first` is the number of the first line, `depth` how often raw HTML swallowed it. What it or indented code
    swallows comes back as blocks.
    """
    environment: dict[str, Any] = {}
    builder = _Builder(labels, first, depth)
    tokens: list[Token] = []
    parser = _PARSER if extensions else _COMMONMARK
    parser.block.parse("\n".join(lines).replace("\0", "\ufffd"), parser, environment, tokens)
    blocks = builder.build(tokens)
    return Parsed(blocks, environment.get("references", {}), tuple(builder.swallowed))


@dataclass(slots=True)
class _Run:
    """Lines of a paragraph that belong to one label: the number of the first, their text."""

    number: int
    lines: list[str]
    label: Label | None

    @property
    def is_broken(self) -> bool:
        return self.lines[-1].endswith("  ") or _LINE_BREAK.search(self.lines[-1]) is not None


@dataclass
class _Builder:
    labels: LabelVocabulary
    first: int
    depth: int
    swallowed: list[tuple[int, str]] = field(default_factory=list)

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
                start, end = token.map or (0, 0)
                levels[-1] += self._leaf(_KINDS[token.type], start, end, token.content, token.info)
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
        if kind == "heading" and token.level and token.markup in "-=" and self._known(text):
            kind = "paragraph"  # an empty item below a field makes it a heading, which nobody means
        if kind == "heading":
            level = int(token.tag[1])
        elif token.type == "ordered_list_open":
            info, level = "ordered", int(1 if (number := token.attrGet("start")) is None else number)
        elif kind == "cell":
            info = str(token.attrGet("style") or "")
        elif kind == "box":
            text, info = token.content, token.info
        if kind == "paragraph":
            return self._paragraphs(text, self.first + start, self.first + end, tight=token.hidden)
        return [Block(kind, self.first + start, self.first + end, text, level, info, token.hidden, tuple(children))]

    def _paragraphs(self, text: str, start: int, end: int, *, tight: bool) -> list[Block]:
        """Cut a paragraph before each label; a plain or unknown name is one only after a label or title, where the line above has ended."""
        runs: list[_Run] = []
        opens = False
        for number, line in enumerate(text.split("\n")):
            bare = line.lstrip(" \t")
            for piece in self._pieces(bare):
                label = read_label(piece, self.labels)
                above = runs[-1] if runs else None
                if above and label and self._is_prose(above, label):
                    label = None
                if above is None or self._begins(above, piece, label, opens=opens):
                    if above:
                        above.lines[-1] = _without_line_end(above.lines[-1])
                    runs.append(_Run(number, [piece], label))
                else:  # an admonition's lines keep their indentation
                    above.lines.append(line if piece == bare else piece)
                opens = opens or label is not None or (number == 0 and piece[:1] in "[*")
        found = []
        for run, below in zip_longest(runs, runs[1:]):
            stop = max(start + run.number + 1, start + below.number) if below and below.number < end - start else end
            text = "\n".join(run.lines).strip()
            found.append(Block("paragraph", start + run.number, stop, text, tight=tight, label=run.label))
        return found

    def _begins(self, above: _Run, line: str, label: Label | None, *, opens: bool) -> bool:
        """Whether a line begins a paragraph of its own below another."""
        if label and label.name and label.look != "plain":
            return True
        if label:
            is_short = len(above.lines[-1]) <= _SHORT or above.lines[-1].rstrip()[-1:] in _ENDS
            return opens and (above.is_broken or (is_short and not label.written[:1].islower()))
        # links below a label for keywords
        field = above.label
        if field is None or field.name not in self.labels.keypoint_fields or not above.lines[0][field.value :].strip():
            return False
        return "](" in line and not _LINK.sub("", line).strip(" \t|/·,[]\\()")

    def _is_prose(self, above: _Run, label: Label) -> bool:
        """Whether a label for keypoints goes on with a long text that another field began: `… **Key:** is a word of it`."""
        if (
            label.name not in self.labels.keypoint_fields
            or not above.label
            or not self.labels.is_field(above.label.name)
        ):
            return False
        return sum(map(len, above.lines)) > _SHORT and not above.is_broken

    def _pieces(self, line: str) -> list[str]:
        """A line, cut where another label begins on it: `Published: 2024-05-01 | Category: cs.RO`."""
        line = part_one_run(line, self.labels)
        if len(line) > 2000 or not (_SEAM_SIGN.search(line) and _SEAM.search(line, 1)):
            return [line]
        label = read_label(line, self.labels)
        if label or line[:1] in ("*", "_"):
            for seam in _SEAM.finditer(line, label.value if label else 1):
                # In a long line, or behind the beginning of a text, it is prose with a bold word in it.
                in_text = label is not None and self.labels.is_field(label.name)
                if not seam[0].strip() and (in_text or seam.start() > _FAR):
                    break
                if self._known(part_one_run(line[seam.end() :], self.labels)):
                    return [line[: seam.start()], *self._pieces(line[seam.end() :])]
        return [line]

    def _known(self, text: str) -> Label | None:
        label = read_label(text, self.labels)
        return label if label and label.name else None

    def _leaf(self, kind: str, start: int, end: int, text: str, info: str = "") -> list[Block]:
        block = Block(kind, self.first + start, self.first + end, text, info=info)
        if self.depth > _MAX_SWALLOWED:
            return [block]
        if block.kind == "html" and not _NO_MARKDOWN.match(block.text):
            return self._html(block)
        if block.kind == "code":
            lines = block.text.split("\n")
            found = next(((n, label) for n, line in enumerate(lines) if (label := self._decorated(line))), None)
            if found:
                self.swallowed.append((block.start + found[0], found[1].written))
                return self._again(lines, block.start)
        return [block]

    def _html(self, block: Block) -> list[Block]:
        """Raw HTML, cut where a line of it is a label; `- <details>` loses the hyphen that GitHub shows."""
        lines = block.text.split("\n")
        comment = folded = False
        for number, line in enumerate(lines):
            marker = _MARKER.match(line)
            if marker and line.startswith("<details", marker.end()):
                lines[number] = line = line[marker.end() :]
            behind = _SUMMARY.match(line) if not comment else None
            rest = line[behind.end() :] if behind else line
            # Inside details a plain name is a label: what stands there are the fields of a paper.
            find = self._of_item if folded or behind else self._decorated
            if (number or behind) and not comment and (label := find(rest)):
                margin = len(rest) - len(rest.lstrip())
                below = [text[min(margin, len(text) - len(text.lstrip())) :] for text in [rest, *lines[number + 1 :]]]
                above = [*lines[:number], *([line[: behind.end()]] if behind else [])]
                head = Block("html", block.start, block.start + number, "\n".join(above) + "\n")
                if label.look != "plain":  # of a plain one nothing is lost
                    self.swallowed.append((block.start + number, label.written))
                return [head, *self._again(below, block.start + number)]
            folded = folded or "<details" in line.lower()
            comment = line.rfind("<!--") > line.rfind("-->") or (comment and "-->" not in line)
        return [Block("html", block.start, block.end, "\n".join(lines))]

    def _of_item(self, line: str) -> Label | None:
        line = line.lstrip(" \t>")
        marker = _MARKER.match(line)
        return self._known(line[marker.end() :] if marker else line.strip())

    def _decorated(self, line: str) -> Label | None:
        label = self._of_item(line) if "*" in line or "_" in line or "`" in line or "<" in line else None
        return label if label and label.look != "plain" else None

    def _again(self, lines: Sequence[str], first: int) -> list[Block]:
        text = "\n".join(lines).strip()
        if not _STRUCTURE.search(text):  # one line after the other, as programs write them: no need to parse
            return self._paragraphs(text, first, first + len(lines), tight=False)
        inner = parse_blocks(lines, self.labels, first, self.depth + 1)
        self.swallowed += inner.swallowed
        return list(inner.blocks)


def _without_line_end(line: str) -> str:
    """A line without the blanks, backslashes and line breaks at its end, which are looked for backwards: from each blank on would take long."""
    behind = _LINE_END_BACKWARDS.match(line[::-1])
    return line[: len(line) - behind.end()] if behind else line


def walk_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    stack = list(reversed(blocks))
    while stack:
        block = stack.pop()
        yield block
        if block.children:
            stack.extend(reversed(block.children))


def swallowed_by_lone_tags(lines: Sequence[str], labels: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the labels (0-based line, as written) that cmark-gfm takes for raw HTML, since a tag stands alone on the line above, left of its item's text."""
    for place, written in labels:
        tag = _LONE_TAG.fullmatch(lines[place - 1]) if place else None
        if tag is None or place < 2 or not lines[place - 2].strip():
            continue
        above = next((m for n in range(place - 2, max(place - 20, -1), -1) if (m := _MARKER.match(lines[n]))), None)
        if above and len(tag["indent"]) < above.end():
            yield place, written
