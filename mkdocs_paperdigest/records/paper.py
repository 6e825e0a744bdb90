"""What a paper and a digest are: the frozen records that every later stage works on."""

from __future__ import annotations

from collections.abc import Sequence
from sys import intern
from typing import Literal

from msgspec import Struct, field

Shape = Literal["heading", "item", "bold", "page", "row"]
"""What a paper is in its source: a heading, an item of a list, a bold paragraph, the whole page, or a row of a table."""


class Record(Struct, frozen=True, array_like=True, gc=False):
    """A frozen record, stored as the list of its values. The garbage collector passes over it, since none holds itself."""


class Field(Record, frozen=True):
    """One labelled piece of a paper.

    `name` is the canonical name (`method`), `label` its canonical spelling (`Method`), `text` its
    plain text ("" for a label without a value), `line` the 1-based line of the label.
    """

    name: str
    label: str
    text: str
    line: int


class Link(Record, frozen=True):
    """A link of the paper itself; `kind` is one of `arxiv`, `doi`, `code`, `project`, `pdf`, `other`.

    `is_own` is False where its words say that it leads to something else than this paper: a survey, a base model, data.
    """

    kind: str
    url: str
    is_own: bool = True


class Figure(Record, frozen=True):
    """A picture of the paper; `src` is as the source has it, `alt` is "" where there is none."""

    src: str
    alt: str


class Paper(Record, frozen=True):
    """One entry of a digest, as its source says it.

    `month` is `YYYY-MM`, `date` is `YYYY-MM-DD`; both are None where the source does not say.
    `keypoints` holds the names as they are written, in source order: None without a keypoint field,
    empty when the field is empty. `line` is the 1-based line of the heading or entry, `level` the level of the heading that
    shows it, and `anchor` the id that the paper has on its page. `unknown` are its labels that mean nothing known.
    `former` are the addresses that it had before, oldest first, each a path without suffix and an anchor, as `id` is. `others` says
    that there are more authors than `authors` names: "et al.". `own_month` is the month of the date that the paper itself has, which may be
    another than that of its digest, and `arxiv_class` the class of arXiv (`cs.CV`) that its own labels name.
    """

    title: str
    path: str
    line: int
    level: int
    anchor: str
    month: str | None = None
    date: str | None = None
    category: str | None = None
    keypoints: tuple[str, ...] | None = None
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    figures: tuple[Figure, ...] = ()
    details: bool = False
    authors: tuple[str, ...] = ()
    venue: str | None = None
    unknown: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    others: bool = False
    own_month: str | None = None
    arxiv_class: str | None = None

    @property
    def day(self) -> str:
        """The day in its month as `YYYY-MM-DD`, or only the month where the day is not known or is of another, or ""."""
        return self.date if self.date and self.month and self.date.startswith(self.month) else self.month or ""

    @property
    def id(self) -> str:
        """The name of the paper in the whole site, which stays: the first address that it had."""
        return self.former[0] if self.former else self.address

    @property
    def address(self) -> str:
        """Where the paper stands: the path of its digest without suffix, and its anchor."""
        return intern(f"{self.page}/{self.anchor}")  # the key of much that is known of papers

    @property
    def page(self) -> str:
        """The path of its digest without suffix."""
        return self.path.rpartition(".")[0] or self.path


class Label(Record, frozen=True):
    """A label at the start of a text.

    `name` is the canonical name of what it means, None if it is not known. `written` is the label as the source has it,
    without colon; `shown` the same with the sign before it. The value begins at `value`. `exact` is False when the spelling
    had to be mended, `own` is True when it is the site's options that know the label. `look` is `code`, `bold`, `italic`, `plain`, `sign` for plain text behind a sign, `heading`, or
    `column` for the head of a table's column.
    """

    name: str | None
    written: str
    shown: str
    value: int
    look: str
    exact: bool = True
    own: bool = False


class Block(Record, frozen=True):
    """A CommonMark block with the lines that it stands on: 0-based `start`, `end` exclusive.

    `kind` is one of `heading paragraph list item quote fence code html table row cell rule box definition`: a `box` is what an
    extension of Python-Markdown may make one of, such as an admonition, a `definition` what belongs to the page, such as a footnote.
    `text` is the inline source of a heading, paragraph or cell, and the literal text of a fence, code or
    HTML block, of a definition, and of the lines of a box above what it holds. `level` is a heading's level or an ordered list's first number,
    `info` a fence's info string, the whole of a box as it is written, `ordered` for such a list, or a cell's alignment. `tight` marks a paragraph that
    CommonMark shows without `<p>`. `label` is what a paragraph begins with, if it begins with a label.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    level: int = 0
    info: str = ""
    tight: bool = False
    children: tuple[Block, ...] = ()
    label: Label | None = None


class Value(Record, frozen=True):
    """A label of a paper and what it says: the block that it stands in, and its plain text.

    `names` are the keypoints that it names, None if it is no keypoint field; `taken` are the paragraphs below that were taken
    for them.
    """

    label: Label
    block: Block
    text: str
    names: tuple[str, ...] | None = None
    taken: tuple[Block, ...] = ()


class Section(Record, frozen=True):
    """A paper with the part of its page that it stands on.

    `start` and `end` are 0-based lines (`end` exclusive). `title` and `tail` are the Markdown of the
    title, cut where its tags, date and links begin. `meta` counts the leading `blocks`
    that are its meta line. `values` are its labels; their blocks are those of `blocks`. `added` are keypoints that stand
    nowhere in `blocks`, `unsaid` facts and links that stand nowhere there. Of a `row`, `table` is its table, `row` that row.
    `torn` are blocks of raw HTML right after it that open or close elements around it, `</details>` for one: part of the paper, but not of its element.
    `html` is what stands below the title, where that was made ahead; of the blocks and values only those are left then that
    are still asked for: those of the meta line if the title has a tail, and those of keypoints.
    """

    paper: Paper
    start: int
    end: int
    title: str
    tail: str
    meta: int
    blocks: tuple[Block, ...]
    values: tuple[Value, ...]
    added: tuple[str, ...] = ()
    unsaid: tuple[str | Link, ...] = ()
    shape: Shape = "heading"
    table: Block | None = None
    row: Block | None = None
    html: str = ""
    torn: tuple[Block, ...] = ()


class Digest(Record, frozen=True):
    """A page as the reader sees it: one section per paper, in source order; none if it is no digest.

    `references` are the page's link definitions, normalised label → (target, title). `months` are
    the months that its papers have, newest first.
    """

    path: str
    sections: tuple[Section, ...] = ()
    references: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def definitions(self) -> dict[str, dict[str, str]]:
        """The link definitions as markdown-it takes them."""
        return {name: {"href": href, "title": title} for name, (href, title) in self.references.items()}

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers of the page, in source order."""
        return tuple(section.paper for section in self.sections)

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the papers, newest first, each once."""
        return tuple(sorted({p.month for p in self.papers if p.month}, reverse=True))

    @property
    def days(self) -> tuple[str, ...]:
        """The days of the papers, or months where no day is known, newest first, each once."""
        return tuple(sorted({p.day for p in self.papers if p.month}, reverse=True))


def is_one_paper(papers: Sequence[Paper]) -> bool:
    """Whether a page is one paper, so that its front matter is the paper's."""
    return len(papers) == 1 and papers[0].level == 1
