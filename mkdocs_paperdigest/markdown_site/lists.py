"""Lists of papers, keypoints and months as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..languages import Words
from ..library import Keypoint, Library, Month
from ..records import Paper
from .layout import Layout
from .markdown_text import escaped, escaped_line, link

BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Lists:
    """Makes lists on a page, whose path is `start`."""

    library: Library
    layout: Layout
    words: Words

    def papers(self, papers: Iterable[Paper], start: str, *, months: bool = True) -> str:
        """Papers with their categories and keypoints, and with their months if these do not stand above."""
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
        """Links to the other digests that have a paper, by their months, or by their names where several are of one month."""
        by_path = {other.path: other for other in reversed(self.library.also_in.get(paper.id, ()))}
        others = [other for path, other in reversed(by_path.items()) if path != paper.path]
        months = Counter([paper.month, *(other.month for other in others)])
        return [
            link(
                self.words.month(other.month) if other.month and months[other.month] == 1 else other.page,
                self.layout.to_paper(other, start),
            )
            for other in others
        ]

    def named(self, paper: Paper, start: str) -> list[str]:
        """Links to the keypoints of a paper, each once."""
        found: dict[str, str] = {}
        for written in paper.keypoints or ():
            if keypoint := self.library.keypoint(written):
                found.setdefault(keypoint.slug, self.keypoint(keypoint, start))
        return list(found.values())

    def keypoint(self, keypoint: Keypoint, start: str) -> str:
        """A keypoint that leads to its page."""
        return self.layout.linked(keypoint.label, self.layout.keypoint(keypoint), start)

    def counted(self, keypoint: Keypoint, start: str, count: int | None = None) -> str:
        """A keypoint with how many papers name it."""
        said = str(keypoint.count if count is None else count)
        if count is None and keypoint.below > keypoint.count:
            said += f", {self.words('with_those_below', keypoint.below)}"
        return f"{self.keypoint(keypoint, start)} ({said})"

    def keypoints(self, keypoints: Iterable[Keypoint], start: str, counts: Mapping[str, int] | None = None) -> str:
        """Keypoints with their counts, or with others by their slugs, on one line."""
        return BETWEEN.join(
            self.counted(keypoint, start, counts[keypoint.slug] if counts else None) for keypoint in keypoints
        )

    def month(self, month: str | None, start: str) -> str:
        """A month that leads to its page."""
        return self.layout.linked(self.words.month(month), self.layout.month(month), start)

    def trends(self, keypoints: Sequence[Keypoint], months: Sequence[str], start: str) -> str:
        """A table of how many papers of each month name each keypoint; `months` are those of its columns."""
        heads = [self.words("trends_keypoint"), self.words("trends_total"), *months]
        rows = [f"| {' | '.join(heads)} |", f"| :-- |{' --: |' * (len(heads) - 1)}"]
        for keypoint in keypoints:
            counts = dict(keypoint.months)
            numbers = [keypoint.count, *(counts.get(month, 0) for month in months)]
            rows.append(f"| {self.keypoint(keypoint, start)} | {' | '.join(map(str, numbers))} |")
        return "".join(f"{row}\n" for row in rows)

    def months(self, months: Sequence[Month], start: str) -> str:
        """Months with how many papers they have, and the digests of each."""
        items = []
        for month in months:
            digests = (link(path.rpartition(".")[0] or path, self.layout.to(path, start)) for path, _ in month.digests)
            said = BETWEEN.join([self.words("papers", month.count), *digests])
            items.append(f"- {self.month(month.month, start)}: {said}\n")
        return "".join(items)
