"""Which MkDocs event does what; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from .collection import LOCK_FILE, Options, Sources
from .markdown_extension import DigestExtension
from .mkdocs_host.build_folders import (
    keep_files_of_the_theme,
    keep_sources,
    keypoints_file,
    settings_folder,
    use_folder,
    watch_files,
    watch_folder,
)
from .mkdocs_host.config import PaperDigestConfig, add_assets, other_extensions
from .mkdocs_host.conversion import finish_conversion, finish_page, prepare_conversion, show_page
from .mkdocs_host.docs_files import outside_findings
from .mkdocs_host.integrations import allow_redirects, fix_print_page_links, keep_out_of_feeds, without_revision_dates
from .mkdocs_host.navigation import arrange
from .mkdocs_host.reading import check_unknown_keypoints, read_site, report
from .mkdocs_host.search import index_for_search
from .mkdocs_host.site import Site
from .pages import OF_THEMES


class PaperDigestPlugin(BasePlugin[PaperDigestConfig]):  # type: ignore[no-untyped-call]
    """Reads paper digests, shows their papers, and makes an index and a page per keypoint."""

    def __init__(self) -> None:
        self.options = Options()
        self.sources = Sources()
        self.extension = DigestExtension()
        self.serving = False
        self.site: Site | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember the command. That this method exists also keeps the plugin, and what it read, between rebuilds."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.options = self.config.options
        if self.site:
            self.site.downloads.close()  # a build that was not ended
        self.site = None
        if self.options.enabled:
            if self.options.docs_dir is not None:
                use_folder(config, self.options.docs_dir)
            add_assets(config, self.extension)
        return config

    @event_priority(-100)
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Stop the build before MkDocs empties the folder of the site, if sources would be lost with it."""
        if self.options.enabled:
            keep_sources(config, self.options.keypoints_file, self.options.words)

    @event_priority(-110)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read every digest and add the generated files, after every plugin that adds or renames pages."""
        if not self.options.enabled:
            return files
        if self.options.docs_dir is not None:
            keep_files_of_the_theme(files, config)
        extensions = other_extensions(config)
        reading = read_site(files, config, self.options, self.sources, extensions, serving=self.serving)
        site = self.site = Site(reading, self.options, config, files)
        added = site.add_files()
        allow_redirects(config, site.pages)
        outside = outside_findings(reading.outside_links, files, config)
        report([*reading.findings, *added, *outside, *reading.unknown])
        check_unknown_keypoints(reading, self.options.unknown_keypoints)
        return files

    @event_priority(150)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Arrange an automatic navigation, before the plugins that let a site order it by hand."""
        if self.site and config.nav is None:
            days = {uri: digest.days for uri, digest in self.site.reading.digests.items()}
            arrange(nav, days, self.site.is_generated, newest_first=self.options.newest_first)
        return nav

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        return self.site.reading.recoded.get(page.file.src_uri) if self.site else None

    @event_priority(-49)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Tell the Markdown extension whose page comes next, before the blog (-50) makes the beginnings of posts with it."""
        self.extension.context = self.extension.page = None
        if page.file.generated_by == "paperdigest":
            keep_out_of_feeds(page, config)
            without_revision_dates(page)
        if self.site is None:
            return markdown
        return prepare_conversion(markdown, page, self.site, self.sources, self.extension, config)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Name a digest after its month, list its papers beside it, and tell MkDocs the anchors that it cannot see."""
        self.extension.context = None
        if self.site is None:
            return html
        return finish_conversion(html, page, self.site, self.sources, self.extension, serving=self.serving)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Tell the search plugins how to read digests, before the first page is put into its template."""
        if self.site:
            reading, slim = self.site.reading, self.options.search == "slim"
            index_for_search(config, reading.library, slim=slim, cache=reading.cache, state=reading.state)
            self.site.frame(env)
            env.bytecode_cache = env.bytecode_cache or OF_THEMES
        return env

    @event_priority(-100)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Put the lists in, after the search plugins have read the page: what they show is found at its own place."""
        if self.site and page.content is not None:
            show_page(page, self.site)
            context["nav"] = self.site.navigation(nav, page)
        return context

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        return finish_page(output, page, self.site) if self.site else output

    def _write_downloads(self, *, config: MkDocsConfig) -> None:
        """Write the files beside the pages; while serving, drop what the cache holds of earlier builds."""
        if self.site:
            self.site.write_downloads()
            self.sources.end()
            if self.serving:
                self.sources.prune()

    @event_priority(-100)
    def _fix_print_page_links(self, *, config: MkDocsConfig) -> None:
        if self.site:
            fix_print_page_links(config, self.site.files.files)

    on_post_build = CombinedEvent(_write_downloads, _fix_print_page_links)

    def on_shutdown(self) -> None:
        """Drop what the cache holds of digests as they were long ago, and end what a build left that failed."""
        if self.site:
            self.site.downloads.close()
        self.sources.prune()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Watch the file of keypoints, and what is taken from a whole repository, and not the rest of it."""
        if self.options.enabled:
            if self.options.docs_dir is not None:
                watch_folder(server, config)
            if self.options.words:
                server.watch(str(settings_folder(config) / self.options.words))
            watch_files(
                server, keypoints_file(config, self.options.keypoints_file), settings_folder(config) / LOCK_FILE
            )
        return server
