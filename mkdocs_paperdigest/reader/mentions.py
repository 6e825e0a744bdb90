"""Where in its source each keypoint of a paper stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import yaml

from ..records import Block, Digest, Paper, Section, Value
from ..support.yaml_nodes import UnreadableError, compose
from .facts import front_matter_values
from .fields import SUMMARIES, is_empty, keypoint_pieces, split_keypoints
from .front_matter import FRONT_MATTER, split_front_matter
from .headings import plain_title, split_heading
from .inline import INVALID_CHARACTERS, read_inline
from .labels import DEFAULT_LABELS, LabelVocabulary
from .source_places import Lines, project

_DROPPED = re.compile(rf"\A\ufeff|\r(?=\n)|{INVALID_CHARACTERS.pattern}")
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


_Known = dict[tuple[int, LabelVocabulary], tuple[Digest, tuple[Mention, ...]]]
_KNOWN: ContextVar[_Known] = ContextVar("_KNOWN")


def mentions(text: str, digest: Digest, labels: LabelVocabulary = DEFAULT_LABELS) -> tuple[Mention, ...]:
    """Where the papers of a digest name their keypoints, in the order of the papers, each time that one is named.

    Takes the whole text that the digest was read from, as it was decoded, and the labels that it was read with. Every
    keypoint of every paper has one mention at least. Raises nothing; linear in the text.
    """
    known, key = _KNOWN.get({}), (id(digest), labels)
    if key not in known:
        sections = [section for section in digest.sections if section.paper.keypoints]
        finder = _Finder(text, labels, digest) if sections else None
        found = tuple(mention for section in sections if finder for mention in finder.of_section(section))
        known[key] = digest, found  # the digest is kept, so that no other has its id
    return known[key][1]


@contextmanager
def remember_mentions() -> Iterator[None]:
    """Inside a `with`, the mentions of a digest are looked for once, however often they are asked for."""
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


class _Finder:
    """Looks for names in the text as the reader has it: without a BOM, carriage returns and control characters."""

    def __init__(self, text: str, labels: LabelVocabulary, digest: Digest) -> None:
        self.file = Lines(text)
        self.dropped = [match.start() - number for number, match in enumerate(_DROPPED.finditer(text))]
        self.text = (_DROPPED.sub("", text) if self.dropped else text).replace("\r", "\n")
        self.lines = Lines(self.text) if self.dropped else self.file
        self.labels = labels
        self.alone = len(digest.sections) == 1
        self.meta, _, self.above = split_front_matter(text)
        self.references: dict[str, Any] = digest.definitions
        self._taken: dict[int, int] = {}
        self._categories: dict[str, int] = {}
        self._walked = self.above

    def of_section(self, section: Section) -> Iterator[Mention]:
        paper = section.paper
        found: list[Mention] = []
        for value in section.values:
            found += self._of_value(section, value) if value.names else ()
        if self.meta and self.alone and section.added:
            stated = {value.label.name for value in section.values if value.names is not None}
            found += self._of_front_matter(paper, stated)
        yield from found
        left = dict.fromkeys(paper.keypoints or ())
        for mention in found:
            left.pop(mention.written, None)
        if paper.category in left and paper.category in section.added:
            del left[paper.category]
            yield Mention(paper, paper.category, *self._category(paper.category, section), category=True)
        for name in left:
            yield Mention(paper, name, paper.line, 1)

    def _in_file(self, place: int) -> int:
        return place + bisect_right(self.dropped, place)

    def _place(self, start: int, end: int) -> tuple[int, int]:
        """Line and column of the first letter between two places."""
        window = self.text[start : min(start + _WINDOW, end)]
        bare = window.lstrip()
        return self.file.place(self._in_file(start + len(window) - len(bare) if bare else start))

    def _region(self, block: Block) -> tuple[int, int]:
        return self.lines.between(block.start + self.above, block.end + self.above)

    # -- labels

    def _of_value(self, section: Section, value: Value) -> Iterator[Mention]:
        paper, label, category = section.paper, value.label, value.label.name == "category"
        texts = list(self._texts(section, value))
        left = list(value.names or ())
        for block, markdown, span in texts:
            plain = read_inline(markdown, self.references).text
            every = [plain] if len(texts) > 1 else keypoint_pieces(plain, markdown, label)
            names = [name for name in every if not is_empty(name)]
            if len(texts) == 1 and names != left:
                every = names = list(left)
            del left[: len(names)]
            labelled = block is value.block and label.look not in ("column", "heading")
            yield from self._named(
                paper,
                every,
                plain,
                span,
                self._region(block),
                labelled=labelled,
                fixable=not category,
                category=category,
            )
        for name in left:
            yield Mention(paper, name, *self._place(*self._region(value.block)), category=category)

    def _texts(self, section: Section, value: Value) -> Iterator[tuple[Block, str, tuple[int, int] | None]]:
        """The Markdown of a value, with the block that it stands in, and where it begins and ends if that is found."""
        block, label = value.block, value.label
        if block.kind == "row":
            yield block, block.children[1].text, self._cell(block, 1)
        elif label.look == "column":
            yield block, SUMMARIES.sub("", block.text), self._cell_below(section, value)
        elif label.look != "heading":
            markdown = block.text[label.value :]
            said = read_inline(markdown, self.references)
            if said.text or said.links:
                yield block, markdown, self._behind_label(block)
        for taken in value.taken:
            yield taken, taken.text, self._behind_label(taken)

    def _named(
        self,
        paper: Paper,
        names: Iterable[str],
        plain: str,
        span: tuple[int, int] | None,
        region: tuple[int, int],
        *,
        labelled: bool = False,
        fixable: bool = True,
        category: bool = False,
    ) -> Iterator[Mention]:
        """The mentions of names that stand in a plain text one after the other, behind a label or not; empty ones are passed over."""
        places = project(self.text, *span, plain) if span else None
        near, stop = span[0] if span else region[0], region[1]
        cursor, last = 0, None
        for name in names:
            at = plain.find(name, cursor) if name else -1
            cursor = at + len(name) if at >= 0 else cursor
            if is_empty(name):
                last = None
                continue
            if places is None or at < 0:
                found = self.text.find(name, near, min(near + _WINDOW + len(name), stop))
                yield Mention(paper, name, *self._place(found if found >= 0 else near, stop), category=category)
                near = found + len(name) if found >= 0 else near
            else:
                begin, near = places.at[at], places.ends[cursor - 1]
                start, end = self._in_file(begin), self._in_file(near - 1) + 1
                raw = self.file.text[start:end]
                mention = Mention(paper, name, *self.file.place(start), category=category)
                if " ".join(raw.split()) == name:
                    marked = begin in places.linked or self.text[begin - 1 : begin] in ("\\", "<")
                    yield replace(
                        mention,
                        start=start,
                        end=end,
                        before=None if last is None else (last, start),
                        lead=self._lead(places.start, begin) if labelled else None,
                        fixable=fixable and not marked and "\n" not in raw and "\r" not in raw,
                    )
                    last = end
                else:
                    yield mention
                    last = None
            labelled = False

    def _lead(self, value: int, name: int) -> tuple[int, int] | None:
        """The blanks between a label and a name behind it on its line; the value of a label may begin behind them."""
        begin = value
        while begin > 0 and self.text[begin - 1].isspace() and self.text[begin - 1] != "\n":
            begin -= 1
        between = self.text[begin:name]
        return (
            None if not between or between.strip() or "\n" in between else (self._in_file(begin), self._in_file(name))
        )

    # -- blocks in the file

    def _behind_label(self, block: Block) -> tuple[int, int] | None:
        """Where the Markdown of a paragraph stands, behind its label; None if its first line is not found there."""
        start, stop = self._region(block)
        bare = block.text.partition("\n")[0].strip()
        if block.label is None:
            found = self.text.find(bare, start, stop)
            line = self.text[found:stop].partition("\n")[0].rstrip()
            at_its_end = line.endswith(bare)  # a list's number may be spelt as its text is
            return None if found < 0 else (found + (len(line) - len(bare)) * at_its_end, stop)
        found = self.text.find(bare, max(start, self._taken.get(block.start, 0)), stop)
        if found >= 0:
            self._taken[block.start] = found + len(bare)
            return found + min(block.label.value, len(bare)), stop
        # `**Keywords: a, b**`, which the reader takes for `**Keywords:** a, b`
        label = self.text.find(block.label.written, start, stop)
        value = bare[block.label.value :].strip()
        found = self.text.find(value, label + len(block.label.written), stop) if label >= 0 and value else -1
        return None if found < 0 else (found, stop)

    def _cell_below(self, section: Section, value: Value) -> tuple[int, int] | None:
        if section.table is None or section.table.info == "html" or section.row is None:
            return None
        for number, (head, cell) in enumerate(
            zip(section.table.children[0].children, section.row.children, strict=False)
        ):
            said = read_inline(head.text, self.references).text.strip(" :：")
            if said == value.label.written and cell.text == value.block.text:
                return self._cell(section.row, number)
        return None

    def _cell(self, row: Block, number: int) -> tuple[int, int] | None:
        start, stop = self.lines.between(row.start + self.above, row.start + self.above + 1)
        match = _BEFORE_ROW.match(self.text, start, stop)
        place = match.end() if match else start
        for n in range(number + 1):
            cell = _CELL.match(self.text, place, stop)
            if cell is None or place > stop:
                return None
            if n == number:
                return place, cell.end()
            place = cell.end() + 1
        return None

    # -- front matter

    def _of_front_matter(self, paper: Paper, stated: Iterable[str | None]) -> Iterator[Mention]:
        said = front_matter_values(self.meta, self.labels)
        given = [name for name in said if name in self.labels.keypoint_fields and name not in stated]
        source = FRONT_MATTER.match(self.text) if given else None
        try:
            root = compose(source[1]) if source else None
        except UnreadableError:
            return
        if source is None or not isinstance(root, yaml.MappingNode):
            return
        for name in given:
            if set(said[name]) <= set(paper.keypoints or ()):
                yield from self._of_keys(paper, root, source.start(1), name, said[name])

    def _of_keys(
        self, paper: Paper, root: yaml.MappingNode, first: int, name: str, names: Sequence[str]
    ) -> Iterator[Mention]:
        found: list[Mention] = []
        line, category = 1, name == "category"
        for key, node in root.value:
            if self.labels.known(str(key.value).replace("_", " ")) == name:
                line = self.lines.place(first + key.start_mark.index)[0]
                split = not isinstance(node, yaml.SequenceNode)
                for scalar in islice(_scalars(node), _MOST_NODES):
                    found += self._of_scalar(paper, scalar, first, split=split, category=category)
        if [mention.written for mention in found] != list(names):
            found = [Mention(paper, name, line, 1, category=category) for name in names]
        yield from found

    def _of_scalar(
        self, paper: Paper, node: yaml.ScalarNode, first: int, *, split: bool, category: bool
    ) -> Iterator[Mention]:
        value = str(node.value).strip()
        value = read_inline(value).text if "[" in value else value
        if is_empty(value):
            return
        start, stop = first + node.start_mark.index, first + node.end_mark.index
        is_block = node.style in ("|", ">")
        if is_block:
            start = self.text.find("\n", start) + 1
        elif node.style:  # quotes
            start, stop = start + 1, stop - 1
        plain = " ".join(value.split())
        names = split_keypoints(plain) if split else (value,)
        fixable = not (is_block or category)
        yield from self._named(paper, names, plain, (start, stop), (start, stop), fixable=fixable, category=category)

    # -- categories

    def _category(self, name: str, section: Section) -> tuple[int, int]:
        """Line and column of the last heading above a paper, or name in a list or table, that is its category."""
        while self._walked < min(section.start + self.above, len(self.lines)):
            if said := self._said(self._walked):
                self._categories[said] = self._walked
            self._walked += 1
        number = self._categories.get(name)
        if number is None:
            return section.paper.line, 1
        line = self.lines.line(number)
        return number + 1, max(line.find(name), len(line) - len(line.lstrip(" \t>#|*"))) + 1

    def _said(self, number: int) -> str:
        line = self.lines.line(number)
        if match := _HEADING.match(line):
            line = match["text"].rstrip(" \t").rstrip("#")
        elif "|" in line:
            line = next((cell for cell in line.split("|") if cell.strip(" \t>")), "")
        elif "<font" not in line and not _UNDERLINE.fullmatch(self.lines.line(number + 1)):
            return ""
        return plain_title(split_heading(line.strip(), self.references).text)


def _scalars(node: yaml.Node, depth: int = 0) -> Iterator[yaml.ScalarNode]:
    """The nodes of front matter that hold the texts of a value, in order; YAML can hold itself."""
    match node:
        case yaml.ScalarNode():
            if node.tag not in _WITHOUT_TEXT:
                yield node
        case yaml.SequenceNode() if depth < _DEEPEST:
            for child in node.value:
                yield from _scalars(child, depth + 1)
        case yaml.MappingNode() if depth < _DEEPEST:
            for key, child in node.value:
                is_link = isinstance(child, yaml.ScalarNode) and "://" in str(child.value)
                if is_link or str(key.value).casefold() in _NAMES_OF_ITEMS:
                    yield from _scalars(child, depth + 1)
