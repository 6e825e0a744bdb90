"""What a paper is: blocks of a page → sections with papers, and findings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from pathlib import PurePosixPath
from typing import Any

from ..findings import Finding, finding
from ..paper import Block, Digest, Paper, Section
from ..slugs import Anchors, python_markdown_slug, stable_slug
from . import links as meta
from .blocks import Parsed, parse_blocks, swallowed_by_lone_tags, walk
from .dates import Found, find_date
from .fields import read_body
from .headings import Heading, is_place, is_structure, month_of, split_heading
from .inline import INVALID, read_inline
from .labels import Label, make_a_digest, match_label

_HEADING_WITHOUT_SPACE = re.compile(r"(?P<marks>#{1,6})(?P<text>[^\W\d_][^#`\n]{0,200})")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})")
_HOLDER = re.compile(r"<(/?)(details|div|center|section|article|table|blockquote)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
_FONT = re.compile(r"<font\b[^>]*>(?P<text>[^<>]+)</font>", re.IGNORECASE)


def clean(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Text with line feeds as line ends and without BOM and control characters.

    Also gives the place (1-based line and column) and code point of each character that was left out.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    places = []
    for match in INVALID.finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        line = text.count("\n", 0, match.start()) + 1
        places.append((line, match.start() - line_start + 1, f"U+{ord(match[0]):04X}"))
        if len(places) == 20:  # enough to say so; a binary file has millions
            break
    return (INVALID.sub("", text) if places else text), places


def read_page(text: str, path: str, first_line: int = 1) -> tuple[Digest, tuple[Finding, ...]]:
    """Read the papers of one page of Markdown, front matter taken off.

    `path` is its place in the docs, with forward slashes; `first_line` is the number of the text's first
    line in its file. Gives the digest (without sections if the page holds no paper) and what is wrong with it,
    with lines of the file. Raises nothing, whatever the text.
    """
    text, control = clean(text)
    lines = text.split("\n")
    reader = _PageReader(path, first_line, lines)
    for line, column, code_point in control:
        reader.find("PD002", line - 1, code_point, column=column)
    digest = reader.read()
    return digest, tuple(sorted(reader.findings, key=lambda f: (f.line, f.column, f.code))) if digest.sections else ()


@dataclass(slots=True)
class _Part:
    """A heading of the page with what follows it up to the next heading."""

    block: Block
    heading: Heading
    blocks: tuple[Block, ...]
    labels: tuple[Label, ...]
    is_evidence: bool
    paper: bool = False

    @property
    def level(self) -> int:
        return self.block.level


class _PageReader:
    """Reads one page."""

    def __init__(self, path: str, first_line: int, lines: list[str]) -> None:
        self.path = path
        self.first_line = first_line
        self.lines = lines
        self.findings: list[Finding] = []
        self.anchors = Anchors()
        self.references: dict[str, Any] = {}

    def find(self, code: str, line: int, *seen: object, column: int = 0, at: str = "") -> None:
        """Report a finding on a 0-based line of the text.

        Its column is `column`, or where the words `at` first stand on that line or the ones below it, or where the line's
        own words begin.
        """
        place = next((n for n in range(line, min(line + 50, len(self.lines))) if at and at in self.lines[n]), line)
        text = self.lines[place] if place < len(self.lines) else ""
        if at in text:
            column = column or (text.index(at) + 1 if at else len(text) - len(text.lstrip(" \t>-*+")) + 1)
        self.findings.append(finding(code, self.path, self.first_line + place, column or 1, *seen))

    def read(self) -> Digest:
        self._mend_headings()
        parsed = parse_blocks(self.lines)
        self.references = parsed.references
        before, parts = self._parts(parsed.blocks)
        if not any(part.is_evidence for part in parts):
            return Digest(self.path)
        self._choose_papers(parts)
        sections = self._sections(before, parts, parsed)
        references = {name: (ref["href"], ref.get("title", "")) for name, ref in parsed.references.items()}
        return Digest(self.path, tuple(sections), references)

    def _mend_headings(self) -> None:
        """Give `#Name` the space that its author forgot; a hashtag in a line of text has none."""
        fence = ""
        for number, line in enumerate(self.lines):
            if match := _FENCE.match(line):
                mark = match["fence"]
                if not fence:
                    fence = mark
                elif mark[0] == fence[0] and len(mark) >= len(fence) and not line.strip(" \t" + mark[0]):
                    fence = ""
            elif line.startswith("#") and not fence and (match := _HEADING_WITHOUT_SPACE.fullmatch(line)):
                alone = number == 0 or not self.lines[number - 1].strip()
                if alone and (len(match["marks"]) > 1 or len(match["text"].split()) <= 6):
                    self.find("PD104", number, line, column=1)
                    self.lines[number] = f"{match['marks']} {match['text']}"

    def _parts(self, blocks: Sequence[Block]) -> tuple[tuple[Block, ...], list[_Part]]:
        """What stands before the first heading, and each heading with its blocks."""
        starts = [n for n, block in enumerate(blocks) if block.kind == "heading" or self._font_heading(blocks, n)]
        parts = []
        for n, end in pairwise([*starts, len(blocks)]):
            block, below = blocks[n], tuple(blocks[n + 1 : end])
            if font := _FONT.fullmatch(block.text.strip()) if block.kind == "paragraph" else None:
                level = blocks[n + 1].level - 1
                block = Block("heading", block.start, block.end, font["text"].strip(), level, "font")
            labels = () if _begins_with_title(below) else tuple(label for label, _ in _labels(below, of_items=False))
            heading = split_heading(block.text, self.references)
            evidence = make_a_digest(labels) and not is_place(heading)
            parts.append(_Part(block, heading, below, labels, evidence))
        return tuple(blocks[: starts[0]] if starts else blocks), parts

    @staticmethod
    def _font_heading(blocks: Sequence[Block], n: int) -> bool:
        """Whether block `n` is `<font …>Name</font>` right above a heading: a category by intent."""
        return (
            blocks[n].kind == "paragraph"
            and n + 1 < len(blocks)
            and blocks[n + 1].kind == "heading"
            and blocks[n + 1].level > 1
            and _FONT.fullmatch(blocks[n].text.strip()) is not None
        )

    def _choose_papers(self, parts: list[_Part]) -> None:
        """A heading is a paper if it has a known label below it, or stands where papers stand and says no more than links."""
        levels = Counter(part.level for part in parts if part.is_evidence)
        common = levels.most_common(1)[0][0]
        inside = 0  # level of the paper that deeper headings belong to; 0 outside
        for n, part in enumerate(parts):
            if inside and part.level > inside and not (part.is_evidence and part.level in levels):
                continue
            deeper = n + 1 < len(parts) and parts[n + 1].level > part.level and parts[n + 1].level in levels
            if part.labels and not is_place(part.heading):
                part.paper = part.is_evidence or (part.level in levels and not deeper)
            elif not part.labels and part.level == common and not deeper:
                part.paper = self._is_stub(part)
            inside = part.level if part.paper else 0

    def _is_stub(self, part: _Part) -> bool:
        if is_structure(part.heading.text) or month_of(part.heading) or not part.heading.text:
            return False
        if part.block.info == "font":
            return False
        return all(
            block.kind in ("html", "rule") or self._is_meta(block) or _is_only_pictures(block) for block in part.blocks
        )

    def _is_meta(self, block: Block) -> bool:
        """Whether a block below a title holds nothing but tags, dates and links."""
        if block.kind == "paragraph":
            return not match_label(block.text) and meta.is_meta(block.text)
        if block.kind != "list":
            return False
        return all(
            len(item.children) == 1 and item.children[0].kind == "paragraph" and self._is_meta(item.children[0])
            for item in block.children
        )

    def _sections(self, before: Sequence[Block], parts: list[_Part], parsed: Parsed) -> list[Section]:
        named = find_date(PurePosixPath(self.path).stem)
        introduction = self._introduction(before, parts)
        headed: Found | None = None
        outline: list[tuple[int, str | None]] = []
        taken = {python_markdown_slug(part.heading.text) for part in parts if not part.paper}
        last = max(n for n, part in enumerate(parts) if part.paper)
        sections: list[Section] = []
        end = 0
        for n, part in enumerate(parts):
            if n < end:  # a heading inside a paper
                continue
            if not part.paper:
                found = month_of(part.heading)
                if found and n < last:
                    headed = found
                    if named and named.month != found.month:
                        self.find("PD103", part.block.start, found.month, named.month)
                outline = [entry for entry in outline if entry[0] < part.level]
                name = None if found or is_structure(part.heading.text) else part.heading.text or None
                outline.append((part.level, name))
                if any(_labels(part.blocks)):
                    self.find("PD105", part.block.start, part.heading.text)
                continue
            end = n + 1
            while end < len(parts) and not parts[end].paper and parts[end].level > part.level:
                end += 1
            inner = (block for later in parts[n + 1 : end] for block in (later.block, *later.blocks))
            below = (*part.blocks, *inner)
            blocks = _own(below, last=n == last)
            stop = parts[end].block.start if end < len(parts) else len(self.lines)
            if len(blocks) < len(below):
                stop = blocks[-1].end if blocks else part.block.end
            category = next((name for level, name in reversed(outline) if level < part.level and name), None)
            sections.append(
                self._section(
                    part,
                    blocks,
                    stop,
                    (headed, named, introduction),
                    category,
                    taken,
                )
            )
        self._check(sections, parsed)
        return sections

    def _check(self, sections: Sequence[Section], parsed: Parsed) -> None:
        """Report what is wrong with papers as wholes."""
        titles: dict[tuple[str | None, str], int] = {}
        for section in sections:
            paper = section.paper
            if paper.month is None:
                self.find("PD101", section.start, paper.title)
            key = (paper.month, paper.title.casefold())
            if key in titles:
                self.find("PD102", section.start, paper.title, paper.month or "the page", titles[key])
            titles.setdefault(key, paper.line)
        starts = [section.start for section in sections]
        labelled = (field.line - self.first_line for section in sections for field in section.paper.fields)
        for line, label in {*parsed.swallowed, *swallowed_by_lone_tags(self.lines, labelled)}:
            n = bisect_right(starts, line) - 1
            if n >= 0 and line < sections[n].end:
                self.find("PD302", line, label)

    def _introduction(self, before: Sequence[Block], parts: list[_Part]) -> Found | None:
        """The date that the sentences above the first paper name, outside links."""
        blocks = list(before)
        for part in parts:
            if part.paper:
                break
            blocks += part.blocks
        texts = (block.text for block in blocks if block.kind == "paragraph")
        return meta.meta_date(texts)

    def _section(
        self,
        part: _Part,
        blocks: tuple[Block, ...],
        end: int,
        dates: tuple[Found | None, ...],
        category: str | None,
        taken: set[str],
    ) -> Section:
        """One paper; `dates` are those of its digest, the first that there is counts."""
        count = 0
        while count < len(part.blocks) and self._is_meta(part.blocks[count]):
            count += 1
        lines = [part.heading.tail, *(b.text for b in walk(blocks[:count]) if b.kind == "paragraph")]
        if (
            count < len(part.blocks) and part.blocks[count].kind == "list"
        ):  # links in a list that goes on with the fields
            items = (replace(part.blocks[count], children=(item,)) for item in part.blocks[count].children)
            lines += [item.children[0].children[0].text for item in takewhile(self._is_meta, items)]
        own_date = meta.meta_date(lines)
        digest_date = next(filter(None, dates), None)
        month_date = digest_date or own_date
        date = next((found.date for found in (own_date, digest_date) if found and found.date), None)
        body = read_body(blocks, self.references, self.first_line, self.find)
        own = meta.read_links(part.heading.title, self.references) if not part.heading.tail else []
        wanted = stable_slug(part.heading.text)
        anchor = self.anchors.take(wanted if wanted not in taken else f"{wanted}_1")
        paper = Paper(
            title=part.heading.text,
            path=self.path,
            line=self.first_line + part.block.start,
            level=part.level,
            anchor=anchor,
            month=month_date.month if month_date else None,
            date=date,
            category=category,
            keypoints=body.keypoints,
            fields=body.fields,
            links=tuple(
                dict.fromkeys([*own, *(link for line in lines for link in meta.read_links(line, self.references))])
            ),
            figures=body.figures,
            details=body.details,
            venue=meta.meta_venue(lines),
        )
        return Section(paper, part.block.start, end, part.heading.title, part.heading.tail, count, blocks, body.names)


def _labels(blocks: Sequence[Block], *, of_items: bool = True) -> Iterator[tuple[Label, Block]]:
    """The labels of blocks in order; without those inside list items that begin with plain text, which may be papers."""
    for block in blocks:
        if block.kind == "paragraph" and (label := match_label(block.text)):
            yield label, block
        first = block.children[0] if block.children else None
        plain = block.kind == "item" and first and first.kind == "paragraph" and not match_label(first.text)
        if of_items or not plain:
            yield from _labels(block.children, of_items=of_items)


def _begins_with_title(blocks: Sequence[Block]) -> bool:
    """Whether the fields below belong to a title in a fence (```` ```diff ```` and `+ Title`) or a `<font>`, not to the heading above."""
    first = next((block for block in blocks if block.kind != "rule"), None)
    if first is None or first.kind == "paragraph":
        return first is not None and _FONT.fullmatch(first.text.strip()) is not None
    return first.kind == "fence" and first.text.startswith("+ ")


def _own(blocks: tuple[Block, ...], *, last: bool) -> tuple[Block, ...]:
    """The blocks of a paper, less HTML at its end that opens what later papers stand in or closes what was opened above.

    Nor are comments at its end its own: they speak to the page, as a blog's `<!-- more -->` does.
    """
    opened: dict[str, list[int]] = {}
    torn: set[int] = set()
    for n, block in enumerate(blocks):
        for part in walk([block]):
            for slash, name in _HOLDER.findall(part.text) if part.kind not in ("fence", "code") else ():
                places = opened.setdefault(name.lower(), [])
                if not slash:
                    places.append(n)
                elif places:
                    places.pop()
                else:
                    torn.add(n)
    if not last:
        torn.update(n for places in opened.values() for n in places)
    end = len(blocks)
    while end and blocks[end - 1].kind == "html" and (end - 1 in torn or _COMMENTS.fullmatch(blocks[end - 1].text)):
        end -= 1
    return blocks[:end]


def _is_only_pictures(block: Block) -> bool:
    inline = read_inline(block.text) if block.kind == "paragraph" else None
    return inline is not None and bool(inline.figures) and not inline.text
