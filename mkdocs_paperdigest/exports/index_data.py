"""The keypoints as a large index finds them: a script of few bytes, which a page can load from file:// and under a strict CSP, too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from ..library import Keypoint, Library

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


def short_slug(keypoint: Keypoint) -> str | int:
    """The slug, or 0 if the scripts derive it from the label; of letters beyond ASCII it may not be the same everywhere."""
    label = keypoint.label
    return 0 if label.isascii() and keypoint.slug == label.lower().replace(" ", "-") else keypoint.slug


def index_data(library: Library, place: Callable[[Keypoint], tuple[str, str]]) -> str:
    """A script that sets `paperdigestKeypoints`, which `keypoints.js` reads, to the keypoints that lists show, most used first.

    `place` gives the address where a keypoint stands, relative to the site's root and not percent-encoded, and its anchor there, ""
    where it has a page.

    anchored  whether the slug is an anchor at each address, since keypoints have no pages
    around  what addresses have before and behind the slug
    months  `YYYY-MM`, newest first
    pages   other addresses, "" first
    rows    [label, count, month, below, slug, hue, page], without zeros at the end: `month` is the place in `months` from 1 on, and 0
            none; `below` counts what stands below, too, and is 0 if nothing does; slug 0 is derived from the label; `hue` is
            one more than the hue, and 0 neutral; `page` is the place in `pages`, and 0 is `around` the slug
    """
    placed = [(keypoint, *place(keypoint)) for keypoint in library.keypoints if keypoint.is_listed]
    around = around_slugs((keypoint, address) for keypoint, address, anchor in placed if not anchor)
    months = {month: number for number, month in enumerate(library.months, 1)}
    pages = {"": 0}
    rows = []
    for keypoint, address, anchor in placed:
        page = 0 if not anchor and address == keypoint.slug.join(around) else pages.setdefault(address, len(pages))
        row: list[str | int] = [
            keypoint.label,
            keypoint.count,
            months[keypoint.months[0][0]] if keypoint.months else 0,
            keypoint.below if keypoint.children else 0,
            short_slug(keypoint),
            0 if keypoint.hue is None else keypoint.hue + 1,
            page,
        ]
        while row[-1] == 0:
            row.pop()
        rows.append(row)
    data = {
        "anchored": any(anchor for *_, anchor in placed),
        "around": around,
        "months": list(months),
        "pages": list(pages),
        "rows": rows,
    }
    return script("paperdigestKeypoints", data)
