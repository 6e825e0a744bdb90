"""What was made of the same text before: small texts in a folder, each under the name of everything that it was made of."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from msgspec import DecodeError
from msgspec.json import Decoder, encode

T = TypeVar("T")

CACHE_FOLDER = ".cache/plugin/paperdigest"
"""The usual folder, beside the settings of a site, where other plugins of MkDocs keep theirs."""

_SPARE = 500
"""How many entries beside those of the last builds are kept at least: older states of pages, and those of another small site."""
_SUFFIX = ".json"
_OWN = re.compile(r"[0-9a-f]{64}\.(?:json|\d+)")
"""The names of its files; the folder may have others."""
_decoder = cache(Decoder)


def dumps(record: object) -> str:
    """A record, which may hold others, as JSON; "" if it has half a character in it, which no file can hold."""
    try:
        return encode(record).decode()
    except UnicodeEncodeError:
        return ""


def loads(text: str, kind: Any) -> Any:
    """The record of the type `kind` that `dumps` made JSON of. Raises ValueError if the text is not such JSON."""
    try:
        return _decoder(kind).decode(text)
    except (DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def name_of(*parts: str) -> str:
    """The name of what is made of these parts: their SHA-256, so that nothing else ever has it."""
    sizes = ",".join(str(len(part)) for part in parts)
    return hashlib.sha256("\0".join([sizes, *parts]).encode("utf-8", "surrogatepass")).hexdigest()


class Cache:
    """Texts by name. Whatever happens to its folder, it gives back what was put in, or nothing.

    Each text is a file, its own SHA-256 in the first line. That shows damage, and not who wrote the file, since there is no key: whoever
    reads a text back has to check it, as `record` does. The folder may be deleted at any time; where it cannot be written, nothing is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Take the folder, which need not be there; None keeps nothing."""
        self._folder = folder
        self.used: set[str] = set()
        """The names of all that was given back or put in."""

    def __bool__(self) -> bool:
        return self._folder is not None

    def __contains__(self, name: object) -> bool:
        """Whether there seems to be a text of this name; `get` may find it damaged."""
        return self._folder is not None and (self._folder / f"{name}{_SUFFIX}").is_file()

    def get(self, name: str) -> str | None:
        if self._folder is None:
            return None
        try:
            sign, _, text = (
                (self._folder / f"{name}{_SUFFIX}").read_bytes().decode("utf-8", "surrogatepass").partition("\n")
            )
        except (OSError, ValueError):
            return None
        if sign != name_of(name, text):
            return None
        self.used.add(name)
        return text

    def record(self, name: str, kind: type[T]) -> T | None:
        """The record of class `kind` that `dumps` made the text of this name of; None if there is none."""
        with contextlib.suppress(ValueError):
            found: T = loads(self.get(name) or "", kind)
            return found
        return None

    def put(self, name: str, text: str) -> None:
        if self._folder is None:
            return
        file = self._folder / f"{name}{_SUFFIX}"
        part = file.with_suffix(f".{os.getpid()}")
        try:
            if not self._folder.is_dir():
                self._folder.mkdir(parents=True)
                (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
            part.write_bytes(f"{name_of(name, text)}\n{text}".encode("utf-8", "surrogatepass"))
            part.replace(file)
        except OSError:
            self._folder = None
            return
        self.used.add(name)

    def prune(self, used: Set[str]) -> None:
        """Delete the oldest entries that are not in `used`, except for as many as that has, and `_SPARE` at least; nothing if it is empty."""
        if self._folder is None or not used:
            return
        with contextlib.suppress(OSError):
            own = (entry for entry in os.scandir(self._folder) if _OWN.fullmatch(entry.name) and entry.is_file())
            others = [entry for entry in own if entry.name.removesuffix(_SUFFIX) not in used]
            others.sort(key=lambda entry: (entry.stat().st_mtime, entry.path))
            for entry in others[: -max(len(used), _SPARE)]:
                os.remove(entry)
            for name in used:
                with contextlib.suppress(FileNotFoundError):
                    os.utime(self._folder / f"{name}{_SUFFIX}")
