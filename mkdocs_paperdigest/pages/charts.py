"""Numbers → pictures: SVG as text, coloured by `trends.css`, and named by `aria-label`, as an id may be on a page twice.

Where a month has no papers nothing is drawn but a `–`; a month or share of fewer than ten papers is drawn open and marked by `*`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import dropwhile, groupby

from markupsafe import Markup

from ..languages import Words
from ..library import Line, MonthCount, Share, Year

LEVELS = 5  # the shades of the heatmap, besides that of 0

_CEILINGS = (5, 10, 20, 25, 50, 75, 100)
_SLOT = 26
_BAR_HEIGHT = 72
_WIDTH = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 234, 26, 82
_EDGE = 238
_SPARK = 13


def bars(year: Year, highest: int, words: Words) -> Markup:
    parts = []
    for place, month in enumerate(year.months):
        middle = place * _SLOT + _SLOT // 2
        if month is None:
            continue
        parts.append(_text(middle, _BAR_HEIGHT + 26, month.month[5:], "pd-quiet"))
        if month.papers is None:
            parts.append(_text(middle, _BAR_HEIGHT + 12, "–", title=_hint(month, words("trends_no_digest"))))
            continue
        height = _scaled(month.papers, highest, _BAR_HEIGHT)
        top = _BAR_HEIGHT + 14 - height
        kind = "pd-bar pd-open" if month.is_few else "pd-bar"
        parts.append(
            Markup('<rect class="{}" x="{}" y="{}" width="16" height="{}"/>').format(kind, middle - 8, top, height)
        )
        parts.append(_text(middle, top - 4, f"{month.papers}{'*' if month.is_few else ''}"))
    floor = Markup('<path class="pd-axis" d="M0 {}H{}"/>').format(_BAR_HEIGHT + 14, 12 * _SLOT)
    label = words("trends_papers_of_year", year.papers, year=year.year)
    return _svg(12 * _SLOT, _BAR_HEIGHT + 30, label, [floor, *parts])


def line(line: Line, months: Sequence[MonthCount], ceiling: int, words: Words) -> Markup:
    """The share of each month that names a keypoint as straight segments; `ceiling` is the percentage at the top of all such pictures."""
    step = (_RIGHT - _LEFT) / max(1, len(months) - 1)
    places = [
        (round(_LEFT + n * step), _BOTTOM - _scaled(share.value * 100, ceiling, _BOTTOM - _TOP)) if share else None
        for n, share in enumerate(line.months)
    ]
    axes = Markup('<path class="pd-axis" d="M0 {0}H{2}M0 {1}H{2}"/>').format(_TOP, _BOTTOM, _WIDTH)
    parts = [
        axes,
        _text(0, _TOP - 10, f"{ceiling}%", "pd-quiet"),
        _text(0, _BOTTOM + 14, months[0].month, "pd-quiet"),
    ]
    if len(months) > 1:
        parts.append(_text(_EDGE, _BOTTOM + 14, months[-1].month, "pd-quiet pd-end"))
    parts.append(Markup('<path class="pd-line" d="{}"/>').format(_path(places)))
    for month, share, place in zip(months, line.months, places, strict=True):
        if share and place:
            dot = Markup('<circle class="{}" cx="{}" cy="{}" r="2.5"><title>{}</title></circle>')
            parts.append(dot.format("pd-open" if share.is_few else "pd-dot", *place, _hint(month, _of(share, words))))
    name = words("trends_share_of", name=line.keypoint.label)
    if line.latest is None:
        return _svg(_WIDTH, _BOTTOM + 18, name, parts)
    latest = _hint(months[line.latest], _of(line.months[line.latest], words))
    parts.append(_text(_EDGE, _TOP - 10, latest, "pd-end"))
    return _svg(_WIDTH, _BOTTOM + 18, f"{name} {latest}", parts)


def sparkline(counts: Sequence[int | None]) -> Markup:
    """Counts of months as bars in a line of text, a gap for None, one pixel for 0; "" where nothing is above 0. Hidden from screen readers."""
    highest = max((count for count in counts if count), default=0)
    if not highest:
        return Markup("")
    counts = tuple(dropwhile(lambda count: count is None, counts))
    # A unit is two pixels, so that a stroke as wide as strokes are makes a bar.
    base = (_SPARK + 1) // 2
    drawn = "".join(
        f"M{2 * n + 1} {base}V{base - (1 + _scaled(count, highest, _SPARK)) / 2:g}"
        for n, count in enumerate(counts)
        if count is not None
    )
    return Markup(
        '<svg width="{}" viewBox="0 0 {} {}" aria-hidden="true"><path stroke="currentColor" d="{}"/></svg>'
    ).format(4 * len(counts), 2 * len(counts), base, drawn)


def ceiling_of(lines: Iterable[Line]) -> int:
    """The round share in percent that no share of the lines is above."""
    highest = max((share.value for line in lines for share in line.months if share), default=0)
    return next(ceiling for ceiling in _CEILINGS if highest * 100 <= ceiling)


def highest_of(years: Iterable[Year]) -> int:
    return max((month.papers or 0 for year in years for month in year.months if month), default=0) or 1


def level(count: int, highest: int) -> int:
    """The shade of a number in the heatmap: 0 for 0, else 1 to `LEVELS`, in equal steps up to the highest number."""
    return -(-count * LEVELS // highest) if count else 0


def levels(highest: int) -> list[tuple[int, int, int]]:
    shades = groupby(range(highest + 1), key=lambda count: level(count, highest))
    return [(shade, run[0], run[-1]) for shade, run in ((shade, list(group)) for shade, group in shades)]


def highest_count(lines: Iterable[Line]) -> int:
    return max((share.count for line in lines for share in line.months if share), default=0) or 1


def _scaled(value: int | Fraction, highest: int, height: int) -> int:
    """A height in whole units; what is not 0 is seen."""
    scaled = round(height * Fraction(value) / highest)
    return max(1, scaled) if value else 0


def _path(places: Sequence[tuple[int, int] | None]) -> str:
    commands = []
    for is_place, run in groupby(places, key=lambda place: place is not None):
        (x, y), *others = [place for place in run if place] or [(0, 0)]
        if others:
            commands.append(f"M{x} {y}L" + " ".join(f"{x} {y}" for x, y in others))
        elif is_place:
            commands.append(f"M{x} {y}h0")
    return "".join(commands)


def _of(share: Share | None, words: Words) -> str:
    assert share
    return words("trends_of", count=share.count, papers=share.of) + ("*" if share.is_few else "")


def _hint(month: MonthCount, said: str) -> str:
    return f"{month.month}: {said}"


def _text(x: int, y: int, text: str, kind: str = "", title: str = "") -> Markup:
    attribute = Markup(' class="{}"').format(kind) if kind else ""
    hint = Markup("<title>{}</title>").format(title) if title else ""
    return Markup('<text x="{}" y="{}"{}>{}{}</text>').format(x, y, attribute, hint, text)


def _svg(width: int, height: int, label: str, parts: Iterable[Markup]) -> Markup:
    head = Markup('<svg class="pd-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(width, height, label)
    return head + Markup("").join(parts) + Markup("</svg>")
