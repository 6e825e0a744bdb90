"""`paperdigest check`: what is wrong with a built site, without a network."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from ...site_check import Fault, Report, check_site, is_address
from ..terminal import Commands, UsageError, add_format, counted, print_items, say


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="check the links, ids, redirects, feeds and data of a built site",
        description="Crawl the folder of a built site, without a network: every link leads to a file and an id that are there, and "
        "pages, feeds, data and citations agree. The status is 1 if something is wrong.",
    )
    parser.add_argument("site", type=Path, metavar="SITE", help="the folder that the site was built into")
    text = "the address of the site (default: as its home page or its sitemap says)"
    parser.add_argument("--url", metavar="URL", help=text)
    add_format(parser, "text", "json")
    parser.set_defaults(run=check)


def check(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.site
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    if arguments.url is not None and not is_address(arguments.url):
        raise UsageError(f"{arguments.url} is no address of a site: it begins with https://")
    report = check_site(folder, arguments.url)
    if not report.checked["pages"]:
        raise UsageError(f"there is no page in {folder}: build the site, and name the folder that it is built into")
    lines = list(_lines(report.faults))
    print_items(lines, arguments.format, {"url": report.url, "checked": report.checked, "faults": report.faults})
    if arguments.format == "text":
        _say_summary(report, len(lines))
    return int(bool(report.faults))


def _lines(faults: Iterable[Fault]) -> Iterator[str]:
    """A line for each fault; one that many pages share, such as a link in the navigation, has one with its first page."""
    shared: dict[tuple[str, str], list[Fault]] = {}
    for one in faults:
        shared.setdefault((one.rule, one.message), []).append(one)
    for same in shared.values():
        pages = len({one.path for one in same})
        more = f" (and on {pages - 1:,} more page{'' if pages == 2 else 's'})" if pages > 1 else ""
        yield f"{same[0]}{more}"


def _say_summary(report: Report, count: int) -> None:
    checked = ((name, many) for name, many in report.checked.items() if many)
    counts = ", ".join(
        f"{many:,} {name if many != 1 else 'entry' if name == 'entries' else name.removesuffix('s')}"
        for name, many in checked
    )
    say(f"checked {counts}: {counted(count, 'fault', ',')}")
    files = {"feeds": "feeds", "records": "papers.json"}
    if missing := [words for name, words in files.items() if not report.checked[name]]:
        say(f"not there, so not checked: {', '.join(missing)}")
    if report.url is None:
        say("the address of the site is not known, so links that name it were not followed: say --url, or set site_url")
