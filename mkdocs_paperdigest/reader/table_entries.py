"""Papers as rows of tables, whose columns say what their cells are."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..records import Block, Label, leads_to_a_paper
from .entries import PaperEntry, is_placeholder, split_entry
from .headings import Heading, plain_title
from .inline import INVALID_CHARACTERS, read_inline
from .labels import LabelVocabulary

if TYPE_CHECKING:
    from bs4 import Tag

_OF_PAPERS = frozenset(
    ("authors date abstract link arxiv doi keypoints venue code project comment tldr category").split()
)
_PAPER_COLUMNS = frozenset(["paper", "papers", "papertitle", "论文", "論文", "论文标题", "name"])
_TITLES = frozenset(["title", "titles", "标题", "標題", "タイトル"])
_NOT_BEFORE = frozenset(["task", "project", "code", "comment", "resource"])
_AND = re.compile(r"(?<!\s)\s*[&/+]\s*")
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_END_OF_TABLE = re.compile(r"</table\s*>", re.IGNORECASE)
_SPANS = re.compile(r"(?:row|col)span\s*=\s*(?:[\"']\s*)?(?:[2-9]|\d\d)", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_END_OF_ROW = re.compile(r"</tr\s*>", re.IGNORECASE)
_UNSEEN = frozenset(["Comment", "CData", "Declaration", "Doctype", "ProcessingInstruction"])
_DEEPEST = 100
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&]")
_MATH = re.compile(r"(\$[^$\n]+\$)")
_WITH_TEXT = re.compile(r"(?P<title>\s*\d{1,3}[.)]\s+\S.*?)(?<!\s)\s+[-–—]\s+(?P<text>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    name: str | None


def table_entries(
    blocks: Sequence[Block],
    level: int,
    labels: LabelVocabulary,
    references: dict[str, Any],
    lines: Sequence[str],
    ends: Sequence[int],
) -> Iterator[PaperEntry]:
    """The papers in the tables among blocks: the rows of each table with a column of titles, if papers are linked in it."""
    for block in with_html_tables(blocks, lines, ends):
        if block.kind != "table" or len(block.children) < 2:
            continue
        head, *rows = block.children
        columns = read_columns(head, labels, references)
        place = _title_column(columns)
        if place is None:
            continue
        texts = [" ".join(cell.text for cell in row.children) for row in rows]
        if sum(map(leads_to_a_paper, texts)) * 3 < len(rows):
            continue
        entries = [_entry(row, columns, place, level, references) for row in rows]
        found: list[PaperEntry] = []
        above: tuple[Block, ...] = (Block("paragraph", block.start, block.end, block.text),) if block.text else ()
        group = None
        for row, entry in zip(rows, entries, strict=True):
            if entry and not entry.blocks and "](" not in entry.title.title:  # a category of the rows below
                group = entry.title.text
            elif entry:
                found.append(replace(entry, blocks=(*above, *entry.blocks), category=group))
                above = ()
                continue
            cells = [Block("paragraph", row.start, row.end, cell.text) for cell in row.children if cell.text.strip()]
            if found:
                found[-1] = replace(found[-1], blocks=(*found[-1].blocks, *cells))
            else:
                above = (*above, *cells)
        for number, entry in enumerate(found):
            start = block.start if number == 0 else entry.start
            end = block.end if number == len(found) - 1 else found[number + 1].start
            yield replace(entry, start=start, end=end, table=block)


def read_columns(head: Block, labels: LabelVocabulary, references: dict[str, Any]) -> list[Column]:
    columns = []
    for cell in head.children:
        text = read_inline(cell.text, references).text.strip(" :：")
        name = plain_title(text)
        # `Code & Weights`, `Code / Data`
        meaning = (labels.meaning(name) or labels.meaning(_AND.split(name)[0])) if text else None
        columns.append(Column(text, meaning[0] if meaning and meaning[1] else None))
    return columns


def _title_column(columns: Sequence[Column]) -> int | None:
    """Find the column of titles: `Title`, or `Paper` unless a column before it names something else, as in the models of a zoo; others must tell of papers."""
    names = [column.name for column in columns]
    exact = [number for number, column in enumerate(columns) if column.head.casefold() in _TITLES]
    place = exact[0] if exact and set(names) & _OF_PAPERS else None
    if place is not None:
        return place
    for number, column in enumerate(columns):
        if column.name == "title" or "".join(c for c in column.head.casefold() if c.isalnum()) in _PAPER_COLUMNS:
            place = number
            break
        if column.name in _NOT_BEFORE or (
            column.name is None
            and not re.fullmatch(r"\W*(?:no|id|index|year|rank)?\W*\d*\W*", column.head, re.IGNORECASE)
        ):
            return None
    others = {name for number, name in enumerate(names) if number != place}
    return place if place is not None and others & _OF_PAPERS else None


def _entry(
    row: Block, columns: Sequence[Column], place: int, level: int, references: dict[str, Any]
) -> PaperEntry | None:
    if place >= len(row.children) or not any(cell.text.strip() for cell in row.children):
        return None
    cell = row.children[place]
    title = split_entry(cell.text, references)
    if title is None:
        # `3) Title - what it is about`
        parted = _WITH_TEXT.fullmatch(cell.text)
        source, tail = (parted["title"], cell.text[parted.end("title") :]) if parted else (cell.text, "")
        title = Heading(plain_title(read_inline(source, references).text), source, tail.strip())
    if not title.text or is_placeholder(title.text):
        return None
    blocks = []
    if title.tail:
        blocks.append(Block("paragraph", row.start, row.end, title.tail.lstrip("-–—:： \t")))
    for number, (column, cell) in enumerate(zip(columns, row.children, strict=False)):
        if number == place or not cell.text.strip():
            continue
        label = Label(column.name, column.head, column.head, 0, "column")
        blocks.append(Block("paragraph", row.start, row.end, cell.text, label=label if column.head else None))
    return PaperEntry("row", row.start, row.end, row.start, level, replace(title, tail=""), tuple(blocks), row=row)


def ends_of_tables(lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if _END_OF_TABLE.search(line)]


def with_html_tables(blocks: Sequence[Block], lines: Sequence[str], ends: Sequence[int]) -> Iterator[Block]:
    """Blocks, with each `<table>` of raw HTML as a table; `ends` are the lines of the page on which such tables end."""
    hidden = 0
    for block in blocks:
        if block.end <= hidden:
            continue
        start = max(block.start, hidden)
        while block.kind == "html" and start < block.end:
            begins = next((n for n in range(start, block.end) if _TABLE.search(lines[n])), None)
            place = bisect_left(ends, begins) if begins is not None else len(ends)
            if begins is None or place == len(ends):
                break
            table = html_table(lines, begins, ends[place])
            start = hidden = ends[place] + 1
            if table:
                yield table
        if block.start >= hidden:
            yield block


def html_table(lines: Sequence[str], start: int, end: int) -> Block | None:
    """Read the table of raw HTML on some lines, blank ones among its rows too; None if there is more on them, or cells span rows or columns."""
    source = "\n".join(lines[start : end + 1])
    opened, closed = _TABLE.findall(source), list(_END_OF_TABLE.finditer(source))
    if len(opened) != 1 or len(closed) != 1 or source[closed[0].end() :].strip() or _SPANS.search(source):
        return None
    from bs4 import BeautifulSoup  # 0.1 s, which sites without such tables need not wait for

    source = _CELL.sub(r"</td></th>\g<0>", _ROW.sub(r"</td></th></tr>\g<0>", source))  # the parser does not imply ends
    table = BeautifulSoup(source, "html.parser", multi_valued_attributes=None, on_duplicate_attribute="ignore")
    written = source.split("\n")
    rows: list[tuple[int, int, list[str]]] = []
    for tag in table.find_all(["tr", "td", "th"]):
        if tag.name == "tr":
            rows.append(((tag.sourceline or 1) - 1, tag.sourcepos or 0, []))
        elif rows:
            rows[-1][2].append(_markdown(tag))
    children = []
    for (line, column, cells), (following, _, _) in zip(rows, [*rows[1:], (end - start, 0, [])], strict=True):
        if cells:
            within = (n for n in range(line, following) if _END_OF_ROW.search(written[n], column if n == line else 0))
            last, line = start + next(within, following), start + line
            inside = tuple(Block("cell", line, line + 1, cell) for cell in cells)
            children.append(Block("row", line, last + 1, children=inside))
    caption = _markdown(table.caption) if table.caption else ""
    return Block("table", start, end + 1, caption, info="html", children=tuple(children)) if children else None


def _markdown(element: Tag) -> str:
    return " ".join(_inside(element, 0).split())


def _inside(element: Tag, depth: int) -> str:
    return "".join([_of_node(child, depth + 1) for child in element.children])


def _of_node(node: Any, depth: int) -> str:
    name = getattr(node, "name", None)
    if not name or depth > _DEEPEST:
        text = INVALID_CHARACTERS.sub("", "" if type(node).__name__ in _UNSEEN else node.get_text())
        return "".join(part if n % 2 else _MARKDOWN.sub(r"\\\g<0>", part) for n, part in enumerate(_MATH.split(text)))
    inner = _inside(node, depth)
    match name:
        case "a" if inner.strip():
            return f"[{inner.strip()}](<{_in_angles(node.get('href'))}>)"
        case "b" | "strong" if inner.strip():
            return f"**{inner.strip()}**"
        case "details" | "summary":
            return f"<{name}>{inner}</{name}>"
        case "img":
            said = "".join(f' {key}="{_in_quotes(value)}"' for key, value in node.attrs.items())
            return f"<img{said}>"
        case "br" | "p" | "li":
            return f" {inner} "
    return inner


def _in_angles(url: str | None) -> str:
    return INVALID_CHARACTERS.sub("", url or "").strip().replace("<", "%3C").replace(">", "%3E").replace("\n", "")


def _in_quotes(value: str) -> str:
    return html.escape(value, quote=False).replace("\xa0", "&nbsp;").replace('"', "&quot;")
