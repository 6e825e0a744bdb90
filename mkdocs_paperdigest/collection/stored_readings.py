"""What is made of a page, as the cache keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..reader import OutsideLink
from ..records import RULES, Digest, Finding, with_references, without_references
from ..support import dumps, loads

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Reading:
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


def stored(reading: Reading) -> str:
    return dumps(replace(reading, digest=with_references(reading.digest)))


def restored(text: str) -> Reading:
    """Read what `stored` wrote; raises ValueError for any other text."""
    reading: Reading = loads(text, Reading)
    return replace(reading, digest=without_references(reading.digest))
