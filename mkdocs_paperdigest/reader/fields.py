"""What stands in a paper: its fields, keypoints, figures and details, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..paper import Block, Field, Figure, Names
from .inline import RAW_TEXT_TAGS, attributes, html_figures, read_inline, safe_url, without_comments
from .keypoints import split_keypoints
from .labels import KEYPOINTS, Label, match_label

Report = Callable[..., None]
"""Takes a finding: its code, its 0-based line, what fills the slots of its message, and `at`, the words that it is about."""

_TAG = re.compile(r"<(?P<name>/?[A-Za-z][A-Za-z0-9-]*)(?P<inside>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below a paper's title; `keypoints` is None without a keypoint field."""

    fields: tuple[Field, ...]
    keypoints: tuple[str, ...] | None
    names: tuple[Names, ...]
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
    names = []
    for value in reader.values:
        name, text = value.label.name, " ".join(" ".join(value.texts).split())
        known = fields.get(name)
        if known is None or not known.text:
            line = known.line if known else first_line + value.block.start
            fields[name] = Field(name, value.label.spelling, text, line)
        if name == KEYPOINTS:
            # One text is a list with separators; several are a name each.
            found = value.texts if len(value.texts) > 1 else [*split_keypoints(text)]
            names.append(Names(value.block, tuple(found), tuple(value.taken)))
            if not found:
                report("PD201", value.block.start)
    keypoints = tuple(dict.fromkeys(name for field in names for name in field.names)) if names else None
    return Body(tuple(fields.values()), keypoints, tuple(names), tuple(reader.figures), reader.details)


@dataclass(slots=True)
class _Value:
    """A field being read: its label, the paragraph that the label stands in, its texts, and the paragraphs taken below."""

    label: Label
    block: Block
    texts: list[str] = field(default_factory=list)
    taken: list[Block] = field(default_factory=list)


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
        self.items = 0

    def visit(self, block: Block) -> None:
        if block.kind not in ("paragraph", "list", "item") and self.current and self.current.label.name == KEYPOINTS:
            self.current = None
        match block.kind:
            case "paragraph" | "heading" | "cell":
                self._text(block)
            case "fence" | "code":
                if self.current:
                    self.current.texts.append(block.text)
            case "html":
                self._figures(html_figures(block.text), block.start)
                self._tags(block.text, block.start)
            case _:
                before = self.current
                self.items += block.kind == "item"
                for child in block.children:
                    self.visit(child)
                self.items -= block.kind == "item"
                # A field that has its value in this item ends with it; one without takes what follows.
                if block.kind == "item" and self.current is not before and self.current and self.current.texts:
                    self.current = None

    def _text(self, block: Block) -> None:
        text = block.text
        label = match_label(text) if block.kind == "paragraph" else None
        if label:
            self.current = _Value(label, block)
            self.values.append(self.current)
            if not label.exact:
                written = text[: label.value].strip("`*_ ")
                self.report("PD202", block.start, written, label.spelling, label.spelling)
            text = text[label.value :]
        inline = read_inline(text, self.references)
        self._figures(inline.figures, block.start)
        for _, url in inline.links:
            if not safe_url(url):
                self.report("PD303", block.start, url, at=url)
        if "<" in text:
            self._tags(_CODE.sub("", text), block.start)
        if not self.current or not inline.text:
            return
        if self.current.label.name != KEYPOINTS:
            self.current.texts.append(inline.text)
        elif label:
            self.current.texts.append(inline.text)
            self.current = None
        elif self.items:
            self.current.texts.append(inline.text)
            self.current.taken.append(block)
        else:  # a paragraph of its own is prose
            self.current = None

    def _figures(self, figures: Iterable[Figure], line: int) -> None:
        for figure in figures:
            if safe_url(figure.src):
                self.figures.append(figure)
            else:
                self.report("PD303", line, figure.src, at=figure.src)

    def _tags(self, source: str, line: int) -> None:
        """Look at raw HTML: details that open and close, and what must not run."""
        for tag in _TAG.finditer(without_comments(source)):
            name, place = tag["name"].lower(), line + source.count("\n", 0, tag.start())
            inside = tag["inside"].lower()
            if name == "details":
                self.details = True
                self.unclosed.append(place)
            elif name == "/details" and self.unclosed:
                self.unclosed.pop()
            elif name in RAW_TEXT_TAGS:
                self.report("PD304", place, tag["name"], at=f"<{tag['name']}")
            elif "href" in inside or ("src" in inside and name != "img"):
                values = attributes(tag["inside"])
                for attribute in ("href", "src"):
                    if not safe_url(url := values.get(attribute, "")):
                        self.report("PD303", place, url, at=f"<{tag['name']}")
