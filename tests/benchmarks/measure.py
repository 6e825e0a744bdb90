"""What a command costs, and how large what it wrote is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall-clock seconds, CPU seconds of user and system, and the peak of memory in bytes."""

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Size:
    """A site: its bytes and files, its search index as it is and gzipped, and its largest page of those that have no source."""

    bytes: int
    files: int
    pages: int
    index: int
    index_gzip: int
    largest: int
    largest_name: str


class FailedError(RuntimeError):
    """A command failed: the end of what it said."""


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a process of its own; what it prints goes to `stdout.txt` and `stderr.txt` of the folder.

    The kernel counts the memory of the process that starts a command as the command's, so this one has to stay small.
    """
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1"}
    errors = folder / "stderr.txt"
    with (folder / "stdout.txt").open("wb") as out, errors.open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise FailedError(f"{' '.join(command)}\n{errors.read_text(encoding='utf-8', errors='replace')[-2000:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT)


def size(site: Path, written: Collection[str]) -> Size:
    """How large a site is whose pages from Markdown have these addresses, such as `202405/`."""
    total = count = pages = index = packed = largest = 0
    name = ""
    for path in _files(site):
        length = path.stat().st_size
        total, count = total + length, count + 1
        address = path.relative_to(site).as_posix().removesuffix("index.html")
        if path.name == "search_index.json":
            index, packed = length, _gzipped(path)
        elif path.suffix == ".html":
            pages += 1
            if length > largest and address not in written and address != "404.html":
                largest, name = length, address or "the home page"
    return Size(total, count, pages, index, packed, largest, name)


def folder_bytes(folder: Path) -> int:
    """The bytes of all files in a folder; none if there is no such folder."""
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names)


def _gzipped(path: Path) -> int:
    packer, length = zlib.compressobj(6, zlib.DEFLATED, 31), 0  # as servers do; 31 is the form of gzip
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            length += len(packer.compress(chunk))
    return length + len(packer.flush())
