"""The digests of a folder, read as their site reads them, without MkDocs: papers, keypoints, and what is wrong with them."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ..keypoints import (
    EMPTY_VOCABULARY,
    Acronyms,
    Similar,
    Vocabulary,
    learn_from,
    read_keypoints,
    similar,
    with_acronyms,
)
from ..library import Library, build_library
from ..lock import NOTHING, Lock, read_lock
from ..reader import front_matter
from ..records import Digest, Finding
from ..support import keypoint_key, write_inside
from .options import KEYPOINTS_FILE
from .page_text import PageRules, decode, inherited_meta
from .settings import FILES, SiteOptions, site_options
from .site_files import Choice, files_in, markdown_files, read_file
from .sources import Source, Sources

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Collection:
    """The digests of a site.

    `sources` are its Markdown files by their paths in `root`, `others` the texts of files that the options leave out and that may hold a
    marker, `hidden` the pages that readers are not to see. Paths in `findings`, of `keypoints.yml` and the lock file, are relative to the
    folder of the settings; `merged` are those of acronyms that were merged.
    """

    options: SiteOptions
    root: Path
    sources: Mapping[str, Source]
    vocabulary: Vocabulary
    lock: Lock
    others: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    merged: tuple[Finding, ...] = ()
    unreadable: tuple[str, ...] = ()
    paths: tuple[str, ...] | None = None
    reader: Sources = field(default_factory=Sources)

    @property
    def digests(self) -> Iterator[Digest]:
        return (source.digest for source in self.sources.values() if source.digest.sections)

    @cached_property
    def library(self) -> Library:
        return build_library(self.digests, self.vocabulary)

    @cached_property
    def labelled(self) -> Vocabulary:
        """The vocabulary in which keypoints without a label of their own have the one that they are shown with."""
        shown = self.library.by_slug
        entries = (e if e.is_labelled else replace(e, label=shown[e.slug].label) for e in self.vocabulary.entries)
        return replace(self.vocabulary, entries=tuple(entries))

    @cached_property
    def acronyms(self) -> Acronyms:
        return learn_from(self.digests)

    @cached_property
    def similar(self) -> list[Similar]:
        """Pairs of keypoints that may be one, best first; not those of which both are in `keypoints.yml`, since they are known as two."""
        counts = {
            written: len(keypoint.papers) if written == keypoint.label else 0
            for keypoint in self.library.keypoints
            for written in (keypoint.label, *keypoint.also_known)
        }
        found: dict[frozenset[str], Similar] = {}
        for pair in similar(counts, self.acronyms):
            one, other = (self.library.by_key[keypoint_key(name)] for name in (pair.a, pair.b))
            if one is not other and not (one.entry and other.entry):
                found.setdefault(frozenset((one.slug, other.slug)), pair)
        return list(found.values())

    def shown(self, path: str) -> str:
        return shown(self.root / path).as_posix()

    def has_mark(self, path: str) -> bool:
        return (read_file(self.root / path) or b"").startswith(codecs.BOM_UTF8)

    def again(self) -> Collection:
        """Read the digests again where they changed."""
        return read_collection(self.options, self.root, self.paths, reader=self.reader)

    def write(self, path: str, text: str) -> None:
        """Write a source in UTF-8; raises OSError if it cannot be written, or was changed since it was read."""
        write_text(self.root / path, text, self.sources[path].text, self.options.folder, self.root)


def options_for(place: Path) -> SiteOptions:
    """The options of the nearest settings at or above a place, else those of the working folder if it holds `place`, else of `place`."""
    start = place if place.is_dir() else place.parent
    folder = Path(os.path.abspath(start))
    for above in (folder, *folder.parents):
        if any((above / name).is_file() for name in FILES):
            return site_options(shown(above))
    options = site_options(Path() if folder.is_relative_to(Path.cwd()) else start)
    own = start / KEYPOINTS_FILE
    if options.keypoints and own.is_file() and not options.keypoints.is_file():
        return replace(options, keypoints_file=str(own))
    return options


def is_all(folder: Path, options: SiteOptions) -> bool:
    """Whether a folder means all of a site: it has the settings, or the command runs in it without any."""
    return any((folder / name).is_file() for name in FILES) or (
        options.path is None and os.path.abspath(folder) == os.path.abspath(options.folder)
    )


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or leads into it, `..` in both taken out and links left alone."""
    return Path(os.path.abspath(path)).is_relative_to(os.path.abspath(folder))


def read_collection(
    options: SiteOptions,
    root: Path,
    paths: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    reader: Sources | None = None,
) -> Collection:
    """Read digests of a site, by default all of its pages; raises OSError only if `keypoints.yml` or the lock file cannot be read."""
    vocabulary, findings = read_vocabulary(options.keypoints, options.folder)
    lock, wrong = read_lock_of(options.lock, options.folder)
    unreadable: list[str] = []
    chosen = Choice(options.include, options.exclude)
    given = None if paths is None else tuple(paths)
    if given is None:
        found = [path for path in markdown_files(root, unreadable.append) if not is_within(root / path, options.site)]
        paths = found if options.path is None else options.pages(found)
    else:
        paths = given
    reader = reader or Sources()
    rules = rules_of_settings(options, root)
    reader.begin(options.label_vocabulary, lock, rules=rules)
    sources: dict[str, Source] = {}
    others: dict[str, str] = {}
    hidden: set[str] = set()
    for done, path in enumerate(paths, 1):
        # MkDocs builds no site with a file whose name cannot be written anywhere.
        data = None if _SURROGATE.search(path) else read_file(root / path)
        if path in chosen and data is None:
            unreadable.append(path)
        elif path in chosen and data is not None:
            sources[path] = reader.read(path, data)
            if sources[path].hidden:
                hidden.add(path)
        elif data and rules.hides(path, front_matter(decode(data)[0])):
            hidden.add(path)
        elif data and b"paperdigest" in data and b"<!--" in data:
            others[path] = decode(data)[0]
        if progress:
            progress(done, len(paths))
    merged: list[Finding] = []
    if options.acronyms == "merge":
        texts = [(source.text, source.digest) for source in sources.values() if source.digest.sections]
        vocabulary, merged = with_acronyms(vocabulary, texts, options.label_vocabulary)
    return Collection(
        options,
        root,
        sources,
        vocabulary,
        lock,
        others,
        frozenset(hidden),
        (*findings, *wrong),
        tuple(merged),
        tuple(sorted(unreadable)),
        given,
        reader,
    )


def rules_of_settings(options: SiteOptions, root: Path) -> PageRules:
    """What a site says of its pages besides their own front matter, for paths in `root`."""
    names = {name for name, _ in options.meta_files}
    paths = files_in(options.docs, names.__contains__) if names else []
    files = {path: read_file(options.docs / path) or b"" for path in paths}
    below, above = _way(root, options.docs), _way(options.docs, root)
    given = ((start, values) for start, values in inherited_meta(files, options.meta_files))
    return replace(
        options.rules,
        inherited=tuple(
            (below + start[len(above) :], values)
            for start, values in given
            if start.startswith(above) or above.startswith(start)
        ),
    )


def _way(folder: Path, inside: Path) -> str:
    """The path of a folder in another one, ending in `/`; "" if it is not below it."""
    path = relative(inside, folder)
    return f"{path}/" if is_within(inside, folder) and path != "." else ""


def read_vocabulary(file: Path | None, folder: Path) -> tuple[Vocabulary, tuple[Finding, ...]]:
    """Read `keypoints.yml`, which need not be there; paths in findings are relative to `folder`. Raises OSError if it cannot be read."""
    if file is None or not file.is_file():
        return EMPTY_VOCABULARY, ()
    return read_keypoints(decode(file.read_bytes())[0], relative(file, folder))


def read_lock_of(file: Path, folder: Path) -> tuple[Lock, tuple[Finding, ...]]:
    if not file.is_file():
        return NOTHING, ()
    return read_lock(decode(file.read_bytes())[0], relative(file, folder))


def relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def shown(path: Path) -> Path:
    """A path as short as it can be written from here."""
    whole = os.path.abspath(path)
    try:
        return Path(min(os.path.relpath(whole), whole, key=len))
    except ValueError:  # another drive
        return Path(whole)


def write_text(file: Path, text: str, before: str, *folders: Path) -> None:
    """Write UTF-8, keep a byte order mark; raises OSError if the text is no longer `before` or the file leads out of `folders`."""
    data = file.read_bytes() if before or file.is_file() else b""
    if decode(data)[0] != before:
        raise OSError(f"{file} was changed while this ran, so it was left as it is")
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    write_inside(file, mark + text.encode("utf-8"), *folders)
