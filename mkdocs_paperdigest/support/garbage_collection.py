"""Objects that live as long as a build, kept from the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def long_lived(*, after: bool = True) -> Iterator[None]:
    """What is made inside stays, also `after` it until the next build: the garbage collector does not look through it again and again.

    That took a tenth of the time of a build with thousands of papers, and a third of that of `lint`.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if after:
            gc.freeze()
        if collects:
            gc.enable()
