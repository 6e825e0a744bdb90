"""Facts of a paper: who wrote it, when and where it came out, and its links, from labels, columns, meta lines and front matter."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..languages import digest_words
from ..records import Link, Value, address_kind, first_class
from .dates import Found, find_date
from .fields import is_empty, split_keypoints
from .headings import without_links
from .inline import INVALID_CHARACTERS, read_inline, safe_url
from .labels import LabelVocabulary
from .venues import VENUE, said_venue

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]{1,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
ARXIV_ID = re.compile(rf"(?<![\w./]){_ID}(?![\w/])")
"""An identifier of arXiv, old or new. Source: https://info.arxiv.org/help/arxiv_identifier.html"""

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\[\]{}|]+[^\s\"<>\[\]{}|.,;:)]")
"""A DOI. Source: https://www.crossref.org/blog/dois-and-matching-regular-expressions/"""

_MARKS = "⁰¹²³⁴-⁹"
_BLANKS = r"(?:(?<!\s)\s+)?"
"""White space before a sign; only from where it begins, or a search would begin at each blank of it anew."""
_AND = re.compile(
    rf"{_BLANKS}(?:[;；,，、\n]|(?<=[\w.)])\s+(?:and|&|和)\s+|\s·\s|\s\|\s)\s*(?:and\s+|&\s*)?", re.IGNORECASE
)
_NOT_OF_A_NAME = re.compile(
    rf"{_BLANKS}(?:\^\S+|[*†‡§¶{_MARKS}]+|\((?:[^()]*)\)|（[^（）]*）|(?<!\d)(?<!\d,)\d+(?:,\d+)*\Z)"
)
_GROUP_BEFORE = re.compile(
    r"\A([^,;:：\n]{0,60}\b(?:team|group|collaboration|consortium|community|labs?|initiative|project|deepmind|(?-i:AI|AGI|FAIR))\b"
    r"[^,;:：\n]{0,40}?)\s*[:：]\s*(?=[^\s,])",
    re.IGNORECASE,
)
"""A group before the names of its people: `Qwen Team: Ada Moss, Bo Li`."""
_FAMILY_FIRST = re.compile(r"[^,;]+,(?:\s*(?:Jr|Sr|II|III|IV)\.?\s*,)?[^,;]+(?:,\s*(?:Jr|Sr|II|III|IV)\.?\s*)?")
# What a list of names has that is more than names with commas between.
_INTRICATE = re.compile(
    rf"[^\w\s,.'’-]|[\d_{_MARKS}]|\b(?:and|et|others|etc|none|null|n/a)\b|等|ら|无|なし|和|,\s*(?:Jr|Sr|II|IV|[A-Z]\.)|\.\s*(?:,|\Z)|\.\.",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\A(?:Authors?|作者|著者)\s*[:：]\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"{_BLANKS}(?:\([^(),，;；]*[,，;；][^()]*\)|（[^（）,，;；、]*[,，;；、][^（）]*）)")
_TOGETHER = chr(0xFFFF)
# `Reed, Jr.` and `van den Berg, J.` are one name each; the sign keeps them together.
_BEHIND_A_COMMA = re.compile(r",\s*((?:Jr|Sr)\b\.?|II|III|IV|(?:[A-Z]\.[ -]?)+(?=\s*(?:[,;]|and\b|&|\Z)))")
_ENDS_WITH_INITIAL = re.compile(r"(?:\b[^\W\d_a-z]|\b[JS]r)\.\Z")
_MORE = r"\d{1,5}\s(?:(?:more|additional|other|further)\s)?(?:authors?|others|more|people)(?:\snot\sshown)?"
_OTHERS = re.compile(
    r"[\s,;]{0,9}(?:(?:\bet\.?\s*al\b\.?|\band (?:many )?others\b|\betc\b\.?|等(?:\d{0,5}人)?|ら|…|\.\.\.)"
    rf"(?:\s*\({_MORE}\))?|(?:\band\s|&\s?|\+\s?)?{_MORE}|\({_MORE}\))[\s.]{{0,9}}\Z",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][^\d\n:：;!?=<>{}\[\]/\\@#]{0,59}")
_PRIMARY = re.compile(r"main|primary|主", re.IGNORECASE)
_SUBMITTED = re.compile(r"submi|投稿|提交", re.IGNORECASE)
_MOST_TEXTS = 500
_DEEPEST = 4
LINK_FACTS = ("link", "arxiv", "doi", "code", "project", "resource")
"""The facts that are links."""
_KIND_OF_LABEL = {"arxiv": "arxiv", "doi": "doi", "code": "code", "project": "project"}


_KINDS_OF_TEXT = (
    ("code", re.compile(r"^\W*(?:code|github|repo(?:sitory)?|代码)\W*$", re.IGNORECASE)),
    ("project", re.compile(r"^\W*(?:project|homepage|website|demo|page|项目)(?:\s+page)?\W*$", re.IGNORECASE)),
    ("pdf", re.compile(r"^\W*pdf\W*$", re.IGNORECASE)),
)
_OF_ANOTHER = re.compile(rf"\W*(?:{'|'.join(digest_words('phrases')['links_elsewhere'])})\W*\Z", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Facts:
    authors: tuple[str, ...] = ()
    date: Found | None = None
    venue: str | None = None
    category: str | None = None
    links: tuple[Link, ...] = ()
    identified: tuple[Link, ...] = ()
    """Links that stand for identifiers, which a paper that has such a link already does not need."""
    others: bool = False
    """Whether there are more authors than are named."""
    arxiv_class: str | None = None


def read_facts(values: Sequence[Value], sources: Sequence[Sequence[str]], references: dict[str, Any]) -> Facts:
    authors: tuple[str, ...] = ()
    others = False
    date = None
    venue = category = None
    classes: dict[bool, str] = {}  # by whether the label says that it is the primary one
    for value in values:
        match value.label.name:
            case "authors":
                others = others or (not authors and has_others(value.text))
                authors = authors or split_names(value.text)
            case "date":
                date = date or find_date(value.text)
                if not date and not _SUBMITTED.match(value.label.written):
                    venue = venue or said_venue(value.text)
            case "venue":
                venue = venue or value.text or None
            case "comment":
                venue = venue or said_venue(value.text)
            case "category":
                category = category or next(iter(split_keypoints(value.text)), None)
                if arxiv_class := first_class(value.text):
                    classes.setdefault(bool(_PRIMARY.match(value.label.written)), arxiv_class)
    links, identifiers = _links(
        (name, value.text, [link for text in source for link in read_links(text, references)])
        for value, source in zip(values, sources, strict=True)
        if (name := value.label.name) in LINK_FACTS
    )
    arxiv_class = classes.get(True) or classes.get(False)
    return Facts(authors, date, venue, category, links, identifiers, others, arxiv_class)


def _links(said: Iterable[tuple[str | None, str, Sequence[Link]]]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """The links of facts (name, text, links in it), of the kind that the name says unless the address says another, and those that identifiers stand for."""
    links: dict[str, Link] = {}
    named: list[Link] = []
    for name, text, found in said:
        kind = _KIND_OF_LABEL.get(name or "", "other")
        for link in found:
            links.setdefault(link.url, Link(link.kind if link.kind != "other" else kind, link.url, link.is_own))
        if not found and not is_empty(text):
            named += identified(text, arxiv=name in ("arxiv", "link"), doi=name in ("doi", "link"))
    return tuple(links.values()), tuple(named)


def identified(text: str, *, arxiv: bool = True, doi: bool = True) -> list[Link]:
    """The links that the identifiers in a text stand for: `2405.01234`, `10.1000/182`."""
    if doi and (found := DOI.search(text)):
        return [Link("doi", f"https://doi.org/{found[0]}")]
    if arxiv and (found := ARXIV_ID.search(text)):
        return [Link("arxiv", f"https://arxiv.org/abs/{found[0]}")]
    return []


def has_others(text: str) -> bool:
    return bool(_OTHERS.search(text.rstrip()[-60:]))


def split_names(text: str) -> tuple[str, ...]:
    """The names of people in a text, without marks, affiliations in brackets and `et al.`."""
    if not _INTRICATE.search(text):
        return tuple(name for piece in text.split(",") if (name := piece.strip()))
    text = _OTHERS.sub("", _LABEL.sub("", text.strip()))
    if is_empty(text):
        return ()
    text = _GROUP_BEFORE.sub(r"\1; ", text)
    if family_first := _family_first(text):
        return family_first
    text = _BEHIND_A_COMMA.sub(_TOGETHER + r"\1", _IN_BRACKETS.sub("", text))
    names = []
    for piece in _AND.split(text):
        name = _OTHERS.sub("", _NOT_OF_A_NAME.sub("", piece)).strip(" *_`\t")
        name = (name if _ENDS_WITH_INITIAL.search(name) else name.rstrip(".")).replace(_TOGETHER, ", ")
        if name.strip(".:：") and name.casefold() not in ("and", "etc"):
            names.append(name)
    return tuple(names)


def _family_first(text: str) -> tuple[str, ...]:
    """Read `Reed, Ada.

    Moss, Bo` or `Reed, Ada and Moss, Bo`; one side of each comma must be one word, or `Ada Reed, Bo Moss; Lin
    Shore` would be two names.
    """
    pieces = [piece for piece in re.split(rf"{_BLANKS}[;；]\s*(?:and\s+|&\s*)?", text) if piece]
    if len(pieces) < 2:
        pieces = re.split(r"(?<!\s)\s+and\s+", text)
        if len(pieces) < 2 or not all("," in piece for piece in pieces):
            return ()
    pieces = [_NOT_OF_A_NAME.sub("", piece).strip(" *_`\t,") for piece in pieces]
    whole = [piece for piece in pieces if "," in piece]
    if not whole or not all(_FAMILY_FIRST.fullmatch(piece) for piece in whole):
        return ()
    if any(min(len(side.split()) for side in piece.split(",")[:2]) != 1 for piece in whole):
        return ()
    return tuple(piece for piece in pieces if piece)


def read_names(text: str) -> tuple[str, ...]:
    """The names in a text that is a list of people's names and nothing else, as a line below a title may be; else none."""
    bare = _OTHERS.sub("", text.strip())
    if not bare or len(bare) > 6000 or bare[-1:] in "。!?！？" or without_links(bare) != bare:
        return ()
    if re.search("[:：]", _LABEL.sub("", bare)):
        return ()
    names = split_names(bare)
    if not names or not all(_NAME.fullmatch(name) and len(name.split()) <= 6 for name in names):
        return ()
    words = [word for name in names for word in name.split()]
    small = sum(word[0].islower() and word.casefold() not in _PARTICLES for word in words)
    alone = len(names) == 1 and bare == text.strip()
    return names if small * 5 <= len(words) and not (alone and not 1 < len(words) <= 4) else ()


def first_part(tail: str) -> str:
    """What a tail says first, without the signs around it: `, Ada Moss, Lin Reed. CVPR 2024` → `Ada Moss, Lin Reed`."""
    if venue := VENUE.search(tail):
        tail = tail[: venue.start()]
    return re.split(r"(?<=\w{2})\.\s|\[|\s?\*|<br", tail.strip(" \t-–—:,.·|*_"), maxsplit=1)[0].strip(" *_.,;-–—")


_PARTICLES = frozenset(
    "de da di do du del della der den dos el la le van von vom zu zur ten ter bin ibn al and y e".split()
)


def front_matter_values(meta: Mapping[str, Any], labels: LabelVocabulary) -> dict[str, list[str]]:
    """What front matter says, by canonical name: texts of each key that means something known."""
    found: dict[str, list[str]] = {}
    for key, value in meta.items():
        if name := labels.known(str(key).replace("_", " ")):
            texts = [text for text in islice(_texts(value), _MOST_TEXTS) if not is_empty(text)]
            if name in labels.keypoint_fields and not isinstance(value, list):
                texts = [keypoint for text in texts for keypoint in split_keypoints(text)]
            elif name == "authors" and not isinstance(value, list):
                texts = [one for text in texts for one in (*split_names(text), *["et al."] * has_others(text))]
            found.setdefault(name, []).extend(texts)
    return found


def front_matter_facts(found: Mapping[str, Sequence[str]]) -> Facts:
    links, identifiers = _links(
        (name, text, [Link(link_kind(url), url) for url in re.findall(r"https?://[^\s<>\"]+", text)])
        for name in LINK_FACTS
        for text in found.get(name, ())
    )
    names = dict.fromkeys(found.get("authors", ()))
    authors = tuple(name for name in names if not _OTHERS.fullmatch(name))
    date = next(filter(None, map(find_date, found.get("date", ()))), None)
    venue, category = (next(iter(found.get(name, ())), None) for name in ("venue", "category"))
    arxiv_class = next(filter(None, map(first_class, found.get("category", ()))), None)
    return Facts(authors, date, venue, category, links, identifiers, len(authors) < len(names), arxiv_class)


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """The texts of a value of front matter. YAML can hold itself, and numbers that Python refuses to write."""
    if depth > _DEEPEST:
        return
    match value:
        case None | bool():
            return
        case datetime.datetime():
            yield value.date().isoformat()
        case list() | tuple():
            for item in value:
                yield from _texts(item, depth + 1)
        case dict():
            for key, item in value.items():
                if str(key).casefold() in ("name", "title", "created", "id") or (
                    isinstance(item, str) and "://" in item
                ):
                    yield from _texts(item, depth + 1)
        case _:
            try:
                text = INVALID_CHARACTERS.sub("", str(value))
            except ValueError:
                return
            yield (" ".join(read_inline(text).text.split()) if "[" in text else "") or text.strip()


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


def is_meta_line(source: str) -> bool:
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
