"""Digest pages as they were converted before: what is kept of a conversion, and what it depends on."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from logging.handlers import BufferingHandler
from typing import Any, TypedDict
from urllib.parse import unquote

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, log
from mkdocs.structure.toc import get_toc

from ..collection import Options
from ..markdown_extension import DigestExtension, PageContext, without_badge_links
from ..support import dumps, name_of
from .reading import Reading

_PURE = ("markdown.", "pymdownx.", "mkdocs.", "properdocs.", "mkdocs_paperdigest.")
"""The packages whose extensions do nothing but convert, and depend on nothing but the text and their settings."""
_PURE_THEMES = ("material.", "materialx.")  # those whose functions are in the settings of extensions, such as for icons
_IMPURE = ("pymdownx.b64", "pymdownx.snippets")  # those among them that put other files into the page


class TocToken(TypedDict):
    """An entry of a table of contents as Python-Markdown has it."""

    level: int
    id: str
    name: str
    children: list[TocToken]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What MkDocs knows of a page that was converted; `links` are the anchors that it links to, by the source paths of their pages."""

    html: str
    toc: list[TocToken]
    title: str | None
    anchors: list[str]
    links: dict[str, dict[str, str]]

    def put_on(self, page: Page, files: Files) -> None:
        page.content, page.toc, page._title_from_render = self.html, get_toc(self.toc), self.title
        page.present_anchor_ids = set(self.anchors)
        to = {file: links for uri, links in self.links.items() if (file := files.get_file_from_path(uri))}
        page.links_to_anchors = to


class ConversionCache:
    """The conversions of a build: 600 papers take 20% (monthly digests) to 27% (daily ones) more CPU without it in a warm build."""

    def __init__(self, reading: Reading, options: Options, config: MkDocsConfig, files: Files) -> None:
        """Name all that every conversion depends on, made when `files` are complete."""
        self._cache = reading.cache
        # Which keypoints have pages changes nothing in a page, if it does not link there itself.
        self._folder = folder = f"{options.keypoint_pages}/" if options.keypoint_pages else None
        self._state: str | None = None
        if self._cache and reading.state is not None and is_pure(config.mdx_configs):
            extensions: list[object] = list(config.markdown_extensions)
            settings = [
                [own if isinstance(own, str) else type(own).__qualname__ for own in extensions],
                [config.validation, config.use_directory_urls, log.getEffectiveLevel()],
            ]
            places = (
                f"{file.src_uri} {file.url} {file.inclusion.name}"
                for file in files
                if not (folder and file.generated_by == "paperdigest" and file.src_uri.startswith(folder))
            )
            self._state = name_of(reading.state, repr(settings), reading.pictures.state, *places)

    def render(self, page: Page, extension: DigestExtension, source: str, config: MkDocsConfig, files: Files) -> None:
        """Convert a page in place of its own method, or take what is kept; `source` is the whole text of its file."""
        del vars(page)["render"]
        name = self._name(page, extension.context, source) if extension.context else None
        if kept := self._cache.record(name, Conversion) if name else None:
            kept.put_on(page, files)
            return
        logged = BufferingHandler(sys.maxsize)
        log.addHandler(logged)
        try:
            page.render(config, files)
        finally:
            log.removeHandler(logged)
        if name and not logged.buffer and extension.page:
            self.keep(name, page, extension.page.md, extension.page.ids)

    def _name(self, page: Page, context: PageContext, source: str) -> str | None:
        """The name of all that the conversion of a page depends on; None if it is not to be kept."""
        uri, text = page.file.src_uri, page.markdown or ""
        if self._state is None or (self._folder and uri.startswith(self._folder)):
            return None
        digest = context.read(text)
        if not digest.sections:
            return None
        names = dict.fromkeys(name for paper in digest.papers for name in paper.keypoints or ())
        badges = [
            (name, badge.title, badge.href, badge.hue)
            for name in names
            if context.badge and (badge := context.badge(name))
        ]
        former = [list(context.former(paper)) for paper in digest.papers]
        parts = [page.url, context.zoom, badges, sorted(context.taken), former]
        return name_of(self._state, uri, source, text, json.dumps(parts))

    def keep(self, name: str, page: Page, md: Markdown, ids: set[str]) -> None:
        """Keep what a page was converted to, unless it depends on what may come and go."""
        html = page.content or ""
        if not _converts_only(md) or (self._folder and self._folder in unquote(without_badge_links(html))):
            return
        links = {file.src_uri: to for file, to in (page.links_to_anchors or {}).items()}
        anchors = sorted((page.present_anchor_ids or set()) | ids)
        toc = getattr(md, "toc_tokens", [])
        self._cache.put(name, dumps(Conversion(html, toc, page._title_from_render, anchors, links)))


def is_pure(settings: Any) -> bool:
    """Whether the settings of extensions name no files that pages are made of, and no functions that may read any."""
    if isinstance(settings, Mapping):
        return not settings.get("custom_icons") and all(map(is_pure, settings.values()))
    if isinstance(settings, (list, tuple)):
        return all(map(is_pure, settings))
    if isinstance(settings, partial):
        return is_pure((settings.func, settings.args, settings.keywords))
    return not callable(settings) or f"{getattr(settings, '__module__', '')}.".startswith((*_PURE, *_PURE_THEMES))


def _converts_only(md: Markdown) -> bool:
    registries: list[Any] = [
        *(md.preprocessors, md.parser.blockprocessors, md.inlinePatterns, md.treeprocessors, md.postprocessors)
    ]
    modules = {type(part).__module__ for part in chain.from_iterable(registries)}
    return all(f"{module}.".startswith(_PURE) and not module.startswith(_IMPURE) for module in modules)
