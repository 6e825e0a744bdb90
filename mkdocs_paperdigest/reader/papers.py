"""A page → its papers: which of its parts are papers, below which months and categories they stand, and what is wrong with it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import PurePosixPath
from typing import Any

from ..records import Block, Digest, Finding, Section, finding, leads_to_a_paper
from ..support import python_markdown_slug
from .blocks import Parsed, parse_blocks, swallowed_by_lone_tags
from .dates import Found, find_date
from .entries import Evidence, PaperEntry, apart, known_labels
from .facts import front_matter_facts, front_matter_values, meta_date
from .front_matter import split_front_matter
from .heading_parts import FONT, Part, choose, gather, lines_in_details, make_part, own_blocks
from .headings import Heading, is_structure, is_time_stamp, month_of, split_heading
from .inline import INVALID_CHARACTERS
from .item_entries import item_entries
from .labels import DEFAULT_LABELS, LabelVocabulary
from .sections import SectionReader
from .source_places import Lines
from .table_entries import ends_of_tables, table_entries

_HEADING_WITHOUT_SPACE = re.compile(r"(?P<marks>#{1,6})(?P<text>[^\W\d_][^#`\n]{0,200})")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})")
_YEAR = re.compile(r"\W*(?:19|20)\d\d\W*年?")
_ONLY_A_LABEL = re.compile(r"(?:title|标题|標題|タイトル)\s*[:：]", re.IGNORECASE)
_LEAST_IN_A_LIST = 3
_MOST_CONTROL_CHARACTERS = 20  # enough to say so; a binary file has millions


def read_page(
    text: str,
    path: str,
    first_line: int = 1,
    *,
    meta: Mapping[str, Any] | None = None,
    labels: LabelVocabulary = DEFAULT_LABELS,
) -> tuple[Digest, tuple[Finding, ...]]:
    """Read the papers of one page of Markdown, front matter taken off.

    `path` is its place in the docs, with forward slashes; `first_line` is the number of the text's first
    line in its file; `meta` is its front matter; `labels` says what labels mean. Gives the digest (without sections if the page
    holds no paper) and what is wrong with it, with lines of the file. Raises nothing, whatever the text.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    control = list(islice(INVALID_CHARACTERS.finditer(text), _MOST_CONTROL_CHARACTERS))
    written = Lines(text if control else "")
    text = INVALID_CHARACTERS.sub("", text) if control else text
    reader = _PageReader(path, first_line, text.split("\n"), labels, front_matter_values(meta or {}, labels))
    for match in control:
        line, column = written.place(match.start())
        reader.find("PD002", line - 1, f"U+{ord(match[0]):04X}", column=column)
    digest = reader.read()
    kept = reader.findings if digest.sections else [found for found in reader.findings if found.code == "PD106"]
    return digest, tuple(sorted(kept, key=lambda f: (f.line, f.column, f.code)))


@dataclass
class _PageReader:
    """Reads a page: blocks `before` the first heading, `parts` from one heading to the next, and the `entries` of each by its number, -1 for `before`."""

    path: str
    first_line: int
    lines: list[str]
    labels: LabelVocabulary
    front_matter: Mapping[str, Sequence[str]]
    findings: list[Finding] = field(default_factory=list)
    references: dict[str, Any] = field(default_factory=dict)
    before: tuple[Block, ...] = ()
    parts: list[Part] = field(default_factory=list)
    entries: dict[int, list[PaperEntry]] = field(default_factory=dict)

    def find(self, code: str, line: int, *seen: object, column: int = 0, at: str = "") -> None:
        """Report a finding on a 0-based line; its column is `column`, or that of the words `at` on it or a line below, or where its own words begin."""
        place = next((n for n in range(line, min(line + 50, len(self.lines))) if at and at in self.lines[n]), line)
        text = self.lines[place] if place < len(self.lines) else ""
        if at in text:
            column = column or (text.index(at) + 1 if at else len(text) - len(text.lstrip(" \t>-*+")) + 1)
        self.findings.append(finding(code, self.path, self.first_line + place, column or 1, *seen))

    def read(self) -> Digest:
        self._mend_headings()
        parsed = parse_blocks(self.lines, self.labels)
        self.references = parsed.references
        self._part(parsed.blocks)
        gather(self.parts, self.labels)
        for part in self.parts:  # what the title is would be a guess
            if _ONLY_A_LABEL.fullmatch(part.text.strip()):
                self.find("PD106", part.block.start, part.text)
                part.evidence, part.labels = Evidence.NONE, ()
        choose(self.parts, dated=bool(find_date(self.path)) or any(month_of(part.heading) for part in self.parts))
        self.entries = self._entries()
        if not self.entries:
            return Digest(self.path)
        sections = self._sections()
        self._check(sections, parsed)
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

    def _part(self, blocks: tuple[Block, ...]) -> None:
        fonts = {  # `<font …>Name</font>` right above a heading: a category by intent
            n: match["text"].strip()
            for n, (block, below) in enumerate(pairwise(blocks))
            if block.kind == "paragraph" and below.kind == "heading" and below.level > 1
            if (match := FONT.fullmatch(block.text.strip())) and match["text"].strip()
        }
        starts = [n for n, block in enumerate(blocks) if block.kind == "heading" or n in fonts]
        folded = lines_in_details(blocks)
        self.before = blocks[: starts[0]] if starts else blocks
        for n, end in pairwise([*starts, len(blocks)]):
            block = blocks[n]
            if n in fonts:
                block = Block("heading", block.start, block.end, fonts[n], blocks[n + 1].level - 1, "font")
            heading = split_heading(block.text, self.references)
            self.parts.append(make_part(block, blocks[n + 1 : end], heading, folded=folded.get(block.start)))

    # -- entries

    def _entries(self) -> dict[int, list[PaperEntry]]:
        entries: dict[int, list[PaperEntry]] = {}
        others = [-1]
        end = 0
        for n, part in enumerate(self.parts):
            if n < end:
                continue
            if not part.paper:
                others.append(n)
                continue
            end = n + 1
            while end < len(self.parts) and not self.parts[end].paper:
                if self.parts[end].level <= part.level and self.parts[end].folded is None:
                    break
                end += 1
            entries[n] = [self._heading_entry(n, end)]
        if not entries and (page := self._whole_page()):
            return {-1 if page.shape == "page" else 0: [page]}
        listed = self._listed(others, alone=not entries)
        papers = [part for part in self.parts if part.paper]
        if not listed and len(papers) == len(entries) == 1 and papers[0].level == 1:
            # A survey's own title may lead to its paper; what stands on its page are the others.
            every = self._listed(range(-1, len(self.parts)), alone=True)
            if sum(map(len, every.values())) >= _LEAST_IN_A_LIST:
                papers[0].paper = False
                return every
        return entries | listed

    def _listed(self, numbers: Iterable[int], *, alone: bool) -> dict[int, list[PaperEntry]]:
        """The papers in lists and tables of some parts."""
        places = [(n, self.parts[n]) for n in numbers if n >= 0]
        groups = [("", 2, self.before), *((part.text, min(6, part.level + 1), part.blocks) for _, part in places)]
        ends = ends_of_tables(self.lines)
        entries = {}
        listed = item_entries(groups, self.references, self.lines, alone=alone)
        for n, (_, level, blocks), found in zip([-1, *(n for n, _ in places)], groups, listed, strict=True):
            rows = table_entries(blocks, level, self.labels, self.references, self.lines, ends)
            if every := apart(sorted([*found, *rows], key=lambda entry: entry.start)):
                entries[n] = every
        return entries

    def _heading_entry(self, n: int, end: int) -> PaperEntry:
        part = self.parts[n]
        inner = (block for later in self.parts[n + 1 : end] for block in (later.block, *later.blocks))
        below = (*part.blocks, *inner)
        blocks = own_blocks(below, last=not any(later.paper for later in islice(self.parts, end, None)))
        stop = self.parts[end].block.start if end < len(self.parts) else len(self.lines)
        if len(blocks) < len(below):
            stop = blocks[-1].end if blocks else part.block.end
        start, torn = part.block.start, below[len(blocks) :]
        return PaperEntry("heading", start, stop, start, part.level, part.heading, blocks, torn=torn)

    def _whole_page(self) -> PaperEntry | None:
        """The page as one paper, if its front matter says so: an identifier or a link of a paper, or who published it where."""
        said = self.front_matter
        facts = front_matter_facts(said)
        linked = any(
            link.kind in ("arxiv", "doi") or leads_to_a_paper(link.url) for link in (*facts.links, *facts.identified)
        )
        if not (linked or ("authors" in said and ("venue" in said or "abstract" in said))):
            return None
        highest = [part for part in self.parts if part.level == 1]
        if len(highest) > 1 or (highest and self.parts[0] is not highest[0]):
            return None
        if highest:
            highest[0].paper = True
            return self._heading_entry(0, len(self.parts))
        title = next(iter(said.get("title", ())), "")
        blocks = (*self.before, *(block for part in self.parts for block in (part.block, *part.blocks)))
        return PaperEntry("page", 0, len(self.lines), 0, 1, Heading(title, "", ""), blocks) if title else None

    # -- sections

    def _sections(self) -> list[Section]:
        reader = SectionReader(self.path, self.first_line, self.labels, self.references, self.front_matter, self.find)
        places = self._digest_dates()
        headed: Found | None = None
        outline: list[tuple[int, str | None]] = []
        taken = {python_markdown_slug(part.text) for part in self.parts if not part.paper}
        last = max(self.entries)
        alone = sum(map(len, self.entries.values())) == 1
        sections = [
            reader.section(entry, (None, *places), entry.category, taken, alone=alone)
            for entry in self.entries.get(-1, ())
        ]
        # A page's own title is no category of the lists and tables on it, nor of papers below other headings.
        titled = bool(self.parts) and self.parts[0].level == 1
        titled = titled and not any(part.level == 1 and part.folded is None for part in self.parts[1:])
        end = 0
        for n, part in enumerate(self.parts):
            if part.block.start < end:  # a heading inside a paper
                continue
            entries = self.entries.get(n, [])
            if not part.paper:
                found = None if is_time_stamp(part.heading) else month_of(part.heading)
                if found and n <= last:
                    headed = found
                    if places[0] and places[0].month != found.month:
                        self.find("PD103", part.block.start, found.month, places[0].month)
                outline = [entry for entry in outline if entry[0] < part.level]
                outline.append((part.level, None if found else _category_name(part)))
                looks = set() if entries else {label.look for label, _ in known_labels(part.blocks)}
                if looks & {"code", "bold", "sign"}:  # fields of a paper, below a heading that is none
                    self.find("PD105", part.block.start, part.text)
            for entry in entries:
                category = entry.category or _category_above(part, entry, outline, titled=titled)
                sections.append(reader.section(entry, (headed, *places), category, taken, alone=alone))
                end = entry.end if part.paper else end
        return sections

    def _digest_dates(self) -> tuple[Found | None, ...]:
        path = PurePosixPath(self.path)
        # `2024/05/17.md` is a day that stands in all of the path together.
        whole = find_date("/".join((*path.parent.parts[-2:], path.stem)))
        folder = whole or next(filter(None, map(find_date, reversed(path.parent.parts))), None)
        stated = next(filter(None, map(find_date, self.front_matter.get("date", ()))), None)
        first = min(self.entries)
        introduction = [*self.before, *(block for part in self.parts[: max(first, 0)] for block in part.blocks)]
        texts = (block.text for block in introduction if block.kind == "paragraph" and not is_time_stamp(block.text))
        stands = None if first < 0 else meta_date(text for text in texts if not _is_news(text))
        return find_date(path.stem), folder, stated, stands

    def _check(self, sections: Sequence[Section], parsed: Parsed) -> None:
        titles: dict[tuple[str | None, str], int] = {}
        for section in sections:
            paper = section.paper
            line = paper.line - self.first_line
            if paper.month is None:
                self.find("PD101", line, paper.title)
            key = (paper.month, paper.title.casefold())
            if key in titles:
                self.find("PD102", line, paper.title, paper.month or "the page", titles[key])
            titles.setdefault(key, paper.line)
        starts = [section.start for section in sections]
        labelled = [
            (value.block.start, value.label.written)
            for section in sections
            for value in section.values
            if value.block.kind == "paragraph" and value.label.look != "column"
        ]
        for line, label in {*parsed.swallowed, *swallowed_by_lone_tags(self.lines, labelled)}:
            n = bisect_right(starts, line) - 1
            if n >= 0 and line < sections[n].end:
                self.find("PD302", line, label)


def _is_news(text: str) -> bool:
    """Whether a paragraph begins with a day, as what is new on a page does: `**Mar 5, 2024**: three papers`."""
    found = find_date(text)
    return found is not None and found.date is not None and not text[: found.start].strip(" *_[(【")


def _category_name(part: Part) -> str | None:
    names_nothing = is_structure(part.text) or is_time_stamp(part.heading) or _YEAR.fullmatch(part.text)
    return None if names_nothing else part.text or None


def _category_above(
    part: Part, entry: PaperEntry, outline: Sequence[tuple[int, str | None]], *, titled: bool
) -> str | None:
    """The nearest name among the headings above an entry; `titled` says that the first of the page is its title."""
    level = part.level if part.paper else 7
    parted = entry.shape != "heading" or any(1 < at < level for at, _ in outline)
    highest = 1 if titled and parted else 0
    return next((name for at, name in reversed(outline) if highest < at < level and name), None)


def read_digest(
    text: str, path: str = "digest.md", labels: LabelVocabulary = DEFAULT_LABELS
) -> tuple[Digest, tuple[Finding, ...]]:
    """Read the papers of a Markdown file.

    Takes the whole text, front matter included, and the path that the records shall carry, relative to the docs and
    with forward slashes; months are read off its name too, and what its labels mean off `labels`. Gives the digest, which has no papers if the
    file is no digest, and the findings. Raises nothing, whatever the text.
    """
    meta, body, above = split_front_matter(text)
    return read_page(body, path, above + 1, meta=meta, labels=labels)
