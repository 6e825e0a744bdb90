"""The command `paperdigest`: `init` starts a site where digests stand already, `stats` says what they hold."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import __version__
from .site_options import FILES, site_options
from .starter import BY_CATEGORY, SETTINGS, WORKFLOW, Start, leave_out, prepare
from .survey import MARKDOWN, Survey, take_survey
from .survey_text import as_json, as_table, in_short, printable, some

_MANY = 50
"""With more files than this a terminal shows how far it is."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default those of the process.

    Gives the exit code: 0 if all went well, 1 if it could not do what was asked, 2 for a wrong argument, 130 if it was
    interrupted. Raises SystemExit where argparse does: for `--help`, `--version`, and arguments that it refuses.
    """
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        _drop_output()
        _say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return 1
    return status


def stats(arguments: argparse.Namespace) -> int:
    """Print what a folder or a file holds."""
    place: Path = arguments.path
    if not place.exists():
        _say(f"there is no file or folder {place}")
        return 2
    if not place.is_dir() and place.suffix not in MARKDOWN:
        _say(f"{place} is no Markdown: its name must end in one of {', '.join(MARKDOWN)}")
        return 2
    options = site_options(place if place.is_dir() else place.parent)
    for line in options.ignored:
        _say(line)
    with _Progress("reading").shown() as progress:
        found = take_survey(place, options.vocabulary, progress)
    _say_unreadable(found)
    if arguments.format == "json":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        print(as_json(found))
    else:
        print(as_table(found))
    return 0


def init(arguments: argparse.Namespace) -> int:
    """Write the settings of a site and a workflow for a folder, and print what was found and what to do next."""
    folder: Path = arguments.path
    if not folder.is_dir():
        _say(f"there is no folder {folder}")
        return 2
    with _Progress("reading").shown() as progress:
        found = take_survey(folder, progress=progress)
    by_category = None
    if found.papers and not found.naming:
        with _Progress("looking for keypoints").shown() as progress:
            by_category = take_survey(folder, BY_CATEGORY, progress)
    _say_unreadable(found)
    if not found.papers and not arguments.force:
        _say(f"no papers were found in {folder} ({_files(found)}), so nothing was written; --force writes all the same")
        return 1
    is_by_category = by_category is not None and bool(by_category.naming)
    start = prepare(folder, found, by_category=is_by_category)
    print(f"Found in {printable(folder.resolve().name) or folder}:")
    for line in [*in_short(found), _keypoints(found, by_category)]:
        print(f"  {line}")
    for path, why in leave_out(folder, found):
        print(f"  left out: {printable(path)}, since {printable(why)}")
    print()
    if outside := [name for name in start.files if _leads_out(folder, name)]:
        _say(f"{outside[0]} leads out of {folder} through a link, so nothing was written")
        return 1
    if arguments.dry_run:
        for name, text in start.files.items():
            print(f"Would write {name}{' (there is one already)' if _there(folder, name) else ''}:\n\n{text}")
        return 0
    return _write(folder, start, force=arguments.force)


def _write(folder: Path, start: Start, *, force: bool) -> int:
    # A workflow without settings would publish a site that is none of ours.
    if not _may_write(folder, SETTINGS, start, force=force):
        print(f"Nothing was written. `{_command('paperdigest', 'init', '--dry-run', folder)}` prints what would be.")
        return 1
    for name, text in start.files.items():
        path = folder / name
        if _is_same(path, text):
            print(f"{name} is there already, as it would be written.")
        elif name == SETTINGS or _may_write(folder, name, start, force=force):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"Wrote {name}.")
    program = ("mkdocs",) if shutil.which("mkdocs") else (sys.executable, "-m", "mkdocs")
    settings = () if folder.resolve() == Path.cwd() else ("-f", folder / SETTINGS)
    print(f"\nNext, see it in the browser:\n\n  {_command(*program, 'serve', '--open', *settings)}\n")
    if start.is_top:
        print(
            'To publish it, choose "GitHub Actions" as the source under Settings → Pages on GitHub, commit these files '
            "and push them. The folder `site`, which `mkdocs build` makes, does not belong in the repository: name it in "
            "`.gitignore`."
        )
    else:
        print(
            f"GitHub reads workflows at the top of a repository only: to publish, start the site there, or copy {WORKFLOW}."
        )
    return 0


def _may_write(folder: Path, name: str, start: Start, *, force: bool) -> bool:
    """Whether a file may be written: it is not there, or is the same, or whoever runs the command wants it."""
    there = _there(folder, name)
    if there is None or force or _is_same(folder / name, start.files[name]):
        return True
    if not sys.stdin.isatty():
        print(f"{there} is there already and was left as it is; --force writes {name} all the same.")
        return False
    question = f"Overwrite {name}?" if there == name else f"{there} is there already. Write {name} beside it?"
    try:
        return input(f"{question} [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:
        print()
        return False


def _there(folder: Path, name: str) -> str | None:
    """The file that stands where one is to be written, whatever other name it has."""
    names = FILES if name == SETTINGS else (name, str(Path(name).with_suffix(".yaml")))
    return next((there for there in names if os.path.lexists(folder / there)), None)


def _is_same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _leads_out(folder: Path, name: str) -> bool:
    # Not `Path.resolve`, which raises RuntimeError for a link to itself.
    return not Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))


def _keypoints(found: Survey, by_category: Survey | None) -> str:
    if found.naming:
        papers = f"{found.naming:,} paper{'' if found.naming == 1 else 's'}"
        return f"{len(found.keypoints):,} keypoint{'' if len(found.keypoints) == 1 else 's'} in {papers}: {some(found.keypoints)}"
    if by_category and by_category.naming:
        return f"no label for keywords, so papers are indexed by category: {some(by_category.keypoints)}"
    return "nothing in the digests gives keypoints; `labels` in mkdocs.yml can name a label that does"


def _files(found: Survey) -> str:
    return f"{found.files:,} Markdown file{'' if found.files == 1 else 's'} read"


def _say_unreadable(found: Survey) -> None:
    for path in found.unreadable:
        _say(f"{path} could not be read")


def _say(sentence: str) -> None:
    print(f"paperdigest: {printable(sentence)}", file=sys.stderr)


def _command(*words: object) -> str:
    return printable(shlex.join(str(word) for word in words if word != Path()))


def _drop_output() -> None:
    """Keep Python from writing, when it ends, what nobody reads."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


class _Progress:
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
    def shown(self) -> Iterator[_Progress]:
        try:
            yield self
        finally:
            if self.width:
                print(f"\r{' ' * self.width}\r", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="paperdigest", description="Turn a repository of paper digests into a website."
    )
    parser.add_argument("--version", action="version", version=f"paperdigest {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    starts = commands.add_parser(
        "init",
        help="write the settings of a site for the digests in a folder",
        description=f"Write {SETTINGS}, which builds the digests of a folder where they stand, and {WORKFLOW}, which "
        "publishes them. No file is moved, and none is overwritten without asking.",
    )
    starts.add_argument(
        "path", nargs="?", type=Path, default=Path(), metavar="PATH", help="the folder (default: this one)"
    )
    starts.add_argument("--force", action="store_true", help="overwrite files, and write them if no papers are found")
    starts.add_argument("--dry-run", action="store_true", help="print the files and write nothing")
    starts.set_defaults(run=init)
    counts = commands.add_parser(
        "stats",
        help="count papers, months, fields, keypoints and unknown labels",
        description="Count the papers of a folder or a file, their months, fields and keypoints, and the labels that mean "
        "nothing known. Options of a mkdocs.yml in the folder say which labels are known.",
    )
    counts.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="a folder or a Markdown file (default: this folder)",
    )
    counts.add_argument("--format", choices=("table", "json"), default="table", help="the form (default: table)")
    counts.set_defaults(run=stats)
    return parser
