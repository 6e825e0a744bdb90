"""`paperdigest render`: a site as plain Markdown, from which any generator builds pages."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from ...collection import Collection, hidden_pages, is_all, is_within, options_for, read_collection, shown
from ...markdown_site import markdown_site, source_pages, write_folder
from ...support import leads_out
from ..paths import docs_folder
from ..terminal import Commands, UsageError, counted, progress, say, say_unreadable


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "render",
        help="write a site as plain Markdown, for other site generators",
        description="Write the digests with links from keypoints to pages, pages of all keypoints and months, data and feeds as "
        "plain Markdown and plain files, from which any site generator builds the pages. The options of mkdocs.yml, "
        "keypoints.yml and paperdigest.lock count as they do for a site.",
    )
    text = "a folder of digests, a docs folder, or one with a mkdocs.yml"
    parser.add_argument("source", type=Path, metavar="SRC", help=text)
    text = "the folder to write: a new or empty one, or one that this command wrote before"
    parser.add_argument("out", type=Path, metavar="OUT", help=text)
    text = "the address of the site, for feeds (default: site_url of mkdocs.yml)"
    parser.add_argument("--site-url", metavar="URL", help=text)
    text = "the generator makes a.html of a.md, and not a/index.html"
    parser.add_argument("--no-directory-urls", dest="directory_urls", action="store_const", const=False, help=text)
    text = "overwrite files in OUT that were changed since they were written"
    parser.add_argument("--force", action="store_true", help=text)
    parser.set_defaults(run=render)


def render(arguments: argparse.Namespace) -> int:
    source, out = arguments.source, arguments.out
    collection = _read(source, out)
    options = collection.options
    directory_urls = options.use_directory_urls if arguments.directory_urls is None else arguments.directory_urls
    url = arguments.site_url or options.site_url
    with markdown_site(collection, out, site_url=url, directory_urls=directory_urls) as site:
        done = write_folder(out, site.files, force=arguments.force)
    for item in hidden_pages(map(collection.shown, collection.hidden)):
        say(str(item))
    for path, own in sorted(site.kept.items()):
        say(f"{path} was not made: {collection.shown(own)} stands there")
    if options.feeds and not url and site.library.papers:
        say("the feeds have relative addresses, which not every reader follows: --site-url says what they begin with")
    papers, digests = len(site.library.papers), sum(1 for _ in collection.digests)
    said = (
        f"wrote {out}: {counted(papers, 'paper')} of {counted(digests, 'digest')}, {counted(len(site.files), 'file')}"
    )
    say(f"{said} ({done.written} new or changed, {done.unchanged} as before, {done.deleted} deleted)")
    return int(bool(collection.unreadable))


def _read(source: Path, out: Path) -> Collection:
    if not source.is_dir():
        raise UsageError(f"there is no folder {source}")
    options = options_for(source).built
    is_docs = os.path.abspath(source) == os.path.abspath(options.docs)
    root = docs_folder(options) if is_docs or is_all(source, options) else source
    if leads_out(out, options.folder):
        raise UsageError(f"{out} leads out of the repository through a symbolic link, so nothing was written")
    if is_within(root.resolve(), out.resolve()):
        raise UsageError(f"{out} is the folder that is read, or one above it; the Markdown must go to another")
    for line in options.ignored:
        say(line)
    options = replace(options, site_name=options.site_name or Path(os.path.abspath(root)).name)
    with progress("reading") as report:
        collection = read_collection(options, shown(root), source_pages(root, options, out), report)
    say_unreadable(map(collection.shown, collection.unreadable))
    return collection
