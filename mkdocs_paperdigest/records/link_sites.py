"""The places that links of papers lead to: what they are called, and what kind of link each is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"\s*(?:(?:https?:)?//(?:[^/@?#\s]*@)?|(?=[a-z0-9.-]+\.[a-z]+/))(?P<host>[a-z0-9.-]+)(?::\d*)?(?:/(?P<path>[^?#]*))?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PDF = re.compile(r"\.pdf(?:[?#]|\s*$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|mp4|mov|webm|mp3|zip|tar|gz|pdf|pptx?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Site:
    """A place that is known. `name` is for programs (`papers.json`, classes of CSS) and stays; `label` is what readers see.

    Project pages have no label of their own: what they are called depends on the language of the site.
    """

    name: str
    label: str


PROJECT = Site("project", "")

_ARXIV = r"(?:(?:abs|pdf|html|ps|format|e-print|src|tb|bibtex)/.|ftp/[a-z-]+/papers/|\d{4}\.\d)"
_REPOSITORY = (
    r"(?!(?:features|topics|orgs|users|sponsors|marketplace|about|search|login|settings|collections|trending|apps|stars|"
    r"user-attachments|explore|help|dashboard)/)[^/]+/[^/]+"
    r"(?:/?$|/(?:tree|blob|blame|raw|src|releases|tags|commits?|archive|packages)(?:/|$)(?!.*\.(?:pdf|png|jpe?g|gif|svg|webp|mp4)$))"
)
_GROUPS = r"(?!(?:explore|help|users|dashboard|search)/)[^/]+(?:/(?!-/)[^/]+)+/?(?:$|-/(?:tree|blob|raw|releases|tags|commits?)(?:/|$))"

_SITES: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    # name, label, hosts (with how the path must begin), and kinds by the path
    ("arxiv", "arXiv", "arxiv.org *.arxiv.org ar5iv.org xxx.lanl.gov", (("arxiv", _ARXIV),)),
    ("alphaxiv", "alphaXiv", "alphaxiv.org", (("arxiv", r"(?:[a-z]{2}/)?(?:abs|pdf|html|overview|audio|blog)/."),)),
    ("papers-cool", "Papers.cool", "papers.cool", (("arxiv", r"arxiv/(?:\d{4}\.\d|[a-z-]+(?:\.[A-Z]+)?/\d)"),)),
    ("doi", "DOI", "doi.org dx.doi.org", (("doi", r"(?:doi:)?10\.|https?:"),)),
    ("openreview", "OpenReview", "openreview.net", (("pdf", r"pdf/?$|pdf/.|references/pdf"),)),
    ("acl", "ACL Anthology", "aclanthology.org aclanthology.info aclweb.org/anthology", ()),
    ("cvf", "CVF", "openaccess.thecvf.com cv-foundation.org/openaccess", ()),
    ("ecva", "ECVA", "ecva.net/papers", ()),
    ("pmlr", "PMLR", "proceedings.mlr.press", ()),
    ("neurips", "NeurIPS", "proceedings.neurips.cc papers.neurips.cc papers.nips.cc proceedings.nips.cc", ()),
    ("jmlr", "JMLR", "jmlr.org", ()),
    ("acm", "ACM", "dl.acm.org", ()),
    ("ieee", "IEEE Xplore", "ieeexplore.ieee.org", ()),
    ("springer", "Springer", "link.springer.com", ()),
    ("sciencedirect", "ScienceDirect", "sciencedirect.com", ()),
    ("nature", "Nature", "nature.com/articles", ()),
    ("biorxiv", "bioRxiv", "biorxiv.org", ()),
    ("medrxiv", "medRxiv", "medrxiv.org", ()),
    ("aaai", "AAAI", "ojs.aaai.org aaai.org/ojs", ()),
    ("ijcai", "IJCAI", "ijcai.org/proceedings", ()),
    ("s2", "Semantic Scholar", "semanticscholar.org", ()),
    ("huggingface", "Hugging Face", "huggingface.co hf.co hf-mirror.com *.hf.space", (("arxiv", r"papers/\d{4}\.\d"),)),
    ("github", "GitHub", "github.com", (("code", _REPOSITORY),)),
    ("github", "GitHub", "gist.github.com", (("code", r"[^/]+/[0-9a-f]{20}"),)),
    ("gitlab", "GitLab", "gitlab.com", (("code", _GROUPS),)),
    ("gitee", "Gitee", "gitee.com", (("code", _REPOSITORY),)),
    ("bitbucket", "Bitbucket", "bitbucket.org", (("code", _REPOSITORY),)),
    ("codeberg", "Codeberg", "codeberg.org", (("code", _REPOSITORY),)),
    ("anonymous-github", "Anonymous GitHub", "anonymous.4open.science", (("code", r"(?:r|repository|anonymize)/"),)),
    (PROJECT.name, PROJECT.label, "*.github.io *.gitlab.io sites.google.com/view", (("project", r""),)),
)


@dataclass(frozen=True, slots=True)
class _Place:
    site: Site
    begins: str
    kinds: tuple[tuple[str, re.Pattern[str]], ...]


def _places() -> dict[str, _Place]:
    found = {}
    for name, label, hosts, kinds in _SITES:
        site = PROJECT if name == PROJECT.name else Site(name, label)
        compiled = tuple((kind, re.compile(path, re.IGNORECASE)) for kind, path in kinds)
        for host in hosts.split():
            domain, _, begins = host.partition("/")
            found[domain] = _Place(site, begins, compiled)
    return found


_PLACES = _places()
_NO_PROJECT = re.compile(
    r"(?:^|/)(?:(?:about|cv|resume|blogs?|posts?|notes?|news|people|team|members|teaching|contact|tags?|categor(?:y|ies)|archives?|"
    r"docs?|documentation|wiki|tutorials?|courses?|lectures?)(?:/|\.html|$)|\d{4}/\d\d(?:/|$)|"
    r"(?:publications?|projects?|papers?|research)(?:\.html)?/?$)",
    re.IGNORECASE,
)
"""What personal pages and documentation have in their addresses."""
_NO_PAGE = re.compile(r"user-attachments/", re.IGNORECASE)


def link_site(url: str, kind: str = "other") -> Site | None:
    """The place that an address leads to, None if it is not known, or if what is there is but a picture or another file.

    A link whose `kind` is `project` leads to a project page wherever that stands.
    """
    place, path = _place(url)
    if place is None:
        return PROJECT if kind == "project" and not _FILE.search(path) else None
    if _NO_PAGE.match(path) or (_FILE.search(path) and (place.site is PROJECT or not _PDF.search(path))):
        return None
    return place.site


def address_kind(url: str) -> str | None:
    """The kind of link (`arxiv`, `doi`, `code`, `project`, `pdf`) that an address shows, None if it shows none."""
    place, path = _place(url)
    for kind, shape in place.kinds if place else ():
        if shape.match(path) and not (kind == "project" and _FILE.search(path)):
            return kind
    return "pdf" if _PDF.search(url) else None


def _place(url: str) -> tuple[_Place | None, str]:
    """What is known of the place of an address, and the path there. Not all that stands at `*.github.io` is a project page."""
    match = _ADDRESS.fullmatch(url)
    if not match:
        return None, url.partition("?")[0].partition("#")[0]
    path = (match["path"] or "").lstrip("/")
    host = match["host"].lower().rstrip(".").removeprefix("www.")
    place = _PLACES.get(host) or _PLACES.get(f"*.{'.'.join(host.split('.')[-2:])}")
    if place is None or not path.lower().startswith(place.begins):
        return None, path
    return (None if place.site is PROJECT and _NO_PROJECT.search(path) else place), path
