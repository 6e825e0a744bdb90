"""Made-up digests of any size, the same for the same numbers: the main format by months, and what daily-arXiv programs write.

`python tests/benchmarks/corpora.py main 6000 FOLDER` writes one.
"""

from __future__ import annotations

import random
import re
import sys
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

CATEGORIES = ("LLM", "Image Generation", "Video Generation", "3D", "Robotics", "Audio", "Diffusion", "Vision-Language")
SUBJECTS = ("cs.CV", "cs.CL", "cs.LG", "cs.AI", "cs.RO", "cs.GR", "eess.IV", "stat.ML")
MAX_MONTHS = 60
PAPERS_A_DAY = 50
_CONSONANTS, _VOWELS = "bcdfghklmnprstvz", "aeiou"
_ENTRY = re.compile(
    r"^### (?:\[\d+\] \[)?(?P<title>[^\]\n]+)(?:\]\(.*\))?\n(?P<body>(?:(?!#|<div id=).*\n?)*)", re.MULTILINE
)
_KEYPOINTS = re.compile(r"^(?:- `Keypoints:`|Keywords:) (?P<names>.+)$", re.MULTILINE)


def months(papers: int) -> list[str]:
    """The months of a corpus as `YYYYMM`: 60, or as many as give each ten papers."""
    count = max(1, min(MAX_MONTHS, papers // 10))
    return [f"{2021 + month // 12}{month % 12 + 1:02}" for month in range(count)]


def keypoint_count(papers: int) -> int:
    """How many keypoints a corpus has: one for four papers, as 1,500 for 6,000."""
    return max(20, papers // 4)


class _Text:
    """Words, sentences and names of a language that nobody speaks; common words are common."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        found: dict[str, None] = {}
        while len(found) < 6000:
            parts = self.random.randint(1, 4)
            found["".join(self.random.choice(_CONSONANTS) + self.random.choice(_VOWELS) for _ in range(parts))] = None
        self._words = list(found)
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(len(self._words))))

    def words(self, count: int) -> list[str]:
        """Words by Zipf's law."""
        return self.random.choices(self._words, cum_weights=self._weights, k=count)

    def sentence(self, least: int, most: int) -> str:
        """A sentence with commas, now and then a hyphen."""
        words = self.words(self.random.randint(least, most))
        for place in range(7, len(words) - 1, 9):
            words[place] += ","
        return f"{' '.join(words).capitalize()}."

    def title(self) -> str:
        """A title of 5 to 12 words."""
        return " ".join(self.words(self.random.randint(5, 12))).title()

    def names(self, count: int) -> list[str]:
        """Different names of keypoints, of one to three words."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[" ".join(self.random.choices(self._words, k=self.random.choice((1, 2, 2, 3)))).title()] = None
        return list(found)


def _main(papers: int) -> Iterator[tuple[str, str]]:
    """A file a month: categories, and papers with a meta line, keypoints, an objective, a figure, and folded details."""
    text = _Text(f"main {papers}")
    names = text.names(keypoint_count(papers))
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(names))))
    unused = iter(names)  # each is named once at least
    for month, numbers in _shares(papers):
        lines = ["# Introduction", f"Papers of {month}.", "", f"# {month}", ""]
        for place, category in enumerate(CATEGORIES):
            lines += [f"## {category}", ""]
            for number in numbers[place :: len(CATEGORIES)]:
                own = [
                    names[bisect(weights, text.random.random() * weights[-1])] for _ in range(text.random.randint(1, 5))
                ]
                own += [name for name in [next(unused, None)] if name] if number % 3 == 0 else []
                lines += _main_paper(text, month, number, list(dict.fromkeys(own)))
        yield f"{month}.md", "\n".join(lines)


def _main_paper(text: _Text, month: str, number: int, keypoints: Sequence[str]) -> list[str]:
    address = f"https://arxiv.org/abs/{month[2:]}.{number:05}"
    return [
        f"### {text.title()}",
        f"[DiT][{month[:4]}.{int(month[4:])}][preprint]\\[[paper]({address})\\]\\[[code](https://github.com/{text.words(1)[0]}/{number})\\]",
        f"- `Keypoints:` {'; '.join(keypoints)};",
        f"- `Objective:` {text.sentence(15, 35)}",
        f"- ![image](https://github.com/user-attachments/assets/{number:08x})",
        "",
        "-   <details>",
        "    <summary>Details</summary>",
        "",
        f"    - `Method:` {text.sentence(25, 50)}",
        *(f"        - {text.sentence(10, 20)}" for _ in range(text.random.randint(0, 3))),
        "",
        f"    - `Metric:` {text.sentence(15, 30)}",
        "",
        "</details>",
        "",
    ]


def _daily(papers: int) -> Iterator[tuple[str, str]]:
    """A file a day, as programs write it for arXiv: authors, one keyword line, a sentence, and details with the abstract."""
    text = _Text(f"daily {papers}")
    names = text.names(keypoint_count(papers))
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(names))))
    for month, numbers in _shares(papers):
        days = max(1, min(28, len(numbers) // PAPERS_A_DAY))
        for day in range(days):
            date = f"{month[:4]}-{month[4:]}-{day + 1:02}"
            own = numbers[day::days]
            counts = "\n".join(
                f"- [{name}](#{name}) [Total: {len(own[n :: len(SUBJECTS)])}]" for n, name in enumerate(SUBJECTS)
            )
            lines = ["<div id=toc></div>", "", "# Table of Contents", "", counts, "", ""]
            for place, subject in enumerate(SUBJECTS):
                lines += [f"<div id='{subject}'></div>", "", f"# {subject} [[Back]](#toc)", ""]
                for rank, number in enumerate(own[place :: len(SUBJECTS)], 1):
                    keywords = [
                        names[bisect(weights, text.random.random() * weights[-1])]
                        for _ in range(text.random.randint(2, 5))
                    ]
                    lines += _daily_paper(text, month, rank, number, subject, list(dict.fromkeys(keywords)))
            yield f"{date}.md", "\n".join(lines)


def _daily_paper(text: _Text, month: str, rank: int, number: int, subject: str, keywords: Sequence[str]) -> list[str]:
    authors = ",".join(" ".join(text.words(2)).title() for _ in range(text.random.randint(2, 7)))
    fields = (("Motivation", 15, 35), ("Method", 25, 45), ("Result", 20, 40), ("Conclusion", 15, 35))
    lines = [
        f"### [{rank}] [{text.title()}](https://arxiv.org/abs/{month[2:]}.{number:05})",
        f"*{authors}*",
        "",
        f"Main category: {subject}",
        "",
        f"Keywords: {', '.join(keywords)}",
        "",
        f"TL;DR: {text.sentence(20, 40)}",
        "",
        "",
        "<details>",
        "  <summary>Details</summary>",
    ]
    for name, least, most in fields:
        lines += [f"{name}: {text.sentence(least, most)}", ""]
    abstract = " ".join(text.sentence(15, 35) for _ in range(text.random.randint(7, 11)))
    return [*lines, f"Abstract: {abstract}", "", "</details>", "", ""]


def _shares(papers: int) -> Iterator[tuple[str, range]]:
    """The months of a corpus, and the numbers of the papers of each."""
    named = months(papers)
    for place, month in enumerate(named):
        yield month, range(papers * place // len(named), papers * (place + 1) // len(named))


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper of a digest: its title, its keypoints, and the Markdown below its heading."""

    title: str
    keypoints: tuple[str, ...]
    body: str


def entries(digest: str) -> Iterator[Entry]:
    """The papers of a digest, for sites with a page per paper."""
    for found in _ENTRY.finditer(digest):
        named = _KEYPOINTS.search(found["body"])
        names = re.split(r"[;,]\s*", named["names"]) if named else []
        yield Entry(found["title"], tuple(filter(None, names)), found["body"].strip("\n") + "\n")


def longer(digest: str, number: int) -> str:
    """A digest after somebody added a paper to its end: its last one again, with a title and an identifier of its own."""
    *_, last = entries(digest)
    added = digest[digest.rindex("\n### ") :].replace(last.title, f"Added Paper {number}")
    return digest + re.sub(r"(?<=arxiv\.org/abs/)(\d{4})\.\d{5}", rf"\1.{90000 + number}", added)


SHAPES: dict[str, Callable[[int], Iterator[tuple[str, str]]]] = {"main": _main, "daily": _daily}


def write(shape: str, papers: int, folder: Path) -> None:
    """Write the Markdown of a corpus into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in SHAPES[shape](papers):
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
