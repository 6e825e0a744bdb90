"""What a heading is: a month, a part of the page's structure, or a name; and where a title's tail begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .dates import Found, find_date
from .inline import read_inline

_STRUCTURE = frozenset(
    [
        "introduction",
        "overview",
        "papers",
        "paper",
        "list",
        "paperlist",
        "paperlists",
        "paperslist",
        "contents",
        "content",
        "toc",
        "tableofcontents",
        "tableofcontent",
        "listofpapers",
        "index",
        "intro",
        "目录",
        "目錄",
        "目次",
        "简介",
        "簡介",
        "论文列表",
    ]
)
_WORDS_BESIDE_A_MONTH = 4
_LINK = re.compile(r"!?\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_CODE_TAG = r"`+\s*\[[^`\n]*\]\s*`+"
_BRACKETED_LINK = r"\\?\[\s*!?\[[^\[\]\n]*\]\([^()\n]*\)\s*\\?\]"
_TAG = r"\\?\[[^\[\]\n]*\\?\](?!\()"
_PLAIN_LINK = r"\[[^\[\]\n]*\]\([^()\n]*\)"
_DATE = r"[(（]\s*(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?\s*[)）]"
_TAIL = re.compile(rf"(?:\s*(?:{_CODE_TAG}|{_BRACKETED_LINK}|{_PLAIN_LINK}|{_TAG}|{_DATE}))+\s*\Z")
_TAIL_STARTS = re.compile(r"\\?\[|`|[(（]")
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
    for match in _TAIL_STARTS.finditer(source):
        if not _TAIL.match(source, match.start()):
            continue
        head = source[: match.start()].rstrip()
        text = read_inline(head, references).text
        if _LETTER.search(text):
            return Heading(text, head, source[match.start() :])
        if links := [text for text, _ in read_inline(source, references).links if text]:
            return Heading(links[0], source, "")
        break
    return Heading(read_inline(source, references).text, source, "")


def without_links(source: str) -> str:
    """Inline Markdown with its links and pictures taken out: words in links never count as dates."""
    return _LINK.sub(" ", source)


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
