"""What a build takes of a machine: work shared among its cores, and memory kept from the garbage collector."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

_work: Callable[[Any], str]
"""What a process does. It begins as a copy of this one, so that little has to be handed over to it."""


def cores() -> int:
    """How many processes are of use.

    1 where a fork is not safe: not on Linux, or while another thread may hold a lock that nobody would ever open
    again.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.parent_process() is not None:
        return 1
    return min(len(os.sched_getaffinity(0)), 8)


def shared(work: Callable[[int], str], count: int) -> Iterator[str]:
    """Yield `work` of each number below `count`, in order, from a process per core.

    Raises what `work` raises, OSError without processes, BrokenProcessPool if one is killed.
    """
    with ProcessPoolExecutor(min(cores(), count), multiprocessing.get_context("fork"), _begin, (work,)) as pool:
        yield from pool.map(_done, range(count))


class BackgroundWorker:
    """A forked process that does `work`.

    Its results raise what `work` raises, or BrokenProcessPool if it is killed. Raises OSError where no process
    can be had.
    """

    def __init__(self, work: Callable[[Any], str]) -> None:
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("fork"), _begin, (work,))
        self._pool.submit(os.getpid)  # this is when the process begins

    def do(self, item: object) -> Future[str]:
        return self._pool.submit(_done, item)

    def close(self) -> None:
        self._pool.shutdown()


def _begin(work: Callable[[Any], str]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the first process, and that ends the others


def _done(item: Any) -> str:
    return _work(item)


@contextmanager
def long_lived(*, after: bool = True) -> Iterator[None]:
    """Keep what is made inside from the garbage collector, also `after` it until the next build: it took a tenth of a build of thousands of papers, a third of `lint`."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if after:
            gc.freeze()
        if collects:
            gc.enable()
