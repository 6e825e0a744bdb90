"""`paperdigest init`: the settings of a site for digests that are there already."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from ...collection import FILES, SITE
from ...support import leads_out
from ..commands.terminal import Progress, command, say, say_unreadable
from ..scaffold import BY_CATEGORY, SETTINGS, WORKFLOW, Start, leave_out, prepare
from ..survey import Survey, take_survey
from ..survey_text import counted, in_short, printable, some

_IGNORED = ".gitignore"


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "init",
        help="write the settings of a site for the digests in a folder",
        description=f"Write {SETTINGS}, which builds the digests of a folder where they stand, and {WORKFLOW}, which "
        "publishes them. No file is moved, and none is overwritten without asking.",
    )
    parser.add_argument(
        "path", nargs="?", type=Path, default=Path(), metavar="PATH", help="the folder (default: this one)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite files, and write them if no papers are found")
    parser.add_argument("--dry-run", action="store_true", help="print the files and write nothing")
    parser.set_defaults(run=init)


def init(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.path
    if not folder.is_dir():
        say(f"there is no folder {folder}")
        return 2
    with Progress("reading").shown() as progress:
        found = take_survey(folder, progress=progress)
    by_category = None
    if found.papers and not found.naming:
        with Progress("looking for keypoints").shown() as progress:
            by_category = take_survey(folder, BY_CATEGORY, progress)
    say_unreadable(found.unreadable)
    if not found.papers and not arguments.force:
        read = f"{counted(found.files, 'Markdown file', ',')} read"
        say(f"no papers were found in {folder} ({read}), so nothing was written; --force writes all the same")
        return 1
    is_by_category = by_category is not None and bool(by_category.naming)
    start = prepare(folder, found, by_category=is_by_category)
    print(f"Found in {printable(folder.resolve().name) or folder}:")
    for line in [*in_short(found), _keypoints(found, by_category)]:
        print(f"  {line}")
    for path, why in leave_out(folder, found):
        print(f"  left out: {printable(path)}, since {printable(why)}")
    if start.site != SITE:
        print(f"  the site goes to {start.site}, since {SITE} holds what MkDocs did not write")
    print()
    if outside := [
        name for name in (*start.files, *([_IGNORED] if start.site != SITE else [])) if leads_out(folder / name, folder)
    ]:
        say(f"{outside[0]} leads out of {folder} through a link, so nothing was written")
        return 1
    if arguments.dry_run:
        for name, text in start.files.items():
            print(f"Would write {name}{' (there is one already)' if _there(folder, name) else ''}:\n\n{text}")
        if start.site != SITE:
            print(f"Would add {start.site} to {_IGNORED}.")
        return 0
    return _write(folder, start, force=arguments.force)


def _write(folder: Path, start: Start, *, force: bool) -> int:
    # A workflow without settings would publish a site that is none of ours.
    if not _may_write(folder, SETTINGS, start, force=force):
        print(f"Nothing was written. `{command('paperdigest', 'init', '--dry-run', folder)}` prints what would be.")
        return 1
    for name, text in start.files.items():
        path = folder / name
        if _is_same(path, text):
            print(f"{name} is there already, as it would be written.")
        elif name == SETTINGS or _may_write(folder, name, start, force=force):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"Wrote {name}.")
    _ignore_site(folder / _IGNORED, start)
    program = ("mkdocs",) if shutil.which("mkdocs") else (sys.executable, "-m", "mkdocs")
    settings = () if folder.resolve() == Path.cwd() else ("-f", folder / SETTINGS)
    print(f"\nNext, see it in the browser:\n\n  {command(*program, 'serve', '--open', *settings)}\n")
    if start.is_top:
        print(
            'To publish it, choose "GitHub Actions" as the source under Settings → Pages on GitHub, commit these files '
            f"and push them. The folder `{start.site}`, which `mkdocs build` makes, does not belong in the repository: "
            + ("name it in `.gitignore`." if start.site == SITE else "`.gitignore` names it.")
        )
    else:
        print(
            f"GitHub reads workflows at the top of a repository only: to publish, start the site there, or copy {WORKFLOW}."
        )
    return 0


def _ignore_site(file: Path, start: Start) -> None:
    before = file.read_bytes() if file.is_file() else b""
    after = start.ignored(before.decode("latin-1")).encode("latin-1")
    if after != before:
        file.write_bytes(after)
        print(f"Added {start.site} to {_IGNORED}.")


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
    """The file that is there already, under this name or another one of the same use."""
    names = FILES if name == SETTINGS else (name, str(Path(name).with_suffix(".yaml")))
    return next((there for there in names if os.path.lexists(folder / there)), None)


def _is_same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _keypoints(found: Survey, by_category: Survey | None) -> str:
    if found.naming:
        keypoints, papers = counted(len(found.keypoints), "keypoint", ","), counted(found.naming, "paper", ",")
        return f"{keypoints} in {papers}: {some(found.keypoints)}"
    if by_category and by_category.naming:
        return f"no label for keywords, so papers are indexed by category: {some(by_category.keypoints)}"
    return "nothing in the digests gives keypoints; `labels` in mkdocs.yml can name a label that does"
