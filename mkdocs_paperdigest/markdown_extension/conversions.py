"""Digest pages as they were converted before: what is kept of a conversion, and what it depends on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, NotRequired, TypedDict
from urllib.parse import unquote

from markdown import Markdown

from ..records import Digest
from ..support import Cache, dumps, name_of
from .badge import without_badge_links
from .page_state import PageContext

_PURE = ("markdown.", "pymdownx.", "mkdocs.", "properdocs.", "mkdocs_paperdigest.")
"""The packages whose extensions do nothing but convert, and depend on nothing but the text and their settings."""
_PURE_THEMES = ("material.", "materialx.")  # those whose functions are in the settings of extensions, such as for icons
_IMPURE = ("pymdownx.b64", "pymdownx.snippets")  # those among them that put other files into the page
_TITLE = ("mkdocs_extract_title", "properdocs_extract_title")
_ANCHORS = ("mkdocs_extract_anchors", "properdocs_extract_anchors")
_RAW_ANCHORS = ("mkdocs_raw_html", "properdocs_raw_html")
_LINKS = ("relpath",)  # the parts of MkDocs in a converter


TocToken = TypedDict(
    "TocToken",
    {
        "level": int,
        "id": str,
        "name": str,
        "html": NotRequired[str],
        "data-toc-label": NotRequired[str],
        "children": "list[TocToken]",
    },
)
"""An entry of a table of contents as Python-Markdown has it."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A page that was converted: its HTML, its table of contents as Python-Markdown has it, and the ids of the papers and headings on it.

    `title` and `anchors` are what MkDocs found on it, `links` the anchors that it links to, by the source paths of their pages.
    """

    html: str
    toc: list[TocToken]
    ids: list[str]
    title: str | None
    anchors: list[str]
    links: dict[str, dict[str, str]]

    @classmethod
    def of(cls, md: Markdown, html: str, ids: Iterable[str]) -> Conversion:
        title, anchors, relative = (_part(md.treeprocessors, names) for names in (_TITLE, _ANCHORS, _LINKS))
        raw = _part(md.preprocessors, _RAW_ANCHORS)
        found = {*(anchors.present_anchor_ids if anchors else ()), *(raw.present_anchor_ids if raw else ())}
        links = {file.src_uri: to for file, to in relative.links_to_anchors.items()} if relative else {}
        toc = getattr(md, "toc_tokens", [])
        return cls(html, toc, sorted(ids), title.title if title else None, sorted(found), links)

    def give(self, md: Markdown) -> None:
        """Tell those who ask the converter, and MkDocs in it, what they would have found."""
        title, anchors, relative = (_part(md.treeprocessors, names) for names in (_TITLE, _ANCHORS, _LINKS))
        md.toc_tokens = self.toc  # type: ignore[attr-defined]
        if title:
            title.title = self.title
        if anchors:
            anchors.present_anchor_ids = set(self.anchors)
        if relative:
            files = {uri: relative.files.get_file_from_path(uri) for uri in self.links}
            relative.links_to_anchors = {file: self.links[uri] for uri, file in files.items() if file}


def _part(registry: Any, names: Sequence[str]) -> Any:
    return next((registry[name] for name in names if name in registry), None)


class Conversions:
    """The conversions of a build: 600 papers take 20% (monthly digests) to 27% (daily ones) more CPU without it in a warm build.

    `state` names programs and settings, `places` the files that links may lead to, but for those in `folder`, which come and go.
    """

    def __init__(self, cache: Cache, state: str | None, places: Iterable[str], folder: str | None) -> None:
        self._cache = cache
        self._state = name_of(state, *places) if cache and state is not None else None
        self._folder = folder
        self._watcher = _LogWatcher()

    def name(self, md: Markdown, context: PageContext, digest: Digest, text: str) -> str | None:
        """The name of all that the conversion of a page depends on; None if it is not to be kept."""
        if self._state is None or not _converts_only(md) or (self._folder and digest.path.startswith(self._folder)):
            return None
        names = dict.fromkeys(name for paper in digest.papers for name in paper.keypoints or ())
        badges = [
            (name, badge.title, badge.href, badge.hue)
            for name in names
            if context.badge and (badge := context.badge(name))
        ]
        former = [list(context.former(paper)) for paper in digest.papers]
        parts = [context.place, context.zoom, badges, sorted(context.taken), former]
        return name_of(self._state, digest.path, context.source, text, json.dumps(parts))

    def get(self, name: str) -> Conversion | None:
        """The conversion of this name; None if there is none, and then what is logged from now on is noticed."""
        conversion = self._cache.record(name, Conversion)
        if conversion is None:
            self._watcher.listen()
        return conversion

    def put(self, name: str, conversion: Conversion) -> None:
        """Keep a conversion, unless it logged something, or depends on what may come and go."""
        if not self._watcher.stop() and not (
            self._folder and self._folder in unquote(without_badge_links(conversion.html))
        ):
            self._cache.put(name, dumps(conversion))


class _LogWatcher(logging.Handler):
    """Notices whether MkDocs logs anything, such as that a link leads nowhere, even with `--quiet`."""

    def __init__(self) -> None:
        super().__init__()
        self.has_logged = False
        self._loggers = [logging.getLogger(name) for name in ("mkdocs", "properdocs")]
        self._levels: list[int] = []
        self._filtered: list[tuple[logging.Handler, Callable[[logging.LogRecord], bool]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.has_logged = True

    def listen(self) -> None:
        if self._levels:  # a conversion before failed
            self.stop()
        self.has_logged = False
        self._levels = [logger.level for logger in self._loggers]
        for logger in self._loggers:
            if (level := logger.getEffectiveLevel()) > logging.INFO:
                only = _from_level(logger.name, level)
                self._filtered += [(handler, only) for handler in (*logger.handlers, *logging.getLogger().handlers)]
                logger.setLevel(logging.INFO)
            logger.addHandler(self)
        for handler, only in self._filtered:
            handler.addFilter(only)

    def stop(self) -> bool:
        for handler, only in self._filtered:
            handler.removeFilter(only)
        for logger, level in zip(self._loggers, self._levels, strict=True):
            logger.setLevel(level)
            logger.removeHandler(self)
        self._levels, self._filtered = [], []
        return self.has_logged


def _from_level(name: str, level: int) -> Callable[[logging.LogRecord], bool]:
    """A filter that drops the records of one logger that are below a level."""
    own = logging.Filter(name)
    return lambda record: record.levelno >= level or not own.filter(record)


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
    registries: Iterable[Any] = (
        md.preprocessors,
        md.parser.blockprocessors,
        md.inlinePatterns,
        md.treeprocessors,
        md.postprocessors,
    )
    modules = {type(part).__module__ for part in chain.from_iterable(registries)}
    return all(f"{module}.".startswith(_PURE) and not module.startswith(_IMPURE) for module in modules)
