"""What is wrong with the spelling of keypoints in their sources, and how it is certainly mended."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from msgspec import structs

from ..keypoints import Vocabulary, VocabularyEntry, has_cjk
from ..reader import DEFAULT_LABELS, LabelVocabulary, Lines, Mention, mentions, read_digest, split_keypoints
from ..records import Digest, Finding, Fix, Section, finding
from ..support import keypoint_key

_BLANK = r"[ \t\u00a0\u2007\u202f]"
_SEPARATOR = r"[;；,，、]"
_FULL_WIDTH = frozenset("；，、")
_COMMAS = frozenset(",，、")
# A separator, between what closes the look of one name and opens that of the next.
_BETWEEN = re.compile(rf"[\]*_~`]*(?P<core>{_BLANK}*(?:{_SEPARATOR}{_BLANK}*)+)[\[*_~`#]*")
_BEHIND = re.compile(rf"{_BLANK}*(?:{_SEPARATOR}{_BLANK}*)+(?=[\r\n]|\Z)")
_BLANKS = re.compile(rf"{_BLANK}+")
_LINE_END = re.compile(r"[\r\n]")
_EAST_ASIAN = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~$\r\n]|\A[#!]")
_MOST_READINGS = 64


def fixed(text: str, fixes: Iterable[Fix]) -> str:
    """Apply fixes; of two that overlap the second is left for the next round."""
    parts, end = [], 0
    for fix in _apart(fixes):
        parts += [text[end : fix.start], fix.text]
        end = fix.end
    return "".join([*parts, text[end:]])


def safe(
    text: str, fixes: Iterable[Fix], path: str, vocabulary: Vocabulary, labels: LabelVocabulary = DEFAULT_LABELS
) -> list[Fix]:
    """Keep the fixes that change only keypoints to their labels, proved by reading the text again, at most `_MOST_READINGS` times."""
    rest, names = _read(text, path, labels)
    kept: list[Fix] = []
    pending = [_apart(fixes)]
    for _ in range(_MOST_READINGS):
        if not pending:
            break
        some = pending.pop()
        if not some:
            continue
        rest_now, names_now = _read(fixed(text, [*kept, *some]), path, labels)
        if rest_now == rest and all(
            a == b or _is_label(b, a, vocabulary) for a, b in zip(names, names_now, strict=True)
        ):
            kept += some
        elif len(some) > 1:
            half = len(some) // 2
            pending += [some[half:], some[:half]]
    return _apart(kept)


def _apart(fixes: Iterable[Fix]) -> list[Fix]:
    chosen: list[Fix] = []
    for fix in sorted(fixes, key=lambda fix: (fix.start, fix.end)):
        if not chosen or fix.start >= chosen[-1].end:
            chosen.append(fix)
    return chosen


def _read(text: str, path: str, labels: LabelVocabulary) -> tuple[object, list[str]]:
    """What a text says without the spelling of its keypoints, and these in their order."""
    digest, findings = read_digest(text, path, labels)
    lists = [
        names
        for section in digest.sections
        for names in (section.paper.keypoints, *(value.names for value in section.values))
    ]
    rest = (
        [_without_keypoints(section, labels) for section in digest.sections],
        digest.references,
        [(found.code, found.line) for found in findings],
        [names if names is None else len(names) for names in lists],
    )
    return rest, [name for names in lists for name in names or ()]


def _without_keypoints(section: Section, labels: LabelVocabulary) -> tuple[object, ...]:
    given = labels.keypoint_fields
    fields = tuple(structs.replace(field, text="") if field.name in given else field for field in section.paper.fields)
    values = [
        (value.label.name, value.label.written, value.text if value.names is None else "") for value in section.values
    ]
    said = (section.start, section.end, section.title, section.tail, section.meta, section.unsaid, section.shape)
    return (structs.replace(section.paper, keypoints=None, fields=fields), values, *said)


def _entry(written: str, vocabulary: Vocabulary) -> VocabularyEntry | None:
    """The entry whose label, alias or slug a spelling is; acronyms that were learnt are none of them."""
    return vocabulary.by_key.get(keypoint_key(written))


def _is_label(name: str, written: str, vocabulary: Vocabulary) -> bool:
    entry = _entry(written, vocabulary)
    return entry is not None and " ".join(entry.label.split()) == name


def list_findings(text: str, digest: Digest, labels: LabelVocabulary = DEFAULT_LABELS) -> Iterator[Finding]:
    """Findings of the lists of keypoints, as they are written.

    PD605: separators other than `; ` or `, `, or a full-width list with a CJK name. PD606: more than one blank, a tab or a no-break
    space in a name, behind a separator, or behind a label. PD609: a comma in a name where `;` separates.
    """
    lines = Lines(text)
    for names in _lists(mentions(text, digest, labels)):
        spans: list[tuple[int, int, str]] = []
        starts = [mention.start or 0 for mention in names]
        for start, seen, wanted in _separators(text, names):
            end = start + len(seen)
            if seen.strip():
                found = finding("PD605", digest.path, *lines.place(start), seen, wanted)
                yield replace(found, fix=Fix(start, end, wanted))
            else:
                spans.append((start, end, names[bisect_left(starts, end)].written))
        for mention in names:
            assert mention.start is not None
            assert mention.end is not None
            if mention.lead and _BLANKS.fullmatch(text, *mention.lead):
                spans.append((*mention.lead, mention.written))
            if not _LINE_END.search(text, mention.start, mention.end):
                inside = _BLANKS.finditer(text, mention.start, mention.end)
                spans += [(*match.span(), mention.written) for match in inside]
        for start, end, written in sorted(spans):
            if text[start:end] != " ":
                found = finding("PD606", digest.path, *lines.place(start), written)
                yield replace(found, fix=Fix(start, end, " "))
        yield from _mixed(text, names, digest.path, lines)


def _mixed(text: str, names: Sequence[Mention], path: str, lines: Lines) -> Iterator[Finding]:
    """Names with a comma in a list that `;` parts: which of them the author meant to part is a guess."""
    signs = {sign for mention in names if mention.before for sign in text[slice(*mention.before)]}
    if not signs & {";", "；"}:
        return
    for mention in names:
        assert mention.start is not None
        raw = text[mention.start : mention.end]
        if _COMMAS.isdisjoint(raw):
            continue
        first = split_keypoints(raw)
        place = raw.find(first[0]) + len(first[0]) if len(first) > 1 else -1
        if raw[place : place + 1] in _COMMAS:
            yield finding("PD609", path, *lines.place(mention.start + place), mention.written, raw[place])


def _lists(found: Iterable[Mention]) -> Iterator[list[Mention]]:
    """Mentions whose names are in the text letter by letter, list by list."""
    names: list[Mention] = []
    for mention in found:
        if mention.before is None and names:
            yield names
            names = []
        if mention.start is not None and not mention.category:
            names.append(mention)
    if names:
        yield names


def _separators(text: str, names: Sequence[Mention]) -> Iterator[tuple[int, str, str]]:
    """Wrong separators of a list, or only the blanks after them: where each begins, what it is, and what it should be."""
    found = []
    for mention in names:
        if mention.before:
            start, end = mention.before
            line_end = _LINE_END.search(text, start, end)
            match = _BETWEEN.fullmatch(text, start, line_end.start() if line_end else end)
            if match:
                found.append((*match.span("core"), line_end is not None))
    between = len(found)
    assert names[-1].end is not None
    if match := _BEHIND.match(text, names[-1].end):
        found.append((*match.span(), True))
    # White space at the end of a line is a line break of Markdown's.
    cores = [(start, text[start:end].rstrip() if last else text[start:end], last) for start, end, last in found]
    # What stands behind the last name parts nothing, so it need not be the sign of the others.
    signs = {sign for _, core, _ in cores[:between] or cores for sign in core if not sign.isspace()}
    kept = signs <= _FULL_WIDTH and any(_EAST_ASIAN.search(mention.written) for mention in names)
    for number, (start, core, last) in enumerate(cores):
        bare, blanks = "".join(core.split()), core[len(core.rstrip()) :]
        kind = ";" if (signs if number < between else {bare[0]}) & {";", "；"} else ","
        if kept:
            wrong, wanted = len(bare) > 1, bare[0] + (" " if blanks else "")
        else:
            wrong = bare != kind or core[0].isspace() or not (blanks or last)
            wanted = kind if last else f"{kind} "
        if wrong:
            yield start, core, wanted
        elif len(blanks) > 1 or blanks.strip(" "):
            yield start + len(core) - len(blanks), blanks, " "


def alias_findings(
    text: str, digest: Digest, vocabulary: Vocabulary, labels: LabelVocabulary = DEFAULT_LABELS
) -> Iterator[Finding]:
    """PD602: known keypoints not spelt as their labels, with a fix if the label is sure to be read as one name and named once."""
    for _, group in groupby(mentions(text, digest, labels), lambda mention: id(mention.paper)):
        known = [(mention, entry) for mention in group if (entry := _entry(mention.written, vocabulary))]
        counts = Counter(entry.slug for _, entry in known)
        for mention, entry in known:
            label = " ".join(entry.label.split())
            is_same = keypoint_key(mention.written) == keypoint_key(label)
            # A name in another script is a translation, and a keypoint without a label may be written in any case.
            if (
                mention.written == label
                or (is_same and not entry.is_labelled)
                or has_cjk(mention.written) != has_cjk(label)
            ):
                continue
            found = finding("PD602", digest.path, mention.line, mention.column, mention.written, label)
            sure = not _MARKDOWN.search(label) and split_keypoints(label) == (label,)
            if mention.fixable and mention.start is not None and mention.end and sure and counts[entry.slug] == 1:
                found = replace(found, fix=Fix(mention.start, mention.end, label))
            yield found


def repeated_findings(
    text: str, digest: Digest, vocabulary: Vocabulary, labels: LabelVocabulary = DEFAULT_LABELS
) -> Iterator[Finding]:
    """PD607: keypoints that a paper names again, in one spelling or another; its category is no name of its author's."""
    for _, group in groupby(mentions(text, digest, labels), lambda mention: id(mention.paper)):
        seen: set[str] = set()
        for mention in group:
            slug = vocabulary.slug(mention.written)
            if slug in seen and not mention.category:
                yield finding("PD607", digest.path, mention.line, mention.column, mention.written)
            if not mention.category:
                seen.add(slug)


def spelling_findings(
    sources: Iterable[tuple[str, Digest]], vocabulary: Vocabulary, labels: LabelVocabulary = DEFAULT_LABELS
) -> Iterator[Finding]:
    """PD608: spellings of keypoints that the site does not know, where another spelling of the same is more frequent."""
    counts: dict[str, Counter[str]] = {}
    found: list[tuple[str, Mention]] = []
    for text, digest in sources:
        for mention in mentions(text, digest, labels):
            if not mention.category and vocabulary.entry(mention.written) is None:
                key = keypoint_key(mention.written)
                counts.setdefault(key, Counter())[mention.written] += 1
                found.append((key, mention))
    best = {key: spelt.most_common(1)[0][0] for key, spelt in counts.items()}
    for key, mention in found:
        spelt = counts[key]
        first = best[key]
        if spelt[mention.written] < spelt[first]:
            seen = (mention.written, first, spelt[first], spelt.total())
            yield finding("PD608", mention.paper.path, mention.line, mention.column, *seen)
