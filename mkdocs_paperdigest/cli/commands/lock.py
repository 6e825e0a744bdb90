"""`paperdigest lock`: keeps the addresses alive that papers and keypoints had before."""

from __future__ import annotations

import argparse
import json
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from ...collection import Collection, decode
from ...lock import Lock, Report, Snapshot, has_marks, lock_text, snapshot_of_papers_json
from ...support import write_inside
from ..git_history import HistoryError, history_of, locked, snapshot_of_sources, snapshots_of_git, without_undone
from ..paths import add_path, choose_one
from ..terminal import Commands, add_format, print_items, say

_SECONDS = 30
_LARGEST = 500_000_000


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "lock",
        help="keep the addresses alive that papers and keypoints had before",
        description="Compare the digests with earlier states, and write to paperdigest.lock which addresses papers and keypoints had "
        "before. By default the earlier states are the commits since that file was last committed, or else since the site has been "
        "there, or else the papers.json of the built site.",
    )
    add_path(parser)
    parser.add_argument("--since", metavar="REVISION", help="the commit of git to begin with")
    text = "a papers.json of the site, as a file or an address"
    parser.add_argument("--against", action="append", default=[], metavar="PAPERS_JSON", help=text)
    parser.add_argument("--dry-run", action="store_true", help="print what changed, and write nothing")
    add_format(parser, "text", "json")
    parser.set_defaults(run=lock)


def lock(arguments: argparse.Namespace) -> int:
    collection = choose_one(arguments.path)
    options = collection.options
    faults = [found for found in collection.findings if found.code == "PD508"]
    text = decode(options.lock.read_bytes())[0] if options.lock.is_file() else ""
    if faults and not (len(faults) == 1 and has_marks(text)):
        say(f"{faults[0]}: mend it first, or what it held would be lost")
        return 1
    states = earlier_states(collection, arguments.since, arguments.against)
    new, report = compare(collection, states)
    print_items(report, arguments.format)
    if lock_text(new) == text:
        say(f"{options.lock} holds every address already" if text else "no address changed")
    elif arguments.dry_run:
        say("nothing was written")
    else:
        write_inside(options.lock, lock_text(new).encode(), options.folder)
        say(f"wrote {options.lock}: commit it")
    if not any(states):
        built = options.built_papers
        say(f"there is nothing to compare with: no commit of git, and no {built}; --against names one")
    if any(item.kind == "unclear" for item in report):
        say("what is unclear fits several; write its line by hand")
    return 0


def earlier_states(
    collection: Collection, since: str | None = None, against: Sequence[str] = ()
) -> list[list[Snapshot]]:
    """The earlier states of a site, in rows that are oldest first: its commits, and each papers.json. Raises HistoryError."""
    options = collection.options
    states = [[_published(place, collection)] for place in against]
    try:
        history = history_of(options.folder, since)
        docs = collection.root.absolute() if collection.root != options.docs else None
        committed = list(snapshots_of_git(history, docs))
        if history.is_shallow:
            say(
                "this clone lacks older commits, so what changed before them is not seen: `git fetch --unshallow` gets them"
            )
    except HistoryError as error:
        if since or not error.is_none:
            raise
        committed = []
    built = options.built_papers
    if not states and not any(state.papers for state in committed) and built.is_file():
        states.append([_published(str(built), collection)])
    return [committed, *states]


def compare(collection: Collection, states: Sequence[Sequence[Snapshot]]) -> tuple[Lock, Report]:
    known = collection.lock
    report: Report = ()

    def read(lock: Lock) -> Snapshot:
        options = collection.options
        return snapshot_of_sources(collection.sources, options.label_vocabulary, collection.vocabulary, lock, known)

    lock = without_undone(known, states[0], read(known)) if states and states[0] else known
    for earlier in filter(None, states):
        now = read(lock)
        lock, said = locked(lock, earlier, now)
        report += said
    return lock, report


def _published(place: str, collection: Collection) -> Snapshot:
    try:
        if place.startswith(("https://", "http://")):
            with urllib.request.urlopen(place, timeout=_SECONDS) as answer:  # noqa: S310 - of the web only
                data = answer.read(_LARGEST)
        else:
            data = Path(place).read_bytes()
        return snapshot_of_papers_json(json.loads(data), collection.lock)
    except (OSError, ValueError, RecursionError) as error:
        raise HistoryError(
            f"{place} is no papers.json that can be read: {getattr(error, 'strerror', None) or error}"
        ) from None
