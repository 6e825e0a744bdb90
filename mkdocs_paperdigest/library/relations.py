"""What belongs together: papers that name the same keypoints, and keypoints that the same papers name.

What is shared weighs by its inverse document frequency, `log(N / n)` for a keypoint that n of N papers name: Karen Spärck Jones,
"A statistical interpretation of term specificity and its application in retrieval", Journal of Documentation 28 (1972).
One that all papers name weighs nothing, and relates nothing. Hidden keypoints are no reason, either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from itertools import chain
from math import inf, log

from ..records import Paper
from .archive import month_number
from .index import Keypoint, Library

LOOKED_AT = 100
"""How many others are weighed for each paper, about."""

FEWEST = 8
"""How many are weighed for each keypoint of a paper, at least, until `LOOKED_AT` were."""

PAIRED = 16
"""How many keypoints a paper proposes as related to those that it names: its rarest."""

_PLACES = 9
"""The decimal places that weights are compared to: sums that are equal stay so, in whichever order they are added."""


@dataclass(frozen=True, slots=True)
class Related:
    """A paper that another one is related to, and the keypoints that both name, rarest first."""

    paper: Paper
    shared: tuple[Keypoint, ...]


@dataclass(frozen=True, slots=True)
class RelatedKeypoint:
    """A keypoint that another one is related to; `count` papers name both."""

    keypoint: Keypoint
    count: int


def related_papers(library: Library, most: int = 3) -> Mapping[str, tuple[Related, ...]]:
    """The papers that each paper is related to, by its id, best first; a paper that shares nothing is absent.

    They rank by the sum of the weights of what they share, then by the nearest month, then by the order of the library.
    Records of one paper are not related to each other, and others are related to the first of them only.

    Linear in the papers: for each, about `LOOKED_AT` others are weighed, those of its rarest keypoints first and, of frequent ones,
    those that are nearest in the library. So the answer is exact for a paper whose keypoints are named `LOOKED_AT` times at most, all
    counted together; otherwise a better one may be missed among papers that share only frequent keypoints.
    """
    papers = library.papers
    known = _named(library)
    firsts = _first_records(papers)
    months = [month_number(paper.month) if paper.month else None for paper in papers]
    postings: list[list[int]] = [[] for _ in known.keypoints]
    # The keypoints of each paper, rarest first, and where in their postings it stands, or would.
    stands: list[list[tuple[int, int]]] = [[] for _ in papers]
    for place, numbers in enumerate(known.by_paper):
        for number in numbers:
            if known.weights[number]:
                stands[place].append((number, len(postings[number])))
                if firsts[place] == place:
                    postings[number].append(place)
    naming = [frozenset(posting) for posting in postings]
    found: dict[str, tuple[Related, ...]] = {}
    for place, paper in enumerate(papers):
        looked_at = _candidates(stands[place], postings)
        looked_at.discard(firsts[place])
        scores: dict[int, float] = defaultdict(float)
        for number, _ in stands[place]:
            for other in looked_at & naming[number]:
                scores[other] += known.weights[number]
        if scores:
            enough = _last_of_best(scores.values(), most)
            ranks = (
                (-round(score, _PLACES), _between(months[place], months[other]), other)
                for other, score in scores.items()
                if score >= enough
            )
            found[paper.id] = tuple(
                Related(
                    papers[other],
                    tuple(known.keypoints[number] for number, _ in stands[place] if other in naming[number]),
                )
                for *_, other in nsmallest(most, ranks)
            )
    return found


def related_keypoints(library: Library, most: int = 8) -> Mapping[str, tuple[RelatedKeypoint, ...]]:
    """The keypoints that each keypoint is related to, by its slug; hidden ones are left out.

    First those that `keypoints.yml` names, in its order; then, up to `most` in all, those with the largest product of `count` and weight,
    by label where it is equal. Linear in what papers name: a paper proposes only its `PAIRED` rarest keypoints, so that a better one may
    be missed; the counts are true for all.
    """
    known = _named(library)
    rarest = [[known.keypoints[number].slug for number in numbers[:PAIRED]] for numbers in known.by_paper]
    weights = {keypoint.slug: weight for keypoint, weight in zip(known.keypoints, known.weights, strict=True) if weight}
    cut = {place for place, numbers in enumerate(known.by_paper) if len(numbers) > PAIRED}
    naming = {slug: places for slug, places in known.by_keypoint.items() if not cut.isdisjoint(places)}

    def rank(slug: str, weight: float) -> tuple[float, str, str]:
        return -round(weight, _PLACES), library.by_slug[slug].label.casefold(), slug

    found: dict[str, tuple[RelatedKeypoint, ...]] = {}
    for keypoint in library.keypoints:
        slug = keypoint.slug
        counts = Counter(chain.from_iterable(rarest[place] for place in known.by_keypoint[slug]))
        said = keypoint.entry.related if keypoint.entry else ()
        named = [other for other in said if library.by_slug[other].is_listed]
        apart = {slug, *named}
        weighed = {other: n * weights[other] for other, n in counts.items() if other in weights and other not in apart}
        room = max(most - len(named), 0)
        enough = _last_of_best(weighed.values(), room)
        ranks = nsmallest(room, (rank(other, weight) for other, weight in weighed.items() if weight >= enough))
        best = [other for *_, other in ranks]
        if slug in naming:  # what was cut off counts, too, and may change their order
            for other in {*named, *best} & naming.keys():
                counts[other] = len(naming[slug] & naming[other])
            best.sort(key=lambda other: rank(other, counts[other] * weights[other]))
        if shown := tuple(RelatedKeypoint(library.by_slug[other], counts[other]) for other in (*named, *best)):
            found[slug] = shown
    return found


@dataclass(frozen=True, slots=True)
class _Naming:
    """Which papers name what: papers by their places in the library, listed keypoints by their numbers, rarest first."""

    keypoints: tuple[Keypoint, ...]
    weights: tuple[float, ...]
    by_paper: tuple[list[int], ...]
    by_keypoint: Mapping[str, frozenset[int]]


def _named(library: Library) -> _Naming:
    place = {id(paper): n for n, paper in enumerate(library.papers)}
    listed = (keypoint for keypoint in library.named if keypoint.is_listed)
    keypoints = tuple(sorted(listed, key=lambda k: (k.count, k.label.casefold(), k.slug)))
    weights = tuple(log(len(library.papers) / keypoint.count) for keypoint in keypoints)
    by_keypoint = {k.slug: frozenset(place[id(paper)] for paper in k.papers) for k in library.keypoints}
    by_paper: tuple[list[int], ...] = tuple([] for _ in library.papers)
    for number, keypoint in enumerate(keypoints):
        for paper in keypoint.papers:
            by_paper[place[id(paper)]].append(number)
    return _Naming(keypoints, weights, by_paper, by_keypoint)


def _first_records(papers: Sequence[Paper]) -> list[int]:
    """The place of the first record of each paper: the earliest of those that are one paper, which is those of one title."""
    names = [paper.title.casefold() or paper.id for paper in papers]
    firsts: dict[str, int] = {}
    for place in sorted(range(len(papers)), key=lambda n: papers[n].day or "~"):
        firsts.setdefault(names[place], place)
    return [firsts[name] for name in names]


def _between(month: int | None, other: int | None) -> float:
    return inf if month is None or other is None else abs(month - other)


def _candidates(stands: Sequence[tuple[int, int]], postings: Sequence[Sequence[int]]) -> set[int]:
    """The papers that are weighed for one, from where it stands in the postings of its keypoints, rarest first."""
    found: set[int] = set()
    left = LOOKED_AT
    for n, (number, at) in enumerate(stands):
        most = max(left // (len(stands) - n), FEWEST)
        start = min(max(at - most // 2, 0), max(len(postings[number]) - most, 0))
        near = postings[number][start : start + most]
        found.update(near)
        left -= len(near)
        if left <= 0:
            break
    return found


def _last_of_best(weights: Iterable[float], most: int) -> float:
    """A little less than the last of the heaviest so many, or than the lightest if there are fewer."""
    return min(nlargest(most, weights), default=inf) - 0.1**_PLACES
