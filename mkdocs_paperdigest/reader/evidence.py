"""Whether what stands at an entry shows that it is a paper, which ordinary prose does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum

from ..records import Label
from .label_vocabulary import FIELD_LABELS, KEYPOINTS

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]{1,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
ARXIV_ID = re.compile(rf"(?<![\w./]){_ID}(?![\w/])")
"""An identifier of arXiv, old or new. Source: https://info.arxiv.org/help/arxiv_identifier.html"""

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\[\]{}|]+[^\s\"<>\[\]{}|.,;:)]")
"""A DOI. Source: https://www.crossref.org/blog/dois-and-matching-regular-expressions/"""

_OF_A_PAPER = re.compile(
    r"https?://(?:[\w-]+\.)*(?:"
    r"arxiv\.org/|alphaxiv\.org/|doi\.org/|openreview\.net/|aclanthology\.org/|aclweb\.org/anthology|thecvf\.com/|ecva\.net/|"
    r"proceedings\.mlr\.press/|jmlr\.org/|(?:papers|proceedings)\.(?:nips|neurips)\.cc/|nips\.cc/paper|dl\.acm\.org/|"
    r"ieeexplore\.ieee\.org/|link\.springer\.com/|sciencedirect\.com/|nature\.com/articles|science\.org/doi|"
    r"(?:bio|med|chem)rxiv\.org/|hal\.science/|roboticsproceedings\.org/|isca-archive\.org/|ojs\.aaai\.org/|"
    r"aaai\.org/ojs|ijcai\.org/proceedings|semanticscholar\.org/|huggingface\.co/papers/|papers\.cool/"
    r")",
    re.IGNORECASE,
)
_COMMON_WORDS = frozenset({"key", "tag", "tags", "标签", "標籤", "タグ"})
_PLAIN_LOOKS = frozenset({"plain", "sign", "italic", "heading", "column"})
_FIELDS = frozenset(FIELD_LABELS)
_CONTENT = _FIELDS | {"authors"}
_SLIGHT = frozenset(
    {"date", "category", "venue", "institutions", "comment", "task", "code", "project", "link", "arxiv", "doi"}
)
_SCHOLARLY = frozenset({"abstract", "tldr", "arxiv", "doi"})
_BIBLIOGRAPHIC = frozenset({"authors", "date", "venue", "category", "arxiv", "doi", "link"})


def leads_to_a_paper(text: str) -> bool:
    """Whether a text holds an address where papers are published."""
    return "://" in text and _OF_A_PAPER.search(text) is not None


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
    headed = {label.name for label in found if label.look == "heading"}
    stated = [label for label in found if label.look != "heading" and label.name]
    names = {label.name for label in stated}
    said = {label.name for label in stated if label.look != "column"}
    fields = _FIELDS | {label.name for label in stated if label.own}
    decorated = {label.name for label in stated if label.look not in _PLAIN_LOOKS}
    keywords = [label for label in stated if is_keyword_label(label)]
    beside_others = len(decorated & fields) > 1
    marked = [label for label in keywords if label.look == "code" or (beside_others and label.look not in _PLAIN_LOOKS)]
    sure = (
        titled and names & (_CONTENT | _SLIGHT),
        linked and (names & _CONTENT) - (set() if keywords else {KEYPOINTS}),
        len(said) > 2 and said & _SCHOLARLY and said & {"authors", "arxiv", "doi"},
        any(map(_says_keypoints, marked)),
        KEYPOINTS in headed and (titled or linked or len(names & _BIBLIOGRAPHIC) > 1),
        headed & _FIELDS and (titled or linked) and len(names & _BIBLIOGRAPHIC - {"link"}) > 1,
    )
    likely = (
        marked,
        "objective" in decorated and decorated & {"method", "metric"},
        len(said) > 2 and said & _SCHOLARLY and keywords,
    )
    return Evidence.SURE if any(sure) else Evidence.LIKELY if any(likely) else Evidence.NONE


def _says_keypoints(label: Label) -> bool:
    """Whether a label for keywords is `Keypoints`, misspelt or not, or one of the site's own."""
    return label.own or not label.exact or label.written.casefold().startswith(("keypoint", "key point"))
