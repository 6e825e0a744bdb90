"""What the PATH of a command means: which digests are read, and of which of them it is to speak."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..collection import (
    KEYPOINTS_FILE,
    MARKDOWN,
    Collection,
    SiteOptions,
    is_all,
    is_within,
    options_for,
    read_collection,
    relative,
    shown,
)
from .terminal import UsageError, progress, say, say_unreadable


def add_path(parser: argparse.ArgumentParser, what: str = "a docs folder") -> None:
    """Add the argument PATH of a command that takes one or none."""
    text = f"{what} (default: the docs_dir of mkdocs.yml)"
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help=text)


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add the arguments PATH of a command that takes any number."""
    text = "docs folders or Markdown files (default: the docs_dir of mkdocs.yml)"
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=text)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Digests that belong together, and the files among them that were asked for, as paths in their root; None for all."""

    collection: Collection
    files: frozenset[str] | None = None

    def speaks_of(self, path: str) -> bool:
        return self.files is None or path in self.files


def choose(paths: Sequence[Path], *, drafts: bool = True) -> list[Chosen]:
    """Read the digests that `paths` name, each with all of its docs, `drafts` of MkDocs among them or not. Raises UsageError."""
    wanted: dict[tuple[Path, Path], tuple[SiteOptions, list[Path] | None]] = {}
    alone: dict[Path, tuple[SiteOptions, list[Path]]] = {}
    for path in paths or [Path()]:
        if not (os.path.isdir(path) or os.path.isfile(path)):  # which take any name
            raise UsageError(f"there is no file or folder {path}")
        options = options_for(path) if drafts else options_for(path).built
        files = None if path.is_dir() and is_all(path, options) else [path]
        if path.is_file() and not _is_of_settings(path, options):
            if path.suffix not in MARKDOWN:
                raise UsageError(f"{path} is no Markdown: its name must end in one of {', '.join(MARKDOWN)}")
            if not is_within(path, options.docs):
                if options.path:
                    say(f"{path} was left out: it is not in {shown(options.docs)}, the folder of the pages")
                else:
                    alone.setdefault(options.folder, (options, []))[1].append(path)
                continue
        root = path if path.is_dir() and not (files is None or is_within(path, options.docs)) else docs_folder(options)
        root = shown(root)
        known = wanted.get((options.folder, root), (options, []))[1]
        wanted[options.folder, root] = (options, None if files is None or known is None else [*known, *files])
    chosen = [_chosen(options, root, files) for (_, root), (options, files) in wanted.items()]
    for options, files in alone.values():
        root = Path(os.path.commonpath([os.path.abspath(file.parent) for file in files]))
        chosen.append(Chosen(_read(options, shown(root), [relative(file, root) for file in files])))
    return chosen


def choose_one(path: Path | None) -> Collection:
    return choose_part(path).collection


def choose_part(path: Path | None, *, drafts: bool = True) -> Chosen:
    """Read the digests of one site, report faults of its `keypoints.yml` and lock file, and keep which files were asked for."""
    found = choose([path] if path else [], drafts=drafts)
    if not found:
        raise UsageError(f"{path} is none of the pages of its site")
    collection = found[0].collection
    for item in collection.findings:
        if item.code in ("PD501", "PD508"):
            say(str(replace(item, path=shown(collection.options.folder / item.path).as_posix())))
    return found[0]


def _chosen(options: SiteOptions, root: Path, files: Sequence[Path] | None) -> Chosen:
    collection = _read(options, root)
    if files is None:
        return Chosen(collection)
    inside: set[str] = set()
    pages = {*collection.sources, *collection.others, *collection.unreadable}
    for file in files:
        path = relative(file, root)
        if path == ".":
            return Chosen(collection)
        found = {path} & pages or {page for page in pages if page.startswith(f"{path}/")}
        if not found and file.is_file() and not _is_of_settings(file, options):
            say(f"{file} was left out: it is none of the pages of its site")
        inside |= found
    return Chosen(collection, frozenset(inside))


def _read(options: SiteOptions, root: Path, paths: Iterable[str] | None = None) -> Collection:
    for line in options.ignored:
        say(line)
    if options.keypoints and options.keypoints != options.folder / KEYPOINTS_FILE and not options.keypoints.is_file():
        say(f"there is no file {options.keypoints}, which the option `keypoints_file` names")
    with progress("reading") as report:
        collection = read_collection(options, root, paths, report)
    say_unreadable(map(collection.shown, collection.unreadable))
    return collection


def docs_folder(options: SiteOptions) -> Path:
    """The folder of the pages; that of the settings where there are none. Raises UsageError."""
    if options.docs.is_dir():
        return options.docs
    if options.path:
        raise UsageError(f"there is no folder {options.docs}, which {options.path} names as the folder of the pages")
    return options.folder


def _is_of_settings(path: Path, options: SiteOptions) -> bool:
    files = (options.path, options.keypoints, options.lock)
    return os.path.abspath(path) in {os.path.abspath(file) for file in files if file}
