"""What is known of a paper when it is cited: its key, type, title, names, year, venue and identifiers.

What a digest does not say is left out: no pages, no publisher, no full name of a conference.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from ..records import ARXIV_CLASS, UNDIVIDED, Identifier, Paper, paper_identifiers
from ..support import read_table

# -- Records


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in its parts, or a group's as a whole (`literal`); missing parts are "".

    `particle` comes before the family name and is not sorted by: `van den`.
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def whole(self) -> str:
        """The name as it is spoken: `Ada Reed, Jr.` or `Jan van den Berg`."""
        name = " ".join(part for part in (self.given, self.particle, self.family) if part)
        return self.literal or (f"{name}, {self.suffix}" if self.suffix else name)


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper as it is cited; "" or None is what its digest does not say.

    `type` is BibTeX's: `article` in a journal, `inproceedings` of a conference or workshop, `misc` for all else. `venue` is the
    name of any of them without its year, `others` says that there are more authors, `arxiv` an identifier without version, `month` that of a preprint.
    """

    key: str
    type: str
    title: str
    authors: tuple[Name, ...] = ()
    year: int | None = None
    month: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    primary_class: str = ""
    url: str = ""
    others: bool = False


def citation(paper: Paper) -> Citation:
    """All that a paper's digest says of it that a citation has room for. Every value is one line without control characters.

    The year is that of the venue; else that which an identifier says, of the publication first if there is a venue, else of the
    preprint; else that of the paper's own date. The month of the digest says when it was read, which may be years later: it counts
    only for a paper that nothing says to be published or kept anywhere, without venue and identifier.
    """
    found: dict[str, Identifier] = {}
    for identifier in paper_identifiers(paper.links):
        if identifier.scheme != "doi" or _DOI.fullmatch(identifier.value):
            found.setdefault(identifier.scheme, identifier)
    arxiv = found["arxiv"].value if "arxiv" in found else ""
    named = found.get("arxiv") or found.get("doi") or next(iter(found.values()), None)
    kind, venue, year = _venue(paper.venue) if paper.venue else ("misc", "", None)
    if not year:
        years = {scheme: said for scheme, identifier in found.items() if (said := _year_of(identifier))}
        preprint = years.pop("arxiv", None)
        published = next(iter(years.values()), None)
        year = (published or preprint) if venue else (preprint or published)
    if not year and (day := _own_date(paper) or (paper.month if not venue and not found else None)):
        year = int(day[:4])
    address = named.url if named else _address(paper)
    return Citation(
        key=f"arxiv:{arxiv}" if arxiv else citation_key(paper.id),
        type=kind,
        title=_line(paper.title),
        authors=tuple(parse_name(author) for author in paper.authors if _line(author)),
        year=year,
        month=int(arxiv_month(arxiv)[5:]) if arxiv and not venue else None,
        venue=venue,
        doi=found["doi"].value if "doi" in found else "",
        arxiv=arxiv,
        primary_class=_primary_class(paper, arxiv) if arxiv else "",
        url=_UNSAFE.sub(lambda sign: quote(sign[0], safe="", errors="replace"), address),
        others=paper.others,
    )


# -- One line of plain text


def reference(citation: Citation) -> str:
    """Who, when, what, where: `Ada Moss, Lin Reed (2024). On Kelp. CVPR. https://…`, what of it is known; of more than six authors three."""
    c = citation
    names = [name.whole for name in c.authors]
    if len(names) > 6:
        names = [*names[:3], "et al."]
    elif names and c.others:
        names.append("et al.")
    year = f"({c.year})" if c.year else ""
    about = [f"{', '.join(names)} {year}", c.title] if names else [f"{c.title} {year}"]
    parts = (*about, c.venue, f"arXiv:{c.arxiv}" if c.arxiv else "")
    said = [part if part.endswith(tuple(".?!。？！")) else f"{part}." for part in map(str.strip, parts) if part]
    return " ".join([*said, c.url] if c.url else said)


# -- Keys

_LONGEST_KEY, _LONGEST_STEM = 40, 24
_PLAIN_KEY = re.compile(rf"(?!arxiv:|.*-[0-9a-f]{{10}}\Z)[a-z0-9/._+:-]{{1,{_LONGEST_KEY}}}")


def citation_key(paper_id: str) -> str:
    r"""The key of a paper that is not on arXiv, by its id: the id itself, or, if that cannot be a key, words and a number.

    The words are the last of the id, the number 10 digits of its SHA-256. An id of more than 40 characters is too long to be typed
    into `\cite{}`. A key is made of the id alone: other papers never change it, and it stays when the paper is retitled. BibTeX and
    pybtex refuse keys that differ only in case, so an id with capitals cannot be a key, nor one that looks as if it had such digits.
    """
    if _PLAIN_KEY.fullmatch(paper_id):
        return paper_id
    digest = hashlib.sha256(paper_id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    ascii_id = unicodedata.normalize("NFKD", paper_id).encode("ascii", "ignore").decode("ascii")
    kept = re.sub(r"[^A-Za-z0-9._+:]+", "-", ascii_id.rpartition("/")[2]).strip("-")
    if len(kept) > _LONGEST_STEM:
        kept = kept[: _LONGEST_STEM + 1].rpartition("-")[0] or kept[:_LONGEST_STEM]
    return f"{kept or 'paper'}-{digest}"


# -- Venues

_NO_VENUE = re.compile(
    r"\W*+(?:(?:tbd|tba|n/?a|none|null|unknown)\W*)?|.*(?:\barxiv\b|preprint|under (?:double[- ]blind )?review|\bin review\b|submi(?:tted|ssion)|"
    r"withdr[ae]w|reject|\bnot (?:yet )?accepted|declined|work in progress|投稿中|在审|审稿|预印本|查読中).*",
    re.IGNORECASE,
)
_FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR = re.compile(rf"{_FULL_YEAR.pattern}|(?<=[^\W\d_])[ -]?['’]?[0-3]\d(?!\w)")
# Else a number is that of a volume.
_YEAR_OF_JOURNAL = re.compile(rf"{_FULL_YEAR.pattern}|(?<=[^\W\d_]) ?['’][0-3]\d(?!\w)")
_AROUND_A_VENUE = re.compile(
    r"\A(?:(?:accepted|to appear|published|appeared|presented)\s+(?:as\s+[\w ]+?\s+)?(?:to|by|at|in|for)\s+(?:the\s+)?)"
    r"|[\s,;:(\[-]*\b(?:oral|spotlight|highlight|poster|best (?:student )?paper(?: award)?(?: (?:candidate|finalist))?|"
    r"camera[- ]ready|accepted|main(?: conference| track)?)\b(?:\s+(?:paper|presentation))?\W*\Z",
    re.IGNORECASE,
)
_TABLES = read_table(__package__, "citations.toml", dict[str, Any])
_VENUES, _NAMES = _TABLES["venues"], _TABLES["names"]
_JOURNALS, _CONFERENCES = (frozenset(_VENUES[kind].split()) for kind in ("journals", "conferences"))
_JOURNAL_WORDS = re.compile(
    rf"\A(?:{'|'.join(_VENUES['journal_titles'])})\Z|\b(?:{'|'.join(_VENUES['journal_words'])})\b|学报|期刊",
    re.IGNORECASE,
)
_CONFERENCE_WORDS = re.compile(rf"\b(?:{'|'.join(_VENUES['conference_words'])})|研讨会|会议", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _venue(said: str) -> tuple[str, str, int | None]:
    """The type of what a venue publishes, its name without year, and the year in it: `CVPR 2024 (Oral)` → inproceedings, CVPR, 2024."""
    name = _line(said)[:300]
    if _NO_VENUE.fullmatch(name):
        return "misc", "", None
    name = _AROUND_A_VENUE.sub("", _AROUND_A_VENUE.sub("", name))
    kind = _type_of(_YEAR.sub(" ", name))
    shape = _YEAR if kind == "inproceedings" else _YEAR_OF_JOURNAL
    digits = [found[0].strip(" -'’") for found in shape.finditer(name)]
    years = {int(year) if len(year) == 4 else 2000 + int(year) for year in digits}
    if len(years) != 1:  # `CVPR 2024, TPAMI 2025` says two things
        return kind, name, None
    bare = re.sub(r"[(\[]\s*[)\]]", "", " ".join(shape.sub(" ", name).split()))
    return kind, bare.strip(" ,;:-–—@'’") or name, years.pop()


def _type_of(venue: str) -> str:
    words = venue.casefold().replace("acm mm", "acmmm").split()
    if _CONFERENCE_WORDS.search(venue):
        return "inproceedings"
    if _JOURNAL_WORDS.search(venue):
        return "article"
    for word in (word.strip(".,;:()[]") for word in words):
        if word in _JOURNALS:
            return "article"
        if word in _CONFERENCES or word.removesuffix("w") in _CONFERENCES:  # `CVPRW` is a workshop of `CVPR`
            return "inproceedings"
    return "misc"


# -- Identifiers

# No DOI that is known has these signs, which mean something to TeX: `^^5c` is a backslash, `%` hides the rest of the line.
_DOI = re.compile(r"10\.\d{4,9}/[^\s{}\\\"^%$]+")
_YEARS = {
    # The year in an identifier: of four digits, or of two
    "acl": re.compile(r"(20\d\d)\.|[A-Z](\d\d)-", re.IGNORECASE),
    "cvf": re.compile(r".*_(20\d\d)_paper"),
    "neurips": re.compile(r"((?:19|20)\d\d)/"),
    "doi": re.compile(
        r"10\.18653/v1/(?:(20\d\d)\.[a-z0-9_]+-|[a-z](\d\d)-)|10\.3115/v1/[a-z](\d\d)-"
        rf"|10\.1109/(?:{'|'.join(sorted(_CONFERENCES))})w?\d*\.((?:19|20)\d\d)\.\d"
    ),
}
"""DOIs are those of the ACL and of IEEE's conferences: in those of journals stands the year when a paper was accepted."""
_UNSAFE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
"""All but the characters of a URL by RFC 3986, and those of these that BibTeX does not leave alone."""


def arxiv_month(value: str) -> str:
    """The month, `YYYY-MM`, in an identifier of arXiv: the only certain date of a paper.

    Old identifiers, which have a `/`, begin in 1991. Source: https://info.arxiv.org/help/arxiv_identifier.html
    """
    archive, _, digits = value.rpartition("/")
    return f"{'19' if archive and digits > '91' else '20'}{digits[:2]}-{digits[2:4]}"


def _year_of(identifier: Identifier) -> int | None:
    if identifier.scheme == "arxiv":
        return int(arxiv_month(identifier.value)[:4])
    shape = _YEARS.get(identifier.scheme)
    said = shape.match(identifier.value) if shape else None
    if not said:
        return None
    digits = next(filter(None, said.groups()))
    # The oldest papers of the ACL are of 1952; two digits were written until 2019.
    return int(digits) if len(digits) == 4 else int(digits) + (1900 if digits > "50" else 2000)


def _own_date(paper: Paper) -> str | None:
    """The date of the paper itself, and not of its digest."""
    if paper.own_month or not paper.date:
        return paper.own_month
    return None if paper.month and paper.date.startswith(paper.month) else paper.date


def _primary_class(paper: Paper, arxiv: str) -> str:
    """The class of arXiv that a digest says: in an old identifier, by a label, as a category, as a keypoint, or as a field's value."""
    archive = arxiv.partition("/")[0]
    if archive in UNDIVIDED:
        return archive
    if paper.arxiv_class:
        return paper.arxiv_class
    category = paper.category or ""
    if ARXIV_CLASS.fullmatch(category):
        return category
    for text in (*(paper.keypoints or ()), *(field.text for field in paper.fields if len(field.text) < 16)):
        if ARXIV_CLASS.fullmatch(text):
            return text
    return ""


def _address(paper: Paper) -> str:
    """Where a paper without an identifier is found; its code is not the paper."""
    links = [link for link in paper.links if link.url.startswith(("https://", "http://"))]
    return next((link.url for kind in ("pdf", "other", "project") for link in links if link.kind == kind), "")


# -- Names

_SUFFIXES, _PARTICLES, _VIETNAMESE, _BETWEEN = (
    frozenset(_NAMES[kind].split()) for kind in ("suffixes", "particles", "vietnamese", "between_families")
)
_GROUP = re.compile(
    rf"\b(?:{'|'.join(_NAMES['groups'])})\b|\b(?:and|et)\s|(?-i:\s(?:at|of|for)\s)|[\d{{}}\\~^&%#$_]", re.IGNORECASE
)
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


@lru_cache(maxsize=8192)
def parse_name(written: str) -> Name:
    """The parts of a name as digests write it: `Jan van den Berg`, `Berg, J. van den`, `Ada Reed, Jr.`; a group stays whole.

    The last word is the family name, as BibTeX has it, and small words before it are its particle. So are names in Chinese,
    Japanese or Korean script left whole: where one ends and the other begins nobody can tell.
    """
    name = _line(written)
    words = name.split(" ")
    if _GROUP.search(name) or _CJK.search(name) or len(words) > 6:
        return Name(literal=name)
    if "," in name:
        return _with_comma(name)
    if len(words) == 1:
        return Name(literal=name)
    suffix = words.pop() if len(words) > 2 and words[-1].casefold() in _SUFFIXES else ""
    start = next((n for n in range(1, len(words) - 1) if _is_particle(words, n)), len(words) - 1)
    if words[start] in _BETWEEN and start < len(words) - 1 and not words[start - 1].endswith("."):
        if start == 1:  # `Ortega y Gasset` is no whole name
            return Name(literal=name)
        return Name(" ".join(words[start - 1 :]), " ".join(words[: start - 1]), "", suffix)
    end = start
    while end < len(words) - 1 and _is_particle(words, end):
        end += 1
    return Name(" ".join(words[end:]), " ".join(words[:start]), " ".join(words[start:end]), suffix)


def _with_comma(name: str) -> Name:
    """A name with its family name before a comma, or a suffix behind one."""
    first, *rest = (part.strip() for part in name.split(","))
    if not first or not all(rest) or len(rest) > 2:
        return Name(literal=name)
    suffixes = [part for part in rest if part.casefold() in _SUFFIXES]
    others = [part for part in rest if part.casefold() not in _SUFFIXES]
    if len(suffixes) > 1 or len(others) > 1:
        return Name(literal=name)
    suffix = "".join(suffixes)
    if not others:
        known = parse_name(first)
        return Name(literal=name) if known.literal else Name(known.family, known.given, known.particle, suffix)
    family, given = first.split(" "), others[0].split(" ")
    particle: list[str] = []
    while len(family) > 1 and _is_particle(family, 0):
        particle.append(family.pop(0))
    behind: list[str] = []
    while len(given) > 1 and given[-1][0].islower():
        behind.insert(0, given.pop())
    return Name(" ".join(family), " ".join(given), " ".join([*behind, *particle]), suffix)


def _is_particle(words: list[str], place: int) -> bool:
    """Whether a word before the last one is a particle: it is written small, or is known to be one."""
    word = words[place]
    if word.lstrip("'’")[:1].islower():  # `'t` too
        return True
    if word.casefold() not in _PARTICLES:
        return False
    return word != "Van" or not any(other.casefold() in _VIETNAMESE for other in words)


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
