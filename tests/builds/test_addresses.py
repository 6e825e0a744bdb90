"""No address ever dies: random histories of a site, each state built, and every address that it ever gave out followed."""

from __future__ import annotations

import json
import posixpath
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from chromium import served
from conftest import Builder, make_builder, many, write
from crawl import broken_links, repeated_ids
from mkdocs.commands.build import build
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mkdocs_paperdigest.cli.command_line import main

WORDS = "amber birch cedar delta ember fjord grove heath inlet jetty knoll lagoon meadow nook orchard prairie".split()
SITE = "https://site.test/"


@dataclass
class Entry:
    """A paper as the model has it; its arXiv link is its true name."""

    arxiv: str
    title: str
    concepts: list[int]


@dataclass
class World:
    """A site that is edited. A concept is a keypoint, whatever it is called; `names` are its spellings, the one in use last."""

    folder: Path
    rng: random.Random
    pages: dict[str, list[Entry]] = field(default_factory=dict)
    names: dict[int, list[str]] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    count: int = 0

    def new_name(self) -> str:
        while (name := " ".join(self.rng.sample(WORDS, 2)).title()) in self.spent:
            continue
        self.spent.add(name)
        return name

    def concept(self, number: int) -> int:
        while number in self.merged:
            number = self.merged[number]
        return number

    def concepts(self) -> list[int]:
        """Those that papers name."""
        return sorted({self.concept(c) for entries in self.pages.values() for e in entries for c in e.concepts})

    def entries(self) -> list[tuple[str, Entry]]:
        return [(page, entry) for page, entries in sorted(self.pages.items()) for entry in entries]

    # -- edits

    def add(self) -> None:
        self.count += 1
        living = self.concepts()
        concepts = self.rng.sample(living, min(2, len(living)))
        if len(living) < 8 or self.rng.random() < 0.2:
            number = len(self.names)
            self.names[number] = [self.new_name()]
            concepts.append(number)
        titles = [entry.title for _, entry in self.entries()]
        again = titles and self.rng.random() < 0.15  # a new paper with the title of another
        title = self.rng.choice(titles) if again else f"On {self.new_name()}"
        entry = Entry(f"2405.{self.count:05}", title, concepts)
        page = self.rng.choice(sorted(self.pages) or ["202401.md"])
        entries = self.pages.setdefault(page, [])
        entries.insert(self.rng.randint(0, len(entries)), entry)

    def retitle(self) -> None:
        _, entry = self.rng.choice(self.entries())
        words = entry.title.split()
        words[self.rng.randrange(len(words))] = self.rng.choice(WORDS).title()
        entry.title = " ".join(words)

    def swap_titles(self) -> None:
        (_, one), (_, other) = self.rng.sample(self.entries(), 2)
        one.title, other.title = other.title, one.title

    def move(self) -> None:
        page, entry = self.rng.choice(self.entries())
        to = self.rng.choice([*self.pages, f"2024{self.rng.randint(1, 12):02}.md"])
        self.pages[page].remove(entry)
        self.pages.setdefault(to, []).append(entry)
        self.pages = {name: entries for name, entries in self.pages.items() if entries}

    def rename_page(self) -> None:
        page = self.rng.choice(sorted(self.pages))
        to = f"2024/{page.rpartition('/')[2]}" if "/" not in page else page.rpartition("/")[2]
        if to not in self.pages:
            self.pages[to] = self.pages.pop(page)

    def delete(self) -> None:
        page, entry = self.rng.choice(self.entries())
        if len(self.entries()) > 6:
            self.pages[page].remove(entry)
            self.pages = {name: entries for name, entries in self.pages.items() if entries}

    def respell(self) -> None:
        """By hand, in all digests: only lock can see it."""
        if free := [c for c in self.concepts() if c not in self.known]:
            self.names[self.rng.choice(free)].append(self.new_name())

    def merge(self) -> None:
        if len(living := self.concepts()) > 3:
            a, b = self.rng.sample(living, 2)
            if self.command("merge", self.names[a][-1], self.names[b][-1]):
                self.names[a].append(self.names[b][-1])
            self.merged[a] = b
            self.known |= {a, b}

    def rename(self) -> None:
        concept = self.rng.choice(self.concepts())
        name = self.new_name()
        if self.command("rename", self.names[concept][-1], name):
            self.names[concept].append(name)
        self.known.add(concept)

    def reslug(self) -> None:
        """By hand, in keypoints.yml."""
        file = self.folder / "keypoints.yml"
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        heads = [n for n, line in enumerate(lines) if line and not line.startswith((" ", "#", "-"))]
        if heads:
            head = self.rng.choice(heads)
            own = range(head + 1, next((n for n in heads if n > head), len(lines)))
            slugs = [n for n in own if lines[n].startswith("  slug:")]
            name = self.new_name().lower().replace(" ", "-")
            if slugs:
                lines[slugs[0]] = f"  slug: {name}"
            elif lines[head].endswith(":"):
                lines.insert(head + 1, f"  slug: {name}")
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def command(self, *words: str) -> bool:
        """Change keypoints by the command; gives whether the digests were rewritten."""
        self.write()
        rewrite = self.rng.random() < 0.5
        status = main(["keypoints", *words, *(["--rewrite"] if rewrite else []), str(self.folder)])
        assert status == 0, words
        return rewrite

    # -- states

    def write(self) -> None:
        for file in (self.folder / "docs").rglob("*.md"):
            file.unlink()
        for page, entries in self.pages.items():
            parts = [
                f"### {entry.title}\n[[paper](https://arxiv.org/abs/{entry.arxiv})]\n"
                f"- `Keypoints:` {'; '.join(dict.fromkeys(self.names[c][-1] for c in entry.concepts))}\n"
                f"- `Objective:` What is said in {entry.arxiv}.\n"
                for entry in entries
            ]
            write(self.folder / "docs", {page: "# Digest\n\n" + "\n".join(parts), "index.md": "# Home\n"})


@pytest.fixture
def make(tmp_path: Path) -> Builder:
    """A function that builds docs in a process of its own; `build` is what this module calls in its own process."""
    return make_builder(tmp_path)


def state(world: World) -> Path:
    """Lock and build what there is now."""
    world.write()
    assert main(["lock", str(world.folder)]) == 0
    before = [file.read_bytes() for file in world.folder.glob("[!.]*.*")]
    config = load_config(str(world.folder / "mkdocs.yml"), site_dir=str(world.folder / "site"), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    assert before == [file.read_bytes() for file in world.folder.glob("[!.]*.*")]  # builds write no sources
    return world.folder / "site"


def follow(site: Path, address: str) -> tuple[str, LexborNode | None]:
    """Where an address leads in the end: the page, and the element that its fragment names, as a reader is led there."""
    for _ in range(5):
        target, fragment = urldefrag(urljoin(SITE, address))
        path = unquote(target.removeprefix(SITE))
        file = site / path / "index.html" if path.endswith("/") or not path else site / path
        tree = LexborHTMLParser(file.read_text(encoding="utf-8"))
        found = (
            next((n for n in tree.css("[id]") if n.attributes["id"] == unquote(fragment)), None) if fragment else None
        )
        refresh = tree.css_first('meta[http-equiv="refresh"]')
        if refresh:
            on = (found.attributes["href"] if found else None) or (refresh.attributes["content"] or "").partition(
                "url="
            )[2]
        elif found and "pd-moved" in (found.parent.attributes.get("class") or ""):
            on = found.css_first("a").attributes["href"] or ""
        else:
            return path, found
        address = urljoin(target, on)
    raise AssertionError(f"{address} leads on and on")


def paper_of(element: LexborNode | None) -> str | None:
    while element is not None:
        if "pd-paper" in (element.attributes.get("class") or ""):
            return next(a.attributes["href"].rpartition("/")[2] for a in element.css('a[href*="arxiv.org"]'))
        element = element.parent
    return None


def check(world: World, site: Path, papers: dict[str, str], keypoints: dict[str, int]) -> int:
    """Follow every address; gives how many were followed."""
    data = json.loads((site / "papers.json").read_text(encoding="utf-8"))
    living = {entry.arxiv for _, entry in world.entries()}
    page_of = {k["label"]: k["url"] for k in data["keypoints"]}
    spelt = {w["written"]: page_of[w["label"]] for p in data["papers"] for w in p["keypoints"] or ()}
    named = {world.concept(c): spelt[world.names[c][-1]] for _, e in world.entries() for c in e.concepts}
    followed = 0
    for address, arxiv in papers.items():
        if arxiv in living:
            page, element = follow(site, address)
            assert paper_of(element) == arxiv, (address, page)
            followed += 1
    for address, concept in keypoints.items():
        page, _ = follow(site, address)
        assert page == named.get(world.concept(concept), page), (address, world.names[concept])
        followed += 1
    return followed


def history(world: World, steps: int) -> Iterator[tuple[Path, dict[str, str], dict[str, int]]]:
    edits = [world.add, world.retitle, world.swap_titles, world.move, world.rename_page, world.delete]
    edits += [world.respell, world.merge, world.rename, world.reslug, world.add, world.retitle]
    papers: dict[str, str] = {}
    keypoints: dict[str, int] = {}
    ids: dict[str, str] = {}
    for step in range(steps):
        if step:
            world.rng.choice(edits)()
        else:
            for _ in range(12):
                world.add()
        site = state(world)
        data = json.loads((site / "papers.json").read_text(encoding="utf-8"))
        assert len({paper["id"] for paper in data["papers"]}) == len(data["papers"])
        slugs = {k["slug"]: k["url"] for k in data["keypoints"]}
        concept_of = {world.names[c][-1]: world.concept(c) for _, e in world.entries() for c in e.concepts}
        for paper in data["papers"]:
            arxiv = posixpath.basename(paper["links"][0]["url"])
            assert ids.setdefault(arxiv, paper["id"]) == paper["id"]
            living = {entry.arxiv for _, entry in world.entries()}
            assert papers.get(paper["url"], arxiv) not in living - {arxiv}, paper["url"]  # none is given out twice
            papers[paper["url"]] = arxiv
            for keypoint in paper["keypoints"]:
                keypoints.setdefault(slugs[keypoint["slug"]], concept_of[keypoint["written"]])
        yield site, papers, keypoints


@pytest.mark.parametrize("seed", range(1, many(1, 5) + 1))
def test_no_edit_ends_an_address(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"mkdocs.yml": "site_name: T\ntheme: {name: mkdocs}\nplugins: [paperdigest]\n"})
    world = World(tmp_path, random.Random(seed))
    followed = 0
    for number, (site, papers, keypoints) in enumerate(history(world, many(41, 101))):
        if number % 10 == 0:
            followed = check(world, site, papers, keypoints)
    capsys.readouterr()
    with capsys.disabled():
        print(f" seed {seed}: {followed} addresses, {len(papers)} of papers and {len(keypoints)} of keypoints", end="")
    assert followed > 50


KEYPOINTS = """\
diffusion:
  label: Diffusion
  aliases: [DDPM]
  slug: Diff
  related: [control]
control:
  parent: diffusion
  description: see [x](202405.md#a-b)
index: {label: Index, colour: red}
"""
LOCK = """\
keypoints:
  control: [contrl]
papers:
  202405/a-b: [202405/a-bb, old/a-b, README/a-b, "index/汉字", "202406/x&y", '202405/q"<b>uote']
  202406/c: [202406/cc, gone/c]
gone: [vanished]
"""
DOCS = {
    "index.md": "# Home\n\ntext\n",
    "202405.md": "# 202405\n\n### A B\n- `Keypoints:` DDPM; Control; Index\n",
    "202406.md": "# 202406\n\n## a-bb\n\n### C\n- `Keypoints:` diffusion\n",
    "../keypoints.yml": KEYPOINTS,
    "../paperdigest.lock": LOCK,
}
SETTINGS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "folders": ({}, {}),
    "files": ({}, {"use_directory_urls": False}),
    "no pages": ({"keypoint_pages": False}, {}),
    "no index": ({"keypoint_index": False}, {}),
    "neither": ({"keypoint_pages": False, "keypoint_index": False}, {}),
    "elsewhere": ({"keypoint_pages": "tags/k", "keypoint_index": "tags/all.md", "papers_json": "data/p.json"}, {}),
    "tables": ({"keep_tables": True}, {}),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_former_addresses_hold_in_all_settings(make: Builder, name: str) -> None:
    plugin, config = SETTINGS[name]
    built = make(DOCS, plugin, folder=name.replace(" ", "-"), site_url=SITE, **config)
    assert broken_links(built.site) == []
    for file in built.site.rglob("*.html"):
        assert repeated_ids(file) == [], file
    end = ".html" if name == "files" else "/"
    own = {f"202405{end}#a-bb": "a-b", f"202405{end}#q%22%3Cb%3Euote": "a-b", f"202406{end}#cc": "c"}
    moved = {
        f"old{end}#a-b": "a-b",
        f"gone{end}#c": "c",
        "index.html#a-b": "a-b",
        "index.html#%E6%B1%89%E5%AD%97": "a-b",
        f"202406{end}#x%26y": "a-b",
    }
    for address, anchor in {**own, **moved}.items():
        page, element = follow(built.site, address)
        assert page == ("202405" if anchor == "a-b" else "202406") + end, address
        assert element is not None
        assert anchor in {element.attributes["id"], element.parent.attributes.get("id")}, address
    if name in ("folders", "files"):
        for slug, now in {"ddpm": "Diff", "diffusion": "Diff", "contrl": "control"}.items():
            assert follow(built.site, f"keypoints/{slug}{end}")[0] == f"keypoints/{now}{end}"
        assert follow(built.site, f"keypoints/vanished{end}")[0] in ("keypoints/", "keypoints/index.html")


def test_a_browser_is_led_to_the_paper(make: Builder, tab: Any) -> None:
    built = make(DOCS)
    with served(built.site) as root:
        for address, to in {
            "old/#a-b": "202405/#a-b",
            "old/#what": "202405/#what",
            "old/": "202405/",
            "keypoints/ddpm/#2024-05": "keypoints/Diff/#2024-05",
        }.items():
            tab.goto(f"{root}{address}")
            tab.wait_for_url(f"{root}{to}")


PAPER = "### A B\n- `Keypoints:` Diffusion\n"


def anchors(page: str) -> dict[str, str]:
    """The anchors of papers that moved from a page, and where they lead."""
    tree = LexborHTMLParser(page)
    rows = [(node, node.css_first("a")) for node in tree.css(".pd-moved [id]")]
    rows += [(node, node) for node in tree.css("main > ul a[id]")]
    return {
        node.attributes["id"] or "": (link.attributes["href"] or "").removeprefix("./") for node, link in rows if link
    }


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize("home", ["index.md", "README.md", None])
def test_a_vanished_keypoint_leads_home_if_there_is_one(make: Builder, home: str | None, folders: bool) -> None:
    docs = {"202405.md": PAPER, "../paperdigest.lock": "gone: [q]\n", **({home: "# Home\n"} if home else {})}
    built = make(docs, {"keypoint_index": False, "home": False}, use_directory_urls=folders)
    assert [
        link for link in broken_links(built.site) if home or "q" in link
    ] == []  # the theme links to a home in any case
    old = built.site / ("keypoints/q/index.html" if folders else "keypoints/q.html")
    assert old.is_file() == bool(home)


def test_a_page_that_is_not_built_is_gone(make: Builder) -> None:
    docs = {"old.md": "# Old\n", "drafts/old.md": "# Old\n", "202405.md": PAPER}
    docs["../paperdigest.lock"] = "papers:\n  202405/a-b: [old/a, drafts/old/b]\n"
    built = make(docs, exclude_docs="/old.md\n", draft_docs="drafts/\n")
    assert anchors(built.read("old/index.html")) == {"a": "../202405/#a-b"}
    assert anchors(built.read("drafts/old/index.html")) == {"b": "../../202405/#a-b"}


def test_generated_pages_lead_on(make: Builder) -> None:
    docs = {"202405.md": PAPER, "links.md": "[q](keypoints/diffusion.md#q) [w](keypoints/index.md#w)\n"}
    docs["../paperdigest.lock"] = (
        "papers:\n  202405/a-b: [keypoints/diffusion/q, keypoints/index/w, index/h, keypoints/lost/v]\n"
    )
    docs["../paperdigest.lock"] += "gone: [lost]\n"
    built = make(docs, validation={"anchors": "warn"})
    assert anchors(built.read("keypoints/diffusion/index.html")) == {"q": "../../202405/#a-b"}
    assert anchors(built.read("keypoints/index.html")) == {"w": "../202405/#a-b"}
    assert anchors(built.read("keypoints/lost/index.html")) == {"v": "../../202405/#a-b"}
    assert anchors(built.read("index.html")) == {"h": "202405/#a-b"}


@pytest.mark.parametrize("tables", [True, False])
def test_addresses_that_differ_only_in_the_name_of_the_file(make: Builder, tables: bool) -> None:
    """`foo.md` and `foo/index.md` have one address with directory URLs, and two without."""
    table = "| Title | Keywords |\n|---|---|\n| A B [x](https://arxiv.org/abs/2401.00001) | u; v |\n"
    table += "| C D [x](https://arxiv.org/abs/2401.00002) | u; v |\n"
    docs = {"foo/index.md": table, "index.md": "# Home\n"}
    docs["../paperdigest.lock"] = (
        "papers:\n  foo/index/a-b: [foo/old, foo/index/old, gone/x]\n  foo/index/c-d: [gone/index/y, foo/c]\n"
    )
    built = make(docs, {"keep_tables": tables})
    for old, now in {"old": "a-b", "c": "c-d"}.items():
        page, element = follow(built.site, f"foo/#{old}")
        assert page == "foo/"
        row = element
        while row is not None and row.tag != "tr" and "pd-paper" not in (row.attributes.get("class") or ""):
            row = row.parent
        assert row is not None
        assert now in {row.attributes.get("id"), *(node.attributes["id"] for node in row.css("[id]"))}
    assert anchors(built.read("gone/index.html")) == {"x": "../foo/#a-b", "y": "../foo/#c-d"}
    assert repeated_ids(built.site / "foo" / "index.html") == []
    files = make(docs, {"keep_tables": tables}, folder="files", use_directory_urls=False)
    assert anchors(files.read("gone.html")) == {"x": "foo/index.html#a-b"}
    assert anchors(files.read("gone/index.html")) == {"y": "../foo/index.html#c-d"}
    assert anchors(files.read("foo.html")) == {"old": "foo/index.html#a-b", "c": "foo/index.html#c-d"}
    assert broken_links(files.site) == []


@pytest.mark.parametrize("head", ["", "---\npaperdigest: false\n---\n"])
def test_an_id_that_a_page_has_now_stays_its_own(make: Builder, head: str) -> None:
    docs = {"old.md": head + '# Old\n\n## A\n\n<i id="raw">x</i>\n', "202405.md": PAPER}
    docs["../paperdigest.lock"] = "papers:\n  202405/a-b: [old/a, old/raw, old/b]\n"
    built = make(docs)
    assert repeated_ids(built.site / "old" / "index.html") == []
    assert anchors(built.read("old/index.html")) == {"b": "../202405/#a-b"}
    assert len(LexborHTMLParser(built.read("old/index.html")).css(".pd-moved p")) == 3


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize("structure", ["suffix", "folder"])
def test_languages_keep_the_addresses_that_they_had(make: Builder, structure: str, folders: bool) -> None:
    names = {"suffix": "{1}.{0}", "folder": "{0}/{1}"}[structure]

    def of(locale: str, page: str) -> str:
        return names.format(locale, page)

    docs: dict[str, str] = {}
    for locale in ("en", "zh"):
        docs |= {of(locale, "index") + ".md": "# Home\n", of(locale, "202405") + ".md": PAPER}
    docs["../paperdigest.lock"] = (
        f"papers:\n  {of('en', '202405')}/a-b: [{of('en', 'gone')}/e, {of('en', 'old')}/x]\n"
        f"  {of('zh', '202405')}/a-b: [{of('zh', 'gone')}/z, {of('zh', '202405')}/former]\n"
    )
    languages = [{"locale": "en", "default": True, "name": "English"}, {"locale": "zh", "name": "中文"}]
    i18n = {"i18n": {"docs_structure": structure, "languages": languages}}
    built = make(docs, plugins=["search", i18n], use_directory_urls=folders)
    assert broken_links(built.site) == []
    end, up = ("/index.html", "../") if folders else (".html", "")
    to = f"{up}202405/#a-b" if folders else "202405.html#a-b"
    assert anchors(built.read(f"gone{end}")) == {"e": to}
    assert anchors(built.read(f"old{end}")) == {"x": to}
    chinese = anchors(built.read(f"zh/gone{end}"))
    assert chinese.keys() == {"z"}
    assert follow(built.site, f"zh/gone{'/' if folders else end}#z")[0] == f"zh/202405{'/' if folders else end}"
    assert 'id="former"' in built.read(f"zh/202405{end}")
    written = {path.relative_to(built.site).as_posix() for path in built.site.rglob("*.html") if "gone" in str(path)}
    assert written == {f"gone{end}", f"zh/gone{end}"}
