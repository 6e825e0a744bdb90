"""The library as data of the explorer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from ..library import Keypoint, Library
from ..records import Paper
from ..support import github_slug
from .index_data import around_slugs, script, short_slug

GLOBAL = "paperdigestPapers"
"""The name that the script gives the data; `explorer.js` takes it from there."""


def explorer_data(
    library: Library, page_url: Callable[[str], str], keypoint_url: Callable[[Keypoint], str | None]
) -> str:
    """A script that sets `paperdigestPapers` to what the explorer knows of the papers, in the order of the library.

    `page_url` gives the address of a digest's page from its path, `keypoint_url` that of a keypoint's page or None
    if there is none; both relative to the site's root and not percent-encoded.

    What `explorer.js` can derive is left out: an address that is as `pages` or `keypoints` say, a slug, an anchor, an id. Columns
    that repeat are runs: a value, how often, the next value, …

    titles     plain text, a paper each
    page       runs of indexes of `pages`: a path without suffix, or [path, url] where the url is not path and `ending`
    day        runs of `YYYY-MM-DD`, `YYYY-MM` or ""
    category   runs of indexes of `categories`, -1 for none
    named      the keypoints of a paper, comma-separated: `3` is `keypoints[3]` by its label, `3.1` by its first other name
    anchors    0 for Python-Markdown's of the title, 1 for GitHub's, or the anchor; nothing for papers at the end that have 0
    ids        0 for page and anchor, or the id; nothing for papers at the end that have 0
    keypoints  a label, or [label, slug, url, hue, other name, …]: slug 0 is derived, url 0 is `around` the slug, -1 is none,
               hue -1 is neutral
    hidden     indexes of keypoints that no list shows
    """
    papers = library.papers
    keypoints = library.named
    ending = _ending(papers, page_url)
    pages = _numbers(paper.path for paper in papers)
    categories = _numbers(paper.category for paper in papers if paper.category is not None)
    around = around_slugs((keypoint, keypoint_url(keypoint) or "") for keypoint in keypoints)
    numbers = _spellings(keypoints)
    data = {
        "ending": ending,
        "pages": [_page(path, page_url(path), ending) for path in pages],
        "categories": list(categories),
        "around": around,
        "keypoints": [_keypoint(keypoint, keypoint_url(keypoint), around) for keypoint in keypoints],
        "hidden": [n for n, keypoint in enumerate(keypoints) if not keypoint.is_listed],
        "titles": [paper.title for paper in papers],
        "page": _runs(pages[paper.path] for paper in papers),
        "day": _runs(paper.day for paper in papers),
        "category": _runs(-1 if paper.category is None else categories[paper.category] for paper in papers),
        "named": [",".join(numbers[written] for written in paper.keypoints or ()) for paper in papers],
        "anchors": _without_zeros([_anchor(paper) for paper in papers]),
        "ids": _without_zeros([0 if paper.id == paper.address else paper.id for paper in papers]),
    }
    return script(GLOBAL, data)


def _anchor(paper: Paper) -> int | str:
    # A browser may know letters that this Python does not.
    if paper.title.isascii() or all(unicodedata.category(c) != "Cn" for c in paper.title):
        for number, derived in enumerate((_ascii_anchor, github_slug)):
            if derived(paper.title) == paper.anchor:
                return number
    return paper.anchor


def _ascii_anchor(title: str) -> str:
    """Python-Markdown's id of a heading; its regular expressions know more white space than JavaScript's, so not here."""
    text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^\w\s-]", "", text, flags=re.ASCII).strip(" \t\n\r\f\v").lower()
    return re.sub(r"[-\s]+", "-", text, flags=re.ASCII)


def _page(path: str, url: str, ending: str) -> str | list[str]:
    stem = path.rpartition(".")[0] or path
    return stem if url == stem + ending else [stem, url]


def _ending(papers: Sequence[Paper], page_url: Callable[[str], str]) -> str:
    """What most addresses of pages have behind the path: that of the first page that begins with its path."""
    urls = ((paper.page, page_url(paper.path)) for paper in papers)
    return next((url.removeprefix(page) for page, url in urls if url.startswith(page)), "")


def _keypoint(keypoint: Keypoint, url: str | None, around: Sequence[str]) -> str | list[str | int]:
    address = -1 if url is None else 0 if url == keypoint.slug.join(around) else url
    hue = -1 if keypoint.hue is None else keypoint.hue
    row = [keypoint.label, short_slug(keypoint), address, hue, *keypoint.also_known]
    return keypoint.label if row[1:] == [0, 0, -1] else row


def _spellings(keypoints: Iterable[Keypoint]) -> dict[str, str]:
    """What `named` has for each spelling in papers."""
    numbers = {}
    for n, keypoint in enumerate(keypoints):
        others = keypoint.also_known
        for written in keypoint.written:
            numbers[written] = str(n) if written == keypoint.label else f"{n}.{others.index(written) + 1}"
    return numbers


def _numbers(values: Iterable[str]) -> dict[str, int]:
    return {value: n for n, value in enumerate(dict.fromkeys(values))}


def _runs(values: Iterable[str | int]) -> list[str | int]:
    return [item for value, run in groupby(values) for item in (value, sum(1 for _ in run))]


def _without_zeros(values: list[str | int] | list[int | str]) -> list[str | int]:
    end = next((n for n in range(len(values), 0, -1) if values[n - 1] != 0), 0)
    return [*values[:end]]
