"""Where the CPU time of a build goes: the stack, looked at every few milliseconds of CPU time.

`python profiling.py` in the folder of `mkdocs.yml`, on one core, so that the plugin starts no other processes. Prints `{"stages": {stage:
{owner: seconds}}, "spots": {place: seconds}}`: whose code it was, and the functions of the plugin themselves.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

INTERVAL = 0.004  # seconds; what the clock of most Linux kernels can do
PLUGIN = "mkdocs_paperdigest"

READ, SHOWN, LISTS = "Digests read", "Papers made into HTML", "Keypoint pages, index, trends, feet of papers, data"
PAGES, SEARCH, FILES = "Theme around pages, pages written", "Search index", "Other files"
STAGES = {
    "prerender.py: prerendered": SHOWN,
    "sources.py: _reading": READ,
    "machine.py: shared": READ,
    "mkdocs_paperdigest/plugin.py: on_files": "Library of all digests, pages planned",
    "mkdocs/commands/build.py: _populate_page": "Pages converted, links resolved",
    "mkdocs_paperdigest/plugin.py: on_page_context": LISTS,
    "papers_json.py: papers_json_bytes": LISTS,
    "explorer_data.py: explorer_data": LISTS,
    "index_data.py: index_data": LISTS,
    "search/plugin.py: on_page_context": SEARCH,
    "contrib/search/__init__.py: on_page_context": SEARCH,
    "search/plugin.py: on_post_build": SEARCH,
    "contrib/search/__init__.py: on_post_build": SEARCH,
    "mkdocs/commands/build.py: _build_page": PAGES,
    "mkdocs/structure/files.py: copy_static_files": FILES,
    "mkdocs/utils/__init__.py: clean_directory": FILES,
}
"""What is being done, by the nearest of these functions that Python is in; all else is the start."""
START = "Start: imports, settings"

OWNERS = {
    PLUGIN: "the plugin",
    "mkdocs": "MkDocs, Material",
    "material": "MkDocs, Material",
    "markdown": "Markdown libraries",
    "pymdownx": "Markdown libraries",
    "markdown_it": "Markdown libraries",
}
"""Whose code it is, by its package; Python's library, Jinja and others work for whoever called them."""
NOBODY = "others"


class Samples:
    """Counts of stacks, by what is being done and whose code it is."""

    def __init__(self) -> None:
        self.stages: Counter[tuple[str, str]] = Counter()
        self.spots: Counter[str] = Counter()

    def take(self, _: int, frame: FrameType | None) -> None:
        """Count where Python is now, as a handler of signals."""
        owner = stage = None
        while frame and not (owner and stage):
            code = frame.f_code
            path = code.co_filename
            if not owner and (package := _package(path)):
                owner = OWNERS[package]
                if package == PLUGIN:
                    self.spots[f"{path[path.rindex(PLUGIN) + len(PLUGIN) + 1 :]}: {code.co_name}"] += 1
            stage = stage or _stage(path, code.co_name)
            frame = frame.f_back
        self.stages[stage or START, owner or NOBODY] += 1

    def seconds(self, cpu: float) -> dict[str, Any]:
        """The counts as shares of CPU seconds."""
        each = cpu / max(self.stages.total(), 1)
        stages: dict[str, dict[str, float]] = {}
        for (stage, owner), number in self.stages.most_common():
            stages.setdefault(stage, {})[owner] = number * each
        return {"stages": stages, "spots": {spot: number * each for spot, number in self.spots.most_common(20)}}


@cache
def _package(path: str) -> str | None:
    return next((part for part in reversed(Path(path).parts[:-1]) if part in OWNERS), None)


@cache
def _stage(path: str, function: str) -> str | None:
    place = f"/{Path(path).as_posix()}: {function}"
    return next((stage for end, stage in STAGES.items() if place.endswith(f"/{end}")), None)


def profile() -> dict[str, Any]:
    """Build the site of this folder, and say where the time went."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    samples = Samples()
    signal.signal(signal.SIGPROF, samples.take)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    with tempfile.TemporaryDirectory() as site:
        config = load_config("mkdocs.yml", site_dir=site)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        signal.setitimer(signal.ITIMER_PROF, 0)
        cpu = time.process_time()
    return samples.seconds(cpu)


if __name__ == "__main__":
    json.dump(profile(), sys.stdout)
