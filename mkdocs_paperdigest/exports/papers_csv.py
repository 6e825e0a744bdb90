"""The records of papers as a table: CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from typing import Any

from ..library import Library
from ..reader import DEFAULT_LABELS, KEYPOINTS, LabelVocabulary
from ..records import Paper, paper_identifiers
from .papers_json import paper_records

FIELD = "field_"
"""What stands before the name of a field in the name of its column, so that no field takes the place of another column."""

# Source: https://owasp.org/www-community/attacks/CSV_Injection; wide forms are taken for the signs in Japanese and Chinese editions.
# Where a comma stands in numbers, as in German, Excel opens the file with `;` between cells, and knows no quotes inside of one: a cell
# begins behind each `;`, tab and line end. White space before the sign is what an import may be told to trim. A `|` (DDE) or `%` does
# nothing without one of these signs, and no spreadsheet passes over a zero-width space or a byte order mark in a cell.
_BEGIN = r"((?:\A|[;\t\r\n])(?:[^\S\t\r\n]|\")*+)"
_FORMULA = re.compile(rf"{_BEGIN}('*[=+\-@＝＋－＠])")
_GUARDED = re.compile(rf"{_BEGIN}'('*[=+\-@＝＋－＠])")


def columns(labels: LabelVocabulary = DEFAULT_LABELS) -> list[str]:
    """The names of the columns: the same for every table of a site, whatever its papers have."""
    before = ("id", "title", "month", "date", "category", "keypoints", "keypoint_slugs", "authors", "venue")
    after = ("arxiv", "doi", "links", "figures", "details", "same_as", "path", "line", "url")
    return [*before, *(f"{FIELD}{name}" for name in labels.fields if name != KEYPOINTS), *after]


def papers_csv(library: Library, page_url: Callable[[str], str], labels: LabelVocabulary = DEFAULT_LABELS) -> bytes:
    """A row per record, in the order of `papers.json`, by RFC 4180 in UTF-8.

    What a spreadsheet would take for a formula gets an apostrophe, which `unguarded` removes.
    """
    out = io.StringIO(newline="")
    names = columns(labels)
    table = csv.DictWriter(out, names)
    table.writeheader()
    by_id = {paper.id: paper for paper in library.records}
    for record in paper_records(library, page_url):
        row = _row(record, by_id[record["id"]])
        table.writerow({name: guarded(text) for name, text in row.items()})
    return out.getvalue().encode()


def guarded(text: str) -> str:
    """A cell as no spreadsheet runs it."""
    return _FORMULA.sub(r"\1'\2", text)


def unguarded(cell: str) -> str:
    """The text that a cell was made of."""
    return _GUARDED.sub(r"\1\2", cell)


def _row(record: dict[str, Any], paper: Paper) -> dict[str, str]:
    badges = record["keypoints"] or ()
    identifiers = paper_identifiers(paper.links)
    return {
        **{
            name: record[name] or "" for name in ("id", "title", "month", "date", "category", "venue", "same_as", "url")
        },
        "keypoints": _joined(badge["label"] for badge in badges),
        "keypoint_slugs": _joined(badge["slug"] for badge in badges),
        "authors": _joined(record["authors"]),
        **{f"{FIELD}{field['name']}": field["text"] for field in record["fields"] if field["name"] != KEYPOINTS},
        **{scheme: _joined(i.value for i in identifiers if i.scheme == scheme) for scheme in ("arxiv", "doi")},
        "links": _joined(link["url"] for link in record["links"]),
        "figures": _joined(figure["src"] for figure in record["figures"]),
        "details": "true" if record["details"] else "false",
        "path": record["source"]["path"],
        "line": str(record["source"]["line"]),
    }


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(parts))
