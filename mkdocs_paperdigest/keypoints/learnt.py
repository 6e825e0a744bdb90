"""What the papers themselves say of keypoints: the acronyms that their texts explain, and keypoints that no file knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from ..reader import DEFAULT, Vocabulary, mentions
from ..records import Digest, Finding, Severity, finding
from ..support import keypoint_key
from .acronyms import Acronyms, learn, merges
from .vocabulary import Thesaurus

_SEVERITIES = {"info": Severity.INFO, "warn": Severity.WARNING, "strict": Severity.WARNING}
_MOST_OFFERS = 1000
"""So many keypoints are offered another; each is compared with all that are known."""

_NEAR = 80
"""From this ratio of 100 on, another keypoint is offered instead of an unknown one."""


def learn_from(digests: Iterable[Digest]) -> Acronyms:
    """What the keypoints, titles and fields of digests say of acronyms."""
    papers = (paper for digest in digests for paper in digest.papers)
    return learn(
        text
        for paper in papers
        for text in (*(paper.keypoints or ()), paper.title, *(field.text for field in paper.fields))
    )


def with_acronyms(
    thesaurus: Thesaurus, sources: Sequence[tuple[str, Digest]], vocabulary: Vocabulary = DEFAULT
) -> tuple[Thesaurus, list[Finding]]:
    """The thesaurus with the acronyms that the texts explain, where what they stand for is a keypoint of the site.

    `sources` are the texts of files and their digests, as `vocabulary` has them read. What the thesaurus knows stays as it says. Gives a
    finding, PD604, for each acronym and file.
    """
    digests = [digest for _, digest in sources]
    acronyms = learn_from(digests)
    names = {name for digest in digests for paper in digest.papers for name in paper.keypoints or ()}
    known = [name for entry in thesaurus.entries for name in (entry.label, *entry.aliases)]
    spelt = {keypoint_key(name): name for name in sorted(names, reverse=True)}
    found = merges([*known, *sorted(names)], acronyms)
    merged = {key: to for key, to in found.items() if key not in thesaurus.by_key}
    findings = []
    for text, digest in sources:
        left = {keypoint_key(name) for paper in digest.papers for name in paper.keypoints or ()} & merged.keys()
        for mention in mentions(text, digest, vocabulary) if left else ():
            if (key := keypoint_key(mention.written)) in left:
                left.remove(key)
                entry = thesaurus.by_key.get(merged[key])
                label = entry.label if entry else spelt[merged[key]]
                told = acronyms.told(mention.written) or mention.written
                seen = (mention.written, label, told)
                findings.append(finding("PD604", digest.path, mention.line, mention.column, *seen))
    return replace(thesaurus, merged=merged), findings


class _Nearest:
    """Offers a keypoint of the thesaurus for one that it does not know."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._by_key = thesaurus.by_key
        self._keys = list(thesaurus.by_key)
        self._place = {key: place for place, key in enumerate(thesaurus.by_key)}
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
    sources: Iterable[tuple[str, Digest]], thesaurus: Thesaurus, level: str, vocabulary: Vocabulary = DEFAULT
) -> Iterator[Finding]:
    """PD601 for each place where a keypoint stands that the thesaurus does not know.

    `sources` are the texts of files and their digests; `level` is one of `LEVELS` of the options. There is none without a file.
    """
    if level not in _SEVERITIES or not thesaurus.path:
        return
    nearest = _Nearest(thesaurus)
    for text, digest in sources:
        if all(thesaurus.entry(name) for paper in digest.papers for name in paper.keypoints or ()):
            continue
        for mention in mentions(text, digest, vocabulary):
            if not thesaurus.entry(mention.written):
                advice = nearest.advice(mention.written, thesaurus.path)
                seen = (mention.written, thesaurus.path)
                found = finding("PD601", digest.path, mention.line, mention.column, *seen, advice=advice)
                yield replace(found, level=_SEVERITIES[level])
