"""What a folder of Markdown holds: how many papers, of which months, with which labels."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..library import build_library, repeated_papers
from ..reader import DEFAULT_LABELS, LabelVocabulary, plain_front_matter, read_page, split_front_matter
from ..records import Digest, Finding, finding
from .page_rules import PageRules
from .site_folder import is_built_among_pages
from .sources import decode

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""The suffixes of the files that MkDocs takes for pages."""

SKIPPED = ("node_modules", "__pycache__", "venv", "env", "site-packages")
"""Folders whose Markdown is not the repository's own; hidden folders are skipped, too."""

_MATH_FENCE = re.compile(r"^[ \t>*+-]*(?:`{3,}|~{3,})[ \t]*math[ \t]*$", re.MULTILINE)
# A price has neither an operator in it nor is it one letter.
_MATH = re.compile(
    r"^[ \t]*\$\$|(?<![\\$\w])\$(?:[A-Za-z]|(?=[^$\n]*[\\^_{}=<>])[^\s$](?:[^$\n]*[^\s$\\])?)\$(?!\w)", re.M
)

Counts = tuple[tuple[str, int], ...]
"""Names and how often each is there, most frequent first."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. `digests` are the paths of the files with papers, relative to the folder, with forward slashes.

    `months` are newest first; the papers `without_month` are not in them. `naming` papers name keypoints, `keypoints` are
    counted as the site counts them. `unknown` are labels that mean nothing known, `findings` codes. `math` and `math_fences`
    tell whether a digest has formulas as `$…$`, and in fences. `unreadable` are paths that could not be read. `repeats`
    are digests nearly all of whose titles stand in another, and that other.
    """

    files: int
    digests: tuple[str, ...]
    papers: int
    months: Counts
    without_month: int
    fields: Counts
    naming: int
    keypoints: Counts
    categories: Counts
    unknown: Counts
    findings: Counts
    math: bool = False
    math_fences: bool = False
    unreadable: tuple[str, ...] = ()
    repeats: tuple[tuple[str, str], ...] = ()


def take_survey(
    place: Path,
    labels: LabelVocabulary = DEFAULT_LABELS,
    progress: Callable[[int, int], None] | None = None,
    rules: PageRules = PageRules(),  # noqa: B008 - never changed
    chosen: Callable[[list[str]], list[str]] = list,
) -> Survey:
    """Read the Markdown of a folder, or one file.

    `rules` say which pages give no papers; `chosen` gives those of the paths in a folder that are read. `progress` is called with the
    files that are done and all files. The same files give the same survey, in whatever order
    the file system lists them. Raises nothing for what stands in a file, or for one that cannot be read.
    """
    unreadable: list[str] = []
    root, paths = (
        (place.parent, [place.name]) if place.is_file() else (place, chosen(markdown_files(place, unreadable.append)))
    )
    digests: list[Digest] = []
    findings: list[Finding] = []
    files = 0
    math = math_fences = False
    for done, path in enumerate(paths, 1):
        text = _text(root / path, path, findings)
        if text is None:
            unreadable.append(path)
        else:
            files += 1
            digest, found = _read(text, path, labels, rules)
            findings += found
            if digest.sections:
                digests.append(digest)
                math = math or bool(_MATH.search(text))
                math_fences = math_fences or bool(_MATH_FENCE.search(text))
        if progress:
            progress(done, len(paths))
    library = build_library(digests)
    papers = library.records
    return Survey(
        files=files,
        digests=tuple(digest.path for digest in digests),
        papers=len(papers),
        months=tuple(sorted(Counter(paper.month for paper in papers if paper.month).items(), reverse=True)),
        without_month=sum(paper.month is None for paper in papers),
        fields=_counts(field.label for paper in papers for field in paper.fields),
        naming=sum(bool(paper.keypoints) for paper in papers),
        keypoints=tuple((keypoint.label, keypoint.count) for keypoint in library.keypoints),
        categories=_counts(paper.category for paper in papers if paper.category),
        unknown=_counts(label for paper in papers for label in paper.unknown),
        findings=_counts(item.code for item in (*findings, *repeated_papers(library))),
        math=math,
        math_fences=math_fences,
        unreadable=tuple(sorted(unreadable)),
        repeats=tuple(_repeats(digests)),
    )


def _repeats(digests: Sequence[Digest]) -> Iterator[tuple[str, str]]:
    places: dict[str, set[str]] = {}
    for digest in digests:
        for paper in digest.papers:
            places.setdefault(paper.title.casefold(), set()).add(digest.path)
    for digest in digests:
        titles = {paper.title.casefold() for paper in digest.papers}
        others = Counter(path for title in titles for path in places[title] if path != digest.path)
        for path, shared in sorted(others.items(), key=lambda item: (-item[1], item[0]))[:1]:
            if shared * 10 >= len(titles) * 9:
                yield digest.path, path


def markdown_files(folder: Path, refused: Callable[[str], object] | None = None) -> list[str]:
    """The Markdown files of a folder and those below it, as `files_in` gives them."""
    return files_in(folder, _is_page, refused)


def files_in(
    folder: Path, is_wanted: Callable[[str], bool], refused: Callable[[str], object] | None = None
) -> list[str]:
    """The files of a folder and those below it whose names are wanted: paths relative to it, with forward slashes, sorted.

    A built site and what `SKIPPED` names is passed over. A link to a folder is followed if it leads out of `folder`, each
    target once: what it leads to inside is found where it is. `refused` is called with each folder that cannot be listed.
    """

    def tell(error: OSError) -> None:
        if refused:
            refused(Path(error.filename).relative_to(folder).as_posix())

    found: list[str] = []
    real = folder.resolve()
    visited: set[Path] = set()
    for here, folders, files in os.walk(folder, onerror=tell, followlinks=True):
        folders[:] = [name for name in sorted(folders) if _is_own(Path(here, name), real, visited)]
        found += [Path(here, name).relative_to(folder).as_posix() for name in files if is_wanted(name)]
    return sorted(found)


def _is_page(name: str) -> bool:
    return name.endswith(MARKDOWN) and not name.startswith(".")


def _is_own(folder: Path, root: Path, visited: set[Path]) -> bool:
    if folder.name.startswith(".") or folder.name in SKIPPED or is_built_among_pages(folder):
        return False
    if not folder.is_symlink():
        return True
    to = folder.resolve()
    is_new = not (to.is_relative_to(root) or root.is_relative_to(to) or to in visited)
    visited.add(to)
    return is_new


def _text(file: Path, path: str, findings: list[Finding]) -> str | None:
    if not file.is_file():  # a link to nothing, or a pipe, which would be waited for
        return None
    try:
        text, encoding = decode(file.read_bytes())
    except OSError:
        return None
    if encoding != "utf-8":
        findings.append(finding("PD001", path, 1, 1, encoding))
    return text


def _read(text: str, path: str, labels: LabelVocabulary, rules: PageRules) -> tuple[Digest, tuple[Finding, ...]]:
    meta, body, above = split_front_matter(text)
    said = meta or plain_front_matter(text)
    if rules.is_off(path, said) or rules.hides(path, said):
        return Digest(path), ()
    return read_page(body, path, above + 1, meta=meta, labels=labels)


def _counts(names: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))
