"""`paperdigest stats`: what the digests of a folder hold, in numbers."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from ...collection import MARKDOWN, SiteOptions, is_within, options_for, relative, rules_of_settings, site_options
from ..commands.terminal import Progress, print_json, say, say_unreadable
from ..survey import take_survey
from ..survey_text import as_data, as_table


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "stats",
        help="count papers, months, fields, keypoints and unknown labels",
        description="Count the papers of a folder or a file, their months, fields and keypoints, and the labels that mean "
        "nothing known. Options of a mkdocs.yml in the folder say which labels are known.",
    )
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="a folder or a Markdown file (default: this folder)",
    )
    parser.add_argument("--format", choices=("table", "json"), default="table", help="the form (default: table)")
    parser.set_defaults(run=stats)


def stats(arguments: argparse.Namespace) -> int:
    place: Path = arguments.path
    if not place.exists():
        say(f"there is no file or folder {place}")
        return 2
    if not place.is_dir() and place.suffix not in MARKDOWN:
        say(f"{place} is no Markdown: its name must end in one of {', '.join(MARKDOWN)}")
        return 2
    options = site_options(place if place.is_dir() else place.parent)
    for line in options.ignored:
        say(line)
    with Progress("reading").shown() as progress:
        root = place if place.is_dir() else place.parent
        rules, chosen = rules_of_settings(options_for(place), root), partial(_without_left_out, place, options)
        found = take_survey(place, options.label_vocabulary, progress, rules, chosen)
    say_unreadable(found.unreadable)
    if arguments.format == "json":
        print_json(as_data(found))
    else:
        print(as_table(found))
    return 0


def _without_left_out(folder: Path, options: SiteOptions, paths: list[str]) -> list[str]:
    """The paths in a folder, less those in the docs that the site has no pages of."""
    if options.path is None:
        return paths
    in_docs = {relative(folder / path, options.docs): path for path in paths if is_within(folder / path, options.docs)}
    left_out = {*in_docs.values()} - {in_docs[path] for path in options.pages(in_docs)}
    return [path for path in paths if path not in left_out]
