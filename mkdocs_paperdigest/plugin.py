"""Which MkDocs event does what; nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from .collection import (
    LOCK_FILE,
    Choice,
    Options,
    Sources,
    decode,
    hidden_pages,
    long_lived,
    read_lock_of,
    read_thesaurus,
)
from .keypoints import unknown_keypoints, with_acronyms
from .library import build_library, repeated_papers
from .markdown_extension import Ahead, DigestExtension, PageContext, plain_ids
from .mkdocs_host import (
    Heads,
    PaperDigestConfig,
    Pictures,
    Site,
    allow_redirects,
    arrange,
    blog_posts,
    cache,
    escape_front_matter,
    fill_markers,
    glightbox_opens_figures,
    has_markers,
    index_for_search,
    interface_words,
    is_encrypted,
    keep_files_of_the_theme,
    keep_out_of_feeds,
    keep_sources,
    keypoints_file,
    language,
    lead_from_print_page,
    lead_to_local_copies,
    lead_to_the_first_heading,
    lost_separator,
    name_digest,
    outline,
    outside_findings,
    page_rules,
    search_plugins,
    settings_folder,
    use_folder,
    watch_files,
    watch_folder,
    watch_words,
    with_includes,
    without_revision_dates,
)
from .pages import ASSETS, OF_THEMES
from .reader import OutsideLink
from .records import Digest, Finding, Severity, finding, is_one_paper, summary

log = get_plugin_logger("paperdigest")

TEMPLATES = str(Path(__file__).parent / "templates")
LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING}
CSS = f"{ASSETS}paperdigest.css"
SCRIPT = f"{ASSETS}paperdigest.js"


class PaperDigestPlugin(BasePlugin[PaperDigestConfig]):  # type: ignore[no-untyped-call]
    """Reads paper digests, shows their papers, and makes an index and a page per keypoint."""

    def __init__(self) -> None:
        self.options = Options()
        self.sources = Sources()
        self.extension = DigestExtension()
        self.serving = False
        self.site: Site | None = None
        self.heads: Heads | None = None
        self.recoded: dict[str, str] = {}
        self.digests: dict[str, Digest] = {}
        self.chosen: set[str] = set()
        self.hidden: set[str] = set()
        self.posts: Mapping[int, str] = {}
        self.pictures = Pictures((), None, bool)

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember the command. That this method exists also keeps the plugin, and what it read, between rebuilds."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Join the site's Markdown extensions, templates and styles; a host may call this twice for one build."""
        self.options = self.config.options
        if self.site:
            self.site.downloads.close()  # a build that was not ended
        self.site = self.heads = None
        if not self.options.enabled:
            return config
        if self.options.docs_dir is not None:
            use_folder(config, self.options.docs_dir)
        extensions: list[object] = config.markdown_extensions  # type: ignore[assignment]
        if self.extension not in extensions:
            extensions.append(self.extension)
        if TEMPLATES not in config.theme.dirs:
            config.theme.dirs.append(TEMPLATES)
        if CSS not in config.extra_css:
            config.extra_css.insert(0, CSS)
        if SCRIPT not in map(str, config.extra_javascript):
            config.extra_javascript.append(SCRIPT)
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
        folder = settings_folder(config)
        thesaurus, wrong = read_thesaurus(keypoints_file(config, self.options.keypoints_file), folder)
        lock, wrong_lock = read_lock_of(folder / LOCK_FILE, folder)
        findings: list[Finding] = [*wrong, *wrong_lock]
        vocabulary = self.options.vocabulary
        said = interface_words(config, self.options.words)
        ahead = Ahead(self._other_extensions(config), config.mdx_configs, said, tables=self.options.keep_tables)
        state = ahead.state(self.options.labels, self.options.keypoint_fields, lock)
        kept = cache(config, self.options.cache)
        self.sources.begin(vocabulary, lock, ahead.made, state, kept, page_rules(config))
        chosen = Choice(self.options.include, self.options.exclude)
        outside: list[tuple[File, tuple[OutsideLink, ...]]] = []
        self.recoded, self.digests, self.chosen, self.hidden = {}, {}, set(), set()
        posts = self.posts = blog_posts(config)

        def is_built(file: File) -> bool:
            return self._is_built(file.inclusion) or id(file) in posts

        self.pictures = Pictures(files, self.options.figures_folder, is_built)

        read = [
            (file, data)
            for file in files.documentation_pages(inclusion=lambda _: True)
            if is_built(file) and file.src_uri in chosen and (data := _content(file)) is not None
        ]
        with long_lived():
            expand = partial(with_includes, config=config, files=files)
            sources = self.sources.read_all((file.src_uri, data, partial(expand, file=file)) for file, data in read)
            for (file, _), source in zip(read, sources, strict=True):
                findings += source.findings
                if sign := posts.get(id(file)):
                    findings += lost_separator(source, file.src_uri, sign)
                outside.append((file, source.outside))
                if source.recoded is not None:
                    self.recoded[file.src_uri] = source.recoded
                if source.hidden:
                    self.hidden.add(file.src_uri)
                if not source.off:
                    self.chosen.add(file.src_uri)
                if source.digest.sections:
                    self.digests[file.src_uri] = source.digest
        findings += hidden_pages(self.hidden & self.chosen)
        self.chosen -= self.hidden
        texts = [(self.sources.text(uri), digest) for uri, digest in self.digests.items()]
        if self.options.acronyms == "merge":
            thesaurus, merged = with_acronyms(thesaurus, texts, vocabulary)
            findings += merged
        library = build_library(self.digests.values(), thesaurus)
        findings += repeated_papers(library)
        unknown = list(unknown_keypoints(texts, thesaurus, self.options.unknown_keypoints, vocabulary))
        self.site = Site(
            library, self.options, config, said, language(config), lock, is_built, kept, state, self.pictures.state
        )
        findings += self.site.add_files(files)
        self.heads = Heads(self.site)
        findings += outside_findings(outside, files, config)
        allow_redirects(config, self.site.pages)
        _report([*findings, *unknown])
        if unknown and self.options.unknown_keypoints == "strict":
            names = len({item.message for item in unknown})
            named = f"{names} keypoint{' is' if names == 1 else 's are'}"
            raise PluginError(f"paperdigest: {named} named that {thesaurus.path} does not know.")
        return files

    @event_priority(150)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Arrange an automatic navigation, before the plugins that let a site order it by hand."""
        if self.site and config.nav is None:
            days = {uri: digest.days for uri, digest in self.digests.items()}
            arrange(nav, days, self.site.is_generated, newest_first=self.options.newest_first)
        return nav

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs the text of a file that is not UTF-8."""
        return self.recoded.get(page.file.src_uri)

    @event_priority(-49)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Tell the Markdown extension whose page comes next, before the blog (-50) makes the beginnings of posts with it."""
        self.extension.context = self.extension.page = None
        if page.file.generated_by == "paperdigest":
            keep_out_of_feeds(page, config)
            without_revision_dates(page)
        uri = page.file.src_uri
        if self.site is None or uri not in self.chosen:
            return markdown
        if is_one_paper(self.site.library.by_path.get(uri, ())):
            escape_front_matter(page)
        if uri in self.digests and not markdown.strip():
            markdown = "<!-- the paper stands in the front matter -->"  # no text, no page to Python-Markdown
        site = self.site
        self.extension.context = PageContext(
            read=lambda text: self.sources.digest(uri, text),
            badge=lambda written: site.links.badge(written, uri),
            resolve=lambda url: site.links.resolve(url, page.file),
            tables=self.options.keep_tables,
            zoom=not glightbox_opens_figures(page, config),
            taken=site.addresses.moved_ids(uri),
            former=site.addresses.former_anchors,
            picture=partial(self.pictures.link, page=page.file),
            words=site.templates.words,
            place=page.url,
            source=self.sources.text(uri),
            conversions=None if id(page.file) in self.posts else site.conversions,
            plain_ids=lambda text: plain_ids(text, self._other_extensions(config), config.mdx_configs),
        )
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Name a digest after its month, list its papers beside it, and tell MkDocs the anchors that it cannot see."""
        shown, self.extension.context = self.extension.page, None
        if self.site is None:
            return html
        if shown:
            changed = self.sources.changed(shown.digest)
            _report([changed] if changed else [])
            if page.present_anchor_ids is not None:
                page.present_anchor_ids |= shown.ids
        if page.file.src_uri in self.digests:
            papers = self.site.library.by_path[page.file.src_uri]
            name_digest(page, papers, by_month=self.options.month_titles)
        if shown and shown.digest.sections:
            outline(page)
            if not self.serving and id(page.file) not in self.posts:  # a blog shows the beginnings of posts, too
                self.sources.forget(shown.digest.path)
                self.digests[shown.digest.path] = Digest(shown.digest.path)
        if self.site.is_generated(page):
            page.present_anchor_ids = self.site.ids(page)
        if page.present_anchor_ids is not None:
            page.present_anchor_ids |= self.site.addresses.moved_ids(page.file.src_uri)
        return self.site.addresses.with_moved(html, page)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Tell the search plugins how to read digests, before the first page is put into its template."""
        if self.site:
            for plugin in search_plugins(config):
                told = partial(_report_size, Path(config.config_file_path or "mkdocs.yml").name)
                site, slim = self.site, self.options.search == "slim"
                index_for_search(plugin, site.library, told, slim=slim, cache=site.cache, state=site.state)
            self.site.frame(env)
            env.bytecode_cache = env.bytecode_cache or OF_THEMES
        return env

    @event_priority(-100)
    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,
        nav: Navigation,
    ) -> TemplateContext:
        """Put the lists in, after the search plugins have read the page: what they show is found at its own place."""
        site = self.site
        if site is None or page.content is None:
            return context
        if is_encrypted(page):
            self.hidden.add(page.file.src_uri)
            if page.file.src_uri in self.digests:
                raise PluginError(
                    f"paperdigest: {page.file.src_uri} was encrypted after its papers had been read, so they would stand elsewhere: "
                    "put `paperdigest: false` into its front matter."
                )
        lead_to_the_first_heading(page)
        context["nav"] = site.navigation(nav, page)
        page.content = site.content(page)
        if has_markers(page.content):
            wrong: list[Finding] = []
            page.content = fill_markers(
                page.content,
                lambda marker: site.marker(marker, page),
                lambda text, fault: wrong.append(_marker_finding(page, text, fault)),
            )
            _report(wrong)
        _report(site.new_findings())
        return context

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Say in the head what the page is, and amend what the plugins before did to figures."""
        if (page.file.src_uri in self.digests and id(page.file) not in self.posts) or (
            page.file.generated_by == "paperdigest"
        ):
            page.content = ""  # nobody asks again what stands on it; on large sites this is a quarter of the memory
        output = lead_to_local_copies(output, config)
        return self.heads.filled(output, page) if self.heads and page.file.src_uri not in self.hidden else output

    def _write_downloads(self, *, config: MkDocsConfig) -> None:
        """Write the files beside the pages, and tell the cache what this build has used.

        It drops the rest when all builds are done, or each time while serving.
        """
        if self.site:
            self.site.write_downloads()
            self.sources.end()
            if self.serving:
                self.sources.prune()

    @event_priority(-100)
    def _lead_from_print_page(self, *, config: MkDocsConfig) -> None:
        if self.site:
            lead_from_print_page(config, self.site.links.files)

    on_post_build = CombinedEvent(_write_downloads, _lead_from_print_page)

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
            watch_words(server, config, self.options.words)
            watch_files(
                server, keypoints_file(config, self.options.keypoints_file), settings_folder(config) / LOCK_FILE
            )
        return server

    def _other_extensions(self, config: MkDocsConfig) -> list[object]:
        extensions: list[object] = list(config.markdown_extensions)
        return [extension for extension in extensions if extension is not self.extension]

    def _is_built(self, inclusion: InclusionLevel) -> bool:
        return bool(inclusion.is_in_serve() if self.serving else inclusion.is_included())  # type: ignore[no-untyped-call]


def _content(file: File) -> bytes | None:
    try:
        return file.content_bytes
    except OSError:  # MkDocs says so itself when it reads the page
        return None


def _marker_finding(page: Page, text: str, fault: str) -> Finding:
    # The file's own text, since the page's Markdown lacks the front matter.
    source = decode(_content(page.file) or b"")[0]
    found = re.search(rf"paperdigest(?::|\s+)(?P<text>{re.escape(text)})", source)
    place = found.start("text") if found else 0
    line = source.count("\n", 0, place) + 1
    return finding("PD403", page.file.src_uri, line, place - source.rfind("\n", 0, place), text, advice=fault)


def _report_size(settings: str, size: str, slim: str) -> None:
    _report([finding("PD406", settings, 1, 1, size, slim)])


def _report(findings: list[Finding]) -> None:
    for severity, line in summary(findings):
        log.log(LEVELS[severity], line)
