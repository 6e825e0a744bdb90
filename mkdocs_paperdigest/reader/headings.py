"""What a heading is: a month, a part of the page's structure, or a name; and where a title's tail begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .dates import Found, find_date
from .inline import read_inline

_STRUCTURE = frozenset(
    (
        "introduction intro overview papers paper list index paperlist paperlists paperslist listofpapers contents "
        "content toc tableofcontents tableofcontent 目录 目錄 目次 简介 簡介 论文列表"
    ).split()
)
_WORDS_BESIDE_A_MONTH = 4
LINK = re.compile(r"(?<!\\)!?\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_CODE_TAG = r"`{1,9}\s{0,9}\[[^`\n]*\]\s{0,9}`{1,9}"
_BRACKETED_LINK = r"(?<!!)\\?\[\s*!?\[[^\[\]\n]*\]\([^()\n]*\)\s*\\?\]"
_TAG = r"(?<!!)\\?\[[^\[\]\n]*\\?\](?!\()"
_PLAIN_LINK = r"(?<!!)\[[^\[\]\n]*\]\([^()\n]*\)"
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d\d"
_ISO = rf"{_YEAR}\s*[-./年]\s*\d{{1,2}}(?:\s*[-./月]\s*\d{{1,2}}日?|月)?"
_WORDED = (
    rf"(?:{_MONTHS}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?{_YEAR}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS},?\s+{_YEAR})"
)
_DATE = (
    rf"[(（]\s*(?:{_ISO}|{_WORDED}|{_YEAR}(?:0[1-9]|1[0-2]))\s*[)）]"
    rf"|`{{1,9}}\s{{0,9}}{_ISO}\s{{0,9}}`{{1,9}}"
    rf"|(?<=\s){_ISO}(?=\s*\Z)|(?<=[,|:–—-]\s){_WORDED}(?=\s*\Z)"
)
_TAIL_PIECE = re.compile(rf"{_CODE_TAG}|{_BRACKETED_LINK}|{_PLAIN_LINK}|{_TAG}|{_DATE}")
# What may stand between the pieces of a tail, and between it and the title.
_SIGNS = " \t\u00a0|/·•,，、;；:-–—()（）"
_SIGNS_BEFORE = " \t\u00a0|/·•,，;；、:-–—(（"
_ATTRIBUTES = re.compile(r"\s*\{:?\s*[#.][^{}\n]*\}\s*\Z")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's Markdown cut in two, and the plain text of the first part, which is the title."""

    text: str
    title: str
    tail: str


def split_heading(source: str, references: dict[str, Any]) -> Heading:
    """Cut a heading's Markdown before its tail of tags, dates and links.

    A heading that is nothing but a link, or a number and a link, has the link's text as its title.
    """
    source = source.strip()
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


def without_links(source: str) -> str:
    """Inline Markdown with its links and pictures taken out: words in links never count as dates."""
    return LINK.sub(" ", source)


def month_of(heading: Heading) -> Found | None:
    """The month that a heading stands for; None if it names none, or says too much beside it."""
    # A date among the tags of a title is that title's own: `### Kelp [2024.5]` is no month.
    source = heading.title if re.search(r"[\[`]", heading.tail) else heading.title + heading.tail
    text = read_inline(without_links(source)).text
    found = find_date(text)
    if found is None:
        return None
    return found if len(_words_beside(text, found)) <= _WORDS_BESIDE_A_MONTH else None


def is_place(heading: Heading) -> bool:
    """Whether a heading is nothing but a month or a name for what follows, and so never a paper."""
    found = find_date(heading.text)
    return is_structure(heading.text) or (found is not None and not _words_beside(heading.text, found))


def _words_beside(text: str, found: Found) -> list[str]:
    return re.findall(r"\w+", text[: found.start] + " " + text[found.end :])


def is_structure(text: str) -> bool:
    """Whether a heading only says what part of the page follows (Introduction, PaperList, Table of Contents)."""
    return "".join(c for c in text.casefold() if c.isalnum()) in _STRUCTURE
