"""`paperdigest export`: the papers as data, for other programs."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from ...collection import FILES
from ...exports import CITATION_FORMATS, CitationFormat, SiteData, site_data
from ...library import selected_records
from ...reader import Marker, MarkerError, read_months
from ...support import write_inside
from ..paths import add_path, choose_part
from ..terminal import Commands, add_format, counted, say


def _citations(form: CitationFormat, data: SiteData) -> bytes:
    return form.of(data.library)


_FORMATS: Mapping[str, Callable[[SiteData], bytes]] = {
    "json": SiteData.json_bytes,
    "csv": SiteData.csv_bytes,
    **{form.name: partial(_citations, form) for form in CITATION_FORMATS},
}


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "export",
        help="write the papers as JSON, CSV, BibTeX or CSL-JSON",
        description="Write the papers as the site has them, without building it: json is its papers.json, bibtex its papers.bib, csl "
        "its papers.csl.json, and csv a table with a row per record. The options choose papers; several are all to be met.",
    )
    add_path(parser, "a docs folder, or a folder or Markdown file in it")
    add_format(parser, *_FORMATS)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file, and not to standard output")
    text = "papers that name this keypoint, in any spelling; may stand several times"
    parser.add_argument("--keypoint", action="append", default=[], metavar="NAME", help=text)
    parser.add_argument("--category", default="", metavar="NAME", help="papers of this category")
    text = "papers of this month, or of these months: 2024-05, 2024-05..2024-07, 2024-05.. or ..2024-07"
    parser.add_argument("--month", type=_months, default=("", ""), metavar="MONTH", help=text)
    parser.set_defaults(run=export)


def _months(text: str) -> tuple[str, str]:
    try:
        return read_months(text or "?")
    except MarkerError as error:
        raise argparse.ArgumentTypeError(str(error).replace("`month` ", "")) from None


def export(arguments: argparse.Namespace) -> int:
    path, (first, last) = arguments.path, arguments.month
    if path and path.name in FILES and path.is_file():
        path = path.parent
    wanted = Marker("papers", 0, "new", tuple(arguments.keypoint), arguments.category, first, last)
    part = choose_part(path, drafts=False)
    data = site_data(part.collection)
    chosen = [record for record in selected_records(data.library, wanted) if part.speaks_of(record.path)]
    if len(chosen) < len(data.library.records):
        data = data.only(chosen)
    content = _FORMATS[arguments.format](data)
    if arguments.output:
        write_inside(arguments.output, content, part.collection.options.folder)
        say(f"wrote {arguments.output}: {counted(len(data.papers), 'paper')}")
    else:
        _print(content)
        if not chosen:
            say("there are no such papers" if wanted.chooses else "there are no papers")
    return int(any(part.speaks_of(path) for path in data.unreadable))


def _print(content: bytes) -> None:
    """Write bytes to standard output, whatever the encoding and line ends of the terminal."""
    sys.stdout.flush()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(content.decode())
