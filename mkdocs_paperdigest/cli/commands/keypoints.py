"""`paperdigest keypoints`: what keypoints there are, which may be one, and changes of them."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz, process

from ...collection import Collection, decode, write_text
from ...keypoints import EditError, Vocabulary, describe_keypoint, merge_keypoints, read_keypoints, rename_keypoint
from ...library import Keypoint
from ...lint import fixed, safe
from ...lock import Lock, lock_text, renamed_slugs
from ...reader import Mention, mentions
from ...records import Fix
from ...support import check_inside, keypoint_key, write_inside
from ..git_history import HistoryError
from ..paths import add_path, choose_one
from ..terminal import Commands, add_format, print_items, say
from .lock import compare, earlier_states

_NEAR = 70


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "keypoints",
        help="list keypoints, find those that may be one, merge, rename and describe them",
        description="Work with the keypoints of a site. Changes go to keypoints.yml, and with --rewrite to the digests, too; old "
        "addresses are kept in paperdigest.lock.",
    )
    kinds = parser.add_subparsers(required=True, metavar="WHAT")
    _add(kinds, "list", list_all, "list keypoints with their papers, months and spellings, most used first")
    _add(kinds, "similar", list_similar, "list pairs of keypoints that may be one, with score and reason, best first")
    for kind, run, text in (
        ("merge", merge, "take the keypoint A for B: A becomes an alias of B"),
        ("rename", rename, "call the keypoint A by the new name B: A becomes an alias of it"),
    ):
        own = _add(kinds, kind, run, text, a="a spelling of the keypoint", b="the name to keep")
        own.add_argument("--rewrite", action="store_true", help="write B instead of A in the digests, too")
        own.add_argument("--dry-run", action="store_true", help="print what would change, and change nothing")
    text = "show what is known of a keypoint, or describe it"
    own = _add(kinds, "describe", describe, text, name="a spelling of the keypoint")
    text = 'describe it so, in Markdown; "" takes its description away'
    own.add_argument("--set", metavar="TEXT", dest="text", help=text)


def _add(
    kinds: Commands, kind: str, run: Callable[[argparse.Namespace], int], text: str, **names: str
) -> argparse.ArgumentParser:
    """Add a command with its `names` of keypoints, an argument each, and what all these commands take."""
    own = kinds.add_parser(kind, help=text, description=f"{text[0].upper()}{text[1:]}.")
    for argument, meaning in names.items():
        own.add_argument(argument, metavar=argument.upper(), help=meaning)
    add_path(own)
    add_format(own, "text", "json")
    own.set_defaults(run=run)
    return own


# -- what there is


def list_all(arguments: argparse.Namespace) -> int:
    keypoints = choose_one(arguments.path).library.keypoints
    also = (f"  also {', '.join(k.also_known)}" if k.also_known else "" for k in keypoints)
    lines = [f"{k.count:>6}  {k.label}{_months(k)}{others}" for k, others in zip(keypoints, also, strict=True)]
    print_items(lines, arguments.format, [_record(keypoint) for keypoint in keypoints])
    if not keypoints and arguments.format == "text":
        say("no paper names a keypoint")
    return 0


def list_similar(arguments: argparse.Namespace) -> int:
    pairs = choose_one(arguments.path).similar
    records = [{"a": p.a, "b": p.b, "score": round(p.score, 3), "reason": p.reason} for p in pairs]
    lines = [f"{pair.score:.2f}  {pair.a}  =  {pair.b}  ({pair.reason})" for pair in pairs]
    print_items(lines, arguments.format, records)
    if arguments.format == "text":
        hint = "`paperdigest keypoints merge B A` makes one of them; a pair whose both names stand in keypoints.yml is not listed"
        say(hint if pairs else "no two keypoints are alike")
    return 0


def describe(arguments: argparse.Namespace) -> int:
    collection = choose_one(arguments.path)
    keypoint = _find(collection, arguments.name)
    if arguments.text is not None:
        _write_keypoints(collection, describe_keypoint(_keypoints_text(collection), keypoint.label, arguments.text))
        collection = collection.again()
        keypoint = _find(collection, arguments.name)
    entry = keypoint.entry
    facts = {
        "slug": keypoint.slug,
        "papers": str(keypoint.count),
        "with those below": str(keypoint.below) if keypoint.children else "",
        "months": _months(keypoint).strip(" ()"),
        "also written": ", ".join(keypoint.also_known),
        "description": " ".join(entry.description.split()) if entry else "",
        "parent": keypoint.parent or "",
        "below it": ", ".join(keypoint.children),
        "group": (entry.group or "") if entry else "",
        "related": ", ".join(entry.related) if entry else "",
        "hidden": "yes" if entry and entry.hidden else "",
    }
    lines = [keypoint.label, *(f"  {name}: {value}" for name, value in facts.items() if value)]
    print_items(lines, arguments.format, [_record(keypoint)])
    return 0


def _record(keypoint: Keypoint) -> dict[str, Any]:
    entry = keypoint.entry
    return {
        "slug": keypoint.slug,
        "label": keypoint.label,
        "count": keypoint.count,
        "below": keypoint.below,
        "months": dict(keypoint.months),
        "written": list(keypoint.written),
        "aliases": list(entry.aliases) if entry else [],
        "description": entry.description if entry else "",
        "parent": keypoint.parent,
        "children": list(keypoint.children),
        "group": entry.group if entry else None,
        "related": list(entry.related) if entry else [],
        "hidden": bool(entry and entry.hidden),
        "known": entry is not None,
    }


def _months(keypoint: Keypoint) -> str:
    if not keypoint.months:
        return ""
    newest, oldest = keypoint.months[0][0], keypoint.months[-1][0]
    return f"  ({oldest})" if oldest == newest else f"  ({oldest} to {newest})"


# -- changes


def merge(arguments: argparse.Namespace) -> int:
    collection = choose_one(arguments.path)
    a, b = _find(collection, arguments.a), _find(collection, arguments.b)
    learnt = collection.vocabulary.merged
    text = _named(collection, a, b)
    if a.slug != b.slug:
        return _change(arguments, collection, a, (a.label, b.label), merge_keypoints(text, b.label, a.label))
    if keypoint_key(arguments.a) in learnt and keypoint_key(arguments.b) not in learnt:
        return _change(arguments, collection, a, (arguments.a, b.label), text)
    raise EditError(
        f"{arguments.a} and {arguments.b} are one keypoint already; `paperdigest keypoints rename` calls it by another name"
    )


def rename(arguments: argparse.Namespace) -> int:
    collection = choose_one(arguments.path)
    keypoint = _find(collection, arguments.a)
    other = collection.library.keypoint(arguments.b)
    if other is not None and other.slug != keypoint.slug:
        raise EditError(f"there is a keypoint {other.label} already: merge them with `paperdigest keypoints merge`")
    text = rename_keypoint(_named(collection, keypoint), keypoint.label, arguments.b)
    return _change(arguments, collection, keypoint, (keypoint.label, arguments.b), text)


def _named(collection: Collection, *keypoints: Keypoint) -> str:
    """The text of keypoints.yml, in which acronyms that were merged count as one already."""
    text = _keypoints_text(collection)
    for keypoint in keypoints:
        for written in keypoint.also_written:
            if keypoint_key(written) in collection.vocabulary.merged:
                text = merge_keypoints(text, keypoint.label, written)
    return text


@dataclass(frozen=True, slots=True)
class _Change:
    """What was, or would be, changed in a file, on a line if it is a digest."""

    path: str
    line: int | None
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.path}:{f'{self.line}:' if self.line else ''} {self.old} → {self.new}"


def _pending(collection: Collection) -> Lock:
    """The lock with what changed already: `lock` looks no further back than the commit that changed the file last."""
    try:
        return compare(collection, earlier_states(collection))[0]
    except HistoryError as error:
        say(f"{error}; run `paperdigest lock`, too")
        return collection.lock


def _change(
    arguments: argparse.Namespace, collection: Collection, keypoint: Keypoint, names: tuple[str, str], text: str
) -> int:
    options, known = collection.options, collection.vocabulary
    file = options.keypoints
    assert file is not None
    vocabulary = replace(read_keypoints(text, known.path or file.name)[0], merged=known.merged)
    slugs = {old.slug: vocabulary.slug(old.label) for old in collection.library.keypoints}
    slugs = {old: new for old, new in slugs.items() if old != new}
    lock = renamed_slugs(_pending(collection), slugs) if slugs else collection.lock
    lock_changes = lock != collection.lock
    if lock_changes and any(found.code == "PD508" for found in collection.findings):
        raise EditError(f"{options.lock} is not understood: mend it first, or what it held would be lost")
    changes = [_Change(file.as_posix(), None, *names)] if text != _keypoints_text(collection) else []
    if lock_changes:
        changes += (_Change(options.lock.as_posix(), None, old, new) for old, new in slugs.items())
    if not arguments.dry_run:
        if lock_changes:
            check_inside(options.lock, options.folder)
        # These first: with them both names mean the same, whatever becomes of the digests.
        _write_keypoints(collection, text)
        if lock_changes:
            write_inside(options.lock, lock_text(lock).encode(), options.folder)
    failed = False
    for path, source in collection.sources.items() if arguments.rewrite else ():
        new, made, left = _rewritten(collection, path, keypoint, vocabulary)
        try:
            if new != source.text and not arguments.dry_run:
                collection.write(path, new)
            changes += made
        except OSError as error:
            say(f"{collection.shown(path)} could not be written: {error.strerror or error}")
            failed = True
        for place in left:
            say(f"{place} was left as it is: change it by hand")
    print_items(changes, arguments.format)
    if arguments.dry_run or not changes:
        say("nothing was changed")
    return int(failed)


def _rewritten(
    collection: Collection, path: str, keypoint: Keypoint, vocabulary: Vocabulary
) -> tuple[str, list[_Change], list[str]]:
    """Give a source with another name for a keypoint, what was changed, and the places that were left, each once."""
    source = collection.sources[path]
    entry = vocabulary.entry(keypoint.label)
    named = (name for paper in source.digest.papers for name in paper.keypoints or ())
    if entry is None or keypoint.slug not in map(collection.vocabulary.slug, named):
        return source.text, [], []
    labels = collection.options.label_vocabulary
    every = list(mentions(source.text, source.digest, labels))
    # Who names a keypoint twice would name it twice in one spelling.
    counts = Counter((id(mention.paper), vocabulary.slug(mention.written)) for mention in every)
    fixes = {
        mention: _fix(mention, entry.label) if counts[id(mention.paper), entry.slug] == 1 else None
        for mention in every
        if collection.vocabulary.slug(mention.written) == keypoint.slug and mention.written != entry.label
    }
    wanted = [fix for fix in fixes.values() if fix] if source.recoded is None else []
    kept = safe(source.text, wanted, path, vocabulary, labels) if wanted else []
    shown = collection.shown(path)
    made = [_Change(shown, m.line, m.written, entry.label) for m, fix in fixes.items() if fix in kept]
    left = (f"{shown}:{m.line}:{m.column} ({m.written})" for m, fix in fixes.items() if fix not in kept)
    return fixed(source.text, kept), made, list(dict.fromkeys(left))


def _fix(mention: Mention, text: str) -> Fix | None:
    if mention.start is None or mention.end is None or not mention.fixable:
        return None
    return Fix(mention.start, mention.end, text)


def _find(collection: Collection, name: str) -> Keypoint:
    keypoint = collection.library.keypoint(name) or collection.library.by_slug.get(name)
    if keypoint is None:
        known = [spelling for k in collection.library.keypoints for spelling in (k.label, *k.also_known)]
        near = process.extractOne(name, known, scorer=fuzz.ratio, processor=keypoint_key, score_cutoff=_NEAR)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise EditError(f"no paper names a keypoint {name}, and keypoints.yml knows none{hint}")
    return keypoint


def _keypoints_text(collection: Collection) -> str:
    file = collection.options.keypoints
    if file is None:
        raise EditError("the option `keypoints_file` is false, so there is no file to write to")
    text, encoding = decode(file.read_bytes() if file.is_file() else b"")
    if encoding != "utf-8":
        raise EditError(f"{file} is not UTF-8: save it as UTF-8 first")
    return text


def _write_keypoints(collection: Collection, text: str) -> None:
    before = _keypoints_text(collection)
    if collection.options.keypoints is not None and text != before:
        write_text(collection.options.keypoints, text, before, collection.options.folder)
