"""`paperdigest lint`: what is wrong with digests and keypoints, and what of it can be mended."""

from __future__ import annotations

import argparse
import difflib
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ...lint import lint as find
from ...lint import mended
from ...records import RULES, Finding, Severity
from ...support import long_lived
from ..paths import Chosen, add_paths, choose
from ..terminal import Commands, UsageError, add_format, counted, print_items, printable, say

_FAIL_ON = {"info": (Severity.INFO, Severity.WARNING), "warning": (Severity.WARNING,), "never": ()}
_LEVELS = {Severity.INFO: "notice", Severity.WARNING: "warning"}
_IN_JSON = ("path", "line", "column", "code", "severity", "message", "fix")


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "lint",
        help="find what is wrong with digests and keypoints, and mend what is certain",
        description="Print all findings of digests, keypoints.yml and paperdigest.lock, without a build. The status is 1 if there is "
        "one at or above --fail-on.",
    )
    add_paths(parser)
    add_format(parser, "text", "json", "github")
    text = "only these codes, or those that begin so: PD6,PD101"
    parser.add_argument("--select", action="append", type=_codes, default=[], metavar="CODES", help=text)
    text = "all but these codes"
    parser.add_argument("--ignore", action="append", type=_codes, default=[], metavar="CODES", help=text)
    text = "from which severity on the status is 1 (default: warning)"
    parser.add_argument("--fail-on", choices=_FAIL_ON, default="warning", help=text)
    text = "mend what can be mended with certainty, and print what is left"
    parser.add_argument("--fix", action="store_true", help=text)
    parser.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    parser.set_defaults(run=lint)


@long_lived(after=False)
def lint(arguments: argparse.Namespace) -> int:
    """Print, or fix, what is wrong."""
    select, ignore = sum(arguments.select, ()), sum(arguments.ignore, ())

    def wanted(code: str) -> bool:
        return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))

    form = arguments.format
    if arguments.diff and form != "text":
        raise UsageError(f"--diff prints a diff, so it cannot be had with --format {form}")
    chosen = choose(arguments.paths)
    failed = any(part.speaks_of(path) for part in chosen for path in part.collection.unreadable)
    if arguments.diff:
        _print_diff(chosen, wanted)
    elif arguments.fix:
        chosen, unwritten = _fix(chosen, wanted)
        failed = failed or unwritten
    found = [item for part in chosen for item in _of(part, find(part.collection, wanted, proved=form == "json"))]
    if not arguments.diff:
        lines = [*map(_annotation, found)] if form == "github" else found
        print_items(lines, form, [{name: getattr(item, name) for name in _IN_JSON} for item in found])
    if form == "text":
        _say_count(found)
    return int(failed or any(item.severity in _FAIL_ON[arguments.fail_on] for item in found))


def _codes(text: str) -> tuple[str, ...]:
    found = tuple(code.strip().upper() for code in text.split(",") if code.strip())
    if unknown := [code for code in found if not any(rule.startswith(code) for rule in RULES)]:
        raise argparse.ArgumentTypeError(f"no code begins with {unknown[0]}")
    return found


def _of(part: Chosen, found: Sequence[Finding]) -> list[Finding]:
    """The findings of the files that were asked for; those of keypoints.yml and the lock file concern them all."""
    collection = part.collection
    left_out = {
        collection.shown(path) for path in (*collection.sources, *collection.others) if not part.speaks_of(path)
    }
    return [item for item in found if item.path not in left_out]


def _mended(part: Chosen, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for path, source in part.collection.sources.items():
        if part.speaks_of(path) and (after := mended(part.collection, path, wanted)) != source.text:
            yield path, after


def _print_diff(chosen: Sequence[Chosen], wanted: Callable[[str], bool]) -> None:
    is_terminal = sys.stdout.isatty()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for part in chosen:
        for path, after in _mended(part, wanted):
            name = printable(part.collection.shown(path))
            mark = "\ufeff" if part.collection.has_mark(path) else ""
            before = part.collection.sources[path].text
            for line in difflib.unified_diff(_lines(mark + before), _lines(mark + after), f"a/{name}", f"b/{name}"):
                shown = "\t".join(map(printable, line.rstrip("\r\n").split("\t"))) + "\n" if is_terminal else line
                sys.stdout.write(shown if line.endswith("\n") else f"{shown.rstrip()}\n\\ No newline at end of file\n")


def _lines(text: str) -> list[str]:
    """Lines as diffs count them: they end with a line feed, and with nothing else."""
    return list(io.StringIO(text))


def _fix(chosen: Sequence[Chosen], wanted: Callable[[str], bool]) -> tuple[list[Chosen], bool]:
    """Fix files; return their collections as they are then, and whether a file could not be written."""
    count, unwritten, after = 0, False, []
    for part in chosen:
        before = count
        for path, text in _mended(part, wanted):
            try:
                part.collection.write(path, text)
                count += 1
            except OSError as error:
                say(f"{part.collection.shown(path)} could not be written: {error.strerror or error}")
                unwritten = True
        after.append(part if count == before else replace(part, collection=part.collection.again()))
    if count:
        say(f"mended {counted(count, 'file')}")
    return after, unwritten


def _annotation(item: Finding) -> str:
    """A workflow command of GitHub Actions, which shows a finding in a pull request."""
    path, message = (_escaped(text) for text in (item.path, f"{item.code} {item.message}"))
    place = f"file={path.replace(':', '%3A').replace(',', '%2C')},line={item.line},col={item.column},title={item.code}"
    return f"::{_LEVELS[item.severity]} {place}::{message}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _say_count(found: Sequence[Finding]) -> None:
    if not found:
        say("nothing was found")
        return
    warnings = sum(item.severity is Severity.WARNING for item in found)
    mendable = sum(item.fix is not None for item in found)
    more = f"; --fix mends {mendable}" if mendable else ""
    say(f"{counted(len(found), 'finding')}, {warnings} of them WARNING{more}")
