"""Lists of papers and keypoints, as the templates want them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from ..library import Keypoint, Library
from ..markdown_extension import sanitised
from ..reader import MATH_PATTERN
from ..records import Paper
from ..support import keypoint_key
from .site_links import Links


class Lists:
    """The entries of papers and the badges of keypoints on generated pages; `draws_formulas` as pymdownx.arithmatex has it (`generic`)."""

    def __init__(self, library: Library, links: Links, *, draws_formulas: bool = False) -> None:
        self.library = library
        self.links = links
        self._draws_formulas = draws_formulas

    def badges(self, keypoints: Iterable[Keypoint], root: str) -> list[dict[str, Any]]:
        """Badges of keypoints, with counts."""
        return [self.badge(keypoint, root) for keypoint in keypoints]

    def badge(self, keypoint: Keypoint, root: str) -> dict[str, Any]:
        """The badge of a keypoint, with its count."""
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

    def entries(self, papers: Sequence[Paper], root: str, current: Keypoint | None = None) -> list[dict[str, Any]]:
        """Entries of papers; `current` is the keypoint whose page they stand on."""
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
        """The badge of a keypoint as a paper writes it."""
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
        """The other digests that have a paper, by their months, or by their names where that is the paper's own; each with its record."""
        others = {record.path: record for record in reversed(self.library.also_in.get(paper.id, ()))}
        others.pop(paper.path, None)
        months = Counter([paper.month, None, *(record.month for record in others.values())])
        return [
            (self.links.name(path) if months[record.month] > 1 else self.links.words.month(record.month), record)
            for path, record in sorted(others.items(), key=lambda item: (item[1].day or "~", item[0]))
        ]

    def also_in(self, paper: Paper) -> str | None:
        """Which other digests have a paper, in words; None if no other has it."""
        words = self.links.words
        names = words("comma").join(name for name, _ in self.places(paper))
        return words("also_in", names=names) if names else None

    def title(self, paper: Paper) -> str:
        """The title of a paper, its formulas as pymdownx.arithmatex marks them, if the site draws them."""
        text = paper.title or self.links.words("untitled")
        if "$" not in text or not self._draws_formulas:
            return text
        parts = re.split(f"({MATH_PATTERN})", text)
        shown = (
            f'<span class="arithmatex">\\({html.escape(part.strip("$"))}\\)</span>' if n % 2 else html.escape(part)
            for n, part in enumerate(parts)
        )
        return Markup(sanitised("".join(shown)))  # noqa: S704 - sanitised
