"""Data as a script of few bytes, which a page can load from file:// and under a strict CSP, too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from ..library import Keypoint

# Ends of lines in old JavaScript; halves of pairs, which UTF-8 lacks.
_UNSAFE = re.compile("[\u2028\u2029\ud800-\udfff]")


def script(name: str, data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    escaped = _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    return f"self.{name}={escaped};\n"


def around_slugs(addresses: Iterable[tuple[Keypoint, str]]) -> tuple[str, str]:
    """What addresses of keypoints have before and after the slug: as the first has that contains its slug."""
    for keypoint, address in addresses:
        before, found, after = address.rpartition(keypoint.slug)
        if found:
            return before, after
    return "", ""


def derived_slug(label: str) -> str | None:
    """The slug that the scripts derive from a label; None where it may not be the same everywhere."""
    return label.lower().replace(" ", "-") if label.isascii() else None
