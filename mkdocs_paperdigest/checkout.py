"""The checkout that a folder stands in, read off its `.git` without git: the default branch, and the address on the web."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_SECTION = re.compile(r'\[\s*remote\s+"([^"\]]*)"\s*\]')
_URL = re.compile(r'\s*url\s*=\s*"?([^"#;]*?)"?\s*(?:[#;].*)?', re.IGNORECASE)
# With a scheme and perhaps a user and a port, or as `user@host:path`.
_ADDRESS = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/]*@)?([\w.-]+)(?::\d+)?/|(?:[^/@:]+@)?([\w.-]+):)(.*)", re.IGNORECASE
)
_NAME = re.compile(r"[.-]*\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout: the folder `top` with `.git`, the default branch, and its address without a user or password.

    Each but `top` is None where it is not known; the address is only known for GitHub and GitLab.
    """

    top: Path
    branch: str | None = None
    url: str | None = None

    @property
    def name(self) -> str | None:
        """The name of the repository, as its address has it."""
        return self.url.rpartition("/")[2] if self.url else None

    @property
    def host(self) -> str | None:
        """The host of its address."""
        return self.url.split("/")[2] if self.url else None

    def edit_uri(self, folder: str) -> str:
        """Where, below its address, a folder of it can be edited, for MkDocs' `edit_uri`; "" if that is not known."""
        if not self.branch or not self.host:
            return ""
        way = "-/edit" if self.host.startswith("gitlab.") else "edit"
        return "/".join(part for part in (way, quote(self.branch), quote(folder, errors="replace")) if part) + "/"

    @property
    def pages_url(self) -> str | None:
        """The address of its site on GitHub Pages, None for other hosts. A domain of its own, in a file `CNAME`, goes first."""
        if self.url is None or self.host != "github.com":
            return None
        domain = _read(self.top / "CNAME").strip()
        if re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain, re.ASCII):
            return f"https://{domain}/"
        owner, name = self.url.split("/")[3:]
        home = f"{owner.lower()}.github.io"
        return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"


def checkout_around(folder: Path) -> Checkout | None:
    """The checkout that a folder stands in, None if it stands in none. Raises nothing."""
    folder = folder.resolve()
    top = next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)
    if top is None:
        return None
    git = top / ".git"
    if elsewhere := re.match(r"gitdir:\s*(.+)", _read(git)):  # a worktree or a submodule
        git = top / elsewhere[1].strip()
    common = git / (_read(git / "commondir").strip() or ".")
    branch = _branch(_read(common / "refs" / "remotes" / "origin" / "HEAD"), "refs/remotes/origin/")
    return Checkout(top, branch or _branch(_read(git / "HEAD"), "refs/heads/"), _remote(_read(common / "config")))


def web_address(remote: str) -> str | None:
    """The address on the web of a repository on GitHub or GitLab, whatever way its remote is written; else None.

    >>> web_address("git@github.com:someone/digests.git")
    'https://github.com/someone/digests'
    """
    match = _ADDRESS.fullmatch(remote.strip())
    if match is None:
        return None
    host = (match[1] or match[2]).lower().removeprefix("www.").replace("ssh.github.com", "github.com")
    parts = match[3].strip("/").removesuffix(".git").split("/")
    is_github = host.startswith("github.") and len(parts) == 2
    is_gitlab = host.startswith("gitlab.") and len(parts) >= 2
    if not (is_github or is_gitlab) or not all(map(_NAME.fullmatch, parts)):
        return None
    return f"https://{host}/{'/'.join(parts)}"


def _remote(config: str) -> str | None:
    urls: dict[str, str] = {}
    section = None
    for line in config.splitlines():
        if line.lstrip().startswith("["):
            head = _SECTION.match(line.strip())
            section = head[1] if head else None
        elif section is not None and (match := _URL.fullmatch(line)):
            urls.setdefault(section, match[1])
    url = urls.get("origin") or next(iter(urls.values()), None)
    return web_address(url) if url else None


def _branch(head: str, below: str) -> str | None:
    match = re.fullmatch(rf"ref:\s*{below}([^\x00-\x20~^:?*\[\\\x7f]+)", head.strip())
    return match[1] if match and match[1] != ".invalid" else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    except OSError:
        return ""
