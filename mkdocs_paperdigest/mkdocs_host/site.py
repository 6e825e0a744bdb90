"""What the plugin adds to a MkDocs site: which files there are, and what stands on their pages."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from ..collection import KINDS, Options
from ..exports import explorer_data, index_data, papers_json_bytes
from ..languages import Words
from ..library import Keypoint, Library, hierarchy, related_papers
from ..lock import NOTHING, Lock
from ..markdown_extension import Conversions, is_pure
from ..pages import (
    EXPLORER_DATA,
    INDEX_DATA,
    Feet,
    IndexPages,
    KeypointContents,
    Links,
    Lists,
    MarkerLists,
    MonthPages,
    Templates,
    YearPart,
    explorer_page,
    index_ids,
    index_pages,
    keypoint_index,
    letter_ids,
    letter_page,
    letter_title,
    letter_uri,
    part_uri,
    trends_page,
)
from ..reader import Marker
from ..records import Finding, Severity, finding
from ..support import Cache
from .addresses import Addresses
from .descriptions import Descriptions
from .downloads import Downloads
from .generated import generated_file
from .generated_pages import KeypointPage, PartPage
from .integrations import Language, place_among_languages
from .navigation import ShortNavigation, headings_of
from .page_frame import page_frame

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

LEAST_FRAMED = 20
"""With fewer pages a frame saves nothing."""

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
        options: Options,
        config: MkDocsConfig,
        words: Words,
        language: Language | None = None,
        lock: Lock = NOTHING,
        is_built: Callable[[File], bool] = lambda file: file.inclusion is not InclusionLevel.EXCLUDED,
        cache: Cache | None = None,
        state: str | None = None,
        pictures: str = "",
    ) -> None:
        self.library = library
        self.options = options
        self.config = config
        self.language = language
        self.lock = lock
        self.cache = cache or Cache()
        self.state = state
        self._pictures = pictures
        self.pages: dict[str, File] = {}
        """The generated pages of the default language by their paths, whatever language is built now."""
        self.links = Links(library, options, words)
        self.templates = Templates(config.theme.dirs, words)
        self.addresses = Addresses(library, self.links, self.templates, config, language, is_built)
        self.downloads = Downloads(library, self.links, config, language, self.cache, state)
        self._is_default = language is None or language.is_default
        self._hierarchy = hierarchy(library)
        self._lists = Lists(library, self.links, config)
        self._made: dict[File, Made] = {}
        self._options: dict[File, str] = {}
        self._index = IndexPages(())
        self._nav: ShortNavigation | None = None

    # -- what is known of the papers, found when it is first wanted

    @cached_property
    def keypoint_contents(self) -> KeypointContents:
        """What stands on the pages of keypoints."""
        links, files = self.links, self.downloads.of_keypoint
        describe = Descriptions(self.config, links.resolve_from_docs).html
        return KeypointContents(self.library, links, self._lists, self.templates, describe, self._hierarchy, files)

    @cached_property
    def feet(self) -> Feet:
        """What stands below each paper on its page."""
        related = related_papers(self.library)
        return Feet(related, self.links, self._lists, self.templates, cited=self.options.citations)

    @cached_property
    def month_pages(self) -> MonthPages:
        """What the site says of its months."""
        return MonthPages(self.library, self.links, self._lists, self.templates)

    @cached_property
    def marker_lists(self) -> MarkerLists:
        """The lists that markers ask for."""
        return MarkerLists(self.library, self.links, self._lists, self.templates, self.month_pages)

    @cached_property
    def conversions(self) -> Conversions:
        """The conversions of digest pages. Which keypoints have pages changes nothing in them, if they do not link there themselves."""
        folder = f"{self.options.keypoint_pages}/"
        own = self.options.keypoint_pages is not None
        places = [
            f"{file.src_uri} {file.url} {file.inclusion.name}"
            for file in self.links.files
            if not (own and file.generated_by == "paperdigest" and file.src_uri.startswith(folder))
        ]
        settings = (repr(self.config.validation), repr(self.config.use_directory_urls), self._pictures)
        state = self.state if is_pure(self.config.mdx_configs) else None
        return Conversions(self.cache, state, [*settings, *places], folder if own else None)

    # -- files

    def add_files(self, files: Files) -> list[Finding]:
        """Append the generated files to those of the site; where the site has one already, it is kept and reported."""
        self.links.files = files
        taken: dict[str | None, File] = {
            file.dest_uri: file for file in files if file.inclusion is not InclusionLevel.EXCLUDED
        }
        findings: list[Finding] = []

        def add(
            uri: str, content: str | Callable[[], str | bytes], inclusion: InclusionLevel, option: str
        ) -> File | None:
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

        def add_part(
            uri: str,
            title: str,
            make: Callable[[Page], str],
            ids: Iterable[str],
            option: str,
            headings: Sequence[tuple[str, str]] = (),
        ) -> None:
            if file := add(uri, "", InclusionLevel.NOT_IN_NAV, option):
                PartPage(title, file, self.config, make, ids, headings)

        options, words = self.options, self.templates.words
        self._index = index_pages(self.library, self._hierarchy, self.links)
        in_nav = InclusionLevel.NOT_IN_NAV if self.config.nav else InclusionLevel.INCLUDED
        for option, made in self._generated_pages().items():
            uri = getattr(options, option)
            if uri and (file := add(uri, f"# {made.title}\n", in_nav, option)):
                self._made[file] = made
                self._options[file] = option
        if options.home and self.library.papers:
            names = {"home": words("home"), "new": words("new_papers"), "keypoints": words("keypoint_heading")}
            name = re.sub(r"([\\`*_{}\[\]#])", r"\\\1", html.escape(self.config.site_name, quote=False))
            add("index.md", HOME.format(name=name, **names), in_nav, "home")
        if options.keypoint_pages:
            for keypoint in self.library.keypoints:
                uri = self.links.keypoint_uri(keypoint)
                if uri and (file := add(uri, "", InclusionLevel.NOT_IN_NAV, "keypoint_pages")):
                    runs, parts = self.keypoint_contents.parted(keypoint)
                    KeypointPage(keypoint, file, self.config, words, runs, parts)
                    for number, part in enumerate(parts):
                        title = self.keypoint_contents.part_title(keypoint, part)
                        make = partial(self._part, keypoint, parts, number)
                        ids = self.keypoint_contents.part_ids(parts, part)
                        headings = self.keypoint_contents.headings(part.runs)
                        add_part(part_uri(uri, part), title, make, ids, "keypoint_pages", headings)
        if options.papers_json:
            add(options.papers_json, self._papers_json, InclusionLevel.NOT_IN_NAV, "papers_json")
        if options.explorer in self.pages:
            add(EXPLORER_DATA, self._explorer_data, InclusionLevel.NOT_IN_NAV, "explorer")
        if options.months in self.pages:
            for months in self.month_pages.of_years:
                make = partial(self.month_pages.part_html, months)
                uri, title = self.month_pages.part_uri(months), self.month_pages.part_title(months)
                add_part(uri, title, make, self.month_pages.part_ids(months), "months")
        if options.keypoint_index in self.pages and self._index.letters:
            for letter in self._index.letters:
                uri = letter_uri(options.keypoint_index, letter)
                make = partial(letter_page, letter, self._index, self._lists, self.templates)
                add_part(uri, letter_title(letter, self.templates), make, letter_ids(letter), "keypoint_index")
                others = (one.slug for one in letter.keypoints if one.slug not in self._index.shown)
                self.links.letters.update(dict.fromkeys(others, uri))
            add(INDEX_DATA, lambda: self._index_data, InclusionLevel.NOT_IN_NAV, "keypoint_index")
        self.addresses.add_redirects(files, self.lock)
        return [*findings, *self.downloads.add(files, self.lock)]

    def _generated_pages(self) -> Mapping[str, Made]:
        """The pages that a build makes one of, by their options. A site without papers has only the index."""
        library, links, lists, templates = self.library, self.links, self._lists, self.templates
        words, months = templates.words, self.month_pages

        def index(page: Page) -> str:
            data = self._index_data if self._index.letters else ""
            return keypoint_index(library, self._hierarchy, self._index, data, lists, templates, page)

        made = {"keypoint_index": Made(words("keypoint_heading"), index, partial(index_ids, self._index))}
        if library.papers:
            made["explorer"] = Made(
                words("explorer_heading"),
                lambda page: explorer_page(
                    library,
                    months.light_rows(page),
                    self._explorer_data,
                    links,
                    self.downloads.of_site(page),
                    self.downloads.of_categories(page),
                    templates,
                    page,
                ),
            )
            made["trends"] = Made(words("trends"), partial(trends_page, library, lists, templates))
            made["months"] = Made(words("months_heading"), months.html, months.ids)
        return made

    @cached_property
    def _explorer_data(self) -> str:
        return explorer_data(self.library, self.links.plain_url, self.links.keypoint_url)

    @cached_property
    def _index_data(self) -> str:
        return index_data(self.library, self.links.index_or_page_url)

    def _part(self, keypoint: Keypoint, parts: Sequence[YearPart], number: int, page: Page) -> str:
        return self.keypoint_contents.part_html(keypoint, parts, number, page)

    def _papers_json(self) -> bytes:
        return papers_json_bytes(self.library, self.links.plain_url, self.links.keypoint_url)

    def write_downloads(self) -> None:
        """Write the files beside the pages, when all of these are written: what they were made of is let go first."""
        for made in ("keypoint_contents", "feet", "marker_lists"):
            vars(self).pop(made, None)
        self.downloads.write()

    def _is_asked_for(self, option: str) -> bool:
        """Whether a page of the site in the place of one that the plugin makes is worth a warning."""
        return option not in _SPARED or getattr(self.options, option) != KINDS[option].default

    # -- pages

    def is_generated(self, page: Page) -> bool:
        """Whether a page is one that a build makes one of: the index of keypoints, the explorer, the trends, the months."""
        return page.file in self._made

    def option_of(self, page: Page) -> str | None:
        """The option that such a page is made for; None for other pages."""
        return self._options.get(page.file)

    def ids(self, page: Page) -> set[str] | None:
        """The anchors of such a page, None if nobody needs to know them."""
        ids = self._made[page.file].ids
        return ids() if ids else None

    def content(self, page: Page) -> str:
        """What a reader sees on a page; its markers are still comments."""
        if isinstance(page, KeypointPage):
            return self.addresses.with_moved(
                self.keypoint_contents.html(page.keypoint, page.runs, page.parts, page), page
            )
        if isinstance(page, PartPage):
            return self.addresses.with_moved(page.make(page), page)
        if page.file in self._made:
            content = self._made[page.file].content(page)
            page.toc = headings_of(content)
            return self.addresses.with_moved(content, page)
        if page.file.src_uri in self.library.by_path:
            self.downloads.take(page)
            content = self.links.counted(page.content or "")
            return self.month_pages.with_links(
                self.feet.fill(content, self.library.by_path[page.file.src_uri], page), page
            )
        return page.content or ""

    def navigation(self, nav: Navigation, page: Page) -> Navigation:
        """The navigation that a page shows: a short one, but for pages of the site that has ordered it by hand."""
        if self.config.nav and page.file not in self._made and not isinstance(page, KeypointPage | PartPage):
            return nav
        if self._nav is None or self._nav.nav is not nav:
            self._nav = ShortNavigation(nav, self._newest_days)
        return self._nav.of(page)

    @cached_property
    def _newest_days(self) -> Mapping[str, str]:
        return {path: max(paper.day for paper in papers) for path, papers in self.library.by_path.items() if papers}

    def frame(self, env: Environment) -> None:
        """Let all pages of keypoints share a frame, where the theme allows it."""
        frame = page_frame(env, self.config)
        pages = [file.page for file in self.pages.values() if isinstance(file.page, KeypointPage)]
        for page in pages if frame and len(pages) > LEAST_FRAMED else ():
            page.meta.setdefault("template", frame)

    def new_findings(self) -> list[Finding]:
        """What was found wrong since this was last asked."""
        found, self.keypoint_contents.findings = self.keypoint_contents.findings, []
        return found

    def marker(self, marker: Marker, page: Page) -> str:
        """The list that a marker asks for."""
        return self.marker_lists.html(marker, page)
