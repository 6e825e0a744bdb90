"""What is said of separators, white space and aliases, and what mends it: the spans, and nothing but them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from golden_cases import CASES, load
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.keypoints.vocabulary import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry
from mkdocs_paperdigest.lint.fixes import (
    alias_findings,
    fixed,
    list_findings,
    repeated_findings,
    safe,
    spelling_findings,
)
from mkdocs_paperdigest.records.findings import Finding, Fix

HEAD = "### [T](https://arxiv.org/abs/2405.00001)\n- `Keypoints:`"
VLM = Vocabulary((VocabularyEntry("vision-language-models", "Vision-Language Models", ("VLM", "VLMs")),))


def findings(text: str, vocabulary: Vocabulary = EMPTY_VOCABULARY, path: str = "202405.md") -> list[Finding]:
    """All findings that may have a fix."""
    digest = read_digest(text, path)[0]
    return [
        *list_findings(text, digest),
        *alias_findings(text, digest, vocabulary),
    ]


def mended(text: str, vocabulary: Vocabulary = EMPTY_VOCABULARY, path: str = "202405.md") -> str:
    """A text with all that is safe mended, once."""
    fixes = [found.fix for found in findings(text, vocabulary, path) if found.fix]
    return fixed(text, safe(text, fixes, path, vocabulary))


SEPARATORS = {
    " a;b": " a; b",
    " a ;b": " a; b",
    " a；b": " a; b",
    " a；b; 汉": " a; b; 汉",
    " a;;b": " a; b",
    " a，b、c": " a, b, c",
    " a ,b": " a, b",
    " 汉,字": " 汉, 字",
    " `a` ;**b**": " `a`; **b**",
    " [a] ,[b]": " [a], [b]",
    " a ;\n  b": " a;\n  b",
    " a; b ；": " a; b;",
    " 汉；；字": " 汉；字",
}
RIGHT = [
    " a; b",
    " a, b;",
    "a; b",
    " 汉、字",
    " 汉，a",
    " 汉；字；",
    " a;\n  b",
    " a;  \n  b",
    " #a #b",
    " `a` `b`",
    " [a], [b]",
    " f(a,b); c",
]
WHITE_SPACE = {
    " a;  b": " a; b",
    " a;\u00a0b": " a; b",
    "  a; b": " a; b",
    "\ta": " a",
    " a  c; b": " a c; b",
    " a\u00a0c": " a c",
    " a  c;   b": " a c; b",
}


@pytest.mark.parametrize("value", SEPARATORS)
def test_separators(value: str) -> None:
    text = f"{HEAD}{value}\n- `Method:` x  y\n"
    assert {found.code for found in findings(text)} == {"PD605"}
    assert mended(text) == f"{HEAD}{SEPARATORS[value]}\n- `Method:` x  y\n"
    assert findings(mended(text)) == []


@pytest.mark.parametrize("value", WHITE_SPACE)
def test_white_space(value: str) -> None:
    text = f"{HEAD}{value}  \n- `Method:` x  y\n"
    assert {found.code for found in findings(text)} == {"PD606"}
    assert mended(text) == f"{HEAD}{WHITE_SPACE[value]}  \n- `Method:` x  y\n"
    assert findings(mended(text)) == []


@pytest.mark.parametrize("value", RIGHT)
def test_what_is_right_is_left_alone(value: str) -> None:
    assert findings(f"{HEAD}{value}\n- `Method:` x ,y\n") == []


def test_a_comma_where_semicolons_part_is_reported_only() -> None:
    text = f"{HEAD} a, b; c (d, e)\n"
    assert [(found.code, found.place, found.fix) for found in findings(text)] == [("PD609", "202405.md:2:17", None)]


def test_padding_of_tables_and_lists_is_left_alone() -> None:
    row = "| [A b](https://arxiv.org/abs/2405.00001) |   b, c   |\n"
    assert findings("| Title | Keywords |\n|---|---|\n" + row) == []
    assert findings(f"{HEAD}\n    -   a\n    -   b\n") == []


def test_an_alias_becomes_its_label() -> None:
    text = f"{HEAD} VLM; Bells\n\n{HEAD.replace('T', 'U', 1)} `vlms`\n"
    seen = [(found.code, found.place, found.message) for found in findings(text, VLM)]
    assert seen == [
        ("PD602", "202405.md:2:16", "`VLM` is another spelling of a keypoint: write `Vision-Language Models`"),
        ("PD602", "202405.md:5:17", "`vlms` is another spelling of a keypoint: write `Vision-Language Models`"),
    ]
    assert mended(text, VLM) == text.replace("VLM", "Vision-Language Models").replace("vlms", "Vision-Language Models")


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("VLM; VLMs", "Vision-Language Models"),
        ("[VLM](https://x.org); b", "Vision-Language Models"),
        ("V\\LM; V**L**M; b", "Vision-Language Models"),
        ("VLM; b", "Models, of vision"),
        ("VLM; b", "*Models*"),
        ("b; VLM", "Models etc inc."),
        ("VLM", "#models"),
    ],
)
def test_what_is_not_certain_has_no_fix(value: str, label: str) -> None:
    text = f"{HEAD} {value}\n"
    assert mended(text, Vocabulary((VocabularyEntry("m", label, ("VLM", "VLMs", "V\\LM")),))) == text


def test_a_fix_that_changes_more_is_dropped_and_the_others_stay() -> None:
    text = f"{HEAD} a;b; c;d\n\n# e\n"
    good = Fix(text.index(";b"), text.index("b;"), "; ")
    bad = [Fix(text.index("c;"), text.index("c;") + 1, "x"), Fix(text.index("# e"), text.index("# e") + 1, "##")]
    wrong = Fix(text.index("T"), text.index("T") + 1, "U")
    assert safe(text, [*bad, good, wrong], "x.md", EMPTY_VOCABULARY) == [good, bad[1]]


def test_of_two_that_overlap_the_first_is_applied() -> None:
    assert fixed("abcdef", [Fix(2, 4, "X"), Fix(1, 3, "Y"), Fix(3, 5, "Z")]) == "aYZf"
    assert fixed("abc", []) == "abc"


def test_a_keypoint_named_twice() -> None:
    text = f"{HEAD} VLM; a; Vision-language  models; A\n"
    found = list(repeated_findings(text, read_digest(text, "x.md")[0], VLM))
    assert [(item.code, item.column) for item in found] == [("PD607", 24), ("PD607", 49)]


def test_the_rarer_spelling_is_reported() -> None:
    pages = {"a.md": "ControlNet; VLM", "b.md": "Control Net; VLMs; Bell", "c.md": "ControlNet; VLMs; bell"}
    sources = [(f"{HEAD} {names}\n", read_digest(f"{HEAD} {names}\n", path)[0]) for path, names in pages.items()]
    found = list(spelling_findings(sources, EMPTY_VOCABULARY))
    assert [(item.code, item.place) for item in found] == []
    pages["b.md"] = "controlnet; Bell"
    sources = [(f"{HEAD} {names}\n", read_digest(f"{HEAD} {names}\n", path)[0]) for path, names in pages.items()]
    found = list(spelling_findings(sources, VLM))
    assert [(item.place, item.message.split(":")[0]) for item in found] == [
        ("b.md:2:16", "`controlnet` is written `ControlNet` elsewhere (2 of 3 times)")
    ]
    known = Vocabulary((VocabularyEntry("controlnet", "ControlNet"),))
    assert list(spelling_findings(sources, known)) == []


def reading(text: str, path: str, vocabulary: Vocabulary) -> list[object]:
    """What must not change, the vocabulary's own names of keypoints for those that it knows."""
    digest, found = read_digest(text, path)
    papers = [
        (
            paper.title,
            paper.line,
            paper.anchor,
            paper.links,
            paper.category,
            None if paper.keypoints is None else [vocabulary.slug(name) for name in paper.keypoints],
            [(f.name, f.text if f.name != "keypoints" else "", f.line) for f in paper.fields],
        )
        for paper in digest.papers
    ]
    return [papers, [(item.code, item.line) for item in found]]


def check(text: str, path: str, vocabulary: Vocabulary) -> None:
    fixes = safe(text, [f.fix for f in findings(text, vocabulary, path) if f.fix], path, vocabulary)
    new = fixed(text, fixes)
    rest, end = [], 0
    for fix in fixes:
        assert fix.start >= end
        assert not set(text[fix.start : fix.end]) & set("\r\n")
        rest.append(text[end : fix.start])
        end = fix.end
    place = 0
    for piece, fix in zip(rest, fixes, strict=True):
        assert new[place:].startswith(piece + fix.text)
        place += len(piece) + len(fix.text)
    assert new[place:] == text[end:]
    assert reading(new, path, vocabulary) == reading(text, path, vocabulary)
    # Names of other scripts may make another way to part them the right one, once.
    again = mended(new, vocabulary, path)
    assert mended(again, vocabulary, path) == again
    only = mended(text, EMPTY_VOCABULARY, path)
    assert mended(only, EMPTY_VOCABULARY, path) == only


LABELS = ["Bells", "Sound and Light", "a; b", "*x*", "Models inc.", "汉字", "x, y (z)", "None", "C#", "#tag"]


def some_vocabulary(text: str, path: str, seed: int) -> Vocabulary:
    names = list(dict.fromkeys(n for p in read_digest(text, path)[0].papers for n in p.keypoints or ()))
    chance = random.Random(seed)
    chosen = chance.sample(names, min(len(names), 4))
    return Vocabulary(
        tuple(VocabularyEntry(f"s{n}", chance.choice(LABELS) + str(n), (a,)) for n, a in enumerate(chosen))
    )


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
@pytest.mark.parametrize("change", [str, lambda text: text.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_golden_cases_are_mended_without_harm(file: Path, change: Callable[[str], str]) -> None:
    case = load(file)
    text = change(case.source)
    for seed in range(2):
        check(text, case.path, some_vocabulary(text, case.path, seed))


NAME = st.sampled_from(
    [
        "VLM",
        "a b",
        "a  b",
        "c\u00a0d",
        "汉字",
        "`k`",
        "**m**",
        "[l](https://x.org)",
        "R&amp;D",
        "N/A",
        "x.",
        "#h",
        "a, b",
    ]
)
SEPARATOR = st.sampled_from([";", "; ", " ; ", "；", ",", ", ", "，", "、", ";;", ";\n  ", "  ", " ,  ", ";\u00a0"])
LINES = st.lists(st.tuples(NAME, SEPARATOR), max_size=7).map(lambda pairs: "".join(map("".join, pairs)))


@given(
    st.lists(LINES, min_size=1, max_size=3), st.sampled_from(["", " ", "  ", "\t"]), st.booleans(), st.integers(0, 99)
)
def test_generated_digests_are_mended_without_harm(values: list[str], lead: str, crlf: bool, seed: int) -> None:
    text = "\n".join(f"{HEAD}{lead}{value}\n- `Method:` a ;b\n" for value in values)
    text = text.replace("\n", "\r\n") if crlf else text
    check(text, "202405.md", some_vocabulary(text, "202405.md", seed))
    check(text, "202405.md", VLM)


def test_real_digests_are_mended_without_harm(corpus: Path) -> None:
    for file in corpus.glob("*.md"):
        text = file.read_bytes().decode()
        check(text, file.name, some_vocabulary(text, file.name, 1))
