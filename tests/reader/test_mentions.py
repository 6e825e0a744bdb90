"""Where keypoints stand in their sources: every name, at the right place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from conftest import ROOT
from golden_cases import CASES, load
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.reader.labels import DEFAULT_LABELS, LabelVocabulary
from mkdocs_paperdigest.reader.mentions import Mention, mentions

HEAD = "### [T](https://arxiv.org/abs/2405.00001)\n"
CATEGORIES = LabelVocabulary(None, ("keypoints", "category"))


def found(text: str, labels: LabelVocabulary = DEFAULT_LABELS) -> list[Mention]:
    digest, _ = read_digest(text, "x.md", labels)
    assert digest.papers
    return list(mentions(text, digest, labels))


def spelt(text: str, mention: Mention) -> str | None:
    return None if mention.start is None else text[mention.start : mention.end]


def check(text: str, path: str) -> tuple[int, int]:
    """How many mentions a text has, and how many of them to the letter; all keypoints are among them, in order."""
    digest, _ = read_digest(text, path)
    every = list(mentions(text, digest))
    groups = {key: list(group) for key, group in groupby(every, lambda mention: id(mention.paper))}
    for paper in digest.papers:
        names = [mention.written for mention in groups.get(id(paper), [])]
        assert tuple(dict.fromkeys(names)) == (paper.keypoints or ())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for mention in every:
        assert 1 <= mention.line <= len(lines)
        if mention.start is not None:
            assert " ".join(text[mention.start : mention.end].split()) == mention.written
            assert lines[mention.line - 1][mention.column - 1 :].startswith(mention.written.split()[0])
    return len(every), sum(mention.start is not None for mention in every)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_every_keypoint_of_the_golden_cases_has_its_place(file: Path) -> None:
    case = load(file)
    check(case.source, case.path)


def test_nearly_all_names_are_found_to_the_letter() -> None:
    counts = [check(case.source, case.path) for case in map(load, CASES)]
    assert sum(exact for _, exact in counts) >= 0.98 * sum(every for every, _ in counts) > 300


def test_all_names_of_the_example_site_are_found_to_the_letter() -> None:
    counts = [check(f.read_bytes().decode(), f.name) for f in (ROOT / "example_site/docs/digests").glob("*.md")]
    every, exact = map(sum, zip(*counts, strict=True))
    assert every == exact > 100


def test_all_names_of_real_digests_are_found_to_the_letter(corpus: Path) -> None:
    counts = [check(file.read_bytes().decode(), file.name) for file in corpus.glob("*.md")]
    every, exact = map(sum, zip(*counts, strict=True))
    assert exact >= 0.99 * every > 200


# Markdown below a title; the line and the column of each name, and whether another may take its place.
LAYOUTS = {
    "item": ("- `Keypoints:` a b; c", "a b 2:16 yes, c 2:21 yes"),
    "hard breaks": ("**Keywords:** a; b  \n**Objective:** x", "a 2:15 yes, b 2:18 yes"),
    "two labels on a line": ("Tags: a; b | Category: cs.CV", "a 2:7 yes, b 2:10 yes"),
    "over two lines": ("- `Keypoints:` a; b\n  c; d", "a 2:16 yes, b c 2:19 no, d 3:6 yes"),
    "quote": ("> - **Keypoints:** a;\n>   b", "a 2:20 yes, b 3:5 yes"),
    "full-width": ("- **关键词**：扩散，模型", "扩散 2:11 yes, 模型 2:14 yes"),
    "items below": ("- `Keypoints:`\n    - a, x\n    - b", "a, x 3:7 yes, b 4:7 yes"),
    "value below": ("- `Keypoints:`\n  a; b", "a 3:3 yes, b 3:6 yes"),
    "heading": ("#### Keywords\n- a\n- b", "a 3:3 yes, b 4:3 yes"),
    "code spans": ("- `Keypoints:` `a b` `c`", "a b 2:17 yes, c 2:23 yes"),
    "hashtags": ("- `Keypoints:` #a #b", "a 2:17 yes, b 2:20 yes"),
    "brackets": ("- `Keypoints:` [a], [b]", "a 2:17 yes, b 2:22 yes"),
    "one bold run": ("**Keywords: a, b**", "a 2:13 yes, b 2:16 yes"),
    "raw HTML": ("<details><summary>More</summary>\nKeywords: a, b\n</details>", "a 3:11 yes, b 3:14 yes"),
    "twice": ("- `Keypoints:` a; b; a", "a 2:16 yes, b 2:19 yes, a 2:22 yes"),
    "entity": ("- `Keypoints:` R&amp;D; D", "R&D 2:16 no, D 2:25 yes"),
    "escapes": (r"- `Keypoints:` C\+\+; \*s", "C++ 2:16 no, *s 2:24 no"),
    "emphasis": ("- `Keypoints:` **a** b; *c*", "a b 2:18 no, c 2:26 yes"),
    "link": ("- `Keypoints:` [a](https://x.org/b); b", "a 2:17 no, b 2:38 yes"),
    "address": ("- `Keypoints:` <https://x.org/>; b", "https://x.org/ 2:17 no, b 2:34 yes"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str) -> None:
    below, wanted = LAYOUTS[name]
    for text in (HEAD + below + "\n", (HEAD + below + "\n").replace("\n", "\r\n")):
        seen = [f"{m.written} {m.line}:{m.column} {'yes' if m.fixable else 'no'}" for m in found(text)]
        assert ", ".join(seen) == wanted


def test_tables() -> None:
    text = (
        "| Title | Keywords |\n|---|---|\n| [A b](https://arxiv.org/abs/2405.00001) | b, c |\n"
        "| [B](https://arxiv.org/abs/2405.00002) | b; d\\|e |\n"
    )
    assert [(m.written, m.line, spelt(text, m)) for m in found(text)] == [
        ("b", 3, "b"),
        ("c", 3, "c"),
        ("b", 4, "b"),
        ("d|e", 4, None),
    ]
    assert text[: found(text)[0].start].endswith("00001) | ")
    facts = (
        "# Big\n\n| Item | Value |\n|---|---|\n| Keywords | a, b |\n| arXiv | 2405.00001 |\n| Authors | Ada Moss |\n"
    )
    assert [(m.line, m.column, m.fixable) for m in found(facts)] == [(5, 14, True), (5, 17, True)]


def test_front_matter() -> None:
    text = '\ufeff---\r\ntitle: Big\r\narxiv: 2405.00001\r\ntags: [a, \'b x\', "c\\"d"]\r\nkeywords:\r\n  - e\r\n---\r\n\r\n# Big\r\n'
    seen = [(m.written, m.line, m.column, spelt(text, m)) for m in found(text)]
    assert seen == [("a", 4, 8, "a"), ("b x", 4, 12, "b x"), ('c"d', 4, 19, None), ("e", 6, 5, "e")]


def test_categories() -> None:
    text = "# 202405\n\n## Sound\n\n### T\n- `Method:` a\n\n### U\n- `Keypoints:` b\n"
    seen = [(m.written, m.line, m.column, m.fixable, m.category) for m in found(text, CATEGORIES)]
    assert seen == [("Sound", 3, 4, False, True), ("b", 9, 16, True, False), ("Sound", 3, 4, False, True)]


def test_what_parts_names() -> None:
    text = HEAD + "- `Keypoints:`  a ;b;;  c\n"
    assert [text[slice(*m.before)] if m.before else None for m in found(text)] == [None, " ;", ";;  "]
    assert [text[slice(*m.lead)] if m.lead else None for m in found(text)] == ["  ", None, None]


WORD = st.text("abcXYZ019-+/.é汉", min_size=1, max_size=6).filter(lambda word: word.strip("-+/.0129") != "")
NAME = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
SEPARATORS = st.sampled_from([";", "; ", " ; ", ";  ", "；", ";\n  ", "; \u00a0"])
BEGINNINGS = st.sampled_from(
    ["- `Keypoints:` ", "- `Keypoints:`", "**Keywords:**  ", "- **Tags**: ", "> - **Keypoints:** "]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.lists(st.tuples(NAME, SEPARATORS), min_size=1, max_size=8), BEGINNINGS, ENDS)
def test_names_are_found_where_they_were_put(pieces: list[tuple[str, str]], beginning: str, end: str) -> None:
    text, places = HEAD + beginning, []
    for name, separator in pieces:
        places.append((name, text.count("\n") + 1, len(text) - text.rfind("\n")))
        text += name + separator.replace("\n", "\n>" if beginning[0] == ">" else "\n")
    text = text.rstrip("\n >") + "; last\n"
    digest, _ = read_digest(text.replace("\n", end), "x.md")
    every = list(mentions(text.replace("\n", end), digest))
    assert [m.written for m in every][-1:] == ["last"]
    assert [(m.written, m.line, m.column) for m in every[:-1]] == places
    assert all(m.start is not None and m.fixable for m in every)


def hostile() -> Iterator[str]:
    for piece in ("![", "[a](", "](", "<a", "&#", "`", "\\", "a;", "| ", "**a", "\u2028", "\x00"):
        yield HEAD + "- `Keypoints:` " + piece * 2000 + "\n"
        yield f"---\ntitle: T\narxiv: 2405.00001\ntags: {piece * 200}\n---\n# T\n"


@pytest.mark.parametrize("number", range(24))
def test_hostile_text_is_read(number: int) -> None:
    check(list(hostile())[number], "x.md")


@given(st.text("ab;,` \\*[]()<>&#|!\n\r\x00~_$:", max_size=60))
def test_any_value_is_read(value: str) -> None:
    check(HEAD + "- `Keypoints:` " + value + "\n", "x.md")
