"""What the plugin adds to a MkDocs site: which files there are, and what stands on their pages."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from ..config import PaperDigestConfig
from ..explorer_data import explorer_data
from ..findings import Finding, Severity, finding
from ..languages import Words
from ..library import Library
from ..lock.lock_file import NOTHING, Lock
from ..neighbours import Language, place_among_languages
from ..papers_json import dump, papers_json
from ..reader.markers import Marker
from ..relations import related_papers
from .addresses import Addresses
from .explorer import DATA, explorer_page
from .generated import generated_file
from .index_outline import hierarchy
from .keypoint_index import index_ids, keypoint_index
from .keypoint_page import KeypointContents, KeypointPage
from .links import Links
from .lists import Lists
from .marker_lists import MarkerLists
from .months import MonthPages
from .navigation import headings_of
from .paper_foot import Feet
from .templates import Templates
from .trends import trends_page

HOME = """\
---
title: {home}
---

# {name}

## {new}

<!-- paperdigest:recent limit=10 -->

## {keypoints}

<!-- paperdigest:keypoints limit=30 -->
"""
"""The home page of docs that have none."""

_SPARED = frozenset(("explorer", "trends", "months"))
"""Pages that a site does not miss where it has one of its own in the usual place."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page that a build makes one of: its title, what stands on it, and its anchors, where links to them are checked."""

    title: str
    content: Callable[[Page], str]
    ids: Callable[[], set[str]] | None = None


class Site:
    """The pages of one build.

    Paths of generated pages are those of the default language, whatever `language` a site of several is built in now: a
    site's files are looked up through its `Files`, which know the other languages. `is_built` tells pages that the build writes.
    """

    def __init__(
        self,
        library: Library,
        options: PaperDigestConfig,
        config: MkDocsConfig,
        words: Words,
        language: Language | None = None,
        lock: Lock = NOTHING,
        is_built: Callable[[File], bool] = lambda file: file.inclusion is not InclusionLevel.EXCLUDED,
    ) -> None:
        self.library = library
        self.options = options
        self.config = config
        self.language = language
        self.lock = lock
        self.pages: dict[str, File] = {}
        """The generated pages of the default language by their paths, whatever language is built now."""
        self.links = Links(library, options, words)
        self.templates = Templates(config.theme.dirs, words)
        self.addresses = Addresses(library, self.links, self.templates, config, language, is_built)
        self._is_default = language is None or language.is_default
        self._hierarchy = hierarchy(library)
        self._lists = Lists(library, self.links, config)
        self._made: dict[File, Made] = {}

    # -- what is known of the papers, found when it is first wanted

    @cached_property
    def keypoint_contents(self) -> KeypointContents:
        """What stands on the pages of keypoints."""
        return KeypointContents(self.library, self.links, self._lists, self.templates, self.config, self._hierarchy)

    @cached_property
    def feet(self) -> Feet:
        """What stands below each paper on its page."""
        return Feet(related_papers(self.library), self.links, self._lists, self.templates)

    @cached_property
    def month_pages(self) -> MonthPages:
        """What the site says of its months."""
        return MonthPages(self.library, self.links, self._lists, self.templates)

    @cached_property
    def marker_lists(self) -> MarkerLists:
        """The lists that markers ask for."""
        return MarkerLists(self.library, self.links, self._lists, self.templates, self.month_pages)

    # -- files

    def add_files(self, files: Files) -> list[Finding]:
        """Append the generated files to those of the site; where the site has one already, it is kept and reported."""
        self.links.files = files
        taken: dict[str | None, File] = {
            file.dest_uri: file for file in files if file.inclusion is not InclusionLevel.EXCLUDED
        }
        findings: list[Finding] = []

        def add(uri: str, content: str, inclusion: InclusionLevel, option: str) -> File | None:
            file = generated_file(uri, content, inclusion, self.config, self.language)
            beside = f"{posixpath.dirname(file.dest_uri)}.html" if option in _SPARED else None
            if other := taken.get(file.dest_uri) or taken.get(beside):
                if option != "home":
                    found = finding("PD401", other.src_uri, 1, 1, uri, option)
                    findings.append(found if self._is_asked_for(option) else found.at(Severity.INFO))
                self.links.kept[uri] = other.src_uri
                return None
            place_among_languages(file, self.config)
            files.append(file)
            taken[file.dest_uri] = file
            self.pages[uri] = file if self._is_default else File.generated(self.config, uri, content="")
            return file

        options, words = self.options, self.templates.words
        in_nav = InclusionLevel.NOT_IN_NAV if self.config.nav else InclusionLevel.INCLUDED
        for option, made in self._generated_pages().items():
            uri = options[option]
            if uri and (file := add(uri, f"# {made.title}\n", in_nav, option)):
                self._made[file] = made
        if options.home and self.library.papers:
            names = {"home": words("home"), "new": words("new_papers"), "keypoints": words("keypoint_heading")}
            name = re.sub(r"([\\`*_{}\[\]#])", r"\\\1", html.escape(self.config.site_name, quote=False))
            add("index.md", HOME.format(name=name, **names), in_nav, "home")
        if options.keypoint_pages:
            for keypoint in self.library.keypoints:
                uri = self.links.keypoint_uri(keypoint)
                if uri and (file := add(uri, "", InclusionLevel.NOT_IN_NAV, "keypoint_pages")):
                    KeypointPage(keypoint, file, self.config, words)
        if options.papers_json:
            data = papers_json(self.library, self.links.plain_url, self.links.keypoint_url)
            add(options.papers_json, dump(data), InclusionLevel.NOT_IN_NAV, "papers_json")
        if options.explorer in self.pages:
            add(DATA, self._explorer_data, InclusionLevel.NOT_IN_NAV, "explorer")
        self.addresses.add_redirects(files, self.lock)
        return findings

    def _generated_pages(self) -> Mapping[str, Made]:
        """The pages that a build makes one of, by their options. A site without papers has only the index."""
        library, links, lists, templates = self.library, self.links, self._lists, self.templates
        words, months = templates.words, self.month_pages
        index = partial(keypoint_index, library, self._hierarchy, lists, templates)
        made = {"keypoint_index": Made(words("keypoint_heading"), index, partial(index_ids, library))}
        if library.papers:
            made["explorer"] = Made(
                words("explorer_heading"),
                lambda page: explorer_page(
                    library, months.light_rows(page), self._explorer_data, links, templates, page
                ),
            )
            made["trends"] = Made(words("trends"), partial(trends_page, library, lists, templates))
            made["months"] = Made(words("months_heading"), months.html, months.ids)
        return made

    @cached_property
    def _explorer_data(self) -> str:
        return explorer_data(self.library, self.links.plain_url, self.links.keypoint_url)

    def _is_asked_for(self, option: str) -> bool:
        """Whether a page of the site in the place of one that the plugin makes is worth a warning."""
        usual = getattr(vars(PaperDigestConfig)[option], "usual", None)
        return option not in _SPARED or self.options[option] != usual

    # -- pages

    def is_generated(self, page: Page) -> bool:
        """Whether a page is one that a build makes one of: the index of keypoints, the explorer, the trends, the months."""
        return page.file in self._made

    def ids(self, page: Page) -> set[str] | None:
        """The anchors of such a page, None if nobody needs to know them."""
        ids = self._made[page.file].ids
        return ids() if ids else None

    def content(self, page: Page) -> str:
        """What a reader sees on a page; its markers are still comments."""
        if isinstance(page, KeypointPage):
            return self.addresses.with_moved(self.keypoint_contents.html(page), page)
        if page.file in self._made:
            content = self._made[page.file].content(page)
            page.toc = headings_of(content)
            return self.addresses.with_moved(content, page)
        if page.file.src_uri in self.library.by_path:
            return self.month_pages.with_links(
                self.feet.fill(page.content or "", self.library.by_path[page.file.src_uri], page), page
            )
        return page.content or ""

    def new_findings(self) -> list[Finding]:
        """What was found wrong since this was last asked."""
        found, self.keypoint_contents.findings = self.keypoint_contents.findings, []
        return found

    def marker(self, marker: Marker, page: Page) -> str:
        """The list that a marker asks for."""
        return self.marker_lists.html(marker, page)
