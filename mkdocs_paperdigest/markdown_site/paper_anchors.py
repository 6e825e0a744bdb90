"""The ids that papers have on pages of any generator."""

from __future__ import annotations

import re
from collections import Counter

from msgspec.structs import replace

from ..reader import read_inline
from ..records import Digest
from ..support import Anchors, github_slug, python_markdown_slug

PREFIX = "paper-"
_OWN = re.compile(rf"{PREFIX}[\w.~-]*", re.IGNORECASE)
_MAY_BE_HEADING = re.compile(r"^[^\w\n]*paper\b.*$", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^\w.~-]+")


def anchored(text: str, digest: Digest) -> Digest:
    """Give papers ids that no generator makes of a heading and `text` does not have; their names in the site stay."""
    anchors = Anchors()
    anchors.used = set(_OWN.findall(text))
    headings = Counter(
        make(read_inline(line.strip("# \t\r")).text)
        for line in set(_MAY_BE_HEADING.findall(text))
        for make in (python_markdown_slug, github_slug)
    )
    if headings:
        repeated = len(_MAY_BE_HEADING.findall(text))
        anchors.used |= {
            f"{slug}{end}"
            for slug in headings
            for end in ("", *(f"{mark}{n}" for n in range(1, min(repeated, 100)) for mark in "-_"))
        }
    sections = []
    for section in digest.sections:
        paper = section.paper
        name = anchors.take(PREFIX + (_UNSAFE.sub("-", paper.anchor) or "0"), "-")
        kept = replace(paper, anchor=name, former=paper.former or (paper.address,))
        sections.append(replace(section, paper=kept))
    return replace(digest, sections=tuple(sections))
