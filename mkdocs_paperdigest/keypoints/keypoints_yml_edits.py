"""Changes of `keypoints.yml`: each is a few replaced spans, so comments, order, quotes and every other line stay as they are.

A round trip through a YAML library was not taken: it writes lines anew that no change needs, and deletes the comment above
an entry with the entry before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import yaml

from ..support import is_nothing, keypoint_key
from .keypoints_yml import KeypointsFile, WrittenEntry, many_lines, one_line
from .vocabulary import VocabularyEntry
from .yaml_edit import YamlEdit, json_style

_BY_HAND = "this change of keypoints.yml is beyond the program, since its form is unusual there: make it by hand"


class EditError(ValueError):
    """A change that cannot be made; its message is one sentence that says why."""


def merge_keypoints(text: str, keep: str, drop: str) -> str:
    """`keypoints.yml` with `drop`, whatever spelling of it, as an alias of `keep`.

    The entry of `drop` goes; its spellings join those of `keep`, and what it says where `keep` says nothing: description,
    parent, group, colour, related. What named `drop` as parent or related names `keep`. `keep` gets an entry if it has none.
    Raises `EditError`.
    """
    edit = _Edit(text)
    keep, drop = edit.name(keep), edit.name(drop)
    kept, gone = edit.written(keep), edit.written(drop)
    if keypoint_key(keep) == keypoint_key(drop) or (kept is not None and kept is gone):
        return text
    if gone is None:
        if kept is None:
            edit.add_entry(keep, "aliases", [drop])
        else:
            edit.add_aliases(kept, edit.unknown(kept, [drop]))
    else:
        edit.refer(gone, kept, keep)
        if kept is None:
            edit.rename(gone, keep, drop, keep_slug=False)
        else:
            edit.absorb(kept, gone, drop)
    return edit.done(keep, drop)


def rename_keypoint(text: str, old: str, new: str) -> str:
    """Label the keypoint that `old` spells `new`; former label and name become aliases. Raises `EditError`, also if `new` is another keypoint."""
    edit = _Edit(text)
    old, new = edit.name(old), edit.name(new)
    item, other = edit.written(old), edit.written(new)
    if other is not None and other is not item:
        raise EditError(f"`{new}` is a spelling of the keypoint `{other.title}` already: merge them instead")
    if old == new:
        return text
    if item is None:
        edit.add_entry(new, "aliases", [old])
    else:
        edit.rename(item, new, old, keep_slug=True)
    return edit.done(new, old, label=new)


def describe_keypoint(text: str, name: str, description: str) -> str:
    """`keypoints.yml` with a description of a keypoint, or without one if it is empty. Raises `EditError`."""
    edit = _Edit(text)
    name, description = edit.name(name), many_lines(description)
    item = edit.written(name)
    if item is None:
        if not description:
            return text
        edit.add_entry(name, "description", description)
    elif item.description == description and (description or "description" not in item.pairs):
        return text
    elif description:
        edit.set_pair(item, "description", description)
    else:
        edit.remove_pair(item, "description")
    return edit.done(name, description=description)


class _Edit(YamlEdit):
    """One change of one text, gathered from one reading, and then made at once."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self.file = KeypointsFile(text, "keypoints.yml")
        if self.file.unreadable:
            raise EditError(f"keypoints.yml cannot be read ({self.file.unreadable}): mend it first")
        super().__init__(self.file.text, self.file.holder, _step(self.file))
        self.by_slug = {item.entry.slug: item for item in self.file.written if item.entry}
        self.more: dict[WrittenEntry, list[tuple[str, str | list[str]]]] = {}

    # What is there

    def name(self, words: str) -> str:
        name = one_line(words)
        if not name or not keypoint_key(name):
            raise EditError("the name of a keypoint cannot be empty")
        return name

    def written(self, name: str) -> WrittenEntry | None:
        entry = self.file.vocabulary.entry(name)
        return self.by_slug[entry.slug] if entry else None

    # Keys of an entry

    def set_pair(self, item: WrittenEntry, name: str, words: str | list[str]) -> None:
        if name in item.pairs:
            key, node = item.pairs[name]
            if not isinstance(node, yaml.ScalarNode):
                raise EditError(f"`{name}` of the keypoint `{item.title}` is no text: mend it first")
            is_flow = bool(isinstance(item.node, yaml.MappingNode) and item.node.flow_style)
            self.set_value(node, words, is_flow=is_flow, indent=key.start_mark.column + self.step)
        elif isinstance(item.node, yaml.MappingNode) or is_nothing(item.node):
            self.more.setdefault(item, []).append((name, words))
        else:
            raise EditError(f"what stands below the keypoint `{item.title}` is no mapping: mend it first")

    def write_more(self) -> None:
        for item, more in self.more.items():
            node, style = item.node, json_style(item.node) or json_style(self.holder)
            start, end = node.start_mark.index, node.end_mark.index
            if isinstance(node, yaml.MappingNode):
                is_flow, column = bool(node.flow_style), node.value[0][0].start_mark.column if node.value else 0
            else:
                is_flow = end > start or bool(self.holder and self.holder.flow_style)
                column = (item.key or node).start_mark.column + self.step
            pairs = [self.pair(*pair, style, is_flow=is_flow, indent=column) for pair in more]
            if isinstance(node, yaml.MappingNode):
                self.append(node, pairs, column=column)
            elif is_flow:
                self.replace(start, end, f"{self.space(node)}{{{', '.join(pairs)}}}")
            else:
                self.add_lines(end, pairs, column)

    def remove_pair(self, item: WrittenEntry, name: str) -> None:
        if name in item.pairs and isinstance(item.node, yaml.MappingNode):
            place = next(i for i, (key, _) in enumerate(item.node.value) if key is item.pairs[name][0])
            self.remove(item.node, place)

    def add_aliases(self, item: WrittenEntry, names: list[str]) -> None:
        _, node = item.pairs.get("aliases", (None, None))
        if not names:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.set_pair(item, "aliases", [*(alias.text for alias in item.aliases), *names])
            return
        style, dash = json_style(node), "" if node.flow_style else "- "
        written = [f"{dash}{self.scalar(name, style)}" for name in names]
        self.append(node, written, column=self.column(node) if dash else 0)

    # Entries

    def add_entry(self, name: str, key: str, words: str | list[str]) -> None:
        holder = self.holder
        style = json_style(holder)
        written = self.scalar(name, style)
        is_list = isinstance(holder, yaml.SequenceNode)
        if holder is not None and holder.flow_style:
            pair = self.pair(key, words, style, is_flow=True, indent=0)
            label = self.scalar("label", style)
            entry = f"{{{label}: {written}, {pair}}}" if is_list else f"{written}: {{{pair}}}"
            self.append(holder, [entry], column=0)
            return
        column = self.column(holder)
        inner = column + (2 if is_list else self.step)
        pair = self.pair(key, words, None, is_flow=False, indent=inner)
        entry = f"{f'- label: {written}' if is_list else f'{written}:'}{self.newline}{' ' * inner}{pair}"
        if holder is None:
            before = self.newline if self.text and not self.text.endswith(("\n", "\r")) else ""
            self.replace(len(self.text), len(self.text), f"{before}{entry}{self.newline}")
            return
        if self.has_blank_lines(holder):
            end = self.line_end(self.end(holder))
            self.replace(end, end, self.newline)
        self.append(holder, [entry], column=column)

    def column(self, holder: yaml.CollectionNode | None) -> int:
        if holder is None:
            return 0
        if isinstance(holder, yaml.MappingNode):
            return int(holder.value[0][0].start_mark.column)
        first = holder.value[0].start_mark.index
        line = self.line_start(first)
        dash = self.text.rfind("-", line, first)
        if dash < 0:
            raise EditError(_BY_HAND)
        return dash - line

    def rename(self, item: WrittenEntry, new: str, old: str, *, keep_slug: bool) -> None:
        entry = item.entry
        assert entry is not None
        former = [entry.label, item.name.text, old]
        if item.key is None and item.label is None and not keep_slug:
            self.set_value(item.pairs["slug"][0], "label", is_flow=True)
            self.set_pair(item, "slug", new)
            former.append(entry.slug)
        else:
            if item.slug is not None and not keep_slug:
                former.append(entry.slug)
                self.remove_pair(item, "slug")
            if item.key is not None and item.name.text != new:
                self.set_value(item.key, new, is_flow=True)
            if (item.key is None or item.label is not None) and (item.label is None or item.label.text != new):
                self.set_pair(item, "label", new)
        there = {new, *(alias.text for alias in item.aliases)}
        known = {keypoint_key(name) for name in there}
        names = []
        for name in former:
            key = keypoint_key(name)
            if name not in there and (key not in known or name == entry.label) and self.written(name) in (None, item):
                there.add(name)
                known.add(key)
                names.append(name)
        self.add_aliases(item, names)

    def unknown(self, item: WrittenEntry, names: Iterable[str]) -> list[str]:
        assert item.entry is not None
        known = {keypoint_key(name) for name in (item.entry.label, *item.entry.aliases)}
        new: dict[str, str] = {}
        for name in names:
            if (key := keypoint_key(name)) not in known:
                new.setdefault(key, name)
        return list(new.values())

    def absorb(self, kept: WrittenEntry, gone: WrittenEntry, drop: str) -> None:
        assert gone.entry is not None
        names = [gone.entry.label, *gone.entry.aliases, drop, *([gone.entry.slug] if gone.slug else [])]
        said = {
            "description": gone.description,
            "group": gone.group.text if gone.group else "",
            "colour": one_line(gone.pairs["colour"][1].value) if gone.colour else "",
        }
        for name, words in said.items():
            if words and self.lacks(kept, name):
                self.set_pair(kept, name, words)
        self.set_parent(kept, gone)
        related = [text.text for text in gone.related if self.written(text.text) not in (kept, gone, None)]
        if related and self.lacks(kept, "related"):
            self.set_pair(kept, "related", related)
        self.add_aliases(kept, self.unknown(kept, (name for name in names if self.written(name) is gone)))
        assert self.holder is not None
        self.remove(self.holder, gone.place)

    def lacks(self, item: WrittenEntry, name: str) -> bool:
        return name not in item.pairs or is_nothing(item.pairs[name][1])

    def set_parent(self, kept: WrittenEntry, gone: WrittenEntry) -> None:
        def is_below(item: WrittenEntry | None) -> bool:
            while item and item not in (kept, gone):
                item = item.above
            return item is not None

        if kept.parent and not is_below(self.written(kept.parent.text)):
            return
        if gone.parent and gone.above and not is_below(gone.above):
            self.set_pair(kept, "parent", gone.parent.text)
        elif kept.parent:
            self.remove_pair(kept, "parent")

    def refer(self, gone: WrittenEntry, kept: WrittenEntry | None, keep: str) -> None:
        name = kept.name.text if kept else keep
        for item in self.file.written:
            if item is gone:
                continue
            if item.parent and item is not kept and self.written(item.parent.text) is gone:
                self.set_pair(item, "parent", name)
            starts = {text.at for text in item.related if self.written(text.text) is gone}
            if not starts:
                continue
            has_kept = item is kept or any(kept and self.written(text.text) is kept for text in item.related)
            _, node = item.pairs["related"]
            for place, word in enumerate(node.value if isinstance(node, yaml.SequenceNode) else [node]):
                if word.start_mark.index in starts:
                    if not has_kept:
                        self.set_value(word, name, is_flow=True)
                    elif isinstance(node, yaml.SequenceNode):
                        self.remove(node, place)
                    else:
                        self.remove_pair(item, "related")
                    has_kept = True

    # The end

    def done(self, *names: str, label: str = "", description: str | None = None) -> str:
        """The changed text, proved by reading it again: all `names` are one keypoint, and entries that are not meant say what they said."""
        self.write_more()
        if not self.spans:
            return self.whole
        spans = sorted(self.spans, key=lambda span: span[:2])
        parts: list[str] = []
        last = 0
        for start, end, new in spans:
            parts += (self.text[last:start], new)
            last = end
        text = "".join(parts) + self.text[last:]
        after = KeypointsFile(text, "keypoints.yml")
        found = {after.vocabulary.entry(name) for name in names}
        own = found.pop()
        before = {slug: _apart(item.entry) for slug, item in self.by_slug.items() if item.entry}
        if (
            any(one[1] > other[0] for one, other in pairwise(spans))
            or after.unreadable
            or Counter(fault.code for fault in after.findings) - Counter(fault.code for fault in self.file.findings)
            or own is None
            or found
            or any(before.get(entry.slug) != _apart(entry) for entry in after.vocabulary.entries if entry is not own)
            or (label and own.label != label)
            or (description is not None and own.description != description)
        ):
            raise EditError(_BY_HAND)
        return self.whole[: len(self.whole) - len(self.text)] + text


def _apart(entry: VocabularyEntry) -> VocabularyEntry:
    """What an entry says apart from whom it names."""
    return replace(entry, parent=None, related=(), hue=None, line=0)


def _step(file: KeypointsFile) -> int:
    steps = (
        int(item.node.value[0][0].start_mark.column - item.key.start_mark.column)
        for item in file.written
        if item.key is not None and isinstance(item.node, yaml.MappingNode) and not item.node.flow_style
    )
    return next((step for step in steps if step > 0), 2)
