"""Whether what stands at an entry shows that it is a paper, which ordinary prose does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from enum import IntEnum

from ..records import Label
from .label_vocabulary import FIELD_LABELS, KEYPOINTS

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]{1,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
ARXIV_ID = re.compile(rf"(?<![\w./]){_ID}(?![\w/])")
"""An identifier of arXiv, old or new. Source: https://info.arxiv.org/help/arxiv_identifier.html"""

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\[\]{}|]+[^\s\"<>\[\]{}|.,;:)]")
"""A DOI. Source: https://www.crossref.org/blog/dois-and-matching-regular-expressions/"""

_COMMON_WORDS = frozenset({"key", "tag", "tags", "标签", "標籤", "タグ"})
_PLAIN_LOOKS = frozenset({"plain", "sign", "italic", "heading", "column"})
_FIELDS = frozenset(FIELD_LABELS)
_CONTENT = _FIELDS | {"authors"}
_SLIGHT = frozenset(
    {"date", "category", "venue", "institutions", "comment", "task", "code", "project", "link", "arxiv", "doi"}
)
_SCHOLARLY = frozenset({"abstract", "tldr", "arxiv", "doi"})
_BIBLIOGRAPHIC = frozenset({"authors", "date", "venue", "category", "arxiv", "doi", "link"})


def is_keyword_label(label: Label) -> bool:
    """Whether a label says "keywords" in a word that little else is called by: `Tags` stands on any page."""
    return label.name == KEYPOINTS and label.written.casefold() not in _COMMON_WORDS


class Evidence(IntEnum):
    """How sure it is that an entry is a paper. What is only `LIKELY` one is none without a link to a paper, or a month."""

    NONE = 0
    LIKELY = 1
    SURE = 2


def evidence(labels: Iterable[Label], *, titled: bool, linked: bool) -> Evidence:
    """What the labels of an entry show, if its title (`titled`) or a label (`linked`) leads to a paper or not.

    `Keypoints` in back-ticks or beside another field, any label below a title that leads to a paper, a field where a label does,
    and authors or keywords beside an abstract, a TL;DR or an identifier and a third label. Labels that are headings show it only
    where a paper is linked or other labels say who wrote it, and when. Other words for keypoints so, and `Objective` beside
    `Method` or `Metric`, make it likely: a page of configuration or a lesson may have them too.
    """
    found = list(labels)
    stated = [label for label in found if label.look != "heading" and label.name]
    headed = {label.name for label in found if label.look == "heading"}
    marked = _marked_keywords(stated)
    if any(map(_says_keypoints, marked)) or _is_sure(stated, headed, titled=titled, linked=linked):
        return Evidence.SURE
    decorated = _decorated(stated)
    is_lesson_or_paper = "objective" in decorated and not decorated.isdisjoint(("method", "metric"))
    if marked or is_lesson_or_paper or (_is_scholarly(stated) and any(map(is_keyword_label, stated))):
        return Evidence.LIKELY
    return Evidence.NONE


def _is_sure(stated: Sequence[Label], headed: Set[str | None], *, titled: bool, linked: bool) -> bool:
    names = {label.name for label in stated}
    if titled and names & (_CONTENT | _SLIGHT):
        return True
    if linked and (names & _CONTENT) - (set() if any(map(is_keyword_label, stated)) else {KEYPOINTS}):
        return True
    if _is_scholarly(stated) and any(
        label.name in ("authors", "arxiv", "doi") for label in stated if label.look != "column"
    ):
        return True
    if KEYPOINTS in headed and (titled or linked or len(names & _BIBLIOGRAPHIC) > 1):
        return True
    return bool(headed & _FIELDS) and (titled or linked) and len(names & _BIBLIOGRAPHIC - {"link"}) > 1


def _is_scholarly(stated: Sequence[Label]) -> bool:
    """Whether three labels that are no columns of a table hold one of scholars: an abstract, a TL;DR or an identifier."""
    said = {label.name for label in stated if label.look != "column"}
    return len(said) > 2 and not said.isdisjoint(_SCHOLARLY)


def _decorated(stated: Sequence[Label]) -> set[str | None]:
    return {label.name for label in stated if label.look not in _PLAIN_LOOKS}


def _marked_keywords(stated: Sequence[Label]) -> list[Label]:
    beside_others = len(_decorated(stated) & (_FIELDS | {label.name for label in stated if label.own})) > 1
    return [
        label
        for label in stated
        if is_keyword_label(label) and (label.look == "code" or (beside_others and label.look not in _PLAIN_LOOKS))
    ]


def _says_keypoints(label: Label) -> bool:
    """Whether a label for keywords is `Keypoints`, misspelt or not, or one of the site's own."""
    return label.own or not label.exact or label.written.casefold().startswith(("keypoint", "key point"))
