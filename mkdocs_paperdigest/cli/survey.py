"""What a folder of Markdown holds: how many papers, of which months, with which labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..collection import PageRules, decode_page, markdown_files, read_file
from ..library import build_library, repeated_papers
from ..reader import DEFAULT_LABELS, LabelVocabulary
from ..records import Digest, Finding

_MATH_FENCE = re.compile(r"^[ \t>*+-]*(?:`{3,}|~{3,})[ \t]*math[ \t]*$", re.MULTILINE)
# A price has neither an operator in it nor is it one letter.
_MATH = re.compile(
    r"^[ \t]*\$\$|(?<![\\$\w])\$(?:[A-Za-z]|(?=[^$\n]*[\\^_{}=<>])[^\s$](?:[^$\n]*[^\s$\\])?)\$(?!\w)", re.M
)

Counts = Mapping[str, int]
"""How often each name is there, most frequent first."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. `digests` are the paths of the files with papers, relative to the folder, with forward slashes.

    `months` are newest first; the papers `without_month` are not in them. `keypoints` are counted as the site counts them.
    `unknown_labels` mean nothing known, `findings` are codes. `unreadable` are paths that could not be read. `repeats` are digests
    nearly all of whose titles stand in another, and that other. `math` and `math_fences` tell whether a digest has formulas as `$…$`,
    and in fences.
    """

    files: int
    digests: tuple[str, ...]
    papers: int
    months: Counts
    without_month: int
    fields: Counts
    papers_with_keypoints: int
    keypoints: Counts
    categories: Counts
    unknown_labels: Counts
    findings: Counts
    unreadable: tuple[str, ...]
    repeats: Mapping[str, str]
    math: bool
    math_fences: bool


def take_survey(
    place: Path,
    labels: LabelVocabulary = DEFAULT_LABELS,
    progress: Callable[[int, int], None] | None = None,
    rules: PageRules = PageRules(),  # noqa: B008 - never changed
    chosen: Callable[[list[str]], list[str]] = list,
) -> Survey:
    """Survey a folder or file, in whatever order the file system lists it; `chosen` selects paths. Raises nothing for what files hold."""
    unreadable: list[str] = []
    root, paths = (
        (place.parent, [place.name]) if place.is_file() else (place, chosen(markdown_files(place, unreadable.append)))
    )
    digests: list[Digest] = []
    findings: list[Finding] = []
    files = 0
    math = math_fences = False
    for done, path in enumerate(paths, 1):
        data = read_file(root / path)
        if data is None:
            unreadable.append(path)
        else:
            files += 1
            page = decode_page(path, data, rules)
            digest, found = page.read(labels)
            findings += (*page.wrong_encoding, *found)
            if digest.sections:
                digests.append(digest)
                math = math or bool(_MATH.search(page.text))
                math_fences = math_fences or bool(_MATH_FENCE.search(page.text))
        if progress:
            progress(done, len(paths))
    library = build_library(digests)
    papers = library.records
    months = Counter(paper.month for paper in papers if paper.month)
    return Survey(
        files=files,
        digests=tuple(digest.path for digest in digests),
        papers=len(papers),
        months=dict(sorted(months.items(), reverse=True)),
        without_month=len(papers) - months.total(),
        fields=_counts(field.label for paper in papers for field in paper.fields),
        papers_with_keypoints=sum(bool(paper.keypoints) for paper in papers),
        keypoints={keypoint.label: keypoint.count for keypoint in library.keypoints},
        categories=_counts(paper.category for paper in papers if paper.category),
        unknown_labels=_counts(label for paper in papers for label in paper.unknown),
        findings=_counts(item.code for item in (*findings, *repeated_papers(library))),
        unreadable=tuple(sorted(unreadable)),
        repeats=dict(_repeats(digests)),
        math=math,
        math_fences=math_fences,
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


def _counts(names: Iterable[str]) -> Counts:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))
