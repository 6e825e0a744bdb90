"""What the search plugins of a site index: each paper as one entry, and Chinese and Japanese so that their scripts find it.

The plugins of Material for MkDocs and of MkDocs hand each page to `add_entry_from_context` of an index made anew for each build, and
write it with `generate_search_index`. Here the first gets a copy of the page with a text for search; the page itself is not touched.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..library import Keypoint, Library
from ..markdown_extension import as_html
from ..records import finding
from ..support import Cache, dumps, name_of
from .generated import KeypointPage, PartPage
from .integrations import plugins_named, set_options
from .reading import report
from .search_text import (
    HIDDEN,
    MARKED,
    SEPARATOR,
    has_cjk,
    hidden,
    marked,
    marked_html,
    pieces,
    plain_text,
    plain_words,
    shown_text,
)

_WITHOUT_SPACES = frozenset({"ja", "jp", "zh"})

_BOOST = 1.5
"""How much the other names of a keypoint weigh beside the titles of papers: enough to come first where somebody looks for one of them,
not enough where a title has more of the words."""

_TOO_LARGE = 3_000_000
"""From how many bytes of its index on a site is told of `slim`.

Whoever opens the search downloads a megabyte then, gzipped, and their browser cuts all of it into words before the first hit
shows, which takes some seconds even on a computer (`tests/benchmarks/search_times.py` measures that).
"""

_WORTH = 1 / 3  # which share of an index must be the text of papers, so that `slim` is worth its name

_HEADING = "h1, h2, h3, h4, h5, h6"
_EXCLUDED = ".pd-paper[data-search-exclude], [data-search-exclude] .pd-paper"
_LEFT_OUT = ".headerlink, .pd-ui:not(.pd-keypoints), [data-search-exclude], script, style, template, object, .linenodiv"


@dataclass(frozen=True, slots=True)
class _SearchEntry:
    """A paper of a page: what search finds and shows of it. `title` is text, `body` HTML, `slim` the same if it were slim."""

    level: int
    anchor: str
    title: str
    body: str
    slim: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class _Found:
    around: str
    paper_entries: tuple[_SearchEntry, ...]


class _Links(TableOfContents):
    """A table of contents whose entries are found by their ids at once: the plugins go through all of it for each section."""

    def __init__(self, entries: list[AnchorLink]) -> None:
        super().__init__(entries)
        self.by_id = {entry.id: entry for entry in entries}


_CALLED = ("add_entry_from_context", "create_entry_for_section", "generate_search_index")


def index_for_search(
    config: MkDocsConfig, library: Library, *, slim: bool, cache: Cache | None = None, state: str | None = None
) -> None:
    """Let the search plugins of a site index digests as `library` has them; may be called again for the same index.

    If `slim`, papers are found by title and keypoints alone; else PD406 tells where that would be much better.
    `state` names the programs that find what `cache` keeps, None if it cannot be told.
    """
    for plugin in plugins_named(config, "search"):
        index: Any = getattr(plugin, "search_index", None)
        if not all(callable(getattr(index, name, None)) for name in _CALLED):
            continue  # that of MaterialX, which reads the finished pages
        kind = type(index)  # a second call takes the place of the first
        texts = _Texts(plugin, config, library, slim, Cache() if state is None else cache or Cache(), state or "")
        find = getattr(kind, "_find_toc_by_id", None)
        if find:
            index._find_toc_by_id = partial(_found_by_id, partial(find, index))
        index.add_entry_from_context = partial(texts.add, partial(kind.add_entry_from_context, index))
        index.generate_search_index = partial(texts.generate, partial(kind.generate_search_index, index))


def _found_by_id(find: Callable[[Any, str], Any], toc: Any, name: str) -> Any:
    return toc.by_id.get(name) if isinstance(toc, _Links) else find(toc, name)


@dataclass
class _Texts:
    """What the search plugin of Material for MkDocs, or of MkDocs (`is_plain`), indexes."""

    plugin: Any
    site: MkDocsConfig
    library: Library
    slim: bool
    cache: Cache
    state: str
    size: float = 0
    spared: float = 0

    def __post_init__(self) -> None:
        self.index: Any = self.plugin.search_index  # what it collects pages in; `config` of it is what is written
        self.is_plain = hasattr(self.index, "_entries")
        # With jieba it cuts Chinese into words by a dictionary.
        self.segments = getattr(sys.modules.get(type(self.plugin).__module__), "jieba", None) is not None
        self.marks = not self.is_plain and not self.segments and _any_cjk(self.library)

    @property
    def entries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = getattr(self.index, "_entries" if self.is_plain else "entries", [])
        return found

    def add(self, original: Callable[[Page], None], page: Page) -> None:
        """Index a page in place of the plugin's own method, `original`."""
        if isinstance(page, PartPage):
            return
        if page.content is None:
            original(page)
            return
        shown = copy(page)
        paper_entries: Sequence[_SearchEntry] = ()
        if page.file.src_uri in self.library.by_path and "pd-paper" in page.content:
            found = self._digest(page)
            shown.content, paper_entries = found.around, found.paper_entries
            others = list(_flat(page.toc))
            shown.toc = _Links(
                [*others, *(AnchorLink(entry.title, entry.anchor, entry.level) for entry in paper_entries)]
            )
        elif isinstance(page, KeypointPage):
            shown.content = page.content + self._aliases(page.keypoint)
            if self.is_plain:
                shown.toc = _Links([])  # what is below its only heading is the text of the page
        if self.marks:
            self._mark(shown)
        entries = self.entries
        before = len(entries)
        original(shown)
        excluded = not self.is_plain and (page.meta.get("search") or {}).get("exclude")
        if not excluded and (not self.is_plain or self.index.config.get("indexing") in ("full", "sections")):
            self._add_papers(paper_entries, shown)
        for entry in entries[before:]:
            self.size += 0 if self.slim else _size(entry)
            if isinstance(page, KeypointPage) and entry["location"].endswith("#keypoint"):
                entry.setdefault("boost", _BOOST)

    def generate(self, original: Callable[..., str], *arguments: Any) -> str:
        """Write the index in place of the plugin's own method, `original`."""
        self._set()
        written = original(*arguments)
        # By parts, since the index of static-i18n has papers of other languages, too.
        share = self.spared / self.size if self.size else 0
        if len(written) > _TOO_LARGE and share > _WORTH and self._is_complete():
            sizes = _megabytes(len(written)), _megabytes(len(written) * (1 - share))
            report([finding("PD406", Path(self.site.config_file_path or "mkdocs.yml").name, 1, 1, *sizes)])
        return written

    def _is_complete(self) -> bool:
        """Whether the index has all pages of the site. With static-i18n it is written once for each language, then once for all."""
        languages = next(plugins_named(self.site, "i18n"), None)
        every = getattr(languages, "search_entries", ())
        return languages is None or any(first is own for first, own in zip(every[:1], self.entries[:1], strict=False))

    def _add_papers(self, paper_entries: Sequence[_SearchEntry], page: Page) -> None:
        """Index papers as the plugin does with the sections that its parser finds; to parse them again takes longest of all."""
        add = self.index.create_entry_for_section
        for entry in paper_entries:
            if entry.excluded:
                continue
            if self.is_plain:
                add(_section(entry.anchor, "", plain_text(entry.body)), page.toc, page.url)
            else:
                title, body = as_html(entry.title), entry.body
                if self.marks:
                    title, body = marked(title), marked_html(body)
                add(_section(entry.anchor, title, body), page.toc, page.url, page)
            if not self.slim:
                self.spared += _size(self.entries[-1]["text"]) * (1 - _size(entry.slim) / _size(entry.body))

    def _digest(self, page: Page) -> _Found:
        papers = self.library.by_path[page.file.src_uri]
        titles = {paper.anchor: paper.title for paper in papers}
        labels = {
            name: keypoint.label
            for paper in papers
            for name in paper.keypoints or ()
            if (keypoint := self.library.keypoint(name))
        }
        name = name_of(self.state, "search", json.dumps([self.slim, self.is_plain, titles, labels]), page.content or "")
        found = self.cache.record(name, _Found)
        if found is None:
            found = self._found(page.content or "", titles)
            self.cache.put(name, dumps(found))
        return found

    def _found(self, content: str, titles: Mapping[str, str]) -> _Found:
        tree = LexborHTMLParser(content, is_fragment=True)
        paper_entries: list[_SearchEntry] = []
        excluded = {node.mem_id for node in tree.css(_EXCLUDED)}
        inner = {node.mem_id for node in tree.css(".pd-paper .pd-paper")}
        for node in [node for node in tree.css(".pd-paper") if node.mem_id not in inner]:
            paper_entries.append(self._entry(node, titles, excluded=node.mem_id in excluded))
            node.insert_before(" ")
            node.decompose()
        return _Found(tree.html or "", tuple(paper_entries))

    def _entry(self, node: LexborNode, titles: Mapping[str, str], *, excluded: bool) -> _SearchEntry:
        heading = None if node.tag == "tr" else node.css_first(_HEADING)
        if heading:
            level, anchor = int((heading.tag or "h6")[1]), heading.attributes.get("id") or ""
            excluded |= "data-search-exclude" in heading.attributes
            _take_out(heading, ".headerlink")
            title = " ".join(heading.text().split())
            heading.decompose()
        else:
            level, anchor = 6, node.attributes.get("id") or ""
            title = titles.get(anchor, "")
        _take_out(node, _LEFT_OUT)
        written = [badge.text().strip() for badge in node.css(".pd-keypoints > .pd-keypoint")]
        known = [keypoint.label for name in written if (keypoint := self.library.keypoint(name))]
        names = _by_words([*written, *known])
        parts = _parts(title, *written, *known) if self.is_plain else []
        slim = body = _found_by("", names.values(), parts)
        if not self.slim:
            text = shown_text(node.html or "")
            said = set(map(_words, written)) if text else set()
            body = _found_by(text, [name for words, name in names.items() if words not in said], parts)
        return _SearchEntry(level, anchor, title, body, slim, excluded)

    def _aliases(self, keypoint: Keypoint) -> str:
        """What makes the page of a keypoint the first hit for its other names."""
        if self.is_plain:
            return _found_by("", (), _parts(keypoint.label, *keypoint.also_known))
        # A section of its own: Material's search weighs a title a thousand times as much as a text.
        _, *names = _by_words([keypoint.label, *keypoint.also_known]).values()
        return f'<h2 id="keypoint">{as_html(", ".join(names))}</h2>' if names else ""

    def _mark(self, page: Page) -> None:
        page.content = marked_html(page.content or "")
        page.title = marked(str(page.title))
        page.meta = dict(page.meta)
        if "title" in page.meta:
            page.meta["title"] = marked(str(page.meta["title"]))
        if isinstance(tags := page.meta.get("tags"), list):
            page.meta["tags"] = [marked(tag) if isinstance(tag, str) else tag for tag in tags]

    def _set(self) -> None:
        """Set what Chinese and Japanese need where the site does not; by the entries, as static-i18n writes all languages at the end."""
        settings: dict[str, Any] = self.index.config
        own = set_options(self.plugin)
        others = [name for name in settings.get("lang") or () if name not in _WITHOUT_SPACES]
        wanted: dict[str, Any] = {}
        cut = None
        if self.is_plain:
            # Its `python` knows no Japanese.
            if settings.get("prebuild_index") != "python" and any(
                has_cjk(entry["text"].partition(HIDDEN)[2]) for entry in self.entries
            ):
                # The rules for Japanese keep the characters that those for English and Chinese take away, or cannot cut.
                wanted = {"lang": list(dict.fromkeys([*others, "en", "ja"])), "min_search_length": 2}
        elif self.segments:
            cut = r"\u200b" if _any_cjk(self.library) else None
        elif any(MARKED.search(entry["title"]) or MARKED.search(entry["text"]) for entry in self.entries):
            cut = SEPARATOR
            wanted = {"lang": others or ["en"]}
        if cut and cut not in settings["separator"]:
            wanted["separator"] = f"{settings['separator']}|{cut}"
        for name in wanted.keys() - own:
            settings[name] = wanted[name]
        if self.is_plain:
            self.plugin.config.lang = settings["lang"]  # it copies the files for these


def _any_cjk(library: Library) -> bool:
    papers = ((paper.title, *(own.text for own in paper.fields)) for paper in library.records)
    keypoints = ((keypoint.label, *keypoint.also_known) for keypoint in library.keypoints)
    return any(map(has_cjk, chain.from_iterable(chain(papers, keypoints))))


def _section(anchor: str, title: str, text: str) -> SimpleNamespace:
    """A section of a page as search plugins take it from their parsers."""
    return SimpleNamespace(id=anchor, title=[title] if title else [], text=[text])


def _take_out(node: LexborNode, selector: str) -> None:
    # The innermost first: taking out what is in something taken out already would end Python.
    for inner in reversed(node.css(selector)):
        inner.decompose()


def _flat(toc: Any) -> Iterator[AnchorLink]:
    for entry in toc:
        yield entry
        yield from _flat(entry.children)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s\-]+", text.casefold()))


def _by_words(names: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Names by the words that search knows them by, the first of those that are the same to it."""
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        found.setdefault(_words(name), name)
    return found


def _parts(*texts: str) -> list[str]:
    """Words that find texts in MkDocs's own search, and that nobody sees."""
    return [*pieces(*texts), *plain_words(*texts)]


def _found_by(text: str, names: Iterable[str], parts: list[str]) -> str:
    """What an entry has as its text: what is shown of a paper, names that it does not say, and parts of names."""
    listed = as_html(", ".join(names))
    body = f"{text}<p>{listed}</p>" if listed else text
    return body + hidden(body, parts) if parts else body


def _size(data: Any) -> int:
    return len(json.dumps(data, default=str))  # a title may be a date of YAML


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB"
