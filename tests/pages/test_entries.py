"""The entries of papers on pages of keypoints, by the plugin's templates and by those of a site."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.collection import SiteOptions
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.pages import Links, Templates
from mkdocs_paperdigest.pages.paper_lists import Entries, Lists

TEMPLATES = ROOT / "mkdocs_paperdigest" / "templates"


@pytest.mark.parametrize("replaced", [None, "badge.html", "entry.html", "keypoint-months.html"])
def test_the_html_is_the_same_and_templates_of_a_site_are_given_what_it_is_made_of(
    replaced: str | None, tmp_path: Path
) -> None:
    (tmp_path / "paperdigest").mkdir()
    if replaced:
        text = (TEMPLATES / "paperdigest" / replaced).read_text(encoding="utf-8")
        (tmp_path / "paperdigest" / replaced).write_text(text, encoding="utf-8")
    said = words("en")
    library = build_library([read_digest("# 2024-05\n\n### T & U\n- `Keypoints:` world model; C++\n", "202405.md")[0]])
    files = SimpleNamespace(address=lambda path: path, title=lambda path: "")
    links = Links(library, SiteOptions(), said, files)
    entries = Entries(Lists(links, Templates([str(tmp_path), str(TEMPLATES)], said), draws_formulas=False))
    for current in ("page", "true"):
        shown = entries.shown(library.papers, library.by_slug["c++"], "../../", current)
        badges = LexborHTMLParser(shown["html"]).css(".pd-entry a.pd-keypoint")
        assert [(badge.text(), badge.attributes["href"], badge.attributes.get("aria-current")) for badge in badges] == [
            ("world model", "../../keypoints/world-model.md", None),
            ("C++", "../../keypoints/c++.md", current),
        ]
        assert ("entries" in shown) == (replaced is not None)
        assert [entry["title"] for entry in shown.get("entries", ())] == (["T & U"] if replaced else [])
