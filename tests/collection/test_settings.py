"""The commands read settings as MkDocs reads them: what they inherit, tags, and the files that they leave out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPER, needed, write
from mkdocs.config import load_config

from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.collection.settings import site_options

Out = pytest.CaptureFixture[str]
At = Callable[..., Path]

THEMED = PAPER.replace("`Keypoints:`", "`Themes:`")
LABELS = "plugins:\n  paperdigest:\n    labels: {keypoints: [Themes]}\n"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """A function that writes files to the current folder."""

    def make(files: dict[str, str | bytes]) -> Path:
        write(tmp_path, files)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


# --- what they inherit ------------------------------------------------------------------------------------------------

INHERITED: dict[str, dict[str, str]] = {
    "labels and docs_dir": {
        "mkdocs.yml": "INHERIT: conf/base.yml\nsite_name: T\n",
        "conf/base.yml": f"docs_dir: digests\nsite_dir: out\nuse_directory_urls: false\n{LABELS}",
    },
    "a base of a base": {
        "mkdocs.yml": "INHERIT: conf/base.yml\nsite_name: T\ndocs_dir: digests\n",
        "conf/base.yml": "INHERIT: ../all/base.yml\ndocs_dir: not_this\n",
        "all/base.yml": f"docs_dir: nor_this\nsite_name: not this\n{LABELS}",
    },
    "plugins as mappings are merged": {
        "mkdocs.yml": "INHERIT: base.yml\ndocs_dir: digests\nplugins: {paperdigest: {papers_json: data.json}}\n",
        "base.yml": f"site_name: T\n{LABELS}    exclude: [x.md]\n",
    },
    "plugins as lists are replaced": {
        "mkdocs.yml": "INHERIT: base.yml\ndocs_dir: digests\nplugins: [paperdigest: {labels: {keypoints: Themes}}]\n",
        "base.yml": "site_name: T\nplugins: [paperdigest: {exclude: ['**']}]\n",
    },
    "a scalar in between": {
        "mkdocs.yml": "INHERIT: b.yml\nsite_name: T\ndocs_dir: digests\nplugins: {paperdigest: {labels: {keypoints: Themes}}}\n",
        "b.yml": "INHERIT: c.yml\nplugins: null\n",
        "c.yml": "plugins: {paperdigest: {exclude: ['**']}}\n",
    },
    "environment": {
        "mkdocs.yml": "INHERIT: !ENV [PD_NONE, PD_BASE, x.yml]\nsite_name: !ENV [PD_NONE, T]\ndocs_dir: !ENV PD_DOCS\n"
        "use_directory_urls: !ENV [PD_URLS, true]\n",
        "conf.yml": LABELS,
    },
    "tags": {
        "mkdocs.yml": f"site_name: T\ndocs_dir: digests\n{LABELS}markdown_extensions:\n"
        "  - pymdownx.snippets: {base_path: [!relative $config_dir]}\n"
        "  - toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}\n"
        "extra: {a: !!python/name:os.getcwd , b: !!python/tuple [1]}\n",
    },
}


@pytest.mark.parametrize("kind", INHERITED)
def test_settings_are_those_of_a_build(kind: str, at: At, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    """And `lint`, `stats`, `export` and `render` go by them."""
    monkeypatch.setenv("PD_BASE", "conf.yml")
    monkeypatch.setenv("PD_DOCS", "digests")
    monkeypatch.setenv("PD_URLS", "false")
    folder = at({**INHERITED[kind], "digests/202405.md": THEMED, "digests/index.md": "# Home\n"})
    config = load_config("mkdocs.yml", theme="mkdocs")
    own: dict[str, Any] = config.plugins["paperdigest"].config
    options = site_options(folder)
    assert options.ignored == ()
    assert [str(path) for path in (options.docs, options.site)] == [config.docs_dir, config.site_dir]
    assert options.use_directory_urls == config.use_directory_urls
    assert options.site_name == config.site_name == "T"
    assert [list(options.exclude), options.papers_json] == [own["exclude"], own["papers_json"]]
    for command in (["export"], ["keypoints", "list", "--format", "json"]):
        assert main(command) == 0
        assert "Camera Control" in capsys.readouterr().out
    assert main(["stats", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["keypoints"]["Camera Control"] == 1
    assert main(["render", ".", "out-of-it"]) == 0
    assert Path("out-of-it/keypoints/camera-control.md").is_file()
    assert main(["lint", "--select", "PD201", "--fail-on", "never"]) == 0
    assert "Themes" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"mkdocs.yml": "INHERIT: conf/none.yml\n"}, "INHERIT names conf/none.yml: No such file or directory"),
        ({"mkdocs.yml": "INHERIT: b.yml\n", "b.yml": "a: [\n"}, "INHERIT names b.yml: expected the node content"),
        ({"mkdocs.yml": "INHERIT: b.yml\n", "b.yml": "INHERIT: mkdocs.yml\n"}, "INHERIT leads back to mkdocs.yml"),
        ({"mkdocs.yml": "INHERIT: .\n"}, "INHERIT names .: Is a directory"),
        ({"mkdocs.yml": "docs_dir: !ENV {a: b}\n"}, "expected a scalar or sequence node"),
        ({"mkdocs.yml": "a: " + "[" * 1200 + "\n"}, "it is nested too deeply"),
    ],
)
def test_settings_that_cannot_be_read_are_one_sentence(files: dict[str, str], said: str, at: At, capsys: Out) -> None:
    at({**files, "docs/202405.md": PAPER})
    for command in (
        ["lint", "--fail-on", "never"],
        ["stats"],
        ["export"],
        ["lock"],
        ["figures", "vendor", "--dry-run"],
    ):
        assert main(command) == 0
        lines = [line for line in capsys.readouterr().err.splitlines() if "ignored" in line]
        assert len(lines) == 1
        assert lines[0].startswith("paperdigest: mkdocs.yml was ignored: it cannot be read (")
        assert said in lines[0]


def test_earlier_commits_are_read_with_what_their_settings_inherit(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the first of them is the one whose base names the plugin."""
    program = needed("git", "git")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    def commit(files: dict[str, str | bytes]) -> None:
        at(files)
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
            subprocess.run([program, "-c", "user.name=x", "-c", "user.email=x@x.test", *words], check=True)

    settings = "INHERIT: ../conf/a.yml\nsite_name: T\n"
    base = "INHERIT: b.yml\ndocs_dir: digests\n"
    old = THEMED.replace("On Things", "On Old Things")
    commit({"notes/mkdocs.yml": settings, "conf/a.yml": base, "conf/b.yml": LABELS, "notes/digests/202405.md": old})
    moved = base.replace("digests", "papers")
    commit({"conf/a.yml": moved, "notes/papers/202405.md": THEMED})
    Path("notes/digests/202405.md").unlink()
    commit({"notes/papers/202405.md": THEMED.replace("On Things", "On All Things")})
    assert main(["lock", "notes"]) == 0
    kept = Path("notes/paperdigest.lock").read_text()
    assert "202405/a-first-paper-on-old-things," in kept
    assert "202405/a-first-paper-on-things," in kept


# --- the files that they leave out ------------------------------------------------------------------------------------

PAGES = ("202405.md", "drafts/a.md", "drafts/b/c.md", "x.tmp.md", "README.md")

# Settings, and the pages that a build takes away; `exclude` was compared with mkdocs-exclude 1.0.2.
LEFT_OUT: dict[str, tuple[str, set[str]]] = {
    "a glob takes slashes, too": (
        "plugins: [paperdigest, exclude: {glob: drafts/*}]",
        {"drafts/a.md", "drafts/b/c.md"},
    ),
    "globs": ("plugins: [paperdigest, exclude: {glob: ['*.tmp.md', 'a.md']}]", {"x.tmp.md"}),
    "a regular expression fits from the beginning": (
        "plugins: {paperdigest: {}, exclude: {regex: ['drafts/[a-z]\\.', 'tmp']}}",
        {"drafts/a.md"},
    ),
    "both, and pictures": ("plugins: [paperdigest, exclude: {glob: ['*.png'], regex: 'x'}]", {"x.tmp.md"}),
    "the plugin is off": ("plugins: [paperdigest, exclude: {enabled: false, glob: '*'}]", set()),
    "MkDocs' own": ("plugins: [paperdigest]\nexclude_docs: drafts/", {"drafts/a.md", "drafts/b/c.md"}),
    "of the navigation only": ("plugins: [paperdigest]\nnot_in_nav: drafts/", set()),
    "of the search only": ("plugins: [paperdigest, exclude-search: {exclude: ['*']}]", set()),
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_files_that_a_build_leaves_out_are_not_counted(kind: str, at: At, capsys: Out) -> None:
    settings, left_out = LEFT_OUT[kind]
    paper = "# 202405\n\n### Paper {0}\n- `Keypoints:` Of {0};\n- `Objective:` Be {0}.\n- ![](https://a.test/{0}.png)\n"
    files = {f"docs/{path}": paper.format(path.replace("/", "-").removesuffix(".md")) for path in PAGES}
    at({**files, "docs/a.png": "x", "mkdocs.yml": f"site_name: T\n{settings}\n"})
    expected = {*PAGES} - left_out

    def run(*command: str) -> str:
        assert main(list(command)) == 0
        return capsys.readouterr().out

    records = json.loads(run("export"))["papers"]
    assert {record["source"]["path"].removeprefix("docs/") for record in records} == expected
    assert json.loads(run("stats", "--format", "json"))["files"] == len(expected)
    assert len(json.loads(run("keypoints", "list", "--format", "json"))) == len(expected)
    assert len(run("figures", "vendor", "--dry-run").splitlines()) == len(expected)
    found = json.loads(run("lint", "--fail-on", "never", "--select", "PD610", "--format", "json"))
    assert {item["path"].removeprefix("docs/") for item in found} == expected
    run("render", ".", "out")
    assert {path for path in PAGES if Path("out", path).is_file()} == expected
    assert Path("out/a.png").is_file() == ("pictures" not in kind)


def test_drafts_are_linted_and_not_exported(at: At, capsys: Out) -> None:
    at({"docs/202405.md": PAPER, "mkdocs.yml": "site_name: T\nplugins: [paperdigest]\ndraft_docs: '2024*'\n"})
    assert main(["lint", "--format", "json", "--fail-on", "never"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert main(["export"]) == 0
    assert json.loads(capsys.readouterr().out)["papers"] == []


def test_a_regular_expression_that_is_none_is_said(at: At, capsys: Out) -> None:
    at(
        {
            "docs/202405.md": PAPER,
            "mkdocs.yml": "site_name: T\nplugins: [paperdigest, exclude: {regex: ['(', '2023']}]\n",
        }
    )
    assert main(["export"]) == 0
    assert "`(` of the plugin `exclude` in mkdocs.yml was ignored: " in capsys.readouterr().err
