"""What a digest is called where generators take the first heading of a page for its name."""

from __future__ import annotations

import re

from ..reader import Heading, find_date, is_structure, month_of, read_inline
from ..records import Digest

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>.*)$", re.MULTILINE)


def month_title(body: str, digest: Digest) -> str | None:
    """The month of a digest whose first heading is only that, or "Introduction", or its day if its file is named so; else None."""
    months = {paper.month for paper in digest.papers}
    found = _HEADING.search(body)
    if not found or len(months) != 1 or None in months:
        return None
    text = read_inline(found["text"].rstrip(" \t#")).text
    if not is_structure(text) and month_of(Heading(text, text, "")) is None:
        return None
    named = find_date(digest.path)
    return named.date if named and named.date else months.pop()
