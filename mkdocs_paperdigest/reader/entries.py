"""What may be a paper: a place on a page with a title, and whether what stands below it shows that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from msgspec import structs

from ..records import Block, Label, Shape, leads_to_a_paper
from .headings import Heading, plain_title, split_heading
from .inline import read_inline, without_math
from .labels import FIELD_LABELS, KEYPOINTS, SIGNS

_LINK = (
    r"\[(?P<text>(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*)\]\((?P<url>(?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*)\)"
)
_BOLD = r"(?P<mark>\*{2,3}|__)(?P<bold>(?!\*)(?:\\.|\*(?!\*)|[^*\n\\])+?)(?P=mark)"
_FIRST = (
    rf"(?:(?>{SIGNS}|[\s\u00a0]|\[[ xX]\](?=\s)|[-–—•,，:：|]|\[\d{{1,4}}\]|\(\d{{1,4}}\)|\d{{1,4}}[.)、．](?=\s|\[|\*)"
    r"|\\?\[(?=[^\[\]\n]{0,20}\d{4})[^\[\]\n]{1,24}\\?\](?!\()|`\[?[^`\n]{1,24}\]?`|[(（][^()（）\n]{1,24}[)）](?=\s*[\[*])"
    r"|\*\*(?=[^*\n]{0,12}\d{4})[\d\s./年月日-]{4,12}\*\*|\*\*\\?\[[^\[\]\n]{1,24}\\?\]\*\*(?!\()|\[[^\[\]\n]{1,24}\](?=\s+\*\*)|(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?(?=[\s,，:：|])))*"
)
_LINKED = re.compile(rf"(?P<first>{_FIRST})(?P<marks>[*_]{{0,3}}){_LINK}(?P=marks)")
_STRONG = re.compile(rf"(?P<first>{_FIRST}){_BOLD}")
_NO_TITLE = re.compile(
    r"\W*(?:\d+|paper|pdf|arxiv|code|github|project|page|link|url|website|homepage|demo|video|slides?|here|论文|代码|链接)s?(?:\s+(?:page|link|code))?\W*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s*(?:[:：]\s*)?[\"“](?P<title>[^\"“”\n]{10,300})[\"”]")
_ALL_BOLD = re.compile(r"\*\*(?P<bold>[^*\n]+\*\*[^*\n]+\*\*[^*\n]*)\*\*")
_ONLY_A_TAG = re.compile(r"\[[^\[\]]{0,20}\d{2,4}\]")
_TAG_BEFORE = re.compile(r"\[[^\[\]]{0,20}\d{2,4}\]\s+|\[(?:arXiv|preprint)\]\s+", re.IGNORECASE)
_BOLD_TITLE = re.compile(
    r"\s*(?:\d{1,3}[.)]\s*)?(?:\*{2,3}|__)(?P<text>(?!\*)(?:\\.|\*(?!\*)|[^*\n\\])+?)(?:\*{2,3}|__)(?P<rest>[^\n]*)\Z"
)
_IDENTIFIER = re.compile(r"\d{4}\.\d{4,5}|10\.\d{4,9}/")
_PLACEHOLDER = re.compile(r"\W*\{[\w .:-]+\}\W*")
_PAPER_LINK = re.compile(
    r"\[[^\w\[]*(?:paper|pdf|arxiv|论文|論文)\W*\]\(\s*https?://|\b(?:paper|pdf)\s*[:：]\s*\[?https?://", re.IGNORECASE
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


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """What may be a paper; `category` is a name above it in its list, `torn` are blocks of raw HTML at its end that open or close elements around it."""

    shape: Shape
    start: int
    end: int
    line: int
    level: int
    title: Heading
    blocks: tuple[Block, ...]
    category: str | None = None
    table: Block | None = None
    row: Block | None = None
    torn: tuple[Block, ...] = ()


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
    in_text = {label.name for label in stated if label.look != "column"}
    decorated = {label.name for label in stated if label.look not in _PLAIN_LOOKS}
    beside_others = len(decorated & (_FIELDS | {label.name for label in stated if label.own})) > 1
    keywords = [label for label in stated if is_keyword_label(label)]
    marked = [one for one in keywords if one.look == "code" or (beside_others and one.look not in _PLAIN_LOOKS)]
    bibliographic = names & _BIBLIOGRAPHIC
    is_scholarly = len(in_text) > 2 and not in_text.isdisjoint(_SCHOLARLY)
    is_lesson_or_paper = "objective" in decorated and not decorated.isdisjoint(("method", "metric"))
    sure = (
        any(one.own or not one.exact or one.written.casefold().startswith(("keypoint", "key point")) for one in marked),
        titled and names & (_CONTENT | _SLIGHT),
        linked and names & (_CONTENT if keywords else _CONTENT - {KEYPOINTS}),
        is_scholarly and in_text & {"authors", "arxiv", "doi"},
        KEYPOINTS in headed and (titled or linked or len(bibliographic) > 1),
        headed & _FIELDS and (titled or linked) and len(bibliographic - {"link"}) > 1,
    )
    likely = (marked, is_lesson_or_paper, is_scholarly and keywords)
    return Evidence.SURE if any(sure) else Evidence.LIKELY if any(likely) else Evidence.NONE


def is_placeholder(title: str) -> bool:
    return _PLACEHOLDER.fullmatch(title) is not None


def split_entry(source: str, references: dict[str, Any]) -> Heading | None:
    """Cut the first paragraph of an entry in its title (a link, bold text, or what precedes a tail of tags, dates and links) and the rest; None without a title."""
    if whole := _ALL_BOLD.fullmatch(source):
        source = f"**{whole['bold'].replace('**', '')}**"
    for shape in (_LINKED, _STRONG):
        match = shape.match(source)
        if match is None:
            continue
        inside = match["text"] if shape is _LINKED else match["bold"]
        text = read_inline(inside, references).text
        text = text if re.search(r"\d", match["first"]) else plain_title(text)
        if not re.search(r"[^\W\d_]", text) or _NO_TITLE.fullmatch(text) or _ONLY_A_TAG.fullmatch(text):
            continue
        if shape is _LINKED and match["url"].startswith("#") and not source[match.end() :].strip():
            return None
        end = match.end()
        if shape is _STRONG and (quoted := _QUOTED.match(source, end)):  # `**Short**: "Short: the whole title"`
            text, end = read_inline(quoted["title"], references).text, quoted.end()
        head = source[:end]
        if shape is _STRONG and without_math(inside).replace("\\*", "").count("*") == 1:
            # `**A* Search**`: to CommonMark a star, to Python-Markdown the end of something.
            head = head.replace(inside, inside.replace("*", "\\*"))
        return Heading(text.rstrip(":： ") or text, head, source[end:].strip())
    heading = split_heading(source, references)
    if not heading.tail or not heading.text or _NO_TITLE.fullmatch(heading.text):
        return None
    text = plain_title(heading.text)
    if tag := _TAG_BEFORE.match(text):
        text = text[tag.end() :]
    return Heading(text, heading.title, heading.tail)


def links_a_paper(heading: Heading) -> bool:
    return leads_to_a_paper(heading.title) or leads_to_a_paper(heading.tail) or names_a_paper_link(heading.tail)


def names_a_paper_link(text: str) -> bool:
    """Whether a link in a text is called `paper`, which only lists of papers do: `Title [[paper](…)]`."""
    return _PAPER_LINK.search(text) is not None


def known_labels(blocks: Sequence[Block], *, of_items: bool = True) -> Iterator[tuple[Label, Block]]:
    """Yield the labels of blocks that mean something; unless `of_items`, none inside list items that begin with text, which may be papers."""
    for block in blocks:
        if block.label and block.label.name:
            yield block.label, block
        first = block.children[0] if block.children else None
        plain = block.kind == "item" and first and first.kind == "paragraph" and not first.label
        if of_items or not plain:
            yield from known_labels(block.children, of_items=of_items)


def labels_lead_to_a_paper(labels: Sequence[tuple[Label, Block]]) -> bool:
    return any(
        label.name in ("link", "arxiv", "doi")
        and (leads_to_a_paper(block.text) or (label.name != "link" and _IDENTIFIER.search(block.text[label.value :])))
        for label, block in labels
    )


def is_bold_title(block: Block) -> bool:
    if block.kind != "paragraph":
        return False
    match = _BOLD_TITLE.fullmatch(block.text.partition("\n")[0])
    if match is None or block.label or match["text"].rstrip().endswith((":", "：")):
        return False
    rest = match["rest"].strip()
    return not rest or rest[0] in "[(（`\\{<!" or len(rest.split()) <= 6


def apart(entries: Sequence[PaperEntry]) -> list[PaperEntry]:
    """Entries less those that stand inside another; a bold paragraph ends where the next begins."""
    kept: list[PaperEntry] = []
    for entry in entries:
        if kept and entry.start < kept[-1].end:
            if kept[-1].shape != "bold":
                continue
            cut = replace(kept[-1], end=entry.start, blocks=_before(kept[-1].blocks, entry.start))
            kept[-1:] = [cut] if any(known_labels(cut.blocks)) or links_a_paper(cut.title) else []
        kept.append(entry)
    return kept


def _before(blocks: Sequence[Block], line: int) -> tuple[Block, ...]:
    above = []
    for block in blocks:
        if block.end > line and block.children and block.start < line:
            block = structs.replace(block, end=line, children=_before(block.children, line))
        if block.start < line:
            above.append(block)
    return tuple(above)
