"""Labels of fields: what one looks like, and what it means. Two tables; no rule for one repository."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

FIELD_NAMES: dict[str, tuple[str, ...]] = {
    # canonical name: its canonical spelling, then the other spellings that mean it
    "keypoints": (
        "Keypoints",
        "Keypoint",
        "Key Points",
        "Keywords",
        "Keyword",
        "Key",
        "Tags",
        "Tag",
        "关键词",
        "關鍵字",
        "キーワード",
    ),
    "objective": ("Objective", "Objectives"),
    "method": ("Method", "Methods"),
    "metric": ("Metric", "Metrics"),
    "results": ("Results", "Result"),
    "summary": ("Summary", "Summay"),
    "limitation": ("Limitation", "Limitations"),
    "discussion": ("Discussion", "Discussions"),
    "motivation": ("Motivation", "Motivations"),
    "takeaways": ("Key Takeaways", "Key Takeaway", "Takeaways"),
    "pipeline": ("Main PipeLine", "Pipeline"),
    "abstract": ("Abstract", "摘要"),
    "conclusion": ("Conclusion", "Conclusions"),
    "tldr": ("TL;DR",),
}
"""The fields that are known, and every spelling that means one."""

KEYPOINTS = "keypoints"
"""The field whose value is a list of keypoints."""

_COMMON_WORDS = frozenset({"key", "tag", "tags"})

_SHAPES = (
    # code, the colon inside, outside, or missing
    re.compile(
        r"(?P<mark>`+)[ \t]{0,9}(?P<name>[^`\s](?:[^`\n]{0,78}[^`\s])?)[ \t]{0,9}(?P=mark)(?!`)[ \t]*(?P<colon>[:：]?)"
    ),
    # bold, the colon inside, outside, or missing
    re.compile(r"(?P<mark>\*\*|__)(?P<name>[^*_\n]{1,80}?)(?P=mark)[ \t]*(?P<colon>[:：]?)"),
    # code that is never closed: the colon ends it
    re.compile(r"`(?P<mark>)[ \t]*(?P<name>[^`\n:：]{1,40})(?P<colon>[:：])(?=[^`]*\Z)"),
)
_ENDS_THE_LINE = re.compile(r"[ \t]*(?:\\?\n|!\[|<|\Z)")
_SIMILAR = 0.85


def make_a_digest(labels: Iterable[Label]) -> bool:
    """Whether labels below one heading show that a page holds papers, which ordinary prose does not have.

    A label for keypoints in back-ticks does, unless it is a common word such as `Tags`; so does a bold one beside another
    field, and `Objective` beside `Method` or `Metric`.
    """
    found = list(labels)
    names = {label.name for label in found}
    for label in found:
        if label.name == KEYPOINTS and _key(label.written) not in _COMMON_WORDS and (label.code or len(names) > 1):
            return True
    return "objective" in names and bool(names & {"method", "metric"})


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())


_MEANINGS = {_key(spelling): name for name, spellings in FIELD_NAMES.items() for spelling in spellings}


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a text: which field it names, and where in the text its value begins.

    `written` is the label as the source has it, without colon; `exact` is False when it had to be
    mended; `code` is whether it stands in back-ticks.
    """

    name: str
    written: str
    value: int
    exact: bool
    code: bool

    @property
    def spelling(self) -> str:
        """The canonical spelling of the field."""
        return FIELD_NAMES[self.name][0]


@lru_cache(maxsize=4096)
def field_named(name: str) -> tuple[str, bool] | None:
    """The canonical name of the field that `name` means, and whether it is spelt as known; or None.

    A spelling of six letters or more is mended when it is nearly a known one (difflib's ratio of at
    least 0.85: one letter wrong, missing, or two swapped).
    """
    key = _key(name)
    if key in _MEANINGS:
        return _MEANINGS[key], True
    if len(key) < 6:
        return None
    near = difflib.get_close_matches(key, _MEANINGS, n=1, cutoff=_SIMILAR)
    return (_MEANINGS[near[0]], False) if near else None


def match_label(text: str) -> Label | None:
    """Read the label that `text`, inline Markdown, begins with; None if it begins with none.

    A decorated name is a label if it has a colon, or stands alone on its line.
    """
    if text[:1] not in "`*_" or not text:
        return None
    for shape in _SHAPES:
        if not (match := shape.match(text)):
            continue
        name = match["name"].rstrip()
        inside = name[-1:] in (":", "：")
        if not (inside or match["colon"] or _ENDS_THE_LINE.match(text, match.end())):
            continue
        written = name[:-1] if inside else name
        meaning = field_named(written)
        if meaning is None or (not meaning[1] and not (inside or match["colon"])):
            continue
        exact = meaning[1] and written == written.rstrip()
        # Behind `Label:` a second colon belongs to the value (`:smile:`).
        return Label(
            meaning[0], written.strip(), match.start("colon") if inside else match.end(), exact, text[0] == "`"
        )
    return None
