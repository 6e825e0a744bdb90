"""What stands in a paper: its labels with their values, split into keypoints, figures and details, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from ..languages import digest_words
from ..records import Block, Figure, Label, Value
from .headings import is_metadata, plain_title
from .inline import RAW_TEXT_TAGS, attributes, html_figures, read_inline, safe_url, without_comments
from .labels import KEYPOINTS, LabelVocabulary

Report = Callable[..., None]
"""Takes a finding: its code, its 0-based line, what fills the slots of its message, and `at`, the words that it is about."""

_TAG = re.compile(r"<(?P<name>/?[A-Za-z][A-Za-z0-9-]*+)(?P<inside>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_SUMMARY = re.compile(r"<summary[^<>]*>(?P<name>.{1,200}?)</summary>(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_COLUMNS = digest_words("headings")["columns"]
_SEPARATORS = (re.compile("[;；]"), re.compile("[、，,]"))
_ALL = ";；、，,"
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「", "』": "『", "》": "《"}
_NONE = re.compile(
    r"\s*(?:(?:\{[^{}<>'=\"]*\}|无|無|なし|暂无|n/a|null|none|nil|-+|—)\s*)?(?:[.。]\s*)?", re.IGNORECASE
)
_CODE_SPAN = re.compile(r"(?<!`)`+[^`\n]+`+")
_CODE_SPANS = re.compile(r"(?:`++[^`\n]++`++\s*+){2,}")
_HASH_TAGS = re.compile(r"#[^\s#]+(?:\s+#[^\s#]+)+|#[^\s#]+")
_BRACKETED = re.compile(r"(?:\[[^\[\]]*\]){2,}[.。]?")
_FULL_STOP = re.compile(r"(?:(?<=[^\W_.]{2})|(?<=\]))(?<!\betc)(?<!\bal)[.。]\Z")
_OPENING = frozenset(_BRACKETS.values())
SUMMARIES = re.compile(r"<summary[^<>]*>(?:(?!<summary).)*?</summary>", re.IGNORECASE | re.DOTALL)
"""What `<details>` in a cell shows of them, which is no part of a value."""
_MAY_LINK = re.compile(r"[\[<]")
_ANY_TAG = re.compile(r"<[^<>]*>")


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
class Body:
    """The body of a paper: its `values`, the Markdown that each was read from (`sources`), its `figures`, and whether it has `details`."""

    labels: LabelVocabulary
    references: dict[str, Any]
    report: Report
    page: bool
    values: list[Value] = field(default_factory=list)
    sources: list[list[str]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    details: bool = False
    _read: list[_Value] = field(default_factory=list)
    _unclosed: list[int] = field(default_factory=list)
    _current: _Value | None = None
    _items: int = 0
    _inside_field: int = 0
    _in_text: bool = False

    def read(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._visit(block)
        for line in self._unclosed:
            self.report("PD301", line)
        said: dict[str | None, _Value] = {}
        for value in self._read:
            first = said.get(value.label.name)
            # A second label for keywords that does not stand like the first is prose.
            if first and first.texts and (first.label.look, first.depth) != (value.label.look, value.depth):
                value.gives_keypoints = False
            if value.gives_keypoints:
                said.setdefault(value.label.name, value)
            self.values.append(self._finish(value))
            self.sources.append(value.sources)

    def _finish(self, value: _Value) -> Value:
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

    def _visit(self, block: Block) -> None:
        if block.kind not in ("paragraph", "list", "item") and self._current and self._current.gives_keypoints:
            self._current = None
        match block.kind:
            case "paragraph" | "cell":
                self._text(block)
            case "heading":
                self._heading(block)
            case "fence" | "code":
                if self._current:
                    self._current.texts.append(" ".join(block.text.split()))
            case "html":
                self._figures(html_figures(block.text), block.start)
                self._tags(block.text, block.start)
                self._summary(block)
            case "table" if self.page and not self._in_text:
                for number, row in enumerate(block.children):
                    heads = number == 0 and any(cell.text.strip(" *_").casefold() in _COLUMNS for cell in row.children)
                    if heads or not self._fact(row):
                        self._visit(row)
            case "item":
                self._item(block)
            case "box":
                before = self._current
                for child in block.children:
                    self._visit(child)
                self._current = self._current if self._current is before else None
            case _:
                for child in block.children:
                    self._visit(child)

    def _item(self, block: Block) -> None:
        before = self._current
        self._items += 1
        for child in block.children:
            inside = child.kind != "paragraph" and self._current is not before
            self._inside_field += inside
            self._visit(child)
            self._inside_field -= inside
        self._items -= 1
        # A field that has its value in this item ends with it; one without takes what follows.
        if self._current is not before and self._current and self._current.texts:
            self._current = None

    def _heading(self, block: Block) -> None:
        text = plain_title(read_inline(block.text, self.references).text)
        self._in_text = False
        if name := self.labels.of_heading(text):
            self._begin(Label(name, text, text, len(block.text), "heading"), block)
        elif is_metadata(text):
            self._current = None
        elif self.page:
            self._in_text, self._current = True, None
        else:
            self._text(block)

    def _begin(self, label: Label, block: Block) -> _Value:
        gives = label.name in self.labels.keypoint_fields
        self._current = _Value(label, block, self._items, gives)
        self._read.append(self._current)
        return self._current

    def _begins(self, label: Label) -> bool:
        if self._in_text:
            return False
        if label.name and label.look != "plain":
            return True
        if self._inside_field:
            return False
        return bool(label.name) or self._current is None or bool(self._current.texts)

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
        elif self._current is None and not _MAY_LINK.search(text):
            return
        inline = read_inline(text, self.references)
        self._figures(inline.figures, block.start)
        for _, url in inline.links:
            if not safe_url(url):
                self.report("PD303", block.start, url, at=url)
        if "<" in text:
            self._tags(_CODE.sub("", text), block.start)
        if self._current and (inline.text or inline.links):
            self._take(inline.text, text, block, labelled=label is not None)

    def _take(self, text: str, source: str, block: Block, *, labelled: bool) -> None:
        value = self._current
        assert value is not None
        if not value.gives_keypoints:
            value.texts.append(text)
            value.sources.append(source)
            return
        headed = value.label.look == "heading" and not value.texts
        if labelled or self._items or headed:
            value.texts.append(text)
            value.sources.append(source)
            if not labelled:
                value.taken.append(block)
        if labelled or not self._items:  # a paragraph of its own is prose
            self._current = None

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
        self._current = None
        return True

    def _summary(self, block: Block) -> None:
        """`<details><summary>Abstract</summary>`: what the details hold is a field."""
        if self._current and self._current.label.look == "summary" and "</details" in block.text.lower():
            self._current = None
        match = _SUMMARY.search(block.text) if not self._in_text and "<summary" in block.text.lower() else None
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
            self._current = None

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
                self._unclosed.append(place)
            elif name == "/details" and self._unclosed:
                self._unclosed.pop()
            elif name in RAW_TEXT_TAGS:
                self.report("PD304", place, tag["name"], at=f"<{tag['name']}")
            elif "href" in inside or ("src" in inside and name != "img"):
                values = attributes(tag["inside"])
                for attribute in ("href", "src"):
                    if not safe_url(url := values.get(attribute, "")):
                        self.report("PD303", place, url, at=f"<{tag['name']}")


def _depths(text: str) -> list[int]:
    """For each character, between how many pairs of brackets that belong together it stands."""
    steps = [0] * (len(text) + 1)
    opened: list[int] = []
    for place, char in enumerate(text):
        if char in _OPENING:
            opened.append(place)
        elif opened and text[opened[-1]] == _BRACKETS.get(char):
            steps[opened.pop()] += 1
            steps[place] -= 1
    return list(accumulate(steps))


def is_empty(text: str) -> bool:
    """Whether a value says that there is none: nothing, an unfilled `{placeholder}`, `N/A`, `null`, `无`."""
    return _NONE.fullmatch(text) is not None


def split_keypoints(text: str, source: str = "") -> tuple[str, ...]:
    """Split plain text into keypoints, in order; `source` is its Markdown.

    If `;` or `；` outside brackets leaves several pieces, they split and nothing else does; otherwise
    `、`, `，` and `,` split, outside brackets. "and" and "/" never split. Words that all begin with `#`, and code spans that follow
    each other, are a name each. Pieces are trimmed, their white space is collapsed, a pair of square brackets around one and the
    full stop behind the last are taken off, and empty ones dropped.
    """
    if _CODE_SPANS.fullmatch(source.strip()):
        return tuple(" ".join(span.strip("` #").split()) for span in _CODE_SPAN.findall(source))
    if _HASH_TAGS.fullmatch(text.strip()):
        return tuple(tag.strip("#,，;；、") for tag in text.split())
    if _BRACKETED.fullmatch(text.strip()):
        return tuple(name for piece in text.strip("[] .。\t").split("][") if (name := " ".join(piece.split())))
    text = _FULL_STOP.sub("", text.rstrip(_ALL + " \t\n"))
    depths = None if _OPENING.isdisjoint(text) else _depths(text)
    pieces: list[str] = []
    for separator in _SEPARATORS:
        if depths:
            cuts = [m.start() for m in separator.finditer(text) if not depths[m.start()]]
            parts = [text[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, len(text)], strict=True)]
        else:
            parts = separator.split(text)
        pieces = [piece for part in parts if (piece := " ".join(part.split()))]
        if len(pieces) > 1:
            break
    return tuple(bare for piece in pieces if (bare := _without_brackets(piece)))


def keypoint_pieces(text: str, source: str, label: Label) -> list[str]:
    """What the value of a keypoint label holds: names, and what stands for none of them (`N/A`); below a heading ` / ` parts them, too."""
    pieces = split_keypoints(text, source)
    if label.look == "heading" and len(names := [piece for piece in pieces if not is_empty(piece)]) == 1:
        return [name for part in names[0].split(" / ") if (name := part.strip())]
    return list(pieces)


def _without_brackets(piece: str) -> str:
    inside = piece[1:-1]
    return inside.strip() if piece[:1] == "[" and piece[-1:] == "]" and not {"[", "]"} & set(inside) else piece
