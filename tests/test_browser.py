"""What a reader sees in Chromium: sizes, contrast, folding, keyboard, print; no overflow, no request elsewhere."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from conftest import PAPER, Builder, needed

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG = (
    PAPER
    + "\n### "
    + "Verylongtitlewithoutanyspace" * 9
    + "\n- `Keypoints:` "
    + "k" * 64
    + "; 汉字关键词"
    + "汉" * 40
    + "; 😀\n"
)
SCHEMES = ["default", "slate"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(build: Builder) -> Iterator[str]:
    docs = {
        "202405.md": LONG,
        "202406.md": PAPER.replace("202405", "202406"),
        "pic.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    }
    docs["202405.md"] = docs["202405.md"].replace("https://example.org/a.png", "pic.svg")
    folder = build(docs, theme={"name": "material", "font": False, "palette": {"scheme": "default"}}).site
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    program = needed("Chromium", "chromium", "chromium-browser", "google-chrome")
    with playwright.sync_playwright() as starter:
        running = starter.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


def opened(browser: playwright.Browser, url: str, width: int = 1280, scheme: str = "default") -> playwright.Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(url)
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    page.wait_for_timeout(400)  # Material fades from one palette to the other
    return page


CONTRAST = """element => {
  const luminance = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  let back = element;
  while (/, 0\\)$|transparent/.test(getComputedStyle(back).backgroundColor)) back = back.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(back).backgroundColor].map(luminance);
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 360, 320])
@pytest.mark.parametrize("path", ["", "202405/", "keypoints/", "keypoints/world-model/"])
def test_nothing_overflows(browser: playwright.Browser, site: str, path: str, width: int, scheme: str) -> None:
    page = opened(browser, site + path, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for badge in page.query_selector_all(".pd-keypoint"):
        box = badge.bounding_box()
        if box:
            assert box["height"] >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read(browser: playwright.Browser, site: str, scheme: str) -> None:
    for path in ("202405/", "keypoints/", "keypoints/world-model/"):
        page = opened(browser, site + path, scheme=scheme)
        for element in page.query_selector_all(".pd-keypoint, .pd-place, .pd-label, .pd-facts, .pd-count, .pd-tag"):
            assert element.evaluate(CONTRAST) >= 4.5, (path, element.inner_text())
        page.close()


def test_details_fold_and_open_by_keyboard(browser: playwright.Browser, site: str) -> None:
    page = opened(browser, site + "202405/")
    method = page.locator(".pd-paper details .pd-field").first
    assert not method.is_visible()
    page.locator(".pd-paper summary").first.focus()
    page.keyboard.press("Enter")
    method.wait_for(state="visible")
    page.close()


def test_print_shows_details_and_whole_badges(browser: playwright.Browser, site: str) -> None:
    page = opened(browser, site + "202405/")
    page.emulate_media(media="print")
    box = page.locator(".pd-paper details .pd-field").first.bounding_box()
    assert box
    assert box["height"] > 0
    page.close()


def test_a_badge_leads_to_its_page_and_back_to_the_paper(browser: playwright.Browser, site: str) -> None:
    page = opened(browser, site + "202405/")
    page.click("a.pd-keypoint >> text=World Model")
    page.wait_for_url(site + "keypoints/world-model/")
    page.click(".pd-title >> text=A Second Paper >> nth=1")
    page.wait_for_url(site + "202405/#a-second-paper")
    page.locator("#a-second-paper").wait_for(state="visible")
    page.close()


def test_figures_hold_their_place_before_they_arrive(browser: playwright.Browser, site: str) -> None:
    page = opened(browser, site + "202405/")
    box = page.locator(".pd-figure").first.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (160, 110)
    page.close()


def test_nothing_is_asked_for_elsewhere(browser: playwright.Browser, site: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "202405/", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    page.close()


def test_every_page_is_whole_without_javascript(browser: playwright.Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "keypoints/")
    assert page.locator(".pd-index > li a.pd-keypoint").count() >= 3
    page.goto(site + "keypoints/world-model/")
    assert page.locator(".pd-entry").count() == 4
    context.close()


def test_without_the_stylesheet_of_a_theme_nothing_is_lost(
    tmp_path: Path, build: Builder, browser: playwright.Browser
) -> None:
    for theme in ("mkdocs", "readthedocs"):
        folder = build(theme=theme, folder=theme).site
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto((folder / "202405" / "index.html").as_uri())
        assert page.locator("a.pd-keypoint").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()
