"""Papers as rows of tables, whose columns say what their cells are."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..records import Block, Label, leads_to_a_paper
from .entries import PaperEntry, is_placeholder, split_entry
from .headings import Heading, plain_title
from .inline import INVALID_CHARACTERS, read_inline
from .labels import LabelVocabulary

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
_ROW_OR_CELL = re.compile(r"<t[rdh](?=[\s/>])", re.IGNORECASE)
_END_OF_ROW = re.compile(r"</tr\s*>", re.IGNORECASE)
_DEEPEST = 100
_SYNTAX = re.compile(r"(\$[^$\n]+\$)|[\\`*_\[\]<>&]")  # mathematics, and what Markdown would read as syntax
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
    ends = list(_END_OF_TABLE.finditer(source))
    if len(_TABLE.findall(source)) != 1 or len(ends) != 1 or source[ends[0].end() :].strip() or _SPANS.search(source):
        return None
    # The parser implies the ends of rows and cells, as a browser does, but keeps no positions: each tag says its own.
    table = LexborHTMLParser(_ROW_OR_CELL.sub(lambda tag: f"{tag[0]} at={tag.start()} ", source)).css_first("table")
    rows: list[tuple[int, list[LexborNode]]] = []
    for row in table.css("tr") if table else ():
        cells = [tag for tag in row.iter() if tag.tag in ("td", "th")]
        if cells:  # a row that the parser implied begins with its first cell
            rows.append((int(row.attributes.get("at") or cells[0].attributes["at"] or 0), cells))
    breaks = [place for place, character in enumerate(source) if character == "\n"]
    children = []
    begins = [begin for begin, _ in rows]
    for (begin, cells), following in zip(rows, [*begins[1:], len(source)], strict=False):  # of no rows, one follows
        closed = _END_OF_ROW.search(source, begin, following)
        first = start + bisect_left(breaks, begin)
        last = start + bisect_left(breaks, closed.start() if closed else following)
        inside = tuple(Block("cell", first, first + 1, _markdown(cell)) for cell in cells)
        children.append(Block("row", first, last + 1, children=inside))
    caption = table.css_first("caption") if table else None
    text = _markdown(caption) if caption else ""
    return Block("table", start, end + 1, text, info="html", children=tuple(children)) if children else None


def _markdown(element: LexborNode) -> str:
    return " ".join(_inside(element, 0).split())


def _inside(element: LexborNode, depth: int) -> str:
    return "".join([_of_node(child, depth + 1) for child in element.iter(include_text=True)])


def _of_node(node: LexborNode, depth: int) -> str:
    name = node.tag
    if name == "-text" or depth > _DEEPEST:
        return _SYNTAX.sub(lambda found: found[1] or f"\\{found[0]}", INVALID_CHARACTERS.sub("", node.text()))
    inner = _inside(node, depth)
    match name:
        case "a" if inner.strip():
            return f"[{inner.strip()}](<{_in_angles(node.attributes.get('href'))}>)"
        case "b" | "strong" if inner.strip():
            return f"**{inner.strip()}**"
        case "details" | "summary":
            return f"<{name}>{inner}</{name}>"
        case "img":
            said = "".join(f' {key}="{_in_quotes(value or "")}"' for key, value in node.attributes.items())
            return f"<img{said}>"
        case "script" | "style":
            return ""
        case "br" | "p" | "li":
            return f" {inner} "
    return inner


def _in_angles(url: str | None) -> str:
    return INVALID_CHARACTERS.sub("", url or "").strip().replace("<", "%3C").replace(">", "%3E").replace("\n", "")


def _in_quotes(value: str) -> str:
    return html.escape(value, quote=False).replace("\xa0", "&nbsp;").replace('"', "&quot;")
