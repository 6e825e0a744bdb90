"""How large a site's search index is, and how long readers wait for the first hit: each paper's whole text against `search: slim`.

`python -m tests.benchmarks.search_times 6000` makes a corpus, builds it both ways with Material for MkDocs, and prints a table.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

from ..chromium import FLAGS, served
from . import corpora

INDEX = Path("search", "search_index.json")
WAYS = ("full", "slim")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WATCH = """
const watch = new MutationObserver(() => {
  if (!document.querySelector(".md-search-result__item")) return;
  window.firstHit = performance.now();
  watch.disconnect();
});
watch.observe(document, { childList: true, subtree: true });
"""
"""Notes when the first hit shows, in milliseconds since the page was asked for."""


def built(folder: Path, papers: int) -> dict[str, Path]:
    """The sites of a corpus, by what `search` says."""
    corpora.write("main", papers, folder / "docs")
    (folder / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    sites = {}
    for way in WAYS:
        plugins = ["search", {"paperdigest": {"search": way}}]
        settings = {"site_name": "Search", "theme": {"name": "material", "font": False}, "plugins": plugins}
        (folder / f"{way}.yml").write_text(json.dumps(settings), encoding="utf-8")
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", f"{way}.yml", "-d", way]
        subprocess.run(command, cwd=folder, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
        sites[way] = folder / way
    return sites


def seconds_to_the_first_hit(sites: Mapping[str, Path], rounds: int = 7) -> dict[str, list[float]]:
    """How long each site takes from the opening of `?q=…` until a hit shows; in turn, each with nothing kept from before."""
    entries = json.loads((next(iter(sites.values())) / INDEX).read_bytes())["docs"]
    words = next(entry["title"] for entry in entries if entry["title"].count(" ") > 3)
    taken: dict[str, list[float]] = {name: [] for name in sites}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(rounds):
            for name, site in sites.items():
                with served(site) as address:
                    page = browser.new_page()
                    page.add_init_script(WATCH)
                    page.goto(f"{address}?q={words.replace(' ', '+')}")
                    page.wait_for_function("window.firstHit", timeout=120_000)
                    taken[name].append(page.evaluate("window.firstHit") / 1000)
                    page.close()
        browser.close()
    return taken


def table(sites: Mapping[str, Path], taken: Mapping[str, list[float]]) -> str:
    """Sizes and times as Markdown, with the median of what each took of the first one's time in the same round."""
    first = next(iter(taken.values()))
    rows = [
        "| `search` | Index | As it is sent (gzip) | First hit | Of the first row's |",
        "| --- | --: | --: | --: | --: |",
    ]
    for name, site in sites.items():
        data = (site / INDEX).read_bytes()
        ratio = statistics.median(own / whole for own, whole in zip(taken[name], first, strict=True))
        sizes = f"{len(data) / 1e6:.1f} MB | {len(gzip.compress(data)) / 1e6:.2f} MB"
        rows.append(f"| `{name}` | {sizes} | {statistics.median(taken[name]):.2f} s | {ratio:.2f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        found = built(Path(made), int(sys.argv[1]))
        print(table(found, seconds_to_the_first_hit(found)))
