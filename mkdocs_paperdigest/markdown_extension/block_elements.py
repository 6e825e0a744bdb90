"""CommonMark blocks → elements for Python-Markdown.

Blocks are those of CommonMark, as on GitHub; their text is left to Python-Markdown's inline patterns. A site's own block processors
(admonitions, footnotes, …) are asked before a paragraph, a quote, a box or a definition is made; what is in a box is CommonMark again.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from itertools import chain, count, pairwise

from markdown.util import HTML_PLACEHOLDER_RE, AtomicString, code_escape
from msgspec.structs import replace

from ..reader import FACT_LABELS, parse_blocks, read_inline, walk_blocks
from ..records import Block, Value
from .inline_text import OWN_BLOCK_PROCESSORS, InlineText
from .page_state import BADGE, BLOCK, END, INSIDE, LATE_END, NOTE, PageState
from .sanitising import clean_block

_SHORT = 90
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_CALLOUT = re.compile(r"\[![\w|+ -]+\]")
_NOTE = re.compile(r"\[\^(?P<name>[^\]\n]+)\]: ?")
_FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_MARKDOWN_IN_HTML = re.compile(
    r"\s*(?P<tag><(?P<name>[A-Za-z]\w*)\b[^<>]*)\smarkdown(?:=[\"']?(?:1|block|span)[\"']?)?(?P<rest>(?:\s[^<>]*)?>)"
)


class BlockBuilder:
    """Builds the elements of blocks; `values` are the labelled fields among them, by the `id` of their block."""

    def __init__(self, page: PageState) -> None:
        self.page = page
        self.md = page.md
        processors = self.md.parser.blockprocessors
        # An extension may have put its own processor for what is nothing to CommonMark in the place of Python-Markdown's.
        own = [
            processors[name]
            for name in OWN_BLOCK_PROCESSORS
            if name in processors
            and (name not in ("quote", "olist", "ulist") or type(processors[name]).__module__.startswith("markdown."))
        ]
        self.processors = [processor for processor in processors if processor not in own]
        self.is_extended = False
        self.inline = InlineText(page)
        self.values: dict[int, Value] = {}

    def blocks(self, blocks: Sequence[Block], parent: etree.Element) -> None:
        waiting: list[str] = []
        for block in blocks:
            if block.kind in ("paragraph", "code"):
                waiting.append(_Leaf.of(block))
                continue
            self.leaves(waiting, parent)
            waiting = []
            match block.kind:
                case "list":
                    self.list(block, parent)
                case "quote":
                    self.quote(block, parent)
                case "box":
                    self.box(block, parent)
                case "definition":
                    self.definition(block, parent)
                case "heading":
                    etree.SubElement(parent, f"h{block.level}").text = self.inline.text(block.text, finish=False)
                    if (value := self.values.get(id(block))) and value.names:
                        self.badges(value.names, parent)
                case "html":
                    self.html(block.text, parent)
                case "fence":
                    self.fence(block, parent)
                case "table":
                    self.table(block, parent)
                case "rule":
                    etree.SubElement(parent, "hr")
        self.leaves(waiting, parent)

    def leaves(self, waiting: list[str], parent: etree.Element) -> None:
        """Append paragraphs and indented code; a site's extensions (admonitions, footnotes, …) are asked first."""
        # In an element of their own: a definition list takes the paragraph before it for its term.
        element = etree.Element("div")
        while waiting:
            if self.extended(element, waiting):
                continue
            leaf = waiting.pop(0)
            block = leaf.block if isinstance(leaf, _Leaf) else Block("paragraph", 0, 0, leaf)
            if block.kind == "code":
                self.code(block.text, "", element)
            elif value := self.values.get(id(block)):
                self.field(value, (), element)
            else:
                etree.SubElement(element, "p").text = self.inline.text(block.text)
        parent.extend(element)

    def extended(self, parent: etree.Element, waiting: list[str]) -> bool:
        """Whether an extension's block processor took the first of the waiting texts."""
        for processor in self.processors:
            if processor.test(parent, waiting[0]):
                if _FENCE.search(waiting[0]):
                    waiting[0] = self.fences(waiting[0].split("\n"))
                if processor.run(parent, waiting) is not False:
                    self.is_extended = True
                    return True
        return False

    def opened(self, parent: etree.Element, *texts: str) -> etree.Element | None:
        """The element that holds the paragraph `INSIDE` in what an extension makes of texts; None if none takes them, `parent` if it loses it."""
        count, waiting = len(parent), list(texts)
        if not self.extended(parent, waiting):
            return None
        for made in parent[max(0, count - 1) :]:
            for element in made.iter():
                for child in element:
                    if child.tag == "p" and child.text == INSIDE:
                        element.remove(child)
                        return element
        del parent[count:]
        return parent

    def quote(self, block: Block, parent: etree.Element) -> None:
        """Append a quote, or the box that an extension makes of one whose first line is `[!NOTE]`."""
        first = block.children[0] if block.children else None
        if first is not None and first.kind == "paragraph" and self.processors:
            line, _, rest = first.text.partition("\n")
            if _CALLOUT.match(line):
                inside = self.opened(parent, f"> {self.inline.without_tags(line)}\n> {INSIDE}")
                if inside is not None and inside is not parent:
                    below = (replace(first, text=rest),) if rest.strip() else ()
                    self.blocks((*below, *block.children[1:]), inside)
                    return
            else:
                own = self.inline.text(first.text, finish=False).replace("\n", "\n> ")
                inside = self.opened(parent, f"> {own}\n>\n> {INSIDE}")
                if inside is not None and inside is not parent:
                    self.blocks(block.children[1:], inside)
                    return
        self.blocks(block.children, etree.SubElement(parent, "blockquote"))

    def box(self, block: Block, parent: etree.Element) -> None:
        """Append a box as an extension makes it, or as CommonMark has it if none does; the labels in it are kept in any case."""
        slashes = block.text[: len(block.text) - len(block.text.lstrip("/"))]
        opening = self.inline.without_tags(block.text)
        texts = (opening, INSIDE, slashes) if slashes else (f"{opening}\n    {INSIDE}",)
        inside = self.opened(parent, *texts)
        if inside is parent:  # an extension that takes the text apart
            self.extended(parent, self.fences(self.inline.without_tags(block.info).split("\n")).split("\n\n"))
        elif inside is not None:
            self.blocks(block.children, inside)
        elif any(id(child) in self.values for child in walk_blocks(block.children)):
            self.leaves([block.text], parent)
            self.blocks(block.children, parent)
        else:
            self.blocks(parse_blocks(block.info.split("\n"), extensions=False).blocks, parent)

    def definition(self, block: Block, parent: etree.Element) -> None:
        """Tell an extension what a footnote (built when the extension has it parsed) or an abbreviation means; without one it is text."""
        note = note_definition(block)
        if note is None:
            self.leaves([block.text], parent)
            return
        lines = block.text[note.end() :].split("\n")
        inside = [line[4:] if line.startswith("    ") else line for line in lines]
        self.page.notes.append(parse_blocks(inside).blocks)
        written = note["name"]
        name = self.free_note_name(self.inline.notes.get(written, written))
        self.page.note_names.add(name)
        if not self.extended(parent, [f"[^{name}]: {NOTE}{len(self.page.notes) - 1}{END}"]):
            self.blocks(parse_blocks(block.text.split("\n"), extensions=False).blocks, parent)

    def free_note_name(self, name: str) -> str:
        """A name for a footnote that no earlier one of the page has."""
        names = chain((name,), (f"{name}-{number}" for number in count(2)))
        return next(own for own in names if own not in self.page.note_names)

    def note(self, number: int, parent: etree.Element) -> None:
        self.blocks(self.page.notes[number], parent)

    def html(self, text: str, parent: etree.Element) -> None:
        """Append raw HTML; the content of an element with the attribute `markdown` is Markdown, if the site has the extension for it."""
        opening = _MARKDOWN_IN_HTML.match(text) if "markdown_block" in self.md.parser.blockprocessors else None
        if opening is None:
            cleaned = clean_block(text, self.page.context.resolve)
            etree.SubElement(parent, "p").text = AtomicString(self.page.keep(cleaned, BLOCK))
            return
        closing = f"</{opening['name']}>"
        inside, closed, rest = text[opening.end() :].rpartition(closing)
        inside, rest = (inside, f"{closed}{rest}") if closed else (rest, "")
        self.html(opening["tag"] + opening["rest"], parent)
        self.blocks(parse_blocks(inside.strip("\n").split("\n")).blocks, parent)
        if rest:
            self.html(rest, parent)

    def fences(self, lines: list[str]) -> str:
        """Lines in which the site's extension for fenced code has taken the fences out."""
        name = "fenced_code_block"
        return "\n".join(self.md.preprocessors[name].run(lines) if name in self.md.preprocessors else lines)

    def list(self, block: Block, parent: etree.Element) -> None:
        """Append a list; items that are fields, figures or details come between its parts instead."""
        plain: etree.Element | None = None
        for number, item in enumerate(block.children, block.level):
            first = item.children[0] if item.children else None
            if first and id(first) in self.values:
                plain = None
                starts = [n for n, child in enumerate(item.children) if id(child) in self.values]
                for start, end in pairwise([*starts, len(item.children)]):
                    self.field(self.values[id(item.children[start])], item.children[start + 1 : end], parent)
            elif first and (first.kind == "html" or _is_picture(item)):
                plain = None
                self.blocks(item.children, etree.SubElement(parent, "div", {"class": "pd-item"}))
            else:
                if plain is None:
                    plain = etree.SubElement(parent, "ol" if block.info else "ul")
                    if block.info and number != 1:
                        plain.set("start", str(number))
                self.item(item, plain)

    def item(self, item: Block, parent: etree.Element) -> None:
        element = etree.SubElement(parent, "li")
        first, rest = (item.children[0], item.children[1:]) if item.children else (None, ())
        if first is None or first.kind != "paragraph":
            self.blocks(item.children, element)
            return
        task = _TASK.match(first.text)
        if not task and not first.tight:
            self.blocks(item.children, element)
            return
        line = element if first.tight else etree.SubElement(element, "p")
        if task and "task-list" not in self.md.treeprocessors:
            box = etree.SubElement(line, "input", {"type": "checkbox", "disabled": "disabled"})
            if task[1] != " ":
                box.set("checked", "checked")
            box.tail = self.inline.text(first.text[task.end() - 1 :])
        else:
            line.text = self.inline.text(first.text, finish=not task)
        self.blocks(rest, element)

    def field(self, value: Value, rest: Sequence[Block], parent: etree.Element) -> None:
        label, block = value.label, value.block
        source = block.text[label.value :].lstrip(" \t")
        if value.names is not None:
            if value.names:
                self.badges(value.names, parent, label.written)
            figures = read_inline(source, self.page.references).figures if "![" in source or "<" in source else ()
            for figure in figures:
                etree.SubElement(parent, "img", {"src": figure.src, "alt": figure.alt})
            if rest:
                self.blocks(rest, etree.SubElement(parent, "div", {"class": "pd-item"}))
            return
        is_short = len(value.text) <= _SHORT and "<" not in block.text
        if not rest and is_short and (label.name is None or label.name in FACT_LABELS):
            parent = _about(parent)  # facts of a few words share a line
        # Two elements less per field: what search plugins take longest for is the number of tags.
        empty = label.look == "column" and not value.text and not rest
        field = etree.SubElement(
            parent, "div" if rest else "p", {"class": "pd-field pd-empty" if empty else "pd-field"}
        )
        if label.name:
            field.set("data-field", label.name)
        line = etree.SubElement(field, "p") if rest else field
        name = etree.SubElement(line, "span", {"class": "pd-label pd-ui" if label.look == "column" else "pd-label"})
        name.text = AtomicString(label.shown)
        text = self.inline.text(source)
        name.tail = AtomicString(f" {text}") if isinstance(text, AtomicString) else f" {text}"
        self.blocks(rest, field)

    def badges(self, names: Sequence[str], parent: etree.Element, label: str = "") -> etree.Element:
        row = etree.SubElement(parent, "p", {"class": "pd-keypoints"})
        if label:
            hidden = etree.SubElement(row, "span", {"class": "pd-label pd-hidden"})
            hidden.text = AtomicString(label)
            hidden.tail = " "
        find = self.page.context.badge
        if find is None:
            placeholders = AtomicString("".join(f"{BADGE}{name}{LATE_END} " for name in names))
            if label:
                hidden.tail = AtomicString(f" {placeholders}")
            else:
                row.text = placeholders
            return row
        for name in names:
            find(name).element(name, row).tail = " "
        return row

    def fence(self, block: Block, parent: etree.Element) -> None:
        """Append fenced code, by the site's own extension for it (highlighting, diagrams) where it takes it."""
        text = block.text.rstrip("\n")
        ticks = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
        lines = [f"{ticks}{block.info.strip()}", *text.split("\n"), ticks]
        done = self.fences(lines).strip()
        if HTML_PLACEHOLDER_RE.fullmatch(done):
            etree.SubElement(parent, "p").text = AtomicString(done)
            return
        self.code(block.text, block.info.strip().split(" ")[0], parent)

    @staticmethod
    def code(text: str, language: str, parent: etree.Element) -> None:
        element = etree.SubElement(etree.SubElement(parent, "pre"), "code")
        if language:
            element.set("class", f"language-{language}")
        element.text = AtomicString(code_escape(text.rstrip("\n")) + "\n")

    def table(self, block: Block, parent: etree.Element) -> None:
        table = etree.SubElement(parent, "table")
        if block.text:
            etree.SubElement(table, "caption").text = self.inline.text(block.text)
        for number, row in enumerate(block.children):
            if number < 2:
                part = etree.SubElement(table, "tbody" if number else "thead")
            self.row(row, etree.SubElement(part, "tr"), "td" if number else "th")

    def row(self, row: Block, line: etree.Element, tag: str) -> None:
        for cell in row.children:
            self.cell(cell, line, tag).text = self.inline.text(cell.text)

    @staticmethod
    def cell(cell: Block, line: etree.Element, tag: str) -> etree.Element:
        return etree.SubElement(line, tag, {"style": cell.info} if cell.info else {})


def note_definition(block: Block) -> re.Match[str] | None:
    return _NOTE.match(block.text) if block.kind == "definition" else None


def _about(parent: etree.Element) -> etree.Element:
    last = parent[-1] if len(parent) else None
    if last is not None and last.get("class") == "pd-about":
        return last
    return etree.SubElement(parent, "div", {"class": "pd-about"})


class _Leaf(str):
    """The text of a block as a block processor of Python-Markdown wants it, and the block."""

    __slots__ = ("block",)
    block: Block

    @classmethod
    def of(cls, block: Block) -> _Leaf:
        text = block.text
        if block.kind == "code":
            text = "\n".join(f"    {line}" for line in text.rstrip("\n").split("\n"))
        if "\t" in text:
            text = text.expandtabs(4)
        leaf = cls(text)
        leaf.block = block
        return leaf


def _is_picture(item: Block) -> bool:
    return all(
        child.kind == "paragraph" and (inline := read_inline(child.text)).figures and not inline.text
        for child in item.children
    )
