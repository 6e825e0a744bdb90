"""The text of a page before it is read for papers: decoded, cut below its front matter, and whether it gives papers at all."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..reader import LabelVocabulary, plain_front_matter, read_page, split_front_matter
from ..records import Digest, Finding, finding
from .page_rules import PageRules

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
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
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
        characters = sum("\u4e00" <= char <= "\u9fff" for char in text)
        if characters * 1.6 <= sum(byte > 127 for byte in data) < characters * 3:
            return text, "gb18030"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"
