"""What changed between two times of a site, and the lock that keeps the addresses of the first alive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from rapidfuzz import fuzz

from .lock_file import Lock, anchors, is_address, is_slug, lock_of, redirects, renamed_slugs
from .matching import Matches
from .snapshot import PaperState, Snapshot

_IN_PLACE = 0.6
_NEAR = 0.4
_ENOUGH = 0.5
_TIE = 0.05
_NEAR_NAMES = 85


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed.

    `of` is `paper` or `keypoint`. `kind` is, of papers, `retitled`, `moved`, `joined` (its record is gone, another of the same paper is there), `gone`,
    or `unclear` (it is gone, or became one of several that fit equally well); of keypoints, `renamed`, `merged`, `back`, `gone` or `unclear`.
    `old` and `new` are addresses, or slugs; `new` is None where there is none. `name` is the title or label now, or the last one.
    """

    of: str
    kind: str
    old: str
    new: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.of} {self.kind}: {self.old}" + (f" → {self.new}" if self.new else "")


Report = tuple[Change, ...]
"""What was found, papers first, sorted by their old addresses."""


def changes(lock: Lock, before: Snapshot, after: Snapshot) -> tuple[Lock, Report]:
    """The lock after a site changed, and what changed; takes time linear in the papers, but for those that changed."""
    matches = Matches(before.papers, after.papers)
    papers, said = _Papers(lock, matches).changed()
    changed, also = _keypoints(lock, before, after, matches.pairs)
    return lock_of(changed.keypoints, papers, changed.gone), (*said, *also)


# -- papers


class _Papers:
    """The former addresses of papers after a change, in lists by the places of their papers; an address is in one list only."""

    def __init__(self, lock: Lock, matches: Matches) -> None:
        self.lock, self.before, self.after = lock, matches.before, matches.after
        self.pairs, self.unclear = matches.pairs, matches.unclear
        self.joined = self._joined()
        self.lists: dict[int, list[str]] = defaultdict(list)
        self._owners: dict[str, int] = {}

    def changed(self) -> tuple[dict[str, list[str]], list[Change]]:
        """The lists by natural addresses, and what changed."""
        for old, new in self.pairs.items():
            self._give(new, self.lock.papers.get(self.before[old].natural, ()))
        dead = self._dead()
        for address in chain.from_iterable(dead.values()):
            self._owners.setdefault(address, -1)
        for old, new in self.pairs.items():
            self._give(new, self.before[old].former)
        for old, new in self.pairs.items():
            self._give(new, [self.before[old].address])
        for old, new in self.joined.items():
            self._give(new, [] if self.lists[new] else [self.after[new].natural])
            self._give(new, self.lock.papers.get(self.before[old].natural, ()))
            self._give(new, self.before[old].was)
        self._give_forms()
        lists = self._by_natural(dead)
        said = self._said(_settle(lists, self.after))
        return {now: olds for now, olds in lists.items() if is_address(now)}, sorted(
            said, key=lambda c: (c.old, c.kind)
        )

    def _give(self, owner: int, addresses: Iterable[str]) -> None:
        for address in addresses:
            known = self.lists[owner]
            if is_address(address) and self._owners.setdefault(address, owner) == owner and address not in known:
                known.append(address)

    def _joined(self) -> dict[int, int]:
        """Records that are gone whose paper, by its number of arXiv or DOI, has one other record that stays."""
        named: dict[str, list[int]] = defaultdict(list)
        for place, paper in enumerate(self.after):
            for name in paper.ids:
                named[name].append(place)
        found = {}
        for old, paper in enumerate(self.before):
            if old not in self.pairs:
                others = {place for name in paper.ids for place in named[name]}
                if len(others) == 1:
                    found[old] = others.pop()
        return found

    def _dead(self) -> dict[str, list[str]]:
        """The lists of papers that are gone; one that is back gets its list."""
        now_at = {paper.natural: new for new, paper in enumerate(self.after)}
        living_at = {self.before[old].natural for old in (*self.pairs, *self.joined)}
        dying = {paper.natural for paper in self.before} - living_at
        known = set(self.pairs.values())
        dead = {}
        for now, olds in self.lock.papers.items():
            if now in living_at:
                continue
            place = now_at.get(now)
            # A paper that is known from elsewhere takes the list at its new place only if it is its own.
            if place is None or now in dying or (place in known and not set(olds) & set(self.lists[place])):
                dead[now] = [old for old in olds if old not in self._owners]
            else:
                self._give(place, olds)
        return dead

    def _give_forms(self) -> None:
        """Keep what else the old heading of a paper was called, where no other paper is called so."""
        before, after = self.before, self.after
        moved = [(old, new) for old, new in self.pairs.items() if before[old].natural != after[new].natural]
        naturals = {paper.natural for paper in (*before, *after)} if moved else set()
        counts = Counter(f"{paper.page}/{form}" for paper in before for form in paper.forms)
        for old, new in moved:
            forms = [f"{before[old].page}/{form}" for form in before[old].forms]
            self._give(new, (f for f in forms if counts[f] == 1 and f not in naturals and f not in self._owners))

    def _by_natural(self, dead: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The lists by natural addresses, which stand in their own list only where they came first."""
        naturals = {paper.natural for paper in self.after}
        found = {}
        for new, olds in self.lists.items():
            own = self.after[new].natural
            others = [address for address in olds if address != own]
            if others:
                found[own] = olds if olds[0] == own else others
        for now, dead_olds in dead.items():
            numbered = (f"{now}_{n}" for n in count(1))
            key = now if now not in naturals else next(key for key in numbered if key not in naturals | dead.keys())
            if dead_olds:
                found[key] = list(dead_olds)
        return found

    def _said(self, addresses: Mapping[str, str]) -> Iterator[Change]:
        """What became of each paper; `addresses` are those that differ from the natural ones."""
        for old, a in enumerate(self.before):
            place = self.pairs.get(old, self.joined.get(old))
            if place is None:
                yield Change("paper", "unclear" if old in self.unclear else "gone", a.address, None, a.title)
                continue
            b = self.after[place]
            address = addresses.get(b.natural, b.natural)
            if address != a.address:
                kind = "joined" if old in self.joined else "retitled" if a.page == b.page else "moved"
                yield Change("paper", kind, a.address, address, b.title)


def _settle(lists: dict[str, list[str]], after: Sequence[PaperState]) -> dict[str, str]:
    """The addresses of papers by their natural ones, where they differ; a list gets the address that it gives for the first time."""
    lock = lock_of({}, lists)
    pages: dict[str, list[str]] = defaultdict(list)
    for paper in after:
        if paper.page in lock.pages:
            pages[paper.page].append(paper.natural.rpartition("/")[2])
    addresses = {}
    for page, natural in pages.items():
        for own, anchor in zip(natural, anchors(page, natural, lock), strict=True):
            if own != anchor:
                now, address = f"{page}/{own}", f"{page}/{anchor}"
                addresses[now] = address
                lists[now] = list(dict.fromkeys((*lists.get(now, ()), address)))
    return addresses


# -- keypoints


def _keypoints(lock: Lock, before: Snapshot, after: Snapshot, pairs: Mapping[int, int]) -> tuple[Lock, list[Change]]:
    live = {slug for slug in after.labels if is_slug(slug)}
    said = [
        Change("keypoint", "back", slug, slug, after.labels[slug])
        for slug in sorted({*redirects(lock, ()), *lock.gone} & live - before.labels.keys())
    ]
    kept = {now: [old for old in olds if old not in live] for now, olds in lock.keypoints.items()}
    lock = lock_of(kept, {}, set(lock.gone) - live)
    left = sorted(slug for slug in before.labels.keys() - live if is_slug(slug))
    naming: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for old, new in pairs.items() if left else ():
        for slug in before.named(before.papers[old]):
            naming[slug].append((old, new))
    known = redirects(lock, live)
    renamed = {}
    gone = set(lock.gone)
    for slug in left:
        kind, to = ("", known[slug]) if known.get(slug) else _successor(slug, naming[slug], before, after)
        if to is None:
            gone.add(slug)
            said.append(Change("keypoint", kind, slug, None, before.labels[slug]))
            continue
        if to != known.get(slug):
            renamed[slug] = to
        said.append(Change("keypoint", "merged" if to in before.labels else "renamed", slug, to, after.labels[to]))
    return renamed_slugs(lock_of(lock.keypoints, {}, gone), renamed), said


def _successor(
    slug: str, papers: Sequence[tuple[int, int]], before: Snapshot, after: Snapshot
) -> tuple[str, str | None]:
    """What took the place of a keypoint by its spellings or papers; None with `gone`, or with `unclear` for a tie."""
    spellings = before.spellings.get(slug, [])
    for written in (before.labels[slug], *spellings):
        meant = after.slug(written)
        if meant != slug and meant in after.labels and is_slug(meant):
            return "", meant
    votes: dict[str, float] = defaultdict(float)
    for old, new in papers:
        for other, share in _in_its_place(
            slug, before.named(before.papers[old]), after.named(after.papers[new])
        ).items():
            if is_slug(other):
                votes[other] += share / len(papers)
    scores = {}
    for other, share in votes.items():
        names = (after.labels[other], *after.spellings.get(other, [])[:5])
        near = max(
            fuzz.ratio(name.casefold(), own.casefold())
            for name in names
            for own in (before.labels[slug], *spellings[:5])
        )
        scores[other] = _IN_PLACE * share + _NEAR * near / 100 if share >= _ENOUGH or near >= _NEAR_NAMES else 0.0
    best = sorted(scores, key=lambda other: (-scores[other], other))
    if not best or scores[best[0]] < _ENOUGH:
        return "gone", None
    if len(best) > 1 and scores[best[0]] - scores[best[1]] < _TIE:
        return "unclear", None
    return "", best[0]


def _in_its_place(slug: str, old: Sequence[str], new: Sequence[str]) -> dict[str, float]:
    """How much the keypoints of a paper now have taken the place of one that it had: 0 to 1."""
    added = [other for other in new if other not in old]
    lost = [other for other in old if other not in new]
    found = {other: 1 / max(len(added), len(lost)) for other in added}
    if len(added) == len(lost):  # one for one, in their order
        found[added[lost.index(slug)]] = 1.0
    for other in new:
        if other in old:  # it was there beside it, and both are one now
            found[other] = 0.3
    return found
