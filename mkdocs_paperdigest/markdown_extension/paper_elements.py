"""A paper → elements for Python-Markdown: its title, the line below it, and its blocks; or a table whose rows are papers.

Most papers are converted to HTML as soon as they are read, since this part of their pages depends on nothing else of the site.
Placeholders are left for what does, the badges of keypoints and links of raw HTML; the page fills them.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any
from urllib.parse import quote

from markdown import Markdown
from markdown.util import AtomicString
from msgspec.structs import replace

from ..languages import Words
from ..reader import read_inline, walk_blocks
from ..records import Block, Digest, Section, link_site
from ..support import UnknownStateError, fingerprint
from .block_elements import BlockBuilder, note_definition
from .inline_text import joined
from .page_state import CLOSE, END, LATE_END, LINK, OPEN, TAIL, PageContext, PageState
from .paper_html import serialised, valid

_NAMES = {"arxiv": "arXiv", "doi": "DOI", "pdf": "PDF"}
_WORDS = {"code": "link_code", "project": "link_project"}


class PaperBuilder(BlockBuilder):
    def __init__(self, page: PageState) -> None:
        super().__init__(page)
        self.is_known = self.inline.markup is not None and "preview" not in self.md.treeprocessors
        self._heads: list[str] = []
        self._rows: dict[int, Section] = {}

    def build(self, number: int, parent: etree.Element) -> None:
        """Append the paper to `parent`, between two placeholders for its begin and end."""
        section = self.page.digest.sections[number]
        self.page.waiting.discard(number)
        etree.SubElement(parent, "p").text = AtomicString(f"{OPEN}{number}{END}")
        if section.table and self.page.context.tables:
            self.rows(number, section.table, parent)
        else:
            self.card(number, section, parent)
        etree.SubElement(parent, "p").text = AtomicString(f"{CLOSE}{number}{END}")

    def card(self, number: int, section: Section, parent: etree.Element) -> None:
        heading = etree.SubElement(parent, f"h{section.paper.level}", {"data-pd": str(number)})
        # Many papers number their footnotes from 1: names that an earlier one of the page took are replaced.
        notes = {note["name"] for block in walk_blocks(section.blocks) if (note := note_definition(block))}
        self.inline.notes = {name: self.free_note_name(name) for name in notes & self.page.note_names}
        heading.text = self.inline.text(section.title, finish=False)
        if not section.title:  # it is in the front matter
            heading.set("class", "pd-ui")
            heading.text = AtomicString(section.paper.title)
        if section.tail:
            tail = section.tail.lstrip()
            heading.text += f"{section.tail[: -len(tail)]}{TAIL}{self.inline.meta(tail)}"
            self.page.meta[number] = self.meta(section, parent)
        if not section.html:
            parent.extend(self.body(section))

    def body(self, section: Section) -> etree.Element:
        """Build the blocks below the title of a paper, but for a meta line that a tail of the title has to join."""
        body = etree.Element("div")
        if not section.tail:
            self.meta(section, body)
        if section.added:
            self.badges(section.added, body).set("class", "pd-keypoints pd-ui")
        self.values = {id(value.block): value for value in section.values}
        taken = {id(block) for value in section.values for block in value.taken}
        self.blocks(_without(section.blocks[section.meta :], taken), body)
        return body

    def prerendered(self, section: Section) -> Section:
        """Add its HTML to a paper if no inline pattern and no tree processor of the site has anything to do in it."""
        if not self.is_known or (section.table and self.page.context.tables):
            return section
        self.is_extended = False
        written = serialised(self.body(section), lists="attr_list" in self.md.treeprocessors)
        if written is None or self.is_extended:  # an extension may know more of its blocks than their elements tell
            return section
        html = valid(self.page.fill(written).strip(), self.page.context.words)
        meta = section.blocks[: section.meta] if section.tail else ()
        named = tuple(value for value in section.values if value.names is not None)
        return replace(section, html=html.strip(), blocks=meta, values=named)

    def rows(self, number: int, table: Block, parent: etree.Element) -> None:
        sections = [section for section in self.page.digest.sections[number:] if section.table is table]
        self.page.ids |= {section.paper.anchor for section in sections}
        heads = (read_inline(cell.text, self.page.references).text for cell in table.children[0].children)
        self._heads = [head.strip(" :：") for head in heads]
        self._rows = {id(section.row): section for section in sections}
        self.table(table, parent)

    def row(self, row: Block, line: etree.Element, tag: str) -> None:
        section = self._rows.get(id(row))
        if not section:
            super().row(row, line, tag)
            return
        line.set("class", "pd-paper")
        line.set("id", section.paper.anchor)
        names = {(value.label.written, value.block.text): value.names for value in section.values if value.names}
        added = section.added
        for column, cell in enumerate(row.children):
            element = self.cell(cell, line, tag)
            if found := names.get((self._heads[column], cell.text) if column < len(self._heads) else ("", "")):
                self.badges(found, element)
                continue
            # A title's own Markdown is fixed where Python-Markdown reads a star otherwise.
            is_title = section.title.replace("\\*", "*") == cell.text
            element.text = self.inline.text(section.title if is_title else cell.text)
            if is_title:
                own = {
                    "class": "pd-permalink pd-ui",
                    "href": f"#{quote(section.paper.anchor)}",
                    "data-search-exclude": "",
                }
                link = etree.SubElement(element, "a", {**own, "aria-label": self.page.context.words("permalink")})
                link.text = AtomicString(" #")
            for anchor in self.page.context.former(section.paper) if not column else ():
                if anchor not in self.page.ids:
                    self.page.ids.add(anchor)
                    etree.SubElement(element, "span", {"id": anchor, "class": "pd-anchor"})
            if added and section.paper.title in read_inline(cell.text).text:
                self.badges(added, element).set("class", "pd-keypoints pd-ui")
                added = ()

    def meta(self, section: Section, parent: etree.Element) -> etree.Element:
        """The quiet line below the title: month and category, then the source's own tags, date and links."""
        line = etree.SubElement(parent, "p", {"class": "pd-meta"})
        paper, words = section.paper, self.page.context.words
        month = words.month(paper.month) if paper.month else None
        place = [part for part in (month, paper.category, *section.unsaid) if part and isinstance(part, str)]
        if place:
            unsearched = {"data-search-exclude": "", "data-pagefind-ignore": ""}
            added = etree.SubElement(line, "span", {"class": "pd-ui pd-place", **unsearched})
            added.text = AtomicString(" · ".join(place))
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


class Prerenderer:
    """Converts papers with the Markdown extensions of a site, without that of the plugin."""

    def __init__(self, extensions: Sequence[Any], configs: Mapping[str, Any], words: Words, *, tables: bool) -> None:
        self._converter = Markdown(extensions=extensions, extension_configs=configs)
        self._settings = (list(extensions), configs, words, tables)
        self._context = PageContext(
            read=lambda _: Digest(""),
            badge=None,
            resolve=lambda url: f"{LINK}{url}{LATE_END}",
            words=words,
            tables=tables,
        )

    def state(self, *others: Any) -> str | None:
        """Name all that the HTML of the same digest depends on, and `others`; None if that cannot be known."""
        names = [name.partition(":")[0] for name in self._settings[0] if isinstance(name, str)]
        try:
            return fingerprint(*self._settings, *others, modules=names)
        except UnknownStateError:
            return None

    def prerendered(self, digest: Digest) -> Digest:
        """Return the digest with `html` set on each paper that no extension would change."""
        if not digest.sections:
            return digest
        page = PageState(self._converter, self._context)
        page.digest = digest
        page.references = digest.definitions
        builder = PaperBuilder(page)
        if not builder.is_known:
            return digest
        sections = tuple(builder.prerendered(section) for section in digest.sections)
        self._converter.reset()
        return replace(digest, sections=sections)


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
