"""Addresses with what they are, labelled by hand: `labelled.txt`, and `unseen.txt`, which no rule was made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """An address, the site that it leads to and the paper that it names (None for none), and its kind."""

    address: str
    site: str | None
    paper: str | None
    kind: str


def _rows(name: str) -> list[Row]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("# ")]
    return [Row(row[0], *(None if value == "-" else value for value in row[1:3]), row[3]) for row in rows]


LABELLED = _rows("labelled.txt")
UNSEEN = _rows("unseen.txt")
