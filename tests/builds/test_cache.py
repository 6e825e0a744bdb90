"""The cache: what was read before is not read again, and no page ever differs from that of a build without it."""

from __future__ import annotations

import functools
import gc
import json
import logging
import os
import random
import re
import shutil
import sys
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from cached_site import Site, differences
from conftest import EXTENSIONS, PAPER, ROOT, TWO_MONTHS, Builder, many, write
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.collection import sources as sources_module
from mkdocs_paperdigest.collection.sources import Sources
from mkdocs_paperdigest.collection.stored_readings import PageReading, restored, stored
from mkdocs_paperdigest.reader.outside_links import OutsideLink
from mkdocs_paperdigest.records.figure_copies import figure_key
from mkdocs_paperdigest.records.findings import Finding, Fix, Severity
from mkdocs_paperdigest.records.paper import Block, Digest, Section
from mkdocs_paperdigest.support import cache as cache_module
from mkdocs_paperdigest.support import long_lived, machine
from mkdocs_paperdigest.support.cache import CACHE_FOLDER, Cache, dumps, loads, name_of
from mkdocs_paperdigest.support.fingerprint import UnknownStateError, fingerprint

pytestmark = [pytest.mark.pythons, pytest.mark.versions]

GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.txt"))


# -- records


def blocks(digest: Digest) -> list[int]:
    """Which of the blocks of a digest are one object: a number for each object, in the order in which they are met."""
    numbers: dict[int, int] = {}

    def walk(block: Block | None) -> Iterator[int]:
        if block:
            yield numbers.setdefault(id(block), len(numbers))
            for child in block.children:
                yield from walk(child)

    def tops(section: Section) -> Iterator[Block | None]:
        yield from section.blocks
        for value in section.values:
            yield from (value.block, *value.taken)
        yield from (section.table, section.row)

    return [number for section in digest.sections for block in tops(section) for number in walk(block)]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_was_read_of_a_digest_is_the_same_after_it_was_written_as_json(path: Path) -> None:
    source = Sources().read("x.md", path.read_bytes())
    reading = PageReading(source.digest, source.findings, source.outside)
    again = restored(stored(reading))
    assert again == reading
    assert blocks(again.digest) == blocks(reading.digest)


def test_findings_keep_their_level_and_their_fix() -> None:
    found = Finding("PD101", "a.md", 1, 2, "text", Severity.INFO, Fix(3, 4, ";"))
    reading = PageReading(Digest("a.md", (), {"a": ("b", "c")}), (found,))
    assert restored(stored(reading)) == reading


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), lambda parts: st.lists(parts)).map(repr))
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever JSON says of it
        restored(text)


WRONG = (None, True, 7, -1, 1.5, "x", [], [[]], [None], {}, {"a": 1}, {"a": [["b"]]})


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside of JSON."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (*way, key)
        yield from leaves(value[key], (*way, key))


def with_other(text: str, way: tuple[Any, ...], other: Any) -> str:
    """JSON with another value at one place."""
    whole = inner = json.loads(text)
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = other
    return json.dumps(whole)


def is_of(value: Any, hint: Any) -> bool:
    """Whether a value is what a type hint says, down to the last part of it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if is_dataclass(hint) or hasattr(hint, "__struct_fields__"):
        hints = get_type_hints(hint)
        return type(value) is hint and all(is_of(getattr(value, name), hints[name]) for name in hints)
    if origin in (tuple, dict) and type(value) is not origin:
        return False
    if origin is tuple:
        kinds = arguments[:1] * len(value) if arguments[-1] is ... else arguments
        return len(value) == len(kinds) and all(map(is_of, value, kinds))
    if origin is dict:
        return all(is_of(*pair) for one in value.items() for pair in zip(one, arguments, strict=True))
    if origin is Literal:
        return value in arguments
    if origin is UnionType:
        return any(is_of(value, kind) for kind in arguments)
    return type(value) is hint


def test_every_value_that_is_read_has_its_type() -> None:
    text = "# 2024-05\n\n## C\n\n### [A](https://arxiv.org/abs/2405.00001) [b]\n- `Keypoints:` c; d\n- ![e](f.png)\n\n| g |\n|---|\n| [r] |\n\n[r]: ../x"
    source = Sources().read("x.md", text.encode())
    made = stored(PageReading(source.digest, source.findings, source.outside))
    assert is_of(restored(made), PageReading)
    refused = 0
    for way in leaves(json.loads(made)):
        for other in WRONG:
            try:
                read = restored(with_other(made, way, other))
            except ValueError:
                refused += 1
            else:
                assert is_of(read, PageReading), (way, other)
    assert refused > 1000


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "9" * 5000, '[[],["\\ud800"]]', '[[],["\ud800"]]', "[[], [NaN]]"]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever JSON says of it
        restored(text)


def test_a_backslash_before_what_looks_like_half_a_character_is_read() -> None:
    record = OutsideLink(1, 2, "\\ud800 \U0001f600")
    assert loads(dumps(record), OutsideLink) == record


# -- the folder


def test_the_cache_gives_back_what_was_put_in_or_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "a" / "b")
    name = name_of("x")
    assert cache.get(name) is None
    cache.put(name, "text \ud800 汉字\r\n")
    assert cache.get(name) == "text \ud800 汉字\r\n"
    assert (tmp_path / "a" / "b" / ".gitignore").read_text() == "*\n"
    file = tmp_path / "a" / "b" / f"{name}.json"
    whole = file.read_bytes()
    for wrong in (b"", whole[:-1], whole + b" ", b"\xff" + whole, whole.replace(b"text", b"next")):
        file.write_bytes(wrong)
        assert cache.get(name) is None
    (tmp_path / "a" / "b" / f"{name_of('y')}.json").write_bytes(whole)
    assert cache.get(name_of("y")) is None, "the text of another name"


def test_names_tell_where_one_part_ends() -> None:
    assert len({name_of("a", "b"), name_of("ab"), name_of("ab", ""), name_of("", "ab"), name_of("a\0b")}) == 5


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "folder")
    cache.put(name_of("x"), "text")
    assert cache.get(name_of("x")) is None
    cache.prune({name_of("x")})


def test_the_cache_is_bounded_and_drops_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_SPARE", 50)
    for build in range(20):
        cache = Cache(tmp_path)
        for number in range(100):
            name = name_of(str(number), str(build))
            cache.put(name, "x")
            os.utime(tmp_path / f"{name}.json", (build, build))
        cache.prune(cache.used)
    left = {path.name for path in tmp_path.iterdir()} - {".gitignore"}
    assert left == {f"{name_of(str(number), str(build))}.json" for number in range(100) for build in (18, 19)}


# -- the state of programs and settings


def changed(settings: Callable[[], Any], other: Callable[[], Any]) -> bool:
    assert fingerprint(settings()) == fingerprint(settings()), "the same settings, made anew"
    return fingerprint(settings()) != fingerprint(other())


@dataclass
class Slug:
    case: str


class Plain:
    def __init__(self, case: str) -> None:
        self.case = case
        self.myself = self


def closure(case: str) -> Callable[[], str]:
    return lambda: case


@pytest.mark.parametrize(
    "make",
    [
        Slug,
        Plain,
        closure,
        Path,
        re.compile,
        lambda text: functools.partial(Slug, case=text),
        lambda text: {"a": [{text}]},
        lambda text: {"a": frozenset({text, "z"})},
        lambda text: Plain(text).__init__,  # type: ignore[misc]
        lambda text: [str, len][text == "a"],
        lambda text: dict.fromkeys((text, "c")),
    ],
)
def test_a_changed_setting_is_another_state(make: Callable[[str], Any]) -> None:
    assert changed(lambda: make("a"), lambda: make("b"))


def test_the_text_of_a_module_is_part_of_the_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_slugs.py").write_text("def slug(text): return text\n")
    import own_slugs  # type: ignore[import-not-found]

    before = fingerprint(own_slugs.slug), fingerprint(modules=["own_slugs"])
    (tmp_path / "own_slugs.py").write_text("def slug(text): return text.lower()\n")
    after = fingerprint(own_slugs.slug), fingerprint(modules=["own_slugs"])
    assert before[0] != after[0]
    assert before[1] != after[1]
    del sys.modules["own_slugs"]


def test_what_has_no_state_that_can_be_told_is_said() -> None:
    for thing in (sys, iter([]), [object()], (item for item in [])):
        with pytest.raises(UnknownStateError):
            fingerprint(thing)


# -- builds


def test_a_second_build_reads_nothing_and_a_changed_digest_alone(site: Site) -> None:
    first = site.build("site", cache=True)
    assert sorted(site.read) == ["202405.md", "202406.md", "index.md"]
    assert differences(first, site.build("site", cache=True)) == set()
    assert site.read == []
    with (site.folder / "docs" / "202405.md").open("a") as file:
        file.write("- `Metric:` more\n")
    site.build("site", cache=True)
    assert site.read == ["202405.md"]
    shutil.rmtree(site.folder / CACHE_FOLDER)
    site.build("site", cache=True)
    assert len(site.read) == 3, "the folder may be deleted at any time"


def test_without_the_cache_nothing_is_written(site: Site) -> None:
    site.build("site", cache=False)
    assert not (site.folder / ".cache").exists()


def test_a_cache_whose_files_are_damaged_is_no_cache(site: Site) -> None:
    first = site.build("site", cache=True)
    for file in (site.folder / CACHE_FOLDER).glob("*.json"):
        sign, _, text = file.read_text(encoding="utf-8").partition("\n")
        file.write_text(f"{sign}\n{text.replace('Camera', 'Camel')}", encoding="utf-8")
    assert differences(first, site.build("site", cache=True)) == set()


def one_wrong(text: str, seed: int) -> str:
    rng = random.Random(f"{seed} {text}")
    return with_other(text, rng.choice(list(leaves(json.loads(text)))), 1.5)


FOREIGN: dict[str, Callable[[str], str]] = {
    **{f"one wrong value, {seed}": functools.partial(one_wrong, seed=seed) for seed in range(6)},
    "cut": lambda text: text[: len(text) // 2],
    "null": lambda _: "null",
    "a list": lambda _: "[[],[]]",
    "an object": lambda _: '{"html": 1}',
    "too deep": lambda _: "[" * 100_000,
    "half characters": lambda text: re.sub('"[^"\\\\]+"', '"\\\\ud800"', text),
}


def test_signed_entries_of_somebody_else_are_as_if_they_were_not_there(site: Site) -> None:
    first = site.build("site", cache=True)
    files = {
        file: file.read_text(encoding="utf-8").partition("\n")[2]
        for file in (site.folder / CACHE_FOLDER).glob("*.json")
    }
    kinds = {text[:14] for text in files.values()}
    assert len(kinds) >= 3, "readings, conversions, entries of search and of feeds"
    for kind, change in FOREIGN.items():
        for file, text in files.items():
            changed = change(text)
            assert changed != text
            file.write_text(f"{name_of(file.stem, changed)}\n{changed}", encoding="utf-8")
        assert differences(first, site.build("site", cache=True)) == set(), kind
        left = {file: file.read_text(encoding="utf-8").partition("\n")[2] for file in files}
        assert left == files, f"{kind}: each is made anew"


_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"(?!:)|(?<![\w"-])\d+(?![\w"-])')


@pytest.mark.parametrize("seed", range(10))
def test_entries_of_the_right_form_that_make_no_sense_end_no_build(site: Site, seed: int) -> None:
    """They may change what pages show: whoever can write the cache can write the site."""
    site.build("site", cache=True)
    rng = random.Random(seed)
    for file in sorted((site.folder / CACHE_FOLDER).glob("*.json")):
        text = file.read_text(encoding="utf-8").partition("\n")[2]
        values = list(_VALUE.finditer(text))
        for value in sorted(rng.sample(values, min(2, len(values))), key=lambda found: -found.start()):
            other = '"zz"' if value[0].startswith('"') else "7000000"
            text = text[: value.start()] + other + text[value.end() :]
        file.write_text(f"{name_of(file.stem, text)}\n{text}", encoding="utf-8")
    site.build("site", cache=True)


def test_a_markdown_extension_of_the_site_that_changes_is_seen(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site.folder))
    (site.folder / "shouting.py").write_text(
        "from markdown.extensions import Extension\n"
        "from markdown.inlinepatterns import SimpleTagInlineProcessor\n"
        "class Shouting(Extension):\n"
        "    def extendMarkdown(self, md):\n"
        "        md.inlinePatterns.register(SimpleTagInlineProcessor(r'()Say(.)', 'b'), 'shouting', 90)\n"
    )
    site.settings["markdown_extensions"] = ["shouting:Shouting"]
    site.build("site", cache=True)
    site.build("site", cache=True)
    assert site.read == []
    with (site.folder / "shouting.py").open("a") as file:
        file.write("# changed\n")
    site.build("site", cache=True)
    assert len(site.read) == 3
    del sys.modules["shouting"]


KEYPOINTS_YML = (
    "",
    "World Model: {aliases: [C++]}\n",
    "- Camera Control\n",
    "Camera Control: {slug: cam, description: moves}\n",
)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


LOCKS = ("", "papers:\n  202405/a-second-paper:\n  - 202405/an-older-name\n")


def edit(site: Site, rng: random.Random, states: list[dict[str, bytes]]) -> str:
    """Change something of a site as people do; gives what was changed."""
    docs = site.folder / "docs"
    pages = sorted(docs.glob("2*.md"))
    page = rng.choice(pages) if pages else docs / "202401.md"
    text = page.read_text() if page.exists() else PAPER

    def rewrite(new: str) -> None:
        page.write_text(new)

    def restore() -> None:
        shutil.rmtree(docs)
        write(docs, dict(rng.choice(states)))

    edits: dict[str, Callable[[], Any]] = {
        "keypoint": lambda: rewrite(text.replace("Camera Control", rng.choice(["Camera", "NeRF", "camera control"]))),
        "paper": lambda: rewrite(
            text + f"\n### Paper {rng.randrange(9)}\n- `Keypoints:` k{rng.randrange(3)}\n- `Objective:` [r]\n"
        ),
        "definition": lambda: rewrite(text + f"\n[r]: https://example.org/{rng.randrange(3)}\n"),
        "front matter": lambda: rewrite(f"---\ntitle: T{rng.randrange(2)}\n---\n" + text.partition("---\n\n")[2]),
        "off": lambda: rewrite("---\npaperdigest: false\n---\n" + text),
        "html": lambda: rewrite(text.replace("Say what", 'Say <a href="202406.md">what</a> <b>')),
        "delete": lambda: page.unlink(missing_ok=True),
        "copy": lambda: (docs / f"20240{rng.randrange(1, 9)}.md").write_text(text),
        "rename": lambda: page.exists() and page.rename(docs / f"2023{rng.randrange(10, 13)}.md"),
        "encoding": lambda: page.write_bytes(
            (text + "\n### Ein dritter: schön\n- `Keywords:` ä\n").encode("latin-1", "replace")
        ),
        "restore": restore,
        "keypoints.yml": lambda: (site.folder / "keypoints.yml").write_text(rng.choice(KEYPOINTS_YML)),
        "lock": lambda: (site.folder / "paperdigest.lock").write_text(rng.choice(LOCKS)),
        "labels": lambda: site.options.update(
            labels=rng.choice([{}, {"keypoints": ["Objective"]}, {"aim": ["Objective"]}])
        ),
        "fields": lambda: site.options.update(keypoint_fields=rng.choice([["keypoints"], ["keypoints", "category"]])),
        "tables": lambda: site.options.update(keep_tables=rng.random() < 0.5),
        "search": lambda: site.options.update(search=rng.choice(["full", "slim"])),
        "extensions": lambda: site.settings.update(
            markdown_extensions=rng.choice(
                [["attr_list"], ["attr_list", "footnotes", "toc"], [e for e in EXTENSIONS if e != EXTENSIONS[8]]]
            )
        ),
        "language": lambda: site.settings.update(
            theme={**site.settings["theme"], "language": rng.choice(["en", "zh"])}
        ),
        "addresses": lambda: site.settings.update(use_directory_urls=rng.random() < 0.5),
        "links": lambda: rewrite(
            text
            + f"\nSee [this]({rng.choice(pages or [page]).name}), [that](gone-{rng.randrange(2)}.md) and [it](keypoints/nerf.md).\n"
        ),
        "paper of a page": lambda: (docs / "paper.md").write_text(
            f"---\ntitle: One Paper\narxiv: 2405.0000{rng.randrange(2)}\nauthors: [{rng.choice('AB')}]\nkeywords: [NeRF]\n---\nText.\n"
        ),
        "figures": lambda: site.options.update(figures_folder=rng.choice([False, "one", "two"])),
        "validation": lambda: site.settings.update(validation={"anchors": rng.choice(["info", "warn"])}),
        "cache": lambda: shutil.rmtree(site.folder / CACHE_FOLDER, ignore_errors=True),
    }
    chosen = rng.choice(sorted(edits))
    edits[chosen]()
    states.append(files_of(docs))
    return chosen


@pytest.mark.parametrize("seed", range(2))
def test_after_any_history_of_edits_cached_and_clean_builds_are_the_same_bytes(
    site: Site, seed: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, and word for word in the log."""
    monkeypatch.setattr(cache_module, "_SPARE", 50)
    monkeypatch.setattr(sources_module, "_BUILDS", 1)
    rng = random.Random(seed)
    picture = "https://example.org/a.png"
    for folder in ("one", "two"):
        write(site.folder / "docs" / folder, {f"{figure_key(picture)}.png": folder})
    with (site.folder / "docs" / "202405.md").open("a") as file:
        file.write(f"\n![A figure]({picture})\n")
    states = [files_of(site.folder / "docs")]
    history = []

    def built(name: str, **how: bool) -> tuple[dict[str, bytes], list[str]]:
        caplog.clear()
        made = site.build(name, **how)
        return made, [
            said for said in caplog.messages if not said.startswith(("Building", "Cleaning", "Documentation"))
        ]

    caplog.set_level(logging.INFO, "mkdocs")
    for _ in range(many(6, 20)):
        history.append(edit(site, rng, states))
        clean, said = built("clean", cache=False)
        for name, serve in (("served", True), ("again", False)):
            cached, said_again = built(name, cache=True, serve=serve)
            assert differences(clean, cached) == set(), history
            assert said == said_again, history
        assert site.read == [], f"what one build read the next took from disk: {history}"
    assert len(list((site.folder / CACHE_FOLDER).glob("*.json"))) <= 110


def test_a_build_in_a_process_of_its_own_takes_from_disk_what_another_left(build: Builder) -> None:
    first = build(TWO_MONTHS, process=True)
    folder = first.site.parent / CACHE_FOLDER
    names = {path.name: path.stat().st_ino for path in folder.glob("*.json")}
    assert len(names) >= 2
    build(TWO_MONTHS, process=True)
    assert {path.name: path.stat().st_ino for path in folder.glob("*.json")} == names, (
        "a file is written anew under a new inode"
    )


def test_what_is_left_of_a_build_does_not_stay_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is frozen is looked at by no garbage collector: served for a day, a site would need all memory."""

    class Thing:
        itself: Thing

    for module in (machine, sources_module):
        monkeypatch.setattr(module, "gc", gc)  # other tests spare its time
    with long_lived():
        thing = Thing()
        thing.itself = thing
        alive = weakref.ref(thing)
        del thing
    assert alive() is not None
    Sources().begin()
    assert alive() is None
