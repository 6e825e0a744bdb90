"""The copies of remote figures in the docs: their folder, and the names that they have there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote, urlsplit, urlunsplit

FIGURES_FOLDER = "assets/figures"
"""The usual folder of the copies, in the docs."""

_COPY = re.compile(r"(?P<key>[0-9a-f]{20})\.(?:png|jpg|gif|webp|avif|svg)")
_REMOTE = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
# As in CommonMark: signs that percent-encoding leaves alone, so that an address that has them encoded stays another.
_KEPT = "%!$&'()*+,;=:@/?-._~[]"


def is_remote(src: str) -> bool:
    return bool(_REMOTE.match(src.strip()))


def address(src: str) -> str:
    """The address of a remote picture as it is requested: percent-encoded where it must be, without a fragment.

    Raises ValueError for what is no address.
    """
    parts = urlsplit(src.strip())
    host = parts.netloc.lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    path, query = (quote(part, safe=_KEPT) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme.lower(), host, path or "/", query, ""))


def figure_key(src: str) -> str | None:
    """What the copy of a remote picture is named by, in any docs and at any time; None for a picture that is not remote."""
    try:
        return sha256(address(src).encode()).hexdigest()[:20] if is_remote(src) else None
    except ValueError:
        return None


def local_copies(paths: Iterable[str], folder: str) -> dict[str, str]:
    """The copies among the files at `paths` that stand in `folder`, by the keys of their figures."""
    copies: dict[str, str] = {}
    for path in sorted(paths):
        at, name = posixpath.split(path)
        if at == folder and (match := _COPY.fullmatch(name)):
            copies.setdefault(match["key"], path)
    return copies
