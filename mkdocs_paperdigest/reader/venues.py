"""Where a paper came out: names of conferences and journals, and whether a text says that the paper came out there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..languages import digest_words
from ..support import read_table

_NAMES = read_table(__package__, "venues.toml", dict[str, Any])
_CAPITALS = r"(?-i:(?: (?:(?:and|of|for|in|on|the|&) )*[A-Z][\w-]*)+)"
VENUE = re.compile(
    rf"\b(?:(?:IEEE |ACM )?(?:Transactions o[nf]|(?:International )?Journal o[nf])(?: the)?{_CAPITALS}|npj{_CAPITALS}|"
    rf"{'|'.join(_NAMES['journals'])}|(?:IEEE |ACM )?(?:{'|'.join(_NAMES['short'])}|(?-i:{'|'.join(_NAMES['words'])})))"
    r"(?:[ -]?['’]?\d{2,4})?\b",
    re.IGNORECASE,
)
"""The name of a known conference or journal, with its year. Those that are words, too, are known by their capitals."""

_TOPIC = re.compile(r"Nature|Science")
"""A name that a tag may mean as a topic, so that it says nothing alone."""
_PHRASES = digest_words("phrases")
_NOT_THERE = re.compile("|".join(_PHRASES["not_published"]), re.IGNORECASE)
_ANOTHER = re.compile("|".join(_PHRASES["another_paper"]), re.IGNORECASE)
"""What stands before a venue that published something else than this paper, or nothing."""
_CONTEST = re.compile(r"\b(?:challenge|competition|place|winner|winning|solution)\b", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:accepted|accept|published|publication|to appear|appears|appeared|appearing|presented)\b"
    r"(?: to (?:appear|be (?:presented|published)))?(?:(?: (?:for|as) [^.;,]{1,60}?)?[\s:]+(?:at|in|to|by|on|@)\s+|[\s:]+(?:for\s+)?)"
    r"|(?:发表于|发表在|收录于|录用于|接收于|被)\s*",
    re.IGNORECASE,
)
_NAMED = (
    r"(?:(?:[A-Z][\w/&'’-]*|on|of|and|for|in)\s+){0,8}Workshops?\b(?: (?:on|for|of) [^.;]{1,80}?)?[\s,]*(?:\b(?:at|in|of)\b|@|,|\()\s*"
    r"|(?:(?:[A-Z][\w/&'’-]*|\d\w*)\s+){0,6}(?:Conference|Symposium) (?:on|of|for) [^.;()]{1,90}\(\s*"
)
_BEFORE = re.compile(
    rf"(?P<lead>[^\w(]*(?:(?i:in|at|the)\s+)*)(?:(?P<named>{_NAMED})|(?i:(?:(?:the|of|proc\.?|proceedings|findings|main|conference|annual|"
    r"\d{1,2}(?:st|nd|rd|th)|IEEE(?:/CVF|/RSJ)?|ACM|(?:19|20)\d\d|oral|spotlight|poster|highlight|best|paper|award)[\s,:(@-]+)*))(?i:the\s+)?"
)
_YEAR = r"(?:19|20)\d\d|['’]\d\d"
_AFTER = re.compile(
    r"(?:[\s,:()/–—-]+(?:oral|spotlights?|highlights?|posters?|papers?|awards?|candidate|finalist|best|student|honou?rable mention|main|"
    r"conference|track|findings|demos?|demonstrations?|systems?|industry|tiny|short|long|full|datasets?|benchmarks?|and|&|D&B|"
    r"camera[ -]ready|accepted|accept|version|presentation|talk|proceedings|companion|extended abstracts?|late[ -]breaking|"
    rf"blog ?posts?|position|doctoral consortium|research|applied|regular|top[ -]\d+%|{_YEAR}|\([A-Z][A-Za-z-]{{1,9}}(?:[ '’-]*\d{{2,4}})?\))(?!\w))*"
    r"(?:\s*(?:已接收|接收|录用|收录|论文|中稿|採択|発表)|"
    r"(?P<workshop>[\s,:(@/–—-]*(?-i:(?:[A-Z][\w/&'’-]*\s+){0,6})\bworkshops?\b[^.;]{0,100}))?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:\Z|[.,;:()\[\]|/–—-]|(?:as|with|for|on|in|at|by|this|project|code|see|we|our|\d+|收录|接收|录用)\b)"
)
_SENTENCES = re.compile(r"[;；。\n|*`]|(?<=\w\w)\.\s|\s[-–—·]\s")
_PARTS = re.compile(r"[,，、]")
_BRACKETS = re.compile(r"[,，、()（）【】\[\]]")
_AT_ITS_END = re.compile(r"(?:\s*(?:已?接收|录用|收录|论文|中稿|採択|発表))?[^\w)]*\Z")
_WORD = re.compile(r"\w")
_DIGITS = re.compile(r"\d\d")
_LONGEST = 400


def said_venue(text: str, *, dated: bool = False, bracketed: bool = False) -> str | None:
    """Find the venue that a paper came out at: after "accepted at" or the like, or alone between commas (`bracketed`: brackets too); never submissions, styles, earlier papers."""
    if not VENUE.search(text):
        return None
    if not dated and (found := _whole(text)):
        return found
    for sentence in _SENTENCES.split(text):
        for found in _in_sentence(sentence[:_LONGEST], bracketed=bracketed):
            if not dated or _DIGITS.search(found):
                return found
    return None


def _in_sentence(sentence: str, *, bracketed: bool) -> Iterator[str]:
    if not VENUE.search(sentence):
        return
    for said in _SAID.finditer(sentence):
        if _NOT_THERE.search(sentence[: said.end()]) or _ANOTHER.search(sentence[: said.start()]):
            continue
        if found := _begins_with_venue(sentence[said.end() :]):
            yield found
    if _NOT_THERE.search(sentence):
        return
    for cut in (None, _PARTS, _BRACKETS if bracketed else None):
        for part in cut.split(sentence) if cut else [sentence]:
            if found := _whole(part):
                yield found


def _whole(text: str) -> str | None:
    start, end = _bounds(text) if len(text) <= _LONGEST else (0, 0)
    if not end or _WORD.search(text, end) or _NOT_THERE.search(text) or _SAID.match(text):
        return None
    found = _trimmed(text[start:])
    return None if _TOPIC.fullmatch(found) else found


def _begins_with_venue(text: str) -> str | None:
    start, end = _bounds(text)
    if not end or not _GOES_ON.match(text, end) or _NOT_THERE.search(_PARTS.split(text[end:])[0]):
        return None
    return _trimmed(text[start:end])


def _bounds(text: str) -> tuple[int, int]:
    """Where the first venue of a text begins and ends, words such as `Proc. of` and `Findings` included; (0, 0) if the text begins otherwise."""
    name = VENUE.search(text)
    before = name and _BEFORE.fullmatch(text, 0, name.start())
    after = name and _AFTER.match(text, name.end())
    if not before or not after or _CONTEST.search(after["workshop"] or ""):
        return 0, 0
    return before.end("lead"), after.end()


def _trimmed(text: str) -> str:
    text = _AT_ITS_END.sub("", " ".join(text.split()))
    if text.count(")") > text.count("("):
        text = text.removesuffix(")")
    return text + ")" * (text.count("(") > text.count(")"))
