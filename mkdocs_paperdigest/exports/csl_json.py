"""A citation as an item of CSL-JSON, which reference managers and pandoc read.

Sources: https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types and
https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import json

from .citations import Citation, Name

_TYPES = {"article": "article-journal", "inproceedings": "paper-conference"}


def csl_item(citation: Citation) -> dict[str, Any]:
    """The item of a paper. A preprint is an `article` of its archive, what is known neither as that nor by its venue a `document`."""
    c = citation
    kind = _TYPES.get(c.type) or ("article" if c.arxiv else "document")
    item: dict[str, Any] = {
        "id": c.key,
        "type": kind,
        "title": c.title,
        "author": [_name(name) for name in c.authors],
        # CSL has no word for it, and would set "et al." as somebody's name
        "note": "The list of authors is not complete." if c.authors and c.others else "",
        "issued": {"date-parts": [[c.year, c.month] if c.month else [c.year]]} if c.year else {},
        "container-title": c.venue,
    }
    if c.arxiv and kind == "article":
        item |= {"number": f"arXiv:{c.arxiv}", "publisher": "arXiv"}
    elif c.arxiv:
        item |= {"archive": "arXiv", "archive_location": c.arxiv}
    return {key: value for key, value in (item | {"DOI": c.doi, "URL": c.url}).items() if value}


def csl_bytes(citation: Citation) -> bytes:
    return json.encode(csl_item(citation))


def csl_file(items: Iterable[bytes]) -> bytes:
    """A file of items, each as `csl_bytes` gives it, in their order: a line per item."""
    lines = b",\n".join(items)
    return b"[\n" + lines + b"\n]\n" if lines else b"[]\n"


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "non-dropping-particle": name.particle, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}
