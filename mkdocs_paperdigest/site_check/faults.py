"""What can be wrong with a built site, by the rules of `rules.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..support import read_table

_TABLES = read_table(__package__, "rules.toml", dict[str, Any])
RULES: dict[str, str] = _TABLES["sources"] | {
    rule: f"{message}: build the site again, into an empty folder" for rule, message in _TABLES["build"].items()
}


@dataclass(frozen=True, slots=True)
class Fault:
    path: str
    rule: str
    link: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.said}"

    @property
    def said(self) -> str:
        return self.message if self.link is None else f"`{self.link}` {self.message}"


def fault(rule: str, path: str, *seen: object, link: str | None = None) -> Fault:
    return Fault(path, rule, link, RULES[rule].format(*seen))
