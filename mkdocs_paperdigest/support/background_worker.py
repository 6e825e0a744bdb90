"""Work shared among the cores of a machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

_work: Callable[[Any], str]
"""What a process does. It begins as a copy of this one, so that little has to be handed over to it."""


def cores() -> int:
    """How many processes are of use, 1 where there may be none beside this one.

    A copy of a process is safe only on Linux, and only while no other thread may hold a lock that nobody would ever open again.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.parent_process() is not None:
        return 1
    return min(len(os.sched_getaffinity(0)), 8)


def shared(work: Callable[[int], str], count: int) -> Iterator[str]:
    """What `work` gives for each of the numbers below `count`, in order, made by as many processes as there are cores.

    Raises what `work` raises, OSError where no processes can be had, and BrokenProcessPool if one ends before its work does, as one
    does that the system kills for its memory.
    """
    with ProcessPoolExecutor(min(cores(), count), multiprocessing.get_context("fork"), _begin, (work,)) as pool:
        yield from pool.map(_done, range(count))


class BackgroundWorker:
    """A process that does `work` while this one goes on, forked from this one.

    Its results raise what `work` raises, and BrokenProcessPool if it ends before its work does. Raises OSError where no process can be had.
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
