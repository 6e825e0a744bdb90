"""Accessible as far as a machine can tell: axe finds no violation on any kind of page, in any theme, light or dark, wide or narrow.

Themes have violations of their own. A page without the plugin shows which: those are passed over, one by one, not their rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from chromium import served
from conftest import TWO_MONTHS, make_builder

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
pytest.importorskip("axe_playwright_python", reason="needs the Python package axe-playwright-python")

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
OURS = ".pd-paper .pd-papers .pd-page .pd-entries .pd-index .pd-moved .pd-months".split()
THEMES: dict[str, Any] = {
    "material": {"name": "material", "font": False, "palette": {"scheme": "default"}},
    "mkdocs": {"name": "mkdocs", "color_mode": "auto", "user_color_mode_toggle": True, "highlightjs": False},
    "readthedocs": {"name": "readthedocs", "highlightjs": False},
}
DARK = {
    "material": "document.body.setAttribute('data-md-color-scheme', 'slate')",
    "mkdocs": "document.documentElement.setAttribute('data-bs-theme', 'dark')",
}
LOOKS = [(theme, mode) for theme in THEMES for mode in ("light", "dark") if mode == "light" or theme in DARK]
PAGES = ["202405/", "table/", "keypoints/", "keypoints/world-model/", "about/", "papers/", "trends/", "months/"]
TABLE = """# Table

| Title | Keywords | Figure |
|---|---|---|
| A Fourth Paper [paper](https://arxiv.org/abs/2405.00003) | world model; Gait | ![](pic.svg) |
| A Fifth Paper [paper](https://arxiv.org/abs/2405.00004) | Gait; C++ | <img src="pic.svg"> |
"""
DOCS: dict[str, str | bytes] = {
    **{name: text.replace("https://example.org/a.png", "pic.svg") for name, text in TWO_MONTHS.items()},
    "table.md": TABLE,
    "about.md": "# About\n\n## Papers\n\n<!-- paperdigest:recent limit=2 -->\n\n## Keypoints\n\n<!-- paperdigest:keypoints -->\n",
    "pic.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><path d='M0 0H300V200Z'/></svg>",
    "../keypoints.yml": "World Model:\n  group: Worlds\n  colour: green\n  description: What *moves*.\nCamera Control:\n  parent: World Model\n",
    "../paperdigest.lock": "papers:\n  202405/a-second-paper: [old/a, 202406/b]\n",
}
PLAIN = {
    "index.md": "# Home\n\nA [link](index.md) in a text.\n\n## Part\n\n- [link](index.md)\n\n### Parts of it\n\n`code`\n\n"
    "| a | b |\n|---|---|\n| [link](index.md) | c |\n| [link](index.md) | c |\n"
}

Violation = tuple[str, str, str]
"""A rule, the selector of what violates it, and the two colours if it is about those."""

RUN = """async context => {
  const { violations } = await axe.run(context || document, { resultTypes: ["violations"] });
  return violations.flatMap(rule => rule.nodes.map(node => {
    const colours = node.any.map(check => check.data && check.data.fgColor && `${check.data.fgColor} on ${check.data.bgColor}`);
    return [rule.id, node.target.join(" "), colours.filter(Boolean).join()];
  }));
}"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    build = make_builder(tmp_path_factory.mktemp("axe"))
    found = {}
    for name, theme in THEMES.items():
        found[name] = build(DOCS, {"keep_tables": True}, theme=theme, folder=name).site
        found[f"plain {name}"] = build(PLAIN, None, theme=theme, folder=f"plain {name}").site
    return found


def violations(page: playwright.Page, context: object = None) -> set[Violation]:
    page.evaluate(AXE)
    return {tuple(found) for found in page.evaluate(RUN, context)}


@contextmanager
def looking(browser: playwright.Browser, theme: str, mode: str, width: int) -> Iterator[Any]:
    """A function that opens an address in a look."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()

    def opened(address: str) -> playwright.Page:
        page.goto(address, wait_until="networkidle")
        page.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important }")
        if mode == "dark":
            page.evaluate(DARK[theme])
        return page

    yield opened
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(("theme", "mode"), LOOKS)
def test_no_page_has_a_violation(
    browser: playwright.Browser, sites: dict[str, Path], theme: str, mode: str, width: int
) -> None:
    with (
        served(sites[theme]) as root,
        served(sites[f"plain {theme}"]) as plain,
        looking(browser, theme, mode, width) as opened,
    ):
        theirs = violations(opened(plain))
        their_places = {(rule, place) for rule, place, _ in theirs}
        their_colours = {
            colours for _, place, colours in theirs if colours and re.search("(p|li|td.*) > a|code", place)
        }
        for path in PAGES:
            page = opened(root + path)
            inside = [[own] for own in OURS if page.locator(own).count()]
            assert inside, path
            context = None if theme == "material" else {"include": inside}
            page.locator("summary").evaluate_all("all => all.forEach(element => { element.parentElement.open = true })")
            if page.locator(".pd-copy").count():
                page.locator(".pd-copy").first.click()
            found = [(path, *one) for one in violations(page, context)]
            if page.locator("a.pd-figure").count():
                page.locator("a.pd-figure").first.click()
                found += [(path, *one) for one in violations(page, {"include": [["dialog"]]})]
            new = [one for one in found if one[1:3] not in their_places and one[3] not in their_colours]
            assert new == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_former_address_has_no_violation(browser: playwright.Browser, sites: dict[str, Path], width: int) -> None:
    text = (sites["material"] / "old" / "index.html").read_text(encoding="utf-8")
    with looking(browser, "material", "light", width) as opened:
        page = opened("about:blank")
        page.set_content(re.sub("<script.*?</script>|<meta http-equiv.*?>", "", text))  # else it leads on
        playwright.expect(page.locator("main a")).to_have_count(2)
        assert violations(page) == set()
