"""MkDocs and ProperDocs build the same site, and `gh-deploy` publishes it; each in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import EXTENSIONS, TWO_MONTHS, Builder, article, needed, texts, write
from crawl import broken_links

pytestmark = [pytest.mark.pythons, pytest.mark.versions]

_GENERATOR = re.compile(rb'<meta name="generator" content="[^"]*">')
"""The one thing in which the hosts differ: each says what it is."""


@pytest.mark.parametrize("directory_urls", [True, False])
def test_properdocs_builds_what_mkdocs_builds(build: Builder, directory_urls: bool) -> None:
    docs = {**TWO_MONTHS, "deep/202407.md": TWO_MONTHS["202405.md"], "about.md": "# A\n\n<!-- paperdigest:recent -->\n"}
    options = {
        "markdown_extensions": EXTENSIONS,
        "use_directory_urls": directory_urls,
        "site_url": "https://site.test/digests/",
    }
    theirs = build(docs, host="properdocs", folder="properdocs", **options)
    ours = build(docs, process=True, folder="mkdocs", **options)
    files = {path.relative_to(ours.site).as_posix() for path in ours.site.rglob("*") if path.is_file()}
    assert files == {path.relative_to(theirs.site).as_posix() for path in theirs.site.rglob("*") if path.is_file()}
    assert sum(file.endswith(".html") for file in files) >= 9
    assert {"papers.json", "papers.bib", "feed.xml", "feed.json", "search/search_index.json", "sitemap.xml"} <= files
    assert any(file.startswith("keypoints/") and file.endswith("/feed.xml") for file in files)
    for file in sorted(files - {"sitemap.xml.gz"}):  # which says when it was packed
        both = [(built.site / file).read_bytes() for built in (ours, theirs)]
        if file.endswith(".html"):
            assert [len(_GENERATOR.findall(page)) for page in both] == [1, 1], file
            both = [_GENERATOR.sub(b"", page) for page in both]
        elif file == "sitemap.xml":  # MkDocs 1.6.0 says of each page that it changes daily
            both = [re.sub(rb"\s*<changefreq>.*</changefreq>", b"", page) for page in both]
        assert both[0] == both[1], file
    assert broken_links(theirs.site, "https://site.test/digests/") == []


def test_properdocs_reports_and_fails_alike(build: Builder) -> None:
    docs = {"202405.md": TWO_MONTHS["202405.md"], "here.md": "# Here\n\n<!-- paperdigest:recnt -->\n"}
    built = build(docs, host="properdocs", status=1)
    assert "here.md:3:18: PD403 the marker `recnt` shows nothing" in built.output


def test_gh_deploy_pushes_the_site(build: Builder, tmp_path: Path) -> None:
    git = needed("git", "git")
    project = tmp_path / "project"

    def run(*words: str, cwd: Path = project) -> str:
        done = subprocess.run([*words], cwd=cwd, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    built = build(TWO_MONTHS)
    run(git, "init", "-q", "--bare", str(tmp_path / "remote.git"), cwd=tmp_path)
    write(project, {".gitignore": "site/\n"})
    run(git, "init", "-q", "-b", "main")
    run(git, "config", "user.name", "a")
    run(git, "config", "user.email", "a@b.c")
    run(git, "remote", "add", "origin", str(tmp_path / "remote.git"))
    run(git, "add", "-A")
    run(git, "commit", "-q", "-m", "first")
    for _ in range(2):
        run(sys.executable, "-m", "mkdocs", "gh-deploy", "--strict", "--force")
    run(git, "clone", "-q", "-b", "gh-pages", str(tmp_path / "remote.git"), str(tmp_path / "live"), cwd=tmp_path)
    live = tmp_path / "live"
    assert (live / ".nojekyll").is_file()  # else GitHub would leave files out whose names begin with `_`
    assert broken_links(live) == []
    index = article((live / "keypoints" / "index.html").read_text(encoding="utf-8"))
    assert texts(index, ".pd-index > li") == ["world model 4", "C++ 2", "Camera Control 2"]
    assert (live / "papers.json").read_text(encoding="utf-8") == built.read("papers.json")
