"""Digest pages: a Python-Markdown extension that shows papers as papers.

A paper's lines are replaced by a line with a placeholder before Python-Markdown reads the page; a block processor builds the
paper there. Text around papers is not touched. Nothing here knows MkDocs.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from selectolax.lexbor import LexborHTMLParser

from ..reader import INVALID_CHARACTERS, RAW_TEXT_TAGS, safe_url
from ..records import is_one_paper
from .heading_ids import Headings
from .page_state import CLOSE, END, NOTE, OPEN, PAPER, PageContext, PageProcessor, PageState
from .paper_elements import PaperBuilder
from .paper_html import valid
from .sanitising import clean_torn, sanitised, tidy, unmarked

__all__ = ["DigestExtension", "PageContext", "plain_ids"]

_PAPER_LINE = re.compile(rf"{PAPER}(\d+){END}")
_PLACEHOLDER_LINE = re.compile(rf"([{PAPER}{NOTE}])(\d+){END}")
_OPENED = re.compile(rf"<p>{OPEN}(\d+){END}</p>")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *")
_HOLE = re.compile(r'<section data-pd-hole="(\d+)"></section>')

_PICTURE = re.compile(r"<(?P<tag>/?a|/?picture|img)(?=[\s>])(?P<rest>(?:[^>\"]|\"[^\"]*\")*)>")
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_ANY_ATTRIBUTE = re.compile(r'\s([^\s"=<>/]+)(?:="([^"]*)")?')
_META_LINE = re.compile(r'<p class="pd-meta">.*?</p>', re.DOTALL)
_FRAME = '<span class="pd-figure">'
_RAW_TEXT = re.compile(rf"<(?=/?(?:{'|'.join(sorted(RAW_TEXT_TAGS))}|template)\b)", re.IGNORECASE)
_SELECT = re.compile(r"</?select\b[^>]*>", re.IGNORECASE)
_OPEN_SELECT = re.compile(r"<select\b[^>]*>(?:[^<]|</?(?:option|optgroup|hr)\b[^>]*>)*<(?!/select)")
_COMMENT = re.compile(r"<!--(?!>|->)((?:(?!-->).)*)-->", re.DOTALL)
_EMOJI = re.compile(r'class="[^"]*(?:emoji|emojione|twemoji|gemoji)')


class DigestExtension(Extension):
    """Shows the papers of a page as papers. `context` must be set before each page; None leaves the page alone."""

    context: PageContext | None = None
    page: PageState | None = None
    """What is known of the page that `context` belongs to: its digest and the ids on it, once it is converted."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        if self.context is None:
            return
        page = self.page = PageState(md, self.context)
        # After what brings text in (snippets 32), before what takes text out (raw fences 31.05, HTML 20). Critic (31.1) may take its
        # placeholders out, which no text of a paper can hold, or bring text in.
        is_taken = (
            "critic" in md.preprocessors and getattr(md.preprocessors["critic"], "config", {}).get("mode") == "view"
        )
        md.preprocessors.register(_TakeOut(page), "paperdigest", 31.15 if is_taken else 31.08)
        md.parser.blockprocessors.register(_PutIn(md.parser, page), "paperdigest", 200)
        md.treeprocessors.register(_PutInLate(page), "paperdigest_late", 60)
        # After footnotes (50), before what is in them is made of elements.
        md.treeprocessors.register(_PartNotes(page), "paperdigest_notes", 49)
        # After toc (5), which registered first, and before MkDocs collects the anchors (5, registered last).
        md.treeprocessors.register(Headings(page), "paperdigest_headings", 5)
        # Before MkDocs' `relpath` (0) takes addresses apart.
        md.treeprocessors.register(_Attributes(page), "paperdigest_attributes", 1)
        md.postprocessors.register(_Finish(page), "paperdigest", 1)


def plain_ids(text: str, extensions: Sequence[Any], configs: Mapping[str, Any]) -> list[str]:
    """The ids of a page's headings as Python-Markdown alone gives them, with a site's other extensions."""
    converter = Markdown(extensions=extensions, extension_configs=configs)
    return re.findall(r'<h[1-6][^>]*? id="([^"]*)"', converter.convert(text))


class _TakeOut(PageProcessor, Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        page = self.page
        page.begin()
        digest = page.digest = page.context.read("\n".join(lines))
        if not digest.sections:
            return lines
        page.references = digest.definitions
        page.waiting = set(range(len(digest.sections)))
        lines = INVALID_CHARACTERS.sub("", "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        page.old_ids = self._old_ids(lines)
        kept: list[str] = []
        last = 0
        for number, section in enumerate(digest.sections):
            for block in section.torn:
                cleaned = clean_torn("\n".join(lines[block.start : block.end]), page.keep)
                lines[block.start : block.end] = cleaned.split("\n")
            if page.context.tables and section.table and number and digest.sections[number - 1].table is section.table:
                page.waiting.discard(number)  # a row of the table that the first of them builds
                last = section.end
                continue
            # An item of a list in a list stays in it, so that what follows there does, too.
            first = lines[section.start] if section.shape == "item" else ""
            depth = (len(first.expandtabs(4)) - len(first.expandtabs(4).lstrip())) // 4 * 4
            kept += [*lines[last : section.start], "", f"{' ' * depth}{PAPER}{number}{END}", ""]
            last = section.end
        for name, (target, title) in digest.references.items():
            self.md.references.setdefault(" ".join(name.lower().split()), (target, title or None))  # type: ignore[arg-type]
        return kept + lines[last:]

    def _old_ids(self, lines: list[str]) -> list[tuple[int, str]]:
        """Ids that only Python-Markdown gives, with the numbers of their papers: a list item or a rule below a line makes that a heading there."""
        sections = self.page.digest.sections
        starts = [section.start for section in sections]
        for place in range(starts[0] + 1, len(lines)):
            if _UNDERLINE.fullmatch(lines[place]) and lines[place - 1].strip():
                number = bisect_right(starts, place) - 1
                if place < sections[number].end:
                    return [(number, name) for name in self.page.context.plain_ids("\n".join(lines))]
        return []


class _PutIn(BlockProcessor):
    """Builds a paper in place of its placeholder, and the text of a footnote of a paper."""

    def __init__(self, parser: BlockParser, page: PageState) -> None:
        super().__init__(parser)
        self.page = page
        self.builder: PaperBuilder | None = None  # made when all extensions have joined

    def test(self, parent: etree.Element, block: str) -> bool:
        # A page without papers may have such characters in its text.
        return bool(self.page.digest.sections) and _PLACEHOLDER_LINE.match(block) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        match = _PLACEHOLDER_LINE.match(blocks[0])
        assert match is not None
        rest = blocks.pop(0)[match.end() :].lstrip("\n")
        self.builder = self.builder or PaperBuilder(self.page)
        build = self.builder.build if match[1] == PAPER else self.builder.note
        build(int(match[2]), parent)
        if rest:
            blocks.insert(0, rest)


class _PutInLate(PageProcessor, Treeprocessor):
    """Builds the papers whose placeholder is inside of raw HTML; `_Finish` moves them there."""

    def run(self, root: etree.Element) -> None:
        for number in sorted(self.page.waiting):
            PaperBuilder(self.page).build(number, root)


class _PartNotes(PageProcessor, Treeprocessor):
    """Marks where the footnotes of a digest begin and end: they are sanitised as papers are, since any paper may have written them."""

    def run(self, root: etree.Element) -> None:
        opened = False
        for parent in root.iter() if self.page.digest.sections else ():
            for place, element in enumerate(parent):
                if element.tag == "p" and (element.text or "").startswith((OPEN, CLOSE)):
                    opened = (element.text or "").startswith(OPEN)
                elif not opened and element.get("class") == "footnote":
                    for kind, at in ((CLOSE, place + 1), (OPEN, place)):
                        line = etree.Element("p")
                        line.text = AtomicString(f"{kind}{len(self.page.digest.sections)}{END}")
                        parent.insert(at, line)
                    return


class _Attributes(PageProcessor, Treeprocessor):
    """Makes titles text for themes that show them as HTML, and encodes addresses that Python cannot take apart, such as `http://[`."""

    def run(self, root: etree.Element) -> None:
        for element in root.iter() if self.page.digest.sections else ():
            for name in ("title", "alt"):  # an abbreviation of a paper has its title in all of the page
                if "<" in (text := element.get(name, "")):
                    element.set(name, unmarked(text))
            for name in ("href", "src"):
                if "//" in (url := element.get(name, "")):
                    try:
                        urlsplit(url)
                    except ValueError:
                        element.set(name, quote(url, safe="!#$%&'()*+,/:;=?@~"))


class _Finish(PageProcessor, Postprocessor):
    """Puts kept HTML in and makes every paper a valid section of its own."""

    def run(self, text: str) -> str:
        page = self.page
        if not page.digest.sections:
            return text
        text = page.fill(text)
        if OPEN not in text:  # toc asks for the text of single headings
            return text
        sections: dict[int, str] = {}

        parts = _OPENED.split(text)
        kept = [parts[0]]
        for number, rest in zip(map(int, parts[1::2]), parts[2::2], strict=True):
            inner, _, below = rest.partition(f"<p>{CLOSE}{number}{END}</p>")
            sections[number] = self._section(number, inner.strip())
            kept += [f'<section data-pd-hole="{number}"></section>', below]
        around = "".join(kept)
        if late := {int(m[1]) for m in _PAPER_LINE.finditer(around)}:
            around = _HOLE.sub(lambda m: "" if int(m[1]) in late else m[0], around)
            around = _PAPER_LINE.sub(lambda m: f'<section data-pd-hole="{m[1]}"></section>', around)
        around = self._around(around)
        filled = _HOLE.sub(lambda m: sections.pop(int(m[1]), ""), around)
        return filled + "".join(sections.values())

    def _around(self, around: str) -> str:
        """The text around papers, as it is unless a browser would have to repair it, or it may be a paper's.

        Where a paper ends is a guess: what a bot pasted into an abstract may look like a heading. So only the text above the first paper is
        the site's own for certain, if it closes what it opens.
        """
        around = self._valid(around)
        first = _HOLE.search(around)
        above = around[: first.start()] if first and not is_one_paper(self.page.digest.papers) else ""
        if not _same(above, tidy(above)):
            above = ""
        below = around[len(above) :]
        clean = sanitised(below, page=True)
        return around if _same(below, clean) else above + clean

    @staticmethod
    def _valid(around: str) -> str:
        around = _valid_comments(around)
        fixed = tidy(around)
        if _RAW_TEXT.search(around):
            holes = LexborHTMLParser(fixed, is_fragment=True).css("section[data-pd-hole]")
            if len(holes) < len(_HOLE.findall(around)):
                # GitHub shows a `<script>` or `<textarea>` as text; here one that is never closed would hide papers.
                around = _RAW_TEXT.sub("&lt;", around)
                fixed = tidy(around)
        if _same(around, fixed):
            return around
        for name in ("svg", "math"):  # one never closed makes everything below a drawing
            if len(re.findall(rf"<{name}\b", around, re.IGNORECASE)) != len(
                re.findall(rf"</{name}\b", around, re.IGNORECASE)
            ):
                around = re.sub(rf"</?{name}\b", lambda tag: f"&lt;{tag[0][1:]}", around, flags=re.IGNORECASE)
        fixed = tidy(around.replace("<section data-pd-hole", "</a><section data-pd-hole"))  # no link around papers
        # A `<select>` with more than options in it, mostly one never closed, is valid only by the HTML standard of 2025.
        fixed = tidy(_SELECT.sub("", fixed)) if _OPEN_SELECT.search(fixed) else fixed
        return _valid_comments(fixed)  # one never closed was closed only now

    def _section(self, number: int, inner: str) -> str:
        words = self.page.context.words
        inner = self.page.fill_late(valid(inner, words))
        if number == len(self.page.digest.sections):  # the footnotes of the page
            return sanitised(inner, self.page.ids)
        section = self.page.digest.sections[number]
        if section.html:
            inner = f"{inner.strip()}\n{self.page.fill_late(section.html)}"
        in_table = section.table and self.page.context.tables  # with all papers of the table
        if "<img" in inner:
            name = words("figure") if in_table else words("figure_of", title=section.paper.title)
            inner = self._figures(inner, name)
        inner = sanitised(inner, self.page.ids)
        if in_table:
            texts = html.escape("|".join(map(self.page.context.words, ("copy_link", "copied", "close"))))
            return f'<div class="pd-papers" data-pd-words="{texts}">\n{inner}\n</div>'
        return f'<section class="pd-paper">\n{inner}\n</section>'

    def _figures(self, inner: str, name: str) -> str:
        """Give each picture a frame of fixed size; outside links the frame leads to the picture.

        A picture that has a copy on the site is shown from there, and one without words is called by `name`: else it, and the
        link that it is in, would be nothing to those who cannot see it.
        """
        inside = ""

        def framed(match: re.Match[str]) -> str:
            nonlocal inside
            tag, rest = match["tag"], match["rest"]
            if tag != "img":
                before = _FRAME if tag == "picture" else ""
                after = "</span>" if tag.endswith("picture") and inside == "picture" else ""
                inside = "" if tag.startswith("/") else tag
                return f"{before}{match[0]}{after}"
            source = _SOURCE.search(rest)
            if _EMOJI.search(rest) or not source:
                return match[0]
            src = source[1]
            if copy := self.page.context.picture(html.unescape(src), self.md):
                src = html.escape(copy)
                rest = f'{rest[: source.start()]} src="{src}"{rest[source.end() :]}'
            if not any(own[1] == "alt" and (own[2] or "").strip() for own in _ANY_ATTRIBUTE.finditer(rest)):
                others = _ANY_ATTRIBUTE.sub(lambda own: "" if own[1] == "alt" else own[0], rest)
                rest = f'{others} alt="{html.escape(name)}"'
            lazy = "" if " loading=" in rest else ' loading="lazy"'
            picture = f"<img{rest}{lazy}>"
            if inside == "picture":
                return picture
            if inside or not self.page.context.zoom or not safe_url(html.unescape(src)):
                return f"{_FRAME}{picture}</span>"
            return f'<a class="pd-figure" href="{src}">{picture}</a>'

        # Badges in the line below a title stay as small as they are.
        line = _META_LINE.search(inner)
        start = line.end() if line else 0
        return inner[:start] + _PICTURE.sub(framed, inner[start:])


def _valid_comments(source: str) -> str:
    """HTML without `--` inside comments; one with so many that looking for the end of each would take minutes is left."""
    if source.count("<!--") >= 100:
        return source
    return _COMMENT.sub(lambda m: f"<!--{re.sub('-(?=-)|-$', '- ', m[1])}-->", source)


def _same(source: str, parsed: str) -> bool:
    """Whether a parser changed nothing but how the same document is written."""

    def character(match: re.Match[str]) -> str:
        found = html.unescape(match[0])
        return match[0] if found in "<>&" or found == match[0] else found

    def plain(text: str) -> str:
        text = re.sub(r"(?<!\s)\s*/>", ">", re.sub(r"&#?\w+;", character, text))
        text = re.sub(r"(\s[\w:-]+=)'([^'\"<>]*)'", r'\1"\2"', text)
        return re.sub(r'(\s[\w:-]+)=""', r"\1", text).strip()

    return plain(source) == plain(parsed) and not INVALID_CHARACTERS.search(source)
