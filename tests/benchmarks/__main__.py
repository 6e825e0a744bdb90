"""`python -m tests.benchmarks`: the plugin, plain MkDocs, Material's tags and Hugo with the same papers, and tables of it for the guide.

With `--hostile` nothing of that: how the time of each pattern, and of reading, grows with hostile text.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import hostile
from .corpora import SHAPES
from .machine import load, machine, versions
from .measure import ROOT, Cost, Size
from .report import Conditions, Results, report
from .runs import Plan, Run, runs

SIZES, ALONE = (600, 6000, 12000), (8000, 36000)
GUIDE = ROOT / "example_site" / "docs" / "guide" / "measured.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, or take what was measured before, and write the Markdown."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, metavar="N,N", help="papers of the sites compared (600,6000,12000)")
    parser.add_argument(
        "--alone",
        type=_numbers,
        metavar="N,N",
        help="papers of sites of the plugin alone (8000,36000, none with --sizes)",
    )
    parser.add_argument("--shapes", nargs="+", choices=list(SHAPES), default=list(SHAPES), help="main, daily or both")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often everything is run (3)")
    parser.add_argument("--folder", type=Path, help="where sites are built; emptied first (a new temporary folder)")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write all measurements to this file as JSON, too")
    parser.add_argument(
        "--again", type=Path, nargs="+", metavar="FILE", help="run nothing: make the Markdown of such files"
    )
    parser.add_argument("--hostile", action="store_true", help="only print how times grow with hostile text")
    parser.add_argument("--output", type=Path, default=GUIDE, metavar="FILE", help="the Markdown (that of the guide)")
    options = parser.parse_args(arguments)
    if options.hostile:
        for line in hostile.table():
            print(line)
        return
    if options.again:
        measured = [_read(file.read_text(encoding="utf-8")) for file in options.again]
    else:
        if not hasattr(os, "wait4"):
            parser.error("this system does not say what a process cost (Python has no os.wait4 here)")
        alone = (() if options.sizes else ALONE) if options.alone is None else options.alone
        plan = Plan(tuple(options.shapes), options.sizes or SIZES, alone, options.rounds)
        conditions = Conditions(f"{datetime.date.today()}", _command(options), machine(), versions(), load())
        done: list[Run] = []
        for run in _measure(plan, options.folder):
            done.append(run)
            if options.results:  # after each run, so that a long benchmark that is stopped was not for nothing
                kept = {"plan": asdict(plan), "conditions": asdict(conditions), "runs": [asdict(run) for run in done]}
                options.results.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        measured = [Results(plan, conditions, done)]
    text = report(*measured)
    options.output.write_text(text, encoding="utf-8")
    print(text)


def _measure(plan: Plan, given: Path | None) -> Iterator[Run]:
    folder = given or Path(tempfile.mkdtemp(prefix="benchmark-"))
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for run in runs(plan, folder):
            said = f"{run.cost.seconds:8.2f} s {run.cost.cpu:8.2f} s CPU {run.cost.memory / 1e6:6.0f} MB"
            print(
                f"round {run.round + 1}: {run.shape:5} {run.papers:6} {said}  {run.what}", file=sys.stderr, flush=True
            )
            yield run
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(options: argparse.Namespace) -> str:
    """What was asked for, without the places of files."""
    words = ["python", "-m", "tests.benchmarks"]
    for name in ("sizes", "alone"):
        if getattr(options, name) is not None:
            words += [f"--{name}", ",".join(map(str, getattr(options, name)))]
    if options.shapes != list(SHAPES):
        words += ["--shapes", *options.shapes]
    return shlex.join([*words, "--rounds", str(options.rounds)])


def _read(text: str) -> Results:
    kept: dict[str, Any] = json.loads(text)
    done = []
    for run in kept["runs"]:
        size = Size(**run["size"]) if run["size"] else None
        done.append(Run(**{**run, "cost": Cost(**run["cost"]), "size": size}))
    return Results(Plan(**kept["plan"]), Conditions(**kept["conditions"]), done)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",") if number)


if __name__ == "__main__":
    main()
