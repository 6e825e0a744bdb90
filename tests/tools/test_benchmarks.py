"""The benchmark: its corpora are what they claim, its sites build, and its tables say what was measured; how long anything takes is not tested."""

from __future__ import annotations

import json
import pkgutil
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from benchmarks import corpora
from benchmarks.__main__ import main
from benchmarks.hostile import CUT, GUARDED, MOST, WELL_FORMED, Growth, patterns
from benchmarks.measure import Cost, FailedError, Size, run, size
from benchmarks.profiling import STAGES, Samples
from benchmarks.report import Conditions, Results, report
from benchmarks.runs import AGAIN, OUTPUT, PLUGIN, PROFILED, REBUILT, SERVED, SLIM, Plan, Run, runs
from benchmarks.sites import HUGO, OTHERS, PLAIN, TAGS, Site
from conftest import ROOT

from mkdocs_paperdigest.reader import read_digest

GUIDE = ROOT / "example_site" / "docs" / "guide"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the benchmark needs os.wait4")


@pytest.mark.parametrize("papers", [12, 130])
@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_a_corpus_has_the_papers_that_it_claims(shape: str, papers: int) -> None:
    texts = dict(corpora.SHAPES[shape](papers))
    assert texts == dict(corpora.SHAPES[shape](papers))
    entries = [entry for text in texts.values() for entry in corpora.entries(text)]
    read = [read_digest(text, name) for name, text in texts.items()]
    found = [paper for digest, _ in read for paper in digest.papers]
    assert [findings for _, findings in read] == [()] * len(texts)
    assert len(found) == papers
    assert [paper.title for paper in found] == [entry.title for entry in entries]
    assert [tuple(paper.keypoints or ()) for paper in found] == [entry.keypoints for entry in entries]
    assert [bool(paper.details) for paper in found] == [True] * papers
    assert len({paper.month for paper in found}) == len(corpora.months(papers))


@pytest.mark.tools
@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_every_size_is_of_the_same_kind(shape: str) -> None:
    """Papers, bytes and keypoints of 60 months: nothing but the number of papers grows."""
    small, large = ("".join(text for _, text in corpora.SHAPES[shape](papers)) for papers in (600, 1200))
    assert len(large) / len(small) == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_an_edit_adds_a_paper(shape: str) -> None:
    (name, before), *_ = corpora.SHAPES[shape](12)
    after = corpora.longer(corpora.longer(before, 1), 2)
    digest, findings = read_digest(after, name)
    assert findings == ()
    assert [paper.title for paper in digest.papers][12:] == ["Added Paper 1", "Added Paper 2"]
    assert len({link.url for paper in digest.papers for link in paper.links if "arxiv" in link.url}) == 14


def sources(site: Site, shape: str, folder: Path) -> list[Path]:
    site.write(shape, 12, folder)
    return sorted((folder / site.sources).rglob("*.md"))


@POSIX
@pytest.mark.tools
@pytest.mark.parametrize("shape", corpora.SHAPES)
@pytest.mark.parametrize("site", [PLUGIN, TAGS], ids=lambda site: site.name)
def test_a_site_builds_and_shows_every_paper(site: Site, shape: str, tmp_path: Path) -> None:
    pages = sources(site, shape, tmp_path)
    assert len(pages) == (14 if site is TAGS else 1)
    assert run(site.command, tmp_path).memory > 1e6
    assert (tmp_path / "stderr.txt").read_text(encoding="utf-8") == ""
    shown = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / OUTPUT).rglob("*.html"))
    entries = [entry for _, text in corpora.SHAPES[shape](12) for entry in corpora.entries(text)]
    for entry in entries:
        assert re.search(rf"<h[13][^>]*>(?:<[^>]*>|\[\d+\]|\s)*{entry.title}", shown)
        assert all(keypoint in shown for keypoint in entry.keypoints)
    found = size(tmp_path / OUTPUT, {"202101/", "2021-01-01/"})
    assert found.bytes > found.index > found.index_gzip > 0
    if site is PLUGIN:
        assert found.largest == (tmp_path / OUTPUT / found.largest_name / "index.html").stat().st_size
        assert found.largest_name.split("/")[0] in {"keypoints", "papers", "trends", "months"}


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_hugo_gets_every_paper(shape: str, tmp_path: Path) -> None:
    """Hugo itself is large and only the benchmark installs it: here are the sources that it is given."""
    pages = sources(HUGO, shape, tmp_path)
    settings = tomllib.loads((tmp_path / "hugo.toml").read_text(encoding="utf-8"))
    assert (settings["taxonomies"], settings["publishDir"]) == ({"keypoint": "keypoints"}, OUTPUT)
    assert {path.name for path in tmp_path.rglob("*.html")} == {"baseof.html", "single.html", "list.html", "terms.html"}
    entries = [entry for _, text in corpora.SHAPES[shape](12) for entry in corpora.entries(text)]
    read = [path.read_text(encoding="utf-8").split("---\n", 2)[1:] for path in pages]
    matters = [yaml.safe_load(matter) for matter, _ in read]
    assert [(matter["title"], tuple(matter["keypoints"])) for matter in matters] == [
        (entry.title, entry.keypoints) for entry in entries
    ]
    assert [body for _, body in read] == [entry.body for entry in entries]


@POSIX
def test_a_command_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="no such thing"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


@POSIX
@pytest.mark.tools
def test_a_round_runs_every_site_once_and_edits_nothing_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.runs.OTHERS", (PLAIN,))
    monkeypatch.setattr("benchmarks.runs.REBUILDS", 1)
    done = list(runs(Plan(("main",), (12,), (), 1), tmp_path))
    assert [item.what for item in done] == [PLUGIN.name, AGAIN, SERVED, REBUILT, PROFILED, PLAIN.name, SLIM.name]
    assert all(item.cost.seconds > 0 and item.cost.cpu > 0 for item in done)
    profile = next(item.profile for item in done if item.profile)
    took = sum(sum(owners.values()) for owners in profile["stages"].values())
    assert 0 < took <= next(item.cost.cpu for item in done if item.what == PROFILED) * 1.01
    assert set().union(*profile["stages"].values()) >= {"the plugin", "MkDocs, Material"}
    assert sum(profile["spots"].values()) <= took
    sizes = {item.what: item.size for item in done if item.size}
    assert set(sizes) == {PLUGIN.name, PLAIN.name, SLIM.name}
    assert sizes[SLIM.name].index < sizes[PLUGIN.name].index
    (docs,) = tmp_path.glob("main-12/the-plugin/docs")
    assert {path.name: path.read_text(encoding="utf-8") for path in docs.iterdir()} == dict(corpora.SHAPES["main"](12))


def made_up() -> list[Run]:
    """Two rounds: the plugin takes a second for 1,000 papers, the others 2, 4 and half a second; in the second round all is slower."""
    took = {PLUGIN.name: 1.0, AGAIN: 0.5, SERVED: 0.8, REBUILT: 0.2} | dict(
        zip([site.name for site in OTHERS], (2, 4, 0.5), strict=True)
    )
    found = []
    for number in range(2):
        for papers in (1000, 2000, 8000, 36000):
            for what, seconds in {**took, SLIM.name: 1}.items():
                if (papers > 2000 and what not in (PLUGIN.name, SLIM.name)) or (number and what == SLIM.name):
                    continue
                slower = 3.0 if number else 1.0
                cost = Cost(seconds * papers / 1000 * slower, seconds * papers / 2000, papers * 10_000)
                index = 100 * papers if what == SLIM.name else 1000 * papers
                large = Size(2_000_000 + 20_000 * papers, papers, papers, index, index // 4, 123_456, "keypoints/a/")
                found.append(Run(number, "main", papers, what, cost, None if number else large, 5_000_000))
    return found


PROFILE = Run(
    0,
    "main",
    2000,
    PROFILED,
    Cost(10, 10, 1),
    profile={
        "stages": {
            "Digests read": {"the plugin": 6.0, "Markdown libraries": 2.0},
            "Search index": {"MkDocs, Material": 2.0},
        },
        "spots": {"reader/blocks.py: read": 4.0},
    },
)
CONDITIONS = Conditions("2026-01-01", "python -m tests.benchmarks", "a machine", "Python 3", 0.0)


def sections(text: str) -> dict[str, str]:
    return dict(re.findall(r"\[start:(\w+)\] -->\n(.*?)<!-- --8<-- \[end:\1\] -->\n", text, re.DOTALL))


def test_the_tables_say_what_was_measured() -> None:
    text = sections(report(Results(Plan(("main",), (1000, 2000), (8000, 36000), 2), CONDITIONS, [*made_up(), PROFILE])))
    assert "a machine" in text["conditions"]
    # 30 and 88 seconds in the first round, three times as much without `slim` in the second.
    assert "Rounds: 2. All builds together took about 6 minutes" in text["conditions"]
    assert "1,000, 2,000 papers with all sites; 8,000, 36,000 papers with the plugin alone" in text["conditions"]
    assert (
        text["ratios"].splitlines()[2] == "| monthly | 1,000 | seconds | 0.50 | 0.25 | 2.00 |"
    )  # of the same round, not across
    assert "| monthly | 1,000 | the plugin | 2.00 | 0.50 | 2.00 | 10.0 |" in text["times"]
    assert "| monthly | 1,000 → 2,000 | Hugo | 2 | 2.00 | 2.00 | 1.00 | 2.00 |" in text["growth"]
    assert "| monthly | 8,000 → 36,000 | the plugin | 4.5 | 4.50 | 4.50 | 1.00 | 4.50 |" in text["growth"]
    assert "| monthly | 1,000 | `mkdocs serve` | 1.60 | 0.40 | 0.25 |  |  |" in text["rebuilds"]
    assert "| monthly | 1,000 | `mkdocs build` | 2.00 | 1.00 | 0.50 | 0.50 | 5.00 |" in text["rebuilds"]
    assert "| monthly | 1,000 | the plugin | 22.0 | 1,000 | 22.0 |" in text["sizes"]
    assert "| monthly | 36,000 | 123 | `keypoints/a/` |" in text["pages"]
    assert "| monthly | 2,000 | 2.00 | 0.50 | 0.20 | 0.05 |" in text["search"]
    assert "about 49,000 papers fit" in text["capacity"]
    head, _, read, search, whole = text["profile"].splitlines()
    assert head.startswith("| Digests | Papers | Step | CPU seconds | Share | the plugin | MkDocs, Material |")
    assert read.startswith("| monthly | 2,000 | Digests read | 8.00 | 80% | 6.00 | 0.00 |")
    assert search.startswith("| monthly | 2,000 | Search index | 2.00 | 20% | 0.00 | 2.00 |")
    assert whole.startswith("| monthly | 2,000 | All | 10.0 | 100% | 6.00 | 2.00 |")
    assert "| monthly | 2,000 | `reader/blocks.py: read` | 4.00 | 40.0% |" in text["spots"]


def test_a_stack_is_counted_for_whoever_it_works_for() -> None:
    """A function of Python's library, called by one of the plugin within a step that is known."""
    samples = Samples()
    root = "/somewhere/site-packages"

    def called(path: str, name: str, inner: Any) -> Any:
        space: dict[str, Any] = {"inner": inner}
        exec(compile(f"def {name}(take):\n    return inner(take)\n", path, "exec"), space)
        return space[name]

    stack = called(f"{root}/json/encoder.py", "encode", lambda take: take(0, sys._getframe()))
    stack = called(f"{root}/mkdocs_paperdigest/records_json.py", "dumps", stack)
    stack = called(f"{root}/mkdocs_paperdigest/sources.py", "_reading", stack)
    called(f"{root}/mkdocs/commands/build.py", "build", stack)(samples.take)
    called(f"{root}/mkdocs/commands/build.py", "_build_page", lambda take: take(0, sys._getframe()))(samples.take)
    assert samples.seconds(4.0) == {
        "stages": {"Digests read": {"the plugin": 2.0}, "Theme around pages, pages written": {"MkDocs, Material": 2.0}},
        "spots": {"records_json.py: dumps": 2.0},
    }


def test_a_run_of_one_size_without_hugo_has_all_sections() -> None:
    measured = [item for item in made_up() if item.papers == 1000 and item.what != HUGO.name]
    text = sections(report(Results(Plan(("main",), (1000,), (), 1), CONDITIONS, measured)))
    assert text["growth"] == "This run did not measure it.\n"
    assert "| monthly | 1,000 | seconds | 0.50 | 0.25 |  |" in text["ratios"]


@POSIX
def test_the_markdown_is_made_again_from_kept_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.__main__.runs", lambda plan, folder: iter(made_up()))
    kept, first, second = (str(tmp_path / name) for name in ("kept.json", "first.md", "second.md"))
    main(
        [
            "--sizes",
            "1000,2000",
            "--rounds",
            "2",
            "--results",
            kept,
            "--output",
            first,
            "--folder",
            str(tmp_path / "work"),
        ]
    )
    text = Path(first).read_text(encoding="utf-8")
    assert "`python -m tests.benchmarks --sizes 1000,2000 --rounds 2`" in text
    assert str(tmp_path) not in text
    assert Path(sys.executable).parent.as_posix() not in text
    assert capsys.readouterr().out == text + "\n"
    main(["--again", kept, "--output", second])
    assert Path(second).read_text(encoding="utf-8") == text
    assert len(json.loads(Path(kept).read_text(encoding="utf-8"))["runs"]) == len(made_up())


def test_two_benchmarks_make_one_report_but_no_ratio_across_them() -> None:
    plan = Plan(("main",), (1000,), (), 2)
    small, large = ([item for item in made_up() if (item.papers < 8000) is few] for few in (True, False))
    text = sections(report(Results(plan, CONDITIONS, small), Results(plan, CONDITIONS, large)))
    whole = sections(report(Results(plan, CONDITIONS, made_up())))
    assert {name: text[name] for name in text if name != "conditions"} == {
        name: whole[name] for name in whole if name != "conditions"
    }
    assert text["conditions"].count("- Machine: ") == 2
    with pytest.raises(ValueError, match="two benchmarks have 1000 papers in monthly digests"):
        report(Results(plan, CONDITIONS, small), Results(plan, CONDITIONS, small))


def test_the_guide_includes_every_section() -> None:
    written = sections((GUIDE / "measured.md").read_text(encoding="utf-8"))
    assert set(written) == set(sections(report(Results(Plan(("main",), (1000,), (), 1), CONDITIONS, made_up()))))
    included = re.findall(
        r'^--8<-- "measured\.md:(\w+)"$', (GUIDE / "benchmark.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(included) == sorted(written)


@pytest.mark.parametrize(
    ("seconds", "longer", "linear"),
    [(0.01, 0.04, True), (0.01, 0.16, False), (0.01, 0.01 * MOST, False), (0.0001, 0.01, True), (0.5, None, False)],
)
def test_growth_with_hostile_text_is_told_from_noise(seconds: float, longer: float | None, linear: bool) -> None:
    assert Growth("name", "text", seconds, longer).is_linear is linear


def test_patterns_are_tried_as_they_are_used() -> None:
    uses = {name: used for name, _, used in patterns()}
    assert uses["support.checkout._NAME"] == ["fullmatch"]
    assert uses["reader.entries._STRONG"] == ["match"]
    assert uses["reader.fields._CODE_SPAN"] == ["finditer"]
    assert len(uses) > 200


def test_modules_of_special_patterns_are_there() -> None:
    for name in (*CUT, *WELL_FORMED, *GUARDED):
        assert pkgutil.resolve_name(f"mkdocs_paperdigest.{name}"), name


@pytest.mark.parametrize(
    "stage", [stage for stage in STAGES if not stage.startswith(("mkdocs/", "search/", "contrib/"))]
)
def test_functions_that_tell_the_stage_of_a_build_are_there(stage: str) -> None:
    file, function = stage.removeprefix("mkdocs_paperdigest/").split(": ")
    (module,) = (ROOT / "mkdocs_paperdigest").rglob(file)
    assert re.search(rf"^ *def {function}\(", module.read_text(encoding="utf-8"), re.MULTILINE)
