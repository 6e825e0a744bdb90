"""What a heading is: a month, a part of the page's structure, or a name; and where a title's tail begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..languages import digest_words
from .dates import Found, find_date
from .inline import read_inline
from .labels import SIGNS
from .venues import VENUE

_WORDS = digest_words("headings")
_ASIDE = re.compile(r"(?<!\s)\s*[(（][^()（）]*[)）]\s*\Z")
_NO_LETTERS = re.compile(r"[\W_]+")
MARKDOWN_LINK = re.compile(
    r"(?<!\\)!?\[(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
)
_CODE_TAG = r"`{1,9}\s{0,9}\[[^`\n]*\]\s{0,9}`{1,9}"
_BRACKETED_LINK = r"(?<!!)\\?\[\s*!?\[[^\[\]\n]*\]\([^()\n]*\)\s*\\?\]"
_TAG = r"(?<!!)\\?\[(?!\^)[^\[\]\n]*\\?\](?!\()"
_PLAIN_LINK = r"(?<!!)\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\([^()\n]*\)"
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d\d"
_ISO = rf"{_YEAR}\s*[-./年]\s*\d{{1,2}}(?:\s*[-./月]\s*\d{{1,2}}日?|月)?"
_WORDED = (
    rf"(?:{_MONTHS}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?{_YEAR}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS},?\s+{_YEAR})"
)
_DATE = (
    rf"[(（]\s*(?:{_ISO}|{_WORDED}|{_YEAR}(?:0[1-9]|1[0-2]))\s*[)）]"
    rf"|`{{1,9}}\s{{0,9}}{_ISO}\s{{0,9}}`{{1,9}}"
    rf"|[(（]\s*(?:{VENUE.pattern})[^()（）\n]{{0,40}}[)）]"
    rf"|(?<=\s){_ISO}(?=\s*\Z)|(?<=[,|:–—-]\s){_WORDED}(?=\s*\Z)"
)
_TAIL_PIECE = re.compile(rf"{_CODE_TAG}|{_BRACKETED_LINK}|{_PLAIN_LINK}|{_TAG}|{_DATE}")
# What may stand between the pieces of a tail, and between it and the title.
_SIGNS = " \t\u00a0|/·•,，、;；:-–—()（）"
_SIGNS_BEFORE = " \t\u00a0|/·•,，;；、:-–—(（"
_BEFORE_TITLE = re.compile(
    rf"(?:[\[(（【]\d{{1,4}}[\])）】]\s*|#?\d{{1,4}}[.)、．](?!\d)\s*|(?:\d\uFE0F?\u20E3)+\s*|{SIGNS}+\s*|[-–—•]\s+)+"
)
_LINKED_TITLE = re.compile(
    rf"(?:\[?\\?\[\d{{1,4}}\\?\]|\(\d{{1,4}}\)|\d{{1,4}}[.)、．]|{SIGNS}|[\s*_])*\[(?P<text>(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*)\]"
    r"\((?:[^()\n]|\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\))*\)[*_]*"
)
_NO_TITLE = re.compile(
    r"\W*(?:paper|pdf|arxiv|code|github|project|page|link|url|website|homepage|demo|video|back|论文|代码|链接|主页)s?(?:\s+(?:page|link))?\W*",
    re.IGNORECASE,
)
_TIME_STAMP = re.compile(r"\b(?:last\s+)?(?:updated?|modified|generated|synced)\b|更新|生成", re.IGNORECASE)
_ONLY_A_STAMP = re.compile(
    r"\W*(?:last\s+)?(?:updated?|modified|generated|synced)(?:\s+(?:on|at|time|date))?\W*"
    r"|\W*最?[后後近]?(?:更新|生成)(?:[于於]|时间|時間|日期|日時)?\W*",
    re.IGNORECASE,
)
_WORDS_OF_A_STAMP = 4
_ATTRIBUTES = re.compile(r"(?<!\s)\s*\{:?\s*[#.][^{}\n]*\}\s*\Z")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    title: str
    tail: str


def split_heading(source: str, references: dict[str, Any]) -> Heading:
    """Cut a heading's Markdown before its tail of tags, dates and links; one that begins with a link has the link's text as its title."""
    source = source.strip()
    if linked := _LINKED_TITLE.match(source):
        inside = read_inline(linked["text"], references).text
        rest = source[linked.end() :]
        if _LETTER.search(inside) and not _NO_TITLE.fullmatch(inside) and not _TAIL_PIECE.sub("", rest).strip(_SIGNS):
            return Heading(inside, source[: linked.end()], rest.rstrip())
    start, end = len(source), 0
    for piece in _TAIL_PIECE.finditer(source):
        if start == len(source) or source[end : piece.start()].strip(_SIGNS):
            start = piece.start()
        end = piece.end()
    if source[end:].strip(_SIGNS):
        start = len(source)
    head = source[:start].rstrip(_SIGNS_BEFORE) if start < len(source) else source
    text = read_inline(_ATTRIBUTES.sub("", head), references).text
    if start == len(source) or _LETTER.search(text):
        return Heading(text, head, source[len(head) :])
    whole = read_inline(source, references)
    return Heading(next((text for text, _ in whole.links if text), whole.text), source, "")


def plain_title(text: str) -> str:
    """A title without the number and the signs before it: `[3] Title`, `3. Title`, `📄 Title`."""
    match = _BEFORE_TITLE.match(text)
    bare = text[match.end() :] if match else text
    return bare if _LETTER.search(bare) else text


@lru_cache(maxsize=64)
def without_links(source: str) -> str:
    """Inline Markdown with its links and pictures taken out: words in links never count as dates."""
    return MARKDOWN_LINK.sub(" ", source) if "](" in source else source  # a meta line is asked for several times


def month_of(heading: Heading) -> Found | None:
    """The month that a heading stands for; None if it names none, or says too much beside it."""
    # A date among the tags of a title is that title's own: `### Kelp [2024.5]` is no month.
    source = heading.title if re.search(r"[\[`]", heading.tail) else heading.title + heading.tail
    text = read_inline(without_links(source)).text
    found = find_date(text)
    if found is None:
        return None
    most = 8 if found.is_span else 6 if found.date else 4  # words beside a week, a day or a month
    text = text[: found.end] + _ASIDE.sub("", text[found.end :])
    return found if len(_words_beside(text, found)) <= most else None


def is_time_stamp(said: Heading | str) -> bool:
    """Whether a text says when a page was last changed; without a day it must say nothing else: `视频生成`, `Generated Images` are categories."""
    text = said if isinstance(said, str) else said.title + said.tail
    if not _TIME_STAMP.search(text):
        return False
    found = find_date(text)
    if found is None:
        return _ONLY_A_STAMP.fullmatch(text) is not None
    is_short = isinstance(said, str) or len(_words_beside(text, found)) <= _WORDS_OF_A_STAMP
    return found.date is not None and is_short


def is_place(heading: Heading) -> bool:
    found = find_date(heading.text)
    return is_structure(heading.text) or (found is not None and not _words_beside(heading.text, found))


def _words_beside(text: str, found: Found) -> list[str]:
    return re.findall(r"\w+", text[: found.start] + " " + text[found.end :])


def is_long(text: str, words: int = 3) -> bool:
    """Whether a text has as many words, or twice as many Chinese or Japanese characters, as a title has and a name has not."""
    return len(text.split()) >= words or sum(ord(char) > 0x2E80 for char in text) >= 2 * words


def is_metadata(text: str) -> bool:
    return _NO_LETTERS.sub("", text.casefold()) in _WORDS["metadata"]


def is_structure(text: str) -> bool:
    """Whether a heading only says what part of the page follows (Introduction, PaperList, Table of Contents)."""
    text = _ASIDE.sub("", text) if "(" in text or "（" in text else text
    return _NO_LETTERS.sub("", text.casefold()) in _WORDS["structure"]
