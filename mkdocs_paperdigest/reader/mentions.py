"""Where in its source each keypoint of a paper stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import yaml

from ..records import Block, Digest, Paper, Section, Value
from .facts import front_matter_values
from .fields import SUMMARIES
from .front_matter import split_front_matter
from .headings import plain_title, split_heading
from .inline import read_inline
from .keypoint_names import is_empty, split_keypoints
from .label_vocabulary import DEFAULT_LABELS, LabelVocabulary
from .source_places import LINE_END, Lines, Source, project

_CELL = re.compile(r"(?:[^|\\]|\\.)*+\\?", re.DOTALL)
_BEFORE_ROW = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?\|?")
_HEADING = re.compile(r"[ \t>]{0,9}#{1,6}(?P<text>[^\n]*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_WITHOUT_TEXT = frozenset(["tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"])
_NAMES_OF_ITEMS = frozenset(["name", "title", "created", "id"])
_WINDOW = 4000
_MOST_NODES = 500
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """One keypoint where a source names it.

    `written` is the name as in `Paper.keypoints`, `line` and `column` are 1-based. `start` and `end` are its characters in the
    text of the file as given, line ends as they are; None where the name does not stand there letter by letter: then
    the place is as near as is known. `before` is the span of what parts it from the name before it in the same list, `lead`
    that between a label and the first name behind it. `fixable` says that other plain text may take its place.
    `category` says that it is the category of the paper that gives the name.
    """

    paper: Paper
    written: str
    line: int
    column: int
    start: int | None = None
    end: int | None = None
    before: tuple[int, int] | None = None
    lead: tuple[int, int] | None = None
    fixable: bool = False
    category: bool = False


_Known = dict[int, tuple[Digest, LabelVocabulary, tuple[Mention, ...]]]
_KNOWN: ContextVar[_Known | None] = ContextVar("_KNOWN", default=None)


def mentions(text: str, digest: Digest, labels: LabelVocabulary = DEFAULT_LABELS) -> Iterator[Mention]:
    """Where the papers of a digest name their keypoints, in the order of the papers, each time that one is named.

    Takes the whole text that the digest was read from, as it was decoded, and the labels that it was read with. Every
    keypoint of every paper has one mention at least. Raises nothing; linear in the text.
    """
    known = _KNOWN.get()
    if known is None:
        yield from _found(text, digest, labels)
        return
    of, labels_of, found = known.get(id(digest), (None, None, ()))
    if of is not digest or labels_of != labels:
        found = tuple(_found(text, digest, labels))
        known[id(digest)] = (digest, labels, found)
    yield from found


@contextmanager
def remember_mentions() -> Iterator[None]:
    """Inside a `with`, the mentions of a digest are looked for once, however often they are asked for."""
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def _found(text: str, digest: Digest, labels: LabelVocabulary) -> Iterator[Mention]:
    finder = _Finder(text, labels, digest)
    for section in digest.sections:
        if section.paper.keypoints:
            yield from finder.of_section(section)


class _Finder:
    def __init__(self, text: str, labels: LabelVocabulary, digest: Digest) -> None:
        self.text = text
        self.lines = Lines(text)
        self.labels = labels
        self.alone = len(digest.sections) == 1
        self.meta, _, self.above = split_front_matter(text)
        self.references: dict[str, Any] = digest.definitions
        self._taken: dict[int, int] = {}
        self._categories: dict[str, int] = {}
        self._walked = self.above
        self._yaml_starts = [0]

    def of_section(self, section: Section) -> Iterator[Mention]:
        found: set[str] = set()
        paper = section.paper
        stated = {value.label.name for value in section.values if value.names is not None}
        for value in section.values:
            if value.names:
                for mention in self._of_value(section, value):
                    found.add(mention.written)
                    yield mention
        if self.meta and self.alone and section.added:
            for mention in self._of_front_matter(paper, stated):
                found.add(mention.written)
                yield mention
        if paper.category and paper.category not in found and paper.category in section.added:
            found.add(paper.category)
            line, column = self._category(paper.category, section)
            yield Mention(paper, paper.category, line, column, category=True)
        for name in paper.keypoints or ():
            if name not in found:
                yield Mention(paper, name, paper.line, 1)

    # -- labels

    def _of_value(self, section: Section, value: Value) -> Iterator[Mention]:
        category = value.label.name == "category"
        texts = self._texts(section, value)
        several = len(texts) > 1
        wanted = list(value.names or ())
        for block, markdown, source in texts:
            plain = read_inline(markdown, self.references).text
            if several:
                every = [plain]
            else:
                every = list(split_keypoints(" ".join(plain.split()), markdown))
                kept = [name for name in every if not is_empty(name)]
                if len(kept) == 1 and value.label.look == "heading":
                    every = kept[0].split(" / ")
                    kept = [piece for piece in map(str.strip, every) if piece]
                every = [name.strip() for name in every] if kept == wanted else wanted
            names = [name for name in every if name and not is_empty(name)]
            del wanted[: len(names)]
            start, end = self.lines.between(block.start + self.above, block.end + self.above)
            region = (source.at[0] if source else start, end)
            labelled = block is value.block and value.label.look not in ("column", "heading")
            for mention in self._named(section.paper, every, plain, source, region, labelled=labelled):
                yield replace(mention, fixable=False, category=True) if category else mention
        for name in wanted:
            line, column = self._beginning(value.block)
            yield Mention(section.paper, name, line, column, category=category)

    def _texts(self, section: Section, value: Value) -> list[tuple[Block, str, Source | None]]:
        texts: list[tuple[Block, str, Source | None]] = []
        block, label = value.block, value.label
        if block.kind == "row":
            texts.append((block, block.children[1].text, self._cell(block, 1)))
        elif label.look != "heading":
            markdown = block.text[label.value :]
            if label.look == "column":
                source = self._cell_below(section, value)
                markdown = SUMMARIES.sub("", markdown)
            else:
                source = self._block(block)
            said = read_inline(markdown, self.references)
            if said.text or said.links:
                texts.append((block, markdown, source))
        texts += [(taken, taken.text, self._block(taken)) for taken in value.taken]
        return texts

    def _named(
        self,
        paper: Paper,
        names: Iterable[str],
        plain: str,
        source: Source | None,
        region: tuple[int, int],
        *,
        labelled: bool = False,
    ) -> Iterator[Mention]:
        """The mentions of names that stand in a plain text one after the other, behind a label or not; empty ones are passed over."""
        places = project(source.text, plain) if source else None
        cursor, near, last = 0, region[0], None
        for name in names:
            at = plain.find(name, cursor) if name else -1
            if at >= 0:
                cursor = at + len(name)
            if not name or is_empty(name):
                last = None
                continue
            if places and source and at >= 0:
                first, final = places.at[at], places.ends[cursor - 1]
                start, end = source.at[first], source.at[final - 1] + 1
                exact = " ".join(self.text[start:end].split()) == name
                line, column = self.lines.place(start)
                if exact:
                    plainly = "\n" not in self.text[start:end] and "\r" not in self.text[start:end]
                    before = (last, start) if last is not None else None
                    lead = self._lead(source, start) if labelled else None
                    marked = first in places.linked or source.text[first - 1 : first] in ("\\", "<")
                    yield Mention(paper, name, line, column, start, end, before, lead, plainly and not marked)
                else:
                    yield Mention(paper, name, line, column)
                last = end if exact else None
                near = end
            else:
                found = self.text.find(name, near, min(near + _WINDOW + len(name), region[1]))
                line, column = self.lines.place(found if found >= 0 else self._first_letter(near, region[1]))
                near = found + len(name) if found >= 0 else near
                yield Mention(paper, name, line, column)
            labelled = False

    def _first_letter(self, start: int, end: int) -> int:
        window = self.text[start : min(start + _WINDOW, end)]
        bare = window.lstrip()
        return start + len(window) - len(bare) if bare else start

    def _lead(self, source: Source, start: int) -> tuple[int, int] | None:
        """The blanks between a label and a name behind it on its line; the value of a label may begin behind them."""
        between = self.text[source.at[0] : start]
        if between.strip() or LINE_END.search(between):
            return None
        begin = source.at[0]
        while begin > 0 and self.text[begin - 1].isspace() and self.text[begin - 1] not in "\r\n":
            begin -= 1
        return (begin, start) if begin < start else None

    def _beginning(self, block: Block) -> tuple[int, int]:
        start, end = self.lines.between(block.start + self.above, block.end + self.above)
        return self.lines.place(self._first_letter(start, end))

    # -- blocks in the file

    def _block(self, block: Block) -> Source | None:
        """The Markdown of a paragraph, behind its label, as it stands in the file; None if its lines are not found there."""
        at: list[int] = []
        number, column = block.start + self.above, 0
        last = min(block.end + self.above, len(self.lines))
        for count, line in enumerate(block.text.split("\n")):
            bare = line.strip()
            place, number, column = self._line(bare, number, last, column, labelled=count == 0 and bool(block.label))
            if place is None:
                return self._value_in_one_run(block) if count == 0 and block.label else None
            if bare == block.text:
                return _behind_label(block, place.at)
            margin = len(line) - len(line.lstrip()) if bare else len(line)
            at += [place.at[0]] * margin + list(place.at[:-1]) + [place.at[-1]] * (len(line) - margin - len(bare) + 1)
        return _behind_label(block, at)

    def _line(
        self, bare: str, number: int, last: int, column: int, *, labelled: bool
    ) -> tuple[Source | None, int, int]:
        for place in range(number, last):
            line = self.lines.line(place)
            if labelled:
                column = max(column, self._taken.get(place, 0))
            end = len(line.text.rstrip())
            found = end - len(bare)
            if labelled or found < column or not line.text.endswith(bare, 0, end):
                found = line.text.find(bare, column)
            if found >= 0:
                behind = found + len(bare)
                if labelled:
                    self._taken[place] = behind
                return line[found:behind], place, behind
            column = 0
        return None, number, column

    def _value_in_one_run(self, block: Block) -> Source | None:
        """The value of `**Keywords: a, b**`, which the reader takes for `**Keywords:** a, b`."""
        assert block.label is not None
        line = self.lines.line(min(block.start + self.above, len(self.lines) - 1))
        label = line.text.find(block.label.written)
        value = block.text[block.label.value :]
        bare = value.strip()
        found = line.text.find(bare, label + len(block.label.written)) if label >= 0 and bare else -1
        if found < 0:
            return None
        margin = len(value) - len(value.lstrip())
        place = line[found : found + len(bare)]
        at = [place.at[0]] * margin + list(place.at[:-1]) + [place.at[-1]] * (len(value) - margin - len(bare) + 1)
        return Source(value, at)

    def _cell_below(self, section: Section, value: Value) -> Source | None:
        if section.table is None or section.table.info == "html":
            return None
        cells = section.row.children if section.row else ()
        for number, (head, cell) in enumerate(zip(section.table.children[0].children, cells, strict=False)):
            said = read_inline(head.text, self.references).text.strip(" :：")
            if section.row and said == value.label.written and cell.text == value.block.text:
                return self._cell(section.row, number)
        return None

    def _cell(self, row: Block, number: int) -> Source | None:
        if row.start + self.above >= len(self.lines):
            return None
        line = self.lines.line(row.start + self.above)
        match = _BEFORE_ROW.match(line.text)
        place = match.end() if match else 0
        for n in range(number + 1):
            cell = _CELL.match(line.text, place)
            if cell is None or place > len(line.text):
                return None
            if n == number:
                return line[place : cell.end()]
            place = cell.end() + 1
        return None

    # -- front matter

    def _of_front_matter(self, paper: Paper, stated: Iterable[str | None]) -> Iterator[Mention]:
        said = front_matter_values(self.meta, self.labels)
        given = [name for name in said if name in self.labels.keypoint_fields and name not in stated]
        root = self._yaml() if given else None
        if not isinstance(root, yaml.MappingNode):
            return
        for name in given:
            if set(said[name]) <= set(paper.keypoints or ()):
                yield from self._of_keys(paper, root, name, said[name])

    def _of_keys(self, paper: Paper, root: yaml.MappingNode, name: str, names: Sequence[str]) -> Iterator[Mention]:
        found: list[Mention] = []
        line = 1
        for key, node in root.value:
            meaning = self.labels.meaning(str(key.value).replace("_", " "))
            if meaning and meaning[1] and meaning[0] == name:
                line = bisect_right(self._yaml_starts, key.start_mark.index) + 1
                for scalar in _scalars(node):
                    found += self._of_scalar(paper, scalar, split=not isinstance(node, yaml.SequenceNode))
        category = name == "category"
        if [mention.written for mention in found] != list(names):
            yield from (Mention(paper, name, line, 1, category=category) for name in names)
            return
        for mention in found:
            yield replace(mention, fixable=mention.fixable and not category, category=category)

    def _of_scalar(self, paper: Paper, node: yaml.ScalarNode, *, split: bool) -> Iterator[Mention]:
        value = str(node.value).strip()
        if "[" in value:
            value = read_inline(value).text
        plain = " ".join(value.split())
        if is_empty(value):
            return
        quoted = node.style in ("'", '"')
        source = self._span(node.start_mark, node.end_mark)
        if quoted:
            source = source[1:-1]
        elif node.style in ("|", ">"):
            source = source[source.text.find("\n") + 1 :]
        names = split_keypoints(plain) if split else (value,)
        region = (source.at[0], source.at[-1])
        for mention in self._named(paper, names, plain, source, region):
            yield replace(mention, fixable=mention.fixable and node.style not in ("|", ">"))

    def _span(self, first: yaml.Mark, last: yaml.Mark) -> Source:
        """The source between two marks of YAML, whose own numbers of lines count more line ends than `Lines` does."""
        begin, end = (bisect_right(self._yaml_starts, mark.index) - 1 for mark in (first, last))
        text: list[str] = []
        at: list[int] = []
        for number in range(begin, end + 1):
            start, stop = self.lines.between(number + 1, number + 2)
            left = start + (first.index - self._yaml_starts[number] if number == begin else 0)
            right = start + last.index - self._yaml_starts[number] if number == end else stop
            text.append(self.text[left:right])
            at += range(left, right + 1)
        return Source("\n".join(text), at)

    def _yaml(self) -> yaml.Node | None:
        lines = self.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        try:
            end = next(n for n, line in enumerate(lines) if n > 1 and line.rstrip(" \t") in ("---", "..."))
            node: yaml.Node | None = yaml.compose("\n".join(lines[1:end]) + "\n", yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError, StopIteration):
            return None
        self._yaml_starts = [0, *accumulate(len(line) + 1 for line in lines[1:end])]
        return node

    # -- categories

    def _category(self, name: str, section: Section) -> tuple[int, int]:
        while self._walked < min(section.start + self.above, len(self.lines)):
            said = self._said(self._walked)
            if said:
                self._categories[said] = self._walked
            self._walked += 1
        number = self._categories.get(name)
        if number is None:
            return section.paper.line, 1
        line = self.lines.line(number).text
        return number + 1, max(line.find(name), len(line) - len(line.lstrip(" \t>#|*"))) + 1

    def _said(self, number: int) -> str:
        line = self.lines.line(number).text
        match = _HEADING.match(line)
        if match:
            line = match["text"].rstrip(" \t").rstrip("#")
        elif "|" in line:
            line = next((cell for cell in line.split("|") if cell.strip(" \t>")), "")
        elif "<font" not in line and not (
            number + 1 < len(self.lines) and _UNDERLINE.fullmatch(self.lines.line(number + 1).text)
        ):
            return ""
        return plain_title(split_heading(line.strip(), self.references).text)


def _behind_label(block: Block, at: Sequence[int]) -> Source:
    return Source(block.text, at)[min(block.label.value, len(block.text)) if block.label else 0 :]


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """The nodes of front matter that hold the texts of a value, in order; YAML can hold itself."""
    stack: list[tuple[yaml.Node, int]] = [(node, 0)]
    given = 0
    while stack and given < _MOST_NODES:
        node, depth = stack.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(node, yaml.ScalarNode):
            if node.tag not in _WITHOUT_TEXT:
                given += 1
                yield node
        elif isinstance(node, yaml.SequenceNode):
            stack += [(child, depth + 1) for child in reversed(node.value)]
        elif isinstance(node, yaml.MappingNode):
            stack += [(child, depth + 1) for key, child in reversed(node.value) if _names_an_item(key, child)]


def _names_an_item(key: yaml.Node, child: yaml.Node) -> bool:
    return str(key.value).casefold() in _NAMES_OF_ITEMS or (
        isinstance(child, yaml.ScalarNode) and "://" in str(child.value)
    )
