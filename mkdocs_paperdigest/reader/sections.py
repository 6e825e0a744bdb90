"""An entry of a page → its section: the paper with its title, month, category, fields, keypoints, links and authors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, takewhile
from typing import Any

from ..records import Block, Field, Link, Paper, Section, Value
from ..support import Anchors, stable_slug
from .blocks import walk_blocks
from .dates import Found
from .entries import PaperEntry, names_a_paper_link
from .facts import (
    Facts,
    first_part,
    front_matter_facts,
    has_others,
    is_meta_line,
    meta_date,
    meta_venue,
    read_facts,
    read_links,
    read_names,
)
from .fields import Body, Report
from .heading_parts import is_meta, is_meta_item
from .headings import plain_title
from .inline import read_inline, safe_url
from .labels import KEYPOINTS, LabelVocabulary

_ITALIC = re.compile(r"(?<!\\)([*_])(?![*_\s])(?P<text>(?:\\.|[^*_\n\\])+(?:\n(?:\\.|[^*_\n\\])+)*)\1")
_NEAR = 5


@dataclass
class SectionReader:
    """Reads the entries of one page in their order, since it gives out their anchors; `find` is told what is wrong."""

    path: str
    first_line: int
    labels: LabelVocabulary
    references: dict[str, Any]
    front_matter: Mapping[str, Sequence[str]]
    find: Report
    anchors: Anchors = field(default_factory=Anchors)

    def section(
        self,
        entry: PaperEntry,
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
        count, lines = _meta_lines(entry)
        body = Body(self.labels, self.references, self.find, page)
        body.read(blocks)
        facts = read_facts(body.values, body.sources, self.references)
        said = self.front_matter if page else {}
        stated = front_matter_facts(said)
        own_date = facts.date or meta_date(lines) or stated.date
        before = [] if entry.shape == "heading" else [_before_title(entry.title.title)]
        own_date = own_date or meta_date(before)
        digest_date = next(filter(None, dates), None)
        month_date, dated = digest_date or own_date, own_date or digest_date
        category = category or facts.category or stated.category
        keypoints, added = self._keypoints(body.values, said, category)
        anchor = stable_slug(name)
        anchor = self.anchors.take(anchor if anchor not in taken else f"{anchor}_1")
        by = facts if facts.authors else stated if stated.authors else self._authors(entry, blocks[count:], lines)
        paper = Paper(
            title=name,
            path=self.path,
            line=self.first_line + entry.line,
            level=entry.level,
            anchor=anchor,
            month=month_date.month if month_date else None,
            date=dated.date if dated else None,
            category=category,
            keypoints=keypoints,
            fields=self._fields(body.values, said),
            links=self._links(entry, lines, facts, stated),
            figures=tuple(body.figures),
            details=body.details,
            authors=by.authors,
            venue=facts.venue or meta_venue([*lines, *before]) or stated.venue,
            unknown=tuple(dict.fromkeys(value.label.written for value in body.values if not value.label.name)),
            others=by.others,
            own_month=own_date.month if own_date else None,
            arxiv_class=facts.arxiv_class or stated.arxiv_class,
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
            tuple(body.values),
            added,
            unsaid,
            entry.shape,
            entry.table,
            entry.row,
            torn=entry.torn,
        )

    @staticmethod
    def _unsaid(paper: Paper, facts: Facts, stated: Facts) -> tuple[str | Link, ...]:
        texts = [stated.venue if not facts.venue else None, ", ".join(stated.authors) if not facts.authors else None]
        links = [
            link for link in paper.links if link in (*stated.links, *stated.identified) and link not in facts.links
        ]
        return (*(text for text in texts if text), *(link for link in links if safe_url(link.url)))

    def _fields(self, values: Sequence[Value], said: Mapping[str, Sequence[str]]) -> tuple[Field, ...]:
        """The fields of a paper, each once, where it first stands; one that is empty there has the text of a later one."""
        fields: dict[str, Field] = {}
        for value in values:
            name = value.label.name
            if name is None or not self.labels.is_field(name):
                continue
            known = fields.get(name)
            if known is None or not known.text:
                line = known.line if known else self.first_line + value.block.start
                fields[name] = Field(name, self.labels.spelling(name), value.text, line)
        for name, texts in said.items():
            if name != KEYPOINTS and self.labels.is_field(name) and name not in fields:
                fields[name] = Field(name, self.labels.spelling(name), ", ".join(texts), 1)
        return tuple(fields.values())

    def _keypoints(
        self, values: Sequence[Value], said: Mapping[str, Sequence[str]], category: str | None
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
        """The keypoints of a paper, None without a field of them, and those that no label among its blocks says."""
        named = [value for value in values if value.names is not None]
        names = [[*(value.names or ())] for value in named]
        shown = {name for value in named if value.block.kind != "row" for name in value.names or ()}
        left = self.labels.keypoint_fields.difference(value.label.name for value in named)
        names += [[*said[name]] for name in left if name in said]
        names += [[category]] if category and "category" in left else []
        keypoints = dict.fromkeys(chain.from_iterable(names))
        return tuple(keypoints) if names else None, tuple(name for name in keypoints if name not in shown)

    def _links(self, entry: PaperEntry, lines: Sequence[str], facts: Facts, stated: Facts) -> tuple[Link, ...]:
        found = [
            *read_links(entry.title.title, self.references),
            *(link for line in lines for link in read_links(line, self.references)),
        ]
        links: dict[str, Link] = {}
        for link in (*found, *facts.links, *stated.links):
            links.setdefault(link.url, link)
        kinds = {link.kind for link in links.values()}
        for link in (*facts.identified, *stated.identified):
            if link.kind not in kinds:
                links.setdefault(link.url, link)
        return tuple(links.values())

    def _authors(self, entry: PaperEntry, blocks: Sequence[Block], lines: Sequence[str]) -> Facts:
        """The names that stand without a label: in italics below the title, or as the first item of an entry."""
        if entry.shape == "row":
            return Facts()
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
                return Facts(names, others=has_others(said))
        return Facts()


def _meta_lines(entry: PaperEntry) -> tuple[int, list[str]]:
    """How many blocks below a title hold nothing but tags, dates and links, and the lines that do."""
    blocks, count = entry.blocks, 0
    while count < len(blocks) and entry.shape in ("heading", "bold") and is_meta(blocks[count]):
        count += 1
    lines = [entry.title.tail, *(b.text for b in walk_blocks(blocks[:count]) if b.kind == "paragraph")]
    if count < len(blocks) and blocks[count].kind == "list" and entry.shape == "heading":
        # links in a list that goes on with the fields
        lines += [item.children[0].text for item in takewhile(is_meta_item, blocks[count].children)]
    return count, lines + _lines_of_links(entry, blocks[count:])


def _lines_of_links(entry: PaperEntry, blocks: Sequence[Block]) -> list[str]:
    """Lines of tags and links that stand a little below a title: behind the authors, or as an entry's second paragraph."""
    near = [block.text for block in blocks[:_NEAR] if block.kind == "paragraph" and not block.label]
    return [
        text
        for text in near
        if "](" in text and (is_meta_line(text) or (entry.shape == "item" and names_a_paper_link(text)))
    ]


def _first_text(block: Block) -> str:
    if block.kind in ("list", "item", "quote"):
        return _first_text(block.children[0]) if block.children else ""
    return block.text if block.kind == "paragraph" and not block.label else ""


def _before_title(source: str) -> str:
    """What stands before the title of an entry: a number, a tag, a date."""
    return re.split(r"\]\(|\*\*(?=[^\d\s])", source, maxsplit=1)[0].rpartition("[")[0] or source.partition("**")[0]
