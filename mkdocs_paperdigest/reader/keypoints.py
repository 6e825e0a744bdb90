"""The value of a keypoint field, split into names."""

from __future__ import annotations

import re
from itertools import accumulate

_SEPARATORS = (";；", "、，,")
_ALL = "".join(_SEPARATORS)
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「", "』": "『", "》": "《"}
_OPENING = frozenset(_BRACKETS.values())


def _depths(text: str) -> list[int]:
    """For each character, between how many pairs of brackets that belong together it stands."""
    steps = [0] * (len(text) + 1)
    opened: list[int] = []
    for place, char in enumerate(text):
        if char in _OPENING:
            opened.append(place)
        elif opened and text[opened[-1]] == _BRACKETS.get(char):
            steps[opened.pop()] += 1
            steps[place] -= 1
    return list(accumulate(steps))


def split_keypoints(text: str) -> tuple[str, ...]:
    """Split plain text into keypoints, in order.

    If `;` or `；` outside brackets leaves several pieces, they split and nothing else does; otherwise
    `、`, `，` and `,` split, outside brackets. "and" and "/" never split. Pieces are trimmed, their white
    space is collapsed, and empty ones dropped.
    """
    depths = _depths(text := text.rstrip(_ALL + " \t\n"))
    pieces: list[str] = []
    for separators in _SEPARATORS:
        cuts = [m.start() for m in re.finditer(f"[{separators}]", text) if not depths[m.start()]]
        bounds = zip([-1, *cuts], [*cuts, len(text)], strict=True)
        pieces = [piece for a, b in bounds if (piece := " ".join(text[a + 1 : b].split()))]
        if len(pieces) > 1:
            break
    return tuple(pieces)
