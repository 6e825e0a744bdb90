"""Near-duplicates among the keypoints of a site: pairs of names that may be one keypoint, each with a score and a reason.

Nothing is compared with everything. Names that are one after some change of spelling share a key, so they are found by it:
their joined words, in American spelling, in the singular, in alphabetical order, with an acronym written out, with a misspelt
word corrected. Misspelt words are found among the words of all names, by what is left of them less one or two letters (as in
SymSpell by W. Garbe). So the time grows with the number of names, not with its square; what many names share is left aside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from ..support import keypoint_key
from .acronyms import NO_ACRONYMS, WELL_KNOWN, Acronyms, is_acronym, learn_acronyms, letters, spells, without_acronym
from .spelling import LONGEST, PAIRS, WORDS, americans, has_cjk, join, known, middle, plain, singulars, split, typo


@dataclass(frozen=True, slots=True)
class Similar:
    """Two names that may be one keypoint: `a` is used more often, or as often and spelt better, `score` is 0 to 1, `reason` one of `REASONS`."""

    a: str
    b: str
    score: float
    reason: str


REASONS = {
    "punctuation": 0.98,
    "British and American spelling": 0.97,
    "plural": 0.95,
    "word order": 0.85,
    "acronym": 0.9,
    "typo": 0.95,
}
"""Why two names may be one, with the score it gives, at the most for the last two; of several reasons the last is given."""

_ORDER = tuple(REASONS)
_TWO_ORDERS = frozenset(map(frozenset, PAIRS["two_orders"]))
_NUMBERS = dict(PAIRS["numbers"])
_SMALL = 8  # so many names with one key are all compared; of more, each with the most used one only
_CROWDED = 24  # what so many words or names share tells nothing
_MOST_WORDS = 40  # in a name of more no acronym is looked for
_MOST_ORDERED = 12  # of a name of more no other order is looked for
_LONGEST_ACRONYM = 10

_Pair = tuple[str, str, float, str]  # two names, the score, and the reason


@dataclass(frozen=True, slots=True)
class _Name:
    """A name and its forms; `spelt` is empty unless it has as many words as the others."""

    name: str
    spelt: tuple[str, ...]
    words: tuple[str, ...]
    american: tuple[str, ...]
    folded: tuple[str, ...]
    cjk: bool

    def ordered(self, words: tuple[str, ...]) -> tuple[str, ...] | None:
        """Such words of the name in alphabetical order, None where another order means another thing."""
        return None if self.cjk else _reordered(words)


def _reordered(words: tuple[str, ...]) -> tuple[str, ...] | None:
    if "of" in words:
        at = words.index("of")
        words = (*words[at + 1 :], *words[:at])
    if not 2 <= len(words) <= _MOST_ORDERED or "of" in words or not WORDS["directions"].isdisjoint(words):
        return None
    if not WORDS["joints"].isdisjoint((words[0], words[-1])):
        return None
    return tuple(sorted(_bound(words)))


def _bound(words: tuple[str, ...]) -> list[str]:
    """Words with those that belong to the next or the one before tied to it: `non linear`, `text guided`, `type 2`, `noise free`."""
    tied: list[str] = []
    forward = False
    for word in words:
        back = tied and (
            word == "to"
            or (word.endswith("ed") and len(word) > 4)
            or word in WORDS["bound_to_last"]
            or word.isdigit()
            or len(word) == 1
        )
        if forward or back:
            tied[-1] += ("" if forward and not back and not tied[-1].endswith(" to") else " ") + word
        else:
            tied.append(word)
        forward = word in WORDS["bound_to_next"] or word == "to"
    return tied


def _name(name: str, text: str) -> _Name:
    spelt = split(text)
    words = plain(spelt)
    spelt = spelt if len(spelt) == len(words) else ()
    pairs = zip(spelt or words, words, strict=True)
    folded = americans(singulars(tuple(s if s.isupper() or s[:-1].isupper() else w for s, w in pairs)))
    return _Name(name, spelt, words, americans(words), folded, has_cjk(text))


def similar(names: Mapping[str, int], acronyms: Acronyms = NO_ACRONYMS) -> list[Similar]:
    """Pairs of names that may be one keypoint, the surest first.

    `names` are spellings of keypoints with the number of their uses, `acronyms` what the site's texts say of acronyms; what the
    names themselves say is added. The pairs do not depend on the order of the names.
    """
    # Of names that are used as often, an acronym comes last, and before it one with words that are none.
    ranked = sorted(
        (name for name in names if len(name) <= LONGEST),
        key=lambda name: (-names[name], is_acronym(name), sum(not known(word) for word in plain(split(name))), name),
    )
    place = {name: at for at, name in enumerate(ranked)}
    explained = {name: found for name in ranked if (found := without_acronym(name))}
    forms = {name: _name(name, explained[name][0] if name in explained else name) for name in ranked}
    forms = {name: form for name, form in forms.items() if form.words}
    best: dict[tuple[str, str], tuple[float, str]] = {}

    for one, other, score, reason in chain(_same(forms), _misspelt(forms), _written_out(forms, explained, acronyms)):
        if keypoint_key(one) != keypoint_key(other):
            pair = (one, other) if place[one] < place[other] else (other, one)
            if (one in explained) != (other in explained):
                reason = max("acronym", reason, key=_ORDER.index)
            best[pair] = max(best.get(pair, (0.0, "")), (round(score, 2), reason))
    pairs = (Similar(a, b, score, reason) for (a, b), (score, reason) in best.items())
    return sorted(pairs, key=lambda pair: (-pair.score, pair.a, pair.b))


def _groups(keyed: Iterable[tuple[object, str]]) -> Iterator[tuple[str, str]]:
    groups: defaultdict[object, list[str]] = defaultdict(list)
    for key, name in keyed:
        groups[key].append(name)
    for group in groups.values():
        if len(group) <= _SMALL:
            yield from combinations(group, 2)
        else:
            yield from ((group[0], other) for other in group[1:])


def _same(forms: Mapping[str, _Name]) -> Iterator[_Pair]:
    for one, other in _groups((join(form.words), name) for name, form in forms.items()):
        yield one, other, REASONS["punctuation"], "punctuation"
    for one, other in _groups((join(form.american), name) for name, form in forms.items()):
        if join(forms[one].words) != join(forms[other].words):
            yield one, other, REASONS["British and American spelling"], "British and American spelling"
    for one, other in _groups((join(form.folded), name) for name, form in forms.items()):
        if join(forms[one].american) != join(forms[other].american):
            yield one, other, REASONS["plural"], "plural"
    for one, other in _groups((order, name) for name, form in forms.items() if (order := form.ordered(form.folded))):
        if _same_order(forms[one].folded, forms[other].folded):
            yield one, other, REASONS["word order"], "word order"


def _same_order(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if join(one) == join(other) or ("of" in one and "of" in other):
        return False
    return not ("of" not in one and "of" not in other and len(one) == 2 and frozenset(one) in _TWO_ORDERS)


def _near_words(words: Iterable[str], coined: set[str]) -> dict[str, dict[str, float]]:
    """Map each word that may be misspelt to what it may be, both ways; a `coined` word (`FilterGS`) is no misspelt word of English."""
    sure_of = {word: known(word) for word in words}
    unknown = [word for word, right in sure_of.items() if not right]
    pairs: set[tuple[str, str]] = set()
    # Of two that are known neither is misspelt: what none of the others leaves is not kept.
    for less, others in ((_less, [*sure_of]), (_less_two, [word for word, right in sure_of.items() if right])):
        sharing: dict[str, list[str]] = {rest: [] for word in unknown for rest in less(word)}
        for word in others:
            for rest in sharing.keys() & less(word):
                sharing[rest].append(word)
        for word in unknown:
            for rest in less(word):
                if len(sharing[rest]) <= _CROWDED:
                    pairs.update((word, other) if word < other else (other, word) for other in sharing[rest])
    near: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for one, other in pairs:
        is_coined = not coined.isdisjoint((one, other)) and (sure_of[one] or sure_of[other])
        if not is_coined and (sure := typo(one, other)):
            near[one][other] = near[other][one] = sure
    return near


def _less(word: str) -> set[str]:
    """A word, and what is left of it less one letter."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _less_two(word: str) -> set[str]:
    """What is left of a long word less up to two letters."""
    if not 8 <= len(word) <= 20:
        return set()
    return {*_less(word), *(word[:i] + word[i + 1 : j] + word[j + 1 :] for i, j in combinations(range(len(word)), 2))}


def _misspelt(forms: Mapping[str, _Name]) -> Iterator[_Pair]:
    shouted, coined = _unusual(forms.values())
    yield from _corrected_names({name: form.folded for name, form in forms.items()}, forms, shouted, coined)
    yield from _corrected_names({name: form.american for name, form in forms.items()}, forms, shouted, coined)
    yield from _run_together(forms)


def _corrected_names(
    words_of: Mapping[str, tuple[str, ...]], forms: Mapping[str, _Name], shouted: set[str], coined: set[str]
) -> Iterator[_Pair]:
    uses: Counter[str] = Counter(word for words in words_of.values() for word in set(words))
    written = {word for word in uses if 4 <= len(word) <= 40 and word.isalpha() and not has_cjk(word)}
    near = _near_words(written - shouted, coined)
    joined: defaultdict[str, list[str]] = defaultdict(list)
    ordered: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, words in words_of.items():
        joined[join(words)].append(name)
        if order := forms[name].ordered(words):
            ordered[order].append(name)
    for name, words in words_of.items():
        for fixed, sure in _corrected(words, near, uses):
            for other in joined.get(join(fixed), ())[:_SMALL]:
                yield name, other, sure, "typo"
            order = forms[name].ordered(fixed)
            for other in ordered.get(order, ())[:_SMALL] if order else ():
                if _same_order(fixed, words_of[other]):
                    yield name, other, sure - 0.1, "typo"


def _unusual(forms: Iterable[_Name]) -> tuple[set[str], set[str]]:
    """Words that are always in capitals or have digits, and words with a capital inside: `ControlNet`."""
    loud: set[str] = set()
    quiet: set[str] = set()
    coined: set[str] = set()
    for form in forms:
        for spelt, word, american in zip(form.spelt, form.folded, form.american, strict=False):
            is_loud = spelt.isupper() or spelt[:-1].isupper() or any(c.isdigit() for c in spelt)
            (loud if is_loud else quiet).add(word)
            if not spelt.isupper() and not spelt[1:].islower() and any(c.isupper() for c in spelt[1:]):
                coined.update((word, american))
    return loud - quiet, coined


def _corrected(
    words: tuple[str, ...], near: Mapping[str, Mapping[str, float]], uses: Mapping[str, int]
) -> Iterator[tuple[tuple[str, ...], float]]:
    doubtful = [at for at, word in enumerate(words) if word in near]
    for at in doubtful[:4]:
        for right, sure in sorted(near[words[at]].items(), key=lambda item: (-item[1], item[0]))[:6]:
            if len(words) == 1 and min(len(right), len(words[0])) < 5:
                continue
            yield (*words[:at], right, *words[at + 1 :]), sure
    wrong = [at for at in doubtful if not known(words[at])]
    if len(wrong) > 1:
        fixed, sure = list(words), 1.0
        for at in wrong:
            right, one = max(
                near[words[at]].items(), key=lambda item: (known(item[0]), item[1], uses[item[0]], item[0])
            )
            fixed[at], sure = right, min(sure, one)
        yield tuple(fixed), sure - 0.05


def _run_together(forms: Mapping[str, _Name]) -> Iterator[_Pair]:
    """Names that are one slip apart, in which the words are parted at other places: `mult-modal` and `multimodal`."""
    groups: defaultdict[str, list[tuple[str, _Name]]] = defaultdict(list)
    for form in forms.values():
        text = "".join(form.folded)
        if 8 <= len(text) <= 40 and text.isalpha() and not form.cjk:
            for rest in _less(text):
                groups[rest].append((text, form))
    for group in groups.values():
        if 1 < len(group) <= _CROWDED:
            for (text, one), (other_text, other) in combinations(group, 2):
                if len(one.folded) != len(other.folded) and text != other_text:
                    _, ours, theirs, _ = middle(one.folded, other.folded)
                    if sure := typo("".join(ours), "".join(theirs)):
                        yield one.name, other.name, sure - 0.05, "typo"


def _written_out(
    forms: Mapping[str, _Name], explained: Mapping[str, tuple[str, str]], acronyms: Acronyms
) -> Iterator[_Pair]:
    told = learn_acronyms(explained)
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for name, form in forms.items():
        joined[join(form.folded)].append(name)
    written = {word for form in forms.values() for _, _, word in _places(form)}
    wanted = {key for word in written for key in (letters(word), _capitals(word)) if key}
    initials = _initials(forms.values(), wanted)
    for name, form in forms.items():
        for at, end, acronym in _places(form):
            for words, sure in _expansions(acronym, acronyms, told, initials):
                text = (*form.folded[:at], *words, *form.folded[end:])
                for other in joined.get(join(text), ())[:_SMALL]:
                    yield name, other, sure, "acronym"
    for name, (_, short) in explained.items():
        for other in joined.get(letters(short), ()):
            if other not in explained and not (acronyms.ambiguous(short) or told.ambiguous(short)):
                yield name, other, 0.95, "acronym"


def _places(form: _Name) -> Iterator[tuple[int, int, str]]:
    """Where acronyms may stand in a name: in a word, in two that a hyphen parts (`k-NN`), or, in small letters, in the whole of it."""
    if len(form.spelt) > _MOST_WORDS:
        return
    for at, word in enumerate(form.spelt):
        if is_acronym(word):
            yield at, at + 1, word
    if len(form.spelt) == 1 and not is_acronym(form.spelt[0]) and 2 <= len(form.spelt[0]) <= 6:
        yield 0, 1, form.spelt[0]
    if len(form.spelt) == 2 and is_acronym("-".join(form.spelt)) and len("".join(form.spelt)) <= _LONGEST_ACRONYM:
        yield 0, 2, "".join(form.spelt)


def _initials(forms: Iterable[_Name], wanted: set[str]) -> dict[str, set[tuple[str, ...]]]:
    """The acronyms that runs of words in the names would have, of those that are wanted, and these words."""
    found: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    heads = {acronym[0] for acronym in wanted}
    for form in forms:
        for start, first in enumerate(form.spelt if len(form.spelt) <= _MOST_WORDS else ()):
            if first[0].casefold() not in heads or first.casefold() in WORDS["stop"]:
                continue
            for end in range(start + 2, min(start + 9, len(form.spelt)) + 1):
                if form.folded[end - 1] in WORDS["stop"]:
                    continue
                run = form.spelt[start:end]
                for acronym in _first_letters(run) & wanted:
                    found[acronym].add(form.folded[start:end])
    return found


def _first_letters(run: tuple[str, ...]) -> set[str]:
    """The acronyms of some words: their first letters, with or without stop words, acronyms and numbers among them whole."""
    parts = [
        word.casefold() if (word.isupper() and len(word) < 6) or word[0].isdigit() else word[0].casefold()
        for word in run
    ]
    kept = [part for part, word in zip(parts, run, strict=True) if word.casefold() not in WORDS["stop"]]
    numbered = [_NUMBERS.get(word.casefold(), part) for part, word in zip(parts, run, strict=True)]
    return {"".join(parts), "".join(kept), "".join(numbered)}


def _expansions(
    acronym: str, acronyms: Acronyms, told: Acronyms, initials: Mapping[str, set[tuple[str, ...]]]
) -> Iterator[tuple[tuple[str, ...], float]]:
    """What an acronym may stand for: what texts say, or what is well known, or the only words with these first letters."""
    key = letters(acronym)
    if acronyms.ambiguous(acronym) or told.ambiguous(acronym):
        return
    says = [found for known_of in (acronyms, told) if (found := known_of.find(acronym))]
    if says:
        for found in says if len({one.meaning for one in says}) == 1 else ():
            yield americans(singulars(plain(split(found.written)))), 0.97
        return
    if key in WELL_KNOWN:
        if len(WELL_KNOWN[key]) == 1:
            yield tuple(americans(singulars(tuple(WELL_KNOWN[key][0].split())))), 0.93
        return
    if not is_acronym(acronym) and known(key):
        return
    known_runs = initials.get(key, set())
    strict = {run for run in initials.get(_capitals(acronym), set()) | known_runs if spells(acronym, run, strict=True)}
    runs = strict or known_runs
    if len({join(run) for run in runs}) == 1:
        yield min(runs), 0.85 if len(key) > 2 else 0.75


def _capitals(acronym: str) -> str:
    """The capitals and digits of an acronym, in lower case: `NeRFs` has `nrf`."""
    return "".join(c for c in acronym if c.isupper() or c.isdigit()).casefold()
