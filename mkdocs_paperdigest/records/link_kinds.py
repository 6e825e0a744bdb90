"""What a link leads to: the site, and the kind of link."""

from __future__ import annotations

import re

from .link_sites import PROJECT, Host, LinkSite, known_host

_ADDRESS = re.compile(
    r"\s*(?:(?:https?:)?//(?:[^/@?#\s]*@)?|(?=[a-z0-9.-]+\.[a-z]+/))(?P<host>[a-z0-9.-]+)(?::\d*)?(?:/(?P<path>[^?#]*))?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PDF = re.compile(r"\.pdf(?:[?#]|\s*$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|mp4|mov|webm|mp3|zip|tar|gz|pdf|pptx?)\s*$", re.IGNORECASE)


_NO_PROJECT = re.compile(
    r"(?:^|/)(?:(?:about|cv|resume|blogs?|posts?|notes?|news|people|team|members|teaching|contact|tags?|categor(?:y|ies)|archives?|"
    r"docs?|documentation|wiki|tutorials?|courses?|lectures?)(?:/|\.html|$)|\d{4}/\d\d(?:/|$)|"
    r"(?:publications?|projects?|papers?|research)(?:\.html)?/?$)",
    re.IGNORECASE,
)
"""What personal pages and documentation have in their addresses."""
_NO_PAGE = re.compile(r"user-attachments/", re.IGNORECASE)


def link_site(url: str, kind: str = "other") -> LinkSite | None:
    """The site that an address leads to, or a project page if `kind` is `project`; None if it is not known, or for a picture or another file."""
    host, path = _host(url)
    if host is None or host.site is None:
        return PROJECT if kind == "project" and not _FILE.search(path) else None
    if _NO_PAGE.match(path) or (_FILE.search(path) and (host.site is PROJECT or not _PDF.search(path))):
        return None
    return host.site


def address_kind(url: str) -> str | None:
    """The kind of link (`arxiv`, `doi`, `code`, `project`, `pdf`) that an address shows, None if it shows none."""
    host, path = _host(url)
    for kind, shape in host.kinds if host else ():
        if re.match(shape, path, re.IGNORECASE) and not (kind == "project" and _FILE.search(path)):
            return kind
    return "pdf" if _PDF.search(url) else None


def _host(url: str) -> tuple[Host | None, str]:
    """What is known of the host of an address, and the path there. Not all pages at `*.github.io` are project pages."""
    match = _ADDRESS.fullmatch(url)
    if not match:
        return None, url.partition("?")[0].partition("#")[0]
    path = (match["path"] or "").lstrip("/")
    host, begins = known_host(match["host"].rstrip(".")) or (None, "")
    if host is None or not path.lower().startswith(begins):
        return None, path
    return (None if host.site is PROJECT and _NO_PROJECT.search(path) else host), path
