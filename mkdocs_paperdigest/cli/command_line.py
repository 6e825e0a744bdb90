"""The command `paperdigest`: its commands, which `commands.toml` lists with their arguments, and what they have in common."""

from __future__ import annotations

import argparse
import io
import os
import sys
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import __version__
from ..keypoints import EditError
from ..languages import WordsError
from ..markdown_site import FolderError
from ..reader import MarkerError
from .commands import check, export, figures, init, keypoints, lint, lock, render, stats
from .commands.terminal import UsageError, say
from .git_history import HistoryError

_MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (check, export, figures, init, keypoints, lint, lock, render, stats)
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 if it could not do what was asked, 2 for a wrong argument, 130 if interrupted; argparse may exit."""
    arguments = _parsed(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except (UsageError, MarkerError, FolderError, WordsError) as error:
        say(str(error))
        return 2
    except (EditError, HistoryError) as error:
        say(str(error))
        return 1
    except BrokenPipeError:
        _drop_output()
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        _drop_output()
        say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return 1
    return status


def _drop_output() -> None:
    """Keep Python from writing at its exit what nobody reads."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse the arguments, a PATH after an option among them, which argparse would refuse."""
    parser = argparse.ArgumentParser(
        prog="paperdigest", description="Turn a repository of paper digests into a website."
    )
    parser.add_argument("--version", action="version", version=f"paperdigest {__version__}")
    tables = tomllib.loads((files(__package__) / "commands.toml").read_text(encoding="utf-8"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, table in tables["commands"].items():
        _add(commands, name, table, tables["shared"], _MODULES[name])
    arguments, late = parser.parse_known_args(argv)
    paths = [Path(word) for word in late if not word.startswith("-")]
    if len(paths) == len(late) == 1 and getattr(arguments, "path", paths) is None:
        arguments.path = paths[0]
    elif len(paths) == len(late) and hasattr(arguments, "paths"):
        arguments.paths += paths
    elif late:
        parser.error(f"unrecognized arguments: {' '.join(late)}")
    return arguments


def _add(commands: Any, name: str, table: dict[str, Any], shared: dict[str, Any], module: ModuleType) -> None:
    """Add a command, or a command of a command, as its table in `commands.toml` says."""
    text = table["help"]
    parser = commands.add_parser(name, help=text, description=table.get("description", f"{text[0].upper()}{text[1:]}."))
    for argument, row in table.get("arguments", {}).items():
        words = dict(shared[row] if isinstance(row, str) else row)
        for word in ("type", "choices"):
            if isinstance(of_module := words.get(word), str):
                words[word] = Path if of_module == "path" else getattr(module, of_module)
        parser.add_argument(argument, **words)
    if "commands" in table:
        kinds = parser.add_subparsers(required=True, metavar="WHAT")
        for own, below in table["commands"].items():
            _add(kinds, own, below, shared, module)
    else:
        parser.set_defaults(run=getattr(module, table.get("run", name)))
