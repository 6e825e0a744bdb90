"""The checkout that a folder stands in, read off its `.git` without git: the default branch, the address on the web, what is tracked.

Files of it are never written through a symbolic link that leads out of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_REMOTE = re.compile(
    r'^[ \t]*\[[ \t]*remote[ \t]+"([^"\]]*)"[ \t]*\].*\n(?:(?![ \t]*\[).*\n)*?'
    r'[ \t]*url[ \t]*=[ \t]*+"?+([^"#;\r\n]*+)"?[ \t\r]*+(?:[#;].*)?$',
    re.IGNORECASE | re.MULTILINE,
)
# With a scheme and perhaps a user and a port, or as `user@host:path`.
_ADDRESS = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/]*@)?([\w.-]+)(?::\d+)?/|(?:[^/@:]+@)?([\w.-]+):)(.*)", re.IGNORECASE
)
_NAME = re.compile(r"[.-]*\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout: the folder `top` with `.git`, the default branch, and the web address without a user or password (GitHub and GitLab only); None if not known."""

    top: Path
    branch: str | None = None
    url: str | None = None

    @property
    def name(self) -> str | None:
        return self.url.rpartition("/")[2] if self.url else None

    @property
    def host(self) -> str | None:
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
        domain = read_if_there(self.top / "CNAME").strip()
        if re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain, re.ASCII):
            return f"https://{domain}/"
        owner, name = self.url.split("/")[3:]
        home = f"{owner.lower()}.github.io"
        return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"


def checkout_around(folder: Path) -> Checkout | None:
    """The checkout that a folder stands in, None if it stands in none. Raises nothing."""
    top = top_around(folder)
    if top is None:
        return None
    git, common = _git_folders(top)
    branch = _branch(read_if_there(common / "refs" / "remotes" / "origin" / "HEAD"), "refs/remotes/origin/")
    return Checkout(
        top, branch or _branch(read_if_there(git / "HEAD"), "refs/heads/"), _remote(read_if_there(common / "config"))
    )


def top_around(folder: Path) -> Path | None:
    """The top of the checkout that a folder stands in, links resolved; None if it stands in none. Raises nothing."""
    real = Path(os.path.realpath(folder))
    return next((place for place in (real, *real.parents) if os.path.exists(place / ".git")), None)


def tracked_files(folder: Path) -> list[str]:
    """The tracked files in a folder that are there: sorted POSIX paths, of a torn index those before the tear.

    A nested repository is a file. Raises nothing.
    """
    real, top = Path(os.path.realpath(folder)), top_around(folder)
    if top is None:
        return []
    git, common = _git_folders(top)
    id_length = 32 if re.search(r"objectformat\s*=\s*sha256", read_if_there(common / "config"), re.IGNORECASE) else 20
    above = b"" if real == top else os.fsencode(f"{real.relative_to(top).as_posix()}/")
    found = set()
    for name in _indexed(git, "index", id_length):
        # Where case does not count, the index may have another one than the disk.
        if name[: len(above)].lower() == above.lower() and os.path.lexists(real / os.fsdecode(name[len(above) :])):
            found.add(os.fsdecode(name[len(above) :]))
    return sorted(found)


def _git_folders(top: Path) -> tuple[Path, Path]:
    """The folder of git that belongs to a checkout, and the one that it shares with its other worktrees."""
    git = top / ".git"
    if elsewhere := re.match(r"gitdir:\s*(.+)", read_if_there(git)):  # a worktree or a submodule
        git = top / elsewhere[1].strip()
    return git, git / (read_if_there(git / "commondir").strip() or ".")


def _indexed(git: Path, name: str, id_length: int) -> Iterator[bytes]:
    """The paths in an index of git. Source: https://git-scm.com/docs/index-format."""
    try:
        data = (git / name).read_bytes()
    except OSError:
        return
    version, total = (int.from_bytes(data[at : at + 4]) for at in (4, 8))
    at, path = 12, b""
    try:
        for _ in range(total):
            start, at = at, at + 40 + id_length + 2
            at += 2 if data[at - 2] & 0x40 else 0  # a second field of flags
            if version < 4:
                end = data.index(b"\0", at)
                path = data[at:end]
                at = start + (end - start + 8) // 8 * 8
            else:  # the path without what it shares with the one before
                dropped = data[at] & 0x7F
                while data[at] & 0x80:
                    at += 1
                    dropped = (dropped + 1 << 7) | (data[at] & 0x7F)
                end = data.index(b"\0", at + 1)
                path = path[: len(path) - dropped] + data[at + 1 : end]
                at = end + 1
            if path:  # else it stands for one of the index that several share
                yield path
    except (IndexError, ValueError):
        return
    if data[at : at + 4] == b"link":  # the rest is in an index that several share
        yield from _indexed(git, f"sharedindex.{data[at + 8 : at + 8 + id_length].hex()}", id_length)


def web_address(remote: str) -> str | None:
    """The address on the web of a remote on GitHub or GitLab, such as `git@github.com:someone/digests.git`; None for others."""
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
    remotes = _REMOTE.findall(config)
    url = next((url for name, url in remotes if name == "origin" and url), None) or (remotes[0][1] if remotes else None)
    return web_address(url) if url else None


def _branch(head: str, below: str) -> str | None:
    match = re.fullmatch(rf"ref:\s*{below}([^\x00-\x20~^:?*\[\\\x7f]+)", head.strip())
    return match[1] if match and match[1] != ".invalid" else None


def read_if_there(file: Path) -> str:
    """The text of a file, "" if it is not there or cannot be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    except OSError:
        return ""


def leads_out(file: Path, *folders: Path) -> bool:
    """Whether a file below `folders` or in their repositories is in truth outside of these, or in `.git`.

    One whose path itself is elsewhere is wanted there.
    """
    place, real = Path(os.path.abspath(file)), Path(os.path.realpath(file))
    own = {Path(os.path.abspath(folder)) for folder in folders}
    for folder in own:
        if any(folder != other and folder.is_relative_to(other) for other in own):
            continue  # it may itself be a link out of the other one
        top = top_around(folder) or Path(os.path.realpath(folder))
        is_inside = real.is_relative_to(top) and ".git" not in real.relative_to(top).parts
        if not is_inside and (place.is_relative_to(folder) or place.is_relative_to(top)):
            return True
    return False


def check_inside(file: Path, *folders: Path) -> None:
    if leads_out(file, *folders):
        raise OSError(f"{file} leads out of the repository through a symbolic link, so it was left as it is")


def write_inside(file: Path, content: bytes, *folders: Path) -> None:
    """Write a file. Raises OSError if it leads out of these folders or cannot be written."""
    check_inside(file, *folders)
    file.write_bytes(content)
