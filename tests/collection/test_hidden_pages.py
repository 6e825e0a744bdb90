"""Pages that give no papers: those that are encrypted or hidden, and those that switch the plugin off; in builds and commands."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from conftest import Builder, needed, write
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.collection.digest_folder import rules_of_settings
from mkdocs_paperdigest.collection.page_text import PageRules, hidden_pages, inherited_meta
from mkdocs_paperdigest.collection.settings import site_options
from mkdocs_paperdigest.mkdocs_host.integrations import rules_of_plugins
from mkdocs_paperdigest.reader import front_matter, split_front_matter


def paper(word: str, meta: str = "") -> str:
    """A digest whose every word of interest has `word` in it."""
    return (
        f"{meta}# 202405\n\nAbout {word}.\n\n## {word} things\n\n"
        f"### A {word} study [[pdf](https://arxiv.org/abs/2405.00001)] [[doi](https://doi.org/10.1000/{word})]\n"
        f"- `Authors:` Ada {word}\n- `Keypoints:` {word} model; shared\n- `Objective:` To {word}.\n- ![{word}](https://example.org/{word}.png)\n"
    )


OPEN = paper("Plain").replace("2405.00001", "2405.00002")
SECRET = "Zebra"
FORMS = {
    "front matter": {"p.md": paper(SECRET, "---\npassword: hush\n---\n")},
    "a number": {"p.md": paper(SECRET, "---\npassword: 1234\n---\n")},
    "without rules": {"p.md": paper(SECRET, "Title: x\nPassword: hush\n\n")},
    "above": {".meta.yml": "password: hush\n", "a/.meta.yml": "password: ''\n", "a/x.md": OPEN, "p.md": paper(SECRET)},
    "nested": {"a/.meta.yml": "password: hush\n", "a/b/.meta.yml": "x: 1\n", "a/b/p.md": paper(SECRET)},
    "a name that begins so": {"a/.meta.yml": "password: hush\n", "ab.md": paper(SECRET)},
}
OFF = {
    "front matter": {"p.md": paper(SECRET, "---\npaperdigest: false\n---\n")},
    "without rules": {"p.md": paper(SECRET, "paperdigest: false\n\n")},
    "inherited": {"a/.meta.yml": "paperdigest: false\n", "a/b/p.md": paper(SECRET)},
}


class Log(logging.Handler):
    """What a build says."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Project:
    """A site that is built in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plugins: list[Any] = ["search", "meta", {"paperdigest": {"figures_folder": False}}]
        self.settings: dict[str, Any] = {}
        self.lines: list[str] = []

    def write(self, docs: dict[str, str]) -> None:
        theme = {"name": "material", "font": False}
        settings = {"site_name": "T", "site_url": "https://site.test/", "theme": theme, "plugins": self.plugins}
        write(self.folder, {"mkdocs.yml": yaml.safe_dump({**settings, **self.settings})})
        write(self.folder / "docs", {"index.md": "# Home\n", "open.md": OPEN, **docs})

    def build(self, *, serve: bool = False) -> dict[str, str]:
        """Every text of the built site."""
        if not serve:
            vars(MkDocsConfig)["plugins"].plugin_cache.clear()
        config = load_config(str(self.folder / "mkdocs.yml"))
        config.plugins.on_startup(command="serve" if serve else "build", dirty=False)
        log, said = logging.getLogger("mkdocs"), Log()
        log.addHandler(said)
        log.setLevel(logging.INFO)
        try:
            mkdocs_build(config)
        finally:
            log.removeHandler(said)
            self.lines = said.lines
            if not serve:
                config.plugins.on_shutdown()
        site = self.folder / "site"
        return {
            path.relative_to(site).as_posix(): path.read_bytes().decode("utf-8", "replace")
            for path in site.rglob("*")
            if path.is_file()
        }

    @property
    def said(self) -> list[str]:
        return [line for line in self.lines if "PD" in line]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    yield Project(tmp_path)
    vars(MkDocsConfig)["plugins"].plugin_cache.clear()


def leaks(files: dict[str, str]) -> list[str]:
    """The files that know the secret, besides the page itself and the search entries that the theme makes of it."""
    own = ("p/index.html", "ab/index.html", "search/search_index.json")
    return [name for name, text in files.items() if SECRET.lower() in text.lower() and not name.endswith(own)]


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_page_gives_nothing_to_other_files(project: Project, form: str) -> None:
    project.write(FORMS[form])
    files = project.build()
    assert leaks(files) == []
    assert "A Plain study" in files["papers.json"]
    hidden = [name for name, text in FORMS[form].items() if SECRET in text]
    if form == "above":
        hidden = ["index.md", "open.md", *hidden]
    (line,) = project.said  # one for all pages
    assert "PD409" in line
    assert line.endswith(f": {', '.join(hidden)}")
    page = next(text for name, text in files.items() if name.endswith(("p/index.html", "ab/index.html")))
    # Encrypted only when the page is written, its text may still be there to be described.
    assert LexborHTMLParser(page).css(".pd-paper, script[type='application/ld+json'], meta[name=description]") == []


@pytest.mark.parametrize("form", OFF)
def test_a_page_that_is_off_is_an_ordinary_page(project: Project, form: str) -> None:
    project.write(OFF[form])
    files = project.build()
    assert project.said == []
    name = next(name for name in files if name.endswith("p/index.html"))
    assert leaks(files) == []
    assert LexborHTMLParser(files[name]).css(".pd-paper, .pd-keypoint") == []
    entries = json.loads(files["search/search_index.json"])["docs"]
    assert any(SECRET in entry["text"] and entry["location"].startswith(name[:-10]) for entry in entries)
    assert f"{name[:-10]}" in {
        link.attributes["href"] for link in LexborHTMLParser(files["index.html"]).css("nav a[href]")
    }


@pytest.mark.parametrize("values", ["password: hush", "paperdigest: false"])
@pytest.mark.parametrize("serve", [False, True])
def test_what_was_read_before_a_page_was_hidden_is_forgotten(project: Project, values: str, *, serve: bool) -> None:
    project.write({"a/p.md": paper(SECRET)})
    for _ in range(2):  # the second from the cache
        assert SECRET in project.build(serve=serve)["papers.json"]
    write(project.folder / "docs", {"a/.meta.yml": values})
    assert leaks(project.build(serve=serve)) == []
    write(project.folder / "docs", {"a/.meta.yml": "x: 1"})
    assert SECRET in project.build(serve=serve)["papers.json"]


@pytest.mark.parametrize("form", ["nested", "a name that begins so"])
def test_without_the_plugin_of_the_theme_its_files_do_nothing(project: Project, form: str) -> None:
    project.plugins.remove("meta")
    project.write(FORMS[form])
    assert SECRET in project.build()["papers.json"]
    assert project.said == []


HOOK = """\
from mkdocs.plugins import event_priority

@event_priority(60)
def on_page_markdown(markdown, page, **_):
    if page.file.src_uri == "p.md":
        page.encryptcontent = {}
"""


def test_a_page_that_is_encrypted_too_late_ends_the_build(project: Project) -> None:
    write(project.folder, {"hook.py": HOOK})
    project.settings = {"hooks": ["hook.py"]}
    project.write({"p.md": paper(SECRET)})
    with pytest.raises(Abort):
        project.build()
    (line,) = (line for line in project.lines if "paperdigest" in line)
    assert "p.md was encrypted after its papers had been read" in line
    assert "put `paperdigest: false` into its front matter" in line
    project.write({"p.md": paper(SECRET, "---\npaperdigest: false\n---\n")})
    files = project.build()
    assert project.said == []
    assert LexborHTMLParser(files["p/index.html"]).css("meta[name=description]") == []


def test_encryptcontent(build: Builder) -> None:
    pytest.importorskip("encryptcontent")
    docs = {
        "open.md": OPEN,
        "p.md": paper(SECRET, "---\nlevel: inner\n---\n"),
        "o.md": paper(SECRET, "---\nobfuscate: x\n---\n"),
        "a/.meta.yml": "password: hush\n",
        "a/p.md": paper(SECRET),
    }
    options = {"password_inventory": {"inner": "hush"}, "inject": {"md-content": ["div", "class"]}, "cache_file": ""}
    options |= {"search_index": "encrypted", "encrypted_something": {"md-nav": ["nav", "class"]}}
    built = build(
        docs, arguments=(), plugins=["search", "meta", {"encryptcontent": options}], site_url="https://s.test/"
    )
    assert "PD409" in built.output
    assert ": a/p.md, o.md, p.md\n" in built.output
    files = {path: path.read_bytes().decode("utf-8", "replace") for path in built.site.rglob("*") if path.is_file()}
    assert [path for path, text in files.items() if f"To {SECRET}" in text or f"{SECRET} model" in text] == []
    assert "A Plain study" in built.read("papers.json")


# -- the rules


ENCRYPTS = PageRules(encrypts=True)
BY_DEFAULT = PageRules(encrypts=True, password=True)
BY_LEVEL = PageRules(encrypts=True, level=True)
ROLES = PageRules(roles=["public"])
INHERITED = PageRules(inherited=(("", {"password": "hush"}),))
RULES: list[tuple[PageRules, dict[str, Any], bool]] = [
    (PageRules(), {}, False),
    (PageRules(), {"password": "hush"}, True),
    (PageRules(), {"password": None}, True),  # to encryptcontent 3 the password `None`
    (PageRules(), {"password": ""}, False),
    (PageRules(), {"use_secret": "NAME"}, True),
    (PageRules(), {"level": "beginner", "obfuscate": "x", "role": "editor"}, False),
    (ENCRYPTS, {}, False),
    (ENCRYPTS, {"level": "inner"}, True),
    (ENCRYPTS, {"level": ""}, False),
    (ENCRYPTS, {"obfuscate": "x"}, True),
    (BY_DEFAULT, {}, True),
    (BY_DEFAULT, {"password": ""}, False),
    (BY_LEVEL, {}, True),
    (BY_LEVEL, {"password": ""}, True),
    (BY_LEVEL, {"level": ""}, False),
    (PageRules(encrypts=True, level=None), {}, True),
    (ROLES, {}, False),
    (ROLES, {"role": "editor"}, True),
    (INHERITED, {}, True),
    (INHERITED, {"password": ""}, False),
]


@pytest.mark.parametrize(("rules", "meta", "hidden"), RULES)
def test_what_hides_a_page(rules: PageRules, meta: dict[str, Any], *, hidden: bool) -> None:
    assert rules.hides("p.md", meta) is hidden


SITES: dict[str, tuple[dict[str, Any], bool]] = {
    "no plugin": ({}, False),
    "no default": ({"encryptcontent": {}}, False),
    "password": ({"encryptcontent": {"global_password": "hush"}}, True),
    "inventory": ({"encryptcontent": {"password_inventory": {"_global": "hush"}}}, True),
    "inventory without": ({"encryptcontent": {"password_inventory": {"inner": "hush"}}}, False),
    "roles": ({"role-filter": {"allowed_roles": ["editor"]}}, True),
    "roles by default": ({"role-filter": {}}, False),
}


@pytest.mark.parametrize("name", SITES)
def test_builds_and_commands_know_the_same_of_plugins(name: str, tmp_path: Path) -> None:
    options, hidden = SITES[name]
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump({"plugins": [options, "paperdigest"] if options else []}))
    assert site_options(tmp_path).rules.hides("p.md", {}) is hidden
    plugins = {}
    for plugin, own in options.items():
        config = {"allowed_roles": ["public"], **own} if plugin == "role-filter" else own
        levels = {level: {} for level in own.get("password_inventory", ())}
        plugins[plugin] = SimpleNamespace(config=config, setup={"level_keys": levels})
    assert rules_of_plugins(SimpleNamespace(plugins=plugins)).hides("p.md", {}) is hidden  # type: ignore[arg-type]


def test_a_password_that_only_the_environment_or_another_file_has_hides(tmp_path: Path) -> None:
    for options in ("global_password: !ENV HUSH", "password_file: gone.yml", "{password_file: levels.yml}"):
        text = f"plugins:\n  - encryptcontent:\n      {options}\n"
        write(tmp_path, {"mkdocs.yml": text, "levels.yml": "_global: hush\n"})
        assert site_options(tmp_path).rules.hides("p.md", {}), options
    write(tmp_path, {"levels.yml": "inner: hush\n"})
    assert not site_options(tmp_path).rules.hides("p.md", {})


def test_meta_files_count_wherever_a_command_begins(tmp_path: Path) -> None:
    settings = "docs_dir: d\nplugins:\n  - material/meta: {meta_file: m.yml}\n"
    write(tmp_path, {"mkdocs.yml": settings, "d/a/m.yml": "password: x\n", "d/a/b/m.yml": "paperdigest: false\n"})
    options = site_options(tmp_path)
    for root, hidden, shown in (("d", "a/p.md", "p.md"), (".", "d/a/p.md", "a/p.md"), ("d/a", "p.md", None)):
        rules = rules_of_settings(options, tmp_path / root)
        assert rules.hides(hidden, {}), root
        assert not rules.is_off(hidden, {})
        assert shown is None or not rules.hides(shown, {})
    assert rules_of_settings(options, tmp_path / "d" / "a" / "b").is_off("p.md", {})
    assert not rules_of_settings(options, tmp_path / "d" / "a").hides("p.md", {"password": ""})


def test_files_of_meta_manager_are_for_their_folder() -> None:
    rules = PageRules(inherited=inherited_meta({"a/.meta.yml": b"password: x"}, [(".meta.yml", True)]))
    assert rules.hides("a/b/p.md", {})
    assert not rules.hides("ab.md", {})


def test_one_line_names_ten_pages() -> None:
    (item,) = hidden_pages(f"{number:02}.md" for number in range(25))
    assert item.message.endswith("08.md, 09.md and 15 more")
    assert hidden_pages(()) == []


@pytest.mark.parametrize("depth", [10, 400, 3000])
def test_deep_front_matter_is_what_it_is_to_mkdocs(depth: int) -> None:
    from mkdocs.utils.meta import get_data

    text = f"---\npassword: hush\nx: {'[' * depth}{']' * depth}\n---\n# Title\n"
    assert bool(split_front_matter(text)[0]) is bool(get_data(text)[1])


@pytest.mark.parametrize(
    "text", ["Password: a\n    b\nlevel: c\n\nx\n", "# T\npassword: x\n", "---\nx\n---\npassword: x\n", "a: 1\na: 2\n"]
)
def test_front_matter_without_rules_is_read_as_mkdocs_reads_it(text: str) -> None:
    from mkdocs.utils.meta import get_data

    assert set(front_matter(text)) == set(get_data(text)[1])


# -- commands


@pytest.fixture
def hidden_docs(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    project.write(
        {
            "p.md": paper(SECRET, "---\npassword: hush\n---\n"),
            "marked.md": f"---\npassword: hush\n---\n<!-- paperdigest:wrong {SECRET} -->\n",
            "a/.meta.yml": "password: hush\n",
            "a/q.md": paper(SECRET),
            "out/.meta.yml": "password: hush\n",
            "out/o.md": f"{SECRET}\n\n<!-- paperdigest:recent -->\n",
            "out/plain.md": f"{SECRET}\n",
            "off.md": paper("Quagga", "---\npaperdigest: false\n---\n"),
        }
    )
    settings = yaml.safe_load((project.folder / "mkdocs.yml").read_text())
    settings["plugins"] = ["search", "meta", {"paperdigest": {"exclude": ["out/**"]}}]
    (project.folder / "mkdocs.yml").write_text(yaml.safe_dump(settings))
    monkeypatch.chdir(project.folder)
    return project.folder


COMMANDS = [
    "export",
    "export --format bibtex docs",
    "export --format csv docs/a",
    "lint",
    "lint docs/a/q.md",
    "stats",
    "stats docs",
    "stats docs/a/q.md",
    "keypoints list",
    "keypoints similar",
    "figures vendor --dry-run",
    "lock --dry-run",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_tells_of_hidden_pages(command: str, hidden_docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        main(command.split())
    except SystemExit as error:
        pytest.fail(f"{command}: {error} {capsys.readouterr().err}")
    said = "".join(capsys.readouterr())
    assert SECRET.lower() not in said.lower()
    assert "quagga" not in said.lower()


def test_rendered_markdown_has_no_hidden_page(hidden_docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", ".", "out"]) == 0
    files = {path.relative_to("out").as_posix(): path.read_text() for path in Path("out").rglob("*") if path.is_file()}
    assert [name for name, text in files.items() if SECRET in text] == []
    assert {"p.md", "marked.md", "a/q.md", "out/o.md", "out/plain.md"} & files.keys() == set()
    assert [name for name, text in files.items() if "Quagga" in text] == ["off.md"]
    assert "docs/a/q.md, docs/marked.md, docs/out/o.md, docs/out/plain.md, docs/p.md" in capsys.readouterr().err


def test_the_lock_keeps_nothing_of_hidden_pages(hidden_docs: Path) -> None:
    git = needed("git", "git")

    def commit(words: str) -> None:
        for arguments in ("add -A", f"-c user.name=a -c user.email=a@b.c commit -q -m {words}"):
            subprocess.run([git, *arguments.split()], cwd=hidden_docs, check=True)

    subprocess.run([git, "init", "-q", "-b", "main"], cwd=hidden_docs, check=True)
    commit("first")
    for name in ("p.md", "a/q.md", "open.md"):  # all papers get other addresses
        file = hidden_docs / "docs" / name
        file.write_text(file.read_text().replace("study", "survey"))
    commit("second")
    main(["lock"])
    lock = (hidden_docs / "paperdigest.lock").read_text()
    assert "plain-study" in lock
    assert SECRET.lower() not in lock.lower()
