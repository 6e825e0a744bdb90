"""Histories of a hundred edits: every address that a paper ever had leads to it, and every slug to a keypoint or the index."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random

import pytest
from conftest import many
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.keypoints.vocabulary import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry
from mkdocs_paperdigest.lock.changes import changes
from mkdocs_paperdigest.lock.lock_file import NOTHING, Lock, kept, lock_text, read_lock, redirects
from mkdocs_paperdigest.lock.snapshot import Snapshot, assembled, natural_states
from mkdocs_paperdigest.records.paper import Digest

TITLES = [
    "Kelp",
    "Kelp_1",
    "Kelp 1",
    "Kelp: A Study",
    "Kelp - A Study",
    "Bells From Noise",
    "海带的研究",
    "DiT：海带",
    "Tides",
]
PAGES = ["202404.md", "202405.md", "2024/06.md", "a list/of papers.md"]
KEYPOINTS = [
    "Guidance",
    "Gudiance",
    "ControlNet",
    "World Model",
    "Diffusion",
    "LLM",
    "Large Language Model",
    "3D",
    "C#",
]
WORDS = "sea moss reed stone bell wave dune fern clay salt wind lamp rope hull mast sand rain frost leaf root".split()
EDITS = (
    "retitle retitle move rename_file delete add add_old_title add_same_title add_same_title_above swap rename_keypoint "
    "merge_keypoints reslug alias edit_text edit_keypoints reorder revert tag"
).split()


@dataclass
class Record:
    """A paper of the model; `truth` says which it is, whatever happens to it."""

    truth: int
    title: str
    text: str
    keypoints: list[str]
    tag: str = ""


@dataclass
class Site:
    """The model of a site."""

    linked: bool
    pages: dict[str, list[Record]] = field(default_factory=dict)
    vocabulary: Vocabulary = EMPTY_VOCABULARY
    born: int = 0

    def markdown(self, page: str) -> str:
        lines = ["# Notes", "", "Papers.", ""]
        for entry in self.pages[page]:
            link = f"\\[[paper](https://arxiv.org/abs/2405.{entry.truth:05})\\]" if self.linked else ""
            lines += [f"### {entry.title} [2024.5]{entry.tag}{link}", f"- `Keypoints:` {'; '.join(entry.keypoints)};"]
            lines += [f"- `Objective:` {entry.text}", ""]
        return "\n".join(lines)

    @property
    def entries(self) -> list[Record]:
        return [entry for page in sorted(self.pages) for entry in self.pages[page]]

    def digests(self) -> list[Digest]:
        return [read(self.markdown(page), page) for page in sorted(self.pages) if self.pages[page]]

    def state(self, lock: Lock) -> Snapshot:
        return assembled(map(natural_states, self.digests()), self.vocabulary, lock)

    # -- edits

    def change(self, edit: str, random: Random) -> None:
        getattr(self, edit)(random)

    def retitle(self, random: Random) -> None:
        self.pick(random).title = random.choice(TITLES)

    def move(self, random: Random) -> None:
        page = random.choice([page for page in self.pages if self.pages[page]])
        entry = self.pages[page].pop(random.randrange(len(self.pages[page])))
        to = self.pages.setdefault(random.choice(PAGES), [])
        to.insert(random.randint(0, len(to)), entry)

    def rename_file(self, random: Random) -> None:
        old, new = random.choice(sorted(self.pages)), random.choice(PAGES)
        if new not in self.pages:
            self.pages[new] = self.pages.pop(old)

    def delete(self, random: Random) -> None:
        if len(self.entries) > 3:
            page = random.choice([page for page in self.pages if self.pages[page]])
            self.pages[page].pop(random.randrange(len(self.pages[page])))

    def add(self, random: Random, title: str = "", page: str = "", place: int | None = None) -> None:
        self.born += 1
        text = " ".join(random.choice(WORDS) for _ in range(20))
        entry = Record(self.born, title or random.choice(TITLES), text, random.sample(KEYPOINTS, random.randint(1, 3)))
        at = self.pages.setdefault(page or random.choice(sorted(self.pages) or PAGES), [])
        at.insert(random.randint(0, len(at)) if place is None else place, entry)

    def add_old_title(self, random: Random) -> None:
        page = random.choice([page for page in self.pages if self.pages[page]])
        entry = random.choice(self.pages[page])
        old, entry.title = entry.title, random.choice(TITLES)
        self.add(random, old, page)

    def add_same_title(self, random: Random) -> None:
        self.add(random, self.pick(random).title)

    def add_same_title_above(self, random: Random) -> None:
        page = random.choice([page for page in self.pages if self.pages[page]])
        self.add(random, random.choice(self.pages[page]).title, page, 0)

    def swap(self, random: Random) -> None:
        one, other = self.pick(random), self.pick(random)
        one.title, other.title = other.title, one.title

    def edit_text(self, random: Random) -> None:
        entry = self.pick(random)
        words = entry.text.split()
        words[random.randrange(len(words))] = random.choice(WORDS)
        entry.text = " ".join(words)

    def edit_keypoints(self, random: Random) -> None:
        self.pick(random).keypoints = random.sample(KEYPOINTS, random.randint(1, 3))

    def tag(self, random: Random) -> None:
        self.pick(random).tag = random.choice(["", "[CVPR 2024]", "[SD]"])

    def reorder(self, random: Random) -> None:
        random.shuffle(self.pages[random.choice(sorted(self.pages))])

    def rename_keypoint(self, random: Random) -> None:
        old, new = random.sample(KEYPOINTS, 2)
        for entry in self.entries:
            entry.keypoints = list(dict.fromkeys(new if name == old else name for name in entry.keypoints))

    merge_keypoints = rename_keypoint

    def reslug(self, random: Random) -> None:
        name = random.choice(KEYPOINTS)
        others = [entry for entry in self.vocabulary.entries if entry.label != name]
        slug = f"slug-{random.randint(1, 5)}"
        if all(entry.slug != slug and name not in entry.aliases for entry in others):
            self.vocabulary = Vocabulary((*others, VocabularyEntry(slug, name)))

    def alias(self, random: Random) -> None:
        if self.vocabulary.entries:
            first, *rest = self.vocabulary.entries
            name = random.choice(KEYPOINTS)
            free = all(name != entry.label and name not in entry.aliases for entry in self.vocabulary.entries)
            aliases = (*first.aliases, name) if free else ()
            self.vocabulary = Vocabulary((*rest, replace(first, aliases=aliases)))

    def pick(self, random: Random) -> Record:
        return random.choice(self.entries)


@lru_cache(maxsize=512)
def read(text: str, path: str) -> Digest:
    return read_digest(text, path)[0]


@dataclass
class Counts:
    """What was checked."""

    addresses: int = 0
    former: int = 0
    slugs: int = 0
    redirected: int = 0


def play(edits: list[tuple[str, int]], *, linked: bool, counts: Counts) -> Lock:
    """Make the edits one by one, write the lock after each as a fresh clone would find it, and check all addresses ever."""
    site = Site(linked)
    first = Random(0)
    for page in PAGES[:2]:
        for _ in range(4):
            site.add(first, page=page)
    lock = NOTHING
    before = site.state(lock)
    ever: dict[int, set[str]] = {}
    ids: dict[int, str] = {}
    slugs: set[str] = set()
    past: list[Site] = []
    check(site, lock, ever, ids, slugs, counts)
    for edit, seed in edits:
        random = Random(seed)
        past.append(replace(site, pages=deepcopy(site.pages)))
        if edit == "revert":
            old = past[-random.randint(1, min(3, len(past)))]
            site = replace(old, pages=deepcopy(old.pages), born=site.born)
        else:
            site.change(edit, random)
        site.pages = {page: entries for page, entries in site.pages.items() if entries}
        made, _ = changes(lock, before, site.state(lock))
        text = lock_text(made)
        lock, findings = read_lock(text, "paperdigest.lock")
        assert findings == ()
        assert lock == made
        assert lock_text(lock) == text
        before = site.state(lock)
        assert changes(lock, before, before)[0] == lock, "twice is not the same as once"
        check(site, lock, ever, ids, slugs, counts)
    return lock


def check(
    site: Site, lock: Lock, ever: dict[int, set[str]], ids: dict[int, str], slugs: set[str], counts: Counts
) -> None:
    papers = [paper for digest in site.digests() for paper in kept(digest, lock).papers]
    alive = {entry.truth: paper for entry, paper in zip(site.entries, papers, strict=True)}
    for truth in ever.keys() - alive.keys():  # what is gone leads nowhere; a paper that comes back is a new one
        del ever[truth], ids[truth]
    owners: dict[str, int] = {}
    for truth, paper in alive.items():
        for address in {paper.address, *paper.former}:
            assert owners.setdefault(address, truth) == truth, "an address leads to two papers"
        ever.setdefault(truth, set()).add(paper.address)
        assert ids.setdefault(truth, paper.id) == paper.id, "an id changed"
    assert len({paper.id for paper in papers}) == len(papers)
    for truth, addresses in ever.items():
        assert addresses <= {alive[truth].address, *alive[truth].former}
        counts.addresses += len(addresses)
        counts.former += len(addresses) - 1
    live = set(site.state(lock).labels)
    slugs |= live
    leads = redirects(lock, live)
    assert not leads.keys() & live
    for slug in slugs - live:
        assert slug in leads
        assert leads[slug] is None or leads[slug] in live
        counts.redirected += leads[slug] is not None
    assert set(lock.gone).isdisjoint(live)
    counts.slugs += len(slugs)


# Each edit has a seed of its own: the same seed makes two papers that say the same, and which is which nobody could tell.
EDIT = st.tuples(st.sampled_from(EDITS), st.integers(0, 2**32))
HISTORY = st.lists(EDIT, min_size=100, max_size=100, unique_by=lambda edit: edit[1])
SLOW = settings(
    max_examples=many(4, 100), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.mark.large
@SLOW
@given(HISTORY)
def test_every_address_ever_leads_to_its_paper(edits: list[tuple[str, int]]) -> None:
    counts = Counts()
    play(edits, linked=True, counts=counts)
    assert counts.addresses > 300


@pytest.mark.large
@SLOW
@given(HISTORY)
def test_text_and_title_alone_tell_which_paper_is_which(edits: list[tuple[str, int]]) -> None:
    play([edit for edit in edits if edit[0] != "revert"], linked=False, counts=Counts())


@pytest.mark.large
@pytest.mark.parametrize("linked", [True, False])
def test_a_long_history(linked: bool, record_property: pytest.RecordProperty) -> None:
    counts = Counts()
    seeds = many(2, 20)
    for seed in range(seeds):
        random = Random(seed)
        edits = [(random.choice(EDITS[:-2] if not linked else EDITS), random.randrange(2**32)) for _ in range(100)]
        lock = play(edits, linked=linked, counts=counts)
        assert lock.papers
        assert lock.keypoints
    for name in ("addresses", "former", "slugs", "redirected"):
        record_property(name, getattr(counts, name))
    print(counts)
    assert counts.former > 300 * seeds
    assert counts.redirected > 100 * seeds
