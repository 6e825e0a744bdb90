"""The data of the explorer: what it says of each paper, how it is escaped, and how many bytes it takes."""

from __future__ import annotations

import gzip
import json
import random
from importlib import resources
from itertools import accumulate
from types import SimpleNamespace
from typing import Any, cast

import pytest
from conftest import PROFILE

from mkdocs_paperdigest import Library, build_library, read_digest
from mkdocs_paperdigest.exports.explorer_data import GLOBAL, explorer_data
from mkdocs_paperdigest.keypoints.keypoints_yml import read_keypoints
from mkdocs_paperdigest.library.index import Keypoint
from mkdocs_paperdigest.records.paper import Digest, Paper
from mkdocs_paperdigest.support.slugs import Anchors, github_slug, python_markdown_slug, stable_slug


def page_url(path: str) -> str:
    return "" if path == "index.md" else f"{path.removesuffix('.md')}/"


def keypoint_url(keypoint: Keypoint) -> str | None:
    return None if keypoint.slug == "no-page" else f"keypoints/{keypoint.slug}/"


def data_of(text: str) -> dict[str, Any]:
    start, end = f"self.{GLOBAL}=", ";\n"
    assert text.startswith(start)
    assert text.endswith(end)
    assert text.count("\n") == 1
    loaded: dict[str, Any] = json.loads(text.removeprefix(start).removesuffix(end))
    return loaded


def spread(runs: list[Any]) -> list[Any]:
    return [value for value, times in zip(runs[::2], runs[1::2], strict=True) for _ in range(times)]


def papers_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The papers that a reader of the data finds in it, by the rules that `explorer.js` follows."""
    keypoints = []
    for row in data["keypoints"]:
        label, slug, url, hue, *others = [row, 0, 0, -1] if isinstance(row, str) else row
        slug = slug or label.lower().replace(" ", "-")
        url = None if url == -1 else url or slug.join(data["around"])
        keypoints.append({"slug": slug, "url": url, "hue": hue, "names": [label, *others]})
    pages = [[page, page + data["ending"]] if isinstance(page, str) else page for page in data["pages"]]
    found = []
    for n, title in enumerate(data["titles"]):
        anchor = data["anchors"][n] if n < len(data["anchors"]) else 0
        if not isinstance(anchor, str):
            anchor = (python_markdown_slug, github_slug)[anchor](title)
        page, url = pages[spread(data["page"])[n]]
        category = spread(data["category"])[n]
        badges = [number.partition(".") for number in data["named"][n].split(",") if number]
        found.append(
            {
                "id": (data["ids"][n] if n < len(data["ids"]) else 0) or f"{page}/{anchor}",
                "title": title,
                "day": spread(data["day"])[n],
                "category": None if category < 0 else data["categories"][category],
                "url": f"{url}#{anchor}",
                "keypoints": [
                    (keypoints[int(k)]["slug"], keypoints[int(k)]["names"][int(name or 0)], keypoints[int(k)]["url"])
                    for k, _, name in badges
                ],
            }
        )
    return found


def expected(library: Library) -> list[dict[str, Any]]:
    found = []
    for paper in library.papers:
        badges = [(library.keypoint(written), written) for written in paper.keypoints or ()]
        found.append(
            {
                "id": paper.id,
                "title": paper.title,
                "day": paper.day,
                "category": paper.category,
                "url": f"{page_url(paper.path)}#{paper.anchor}",
                "keypoints": [(k.slug, written, keypoint_url(k)) for k, written in badges if k],
            }
        )
    return found


PAGE = """\
# 202405
### No category [2024.5.17]
- `Keypoints:` World Model; C++; no page; world-model; ＷＯＲＬＤ Model
## 视频
### 视频生成 的 方法
- `Keypoints:` 汉字; `__proto__`; `constructor`
### Same
- `Objective:` No keypoints.
### Same
- `Keypoints:` wm; `<script>alert(1)</script>`
"""


def test_it_says_what_the_library_says() -> None:
    vocabulary, _ = read_keypoints("World Model:\n  aliases: [WM, W. M.]\n  color: 120\n", "keypoints.yml")
    pages = {
        "a/202405.md": PAGE,
        "index.md": PAGE.replace("202405", "202406"),
        "notes.md": "### Late\n- `Keypoints:` b\n",
    }
    digests = [read_digest(text, path)[0] for path, text in pages.items()]
    library = build_library(digests, vocabulary)
    text = explorer_data(library, page_url, keypoint_url)
    assert papers_of(data_of(text)) == expected(library)
    assert len(library.papers) == 9
    assert explorer_data(build_library(reversed(digests), vocabulary), page_url, keypoint_url) == text


def test_what_can_be_derived_is_left_out() -> None:
    digest, _ = read_digest(
        "### 视频生成\n- `Keypoints:` World Model; c++\n### On Things: a\n- `Keypoints:` a\n", "202405.md"
    )
    data = data_of(explorer_data(build_library([digest]), page_url, keypoint_url))
    assert (data["pages"], data["ending"], data["around"]) == (["202405"], "/", ["keypoints/", "/"])
    assert (data["anchors"], data["ids"], data["page"]) == ([1], [], [0, 2])
    assert set(data["keypoints"]) == {"World Model", "a", "c++"}


def made_up(*papers: Paper) -> Library:
    digest = cast(Digest, SimpleNamespace(path="a.md", papers=papers, sections=papers))
    return build_library([digest])


def test_no_character_ends_the_script() -> None:
    title = "\u2028\u2029\ud800</script>\"'\\\n\u0000"
    library = made_up(Paper(title, "a.md", 1, 3, "x", keypoints=("a\u2028b",)))
    text = explorer_data(library, page_url, keypoint_url)
    text.encode()
    assert not set("\u2028\u2029\ud800") & set(text)
    assert data_of(text)["titles"] == [title]


def test_letters_that_python_may_not_know_are_not_derived() -> None:
    library = made_up(Paper("A \U000e1234", "a.md", 1, 3, "a", keypoints=("a",)))
    assert data_of(explorer_data(library, page_url, keypoint_url))["anchors"] == ["a"]


def test_a_site_without_papers_has_data() -> None:
    assert data_of(explorer_data(build_library([]), page_url, keypoint_url))["titles"] == []


def test_former_ids_and_hidden_keypoints_are_told() -> None:
    vocabulary, _ = read_keypoints("Secret:\n  hidden: true\n", "keypoints.yml")
    paper = Paper("T", "a.md", 1, 3, "t", keypoints=("Secret",), former=("old/t",))
    digest = cast(Digest, SimpleNamespace(path="a.md", papers=(paper,), sections=(paper,)))
    data = data_of(explorer_data(build_library([digest], vocabulary), page_url, keypoint_url))
    assert (data["ids"], data["hidden"]) == (["old/t"], [0])


def many(count: int) -> Library:
    """Papers made up of words as frequent as words are; more than half as many keypoints as papers, few of them frequent."""
    random_ = random.Random(count)
    listed = resources.files("mkdocs_paperdigest.keypoints").joinpath("words/english.txt").read_text(encoding="utf-8")
    words = random_.sample([word for word in listed.split() if word.isalpha()], 12000)
    frequent = list(accumulate(1 / (n + 3) ** 0.9 for n in range(len(words))))
    names = list(
        dict.fromkeys(
            " ".join(random_.choices(words, frequent, k=random_.choice([1, 2, 2, 3]))).title() for _ in range(count)
        )
    )
    by_use = list(accumulate(1 / (n + 2) ** 0.85 for n in range(len(names))))
    digests = []
    for number in range(0, count, 400):
        month = f"{2026 - number // 4800}-{12 - number // 400 % 12:02}"
        anchors, papers = Anchors(), []
        for line in range(min(400, count - number)):
            title = " ".join(random_.choices(words, cum_weights=frequent, k=random_.randint(5, 12))).title()
            written = dict.fromkeys(random_.choices(names, cum_weights=by_use, k=random_.randint(2, 6)))
            papers.append(
                Paper(
                    title=title,
                    path=f"digests/{month}.md",
                    line=9 * line,
                    level=3,
                    anchor=anchors.take(stable_slug(title)),
                    month=month,
                    date=f"{month}-{random_.randint(1, 28):02}",
                    category=f"Category {line // 20}",
                    keypoints=tuple(name.lower() if random_.random() < 0.06 else name for name in written),
                )
            )
        digests.append(cast(Digest, SimpleNamespace(path=f"digests/{month}.md", papers=tuple(papers), sections=papers)))
    return build_library(digests)


@pytest.mark.parametrize("count", [100, 1000, *([10_000] if PROFILE == "large" else [])])
def test_a_paper_takes_few_bytes(count: int) -> None:
    library = many(count)
    text = explorer_data(library, page_url, keypoint_url)
    assert len(library.papers) == count
    assert len(gzip.compress(text.encode(), 6)) <= 110 * count
