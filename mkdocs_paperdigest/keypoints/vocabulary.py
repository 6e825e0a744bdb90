"""What a site says of its keypoints, apart from its papers: names, spellings, descriptions, colours, and what stands below what."""

from __future__ import annotations

import colorsys
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from types import MappingProxyType

from rapidfuzz import fuzz, process

from ..reader import DEFAULT_LABELS, LabelVocabulary, mentions
from ..records import Digest, Finding, Severity, finding
from ..support import keypoint_key, keypoint_slug
from .spelling import read_words

_SLUG_TAKES_NO = re.compile(r'[\s/\\:*?"<>|#%]')
_RESERVED = re.compile(r"(?:index|con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.ASCII)
_LONGEST_SLUG = 120
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_HUE = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)
_NEUTRAL_BELOW = 16  # of 255: between the strongest and the weakest of red, green and blue
_SEVERITIES = {"info": Severity.INFO, "warn": Severity.WARNING, "strict": Severity.WARNING}
_MOST_OFFERS = 1000  # each is compared with all that are known
_NEAR = 80  # from this ratio of 100 on, another keypoint is offered instead of an unknown one

HUES = {name: None if hue < 0 else hue for name, hue in tomllib.loads(read_words("colours.toml")).items()}
COLOURS_THERE_ARE = f"a hue from 0 to 359, a colour such as '#0a8' in quotes, or one of {', '.join(HUES)}"


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One keypoint that the site knows.

    `slug` is its place in URLs, `label` how it is shown, `aliases` are its other spellings. `description` is Markdown.
    `parent` and `related` are slugs of other entries. `hue` is 0 to 359, its own or that of its group or of what it stands
    below; None is neutral. A `hidden` one stands in no list. One that
    is not `is_labelled`, since its name is only a slug, is called as papers spell it, if they do. `line` is its 1-based line in its file.
    """

    slug: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    parent: str | None = None
    group: str | None = None
    hue: int | None = None
    hidden: bool = False
    is_labelled: bool = True
    related: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """The keypoints that a site knows, in the order of its file, without cycles of parents.

    `merged` has spellings, as keys of `keypoint_key`, that stand for another spelling, beside the aliases of entries:
    acronyms that the text explains. `path` is the file, as findings name it; "" if there is none.
    """

    entries: tuple[VocabularyEntry, ...] = ()
    merged: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    path: str = ""

    @cached_property
    def by_slug(self) -> dict[str, VocabularyEntry]:
        return {entry.slug: entry for entry in self.entries}

    @cached_property
    def by_key(self) -> dict[str, VocabularyEntry]:
        """The entries by the keys of their spellings: label, aliases and slug; the first that has one keeps it."""
        spelt = [(name, entry) for entry in self.entries for name in (entry.label, *entry.aliases)]
        found: dict[str, VocabularyEntry] = {}
        for name, entry in (*spelt, *((entry.slug, entry) for entry in self.entries)):
            found.setdefault(keypoint_key(name), entry)
        return found

    def entry(self, written: str) -> VocabularyEntry | None:
        """The entry that a spelling means, None if the site does not know it."""
        key = keypoint_key(written)
        return self.by_key.get(key) or self.by_key.get(self.merged.get(key, ""))

    def slug(self, written: str) -> str:
        """The slug of the keypoint that a spelling means, known or not."""
        if entry := self.entry(written):
            return entry.slug
        key = keypoint_key(written)
        return keypoint_slug(self.merged.get(key, key))

    def children(self, slug: str) -> Iterable[VocabularyEntry]:
        """The entries right below one."""
        return (entry for entry in self.entries if entry.parent == slug)


EMPTY_VOCABULARY = Vocabulary()
"""What a site without `keypoints.yml` knows."""


def slug_fault(slug: str) -> str | None:
    """Why a slug cannot stand in a path and in an address, None if it can."""
    if bad := _SLUG_TAKES_NO.search(slug):
        return "white space may not stand in it" if bad[0].isspace() else f"`{bad[0]}` may not stand in it"
    if slug.startswith(".") or slug.endswith("."):
        return "it begins or ends with a dot"
    if ".." in slug:
        return "`..` may not stand in it"
    if _RESERVED.fullmatch(slug.casefold()):
        return "that name is reserved"
    if len(slug.encode()) > _LONGEST_SLUG:
        return f"it has more than {_LONGEST_SLUG} bytes"
    return None


def read_hue(written: str) -> tuple[int | None] | None:
    name = written.lower()
    if name in HUES:
        return (HUES[name],)
    if (number := _HUE.fullmatch(name)) and int(number[1]) < 360:
        return (int(number[1]),)
    if not _HEX.fullmatch(name):
        return None
    digits = name[1:] if len(name) == 7 else "".join(digit * 2 for digit in name[1:])
    red, green, blue = bytes.fromhex(digits)
    if max(red, green, blue) - min(red, green, blue) < _NEUTRAL_BELOW:
        return (None,)
    return (round(colorsys.rgb_to_hsv(red, green, blue)[0] * 360) % 360,)


def _about_as_long(vocabulary: Vocabulary, length: int) -> list[str]:
    """The keys that one of this length may be near: none that is much shorter or longer."""
    lengths = range(length * _NEAR // (200 - _NEAR), length * (200 - _NEAR) // _NEAR + 1)
    return [known for known in vocabulary.by_key if len(known) in lengths]


def _advice(key: str, vocabulary: Vocabulary, choices: Iterable[str]) -> str:
    """What to write instead of a spelling with an unknown key: the nearest of `choices`, if one is near."""
    near = process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return f"write `{vocabulary.by_key[near[0]].label}`, or add it" if near else f"add it to {vocabulary.path}"


def unknown_keypoints(
    sources: Iterable[tuple[str, Digest]], vocabulary: Vocabulary, level: str, labels: LabelVocabulary = DEFAULT_LABELS
) -> Iterator[Finding]:
    """Yield PD601 for each place of a keypoint that the vocabulary does not know; none without a file. `level` is one of `LEVELS` of the options."""
    if level not in _SEVERITIES or not vocabulary.path:
        return
    advice: dict[str, str] = {}
    choices = cache(partial(_about_as_long, vocabulary))
    for text, digest in sources:
        if all(vocabulary.entry(name) for paper in digest.papers for name in paper.keypoints or ()):
            continue
        for mention in mentions(text, digest, labels):
            written = mention.written
            if not vocabulary.entry(written):
                if written not in advice:
                    key = keypoint_key(written)
                    offers = choices(len(key)) if len(advice) < _MOST_OFFERS else ()
                    advice[written] = _advice(key, vocabulary, offers)
                seen, place = (written, vocabulary.path), (mention.line, mention.column)
                found = finding("PD601", digest.path, *place, *seen, advice=advice[written])
                yield replace(found, level=_SEVERITIES[level])
