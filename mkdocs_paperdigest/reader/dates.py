"""Months and days, as headings, file names and sentences write them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

_NAMES = "january february march april may june july august september october november december".split()
_MONTH_OF = {name: n for n, name in enumerate(_NAMES, 1)} | {name[:3]: n for n, name in enumerate(_NAMES, 1)}
_MONTH_OF["sept"] = 9
_WORD = "|".join(sorted(_MONTH_OF, key=len, reverse=True))

_DIGIT = re.compile(r"\d\d")
_WEEKDAY = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_YEAR_OR_DAY = re.compile(rf"(?:19|20)\d\d|\b(?:{_WEEKDAY})", re.IGNORECASE)
"""What each of the shapes below holds."""

_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # 2024-05, 2024.5.17, 2024/05, 2024_05, 2024年5月17日
        r"(?<![\d.])(?P<y>(?:19|20)\d\d)\s*[-./_年]\s*(?P<m>0?[1-9]|1[0-2])(?!\d)"
        r"(?:\s*[-./_月]\s*(?P<d>0?[1-9]|[12]\d|3[01])(?!\d))?",
        # 202405, 20240517
        r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])?(?!\d)",
        # May 2024, May 17, 2024, May 17th 2024
        rf"(?<![^\W_])(?P<m>{_WORD})(?![^\W\d_])\.?(?:[\s_-]+(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?,?[\s_-]+(?P<y>(?:19|20)\d\d)(?!\d)",
        # 2024 May, 17 May 2024
        rf"(?<!\d)(?P<y>(?:19|20)\d\d)[\s_-]+(?P<m>{_WORD})(?![^\W\d_])\.?(?:[\s_-]+(?P<d>0?[1-9]|[12]\d|3[01])(?!\d))?",
        rf"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?:\s+of)?[\s_-]+(?P<m>{_WORD})(?![^\W\d_])\.?[\s,_-]+(?P<y>(?:19|20)\d\d)(?!\d)",
        # Tue, 17 Oct 23
        rf"\b(?:{_WEEKDAY})\w*,?\s+(?P<d>0?[1-9]|[12]\d|3[01])\s+(?P<m>{_WORD})\s+(?P<y>\d\d)(?!\d)",
        # June 2 - June 8, 2025; (May 29 - June 4) - 2023: the month that a week ends in
        rf"\b(?:{_WORD})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*[-–—~to]+\s*(?P<span>(?P<m>{_WORD})\b\.?\s+\d{{1,2}})(?:st|nd|rd|th)?[\s,)-]+(?P<y>(?:19|20)\d\d)(?!\d)",
        rf"\b(?P<m>{_WORD})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*[-–—~to]+\s*(?P<span>\d{{1,2}})(?:st|nd|rd|th)?[\s,)-]+(?P<y>(?:19|20)\d\d)(?!\d)",
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: `month` is `YYYY-MM`, `date` is `YYYY-MM-DD` or None; `is_span` marks several days, whose month is that of the last."""

    month: str
    date: str | None
    start: int
    end: int
    is_span: bool = False


def find_date(text: str) -> Found | None:
    """The first month or day that `text` names, in any of the spellings of the table above; or None."""
    if not _DIGIT.search(text) or not _YEAR_OR_DAY.search(text):
        return None
    first: Found | None = None
    for shape in _SHAPES:
        match = shape.search(text)
        if match is None or (first and first.start <= match.start()):
            continue
        groups = match.groupdict()
        number = groups["m"].lower()
        year = groups["y"] if len(groups["y"]) == 4 else f"20{groups['y']}"
        month = f"{year}-{_MONTH_OF.get(number) or int(number):02}"
        day = None
        with suppress(ValueError):  # 31 February
            day = date.fromisoformat(f"{month}-{int(groups['d']):02}").isoformat() if groups.get("d") else None
        first = Found(month, day, match.start(), match.end(), bool(groups.get("span")))
    return first
