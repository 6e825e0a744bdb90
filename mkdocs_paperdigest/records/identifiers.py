"""Which paper an address names: arXiv, DOI, OpenReview, ACL Anthology, CVF and others, each written in one way.

What is not certain names no paper: lists, searches, supplements, data, and identifiers that cannot exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from .link_sites import known_host
from .paper import Link

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
_ARCHIVES = frozenset(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga funct-an "
    "gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio "
    "quant-ph solv-int supr-con".split()
)
"""The archives that had old identifiers. Source: https://arxiv.org/archive"""
ARXIV_CLASS = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|nlin|cond-mat|astro-ph)\.[A-Za-z]{2,5}(?:-[a-z]{2,4})?"
    r"|hep-(?:th|ph|ex|lat)|gr-qc|quant-ph|math-ph|nucl-(?:ex|th)"
)
"""A class of arXiv, such as `cs.CV` and `hep-th`. Source: https://arxiv.org/category_taxonomy"""
UNDIVIDED = frozenset("astro-ph gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph".split())
"""Archives of old identifiers that were no further divided, so that an identifier says the class."""
_IN_TEXT = re.compile(rf"(?<![\w.-])(?:{ARXIV_CLASS.pattern})(?![\w-]|\.\w)")

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}(?:\.\d+)*/[!-~]+)", re.IGNORECASE | re.ASCII)
_DATA = tuple(
    "10.5281/zenodo. 10.6084/m9. 10.25384/sage. 10.17632/ 10.5061/dryad 10.7910/dvn 10.18710/ 10.34894/ 10.5683/sp 10.21979/n9 "
    "10.18738/t8 10.4121/ 10.57967/hf/ 10.34740/ 10.24433/co. 10.17605/ 10.13026/ 10.21227/ 10.7937/ 10.18112/ 10.24432/ "
    "10.1594/pangaea. 10.7303/syn 10.3886/icpsr 10.5255/ukda 10.15468/ 10.5066/ 10.5067/ 10.6073/pasta 10.24381/cds. "
    "10.2210/pdb".split()
)
"""How DOIs of data, code and models begin.

Zenodo, Figshare, SAGE's Figshare, Mendeley Data, Dryad; Dataverses (Harvard, Norway, Netherlands, Borealis, NTU, Texas), 4TU;
Hugging Face, Kaggle, Code Ocean, OSF (projects: its preprints begin otherwise), PhysioNet, IEEE DataPort, TCIA, OpenNeuro, UCI,
PANGAEA; Synapse, ICPSR, UK Data Archive, GBIF, USGS, NASA, EDI, Copernicus, PDB. Source: https://www.re3data.org
"""
_VOLUME = re.compile(
    r"10\.\d+/97[89](?:-?\d){10}"  # any publisher's book, by its ISBN
    r"|10\.1007/(?:\d-\d+-\d+-[\dx]|\d{8}|b\d+)"
    r"|10\.1016/c20\d\d-.*"
    r"|10\.(?:1093|7551)/.*\.001\.0001"
    r"|10\.1109/(?=[^./]*[a-z])[^./]+\.(?:19|20)\d\d"
    r"|10\.21437/[^./-]+\.\d{4}"
    r"|10\.24963/[a-z]+\.\d{4}"
    r"|10\.1609/\w+\.v\d+i\d+"
    r"|10\.15607/rss\.\d{4}\.[xvil]+"
    r"|10\.4230/[a-z]+\.[^./]+\.\d{4}",
    re.ASCII,
)
"""Whole books and proceedings: Springer, Elsevier, Oxford, MIT Press, IEEE, ISCA, IJCAI, AAAI, RSS, LIPIcs. What they contain has
more behind. ACM's cannot be told: `10.1145/3592433` is a paper of a journal, as `10.1145/3544548` is a volume."""
_PART = re.compile(r"10\.1371/journal\.p[a-z]+\.\d{7}\..+", re.ASCII)
"""Figures, tables and supplements of PLOS."""
_DOI_OF_ACL = re.compile(r"10\.(?:18653|3115)/v1/(.*)", re.ASCII)

_OPENREVIEW = re.compile(r"(?:^|&)(?:amp;)?id=([\w-]{8,15})(?![\w.@~%/-]*[\w@~%-])", re.ASCII)
_NATURE = re.compile(
    r"(s\d{5}-\d{3}-\d{4,5}-[\da-z]|(?:nature|ncomms|srep)\d{4,5})(?:\.pdf|_reference|/|$)", re.IGNORECASE | re.ASCII
)
"""Only where the address has all of the DOI: that of others has more dots."""
_BIORXIV = re.compile(r"10\.\d+/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}(?=v\d|\.full|/|$)", re.ASCII)
_PLOS = re.compile(
    r"(?:^|&)(?:amp;)?id=(?:info:doi/)?(10\.1371/journal\.p[a-z]+\.\d{7})(?![\w.@~%/-]*[\w@~%-])", re.ASCII
)
_ACL = re.compile(
    r"(?:(?P<new>20\d\d\.[a-z0-9_]+-[a-z0-9_]+\.[1-9]\d*)|(?P<old>[a-z]\d\d-\d{4}))(?:v\d+)?(?:/|\.pdf)?",
    re.IGNORECASE | re.ASCII,
)
_ACL_FRONT = re.compile(r"W\d\d-\d\d00|[A-Z]\d\d-\d000")
"""The front matter of a volume, whose number is 0."""

_CVF = re.compile(
    r"content[_/][a-z]+_?\d{4}W?/(?:(?P<before>[\w-]+)/)?(?:html|papers)/(?:(?P<behind>[\w-]+)/)?"
    r"(?P<stem>[!-.0-~]+_(?:CVPR|ICCV|ECCV|WACV|ACCV)(?P<w>W?)_20\d\d_paper)\.(?:html|pdf)",
    re.IGNORECASE | re.ASCII,
)
_PMLR = re.compile(r"(v\d+)/([a-z][\w-]*?\d\d[a-z]*)(?:\.html|/\2\.pdf|\.pdf)?", re.IGNORECASE | re.ASCII)
_NEURIPS = re.compile(
    r"(?:paper_files/)?paper/(?:(?P<year>(?:19|20)\d\d)/(?:hash|file)/(?P<hash>[0-9a-f]{32})-(?:Abstract|Paper)"
    r"(?P<track>-[\w-]+)?\.(?:html|pdf)|(?P<old>\d{1,5}-[\w-]+)(?:\.pdf)?)",
    re.IGNORECASE | re.ASCII,
)
_S2 = re.compile(r"paper/(?:[^/]+/)?([0-9a-f]{40})", re.IGNORECASE | re.ASCII)

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
        return _doi(url) if uri[1].lower() == "doi" else _arxiv(url)
    match = _ADDRESS.fullmatch(url.strip())
    if not match:
        return None
    known = known_host(match["host"])
    if not known or not known[0].identifiers:
        return None
    path = _trimmed(unquote(match["path"] or "").lstrip("/"))
    for begins, form in known[0].identifiers:
        if begin := re.match(begins, path, re.IGNORECASE | re.ASCII):
            query = f"?{match['query'] or ''}" if form in ("openreview", "plos") else ""
            if found := FORMS[form](path[begin.end() :] + query):
                return found
    return None


def paper_identifiers(links: Iterable[Link]) -> tuple[Identifier, ...]:
    """The identifiers in a paper's own links, each once, in order; a DOI of the ACL is followed by the identifier of its Anthology, which is part of it."""
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


def _arxiv_ftp(text: str) -> Identifier | None:
    """Such as `arxiv/papers/2301/2301.01234.pdf` and `cs/papers/0501/0501001.pdf`."""
    match = re.fullmatch(r"([a-z-]+)/papers/(\d{4})/(\2[^/]+)", text, re.ASCII | re.IGNORECASE)
    if not match:
        return None
    return _arxiv(match[3] if match[1].lower() == "arxiv" else f"{match[1]}/{match[3]}")


def _doi(text: str) -> Identifier | None:
    match = _DOI.match(text)
    if not match:
        return None
    value = _trimmed(match[1]).lower()
    if value.startswith("10.48550/arxiv."):
        return _arxiv(value.removeprefix("10.48550/"))
    if value.endswith("/") or "/" not in value or value.startswith(_DATA):
        return None
    if _VOLUME.fullmatch(value) or _PART.fullmatch(value):
        return None
    if (acl := _DOI_OF_ACL.fullmatch(value)) and not _acl(acl[1]):
        return None  # a volume, or its front matter
    return Identifier("doi", value)


def _doi_of_page(text: str) -> Identifier | None:
    """A DOI in a publisher's address, which may go on with the format."""
    return _doi(re.sub(r"(?:\.pdf|/(?:full|abstract|pdf|epdf|fulltext\.html))+$", "", text, flags=re.IGNORECASE))


def _acl(text: str) -> Identifier | None:
    match = _ACL.fullmatch(text.rpartition("/")[2])
    if not match:
        return None
    value = match["new"].lower() if match["new"] else match["old"].upper()
    return None if _ACL_FRONT.fullmatch(value) else Identifier("acl", value)


def _cvf(text: str) -> Identifier | None:
    match = _CVF.fullmatch(text)
    if not match:
        return None
    workshop = match["before"] or match["behind"]
    if bool(workshop) != bool(match["w"]):
        return None
    return Identifier("cvf", f"{workshop}/{match['stem']}" if workshop else match["stem"])


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


def _neurips(text: str) -> Identifier | None:
    match = _NEURIPS.fullmatch(text)
    if not match:
        return None
    if match["old"]:
        return Identifier("neurips", match["old"].lower())
    return Identifier("neurips", f"{match['year']}/{match['hash'].lower()}{match['track'] or ''}")


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


def _form(
    find: Callable[[str], re.Match[str] | None], name: Callable[[re.Match[str]], Identifier | None]
) -> Callable[[str], Identifier | None]:
    return lambda text: name(found) if (found := find(text)) else None


FORMS: dict[str, Callable[[str], Identifier | None]] = {
    "arxiv": _arxiv,
    "arxiv of ftp": _arxiv_ftp,
    "doi": _doi,
    "doi of page": _doi_of_page,
    # Springer's have no further `/`, but its addresses do, for figures and tables.
    "springer": lambda text: _doi_of_page("/".join(text.split("/")[:2])),
    "nature": _form(_NATURE.match, lambda found: _doi(f"10.1038/{found[1]}")),
    "biorxiv": _form(_BIORXIV.match, lambda found: _doi(found[0])),
    "plos": _form(lambda text: _PLOS.search(unquote(text.partition("?")[2])), lambda found: _doi(found[1])),
    "openreview": _form(
        lambda text: _OPENREVIEW.search(text.partition("?")[2]), lambda found: Identifier("openreview", found[1])
    ),
    "acl": _acl,
    "cvf": _cvf,
    "pmlr": _form(_PMLR.fullmatch, lambda found: Identifier("pmlr", f"{found[1]}/{found[2]}".lower())),
    "neurips": _neurips,
    "s2": _form(_S2.fullmatch, lambda found: Identifier("s2", found[1].lower())),
}
"""The forms of identifiers in addresses, as the table of hosts names them: each reads what follows the beginning of a path."""
