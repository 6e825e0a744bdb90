"""A survey for people, as a table of 80 columns or a few lines, and for programs, as data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from ..records import RULES
from .survey import Counts, Survey

_Row = tuple[str, int | None]

_NAME, _COUNT = 68, 10  # columns: at most 78
# What moves the cursor, colours, hides or turns text round, and what no encoding has.
_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_UNSAFE_IN_JSON = re.compile(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def printable(text: str) -> str:
    """Write characters that a terminal would obey as Python escapes."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _UNSAFE else char for char in text
    )


def escaped(text: str) -> str:
    """Write characters of JSON that a terminal would obey as JSON escapes."""
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def as_data(found: Survey) -> dict[str, Any]:
    return {
        "files": found.files,
        "digests": len(found.digests),
        "papers": found.papers,
        "months": dict(found.months),
        "without_month": found.without_month,
        "fields": dict(found.fields),
        "papers_with_keypoints": found.naming,
        "keypoints": dict(found.keypoints),
        "categories": dict(found.categories),
        "unknown_labels": dict(found.unknown),
        "findings": dict(found.findings),
        "unreadable": list(found.unreadable),
        "repeats": dict(found.repeats),
    }


def as_table(found: Survey) -> str:
    findings = tuple((f"{code} ({RULES[code].severity.value})", count) for code, count in found.findings)
    totals: Sequence[_Row] = (
        ("files", found.files),
        ("  with papers", len(found.digests)),
        ("papers", found.papers),
        ("  with keypoints", found.naming),
        ("  without a month", found.without_month),
    )
    groups = (
        totals,
        _group("months", found.months, 12),
        _group("fields", found.fields, 20),
        _group("keypoints", found.keypoints, 10),
        _group("categories", found.categories, 10),
        _group("unknown labels", found.unknown, 15),
        _group("findings", findings, 20),
    )
    cut = [[(_cut(name, _NAME), count) for name, count in rows] for rows in groups]
    width = max(_width(name) for rows in cut for name, _ in rows)
    return "\n\n".join("\n".join(_row(name, count, width) for name, count in rows) for rows in cut)


def in_short(found: Survey) -> list[str]:
    lines = [
        f"{counted(found.files, 'file', ',')}, {len(found.digests)} with papers: {counted(found.papers, 'paper', ',')}"
    ]
    if found.months:
        newest, oldest = found.months[0][0], found.months[-1][0]
        lines.append(
            f"{counted(len(found.months), 'month', ',')}: {oldest if newest == oldest else f'{oldest} to {newest}'}"
        )
    if found.without_month:
        lines.append(f"{counted(found.without_month, 'paper', ',')} without a month")
    if found.unknown:
        lines.append(f"{counted(len(found.unknown), 'label', ',')} not known: {some(found.unknown)}")
    return lines


def some(names: Counts, limit: int = 6) -> str:
    shown = ", ".join(f"{_cut(printable(name), 30)} ({count})" for name, count in names[:limit])
    return shown + (f" and {len(names) - limit} more" if len(names) > limit else "")


def _group(title: str, names: Counts, limit: int) -> Sequence[_Row]:
    more = [(f"  … and {len(names) - limit} more", None)] if len(names) > limit else []
    return [(title, len(names)), *((f"  {printable(name)}", count) for name, count in names[:limit]), *more]


def _row(name: str, count: int | None, width: int) -> str:
    return name if count is None else f"{name}{' ' * (width - _width(name))}{count:>{_COUNT}}"


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    kept = ""
    for char in text:
        if _width(kept + char) >= width:
            break
        kept += char
    return f"{kept}…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def counted(count: int, name: str, style: str = "") -> str:
    return f"{count:{style}} {name}{'' if count == 1 else 's'}"
