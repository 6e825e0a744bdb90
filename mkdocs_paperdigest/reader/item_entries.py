"""Papers as list items and as bold paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ..languages import digest_words
from ..records import Block, leads_to_a_paper
from .blocks import walk_blocks
from .entries import (
    Evidence,
    PaperEntry,
    apart,
    evidence,
    is_bold_title,
    is_placeholder,
    known_labels,
    labels_lead_to_a_paper,
    links_a_paper,
    names_a_paper_link,
    split_entry,
)
from .facts import first_part, read_names
from .headings import Heading, is_long, without_links
from .inline import read_inline
from .venues import VENUE

_NOT_OF_PAPERS = re.compile("|".join(digest_words("phrases")["not_of_papers"]), re.IGNORECASE)
_CODE_LINK = re.compile(r"\[[^\w\[]*(?:code|project|github|代码|项目)\W*(?:page\W*)?\]\(\s*https?://", re.IGNORECASE)
# Lines of headings, raw HTML, badges, tables of contents and code.
_NO_TEXT = re.compile(r"\s*(?:[#<|}@`]|\[!|!\[|[-*+] \[[^\]]*\]\(#|\w+ ?= ?\{)")
_LEAST = 6


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry, and how sure it is one: by its labels (`evidence`), `labelled`, or only `linked` to a paper, and `telling` more of it."""

    entry: PaperEntry
    evidence: Evidence
    labelled: bool
    linked: bool
    telling: bool = False

    @property
    def is_titled(self) -> bool:
        """Whether its title is that of a paper, and not the name of a data set or tool that has one."""
        title = self.entry.title
        said = title.title + title.tail
        return is_long(title.text) or leads_to_a_paper(title.title) or bool(VENUE.search(without_links(said)))


def item_entries(
    groups: Sequence[tuple[str, int, Sequence[Block]]], references: dict[str, Any], lines: Sequence[str], *, alone: bool
) -> list[list[PaperEntry]]:
    """Find the papers among list items and bold paragraphs, per group (heading, level below, blocks).

    `alone`: no heading is a paper, so links may be enough.
    """
    found = [[*_bold(blocks, level, references), *_items(blocks, level, references)] for _, level, blocks in groups]
    every = [item for group in found for item in group]
    evident = any(item.evidence is Evidence.SURE for item in every) or sum(bool(item.evidence) for item in every) > 1
    labelled = [item for item in every if item.labelled and item.linked]
    by_links = alone and (evident or _made_of_links(groups, found, lines))
    if not evident and len(labelled) < 2 and not by_links:
        return [[] for _ in groups]
    taken = []
    for (name, _, _), group in zip(groups, found, strict=True):
        links_are_enough = by_links and not _NOT_OF_PAPERS.search(name)
        shapes = {item.entry.shape for item in group if item.evidence or (item.labelled and item.linked)}
        entries = [
            item.entry
            for item in group
            if item.evidence
            or (item.labelled and (item.linked or item.entry.shape in shapes))
            or (links_are_enough and item.linked and item.is_titled)
        ]
        taken.append(apart(sorted(entries, key=lambda entry: entry.start)))
    return taken


def _made_of_links(
    groups: Sequence[tuple[str, int, Sequence[Block]]], found: Sequence[Sequence[_Found]], lines: Sequence[str]
) -> bool:
    """Whether a page consists of items that link to papers: most items of the lists that hold such, and much of its text."""
    linked: list[_Found] = []
    items = 0
    for (name, _, blocks), group in zip(groups, found, strict=True):
        own = [item for item in group if item.linked]
        if own and not _NOT_OF_PAPERS.search(name):
            linked += own
            items += sum(block.kind == "item" and _is_leaf(block) for block in walk_blocks(blocks))
    telling = sum(item.telling for item in linked)
    if telling < 2 and len(linked) < _LEAST:
        return False
    if sum(item.is_titled for item in linked) * 10 < len(linked) * 6:
        return False  # names of data sets or tools, each with its paper
    own_lines = sum(1 for item in linked for line in lines[item.entry.start : item.entry.end] if line.strip())
    words = sum(1 for line in lines if "http" in line or (line.strip() and not _NO_TEXT.match(line)))
    return len(linked) * 10 >= items * 6 and own_lines * 10 >= words * (2 if telling * 2 >= len(linked) else 4)


def _is_leaf(item: Block) -> bool:
    first = item.children[0] if item.children else None
    only_anchors = first and re.search(r"\]\(#", first.text) and "http" not in first.text
    return not only_anchors and not any(child.kind == "list" for child in item.children)


def _says_more(text: str) -> bool:
    said = VENUE.search(without_links(text)) or "et al" in text or _CODE_LINK.search(text)
    return bool(said or read_names(first_part(text)))


def _items(
    blocks: Sequence[Block], level: int, references: dict[str, Any], above: str | None = None
) -> Iterator[_Found]:
    for item in (item for block in blocks if block.kind == "list" for item in block.children):
        found = _item(item, level, references, above)
        if found and (found.evidence or found.labelled or found.linked):
            yield found
        else:
            first = item.children[0] if len(item.children) > 1 else None
            name = read_inline(first.text).text if first and first.kind == "paragraph" else None
            yield from _items(item.children, level, references, name or above)


def _item(item: Block, level: int, references: dict[str, Any], above: str | None) -> _Found | None:
    first = item.children[0] if item.children else None
    if first is None or first.kind != "paragraph" or (first.label and first.label.name):
        return None
    title = split_entry(first.text, references)
    if title is None or is_placeholder(title.text):
        return None
    rest = item.children[1:]
    more = [child for child in rest[:2] if child.kind == "paragraph" and names_a_paper_link(child.text)]
    if more and not links_a_paper(title):
        title = Heading(title.text, title.title, f"{title.tail} {more[0].text}")
        rest = tuple(child for child in rest if child is not more[0])
    entry = PaperEntry("item", item.start, item.end, item.start, level, title, rest, above)
    found = _judged(entry, item.children[1:])
    linked = found.linked
    if linked and not found.labelled:  # what only holds a list of its own with such titles is no paper
        firsts = [one.children[0] for block in rest if block.kind == "list" for one in block.children if one.children]
        inner = [split_entry(child.text, references) for child in firsts if child.kind == "paragraph"]
        linked = not any(links_a_paper(title) for title in inner if title)
    about = [title.tail, *(child.text for child in rest[:1] if child.kind == "paragraph" and not child.label)]
    telling = names_a_paper_link(title.tail) or (leads_to_a_paper(title.title) and _says_more(" ".join(about)))
    return replace(found, linked=linked, telling=telling)


def _bold(blocks: Sequence[Block], level: int, references: dict[str, Any]) -> Iterator[_Found]:
    titles = [n for n, block in enumerate(blocks) if is_bold_title(block)]
    for n, end in pairwise([*titles, len(blocks)]):
        first, _, more = blocks[n].text.partition("\n")
        title = split_entry(first, references)
        under = Block("paragraph", blocks[n].start + 1, blocks[n].end, more)
        below = (*((under,) if more else ()), *blocks[n + 1 : end])
        if title is None or is_placeholder(title.text) or not below:
            continue
        stop = blocks[end].start if end < len(blocks) else blocks[end - 1].end
        found = _judged(PaperEntry("bold", blocks[n].start, stop, blocks[n].start, level, title, below), below)
        if found.evidence or found.labelled:
            yield found


def _judged(entry: PaperEntry, blocks: Sequence[Block]) -> _Found:
    labels = list(known_labels(blocks))
    titled = links_a_paper(entry.title)
    linked = titled or labels_lead_to_a_paper(labels)
    shown = evidence((label for label, _ in labels), titled=titled, linked=linked)
    return _Found(entry, shown, bool(labels), linked)
