"""`keypoints.yml`: its text → what the site knows of its keypoints, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import yaml
from rapidfuzz import fuzz, process

from ..reader import Lines
from ..records import Finding, finding
from ..support import UnreadableError, compose, is_nothing, keypoint_key, keypoint_slug
from .vocabulary import COLOURS_THERE_ARE, Vocabulary, VocabularyEntry, read_hue, slug_fault

KEYS = ("label", "slug", "description", "aliases", "parent", "group", "colour", "hidden", "related")
"""What may stand below the name of a keypoint."""

ALSO = {"alias": "aliases", "color": "colour"}
"""Other spellings of these keys, read as well."""

_LINE_END = re.compile(r"\r\n?|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_HIDDEN_HEX = re.compile(r"[ \t]+#(?:[0-9a-f]{3}|[0-9a-f]{6})[ \t]*(?:[\r\n]|$)", re.IGNORECASE)
_ADVISED = 100  # a name is compared with all others only so often, so that a long file of faults stays quick
_LONGEST_ADVISED = 80
_GOLDEN_ANGLE = 137.508  # the next hue is always far from those before it, however many there are
_FIRST_HUE = 210


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    at: int


@dataclass(slots=True, eq=False)
class WrittenEntry:
    """One keypoint as the file has it; `key` is the node of its name (None in a list), `node` its value.

    `own` are the spellings that no earlier one has; without any it gives no `entry`. `path` is its slug, `above` its parent.
    """

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
    group: Text | None = None
    colour: tuple[int | None] | None = None
    hidden: bool = False
    related: list[Text] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    path: str = ""
    above: WrittenEntry | None = None
    entry: VocabularyEntry | None = None

    @property
    def title(self) -> str:
        return (self.label or self.name).text


def read_keypoints(text: str, path: str) -> tuple[Vocabulary, tuple[Finding, ...]]:
    """What a `keypoints.yml` says, and what is wrong with it, by place.

    Takes a mapping of names, a list of mappings, or either below a single key `keypoints`. Text is taken as it is
    written, whatever type YAML gives to it. Linear in the text. Raises nothing.
    """
    file = KeypointsFile(text, path)
    return file.vocabulary, tuple(sorted(file.findings, key=lambda f: (f.line, f.column, f.code)))


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
    short = [choice for choice in choices if len(choice) <= _LONGEST_ADVISED]
    found = process.extractOne(word, short if len(word) <= _LONGEST_ADVISED else (), scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else None


class KeypointsFile:
    """A `keypoints.yml` that was read, for those that change it, too: its `text` without BOM, and the nodes that say it.

    `holder` is the node of the entries, `unreadable` why the text is no YAML, mapping or list.
    """

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text.removeprefix("\ufeff"), path
        self.findings: list[Finding] = []
        self.holder: yaml.CollectionNode | None = None
        self.unreadable = ""
        self._lines = Lines(self.text)
        self._seen: set[int] = set()
        self._by_key: dict[str, WrittenEntry] = {}
        self._advised = 0
        try:
            root = compose(self.text)
            if isinstance(root, yaml.CollectionNode):
                self.holder = self._holder(root)
            elif root is not None and not is_nothing(root):
                self._wrong(path, root, "a mapping of keypoints, or a list of them")
                self.unreadable = "it holds no mapping"
        except UnreadableError as fault:
            self._report("PD501", fault.at, fault)
            self.unreadable = str(fault)
        self.written = tuple(self._written(self.holder)) if self.holder is not None else ()
        self.vocabulary = Vocabulary(self._entries(self._claimed(self.written)), path=path)

    # Findings

    def _report(self, code: str, at: int, *seen: object, advice: str = "") -> None:
        self.findings.append(finding(code, self.path, *self._lines.place(at), *seen, advice=advice))

    def _wrong(self, key: str, node: yaml.Node, takes: str, *, at: int | None = None, is_: str = "") -> None:
        self._report("PD503", node.start_mark.index if at is None else at, key, is_ or _shown(node), advice=takes)

    def _is_own(self, node: yaml.Node, key: str, at: int) -> bool:
        """Whether a node is met for the first time; a YAML alias is not read, since a few of them may stand for millions."""
        if id(node) in self._seen:
            self._wrong(key, node, "a value of its own", at=at, is_="a reference to another")
            return False
        self._seen.add(id(node))
        return True

    def _line(self, node: yaml.Node) -> int:
        return self._lines.place(node.start_mark.index)[0]

    # Nodes → what is written

    def _holder(self, root: yaml.CollectionNode) -> yaml.CollectionNode:
        self._seen.add(id(root))
        if isinstance(root, yaml.MappingNode) and len(root.value) == 1:
            key, value = root.value[0]
            if isinstance(key, yaml.ScalarNode) and key.value == "keypoints" and id(value) not in self._seen:
                below = isinstance(value, yaml.MappingNode) and all(
                    isinstance(node, yaml.MappingNode) or is_nothing(node) for _, node in value.value
                )
                if isinstance(value, yaml.CollectionNode) and (below or isinstance(value, yaml.SequenceNode)):
                    self._seen.update((id(key), id(value)))
                    return value
        return root

    def _written(self, holder: yaml.CollectionNode) -> Iterator[WrittenEntry]:
        if isinstance(holder, yaml.SequenceNode):
            yield from filter(None, (self._item(node, place) for place, node in enumerate(holder.value)))
            return
        at = holder.start_mark.index
        for place, (key, node) in enumerate(holder.value):
            if not self._is_own(key, "the name of a keypoint", at):
                continue
            at = key.start_mark.index
            if key.value == "<<" and not key.style:
                self._report("PD502", at, "<<", advice="write out what it stands for")
                continue
            name = self._words(key, "the name of a keypoint", at)
            if name is None:
                continue
            item = WrittenEntry(key, node, place, name=name)
            if self._is_own(node, name.text, at) and not is_nothing(node):
                if isinstance(node, yaml.MappingNode):
                    self._read_pairs(item, node)
                else:
                    self._wrong(name.text, node, "a mapping such as `label: …`")
            yield item

    def _item(self, node: yaml.Node, place: int) -> WrittenEntry | None:
        if not self._is_own(node, "an item of the list", node.start_mark.index):
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong("an item of the list", node, "a mapping with a `label`")
            return None
        item = WrittenEntry(None, node, place)
        self._read_pairs(item, node)
        name = item.label or item.slug
        if all(key not in item.pairs or is_nothing(item.pairs[key][1]) for key in ("label", "slug")):
            self._wrong("an item of the list", node, "a label or a slug", is_="neither")
        item.name = name or item.name
        return item if name else None

    def _read_pairs(self, item: WrittenEntry, node: yaml.MappingNode) -> None:
        at = node.start_mark.index
        for key, value in node.value:
            if not self._is_own(key, "a key", at):
                continue
            at = key.start_mark.index
            written = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            name = ALSO.get(written, written)
            if name not in KEYS:
                shown = one_line(written) if isinstance(key, yaml.ScalarNode) else _shown(key)
                near = _near(written, (*KEYS, *ALSO))
                advice = f"did you mean `{near}`?" if near else f"the keys are {', '.join(KEYS)}"
                self._report("PD502", at, shown, advice=advice)
            elif name in item.pairs:
                first = self._line(item.pairs[name][0])
                self._report("PD502", at, written, advice=f"it stands in line {first} already, so delete one of them")
            else:
                item.pairs[name] = key, value
                if self._is_own(value, written, at):
                    self._read_value(item, name, key, value)

    def _read_value(self, item: WrittenEntry, name: str, key: yaml.Node, node: yaml.Node) -> None:
        written, at = str(key.value), key.start_mark.index
        if is_nothing(node):
            if name == "colour" and _HIDDEN_HEX.match(self.text, node.end_mark.index):
                self._wrong(written, node, "a colour in quotes, if it begins with `#`", at=at, is_="a comment")
            return
        match name:
            case "description":
                if isinstance(node, yaml.ScalarNode):
                    item.description = self._plain(node, many_lines)
                else:
                    self._wrong(written, node, "text")
            case "label" | "slug" | "parent" | "group":
                setattr(item, name, self._words(node, written, at))
            case "aliases" | "related":
                setattr(item, name, list(self._list_of_words(node, written)))
            case "colour":
                item.colour = read_hue(node.value.strip()) if isinstance(node, yaml.ScalarNode) else None
                if item.colour is None:
                    self._wrong(written, node, COLOURS_THERE_ARE)
            case _:
                if node.tag == "tag:yaml.org,2002:bool" and str(node.value).lower() in yaml.SafeLoader.bool_values:
                    item.hidden = yaml.SafeLoader.bool_values[node.value.lower()]
                else:
                    self._wrong(written, node, "`true` or `false`")

    def _list_of_words(self, node: yaml.Node, key: str) -> Iterator[Text]:
        if isinstance(node, yaml.MappingNode):
            self._wrong(key, node, "a list of names")
            return
        at = node.start_mark.index
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if item is not node and not self._is_own(item, key, at):
                continue
            if is_nothing(item):
                self._wrong(key, item, "text")
            elif words := self._words(item, key, at):
                yield words

    def _words(self, node: yaml.Node, key: str, at: int) -> Text | None:
        if isinstance(node, yaml.ScalarNode):
            words = self._plain(node, one_line)
            if words and keypoint_key(words):
                return Text(words, node.start_mark.index)
        self._wrong(key, node, "text", at=node.start_mark.index if node.value else at)
        return None

    def _plain(self, node: yaml.ScalarNode, clean: Callable[[str], str]) -> str:
        if bad := _CONTROL.search(node.value):
            self._report("PD002", node.start_mark.index, f"U+{ord(bad[0]):04X}")
        return clean(node.value)

    # What is written → entries

    def _claimed(self, written: Iterable[WrittenEntry]) -> list[WrittenEntry]:
        """Those that have a spelling of their own: what an earlier one has is taken from a later one."""
        owners: dict[str, WrittenEntry] = {}
        for item in written:
            lost: set[str] = set()
            for spelling in filter(None, (item.label, item.name, *item.aliases)):
                key = keypoint_key(spelling.text)
                owner = owners.setdefault(key, item)
                if owner is item:
                    item.own.append(spelling.text)
                elif key not in lost:
                    lost.add(key)
                    self._report("PD504", spelling.at, spelling.text, item.title, owner.title)
        return [item for item in written if item.own]

    def _entries(self, kept: Sequence[WrittenEntry]) -> tuple[VocabularyEntry, ...]:
        self._choose_slugs(kept)
        self._by_key = {keypoint_key(name): item for item in kept for name in item.own}
        for item in kept:
            self._by_key.setdefault(keypoint_key(item.path), item)
        related: dict[WrittenEntry, list[str]] = {}
        for item in kept:
            item.above = self._referred(item.parent, "parent") if item.parent else None
            others = [(text, self._referred(text, "related")) for text in item.related]
            for text, other in others:
                if other is item:
                    self._wrong("related", item.node, "other keypoints", at=text.at, is_="the same")
            related[item] = [other.path for _, other in others if other and other is not item]
        self._cut_cycles(kept)
        hues = _hues(kept)
        for item in kept:
            label = item.own[0]
            item.entry = VocabularyEntry(
                slug=item.path,
                label=label,
                is_labelled=item.label is not None or label != keypoint_slug(keypoint_key(label)),
                aliases=tuple(dict.fromkeys(name for name in item.own if name != label)),
                description=item.description,
                parent=item.above.path if item.above else None,
                group=item.group.text if item.group else None,
                hue=hues[item],
                hidden=item.hidden,
                related=tuple(dict.fromkeys(related[item])),
                line=self._line(item.key or item.node),
            )
        return tuple(item.entry for item in kept if item.entry)

    def _choose_slugs(self, kept: Iterable[WrittenEntry]) -> None:
        """Give each a slug, no two of them one file: those that state none first, since nothing else can be done for them."""
        taken: dict[str, str] = {}
        for item in sorted(kept, key=lambda item: item.slug is not None):
            default = keypoint_slug(keypoint_key(item.name.text if item.name.text in item.own else item.own[0]))
            slug = unicodedata.normalize("NFC", item.slug.text) if item.slug else default
            if item.slug:
                other = taken.get(_folded(slug))
                if fault := slug_fault(slug) or (f"`{other}` has it" if other else None):
                    self._report("PD507", item.slug.at, slug, fault)
                    slug = default
                    while _folded(slug) in taken:
                        slug += "~"
            item.path = slug
            taken[_folded(slug)] = item.own[0]

    def _referred(self, text: Text, key: str) -> WrittenEntry | None:
        named = keypoint_key(text.text)
        found = self._by_key.get(named)
        if found is None:
            self._advised += 1
            near = _near(named, self._by_key) if self._advised <= _ADVISED else None
            advice = f"did you mean `{self._by_key[near].path}`?" if near else "add it to the file, or delete it here"
            self._report("PD505", text.at, key, text.text, advice=advice)
        return found

    def _cut_cycles(self, kept: Iterable[WrittenEntry]) -> None:
        """Take the parents from all that stand below themselves, with a finding for each cycle."""
        seen: dict[WrittenEntry, WrittenEntry] = {}
        for start in kept:
            item, way = start, []
            while item.above and item not in seen:
                seen[item] = start
                way.append(item)
                item = item.above
            if seen.get(item) is not start:
                continue
            cycle = way[way.index(item) :]
            first = min(range(len(cycle)), key=lambda number: cycle[number].place)
            cycle = [*cycle[first:], *cycle[:first]]
            titles = [item.title for item in (*cycle[:6], cycle[0])]
            parent = cycle[0].parent
            assert parent is not None
            self._report("PD506", parent.at, titles[0], " → ".join(titles if len(cycle) <= 6 else (*titles[:6], "…")))
            for item in cycle:
                item.above = None


def _hues(kept: Iterable[WrittenEntry]) -> dict[WrittenEntry, int | None]:
    """Each one's own hue, its group's (the first stated in it, else by the group's place, so a new last group changes none), or its parent's."""
    groups: dict[str, tuple[int | None] | None] = {}
    keys = {item: keypoint_key(item.group.text) for item in kept if item.group}
    for item, key in keys.items():
        groups[key] = groups.get(key) or item.colour
    of_group = {
        key: colour or (round(_FIRST_HUE + place * _GOLDEN_ANGLE) % 360,)
        for place, (key, colour) in enumerate(groups.items())
    }
    own = {item: item.colour or of_group.get(keys.get(item, "")) for item in kept}
    hues: dict[WrittenEntry, int | None] = {}
    for item in kept:
        below = [item]
        while below[-1] not in hues and own[below[-1]] is None and (above := below[-1].above):
            below.append(above)
        top = below[-1]
        hues.update(dict.fromkeys(below, hues[top] if top in hues else (own[top] or (None,))[0]))
    return hues
