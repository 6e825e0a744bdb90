"""Which paper an address names: arXiv, DOI, OpenReview, ACL Anthology, CVF and others, each written in one way.

What is not certain names no paper: lists, searches, supplements, data, and identifiers that cannot exist. Where addresses of a host have
the identifier is a column of `link_sites.toml`; what DOIs are not those of papers, and the archives of arXiv, are in `identifiers.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from ..support import read_table
from .link_sites import known_place
from .paper import Link

_TABLE = read_table(__package__, "identifiers.toml", dict[str, dict[str, str]])
_DATA = tuple(_TABLE["data"].values())
_NO_PAPERS = re.compile("|".join(_TABLE["no_papers"].values()), re.ASCII)
_ARCHIVES = frozenset(_TABLE["arxiv"]["archives"].split())
UNDIVIDED = frozenset(_TABLE["arxiv"]["undivided"].split())
ARXIV_CLASS = re.compile(_TABLE["arxiv"]["class"])

_ADDRESS = re.compile(
    r"(?:https?:)?(?://)?(?:[^/@?#\s]*@)?(?P<host>[a-z0-9.-]+)(?::\d*)?(?:/(?P<path>[^?#]*))?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_URI = re.compile(r"(doi|arxiv):\s*(?!//)", re.IGNORECASE)
_BEHIND = " \t\n\"'`*.,:;!?<>[]{}|\\/，。；：、！？）】」』》”’"
"""What the sentence around an address may leave at its end. Round brackets are left out: they may close what they opened."""

_ARXIV = re.compile(
    r"(?:arxiv[:.]\s*)?(?:(?P<month>\d{4})\.(?P<number>\d{4,5})"
    r"|(?P<archive>[a-z-]+)(?:\.[a-z-]+)?/(?P<old>\d{4})(?P<rest>\d{3}))(?:v\d+)?(?:\.(?:pdf|html?|ps(?:\.gz)?))?",
    re.IGNORECASE | re.ASCII,
)
_IN_TEXT = re.compile(rf"(?<![\w.-])(?:{ARXIV_CLASS.pattern})(?![\w-]|\.\w)")

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}(?:\.\d+)*/[!-~]+)", re.IGNORECASE | re.ASCII)
_FORMAT = re.compile(r"(?:\.pdf|/(?:full|abstract|pdf|epdf|fulltext\.html))+$", re.IGNORECASE)
"""What may follow a DOI in a publisher's address."""
_DOI_OF_ACL = re.compile(r"10\.(?:18653|3115)/v1/(.*)", re.ASCII)
_ACL = re.compile(
    r"(?:(?P<new>20\d\d\.[a-z0-9_]+-[a-z0-9_]+\.[1-9]\d*)|(?P<old>[a-z]\d\d-\d{4}))(?:v\d+)?(?:/|\.pdf)?",
    re.IGNORECASE | re.ASCII,
)
_ACL_FRONT = re.compile(r"W\d\d-\d\d00|[A-Z]\d\d-\d000")
"""The front matter of a volume, whose number is 0."""

_ADDRESSES: dict[str, Callable[[str], str]] = {
    "arxiv": "https://arxiv.org/abs/{}".format,
    "doi": lambda value: f"https://doi.org/{quote(value, safe='/:;()!*+,@&=$~')}",
    "openreview": "https://openreview.net/forum?id={}".format,
    "acl": "https://aclanthology.org/{}/".format,
    "cvf": lambda value: _cvf_address(value),
    "pmlr": "https://proceedings.mlr.press/{}.html".format,
    "neurips": lambda value: _neurips_address(value),
    "s2": "https://www.semanticscholar.org/paper/{}".format,
}


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a paper is called where it is published.

    `scheme` is one of `arxiv`, `doi`, `openreview`, `acl` (ACL Anthology), `cvf`, `pmlr`, `neurips`, `s2` (Semantic Scholar).
    `value` is written in the one way of its scheme: an identifier of arXiv without version and subject class
    (`2405.01234`, `cs/0501001`), a DOI in lower case. One of `cvf` is the name of the paper's file, behind its workshop if any.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def url(self) -> str:
        """The canonical address of the paper, which `identify` reads as this identifier."""
        return _ADDRESSES[self.scheme](self.value)


@lru_cache(maxsize=2048)  # asked for again and again while a page is made
def identify(url: str) -> Identifier | None:
    """The paper that an address names, or None."""
    if len(url) > 2000:
        return None
    if uri := _URI.match(url):
        return FORMS[uri[1].lower()](url)
    match = _ADDRESS.fullmatch(url.strip())
    place = known_place(match["host"]) if match else None
    if not match or not place:
        return None
    path = _trimmed(unquote(match["path"] or "").lstrip("/"))
    for pattern in place.host.identifiers:
        text = pattern.find(path, match["query"] or "")
        if text is not None and (found := FORMS[pattern.form](text)):
            return found
    return None


def paper_identifiers(links: Iterable[Link]) -> tuple[Identifier, ...]:
    """The identifiers in a paper's own links, each once, in order.

    A DOI of the ACL is followed by the identifier of its Anthology, which is part of it.
    """
    found: dict[Identifier, None] = {}
    for link in links:
        if link.is_own and (own := identify(link.url)):
            found.setdefault(own)
            if own.scheme == "doi" and (acl := _DOI_OF_ACL.fullmatch(own.value)) and (part := _acl(acl[1])):
                found.setdefault(part)
    return tuple(found)


def first_identifiers(links: Iterable[Link]) -> dict[str, Identifier]:
    """The first identifier of each scheme in the links of a paper: others may be those of related papers."""
    found: dict[str, Identifier] = {}
    for identifier in paper_identifiers(links):
        found.setdefault(identifier.scheme, identifier)
    return found


def arxiv_identifier(text: str) -> str | None:
    """The identifier of arXiv that a text is, without version and subject class; None if it is none or cannot exist.

    Source: https://info.arxiv.org/help/arxiv_identifier.html: four digits behind the month from 2007-04 until 2014-12, five
    from 2015-01; before, the archive, the month and three digits.
    """
    match = _ARXIV.fullmatch(text)
    if not match:
        return None
    month = match["month"] or match["old"]
    if not "01" <= month[2:] <= "12":
        return None
    if number := match["number"]:
        valid = month >= "0704" and len(number) == (4 if month < "1501" else 5) and int(number)
        return f"{month}.{number}" if valid else None
    archive = match["archive"].lower()
    valid = archive in _ARCHIVES and (month >= "9108" or month <= "0703") and int(match["rest"])
    return f"{archive}/{month}{match['rest']}" if valid else None


def first_class(text: str) -> str | None:
    """The first class of arXiv in a text: `Robotics (cs.RO); Machine Learning (cs.LG)` → `cs.RO`."""
    found = _IN_TEXT.search(text)
    return found[0] if found else None


def _arxiv(text: str) -> Identifier | None:
    value = arxiv_identifier(_trimmed(text))
    return Identifier("arxiv", value) if value else None


def _doi(text: str) -> Identifier | None:
    match = _DOI.match(text)
    if not match:
        return None
    value = _trimmed(match[1]).lower()
    if value.startswith("10.48550/arxiv."):
        return _arxiv(value.removeprefix("10.48550/"))
    if value.endswith("/") or "/" not in value or value.startswith(_DATA) or _NO_PAPERS.fullmatch(value):
        return None
    if (acl := _DOI_OF_ACL.fullmatch(value)) and not _acl(acl[1]):
        return None  # a volume, or its front matter
    return Identifier("doi", value)


def _acl(text: str) -> Identifier | None:
    match = _ACL.fullmatch(text.rpartition("/")[2])
    if not match:
        return None
    value = match["new"].lower() if match["new"] else match["old"].upper()
    return None if _ACL_FRONT.fullmatch(value) else Identifier("acl", value)


def _cvf_address(value: str) -> str:
    workshop, _, stem = value.rpartition("/")
    venue, year = stem.upper().split("_")[-3:-1]
    stem = quote(stem, safe="',()!+&$;:@=*~")
    if year < "2021" and venue != "ACCV":
        folder = f"content_{venue}_{year}/html/{workshop}".rstrip("/")
    elif workshop:
        folder = f"content/{venue.removesuffix('W')}{year}W/{workshop}/html"
    else:
        folder = f"content/{venue}{year}/html"
    return f"https://openaccess.thecvf.com/{folder}/{stem}.html"


def _neurips(text: str) -> Identifier:
    year, _, name = text.rpartition("/")
    return Identifier("neurips", f"{year}/{name[:32].lower()}{name[32:]}" if year else name.lower())


def _neurips_address(value: str) -> str:
    year, _, rest = value.rpartition("/")
    if not year:
        return f"https://papers.nips.cc/paper/{value}"
    name, track = rest[:32], rest[32:]
    return f"https://proceedings.neurips.cc/paper_files/paper/{year}/hash/{name}-Abstract{track}.html"


def _trimmed(text: str) -> str:
    """A text without the signs at its end, and without brackets there that it does not open."""
    text = text.rstrip(_BEHIND)
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].rstrip(_BEHIND)
    return text


FORMS: dict[str, Callable[[str], Identifier | None]] = {
    "arxiv": _arxiv,
    "doi": _doi,
    "doi of page": lambda text: _doi(_FORMAT.sub("", text)),
    "openreview": lambda text: Identifier("openreview", text),
    "acl": _acl,
    "cvf": lambda text: Identifier("cvf", text),
    "pmlr": lambda text: Identifier("pmlr", text.lower()),
    "neurips": _neurips,
    "s2": lambda text: Identifier("s2", text.lower()),
}
"""How what addresses have as an identifier is read, by its form."""
