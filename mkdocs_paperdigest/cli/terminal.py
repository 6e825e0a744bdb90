"""What the commands share: the option --format, what they say on a terminal, text that no terminal obeys, JSON, and how far they are."""

from __future__ import annotations

import argparse
import io
import json
import re
import shlex
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import msgspec

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What a command is added to: those of `paperdigest`, or those of a command."""

_MANY = 50
"""With more files than this a terminal shows how far it is."""

# What moves the cursor, colours, hides or turns text round, and what no encoding has.
_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_UNSAFE_IN_JSON = re.compile(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class UsageError(Exception):
    """An argument that nothing can be done with; its text is a sentence about it."""


def add_format(parser: argparse.ArgumentParser, *forms: str) -> None:
    """Add the option --format; the first form is the default."""
    parser.add_argument("--format", choices=forms, default=forms[0], help=f"the form (default: {forms[0]})")


def printable(text: str) -> str:
    """Write characters that a terminal would obey as Python escapes."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _UNSAFE else char for char in text
    )


def width(text: str) -> int:
    """The columns that a text takes."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept + char) >= columns:
            break
        kept += char
    return f"{kept}…"


def counted(count: int, name: str, style: str = "") -> str:
    return f"{count:{style}} {name}{'' if count == 1 else 's'}"


def command(*words: object) -> str:
    return printable(shlex.join(str(word) for word in words if word != Path()))


def say(sentence: str) -> None:
    print(f"paperdigest: {printable(sentence)}", file=sys.stderr)


def say_unreadable(paths: Iterable[str]) -> None:
    for path in paths:
        say(f"{path} could not be read")


def print_items(items: Sequence[object], form: str = "text", data: object = None) -> None:
    """Print a line for each of them, or, as JSON, `data` or what their fields hold."""
    if form == "json":
        print_json(items if data is None else data)
        return
    for item in items:
        print(printable(str(item)))


def print_json(value: object) -> None:
    """Print JSON in UTF-8, whatever the encoding of the terminal; dataclasses are objects with their fields."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    text = json.dumps(value, ensure_ascii=False, indent=1, default=msgspec.to_builtins)
    # What a terminal would obey becomes escapes of JSON.
    print(_UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far it is: one line of a terminal, rewritten, and gone when all is done; nothing where there is no terminal."""
    longest, due = 0, 0.0

    def show(done: int, total: int) -> None:
        nonlocal longest, due
        now = time.monotonic()
        if total > _MANY and now >= due and sys.stderr.isatty():
            line = f"{doing}: {done} of {total} files"
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
            longest, due = max(longest, len(line)), now + 0.1

    try:
        yield show
    finally:
        if longest:
            print(f"\r{' ' * longest}\r", end="", file=sys.stderr, flush=True)
