"""Measurements → Markdown: sections that the guide includes, every number and sentence of them from the measurements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .measure import Cost
from .profiling import NOBODY, OWNERS
from .profiling import PLUGIN as PACKAGE
from .runs import AGAIN, PROFILED, REBUILT, SERVED, Plan, Run
from .sites import OTHERS, PLUGIN, SLIM

SHAPES = {"main": "monthly", "daily": "daily"}
"""What the digests of a corpus are called."""

MB, KB = 1e6, 1e3
PAGES_LIMIT = 1_000_000_000
"""What a site of GitHub Pages may have: 1 GB (https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits)."""

TEXT_COLUMNS = {"Digests", "Site", "Command", "Of", "Page", "Step", "Function"}
SPOTS = 10
NOTHING = "This run did not measure it.\n"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was run when, and on what."""

    day: str
    command: str
    machine: str
    versions: str
    load: float


@dataclass(frozen=True, slots=True)
class Results:
    """What one benchmark has measured so far."""

    plan: Plan
    conditions: Conditions
    runs: Sequence[Run]


class Measured:
    """All runs, found by what was built; the order of papers and sites is that of the report.

    Raises ValueError for the same corpus in two benchmarks: a ratio is of builds that were run in turn.
    """

    def __init__(self, benchmarks: Iterable[Results]) -> None:
        self.runs: dict[tuple[str, int, str], dict[int, Run]] = {}
        for results in benchmarks:
            known = {key[:2] for key in self.runs}
            for run in results.runs:
                if (run.shape, run.papers) in known:
                    raise ValueError(f"two benchmarks have {run.papers} papers in {SHAPES[run.shape]} digests")
                self.runs.setdefault((run.shape, run.papers, run.what), {})[run.round] = run
        self.corpora = sorted({key[:2] for key in self.runs}, key=lambda key: (list(SHAPES).index(key[0]), key[1]))

    def costs(self, shape: str, papers: int, what: str, of: Callable[[Cost], float]) -> list[float]:
        """What it cost in each round."""
        return [of(run.cost) for run in self.runs.get((shape, papers, what), {}).values()]

    def ratios(
        self, over: tuple[str, int, str], under: tuple[str, int, str], of: Callable[[Cost], float]
    ) -> list[float]:
        """One cost divided by another of the same round, for each round that has both."""
        above, below = self.runs.get(over, {}), self.runs.get(under, {})
        return [of(above[number].cost) / of(below[number].cost) for number in above if number in below]

    def first(self, shape: str, papers: int, what: str) -> Run | None:
        """The run that knows the sizes."""
        return self.runs.get((shape, papers, what), {}).get(0)


def report(*benchmarks: Results) -> str:
    """All sections, each between the marks that snippets of pymdown-extensions look for. Raises ValueError as `Measured` does."""
    measured = Measured(benchmarks)
    sections = {
        "conditions": "\n".join(map(_conditions, benchmarks)),
        **{name: make(measured) for name, make in SECTIONS.items()},
    }
    marked = (
        f"<!-- --8<-- [start:{name}] -->\n{text or NOTHING}<!-- --8<-- [end:{name}] -->\n"
        for name, text in sections.items()
    )
    return "<!-- Written by `python -m tests.benchmarks`; do not edit. -->\n\n" + "\n".join(marked)


def _conditions(results: Results) -> str:
    plan, conditions, runs = results.plan, results.conditions, results.runs
    rounds = 1 + max(run.round for run in runs)
    minutes = sum(run.cost.seconds for run in runs) / 60
    sizes = ", ".join(f"{papers:,}" for papers in plan.sizes)
    alone = ", ".join(f"{papers:,}" for papers in plan.alone)
    lines = "".join(
        f"- {line}\n"
        for line in (
            f"Sizes: {sizes or 'no'} papers with all sites"
            + (f"; {alone} papers with the plugin alone" if alone else "")
            + f". Digests: {' and '.join(SHAPES[shape] for shape in plan.shapes)}.",
            f"Rounds: {rounds}"
            + (f" of {plan.rounds}: it was stopped" if rounds < plan.rounds else "")
            + f". All builds together took about {minutes:.0f} minutes.",
            f"Machine: {conditions.machine}. {conditions.load:.1f} processes wanted a core before the first run.",
            f"Versions: {conditions.versions}.",
        )
    )
    return f"Measured on {conditions.day} with `{conditions.command}`:\n\n{lines}"


def _ratios(measured: Measured) -> str:
    rows = []
    for shape, papers in measured.corpora:
        for unit, of in (("seconds", _seconds), ("CPU seconds", _cpu)):
            ends = (((shape, papers, PLUGIN.name), (shape, papers, other.name)) for other in OTHERS)
            cells = [_spread(measured.ratios(*pair, of)) for pair in ends]
            if any(cells):
                rows.append([SHAPES[shape], f"{papers:,}", unit, *cells])
    return _table(["Digests", "Papers", "Of", *(f"Plugin ÷ {other.name}" for other in OTHERS)], rows)


def _times(measured: Measured) -> str:
    rows = []
    for shape, papers in measured.corpora:
        for what in (PLUGIN.name, *(other.name for other in OTHERS)):
            if seconds := measured.costs(shape, papers, what, _seconds):
                cpu, memory = (median(measured.costs(shape, papers, what, of)) for of in (_cpu, _memory))
                took = median(seconds)
                cells = (took, cpu, took / papers * 1000, memory / MB)
                rows.append([SHAPES[shape], f"{papers:,}", what, *map(_number, cells)])
    return _table(["Digests", "Papers", "Site", "Seconds", "CPU seconds", "ms a paper", "Memory, MB"], rows)


def _growth(measured: Measured) -> str:
    rows = []
    for shape, small, large in _pairs(measured.corpora):
        for what in (PLUGIN.name, *(other.name for other in OTHERS)):
            ends = (shape, large, what), (shape, small, what)
            if took := measured.ratios(*ends, _seconds):
                each = [ratio * small / large for ratio in took]
                cells = (took, measured.ratios(*ends, _cpu), each, measured.ratios(*ends, _memory))
                rows.append(
                    [SHAPES[shape], f"{small:,} → {large:,}", what, f"{large / small:.3g}", *map(_spread, cells)]
                )
    return _table(["Digests", "Papers", "Site", "Papers ×", "Time ×", "CPU ×", "Time a paper ×", "Memory ×"], rows)


def _sizes(measured: Measured) -> str:
    rows = []
    for shape, papers in measured.corpora:
        for what in (PLUGIN.name, *(other.name for other in OTHERS)):
            if (run := measured.first(shape, papers, what)) and (size := run.size):
                numbers = (_number(size.bytes / MB), f"{size.files:,}", _number(size.bytes / papers / KB))
                rows.append([SHAPES[shape], f"{papers:,}", what, *numbers])
    return _table(["Digests", "Papers", "Site", "MB", "Files", "KB a paper"], rows)


def _pages(measured: Measured) -> str:
    rows = []
    for shape, papers in measured.corpora:
        if (run := measured.first(shape, papers, PLUGIN.name)) and (size := run.size):
            rows.append([SHAPES[shape], f"{papers:,}", _number(size.largest / KB), f"`{size.largest_name}`"])
    return _table(["Digests", "Papers", "KB", "Page"], rows)


def _search(measured: Measured) -> str:
    rows = []
    for shape, papers in measured.corpora:
        both = [measured.first(shape, papers, what) for what in (PLUGIN.name, SLIM.name)]
        sizes = [run.size for run in both if run and run.size]
        if len(sizes) == len(both):
            numbers = [_number(count / MB) for size in sizes for count in (size.index, size.index_gzip)]
            rows.append([SHAPES[shape], f"{papers:,}", *numbers])
    return _table(["Digests", "Papers", "`full`, MB", "gzipped", "`slim`, MB", "gzipped"], rows)


def _rebuilds(measured: Measured) -> str:
    rows = []
    for shape, papers in measured.corpora:
        for what, first, again in (("`mkdocs serve`", SERVED, REBUILT), ("`mkdocs build`", PLUGIN.name, AGAIN)):
            ends = (shape, papers, again), (shape, papers, first)
            if took := measured.ratios(*ends, _seconds):
                times = [_number(median(measured.costs(shape, papers, one, _seconds))) for one in (first, again)]
                cache = (run := measured.first(shape, papers, PLUGIN.name)) and run.cache
                shown = _number(cache / MB) if cache and again == AGAIN else ""
                # What the processes that a first build shares its work with took while serving was not measured.
                cpu = _spread(measured.ratios(*ends, _cpu)) if again == AGAIN else ""
                ratios = (_spread(took), cpu)
                rows.append([SHAPES[shape], f"{papers:,}", what, *times, *ratios, shown])
    return _table(
        [
            "Digests",
            "Papers",
            "Command",
            "First, seconds",
            "After an edit, seconds",
            "Ratio",
            "CPU ratio",
            "Cache, MB",
        ],
        rows,
    )


def _profile(measured: Measured) -> str:
    """What each step took, and whose code that was."""
    rows = []
    for shape, papers, profile in _profiles(measured):
        stages = profile["stages"]
        owners = list(dict.fromkeys([OWNERS[PACKAGE], *OWNERS.values(), NOBODY]))
        sums = {owner: sum(stage.get(owner, 0) for stage in stages.values()) for owner in owners}
        total = sum(sums.values())
        for name, by in {**stages, "All": sums}.items():
            mine, others = by.get(owners[0], 0), [by.get(owner, 0) for owner in owners[1:]]
            took = mine + sum(others)
            cells = [_number(took), f"{took / total:.0%}", _number(mine), *map(_number, others)]
            rows.append([SHAPES[shape], f"{papers:,}", name, *cells])
    if not rows:
        return ""
    return _table(["Digests", "Papers", "Step", "CPU seconds", "Share", *owners], rows)


def _spots(measured: Measured) -> str:
    rows = []
    for shape, papers, profile in _profiles(measured):
        total = sum(sum(by.values()) for by in profile["stages"].values())
        for spot, took in list(profile["spots"].items())[:SPOTS]:
            rows.append([SHAPES[shape], f"{papers:,}", f"`{spot}`", _number(took), f"{took / total:.1%}"])
    return _table(["Digests", "Papers", "Function", "CPU seconds", "Share"], rows)


def _profiles(measured: Measured) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for shape, papers in measured.corpora:
        if (run := measured.first(shape, papers, PROFILED)) and run.profile:
            yield shape, papers, run.profile


def _capacity(measured: Measured) -> str:
    """How many papers fit into GitHub Pages, from the two largest sites of each shape."""
    sentences = []
    for shape in SHAPES:
        runs = [measured.first(*corpus, PLUGIN.name) for corpus in measured.corpora if corpus[0] == shape]
        known = [(run.papers, run.size.bytes) for run in runs if run and run.size]
        if known:
            (few, small), (many, large) = known[-2] if known[1:] else (0, 0), known[-1]
            each = (large - small) / (many - few)
            by = f"sites of {few:,} and {many:,} papers" if few else f"a site of {many:,} papers"
            sentences.append(
                f"- With {SHAPES[shape]} digests, about {_rounded_down(many + (PAGES_LIMIT - large) / each)} papers fit "
                f"into the 1 GB that a site of GitHub Pages may have: by {by}, each takes {_number(each / KB)} KB.\n"
            )
    return "".join(sentences)


SECTIONS: dict[str, Callable[[Measured], str]] = {
    "ratios": _ratios,
    "times": _times,
    "growth": _growth,
    "rebuilds": _rebuilds,
    "sizes": _sizes,
    "pages": _pages,
    "search": _search,
    "capacity": _capacity,
    "profile": _profile,
    "spots": _spots,
}


def _pairs(corpora: Sequence[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Sizes of which one is the double of the other, and those that show whether a paper of a very large site takes longer."""
    return [
        (shape, papers, more)
        for shape, papers in corpora
        for same, more in corpora
        if same == shape and (more == 2 * papers or (papers, more) == (8000, 36000))
    ]


def _seconds(cost: Cost) -> float:
    return cost.seconds


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _memory(cost: Cost) -> float:
    return cost.memory


def _spread(values: Sequence[float]) -> str:
    """The median, and the range if there is one."""
    if not values:
        return ""
    ends = f"{min(values):.2f}", f"{max(values):.2f}"
    return f"{median(values):.2f}" + ("" if ends[0] == ends[1] else f" ({ends[0]}–{ends[1]})")


def _number(value: float) -> str:
    """About three digits."""
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def _rounded_down(value: float) -> str:
    """Two digits, and zeros."""
    unit = 10 ** max(0, len(str(int(value))) - 2)
    return f"{int(value) // unit * unit:,}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = [head, ["---" if name in TEXT_COLUMNS else "--:" for name in head], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
