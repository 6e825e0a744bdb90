"""What stands in a paper: its fields, keypoints, figures and details, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..paper import Block, Field, Figure
from .inline import RAW_TEXT_TAGS, attributes, html_figures, read_inline, runs_a_script
from .keypoints import split_keypoints
from .labels import KEYPOINTS, Label, match_label

Report = Callable[..., None]
"""Takes a finding: its code, its 0-based line, and what fills the slots of its message."""

_TAG = re.compile(r"<(?P<name>/?[A-Za-z][A-Za-z0-9-]*)(?P<inside>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below a paper's title; `keypoints` is None without a keypoint field."""

    fields: tuple[Field, ...]
    keypoints: tuple[str, ...] | None
    figures: tuple[Figure, ...]
    details: bool


def read_body(blocks: Sequence[Block], references: dict[str, Any], first_line: int, report: Report) -> Body:
    """Read the blocks below a title. `first_line` is the number of the page's first line in its file."""
    reader = _BodyReader(references, report)
    for block in blocks:
        reader.visit(block)
    for line in reader.unclosed:
        report("PD301", line)
    fields: dict[str, Field] = {}
    keypoints: dict[str, None] | None = None
    for value in reader.values:
        name, text = value.label.name, value.text
        known = fields.get(name)
        if known is None or not known.text:
            line = known.line if known else first_line + value.line
            fields[name] = Field(name, value.label.spelling, text, line)
        if name == KEYPOINTS:
            found = value.keypoints
            keypoints = (keypoints or {}) | dict.fromkeys(found)
            if not found:
                report("PD201", value.line)
    names = None if keypoints is None else tuple(keypoints)
    return Body(tuple(fields.values()), names, tuple(reader.figures), reader.details)


@dataclass(slots=True)
class _Value:
    """The value of one label: its texts in order, the first behind the label if `inline`, the others below it."""

    label: Label
    line: int
    texts: list[str] = field(default_factory=list)
    inline: bool = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    @property
    def keypoints(self) -> tuple[str, ...]:
        """The names that the value lists: behind the label, or one per paragraph below it."""
        return split_keypoints(self.text) if self.inline else tuple(filter(None, self.texts))


class _BodyReader:
    """Visits the blocks of a paper in order."""

    def __init__(self, references: dict[str, Any], report: Report) -> None:
        self.references = references
        self.report = report
        self.values: list[_Value] = []
        self.figures: list[Figure] = []
        self.unclosed: list[int] = []
        self.details = False
        self.current: _Value | None = None

    def visit(self, block: Block) -> None:
        match block.kind:
            case "paragraph" | "heading" | "cell":
                self._text(block)
            case "fence" | "code":
                if self.current:
                    self.current.texts.append(block.text)
            case "html":
                self.figures += html_figures(block.text)
                self._tags(block.text, block.start)
            case _:
                before = self.current
                for child in block.children:
                    self.visit(child)
                # A field that has its value in this item ends with it; one without takes what follows.
                if block.kind == "item" and self.current is not before and self.current and self.current.texts:
                    self.current = None

    def _text(self, block: Block) -> None:
        text = block.text
        label = match_label(text) if block.kind == "paragraph" else None
        if label:
            self.current = _Value(label, block.start)
            self.values.append(self.current)
            if not label.exact:
                written = text[: label.value].strip("`*_ ")
                self.report("PD202", block.start, written, label.spelling, label.spelling)
            text = text[label.value :]
        inline = read_inline(text, self.references)
        self.figures += inline.figures
        for _, url in inline.links:
            if runs_a_script(url):
                self.report("PD303", block.start, url)
        if "<" in text:
            self._tags(_CODE.sub("", text), block.start)
        if self.current and inline.text:
            self.current.texts.append(inline.text)
            self.current.inline = self.current.inline or label is not None

    def _tags(self, source: str, line: int) -> None:
        """Look at raw HTML: details that open and close, and what must not run."""
        for tag in _TAG.finditer(_COMMENT.sub("", source)):
            name, place = tag["name"].lower(), line + source.count("\n", 0, tag.start())
            inside = tag["inside"].lower()
            if name == "details":
                self.details = True
                self.unclosed.append(place)
            elif name == "/details" and self.unclosed:
                self.unclosed.pop()
            elif name in RAW_TEXT_TAGS:
                self.report("PD304", place, tag["name"])
            elif "href" in inside or "src" in inside:
                values = attributes(tag["inside"])
                for url in filter(runs_a_script, (values.get("href", ""), values.get("src", ""))):
                    self.report("PD303", place, url)
