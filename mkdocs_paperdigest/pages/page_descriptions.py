"""What a page holds, in a sentence or two: for search engines, and for previews of links.

160 letters at most, since results show no more (https://developers.google.com/search/docs/appearance/snippet names no length,
but cuts "as needed, typically to fit the device width"). A list of names is as long as there is room; no name is cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from ..languages import Words
from ..library import Keypoint, Library
from ..reader import read_inline
from ..records import Paper
from .paper_lists import keypoints_of

MOST = 160  # how many letters a description has at most

_TELLING_FIELDS = ("tldr", "summary", "abstract", "objective", "conclusion", "method")
"""The fields that tell what a paper is about, best first."""
_LIST = re.compile(r"^[^\S\n]*(?:[-*+>#]+|\d+[.)])\s+", re.MULTILINE)
_MANY_NAMES = 20  # more names than a description has room for


def digest_description(papers: Sequence[Paper], library: Library, words: Words) -> str:
    """How many papers a digest holds, each once, of when, on what; of a page that is one paper what that tells."""
    if len(papers) == 1 and papers[0].level == 1:
        texts = {field.name: field.text for field in reversed(papers[0].fields)}
        if text := next(filter(None, map(texts.get, _TELLING_FIELDS)), None):
            return cut(text)
    once: dict[str, Paper] = {}
    for paper in papers:
        once.setdefault(library.same_as.get(paper.id, paper.id), paper)
    papers = tuple(once.values())
    counts = Counter(one.label for paper in papers for one in keypoints_of(paper, library) if one.is_listed)
    first = words("head_digest", papers=_papers(len(papers), _days(papers), words))
    if counts:
        names = [name for name, _ in counts.most_common(_MANY_NAMES)]
        return _with_names(first, "head_keypoints", names, words)
    categories = list(dict.fromkeys(paper.category for paper in papers if paper.category))
    if len(categories) > 1:
        return _with_names(first, "head_categories", categories, words)
    return _with_titles(first, papers, words)


def keypoint_description(keypoint: Keypoint, words: Words) -> str:
    months = [month for month, _ in keypoint.months]
    first = words("head_of", name=_line(keypoint.label), text=_papers(keypoint.count, months, words))
    if said := plain_text(keypoint.entry.description) if keypoint.entry else "":
        return cut(words("head_then", first=first, then=said))
    if keypoint.also_known:
        return _with_names(first, "head_also", keypoint.also_known, words)
    return _with_titles(first, keypoint.papers, words)


def part_description(title: str, names: Sequence[str], words: Words) -> str:
    return cut(words("head_of", name=_line(title), text=words("comma").join(map(_line, names))))


def site_description(name: str, library: Library, words: Words) -> str:
    first = words("head_of", name=_line(name), text=_all_papers(library, words))
    return _with_names(first, "head_keypoints", _most_used(library), words)


def index_description(library: Library, words: Words) -> str:
    count = sum(keypoint.is_listed for keypoint in library.keypoints)
    if not count:
        return cut(words("no_keypoint_yet"))
    shown = words("keypoints_in_papers", keypoints=words("keypoints", count), papers=_all_papers(library, words))
    return _with_names(words("head_index", keypoints=shown), "head_keypoints", _most_used(library), words)


def of_all_papers(key: str) -> Callable[[Library, Words], str]:
    return lambda library, words: cut(words(key, papers=_all_papers(library, words)))


def plain_text(markdown: str) -> str:
    """The first paragraph of a Markdown text, as one line of plain text."""
    first = next((part for part in re.split(r"\n\s*\n", markdown) if part.strip()), "")
    return _line(read_inline(_LIST.sub("", first)).text)


def cut(text: str, most: int = MOST) -> str:
    """A text as one line of at most `most` letters; what is longer is cut after a word, or anywhere in a text without spaces."""
    line = _line(text)
    if len(line) <= most:
        return line
    room = line[:most]
    head = room.rpartition(" ")[0]
    return (head if len(head) > most // 2 else room[:-1]).rstrip(" ,.;:，。；：、(（“「-–—") + "…"


def _line(text: str) -> str:
    shown = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())


def _with_titles(first: str, papers: Sequence[Paper], words: Words) -> str:
    titles = (words("explorer_quoted", text=paper.title) for paper in papers if paper.title)
    return _with_names(first, "head_papers", titles, words, len(papers))


def _with_names(first: str, key: str, names: Iterable[str], words: Words, count: int | None = None) -> str:
    """A sentence, and after it as many of the names as there is room for, in the words of `key`."""
    shown: list[str] = []
    text = first
    for name in map(_line, names):
        then = words(key, count, names=words("comma").join([*shown, name]))
        longer = words("head_then", first=first, then=then)
        if len(longer) > MOST:
            break
        shown.append(name)
        text = longer
    return cut(text)


def _days(papers: Iterable[Paper]) -> set[str]:
    """The day that all of them are of, or their months."""
    days = {paper.day for paper in papers if paper.day}
    return days if len(days) == 1 else {day[:7] for day in days}


def _papers(count: int, days: Collection[str], words: Words) -> str:
    """Such as `12 papers from May 2024 to June 2024`, of days or months."""
    papers = words("papers", count)
    if not days:
        return papers
    first, last = _day(min(days), words), _day(max(days), words)
    return words("head_when", papers=papers, when=first if first == last else words("from_to", first=first, last=last))


def _day(day: str, words: Words) -> str:
    month = words.month(day[:7])
    return words("head_day", month=month, day=int(day[8:])) if day[8:] else month


def _all_papers(library: Library, words: Words) -> str:
    return _papers(len(library.papers), library.months, words)


def _most_used(library: Library) -> list[str]:
    return [keypoint.label for keypoint in library.keypoints[:_MANY_NAMES] if keypoint.is_listed and keypoint.papers]
