"""What the papers themselves say of keypoints: the acronyms that their texts explain, and keypoints that no file knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from ..reader import DEFAULT_LABELS, LabelVocabulary, mentions
from ..records import Digest, Finding, Severity, finding
from ..support import keypoint_key
from .acronyms import Acronyms, learn_acronyms, merges
from .vocabulary import Vocabulary

_SEVERITIES = {"info": Severity.INFO, "warn": Severity.WARNING, "strict": Severity.WARNING}
_MOST_OFFERS = 1000  # each is compared with all that are known
_NEAR = 80  # from this ratio of 100 on, another keypoint is offered instead of an unknown one


def learn_from(digests: Iterable[Digest]) -> Acronyms:
    papers = (paper for digest in digests for paper in digest.papers)
    return learn_acronyms(
        text
        for paper in papers
        for text in (*(paper.keypoints or ()), paper.title, *(field.text for field in paper.fields))
    )


def with_acronyms(
    vocabulary: Vocabulary, sources: Sequence[tuple[str, Digest]], labels: LabelVocabulary = DEFAULT_LABELS
) -> tuple[Vocabulary, list[Finding]]:
    """Add the acronyms that the texts explain, where their expansion is a keypoint of the site, and a finding (PD604) for each acronym and file."""
    digests = [digest for _, digest in sources]
    acronyms = learn_from(digests)
    names = {name for digest in digests for paper in digest.papers for name in paper.keypoints or ()}
    known = [name for entry in vocabulary.entries for name in (entry.label, *entry.aliases)]
    spelt = {keypoint_key(name): name for name in sorted(names, reverse=True)}
    found = merges([*known, *sorted(names)], acronyms)
    merged = {key: to for key, to in found.items() if key not in vocabulary.by_key}
    findings = []
    for text, digest in sources:
        left = {keypoint_key(name) for paper in digest.papers for name in paper.keypoints or ()} & merged.keys()
        for mention in mentions(text, digest, labels) if left else ():
            if (key := keypoint_key(mention.written)) in left:
                left.remove(key)
                entry = vocabulary.by_key.get(merged[key])
                label = entry.label if entry else spelt[merged[key]]
                told = acronyms.told(mention.written) or mention.written
                seen = (mention.written, label, told)
                findings.append(finding("PD604", digest.path, mention.line, mention.column, *seen))
    return replace(vocabulary, merged=merged), findings


class _Nearest:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_key = vocabulary.by_key
        self._keys = list(vocabulary.by_key)
        self._place = {key: place for place, key in enumerate(self._keys)}
        self._by_length: dict[int, list[str]] = {}
        for key in self._place:
            self._by_length.setdefault(len(key), []).append(key)
        self._known: dict[str, str] = {}

    def advice(self, written: str, path: str) -> str:
        if written not in self._known:
            near = self._near(keypoint_key(written)) if len(self._known) < _MOST_OFFERS else None
            offered = f"write `{self._by_key[near].label}`, or add it" if near else f"add it to {path}"
            self._known[written] = offered
        return self._known[written]

    def _near(self, key: str) -> str | None:
        """The nearest of the known keys; one that is much shorter or longer cannot be near."""
        lengths = range(len(key) * _NEAR // (200 - _NEAR), len(key) * (200 - _NEAR) // _NEAR + 1)
        of_lengths = (
            process.extractOne(key, self._by_length.get(length, ()), scorer=fuzz.ratio, score_cutoff=_NEAR)
            for length in lengths
        )
        found = [(near[1], -self._place[near[0]]) for near in of_lengths if near]
        return self._keys[-max(found)[1]] if found else None


def unknown_keypoints(
    sources: Iterable[tuple[str, Digest]], vocabulary: Vocabulary, level: str, labels: LabelVocabulary = DEFAULT_LABELS
) -> Iterator[Finding]:
    """Yield PD601 for each place of a keypoint that the vocabulary does not know; none without a file. `level` is one of `LEVELS` of the options."""
    if level not in _SEVERITIES or not vocabulary.path:
        return
    nearest = _Nearest(vocabulary)
    for text, digest in sources:
        if all(vocabulary.entry(name) for paper in digest.papers for name in paper.keypoints or ()):
            continue
        for mention in mentions(text, digest, labels):
            if not vocabulary.entry(mention.written):
                advice = nearest.advice(mention.written, vocabulary.path)
                seen = (mention.written, vocabulary.path)
                found = finding("PD601", digest.path, mention.line, mention.column, *seen, advice=advice)
                yield replace(found, level=_SEVERITIES[level])
