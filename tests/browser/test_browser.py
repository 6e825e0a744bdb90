"""What a reader does in Chromium: folding, keyboard, print, ways from page to page; no request elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import served
from conftest import PAPER, make_builder

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    docs = {
        "202405.md": PAPER.replace("https://example.org/a.png", "pic.svg"),
        "202406.md": PAPER.replace("202405", "202406").replace("2405.00001", "2406.00001"),
        "pic.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    }
    build = make_builder(tmp_path_factory.mktemp("site"))
    folder = build(docs, theme={"name": "material", "font": False, "palette": {"scheme": "default"}}).site
    with served(folder) as address:
        yield address


def test_details_fold_and_open_by_keyboard(tab: playwright.Page, site: str) -> None:
    tab.goto(site + "202405/")
    method = tab.locator(".pd-paper details .pd-field").first
    assert not method.is_visible()
    tab.locator(".pd-paper summary").first.focus()
    tab.keyboard.press("Enter")
    method.wait_for(state="visible")


def test_print_shows_details_and_whole_badges(tab: playwright.Page, site: str) -> None:
    tab.goto(site + "202405/")
    tab.emulate_media(media="print")
    box = tab.locator(".pd-paper details .pd-field").first.bounding_box()
    assert box
    assert box["height"] > 0


def test_a_badge_leads_to_its_page_and_back_to_the_paper(tab: playwright.Page, site: str) -> None:
    tab.goto(site + "202405/")
    tab.click("a.pd-keypoint >> text=World Model")
    tab.wait_for_url(site + "keypoints/world-model/")
    tab.click(".pd-title >> text=A Second Paper >> nth=1")
    tab.wait_for_url(site + "202405/#a-second-paper")
    tab.locator("#a-second-paper").wait_for(state="visible")


def test_figures_hold_their_place_before_they_arrive(tab: playwright.Page, site: str) -> None:
    tab.goto(site + "202405/")
    box = tab.locator(".pd-figure").first.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (160, 110)


def test_nothing_is_asked_for_elsewhere(fresh_tab: playwright.Page, site: str) -> None:
    asked: list[str] = []
    fresh_tab.on("request", lambda request: asked.append(request.url))
    fresh_tab.goto(site + "202405/", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


def test_every_page_is_whole_without_javascript(browser: playwright.Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "keypoints/")
    assert page.locator(".pd-index > li a.pd-keypoint").count() >= 3
    page.goto(site + "keypoints/world-model/")
    playwright.expect(page.locator(".pd-entry")).to_have_count(4)
    context.close()
