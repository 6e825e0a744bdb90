"""What the commands say on a terminal: messages, JSON, and how far they are."""

from __future__ import annotations

import io
import json
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..survey_text import escaped, printable

_MANY = 50
"""With more files than this a terminal shows how far it is."""


def say(sentence: str) -> None:
    print(f"paperdigest: {printable(sentence)}", file=sys.stderr)


def say_unreadable(paths: Iterable[str]) -> None:
    for path in paths:
        say(f"{path} could not be read")


def print_json(value: object) -> None:
    """Print JSON in UTF-8, whatever the encoding of the terminal."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(escaped(json.dumps(value, ensure_ascii=False, indent=1)))


def command(*words: object) -> str:
    return printable(shlex.join(str(word) for word in words if word != Path()))


class Progress:
    """How far it is: one line of a terminal, rewritten, and gone when all is done; nothing where there is no terminal."""

    def __init__(self, doing: str) -> None:
        self.doing = doing
        self.width = 0
        self.next = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if total > _MANY and now >= self.next and sys.stderr.isatty():
            line = f"{self.doing}: {done} of {total} files"
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
            self.width, self.next = max(self.width, len(line)), now + 0.1

    @contextmanager
    def shown(self) -> Iterator[Progress]:
        try:
            yield self
        finally:
            if self.width:
                print(f"\r{' ' * self.width}\r", end="", file=sys.stderr, flush=True)
