"""What `mkdocs serve` does, timed in one process: a first build, then one after each paper added to a digest.

`python serving.py DIGEST FILE…` in the folder of `mkdocs.yml`; the files are what the digest becomes, one after the other. Prints
`[[seconds, CPU seconds], …]`, a pair for each build.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config


def serve(digest: Path, texts: list[str]) -> list[tuple[float, float]]:
    """Build as `mkdocs.commands.serve` does: the settings are read again each time, and the plugin stays."""
    times = []
    with tempfile.TemporaryDirectory() as site:
        for text in [None, *texts]:
            if text is not None:
                digest.write_text(text, encoding="utf-8")
            start, cpu = time.perf_counter(), time.process_time()
            config = load_config("mkdocs.yml", site_dir=site)
            if text is None:
                config.plugins.on_startup(command="serve", dirty=False)
            build(config, serve_url="http://127.0.0.1:8000/")
            times.append((time.perf_counter() - start, time.process_time() - cpu))
        config.plugins.on_shutdown()
    return times


if __name__ == "__main__":
    given = Path(sys.argv[1])
    print(json.dumps(serve(given, [Path(name).read_text(encoding="utf-8") for name in sys.argv[2:]])))
