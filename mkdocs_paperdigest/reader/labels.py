"""What a label looks like: code, bold, italic or plain, a sign or tag before it, its colon inside, outside or missing."""

from __future__ import annotations

import re
from functools import lru_cache

from ..records import Label
from .label_vocabulary import LabelVocabulary

SIGNS = r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u23FF\u25A0-\u27BF\u2B00-\u2BFF\uFE0E\uFE0F\u200D\u20E3\u2022\u25CF\u00A9\u00AE]"
"""Emoji and other pictures of letters' size."""

_BEFORE = rf"(?:{SIGNS}|:[a-z0-9_+-]{{2,40}}:(?=\s)|<(?:font|span|b|strong|em|i|u|kbd|small)\b[^<>\n]{{0,200}}>|[ \t\u00a0]){{0,20}}"
_AFTER = r"(?:</(?:font|span|b|strong|em|i|u|kbd|small)>|[ \t\u00a0]){0,20}"
_COLON = r"[:：]"
_DECORATED = (
    # code, the colon inside, outside, or missing
    re.compile(
        rf"(?P<before>{_BEFORE})(?P<mark>`+)[ \t]{{0,9}}(?P<name>[^`\s](?:[^`\n]{{0,78}}[^`\s])?)[ \t]{{0,9}}(?P=mark)(?!`)"
        rf"[ \t]*(?P<colon>{_COLON}?)"
    ),
    # bold or italic, the colon inside, outside, or missing
    re.compile(
        rf"(?P<before>{_BEFORE})(?P<mark>\*{{1,3}}|_{{1,3}})(?P<inner>{_BEFORE})(?P<name>[^\s*_<>][^*_<>\n]{{0,79}}?){_AFTER}(?P=mark)"
        rf"{_AFTER}(?P<colon>{_COLON}?)"
    ),
    # code that is never closed: the colon ends it
    re.compile(rf"(?P<before>)`(?P<mark>)[ \t]*(?P<name>[^`\n:：]{{1,40}})(?P<colon>{_COLON})(?=[^`]*\Z)"),
)
_PLAIN = re.compile(
    rf"(?P<before>{_BEFORE})(?P<name>[^\W\d_](?:[^\n:：*_`<>\[\]{{}}|!?\"\\]{{0,38}}[^\s:：*_`<>\[\]{{}}|!?\"\\(（])?){_AFTER}"
    rf"(?P<colon>{_COLON})(?!//)"
)
_ONE_RUN = re.compile(
    rf"(?P<start>{_BEFORE}(?P<mark>\*\*|__)(?P<name>[^*_`<>\n:：]{{1,40}}){_COLON})(?P<value>[^*_\n]*[^*_\s])(?P=mark)(?!\*)"
)
_MAY_BEGIN = re.compile(rf"[`*_<]|{SIGNS}|[^\n:：]{{1,60}}{_COLON}")
_ENDS_THE_LINE = re.compile(r"[ \t]*(?:\\?\n|!\[|<|\Z)")
_LETTER = re.compile(r"[^\W\d_]")


def read_label(text: str, labels: LabelVocabulary) -> Label | None:
    """Read the label that inline Markdown begins with: a decorated name with a colon, or a known one alone on its line; a plain name must be known and have one."""
    if not _MAY_BEGIN.match(text):
        return None
    if not text[:1].isalpha():  # neither a mark nor what may stand before one is a letter
        for shape in _DECORATED:
            if match := shape.match(text):
                return _decorated(match, text, labels)
    match = _PLAIN.match(text)
    return _plain(match["name"], match["before"], match.end(), labels) if match else None


@lru_cache(maxsize=1024)
def _plain(name: str, before: str, end: int, labels: LabelVocabulary) -> Label | None:
    sign = before.strip()
    meaning = labels.meaning(name)
    known = meaning is not None and meaning[1]
    if not known and (not sign or len(name.split()) > 4):
        return None
    shown = f"{_signs(sign)} {name}".strip()
    look = "sign" if sign else "plain"
    return Label(meaning[0] if meaning and known else None, name, shown, end, look, own=labels.is_own(name))


def _decorated(match: re.Match[str], text: str, labels: LabelVocabulary) -> Label | None:
    name = match["name"].rstrip()
    inside = name[-1:] in (":", "：")
    colon = bool(inside or match["colon"])
    if not (colon or _ENDS_THE_LINE.match(text, match.end())):
        return None
    # Behind `Label:` a second colon belongs to the value (`:smile:`).
    value = match.start("colon") if inside else match.end()
    look = "code" if "`" in match[0] else "bold" if len(match["mark"]) > 1 else "italic"
    before = match["before"] + (match.groupdict().get("inner") or "")
    return _looks_decorated(name[:-1] if inside else name, before, value, look, colon, labels)


@lru_cache(maxsize=1024)
def _looks_decorated(
    written: str,
    before: str,
    value: int,
    look: str,
    colon: bool,  # noqa: FBT001 - a part of the key of what is remembered
    labels: LabelVocabulary,
) -> Label | None:
    if not _LETTER.search(written) or ":" in written or "：" in written:
        return None
    meaning = labels.meaning(written)
    exact = meaning is not None and meaning[1]
    if not exact and (not colon or look == "italic" or (meaning is None and len(written.split()) > 6)):
        return None
    shown = f"{_signs(before)} {written.strip()}".strip()
    mended = not exact or written != written.rstrip()
    return Label(
        meaning[0] if meaning else None, written.strip(), shown, value, look, not mended, labels.is_own(written)
    )


def part_one_run(text: str, labels: LabelVocabulary) -> str:
    """`**Main category: cs.CL**`, label and value in one bold run, as `**Main category:** cs.CL`; any other text as it is."""
    match = _ONE_RUN.match(text) if "**" in text or "__" in text else None
    meaning = labels.meaning(match["name"].strip()) if match else None
    if match is None or meaning is None or not meaning[1]:
        return text
    return f"{match['start']}{match['mark']} {match['value'].strip()}{text[match.end() :]}"


def _signs(before: str) -> str:
    return re.sub(r"<[^>]*>", "", before).strip()
