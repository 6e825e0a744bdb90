"""The index over all papers, and the core as a library of its own."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from mkdocs_paperdigest import Library, build_library, read_digest
from mkdocs_paperdigest.collection.page_text import decode
from mkdocs_paperdigest.collection.site_files import Choice
from mkdocs_paperdigest.collection.sources import Sources
from mkdocs_paperdigest.library.index import by_month, repeated_papers
from mkdocs_paperdigest.support.slugs import keypoint_key, keypoint_slug, stable_slug


def library(**pages: str) -> Library:
    """A library of pages `m202405="a; b"`: a month and the keypoints of its only paper."""
    digests = [
        read_digest(f"### Paper {path}\n- `Keypoints:` {names}\n", f"{path.removeprefix('m')}.md")[0]
        for path, names in pages.items()
    ]
    random.Random(len(pages)).shuffle(digests)
    return build_library(digests)


def test_the_core_works_without_mkdocs() -> None:
    code = (
        "import sys; sys.modules['mkdocs'] = None\n"
        "import mkdocs_paperdigest as core\n"
        "digest, findings = core.read_digest('### T\\n- `Keypoints:` a; b\\n', '202405.md')\n"
        "print(core.build_library([digest]).keypoints[0].label, digest.papers[0].month, len(findings))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["a", "2024-05", "0"]


def test_a_title_in_two_files_of_a_month_is_reported() -> None:
    text = "### Same\n- `Keypoints:` a\n"
    digests = [read_digest(text, path)[0] for path in ("b/202405.md", "a/202405.md", "202406.md")]
    (finding,) = repeated_papers(build_library(digests))
    assert str(finding).startswith(
        "b/202405.md:1:1: PD102 the title Same stands twice in 2024-05; first in line 1 of a/202405.md"
    )


def test_spellings_of_one_keypoint_are_one() -> None:
    made = library(
        m202401="World Model",
        m202402="world model; World model",
        m202403="world-model",
        m202404="ｗｏｒｌｄ　ｍｏｄｅｌ",
        m202405="World Model",
    )
    (world,) = made.keypoints
    assert world.label == "World Model"
    assert world.also_written == ("World model", "world model", "world-model", "ｗｏｒｌｄ ｍｏｄｅｌ")
    assert world.count == 5
    assert world.months == (("2024-05", 1), ("2024-04", 1), ("2024-03", 1), ("2024-02", 1), ("2024-01", 1))
    assert made.keypoint("WORLD\u2011MODEL") is world


def test_what_differs_otherwise_is_not_one() -> None:
    made = library(m202401="C; C++; C#; GPT-3; GPT-4; 2D; 3D; LLM; LLMs")
    assert len(made.keypoints) == 9


def test_keypoints_are_listed_by_count_and_papers_newest_first() -> None:
    made = library(m202401="a; b", m202403="b", m202402="b; c", m2024xx="b; a")
    assert [(k.label, k.count) for k in made.keypoints] == [("b", 4), ("a", 2), ("c", 1)]
    assert [paper.month for paper in made.keypoints[0].papers] == ["2024-03", "2024-02", "2024-01", None]
    assert [month for month, _ in by_month(made.keypoints[0].papers)] == ["2024-03", "2024-02", "2024-01", None]
    assert made.months == ("2024-03", "2024-02", "2024-01")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Camera Control", "camera-control"),
        ("text‑to–image", "text-to-image"),
        ("C", "c"),
        ("C++", "c++"),
        ("C#", "c~23"),
        ("Index", "index~"),
        ("CON", "con~"),
        ("../../x", "~2e.~2f..~2fx"),
        ("..", "~2e~2e"),
        (".net", "~2enet"),
        ("a/b", "a~2fb"),
        ("<script>", "~3cscript~3e"),
        ("汉字", "汉字"),
        ("Vision-Language Models (VLMs)", "vision-language-models-(vlms)"),
        ("100%", "100~25"),
        ("-", "~2d"),
        ("a~b", "a~7eb"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert keypoint_slug(keypoint_key(name)) == slug


def test_a_long_slug_is_cut_and_still_its_own() -> None:
    slugs = {keypoint_slug("汉" * 100 + end) for end in "abc"}
    assert len(slugs) == 3
    assert all(len(slug.encode()) <= 120 for slug in slugs)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("RLHF & DPO", "rlhf-dpo"),
        ("Über uns", "uber-uns"),
        ("汉字标题", "汉字标题"),
        ("LLM 综述", "llm-综述"),
        ("???", "paper"),
    ],
)
def test_stable_slugs(text: str, slug: str) -> None:
    assert stable_slug(text) == slug


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"plain", "plain", "utf-8"),
        ("\ufeffmark".encode(), "mark", "utf-8"),
        ("汉".encode(), "汉", "utf-8"),
        ("关键词和摘要".encode("gb18030"), "关键词和摘要", "gb18030"),
        ("naïve café".encode("cp1252"), "naïve café", "cp1252"),
        ("wide".encode("utf-16"), "wide", "utf-16"),
        (b"odd \x81\xff", "odd \x81ÿ", "latin-1"),
    ],
)
def test_decoding_loses_nothing(data: bytes, text: str, encoding: str) -> None:
    assert decode(data) == (text, encoding)


@pytest.mark.parametrize(
    ("include", "exclude", "path", "chosen"),
    [
        (["**"], [], "a/b.md", True),
        (["digests/"], [], "digests/a.md", True),
        (["digests/"], [], "notes/a.md", False),
        (["**"], ["notes"], "notes/a.md", False),
        (["**"], ["notes/"], "notes/deep/a.md", False),
        (["**"], ["/README.md"], "digests/README.md", True),
        ([], [], "a.md", False),
    ],
)
def test_choice(include: list[str], exclude: list[str], path: str, *, chosen: bool) -> None:
    assert (path in Choice(include, exclude)) is chosen


def test_sources_forget_what_is_gone() -> None:
    sources = Sources()
    for names in ("abc", "ab", "a"):
        sources.begin()
        for name in names:
            sources.read(f"{name}.md", b"### T\n- `Keypoints:` k\n")
    sources.begin()
    assert len(sources) == 1
