"""Digests read by several processes: the same as by one, whatever becomes of the processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks import corpora
from cached_site import Site

from mkdocs_paperdigest.collection import page_text, sources
from mkdocs_paperdigest.collection.sources import Source, Sources
from mkdocs_paperdigest.mkdocs_host import downloads
from mkdocs_paperdigest.mkdocs_host.feed_entries import FeedEntries
from mkdocs_paperdigest.support import machine as processes
from mkdocs_paperdigest.support.cache import Cache
from mkdocs_paperdigest.support.machine import cores, shared

pytestmark = [pytest.mark.pythons, pytest.mark.versions]

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
FILES = [(f"{name}.md", text.encode(), str) for name, text in corpora.SHAPES["main"](60)]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two cores, texts that are always worth them, and the numbers of the processes that this one read in itself."""
    here: list[int] = []
    read = page_text.read_page

    def counted(*arguments: object, **named: object) -> object:
        here.append(os.getpid())
        return read(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "cores", lambda: 2)
    monkeypatch.setattr(processes, "cores", lambda: 2)
    monkeypatch.setattr(sources, "_LARGE", 0)
    monkeypatch.setattr(page_text, "read_page", counted)
    return here


def read() -> list[Source]:
    return list(Sources().read_all(FILES))


@LINUX
def test_several_processes_read_what_one_reads(two: list[int]) -> None:
    assert len(FILES) > 3
    alone = [Sources().read(*file) for file in FILES]
    assert len(two) == len(FILES)
    together = read()
    assert len(two) == len(FILES)
    for one, other in zip(alone, together, strict=True):
        assert one == other


@LINUX
@pytest.mark.parametrize(
    "end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(3)], ids=["killed", "gone"]
)
def test_what_a_process_that_ends_leaves_this_one_reads(
    two: list[int], end: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [Sources().read(*file) for file in FILES]
    two.clear()
    own, before = os.getpid(), page_text.read_page

    def ends(text: str, path: str, *arguments: object, **named: object) -> object:
        if os.getpid() != own and path == FILES[2][0]:
            end()
        return before(text, path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(page_text, "read_page", ends)
    assert read() == expected
    assert 1 <= len(two) <= len(FILES)


@LINUX
def test_where_no_processes_can_be_had_one_reads_all(two: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    assert len(read()) == len(two) == len(FILES)


@LINUX
def test_what_goes_wrong_in_a_process_is_raised_here(two: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str, path: str, *_: object, **__: object) -> object:
        raise ArithmeticError(path)

    monkeypatch.setattr(page_text, "read_page", fails)
    with pytest.raises(ArithmeticError, match=FILES[0][0]):
        read()


@LINUX
def test_no_copies_are_made_while_there_are_other_threads() -> None:
    waits = threading.Event()
    thread = threading.Thread(target=waits.wait)
    thread.start()
    try:
        assert cores() == 1
    finally:
        waits.set()
        thread.join()


@LINUX
def test_a_file_that_comes_twice_does_not_shift_what_the_others_get(two: list[int], tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    known, new = FILES[:2], FILES[2:]
    first = Sources()
    first.begin(cache=cache)
    expected = {file[0]: first.read(*file).digest for file in [*FILES]}
    for name in cache.used:
        if name not in {first.read(*file).name for file in known}:
            (tmp_path / f"{name}.json").unlink()
    again = Sources()
    again.begin(cache=cache)
    files = [new[0], new[0], known[0], *new[1:], known[1]]
    assert [source.digest for source in again.read_all(files)] == [expected[file[0]] for file in files]


@LINUX
def test_no_process_is_left(two: list[int]) -> None:
    assert list(shared(lambda number: str(number * number), 5)) == ["0", "1", "4", "9", "16"]
    assert multiprocessing.active_children() == []


# -- what a process beside this one does: entries of feeds, and citations


@pytest.fixture
def beside(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site of so few papers that is made as a large one is."""
    monkeypatch.setattr(downloads, "_MANY", 0)
    monkeypatch.setattr(downloads, "cores", lambda: 2)
    return site


@LINUX
def test_a_process_beside_makes_what_one_makes(beside: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made, here = FeedEntries.made, []

    def counted(self: FeedEntries, page: tuple[str, str]) -> str:
        here.append(os.getpid())
        return made(self, page)

    monkeypatch.setattr(FeedEntries, "made", counted)
    together = beside.build("together", cache=False)
    assert here == []
    monkeypatch.setattr(downloads, "cores", lambda: 1)
    assert beside.build("alone", cache=False) == together
    assert here == [os.getpid()] * 2
    assert {"feed.xml", "papers.bib", "keypoints/c++/feed.json"} <= together.keys()
    assert multiprocessing.active_children() == []


@LINUX
def test_what_a_process_beside_leaves_this_one_makes(beside: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    own, made = os.getpid(), FeedEntries.made

    def ends(self: FeedEntries, page: tuple[str, str]) -> str:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return made(self, page)

    expected = beside.build("expected", cache=False)
    monkeypatch.setattr(FeedEntries, "made", ends)
    assert beside.build("killed", cache=False) == expected


@LINUX
def test_where_no_process_can_be_had_this_one_makes_all(beside: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError("Resource temporarily unavailable")

    expected = beside.build("expected", cache=False)
    monkeypatch.setattr(os, "fork", refused)
    assert beside.build("refused", cache=False) == expected


def test_entries_of_pages_that_did_not_change_are_not_made_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made, pages = FeedEntries.made, []

    def counted(self: FeedEntries, page: tuple[str, str]) -> str:
        pages.append(page[0])
        return made(self, page)

    monkeypatch.setattr(FeedEntries, "made", counted)
    first = site.build("first", cache=True)
    assert sorted(pages) == ["202405.md", "202406.md"]
    assert site.build("again", cache=True) == first
    assert len(pages) == 2
    file = site.folder / "docs" / "202406.md"
    file.write_text(file.read_text().replace("More of it", "Much more of it"))
    site.build("edited", cache=True)
    assert pages[2:] == ["202406.md"]
    assert site.build("clean", cache=False) == site.build("warm", cache=True)
