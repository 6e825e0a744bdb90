"""What can be wrong with a source: a code, a severity, a place, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum


class Severity(Enum):
    """WARNING is for what a reader of the site misses; what loses nothing or was mended is INFO."""

    INFO = "INFO"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its severity and its message, with `{}` slots for what was seen, `{advice}` for what to do about it."""

    severity: Severity
    message: str


_WARNINGS = {
    "PD001": "the file is not UTF-8; it was read as {}, so letters may be wrong: save it as UTF-8",
    "PD106": "the heading `{}` has no title behind it, so the paper is left as text: write the title on the line of the heading",
    "PD303": "the link to `{}` was left out, since its scheme may run something: write an address that begins with https:",
    "PD401": "this stands already where the plugin would write {}; it is kept: move it, or move the other with the option `{}`",
    "PD402": "another plugin or extension changed the papers or keypoints of this page after it was read, so the index does not know them: write them in the file itself",
    "PD403": "the marker `{}` shows nothing: {advice}",
    "PD404": "the link to `{}` leaves the docs folder, so it leads nowhere on the site: {advice}",
    "PD405": "`{}` stands inside a paper, so the blog's lists show the whole post: put it right above the heading of a paper",
    "PD501": "this is no YAML that can be read ({}), so the file was ignored: mend it here",
    "PD502": "`{}` means nothing here: {advice}",
    "PD503": "`{}` takes {advice}, not {}, so it was ignored",
    "PD504": "`{}` is claimed by `{}` and, first, by `{}`, which has it: delete one of them",
    "PD505": "`{}` names `{}`, which is no keypoint of this file: {advice}",
    "PD506": "`{}` would stand below itself ({}), so it has no parent now: change one of these parents",
    "PD507": "the slug `{}` cannot be used, since {}: choose another",
    "PD508": "this line of the lock file is at fault: {}",
    "PD509": "the description of `{}` could not be converted ({}), so it is shown as text: mend it",
}
_INFO = {
    "PD002": "control character {} was left out: delete it",
    "PD101": "the paper {} has no month: give it a label `Date:`, put a heading such as `# 2024-05` above it, or name the file after its month",
    "PD102": "the title {} stands twice in {}; first in line {}: delete one, or say how they differ",
    "PD103": "the heading says {}, the file name says {}; the heading was taken: rename the file or correct the heading",
    "PD104": "`{}` was read as a heading; GitHub shows it as text: put a space after the `#`",
    "PD105": "the fields below {} have no paper: write the paper's title as a heading above them",
    "PD107": "the paper {} stands first in line {}: it is counted once, there",
    "PD108": "the title {} stands in line {} too: if it is one paper, link both to its page on arXiv, and it is counted once",
    "PD201": "the keypoint field is empty: name some keypoints or delete the label",
    "PD202": "the label `{}` was read as `{}`: write `{}:`",
    "PD301": "`<details>` is never closed; it was closed at the end of the paper: add a line `</details>`",
    "PD302": "raw HTML above swallows `{}`, which GitHub shows as plain text: put a blank line before it",
    "PD304": "`<{}>` is shown as text: put it in back-ticks, or delete it",
    "PD406": "the search index has {}, and readers wait for all of it before they find anything: set `search: slim`, which makes it about {}",
    "PD407": "the site has no `site_url`, so the links of its feeds are relative, which some feed readers cannot follow: set it to the address of the site",
    "PD409": "encrypted or hidden pages give nothing to lists, feeds, search or files of the plugin: {advice}",
    "PD601": "the keypoint `{}` is not in {}: {advice}",
    "PD602": "`{}` is another spelling of a keypoint: write `{}`",
    "PD603": "`{}` may be `{}` ({}): merge them with `paperdigest keypoints merge`, or name both in keypoints.yml",
    "PD604": "`{}` was taken for `{}`, since `{}` says that it stands for it",
    "PD605": "keypoints are parted by `{}`: write `{}`",
    "PD606": "there is stray white space in or beside the keypoint `{}`: write one space",
    "PD607": "the keypoint `{}` is named twice in this paper: delete one",
    "PD608": "`{}` is written `{}` elsewhere ({} of {} times): write it in one way",
    "PD609": "the keypoint `{}` has a `{}` in it, since `;` parts this list: write `;` if it is several",
    "PD610": "the figure `{}` says nothing to those who cannot see it: {advice}",
}

RULES: dict[str, Rule] = {
    **{code: Rule(Severity.WARNING, message) for code, message in _WARNINGS.items()},
    **{code: Rule(Severity.INFO, message) for code, message in _INFO.items()},
}
"""Every finding that there is, by code."""


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
