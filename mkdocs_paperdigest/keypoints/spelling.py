"""Words: whether one is known, its singular, its American spelling, and whether two are one word, misspelt once.

The words stand in `words/`: `english.txt` is of SCOWL (see `words/COPYING.txt`), `science.txt` is what it lacks. A word that is
in neither is not thereby wrong, it only lacks that proof of being right.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeVar

from rapidfuzz.distance import OSA

_Letters = TypeVar("_Letters", str, tuple[str, ...])
_SHORTEST = 5
_LONG = 8
_LONGEST = 40
"""A shorter word is no typo of another, only a long one may be wrong in two places, a longer one is no word."""


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, _, other in (pair.partition("/") for pair in table.split()))


def read_words(name: str) -> str:
    return (files(__package__) / "words" / name).read_text(encoding="ascii")


def read_pairs(name: str) -> tuple[tuple[str, str], ...]:
    """Read a file of `words/` written as `one/other one/other …`."""
    return _pairs(read_words(name))


_IRREGULAR = {many: one for one, many in read_pairs("plurals.txt")}
_NO_PLURAL = frozenset(
    "alias always arms atlas bayes besides bias canvas chaos christmas compass corps cosmos customs diabetes ethos "
    "gas gauss glasses goods hermes hives jenkins kubernetes lens mars measles news odds pancreas pandas paris "
    "pathos rabies series scabies species texas thanks thermos trellis us".split()
)
_FOUR = frozenset("atlas bias echo gas hero lens veto".split())
_ICS_PLURAL = frozenset(
    "antibiotic ceramic characteristic clinic comic critic epidemic fabric heuristic lyric metric mosaic pandemic plastic "
    "prosthetic rubric topic".split()
)

_AMERICAN = dict(read_pairs("american.txt"))
_ISE = re.compile(r"is(?=(?:e|ed|er|ing|able|ation|ational|ability)$)")
_BRITISH_TO_AMERICAN = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"our", "or"),
        (r"re(?=d?$)", "er"),
        (r"tred$", "tered"),
        (r"ll(?=(?:ed|er|ing|ous|or)$)", "l"),
        (r"(?<=[aeiouy])l(?=(?:ment|ful)$)", "ll"),
        (r"[ao]e", "e"),
        (r"ence$", "ense"),
        (r"sulph", "sulf"),
        (r"ogue$", "og"),
        (r"ys(?=(?:e|ed|er|ing|able)$)", "yz"),
        (_ISE, "iz"),
    )
)
_IRREGULAR_TAILS = tuple(
    "analyses hypotheses matrices vertices indices women spectra syntheses bacteria corpora".split()
)
_OPPOSITES = read_pairs("opposites.txt")
_PREFIXES = tuple(
    "un non semi self de dis in im ir il re pre post multi single intra inter hyper hypo homo hetero mis over under sub super "
    "anti counter co cross auto bi uni tri mono poly meta para micro macro nano out up down fore back mid trans ultra quasi pseudo "
    "a an be en em ex".split()
)
_TAILS = frozenset(
    " s e d r n y l x o a i t al an ar ed en er es et ic id in ion ism ist ive ix ly net or ous ry st th ty um us ity ing".split(
        " "
    )
)
_VOWELS = frozenset("aeiouy")
_KEYS = {
    key: frozenset(near)
    for key, near in _pairs(
        "q/wa w/qeas e/wrsd r/etdf t/ryfg y/tugh u/yihj i/uojk o/ipkl p/ol a/qwsz s/awedxz d/serfcx f/drtgvc g/ftyhbv "
        "h/gyujnb j/huikmn k/jiolm l/kop z/asx x/zsdc c/xdfv v/cfgb b/vghn n/bhjm m/njk"
    )
}
"""The keys beside each key of a keyboard."""


@cache
def _words() -> frozenset[str]:
    return frozenset(read_words("english.txt").split() + read_words("science.txt").split())


def known(word: str) -> bool:
    """Whether a lower-case word, or what it is the plural or adverb of, is in the lists."""
    words = _words()
    return (
        word in words
        or singular(word) in words
        or (word.endswith("ics") and word[:-1] in words)
        or (len(word) > 7 and word.endswith("ly") and word[:-2] in words)
        or (len(word) > 8 and word.endswith("ness") and word[:-4] in words)
    )


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """Return the singular of a lower-case English noun: `metrics` is a plural; `dynamics`, `news`, `bias`, `analysis` stay."""
    if len(word) < 4 or len(word) > _LONGEST or not word.isascii():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for many in _IRREGULAR_TAILS:
        if word.endswith(many):
            return word[: -len(many)] + _IRREGULAR[many]
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in _NO_PLURAL:
        return word
    if word.endswith("ics"):
        return word[:-1] if word[:-1] in _ICS_PLURAL else word
    words = _words()
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in words or len(word) < 5 else word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-1] if word[:-1] in words else word[:-2]
    if word.endswith(("ses", "oes", "zes")) and word[:-1] not in words:
        short = word[:-2]
        return short if short in words or short in _FOUR or short.endswith("us") else word[:-1]
    return word[:-1]


@lru_cache(maxsize=65536)
def american(word: str) -> str:
    """Return the American spelling: a word that is in no list, but is after one or two British-to-American changes, was British."""
    if word in _AMERICAN:
        return _AMERICAN[word]
    if len(word) < 5 or len(word) > _LONGEST or known(word):
        return word
    seen = [word]
    for _ in range(2):
        seen = [pattern.sub(to, now) for now in seen for pattern, to in _BRITISH_TO_AMERICAN if pattern.search(now)]
        for now in seen:
            if known(now):
                return now
    return _ISE.sub("iz", word)


_ENDINGS = frozenset(
    "able age al ary ate e ed er ful ial ic ical ied ies ify ing ion ious ise ism ist ity ive ize ized izer izing less ment ory ous "
    "ship st sts ure y".split()
)
"""Endings that make another word of a stem; of those that are taken for one another (`ance`, `ence`; `er`, `or`) one at most."""


def typo(a: str, b: str) -> float:
    """How sure it is that of two lower-case words one is the other misspelt: 0 for two words that mean two things.

    A misspelt word is usually no word. So of two that are known neither is a typo; if one is, the other must have the shape of
    a typo: no more than one slip (two in a long word), and no prefix or ending of English that makes a new word of it. If neither
    is known, only slips that a hand makes count: letters swapped, doubled, or left out inside. Distances are optimal string
    alignments (Damerau 1964, "A technique for computer detection and correction of spelling errors": one letter wrong, missing,
    added, or two swapped make 80 % of all errors).
    """
    if (
        a == b
        or min(len(a), len(b)) < _SHORTEST - 1
        or max(len(a), len(b)) > _LONGEST
        or not (a.isalpha() and b.isalpha())
    ):
        return 0.0
    distance = int(OSA.distance(a, b, score_cutoff=2))
    if distance > (2 if min(len(a), len(b)) >= _LONG else 1):
        return 0.0
    sure_a, sure_b = known(a), known(b)
    if sure_a and sure_b:
        return 0.0
    if not (sure_a or sure_b) and not (distance == 1 and min(len(a), len(b)) >= 7 and _slip(a, b)):
        return 0.0
    if _opposed(a, b):  # takes longest, and most pairs are out by now
        return 0.0
    if sure_a or sure_b:
        right, wrong = (a, b) if sure_a else (b, a)
        if min(len(a), len(b)) < _SHORTEST:
            return 0.7 if a[0] == b[0] and a[-1] == b[-1] and _slip(a, b) else 0.0
        return _misspelt(right, wrong, distance)
    return 0.8


def _opposed(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if long.endswith(short) and (long[: -len(short)] in _PREFIXES or known(short)):
        return True
    return any(
        one.startswith(p) and other.startswith(q) and one[len(p) :] == other[len(q) :]
        for p, q in _OPPOSITES
        for one, other in ((a, b), (b, a))
    )


def middle(a: _Letters, b: _Letters) -> tuple[_Letters, _Letters, _Letters, _Letters]:
    """Give what two words (or names) have in common at the start, what differs in each, and the common end."""
    short = min(len(a), len(b))
    start = next((i for i in range(short) if a[i] != b[i]), short)
    end = next((i for i in range(short - start) if a[-1 - i] != b[-1 - i]), short - start)
    return a[:start], a[start : len(a) - end], b[start : len(b) - end], a[len(a) - end :]


def _slip(a: str, b: str) -> bool:
    """Whether two letters are swapped, one is doubled, or one inside is missing."""
    start, one, other, end = middle(a, b)
    if sorted(one) == sorted(other) and len(one) == 2:
        return bool(start)
    letter = one or other
    if (one and other) or len(letter) != 1:
        return False
    return start[-1:] == letter or end[:1] == letter or min(len(start), len(end)) >= min(2, len(a) // 3)


def _misspelt(right: str, wrong: str, distance: int) -> float:
    start, ours, theirs, end = middle(right, wrong)
    doubled = not ours and len(theirs) == 1 and theirs in (start[-1:], end[:1])
    if (
        not end
        and not doubled
        and ours in _TAILS
        and theirs in _TAILS
        and not (theirs == "" and ours in ("e", "n", "t", "l", "y"))
    ):
        return 0.0
    if not end and theirs.startswith(ours) and theirs and not doubled:
        return 0.0
    if any(
        right[cut:] in _ENDINGS and wrong[cut:] in _ENDINGS
        for cut in range(max(_SHORTEST - 1, len(start) - 3), len(start) + 1)
        if not doubled
    ):
        return 0.0
    if not start:
        return 0.75 if ours and len(right) >= _LONG and distance == 1 else 0.0
    if distance == 2:
        return 0.82 if len(start) + len(end) >= 2 else 0.0
    if len(ours) == len(theirs) == 1:
        likely = {ours, theirs} <= _VOWELS or theirs in _KEYS.get(ours, ())
        return 0.9 if likely else 0.85 if len(right) >= 6 else 0.0
    return 0.95
