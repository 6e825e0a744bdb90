"""The blocks of a paper → elements for Python-Markdown.

Blocks are those of CommonMark, as on GitHub; their text is left to Python-Markdown's inline patterns. A site's own block processors
(admonitions, footnotes, …) are asked before a paragraph, a quote, a box or a definition is made; what is in a box is CommonMark again.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, pairwise
from operator import is_
from urllib.parse import quote

from markdown.util import HTML_PLACEHOLDER_RE, AtomicString, code_escape

from ..reader import FACT_LABELS, parse_blocks, read_inline, walk_blocks
from ..records import Block, Paper, Section, Value, link_site
from .inline_text import InlineText, joined
from .page_state import BADGE, BLOCK, CLOSE, END, INSIDE, LATE_END, NOTE, OPEN, TAIL, PageState
from .raw_html import clean_block
from .section_html import Writer, valid

_SHORT = 90
_NAMES = {"arxiv": "arXiv", "doi": "DOI", "pdf": "PDF"}
_WORDS = {"code": "link_code", "project": "link_project"}
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_OWN_PROCESSORS = frozenset(
    "empty indent code hashheader setextheader hr olist ulist quote reference paragraph table markdown_block "
    "paperdigest".split()
)
"""Block processors that are not asked about a paper's blocks: CommonMark has already said what they are."""
_CALLOUT = re.compile(r"\[![\w|+ -]+\]")
_NOTE = re.compile(r"\[\^(?P<name>[^\]\n]+)\]: ?")
_FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_MARKDOWN_IN_HTML = re.compile(
    r"\s*(?P<tag><(?P<name>[A-Za-z]\w*)\b[^<>]*)\smarkdown(?:=[\"']?(?:1|block|span)[\"']?)?(?P<rest>(?:\s[^<>]*)?>)"
)


def _definition(block: Block) -> re.Match[str] | None:
    """The beginning of a footnote's definition."""
    return _NOTE.match(block.text) if block.kind == "definition" else None


class PaperBuilder:
    """Builds the elements of one paper: the tree of its blocks, its text left to the inline patterns."""

    def __init__(self, page: PageState) -> None:
        self.page = page
        self.md = page.md
        processors = self.md.parser.blockprocessors
        own = [processors[name] for name in _OWN_PROCESSORS if name in processors and not self._knows_more(name)]
        self.processors = [processor for processor in processors if processor not in own]
        self.is_extended = False
        self.inline = InlineText(page)
        self.writer = Writer(page.fill, lists="attr_list" in self.md.treeprocessors)
        self.values: dict[int, Value] = {}
        self.is_known = self.inline.markup is not None and "preview" not in self.md.treeprocessors

    def _knows_more(self, name: str) -> bool:
        """Whether an extension has put its own processor in the place of Python-Markdown's, for what is nothing to CommonMark."""
        made_by = type(self.md.parser.blockprocessors[name]).__module__
        return name in ("quote", "olist", "ulist") and not made_by.startswith("markdown.")

    def build(self, number: int, parent: etree.Element) -> None:
        """Append the paper to `parent`, between two paragraphs that say where it begins and ends."""
        section = self.page.digest.sections[number]
        self.page.waiting.discard(number)
        etree.SubElement(parent, "p").text = AtomicString(f"{OPEN}{number}{END}")
        if section.table and self.page.context.tables:
            self.rows(number, section.table, parent)
        else:
            self.card(number, section, parent)
        etree.SubElement(parent, "p").text = AtomicString(f"{CLOSE}{number}{END}")

    def card(self, number: int, section: Section, parent: etree.Element) -> None:
        """Append the title of a paper, its quiet line, and its blocks unless they were made ahead."""
        heading = etree.SubElement(parent, f"h{section.paper.level}", {"data-pd": str(number)})
        self.inline.notes = self._renamed_notes(section)
        heading.text = self.inline.text(section.title, finish=False)
        if not section.title:  # it stands in the front matter
            heading.set("class", "pd-ui")
            heading.text = AtomicString(section.paper.title)
        if section.tail:
            tail = section.tail.lstrip()
            heading.text += f"{section.tail[: -len(tail)]}{TAIL}{self.inline.meta(tail)}"
        if section.tail:
            self.page.meta[number] = self.meta(section, parent)
        if not section.html:
            parent.extend(self.body(section))

    def body(self, section: Section) -> etree.Element:
        """What stands below the title of a paper, but for a meta line that a tail of the title has to join."""
        body = etree.Element("div")
        if not section.tail:
            self.meta(section, body)
        if section.added:
            row = self.badges(section.added, body)
            row.set("class", "pd-keypoints pd-ui")
        self.values = {id(value.block): value for value in section.values}
        taken = {id(block) for value in section.values for block in value.taken}
        self.blocks(_without(section.blocks[section.meta :], taken), body)
        return body

    def ahead(self, section: Section) -> Section:
        """A paper with its HTML, if no inline pattern and no tree processor of the site has anything to do in it."""
        if not self.is_known or (section.table and self.page.context.tables):
            return section
        self.is_extended = False
        written = self.writer.written(self.body(section))
        if written is None or self.is_extended:  # an extension may know more of its blocks than their elements say
            return section
        html = valid(written.strip(), self.page.context.words, is_valid=self.writer.is_valid)
        meta = section.blocks[: section.meta] if section.tail else ()
        named = tuple(value for value in section.values if value.names is not None)
        return replace(section, html=html.strip(), blocks=meta, values=named)

    def rows(self, number: int, table: Block, parent: etree.Element) -> None:
        """Append a table whose rows are papers, as a table."""
        sections = [section for section in self.page.digest.sections[number:] if section.table is table]
        self.page.ids |= {section.paper.anchor for section in sections}
        self.table(table, parent, {id(section.row): section for section in sections})

    def meta(self, section: Section, parent: etree.Element) -> etree.Element:
        """The quiet line below the title: month and category, then the source's own tags, date and links."""
        line = etree.SubElement(parent, "p", {"class": "pd-meta"})
        paper, words = section.paper, self.page.context.words
        month = words.month(paper.month) if paper.month else None
        said = [part for part in (month, paper.category, *section.unsaid) if part and isinstance(part, str)]
        if said:
            unsearched = {"data-search-exclude": "", "data-pagefind-ignore": ""}
            added = etree.SubElement(line, "span", {"class": "pd-ui pd-place", **unsearched})
            added.text = AtomicString(" · ".join(said))
            added.tail = " "
        for link in section.unsaid:
            if not isinstance(link, str):
                shown = etree.SubElement(line, "a", {"class": "pd-ui", "href": link.url})
                site = link_site(link.url) if link.kind == "other" else None
                name = site.label if site else _NAMES.get(link.kind)
                shown.text = AtomicString(name or words(_WORDS.get(link.kind, "link_other")))
                shown.tail = " "
        sources = [block.text for block in walk_blocks(section.blocks[: section.meta]) if block.kind == "paragraph"]
        if sources:
            own = etree.SubElement(line, "span", {"class": "pd-source"})
            own.text = joined([self.inline.meta(source) for source in sources], " ")
        return line

    # -- blocks

    def blocks(self, blocks: Sequence[Block], parent: etree.Element) -> None:
        """Append blocks to `parent`."""
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
        """What an extension makes of texts with the paragraph `INSIDE`: the element that holds it, without it.

        None if no extension takes them; `parent` if one does, but has no such paragraph: then nothing is made of them.
        """
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
        """Tell an extension what a footnote or an abbreviation means; without one it is text.

        What stands in a footnote is built when its extension has it parsed.
        """
        note = _definition(block)
        if note is None:
            self.leaves([block.text], parent)
            return
        lines = block.text[note.end() :].split("\n")
        inside = [line[4:] if line.startswith("    ") else line for line in lines]
        self.page.notes.append(parse_blocks(inside).blocks)
        written = note["name"]
        name = self._free_note_name(self.inline.notes.get(written, written))
        self.page.note_names.add(name)
        if not self.extended(parent, [f"[^{name}]: {NOTE}{len(self.page.notes) - 1}{END}"]):
            self.blocks(parse_blocks(block.text.split("\n"), extensions=False).blocks, parent)

    def _renamed_notes(self, section: Section) -> dict[str, str]:
        """New names for the footnotes of a paper whose names an earlier paper of the page took: many number their own from 1."""
        names = {note["name"] for block in walk_blocks(section.blocks) if (note := _definition(block))}
        return {name: self._free_note_name(name) for name in names & self.page.note_names}

    def _free_note_name(self, name: str) -> str:
        names = chain((name,), (f"{name}-{number}" for number in count(2)))
        return next(own for own in names if own not in self.page.note_names)

    def note(self, number: int, parent: etree.Element) -> None:
        """Append the text of a footnote."""
        self.blocks(self.page.notes[number], parent)

    def html(self, text: str, parent: etree.Element) -> None:
        """Append raw HTML; what stands in an element with the attribute `markdown` is Markdown, if the site's extensions say so."""
        opening = _MARKDOWN_IN_HTML.match(text) if "markdown_block" in self.md.parser.blockprocessors else None
        if opening is None:
            cleaned = clean_block(text, self.page.context.resolve)
            etree.SubElement(parent, "p").text = AtomicString(self.page.keep(cleaned, BLOCK))
            return
        closing = f"</{opening['name']}>"
        inside, closed, behind = text[opening.end() :].rpartition(closing)
        inside, behind = (inside, f"{closed}{behind}") if closed else (behind, "")
        self.html(opening["tag"] + opening["rest"], parent)
        self.blocks(parse_blocks(inside.strip("\n").split("\n")).blocks, parent)
        if behind:
            self.html(behind, parent)

    def fences(self, lines: list[str]) -> str:
        """Lines in which the site's extension for fenced code has taken the fences out."""
        name = "fenced_code_block"
        return "\n".join(self.md.preprocessors[name].run(lines) if name in self.md.preprocessors else lines)

    def list(self, block: Block, parent: etree.Element) -> None:
        """Append a list; items that are fields, figures or details stand outside it, in their place."""
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
        """Append an ordinary list item."""
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
        """Append a label and its value, and what else its item holds. Keypoints become badges."""
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
        if not rest and self._is_fact(value):
            parent = _about(parent)
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

    @staticmethod
    def _is_fact(value: Value) -> bool:
        """Whether a label says a fact in a few words, which may stand beside others."""
        name = value.label.name
        return len(value.text) <= _SHORT and "<" not in value.block.text and (name is None or name in FACT_LABELS)

    def permalink(self, paper: Paper, parent: etree.Element) -> None:
        """Append a link to a paper that is a row of a table."""
        own = {"class": "pd-permalink pd-ui", "href": f"#{quote(paper.anchor)}", "data-search-exclude": ""}
        link = etree.SubElement(parent, "a", {**own, "aria-label": self.page.context.words("permalink")})
        link.text = AtomicString(" #")

    def badges(self, names: Sequence[str], parent: etree.Element, label: str = "") -> etree.Element:
        """Append a row of badges."""
        row = etree.SubElement(parent, "p", {"class": "pd-keypoints"})
        if label:
            hidden = etree.SubElement(row, "span", {"class": "pd-label pd-hidden"})
            hidden.text = AtomicString(label)
            hidden.tail = " "
        find = self.page.context.badge
        if find is None:
            signs = AtomicString("".join(f"{BADGE}{name}{LATE_END} " for name in names))
            if label:
                hidden.tail = AtomicString(f" {signs}")
            else:
                row.text = signs
            return row
        for name in names:
            badge = find(name)
            attributes = {"class": "pd-keypoint", "title": badge.title}
            if badge.href is not None:
                attributes["href"] = badge.href
            if badge.hue is not None:
                attributes["style"] = f"--pd-hue: {badge.hue}"
            link = etree.SubElement(row, "a" if badge.href is not None else "span", attributes)
            link.text = AtomicString(name)
            link.tail = " "
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
        """Append code as it stands."""
        element = etree.SubElement(etree.SubElement(parent, "pre"), "code")
        if language:
            element.set("class", f"language-{language}")
        element.text = AtomicString(code_escape(text.rstrip("\n")) + "\n")

    def table(self, block: Block, parent: etree.Element, papers: Mapping[int, Section] | None = None) -> None:
        """Append a table; `papers` are its rows that are papers, by the `id` of each."""
        table = etree.SubElement(parent, "table")
        if block.text:
            etree.SubElement(table, "caption").text = self.inline.text(block.text)
        columns = block.children[0].children if papers else ()
        heads = [read_inline(cell.text, self.page.references).text.strip(" :：") for cell in columns]
        for number, row in enumerate(block.children):
            if number < 2:
                part = etree.SubElement(table, "tbody" if number else "thead")
            line = etree.SubElement(part, "tr")
            section = (papers or {}).get(id(row))
            names: dict[tuple[str, str], Sequence[str]] = {}
            added: Sequence[str] = ()
            if section:
                line.set("class", "pd-paper")
                line.set("id", section.paper.anchor)
                names = {
                    (value.label.written, value.block.text): value.names for value in section.values if value.names
                }
                added = section.added
            for column, cell in enumerate(row.children):
                element = etree.SubElement(line, "td" if number else "th")
                if cell.info:
                    element.set("style", cell.info)
                if found := names.get((heads[column], cell.text) if column < len(heads) else ("", "")):
                    self.badges(found, element)
                    continue
                # A title's own Markdown is mended where Python-Markdown reads a star otherwise.
                is_title = section is not None and section.title.replace("\\*", "*") == cell.text
                element.text = self.inline.text(section.title if section and is_title else cell.text)
                if section and is_title:
                    self.permalink(section.paper, element)
                if section and not column:
                    for anchor in self.page.context.former(section.paper):
                        if anchor not in self.page.ids:
                            self.page.ids.add(anchor)
                            etree.SubElement(element, "span", {"id": anchor, "class": "pd-anchor"})
                if section and added and section.paper.title in read_inline(cell.text).text:
                    self.badges(added, element).set("class", "pd-keypoints pd-ui")
                    added = ()


def _about(parent: etree.Element) -> etree.Element:
    """The line of facts that ends `parent`, or a new one."""
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


def _without(blocks: Sequence[Block], taken: set[int]) -> tuple[Block, ...]:
    """Blocks less those whose `id` was taken, and less the lists that nothing is left of."""
    if not taken:
        return tuple(blocks)
    left = []
    for block in blocks:
        children = _without(block.children, taken)
        if id(block) in taken or (block.children and not children):
            continue
        left.append(
            block
            if len(children) == len(block.children) and all(map(is_, children, block.children))
            else replace(block, children=children)
        )
    return tuple(left)


def _is_picture(item: Block) -> bool:
    return all(
        child.kind == "paragraph" and (inline := read_inline(child.text)).figures and not inline.text
        for child in item.children
    )
