"""The citations of a built site against its data: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ..exports import citation_key
from ..records import identify
from .built_site import BuiltSite
from .data import Data, Record
from .faults import Fault, fault

BIBTEX, CSL = "papers.bib", "papers.csl.json"
_ENTRY = re.compile(r"^@(?!comment\b|string\b|preamble\b)\w+\{([^\s,{}]+),", re.MULTILINE | re.IGNORECASE)
_FIELD = re.compile(r"^  (title|eprint|doi|url) = \{(.*)\},$", re.MULTILINE)
_SIGN = re.compile(r"\\text(?:backslash|ascii(?:tilde|circum))\{\}|\\ensuremath\{\\[lr]brace\}")
"""How BibTeX writes signs that are no letters."""

_SCHEMES = {"eprint": "arxiv", "doi": "doi"}

_Cited = Mapping[str, str]
"""What an entry says, by the names of BibTeX."""


def check_citations(data: Data, site: BuiltSite) -> Iterator[Fault]:
    folders = [(data.folder, data.papers)]
    folders += [(f"{stem}/", data.naming.get(slug, [])) for stem, slug in data.by_stem.items()]
    known = _Known(data) if data.is_sound else None
    for folder, papers in folders:
        keys: dict[str, Counter[str]] = {}
        for name in (BIBTEX, CSL):
            path = folder + name
            if path not in site.files:
                continue
            found = _bibtex(site.text(path)) if name == BIBTEX else _csl(site.read(path))
            if isinstance(found, str):
                yield fault("citations-unread", path, found)
                continue
            keys[path] = Counter(key for key, _ in found)
            yield from (fault("citations-repeat", path, key) for key, count in keys[path].items() if count > 1)
            if known:
                wrong = ((key, *said) for key, cited in found for said in known.wrong(key, cited))
                yield from (fault("citations-wrong", path, *said) for said in wrong)
        yield from _compared(keys, len(papers) if known else None)


class _Known:
    """What the data say of papers, by the keys that they are cited by. A paper has the links of all its records."""

    def __init__(self, data: Data) -> None:
        self._records = {citation_key(record.id): record for record in data.papers}
        self._links: dict[str, set[str]] = {}
        for record in data.records:
            self._links.setdefault(record.same_as or record.id, set()).update(record.names)
        named: dict[str, list[Record]] = {}
        for record in data.papers:
            for name in self._links[record.id]:
                if name.startswith("arxiv:"):
                    named.setdefault(name, []).append(record)
        # Another paper may link to it, too; which one is cited by it is not certain then.
        self._records |= {name: found[0] for name, found in named.items() if len(found) == 1}
        self._uncertain = {name for name, found in named.items() if len(found) > 1}

    def wrong(self, key: str, cited: _Cited) -> Iterator[tuple[str, str]]:
        """What an entry says that its paper does not: the name of the field, and its value."""
        if (record := self._records.get(key)) is None:
            if key not in self._uncertain:
                yield "key", key
            return
        links = self._links[record.id]
        for name, value in cited.items():
            if name == "title":
                right = "\\" in record.title or _letters(_SIGN.sub("", value)) == _letters(record.title)
            else:
                right = _name(name, value) in links
            if not right:
                yield name, value


def _name(name: str, value: str) -> str:
    found = identify(value if name == "url" else f"{_SCHEMES[name]}:{value}")
    return str(found) if found else unquote(value)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _compared(keys: dict[str, Counter[str]], due: int | None) -> Iterator[Fault]:
    for path, own in keys.items():
        for other, others in keys.items():
            if missing := own.keys() - others.keys():
                yield fault("citations-differ", path, min(missing), other)
                return
        if due is not None and len(own) != due:
            yield fault("citations-count", path, len(own), due)


def _bibtex(text: str) -> list[tuple[str, _Cited]]:
    """The keys of entries that begin a line, and what these say, as those of the plugin do."""
    starts = list(_ENTRY.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return [(start[1], dict(_FIELD.findall(text, start.end(), end))) for start, end in zip(starts, ends, strict=True)]


def _csl(content: bytes) -> list[tuple[str, _Cited]] | str:
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError) as error:
        return f"is no JSON, {error}"
    if not isinstance(loaded, list) or not all(isinstance(item, dict) and item.get("id") for item in loaded):
        return "is no list of items with ids"
    return [(str(item["id"]), dict(_of_csl(item))) for item in loaded]


def _of_csl(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    number = str(item.get("number", ""))
    archived = item.get("archive_location") if item.get("archive") == "arXiv" else None
    said = {
        "title": item.get("title"),
        "eprint": number.removeprefix("arXiv:") if number.startswith("arXiv:") else archived,
        "doi": item.get("DOI"),
        "url": item.get("URL"),
    }
    return ((name, str(value)) for name, value in said.items() if value is not None)
