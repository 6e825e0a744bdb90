"""The words of names: how they are split, known, singular, American, and whether two are one word, misspelt once.

`words/english.txt` is of SCOWL (see `words/COPYING.txt`), `science.txt` is what it lacks. A word that is in neither is not thereby
wrong, it only lacks that proof of being right. `tables.toml` has the small lists.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeVar

from rapidfuzz.distance import OSA

LONGEST = 300
"""Of a longer name no forms are made: it is a sentence."""

_Letters = TypeVar("_Letters", str, tuple[str, ...])
_SHORTEST = 5
_LONG = 8
_LONGEST_WORD = 40
"""A shorter word is no typo of another, only a long one may be wrong in two places, a longer one is no word."""


def read_words(name: str) -> str:
    return (files(__package__) / "words" / name).read_text(encoding="utf-8")


_TABLES = tomllib.loads(read_words("tables.toml"))
WORDS: dict[str, frozenset[str]] = {name: frozenset(text.split()) for name, text in _TABLES["words"].items()}
PAIRS: dict[str, list[tuple[str, str]]] = {
    name: [(one, other) for one, _, other in (pair.partition("/") for pair in text.split())]
    for name, text in _TABLES["pairs"].items()
}
_ISE: tuple[re.Pattern[str], str] = re.compile(_TABLES["ise"]["british"]), _TABLES["ise"]["american"]
_BRITISH_TO_AMERICAN = [*((re.compile(pattern), to) for pattern, to in _TABLES["british"].items()), _ISE]
_SIMPLIFIED = str.maketrans(*(_TABLES["characters"][name].strip() for name in ("traditional", "simplified")))
_IRREGULAR = {many: one for one, many in PAIRS["plurals"]}
_AMERICAN = dict(PAIRS["american"])
_TAILS = WORDS["tails"] | {""}
_KEYS = {key: frozenset(near) for key, near in PAIRS["keyboard"]}
_VOWELS = frozenset("aeiouy")

_APOSTROPHES = re.compile(r"['’‘`´\"“”]")
_WORD = re.compile(r"[^\W_]+(?:\.\d[^\W_]*)*(?:[+#]+|\*(?!\*))?")
_TO = re.compile(r"([a-z]{3,})2([a-z]{3,})")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


@lru_cache(maxsize=65536)
def split(name: str) -> tuple[str, ...]:
    """Split a name into words as they are spelt: `"GPT-3.5 (chat)"` has `GPT`, `3.5`, `chat`; `C++`, `C#` and `A*` keep their signs, `&` is `and`."""
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name).replace("&", " and ")).translate(_SIMPLIFIED)
    if text.isascii() or not any(unicodedata.combining(c) for c in text):
        words = _WORD.findall(text)
    else:
        marked = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" or c in ".+#*" else " " for c in text)
        words = [word for part in marked.split() if (word := part.strip("."))]
    return tuple(word[:-1] if word.endswith("*") and len(word) > 5 else word for word in words)


def plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same words in lower case, without `the`; `text2image` is `text to image`."""
    folded: list[str] = []
    for word in words:
        lower = word.casefold()
        if found := _TO.fullmatch(lower):
            folded += (found[1], "to", found[2])
        elif lower != "the" or len(words) == 1:
            folded.append(lower)
    return tuple(folded)


def singulars(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words as they are spelt → their singulars, in lower case. `CNNs` is one more of `CNN`, `SARS` is no more of `SAR`."""
    return tuple(_singular(word) for word in words)


def _singular(word: str) -> str:
    if len(word) > 2 and word.endswith("s") and word[:-1].isupper():
        return word[:-1].casefold()
    if word.isupper() and len(word) < 7:
        return word.casefold()
    return singular(word.casefold())


def americans(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(american(word) for word in words)


def join(words: tuple[str, ...]) -> str:
    """Words as one: `multi modal` is `multimodal`; two numbers stay two."""
    text = ""
    for word in words:
        text += f" {word}" if text[-1:].isdigit() and word[:1].isdigit() else word
    return text


def has_cjk(name: str) -> bool:
    return not name.isascii() and bool(_CJK.search(name))


def meaning(name: str) -> str:
    """What expansions of one acronym have in common: their words in American singulars, joined, less stop words."""
    return join(americans(singulars(tuple(word for word in split(name) if word.casefold() not in WORDS["stop"]))))


@cache
def _known_words() -> frozenset[str]:
    return frozenset(read_words("english.txt").split() + read_words("science.txt").split())


def known(word: str) -> bool:
    """Whether a lower-case word, or what it is the plural or adverb of, is in the lists."""
    words = _known_words()
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
    if len(word) < 4 or len(word) > _LONGEST_WORD or not word.isascii():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for many in WORDS["plurals_of_compounds"]:
        if word.endswith(many):
            return word[: -len(many)] + _IRREGULAR[many]
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in WORDS["no_plurals"]:
        return word
    if word.endswith("ics"):
        return word[:-1] if word[:-1] in WORDS["plurals_in_ics"] else word
    words = _known_words()
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in words or len(word) < 5 else word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-1] if word[:-1] in words else word[:-2]
    if word.endswith(("ses", "oes", "zes")) and word[:-1] not in words:
        short = word[:-2]
        return short if short in words or short in WORDS["plurals_with_es"] or short.endswith("us") else word[:-1]
    return word[:-1]


@lru_cache(maxsize=65536)
def american(word: str) -> str:
    """Return the American spelling: a word that is in no list, but is after one or two British-to-American changes, was British."""
    if word in _AMERICAN:
        return _AMERICAN[word]
    if len(word) < 5 or len(word) > _LONGEST_WORD or known(word):
        return word
    seen = [word]
    for _ in range(2):
        seen = [pattern.sub(to, now) for now in seen for pattern, to in _BRITISH_TO_AMERICAN if pattern.search(now)]
        for now in seen:
            if known(now):
                return now
    ise, iz = _ISE
    return ise.sub(iz, word)


def typo(a: str, b: str) -> float:
    """How sure it is that of two lower-case words one is the other misspelt: 0 for two words that mean two things.

    A misspelt word is usually no word. So of two that are known neither is a typo; if one is, the other must have the shape of
    a typo: no more than one slip (two in a long word), and no prefix or ending of English that makes a new word of it. If neither
    is known, only slips that a hand makes count: letters swapped, doubled, or left out inside. Distances are optimal string
    alignments (Damerau 1964, "A technique for computer detection and correction of spelling errors": one letter wrong, missing,
    added, or two swapped make 80 % of all errors).
    """
    short = min(len(a), len(b))
    if a == b or short < _SHORTEST - 1 or max(len(a), len(b)) > _LONGEST_WORD or not (a.isalpha() and b.isalpha()):
        return 0.0
    distance = int(OSA.distance(a, b, score_cutoff=2))
    right, wrong = (a, b) if known(a) else (b, a)
    if distance > (2 if short >= _LONG else 1) or known(wrong):
        return 0.0
    if not known(right) and not (distance == 1 and short >= 7 and _slip(a, b)):
        return 0.0
    if _opposed(a, b):  # takes longest, and most pairs are out by now
        return 0.0
    if not known(right):
        return 0.8
    if short < _SHORTEST:
        return 0.7 if a[0] == b[0] and a[-1] == b[-1] and _slip(a, b) else 0.0
    return _misspelt(right, wrong, distance)


def _opposed(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if long.endswith(short) and (long[: -len(short)] in WORDS["prefixes"] or known(short)):
        return True
    return any(
        one.startswith(p) and other.startswith(q) and one[len(p) :] == other[len(q) :]
        for p, q in PAIRS["opposites"]
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
    if not end and not doubled:
        is_cut = theirs == "" and ours in ("e", "n", "t", "l", "y")
        if ours in _TAILS and theirs in _TAILS and not is_cut:
            return 0.0
        if theirs and theirs.startswith(ours):
            return 0.0
    endings, cuts = WORDS["endings"], range(max(_SHORTEST - 1, len(start) - 3), len(start) + 1)
    if not doubled and any(right[cut:] in endings and wrong[cut:] in endings for cut in cuts):
        return 0.0
    if not start:
        return 0.75 if ours and len(right) >= _LONG and distance == 1 else 0.0
    if distance == 2:
        return 0.82 if len(start) + len(end) >= 2 else 0.0
    if len(ours) == len(theirs) == 1:
        likely = {ours, theirs} <= _VOWELS or theirs in _KEYS.get(ours, ())
        return 0.9 if likely else 0.85 if len(right) >= 6 else 0.0
    return 0.95
