"""Where papers stand in the HTML of their page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from ..records import Paper

_SECTION = re.compile(r"<(/?)section\b([^>]*)>")
_ID = re.compile(r'\sid="([^"]*)"')


def paper_sections(content: str, papers: Iterable[Paper]) -> Iterator[tuple[Paper, int, int]]:
    """Each paper that has a section of its own in the content of its page, with the begin and the end of what stands in it.

    In the order of their ends. Rows of tables have none.
    """
    known = {paper.anchor: paper for paper in papers}
    opened: list[int] = []
    for tag in _SECTION.finditer(content) if known else ():
        if not tag[1]:
            opened.append(tag.end() if "pd-paper" in tag[2] else 0)
            continue
        start = opened.pop() if opened else 0
        heading = _ID.search(content, start, tag.start()) if start else None
        if heading and (paper := known.pop(unescape(heading[1]), None)):
            yield paper, start, tag.start()
