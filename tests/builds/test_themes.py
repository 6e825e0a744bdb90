"""Every theme: what its reader sees of badges, papers, lists; overriding templates and styles.

`THEMES` in the environment names the themes to test, since not all of them can be installed together.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from chromium import CONTRAST, served
from conftest import PAPER, ROOT, Builder, make_builder, texts, write
from crawl import broken_links
from github import html_errors
from jinja2 import Environment, meta
from selectolax.lexbor import LexborHTMLParser

pytestmark = pytest.mark.versions

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")


@dataclass(frozen=True)
class Theme:
    """A theme: its settings, where its content stands, and how its dark mode is switched on (None without one)."""

    content: str
    search: str = "search"
    settings: dict[str, Any] = field(default_factory=dict)
    dark: str | None = None


PALETTE = "document.body.setAttribute('data-md-color-scheme', 'slate')"
ALL = {
    "material": Theme("article", "search", {"font": False, "palette": {"scheme": "default"}}, PALETTE),
    "materialx": Theme("article", "materialx/search", {"font": False, "palette": {"scheme": "default"}}, PALETTE),
    "mkdocs": Theme("[role=main]", "search", {"color_mode": "auto", "user_color_mode_toggle": True},
                    "document.documentElement.setAttribute('data-bs-theme', 'dark')"),
    "readthedocs": Theme("[role=main]", "search"),
}  # fmt: skip
THEMES = os.environ.get("THEMES", "material mkdocs readthedocs").split()
PAGES = {
    "home": "",
    "digest": "202405/",
    "index": "keypoints/",
    "keypoint": "keypoints/world-model/",
    "markers": "about/",
}
LONG = "Verylongtitlewithoutanyspace" * 9
DOCS: dict[str, str | bytes] = {
    "202405.md": PAPER.replace("https://example.org/a.png", "pic.svg")
    + f"\n### {LONG}\n- `Keypoints:` {'k' * 64}; 汉字关键词{'汉' * 40}; 😀; World Model\n- `Objective:` `{'code' * 40}`\n",
    "202406.md": PAPER.replace("202405", "202406").replace("First", "Third").replace("2405.00001", "2406.00001"),
    "about.md": "# About\n\n<!-- paperdigest:recent limit=2 -->\n\n<!-- paperdigest:keypoints -->\n",
    "pic.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
}


def built(build: Builder, theme: str, **options: Any) -> Path:
    settings = {"name": theme, **ALL[theme].settings, **options.pop("settings", {})}
    # MaterialX runs an event loop in its build, and Chromium's driver already runs one in this thread.
    options["process"] = theme == "materialx"
    return build(options.pop("docs", DOCS), theme=settings, plugins=[ALL[theme].search], **options).site


def content(site: Path, theme: str, page: str) -> LexborHTMLParser:
    found = LexborHTMLParser((site / page / "index.html").read_text(encoding="utf-8")).css_first(ALL[theme].content)
    assert found is not None
    return LexborHTMLParser(found.html or "", is_fragment=True)


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_is_whole(build: Builder, theme: str) -> None:
    site = built(build, theme)
    assert broken_links(site) == []
    digest = content(site, theme, "202405")
    assert [title.rstrip("¶#") for title in texts(digest, ".pd-paper h3")][:2] == [
        "A First Paper: On Things",
        "A Second Paper",
    ]
    assert digest.css_first("a.pd-keypoint").attributes["href"] == "../keypoints/world-model/"
    assert texts(content(site, theme, "keypoints"), ".pd-index > li")[0] == "World Model 5"
    assert texts(content(site, theme, "keypoints/world-model"), "h2")[:2] == ["June 2024 2", "May 2024 3"]
    assert texts(content(site, theme, "."), ".pd-entry .pd-title")[0] == "A Third Paper: On Things"
    assert len(content(site, theme, "about").css(".pd-entry")) == 2
    page = (site / "202405" / "index.html").read_text(encoding="utf-8")
    assert html_errors("".join(node.html for node in digest.css(".pd-paper"))) == []
    assert page.count("assets/paperdigest/paperdigest.css") == 1
    if theme in ("material", "materialx"):
        beside = texts(LexborHTMLParser(page), ".md-nav--secondary .md-nav__link")
    else:
        beside = texts(LexborHTMLParser(page), "#toc-collapse a, .wy-menu a")
    assert ("A Second Paper" if theme.startswith("material") else "World Models") in beside


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Every theme's site, served: name → address."""
    with ExitStack() as stack:
        yield {
            theme: stack.enter_context(served(built(make_builder(tmp_path_factory.mktemp(theme)), theme)))
            for theme in THEMES
        }


@dataclass(frozen=True)
class Shown:
    """A page of a theme that is open; its colours and its width are what a test makes of them."""

    tab: playwright.Page
    theme: str
    kind: str

    def look(self, mode: str = "light", width: int = 1280) -> None:
        self.tab.set_viewport_size({"width": width, "height": 900})
        if dark := ALL[self.theme].dark:
            self.tab.evaluate(dark if mode == "dark" else dark.replace("slate", "default").replace("'dark'", "'light'"))


def of(*kinds: str) -> pytest.MarkDecorator:
    """A case for each theme and each of these kinds of page."""
    pages = [(theme, kind) for theme in THEMES for kind in kinds]
    return pytest.mark.parametrize("shown", pages, indirect=True, ids="-".join)


@pytest.fixture(scope="module")
def shown(request: pytest.FixtureRequest, shared_tab: playwright.Page, sites: dict[str, str]) -> Shown:
    """Each kind of page in each theme, opened once for all tests."""
    theme, kind = request.param
    shared_tab.goto(sites[theme] + PAGES[kind])
    shared_tab.add_style_tag(content="* { transition: none !important }")  # Material fades between its palettes
    return Shown(shared_tab, theme, kind)


BOXES = """all => all.filter(badge => badge.getClientRects().length).map(badge => {
  const { x, width, height } = badge.getBoundingClientRect();
  return [x, x + width, height];
})"""


def modes(theme: str) -> list[str]:
    return ["light", "dark"] if ALL[theme].dark else ["light"]


@of(*PAGES)
def test_text_can_be_read(shown: Shown) -> None:
    ours = ".pd-keypoint, .pd-place, .pd-label, .pd-facts, .pd-count, .pd-tag, .pd-also, .pd-paper p"  # links have the theme's colour
    for mode in modes(shown.theme):
        shown.look(mode)
        measured = shown.tab.eval_on_selector_all(ours, f"all => all.map(e => [({CONTRAST})(e), e.textContent])")
        assert measured
        assert [text for contrast, text in measured if contrast < 4.5] == [], mode


@of("digest")
def test_papers_look_like_papers(shown: Shown) -> None:
    for mode in modes(shown.theme):
        shown.look(mode)
        first = shown.tab.locator(".pd-paper").first
        badge = first.locator(".pd-keypoint").first
        assert badge.evaluate("e => getComputedStyle(e).borderRadius") != "0px"
        assert 11 <= badge.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") <= 14
        size = first.locator(".pd-figure").bounding_box()
        assert size
        assert (size["width"], size["height"]) == (160, 110)
        playwright.expect(first.locator("details .pd-field").first).not_to_be_visible()
        first.locator("summary").click()
        playwright.expect(first.locator("details .pd-field").first).to_be_visible()
        first.locator("summary").click()  # folded again, for the next mode
        title = first.locator("h3").bounding_box()
        row = first.locator(".pd-keypoints").bounding_box()
        assert title
        assert row
        assert title["y"] + title["height"] <= row["y"]


@of("index", "keypoint")
def test_lists_look_like_lists_of_ours(shown: Shown) -> None:
    for mode in modes(shown.theme):
        shown.look(mode)
        styles = shown.tab.eval_on_selector_all(
            ".pd-index > li, .pd-entries > li", "all => all.map(e => getComputedStyle(e).listStyleType)"
        )
        assert set(styles) == {"none"}
        if shown.kind == "keypoint":
            quoted = shown.tab.locator(".pd-also q").first
            assert quoted.evaluate("e => getComputedStyle(e, '::before').content") == "open-quote"


@of(*PAGES)
def test_nothing_overflows(shown: Shown) -> None:
    """The last test of a page, which it leaves unfolded."""
    shown.look()
    for summary in shown.tab.query_selector_all(f"{ALL[shown.theme].content} details:not([open]) > summary"):
        summary.click()
    for width in (1280, 360, 320):
        shown.look(width=width)
        assert shown.tab.evaluate("document.documentElement.scrollWidth") <= width
        boxes = shown.tab.eval_on_selector_all(".pd-keypoint", BOXES)
        assert boxes
        for left, right, height in boxes:
            assert height >= 24
            assert left >= 0
            assert right <= width


@pytest.mark.parametrize("theme", THEMES)
def test_search_finds_a_paper_at_its_place_alone(build: Builder, theme: str) -> None:
    site = built(build, theme)
    if theme == "materialx":  # Pagefind reads the finished pages
        fragments = [gzip.decompress(path.read_bytes()).decode() for path in (site / "search").rglob("*.pf_fragment")]
        entries = [json.loads(text[text.index("{") :]) for text in fragments]
        found = {entry["url"] for entry in entries if "Third Paper" in entry["content"]}
        assert found == {"/202406/index.html"}
        assert any(
            "world-model" in e["content"] or "World Model" in e["content"] for e in entries if "keypoints/" in e["url"]
        )
    else:
        entries = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
        found = {e["location"].partition("#")[0] for e in entries if "Third Paper" in e["title"] + e["text"]}
        assert found == {"202406/"}


@pytest.mark.parametrize("theme", THEMES)
def test_templates_and_styles_can_be_replaced(build: Builder, tmp_path: Path, theme: str) -> None:
    guide = (ROOT / "example_site" / "docs" / "guide" / "themes.md").read_text(encoding="utf-8")
    template = re.search(r"```html\+jinja\n(.*?)```", guide, re.DOTALL)
    assert template
    overrides = {
        "paperdigest/entry.html": template[1],
        "assets/paperdigest/paperdigest.css": ".pd-paper { color: red }",
    }
    write(tmp_path / "project" / "overrides", dict(overrides))
    site = built(build, theme, settings={"custom_dir": "overrides"})
    page = content(site, theme, "keypoints/world-model")
    assert texts(page, ".pd-entry .pd-title")[0] == "A Third Paper: On Things"
    assert page.css(".pd-entry .pd-keypoint") == []
    assert (site / "assets/paperdigest/paperdigest.css").read_text(encoding="utf-8") == ".pd-paper { color: red }"


def test_the_guide_lists_every_template_with_its_variables_and_every_property() -> None:
    guide = (ROOT / "example_site" / "docs" / "guide" / "themes.md").read_text(encoding="utf-8")
    package = ROOT / "mkdocs_paperdigest" / "templates"
    rows = dict(re.findall(r"^\| `([\w-]+\.html)` \|(.*)\|$", guide, re.MULTILINE))
    templates = {path.name: path.read_text(encoding="utf-8") for path in (package / "paperdigest").glob("*.html")}
    assert set(rows) == set(templates)
    for name, template in templates.items():
        tree = Environment(autoescape=True).parse(template)
        for variable in meta.find_undeclared_variables(tree) - {"words"}:  # all of them know it
            assert f"`{variable}`" in rows[name], (name, variable)
    sheets = [package / "assets/paperdigest" / f"{name}.css" for name in ("paperdigest", "trends")]
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    properties = set(re.findall(r"--pd-[\w-]+", style)) - {"--pd-icon", "--pd-cell", "--pd-cell-fg"}
    assert properties == set(re.findall(r"--pd-[\w-]+", "".join(re.findall(r"^\| `--pd.*", guide, re.MULTILINE))))
