"""The archive of a site: its months, with what was new in each, and its categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..records import Paper
from ..support import keypoint_key, keypoint_slug
from .index import Keypoint, Library, by_month

CATEGORIES = "categories"
"""The folder of a site with a folder for each category."""


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
    """List the months, newest first, papers without a month last.

    Nothing is `new` there, in the first month of a site, or if only some `papers` are given (newest first).
    """
    new: dict[str, list[Keypoint]] = {}
    first = library.months[-1] if library.months else None
    for keypoint in library.keypoints if papers is None else ():
        if keypoint.is_listed and keypoint.months and keypoint.months[-1][0] != first:
            new.setdefault(keypoint.months[-1][0], []).append(keypoint)
    months = []
    for month, own in by_month(library.records if papers is None else papers):
        firsts = [paper for paper in own if paper.id not in library.same_as]
        digests = Counter({paper.path: 0 for paper in own})
        digests.update(paper.path for paper in firsts)
        filed = Counter(paper.category for paper in firsts if paper.category)
        months.append(
            Month(
                month=month,
                count=len(firsts),
                digests=tuple(sorted(digests.items())),
                new=tuple(new.get(month or "", ())),
                categories=tuple(sorted(filed.items(), key=lambda item: (-item[1], item[0]))),
            )
        )
    return tuple(months)


def adjacent_months(months: Sequence[Month], of: Iterable[str | None]) -> tuple[Month | None, Month | None]:
    """Find the months of an archive right before and after the months `of` a page, each None if there is none."""
    own = sorted(month for month in of if month)
    if not own:
        return None, None
    dated = [month for month in months if month.month]
    before = next((month for month in dated if (month.month or "") < own[0]), None)
    after = next((month for month in reversed(dated) if (month.month or "") > own[-1]), None)
    return before, after


@dataclass(frozen=True, slots=True)
class Category:
    """A category: `name` is its most frequent spelling, `papers` are newest first."""

    slug: str
    name: str
    papers: tuple[Paper, ...]


def categories(library: Library) -> tuple[Category, ...]:
    """The categories of all papers, most papers first. Spellings are one category as they would be one keypoint."""
    filed: dict[str, list[Paper]] = {}
    spellings: dict[str, Counter[str]] = {}
    for paper in library.papers:
        if paper.category and paper.category.strip():
            key = keypoint_key(paper.category)
            filed.setdefault(key, []).append(paper)
            spellings.setdefault(key, Counter())[paper.category] += 1
    made = (
        Category(keypoint_slug(key), min(names, key=lambda name: (-names[name], name)), tuple(filed[key]))
        for key, names in spellings.items()
    )
    return tuple(sorted(made, key=lambda one: (-len(one.papers), one.name.casefold(), one.slug)))
