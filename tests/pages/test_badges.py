"""The badge of a keypoint looks the same whether the extension, a template or a script makes it."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from selectolax.lexbor import LexborHTMLParser

import mkdocs_paperdigest
from mkdocs_paperdigest.markdown_extension.badge import Badge

TEMPLATES = Path(mkdocs_paperdigest.__file__).parent / "templates"


def parts(html: str) -> tuple[str | None, dict[str, str | None], str]:
    (badge,) = LexborHTMLParser(html, is_fragment=True).css(".pd-keypoint")
    return badge.tag, badge.attributes, badge.text()


@pytest.mark.parametrize("href", [None, "../../keypoints/c%2B%2B/"])
@pytest.mark.parametrize("hue", [None, 0, 210])
@pytest.mark.parametrize("name", ["World Model", 'a & "b" <i>'])
def test_the_template_makes_the_badge_that_the_extension_makes(href: str | None, hue: int | None, name: str) -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    badge = {"name": name, "title": f"{name} (2 papers)", "url": href, "hue": hue}
    made = environment.get_template("paperdigest/badge.html").render(badge=badge)
    assert parts(made) == parts(Badge(f"{name} (2 papers)", href, hue).html(name))
