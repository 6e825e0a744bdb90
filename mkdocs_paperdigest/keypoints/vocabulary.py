"""What a site says of its keypoints, apart from its papers: names, spellings, descriptions, and what stands below what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from ..support import keypoint_key, keypoint_slug

_SLUG_TAKES_NO = re.compile(r'[\s/\\:*?"<>|#%]')
_RESERVED = re.compile(r"(?:index|con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.ASCII)
_LONGEST_SLUG = 120


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One keypoint that the site knows.

    `slug` is its place in URLs, `label` how it is shown, `aliases` are its other spellings. `description` is Markdown.
    `parent` and `related` are slugs of other entries. `hue` is 0 to 359, its own or that of its group or of what it stands
    below; None is neutral. A `hidden` one stands in no list. One that
    is not `is_labelled`, since its name is only a slug, is called as papers spell it, if they do. `line` is its 1-based line in its file.
    """

    slug: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    parent: str | None = None
    group: str | None = None
    hue: int | None = None
    hidden: bool = False
    is_labelled: bool = True
    related: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """The keypoints that a site knows, in the order of its file, without cycles of parents.

    `merged` has spellings, as keys of `keypoint_key`, that stand for another spelling, beside the aliases of entries:
    acronyms that the text explains. `path` is the file, as findings name it; "" if there is none.
    """

    entries: tuple[VocabularyEntry, ...] = ()
    merged: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    path: str = ""

    @cached_property
    def by_slug(self) -> dict[str, VocabularyEntry]:
        return {entry.slug: entry for entry in self.entries}

    @cached_property
    def by_key(self) -> dict[str, VocabularyEntry]:
        """The entries by the keys of their spellings: label, aliases and slug; the first that has one keeps it."""
        spelt = [(name, entry) for entry in self.entries for name in (entry.label, *entry.aliases)]
        found: dict[str, VocabularyEntry] = {}
        for name, entry in (*spelt, *((entry.slug, entry) for entry in self.entries)):
            found.setdefault(keypoint_key(name), entry)
        return found

    def entry(self, written: str) -> VocabularyEntry | None:
        """The entry that a spelling means, None if the site does not know it."""
        key = keypoint_key(written)
        return self.by_key.get(key) or self.by_key.get(self.merged.get(key, ""))

    def slug(self, written: str) -> str:
        """The slug of the keypoint that a spelling means, known or not."""
        key = keypoint_key(written)
        key = key if key in self.by_key else self.merged.get(key, key)
        entry = self.by_key.get(key)
        return entry.slug if entry else keypoint_slug(key)

    def children(self, slug: str) -> Iterable[VocabularyEntry]:
        """The entries right below one."""
        return (entry for entry in self.entries if entry.parent == slug)


EMPTY_VOCABULARY = Vocabulary()
"""What a site without `keypoints.yml` knows."""


def slug_fault(slug: str) -> str | None:
    """Why a slug cannot stand in a path and in an address, None if it can."""
    if bad := _SLUG_TAKES_NO.search(slug):
        return "white space may not stand in it" if bad[0].isspace() else f"`{bad[0]}` may not stand in it"
    if slug.startswith(".") or slug.endswith("."):
        return "it begins or ends with a dot"
    if ".." in slug:
        return "`..` may not stand in it"
    if _RESERVED.fullmatch(slug.casefold()):
        return "that name is reserved"
    if len(slug.encode()) > _LONGEST_SLUG:
        return f"it has more than {_LONGEST_SLUG} bytes"
    return None
