"""The page where readers look for papers."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from mkdocs.structure.pages import Page

from ..library import Library
from .site_links import ASSETS, Links, to_root
from .templating import Templates

EXPLORER_DATA = f"{ASSETS}papers.js"
"""The script with the data of the explorer, from the site's root."""


def explorer_page(
    library: Library,
    months: Sequence[dict[str, Any]],
    data: str,
    links: Links,
    files: Sequence[tuple[str, str]],
    categories: Sequence[tuple[str, str]],
    templates: Templates,
    page: Page,
) -> str:
    """The content of the explorer; `months` are what stands there without JavaScript, `data` is the text of its data."""
    root = to_root(page.file)
    papers_json = links.to_made(links.options.papers_json, page)
    return templates.render(
        "explorer.html",
        months=months,
        count=len(library.papers),
        data_url=f"{links.to(EXPLORER_DATA, page)}?v={sha256(data.encode()).hexdigest()[:8]}",
        script_url=links.asset("explorer.js", page),
        style_url=links.asset("explorer.css", page),
        root=root,
        files=[*files, *([("papers.json", papers_json)] if papers_json else [])],
        categories=categories,
    )
