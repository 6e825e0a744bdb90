"""All papers of a site together: which keypoints they have, how those are spelt, and in which months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from .findings import Finding, finding
from .paper import Digest, Paper
from .slugs import keypoint_key, keypoint_slug


@dataclass(frozen=True, slots=True)
class Keypoint:
    """One keypoint of the site.

    `label` is its most frequent spelling, `written` all of them, most frequent first. `papers` are those that
    name it, newest first. `months` counts them by month, newest first; a paper without a month is in none.
    """

    slug: str
    label: str
    written: tuple[str, ...]
    papers: tuple[Paper, ...]
    months: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """How many papers name it."""
        return len(self.papers)

    @property
    def also_written(self) -> tuple[str, ...]:
        """The spellings other than the label."""
        return self.written[1:]


@dataclass(frozen=True, slots=True)
class Library:
    """The papers of a site, newest first, and its keypoints, most used first; papers by their digest's path too."""

    papers: tuple[Paper, ...]
    keypoints: tuple[Keypoint, ...]
    by_key: dict[str, Keypoint]
    by_path: dict[str, tuple[Paper, ...]]

    def keypoint(self, written: str) -> Keypoint | None:
        """The keypoint that a spelling means, or None if no paper of the site names it."""
        return self.by_key.get(keypoint_key(written))

    @property
    def months(self) -> tuple[str, ...]:
        """The months that papers have, newest first."""
        return tuple(sorted({p.month for p in self.papers if p.month}, reverse=True))


def build_library(digests: Iterable[Digest]) -> Library:
    """Index the papers of all digests. Linear in the papers; the order of `digests` does not matter."""
    by_path = {digest.path: digest.papers for digest in digests if digest.sections}
    papers = newest_first(paper for papers in by_path.values() for paper in papers)
    naming: dict[str, list[Paper]] = {}
    spellings: dict[str, Counter[str]] = {}
    for paper in papers:
        keys = {keypoint_key(written): written for written in reversed(paper.keypoints or ())}
        for key, written in keys.items():
            naming.setdefault(key, []).append(paper)
            spellings.setdefault(key, Counter())[written] += 1
    by_key = {key: _keypoint(key, spellings[key], papers) for key, papers in naming.items()}
    ordered = sorted(by_key.values(), key=lambda k: (-k.count, k.label.casefold(), k.slug))
    return Library(tuple(papers), tuple(ordered), by_key, by_path)


def repeated_titles(library: Library) -> list[Finding]:
    """Papers whose title stands in another file of the same month too; within one file the reader reports them."""
    first: dict[tuple[str, str], Paper] = {}
    findings = []
    for paper in library.papers:
        if paper.month is None:
            continue
        known = first.setdefault((paper.month, paper.title.casefold()), paper)
        if known.path != paper.path:
            place = f"{known.line} of {known.path}"
            findings.append(finding("PD102", paper.path, paper.line, 1, paper.title, paper.month, place))
    return findings


def newest_first(papers: Iterable[Paper]) -> list[Paper]:
    """Papers by month and day, newest first, those without a month last; within a day as their digests have them."""
    return sorted(sorted(papers, key=lambda p: (p.path, p.line)), key=lambda p: p.day, reverse=True)


def by_month(papers: Sequence[Paper]) -> Iterator[tuple[str | None, list[Paper]]]:
    """Group papers that are sorted newest first by their month."""
    for month, group in groupby(papers, key=lambda p: p.month):
        yield month, list(group)


def _keypoint(key: str, spellings: Counter[str], papers: Sequence[Paper]) -> Keypoint:
    written = sorted(spellings, key=lambda name: (-spellings[name], name))
    months = Counter(paper.month for paper in papers if paper.month)
    return Keypoint(
        slug=keypoint_slug(key),
        label=written[0],
        written=tuple(written),
        papers=tuple(papers),
        months=tuple(sorted(months.items(), reverse=True)),
    )
