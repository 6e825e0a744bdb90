"""What can be wrong with a source: a code, a severity, a place, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from ..support import read_table


class Severity(Enum):
    """WARNING is for what a reader of the site misses; what loses nothing or was mended is INFO."""

    INFO = "INFO"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its severity and its message, with `{}` slots for what was seen, `{advice}` for what to do about it."""

    severity: Severity
    message: str


RULES: dict[str, Rule] = {
    code: Rule(Severity(severity), message)
    for severity, messages in read_table(__package__, "findings.toml", dict[str, dict[str, str]]).items()
    for code, message in messages.items()
}
"""Every finding that there is, by code: the rows of `findings.toml`."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What certainly mends a fault: the characters from `start` to `end` of the file's text, line ends as they are, become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place: `path` relative to the docs, `line` and `column` 1-based.

    `level` is its severity where an option says it, and not `RULES`.
    """

    code: str
    path: str
    line: int
    column: int
    message: str
    level: Severity | None = None
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        """The severity: its own, or what `RULES` gives to the code."""
        return self.level or RULES[self.code].severity

    @property
    def place(self) -> str:
        """The place as `path:line:column`."""
        return f"{self.path}:{self.line}:{self.column}"

    def at(self, level: Severity) -> Finding:
        """The same with a severity of its own."""
        return replace(self, level=level)

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message}"


def finding(code: str, path: str, line: int, column: int, *seen: object, advice: str = "") -> Finding:
    """Make a finding; `seen` fills the slots of the rule's message, each cut to 80 characters, `advice` its own, uncut."""
    shown = (text if len(text) <= 80 else text[:79] + "…" for text in map(str, seen))
    return Finding(code, path, line, column, RULES[code].message.format(*shown, advice=advice))


def summary(findings: Iterable[Finding]) -> list[tuple[Severity, str]]:
    """One line for each code and file: the first place, the message, and how many more there are."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in findings:
        groups.setdefault((item.path, item.code), []).append(item)
    lines = []
    for group in groups.values():
        more = f" (and {len(group) - 1} more in this file)" if len(group) > 1 else ""
        lines.append((group[0].severity, f"{group[0]}{more}"))
    return lines
