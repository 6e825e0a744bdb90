"""Keypoints and papers counted by month: library → numbers, each of them a count of papers and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb

from ..records import Paper
from .archive import month_number
from .index import Keypoint, Library

SHOWN = 24
"""The months that pictures and tables of months show: the last ones. Earlier ones are counted by year."""

TOP = 20
"""The keypoints that are counted where none are asked for: those named most in the months shown."""

FEW = 10
"""A month with fewer papers says so beside its number."""

WINDOW = 3
"""The months with papers that are compared with as many before them."""

LEAST = 3
"""The papers that must name a keypoint in a window for it to rise there, or to fall from there."""

CHANCE = Fraction(1, 10)
"""The part of the keypoints said to rise or fall surely that may be expected to do so by chance."""


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month of the calendar, `YYYY-MM`, and the papers counted in it; `papers` is None where the site has none of it at all."""

    month: str
    papers: int | None

    @property
    def year(self) -> str:
        return self.month[:4]

    @property
    def number(self) -> str:
        return self.month[5:]

    @property
    def is_few(self) -> bool:
        return self.papers is not None and self.papers < FEW


@dataclass(frozen=True, slots=True)
class Share:
    count: int
    of: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.count, self.of)

    @property
    def percent(self) -> str:
        """The share in percent, rounded half up: to whole ones, below 10 to tenths."""
        tenths = _rounded(1000 * self.value)
        return f"{tenths // 10}.{tenths % 10}" if 0 < tenths < 100 else str(_rounded(100 * self.value))

    @property
    def is_few(self) -> bool:
        return self.of < FEW


@dataclass(frozen=True, slots=True)
class Year:
    """A year with papers: its twelve months, None for those before the first and after the last that is counted."""

    year: str
    months: tuple[MonthCount | None, ...]

    @property
    def papers(self) -> int:
        return sum(month.papers or 0 for month in self.months if month)


@dataclass(frozen=True, slots=True)
class Line:
    """A keypoint through time: its share of the papers of each month shown and of each year, None where there are none."""

    keypoint: Keypoint
    months: tuple[Share | None, ...]
    years: tuple[Share | None, ...]

    @property
    def count(self) -> int:
        """The papers that name it in the months shown."""
        return sum(share.count for share in self.months if share)

    @property
    def latest(self) -> int | None:
        """The place of the last month with papers in `months`."""
        return max((n for n, share in enumerate(self.months) if share), default=None)


@dataclass(frozen=True, slots=True)
class Change:
    """A keypoint's share of the papers of the last window, and of the window before; `is_sure` if it changed by more than chance explains."""

    keypoint: Keypoint
    now: Share
    before: Share
    is_sure: bool = False

    @property
    def is_large(self) -> bool:
        """Whether the share at least doubled, or halved."""
        low, high = sorted((self.now.value, self.before.value))
        return high > low and high >= 2 * low

    @property
    def difference(self) -> Fraction:
        return abs(self.now.value - self.before.value)

    @property
    def points(self) -> str:
        """The change of the share in percentage points, to tenths, with its sign: `+12.5`, `−3.0`."""
        tenths = _rounded(1000 * self.difference)
        return f"{'−' if self.now.value < self.before.value else '+'}{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two windows, oldest month first; what rose and fell, what surely did first; the number of keypoints with enough papers there to be `tested`."""

    now: tuple[MonthCount, ...]
    before: tuple[MonthCount, ...]
    papers_now: int
    papers_before: int
    tested: int
    rising: tuple[Change, ...]
    falling: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """All of it. `months` are all of the calendar from the first to the last with papers, oldest first.

    `shown` are the last of them, `years` those with papers. `lines` are the keypoints that were asked for, or those named most
    in the months shown, of the `named` that are named there. `papers` have a month and are counted, `left_out` have none and
    are not. `comparison` is None where fewer than two months have papers.
    """

    months: tuple[MonthCount, ...]
    shown: tuple[MonthCount, ...]
    years: tuple[Year, ...]
    lines: tuple[Line, ...]
    named: int
    papers: int
    left_out: int
    comparison: Comparison | None

    @property
    def missing(self) -> tuple[MonthCount, ...]:
        """The months between the first and the last of which the site has no paper."""
        return tuple(month for month in self.months if month.papers is None)

    @property
    def has_few(self) -> bool:
        return any(month.is_few for month in self.months)


def trends(
    library: Library,
    papers: Iterable[Paper] | None = None,
    keypoints: Iterable[Keypoint] | None = None,
    months: Collection[str] | None = None,
    limit: int = TOP,
) -> Trends:
    """Count all papers or some, and keypoints, by month: of all months, or from the first to the last of `months`.

    `keypoints` are counted in the order given, hidden ones too, else the `limit` listed ones that are named most in the months shown.
    A keypoint counts the papers that name it itself. Linear in the papers and what they name.
    """
    chosen = library.papers if papers is None else tuple(papers)
    held = {paper.month for paper in library.papers if paper.month}
    if months is not None:
        held = {month for month in held if months and min(months) <= month <= max(months)}
    per_month = Counter(paper.month for paper in chosen if paper.month in held)
    calendar = _calendar(month_number(min(held)), month_number(max(held))) if held else []
    every = tuple(MonthCount(month, per_month[month] if month in held else None) for month in calendar)
    shown = every[-SHOWN:]
    own_months = {month.month: month for month in every}
    years = [
        Year(year, tuple(own_months.get(f"{year}-{n:02}") for n in range(1, 13)))
        for year in sorted({month.year for month in every if month.papers is not None})
    ]
    asked = None if keypoints is None else tuple(keypoints)
    of_interest = (k for k in library.keypoints if k.is_listed) if asked is None else asked
    own = None if papers is None else set(map(id, chosen))
    counted = [
        (k, Counter(p.month for p in k.papers if p.month and (own is None or id(p) in own))) for k in of_interest
    ]
    here = [(keypoint, count) for keypoint, count in counted if any(count[month.month] for month in shown)]
    if asked is None:
        most = sorted(here, key=lambda pair: -sum(pair[1][month.month] for month in shown))[:limit]
    else:
        most = counted
    return Trends(
        months=every,
        shown=shown,
        years=tuple(years),
        lines=tuple(
            Line(
                keypoint,
                tuple(_share(count[month.month], month.papers) for month in shown),
                tuple(_share(sum(count[m.month] for m in year.months if m), year.papers) for year in years),
            )
            for keypoint, count in most
        ),
        named=len(here),
        papers=per_month.total(),
        left_out=sum(paper.month is None for paper in chosen),
        comparison=_compare(counted, [month for month in every if month.papers]),
    )


def last_months(library: Library, number: int = 12) -> tuple[MonthCount, ...]:
    """The months of the calendar up to the newest of a site, oldest first: what sparklines show. Empty without any month."""
    per_month = Counter(paper.month for paper in library.papers if paper.month)
    if not per_month:
        return ()
    last = month_number(max(per_month))
    return tuple(MonthCount(m, per_month.get(m)) for m in _calendar(last - number + 1, last))


def monthly_counts(keypoint: Keypoint, months: Iterable[MonthCount]) -> tuple[int | None, ...]:
    """How many papers of each month name a keypoint, of the whole site; None where the site has no paper of the month."""
    known = dict(keypoint.months)
    return tuple(None if month.papers is None else known.get(month.month, 0) for month in months)


def _rounded(value: Fraction) -> int:
    """A number that is not below 0, rounded half up."""
    return int(value + Fraction(1, 2))


def _calendar(first: int, last: int) -> list[str]:
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _share(count: int, of: int | None) -> Share | None:
    return Share(count, of) if of else None


def _compare(counted: Sequence[tuple[Keypoint, Counter[str]]], months: Sequence[MonthCount]) -> Comparison | None:
    """What rose and fell between the last months with papers and as many before.

    The papers of a window are pooled, so that a month weighs as much as it has papers. Each keypoint's share of the one
    window is compared with that of the other by Fisher's exact test, two-sided (R. A. Fisher, "On the interpretation of
    χ² from contingency tables", 1922). Hundreds of keypoints are compared, and some change by chance alone: the procedure
    of Benjamini and Hochberg ("Controlling the false discovery rate", 1995) keeps the expected part of those among the
    sure at `CHANCE`. A keypoint with so few papers that no split of them could pass is not among the tested (Gilbert,
    "A modified false discovery rate multiple-comparisons procedure for discrete data", 2005). These changes are sure.

    Those where the share at least doubled or halved are listed, too, since few papers seldom make a change sure; they may be
    chance. What rose must be named by `LEAST` papers of the last window, what fell by as many of the one before.
    """
    size = min(WINDOW, len(months) // 2)
    if not size:
        return None
    before, now = tuple(months[-2 * size : -size]), tuple(months[-size:])
    of_now, of_before = (sum(month.papers or 0 for month in window) for window in (now, before))
    tested: list[tuple[Fraction, Change]] = []
    rare: list[Change] = []
    for keypoint, count in counted:
        named_now, named_before = (sum(count[month.month] for month in window) for window in (now, before))
        change = Change(keypoint, Share(named_now, of_now), Share(named_before, of_before))
        chance, smallest = _fisher(change.now, change.before)
        if smallest <= CHANCE:
            tested.append((chance, change))
        else:
            rare.append(change)
    tested.sort(key=lambda pair: pair[0])
    passed = max((n for n, (chance, _) in enumerate(tested, 1) if chance * len(tested) <= CHANCE * n), default=0)
    sure = [replace(change, is_sure=True) for _, change in tested[:passed]]
    changes = [*sure, *(c for c in (*rare, *(change for _, change in tested[passed:])) if c.is_large)]
    changes.sort(key=lambda c: (not c.is_sure, -c.difference, c.keypoint.label.casefold(), c.keypoint.slug))
    rising = tuple(c for c in changes if c.now.value > c.before.value and c.now.count >= LEAST)
    falling = tuple(c for c in changes if c.now.value < c.before.value and c.before.count >= LEAST)
    return Comparison(now, before, of_now, of_before, len(tested), rising, falling)


def _fisher(now: Share, before: Share) -> tuple[Fraction, Fraction]:
    """How probable a split as uneven as this one, or more so, is by chance; and the same of the most uneven split possible.

    Whole numbers throughout, so that no machine rounds otherwise than another.
    """
    named = now.count + before.count
    least, most = max(0, named - before.of), min(named, now.of)
    weights = [comb(now.of, least) * comb(before.of, named - least)]
    for n in range(least, most):  # each is a whole number: the ways to have `n + 1` of them in the last window
        weights.append(weights[-1] * (now.of - n) * (named - n) // ((n + 1) * (before.of - named + n + 1)))
    every = sum(weights)
    own, smallest = weights[now.count - least], min(weights)
    return Fraction(sum(w for w in weights if w <= own), every), Fraction(
        sum(w for w in weights if w == smallest), every
    )
