"""A built site checked without a network: links, ids, redirects, feeds and data against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .built_site import built_site
from .citation_checks import check_citations
from .crawl import Crawl
from .data import check_data, read_datas
from .faults import Fault
from .feed_checks import FeedCheck


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: faults in the order of their files, how much of each kind was checked, and the address of the site."""

    faults: tuple[Fault, ...]
    checked: Mapping[str, int]
    url: str | None


def check_site(folder: Path, url: str | None = None) -> Report:
    """Check the site in a folder, at `url` or the address that it states.

    What is absent is not checked, what cannot be read is a fault; raises nothing. Linear in its size.
    """
    site = built_site(folder, url)
    datas = read_datas(site)
    crawl = Crawl(site)
    crawl.read([data.see for data in datas])
    feeds = FeedCheck(crawl)
    feeds.check(datas)
    found = [*crawl.faults, *feeds.faults]
    for data in datas:
        check_data(data, crawl)
        found += (*data.faults, *check_citations(data, site))
    checked = {
        "pages": len(site.pages),
        "links": crawl.links,
        "ids": sum(map(len, crawl.ids.values())),
        "redirects": len(crawl.redirects),
        "feeds": feeds.feeds,
        "entries": feeds.entries,
        "records": sum(len(data.records) for data in datas),
    }
    order = sorted(dict.fromkeys(found), key=lambda one: (one.path == "404.html", one.path, one.rule, one.said))
    return Report(tuple(order), checked, site.url)
