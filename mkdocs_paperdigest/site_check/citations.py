"""The citations of a built site against its data: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from .built_site import BuiltSite
from .data import Data
from .faults import Fault, fault

BIBTEX, CSL = "papers.bib", "papers.csl.json"
_ENTRY = re.compile(r"^@(?!comment\b|string\b|preamble\b)\w+\{([^\s,{}]+),", re.MULTILINE | re.IGNORECASE)


def check_citations(data: Data, site: BuiltSite) -> Iterator[Fault]:
    """Check the files of the site and of each keypoint, as far as they are there."""
    folders = [(data.folder, data.papers)]
    folders += [(f"{stem}/", data.naming.get(slug, [])) for stem, slug in data.by_stem.items()]
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
            keys[path] = Counter(found)
            yield from (fault("citations-repeat", path, key) for key, count in keys[path].items() if count > 1)
        yield from _compared(keys, len(papers) if data.is_sound else None)


def _compared(keys: dict[str, Counter[str]], due: int | None) -> Iterator[Fault]:
    for path, own in keys.items():
        for other, others in keys.items():
            if missing := own.keys() - others.keys():
                yield fault("citations-differ", path, min(missing), other)
                return
        if due is not None and len(own) != due:
            yield fault("citations-count", path, len(own), due)


def _bibtex(text: str) -> list[str]:
    """The keys of entries that begin a line, as those of the plugin do."""
    return _ENTRY.findall(text)


def _csl(content: bytes) -> list[str] | str:
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError) as error:
        return f"is no JSON, {error}"
    if not isinstance(loaded, list) or not all(isinstance(item, dict) and item.get("id") for item in loaded):
        return "is no list of items with ids"
    return [str(item["id"]) for item in loaded]
