"""Objects that live as long as a build, kept from the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
