"""`paperdigest stats`: what the digests of a folder hold, in numbers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from ...collection import MARKDOWN, SiteOptions, is_within, options_for, relative, rules_of_settings, site_options
from ...records import RULES
from ..survey import Counts, Survey, take_survey
from ..terminal import (
    Commands,
    UsageError,
    add_format,
    cut,
    print_json,
    printable,
    progress,
    say,
    say_unreadable,
    width,
)

_Row = tuple[str, int | None]

_NAME, _COUNT = 68, 10  # columns: at most 78


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "stats",
        help="count papers, months, fields, keypoints and unknown labels",
        description="Count the papers of a folder or a file, their months, fields and keypoints, and the labels that mean nothing "
        "known. Options of a mkdocs.yml in the folder say which labels are known.",
    )
    text = "a folder or a Markdown file (default: this folder)"
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help=text)
    add_format(parser, "table", "json")
    parser.set_defaults(run=stats)


def stats(arguments: argparse.Namespace) -> int:
    place: Path = arguments.path
    if not place.exists():
        raise UsageError(f"there is no file or folder {place}")
    if not place.is_dir() and place.suffix not in MARKDOWN:
        raise UsageError(f"{place} is no Markdown: its name must end in one of {', '.join(MARKDOWN)}")
    root = place if place.is_dir() else place.parent
    options = site_options(root)
    for line in options.ignored:
        say(line)
    with progress("reading") as report:
        rules, chosen = rules_of_settings(options_for(place), root), partial(_without_left_out, place, options)
        found = take_survey(place, options.label_vocabulary, report, rules, chosen)
    say_unreadable(found.unreadable)
    if arguments.format == "json":
        data = asdict(found) | {"digests": len(found.digests)}
        del data["math"], data["math_fences"]
        print_json(data)
    else:
        print(_table(found))
    return 0


def _without_left_out(folder: Path, options: SiteOptions, paths: list[str]) -> list[str]:
    """The paths in a folder, less those in the docs that the site has no pages of."""
    if options.path is None:
        return paths
    in_docs = {relative(folder / path, options.docs): path for path in paths if is_within(folder / path, options.docs)}
    left_out = {*in_docs.values()} - {in_docs[path] for path in options.pages(in_docs)}
    return [path for path in paths if path not in left_out]


def _table(found: Survey) -> str:
    """A survey as a table of less than 80 columns."""
    totals: Sequence[_Row] = (
        ("files", found.files),
        ("  with papers", len(found.digests)),
        ("papers", found.papers),
        ("  with keypoints", found.papers_with_keypoints),
        ("  without a month", found.without_month),
    )
    groups = (
        totals,
        _group("months", found.months, 12),
        _group("fields", found.fields, 20),
        _group("keypoints", found.keypoints, 10),
        _group("categories", found.categories, 10),
        _group("unknown labels", found.unknown_labels, 15),
        _group("findings", {f"{code} ({RULES[code].severity.value})": n for code, n in found.findings.items()}, 20),
    )
    rows = [[(cut(name, _NAME), count) for name, count in group] for group in groups]
    columns = max(width(name) for group in rows for name, _ in group)
    return "\n\n".join("\n".join(_line(name, count, columns) for name, count in group) for group in rows)


def _group(title: str, counts: Counts, limit: int) -> Sequence[_Row]:
    more = [(f"  … and {len(counts) - limit} more", None)] if len(counts) > limit else []
    return [
        (title, len(counts)),
        *((f"  {printable(name)}", count) for name, count in [*counts.items()][:limit]),
        *more,
    ]


def _line(name: str, count: int | None, columns: int) -> str:
    return name if count is None else f"{name}{' ' * (columns - width(name))}{count:>{_COUNT}}"
