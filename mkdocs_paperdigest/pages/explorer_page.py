"""The page where readers look for papers."""

from __future__ import annotations

from hashlib import sha256

from .site_links import ASSETS
from .site_pages import SitePages

EXPLORER_DATA = f"{ASSETS}papers.js"  # the script with the data of the explorer, from the site's root


def explorer_page(site: SitePages, root: str) -> str:
    links = site.links
    version = sha256(site.explorer_data.encode()).hexdigest()[:8]
    papers_json = links.to_made(links.options.papers_json, root)
    return site.templates.render(
        "explorer.html",
        months=site.months.light_rows(root),
        count=len(site.library.papers),
        data_url=f"{links.to(EXPLORER_DATA, root)}?v={version}",
        script_url=links.asset("explorer.js", root),
        style_url=links.asset("explorer.css", root),
        root=root,
        files=[*site.downloads.of_site(root), *([("papers.json", papers_json)] if papers_json else [])],
        categories=site.downloads.of_categories(root),
    )
