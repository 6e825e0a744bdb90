"""The arithmetic of pictures, which `charts.html` draws as SVG: numbers → places, paths and shades."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import dropwhile, groupby

from ..library import Line, Year

LEVELS = 5  # the shades of the heatmap, besides that of 0
SPARK = 7  # the base line of a sparkline

_CEILINGS = (5, 10, 20, 25, 50, 75, 100)


def places(line: Line, box: tuple[int, int, int, int], ceiling: int) -> list[tuple[int, int] | None]:
    """The places of the shares of months in a box (left, right, top, bottom), whose top is `ceiling` percent; None where there is no share."""
    left, right, top, bottom = box
    step = (right - left) / max(1, len(line.months) - 1)
    return [
        (round(left + n * step), bottom - scaled(share.value * 100, ceiling, bottom - top)) if share else None
        for n, share in enumerate(line.months)
    ]


def path(places: Sequence[tuple[int, int] | None]) -> str:
    """Straight segments from place to place, with gaps; a place between gaps is a dot."""
    commands = []
    for is_place, run in groupby(places, key=lambda place: place is not None):
        (x, y), *others = [place for place in run if place] or [(0, 0)]
        if others:
            commands.append(f"M{x} {y}L" + " ".join(f"{x} {y}" for x, y in others))
        elif is_place:
            commands.append(f"M{x} {y}h0")
    return "".join(commands)


def spark_bars(counts: Iterable[int | None]) -> list[str | None]:
    """The bars of a sparkline from the first count on, as paths; none if no count is above 0.

    A unit is two pixels, so that a stroke as wide as strokes are makes a bar; 0 is one pixel high, and None a gap.
    """
    shown = list(dropwhile(lambda count: count is None, counts))
    highest = max((count for count in shown if count), default=0)
    return [
        f"M{2 * n + 1} {SPARK}V{SPARK - (1 + scaled(count, highest, 2 * SPARK - 1)) / 2:g}"
        if count is not None
        else None
        for n, count in enumerate(shown if highest else ())
    ]


def scaled(value: int | Fraction, highest: int, height: int) -> int:
    """A height in whole units; what is not 0 is seen."""
    scaled = round(height * Fraction(value) / highest)
    return max(1, scaled) if value else 0


def ceiling_of(lines: Iterable[Line]) -> int:
    """The round share in percent that no share of the lines is above."""
    highest = max((share.value for line in lines for share in line.months if share), default=0)
    return next(ceiling for ceiling in _CEILINGS if highest * 100 <= ceiling)


def highest_of(years: Iterable[Year]) -> int:
    return max((month.papers or 0 for year in years for month in year.months if month), default=0) or 1


def highest_count(lines: Iterable[Line]) -> int:
    return max((share.count for line in lines for share in line.months if share), default=0) or 1


def level(count: int, highest: int) -> int:
    """The shade of a number in the heatmap: 0 for 0, else 1 to `LEVELS`, in equal steps up to the highest number."""
    return -(-count * LEVELS // highest) if count else 0


def levels(highest: int) -> list[tuple[int, int, int]]:
    shades = groupby(range(highest + 1), key=lambda count: level(count, highest))
    return [(shade, run[0], run[-1]) for shade, run in ((shade, list(group)) for shade, group in shades)]
