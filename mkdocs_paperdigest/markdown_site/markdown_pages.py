"""The pages that are made of papers, by templates: the home page, those of the registry, and those of keypoints and months."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container
from functools import partial
from pathlib import Path
from typing import Any

import jinja2

from ..exports import FILE_LABELS
from ..languages import Words
from ..library import Keypoint, Library, archive, by_month, categories, hierarchy, index_outline, named_in, newest_first
from ..pages import GENERATED_PAGES, HOME_KEYPOINTS, HOME_PAPERS, keypoints_of
from .export_files import Files
from .links import HOME, Layout, PageLinks, escaped, escaped_line

MOST_MONTHS = 12  # how many months a table of trends has
_CONSTANTS = {
    "FILE_LABELS": FILE_LABELS,
    "HOME_KEYPOINTS": HOME_KEYPOINTS,
    "HOME_PAPERS": HOME_PAPERS,
    "MOST_MONTHS": MOST_MONTHS,
    "MOST_NAMED": 30,  # how many keypoints a month and the trends name
    "categories": categories,
    "keypoints_of": keypoints_of,
}
"""What templates know besides the site and the words of its language."""

_LINK = re.compile(r"(?<=\]\()(?P<url>[^()\s<>]+)(?=[)\s])")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#]", re.IGNORECASE)


class MarkdownPages:
    """Makes the pages of a library. `name` is that of the site, `exports` are the paths of the files beside the pages."""

    def __init__(self, library: Library, layout: Layout, words: Words, name: str, exports: Container[str]) -> None:
        self.library = library
        self.layout = layout
        self.words = words
        self.name = name
        self.exports = exports
        self.listed = [keypoint for keypoint in library.keypoints if keypoint.is_listed]
        self.named = [keypoint for keypoint in self.listed if keypoint.papers]
        self.archive = archive(library)
        self._by_month = dict(by_month(library.records))
        self._hierarchy = hierarchy(library)
        self.outline = index_outline(library, self._hierarchy, {keypoint.slug for keypoint in self.listed})
        self._templates = jinja2.Environment(  # noqa: S701 - of Markdown: what is text passes the filter `text`
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters |= {"text": escaped, "line": escaped_line}
        self._templates.globals |= _CONSTANTS | {"site": self, "words": words}

    def made(self) -> Files:
        options, layout = self.layout.options, self.layout
        made: Files = {}
        if not self.library.records:
            return made
        for row in GENERATED_PAGES:
            if row.markdown and (path := getattr(options, row.option)):
                made[path] = partial(self._page, row.markdown, path, title=self.words(row.title))
        for keypoint in self.library.keypoints:
            if path := layout.keypoint(keypoint):
                made[path] = partial(self._keypoint, keypoint, path)
        for number, month in enumerate(self.archive):
            if path := layout.month(month.month):
                made[path] = partial(self._month, number, path)
        if options.home and not layout.own_page(HOME):
            made[HOME] = partial(self._page, "home.md", HOME, folder="")
        return made

    def lists(self, path: str) -> Any:
        """The macros of `lists.md` for a page."""
        return self._templates.get_template("lists.md").make_module({"links": PageLinks(self.layout, self.words, path)})

    def _page(self, template: str, path: str, **context: Any) -> bytes:
        made = self._templates.get_template(template).render(links=PageLinks(self.layout, self.words, path), **context)
        return (made.rstrip("\n") + "\n").encode("utf-8", "replace")

    def _keypoint(self, keypoint: Keypoint, path: str) -> bytes:
        description = keypoint.entry.description if keypoint.entry else ""
        return self._page(
            "keypoint.md",
            path,
            keypoint=keypoint,
            description=_from_docs(description.strip(), path),
            above=self._hierarchy.above(keypoint)[0],
            below=self._hierarchy.below.get(keypoint.slug),
            months=by_month(newest_first([*keypoint.papers, *keypoint.later])),
            folder=f"{self.layout.options.keypoint_pages}/{keypoint.slug}/",
        )

    def _month(self, number: int, path: str) -> bytes:
        month = self.archive[number]
        records = self._by_month[month.month]
        counts = named_in(self.library, [paper for paper in records if paper.id not in self.library.same_as])
        return self._page(
            "month.md",
            path,
            month=month,
            records=records,
            counts=counts,
            named=[self.library.by_slug[slug] for slug in sorted(counts, key=lambda slug: -counts[slug])],
            previous=self.archive[number + 1] if number + 1 < len(self.archive) else None,
            following=self.archive[number - 1] if number else None,
        )


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
