"""Digests as they are stored: each block once, and a reference wherever it occurs again.

A value, a table and its rows share blocks with their section; without references, storing would make several blocks of one.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from .paper import Block, Digest

_REFERENCE = ""
"""The kind of a block that refers to another, whose number is its `start`. Blocks are numbered as they end."""


def with_references(digest: Digest) -> Digest:
    """Replace each block that occurs again by a reference to its first occurrence."""
    numbers: dict[int, int] = {}

    def referring(block: Block) -> Block:
        if id(block) in numbers:
            return Block(_REFERENCE, numbers[id(block)], 0)
        replaced = _with_children(block, referring)
        numbers[id(block)] = len(numbers)
        return replaced

    return _with_blocks(digest, referring)


def without_references(digest: Digest) -> Digest:
    """Undo `with_references`. Raises ValueError for a reference to no block."""
    blocks: list[Block] = []

    def resolved(block: Block) -> Block:
        if block.kind == _REFERENCE:
            if not 0 <= block.start < len(blocks):
                raise ValueError(f"no block {block.start}")
            return blocks[block.start]
        blocks.append(_with_children(block, resolved))
        return blocks[-1]

    return _with_blocks(digest, resolved)


def _with_children(block: Block, change: Callable[[Block], Block]) -> Block:
    children = tuple(map(change, block.children))
    is_same = all(new is old for new, old in zip(children, block.children, strict=True))
    return block if is_same else replace(block, children=children)


def _with_blocks(digest: Digest, change: Callable[[Block], Block]) -> Digest:
    sections = tuple(
        replace(
            section,
            table=section.table and change(section.table),
            row=section.row and change(section.row),
            blocks=tuple(map(change, section.blocks)),
            torn=tuple(map(change, section.torn)),
            values=tuple(
                replace(value, block=change(value.block), taken=tuple(map(change, value.taken)))
                for value in section.values
            ),
        )
        for section in digest.sections
    )
    return replace(digest, sections=sections)
