"""Labels: what they mean, by the words of all languages and of the site, and what they look like in Markdown."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ..languages import digest_words
from ..records import Label

KEYPOINTS = "keypoints"
"""The field whose value is a list of keypoints."""

FIELD_LABELS = digest_words("fields")
"""The fields of a paper that are known, and every spelling that means one, its canonical spelling first."""

FACT_LABELS = digest_words("facts")
"""What else labels, table columns and front matter say of a paper, and every spelling that means it."""

_ASIDE = re.compile(r"(?<=\S)\s*[(（][^()（）]{1,24}[)）]\s*\Z")
_HEADINGS = ("authors", "venue", "category", "institutions")
_SIMILAR = 0.85
_LONGEST = 80

SIGNS = r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u23FF\u25A0-\u27BF\u2B00-\u2BFF\uFE0E\uFE0F\u200D\u20E3\u2022\u25CF\u00A9\u00AE]"
"""Emoji and other pictures of letters' size."""

_BEFORE = rf"(?:{SIGNS}|:[a-z0-9_+-]{{2,40}}:(?=\s)|<(?:font|span|b|strong|em|i|u|kbd|small)\b[^<>\n]{{0,200}}>|[ \t\u00a0]){{0,20}}"
_AFTER = r"(?:</(?:font|span|b|strong|em|i|u|kbd|small)>|[ \t\u00a0]){0,20}"
_COLONS = r"[:：]"
_DECORATED = (
    # code, the colon inside, outside, or missing
    re.compile(
        rf"(?P<before>{_BEFORE})(?P<mark>`+)[ \t]{{0,9}}(?P<name>[^`\s](?:[^`\n]{{0,78}}[^`\s])?)[ \t]{{0,9}}(?P=mark)(?!`)"
        rf"[ \t]*(?P<colon>{_COLONS}?)"
    ),
    # bold or italic, the colon inside, outside, or missing
    re.compile(
        rf"(?P<before>{_BEFORE})(?P<mark>\*{{1,3}}|_{{1,3}})(?P<inner>{_BEFORE})(?P<name>[^\s*_<>][^*_<>\n]{{0,79}}?){_AFTER}(?P=mark)"
        rf"{_AFTER}(?P<colon>{_COLONS}?)"
    ),
    # code that is never closed: the colon ends it
    re.compile(rf"(?P<before>)`(?P<mark>)[ \t]*(?P<name>[^`\n:：]{{1,40}})(?P<colon>{_COLONS})(?=[^`]*\Z)"),
)
_PLAIN = re.compile(
    rf"(?P<before>{_BEFORE})(?P<name>[^\W\d_](?:[^\n:：*_`<>\[\]{{}}|!?\"\\]{{0,38}}[^\s:：*_`<>\[\]{{}}|!?\"\\(（])?){_AFTER}"
    rf"(?P<colon>{_COLONS})(?!//)"
)
_ONE_RUN = re.compile(
    rf"(?P<start>{_BEFORE}(?P<mark>\*\*|__)(?P<name>[^*_`<>\n:：]{{1,40}}){_COLONS})(?P<value>[^*_\n]*[^*_\s])(?P=mark)(?!\*)"
)
_MAY_BEGIN = re.compile(rf"[`*_<]|{SIGNS}|[^\n:：]{{1,60}}{_COLONS}")
_ENDS_THE_LINE = re.compile(r"[ \t]*(?:\\?\n|!\[|<|\Z)")
_LETTER = re.compile(r"[^\W\d_]")
_COLON = re.compile(_COLONS)
_HTML_TAG = re.compile(r"<[^>]*>")


class LabelVocabulary:
    """The spellings that are known, and what each means."""

    def __init__(
        self, added: Mapping[str, Sequence[str]] | None = None, keypoint_fields: Sequence[str] = (KEYPOINTS,)
    ) -> None:
        """Take the spellings that a site adds, by field, and the fields that give keypoints.

        A field that is not known becomes a new one, its first spelling the canonical one. A spelling that is known already
        means what the site says.
        """
        known = {name: list(spellings) for name, spellings in (FACT_LABELS | FIELD_LABELS).items()}
        for wanted, spellings in (added or {}).items():
            known.setdefault(wanted if wanted in known else _slug(wanted), []).extend(spellings or [wanted])
        self.fields = {name: spellings for name, spellings in known.items() if name not in FACT_LABELS}
        self._meanings = {_key(one): name for name, spellings in known.items() for one in (name, *spellings)}
        self._meanings |= {_key(s): self._meanings[_key(name)] for name, own in (added or {}).items() for s in own}
        self._own = frozenset(_key(spelling) for spellings in (added or {}).values() for spelling in spellings)
        self._near = [key for key, name in self._meanings.items() if name in self.fields and key.isascii()]
        self.keypoint_fields = frozenset(self._meanings.get(_key(name), _slug(name)) for name in keypoint_fields)
        self._key = (tuple(sorted((name, tuple(own)) for name, own in (added or {}).items())), self.keypoint_fields)
        self.meaning = lru_cache(maxsize=16_384)(self._meaning)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelVocabulary) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def known(self, written: str) -> str | None:
        """The canonical name of what a label means, if it is spelt as one is; None if not."""
        meaning = self.meaning(written)
        return meaning[0] if meaning and meaning[1] else None

    def of_heading(self, written: str) -> str | None:
        """The canonical name of the field or fact whose value stands below such a heading; `Code` and `Date` head other things."""
        name = self.known(written)
        return name if self.is_field(name) or name in _HEADINGS else None

    def is_own(self, written: str) -> bool:
        """Whether a label is one that the site added."""
        return bool(self._own) and _key(written) in self._own

    def is_field(self, name: str | None) -> bool:
        """Whether a canonical name is that of a field of papers, and not of a fact such as their authors."""
        return name in self.fields

    def spelling(self, name: str) -> str:
        """The canonical spelling of a field or fact."""
        return (self.fields.get(name) or FACT_LABELS.get(name) or [name])[0]

    def _meaning(self, written: str) -> tuple[str, bool] | None:
        """Find the canonical name and whether the spelling is a known one.

        A field of six letters or more may be one slip off (difflib's ratio of 0.85).
        """
        if len(written) > _LONGEST:
            return None
        for key in (_key(written), _key(_ASIDE.sub("", written))):
            if key in self._meanings:
                return self._meanings[key], True
        if not 6 <= len(key) <= 24:
            return None
        near = difflib.get_close_matches(key, self._near, n=1, cutoff=_SIMILAR)
        return (self._meanings[near[0]], False) if near else None


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_") or name


DEFAULT_LABELS = LabelVocabulary()
"""What is known without a site's options."""


def read_label(text: str, labels: LabelVocabulary) -> Label | None:
    """Read the label that inline Markdown begins with: a decorated name with a colon, or a known one alone on its line; a plain name must be known and have one."""
    if not _MAY_BEGIN.match(text):
        return None
    if not text[:1].isalpha():  # neither a mark nor what may stand before one is a letter
        for shape in _DECORATED:
            if match := shape.match(text):
                return _decorated(match, text, labels)
    match = _PLAIN.match(text)
    if match is None:
        return None
    name, sign = match["name"], match["before"].strip()
    known = labels.known(name)
    if known is None and (not sign or len(name.split()) > 4):
        return None
    look = "sign" if sign else "plain"
    return Label(known, name, _shown(sign, name), match.end(), look, own=labels.is_own(name))


def _decorated(match: re.Match[str], text: str, labels: LabelVocabulary) -> Label | None:
    written = match["name"].rstrip()
    inside = written[-1:] in (":", "：")
    written = written[:-1] if inside else written
    colon = bool(inside or match["colon"])
    if not (colon or _ENDS_THE_LINE.match(text, match.end())) or not _LETTER.search(written) or _COLON.search(written):
        return None
    look = "code" if "`" in match[0] else "bold" if len(match["mark"]) > 1 else "italic"
    meaning = labels.meaning(written)
    name, exact = meaning or (None, False)
    if not exact and (not colon or look == "italic" or (meaning is None and len(written.split()) > 6)):
        return None
    # Behind `Label:` a second colon belongs to the value (`:smile:`).
    value = match.start("colon") if inside else match.end()
    bare = written.strip()
    shown = _shown(match["before"] + (match.groupdict().get("inner") or ""), bare)
    return Label(name, bare, shown, value, look, exact and written == written.rstrip(), labels.is_own(written))


def part_one_run(text: str, labels: LabelVocabulary) -> str:
    """`**Main category: cs.CL**`, label and value in one bold run, as `**Main category:** cs.CL`; any other text as it is."""
    match = _ONE_RUN.match(text) if "**" in text or "__" in text else None
    if match is None or labels.known(match["name"].strip()) is None:
        return text
    return f"{match['start']}{match['mark']} {match['value'].strip()}{text[match.end() :]}"


def _shown(before: str, name: str) -> str:
    return f"{_HTML_TAG.sub('', before).strip()} {name}".strip()
