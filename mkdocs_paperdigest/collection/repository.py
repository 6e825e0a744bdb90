"""The repository that the docs stand in, and how the web shows the files of it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from ..reader import OutsideLink, split_url

_SAMPLE = "https://github.com/OWNER/REPOSITORY"
# `HEAD` is the default branch, whatever its name.
_GITHUB = {"file": "/blob/HEAD/", "picture": "/raw/HEAD/", "folder": "/tree/HEAD/"}
_GITLAB = {kind: f"/-{way}" for kind, way in _GITHUB.items()}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: its folder on this machine, the path of the docs in it ("" if they are all of it), and its address."""

    root: Path
    docs: str
    url: str | None = None

    @classmethod
    def around(cls, docs: Path, config: Path, url: str | None) -> Repository:
        """The repository with `.git` at or above the docs, else the folder `config`."""
        root = next((folder for folder in (docs, *docs.parents) if os.path.exists(folder / ".git")), config)
        if not docs.is_relative_to(root):
            root = docs.parent
        path = docs.relative_to(root).as_posix()
        return cls(root, "" if path == "." else path, url or None)

    def instead(self, link: OutsideLink, page: str) -> str:
        """What to write instead of a link that leads out of the docs folder from a page, a path relative to the docs."""
        path, tail = split_url(link.url)
        tail = quote(tail, safe="%/?#[]@!$&'*+,;=:", errors="replace")
        folder = posixpath.dirname(page)
        to = posixpath.normpath(posixpath.join(self.docs, folder, path))
        is_folder = path.endswith("/") or os.path.isdir(self.root / to)
        if self.docs and to.startswith(f"{self.docs}/") and not is_folder:
            way = posixpath.relpath(to, posixpath.join(self.docs, folder))
            return f"write `{quote(way, errors='replace')}{tail}`"
        whole = "write its whole address"
        if to == ".." or to.startswith("../"):
            return whole
        known = _ways(self.url)
        base, ways = known or (_SAMPLE, _GITHUB)
        way_to = ways["folder" if is_folder else "picture" if link.is_picture else "file"]
        address = f"`{base if to == '.' else base + way_to + quote(to, errors='replace')}{tail}`"
        write = f"write {address}" if known else whole if self.url else f"{whole}, such as {address}"
        return write if is_folder else f"{write}, or move the file into the docs folder"


def _ways(url: str | None) -> tuple[str, Mapping[str, str]] | None:
    """The address of a repository without what follows it, and the ways to its files; None if they are not known."""
    parts = urlsplit((url or "").strip())
    host = parts.netloc.lower().removeprefix("www.")
    path = parts.path.strip("/").partition("/-/")[0]
    if host.startswith("github."):
        path, ways = "/".join(path.split("/")[:2]), _GITHUB
    elif host.startswith("gitlab."):
        ways = _GITLAB
    else:
        return None
    return (f"{parts.scheme}://{parts.netloc}/{path.removesuffix('.git')}", ways) if "/" in path else None
