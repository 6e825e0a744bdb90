"""Blocks of a page → sections with papers, and findings: titles, months, categories and facts put together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from pathlib import PurePosixPath
from typing import Any

from ..findings import Finding, finding
from ..paper import Block, Digest, Field, Link, Paper, Section, Value
from ..slugs import Anchors, python_markdown_slug, stable_slug
from . import links as meta
from .blocks import Parsed, parse_blocks, swallowed_by_lone_tags, walk
from .dates import Found, find_date
from .entries import Entry, apart, known_labels, names_a_paper_link
from .evidence import Evidence, leads_to_a_paper
from .facts import Facts, first_part, front_matter_facts, front_matter_values, read_facts, read_names
from .fields import Body, read_body
from .heading_entries import Part, choose, font_heading, gather, is_meta, lines_in_details, make_part, own_blocks
from .headings import Heading, is_structure, is_time_stamp, month_of, plain_title, split_heading
from .inline import INVALID, read_inline, safe_url
from .item_entries import item_entries
from .table_entries import ends_of_tables, table_entries
from .vocabulary import DEFAULT, KEYPOINTS, Vocabulary

_HEADING_WITHOUT_SPACE = re.compile(r"(?P<marks>#{1,6})(?P<text>[^\W\d_][^#`\n]{0,200})")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})")
_YEAR = re.compile(r"\W*(?:19|20)\d\d\W*年?")
_NO_DATE = Found("", None, 0, 0)
_ONLY_A_LABEL = re.compile(r"(?:title|标题|標題|タイトル)\s*[:：]", re.IGNORECASE)
_ITALIC = re.compile(r"([*_])(?![*_\s])(?P<text>(?:\\.|[^*_\n\\])+(?:\n(?:\\.|[^*_\n\\])+)*)\1")
_NEAR = 5
_LEAST_IN_A_LIST = 3


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


def read_page(
    text: str,
    path: str,
    first_line: int = 1,
    *,
    meta: Mapping[str, Any] | None = None,
    vocabulary: Vocabulary = DEFAULT,
) -> tuple[Digest, tuple[Finding, ...]]:
    """Read the papers of one page of Markdown, front matter taken off.

    `path` is its place in the docs, with forward slashes; `first_line` is the number of the text's first
    line in its file; `meta` is its front matter; `vocabulary` says what labels mean. Gives the digest (without sections if the page
    holds no paper) and what is wrong with it, with lines of the file. Raises nothing, whatever the text.
    """
    text, control = clean(text)
    lines = text.split("\n")
    reader = _PageReader(path, first_line, lines, meta or {}, vocabulary)
    for line, column, code_point in control:
        reader.find("PD002", line - 1, code_point, column=column)
    digest = reader.read()
    kept = reader.findings if digest.sections else [found for found in reader.findings if found.code == "PD106"]
    return digest, tuple(sorted(kept, key=lambda f: (f.line, f.column, f.code)))


class _PageReader:
    """Reads one page."""

    def __init__(
        self, path: str, first_line: int, lines: list[str], front_matter: Mapping[str, Any], vocabulary: Vocabulary
    ) -> None:
        self.path = path
        self.first_line = first_line
        self.lines = lines
        self.vocabulary = vocabulary
        self.front_matter = front_matter_values(front_matter, vocabulary)
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
        parsed = parse_blocks(self.lines, self.vocabulary)
        self.references = parsed.references
        before, parts = self._parts(parsed.blocks)
        gather(parts, self.vocabulary)
        self._leave_lost_titles(parts)
        choose(parts, dated=bool(find_date(self.path)) or any(month_of(part.heading) for part in parts))
        entries = self._entries(before, parts)
        if not entries:
            return Digest(self.path)
        sections = self._sections(before, parts, entries)
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

    def _parts(self, blocks: Sequence[Block]) -> tuple[tuple[Block, ...], list[Part]]:
        """What stands before the first heading, and each heading with its blocks."""
        fonts = {n: font for n in range(len(blocks)) if (font := font_heading(blocks, n))}
        starts = [n for n, block in enumerate(blocks) if block.kind == "heading" or n in fonts]
        folded = lines_in_details(blocks)
        parts = []
        for n, end in pairwise([*starts, len(blocks)]):
            block, below = blocks[n], tuple(blocks[n + 1 : end])
            if n in fonts:
                block = Block("heading", block.start, block.end, fonts[n], blocks[n + 1].level - 1, "font")
            heading = split_heading(block.text, self.references)
            parts.append(make_part(block, below, heading, folded=folded.get(block.start)))
        return tuple(blocks[: starts[0]] if starts else blocks), parts

    def _leave_lost_titles(self, parts: Sequence[Part]) -> None:
        """Headings that are only the label `Title:`: what the title is would be a guess."""
        for part in parts:
            if _ONLY_A_LABEL.fullmatch(part.text.strip()):
                self.find("PD106", part.block.start, part.text)
                part.evidence, part.labels, part.headed = Evidence.NONE, (), []

    # -- entries

    def _entries(self, before: Sequence[Block], parts: Sequence[Part]) -> dict[int, list[Entry]]:
        """The papers of the page by the part that they stand in; -1 is what stands before the first heading."""
        entries: dict[int, list[Entry]] = {}
        n = 0
        text: list[tuple[int, str, int, Sequence[Block]]] = [(-1, "", 2, before)]
        while n < len(parts):
            part = parts[n]
            if not part.paper:
                text.append((n, part.text, min(6, part.level + 1), part.blocks))
                n += 1
                continue
            end = n + 1
            while (
                end < len(parts)
                and not parts[end].paper
                and (parts[end].level > part.level or parts[end].folded is not None)
            ):
                end += 1
            entries[n] = [self._heading_entry(parts, n, end)]
            n = end
        if not entries and (page := self._whole_page(before, parts)):
            return {-1: [page]} if page.shape == "page" else {0: [page]}
        others = self._listed(text, alone=not entries)
        if not others and self._may_be_a_list(parts, entries):
            # A survey's own title may lead to its paper; what stands on its page are the others.
            every = [(n, part.text, min(6, part.level + 1), part.blocks) for n, part in enumerate(parts)]
            listed = self._listed([(-1, "", 2, before), *every], alone=True)
            if sum(map(len, listed.values())) >= _LEAST_IN_A_LIST:
                for part in parts:
                    part.paper = False
                return listed
        return entries | others

    @staticmethod
    def _may_be_a_list(parts: Sequence[Part], entries: Mapping[int, Sequence[Entry]]) -> bool:
        papers = [part for part in parts if part.paper]
        return len(papers) == 1 and papers[0].level == 1 and len(entries) == 1

    def _listed(self, text: Sequence[tuple[int, str, int, Sequence[Block]]], *, alone: bool) -> dict[int, list[Entry]]:
        """The papers that are list items, bold paragraphs and rows of tables, by the part that they stand in."""
        groups = [(name, level, blocks) for _, name, level, blocks in text]
        ends = ends_of_tables(self.lines)
        entries = {}
        listed = item_entries(groups, self.references, self.lines, alone=alone)
        for (place, _, level, blocks), found in zip(text, listed, strict=True):
            rows = table_entries(blocks, level, self.vocabulary, self.references, self.lines, ends)
            if every := apart(sorted([*found, *rows], key=lambda entry: entry.start)):
                entries[place] = every
        return entries

    def _heading_entry(self, parts: Sequence[Part], n: int, end: int) -> Entry:
        part = parts[n]
        inner = (block for later in parts[n + 1 : end] for block in (later.block, *later.blocks))
        below = (*part.blocks, *inner)
        last = not any(later.paper for later in parts[end:])
        blocks = own_blocks(below, last=last)
        stop = parts[end].block.start if end < len(parts) else len(self.lines)
        if len(blocks) < len(below):
            stop = blocks[-1].end if blocks else part.block.end
        return Entry("heading", part.block.start, stop, part.block.start, part.level, part.heading, blocks)

    def _whole_page(self, before: Sequence[Block], parts: Sequence[Part]) -> Entry | None:
        """The page as one paper, if its front matter says so: an identifier or a link of a paper, or who published it where."""
        said = self.front_matter
        facts = front_matter_facts(said)
        linked = any(
            link.kind in ("arxiv", "doi") or leads_to_a_paper(link.url) for link in (*facts.links, *facts.identified)
        )
        if not (linked or ("authors" in said and ("venue" in said or "abstract" in said))):
            return None
        highest = [part for part in parts if part.level == 1]
        if len(highest) > 1 or (highest and parts[0] is not highest[0]):
            return None
        if highest:
            parts[0].paper = True
            return self._heading_entry(parts, 0, len(parts))
        title = next(iter(said.get("title", ())), "")
        if not title:
            return None
        blocks = (*before, *(block for part in parts for block in (part.block, *part.blocks)))
        return Entry("page", 0, len(self.lines), 0, 1, Heading(title, "", ""), blocks)

    # -- sections

    def _sections(
        self, before: Sequence[Block], parts: Sequence[Part], entries: Mapping[int, Sequence[Entry]]
    ) -> list[Section]:
        places = self._digest_dates(before, parts, entries)
        headed: Found | None = None
        outline: list[tuple[int, str | None]] = []
        taken = {python_markdown_slug(part.text) for part in parts if not part.paper}
        count = sum(map(len, entries.values()))
        last = max(entries)
        alone = count == 1
        sections = [
            self._section(entry, (None, *places), entry.category, taken, alone=alone) for entry in entries.get(-1, ())
        ]
        # A page's own title is no category of the lists and tables on it, nor of papers below other headings.
        titled = bool(parts) and parts[0].level == 1
        titled = titled and not any(part.level == 1 and part.folded is None for part in parts[1:])
        end = 0
        for n, part in enumerate(parts):
            if part.block.start < end:  # a heading inside a paper
                continue
            if not part.paper:
                found = None if is_time_stamp(part.heading) else month_of(part.heading)
                if found and n <= last:
                    headed = found
                    named = places[0]
                    if named and named.month != found.month:
                        self.find("PD103", part.block.start, found.month, named.month)
                outline = [entry for entry in outline if entry[0] < part.level]
                names_nothing = (
                    found or is_structure(part.text) or is_time_stamp(part.heading) or _YEAR.fullmatch(part.text)
                )
                name = None if names_nothing else part.text or None
                outline.append((part.level, name))
                if n not in entries and any(known_labels(part.blocks)) and self._lost(part):
                    self.find("PD105", part.block.start, part.text)
            for entry in entries.get(n, ()):
                level = part.level if part.paper else 7
                parted = entry.shape != "heading" or any(1 < at < level for at, _ in outline)
                highest = 1 if titled and parted else 0
                above = (name for at, name in reversed(outline) if highest < at < level and name)
                category = entry.category or next(above, None)
                sections.append(self._section(entry, (headed, *places), category, taken, alone=alone))
                end = entry.end if part.paper else end
        return sections

    @staticmethod
    def _lost(part: Part) -> bool:
        """Whether labels below a heading that is no paper seem to be those of one."""
        return any(label.look in ("code", "bold", "sign") for label, _ in known_labels(part.blocks))

    def _digest_dates(
        self, before: Sequence[Block], parts: Sequence[Part], entries: Mapping[int, Sequence[Entry]]
    ) -> tuple[Found | None, ...]:
        """The dates of the digest that stand above no single paper: file name, folders, front matter, introduction."""
        path = PurePosixPath(self.path)
        named = find_date(path.stem)
        # `2024/05/17.md` is a day that stands in all of the path together.
        whole = find_date("/".join((*path.parent.parts[-2:], path.stem)))
        folder = whole or next(filter(None, map(find_date, reversed(path.parent.parts))), None)
        stated = next((found for text in self.front_matter.get("date", ()) if (found := find_date(text))), None)
        return named, folder, stated, self._introduction(before, parts, entries)

    def _introduction(
        self, before: Sequence[Block], parts: Sequence[Part], entries: Mapping[int, Sequence[Entry]]
    ) -> Found | None:
        """The date that the sentences above the first paper name, outside links."""
        blocks = [] if entries.get(-1) else list(before)
        for n, part in enumerate(parts):
            if n in entries or -1 in entries:
                break
            blocks += part.blocks
        texts = (block.text for block in blocks if block.kind == "paragraph" and not is_time_stamp(block.text))
        return meta.meta_date(text for text in texts if not _is_news(text))

    def _section(
        self,
        entry: Entry,
        dates: Sequence[Found | None],
        category: str | None,
        taken: set[str],
        *,
        alone: bool,
    ) -> Section:
        """One paper; `dates` are those of its digest, the first that there is counts."""
        blocks, name = entry.blocks, entry.title.text
        if entry.shape in ("heading", "page"):  # the others were cut behind their numbers
            name = plain_title(name)
        page = alone and (entry.shape == "page" or entry.level == 1)
        count = 0
        while count < len(blocks) and entry.shape in ("heading", "bold") and is_meta(blocks[count]):
            count += 1
        lines = [entry.title.tail, *(b.text for b in walk(blocks[:count]) if b.kind == "paragraph")]
        if count < len(blocks) and blocks[count].kind == "list" and entry.shape == "heading":
            # links in a list that goes on with the fields
            items = (replace(blocks[count], children=(item,)) for item in blocks[count].children)
            lines += [item.children[0].children[0].text for item in takewhile(is_meta, items)]
        lines += _lines_of_links(entry, blocks[count:])
        body = read_body(blocks, self.vocabulary, self.references, self.find, page=page)
        facts = read_facts(body.values, body.sources, self.references)
        said = self.front_matter if page else {}
        stated = front_matter_facts(said)
        own_date = facts.date or meta.meta_date(lines) or stated.date
        before = [] if entry.shape == "heading" else [_before_title(entry.title.title)]
        own_date = own_date or meta.meta_date(before)
        digest_date = next(filter(None, dates), None)
        month_date = digest_date or own_date
        date = (own_date or digest_date or _NO_DATE).date
        category = category or facts.category or stated.category
        keypoints, added = self._keypoints(body, said, category, blocks)
        anchor = self._anchor(name, taken)
        paper = Paper(
            title=name,
            path=self.path,
            line=self.first_line + entry.line,
            level=entry.level,
            anchor=anchor,
            month=month_date.month if month_date else None,
            date=date,
            category=category,
            keypoints=keypoints,
            fields=self._fields(body.values, said),
            links=self._links(entry, lines, facts, stated),
            figures=body.figures,
            details=body.details,
            authors=facts.authors or stated.authors or self._authors(entry, blocks[count:], lines),
            venue=facts.venue or meta.meta_venue([*lines, *before]) or stated.venue,
            unknown=tuple(dict.fromkeys(value.label.written for value in body.values if not value.label.name)),
        )
        title = entry.title
        unsaid = self._unsaid(paper, facts, stated) if said else ()
        return Section(
            paper,
            entry.start,
            entry.end,
            title.title,
            title.tail,
            count,
            blocks,
            body.values,
            added,
            unsaid,
            entry.shape,
            entry.table,
            entry.row,
        )

    @staticmethod
    def _unsaid(paper: Paper, facts: Facts, stated: Facts) -> tuple[str | Link, ...]:
        """What only the front matter says of a page that is one paper: where it came out, who wrote it, and its links."""
        texts = [stated.venue if not facts.venue else None, ", ".join(stated.authors) if not facts.authors else None]
        links = [
            link for link in paper.links if link in (*stated.links, *stated.identified) and link not in facts.links
        ]
        return (*(text for text in texts if text), *(link for link in links if safe_url(link.url)))

    def _anchor(self, title: str, taken: set[str]) -> str:
        wanted = stable_slug(title)
        return self.anchors.take(wanted if wanted not in taken else f"{wanted}_1")

    def _fields(self, values: Sequence[Value], said: Mapping[str, Sequence[str]]) -> tuple[Field, ...]:
        """The fields of a paper, each once, where it first stands; one that is empty there has the text of a later one."""
        fields: dict[str, Field] = {}
        for value in values:
            name = value.label.name
            if name is None or not self.vocabulary.is_field(name):
                continue
            known = fields.get(name)
            if known is None or not known.text:
                line = known.line if known else self.first_line + value.block.start
                fields[name] = Field(name, self.vocabulary.spelling(name), value.text, line)
        for name, texts in said.items():
            if name != KEYPOINTS and self.vocabulary.is_field(name) and name not in fields:
                fields[name] = Field(name, self.vocabulary.spelling(name), ", ".join(texts), 1)
        return tuple(fields.values())

    def _keypoints(
        self, body: Body, said: Mapping[str, Sequence[str]], category: str | None, blocks: Sequence[Block]
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
        """The keypoints of a paper, None without a field of them, and those that no label among its blocks says."""
        named = [value for value in body.values if value.names is not None]
        names = [name for value in named for name in value.names or ()]
        shown = [name for value in named if value.block.kind != "row" for name in value.names or ()]
        given = self.vocabulary.keypoint_fields
        stated = {value.label.name for value in named}
        found = bool(named)
        for name in given:
            if name in said and name not in stated:
                names += said[name]
                found = True
        if "category" in given and "category" not in stated and category:
            names.append(category)
            found = True
        keypoints = tuple(dict.fromkeys(names)) if found else None
        return keypoints, tuple(name for name in keypoints or () if name not in shown)

    def _links(self, entry: Entry, lines: Sequence[str], facts: Facts, stated: Facts) -> tuple[Link, ...]:
        """The links of a paper: its title's, its meta line's, its labels', its front matter's; each once."""
        found = [
            *meta.read_links(entry.title.title, self.references),
            *(link for line in lines for link in meta.read_links(line, self.references)),
        ]
        links: dict[str, Link] = {}
        for link in (*found, *facts.links, *stated.links):
            links.setdefault(link.url, link)
        kinds = {link.kind for link in links.values()}
        for link in (*facts.identified, *stated.identified):
            if link.kind not in kinds:
                links.setdefault(link.url, link)
        return tuple(links.values())

    def _authors(self, entry: Entry, blocks: Sequence[Block], lines: Sequence[str]) -> tuple[str, ...]:
        """The names that stand without a label: in italics below the title, or as the first item of an entry."""
        if entry.shape == "row":
            return ()
        near = [_first_text(block) for block in blocks[:2]]
        if entry.shape == "item":  # `[Title](…) - Ada Moss, Lin Reed. *CVPR 2024*`
            near.insert(0, first_part(entry.title.tail))
        for text in (*lines, *near):
            match = _ITALIC.match(text.strip()) if entry.shape == "heading" else _ITALIC.search(text)
            bare = match["text"] if match else text
            if "](" in bare:
                continue
            said = read_inline(bare, self.references).text
            if (match or entry.shape != "heading" or "," in said) and (names := read_names(said)):
                return names
        return ()

    def _check(self, sections: Sequence[Section], parsed: Parsed) -> None:
        """Report what is wrong with papers as wholes."""
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


def _lines_of_links(entry: Entry, blocks: Sequence[Block]) -> list[str]:
    """Lines of tags and links that stand a little below a title: behind the authors, or as an entry's second paragraph."""
    near = [block.text for block in blocks[:_NEAR] if block.kind == "paragraph" and not block.label]
    return [
        text
        for text in near
        if "](" in text and (meta.is_meta(text) or (entry.shape == "item" and names_a_paper_link(text)))
    ]


def _first_text(block: Block) -> str:
    """The text that a block begins with, unless it is a label."""
    if block.kind in ("list", "item", "quote"):
        return _first_text(block.children[0]) if block.children else ""
    return block.text if block.kind == "paragraph" and not block.label else ""


def _before_title(source: str) -> str:
    """What stands before the title of an entry: a number, a tag, a date."""
    return re.split(r"\]\(|\*\*(?=[^\d\s])", source, maxsplit=1)[0].rpartition("[")[0] or source.partition("**")[0]
