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
LOOKS = [(name, mode) for name in THEMES for mode in ("light", "dark") if mode == "light" or ALL[name].dark]
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


def opened(browser: playwright.Browser, address: str, theme: str, mode: str, width: int) -> playwright.Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
    page.goto(address)
    page.add_style_tag(content="* { transition: none !important }")  # Material fades from one palette to the other
    if mode == "dark":
        page.evaluate(str(ALL[theme].dark))
    return page


@pytest.mark.parametrize("width", [1280, 360, 320])
@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_overflows(
    browser: playwright.Browser, sites: dict[str, str], theme: str, kind: str, width: int
) -> None:
    page = opened(browser, sites[theme] + PAGES[kind], theme, "light", width)
    for summary in page.query_selector_all(f"{ALL[theme].content} summary"):
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = 0
    for badge in page.query_selector_all(".pd-keypoint"):
        box = badge.bounding_box()
        if box:
            shown += 1
            assert box["height"] >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    assert shown
    page.close()


@pytest.mark.parametrize(("theme", "mode"), LOOKS)
def test_text_can_be_read(browser: playwright.Browser, sites: dict[str, str], theme: str, mode: str) -> None:
    ours = ".pd-keypoint, .pd-place, .pd-label, .pd-facts, .pd-count, .pd-tag, .pd-also, .pd-paper p"  # links have the theme's colour
    for kind, path in PAGES.items():
        page = opened(browser, sites[theme] + path, theme, mode, 1280)
        measured = page.eval_on_selector_all(ours, f"all => all.map(e => [({CONTRAST})(e), e.textContent])")
        assert measured
        assert [text for contrast, text in measured if contrast < 4.5] == [], kind
        page.close()


@pytest.mark.parametrize(("theme", "mode"), LOOKS)
def test_papers_look_like_papers(browser: playwright.Browser, sites: dict[str, str], theme: str, mode: str) -> None:
    page = opened(browser, sites[theme] + PAGES["digest"], theme, mode, 1280)
    first = page.locator(".pd-paper").first
    badge = first.locator(".pd-keypoint").first
    assert badge.evaluate("e => getComputedStyle(e).borderRadius") != "0px"
    assert 11 <= badge.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") <= 14
    size = first.locator(".pd-figure").bounding_box()
    assert size
    assert (size["width"], size["height"]) == (160, 110)
    playwright.expect(first.locator("details .pd-field").first).not_to_be_visible()
    first.locator("summary").click()
    playwright.expect(first.locator("details .pd-field").first).to_be_visible()
    title = first.locator("h3").bounding_box()
    row = first.locator(".pd-keypoints").bounding_box()
    assert title
    assert row
    assert title["y"] + title["height"] <= row["y"]
    for path in (PAGES["index"], PAGES["keypoint"]):
        page.goto(sites[theme] + path)
        for item in page.query_selector_all(".pd-index > li, .pd-entries > li"):
            assert item.evaluate("e => getComputedStyle(e).listStyleType") == "none"
    assert page.locator(".pd-also q").first.evaluate("e => getComputedStyle(e, '::before').content") == "open-quote"
    page.close()


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
