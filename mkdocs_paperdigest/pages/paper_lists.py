"""Lists of papers and keypoints, as the templates want them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from ..library import Keypoint, Library
from ..markdown_extension import sanitised
from ..reader import MATH_PATTERN
from ..records import Paper
from ..support import keypoint_key
from .site_links import Links

_BADGE, _HUE = 84, 26  # how many bytes a badge has besides its names and its address, and how many more with a colour


@dataclass
class Lists:
    """The entries of papers and the badges of keypoints on generated pages; `draws_formulas` as pymdownx.arithmatex has it (`generic`)."""

    library: Library
    links: Links
    draws_formulas: bool

    def badges(self, keypoints: Iterable[Keypoint], root: str) -> list[dict[str, Any]]:
        return [self.badge(keypoint, root) for keypoint in keypoints]

    def badge(self, keypoint: Keypoint, root: str) -> dict[str, Any]:
        return {
            "name": keypoint.label,
            "title": self.links.title(keypoint),
            "url": self.links.to_keypoint(keypoint, root),
            "count": keypoint.count,
            "below": keypoint.below if keypoint.children else 0,
            "hue": keypoint.hue,
            "id": keypoint.slug,
            "newest": keypoint.months[0][0] if keypoint.months else None,
        }

    def badge_size(self, keypoint: Keypoint, name: str) -> int:
        """How many bytes the badge of a keypoint takes, estimated before it can be made: rather too many than too few."""
        address = self.links.keypoint_uri(keypoint) or self.links.options.keypoint_index or ""
        hue = 0 if keypoint.hue is None else _HUE
        return _BADGE + hue + html_size(name) + html_size(keypoint.label) + len(quote(address))

    def entries(self, papers: Sequence[Paper], root: str, current: Keypoint | None = None) -> list[dict[str, Any]]:
        """Entries of papers; `current` is the keypoint whose page they are on."""
        entries = []
        for paper in papers:
            badges = [self.entry_badge(written, root) for written in paper.keypoints or ()]
            for badge in badges if current else ():
                badge["current"] = current is not None and badge["slug"] == current.slug
            entries.append(
                {
                    "title": self.title(paper),
                    "url": self.links.to_paper(paper, root),
                    "category": paper.category,
                    "month": paper.month,
                    "also": self.also_in(paper),
                    "badges": badges,
                }
            )
        return entries

    def entry_badge(self, written: str, root: str) -> dict[str, Any]:
        keypoint = self.library.by_key[keypoint_key(written)]
        return {
            "name": written,
            "title": self.links.title(keypoint),
            "url": self.links.to_keypoint(keypoint, root),
            "hue": keypoint.hue,
            "current": False,
            "slug": keypoint.slug,
        }

    def places(self, paper: Paper) -> list[tuple[str, Paper]]:
        """The other digests that have a paper, by their months if these tell them apart, else by their names; each with its record."""
        return [
            (self.links.words.month(record.month) if by_month else self.links.name(record.path), record)
            for record, by_month in self.library.other_digests(paper)
        ]

    def also_in(self, paper: Paper) -> str | None:
        words = self.links.words
        names = words("comma").join(name for name, _ in self.places(paper))
        return words("also_in", names=names) if names else None

    def title(self, paper: Paper) -> str:
        """The title of a paper, its formulas as pymdownx.arithmatex marks them, if the site draws them."""
        text = paper.title or self.links.words("untitled")
        if "$" not in text or not self.draws_formulas:
            return text
        parts = re.split(f"({MATH_PATTERN})", text)
        shown = (
            f'<span class="arithmatex">\\({html.escape(part.strip("$"))}\\)</span>' if n % 2 else html.escape(part)
            for n, part in enumerate(parts)
        )
        return Markup(sanitised("".join(shown)))  # noqa: S704 - sanitised


def html_size(text: str) -> int:
    return len(escape(text).encode())
