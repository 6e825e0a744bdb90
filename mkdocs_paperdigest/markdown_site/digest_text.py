"""The text of a digest for any generator: ids lead to its papers, keypoints to their pages; `harmless_text` rewrites what could run.

Python-Markdown also needs, where GitHub does not, a blank line above a list and `markdown="1"` in `<details>` with Markdown in them.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import Any

from markdown_it.common.html_blocks import block_names
from msgspec.structs import replace

from ..reader import LabelVocabulary, Lines, Mention, mentions, parse_blocks, read_inline, walk_blocks
from ..records import Block, Digest, Paper, Section
from ..support import Anchors, github_slug, python_markdown_slug
from .harmless_text import Edit, Piece, edited, harmless_edits, harmless_meta, is_suspect
from .links import escaped, escaped_line

_BEFORE_TITLE = re.compile(
    r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:\[[ xX]\][ \t]+)?(?P<heading>#{1,6}(?:[ \t]+|(?=[^\W\d_])))?"
)
_BEFORE_ROW = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?\|?[ \t]*")
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_FENCE = re.compile(r"`{3}|~{3}")
_TAGS = re.compile(r"(?:[ \t]*<(?:h[1-6]|p|div|center|details|summary|b|strong|font|span)\b[^<>]*>)+", re.IGNORECASE)
_UNDERLINE = re.compile(r"[ \t>]*(?:=+|-+)[ \t]*")
_LIST_MARK = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_MARKS = frozenset("*_~`")
_DETAILS = re.compile(r"^ {0,3}<details(?P<attributes>(?:\s[^<>]*)?)>", re.IGNORECASE | re.MULTILINE)
_OPEN_OR_CLOSE = re.compile(r"<(/?)details\b", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t]*\r?\n")
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(block_names)}|pre|script|style|textarea)(?=[\s>/]|\Z)", re.IGNORECASE)
_LONE_TAG = re.compile(r"</?[a-z][^<>]*>[ \t]*\Z", re.IGNORECASE)
_META = re.compile(r"\A\ufeff?-{3}[ \t]*\r?\n(?P<yaml>.*?\n)(?:-{3}|\.{3})[ \t]*\r?\n", re.DOTALL)
_ANY_FENCE = re.compile(r"`{3}.|~{3}.")
_PREFIX = "paper-"
_OWN_ID = re.compile(rf"{_PREFIX}[\w.~-]*", re.IGNORECASE)
_MAY_BE_HEADING = re.compile(r"^[^\w\n]*paper\b.*$", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^\w.~-]+")
_LEAVES = frozenset(("heading", "paragraph", "cell", "rule"))
_NEAR = 5


@dataclass(frozen=True, slots=True)
class KeypointLinks:
    """The links of keypoints: `target` gives the address of one as it is written, `label` names a line of them."""

    target: Callable[[str], str | None]
    label: str


def anchored(text: str, digest: Digest) -> Digest:
    """Give papers ids that no generator makes of a heading and `text` does not have; their names in the site stay."""
    lines = _MAY_BE_HEADING.findall(text)
    headings = {read_inline(line.strip("# \t\r")).text for line in lines}
    slugs = {make(heading) for heading in headings for make in (python_markdown_slug, github_slug)}
    ends = ["", *(f"{mark}{n}" for n in range(1, min(len(lines), 100)) for mark in "-_")]
    anchors = Anchors()
    anchors.used = {*_OWN_ID.findall(text), *(f"{slug}{end}" for slug in slugs for end in ends)}
    sections = []
    for section in digest.sections:
        paper = section.paper
        name = anchors.take(_PREFIX + (_UNSAFE.sub("-", paper.anchor) or "0"), "-")
        kept = replace(paper, anchor=name, former=paper.former or (paper.address,))
        sections.append(replace(section, paper=kept))
    return replace(digest, sections=tuple(sections))


def digest_text(
    text: str, digest: Digest, papers: Sequence[Paper], labels: LabelVocabulary, links: KeypointLinks
) -> str:
    """Put ids and links into the text of a digest; a keypoint that cannot be linked in its place is named in a line below the title."""
    return _Writer(text, digest, labels, links).written(papers)


class _Writer:
    def __init__(self, text: str, digest: Digest, labels: LabelVocabulary, links: KeypointLinks) -> None:
        self.text = text
        self.digest = digest
        self.links = links
        self.labels = labels
        self.lines = Lines(text)
        self.new_line = "\r\n" if "\r\n" in text else "\n"
        self.references: dict[str, Any] = digest.definitions
        sections = digest.sections
        self.above = sections[0].paper.line - 1 - (sections[0].row or sections[0]).start if sections else 0
        self.fixed = list(harmless_edits(text, self._pieces(), self.references))
        self._fixed_starts = [edit.start for edit in self.fixed]

    def written(self, papers: Sequence[Paper]) -> str:
        edits = [*self._meta(), *self.fixed]
        named: dict[int, list[Mention]] = {}
        for mention in mentions(self.text, self.digest, self.labels):
            named.setdefault(id(mention.paper), []).append(mention)
        for section, paper in zip(self.digest.sections, papers, strict=True):
            linked, left = self._linked(named.get(id(section.paper), ()))
            edits += linked
            edits += self._titled(section, paper.anchor, self._line_of(left))
            edits += self._spaced(section)
        edits += self._details()
        parts: list[str] = []
        place = 0
        # What is put in between comes first, then the longer of two: the text of a link is fixed already.
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end > edit.start, -edit.end, edit.text)):
            if edit.start >= place:
                parts += [self.text[place : edit.start], edit.text]
                place = edit.end
            elif edit.start == edit.end:  # put into what has other text now: it comes after that
                parts.append(edit.text)
        return "".join([*parts, self.text[place:]])

    # -- keypoints

    def _linked(self, found: Iterable[Mention]) -> tuple[list[Edit], list[str]]:
        """The links of a paper's keypoints in their places, and the names for which there is no link."""
        edits: list[Edit] = []
        wanted: dict[str, bool] = {}
        runs: dict[int, list[tuple[Mention, Edit]]] = {}
        for mention in found:
            target = self.links.target(mention.written)
            if target is None:
                continue
            wanted.setdefault(mention.written, False)
            if mention.start is None or mention.end is None or mention.start < self._body:
                continue
            if self._is_in_html(mention.line - 1):
                continue
            start, end = mention.start, mention.end
            # With the marks of emphasis and code that hold nothing else: a link is not put into code.
            while start > 0 and end < len(self.text) and self.text[start - 1] == self.text[end] in _MARKS:
                start, end = start - 1, end + 1
            name = self._fixed(start, end)
            if name is None:
                continue
            edit = Edit(start, end, f"[{name}]({target})")
            runs.setdefault(mention.line, []).append((mention, edit))
        for run in runs.values():
            kept = run if self._reads_alike([edit for _, edit in run]) else []
            kept = kept or [one for one in run if len(run) > 1 and self._reads_alike([one[1]])]
            for mention, edit in kept:
                edits.append(edit)
                wanted[mention.written] = True
        return edits, [name for name, is_linked in wanted.items() if not is_linked]

    def _is_in_html(self, number: int) -> bool:
        """Whether a line is in raw HTML, which goes on to the next blank line. Source: CommonMark 0.31, section 4.6."""
        above = self._tags_above[number]
        if above is None:
            return False
        line, text = self.lines.line(number), self.lines.line(above)
        # HTML in an item ends with it.
        is_later = above < number and _LIST_MARK.match(text) and _LIST_MARK.match(line)
        return not (is_later and _indent(line) <= _indent(text))

    @cached_property
    def _tags_above(self) -> list[int | None]:
        """For each line the nearest one with a tag that begins raw HTML, itself or above it without a blank line between; None for most."""
        found: list[int | None] = []
        last, is_first = None, True
        for number in range(len(self.lines)):
            text = self.lines.line(number)
            mark = _LIST_MARK.match(text)
            bare = text[mark.end() :] if mark else text.lstrip(" \t>")
            if _BLOCK_TAG.match(bare) or ((is_first or mark) and _LONE_TAG.match(bare)):
                last = number
            found.append(last)
            is_first = not text.strip(" \t>")
            last = None if is_first else last
        return found

    @property
    def _body(self) -> int:
        return self.lines.starts[min(self.above, len(self.lines) - 1)] if self.above else 0

    def _reads_alike(self, edits: Sequence[Edit]) -> bool:
        """Whether the lines of some edits have the same words with links as without, and as many links more."""
        first, last = self.lines.place(edits[0].start)[0], self.lines.place(edits[-1].end)[0]
        start, end = self.lines.between(first - 1, last)
        if any(later.start < edit.end for edit, later in pairwise(edits)):
            return False
        before, after = self.text[start:end], edited(self.text, edits, start, end)
        one, other = (read_inline(source, self.references) for source in (before, after))
        return one.text == other.text and len(one.links) + len(edits) == len(other.links)

    def _line_of(self, names: Sequence[str]) -> str:
        """The line of the keypoints that are linked nowhere else; "" if there are none."""
        linked = (f"[{escaped(name)}]({self.links.target(name)})" for name in names)
        return f"{self.links.label}: {'; '.join(linked)}" if names else ""

    # -- papers

    def _titled(self, section: Section, anchor: str, keypoints: str) -> Iterator[Edit]:
        """The id of a paper, and the line below its title."""
        mark = f'<a id="{html.escape(anchor)}"></a>'
        number = section.paper.line - 1
        if number >= len(self.lines):
            return
        start, end = self.lines.between(number, number + 1)
        line = self.text[start:end]
        two, line_of = self.new_line * 2, keypoints and keypoints + self.new_line * 2
        if section.shape == "page":
            yield Edit(self._body, self._body, f"{mark}{two}{line_of}")
        elif section.shape == "row":
            yield from self._of_row(section, mark, keypoints, start, end)
        elif _FENCE.match(line.lstrip(" \t>")):
            yield Edit(start, start, f"{mark}{two}{line_of}")
        else:
            match = _BEFORE_TITLE.match(line)
            assert match is not None
            heading = match["heading"] if section.shape == "heading" else None
            place = match.end() if heading or not match["heading"] else match.start("heading")
            if tags := _TAGS.match(line, place):
                place = tags.end()
            # GitHub wants a space, whose lack the reader fixed.
            space = " " if heading and heading.endswith("#") else ""
            yield Edit(start + place, start + place, space + mark)
            if keypoints and section.shape == "heading":
                yield self._below(number, bool(heading), keypoints)
            elif keypoints:
                found = _LIST_MARK.match(line)
                indent = " " * found.end() if found else ""
                yield Edit(end, end, f"  {self.new_line}{indent}{keypoints}  ")

    def _below(self, number: int, marked: bool, keypoints: str) -> Edit:  # noqa: FBT001
        """A line below a heading, one with `#`, one that is underlined, or one of HTML."""
        below = number + 1
        if not marked:
            near = range(below, min(below + _NEAR, len(self.lines)))
            below = next((n + 1 for n in near if _UNDERLINE.fullmatch(self.lines.line(n))), below)
        new = self.new_line
        if below >= len(self.lines):
            return Edit(len(self.text), len(self.text), f"{new}{new}{keypoints}")
        place = self.lines.starts[below]
        return Edit(place, place, f"{new}{keypoints}{new}{new if self.lines.line(below).strip() else ''}")

    def _of_row(self, section: Section, mark: str, keypoints: str, start: int, end: int) -> Iterator[Edit]:
        """The id and the keypoints of a row of a table, which no blank line may part; for a row of HTML the keypoints are above the table."""
        if section.table and section.table.info == "html":
            _, last = self.lines.between(section.paper.line - 1, section.end + self.above)
            cell = _CELL.search(self.text, start, last)
            if cell:
                yield Edit(cell.end(), cell.end(), mark)
            if keypoints:
                place = self.lines.starts[section.table.start + self.above]
                title = escaped_line(section.paper.title)
                yield Edit(place, place, f"{title}. {keypoints}{self.new_line * 2}")
            return
        line = self.text[start:end]
        match, last_cell = _BEFORE_ROW.match(line), line.rstrip(" \t").removesuffix("|").rstrip(" \t")
        assert match is not None
        yield Edit(start + match.end(), start + match.end(), mark)
        if keypoints:
            place = start + max(len(last_cell), match.end())
            yield Edit(place, place, f"<br>{keypoints}")

    # -- what could run on some host

    def _meta(self) -> Iterator[Edit]:
        found = _META.match(self.text) if self._body and len(self.digest.sections) == 1 else None
        if found and (made := harmless_meta(found["yaml"])) != found["yaml"]:
            yield Edit(*found.span("yaml"), made)

    def _fixed(self, start: int, end: int) -> str | None:
        """A span of the text with what is harmless; None if that reaches out of the span."""
        first = bisect_left(self._fixed_starts, start)
        last = bisect_left(self._fixed_starts, end)
        inside = self.fixed[first:last]
        if (first and self.fixed[first - 1].end > start) or (inside and inside[-1].end > end):
            return None
        return edited(self.text, inside, start, end)

    def _pieces(self) -> Iterator[Piece]:
        """The text of the papers, cut into blocks, as far as there is something in it that a host could obey."""
        done = 0
        sections = self.digest.sections
        # Where a paper ends is a guess, so all that follows the first may be a paper's.
        for section, later in zip_longest(sections, sections[1:]):
            end = later.start + self.above if later else len(self.lines)
            first, done = max(section.start + self.above, done), max(end, done)
            start, stop = self.lines.between(first, end) if first < end else (0, 0)
            part = self.text[start:stop]
            if not (is_suspect(part) or _ANY_FENCE.search(part)):
                continue
            if section.table and section.table.info == "html":
                yield Piece(start, stop, "html")
                continue
            after = range(section.end + self.above, end)
            rest = parse_blocks([self.lines.line(number) for number in after], first=section.end).blocks
            yield from self._pieces_of(first, end, (*section.blocks, *rest))

    def _pieces_of(self, first: int, last: int, blocks: Iterable[Block]) -> Iterator[Piece]:
        whole: dict[int, Block] = {}
        cuts: set[int] = set()
        for block in walk_blocks(tuple(blocks)):
            if block.kind in ("fence", "code", "html"):
                whole[block.start + self.above] = block
            elif block.kind in _LEAVES:
                cuts.update((block.start + self.above, block.end + self.above))
        begin = number = first
        while number < last:
            block_here = whole.get(number)
            if number > begin and (block_here or number in cuts or not self.lines.line(number).strip(" \t>")):
                yield Piece(*self.lines.between(begin, number))
                begin = number
            number += 1
            if block_here:
                number = min(max(block_here.end + self.above, number), last)
                yield self._piece(block_here, begin, number)
                begin = number
        if begin < last:
            yield Piece(*self.lines.between(begin, last))

    def _piece(self, block: Block, first: int, last: int) -> Piece:
        start, end = self.lines.between(first, last)
        if block.kind == "html":
            return Piece(start, end, "html")
        line, shown = self.lines.line(first), block.text.removesuffix("\n")
        if block.kind == "fence":
            fence = _FENCE.search(line)
            prefix = line[: fence.start()] if fence else ""
        else:
            prefix = line.removesuffix(shown.partition("\n")[0]).expandtabs(4).removesuffix(" " * 4)
        return Piece(start, end, "code", shown, prefix, block.info)

    # -- what Python-Markdown needs

    def _spaced(self, section: Section) -> Iterator[Edit]:
        """A blank line above each list or table right below a line of text, whose line it would be."""
        if section.shape not in ("heading", "page", "bold"):
            return
        for before, block in pairwise(section.blocks):
            if block.kind in ("list", "table") and before.kind == "paragraph" and before.end == block.start:
                if block.info == "html" or block.start + self.above >= len(self.lines):
                    continue
                place = self.lines.starts[block.start + self.above]
                yield Edit(place, place, self.new_line)

    def _details(self) -> Iterator[Edit]:
        """`markdown="1"` in `<details>` that hold Markdown to GitHub, where blank lines part it from the HTML."""
        if "<details" not in self.text.lower():
            return
        fenced = self._fenced()
        depth: list[re.Match[str]] = []
        ends: dict[int, int] = {}
        for tag in _OPEN_OR_CLOSE.finditer(self.text):
            if not tag[1]:
                depth.append(tag)
            elif depth:
                ends[depth.pop().start()] = tag.start()
        for match in _DETAILS.finditer(self.text):
            opened = match.start() + match[0].lower().index("<details")
            end = ends.get(opened)
            number = self.lines.place(opened)[0] - 1
            within = bisect_left(self._fixed_starts, opened + 1) - 1
            if within >= 0 and self.fixed[within].end > opened:
                continue
            if end is None or number in fenced or "markdown" in match["attributes"].lower():
                continue
            if _BLANK.search(self.text, match.end(), end):
                place = opened + len("<details")
                yield Edit(place, place, ' markdown="1"')

    def _fenced(self) -> set[int]:
        inside: set[int] = set()
        fence = ""
        for number in range(len(self.lines)):
            bare = self.lines.line(number).strip(" \t>")
            found = _FENCE.match(bare)
            if fence:
                inside.add(number)
            if found and not fence:
                fence = found[0]
            elif found and bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
        return inside


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))
