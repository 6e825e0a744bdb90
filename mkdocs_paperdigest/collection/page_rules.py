"""Which pages give no papers: those that switch the plugin off, and those that another plugin hides from readers."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ..records import Finding, finding

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
