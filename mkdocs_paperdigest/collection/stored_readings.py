"""What is made of a page, as the cache keeps it: each block of a digest once, and a reference wherever it occurs again.

A value, a table and its rows share blocks with their section; without references, storing would make several blocks of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec import structs

from ..reader import OutsideLink
from ..records import RULES, Block, Digest, Finding
from ..support import dumps, loads

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_REFERENCE = ""
"""The kind of a block that refers to another, whose number is its `start`. Blocks are numbered as they end."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What is made of a page, and costs time: its digest, what is wrong with it, and its links that lead out of the docs folder."""

    digest: Digest
    findings: tuple[Finding, ...] = ()
    outside: tuple[OutsideLink, ...] = ()

    def is_of(self, path: str) -> bool:
        """Whether what was read back is of this file, and its values are such as the reader gives; else it counts as missing."""
        papers = self.digest.papers
        return (
            self.digest.path == path
            and all(paper.path == path and 1 <= paper.level <= 6 for paper in papers)
            and all(_MONTH.fullmatch(month) for paper in papers for month in (paper.month, paper.own_month) if month)
            and all(_DAY.fullmatch(paper.date) for paper in papers if paper.date)
            and all(item.code in RULES and item.path == path for item in self.findings)
        )


def stored(reading: PageReading) -> str:
    """Write a reading, with a reference to its first occurrence for each block that occurs again."""
    numbers: dict[int, int] = {}

    def referring(block: Block) -> Block:
        if id(block) in numbers:
            return Block(_REFERENCE, numbers[id(block)], 0)
        replaced = _with_children(block, referring)
        numbers[id(block)] = len(numbers)
        return replaced

    return dumps(replace(reading, digest=_with_blocks(reading.digest, referring)))


def restored(text: str) -> PageReading:
    """Read what `stored` wrote; raises ValueError for any other text."""
    reading: PageReading = loads(text, PageReading)
    blocks: list[Block] = []

    def resolved(block: Block) -> Block:
        if block.kind == _REFERENCE:
            if not 0 <= block.start < len(blocks):
                raise ValueError(f"no block {block.start}")
            return blocks[block.start]
        blocks.append(_with_children(block, resolved))
        return blocks[-1]

    return replace(reading, digest=_with_blocks(reading.digest, resolved))


def _with_children(block: Block, change: Callable[[Block], Block]) -> Block:
    children = tuple(map(change, block.children))
    is_same = all(new is old for new, old in zip(children, block.children, strict=True))
    return block if is_same else structs.replace(block, children=children)


def _with_blocks(digest: Digest, change: Callable[[Block], Block]) -> Digest:
    sections = tuple(
        structs.replace(
            section,
            table=section.table and change(section.table),
            row=section.row and change(section.row),
            blocks=tuple(map(change, section.blocks)),
            torn=tuple(map(change, section.torn)),
            values=tuple(
                structs.replace(value, block=change(value.block), taken=tuple(map(change, value.taken)))
                for value in section.values
            ),
        )
        for section in digest.sections
    )
    return structs.replace(digest, sections=sections)
