"""`paperdigest init`: the settings of a site for digests that are there already."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from ...collection import FILES, SITE
from ...support import leads_out
from ..scaffold import BY_CATEGORY, SETTINGS, WORKFLOW, Start, leave_out, prepare
from ..survey import Counts, Survey, take_survey
from ..terminal import Commands, UsageError, command, counted, cut, printable, progress, say, say_unreadable

_IGNORED = ".gitignore"
_MOST = 6
"""How many names a line has."""


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "init",
        help="write the settings of a site for the digests in a folder",
        description="Write mkdocs.yml, which builds the digests of a folder where they stand, and .github/workflows/pages.yml, which "
        "publishes them. No file is moved, and none is overwritten without asking.",
    )
    text = "the folder (default: this one)"
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help=text)
    text = "overwrite files, and write them if no papers are found"
    parser.add_argument("--force", action="store_true", help=text)
    parser.add_argument("--dry-run", action="store_true", help="print the files and write nothing")
    parser.set_defaults(run=init)


def init(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.path
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    with progress("reading") as report:
        found = take_survey(folder, progress=report)
    by_category = None
    if found.papers and not found.papers_with_keypoints:
        with progress("looking for keypoints") as report:
            by_category = take_survey(folder, BY_CATEGORY, report)
    say_unreadable(found.unreadable)
    if not found.papers and not arguments.force:
        read = f"{counted(found.files, 'Markdown file', ',')} read"
        say(f"no papers were found in {folder} ({read}), so nothing was written; --force writes all the same")
        return 1
    is_by_category = by_category is not None and bool(by_category.papers_with_keypoints)
    start = prepare(folder, found, by_category=is_by_category)
    print(f"Found in {printable(folder.resolve().name) or folder}:")
    for line in [*_in_short(found), _keypoints(found, by_category)]:
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


def _in_short(found: Survey) -> Iterator[str]:
    yield f"{counted(found.files, 'file', ',')}, {len(found.digests)} with papers: {counted(found.papers, 'paper', ',')}"
    if found.months:
        newest, oldest = max(found.months), min(found.months)
        months = oldest if newest == oldest else f"{oldest} to {newest}"
        yield f"{counted(len(found.months), 'month', ',')}: {months}"
    if found.without_month:
        yield f"{counted(found.without_month, 'paper', ',')} without a month"
    if found.unknown_labels:
        yield f"{counted(len(found.unknown_labels), 'label', ',')} not known: {_some(found.unknown_labels)}"


def _keypoints(found: Survey, by_category: Survey | None) -> str:
    if found.papers_with_keypoints:
        keypoints = counted(len(found.keypoints), "keypoint", ",")
        return f"{keypoints} in {counted(found.papers_with_keypoints, 'paper', ',')}: {_some(found.keypoints)}"
    if by_category and by_category.papers_with_keypoints:
        return f"no label for keywords, so papers are indexed by category: {_some(by_category.keypoints)}"
    return "nothing in the digests gives keypoints; `labels` in mkdocs.yml can name a label that does"


def _some(counts: Counts) -> str:
    shown = ", ".join(f"{cut(printable(name), 30)} ({count})" for name, count in [*counts.items()][:_MOST])
    return shown + (f" and {len(counts) - _MOST} more" if len(counts) > _MOST else "")


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
    if start.site != SITE:
        _ignore(folder / _IGNORED, start.site)
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


def _ignore(file: Path, site: str) -> None:
    """Add the folder of the site to a `.gitignore`, whose line ends stay."""
    before = file.read_bytes().decode("latin-1") if file.is_file() else ""
    if f"/{site}/" not in before.splitlines():
        end = "\r\n" if "\r\n" in before else "\n"
        start = end if before and not before.endswith(end) else ""
        file.write_bytes(f"{before}{start}/{site}/{end}".encode("latin-1"))
        print(f"Added {site} to {_IGNORED}.")


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
