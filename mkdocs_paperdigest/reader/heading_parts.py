"""Papers as headings, and as whole pages below one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from ..records import Block, Label, leads_to_a_paper
from .blocks import walk_blocks
from .entries import (
    Evidence,
    evidence,
    is_bold_title,
    is_keyword_label,
    is_placeholder,
    known_labels,
    labels_lead_to_a_paper,
)
from .facts import is_meta_line
from .headings import Heading, is_long, is_metadata, is_place, is_structure, month_of, plain_title
from .inline import read_inline
from .labels import KEYPOINTS, LabelVocabulary

FONT = re.compile(r"<font\b[^>]*>(?P<text>[^<>]+)</font>", re.IGNORECASE)
_WEB_LINK = re.compile(r"\]\(\s*<?https?://", re.IGNORECASE)
_BADGE = re.compile(r"\[!\[[^\[\]]*\]\([^()]*\)\]\([^()]*\)")
_HOLDER = re.compile(r"<(/?)(details|div|center|section|article|table|blockquote)\b", re.IGNORECASE)
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)
_COMMENTS = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
_NEAR = 5


@dataclass(slots=True)
class Part:
    """A heading with what follows up to the next; `headed` are labels under its own label headings, `folded` is the line of the `<details>` around it."""

    block: Block
    heading: Heading
    blocks: tuple[Block, ...]
    labels: tuple[tuple[Label, Block], ...]
    is_field: bool = False
    headed: list[tuple[Label, Block]] = field(default_factory=list)
    evidence: Evidence = Evidence.NONE
    paper: bool = False
    folded: int | None = None

    @property
    def level(self) -> int:
        return self.block.level

    @property
    def text(self) -> str:
        return self.heading.text

    @property
    def is_evidence(self) -> bool:
        return self.evidence > Evidence.NONE

    @property
    def is_linked(self) -> bool:
        return _WEB_LINK.search(self.heading.title) is not None or leads_to_a_paper(self.heading.tail)

    @property
    def is_titled(self) -> bool:
        """Whether its title, or the meta line below it, leads to a paper."""
        if leads_to_a_paper(self.heading.title):
            return True
        # The badges of a page's own title say where its program was published; a name of a word or two is that of anything.
        tail = _BADGE.sub("", self.heading.tail) if self.level == 1 else self.heading.tail
        if leads_to_a_paper(tail):
            return True
        if not is_long(self.text) and len(self.labels) < 2:
            return False
        return any(
            leads_to_a_paper(_BADGE.sub("", block.text) if self.level == 1 else block.text) and is_meta_line(block.text)
            for block in self.blocks[:_NEAR]
            if block.kind == "paragraph" and not block.label
        )


def begins_with_title(blocks: Sequence[Block]) -> bool:
    """Whether the fields below belong to a title in a fence (```` ```diff ```` and `+ Title`) or a `<font>`, not to the heading above."""
    first = next((block for block in blocks if block.kind != "rule"), None)
    if first is None or first.kind == "paragraph":
        return first is not None and FONT.fullmatch(first.text.strip()) is not None
    return first.kind == "fence" and first.text.startswith("+ ")


def gather(parts: Sequence[Part], labels: LabelVocabulary) -> None:
    """Give each heading the labels that stand under headings of its own: `## Keywords`, or those below `## Metadata`."""
    owners: list[Part] = []
    for part in parts:
        text = plain_title(part.text)
        name = None if part.heading.tail else labels.of_heading(text)
        part.headed += _facts(part, labels)
        owners = [owner for owner in owners if owner.level < part.level]
        if owners and (name or is_metadata(part.text)):
            part.is_field = True
            if name and (part.blocks or name == KEYPOINTS):
                owners[-1].headed.append((Label(name, text, text, len(part.heading.title), "heading"), part.block))
            owners[-1].headed += [*part.labels, *part.headed]
        else:
            owners.append(part)
    for part in parts:
        names_none = not part.text or is_place(part.heading) or is_placeholder(part.text)
        if not (part.is_field or names_none or _has_another_title(part)):
            stated = [*part.labels, *part.headed]
            linked = labels_lead_to_a_paper(stated)
            part.evidence = evidence((label for label, _ in stated), titled=part.is_titled, linked=linked)


def _has_another_title(part: Part) -> bool:
    for label, block in part.labels:
        if label.name == "title" and "(" not in label.written and "（" not in label.written:
            said = (read_inline(block.text[label.value :]).text, part.text)
            stated, own = ("".join(filter(str.isalnum, text.casefold())) for text in said)
            if stated and stated not in own and own not in stated:
                return True
    return False


def _facts(part: Part, labels: LabelVocabulary) -> Iterable[tuple[Label, Block]]:
    """Labels that are the first cells of a table with two columns right below a heading, and the cells with their values."""
    for block in part.blocks:
        rows = [row.children for row in block.children if len(row.children) == 2] if block.kind == "table" else []
        said = [(read_inline(head.text).text.rstrip(":："), cell) for head, cell in rows]
        known = [(Label(name, text, text, 0, "column"), cell) for text, cell in said if (name := labels.known(text))]
        if len(known) > 1 and len(known) * 2 >= len(rows):
            yield from known


def choose(parts: Sequence[Part], *, dated: bool) -> None:
    """Mark the headings that are papers; one that is only likely must lead to a paper, or have one more with keywords in back-ticks on a `dated` page."""
    _linked_titles(parts)
    levels = _levels_of_papers(parts, dated=dated)
    if not levels:
        return
    common = levels.most_common(1)[0][0]
    linked = sum(part.is_evidence and part.is_linked for part in parts) * 2 > sum(levels.values())
    inside = 0  # level of the paper that deeper headings belong to; 0 outside
    for part, following in zip_longest(parts, parts[1:]):
        is_below = inside and (part.folded is not None or part.level > inside)
        if is_below and not (part.is_evidence and part.level in levels):
            continue
        if part.is_field or is_placeholder(part.text):
            inside = 0 if part.level <= inside else inside
            continue
        if part.is_evidence:
            part.paper = True
        elif not (following and part.level < following.level in levels and not following.is_field):  # none are below it
            if part.labels and not is_place(part.heading):
                part.paper = part.level in levels
            elif not part.labels and part.level == common:
                part.paper = is_stub(part) or (linked and part.is_linked)
        inside = part.level if part.paper else 0
    around = {part.folded for part in parts if part.paper}
    for part in parts:  # details that hold papers belong to the page, not to the paper above them
        part.folded = None if part.folded in around else part.folded


def _levels_of_papers(parts: Sequence[Part], *, dated: bool) -> Counter[int]:
    likely = [part for part in parts if part.is_evidence and part.level > 1]
    linked = any(part.is_titled or labels_lead_to_a_paper(part.labels) for part in likely)
    coded = sum(any(is_keyword_label(label) and label.look == "code" for label, _ in part.labels) for part in likely)
    if not any(part.evidence is Evidence.SURE for part in parts) and not (linked or (dated and coded > 1)):
        return Counter()
    return Counter(part.level for part in parts if part.is_evidence)


def _linked_titles(parts: Sequence[Part]) -> None:
    """Take titles that are links to papers for evidence where no label is: most headings of a level must be such."""
    if any(part.is_evidence for part in parts):
        return
    for level in {part.level for part in parts}:
        own = [part for part in parts if part.level == level and not is_structure(part.text)]
        titles = (part for part in own if leads_to_a_paper(part.heading.title) and not is_placeholder(part.text))
        linked = [part for part in titles if is_long(part.text, 4)]  # one or two words are the name of something else
        if len(linked) > 1 and len(linked) * 2 > len(own):
            for part in linked:
                part.evidence = Evidence.SURE


def is_stub(part: Part) -> bool:
    if is_structure(part.text) or month_of(part.heading) or not part.text or part.block.info == "font":
        return False
    return all(
        block.kind in ("html", "rule", "definition")
        or is_meta(block)
        or (block.kind == "paragraph" and (said := read_inline(block.text)).figures and not said.text)
        for block in part.blocks
    )


def is_meta(block: Block) -> bool:
    if block.kind == "paragraph":
        return not block.label and is_meta_line(block.text)
    if block.kind != "list":
        return False
    return all(map(is_meta_item, block.children))


def is_meta_item(item: Block) -> bool:
    return len(item.children) == 1 and item.children[0].kind == "paragraph" and is_meta(item.children[0])


def make_part(block: Block, blocks: tuple[Block, ...], heading: Heading, *, folded: int | None) -> Part:
    titles = [n for n, block in enumerate(blocks) if is_bold_title(block)]
    own = blocks[: titles[0]] if len(titles) > 1 else blocks  # the others are those of the bold titles
    labels = () if begins_with_title(blocks) else tuple(known_labels(own, of_items=False))
    return Part(block, heading, blocks, labels, folded=folded)


def lines_in_details(blocks: Sequence[Block]) -> dict[int, int]:
    """The first lines of the headings that stand inside `<details>` which are closed below them, and where those open."""
    opened: list[int] = []
    waiting: list[int] = []
    inside: dict[int, int] = {}
    for block in blocks:
        if block.kind == "heading":
            waiting += [block.start] if opened else []
            continue
        for part in walk_blocks([block]):
            for slash in _DETAILS.findall(part.text) if part.kind == "html" else ():
                if not slash:
                    opened.append(block.start)
                elif opened:
                    start = opened.pop()
                    inside |= {line: start for line in waiting if line > start}
                    waiting = [line for line in waiting if line <= start]
    return inside


def own_blocks(blocks: tuple[Block, ...], *, last: bool) -> tuple[Block, ...]:
    """Return the blocks of a paper less comments at its end (a blog's `<!-- more -->`) and HTML that opens or closes elements around papers."""
    opened: dict[str, list[int]] = {}
    torn: set[int] = set()
    for n, block in enumerate(blocks):
        for part in walk_blocks([block]):
            if "<" not in part.text or part.kind in ("fence", "code"):
                continue
            for slash, name in _HOLDER.findall(part.text):
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
