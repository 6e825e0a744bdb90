"""The pages that are made of papers: those of keypoints and months, their indexes, and the home page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ..exports import ATOM_FILE, FILE_LABELS
from ..languages import Words
from ..library import (
    CATEGORIES,
    Branch,
    Hierarchy,
    Keypoint,
    Library,
    Month,
    archive,
    by_month,
    categories,
    hierarchy,
    index_outline,
    named_in,
    newest_first,
)
from ..records import Paper
from .layout import Layout
from .markdown_lists import BETWEEN, MOST_MONTHS, MarkdownLists
from .markdown_text import address, escaped, link

HOME = "index.md"  # the path of the home page

_NEWEST, _MOST_USED = 10, 30
_LINK = re.compile(r"(?<=\]\()(?P<url>[^()\s<>]+)(?=[)\s])")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#]", re.IGNORECASE)


@dataclass(frozen=True)
class MarkdownPages:
    """Makes the pages of a library. `name` is that of the site, `exports` are the paths of the files beside the pages."""

    library: Library
    layout: Layout
    lists: MarkdownLists
    words: Words
    name: str
    exports: frozenset[str]

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return hierarchy(self.library)

    @cached_property
    def archive(self) -> tuple[Month, ...]:
        return archive(self.library)

    @cached_property
    def _by_month(self) -> dict[str | None, list[Paper]]:
        return dict(by_month(self.library.records))

    def made(self) -> dict[str, Callable[[], str]]:
        options, layout = self.layout.options, self.layout
        made: dict[str, Callable[[], str]] = {}
        if not self.library.records:
            return made
        for path, make in (
            (options.keypoint_index, self._index),
            (options.months, self._months),
            (options.explorer, self._papers),
            (options.trends, self._trends),
        ):
            if path:
                made[path] = partial(make, path)
        for keypoint in self.library.keypoints:
            if path := layout.keypoint(keypoint):
                made[path] = partial(self._keypoint, keypoint, path)
        for number, month in enumerate(self.archive):
            if path := layout.month(month.month):
                made[path] = partial(self._month, number, path)
        made[HOME] = self._home
        return made

    # -- keypoints

    def _index(self, path: str) -> str:
        words = self.words
        shown = {keypoint.slug for keypoint in self.library.keypoints if keypoint.is_listed}
        outline = index_outline(self.library, self._hierarchy, shown)
        parts = [f"# {words('keypoint_heading')}\n"]
        if not shown:
            parts.append(f"{words('no_keypoint_yet')}\n")
        for group in outline.groups:
            parts += [f"## {escaped(group.name)}\n"] if group.name else []
            parts.append("".join(self._branches(group.branches, path)))
        if outline.others:
            named = any(group.name for group in outline.groups)
            parts += [f"## {words('other_keypoints')}\n"] if named else []
            parts.append("".join(f"- {self.lists.counted(keypoint, path)}\n" for keypoint in outline.others))
        return "\n".join(parts)

    def _branches(self, branches: Iterable[Branch], path: str, depth: int = 0) -> Iterator[str]:
        for branch in branches:
            yield f"{'    ' * depth}- {self.lists.counted(branch.keypoint, path)}\n"
            yield from self._branches(branch.children, path, depth + 1)

    def _keypoint(self, keypoint: Keypoint, path: str) -> str:
        words, lists = self.words, self.lists
        parts = [f"# {escaped(keypoint.label)}\n", f"{words('papers', keypoint.count)}\n"]
        if keypoint.entry and keypoint.entry.description:
            parts.append(f"{_from_docs(keypoint.entry.description.strip(), path)}\n")
        if keypoint.also_known:
            names = escaped(words("comma").join(keypoint.also_known))
            parts.append(f"{escaped(words('also_written_as'))} {names}\n")
        above, _ = self._hierarchy.above(keypoint)
        if above:
            way = " / ".join(lists.keypoint(one, path) for one in reversed(above))
            parts.append(f"{escaped(words('part_of'))}: {way}\n")
        if below := self._hierarchy.below.get(keypoint.slug):
            parts.append(f"{escaped(words('below_it'))}: {lists.keypoints(below, path)}\n")
        if not keypoint.papers and not keypoint.later:
            parts.append(f"{words('named_by_none_but_below' if keypoint.below else 'named_by_none')}\n")
        parts += self._parts(newest_first([*keypoint.papers, *keypoint.later]), path)
        parts += self._files(f"{self.layout.options.keypoint_pages}/{keypoint.slug}/", path)
        return "\n".join(parts)

    def _parts(self, papers: Sequence[Paper], path: str) -> Iterator[str]:
        for month, own in by_month(papers):
            yield f"## {escaped(self.words.month(month))}\n"
            yield self.lists.papers(own, path, months=False)

    # -- months

    def _months(self, path: str) -> str:
        return f"# {self.words('months_heading')}\n\n{self.lists.months(self.archive, path)}"

    def _month(self, number: int, path: str) -> str:
        words, lists, month = self.words, self.lists, self.archive[number]
        records = self._by_month[month.month]
        parts = [f"# {escaped(words.month(month.month))}\n", f"{words('papers', month.count)}\n"]
        counts = named_in(self.library, [paper for paper in records if paper.id not in self.library.same_as])
        named = [self.library.by_slug[slug] for slug in sorted(counts, key=lambda slug: -counts[slug])]
        if named:
            parts.append(
                f"{escaped(words('keypoint_heading'))}: {lists.keypoints(named[:_MOST_USED], path, counts)}"
                f"{BETWEEN + words('and_more', len(named) - _MOST_USED) if len(named) > _MOST_USED else ''}\n"
            )
        if month.new:
            new = words("comma").join(lists.keypoint(keypoint, path) for keypoint in month.new)
            parts.append(f"{escaped(words('months_new'))} {new}\n")
        parts.append(lists.papers(records, path, months=False))
        ways = []
        if number + 1 < len(self.archive):
            ways.append(f"{escaped(words('months_previous'))} {lists.month(self.archive[number + 1].month, path)}")
        if number:
            ways.append(f"{escaped(words('months_next'))} {lists.month(self.archive[number - 1].month, path)}")
        parts += [f"{BETWEEN.join(ways)}\n"] if ways else []
        return "\n".join(parts)

    # -- all papers

    def _papers(self, path: str) -> str:
        words = self.words
        parts = [f"# {words('explorer_heading')}\n", f"{words('papers', len(self.library.papers))}\n"]
        filed = []
        for category in categories(self.library):
            feed = f"{CATEGORIES}/{category.slug}/{ATOM_FILE}"
            atom = f"{BETWEEN}{link('Atom', address(path, feed))}" if feed in self.exports else ""
            filed.append(f"- {escaped(category.name)} ({len(category.papers)}){atom}\n")
        if filed:
            parts += [f"## {words('explorer_category')}\n", "".join(filed)]
        parts += [f"## {words('months_heading')}\n", self.lists.months(self.archive, path)]
        return "\n".join(parts)

    def _trends(self, path: str) -> str:
        named = [keypoint for keypoint in self.library.keypoints if keypoint.is_listed and keypoint.papers]
        parts = [f"# {self.words('trends')}\n"]
        if not self.library.months or not named:
            return f"{parts[0]}\n{self.words('trends_none')}\n"
        parts.append(self.lists.trends(named[:_MOST_USED], self.library.months[:MOST_MONTHS], path))
        return "\n".join(parts)

    # -- home

    def _home(self) -> str:
        words, lists, layout = self.words, self.lists, self.layout
        papers = self.library.papers
        ways = [words("papers", len(papers))]
        for path, name in (
            (layout.options.keypoint_index, "keypoint_heading"),
            (layout.options.months, "months_heading"),
        ):
            ways += [layout.linked(words(name), path, HOME)] if path else []
        parts = [f"# {escaped(self.name) or words('home')}\n", f"{BETWEEN.join(ways)}\n"]
        parts += [f"## {words('new_papers')}\n", lists.papers(papers[:_NEWEST], HOME)]
        listed = [keypoint for keypoint in self.library.keypoints if keypoint.is_listed]
        if listed:
            parts += [f"## {words('keypoint_heading')}\n", f"{lists.keypoints(listed[:_MOST_USED], HOME)}\n"]
        return "\n".join([*parts, *self._files("", HOME)])

    def _files(self, folder: str, path: str) -> list[str]:
        known = ((name, folder + file) for file, name in FILE_LABELS.items() if folder + file in self.exports)
        links = [link(name, address(path, file)) for name, file in known]
        return [f"{escaped(self.words('files'))} {BETWEEN.join(links)}\n"] if links else []


def _from_docs(markdown: str, path: str) -> str:
    """Markdown whose links begin at the docs folder, as it is on a page."""

    def moved(match: re.Match[str]) -> str:
        url: str = match["url"]
        if _ABSOLUTE.match(url):
            return url
        target, sign, fragment = url.partition("#")
        back = posixpath.relpath(".", posixpath.dirname(path) or ".")
        return posixpath.normpath(posixpath.join(back, target)) + sign + fragment if target else url

    return _LINK.sub(moved, markdown)
