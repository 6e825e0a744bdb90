"""The colours of keypoints: names and numbers of hues, and the hue that each keypoint gets."""

from __future__ import annotations

import colorsys
import re

from ..support import keypoint_key

HUES: dict[str, int | None] = {
    "red": 0,
    "brown": 20,
    "orange": 35,
    "amber": 45,
    "yellow": 55,
    "lime": 80,
    "green": 130,
    "teal": 175,
    "cyan": 190,
    "blue": 220,
    "indigo": 245,
    "violet": 265,
    "purple": 285,
    "magenta": 310,
    "pink": 340,
    **dict.fromkeys(("black", "grey", "gray", "silver", "white")),
}
"""The colours that have names: as hues, set further apart than those of CSS, since a badge shows nothing else. None is neutral."""

COLOURS_THERE_ARE = f"a hue from 0 to 359, a colour such as '#0a8' in quotes, or one of {', '.join(HUES)}"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_HUE = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)
_NEUTRAL_BELOW = 16  # of 255: between the strongest and the weakest of red, green and blue
_GOLDEN_ANGLE = 137.508  # the next hue is always far from those before it, however many there are
_FIRST_HUE = 210


def read_hue(written: str) -> tuple[int | None] | None:
    name = written.lower()
    if name in HUES:
        return (HUES[name],)
    if (number := _HUE.fullmatch(name)) and int(number[1]) < 360:
        return (int(number[1]),)
    if not _HEX.fullmatch(name):
        return None
    digits = name[1:] if len(name) == 7 else "".join(digit * 2 for digit in name[1:])
    red, green, blue = bytes.fromhex(digits)
    if max(red, green, blue) - min(red, green, blue) < _NEUTRAL_BELOW:
        return (None,)
    return (round(colorsys.rgb_to_hsv(red, green, blue)[0] * 360) % 360,)


def assign_hues(
    slugs: list[str], stated: list[tuple[str | None, tuple[int | None] | None]], parents: dict[str, str]
) -> dict[str, int | None]:
    """Give each keypoint its own hue, its group's (the first stated in it, else by the group's place, so a new last group changes none), or its parent's."""
    groups: dict[str, tuple[int | None] | None] = {}
    keys = [keypoint_key(group) if group else "" for group, _ in stated]
    for key, (_, colour) in zip(keys, stated, strict=True):
        if key:
            groups[key] = groups.get(key) or colour
    of_group = {
        key: colour or (round(_FIRST_HUE + place * _GOLDEN_ANGLE) % 360,)
        for place, (key, colour) in enumerate(groups.items())
    }
    own = {slug: colour or of_group.get(key) for slug, key, (_, colour) in zip(slugs, keys, stated, strict=True)}
    hues: dict[str, int | None] = {}
    for start in slugs:
        slug, below = start, []
        while slug not in hues and own[slug] is None and slug in parents:
            below.append(slug)
            slug = parents[slug]
        hue = hues[slug] if slug in hues else (own[slug] or (None,))[0]
        hues.update(dict.fromkeys((slug, *below), hue))
    return hues
