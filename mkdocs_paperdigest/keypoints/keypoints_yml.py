"""`keypoints.yml`: its text → what the site knows of its keypoints, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from rapidfuzz import fuzz, process

from ..records import Finding, finding
from ..support import UnreadableError, compose, is_nothing, keypoint_key, keypoint_slug
from .colours import COLOURS_THERE_ARE, assign_hues, read_hue
from .vocabulary import Vocabulary, VocabularyEntry, slug_fault

KEYS = ("label", "slug", "description", "aliases", "parent", "group", "colour", "hidden", "related")
"""What may stand below the name of a keypoint."""

ALSO = {"alias": "aliases", "color": "colour"}
"""Other spellings of these keys, read as well."""

_LINE_END = re.compile(r"\r\n?|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_HIDDEN_HEX = re.compile(r"[ \t]+#(?:[0-9a-f]{3}|[0-9a-f]{6})[ \t]*(?:[\r\n]|$)", re.IGNORECASE)
_ADVISED = 100  # a name is compared with all others only so often, so that a long file of faults stays quick
_LONGEST_ADVISED = 80


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    at: int


@dataclass(slots=True, eq=False)
class WrittenEntry:
    """One keypoint as the file has it; `key` is the node of its name (None in a list), `node` its value, `entry` is None if others claim its spellings."""

    key: yaml.Node | None
    node: yaml.Node
    place: int
    pairs: dict[str, tuple[yaml.Node, yaml.Node]] = field(default_factory=dict)
    name: Text = Text("", 0)
    label: Text | None = None
    slug: Text | None = None
    aliases: list[Text] = field(default_factory=list)
    description: str = ""
    parent: Text | None = None
    group: str | None = None
    colour: tuple[int | None] | None = None
    hidden: bool = False
    related: list[Text] = field(default_factory=list)
    entry: VocabularyEntry | None = None

    @property
    def title(self) -> str:
        return (self.label or self.name).text


@dataclass(frozen=True)
class KeypointsFile:
    """A `keypoints.yml` that was read, without BOM; `holder` is the node of its entries, `unreadable` why it is no YAML, mapping or list."""

    text: str
    vocabulary: Vocabulary
    findings: tuple[Finding, ...]
    holder: yaml.CollectionNode | None
    written: tuple[WrittenEntry, ...]
    unreadable: str = ""


def read_keypoints(text: str, path: str) -> tuple[Vocabulary, tuple[Finding, ...]]:
    """What a `keypoints.yml` says, and what is wrong with it, by place.

    Takes a mapping of names, a list of mappings, or either below a single key `keypoints`. Text is taken as it is
    written, whatever type YAML gives to it. Linear in the text. Raises nothing.
    """
    file = parse(text, path)
    return file.vocabulary, file.findings


def parse(text: str, path: str) -> KeypointsFile:
    """Read a `keypoints.yml` with the nodes that say it, for those that change it. Raises nothing."""
    return _Reading(text.removeprefix("\ufeff"), path).file()


def one_line(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())


def many_lines(text: str) -> str:
    return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip("\n").rstrip()


def _folded(slug: str) -> str:
    """What two slugs have in common that some file systems take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).casefold())


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        words = one_line(node.value[:200])
        return f"`{words}`" if words and not is_nothing(node) else "nothing"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def _near(word: str, choices: Iterable[str]) -> str | None:
    if len(word) > _LONGEST_ADVISED:
        return None
    found = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else None


class _Reading:
    """One reading of one file: every method adds to its findings what it sees."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.findings: list[Finding] = []
        self.line_starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self.seen: set[int] = set()

    def file(self) -> KeypointsFile:
        try:
            root = compose(self.text)
        except UnreadableError as fault:
            self.report("PD501", fault.at, fault)
            return KeypointsFile(self.text, Vocabulary(path=self.path), tuple(self.findings), None, (), str(fault))
        if root is not None and isinstance(root, yaml.ScalarNode) and not is_nothing(root):
            self.wrong(self.path, root, "a mapping of keypoints, or a list of them")
            unreadable = "it holds no mapping"
            return KeypointsFile(self.text, Vocabulary(path=self.path), tuple(self.findings), None, (), unreadable)
        holder = self.holder(root) if isinstance(root, yaml.CollectionNode) else None
        written = tuple(self.written(holder)) if holder is not None else ()
        vocabulary = Vocabulary(self.entries(self.claimed(written)), path=self.path)
        findings = tuple(sorted(self.findings, key=lambda f: (f.line, f.column, f.code)))
        return KeypointsFile(self.text, vocabulary, findings, holder, written)

    # Findings

    def line(self, at: int) -> int:
        return bisect_right(self.line_starts, at)

    def place(self, at: int) -> tuple[int, int]:
        line = self.line(at)
        return line, at - self.line_starts[line - 1] + 1

    def report(self, code: str, at: int, *seen: object, advice: str = "") -> None:
        self.findings.append(finding(code, self.path, *self.place(at), *seen, advice=advice))

    def wrong(self, key: str, node: yaml.Node, takes: str, *, at: int | None = None, is_: str = "") -> None:
        """Report a wrong value. Unlike what the file says, what the key takes is not cut."""
        line, column = self.place(node.start_mark.index if at is None else at)
        self.findings.append(finding("PD503", self.path, line, column, key, is_ or _shown(node), advice=takes))

    def is_own(self, node: yaml.Node, key: str, at: int) -> bool:
        """Whether a node is met for the first time; a YAML alias is not read, since a few of them may stand for millions."""
        if id(node) in self.seen:
            self.wrong(key, node, "a value of its own", at=at, is_="a reference to another")
            return False
        self.seen.add(id(node))
        return True

    # Nodes → what is written

    def holder(self, root: yaml.CollectionNode) -> yaml.CollectionNode:
        self.seen.add(id(root))
        if isinstance(root, yaml.MappingNode) and len(root.value) == 1:
            key, value = root.value[0]
            if isinstance(key, yaml.ScalarNode) and key.value == "keypoints" and id(value) not in self.seen:
                below = isinstance(value, yaml.MappingNode) and all(
                    isinstance(node, yaml.MappingNode) or is_nothing(node) for _, node in value.value
                )
                if isinstance(value, yaml.CollectionNode) and (below or isinstance(value, yaml.SequenceNode)):
                    self.seen.update((id(key), id(value)))
                    return value
        return root

    def written(self, holder: yaml.CollectionNode) -> Iterator[WrittenEntry]:
        if isinstance(holder, yaml.SequenceNode):
            yield from filter(None, (self.item(node, place) for place, node in enumerate(holder.value)))
            return
        at = holder.start_mark.index
        for place, (key, node) in enumerate(holder.value):
            if not self.is_own(key, "the name of a keypoint", at):
                continue
            at = key.start_mark.index
            if key.value == "<<" and not key.style:
                self.report("PD502", at, "<<", advice="write out what it stands for")
                continue
            name = self.words(key, "the name of a keypoint", at)
            if name is None:
                continue
            item = WrittenEntry(key, node, place, name=name)
            if self.is_own(node, name.text, at) and not is_nothing(node):
                if isinstance(node, yaml.MappingNode):
                    self.read_pairs(item, node)
                else:
                    self.wrong(name.text, node, "a mapping such as `label: …`")
            yield item

    def item(self, node: yaml.Node, place: int) -> WrittenEntry | None:
        if not self.is_own(node, "an item of the list", node.start_mark.index):
            return None
        if not isinstance(node, yaml.MappingNode):
            self.wrong("an item of the list", node, "a mapping with a `label`")
            return None
        item = WrittenEntry(None, node, place)
        self.read_pairs(item, node)
        name = item.label or item.slug
        if all(key not in item.pairs or is_nothing(item.pairs[key][1]) for key in ("label", "slug")):
            self.wrong("an item of the list", node, "a label or a slug", is_="neither")
        if name is None:
            return None
        item.name = name
        return item

    def read_pairs(self, item: WrittenEntry, node: yaml.MappingNode) -> None:
        at = node.start_mark.index
        for key, value in node.value:
            if not self.is_own(key, "a key", at):
                continue
            at = key.start_mark.index
            written = key.value if isinstance(key, yaml.ScalarNode) else None
            name = ALSO.get(written, written) if written is not None else None
            if name not in KEYS:
                shown = _shown(key) if written is None else one_line(written)
                near = _near(written, (*KEYS, *ALSO)) if written is not None else None
                self.report(
                    "PD502", at, shown, advice=f"did you mean `{near}`?" if near else f"the keys are {', '.join(KEYS)}"
                )
            elif name in item.pairs:
                first = self.line(item.pairs[name][0].start_mark.index)
                self.report("PD502", at, written, advice=f"it stands in line {first} already, so delete one of them")
            else:
                item.pairs[name] = key, value
                if self.is_own(value, str(written), at):
                    self.read_value(item, name, key, value)

    def read_value(self, item: WrittenEntry, name: str, key: yaml.Node, node: yaml.Node) -> None:
        written, at = str(key.value), key.start_mark.index
        if is_nothing(node):
            if name == "colour" and _HIDDEN_HEX.match(self.text, node.end_mark.index):
                self.wrong(written, node, "a colour in quotes, if it begins with `#`", at=at, is_="a comment")
            return
        match name:
            case "description":
                if isinstance(node, yaml.ScalarNode):
                    item.description = self.plain(node, many_lines)
                else:
                    self.wrong(written, node, "text")
            case "label" | "slug" | "parent":
                setattr(item, name, self.words(node, written, at))
            case "group":
                words = self.words(node, written, at)
                item.group = words.text if words else None
            case "aliases" | "related":
                setattr(item, name, list(self.list_of_words(node, written)))
            case "colour":
                item.colour = read_hue(node.value.strip()) if isinstance(node, yaml.ScalarNode) else None
                if item.colour is None:
                    self.wrong(written, node, COLOURS_THERE_ARE)
            case _:
                if node.tag == "tag:yaml.org,2002:bool" and str(node.value).lower() in yaml.SafeLoader.bool_values:
                    item.hidden = yaml.SafeLoader.bool_values[node.value.lower()]
                else:
                    self.wrong(written, node, "`true` or `false`")

    def list_of_words(self, node: yaml.Node, key: str) -> Iterator[Text]:
        if isinstance(node, yaml.MappingNode):
            self.wrong(key, node, "a list of names")
            return
        if isinstance(node, yaml.ScalarNode):
            if words := self.words(node, key, node.start_mark.index):
                yield words
            return
        at = node.start_mark.index
        for item in node.value:
            if not self.is_own(item, key, at):
                continue
            if is_nothing(item):
                self.wrong(key, item, "text")
            elif words := self.words(item, key, at):
                yield words

    def words(self, node: yaml.Node, key: str, at: int) -> Text | None:
        if isinstance(node, yaml.ScalarNode):
            words = self.plain(node, one_line)
            if words and keypoint_key(words):
                return Text(words, node.start_mark.index)
        self.wrong(key, node, "text", at=node.start_mark.index if node.value else at)
        return None

    def plain(self, node: yaml.ScalarNode, clean: Callable[[str], str]) -> str:
        if bad := _CONTROL.search(node.value):
            self.report("PD002", node.start_mark.index, f"U+{ord(bad[0]):04X}")
        return clean(node.value)

    # What is written → entries

    def claimed(self, written: tuple[WrittenEntry, ...]) -> list[tuple[WrittenEntry, list[str]]]:
        """Those that have a spelling of their own, with these: what an earlier one has is taken from a later one."""
        owners: dict[str, WrittenEntry] = {}
        kept = []
        for item in written:
            own: list[str] = []
            lost: set[str] = set()
            for spelling in (item.label, item.name, *item.aliases):
                if spelling is None or (key := keypoint_key(spelling.text)) in lost:
                    continue
                owner = owners.setdefault(key, item)
                if owner is item:
                    own.append(spelling.text)
                else:
                    lost.add(key)
                    self.report("PD504", spelling.at, spelling.text, item.title, owner.title)
            if own:
                kept.append((item, own))
        return kept

    def slugs(self, kept: list[tuple[WrittenEntry, list[str]]]) -> list[str]:
        """A slug for each, no two of them one file: those that are not given first, since nothing else can be done for them."""
        taken: dict[str, str] = {}
        found: dict[int, str] = {}
        for item, own in kept:
            if item.slug is None:
                found[id(item)] = slug = _default_slug(item, own)
                taken[_folded(slug)] = own[0]
        for item, own in kept:
            if item.slug is None:
                continue
            slug = unicodedata.normalize("NFC", item.slug.text)
            fault = slug_fault(slug)
            if fault is None and (other := taken.get(_folded(slug))) is not None:
                fault = f"`{other}` has it"
            if fault is not None:
                self.report("PD507", item.slug.at, slug, fault)
                slug = _default_slug(item, own)
                while _folded(slug) in taken:
                    slug += "~"
            found[id(item)] = slug
            taken[_folded(slug)] = own[0]
        return [found[id(item)] for item, _ in kept]

    def entries(self, kept: list[tuple[WrittenEntry, list[str]]]) -> tuple[VocabularyEntry, ...]:
        slugs = self.slugs(kept)
        by_key: dict[str, str] = {}
        for slug, (_, own) in zip(slugs, kept, strict=True):
            by_key.update(dict.fromkeys(map(keypoint_key, own), slug))
        for slug in slugs:
            by_key.setdefault(keypoint_key(slug), slug)
        parents: dict[str, str] = {}
        related: dict[str, tuple[str, ...]] = {}
        advice = _Advice(by_key)
        for slug, (item, _) in zip(slugs, kept, strict=True):
            if item.parent and (parent := self.referred(item.parent, "parent", by_key, advice)):
                parents[slug] = parent
            others = [(text, self.referred(text, "related", by_key, advice)) for text in item.related]
            for text, other in others:
                if other == slug:
                    self.wrong("related", item.node, "other keypoints", at=text.at, is_="the same")
            related[slug] = tuple(dict.fromkeys(other for _, other in others if other and other != slug))
        self.cut_cycles(slugs, kept, parents)
        hues = assign_hues(slugs, [(item.group, item.colour) for item, _ in kept], parents)
        for slug, (item, own) in zip(slugs, kept, strict=True):
            item.entry = VocabularyEntry(
                slug=slug,
                label=own[0],
                is_labelled=item.label is not None or own[0] != keypoint_slug(keypoint_key(own[0])),
                aliases=tuple(dict.fromkeys(name for name in own[1:] if name != own[0])),
                description=item.description,
                parent=parents.get(slug),
                group=item.group,
                hue=hues[slug],
                hidden=item.hidden,
                related=related[slug],
                line=self.line((item.key or item.node).start_mark.index),
            )
        return tuple(item.entry for item, _ in kept if item.entry)

    def referred(self, text: Text, key: str, by_key: dict[str, str], advice: _Advice) -> str | None:
        slug = by_key.get(keypoint_key(text.text))
        if slug is None:
            self.report("PD505", text.at, key, text.text, advice=advice.on(text.text))
        return slug

    def cut_cycles(self, slugs: list[str], kept: list[tuple[WrittenEntry, list[str]]], parents: dict[str, str]) -> None:
        """Take the parents from all that stand below themselves, with a finding for each cycle."""
        seen: dict[str, str] = {}
        order = {slug: place for place, slug in enumerate(slugs)}
        items = dict(zip(slugs, (item for item, _ in kept), strict=True))
        for start in slugs:
            slug, path = start, []
            while slug in parents and slug not in seen:
                seen[slug] = start
                path.append(slug)
                slug = parents[slug]
            if seen.get(slug) != start or slug not in path:
                continue
            cycle = set(path[path.index(slug) :])
            first = min(cycle, key=order.__getitem__)
            way = [first]
            while parents[way[-1]] != first:
                way.append(parents[way[-1]])
            parent = items[first].parent
            assert parent is not None
            titles = [items[slug].title for slug in (*way[:6], first)]
            self.report("PD506", parent.at, titles[0], " → ".join(titles if len(way) <= 6 else (*titles[:6], "…")))
            for slug in cycle:
                del parents[slug]


class _Advice:
    def __init__(self, slugs: Mapping[str, str]) -> None:
        self.slugs = slugs
        self.choices = [key for key in slugs if len(key) <= _LONGEST_ADVISED]
        self.left = _ADVISED

    def on(self, name: str) -> str:
        self.left -= 1
        near = _near(keypoint_key(name), self.choices) if self.left >= 0 else None
        return f"did you mean `{self.slugs[near]}`?" if near else "add it to the file, or delete it here"


def _default_slug(item: WrittenEntry, own: list[str]) -> str:
    return keypoint_slug(keypoint_key(item.name.text if item.name.text in own else own[0]))
