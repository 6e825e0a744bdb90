"""All that is wrong with the digests of a site and with what it says of keypoints, found without a build."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from ..collection import Collection, Repository, hidden_pages, shown
from ..keypoints import unknown_keypoints
from ..library import check, repeated_papers
from ..reader import OutsideLink, link_target, marker_findings, mentions, read_digest, remember_mentions
from ..records import Digest, Finding, finding
from .figures import alt_findings
from .fixes import alias_findings, fixed, list_findings, repeated_findings, safe, spelling_findings

_ROUNDS = 5
"""So often what was mended is looked at again: a fix that stood beside another waits for the next round."""


def lint(collection: Collection, wanted: Callable[[str], bool], *, proved: bool = False) -> list[Finding]:
    """All findings whose codes are `wanted`, by path and place; `proved`: fixes can be applied together, as files were read again with them."""
    with remember_mentions():
        of_sources = [item for item in _findings(collection, wanted, proved=proved) if wanted(item.code)]
    of_settings = [item for item in collection.findings if wanted(item.code)]
    found = {*_at(of_settings, collection.options.folder), *_at(of_sources, collection.root)}
    return sorted(found, key=lambda item: (item.path, item.line, item.column, item.code, item.message))


def mended(collection: Collection, path: str, wanted: Callable[[str], bool]) -> str:
    """Apply all certain fixes whose code is `wanted` to the text of a file."""
    source = collection.sources[path]
    text, digest = source.text, source.digest
    if source.recoded is not None or not digest.sections:
        return text
    for _ in range(_ROUNDS):
        with remember_mentions():
            fixes = [item.fix for item in _fixable(text, digest, collection) if item.fix and wanted(item.code)]
        if fixes:
            fixes = safe(text, fixes, path, collection.labelled, collection.options.label_vocabulary)
        if not fixes:
            break
        text = fixed(text, fixes)
        digest = read_digest(text, path, collection.options.label_vocabulary)[0]
    return text


def _findings(collection: Collection, wanted: Callable[[str], bool], *, proved: bool) -> Iterator[Finding]:
    labels = collection.options.label_vocabulary
    digests = [(source.text, source.digest) for source in collection.sources.values() if source.digest.sections]
    yield from hidden_pages(path for path in collection.hidden if path in collection.sources)
    read = [source for source in collection.sources.values() if not source.hidden]
    for source in read:
        yield from source.findings
    for path, text in (*((source.path, source.text) for source in read), *collection.others.items()):
        yield from marker_findings(text, path, partial(check, collection.library))
    for text, digest in digests:
        found = [item for item in _fixable(text, digest, collection) if wanted(item.code)]
        if collection.sources[digest.path].recoded is not None:
            found = [replace(item, fix=None) for item in found]
        fixes = [item.fix for item in found if item.fix]
        if proved and fixes:
            kept = safe(text, fixes, digest.path, collection.labelled, labels)
            found = [item if item.fix in kept else replace(item, fix=None) for item in found]
        yield from found
        yield from repeated_findings(text, digest, collection.vocabulary, labels)
        if wanted("PD610"):
            yield from alt_findings(text, digest)
    yield from repeated_papers(collection.library)
    yield from spelling_findings(digests, collection.vocabulary, labels)
    yield from unknown_keypoints(digests, collection.vocabulary, collection.options.unknown_keypoints, labels)
    yield from collection.merged
    if collection.options.links_are_checked:
        yield from _outside(collection)
    if wanted("PD603"):
        yield from _near_duplicates(collection)


def _fixable(text: str, digest: Digest, collection: Collection) -> Iterator[Finding]:
    labels = collection.options.label_vocabulary
    yield from list_findings(text, digest, labels)
    yield from alias_findings(text, digest, collection.labelled, labels)


def _near_duplicates(collection: Collection) -> Iterator[Finding]:
    wanted: dict[str, list[tuple[str, str, str]]] = {}
    for pair in collection.similar:
        for name, other in ((pair.b, pair.a), (pair.a, pair.b)):
            keypoint = collection.library.keypoint(name)
            if keypoint and keypoint.papers:
                wanted.setdefault(keypoint.slug, []).append((name, other, pair.reason))
                break
    for source in collection.sources.values():
        slugs = {collection.vocabulary.slug(name) for paper in source.digest.papers for name in paper.keypoints or ()}
        if not slugs.isdisjoint(wanted):
            for mention in mentions(source.text, source.digest, collection.options.label_vocabulary):
                for seen in wanted.pop(collection.vocabulary.slug(mention.written), ()):
                    yield finding("PD603", source.digest.path, mention.line, mention.column, *seen)


def _outside(collection: Collection) -> Iterator[Finding]:
    options = collection.options
    docs = collection.root.absolute()
    repository = Repository.around(docs, options.folder.absolute(), options.repo_url)
    for path, source in collection.sources.items():
        for link in source.outside:
            if not _leads(docs, path, link):
                advice = repository.instead(link, path)
                yield finding("PD404", path, link.line, link.column, link.url, advice=advice)


def _leads(docs: Path, path: str, link: OutsideLink) -> bool:
    """Whether a link of raw HTML, which MkDocs leaves alone, leads to a page or a file of the site."""
    if not link.is_html:
        return False
    stem = posixpath.splitext(path)[0]
    page = path if posixpath.basename(stem) in ("index", "README") else f"{stem}/index.html"
    address = link_target(link.url, page)
    if address.split("/")[0] == "..":
        return False
    names = (address, f"{address}.md", f"{address}/index.md", f"{address}/README.md")
    # Nothing there on GitHub either: it may be what another plugin writes at the end, such as a feed.
    return any((docs / name).is_file() for name in names) or not os.path.exists(docs / link_target(link.url, path))


def _at(findings: Iterable[Finding], folder: Path) -> Iterator[Finding]:
    place = cache(lambda path: shown(folder / path).as_posix())
    return (replace(item, path=place(item.path)) for item in findings)
