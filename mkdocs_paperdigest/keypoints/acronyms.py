"""Acronyms that texts explain: `Vision-Language Models (VLMs)` says what `VLM` and `VLMs` stand for.

The way of Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003): a short
form in brackets behind its long form, or the other way round. It is made stricter: each word of the long form must give its
first letter, stop words and what stands behind a hyphen may be passed over. So no word of the sentence gets into it.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from types import MappingProxyType

from ..reader import DEFAULT_LABELS, LabelVocabulary, mentions
from ..records import Digest, Finding, finding
from ..support import keypoint_key
from .spelling import LONGEST, PAIRS, WORDS, meaning, read_words
from .vocabulary import Vocabulary

_BRACKETS = str.maketrans({"（": "(", "）": ")", "［": "(", "］": ")", "【": "(", "】": ")"})
_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_BREAK = re.compile(r"[;:!?。；：，、,()\n]|\.\s")
_WORD = re.compile(r"[^\W_]+")
_BEFORE = 160
_MARKUP = re.compile(r"[*_`\s]+")
_ACRONYM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-./&+](?=[A-Za-z0-9])){1,11}")
_LAST = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-./&+]{0,11}[*_`]{0,3}\s{0,2}$")
_NUMBERS = dict(PAIRS["numbers"])
WELL_KNOWN: dict[str, list[str]] = tomllib.loads(read_words("acronyms.toml"))


@dataclass(frozen=True, slots=True)
class Expansion:
    """One thing that an acronym stands for: as it is `written`, the text that `told` it, and what its spellings share."""

    written: str
    told: str
    meaning: str


@dataclass(frozen=True)
class Acronyms:
    """What texts say of acronyms: for each, as its letters in lower case, what it stands for; the most frequent spelling first."""

    table: Mapping[str, tuple[Expansion, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, acronym: str) -> Expansion | None:
        """What an acronym or its plural stands for; None if no text says it, or two say two things."""
        for key in _keys(acronym):
            if found := self.table.get(key):
                return found[0] if len({one.meaning for one in found}) == 1 else None
        return None

    def expansion(self, acronym: str) -> str | None:
        """What an acronym or its plural stands for, as it is written most often; None if that is unknown or ambiguous."""
        found = self.find(acronym)
        return found.written if found else None

    def told(self, acronym: str) -> str | None:
        """The text that explains an acronym: `Vision-Language Models (VLMs)`."""
        found = self.find(acronym)
        return found.told if found else None

    def ambiguous(self, acronym: str) -> bool:
        """Whether texts say two things of it."""
        return any(len({one.meaning for one in self.table.get(key, ())}) > 1 for key in _keys(acronym))


NO_ACRONYMS = Acronyms()
"""What is known where no text explains an acronym."""


@lru_cache(maxsize=65536)
def letters(acronym: str) -> str:
    """An acronym's letters and digits in lower case, less the `s` of its plural: `VLMs` has `vlm`, `k-NN` has `knn`."""
    kept = "".join(c for c in acronym if c.isalnum())
    if len(kept) > 2 and kept.endswith("s") and (kept[-2].isupper() or sum(c.isupper() for c in kept) > 1):
        kept = kept[:-1]
    return kept.casefold()


def _keys(acronym: str) -> tuple[str, ...]:
    own = letters(acronym)
    return (own, own[:-1]) if own.endswith("s") else (own,)


@lru_cache(maxsize=65536)
def is_acronym(text: str) -> bool:
    """Whether a text looks like an acronym: two to twelve signs, two capitals, or one and a digit or hyphen."""
    if not _ACRONYM.fullmatch(text) or not 2 <= len(letters(text)) <= 10:
        return False
    capitals = sum(c.isupper() for c in text)
    return capitals > 1 or (capitals == 1 and (any(c.isdigit() for c in text) or "-" in text))


def spells(acronym: str, words: Iterable[str], optional: frozenset[int] = frozenset(), *, strict: bool) -> bool:
    """Whether an acronym is made of all these words.

    Each word gives its first letter and any that follow in it; when `strict`, these are small in the acronym (`NeRF`) or the word is
    an acronym itself. Stop words and those at the places `optional` may give none; `to` may give a 2, a number gives itself.
    """
    own = letters(acronym)
    signs = [c for c in acronym if c.isalnum()][: len(own)]
    at = {0}
    for place, word in enumerate(words):
        lower = word.casefold()
        after: set[int] = set()
        if lower in WORDS["stop"] or place in optional:
            after |= at
        for start in at:
            if own[start : start + 1] == _NUMBERS.get(lower, ""):
                after.add(start + 1)
            if start < len(own) and own[start] == lower[0]:
                after |= _taken(own, signs, start, lower, strict=strict and not (word.isupper() or word[0].isdigit()))
        at = after
        if not at:
            return False
    return len(own) in at


def _taken(own: str, signs: list[str], start: int, word: str, *, strict: bool) -> set[int]:
    ends, end, place = {start + 1}, start + 1, 1
    while end < len(own) and not (strict and not signs[end].islower()):
        place = word.find(own[end], place) + 1
        if not place:
            break
        end += 1
        ends.add(end)
    return ends


def learn_acronyms(texts: Iterable[str]) -> Acronyms:
    """What texts say of acronyms, in time linear in their length."""
    seen: Counter[tuple[str, str, str]] = Counter(found for text in texts for found in explained(text))
    table: dict[str, list[Expansion]] = {}
    for (key, written, told), _ in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
        table.setdefault(key, []).append(Expansion(written, told, meaning(written)))
    return Acronyms(MappingProxyType({key: tuple(found) for key, found in table.items()}))


def explained(text: str) -> Iterator[tuple[str, str, str]]:
    if "(" not in text and "（" not in text and "［" not in text and "【" not in text:
        return
    text = text.translate(_BRACKETS)
    for bracket in _BRACKET.finditer(text):
        inner = _MARKUP.sub(" ", bracket[1]).strip()
        before = text[max(0, bracket.start() - _BEFORE) : bracket.start()]
        short = re.split(r"[,;，；/]", inner, maxsplit=1)[0].strip()
        if is_acronym(short):
            if long := _long_form(short, before):
                yield letters(short), long, f"{long} ({short})"
        elif (last := _LAST.search(before)) and is_acronym(short := last[0].strip("*_` ")):
            long = re.split(r"[,;，；]", inner, maxsplit=1)[0].strip()
            spans = list(_WORD.finditer(long))
            if 2 <= len(spans) <= _most(short) and spells(short, *_parts(long, spans), strict=False):
                yield letters(short), long, f"{short} ({long})"


def _most(acronym: str) -> int:
    size = len(letters(acronym))
    return min(size + 5, size * 2)


def _parts(text: str, spans: list[re.Match[str]]) -> tuple[list[str], frozenset[int]]:
    return [one[0] for one in spans], frozenset(
        place
        for place, one in enumerate(spans)
        if place and text[spans[place - 1].end() : one.start()] in ("-", "\u2010", "\u2011")
    )


def _long_form(short: str, before: str) -> str | None:
    """The words at the end of a text that an acronym stands for: the fewest, and by first letters if that is possible."""
    if not before.rstrip("*_` \t\n\"'”’")[-1:].isalnum():
        return None
    breaks = [found.end() for found in _BREAK.finditer(before)]
    part = before[breaks[-1] :] if breaks else before
    spans = list(_WORD.finditer(part))[-_most(short) :]
    for strict in (True, False):
        for start in range(len(spans) - 2, -1, -1):
            first = spans[start]
            if first[0].casefold() in WORDS["stop"] or part[first.start() - 1 : first.start()] == "-":
                continue
            if spells(short, *_parts(part, spans[start:]), strict=strict):
                return _MARKUP.sub(" ", part[first.start() : spans[-1].end()]).strip()
    return None


def without_acronym(name: str) -> tuple[str, str] | None:
    """A name that explains its own acronym → its expansion and its acronym: `Large Language Models (LLMs)`, also the other way round."""
    text = name.translate(_BRACKETS).strip()
    if len(text) > LONGEST or not text.endswith(")"):
        return None
    for key, long, told in explained(text):
        short = told[: -len(long) - 3] if told.endswith(f"({long})") else told[len(long) + 2 : -1]
        if key and meaning(text) in (meaning(f"{long} {short}"), meaning(f"{short} {long}")):
            return long, short
    return None


def merges(names: Iterable[str], acronyms: Acronyms) -> dict[str, str]:
    """The acronyms among a site's names, and the names that explain one, as keys → the keys of what they stand for.

    Only what is among the names is stood for: the name that is just the expansion, singular or plural as the acronym is if it
    can be, or else one that explains it in brackets. An acronym of which two texts say two things stands for nothing.
    """
    named = {keypoint_key(name): name for name in sorted(set(names), reverse=True)}
    whole = {key: found for key, name in named.items() if (found := without_acronym(name))}
    meant: dict[str, list[str]] = {}
    bracketed: dict[str, list[str]] = {}
    for key, name in sorted(named.items()):
        into, what = (bracketed, whole[key][0]) if key in whole else (meant, name)
        if len(name) <= LONGEST:
            into.setdefault(meaning(what), []).append(key)

    def stands_for(what: str, wanted: str, *, many: bool) -> str | None:
        found = meant.get(what) or bracketed.get(what, [])
        return min(found, key=lambda key: (key != wanted, key.rstrip(")").endswith("s") != many, key), default=None)

    merged: dict[str, str] = {}
    for key, name in named.items():
        if key in whole:
            long, _ = whole[key]
            if meaning(long) in meant:
                merged[key] = stands_for(meaning(long), keypoint_key(long), many=long.endswith("s")) or key
        elif len(name) <= LONGEST and (stands := acronyms.find(name)):
            many = letters(name) != "".join(c for c in name if c.isalnum()).casefold()
            wanted = keypoint_key(stands.written) if stands.written.endswith("s") == many else ""
            if to := stands_for(stands.meaning, wanted, many=many):
                merged[key] = to
    return {key: to for key, to in sorted(merged.items()) if key != to and to not in merged}


def learn_from(digests: Iterable[Digest]) -> Acronyms:
    papers = (paper for digest in digests for paper in digest.papers)
    texts = ((*(paper.keypoints or ()), paper.title, *(field.text for field in paper.fields)) for paper in papers)
    return learn_acronyms(chain.from_iterable(texts))


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
                seen = (mention.written, label, acronyms.told(mention.written) or mention.written)
                findings.append(finding("PD604", digest.path, mention.line, mention.column, *seen))
    return replace(vocabulary, merged=merged), findings
