"""The links of a paper, and what its meta line says: links, date, venue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..records import Link, address_kind
from .dates import Found, find_date
from .headings import without_links
from .inline import read_inline, safe_url
from .venues import said_venue

_KINDS_OF_TEXT = (
    ("code", re.compile(r"^\W*(?:code|github|repo(?:sitory)?|代码)\W*$", re.IGNORECASE)),
    ("project", re.compile(r"^\W*(?:project|homepage|website|demo|page|项目)(?:\s+page)?\W*$", re.IGNORECASE)),
    ("pdf", re.compile(r"^\W*pdf\W*$", re.IGNORECASE)),
)
_OF_ANOTHER = re.compile(
    r"\W*(?:(?:a |the |our |its )?(?:surveys?|base(?:d on|line|lines)?(?: (?:model|paper))?|back-?bone|teacher|related(?: (?:work|paper)s?)?|"
    r"(?:previous|prior|earlier|original|former) (?:work|paper|version)|follow[- ]?ups?|extension|extended by|extends|builds on|cf|see also|compare|"
    r"data(?:sets?| ?sets?)?|benchmarks?|weights?|models?|checkpoints?|leader-?board)"
    r"|综述|基线|数据集?|模型|相关工作|前作|サーベイ|データセット|モデル|関連研究)\W*\Z",
    re.IGNORECASE,
)
"""The words of a link that leads to something else than the paper."""
NESTED_TARGET = re.compile(r"\]\(\[[^\[\]\n]*\]\((?P<url>[^()\s]+)\)\)")
"""A target that is a link itself, as some programs write it: `[Title]([https://…](https://…))`."""
_BARE_URL = re.compile(
    r"\[\s*(https?://[^\s\[\]<>]+)\s*\]|<(https?://[^\s<>]+)>|(?<![\[<\"'])(https?://[^\s\[\]<>\"'`；，。、（）]+)"
)
_SPACED_LINK = re.compile(r"\[([^\[\]\n]*)\]\(\s*(https?://[^\s()]+)\s[^()\n]*\)")
_PICTURE = re.compile(r"!\[[^\[\]]*\][\[(]|<img\b", re.IGNORECASE)
_LINKED = re.compile(r"\[!\[[^\[\]]*\]\([^()]*\)\]\([^()]*\)")
_TAGS = re.compile(r"\\?\[\s*([^\[\]\s\\](?:[^\[\]\n\\]*[^\[\]\s\\])?)\s*\\?\](?!\()")
_BRACKETED = re.compile(r"\\?\[[^\[\]\n]*\\?\](?!\()")
_SENTENCE = "?!.,:;*_~'，。；：、）"
_WORDS_IN_A_META_LINE = 4


def link_kind(url: str, text: str = "") -> str:
    found = address_kind(url)
    return found or next((kind for kind, shape in _KINDS_OF_TEXT if shape.search(text)), "other")


def read_links(source: str, references: dict[str, Any]) -> list[Link]:
    """The links of a meta line in order, bare addresses too; empty ones dropped, targets trimmed."""
    if "[" not in source and "://" not in source:
        return []
    found: dict[str, str] = {}
    source = NESTED_TARGET.sub(r"](\g<url>)", source)
    for text, url in read_inline(source, references).links:
        if url and not url.startswith("#") and safe_url(url):
            found.setdefault(url, text)
    if source.count("://") <= len(found):  # each address is a link already
        return [_link(url, text) for url, text in found.items()]
    for text, url in _SPACED_LINK.findall(source):
        found.setdefault(url, text)
    for match in _BARE_URL.finditer(without_links(source)):
        found.setdefault((match[1] or match[2] or bare_url(match[3])).strip(), "")
    order = {url: source.find(url) % (len(source) + 1) for url in found}  # not found: last
    return [_link(url, found[url]) for url in sorted(found, key=lambda u: order[u])]


def _link(url: str, text: str) -> Link:
    return Link(link_kind(url, text), url, not _OF_ANOTHER.match(text))


def bare_url(url: str) -> str:
    """A bare address without the signs of the sentence around it. Source: GitHub Flavored Markdown, section 6.9."""
    url = url.rstrip(_SENTENCE)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(_SENTENCE)
    return url


def is_meta(source: str) -> bool:
    """Whether a text below a title is a meta line: tags, dates and links, and hardly a word or picture beside them."""
    if "[" not in source and "://" not in source and not find_date(source):
        return False
    if _PICTURE.search(_LINKED.sub("", source)):
        return False
    rest = without_links(source)
    rest = _BARE_URL.sub(" ", rest)
    rest = _BRACKETED.sub(" ", rest)
    if rest == source and not find_date(source):
        return False
    return len(re.findall(r"\w+", rest)) <= _WORDS_IN_A_META_LINE


def meta_date(sources: Iterable[str]) -> Found | None:
    return next((found for source in sources if (found := find_date(without_links(source)))), None)


def meta_venue(sources: Iterable[str]) -> str | None:
    """The first tag that says where a paper came out; or the first piece of text beside tags and links that does, with the year."""
    texts = [without_links(source) for source in sources]
    tag = next((venue for text in texts for tag in _TAGS.findall(text) if (venue := said_venue(tag))), None)
    beside = (said_venue(_BRACKETED.sub(" | ", text), dated=True, bracketed=True) for text in texts)
    return tag or next(filter(None, beside), None)
