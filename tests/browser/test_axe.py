"""Accessible as far as a machine can tell: axe finds no violation on any kind of page, in any theme, light or dark, wide or narrow.

Themes have violations of their own. A page without the plugin shows which: those are passed over, one by one, not their rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
SCHEMES = {
    "material": (
        "document.body.setAttribute('data-md-color-scheme', 'default')",
        "document.body.setAttribute('data-md-color-scheme', 'slate')",
    ),
    "mkdocs": (
        "document.documentElement.setAttribute('data-bs-theme', 'light')",
        "document.documentElement.setAttribute('data-bs-theme', 'dark')",
    ),
    "readthedocs": ("0",),
}
"""What a page runs to be light and, where a theme has it, dark."""
WIDTHS = [1280, 360]
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

RUN = """async ([context, rules]) => {
  const runOnly = rules && { type: "rule", values: rules };
  const { violations } = await axe.run(context || document, { resultTypes: ["violations"], ...(runOnly && { runOnly }) });
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


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that depend on colours, of those that axe has on."""


def violations(page: playwright.Page, context: object = None, *, colours: bool = False) -> set[Violation]:
    """What axe, which the page has, finds wrong on it, or in a part of it: all, or what depends on colours."""
    return {tuple(found) for found in page.evaluate(RUN, [context, COLOURS if colours else None])}


def opened(tab: playwright.Page, address: str) -> None:
    tab.goto(address, wait_until="load")
    tab.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important }")
    tab.evaluate(AXE)


def looks(tab: playwright.Page, theme: str) -> Iterator[tuple[int, str]]:
    """Show the page that is open in every width, light and dark."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES[theme]:
            tab.evaluate(scheme)
            yield width, scheme


def is_other_scheme(look: tuple[int, str], theme: str) -> bool:
    """Whether a look differs from the one before in its colours alone."""
    return look[1] != SCHEMES[theme][0]


@dataclass
class Theirs:
    """What a theme itself does wrong, by look: the places of each rule, and the colours of links and code."""

    root: str
    places: dict[tuple[int, str], set[tuple[str, str]]]
    colours: dict[tuple[int, str], set[str]]


@pytest.fixture(scope="module")
def theirs(
    request: pytest.FixtureRequest, shared_tab: playwright.Page, sites: dict[str, Path]
) -> Iterator[tuple[str, Theirs]]:
    """A theme: its name and what is wrong without the plugin, while its site is served."""
    theme = request.param
    shared_tab.emulate_media(reduced_motion="reduce")
    found = Theirs("", {}, {})
    with served(sites[f"plain {theme}"]) as plain:
        opened(shared_tab, plain)
        for look in looks(shared_tab, theme):
            wrong = violations(shared_tab, colours=is_other_scheme(look, theme))
            found.places[look] = {(rule, place) for rule, place, _ in wrong}
            found.colours[look] = {
                colours for _, place, colours in wrong if colours and re.search("(p|li|td.*) > a|code", place)
            }
    with served(sites[theme]) as found.root:
        yield theme, found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theirs", THEMES, indirect=True)
def test_no_page_has_a_violation(shared_tab: playwright.Page, theirs: tuple[str, Theirs], path: str) -> None:
    page = shared_tab
    theme, known = theirs
    opened(page, known.root + path)
    inside = [[own] for own in OURS if page.locator(own).count()]
    assert inside
    context = None if theme == "material" else {"include": inside}
    page.locator("summary").evaluate_all("all => all.forEach(element => { element.parentElement.open = true })")
    for look in looks(page, theme):
        if page.locator(".pd-copy").count():
            page.locator(".pd-copy").first.click()
        page.mouse.move(0, 0)  # a row of a table has a colour of the theme's under the mouse
        colours = is_other_scheme(look, theme)
        found = violations(page, context, colours=colours)
        if page.locator("a.pd-figure").count():
            page.locator("a.pd-figure").first.click()
            found |= violations(page, {"include": [["dialog"]]}, colours=colours)
            page.keyboard.press("Escape")
            playwright.expect(page.locator("dialog")).to_have_count(0)
        new = [one for one in found if one[:2] not in known.places[look] and one[2] not in known.colours[look]]
        assert new == [], look


def test_a_former_address_has_no_violation(shared_tab: playwright.Page, sites: dict[str, Path]) -> None:
    page = shared_tab
    text = (sites["material"] / "old" / "index.html").read_text(encoding="utf-8")
    page.goto("about:blank")
    page.set_content(re.sub("<script.*?</script>|<meta http-equiv.*?>", "", text))  # else it leads on
    page.evaluate(AXE)
    playwright.expect(page.locator("main a")).to_have_count(2)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == set()
