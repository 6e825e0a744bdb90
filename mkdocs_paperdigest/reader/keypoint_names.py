"""The value of a keypoint field, split into names."""

from __future__ import annotations

import re
from itertools import accumulate

from ..records import Label

_SEPARATORS = (re.compile("[;；]"), re.compile("[、，,]"))
_ALL = ";；、，,"
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「", "』": "『", "》": "《"}
_NONE = re.compile(
    r"\s*(?:(?:\{[^{}<>'=\"]*\}|无|無|なし|暂无|n/a|null|none|nil|-+|—)\s*)?(?:[.。]\s*)?", re.IGNORECASE
)
_CODE_SPAN = re.compile(r"(?<!`)`+[^`\n]+`+")
_CODE_SPANS = re.compile(r"(?:`++[^`\n]++`++\s*+){2,}")
_HASH_TAGS = re.compile(r"#[^\s#]+(?:\s+#[^\s#]+)+|#[^\s#]+")
_BRACKETED = re.compile(r"(?:\[[^\[\]]*\]){2,}[.。]?")
_FULL_STOP = re.compile(r"(?:(?<=[^\W_.]{2})|(?<=\]))(?<!\betc)(?<!\bal)[.。]\Z")
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


def is_empty(text: str) -> bool:
    """Whether a value says that there is none: nothing, an unfilled `{placeholder}`, `N/A`, `null`, `无`."""
    return _NONE.fullmatch(text) is not None


def split_keypoints(text: str, source: str = "") -> tuple[str, ...]:
    """Split plain text into keypoints, in order; `source` is its Markdown.

    If `;` or `；` outside brackets leaves several pieces, they split and nothing else does; otherwise
    `、`, `，` and `,` split, outside brackets. "and" and "/" never split. Words that all begin with `#`, and code spans that follow
    each other, are a name each. Pieces are trimmed, their white space is collapsed, a pair of square brackets around one and the
    full stop behind the last are taken off, and empty ones dropped.
    """
    if _CODE_SPANS.fullmatch(source.strip()):
        return tuple(" ".join(span.strip("` #").split()) for span in _CODE_SPAN.findall(source))
    if _HASH_TAGS.fullmatch(text.strip()):
        return tuple(tag.strip("#,，;；、") for tag in text.split())
    if _BRACKETED.fullmatch(text.strip()):
        return tuple(name for piece in text.strip("[] .。\t").split("][") if (name := " ".join(piece.split())))
    text = _FULL_STOP.sub("", text.rstrip(_ALL + " \t\n"))
    depths = None if _OPENING.isdisjoint(text) else _depths(text)
    pieces: list[str] = []
    for separator in _SEPARATORS:
        if depths:
            cuts = [m.start() for m in separator.finditer(text) if not depths[m.start()]]
            parts = [text[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, len(text)], strict=True)]
        else:
            parts = separator.split(text)
        pieces = [piece for part in parts if (piece := " ".join(part.split()))]
        if len(pieces) > 1:
            break
    return tuple(bare for piece in pieces if (bare := _without_brackets(piece)))


def keypoint_pieces(text: str, source: str, label: Label) -> list[str]:
    """What the value of a keypoint label holds: names, and what stands for none of them (`N/A`); below a heading ` / ` parts them, too."""
    pieces = split_keypoints(text, source)
    if label.look == "heading" and len(names := [piece for piece in pieces if not is_empty(piece)]) == 1:
        return [name for part in names[0].split(" / ") if (name := part.strip())]
    return list(pieces)


def _without_brackets(piece: str) -> str:
    inside = piece[1:-1]
    return inside.strip() if piece[:1] == "[" and piece[-1:] == "]" and not {"[", "]"} & set(inside) else piece
