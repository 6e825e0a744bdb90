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
    """What a site has of one month, `YYYY-MM`; None is what papers without a month stand under.

    `count` counts its papers, each in the month of its first record; `digests` are the paths of the pages that they and later records
    stand on, in the order of paths, and `categories` what the papers stand under there, most first, each with its count. `new` are
    the listed keypoints that no paper of an earlier month names, most used in the site first.
    """

    month: str | None
    count: int
    digests: tuple[tuple[str, int], ...]
    new: tuple[Keypoint, ...]
    categories: tuple[tuple[str, int], ...]

    @property
    def id(self) -> str:
        return month_id(self.month)


def archive(library: Library, papers: Sequence[Paper] | None = None) -> tuple[Month, ...]:
    """The months of a site, newest first, and last the papers without a month, if there are any. Linear in the papers.

    Of all papers, or of some that the library has, newest first; then no keypoint is `new`.

    Nothing is `new` in the first month of a site, where everything would be; nor among papers without a month, which do not count as
    earlier than any, either.
    """
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
    """The month before the earliest of some months, and the one after the latest, each None if the archive has none.

    `months` is an archive, `of` the months of the papers of a page; None and None if no paper of it has one.
    """
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
