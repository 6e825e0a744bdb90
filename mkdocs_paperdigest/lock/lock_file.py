"""`paperdigest.lock`: its text ↔ former addresses, and what they mean for a digest, for slugs, and for a library."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count
from types import MappingProxyType

import yaml
from msgspec.structs import replace

from ..library import Keypoint, Library
from ..records import RULES, Digest, Finding, Paper
from ..support import UnreadableError, compose, is_nothing, keypoint_key, keypoint_slug

Lists = Mapping[str, tuple[str, ...]]

_HEAD = "# Written by `paperdigest lock`, `merge` and `rename`. Commit it: it keeps old addresses alive.\n"
_NOTES = {
    "keypoints": "slug now: slugs that it had before",
    "papers": "address now (path without suffix, and the anchor its own title gives): addresses it had before, oldest first",
    "gone": "slugs of keypoints that no paper names any more",
}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NO_SLUG = re.compile(r'[\s/\\:*?"<>|#%]')
_DRIVE = re.compile(r"[A-Za-z]:")
_OF_SITE = re.compile(
    r"\.(?:html?|json|xml|gz|css|js|txt)\Z", re.IGNORECASE
)  # files of a built site, which no folder may be
_LONGEST_PART = 200
_LONGEST_SLUG = 120
_PLAIN = re.compile(r"\w[\w/.~+-]*")
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: .*)?")
_LONGEST_KEY = 1000  # YAML: a key on the line of its value has at most 1024 characters
_MANY = 100
"""So many findings are made of one file; what stands in it may be no lock file at all."""

_RESOLVER = yaml.resolver.Resolver()


@dataclass(frozen=True)
class Lock:
    """Former addresses.

    `keypoints` are slugs, each with those that its keypoint had before. `papers` are natural addresses, those that sources alone
    give, each with the addresses that its paper had before, oldest first. `gone` are slugs of keypoints that no paper names any more.
    """

    keypoints: Lists = field(default_factory=dict)
    papers: Lists = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    @cached_property
    def owners(self) -> dict[str, str]:
        """The natural address of its paper for each former address."""
        return {former: now for now, olds in self.papers.items() for former in olds}

    @cached_property
    def pages(self) -> frozenset[str]:
        """The pages, as paths without suffix, of all addresses in the lock."""
        return frozenset(address.rpartition("/")[0] for address in chain(self.papers, self.owners))


NOTHING = Lock()
"""What a site without a lock file has."""


def is_address(text: str) -> bool:
    """Whether a text may be the address of a paper: a relative path with forward slashes that leads nowhere else, and an anchor."""
    *page, anchor = parts = text.split("/")
    if not page or _CONTROL.search(text) or "\\" in text or _DRIVE.match(text) or anchor.startswith("__"):
        return False
    if any(_OF_SITE.search(part) or len(part.encode()) > _LONGEST_PART for part in page):
        return False
    return not any(part in ("", ".", "..") for part in parts)


def is_slug(text: str) -> bool:
    return 0 < len(text.encode("utf-8", "replace")) <= _LONGEST_SLUG and not (
        _CONTROL.search(text) or _NO_SLUG.search(text) or text[0] == "." or text[-1] == "."
    )


# -- text → lock


def read_lock(text: str, path: str) -> tuple[Lock, tuple[Finding, ...]]:
    """Read the text of a lock file, with a PD508 for each wrong line, or one for the marks of a merge. Raises nothing."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = _LockReader(path)
    lines = text.split("\n")
    marked = next((n for n, line in enumerate(lines) if line.startswith(("<<<<<<<", ">>>>>>>"))), None)
    if marked is not None:
        reader.report(marked + 1, 1, "a merge left its marks here; what both sides say counts: run `paperdigest lock`")
        reader.is_merged = True
        text = "\n".join(_both_sides(lines))
    return reader.read(text), tuple(reader.findings)


def has_marks(text: str) -> bool:
    return any(_CONFLICT.fullmatch(line) for line in text.splitlines())


def _both_sides(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the marks of a merge and what stood there before both sides; each keeps its number."""
    base = False
    for line in lines:
        mark = _CONFLICT.fullmatch(line)
        base = line[0] == "|" if mark else base
        yield "" if mark or base else line


class _LockReader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.is_merged = False

    def report(self, line: int, column: int, fault: str) -> None:
        if len(self.findings) < (1 if self.is_merged else _MANY):
            message = RULES["PD508"].message.format(fault)
            self.findings.append(Finding("PD508", self.path, line, column, message))

    def wrong(self, node: yaml.Node, fault: str) -> None:
        self.report(node.start_mark.line + 1, node.start_mark.column + 1, fault)

    def read(self, text: str) -> Lock:
        try:
            root = compose(text)
        except UnreadableError as error:
            line = text.count("\n", 0, error.at) + 1
            self.report(line, error.at - text.rfind("\n", 0, error.at), f"this is no YAML ({error})")
            return NOTHING
        if not isinstance(root, yaml.MappingNode):
            if root is not None:
                self.wrong(root, f"the file takes {', '.join(_NOTES)}")
            return NOTHING
        found: set[str] = set()
        lists: dict[str, dict[str, tuple[str, ...]]] = {"keypoints": {}, "papers": {}}
        gone: tuple[str, ...] = ()
        for key, value in root.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in _NOTES:
                self.wrong(key, f"the file takes {', '.join(_NOTES)}, not `{name[:80]}`")
                continue
            if name in found:
                self.wrong(key, f"`{name}` stands twice: make one of them")
            found.add(name)
            if name == "gone":
                gone = tuple(dict.fromkeys((*gone, *(slug for slug, _ in self._names(value, slugs=True)))))
            else:
                self._lists(value, lists[name], slugs=name == "keypoints")
        return lock_of(lists["keypoints"], lists["papers"], gone)

    def _lists(self, node: yaml.Node, into: dict[str, tuple[str, ...]], *, slugs: bool) -> None:
        if is_nothing(node):
            return
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "lines such as `now: [before]` stand here")
            return
        owners = {old: now for now, olds in into.items() for old in olds}
        for key, value in node.value:
            now = self._name(key, slugs=slugs)
            if now is None:
                continue
            if now in into:
                self.wrong(key, f"`{now[:80]}` stands twice: make one of them")
            olds = into.get(now, ())
            for old, place in self._names(value, slugs=slugs):
                if slugs and old == now:
                    self.wrong(place, f"`{old[:80]}` would lead to itself")
                elif owners.setdefault(old, now) != now:
                    self.wrong(place, f"`{old[:80]}` belongs to `{owners[old][:80]}` already: delete one")
                elif old not in olds:
                    olds = (*olds, old)
            if olds:
                into[now] = olds

    def _names(self, node: yaml.Node, *, slugs: bool) -> Iterator[tuple[str, yaml.Node]]:
        if is_nothing(node):
            return
        if isinstance(node, yaml.MappingNode):
            self.wrong(node, "a list such as `[one, two]` stands here")
            return
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if (name := self._name(item, slugs=slugs)) is not None:
                yield name, item

    def _name(self, node: yaml.Node, *, slugs: bool) -> str | None:
        name = node.value if isinstance(node, yaml.ScalarNode) else None
        if isinstance(name, str) and (is_slug(name) if slugs else is_address(name)):
            return name
        takes = "the slug of a keypoint" if slugs else "a path without suffix, and an anchor, such as `202405/title`,"
        self.wrong(node, f"{takes} stands here")
        return None


def lock_of(
    keypoints: Mapping[str, Iterable[str]], papers: Mapping[str, Iterable[str]], gone: Iterable[str] = ()
) -> Lock:
    """A lock in the one form that `read_lock` gives: sorted, without empty lists."""

    def lists(found: Mapping[str, Iterable[str]]) -> Lists:
        return MappingProxyType({now: olds for now in sorted(found) if (olds := tuple(found[now]))})

    return Lock(lists(keypoints), lists(papers), tuple(sorted(set(gone))))


# -- lock → text


def united(found: Lock, lock: Lock, before: Lock, papers: Collection[str], slugs: Collection[str]) -> Lock:
    """`found` with what changed from `before` to `lock`, which is right where both differ, unless nothing has its address or slug now."""
    addresses = _united(found.papers, lock.papers, before.papers, papers)
    lists = _united(found.keypoints, lock.keypoints, before.keypoints, slugs)
    gone = {*found.gone, *(slug for slug in lock.gone if slug not in before.gone)}
    return lock_of(lists, addresses, gone - {old for olds in lists.values() for old in olds})


def _united(found: Lists, now: Lists, before: Lists, living: Collection[str]) -> dict[str, list[str]]:
    was = {old: key for key, olds in before.items() for old in olds}
    owned = {old for olds in found.values() for old in olds}
    new = {
        old: key
        for key, olds in now.items()
        for old in olds
        if was.get(old) != key and (key in living or old not in owned)
    }
    lists = {key: [old for old in olds if new.get(old, key) == key] for key, olds in found.items()}
    for key in dict.fromkeys(new.values()):
        known = lists.get(key, [])
        own = [old for old in now[key] if old in known or old in new]
        lists[key] = list(dict.fromkeys((*own, *known)))
    return lists


def lock_text(lock: Lock) -> str:
    """The text of a lock file: sorted, a line per item, so that merges of git work; "" for nothing."""
    lines = []
    for name, lists in (("keypoints", lock.keypoints), ("papers", lock.papers)):
        if lists:
            lines.append(f"{name}: # {_NOTES[name]}")
        for now in sorted(lists):
            key = _scalar(now)
            line = f"  {key}:" if len(key) <= _LONGEST_KEY else f"  ? {key}\n  :"
            lines.append(f"{line} [{', '.join(map(_scalar, lists[now]))}]")
    if lock.gone:
        lines.append(f"gone: # {_NOTES['gone']}")
        lines += [f"  - {_scalar(slug)}" for slug in sorted(lock.gone)]
    return _HEAD + "\n".join(lines) + "\n" if lines else ""


def _scalar(text: str) -> str:
    """A text as YAML: as it is, where YAML takes it for text, else in quotation marks."""
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if _PLAIN.fullmatch(text) and text.isprintable() and tag == "tag:yaml.org,2002:str":
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in quoted)


# -- what it means for papers


def kept(digest: Digest, lock: Lock) -> Digest:
    """The digest with addresses from the lock; the same object if the lock has none of its page."""
    page = digest.path.rpartition(".")[0] or digest.path
    if page not in lock.pages:
        return digest
    natural = [paper.anchor for paper in digest.papers]
    sections = tuple(
        replace(section, paper=replace(section.paper, anchor=anchor, former=lock.papers.get(f"{page}/{own}", ())))
        for section, own, anchor in zip(digest.sections, natural, anchors(page, natural, lock), strict=True)
    )
    return digest if sections == digest.sections else replace(digest, sections=sections)


def anchors(page: str, natural: Sequence[str], lock: Lock) -> list[str]:
    """The anchors of a page's papers: the natural one; if another paper owns it, a former one on this page, or the next free number."""
    displaced = {own for own in natural if lock.owners.get(f"{page}/{own}", f"{page}/{own}") != f"{page}/{own}"}
    used = set(natural)
    found = []
    for own in natural:
        anchor = own
        if own in displaced:
            olds = (old.rpartition("/") for old in lock.papers.get(f"{page}/{own}", ()))
            numbered = (f"{own}_{n}" for n in count(1))
            free = (name for name in numbered if name not in used and f"{page}/{name}" not in lock.owners)
            anchor = next((anchor for at, _, anchor in olds if at == page), None) or next(free)
            used.add(anchor)
        found.append(anchor)
    return found


# -- what it means for keypoints


def redirects(lock: Lock, live: Collection[str]) -> dict[str, str | None]:
    """Where former slugs of keypoints lead: to a slug of `live`, or, None, to nothing but the index. Those of `live` are not among them."""
    owners = {old: now for now, olds in lock.keypoints.items() for old in olds}
    found: dict[str, str | None] = {}
    for start in chain(owners, lock.keypoints, lock.gone):
        way: list[str] = []
        slug: str | None = start
        while slug is not None and slug not in live and slug not in found:
            way.append(slug)
            found[slug] = None  # a circle leads nowhere
            slug = owners.get(slug)
        to = slug if slug in live else found.get(slug or "")
        found.update(dict.fromkeys(way, to))
    return found


def renamed_slugs(lock: Lock, slugs: Mapping[str, str]) -> Lock:
    """The lock after keypoints got other slugs or were merged; no slug of `slugs` may lead to another of them."""
    slugs = {old: new for old, new in slugs.items() if old != new and is_slug(old) and is_slug(new)}
    changed = {*slugs, *slugs.values()}
    lists = {now: [slug for slug in olds if slug not in changed] for now, olds in lock.keypoints.items()}
    for old, new in slugs.items():
        lists[new] = list(dict.fromkeys((*lists.get(new, ()), *lists.pop(old, ()), old)))
    return lock_of(lists, lock.papers, set(lock.gone) - changed)


# -- what leads from there to where papers and keypoints are now


@dataclass(frozen=True, slots=True)
class Moved:
    """A paper that was on another page, and its anchor there."""

    anchor: str
    paper: Paper


def former_slugs(library: Library, lock: Lock) -> Iterator[tuple[str, Keypoint | None]]:
    """Slugs of aliases, merged acronyms and the lock that lead to a keypoint, each once; None if nothing took its place."""
    found: dict[str, Keypoint | None] = {}
    for key, keypoint in library.by_key.items():
        if key != keypoint_key(keypoint.slug):
            found.setdefault(keypoint_slug(key), keypoint)
    for former, now in redirects(lock, library.by_slug).items():
        found.setdefault(former, library.by_slug.get(now) if now is not None else None)
    yield from ((slug, keypoint) for slug, keypoint in found.items() if slug not in library.by_slug)


def moved_papers(library: Library, place: Callable[[str], str | None]) -> Mapping[str, list[Moved]]:
    """Papers by the places of pages that they left; `place` gives what is at a page's path without suffix now, None if it never was."""
    found: dict[str, dict[str, Moved]] = {}
    for paper in library.records:
        for address in paper.former:
            page, _, anchor = address.rpartition("/")
            if (at := place(page)) not in (None, paper.path):
                found.setdefault(at, {}).setdefault(anchor, Moved(anchor, paper))
    return {at: list(moved.values()) for at, moved in found.items()}
