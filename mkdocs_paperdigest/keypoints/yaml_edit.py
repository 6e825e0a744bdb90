"""Edits of a YAML text as replaced spans, so that comments, order, quotes and every other line stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import yaml

from ..support import UnreadableError, compose

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)
_UNSHOWN = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BLANK_LINES = re.compile(r"(?:(?:\r\n?+|\n)[ \t]*(?=[\r\n]|\Z))*")


class YamlEdit:
    """Gathers spans of a text and what they become; `holder` is the node of its entries, `step` how far a level is indented."""

    def __init__(self, text: str, holder: yaml.CollectionNode | None, step: int) -> None:
        self.text = text
        self.holder = holder
        self.step = step
        found = re.search(r"\r\n|\n|\r", text)
        self.newline = found[0] if found else "\n"
        self.spans: list[tuple[int, int, str]] = []
        self.removed: set[int] = set()

    def end(self, node: yaml.Node) -> int:
        """The character behind the last one of a node; that of a block reaches over what follows it in PyYAML."""
        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            return len(self.text[: node.end_mark.index].rstrip())
        return int(node.end_mark.index)

    def line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def line_end(self, at: int) -> int:
        found = re.compile(r"[\r\n]|\Z").search(self.text, at)
        assert found is not None
        return found.start()

    def comments(self, start: int, end: int, nodes: Iterable[yaml.Node]) -> list[str]:
        hidden = list(self.text[start:end])
        for node in nodes:
            first, last = node.start_mark.index - start, self.end(node) - start
            if 0 <= first < last <= len(hidden):
                hidden[first:last] = "." * (last - first)
        return [match[0].rstrip() for match in _COMMENT.finditer("".join(hidden))]

    def replace(self, start: int, end: int, new: str) -> None:
        self.spans.append((start, end, new))

    def set_value(self, node: yaml.Node, words: str | list[str], *, is_flow: bool, indent: int = 0) -> None:
        start, end = node.start_mark.index, self.end(node)
        is_last = not self.text[end : self.line_end(end)].strip()
        style = node.style if isinstance(node, yaml.ScalarNode) else None
        new = self.value(words, style, is_flow=is_flow, indent=indent if is_last else 0)
        self.replace(start, end, self.space(node) + new)

    def space(self, node: yaml.Node) -> str:
        at = node.start_mark.index
        return " " if at == self.end(node) and not self.text[at - 1].isspace() else ""

    def value(self, words: str | list[str], style: str | None, *, is_flow: bool, indent: int) -> str:
        """Words as YAML: a list in brackets, lines as a block if there is an indentation for it, else a scalar."""
        if isinstance(words, list):
            return f"[{', '.join(self.scalar(word, style) for word in words)}]"
        if "\n" in words and not is_flow and indent and _is_literal(words):
            lines = (" " * indent + line if line else "" for line in words.split("\n"))
            return self.newline.join(("|", *lines))
        return self.scalar(words, style)

    def scalar(self, words: str, style: str | None = None) -> str:
        """Words as YAML on one line: with the quotes of `style`, else plain if that reads the same."""
        if style == "'" and not _UNSHOWN.search(words):
            return "'" + words.replace("'", "''") + "'"
        return words if style != '"' and _is_plain(words) else _quoted(words)

    def pair(self, key: str, words: str | list[str], style: str | None, *, is_flow: bool, indent: int) -> str:
        value = self.value(words, style, is_flow=is_flow, indent=indent + self.step)
        return f"{self.scalar(key, style)}: {value}"

    def append(self, node: yaml.CollectionNode, items: list[str], *, column: int) -> None:
        if node.flow_style:
            if node.value:
                last = node.value[-1]
                end = self.end(last[1] if isinstance(last, tuple) else last)
                before = "" if all(id(item) in self.removed for item in node.value) else ", "
                self.replace(end, end, before + ", ".join(items))
            else:
                start = self.text.index("{" if isinstance(node, yaml.MappingNode) else "[", node.start_mark.index) + 1
                self.replace(start, start, ", ".join(items))
            return
        self.add_lines(self.end(node), items, column)

    def add_lines(self, at: int, lines: Iterable[str], column: int) -> None:
        """Add lines behind the one of a place."""
        end = self.line_end(at)
        self.replace(end, end, "".join(f"{self.newline}{' ' * column}{line}" for line in lines))

    def remove(self, node: yaml.CollectionNode, place: int) -> None:
        pairs = [item if isinstance(item, tuple) else (item, item) for item in node.value]
        start, end = pairs[place][0].start_mark.index, self.end(pairs[place][1])
        self.removed.add(id(node.value[place]))
        if node.flow_style:
            if behind := re.compile(r"\s*,[ \t]*").match(self.text, end):
                end = behind.end()
            elif place and id(node.value[place - 1]) in self.removed:
                pass  # its comma went with it
            elif place and (comma := self.text.rfind(",", self.end(pairs[place - 1][1]), start)) >= 0:
                start = comma
            self.replace(start, end, "")
            return
        line, after = self.line_start(start), self.line_end(end)
        if isinstance(node, yaml.SequenceNode):
            start = self.text.rindex("-", line, start)
        kept = self.comments(start, after, _scalars(pairs[place]))
        indent = self.text[line:start]
        if indent.strip():
            if kept or place + 1 == len(pairs):
                below = self.newline + " " * pairs[place][0].start_mark.column
                self.replace(start, after, below.join(kept))
            else:
                self.replace(start, pairs[place + 1][0].start_mark.index, "")
        elif kept:
            self.replace(line, after, self.newline.join(indent + comment for comment in kept))
        else:
            if node is self.holder and _is_blank_before(self.text, line):
                blank = _BLANK_LINES.match(self.text, after)
                after = blank.end() if blank else after
            if line:
                line -= 2 if self.text.startswith("\r\n", line - 2) else 1
            else:
                after += len(self.newline) if self.text.startswith(self.newline, after) else 0
            self.replace(line, after, "")

    def has_blank_lines(self, holder: yaml.CollectionNode) -> bool:
        last = holder.value[-1]
        start = (last[0] if isinstance(last, tuple) else last).start_mark.index
        return len(holder.value) > 1 and _is_blank_before(self.text, self.line_start(start))


def _scalars(nodes: Iterable[yaml.Node]) -> Iterable[yaml.Node]:
    left, seen = list(nodes), set()
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.MappingNode):
            left.extend(part for pair in node.value for part in pair)
        else:
            left.extend(node.value)


def json_style(node: yaml.Node | None) -> str | None:
    """The quotes of a collection in brackets whose first scalar has double ones: all of JSON's are such."""
    while isinstance(node, yaml.CollectionNode) and node.flow_style and node.value:
        first = node.value[0]
        node = first[0] if isinstance(first, tuple) else first
    return '"' if isinstance(node, yaml.ScalarNode) and node.style == '"' else None


def _is_blank_before(text: str, line: int) -> bool:
    return re.search(r"(?:\r\n|\n|\r|\A)[ \t]*(?:\r\n|\n|\r)\Z", text[max(0, line - 200) : line]) is not None


def _is_plain(words: str) -> bool:
    """Whether words read the same without quotes, in brackets as well, and are text to every reader of YAML."""
    if not words[:1].isalnum() or _UNSHOWN.search(words) or "#" in words:
        return False
    try:
        node = compose(f"[{words}]")
    except UnreadableError:
        return False
    read = [(item.value, item.tag) for item in node.value] if isinstance(node, yaml.SequenceNode) else []
    return read == [(words, "tag:yaml.org,2002:str")]


def _is_literal(words: str) -> bool:
    return not words.startswith((" ", "\n")) and not _UNSHOWN.search(words.replace("\n", ""))


def _quoted(words: str) -> str:
    """Words in double quotes, as JSON and YAML both read them."""
    written = json.dumps(words, ensure_ascii=False)
    return _UNSHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
