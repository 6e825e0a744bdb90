"""Which paper of one time is which of a later time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from .snapshot import PaperState

_TOKEN = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff]|[^\W_]+")
_LONGEST = 400
"""So many words of a text are compared, the first half and the last."""

_TEXT_COUNTS = 0.65
_FULL_TEXT = 12
"""From so many words on, a text counts as much as it can, and more than the title."""

_UNLIKE_TITLES = 0.4
"""Titles that have nothing to do with each other have this ratio, since all of them have the same letters."""

_UNLIKE_TEXTS = 0.3
"""Texts that have nothing to do with each other have this one, since they have some words in common."""

_SAME_TEXT = 0.3

_LEAST = 0.5
_SAME_PLACE = 0.05
_TIE = 0.03
_ALL_PAIRS = 2500
_RARE = 12
_BEST = 8


class Matches:
    """Each paper of one time found again at a later one: `pairs` of places, before → after, one to one.

    First whatever did not change; then what says the same elsewhere on its page; then, best first, what has the same
    number of arXiv or DOI, a link that no other paper has, or a similar text and title, on the same page and after that on any. At last, a paper
    whose place alone is the same, if its numbers do not say that it is another one. Two that fit equally well are left: places
    before whose paper may be more than one after are `unclear`.
    """

    def __init__(self, before: Sequence[PaperState], after: Sequence[PaperState]) -> None:
        self.before, self.after = before, after
        self.pairs: dict[int, int] = {}
        self.left = set(range(len(before)))
        self.right = set(range(len(after)))
        self.own = _only_one_has(before) & _only_one_has(after)
        self._ties: set[int] = set()
        self._same(lambda paper: (paper.natural, paper.content))
        self._same(lambda paper: (paper.page, paper.content))
        self._similar(lambda paper: paper.page)
        self._same(lambda paper: paper.content, only_one=True)
        self._similar(lambda _: None)
        self._in_place()
        # Nothing but the title is another, and no two papers of the page say so little.
        self._same(
            lambda paper: (paper.page, paper.text, paper.written, not (paper.text or paper.written) and id(paper)),
            only_one=True,
        )
        self.unclear = self._ties & self.left

    def _pair(self, old: int, new: int) -> None:
        self.pairs[old] = new
        self.left.discard(old)
        self.right.discard(new)

    def _groups(self, key: Callable[[PaperState], Hashable]) -> Iterator[tuple[list[int], list[int]]]:
        groups: dict[Hashable, tuple[list[int], list[int]]] = {}
        for side, papers, places in ((0, self.before, self.left), (1, self.after, self.right)):
            for place in sorted(places):
                groups.setdefault(key(papers[place]), ([], []))[side].append(place)
        return ((old, new) for old, new in groups.values() if old and new)

    def _same(self, key: Callable[[PaperState], Hashable], *, only_one: bool = False) -> None:
        for old, new in self._groups(key):
            if not only_one or len(old) == len(new) == 1:
                for pair in zip(old, new, strict=False):
                    self._pair(*pair)

    def _similar(self, key: Callable[[PaperState], Hashable]) -> None:
        for old, new in list(self._groups(key)):
            scored = [
                (score, *pair) for pair in self._candidates(old, new) if (score := self._score(*pair)) is not None
            ]
            self._choose(scored)

    def _choose(self, scored: list[tuple[float, int, int]]) -> None:
        scored.sort(key=lambda item: (-item[0], item[1], item[2]))
        of_old: dict[int, list[tuple[float, int]]] = defaultdict(list)
        of_new: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for score, old, new in scored:
            of_old[old].append((score, new))
            of_new[new].append((score, old))
        for score, old, new in scored:
            if old not in self.left or new not in self.right:
                continue
            rivals = [
                *(place for s, place in of_old[old] if score - s < _TIE and place != new and place in self.right),
                *(place for s, place in of_new[new] if score - s < _TIE and place != old and place in self.left),
            ]
            if rivals and self.before[old].natural != self.after[new].natural:
                self._ties.add(old)
            else:
                self._pair(old, new)

    def _candidates(self, old: Sequence[int], new: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Pairs that are worth a comparison: all of few, else those that share an identity, a place, or rare words."""
        if len(old) * len(new) <= _ALL_PAIRS:
            return [(a, b) for a in old for b in new]
        signs: dict[Hashable, list[int]] = defaultdict(list)
        for place in old:
            for sign in _signs(self.before[place]):
                signs[sign].append(place)
        pairs = []
        for place in new:
            shared: Counter[int] = Counter()
            for sign in _signs(self.after[place]):
                if len(known := signs.get(sign, ())) <= _RARE:
                    shared.update(known)
            pairs += [(other, place) for other, _ in shared.most_common(_BEST)]
        return pairs

    def _score(self, old: int, new: int) -> float | None:
        """How alike two papers are; None if they are too little alike, or two papers for certain."""
        a, b = self.before[old], self.after[new]
        if contradict(a, b):
            return None
        alike = likeness(a, b) + (_SAME_PLACE if a.natural == b.natural else 0)
        if a.text == b.text and len(_words(a.text)) >= _FULL_TEXT:
            alike += _SAME_TEXT
        if a.ids & b.ids:
            return 2 + alike
        if a.links & b.links & self.own:
            return 1 + alike
        return alike if alike >= _LEAST else None

    def _in_place(self) -> None:
        for old, new in list(self._groups(lambda paper: paper.natural)):
            for pair in zip(old, new, strict=False):
                a, b = self.before[pair[0]], self.after[pair[1]]
                if not contradict(a, b) or (a.title == b.title and a.text and likeness(a, b) > 1 - _TIE):
                    self._pair(*pair)


def contradict(a: PaperState, b: PaperState) -> bool:
    """Whether two papers have numbers of arXiv, or DOIs, and none in common."""
    if a.ids & b.ids:
        return False
    kinds = ({name.partition(":")[0] for name in paper.ids} for paper in (a, b))
    return bool(set.intersection(*kinds))


def likeness(a: PaperState, b: PaperState) -> float:
    """How alike two papers are by text and title, 0 to 1; the longer the text, the more it counts."""
    title = _beyond(_UNLIKE_TITLES, fuzz.ratio(a.title.casefold(), b.title.casefold()) / 100)
    one, other = _words(a.text), _words(b.text)
    weight = _TEXT_COUNTS * min(1.0, min(len(one), len(other)) / _FULL_TEXT)
    text = 1.0 if a.text == b.text else _beyond(_UNLIKE_TEXTS, Indel.normalized_similarity(one, other))
    return weight * text + (1 - weight) * title


def _beyond(least: float, ratio: float) -> float:
    return max(0.0, (ratio - least) / (1 - least))


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    words = _TOKEN.findall(text.casefold())
    if len(words) > _LONGEST:
        words = words[: _LONGEST // 2] + words[-_LONGEST // 2 :]
    return tuple(words)


def _signs(paper: PaperState) -> Iterator[Hashable]:
    yield "natural", paper.natural
    for name in (*paper.ids, *paper.links):
        yield "identity", name
    yield "title", paper.title.casefold()
    for word in {*_words(paper.title), *_words(paper.text)}:
        yield "word", word


def _only_one_has(papers: Iterable[PaperState]) -> set[str]:
    counts = Counter(link for paper in papers for link in paper.links)
    return {link for link, number in counts.items() if number == 1}
