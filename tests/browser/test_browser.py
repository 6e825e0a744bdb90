"""What a reader does in Chromium: folding, keyboard, print, ways from page to page; no request elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import served
from conftest import PAPER, Builder

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")


@pytest.fixture
def site(build: Builder) -> Iterator[str]:
    docs = {
        "202405.md": PAPER.replace("https://example.org/a.png", "pic.svg"),
        "202406.md": PAPER.replace("202405", "202406").replace("2405.00001", "2406.00001"),
        "pic.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    }
    folder = build(docs, theme={"name": "material", "font": False, "palette": {"scheme": "default"}}).site
    with served(folder) as address:
        yield address


def opened(browser: playwright.Browser, url: str, width: int = 1280, scheme: str = "default") -> playwright.Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(url)
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    page.wait_for_timeout(400)  # Material fades from one palette to the other
    return page


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
    playwright.expect(page.locator(".pd-entry")).to_have_count(4)
    context.close()
