"""What the nox session `wheel` runs where nothing but the built wheel and what it needs is installed.

It is no test module of pytest, which is not installed there.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "mkdocs_paperdigest"
TEXT = "# 202405\n\n### A Paper\n- `Keypoints:` World Model; C++;\n- `Objective:` Say it.\n"


def main() -> None:
    distribution = importlib.metadata.distribution("mkdocs-paperdigest")
    shipped = {Path(str(file)).as_posix() for file in distribution.files or ()}
    tracked = subprocess.run(
        ["git", "ls-files", "."], cwd=PACKAGE, capture_output=True, text=True, check=True
    ).stdout.split()
    missing = [file for file in tracked if f"mkdocs_paperdigest/{file}" not in shipped]
    assert not missing, missing
    for kind in ("py.typed", "plugin.py", ".html", ".css", ".schema.json", "LICENSE"):
        assert any(file.endswith(kind) for file in shipped), kind
    installed = {d.metadata["Name"].lower() for d in importlib.metadata.distributions()}
    assert not installed & {"mkdocs-material", "pytest", "properdocs"}, installed
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "docs").mkdir()
        (project / "docs" / "202405.md").write_text(TEXT, encoding="utf-8")
        (project / "mkdocs.yml").write_text("site_name: T\nplugins: [search, paperdigest]\n", encoding="utf-8")
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=project, check=True)
        site = project / "site"
        assert 'class="pd-paper"' in (site / "202405" / "index.html").read_text(encoding="utf-8")
        assert "A Paper" in (site / "keypoints" / "world-model" / "index.html").read_text(encoding="utf-8")
        assert (site / "assets" / "paperdigest" / "paperdigest.css").stat().st_size > 1000
        keypoints = json.loads((site / "papers.json").read_text(encoding="utf-8"))["keypoints"]
        assert [keypoint["slug"] for keypoint in keypoints] == ["c++", "world-model"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "202405.md").write_text(TEXT, encoding="utf-8")
        for command in ("mkdocs_paperdigest stats", "mkdocs_paperdigest init", "mkdocs build --strict"):
            subprocess.run([sys.executable, "-m", *command.split()], cwd=folder, check=True)
        assert 'class="pd-paper"' in Path(folder, "site", "202405", "index.html").read_text(encoding="utf-8")
    print(f"{len(shipped)} files in the wheel; sites build")


if __name__ == "__main__":
    main()
