"""Digest pages: a Python-Markdown extension that shows papers as papers.

The blocks of a paper are those of CommonMark, as on GitHub; their text goes through Python-Markdown's inline patterns
and the block processors of a site's own extensions. Text around papers is not touched. Nothing here knows MkDocs.

A paper's lines are taken out before Python-Markdown reads the page and stand as one line of their own, a number
between two characters that no text may hold; a block processor builds the paper there.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString, code_escape

from ..paper import Block, Digest, Section
from ..reader.inline import read_inline
from ..reader.keypoints import split_keypoints
from ..reader.labels import KEYPOINTS, Label, match_label
from ..slugs import Anchors, github_slug, stable_slug
from .raw_html import INVALID, TAG, Resolve, clean_block, clean_tag, safe_url, tidy

# Characters that no text may hold (Unicode noncharacters), so none is ever mistaken for them.
_PAPER, _PIECE, _BLOCK, _TAIL, _OPEN, _CLOSE, _END = (chr(0xFDD0 + n) for n in range(7))
_PAPER_LINE = re.compile(rf"{_PAPER}(\d+){_END}")
_PIECES = re.compile(rf"<p>{_BLOCK}(\d+){_END}</p>|[{_PIECE}{_BLOCK}](\d+){_END}")
_SECTION = re.compile(rf"<p>{_OPEN}(\d+){_END}</p>\s*(.*?)\s*<p>{_CLOSE}\1{_END}</p>", re.DOTALL)
_HOLE = re.compile(r'<section data-pd-hole="(\d+)"></section>')

_EMPTY = re.compile(r'<p(?: class="pd-meta")?>\s*</p>\s*')
_DETAILS_WITHOUT_SUMMARY = re.compile(r"(<details\b[^>]*>)(?!\s*<summary\b)")
_PICTURE = re.compile(r"<(?P<tag>/?a|img)(?=[\s>])(?P<inside>(?:[^>\"]|\"[^\"]*\")*)>")
_LINK = re.compile(r'\s(?:href|src)="([^"]*)"(?=[^<>]*>)')
_SELECT = re.compile(r"</?select\b[^>]*>", re.IGNORECASE)
_OPEN_SELECT = re.compile(r"<select\b[^>]*>(?:[^<]|</?(?:option|optgroup|hr)\b[^>]*>)*<(?!/select)")
_COMMENT = re.compile(r"<!--(?!>|->)(.*?)-->", re.DOTALL)
_EMOJI = re.compile(r'class="[^"]*(?:emoji|emojione|twemoji|gemoji)')
_HEADING = re.compile(r"h[1-6]")
_TASK = re.compile(r"\[([ xX])\][ \t]+")

_INLINE = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<break>\\\n)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<math>\$\$.+?\$\$|\$(?!\s)[^$\n]+?(?<!\s)\$)"
    r"|(?P<target>\]\(\s*<[^<>\n]*>)"
    r"|(?P<spaced>\](?=\([^()\s<]+[ \t]+[^()\s\"'][^()\n]*\)))"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>)"
    rf"|(?P<tag>{TAG.pattern})"
    r"|(?P<less><)"
    r"|(?P<strike>~~(?=[^\s~])(?P<struck>[^~`<]+?)(?<=[^\s~])~~)",
    re.DOTALL,
)
_SPECIAL = re.compile(r"[\\`<$~]|\]\(")
_META = re.compile(
    r"(?P<link>!?\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))"
    r"|\[\s*(?P<url>https?://[^\s\[\]<>]+)\s*\]"
    r"|(?P<tick>`+\s*)?\[(?P<tag>[^\[\]\\`\n]+)\](?P<tock>\s*`+)?"
    r"|\\?(?P<bracket>[\[\]])"
)

_OWN_PROCESSORS = frozenset(
    [
        "empty",
        "indent",
        "code",
        "hashheader",
        "setextheader",
        "hr",
        "olist",
        "ulist",
        "quote",
        "reference",
        "paragraph",
        "table",
        "defindent",
        "markdown_block",
        "paperdigest",
    ]
)
"""Block processors that are not asked about a paper's blocks: CommonMark has already said what they are."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What a keypoint's badge shows on hover, and where it leads (None where it leads nowhere)."""

    title: str
    href: str | None


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the extension must know of the page at hand.

    `read` gives the digest of the page's Markdown; `badge` the badge of a keypoint as it is written; `resolve` turns a link of
    raw HTML into one that works on the built page; `zoom` says whether figures lead to their full size.
    """

    read: Callable[[str], Digest]
    badge: Callable[[str], Badge]
    resolve: Resolve
    zoom: bool = True


class DigestExtension(Extension):
    """Shows the papers of a page as papers. `context` must be set before each page; None leaves the page alone."""

    context: PageContext | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Join a `Markdown` object. Must be the last extension of the list."""
        if self.context is None:
            return
        page = _Page(md, self.context)
        # After what brings text in (snippets 32, critic 31.1), before what takes text out (raw fences 31.05, HTML 20).
        md.preprocessors.register(_TakeOut(page), "paperdigest", 31.08)
        md.parser.blockprocessors.register(_PutIn(md.parser, page), "paperdigest", 200)
        md.treeprocessors.register(_PutInLate(page), "paperdigest_late", 60)
        # After toc (5), which registered first, and before MkDocs collects the anchors (5, registered last).
        md.treeprocessors.register(_Headings(page), "paperdigest_headings", 5)
        md.postprocessors.register(_Finish(page), "paperdigest", 1)


class _Page:
    """The page being converted: its digest and the HTML that is put in at the end."""

    def __init__(self, md: Markdown, context: PageContext) -> None:
        self.md = md
        self.context = context
        self.digest = Digest("")
        self.references: dict[str, Any] = {}
        self.pieces: list[str] = []
        self.waiting: set[int] = set()
        self.headings: dict[int, etree.Element] = {}
        self.meta: dict[int, etree.Element] = {}

    def keep(self, source: str, sign: str = _PIECE) -> str:
        """Keep finished HTML aside; gives the sign that stands for it."""
        self.pieces.append(source)
        return f"{sign}{len(self.pieces) - 1}{_END}"


class _TakeOut(Preprocessor):
    """Takes the papers out of the page's lines."""

    def __init__(self, page: _Page) -> None:
        super().__init__(page.md)
        self.page = page

    def run(self, lines: list[str]) -> list[str]:
        page = self.page
        digest = page.context.read("\n".join(lines))
        if not digest.sections:
            return lines
        page.digest = digest
        page.references = {name: {"href": href, "title": title} for name, (href, title) in digest.references.items()}
        page.waiting = set(range(len(digest.sections)))
        lines = INVALID.sub("", "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        kept: list[str] = []
        last = 0
        for number, section in enumerate(digest.sections):
            kept += [*lines[last : section.start], "", f"{_PAPER}{number}{_END}", ""]
            last = section.end
        for name, (target, title) in digest.references.items():
            self.md.references.setdefault(" ".join(name.lower().split()), (target, title or None))  # type: ignore[arg-type]
        return kept + lines[last:]


class _PutIn(BlockProcessor):
    """Builds a paper where its line stands."""

    def __init__(self, parser: BlockParser, page: _Page) -> None:
        super().__init__(parser)
        self.page = page

    def test(self, parent: etree.Element, block: str) -> bool:
        return block.startswith(_PAPER)

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        match = _PAPER_LINE.match(blocks[0])
        assert match is not None
        rest = blocks.pop(0)[match.end() :].lstrip("\n")
        _Builder(self.page).build(int(match[1]), parent)
        if rest:
            blocks.insert(0, rest)


class _PutInLate(Treeprocessor):
    """Builds the papers whose line was swallowed by raw HTML around them; `_Finish` moves them there."""

    def __init__(self, page: _Page) -> None:
        super().__init__(page.md)
        self.page = page

    def run(self, root: etree.Element) -> None:
        for number in sorted(self.page.waiting):
            _Builder(self.page).build(number, root)


class _Builder:
    """Builds the elements of one paper: the tree of its blocks, its text left to the inline patterns."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        self.md = page.md
        processors = self.md.parser.blockprocessors
        own = [processors[name] for name in _OWN_PROCESSORS if name in processors]
        self.processors = [processor for processor in processors if processor not in own]
        self.math = "arithmatex-inline" in self.md.inlinePatterns
        self.escaped = frozenset(self.md.ESCAPED_CHARS)

    def build(self, number: int, parent: etree.Element) -> None:
        """Append the paper to `parent`, between two paragraphs that say where it begins and ends."""
        section = self.page.digest.sections[number]
        self.page.waiting.discard(number)
        etree.SubElement(parent, "p").text = AtomicString(f"{_OPEN}{number}{_END}")
        heading = etree.SubElement(parent, f"h{section.paper.level}", {"data-pd": str(number)})
        heading.text = self.text(section.title)
        if section.tail:
            heading.text += f" {_TAIL}{self.meta_text(section.tail)}"
        self.page.headings[number] = heading
        self.page.meta[number] = self.meta(section, parent)
        self.blocks(section.blocks[section.meta :], parent)
        etree.SubElement(parent, "p").text = AtomicString(f"{_CLOSE}{number}{_END}")

    def meta(self, section: Section, parent: etree.Element) -> etree.Element:
        """The quiet line below the title: month and category, then the source's own tags, date and links."""
        line = etree.SubElement(parent, "p", {"class": "pd-meta"})
        paper = section.paper
        said = [part for part in (paper.month, paper.category) if part]
        if said:
            added = etree.SubElement(line, "span", {"class": "pd-ui pd-place", "data-search-exclude": ""})
            added.text = AtomicString(" · ".join(said))
            added.tail = " "
        sources = [block.text for block in _paragraphs(section.blocks[: section.meta])]
        if sources:
            own = etree.SubElement(line, "span", {"class": "pd-source"})
            own.text = " ".join(self.meta_text(source) for source in sources)
        return line

    def meta_text(self, source: str) -> str:
        """A meta line's Markdown, its tags and links set apart and their brackets quiet."""

        def replace(match: re.Match[str]) -> str:
            if match["link"]:
                return self.text(match[0])
            if match["url"]:
                url = html.escape(match["url"])
                return self.page.keep(f'{_bracket("[")}<a href="{url}">{url}</a>{_bracket("]")}')
            if match["tag"] is not None:
                code = bool(match["tick"] and match["tock"])
                name = html.escape(match["tag"], quote=False)
                shown = f'<span class="pd-tag">{_bracket("[")}{name}{_bracket("]")}</span>'
                return self.page.keep(shown) if code or not (match["tick"] or match["tock"]) else self.text(match[0])
            return self.page.keep(_bracket(match["bracket"]))

        parts, end = [], 0
        for match in _META.finditer(source):
            parts += [self.text(source[end : match.start()]), replace(match)]
            end = match.end()
        return "".join([*parts, self.text(source[end:])])

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
                    self.blocks(block.children, etree.SubElement(parent, "blockquote"))
                case "heading":
                    etree.SubElement(parent, f"h{block.level}").text = self.text(block.text)
                case "html":
                    cleaned = clean_block(block.text, self.page.context.resolve)
                    etree.SubElement(parent, "p").text = AtomicString(self.page.keep(cleaned, _BLOCK))
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
            elif label := match_label(block.text):
                self.field(label, block, (), element)
            else:
                etree.SubElement(element, "p").text = self.text(block.text)
        parent.extend(element)

    def extended(self, parent: etree.Element, waiting: list[str]) -> bool:
        """Whether an extension's block processor took the first of the waiting texts."""
        for processor in self.processors:
            if processor.test(parent, waiting[0]):
                if re.search(r"^\s*(?:```|~~~)", waiting[0], re.MULTILINE):
                    waiting[0] = self.fences(waiting[0].split("\n"))
                if processor.run(parent, waiting) is not False:
                    return True
        return False

    def fences(self, lines: list[str]) -> str:
        """Lines in which the site's extension for fenced code has taken the fences out."""
        name = "fenced_code_block"
        return "\n".join(self.md.preprocessors[name].run(lines) if name in self.md.preprocessors else lines)

    def list(self, block: Block, parent: etree.Element) -> None:
        """Append a list; items that are fields, figures or details stand outside it, in their place."""
        plain: etree.Element | None = None
        items = list(block.children)
        number = block.level
        while items:
            item = items.pop(0)
            first = item.children[0] if item.children else None
            label = match_label(first.text) if first and first.kind == "paragraph" else None
            if first and label:
                plain = None
                names: list[Block] = []
                if label.name == KEYPOINTS and not _says_something(first.text[label.value :], item.children[1:]):
                    while (
                        items and not any(match_label(p.text) for p in _paragraphs([items[0]])) and _is_text(items[0])
                    ):
                        names.append(items.pop(0))
                self.field(label, first, (*item.children[1:], *names), parent)
            elif first and (first.kind == "html" or _is_picture(item)):
                plain = None
                self.blocks(item.children, etree.SubElement(parent, "div", {"class": "pd-item"}))
            else:
                if plain is None:
                    plain = etree.SubElement(parent, "ol" if block.info else "ul")
                    if block.info and number != 1:
                        plain.set("start", str(number))
                self.item(item, plain)
            number += 1

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
            box.tail = self.text(first.text[task.end() - 1 :])
        else:
            line.text = self.text(first.text)
        self.blocks(rest, element)

    def field(self, label: Label, block: Block, rest: Sequence[Block], parent: etree.Element) -> None:
        """Append a field: its label, its value, and what else its item holds. Keypoints become badges."""
        value = block.text[label.value :].lstrip(" \t")
        if label.name == KEYPOINTS:
            self.keypoints(label, value, rest, parent)
            return
        field = etree.SubElement(parent, "div", {"class": "pd-field", "data-field": label.name})
        line = etree.SubElement(field, "p")
        name = etree.SubElement(line, "span", {"class": "pd-label"})
        name.text = AtomicString(label.written)
        name.tail = " " + self.text(value)
        self.blocks(rest, field)

    def keypoints(self, label: Label, value: str, rest: Sequence[Block], parent: etree.Element) -> None:
        """Append the row of badges; none for an empty field."""
        inline = read_inline(value, self.page.references)
        names = list(split_keypoints(inline.text))
        if not inline.text:
            used = [block for block in rest if _is_text(block)]
            names = [read_inline(p.text, self.page.references).text for p in _paragraphs(used)]
            rest = [block for block in rest if block not in used]
        if names:
            row = etree.SubElement(parent, "p", {"class": "pd-keypoints"})
            hidden = etree.SubElement(row, "span", {"class": "pd-label pd-hidden"})
            hidden.text = AtomicString(label.written)
            hidden.tail = " "
            for name in filter(None, names):
                badge = self.page.context.badge(name)
                attributes = {"class": "pd-keypoint", "title": badge.title}
                if badge.href is not None:
                    attributes["href"] = badge.href
                link = etree.SubElement(row, "a" if badge.href is not None else "span", attributes)
                link.text = AtomicString(name)
                link.tail = " "
        for figure in inline.figures:
            etree.SubElement(parent, "img", {"src": figure.src, "alt": figure.alt})
        if rest:
            self.blocks(rest, etree.SubElement(parent, "div", {"class": "pd-item"}))

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

    def table(self, block: Block, parent: etree.Element) -> None:
        """Append a table."""
        table = etree.SubElement(parent, "table")
        for number, row in enumerate(block.children):
            if number < 2:
                part = etree.SubElement(table, "tbody" if number else "thead")
            line = etree.SubElement(part, "tr")
            for cell in row.children:
                element = etree.SubElement(line, "td" if number else "th")
                if cell.info:
                    element.set("style", cell.info)
                element.text = self.text(cell.text)

    # -- text

    def text(self, source: str) -> str:
        """Inline Markdown, rewritten where Python-Markdown would show other words than CommonMark does."""
        source = re.sub(r"\n[ \t]+", "\n", source)
        return _INLINE.sub(self.inline, source) if _SPECIAL.search(source) else source

    def inline(self, match: re.Match[str]) -> str:
        kind, found = match.lastgroup, match[0]
        if match["code"] or match["auto"] or match["target"]:
            return found
        if match["break"]:
            return "  \n"
        if match["escape"]:
            return found if found[1] in self.escaped or (self.math and found[1] == "$") else _plain(found[1])
        if match["math"]:
            if self.math:  # a space keeps `a <b` from being a tag, and means nothing in TeX
                return re.sub(r"<(?=[A-Za-z/!?])", "< ", found)
            return "$" + self.text(found[1:])
        if match["spaced"]:
            return "\\]"
        if match["tag"]:
            return self.page.keep(clean_tag(found, self.page.context.resolve))
        if match["strike"] and "~" not in self.escaped:
            return f"{self.page.keep('<del>')}{self.text(match['struck'])}{self.page.keep('</del>')}"
        return "&lt;" if kind == "less" else found


class _Leaf(str):
    """The text of a block as a block processor of Python-Markdown wants it, and the block."""

    __slots__ = ("block",)
    block: Block

    @classmethod
    def of(cls, block: Block) -> _Leaf:
        text = block.text
        if block.kind == "code":
            text = "\n".join(f"    {line}" for line in text.rstrip("\n").split("\n"))
        leaf = cls(text)
        leaf.block = block
        return leaf


class _Headings(Treeprocessor):
    """Sets every heading's ids, and parts a paper's title from its tail."""

    def __init__(self, page: _Page) -> None:
        super().__init__(page.md)
        self.page = page

    def run(self, root: etree.Element) -> None:
        if not self.page.digest.sections:
            return
        tokens = {token["id"]: token for token in _flat(getattr(self.md, "toc_tokens", []))}
        headings = [element for element in root.iter() if _HEADING.fullmatch(str(element.tag))]
        github = Anchors()
        names: list[
            tuple[etree.Element, str, str, str]
        ] = []  # element, Python-Markdown's id, GitHub's, the one that stays
        for element in headings:
            given = element.get("id", "")
            token = tokens.get(given)
            # The name in the table of contents has its spaces collapsed, which GitHub does not do.
            text = html.unescape(re.sub(r"<[^>]*>", "", token["html"])) if token else "".join(element.itertext())
            text = text.replace(_TAIL, "").strip()
            theirs = github.take(github_slug(INVALID.sub("", text)), "-")
            number = element.get("data-pd")
            if number is not None:
                chosen = self.page.digest.sections[int(number)].paper.anchor
                self._part(element, self.page.meta[int(number)], token)
            else:
                lossy = given and stable_slug(text) not in (given, re.sub(r"_\d+$", "", given))
                chosen = theirs if lossy else given
            names.append((element, given, theirs, chosen))
        self._set_ids(names, tokens)

    def _set_ids(self, names: Sequence[tuple[etree.Element, str, str, str]], tokens: dict[str, Any]) -> None:
        used = {chosen for element, _, _, chosen in names if element.get("data-pd") is not None}
        for element, given, theirs, chosen in names:
            if element.attrib.pop("data-pd", None) is None:
                candidates = chain((chosen, given, theirs), (f"{given}_{n}" for n in count(1)))
                chosen = next(name for name in candidates if name and name not in used)
                used.add(chosen)
            element.set("id", chosen)
            if given in tokens:
                tokens[given]["id"] = chosen
            for link in element:
                if link.tag == "a" and link.get("href") == f"#{given}":
                    link.set("href", f"#{chosen}")
        # Python-Markdown's ids come before GitHub's, so that links of the site as it was hold in any case.
        aliases = [(element, given) for element, given, _, _ in names] + [
            (element, theirs) for element, _, theirs, _ in names
        ]
        for element, alias in aliases:
            if alias and alias not in used:
                used.add(alias)
                _add_anchor(element, alias)

    @staticmethod
    def _part(heading: etree.Element, meta: etree.Element, token: dict[str, Any] | None) -> None:
        """Move the tail of a paper's heading to its meta line."""
        if token:
            for key in ("name", "html"):
                token[key] = token[key].partition(_TAIL)[0].strip()
        tail: list[etree.Element] = []
        span = etree.Element("span", {"class": "pd-source"})
        if heading.text and _TAIL in heading.text:
            before, _, span.text = heading.text.partition(_TAIL)
            heading.text = before.rstrip()
            tail = [child for child in heading if "headerlink" not in child.get("class", "")]
        else:
            for n, child in enumerate(heading):
                if child.tail and _TAIL in child.tail:
                    before, _, span.text = child.tail.partition(_TAIL)
                    child.tail = before.rstrip()
                    tail = [later for later in list(heading)[n + 1 :] if "headerlink" not in later.get("class", "")]
                    break
            else:
                return
        for child in tail:
            heading.remove(child)
            span.append(child)
        own = [child for child in meta if child.get("class") == "pd-source"]
        span.tail = " "
        meta.insert(list(meta).index(own[0]) if own else len(meta), span)


class _Finish(Postprocessor):
    """Puts kept HTML in and makes every paper a valid section of its own."""

    def __init__(self, page: _Page) -> None:
        super().__init__(page.md)
        self.page = page

    def run(self, text: str) -> str:
        if not self.page.digest.sections:
            return text
        text = self._fill(text)
        if _OPEN not in text:  # toc asks for the text of single headings
            return text
        sections: dict[int, str] = {}

        def take(match: re.Match[str]) -> str:
            number = int(match[1])
            sections[number] = self._section(number, match[2])
            return f'<section data-pd-hole="{number}"></section>'

        around = _SECTION.sub(take, text)
        if late := {int(m[1]) for m in _PAPER_LINE.finditer(around)}:
            around = _HOLE.sub(lambda m: "" if int(m[1]) in late else m[0], around)
            around = _PAPER_LINE.sub(lambda m: f'<section data-pd-hole="{m[1]}"></section>', around)
        around = self._around(around)
        filled = _HOLE.sub(lambda m: sections.pop(int(m[1]), ""), around)
        return filled + "".join(sections.values())

    def _fill(self, text: str) -> str:
        return _PIECES.sub(lambda m: self.page.pieces[int(m[1] or m[2])], text)

    def _around(self, around: str) -> str:
        """The text around papers: as it is, unless a browser would have to mend it."""
        around = _COMMENT.sub(lambda m: f"<!--{re.sub('-(?=-)|-$', '- ', m[1])}-->", around)
        mended = tidy(around)
        if _same(around, mended):
            return around
        # A `<select>` with more than options in it, mostly one never closed, is valid only by the HTML standard of 2025.
        return tidy(_SELECT.sub("", around)) if _OPEN_SELECT.search(mended) else mended

    def _section(self, number: int, inner: str) -> str:
        inner = _EMPTY.sub("", tidy(inner))
        inner = _DETAILS_WITHOUT_SUMMARY.sub(r'\1<summary class="pd-ui">Details</summary>', inner)
        inner = _LINK.sub(lambda m: m[0] if safe_url(html.unescape(m[1])) else "", inner)
        inner = "".join(self._figures(inner))
        return f'<section class="pd-paper">\n{inner}\n</section>'

    def _figures(self, inner: str) -> Iterator[str]:
        """Give each picture a frame of fixed size; outside links the frame leads to the picture."""
        end = linked = 0
        for match in _PICTURE.finditer(inner):
            yield inner[end : match.start()]
            end = match.end()
            if match["tag"] != "img":
                linked = match["tag"] == "a"
                yield match[0]
                continue
            inside = match["inside"]
            source = re.search(r'\ssrc="([^"]*)"', inside)
            if _EMOJI.search(inside) or not source:
                yield match[0]
                continue
            lazy = "" if " loading=" in inside else ' loading="lazy"'
            picture = f"<img{inside}{lazy}>"
            if linked or not self.page.context.zoom or not safe_url(html.unescape(source[1])):
                yield f'<span class="pd-figure">{picture}</span>'
            else:
                yield f'<a class="pd-figure" href="{source[1]}">{picture}</a>'
        yield inner[end:]


def _same(source: str, mended: str) -> bool:
    """Whether a parser changed nothing but how the same document is written."""

    def character(match: re.Match[str]) -> str:
        found = html.unescape(match[0])
        return match[0] if found in "<>&" or found == match[0] else found

    def plain(text: str) -> str:
        text = re.sub(r"\s*/>", ">", re.sub(r"&#?\w+;", character, text))
        text = re.sub(r"(\s[\w:-]+=)'([^'\"<>]*)'", r'\1"\2"', text)
        return re.sub(r'(\s[\w:-]+)=""', r"\1", text).strip()

    return plain(source) == plain(mended) and not INVALID.search(source)


def _flat(tokens: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def _add_anchor(element: etree.Element, name: str) -> None:
    anchor = etree.Element("span", {"id": name, "class": "pd-anchor"})
    anchor.tail, element.text = element.text, ""
    element.insert(0, anchor)


def _bracket(sign: str) -> str:
    return f'<span class="pd-bracket">{sign}</span>'


def _plain(sign: str) -> str:
    """A character that an inline pattern can make nothing of."""
    return {"<": "&lt;", "&": "&amp;", '"': "&quot;", ":": "&#58;", "$": "&#36;", "~": "&#126;"}.get(sign, sign)


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind == "paragraph":
            yield block
        yield from _paragraphs(block.children)


def _is_text(block: Block) -> bool:
    """Whether a block is nothing but paragraphs and lists of them."""
    return block.kind in ("paragraph", "list", "item") and all(_is_text(child) for child in block.children)


def _is_picture(item: Block) -> bool:
    return all(
        child.kind == "paragraph" and (inline := read_inline(child.text)).figures and not inline.text
        for child in item.children
    )


def _says_something(value: str, rest: Sequence[Block]) -> bool:
    return bool(value.strip()) or any(_is_text(block) for block in rest)
