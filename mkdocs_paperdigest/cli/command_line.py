"""The command `paperdigest`: which commands there are, and what they have in common."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import __version__
from ..keypoints import EditError
from ..languages import WordsError
from ..markdown_site import FolderError
from ..reader import MarkerError
from .commands import check, export, figures, init, keypoints, lint, lock, render, stats
from .git_history import HistoryError
from .terminal import UsageError, say


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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    init.add(commands)
    stats.add(commands)
    lint.add(commands)
    keypoints.add(commands)
    figures.add(commands)
    lock.add(commands)
    export.add(commands)
    check.add(commands)
    render.add(commands)
    arguments, late = parser.parse_known_args(argv)
    paths = [Path(word) for word in late if not word.startswith("-")]
    if len(paths) == len(late) == 1 and getattr(arguments, "path", paths) is None:
        arguments.path = paths[0]
    elif len(paths) == len(late) and hasattr(arguments, "paths"):
        arguments.paths += paths
    elif late:
        parser.error(f"unrecognized arguments: {' '.join(late)}")
    return arguments
