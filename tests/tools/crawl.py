"""A crawl of a built site, as `paperdigest check` does it: every link must lead to a file, and every fragment to an id in it."""

from __future__ import annotations

from pathlib import Path

from mkdocs_paperdigest.site_check.built_site import built_site
from mkdocs_paperdigest.site_check.crawl import Crawl, read_page


def broken_links(site: Path, base: str = "https://site.test/") -> list[str]:
    """Every broken link of the pages of a site that is served at `base`, as `page: link`."""
    crawl = Crawl(built_site(site, base))
    crawl.read()
    assert crawl.links
    return sorted(
        f"{one.path}: {one.link}"
        for one in crawl.faults
        # Links of 404.html are absolute, and only the server knows where.
        if one.rule.startswith("link-") and one.path.rpartition("/")[2] not in ("404.html", "sitemap.xml")
    )


def repeated_ids(file: Path) -> list[str]:
    """The ids that stand more than once in a page's content."""
    return sorted(name for name, _ in read_page(file.read_text(encoding="utf-8")).repeated)
