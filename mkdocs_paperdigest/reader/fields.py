"""What stands in a paper: its labels with their values, figures and details, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..records import Block, Figure, Label, Value
from .headings import is_metadata, plain_title
from .inline import RAW_TEXT_TAGS, attributes, html_figures, read_inline, safe_url, without_comments
from .keypoint_names import is_empty, keypoint_pieces
from .labels import KEYPOINTS, LabelVocabulary

Report = Callable[..., None]
"""Takes a finding: its code, its 0-based line, what fills the slots of its message, and `at`, the words that it is about."""

_TAG = re.compile(r"<(?P<name>/?[A-Za-z][A-Za-z0-9-]*+)(?P<inside>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_SUMMARY = re.compile(r"<summary[^<>]*>(?P<name>.{1,200}?)</summary>(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_HEAD_OF_FACTS = re.compile(
    r"(?:value|content|info|information|details?|description|item|field|key|内容|值|値|项目|項目|字段|属性)",
    re.IGNORECASE,
)
SUMMARIES = re.compile(r"<summary[^<>]*>(?:(?!<summary).)*?</summary>", re.IGNORECASE | re.DOTALL)
"""What `<details>` in a cell shows of them, which is no part of a value."""
_MAY_LINK = re.compile(r"[\[<]")
_ANY_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Body:
    values: tuple[Value, ...]
    sources: tuple[tuple[str, ...], ...]
    figures: tuple[Figure, ...]
    details: bool


def _heads_facts(row: Block) -> bool:
    return any(_HEAD_OF_FACTS.fullmatch(cell.text.strip(" *_")) for cell in row.children)


def read_body(
    blocks: Sequence[Block], labels: LabelVocabulary, references: dict[str, Any], report: Report, *, page: bool = False
) -> Body:
    reader = _BodyReader(labels, references, report, page=page)
    for block in blocks:
        reader.visit(block)
    for line in reader.unclosed:
        report("PD301", line)
    values: list[Value] = []
    said: dict[str | None, _Value] = {}
    for value in reader.values:
        first = said.get(value.label.name)
        # A second label for keywords that does not stand like the first is prose.
        if first and first.texts and (first.label.look, first.depth) != (value.label.look, value.depth):
            value.gives_keypoints = False
        if value.gives_keypoints:
            said.setdefault(value.label.name, value)
        values.append(reader.finish(value))
    return Body(
        tuple(values),
        tuple(tuple(value.sources) for value in reader.values),
        tuple(reader.figures),
        reader.details,
    )


@dataclass(slots=True)
class _Value:
    """A value being read: its label, the block that the label stands in, its texts (white space collapsed), and the paragraphs taken below."""

    label: Label
    block: Block
    depth: int
    gives_keypoints: bool
    texts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    taken: list[Block] = field(default_factory=list)


@dataclass
class _BodyReader:
    labels: LabelVocabulary
    references: dict[str, Any]
    report: Report
    page: bool
    values: list[_Value] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    details: bool = False
    current: _Value | None = None
    items: int = 0
    inside_field: int = 0
    in_text: bool = False

    def finish(self, value: _Value) -> Value:
        text = " ".join(filter(None, value.texts))
        text = "" if is_empty(text) else text
        if not value.gives_keypoints:
            return Value(value.label, value.block, text)
        # One text is a list with separators; several are a name each.
        source = value.sources[0] if value.sources else ""
        names = value.texts if len(value.texts) > 1 else keypoint_pieces(text, source, value.label)
        names = [name for name in names if not is_empty(name)]
        if not names:
            self.report("PD201", value.block.start)
        return Value(value.label, value.block, text, tuple(names), tuple(value.taken))

    def visit(self, block: Block) -> None:
        if block.kind not in ("paragraph", "list", "item") and self.current and self.current.gives_keypoints:
            self.current = None
        match block.kind:
            case "paragraph" | "cell":
                self._text(block)
            case "heading":
                self._heading(block)
            case "fence" | "code":
                if self.current:
                    self.current.texts.append(" ".join(block.text.split()))
            case "html":
                self._figures(html_figures(block.text), block.start)
                self._tags(block.text, block.start)
                self._summary(block)
            case "table" if self.page and not self.in_text:
                for number, row in enumerate(block.children):
                    if (number == 0 and _heads_facts(row)) or not self._fact(row):
                        self.visit(row)
            case "item":
                self._item(block)
            case "box":
                before = self.current
                for child in block.children:
                    self.visit(child)
                self.current = self.current if self.current is before else None
            case _:
                for child in block.children:
                    self.visit(child)

    def _item(self, block: Block) -> None:
        before = self.current
        self.items += 1
        for child in block.children:
            inside = child.kind != "paragraph" and self.current is not before
            self.inside_field += inside
            self.visit(child)
            self.inside_field -= inside
        self.items -= 1
        # A field that has its value in this item ends with it; one without takes what follows.
        if self.current is not before and self.current and self.current.texts:
            self.current = None

    def _heading(self, block: Block) -> None:
        text = plain_title(read_inline(block.text, self.references).text)
        self.in_text = False
        if name := self.labels.of_heading(text):
            self._begin(Label(name, text, text, len(block.text), "heading"), block)
        elif is_metadata(text):
            self.current = None
        elif self.page:
            self.in_text, self.current = True, None
        else:
            self._text(block)

    def _begin(self, label: Label, block: Block) -> _Value:
        gives = label.name in self.labels.keypoint_fields
        self.current = _Value(label, block, self.items, gives)
        self.values.append(self.current)
        return self.current

    def _begins(self, label: Label) -> bool:
        if self.in_text:
            return False
        if label.name and label.look != "plain":
            return True
        if self.inside_field:
            return False
        return bool(label.name) or self.current is None or bool(self.current.texts)

    def _text(self, block: Block) -> None:
        text = block.text
        label = block.label if block.label and self._begins(block.label) else None
        if label:
            self._begin(label, block)
            if not label.exact and label.name:
                written = text[: label.value].strip("`*_ ")
                spelling = self.labels.spelling(label.name)
                self.report("PD202", block.start, written, spelling, spelling)
            text = text[label.value :]
            if label.look == "column":
                text = SUMMARIES.sub("", text)
        elif self.current is None and not _MAY_LINK.search(text):
            return
        inline = read_inline(text, self.references)
        self._figures(inline.figures, block.start)
        for _, url in inline.links:
            if not safe_url(url):
                self.report("PD303", block.start, url, at=url)
        if "<" in text:
            self._tags(_CODE.sub("", text), block.start)
        if self.current and (inline.text or inline.links):
            self._take(inline.text, text, block, labelled=label is not None)

    def _take(self, text: str, source: str, block: Block, *, labelled: bool) -> None:
        value = self.current
        assert value is not None
        if not value.gives_keypoints:
            value.texts.append(text)
            value.sources.append(source)
            return
        headed = value.label.look == "heading" and not value.texts
        if labelled or self.items or headed:
            value.texts.append(text)
            value.sources.append(source)
            if not labelled:
                value.taken.append(block)
        if labelled or not self.items:  # a paragraph of its own is prose
            self.current = None

    def _fact(self, row: Block) -> bool:
        if len(row.children) != 2:
            return False
        said, cell = read_inline(row.children[0].text, self.references).text.rstrip(":： "), row.children[1]
        name = self.labels.known(said)
        if name is None:
            return False
        value = self._begin(Label(name, said, said, 0, "column"), row)
        value.texts.append(read_inline(cell.text, self.references).text)
        value.sources.append(cell.text)
        self.current = None
        return True

    def _summary(self, block: Block) -> None:
        """`<details><summary>Abstract</summary>`: what the details hold is a field."""
        if self.current and self.current.label.look == "summary" and "</details" in block.text.lower():
            self.current = None
        match = _SUMMARY.search(block.text) if not self.in_text and "<summary" in block.text.lower() else None
        if match is None:
            return
        said = " ".join(_ANY_TAG.sub("", match["name"]).split()).rstrip(":：")
        name = self.labels.known(plain_title(said))
        if not self.labels.is_field(name) or name == KEYPOINTS:
            return
        value = self._begin(Label(name, said, said, 0, "summary"), block)
        inside, closed, _ = match["rest"].partition("</details")
        if text := " ".join(_ANY_TAG.sub(" ", inside).split()):
            value.texts.append(text)
        if closed:
            self.current = None

    def _figures(self, figures: Iterable[Figure], line: int) -> None:
        for figure in figures:
            if safe_url(figure.src):
                self.figures.append(figure)
            else:
                self.report("PD303", line, figure.src, at=figure.src)

    def _tags(self, source: str, line: int) -> None:
        """Look at raw HTML: details that open and close, and what must not run."""
        source, seen = without_comments(source), 0
        for tag in _TAG.finditer(source):
            line += source.count("\n", seen, tag.start())
            seen, name, place = tag.start(), tag["name"].lower(), line
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
