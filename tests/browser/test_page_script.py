"""What the scripts of a page do in Chromium: links copied, figures opened large, the index of keypoints filtered, former addresses left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from chromium import POLICY, heard, new_tab, served
from conftest import TWO_MONTHS, Builder, make_builder, write
from selectolax.lexbor import LexborHTMLParser

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")

MATERIAL = {"name": "material", "font": False, "palette": {"scheme": "default"}, "features": ["navigation.instant"]}
PLAIN = {"highlightjs": False}  # it would come from another host
THEMES: dict[str, Any] = {
    "material": MATERIAL,
    "mkdocs": {"name": "mkdocs", **PLAIN},
    "readthedocs": {"name": "readthedocs", **PLAIN},
}
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><path d='M0 0H300V200Z'/></svg>"
DOCS: dict[str, str | bytes] = {
    **{name: text.replace("https://example.org/a.png", "pic.svg") for name, text in TWO_MONTHS.items()},
    "pic.svg": PICTURE,
}
FIRST = "202405/#a-first-paper-on-things"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A site for each theme, one without the plugin for each, and `offline`, which is Chinese."""
    folder = tmp_path_factory.mktemp("sites")
    build = make_builder(folder)
    docs = {**DOCS, "../paperdigest.lock": "papers:\n  202405/a-second-paper: [old/a, old/a-first-paper]\n"}
    found = {name: build(docs, theme=theme, folder=name).site for name, theme in THEMES.items()}
    for name, theme in THEMES.items():
        found[f"plain {name}"] = build(DOCS, None, theme=theme, folder=f"plain {name}").site
    chinese = {**MATERIAL, "language": "zh"}
    found["offline"] = build(DOCS, theme=chinese, plugins=["search", "offline"], folder="offline").site
    return found


@pytest.fixture(scope="module")
def sites(folders: dict[str, Path]) -> Iterator[dict[str, str]]:
    """The addresses of the sites that are served."""
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(served(folder)) for name, folder in folders.items()}
        for name in ("material", "plain material"):
            # Instant navigation asks the sitemap which addresses are the site's own.
            pages = ["", "202405/", "202406/", "keypoints/", "keypoints/world-model/", "keypoints/camera-control/"]
            urls = "".join(f"<url><loc>{addresses[name]}{path}</loc></url>" for path in pages)
            head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            write(folders[name], {"sitemap.xml": f"{head}{urls}</urlset>"})
        yield addresses


@contextmanager
def opened(page: playwright.Page, address: str) -> Iterator[playwright.Page]:
    """The page at an address. No script of ours may fail."""
    faults: list[str] = []
    with heard(page, "pageerror", lambda error: faults.append(error.stack or error.message)):
        page.goto(address)
        yield page
    assert [fault for fault in faults if "paperdigest/" in fault] == []


@pytest.fixture(scope="module")
def without_scripts(browser: playwright.Browser) -> Iterator[playwright.Page]:
    """A page that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def pasted(page: playwright.Page) -> str:
    """What is in the clipboard, however it came there."""
    page.evaluate("document.body.append(document.createElement('textarea'))")
    field = page.locator("body > textarea")
    field.focus()
    page.keyboard.press("Control+V")
    text = field.input_value()
    field.evaluate("element => element.remove()")
    return text


# -- the foot of a paper


@pytest.mark.parametrize("theme", THEMES)
def test_a_papers_link_is_copied(fresh_tab: playwright.Page, sites: dict[str, str], theme: str) -> None:
    with opened(fresh_tab, f"{sites[theme]}202405/?from=here#elsewhere") as page:
        page.clock.install()
        assert page.locator(".pd-permalink + .pd-copy").count() == page.locator(".pd-paper").count() == 2
        foot = page.locator(".pd-foot").nth(1)
        foot.get_by_role("button", name="Copy link").click()
        status = foot.get_by_role("status")
        playwright.expect(status).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == f"{sites[theme]}202405/#a-second-paper"
        page.clock.fast_forward(2001)
        playwright.expect(status).to_have_text("")


WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"


def test_a_link_is_copied_by_keyboard_and_without_a_clipboard(
    fresh_tab: playwright.Page, sites: dict[str, str]
) -> None:
    fresh_tab.add_init_script(WITHOUT_CLIPBOARD)
    with opened(fresh_tab, sites["mkdocs"] + "202405/") as page:
        page.locator(".pd-permalink").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        playwright.expect(page.locator(".pd-foot [role=status]").first).to_have_text("Copied")
        assert page.evaluate("document.activeElement.className") == "pd-copy"
        playwright.expect(page.locator(".pd-foot textarea")).to_have_count(0)
        assert pasted(page) == sites["mkdocs"] + FIRST


def test_a_link_that_cannot_be_copied_is_shown(fresh_tab: playwright.Page, sites: dict[str, str]) -> None:
    refuse = WITHOUT_CLIPBOARD + "document.execCommand = () => false;"
    fresh_tab.add_init_script(refuse)
    with opened(fresh_tab, sites["mkdocs"] + "202405/") as page:
        said: list[str] = []

        def answer(dialog: playwright.Dialog) -> None:
            said.append(dialog.default_value)
            dialog.dismiss()

        page.on("dialog", answer)
        page.locator(".pd-copy").first.click()
        assert said == [sites["mkdocs"] + FIRST]
        playwright.expect(page.locator(".pd-foot [role=status]").first).to_have_text("")


def test_a_folder_has_it_all(tab: playwright.Page, folders: dict[str, Path]) -> None:
    """The scripts work from `file:`, in the words of the site's language."""
    address = (folders["offline"] / "202405.html").as_uri()
    with opened(tab, address) as page:
        page.locator(".pd-foot").first.get_by_role("button", name="复制链接").click()
        playwright.expect(page.locator(".pd-foot [role=status]").first).to_have_text("已复制")
        assert pasted(page) == f"{address}#a-first-paper-on-things"
        page.locator("a.pd-figure").first.click()
        page.get_by_role("dialog", name="plot").get_by_role("button", name="关闭").click()
        playwright.expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
def test_related_papers_stand_below_a_paper(folders: dict[str, Path], theme: str) -> None:
    page = LexborHTMLParser((folders[theme] / "202405" / "index.html").read_text(encoding="utf-8"))
    first, second = page.css(".pd-paper > .pd-foot")
    (related,) = first.css("li")
    assert related.css_first("a").attributes["href"] == "../202406/#a-third-paper-on-things"
    assert " ".join(related.text().split()) == "A Third Paper: On Things · June 2024 · shares Camera Control"
    assert second.css_first(".pd-permalink").attributes["href"] == "#a-second-paper"
    assert page.css(".pd-foot:not(.pd-ui)") == page.css("button.pd-copy") == []


@pytest.mark.parametrize("theme", THEMES)
def test_print_leaves_the_buttons_out(tab: playwright.Page, sites: dict[str, str], theme: str) -> None:
    with opened(tab, sites[theme] + "202405/") as page:
        page.emulate_media(media="print")
        playwright.expect(page.locator(".pd-foot li").first).to_be_visible()
        playwright.expect(page.locator(".pd-copy").first).not_to_be_visible()
        playwright.expect(page.locator(".pd-permalink").first).not_to_be_visible()
        playwright.expect(page.locator(".pd-paper details .pd-field").first).to_be_visible()


def test_details_open_for_a_printer_that_the_styles_cannot_tell(
    fresh_tab: playwright.Page, sites: dict[str, str]
) -> None:
    fresh_tab.add_init_script("CSS.supports = () => false;")
    with opened(fresh_tab, sites["mkdocs"] + "202405/") as page:
        details = page.locator(".pd-paper details")
        opens = "elements => elements.map(element => element.open)"
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert details.evaluate_all(opens) == [True]
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert details.evaluate_all(opens) == [False]


@pytest.mark.parametrize("theme", THEMES)
def test_focus_and_borders_are_seen(tab: playwright.Page, sites: dict[str, str], theme: str) -> None:
    outline = "element => [getComputedStyle(element).outlineStyle, parseFloat(getComputedStyle(element).outlineWidth)]"
    edge = """element => {
      const style = getComputedStyle(element);
      return [style.borderTopColor, getComputedStyle(document.body).backgroundColor, parseFloat(style.borderTopWidth)];
    }"""
    with opened(tab, sites[theme] + "202405/") as page:
        page.emulate_media(forced_colors="active")
        page.locator(".pd-foot li a").first.focus()
        for own in (".pd-permalink", ".pd-copy"):
            page.keyboard.press("Tab")
            focused = page.locator(f"{own}:focus")
            assert focused.evaluate(outline) == ["solid", 2]
        border, behind, width = page.locator(".pd-copy").first.evaluate(edge)
        assert border != behind
        assert width >= 1
        page.locator("a.pd-figure").first.focus()
        page.keyboard.press("Enter")
        close = page.locator("dialog button:focus")
        assert close.evaluate(outline) == ["solid", 2]
        border, behind, width = close.evaluate(edge)
        assert border != behind
        assert width >= 1


# -- figures


@pytest.mark.parametrize("theme", THEMES)
def test_a_figure_opens_large(tab: playwright.Page, sites: dict[str, str], theme: str) -> None:
    with opened(tab, sites[theme] + "202405/") as page:
        for by in ("Escape", "button", "backdrop"):
            a_figure_opens_large(page, sites[theme], by)


def a_figure_opens_large(page: playwright.Page, root: str, by: str) -> None:
    link = page.locator("a.pd-figure").first
    link.click()
    dialog = page.get_by_role("dialog", name="plot")
    assert dialog.evaluate("element => element.matches(':modal')")
    picture = dialog.get_by_role("img", name="plot")
    assert picture.evaluate("element => element.src") == root + "pic.svg"
    playwright.expect(picture).to_have_js_property("naturalWidth", 300)
    playwright.expect(dialog.locator("p")).to_have_text("plot")
    picture.click()  # not its end
    match by:
        case "Escape":
            page.keyboard.press("Escape")
        case "button":
            dialog.get_by_role("button", name="Close").click()
        case _:
            page.mouse.click(3, 3)
    playwright.expect(page.locator("dialog")).to_have_count(0)
    assert link.evaluate("element => element === document.activeElement")
    assert page.url == root + "202405/"


def test_a_figure_opens_by_keyboard(tab: playwright.Page, sites: dict[str, str]) -> None:
    with opened(tab, sites["material"] + "202405/") as page:
        for _ in range(2):
            page.locator("a.pd-figure").first.focus()
            page.keyboard.press("Enter")
            playwright.expect(page.locator("dialog")).to_have_count(1)
            assert page.evaluate("document.activeElement.textContent") == "Close"
            page.keyboard.press("Enter")
            playwright.expect(page.locator("dialog")).to_have_count(0)
            assert page.evaluate("document.activeElement.matches('a.pd-figure')")


def test_a_figure_opens_in_a_tab_of_its_own_where_that_is_asked_for(
    tab: playwright.Page, sites: dict[str, str]
) -> None:
    with opened(tab, sites["mkdocs"] + "202405/") as page:
        with page.context.expect_page() as new:
            page.locator("a.pd-figure").first.click(modifiers=["ControlOrMeta"])
        assert new.value.url == sites["mkdocs"] + "pic.svg"
        playwright.expect(page.locator("dialog")).to_have_count(0)


def test_a_figure_leads_to_its_picture_without_scripts(without_scripts: playwright.Page, sites: dict[str, str]) -> None:
    with opened(without_scripts, sites["material"] + "202405/") as page:
        playwright.expect(page.locator(".pd-copy")).to_have_count(0)
        playwright.expect(page.locator(".pd-permalink").first).to_be_visible()
        page.locator("a.pd-figure").first.click()
        page.wait_for_url(sites["material"] + "pic.svg")


def test_figures_are_left_to_glightbox(build: Builder, tab: playwright.Page) -> None:
    site = build(DOCS, theme=MATERIAL, plugins=["search", "glightbox"]).site
    with served(site) as address, opened(tab, address + "202405/") as page:
        page.locator(".pd-figure img").first.click()
        page.locator(".glightbox-container").wait_for()
        playwright.expect(page.locator("dialog")).to_have_count(0)


# -- from page to page


def test_instant_navigation(tab: playwright.Page, sites: dict[str, str]) -> None:
    root = sites["material"]
    with opened(tab, root + "202405/") as page:
        page.wait_for_load_state("networkidle")
        page.evaluate("window.stayed = true")
        for month, title in [("06", "third"), ("05", "first"), ("06", "third")]:
            page.locator(f".pd-foot a[href*='2024{month}/']").first.click()
            page.wait_for_url(f"{root}2024{month}/#*")
            page.locator(f"#a-{title}-paper-on-things").wait_for()
            playwright.expect(page.locator(".pd-copy")).to_have_count(6)  # a link, a reference, and BibTeX of each
            foot = page.locator(".pd-foot").nth(1)
            foot.get_by_role("button", name="Copy link").click()
            playwright.expect(foot.get_by_role("status")).to_have_text("Copied")
            assert page.evaluate("navigator.clipboard.readText()") == f"{root}2024{month}/#a-second-paper"
            page.locator("a.pd-figure").first.click()
            playwright.expect(page.locator("dialog")).to_have_count(1)
            page.keyboard.press("Escape")
        page.locator("a.pd-figure").first.click()
        page.go_back()
        page.wait_for_url(f"{root}202405/#*")
        playwright.expect(page.locator("dialog")).to_have_count(0)
        assert page.evaluate("window.stayed")


# -- the index of keypoints


INDEX = {
    "202404.md": "# 202404\n\n### A\n- `Keypoints:` Motion; Zebra; Café Scenes\n\n### B\n- `Keypoints:` Motion; Zebra; Gait\n",
    "202405.md": "# 202405\n\n### C\n- `Keypoints:` Zebra; apple; Motion 10; Gait\n\n### D\n- `Keypoints:` apple; Motion 9\n",
    "../keypoints.yml": "Motion: {}\nGait:\n  parent: Motion\n",
}
"""Motion with Gait below it; then Zebra (3 papers) and apple (2); then what is used once: Café Scenes, Motion 9, Motion 10."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = make_builder(tmp_path_factory.mktemp("index"))(INDEX, theme=THEMES["mkdocs"]).site
    with served(site) as address:
        yield address


def rows(page: playwright.Page) -> list[list[str]]:
    """The names that are shown of each list of the index."""
    return page.locator(".pd-page > .pd-index, .pd-once > .pd-index").evaluate_all(
        """lists => lists.map(list => [...list.querySelectorAll(".pd-keypoint")]
          .filter(badge => badge.checkVisibility()).map(badge => badge.textContent))"""
    )


def test_the_index_is_filtered(tab: playwright.Page, index: str) -> None:
    with opened(tab, index + "keypoints/") as page:
        whole = [["Motion", "Gait"], ["Zebra", "apple"], []]
        assert rows(page) == whole
        box = page.get_by_role("searchbox", name="Filter keypoints")
        status = page.locator(".pd-filter [role=status]")
        other = page.get_by_role("heading", name="Other keypoints")
        for text, shown, said in [
            ("gai", [["Motion", "Gait"], [], []], "1 of 7 shown"),  # with what it is below
            ("MOTION", [["Motion"], [], ["Motion 10", "Motion 9"]], "3 of 7 shown"),
            ("cafe  s", [[], [], ["Café Scenes"]], "1 of 7 shown"),
            ("zebra x", [[], [], []], "0 of 7 shown"),
            ("ze", [[], ["Zebra"], []], "1 of 7 shown"),
        ]:
            box.fill(text)
            assert [sorted(names) for names in rows(page)] == [sorted(names) for names in shown]
            playwright.expect(status).to_have_text(said)
            assert other.is_visible() == any(shown[1:])
            assert page.locator("details.pd-once").is_visible() == bool(shown[2])
        box.fill("")
        assert rows(page) == whole  # folded again
        playwright.expect(status).to_have_text("")


def test_the_index_is_ordered(tab: playwright.Page, index: str) -> None:
    with opened(tab, index + "keypoints/") as page:
        page.locator(".pd-once summary").click()
        before = rows(page)
        assert before[1] == ["Zebra", "apple"]
        order = page.get_by_role("group", name="Order")
        for name, lists in {
            "A–Z": [["apple", "Zebra"], ["Café Scenes", "Motion 9", "Motion 10"]],
            "Newest": [["Zebra", "apple"], [name for name in before[2] if "Motion" in name] + ["Café Scenes"]],
            "Most papers": before[1:],
        }.items():
            button = order.get_by_role("button", name=name)
            button.focus()
            page.keyboard.press("Enter")
            assert rows(page)[1:] == lists
            assert order.locator("[aria-pressed=true]").all_text_contents() == [name]
            assert button.evaluate("element => element === document.activeElement")
        page.get_by_role("searchbox").fill("motion")
        order.get_by_role("button", name="A–Z").click()
        assert rows(page) == [["Motion"], [], ["Motion 9", "Motion 10"]]


def test_the_index_has_its_box_whenever_somebody_comes_back(tab: playwright.Page, sites: dict[str, str]) -> None:
    root = sites["material"]
    with opened(tab, root + "keypoints/") as page:
        page.wait_for_load_state("networkidle")
        page.evaluate("window.stayed = true")
        for _ in range(2):
            page.locator(".pd-filter input").fill("camera")
            assert rows(page)[0] == ["Camera Control"]
            page.click("a.pd-keypoint >> text=Camera Control")
            page.wait_for_url(root + "keypoints/camera-control/")
            page.locator("h1#keypoint").wait_for()
            page.locator("article").get_by_role("link", name="All keypoints").click()
            page.wait_for_url(root + "keypoints/")
            page.locator(".pd-filter").wait_for()
            playwright.expect(page.locator(".pd-filter")).to_have_count(1)
            assert len(rows(page)[0]) == 3
        assert page.evaluate("window.stayed")


def test_an_address_opens_what_is_folded(tab: playwright.Page, index: str) -> None:
    with opened(tab, index + "keypoints/#motion-9") as page:
        page.locator("#motion-9").wait_for()


# -- weight and safety


def test_a_digest_page_gains_little(fresh_tab: playwright.Page, sites: dict[str, str]) -> None:
    with opened(fresh_tab, "about:blank") as page:
        page.route("**/*", lambda route: route.continue_())  # so that nothing comes from a cache
        sizes: dict[str, int] = {}
        page.on(
            "response", lambda answer: sizes.__setitem__(answer.url.removeprefix(sites["material"]), len(answer.body()))
        )
        page.goto(sites["material"] + "202405/", wait_until="networkidle")
        own = {url: size for url, size in sizes.items() if "paperdigest" in url}
        icons = own.pop("assets/paperdigest/links.svg")
        assert own.keys() == {"assets/paperdigest/paperdigest.css", "assets/paperdigest/paperdigest.js"}
        assert sum(own.values()) <= 15_000
        assert icons <= 2_000


VIOLATIONS = """
  window.violations = [];
  addEventListener("securitypolicyviolation", event => violations.push(
    [event.effectiveDirective, event.blockedURI, event.sourceFile.replace(/.*\\//, ""), event.sample].join(" ")));
"""


def violations(window: playwright.BrowserContext, folder: Path, pages: list[str]) -> list[str]:
    """What pages do that a strict policy forbids, on them all; figures are opened and links copied there."""
    found: list[str] = []
    with served(folder, POLICY) as root, new_tab(window) as page:
        page.add_init_script(VIOLATIONS)
        for path in pages:
            page.goto(root + path, wait_until="networkidle")
            if page.locator(".pd-copy").count():
                page.locator(".pd-copy").first.click()
                playwright.expect(page.locator(".pd-foot [role=status]").first).to_have_text("Copied")
                page.locator("a.pd-figure").first.click()
                assert page.locator("dialog img").evaluate("element => element.naturalWidth") == 300
                page.keyboard.press("Escape")
            if page.locator(".pd-filter").count():
                page.locator(".pd-filter input").fill("camera")
            found += page.evaluate("violations")
    return sorted(set(found))


@pytest.mark.parametrize("theme", THEMES)
def test_a_strict_policy_forbids_nothing_of_ours(
    window: playwright.BrowserContext, folders: dict[str, Path], theme: str
) -> None:
    theirs = violations(window, folders[f"plain {theme}"], ["202405/"])
    ours = violations(window, folders[theme], ["202405/", "keypoints/", "keypoints/world-model/"])
    assert [line for line in ours if line not in theirs] == []


# -- former addresses


OLD = {
    "old/": "202405/",
    "old/#a": "202405/#a-second-paper",
    "old/#b%C3%A9": "202405/#b%C3%A9",
    "old/#%E0%A4": "202405/#%E0%A4",
}


@pytest.mark.parametrize("late", ["redirect.js", "202405/"])
def test_a_former_address_keeps_its_anchor_however_late_the_rest_comes(
    tab: playwright.Page, sites: dict[str, str], late: str
) -> None:
    root = sites["mkdocs"]
    with opened(tab, "about:blank") as page:

        def wait(route: playwright.Route) -> None:
            time.sleep(0.3)
            route.continue_()

        page.route(f"**/{late}", wait)
        for old, now in OLD.items():
            page.goto(root + old, wait_until="commit")
            page.wait_for_url(root + now)


def test_a_former_address_leads_on_without_scripts(without_scripts: playwright.Page, sites: dict[str, str]) -> None:
    with opened(without_scripts, "about:blank") as page:
        page.goto(sites["mkdocs"] + "old/", wait_until="commit")
        page.wait_for_url(sites["mkdocs"] + "202405/")


def test_a_redirect_obeys_a_strict_policy(tab: playwright.Page, folders: dict[str, Path]) -> None:
    with served(folders["mkdocs"], POLICY) as root:
        tab.goto(root + "old/#a", wait_until="commit")
        tab.wait_for_url(root + "202405/#a-second-paper")
