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
_BRACKETED_LINK = r"\\?\[\s*!?\[[^\[\]\n]*\]\([^()\n]*\)\s*\\?\]"
_TAG = r"\\?\[[^\[\]\n]*\\?\](?!\()"
_PLAIN_LINK = r"\[[^\[\]\n]*\]\([^()\n]*\)"
_DATE = r"[(（]\s*(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?\s*[)）]"
_TAIL_PIECE = re.compile(rf"{_CODE_TAG}|{_BRACKETED_LINK}|{_PLAIN_LINK}|{_TAG}|{_DATE}")
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
        if start == len(source) or source[end : piece.start()].strip():
            start = piece.start()
        end = piece.end()
    if source[end:].strip():
        start = len(source)
    head = source[:start].rstrip()
    text = read_inline(head, references).text
    if start == len(source) or _LETTER.search(text):
        return Heading(text, head, source[start:])
    whole = read_inline(source, references)
    return Heading(next((text for text, _ in whole.links if text), whole.text), source, "")


def without_links(source: str) -> str:
    """Inline Markdown with its links and pictures taken out: words in links never count as dates."""
    return LINK.sub(" ", source)


def month_of(source: str) -> Found | None:
    """The month that a heading stands for; None if it names none, or says too much beside it."""
    text = read_inline(without_links(source)).text
    found = find_date(text)
    if found is None:
        return None
    beside = re.findall(r"\w+", text[: found.start] + " " + text[found.end :])
    return found if len(beside) <= _WORDS_BESIDE_A_MONTH else None


def is_structure(text: str) -> bool:
    """Whether a heading only says what part of the page follows (Introduction, PaperList, Table of Contents)."""
    return "".join(c for c in text.casefold() if c.isalnum()) in _STRUCTURE
