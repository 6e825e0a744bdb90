"""What a digest is, as data for search engines: JSON-LD in the words of schema.org.

The page is an `Article` (https://schema.org/Article: written content such as a report; Google asks for no property of it,
https://developers.google.com/search/docs/appearance/structured-data/article) that is *about* some `ScholarlyArticle`s. It has no
`author`, since nobody says who wrote the digest, and the authors of the papers did not. A `CollectionPage` would say that the papers
stand on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..records import Paper, first_identifiers
from .citations import Name, arxiv_month, parse_name

MOST = 300
"""How many papers of a page are named, the first on it: each takes some 300 bytes."""

# Nothing may end the element or begin a comment in it, and old JavaScript takes the last two for ends of lines.
_ESCAPED = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class DigestPage:
    """A page of a site: its title, its whole address and that of the site, "" where they are not known, and its language."""

    title: str
    url: str
    language: str
    site_name: str
    site_url: str


def digest_data(page: DigestPage, papers: Sequence[Paper], labels: Callable[[Paper], Iterable[str]]) -> dict[str, Any]:
    """A digest as an object of schema.org. `labels` gives the names of a paper's keypoints. Linear in the papers."""
    return _without_empty(
        {
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": page.title,
            "url": page.url,
            "inLanguage": page.language,
            "isPartOf": _without_empty({"@type": "WebSite", "name": page.site_name, "url": page.site_url}),
            "about": [paper_data(paper, labels(paper)) for paper in papers[:MOST]],
        }
    )


def paper_data(paper: Paper, labels: Iterable[str]) -> dict[str, Any]:
    """A paper as an object of schema.org; what is not known is left out.

    Its place on the page is only its `@id`: a `url` would say that the paper itself is there. `sameAs` are the addresses that it
    is known by, the first of each kind, since others may be those of related papers.
    """
    known = first_identifiers(paper.links)
    return _without_empty(
        {
            "@type": "ScholarlyArticle",
            "@id": f"#{quote(paper.anchor)}",
            "name": paper.title,
            "author": [_author(parse_name(name)) for name in paper.authors],
            "datePublished": arxiv_month(known["arxiv"].value) if "arxiv" in known else "",
            "sameAs": [identifier.url for identifier in known.values()],
            "keywords": list(labels),
        }
    )


def json_ld(data: object) -> str:
    """Data as the text of a `<script type="application/ld+json">`, which it cannot end; the same bytes for the same data."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).translate(_ESCAPED)


def _author(name: Name) -> dict[str, str]:
    """An author; a name that cannot be taken apart may be that of a group or of a person, so it is called neither."""
    return {"name": name.whole} if name.literal else {"@type": "Person", "name": name.whole}


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}
