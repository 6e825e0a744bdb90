"""All papers of a site together: which keypoints they have, how those are spelt, and in which months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from msgspec import structs

from ..keypoints import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry
from ..records import Digest, Finding, Paper, finding
from ..support import keypoint_key, keypoint_slug
from .same_papers import are_told_apart, first_records, title_key


@dataclass(frozen=True, slots=True)
class Keypoint:
    """One keypoint of the site.

    `label` is what the vocabulary calls it, or its most frequent spelling; `written` are the spellings in papers, most frequent
    first. `papers` are those that name it, newest first, each once; `later` are later records of papers that name it while the
    first record does not. `months` counts the papers by month, newest first; a paper without a month is in none. `entry` is what
    the vocabulary says of it, if it knows it. `children` are the slugs of the keypoints right below it, and `below` how many papers
    name it or any keypoint below it, each paper once.
    """

    slug: str
    label: str
    written: tuple[str, ...]
    papers: tuple[Paper, ...]
    months: tuple[tuple[str, int], ...]
    entry: VocabularyEntry | None = None
    children: tuple[str, ...] = ()
    below: int = 0
    later: tuple[Paper, ...] = ()

    @property
    def count(self) -> int:
        """How many papers name it."""
        return len(self.papers)

    @property
    def also_written(self) -> tuple[str, ...]:
        """The spellings in papers other than the label."""
        return tuple(name for name in self.written if name != self.label)

    @property
    def also_known(self) -> tuple[str, ...]:
        """Its other spellings: those in papers, then the aliases that no paper uses and that say something new."""
        known = {keypoint_key(name): name for name in (self.label, *self.written)}
        aliases = [(keypoint_key(name), name) for name in (self.entry.aliases if self.entry else ())]
        unused = {key: name for key, name in reversed(aliases) if key not in known}
        return (*self.also_written, *reversed(unused.values()))

    @property
    def parent(self) -> str | None:
        """The slug of the keypoint that it stands right below."""
        return self.entry.parent if self.entry else None

    @property
    def hue(self) -> int | None:
        """The hue of its badge, 0 to 359; None is neutral."""
        return self.entry.hue if self.entry else None

    @property
    def is_listed(self) -> bool:
        """Whether lists of keypoints show it: papers name it or something below it, and it is not hidden."""
        return self.below > 0 and not (self.entry and self.entry.hidden)


@dataclass(frozen=True, slots=True)
class Library:
    """The papers of a site, newest first, and its keypoints, most used first.

    A paper that stands in several digests is one paper: `papers` has its first record only, `records` has all, and `by_path` has
    them by their digest's path. `same_as` gives the id of the first record for the id of a later one, `also_in` the other records
    of the same paper for the id of each. `keypoints` has those that papers name, and all that the vocabulary knows. `by_slug` has
    them by their slugs, `by_key` by the keys of their spellings.
    """

    papers: tuple[Paper, ...]
    keypoints: tuple[Keypoint, ...]
    by_slug: Mapping[str, Keypoint]
    by_key: Mapping[str, Keypoint]
    by_path: Mapping[str, tuple[Paper, ...]]
    vocabulary: Vocabulary = EMPTY_VOCABULARY
    records: tuple[Paper, ...] = ()
    same_as: Mapping[str, str] = field(default_factory=dict)
    also_in: Mapping[str, tuple[Paper, ...]] = field(default_factory=dict)

    def keypoint(self, written: str) -> Keypoint | None:
        """The keypoint that a spelling means, or None if neither a paper of the site names it nor the vocabulary knows it."""
        return self.by_key.get(keypoint_key(written))

    def named_by(self, text: str) -> Keypoint | None:
        """The keypoint that a spelling means, or that has this slug, or None."""
        return self.keypoint(text) or self.by_slug.get(text)

    def other_digests(self, paper: Paper) -> list[tuple[Paper, bool]]:
        """The other digests that have a paper, earliest first: its record there, and whether the month tells that digest from the others."""
        others = {record.path: record for record in reversed(self.also_in.get(paper.id, ()))}
        others.pop(paper.path, None)
        months = Counter([paper.month, None, *(record.month for record in others.values())])
        found = sorted(others.values(), key=lambda record: (record.day or "~", record.path))
        return [(record, months[record.month] == 1) for record in found]

    def cited(self, paper: Paper) -> Paper:
        """A paper as it is cited: its first record, with what only later records know of its authors, venue and links."""
        if paper.id not in self.also_in:
            return paper
        first, *later = sorted((paper, *self.also_in[paper.id]), key=lambda record: record.id in self.same_as)
        by = next((record for record in (first, *later) if record.authors), first)
        return structs.replace(
            first,
            authors=by.authors,
            others=by.others,
            venue=next((record.venue for record in (first, *later) if record.venue), None),
            own_month=next((record.own_month for record in (first, *later) if record.own_month), None),
            arxiv_class=next((record.arxiv_class for record in (first, *later) if record.arxiv_class), None),
            links=(*first.links, *(link for record in later for link in record.links if link.is_own)),
        )

    @property
    def named(self) -> tuple[Keypoint, ...]:
        """The keypoints that papers name, most used first."""
        return tuple(keypoint for keypoint in self.keypoints if keypoint.papers)

    @property
    def months(self) -> tuple[str, ...]:
        """The months that records have, newest first."""
        return tuple(sorted({p.month for p in self.records if p.month}, reverse=True))


def build_library(digests: Iterable[Digest], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> Library:
    """Index the papers of all digests, with the keypoints that the site knows.

    Linear in the papers; the order of `digests` does not matter.
    """
    by_path = {digest.path: digest.papers for digest in digests if digest.sections}
    records = newest_first(paper for papers in by_path.values() for paper in papers)
    same_as = first_records(records)
    also_in = _also_in(records, same_as)
    naming: dict[str, list[Paper]] = {entry.slug: [] for entry in vocabulary.entries}
    spellings: dict[str, Counter[str]] = {entry.slug: Counter() for entry in vocabulary.entries}
    slugs: dict[str, str] = {}
    for paper in records:
        named: dict[str, list[str]] = {}
        for written in paper.keypoints or ():
            if written not in slugs:
                slugs[written] = vocabulary.slug(written)
            named.setdefault(slugs[written], []).append(written)
        for slug, names in named.items():
            naming.setdefault(slug, []).append(paper)
            spellings.setdefault(slug, Counter()).update(names)
    made = [
        _keypoint(slug, vocabulary.by_slug.get(slug), spellings[slug], named, same_as) for slug, named in naming.items()
    ]
    by_slug = {keypoint.slug: keypoint for keypoint in _below(made)}
    by_key = {key: by_slug[entry.slug] for key, entry in vocabulary.by_key.items()}
    by_key |= {keypoint_key(written): by_slug[slug] for written, slug in slugs.items()}
    ordered = sorted(by_slug.values(), key=lambda k: (-k.count, k.label.casefold(), k.slug))
    papers = tuple(paper for paper in records if paper.id not in same_as)
    return Library(papers, tuple(ordered), by_slug, by_key, by_path, vocabulary, tuple(records), same_as, also_in)


def repeated_papers(library: Library) -> list[Finding]:
    """Later records of a paper, and papers whose title stands in another file too; within one file the reader reports titles."""
    first: dict[tuple[str | None, str], Paper] = {}
    by_id = {paper.id: paper for paper in library.records} if library.same_as else {}
    findings = []
    for paper in library.records:
        if paper.id in library.same_as:
            known = by_id[library.same_as[paper.id]]
            findings.append(finding("PD107", paper.path, paper.line, 1, paper.title, _place(known)))
        elif paper.month is not None:
            known = first.setdefault((paper.month, paper.title.casefold()), paper)
            if known.path != paper.path:
                findings.append(finding("PD102", paper.path, paper.line, 1, paper.title, paper.month, _place(known)))
    earlier: dict[str, Paper] = {}
    for paper in reversed(library.papers):
        key = title_key(paper.title)
        if not key:
            continue
        known = earlier.setdefault(key, paper)
        if known.path != paper.path and known.month != paper.month and not are_told_apart(known, paper):
            findings.append(finding("PD108", paper.path, paper.line, 1, paper.title, _place(known)))
    return findings


def _place(paper: Paper) -> str:
    return f"{paper.line} of {paper.path}"


def newest_first(papers: Iterable[Paper]) -> list[Paper]:
    """Papers by month and day, newest first, those without a month last; within a day as their digests have them."""
    return sorted(sorted(papers, key=lambda p: (p.path, p.line)), key=lambda p: p.day, reverse=True)


def by_month(papers: Sequence[Paper]) -> Iterator[tuple[str | None, list[Paper]]]:
    """Group papers that are sorted newest first by their month."""
    return ((month, list(group)) for month, group in groupby(papers, key=lambda p: p.month))


def _also_in(records: Iterable[Paper], same_as: Mapping[str, str]) -> dict[str, tuple[Paper, ...]]:
    """The other records of each paper that has several, by the id of each, earliest first."""
    groups: dict[str, list[Paper]] = {first: [] for first in same_as.values()}
    for record in records:
        if (first := same_as.get(record.id, record.id)) in groups:
            groups[first].append(record)
    return {
        record.id: tuple(other for other in reversed(group) if other is not record)
        for group in groups.values()
        for record in group
    }


def _keypoint(
    slug: str,
    entry: VocabularyEntry | None,
    spellings: Counter[str],
    records: Sequence[Paper],
    same_as: Mapping[str, str],
) -> Keypoint:
    written = sorted(spellings, key=lambda name: (-spellings[name], name))
    if entry and entry.is_labelled:
        label = entry.label
    elif entry:  # an alias, or an acronym that was merged, is no name for the page of what it stands for
        key = keypoint_key(entry.label)
        label = next((name for name in written if keypoint_key(name) == key), entry.label)
    else:
        label = next((name for name in written if keypoint_slug(keypoint_key(name)) == slug), written[0])
    papers = [paper for paper in records if paper.id not in same_as] if same_as else records
    later = []
    if len(papers) < len(records):
        known = {paper.id for paper in papers}
        later = [paper for paper in records if paper.id in same_as and same_as[paper.id] not in known]
    months = Counter(paper.month for paper in papers if paper.month)
    return Keypoint(
        slug=slug,
        label=label,
        written=tuple(written),
        papers=tuple(papers),
        months=tuple(sorted(months.items(), reverse=True)),
        entry=entry,
        below=len(papers),
        later=tuple(later),
    )


def _below(keypoints: Sequence[Keypoint]) -> Iterator[Keypoint]:
    """The keypoints with what stands below them: children most used first, and the papers of all below, each once."""
    children: dict[str, list[Keypoint]] = {}
    for keypoint in keypoints:
        if keypoint.parent is not None:
            children.setdefault(keypoint.parent, []).append(keypoint)
    if not children:
        yield from keypoints
        return
    every: dict[str, set[int]] = {}
    below: dict[str, int] = {}
    parents = [keypoint for keypoint in keypoints if keypoint.parent is None]
    ordered: list[Keypoint] = []
    while parents:  # those above come before those below, however deep; there are no cycles
        ordered.append(parents.pop())
        parents += children.get(ordered[-1].slug, ())
    for keypoint in reversed(ordered):
        papers = set(map(id, keypoint.papers))
        for child in children.get(keypoint.slug, ()):
            # The smaller into the larger, and none kept: a long chain would make as many sets as it has keypoints.
            smaller, papers = sorted((papers, every.pop(child.slug)), key=len)
            papers |= smaller
        every[keypoint.slug] = papers
        below[keypoint.slug] = len(papers)
    for keypoint in keypoints:
        own = sorted(children.get(keypoint.slug, ()), key=lambda child: (-below[child.slug], child.label))
        yield replace(keypoint, children=tuple(child.slug for child in own), below=below[keypoint.slug])
