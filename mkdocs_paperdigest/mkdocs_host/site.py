"""What the plugin adds to a MkDocs site: which files there are, and what their pages show."""

from __future__ import annotations

from functools import cached_property, partial

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from ..collection import Options
from ..exports import papers_json_bytes
from ..library import Keypoint
from ..pages import GENERATED_PAGES, GeneratedPage, Links, SitePages, Templates, home_page, to_root
from ..records import Finding
from .addresses import Addresses
from .conversion_cache import ConversionCache
from .docs_files import MkDocsFiles
from .downloads import Downloads
from .generated import Descriptions, GeneratedFiles, KeypointPage, MadePage, PartPage
from .navigation import ShortNavigation, headings_of
from .page_frame import page_frame
from .reading import Reading

LEAST_FRAMED = 20  # with fewer pages a frame saves nothing


class Site:
    """The pages of one build; paths of generated pages are those of the default language, whichever is built now."""

    def __init__(self, reading: Reading, options: Options, config: MkDocsConfig, files: Files) -> None:
        library = self.library = reading.library
        self.reading = reading
        self.options = options
        self.config = config
        self.files = MkDocsFiles(files)
        self.generated: dict[File, GeneratedPage] = {}  # the files of the pages that a site has one of each
        self.links = Links(library, options, reading.words, self.files)
        self.templates = Templates(config.theme.dirs, reading.words)
        self.addresses = Addresses(reading, self.links, self.templates, config)
        self.downloads = Downloads(reading, self.links, self.files, options, config)
        arithmatex = config.mdx_configs.get("pymdownx.arithmatex") or {}
        self.contents = SitePages(
            self.links,
            self.templates,
            self.downloads,
            draws_formulas=bool(arithmatex.get("generic")),
            cites=options.citations,
        )
        self.descriptions = Descriptions(config, self.files, library.vocabulary.path)
        self._nav: ShortNavigation | None = None

    @cached_property
    def conversions(self) -> ConversionCache:
        return ConversionCache(self.reading, self.options, self.config, self.files.files)

    # -- files

    def add_files(self) -> list[Finding]:
        options, library, config = self.options, self.library, self.config
        made = GeneratedFiles(self.files.files, self.links, options, config, self.reading.language)
        in_nav = InclusionLevel.NOT_IN_NAV if config.nav else InclusionLevel.INCLUDED
        for row in GENERATED_PAGES:
            title = f"# {self.templates.words(row.title)}\n"
            if (
                (uri := getattr(options, row.option))
                and (library.papers or not row.needs_papers)
                and (file := made.add(uri, title, row.option, inclusion=in_nav, gives_way=row.gives_way))
            ):
                self.generated[file] = row
        if options.home and library.papers:
            made.add("index.md", home_page(config.site_name, self.templates.words), "home", inclusion=in_nav)
        for keypoint in library.keypoints if options.keypoint_pages else ():
            self._add_keypoint(made, keypoint)
        if options.papers_json:
            papers_json = partial(papers_json_bytes, library, self.links.plain_url, self.links.keypoint_url)
            made.add(options.papers_json, papers_json, "papers_json")
        for row in reversed(self.generated.values()):
            made.add_parts(row.parts(self.contents), row.option, gives_way=row.gives_way)
            for path, script in row.scripts(self.contents).items():
                made.add(path, script, row.option, gives_way=row.gives_way)
        self.pages = made.pages
        self.addresses.add_redirects(self.files.files)
        return [*made.findings, *self.downloads.add()]

    def _add_keypoint(self, made: GeneratedFiles, keypoint: Keypoint) -> None:
        uri = self.links.keypoint_uri(keypoint)
        if uri and (file := made.add(uri, "", "keypoint_pages")):
            page = KeypointPage(keypoint, file, self.config, self.contents)
            made.add_parts(self.contents.keypoints.parts(keypoint, page.parts), "keypoint_pages")

    def write_downloads(self) -> None:
        """Write the files beside the pages, when all of these are written: what they were made of is let go first."""
        self.contents.forget()
        self.downloads.write()

    # -- pages

    def is_generated(self, page: Page) -> bool:
        return page.file in self.generated

    def ids(self, page: Page) -> set[str] | None:
        """The anchors of a page that a site has one of, None if nobody needs to know them."""
        ids = self.generated[page.file].ids
        return ids(self.contents) if ids else None

    def content(self, page: Page) -> str:
        root, uri = to_root(page.url), page.file.src_uri
        content = page.content or ""
        if isinstance(page, KeypointPage):
            description = self.descriptions.html(page.keypoint, page)
            content = self.contents.keypoints.html(page.keypoint, page.runs, page.parts, description, root)
        elif isinstance(page, PartPage):
            content = page.part.content(root)
        elif self.is_generated(page):
            content = self.generated[page.file].content(self.contents, root)
            page.toc = headings_of(content)
        elif uri in self.library.by_path:
            content = self.contents.footers.fill(self.links.counted(content), self.library.by_path[uri], root)
            return self.contents.months.with_links(content, uri, root)
        else:
            return content
        return self.addresses.with_moved(content, page)

    def navigation(self, nav: Navigation, page: Page) -> Navigation:
        """A short navigation, but on pages of a site that has ordered its own by hand."""
        if self.config.nav and not self.is_generated(page) and not isinstance(page, MadePage):
            return nav
        if self._nav is None or self._nav.nav is not nav:
            by_path = self.library.by_path.items()
            self._nav = ShortNavigation(
                nav, {path: max(own.day for own in papers) for path, papers in by_path if papers}
            )
        return self._nav.of(page)

    def frame(self, env: Environment) -> None:
        frame = page_frame(env, self.config)
        pages = [file.page for file in self.pages.values() if isinstance(file.page, KeypointPage)]
        for page in pages if frame and len(pages) > LEAST_FRAMED else ():
            page.meta.setdefault("template", frame)
