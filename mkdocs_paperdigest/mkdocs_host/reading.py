"""The files of a site, read: its digests and their library, and all else that a build knows before its pages are converted.

What is wrong with them goes into the log of MkDocs, where `--strict` counts it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from ..collection import LOCK_FILE, Choice, Options, Sources, decode, hidden_pages, read_lock_of, read_vocabulary
from ..keypoints import unknown_keypoints, with_acronyms
from ..languages import Words
from ..library import Library, build_library, repeated_papers
from ..lock import Lock
from ..markdown_extension import Prerenderer
from ..reader import OutsideLink
from ..records import Digest, Finding, Severity, finding, summary
from ..support import Cache, long_lived
from .build_folders import interface_words, keypoints_file, settings_folder
from .docs_files import Pictures
from .integrations import Language, blog_posts, language, lost_separator, rules_of_plugins, with_includes

_LOG = get_plugin_logger("paperdigest")
_LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING}


@dataclass
class Reading:
    """What a build knows of its site; paths are source paths."""

    words: Words
    language: Language | None  # that is built now, if the site has several
    lock: Lock
    cache: Cache
    state: str | None  # the name of the programs and settings that convert digests; None if it cannot be told
    is_built: Callable[[File], bool]
    posts: Mapping[int, str]  # by the `id` of the files of a blog, what ends the beginning of each
    pictures: Pictures
    library: Library = field(init=False)
    digests: dict[str, Digest] = field(default_factory=dict)
    recoded: dict[str, str] = field(default_factory=dict)  # the texts of files that are not UTF-8
    chosen: set[str] = field(default_factory=set)  # pages that may be digests
    hidden: set[str] = field(default_factory=set)  # pages that not all readers may see
    outside_links: list[tuple[File, tuple[OutsideLink, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unknown: list[Finding] = field(default_factory=list)

    def is_post(self, file: File) -> bool:
        return id(file) in self.posts


def read_site(
    files: Files,
    config: MkDocsConfig,
    options: Options,
    sources: Sources,
    extensions: list[object],
    *,
    serving: bool,
) -> Reading:
    """Read all digests of a site through `sources`; `extensions` are its own. Raises PluginError if its file of keypoints is missing."""
    folder = settings_folder(config)
    vocabulary, wrong = read_vocabulary(keypoints_file(config, options.keypoints_file), folder)
    lock, wrong_lock = read_lock_of(folder / LOCK_FILE, folder)
    labels = options.label_vocabulary
    words = interface_words(config, options.words)
    prerenderer = Prerenderer(extensions, config.mdx_configs, words, tables=options.keep_tables)
    state = prerenderer.state(options.labels, options.keypoint_fields, lock)
    kept, posts = Cache(folder / options.cache if options.cache else None), blog_posts(config)

    def is_built(file: File) -> bool:
        inclusion = file.inclusion
        return bool(inclusion.is_in_serve() if serving else inclusion.is_included()) or id(file) in posts  # type: ignore[no-untyped-call]

    pictures = Pictures(files, options.figures_folder, is_built)
    reading = Reading(words, language(config), lock, kept, state, is_built, posts, pictures)
    reading.findings = [*wrong, *wrong_lock]
    sources.begin(labels, lock, prerenderer.prerendered, state, kept, rules_of_plugins(config))
    _read_digests(reading, files, config, sources, Choice(options.include, options.exclude))
    texts = [(sources.text(uri), digest) for uri, digest in reading.digests.items()]
    if options.acronyms == "merge":
        vocabulary, merged = with_acronyms(vocabulary, texts, labels)
        reading.findings += merged
    reading.library = build_library(reading.digests.values(), vocabulary)
    reading.findings += repeated_papers(reading.library)
    reading.unknown = list(unknown_keypoints(texts, vocabulary, options.unknown_keypoints, labels))
    return reading


def _read_digests(reading: Reading, files: Files, config: MkDocsConfig, sources: Sources, choice: Choice) -> None:
    read = [
        (file, data)
        for file in files.documentation_pages(inclusion=lambda _: True)
        if reading.is_built(file) and file.src_uri in choice and (data := content_of(file)) is not None
    ]
    with long_lived():
        expand = partial(with_includes, config=config, files=files)
        found = sources.read_all((file.src_uri, data, partial(expand, file=file)) for file, data in read)
        for (file, _), source in zip(read, found, strict=True):
            reading.findings += source.findings
            if separator := reading.posts.get(id(file)):
                reading.findings += lost_separator(source, file.src_uri, separator)
            reading.outside_links.append((file, source.outside))
            if source.recoded is not None:
                reading.recoded[file.src_uri] = source.recoded
            if source.hidden:
                reading.hidden.add(file.src_uri)
            if not source.off:
                reading.chosen.add(file.src_uri)
            if source.digest.sections:
                reading.digests[file.src_uri] = source.digest
    reading.findings += hidden_pages(reading.hidden & reading.chosen)
    reading.chosen -= reading.hidden


def check_unknown_keypoints(reading: Reading, level: str) -> None:
    """Raise PluginError if a site that is to be strict names keypoints that its file does not know."""
    if reading.unknown and level == "strict":
        names = len({item.message for item in reading.unknown})
        named = f"{names} keypoint{' is' if names == 1 else 's are'}"
        raise PluginError(f"paperdigest: {named} named that {reading.library.vocabulary.path} does not know.")


def content_of(file: File) -> bytes | None:
    """What a file holds; None if it cannot be read, which MkDocs reports when it reads the page."""
    try:
        return file.content_bytes
    except OSError:
        return None


def report(findings: Sequence[Finding]) -> None:
    for severity, line in summary(findings):
        _LOG.log(_LEVELS[severity], line)


def marker_finding(file: File, text: str, fault: str) -> Finding:
    # The file's own text, since the page's Markdown lacks the front matter.
    source = decode(content_of(file) or b"")[0]
    found = re.search(rf"paperdigest(?::|\s+)(?P<text>{re.escape(text)})", source)
    place = found.start("text") if found else 0
    line = source.count("\n", 0, place) + 1
    return finding("PD403", file.src_uri, line, place - source.rfind("\n", 0, place), text, advice=fault)
