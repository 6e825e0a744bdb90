"""Related papers and keypoints, against the definition: every paper compared with every other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest import Library, build_library
from mkdocs_paperdigest.keypoints.keypoints_yml import read_keypoints
from mkdocs_paperdigest.keypoints.vocabulary import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry
from mkdocs_paperdigest.library import relations
from mkdocs_paperdigest.library.relations import FEWEST, LOOKED_AT, PAIRED, related_keypoints, related_papers
from mkdocs_paperdigest.records.paper import Digest, Paper, Section

Row = tuple[str, str | None, Sequence[str]]
"""A paper: its title, its month, and its keypoints."""


def library(rows: Iterable[Row], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> Library:
    by_path: dict[str, list[Paper]] = {}
    for title, month, names in rows:
        path = f"{month or 'others'}.md"
        papers = by_path.setdefault(path, [])
        line = len(papers) + 1
        papers.append(Paper(title, path, line, 3, f"p{line}", month=month, keypoints=tuple(names)))
    digests = [
        Digest(path, tuple(Section(paper, 0, 0, "", "", 0, (), ()) for paper in papers))
        for path, papers in by_path.items()
    ]
    return build_library(digests, vocabulary)


def shown(made: Library) -> dict[str, list[tuple[str, list[str]]]]:
    """Related papers by titles, with labels of what they share."""
    titles = {paper.id: paper.title for paper in made.papers}
    return {
        titles[name]: [(other.paper.title, [keypoint.label for keypoint in other.shared]) for other in others]
        for name, others in related_papers(made).items()
    }


def test_what_few_papers_name_weighs_more() -> None:
    made = library(
        [
            ("A", "2024-05", ["often", "rare"]),
            ("B", "2024-01", ["rare"]),
            ("C", "2024-05", ["often"]),
            ("D", "2024-05", ["often"]),
            ("E", "2024-05", ["nothing of theirs"]),
        ]
    )
    assert shown(made)["A"] == [("B", ["rare"]), ("C", ["often"]), ("D", ["often"])]
    assert shown(made)["C"] == [("A", ["often"]), ("D", ["often"])]
    assert "E" not in shown(made)


def test_reasons_stand_rarest_first_whatever_the_order_in_the_source() -> None:
    rows: list[Row] = [("A", "2024-05", ["common", "rare"]), ("B", "2024-05", ["rare", "common"])]
    made = library([*rows, ("C", "2024-05", ["common"]), ("D", "2024-05", [])])
    assert shown(made)["A"][0] == ("B", ["rare", "common"])
    assert shown(made)["B"][0] == ("A", ["rare", "common"])


def test_equal_ones_are_those_nearest_in_time_then_in_the_order_of_the_library() -> None:
    months = ["2024-12", "2024-05", "2024-02", "2024-01", "2023-12", None, "2023-12"]
    rows: list[Row] = [(f"{month} {n}", month, ["x"]) for n, month in enumerate(months)]
    made = library([*rows, ("other", "2024-01", [])])
    assert [title for title, _ in shown(made)["2024-01 3"]] == ["2024-02 2", "2023-12 4", "2023-12 6"]
    assert [title for title, _ in shown(made)["2024-12 0"]] == ["2024-05 1", "2024-02 2", "2024-01 3"]
    assert [title for title, _ in shown(made)["None 5"]] == ["2024-12 0", "2024-05 1", "2024-02 2"]


def test_what_all_papers_name_relates_nothing() -> None:
    made = library([(f"P{n}", "2024-05", ["all"]) for n in range(5)])
    assert related_papers(made) == {}
    made = library([(f"P{n}", "2024-05", ["all", *(["two"] if n < 2 else [])]) for n in range(5)])
    assert shown(made) == {"P0": [("P1", ["two"])], "P1": [("P0", ["two"])]}
    assert "two" not in related_keypoints(made)  # and is related to nothing
    assert [(k.keypoint.slug, k.count) for k in related_keypoints(made)["all"]] == [("two", 2)]


def test_another_record_of_the_same_paper_is_no_relation() -> None:
    made = library(
        [
            ("Twice", "2024-05", ["x"]),
            ("TWICE", "2024-04", ["x"]),
            ("Other", "2024-06", ["x"]),
            ("", "2024-05", ["y"]),
            ("", "2024-06", ["y"]),
        ]
    )
    assert shown(made) == {
        "Twice": [("Other", ["x"])],
        "TWICE": [("Other", ["x"])],
        "Other": [("TWICE", ["x"])],  # the first record only
        "": [("", ["y"])],  # no title says nothing
    }


def test_hidden_keypoints_are_no_reason() -> None:
    vocabulary = Vocabulary((VocabularyEntry("x", "x", hidden=True),))
    made = library(
        [("A", "2024-05", ["x", "y"]), ("B", "2024-05", ["x", "y"]), ("C", "2024-05", ["x", "z"])], vocabulary
    )
    assert shown(made) == {"A": [("B", ["y"])], "B": [("A", ["y"])]}
    found = related_keypoints(made)
    assert {other.keypoint.slug for others in found.values() for other in others} == {"y", "z"}
    assert [(other.keypoint.slug, other.count) for other in found["x"]] == [("z", 1), ("y", 2)]  # log(3) > 2 log(3/2)


NAMES = [f"k{n}" for n in range(10)]
ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABCDEFGHIJKLMNOPa"),
        st.sampled_from([None, "2023-11", "2024-01", "2024-02", "2024-06"]),
        st.lists(st.sampled_from(NAMES), max_size=6, unique=True),
    ),
    max_size=LOOKED_AT // 6,
)


def months_between(one: Paper, other: Paper) -> float:
    if one.month and other.month:
        numbers = [12 * int(paper.month[:4]) + int(paper.month[5:]) for paper in (one, other) if paper.month]
        return abs(numbers[0] - numbers[1])
    return float("inf")


def by_definition(made: Library, paper: Paper, most: int) -> list[tuple[str, set[str]]]:
    """Every other paper weighed, exactly: a sum of logarithms of N / n compares as the product of N / n does."""
    counts = {name: sum(name in (p.keypoints or ()) for p in made.papers) for name in NAMES}
    ranks = []
    for place, other in enumerate(made.papers):
        records = [p for p in made.papers if p.title.casefold() == other.title.casefold()]
        if other.title.casefold() == paper.title.casefold() or other is not min(records, key=lambda p: p.day or "~"):
            continue
        both = set(paper.keypoints or ()) & set(other.keypoints or ())
        shared = {name for name in both if counts[name] < len(made.papers)}
        weight = Fraction(1)
        for name in shared:
            weight *= Fraction(len(made.papers), counts[name])
        if shared:
            ranks.append((-weight, months_between(paper, other), place, other.id, shared))
    return [(name, shared) for *_, name, shared in sorted(ranks, key=lambda rank: rank[:3])[:most]]


@given(ROWS, st.integers(1, 4))
def test_related_papers_are_those_of_the_definition(rows: list[Row], most: int) -> None:
    made = library(rows)
    found = related_papers(made, most)
    for paper in made.papers:
        others = found.get(paper.id, ())
        expected = by_definition(made, paper, most)
        assert [(o.paper.id, {k.slug for k in o.shared}) for o in others] == expected
        for other in others:
            counts = [keypoint.count for keypoint in other.shared]
            assert counts == sorted(counts)
    assert all(found.values())


@given(ROWS, st.integers(1, 9))
def test_related_keypoints_are_those_of_the_definition(rows: list[Row], most: int) -> None:
    made = library(rows)
    found = related_keypoints(made, most)
    for keypoint in made.keypoints:
        ranks = []
        for other in made.keypoints:
            both = sum({keypoint.slug, other.slug} <= set(paper.keypoints or ()) for paper in made.papers)
            if other is not keypoint and both and other.count < len(made.papers):
                weight = Fraction(len(made.papers), other.count) ** both
                ranks.append((-weight, other.label.casefold(), other.slug, both))
        expected = [(slug, both) for *_, slug, both in sorted(ranks)[:most]]
        assert [(other.keypoint.slug, other.count) for other in found.get(keypoint.slug, ())] == expected


def test_what_keypoints_yml_relates_stands_first_and_in_its_order() -> None:
    text = "\n".join(
        (
            "keypoints:",
            "  - {label: a, related: [unused, c, b, secret]}",
            "  - {label: b}",
            "  - {label: c}",
            "  - {label: unused}",
            "  - {label: below, parent: unused}",
            "  - {label: secret, hidden: true}",
        )
    )
    vocabulary, findings = read_keypoints(text, "keypoints.yml")
    assert not findings
    rows: list[Row] = [
        ("P1", "2024-05", ["a", "b", "d", "secret"]),
        ("P2", "2024-05", ["a", "d", "e"]),
        ("P3", "2024-05", ["c", "below"]),
    ]
    found = related_keypoints(library(rows, vocabulary))
    said = [("unused", 0), ("c", 0), ("b", 1)]
    assert [(other.keypoint.slug, other.count) for other in found["a"]] == [*said, ("e", 1), ("d", 2)]
    assert [o.keypoint.slug for o in related_keypoints(library(rows, vocabulary), 2)["a"]] == ["unused", "c", "b"]
    assert "unused" not in found  # nobody names it, nor says what it is related to
    assert [(other.keypoint.slug, other.count) for other in found["b"]] == [("a", 1), ("d", 1)]


def looked_at(made: Library, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many papers are looked at for each paper."""
    counts: list[int] = []
    candidates = relations._candidates

    def counted(*arguments: object) -> set[int]:
        found = candidates(*arguments)  # type: ignore[arg-type]
        counts.append(len(found))
        return found

    monkeypatch.setattr(relations, "_candidates", counted)
    related_papers(made)
    return counts


@pytest.mark.parametrize("papers", [500, 2000])
def test_work_grows_with_the_papers_and_not_with_their_pairs(papers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = [f"all {n}" for n in range(3)]
    rows: list[Row] = [(f"P{n}", "2024-05", [*everywhere, f"half {n % 2}", f"own {n}"]) for n in range(papers)]
    rows.append(("one more", "2024-06", ["half 0"]))  # so that those of all others weigh something
    made = library(rows)
    counts = looked_at(made, monkeypatch)
    assert len(counts) == papers + 1
    assert LOOKED_AT / 2 < max(counts) < LOOKED_AT + FEWEST
    assert all(len(others) == 3 for others in related_papers(made).values())


def test_a_paper_with_thousands_of_keypoints_is_related_by_its_rarest(monkeypatch: pytest.MonkeyPatch) -> None:
    number = count()
    every = [f"k{n:04}" for n in range(2000)]
    rows: list[Row] = [("all of them", "2024-05", every), ("rare", "2024-05", ["k0007"])]
    rows += [(f"P{next(number)}", "2024-05", [name]) for name in every if name != "k0007" for _ in range(2)]
    made = library(rows)
    assert max(looked_at(made, monkeypatch)) < LOOKED_AT + FEWEST
    assert shown(made)["all of them"][0] == ("rare", ["k0007"])


def test_a_frequent_keypoint_brings_the_papers_that_stand_nearest() -> None:
    months = [f"{2000 + n // 12}-{n % 12 + 1:02}" for n in range(300)]
    made = library([*((month, month, ["x"]) for month in months), ("other", "2024-06", ["y"])])
    for n in (0, 1, 150, 298, 299):
        others = [months.index(title) for title, _ in shown(made)[months[n]]]
        assert others == sorted((m for m in range(300) if m != n), key=lambda m: (abs(m - n), -m))[:3]


def test_counts_are_true_where_a_paper_names_more_keypoints_than_it_proposes() -> None:
    many = [f"k{n:03}" for n in range(4 * PAIRED)]
    rows: list[Row] = [(f"P{n}", "2024-05", many[n % 5 :: n % 3 + 1]) for n in range(12)]
    rows += [(f"Q{n}", "2024-05", many[n : n + 3]) for n in range(len(many) - 3)]
    made = library(rows)
    found = related_keypoints(made)
    assert any(len(paper.keypoints or ()) > PAIRED for paper in made.papers)
    assert set(found) == set(many)
    for slug, others in found.items():
        assert len(others) == 8
        for other in others:
            both = sum({slug, other.keypoint.slug} <= set(paper.keypoints or ()) for paper in made.papers)
            assert other.count == both > 0


def test_every_process_gives_the_same() -> None:
    code = (
        "from mkdocs_paperdigest import build_library, read_digest\n"
        "from mkdocs_paperdigest.library.relations import related_keypoints, related_papers\n"
        "text = ''.join(f'### P{n}\\n- `Keypoints:` a{n % 7}; b{n % 3}; c{n % 5}; d{n % 2}\\n' for n in range(40))\n"
        "made = build_library([read_digest(text, '202405.md')[0]])\n"
        "print({k: [(r.paper.id, [s.slug for s in r.shared]) for r in v] for k, v in related_papers(made).items()})\n"
        "print({k: [(r.keypoint.slug, r.count) for r in v] for k, v in related_keypoints(made).items()})\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
