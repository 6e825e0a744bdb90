"""`paperdigest figures`: remote figures, fetched into the docs."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...collection import shown
from ...lint import placed_figures
from ...records import figure_key, local_copies
from ...support import leads_out
from ..commands.paths import Chosen, PathError, add_paths, choose
from ..commands.terminal import Progress, say
from ..fetching import fetch_all
from ..survey_text import counted, printable

_JOBS = 4
_MOST_JOBS = 16


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A remote figure: its address as the source has it, where it first stands, and how many figures more have it."""

    url: str
    place: str
    more: int = 0


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "figures",
        help="fetch remote figures into the docs",
        description="Work with the figures of papers.",
    )
    kinds = parser.add_subparsers(required=True, metavar="WHAT")
    own = kinds.add_parser(
        "vendor",
        help="fetch each remote figure once into the docs",
        description="Fetch the figures of papers that are on other hosts into the folder of the option figures_folder, each once. "
        "The site shows these copies; the digests stay as they are. The status is 1 if a figure could not be fetched.",
    )
    add_paths(own)
    own.add_argument("--dry-run", action="store_true", help="print what would be fetched, and fetch nothing")
    own.add_argument(
        "--jobs", type=_jobs, default=_JOBS, metavar="N", help=f"fetch so many at a time (default: {_JOBS})"
    )
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
        raise PathError(f"the option `figures_folder` in {options.path} is false, so figures have no folder")
    if options.path and os.path.abspath(collection.root) != os.path.abspath(options.docs):
        raise PathError(f"{collection.root} is not {shown(options.docs)}, the folder of the pages")
    folder = collection.root / options.figures_folder
    if leads_out(folder, options.folder, collection.root):
        raise PathError(f"{folder} leads out of the repository through a symbolic link, so nothing is fetched into it")
    return folder


def _vendor(part: Chosen, folder: Path, jobs: int, *, dry: bool) -> bool:
    """Fetch the figures of one site; return whether all are there now, or would be."""
    every = _wanted(part)
    there = local_copies(os.listdir(folder) if folder.is_dir() else (), "")
    wanted = {key: figure for key, figure in every.items() if key not in there}
    known = len(every) - len(wanted)
    where = shown(folder).as_posix()
    if dry:
        for figure in wanted.values():
            print(printable(f"{figure.place}: {figure.url}"))
        say(
            f"{counted(len(wanted), 'figure')} would be fetched into {where}, {known} {'is' if known == 1 else 'are'} there already"
        )
        return True
    with Progress("fetching").shown() as progress:
        fetched = fetch_all({key: figure.url for key, figure in wanted.items()}, folder, jobs, progress=progress)
    if fetched.offline:
        say(
            "there is no connection: no host was found, so no figure was fetched; try again when this machine is online"
        )
        return False
    for key, figure in wanted.items():
        left_out = ", ".join(f"`{name}`" for name in fetched.left_out.get(key, ()))
        said = fetched.failed.get(key) or (left_out and f"fetched without {left_out}, which may run or load something")
        if said:
            more = f" (and {figure.more} more)" if figure.more else ""
            print(printable(f"{figure.place}: {figure.url}: {said}{more}"))
    failed = len(fetched.failed)
    parts = [
        f"{counted(len(fetched.names), 'figure')} fetched into {where}",
        f"{known} there already",
        f"{failed} not fetched",
    ]
    say(", ".join(parts))
    return not failed


def _wanted(part: Chosen) -> dict[str, _Wanted]:
    found: dict[str, _Wanted] = {}
    for path, source in part.collection.sources.items():
        if not part.speaks_of(path):
            continue
        for placed in placed_figures(source.text, source.digest):
            key = figure_key(placed.figure.src)
            if key and key in found:
                found[key] = _Wanted(found[key].url, found[key].place, found[key].more + 1)
            elif key:
                found[key] = _Wanted(placed.figure.src, f"{part.collection.shown(path)}:{placed.line}")
    return found
