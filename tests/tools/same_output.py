"""Compare, byte for byte, what two versions of the code make of the same sources: `python tests/tools/same_output.py OLD [NEW]`.

OLD and NEW are revisions of this repository or folders that hold it; NEW is the working tree if it is left out. The sources are those
of OLD: its example site, all golden cases as one site, the hostile payloads among its papers, and the folders of Markdown files that
`--docs` names. Of each are compared the site with both kinds of URLs, built without a cache, with an empty one and with a full one; what
`paperdigest render` writes; every format of `paperdigest export`; and what `lint`, `stats` and `check` say. The status is 1 if any
byte differs.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

ROOT = Path(__file__).parents[2]
URLS = {"directories": True, "files": False}
CACHES = ("none", "cold", "warm")
SETTINGS = """\
INHERIT: {inherit}
use_directory_urls: {urls}
plugins:
  - search
  - paperdigest: {{cache: {cache}}}
"""
GOLDEN = """\
site_name: Golden cases
site_url: https://example.org/golden/
theme: {name: material, font: false}
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, tables, pymdownx.details, pymdownx.superfences]
"""
"""The settings of a site of plain sources, which are no example of a good site."""


def checkout(version: str, folder: Path) -> Path:
    """The folder with a version of the code, put into `folder` if it is a revision."""
    if (Path(version) / "mkdocs_paperdigest").is_dir():
        return Path(version).resolve()
    packed = subprocess.run(["git", "archive", version], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def sources(code: Path, folder: Path, docs: list[Path]) -> None:
    """Write the projects to build: one folder each."""
    copytree(code / "example_site", folder / "example", ignore=ignore_patterns("site", ".cache"))
    cases = folder / "golden" / "docs"
    for case in sorted((code / "tests" / "golden").rglob("*.txt")):
        lines = case.read_bytes().decode("utf-8").split("\n")
        start = next(number for number, line in enumerate(lines) if line.startswith("=== "))
        end = max(number for number, line in enumerate(lines) if line == "=== expected")
        path = cases / case.stem / lines[start][4:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{line}\n" for line in lines[start + 1 : end]).encode())
    (folder / "golden" / "mkdocs.yml").write_text(GOLDEN, encoding="utf-8")
    for place in docs:
        copytree(place, folder / place.name / "docs", ignore=ignore_patterns("*.py", "*.json"))
        (folder / place.name / "mkdocs.yml").write_text(GOLDEN, encoding="utf-8")


def run(code: Path, folder: Path, *command: str) -> bytes:
    """What a command of a version prints, and its status."""
    environment = {**os.environ, "PYTHONPATH": str(code), "SOURCE_DATE_EPOCH": "1", "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.stdout + done.stderr + f"\nstatus {done.returncode}\n".encode()


def make(code: Path, project: Path, made: Path) -> None:
    """Write all that a version makes of a project into the folder `made`."""
    made.mkdir(parents=True)
    said = made / "said"
    said.mkdir()
    for urls, directory in URLS.items():
        rmtree(project / ".cache", ignore_errors=True)
        for cache in CACHES:
            settings = SETTINGS.format(
                inherit="mkdocs.yml", urls=directory, cache="false" if cache == "none" else "true"
            )
            (project / "same.yml").write_text(settings, encoding="utf-8")
            site = made / f"{urls}-{cache}"
            log = run(code, project, "mkdocs", "build", "-q", "-f", "same.yml", "-d", str(site))
            (said / f"build-{urls}-{cache}").write_bytes(log.replace(str(made).encode(), b""))
        check = run(code, made, "mkdocs_paperdigest", "check", f"{urls}-none")
        (said / f"check-{urls}").write_bytes(check)
    (project / "same.yml").unlink()
    for form in ("json", "csv", "bibtex", "csl"):
        (said / f"export-{form}").write_bytes(run(code, project, "mkdocs_paperdigest", "export", "--format", form, "."))
    for form in ("json", "text", "github"):
        (said / f"lint-{form}").write_bytes(run(code, project, "mkdocs_paperdigest", "lint", "--format", form))
    (said / "fixes").write_bytes(run(code, project, "mkdocs_paperdigest", "lint", "--diff"))
    (said / "stats").write_bytes(run(code, project, "mkdocs_paperdigest", "stats"))
    (said / "similar").write_bytes(run(code, project, "mkdocs_paperdigest", "keypoints", "similar"))
    rendered = run(code, project, "mkdocs_paperdigest", "render", ".", str(made / "render"))
    (said / "render").write_bytes(rendered.replace(str(made).encode(), b""))


def files(folder: Path) -> Iterator[str]:
    """The files in a folder, but for the one that says when it was packed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "sitemap.xml.gz":
            yield path.relative_to(folder).as_posix()


def main() -> int:
    """Run the comparison, and print what differs and how much was compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="OLD", help="a revision or a folder")
    parser.add_argument(
        "new", metavar="NEW", nargs="?", default=str(ROOT), help="a revision or a folder (default: the working tree)"
    )
    parser.add_argument("--docs", action="append", default=[], type=Path, help="one more folder of Markdown files")
    parser.add_argument("--keep", type=Path, help="a folder for what is made, which is deleted otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        base = options.keep or Path(temporary)
        codes = {name: checkout(getattr(options, name), base / f"code-{name}") for name in ("old", "new")}
        # The same paths for both versions, which a site may show: each has its own folder of a name of the same length.
        jobs = []
        for name in codes:
            rmtree(base / name, ignore_errors=True)
            sources(codes["old"], base / name / "in", options.docs)
            jobs += [
                (codes[name], project, base / name / "out" / project.name)
                for project in sorted((base / name / "in").iterdir())
            ]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda job: make(*job), jobs))
        old, new = (base / name / "out" for name in codes)
        one, other = set(files(old)), set(files(new))
        differs = sorted(one ^ other) + sorted(
            path for path in one & other if not filecmp.cmp(old / path, new / path, shallow=False)
        )
        for path in differs[:200]:
            where = "" if path in one & other else " (only in the old)" if path in one else " (only in the new)"
            print(f"differs: {path}{where}")
        size = sum((old / path).stat().st_size for path in one)
        print(f"{len(one)} files of {size:,} bytes compared: {len(differs)} differ")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
