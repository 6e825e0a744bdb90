"""Lists of papers, keypoints and months as Markdown, and those that comments such as `<!-- paperdigest:recent -->` ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..languages import Words
from ..library import Keypoint, Library, Month, archive, check, selected, selected_keypoints, selected_records
from ..reader import (
    DEFAULT_LABELS,
    MARKER_PATTERN,
    Marker,
    MarkerError,
    matched_marker,
    parse_blocks,
    split_front_matter,
    walk_blocks,
)
from ..records import Paper
from .layout import Layout
from .markdown_text import escaped, escaped_line, link

BETWEEN = " · "
MOST_MONTHS = 12  # how many months a table of trends has

_ALONE = re.compile(rf"^ {{0,3}}(?:{MARKER_PATTERN})[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MarkdownLists:
    """Makes lists on a page, whose path is `start`."""

    library: Library
    layout: Layout
    words: Words

    def papers(self, papers: Iterable[Paper], start: str, *, months: bool = True) -> str:
        """Papers with their categories and keypoints, and with their months if no heading names these."""
        return "".join(self._paper(paper, start, months=months) for paper in papers)

    def _paper(self, paper: Paper, start: str, *, months: bool) -> str:
        title = link(paper.title or self.words("untitled"), self.layout.to_paper(paper, start))
        below: list[str] = []
        if months and paper.month:
            below.append(self.month(paper.month, start))
        if paper.category:
            below.append((escaped if below else escaped_line)(paper.category))
        if digests := self._digests(paper, start):
            names = self.words("comma").join(digests)
            below.append(escaped(self.words("also_in", names="\0")).replace("\0", names))
        below += self.named(paper, start)
        # Two spaces at the end are a line break everywhere; four before the next line keep it in its item.
        return f"- {title}" + (f"  \n    {BETWEEN.join(below)}\n" if below else "\n")

    def _digests(self, paper: Paper, start: str) -> list[str]:
        """Links to the other digests that have a paper, by their months if these tell them apart, else by their names."""
        return [
            link(self.words.month(other.month) if by_month else other.page, self.layout.to_paper(other, start))
            for other, by_month in self.library.other_digests(paper)
        ]

    def named(self, paper: Paper, start: str) -> list[str]:
        found: dict[str, str] = {}
        for written in paper.keypoints or ():
            if keypoint := self.library.keypoint(written):
                found.setdefault(keypoint.slug, self.keypoint(keypoint, start))
        return list(found.values())

    def keypoint(self, keypoint: Keypoint, start: str) -> str:
        return self.layout.linked(keypoint.label, self.layout.keypoint(keypoint), start)

    def counted(self, keypoint: Keypoint, start: str, count: int | None = None) -> str:
        number = str(keypoint.count if count is None else count)
        if count is None and keypoint.below > keypoint.count:
            number += f", {self.words('with_those_below', keypoint.below)}"
        return f"{self.keypoint(keypoint, start)} ({number})"

    def keypoints(self, keypoints: Iterable[Keypoint], start: str, counts: Mapping[str, int] | None = None) -> str:
        return BETWEEN.join(
            self.counted(keypoint, start, counts[keypoint.slug] if counts else None) for keypoint in keypoints
        )

    def month(self, month: str | None, start: str) -> str:
        return self.layout.linked(self.words.month(month), self.layout.month(month), start)

    def trends(self, keypoints: Sequence[Keypoint], months: Sequence[str], start: str) -> str:
        heads = [self.words("trends_keypoint"), self.words("trends_total"), *months]
        rows = [f"| {' | '.join(heads)} |", f"| :-- |{' --: |' * (len(heads) - 1)}"]
        for keypoint in keypoints:
            counts = dict(keypoint.months)
            numbers = [keypoint.count, *(counts.get(month, 0) for month in months)]
            rows.append(f"| {self.keypoint(keypoint, start)} | {' | '.join(map(str, numbers))} |")
        return "".join(f"{row}\n" for row in rows)

    def months(self, months: Sequence[Month], start: str) -> str:
        items = []
        for month in months:
            digests = (link(path.rpartition(".")[0] or path, self.layout.to(path, start)) for path, _ in month.digests)
            line = BETWEEN.join([self.words("papers", month.count), *digests])
            items.append(f"- {self.month(month.month, start)}: {line}\n")
        return "".join(items)


class MarkerFiller:
    """Puts lists in. A comment with other text on its line, in code, or that asks for what is not there stays as it is."""

    def __init__(self, library: Library, lists: MarkdownLists) -> None:
        self._library = library
        self._lists = lists
        self._makers: Mapping[str, Callable[[Marker, str], str]] = {
            "recent": self._papers,
            "papers": self._papers,
            "keypoints": self._keypoints,
            "months": self._months,
            "trends": self._trends,
        }

    def filled(self, text: str, path: str) -> str:
        if "paperdigest" not in text or not _ALONE.search(text):
            return text
        whole = text
        _, body, above = split_front_matter(whole)
        code: set[int] = set()
        for block in walk_blocks(parse_blocks(body.split("\n"), DEFAULT_LABELS).blocks):
            if block.kind in ("fence", "code"):
                code.update(range(block.start + above, block.end + above))

        def put(match: re.Match[str]) -> str:
            if whole.count("\n", 0, match.start()) in code:
                return match[0]
            try:
                marker = matched_marker(match)
                make = self._makers.get(marker.name)
                made = make(marker, path) if make else ""
            except MarkerError:
                return match[0]
            return f"\n{made.strip()}\n" if made else match[0]

        return _ALONE.sub(put, whole)

    def _papers(self, marker: Marker, path: str) -> str:
        return self._lists.papers(selected(self._library, marker)[: marker.limit or None], path)

    def _keypoints(self, marker: Marker, path: str) -> str:
        listed, counts = selected_keypoints(self._library, marker)
        return self._lists.keypoints(listed[: marker.limit or None], path, counts or None)

    def _trends(self, marker: Marker, path: str) -> str:
        check(self._library, marker)
        named = [self._library.named_by(written) for written in marker.keypoints]
        listed = [keypoint for keypoint in self._library.keypoints if keypoint.is_listed and keypoint.papers]
        shown = [keypoint for keypoint in named if keypoint] or listed
        months = [month for month in self._library.months if marker.holds(month)]
        return self._lists.trends(shown[: marker.limit or None], months[:MOST_MONTHS], path) if months else ""

    def _months(self, marker: Marker, path: str) -> str:
        papers = selected_records(self._library, replace(marker, sort="")) if marker.chooses else None
        months = archive(self._library, papers)
        return self._lists.months(months[: marker.limit or None], path)
