"""A folder whose files are written again and again, by no one else: what another changed is not lost."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFEST = ".paperdigest-render.json"
"""The file in the folder that lists what was written, each file with the SHA-256 of its content."""


class FolderError(Exception):
    """A folder that must not be written to; its text is a sentence about it."""


@dataclass(frozen=True, slots=True)
class Written:
    written: int
    unchanged: int
    deleted: int


def write_folder(folder: Path, files: Mapping[str, Callable[[], bytes]], *, force: bool = False) -> Written:
    """Make a folder hold these files by their paths, and delete others that an earlier call wrote; `force` overwrites changed ones.

    Raises FolderError before anything is written if the folder has other or changed files, OSError if it cannot be written.
    """
    known = _manifest(folder)
    _check(folder, known, files, force=force)
    # What a process that is killed has written must be known to the next one.
    _write_manifest(folder, {path: known.get(path, "") for path in sorted({*known, *files})})
    gone = [path for path in known if path not in files and (folder / path).is_file()]
    for path in gone:  # first: where one of them was may be a folder now
        (folder / path).unlink()
    hashes: dict[str, str] = {}
    written = unchanged = 0
    for path in sorted(files):
        content = files[path]()
        name = hashes[path] = _name(content)
        target = folder / path
        if _name_of(target) == name:
            unchanged += 1
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written += 1
    for above in sorted({parent for path in known if path not in files for parent in Path(path).parents}, reverse=True):
        if above != Path() and (folder / above).is_dir() and not any((folder / above).iterdir()):
            (folder / above).rmdir()
    _write_manifest(folder, hashes)
    return Written(written, unchanged, len(gone))


def _check(folder: Path, known: Mapping[str, str], files: Mapping[str, object], *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is no folder")
    if not known and folder.is_dir() and any(folder.iterdir()):
        raise FolderError(f"{folder} has files that `paperdigest render` did not write, so it was left as it is")
    changed: list[str] = []
    for path in sorted({*known, *files}):
        target = folder / path
        if not _is_plain(path) or any(
            (folder / above).is_symlink() for above in (Path(path), *Path(path).parents[:-1])
        ):
            raise FolderError(f"{target} would lead out of {folder}, so nothing was written")
        if path in files and any(above.as_posix() in files for above in Path(path).parents):
            raise FolderError(
                f"{target} would stand in a folder where another file is to stand, so nothing was written"
            )
        if target.is_dir():
            raise FolderError(f"{target} is a folder, where a file is to stand, so nothing was written")
        own = _name_of(target)
        if own is not None and known.get(path) not in (own, ""):
            changed.append(path)
    if changed and not force:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise FolderError(
            f"{folder / changed[0]}{more} was changed since it was written, so nothing was written; --force overwrites it"
        )


def _is_plain(path: str) -> bool:
    return bool(path) and not os.path.isabs(path) and ".." not in path.split("/")


def _manifest(folder: Path) -> dict[str, str]:
    """The hashes of the written files, by their paths; "" for a file that may not be whole."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    files = found.get("files") if isinstance(found, dict) else None
    return {path: str(name) for path, name in files.items() if _is_plain(path)} if isinstance(files, dict) else {}


def _write_manifest(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # In ASCII, since names of files need not be in UTF-8.
    text = json.dumps({"format": 1, "files": files}, indent=0, sort_keys=True)
    # A whole one takes the place of the former at once.
    made = folder / f"{MANIFEST}.new"
    made.unlink(missing_ok=True)
    made.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    made.replace(folder / MANIFEST)


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name_of(file: Path) -> str | None:
    return _name(file.read_bytes()) if file.is_file() else None
