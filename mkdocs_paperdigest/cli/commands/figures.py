"""`paperdigest figures`: remote figures, fetched into the docs."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from ...collection import shown
from ...lint import placed_figures
from ...records import figure_key, local_copies
from ...support import leads_out
from ..fetching import FetchError, fetch_all
from ..paths import Chosen, add_paths, choose
from ..terminal import Commands, UsageError, counted, print_items, printable, progress, say

_MOST_JOBS = 16


@dataclass(slots=True)
class _Wanted:
    """A remote figure: its address as the source has it, where it first stands, and how many figures more have it."""

    url: str
    place: str
    more: int = 0


def add(commands: Commands) -> None:
    text = "fetch remote figures into the docs"
    parser = commands.add_parser("figures", help=text, description="Work with the figures of papers.")
    kinds = parser.add_subparsers(required=True, metavar="WHAT")
    own = kinds.add_parser(
        "vendor",
        help="fetch each remote figure once into the docs",
        description="Fetch the figures of papers that are on other hosts into the folder of the option figures_folder, each once. "
        "The site shows these copies; the digests stay as they are. The status is 1 if a figure could not be fetched.",
    )
    add_paths(own)
    own.add_argument("--dry-run", action="store_true", help="print what would be fetched, and fetch nothing")
    own.add_argument("--jobs", type=_jobs, default=4, metavar="N", help="fetch so many at a time (default: 4)")
    own.set_defaults(run=vendor)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"takes a number from 1 to {_MOST_JOBS}")
    return int(text)


def vendor(arguments: argparse.Namespace) -> int:
    parts = [(part, _folder(part)) for part in choose(arguments.paths)]
    unread = any(part.speaks_of(path) for part, _ in parts for path in part.collection.unreadable)
    done = [_vendor(part, folder, arguments.jobs, dry=arguments.dry_run) for part, folder in parts]
    return int(unread or not all(done))


def _folder(part: Chosen) -> Path:
    collection, options = part.collection, part.collection.options
    if options.figures_folder is None:
        raise UsageError(f"the option `figures_folder` in {options.path} is false, so figures have no folder")
    if options.path and os.path.abspath(collection.root) != os.path.abspath(options.docs):
        raise UsageError(f"{collection.root} is not {shown(options.docs)}, the folder of the pages")
    folder = collection.root / options.figures_folder
    if leads_out(folder, options.folder, collection.root):
        raise UsageError(f"{folder} leads out of the repository through a symbolic link, so nothing is fetched into it")
    return folder


def _vendor(part: Chosen, folder: Path, jobs: int, *, dry: bool) -> bool:
    """Fetch the figures of one site; return whether all are there now, or would be."""
    every = _wanted(part)
    there = local_copies(os.listdir(folder) if folder.is_dir() else (), "")
    wanted = {key: figure for key, figure in every.items() if key not in there}
    known = len(every) - len(wanted)
    where = shown(folder).as_posix()
    if dry:
        print_items([figure.place for figure in wanted.values()])
        are = "is" if known == 1 else "are"
        say(f"{counted(len(wanted), 'figure')} would be fetched into {where}, {known} {are} there already")
        return True
    try:
        with progress("fetching") as report:
            outcomes = fetch_all({key: figure.url for key, figure in wanted.items()}, folder, jobs, progress=report)
    except FetchError:
        say(
            "there is no connection: no host was found, so no figure was fetched; try again when this machine is online"
        )
        return False
    failed = 0
    for key, figure in wanted.items():
        outcome = outcomes[key]
        also = f" (and {figure.more} more)" if figure.more else ""
        if isinstance(outcome, FetchError):
            failed += 1
            print(printable(f"{figure.place}: {outcome}{also}"))
        elif outcome:
            left_out = ", ".join(f"`{name}`" for name in outcome)
            print(printable(f"{figure.place}: fetched without {left_out}, which may run or load something{also}"))
    fetched = counted(len(wanted) - failed, "figure")
    say(f"{fetched} fetched into {where}, {known} there already, {failed} not fetched")
    return not failed


def _wanted(part: Chosen) -> dict[str, _Wanted]:
    """The remote figures, by the names of their copies."""
    found: dict[str, _Wanted] = {}
    for path, source in part.collection.sources.items():
        for placed in placed_figures(source.text, source.digest) if part.speaks_of(path) else ():
            url = placed.figure.src
            key = figure_key(url)
            if key in found:
                found[key].more += 1
            elif key:
                found[key] = _Wanted(url, f"{part.collection.shown(path)}:{placed.line}: {url}")
    return found
