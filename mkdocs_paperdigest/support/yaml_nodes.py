"""YAML text → nodes with their places, whoever wrote it: what cannot be read is said with its place, and nothing ends the program."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.reader import Reader

# Nothing is made of a node here, and its tag is not looked up.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACKET = re.compile(r"[\[\]{}]")
_BEGINNING = re.compile(r"^[ \t?:-]{400}", re.MULTILINE)
_DEEPEST = 200


class UnreadableError(ValueError):
    """The text is no YAML; `at` is the character where it ends to be some."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(problem)
        self.at = at


def compose(text: str) -> yaml.Node | None:
    """The only document of a YAML text as nodes, None if there is none. Raises UnreadableError."""
    if bad := Reader.NON_PRINTABLE.search(text):
        raise UnreadableError(f"the character U+{ord(bad[0]):04X} may not stand in it", bad.start())
    if (deep := _too_deep(text)) is not None:
        raise UnreadableError("it is nested too deeply", deep)
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except RecursionError:
        raise UnreadableError("it is nested too deeply", 0) from None
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        second = problem == "but found another document"
        words = "a second document begins here" if second else " ".join(str(problem or "unknown fault").split())
        raise UnreadableError(words, min(mark.index, len(text)) if mark else 0) from None
    return node


def is_nothing(node: yaml.Node) -> bool:
    """Whether a node says nothing: it is left empty, or written `~` or `null`."""
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _too_deep(text: str) -> int | None:
    """Where a text is nested so deeply that libyaml before 0.2.6 would end Python itself, at the most; None if it nowhere is."""
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > _DEEPEST:
            return bracket.start()
    beginning = _BEGINNING.search(text)
    return beginning.start() if beginning else None
