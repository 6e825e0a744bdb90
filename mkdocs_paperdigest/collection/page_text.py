"""The text of a page before it is read for papers: decoded, cut below its front matter, and whether it gives papers at all.

Pages that switch the plugin off give none, nor do those that another plugin hides from readers.
"""

from __future__ import annotations

import codecs
import posixpath
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..reader import LabelVocabulary, plain_front_matter, read_page, split_front_matter
from ..records import Digest, Finding, finding

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMED = 10
"""So many pages a finding names; it counts the others."""


@dataclass(frozen=True, slots=True)
class PageRules:
    """What a site says of its pages besides their own front matter.

    `inherited` are front matter for all pages whose path begins in one way, a later one before an earlier one. `encrypts` says that the plugin encryptcontent is used, `password` and `level` that
    it encrypts each page that does not say otherwise by this key, None if that is not known. `roles` are those that the plugin role-filter shows, None without it.
    """

    inherited: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    encrypts: bool = False
    password: bool = False
    level: bool | None = False
    roles: Collection[object] | None = None

    def merged(self, path: str, meta: Mapping[str, Any]) -> dict[str, Any]:
        own: dict[str, Any] = {}
        for start, values in self.inherited:
            if path.startswith(start):
                own |= values
        return own | dict(meta)

    def is_off(self, path: str, meta: Mapping[str, Any]) -> bool:
        value = self.merged(path, meta).get("paperdigest")
        return value is False or (isinstance(value, str) and value.strip().lower() in ("false", "no", "off"))

    def hides(self, path: str, meta: Mapping[str, Any]) -> bool:
        """Whether readers are not to see a page; a password counts without a plugin, since other builds may use it."""
        own = self.merged(path, meta)

        def asked(key: str, *, by_default: bool = False) -> bool:
            return str(own[key]) != "" if key in own else by_default  # as encryptcontent has it: `''` is none

        return (
            asked("password", by_default=self.password)
            or asked("use_secret")
            or (self.encrypts and (asked("level", by_default=self.level is not False) or asked("obfuscate")))
            or (self.roles is not None and own.get("role", "public") not in self.roles)
        )


@dataclass(frozen=True, slots=True)
class PageText:
    """A page before it is read for papers; `body` begins at line `first` from 1; `off`: it has `paperdigest: false`."""

    path: str
    text: str
    body: str
    first: int = 1
    meta: Mapping[str, Any] = field(default_factory=dict)
    encoding: str = "utf-8"
    off: bool = False
    hidden: bool = False

    @property
    def is_read(self) -> bool:
        return not (self.off or self.hidden)

    @property
    def wrong_encoding(self) -> tuple[Finding, ...]:
        return () if self.encoding == "utf-8" else (finding("PD001", self.path, 1, 1, self.encoding),)

    def read(self, labels: LabelVocabulary) -> tuple[Digest, tuple[Finding, ...]]:
        if not self.is_read:
            return Digest(self.path), ()
        return read_page(self.body, self.path, self.first, meta=self.meta, labels=labels)


def decode_page(path: str, data: bytes, rules: PageRules) -> PageText:
    text, encoding = decode(data)
    meta, body, above = split_front_matter(text)
    own = meta or plain_front_matter(text)
    return PageText(path, text, body, above + 1, meta, encoding, rules.is_off(path, own), rules.hides(path, own))


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding that it was read as: `utf-8`, what its byte order mark says, or a guess.

    A guess is GB 18030, if the bytes are valid in it and most of what is not ASCII are pairs of such bytes that make a
    Chinese character (in a Western text they stand alone), else Windows-1252. Nothing is lost: bytes that mean nothing there become the characters of the same number.
    """
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)]
    for encoding in (*marked[:1], "utf-8", "gb18030", "cp1252"):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if encoding != "gb18030" or _is_chinese(text, data):
                return text, encoding.removesuffix("-sig")
    return data.decode("latin-1"), "latin-1"


def _is_chinese(text: str, data: bytes) -> bool:
    characters = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return characters * 1.6 <= sum(byte > 127 for byte in data) < characters * 3


def inherited_meta(
    files: Mapping[str, bytes], meta_files: Iterable[tuple[str, bool]]
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    found = []
    for name, is_exact in meta_files:
        for path in sorted(files, key=posixpath.dirname):
            folder, file = posixpath.split(path)
            if file == name:
                try:
                    values = yaml.safe_load(files[path].decode("utf-8-sig"))
                except (ValueError, RecursionError, yaml.YAMLError):
                    continue  # which ends a build
                if isinstance(values, dict):
                    found.append((f"{folder}/" if folder and is_exact else folder, values))
    return tuple(found)


def hidden_pages(paths: Iterable[str]) -> list[Finding]:
    hidden = sorted(paths)
    if not hidden:
        return []
    more = f" and {len(hidden) - _NAMED} more" if len(hidden) > _NAMED else ""
    return [finding("PD409", hidden[0], 1, 1, advice=f"{', '.join(hidden[:_NAMED])}{more}")]
