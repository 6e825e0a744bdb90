"""A citation as an item of CSL-JSON, which reference managers and pandoc read.

Sources: https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types and
https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .citations import Citation, Name

CSL_FILE = "papers.csl.json"

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_TYPES = {"article": "article-journal", "inproceedings": "paper-conference"}


def csl_item(citation: Citation) -> dict[str, Any]:
    """The item of a paper. A preprint is an `article` of its archive, what is known neither as that nor by its venue a `document`."""
    c = citation
    item: dict[str, Any] = {"id": c.key, "type": _TYPES.get(c.type) or ("article" if c.arxiv else "document")}
    if c.title:
        item["title"] = c.title
    if c.authors:
        item["author"] = [_name(name) for name in c.authors]
        if c.others:  # CSL has no word for it, and would set "et al." as somebody's name
            item["note"] = "The list of authors is not complete."
    if c.year:
        item["issued"] = {"date-parts": [[c.year, c.month] if c.month else [c.year]]}
    if c.venue:
        item["container-title"] = c.venue
    if c.arxiv and item["type"] == "article":
        item |= {"number": f"arXiv:{c.arxiv}", "publisher": "arXiv"}
    elif c.arxiv:
        item |= {"archive": "arXiv", "archive_location": c.arxiv}
    if c.doi:
        item["DOI"] = c.doi
    if c.url:
        item["URL"] = c.url
    return item


def csl_bytes(citation: Citation) -> bytes:
    return _ENCODE(csl_item(citation)).encode()


def csl_file(items: Iterable[bytes]) -> bytes:
    """A file of items, each as `csl_bytes` gives it, in their order: a line per item."""
    lines = b",\n".join(items)
    return b"[\n" + lines + b"\n]\n" if lines else b"[]\n"


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "non-dropping-particle": name.particle, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}
