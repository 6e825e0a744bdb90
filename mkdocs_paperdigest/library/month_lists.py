"""The archive of months: what each month holds, and what was new in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..records import Paper
from .index import Keypoint, Library, by_month


def month_id(month: str | None) -> str:
    """The anchor of a month on a page that has it once: no digit first, at which scripts of themes stumble."""
    return f"month-{month}" if month else "without-month"


def month_number(month: str) -> int:
    """How many months of the calendar stand before one, `YYYY-MM`, from year 0 on."""
    return 12 * int(month[:4]) + int(month[5:7]) - 1


@dataclass(frozen=True, slots=True)
class Month:
    """One month, `YYYY-MM`, or None: papers by first records, digests by path, listed keypoints `new` in it, most used first, categories, most papers first."""

    month: str | None
    count: int
    digests: tuple[tuple[str, int], ...]
    new: tuple[Keypoint, ...]
    categories: tuple[tuple[str, int], ...]

    @property
    def id(self) -> str:
        return month_id(self.month)


def archive(library: Library, papers: Sequence[Paper] | None = None) -> tuple[Month, ...]:
    """List the months, newest first, papers without a month last. Nothing is `new` there, in the first month of a site, or if only some `papers` are given (newest first)."""
    new: dict[str, list[Keypoint]] = {}
    first = library.months[-1] if library.months else None

    def counts(paper: Paper) -> bool:
        return paper.id not in library.same_as

    for keypoint in library.keypoints if papers is None else ():
        if keypoint.is_listed and keypoint.months and keypoint.months[-1][0] != first:
            new.setdefault(keypoint.months[-1][0], []).append(keypoint)
    return tuple(
        Month(
            month=month,
            count=sum(counts(paper) for paper in own),
            digests=tuple(sorted(_sums((paper.path, counts(paper)) for paper in own).items())),
            new=tuple(new.get(month or "", ())),
            categories=_most_first(paper.category for paper in own if paper.category and counts(paper)),
        )
        for month, own in by_month(library.records if papers is None else papers)
    )


def adjacent_months(months: Sequence[Month], of: Iterable[str | None]) -> tuple[Month | None, Month | None]:
    """Find the months of an archive right before and after the months `of` a page, each None if there is none."""
    own = sorted(month for month in of if month)
    if not own:
        return None, None
    dated = [month for month in months if month.month]
    before = next((month for month in dated if (month.month or "") < own[0]), None)
    after = next((month for month in reversed(dated) if (month.month or "") > own[-1]), None)
    return before, after


def _sums(counts: Iterable[tuple[str, bool]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, count in counts:
        sums[name] = sums.get(name, 0) + count
    return sums


def _most_first(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))
