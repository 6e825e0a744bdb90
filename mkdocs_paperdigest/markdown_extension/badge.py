"""What the badge of a keypoint looks like.

The template `badge.html` and the scripts `keypoints.js` and `explorer.js` make the same HTML, as `tests/pages/test_badges.py`,
`test_light_pages.py` and `tests/browser/test_explorer.py` hold; `search.py` and `keypoints.js` read its text back; its style is in
`paperdigest.css` and `trends.css`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as etree

from markdown.util import AtomicString

from .sanitising import as_attribute, as_html

BADGE_LINK = '<a class="pd-keypoint"'  # how a badge that leads somewhere begins

_TITLE = re.compile(rf'(?<={BADGE_LINK} href=")(([^"]*)"[^>]*? title="[^"]*)(?=">)')
_LINK = re.compile(rf"{BADGE_LINK}[^>]*>")


@dataclass(frozen=True, slots=True)
class Badge:
    """What a keypoint's badge shows on hover, where it leads (None where it leads nowhere), and its hue (None is neutral)."""

    title: str
    href: str | None
    hue: int | None = None

    @property
    def tag(self) -> str:
        return "span" if self.href is None else "a"

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of its element, in the order in which Python-Markdown writes them."""
        style = None if self.hue is None else f"--pd-hue: {self.hue}"
        given = {"class": "pd-keypoint", "href": self.href, "style": style, "title": self.title}
        return {name: value for name, value in given.items() if value is not None}

    def element(self, name: str, parent: etree.Element) -> etree.Element:
        """Append the badge of a keypoint to an element that Python-Markdown writes later."""
        made = etree.SubElement(parent, self.tag, self.attributes)
        made.text = AtomicString(name)
        return made

    def html(self, name: str) -> str:
        attributes = "".join(f' {key}="{as_attribute(value)}"' for key, value in self.attributes.items())
        return f"<{self.tag}{attributes}>{as_html(name)}</{self.tag}>"


def with_longer_titles(content: str, more: Callable[[str], str]) -> str:
    """Add to the title of each badge what `more` gives for its address, as HTML."""
    return _TITLE.sub(lambda badge: badge[1] + more(badge[2]), content)


def without_badge_links(content: str) -> str:
    return _LINK.sub("", content)
