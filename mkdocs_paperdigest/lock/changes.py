"""What changed between two times of a site, and the lock that keeps the addresses of the first alive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from rapidfuzz import fuzz

from .lock_file import Lock, anchors, is_address, is_slug, lock_of, redirects, renamed_slugs
from .matching import Matches, match
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
    matches = match(before.papers, after.papers)
    papers, said = _papers(lock, before.papers, after.papers, matches)
    changed, also = _keypoints(lock, before, after, matches.pairs)
    return lock_of(changed.keypoints, papers, changed.gone), (*said, *also)


# -- papers


class _Owners:
    """Lists of addresses by the papers that own them; an address is in one list only."""

    def __init__(self) -> None:
        self.lists: dict[int, list[str]] = defaultdict(list)
        self._owners: dict[str, int] = {}

    def give(self, owner: int, addresses: Iterable[str]) -> None:
        for address in addresses:
            known = self.lists[owner]
            if is_address(address) and self._owners.setdefault(address, owner) == owner and address not in known:
                known.append(address)

    def reserve(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            self._owners.setdefault(address, -1)

    def is_free(self, address: str) -> bool:
        return address not in self._owners


def _papers(
    lock: Lock, before: Sequence[PaperState], after: Sequence[PaperState], matches: Matches
) -> tuple[dict[str, list[str]], list[Change]]:
    pairs = matches.pairs
    joined = _joined(before, after, pairs)
    owners = _Owners()
    for old, new in pairs.items():
        owners.give(new, lock.papers.get(before[old].natural, ()))
    dead = _dead(lock, before, after, {*pairs, *joined}, set(pairs.values()), owners)
    for olds in dead.values():
        owners.reserve(olds)
    for old, new in pairs.items():
        owners.give(new, before[old].former)
    for old, new in pairs.items():
        owners.give(new, [before[old].address])
    for old, new in joined.items():
        owners.give(new, [] if owners.lists[new] else [after[new].natural])
        owners.give(new, lock.papers.get(before[old].natural, ()))
        owners.give(new, before[old].was)
    _give_forms(owners, before, after, pairs)
    lists = _lists(owners, after, dead)
    addresses = _settle(lists, after)
    changed = sorted(_said(before, after, matches, joined, addresses), key=lambda change: (change.old, change.kind))
    return {now: olds for now, olds in lists.items() if is_address(now)}, changed


def _dead(
    lock: Lock,
    before: Sequence[PaperState],
    after: Sequence[PaperState],
    living: Collection[int],
    known: Collection[int],
    owners: _Owners,
) -> dict[str, list[str]]:
    """The lists of papers that are gone; one that is back gets its list. `living` are places of `before`, `known` theirs in `after`."""
    now_at = {paper.natural: new for new, paper in enumerate(after)}
    living_at = {before[old].natural for old in living}
    dying = {paper.natural for paper in before} - living_at
    dead = {}
    for now, olds in lock.papers.items():
        if now in living_at:
            continue
        place = now_at.get(now)
        # A paper that is known from elsewhere takes the list at its new place only if it is its own.
        if place is None or now in dying or (place in known and not set(olds) & set(owners.lists[place])):
            dead[now] = [old for old in olds if owners.is_free(old)]
        else:
            owners.give(place, olds)
    return dead


def _joined(before: Sequence[PaperState], after: Sequence[PaperState], pairs: Mapping[int, int]) -> dict[int, int]:
    """Records that are gone whose paper, by its number of arXiv or DOI, has one other record that stays."""
    named: dict[str, list[int]] = defaultdict(list)
    for place, paper in enumerate(after):
        for name in paper.ids:
            named[name].append(place)
    found = {}
    for old, paper in enumerate(before):
        if old not in pairs:
            others = {place for name in paper.ids for place in named[name]}
            if len(others) == 1:
                found[old] = others.pop()
    return found


def _give_forms(
    owners: _Owners, before: Sequence[PaperState], after: Sequence[PaperState], pairs: Mapping[int, int]
) -> None:
    """Keep what else the old heading of a paper was called, where no other paper is called so."""
    moved = [(old, new) for old, new in pairs.items() if before[old].natural != after[new].natural]
    if not moved:
        return
    naturals = {paper.natural for paper in (*before, *after)}
    counts = Counter(f"{paper.page}/{form}" for paper in before for form in paper.forms)
    for old, new in moved:
        forms = [f"{before[old].page}/{form}" for form in before[old].forms]
        owners.give(new, (f for f in forms if counts[f] == 1 and f not in naturals and owners.is_free(f)))


def _lists(owners: _Owners, after: Sequence[PaperState], dead: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The lists by natural addresses, which stand in their own list only where they came first."""
    naturals = {paper.natural for paper in after}
    found = {}
    for new, olds in owners.lists.items():
        own = after[new].natural
        others = [address for address in olds if address != own]
        if others:
            found[own] = olds if olds[0] == own else others
    for now, dead_olds in dead.items():
        numbered = (f"{now}_{n}" for n in count(1))
        key = now if now not in naturals else next(key for key in numbered if key not in naturals | dead.keys())
        if dead_olds:
            found[key] = list(dead_olds)
    return found


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


def _said(
    before: Sequence[PaperState],
    after: Sequence[PaperState],
    matches: Matches,
    joined: Mapping[int, int],
    addresses: Mapping[str, str],
) -> Iterator[Change]:
    for old, a in enumerate(before):
        place = matches.pairs.get(old, joined.get(old))
        if place is None:
            yield Change("paper", "unclear" if old in matches.unclear else "gone", a.address, None, a.title)
            continue
        b = after[place]
        address = addresses.get(b.natural, b.natural)
        if address != a.address:
            kind = "joined" if old in joined else "retitled" if a.page == b.page else "moved"
            yield Change("paper", kind, a.address, address, b.title)


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
    naming = _naming(before, left, pairs)
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


def _naming(before: Snapshot, slugs: Iterable[str], pairs: Mapping[int, int]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {slug: [] for slug in slugs}
    if found:
        for old, new in pairs.items():
            for slug in before.named(before.papers[old]):
                if slug in found:
                    found[slug].append((old, new))
    return found


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
