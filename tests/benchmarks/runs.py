"""What is run, in which order: in each round all sites of a size one after the other, each in a process of its own."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from .corpora import longer
from .measure import Cost, Size, folder_bytes, run, size
from .sites import OTHERS, OUTPUT, PLUGIN, SLIM, Site

AGAIN = "the plugin, second build"
SERVED = "the plugin, first build of serve"
REBUILT = "the plugin, rebuild of serve"
PROFILED = "the plugin, profiled"
REBUILDS = 3
SERVING = (sys.executable, str(Path(__file__).with_name("serving.py")))
PROFILING = (sys.executable, str(Path(__file__).with_name("profiling.py")))


@dataclass(frozen=True, slots=True)
class Plan:
    """The shapes and sizes of the corpora, those with the plugin alone, and how often everything is run."""

    shapes: tuple[str, ...]
    sizes: tuple[int, ...]
    alone: tuple[int, ...]
    rounds: int

    @property
    def profiled(self) -> int:
        """The papers of the sites that are profiled: the size in the middle."""
        return sorted(self.sizes)[len(self.sizes) // 2]


@dataclass(frozen=True, slots=True)
class Run:
    """One build: of which corpus, what it cost, and in the first round how large the site and the plugin's cache are.

    `profile` is what `profiling.py` prints, of the one build that it was there for.
    """

    round: int
    shape: str
    papers: int
    what: str
    cost: Cost
    size: Size | None = None
    cache: int = 0
    profile: dict[str, Any] | None = None


def runs(plan: Plan, folder: Path) -> Iterator[Run]:
    """Run everything. Sources are written once to the folder; caches and sites are gone before each first build."""
    for number in range(plan.rounds):
        for shape in plan.shapes:
            for papers in sorted({*plan.sizes, *plan.alone}):
                others = [site for site in OTHERS if site.command] if papers in plan.sizes else []
                sites = [PLUGIN, *others, *([SLIM] if number == 0 else [])]
                first = number % len(sites)  # who is first is another one each round
                for place in (*range(first, len(sites)), *range(first)):
                    site = sites[place]
                    at = folder / f"{shape}-{papers}" / site.name.replace(" ", "-").replace("`", "").replace(":", "")
                    if not at.exists():
                        site.write(shape, papers, at)
                    yield _first(number, shape, papers, site, at)
                    if site is PLUGIN and papers in plan.sizes:
                        yield from _after_edits(number, shape, papers, at)
                        if number == 0 and papers == plan.profiled:
                            yield _profiled(shape, papers, at)


def _first(number: int, shape: str, papers: int, site: Site, at: Path) -> Run:
    _clean(at, cache=True)
    cost = run(site.command, at)
    if number:
        return Run(number, shape, papers, site.name, cost)
    sources = at / site.sources
    names = [path.relative_to(sources).as_posix() for path in sources.rglob("*.md")]
    found = size(at / OUTPUT, {f"{name.removesuffix('.md')}/" for name in names} - {"index/"})
    assert found.pages >= len(names), f"{site.name} made {found.pages} pages of {len(names)}"
    return Run(number, shape, papers, site.name, cost, found, folder_bytes(at / ".cache"))


def _profiled(shape: str, papers: int, at: Path) -> Run:
    _clean(at, cache=True)
    cost = run(PROFILING, at)
    _clean(at, cache=True)
    return Run(0, shape, papers, PROFILED, cost, profile=json.loads((at / "stdout.txt").read_text(encoding="utf-8")))


def _after_edits(number: int, shape: str, papers: int, at: Path) -> Iterator[Run]:
    """Build again after a paper was added to the digest in the middle; then the same, and more, while serving."""
    digests = sorted((at / PLUGIN.sources).glob("*.md"))
    digest = digests[len(digests) // 2]
    before = digest.read_text(encoding="utf-8")
    texts = [before]
    for edit in range(REBUILDS):
        texts.append(longer(texts[-1], edit))
    edited = [at / f"edited-{edit}.txt" for edit in range(REBUILDS)]
    for path, text in zip(edited, texts[1:], strict=True):
        path.write_text(text, encoding="utf-8")
    try:
        digest.write_text(texts[1], encoding="utf-8")
        _clean(at, cache=False)
        yield Run(number, shape, papers, AGAIN, run(PLUGIN.command, at))
        digest.write_text(before, encoding="utf-8")
        _clean(at, cache=True)
        whole = run([*SERVING, str(digest), *map(str, edited)], at)
        (seconds, cpu), *rebuilt = json.loads((at / "stdout.txt").read_text(encoding="utf-8"))
        yield Run(number, shape, papers, SERVED, Cost(seconds, cpu, whole.memory))
        seconds, cpu = (median(column) for column in zip(*rebuilt, strict=True))
        yield Run(number, shape, papers, REBUILT, Cost(seconds, cpu, whole.memory))
    finally:
        digest.write_text(before, encoding="utf-8")
        _clean(at, cache=True)


def _clean(at: Path, *, cache: bool) -> None:
    for name in (OUTPUT, *([".cache"] if cache else [])):
        shutil.rmtree(at / name, ignore_errors=True)
