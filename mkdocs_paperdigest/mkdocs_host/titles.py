"""What pages are called, and the front matter of papers as themes print it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from mkdocs.structure.pages import Page

from ..reader import Heading, find_date, is_structure, month_of
from ..records import Paper, is_one_paper

_ENDS = re.compile(r"""[<>"']""")
"""What ends a text or an attribute; a bare `&` does not."""


def escape_front_matter(page: Page) -> None:
    """Escape the front matter of a paper, as all themes print it as HTML."""
    page.meta = {key: _escaped(value) for key, value in page.meta.items()}


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(html.unescape(value)) if _ENDS.search(value) else value
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return {_escaped(key): _escaped(item) for key, item in value.items()} if isinstance(value, dict) else value


def set_title(page: Page, title: str) -> None:
    """Give a page a title that is text. MkDocs has titles as HTML, and Material for MkDocs undoes that in `<title>`."""
    page.title = html.escape(title)
    if page.title != title:
        page.meta["title"] = page.title


def name_digest(page: Page, papers: Sequence[Paper], *, by_month: bool) -> None:
    """Name a digest after its paper, if it is one, or its month or day if its first heading says no more (`by_month`)."""
    if "title" in vars(page) or "title" in page.meta:
        return
    if is_one_paper(papers):
        set_title(page, papers[0].title)
        return
    months = {paper.month for paper in papers}
    if not by_month or len(months) != 1 or None in months:
        return
    heading = html.unescape(page.title or "")
    named = find_date(page.file.name)
    says_nothing = is_structure(heading) or month_of(Heading(heading, heading, "")) is not None
    if named and named.date:
        by_file = heading.casefold() == page.file.name.replace("-", " ").replace("_", " ").casefold()
        if says_nothing or by_file or heading in {paper.category for paper in papers}:
            page.title = named.date
    elif says_nothing:
        page.title = months.pop()
