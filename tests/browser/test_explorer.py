"""The explorer of papers in Chromium: random queries against a brute-force answer from `papers.json`, and all that a reader does."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from chromium import FLAGS, POLICY, heard, lent, new_tab, served
from conftest import Build, Builder, article, make_builder, needed

from mkdocs_paperdigest.support.folding import folded

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")

NAMES = [
    "World Model",
    "Camera Control",
    "C++",
    "汉字",
    "__proto__",
    "constructor",
    "<script>alert(1)</script>",
    "a & b",
]
NAMES += ["Straße", "1:1", "ｆｕｌｌ ｗｉｄｔｈ", '"quoted"', "50% off", *(f"keypoint {n}" for n in range(1, 40))]
WORDS = "Learning of ΣΊΣΥΦΟΣ STRASSE straße from Ｗｉｄｅ worlds in 汉字 video <b>tags</b> &amp; $x^2$ 😀 models İstanbul Café ＣＡＦＥ cafe\u0301 Ångström angstrom".split()
CATEGORIES = ["World Models", "Video & Motion", "视频生成", "<i>Odd</i>"]


def digest(month: str | None, papers: int, seed: int) -> str:
    """A digest made up of random words: categories, days, and some papers that lack one thing or another."""
    random_ = random.Random(seed)
    lines = [f"# {month.replace('-', '')}\n" if month else "# Notes\n"]
    for number in range(papers):
        if number and number % 9 == 0:
            lines.append(f"## {CATEGORIES[(number // 9 + seed) % len(CATEGORIES)]}\n".replace("<", "\\<"))
        title = " ".join(random_.choices(WORDS, k=random_.randint(2, 12))).replace("<", "\\<")
        day = f" [{month.replace('-', '.')}.{random_.randint(1, 28)}]" if month and random_.random() < 0.7 else ""
        lines.append(f"### {title}{day}\n")
        weights = [1 / (n + 1) for n in range(len(NAMES))]
        names = dict.fromkeys(random_.choices(NAMES, weights, k=random_.randint(0, 6)))
        spelt = [name.upper() if name.isascii() and random_.random() < 0.2 else name for name in names]
        if names:
            lines.append(
                f"- `Keypoints:` {'; '.join(f'`` {name} ``' if set(name) & set('<_') else name for name in spelt)};\n"
            )
        lines.append("- `Objective:` Say what is wanted.\n")
    return "\n".join(lines)


MONTHS = ["2023-11", "2024-02", "2024-03", "2024-04", "2024-05"]
DOCS: dict[str, str | bytes] = {
    **{f"{month.replace('-', '')}.md": digest(month, 60, n) for n, month in enumerate(MONTHS)},
    "notes.md": digest(None, 25, 99),
    "index.md": "# Home\n\n[Papers](papers/index.md)\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Build:
    theme = {"name": "material", "font": False, "features": ["navigation.instant"]}
    build = make_builder(tmp_path_factory.mktemp("explorer"))
    return build(DOCS, theme=theme, site_url="https://example.org/", arguments=())


@pytest.fixture(scope="module")
def papers(site: Build) -> list[dict[str, Any]]:
    """The papers of `papers.json`, newest first, as the site has them everywhere."""
    found: list[dict[str, Any]] = json.loads(site.read("papers.json"))["papers"]
    found.sort(key=lambda paper: (paper["source"]["path"], paper["source"]["line"]))
    return sorted(found, key=day_of, reverse=True)


@pytest.fixture(scope="module")
def at_site(browser: playwright.Browser, site: Build) -> Iterator[playwright.BrowserContext]:
    """A window whose base is the site."""
    with served(site.site) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        yield context
        context.close()


@pytest.fixture(scope="module")
def used(at_site: playwright.BrowserContext) -> Iterator[playwright.Page]:
    with new_tab(at_site) as page:
        yield page


@contextmanager
def watched(page: playwright.Page) -> Iterator[playwright.Page]:
    """The page, while a test has it: the test fails if a script fails in it, or asks something."""
    errors: list[str] = []

    def asked(dialog: playwright.Dialog) -> None:
        errors.append(dialog.message)
        dialog.dismiss()

    with heard(page, "pageerror", lambda error: errors.append(str(error))), heard(page, "dialog", asked):
        yield page
    assert errors == []


@pytest.fixture
def page(used: playwright.Page) -> Iterator[playwright.Page]:
    """The page of the site that tests use one after another."""
    with lent(used) as page, watched(page):
        yield page


@pytest.fixture
def fresh(at_site: playwright.BrowserContext) -> Iterator[playwright.Page]:
    """A page without a history, which has room for few steps, for tests that count them."""
    with new_tab(at_site) as page, watched(page):
        yield page


# -- the answer by brute force


def day_of(paper: dict[str, Any]) -> str:
    date, month = paper["date"], paper["month"]
    return date if date and month and date.startswith(month) else month or ""


def answer(papers: list[dict[str, Any]], query: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The papers that a query asks for, in order."""

    def fits(paper: dict[str, Any]) -> bool:
        slugs = {badge["slug"] for badge in paper["keypoints"] or ()}
        text = [paper["title"], paper["category"] or ""]
        text += [badge[key] for badge in paper["keypoints"] or () for key in ("written", "label")]
        for key, value in query:
            month = paper["month"]
            if (key == "k" and value not in slugs) or (key == "not" and value in slugs):
                return False
            if key == "cat" and paper["category"] != value:
                return False
            if (key == "from" and not (month and month >= value)) or (key == "to" and not (month and month <= value)):
                return False
            if key == "q" and not all(any(word in folded(t) for t in text) for word in folded(value).split()):
                return False
        return True

    found = [paper for paper in papers if fits(paper)]
    sort = dict(query).get("sort", "new")
    if sort == "title":
        return sorted(found, key=lambda paper: paper["title"].casefold())
    if sort == "old":
        return sorted(found, key=lambda paper: (not paper["month"], day_of(paper)))
    return found


def random_query(seed: int, papers: list[dict[str, Any]]) -> list[tuple[str, str]]:
    choice = random.Random(seed)
    some = choice.choice([paper for paper in papers if paper["keypoints"]])
    slugs = sorted({badge["slug"] for paper in papers for badge in paper["keypoints"] or ()})
    own = [badge["slug"] for badge in some["keypoints"]]
    query = [("k", slug) for slug in dict.fromkeys(choice.choices(own, k=choice.choice([0, 0, 1, 2])))]
    query += [("not", choice.choice(slugs)) for _ in range(choice.choice([0, 0, 1, 2]))]
    if choice.random() < 0.25:
        query.append(("cat", choice.choice([*CATEGORIES, "no such category"])))
    if choice.random() < 0.3:
        query.append(("from", choice.choice([*MONTHS, "2024-01", "1999-01"])))
    if choice.random() < 0.3:
        query.append(("to", choice.choice([*MONTHS, "2024-01", "1999-01"])))
    if choice.random() < 0.4:
        words = [*some["title"].split(), "ss", "sty", "σίσυφος", "KEYPOINT", "Ｃ＋＋", "c++"]
        query.append(("q", "  ".join(choice.choices(words, k=choice.choice([1, 1, 2])))))
    if choice.random() < 0.6:
        query.append(("sort", choice.choice(["new", "old", "title"])))
    return query


# -- what the page shows

STATE = """() => {
  const every = (selector, value) => [...document.querySelectorAll(selector)].map(value);
  return {
    live: document.querySelector(".pd-explorer [aria-live]").textContent,
    results: every(".pd-result", li => [Number(li.ariaPosInSet), li.dataset.pdPaper, li.querySelector(".pd-title").textContent, li.ariaSetSize]),
    facets: every(".pd-facet", li => [li.dataset.pdSlug, Number(li.querySelector(".pd-count").textContent),
      li.querySelector(".pd-with").ariaPressed, li.querySelector(".pd-without").ariaPressed]),
    categories: every("[name=cat] option", option => [option.value, option.text]),
    search: location.search,
  };
}"""


GO = "search => { history.pushState(null, '', location.pathname + search); dispatchEvent(new PopStateEvent('popstate')); }"


FRAMES = "new Promise(done => { let n = 2; const next = () => n-- ? requestAnimationFrame(next) : done(); next(); })"
"""Until what follows a scroll is done."""


def go(page: playwright.Page, query: list[tuple[str, str]]) -> None:
    """Change the address as a step in the browser's history does."""
    page.evaluate(GO, f"?{urlencode(query)}")


def gone_through(page: playwright.Page, queries: list[list[tuple[str, str]]], seen: str) -> list[Any]:
    """Go from one query to the next, and give what is `seen` at each, without the time to paint them."""
    searches = [f"?{urlencode(query)}" for query in queries]
    found: list[Any] = page.evaluate(
        f"searches => searches.map(search => {{ ({GO})(search); return ({seen})(); }})", searches
    )
    return found


def opened(page: playwright.Page, query: list[tuple[str, str]] | None = None) -> None:
    page.goto(f"papers/?{urlencode(query)}" if query else "papers/")
    page.locator(".pd-explorer form").wait_for()


def stepped(page: playwright.Page) -> None:
    """Take the first step in the history: on that one, and no later one, Material fetches the same page again."""
    page.wait_for_load_state("networkidle")
    page.evaluate("self.first = document.querySelector('.pd-explorer')")
    go(page, [])
    page.wait_for_function(
        "!first.isConnected && (document.querySelector('.pd-explorer form') || first).hidden === false"
    )


def check(state: dict[str, Any], papers: list[dict[str, Any]], query: list[tuple[str, str]]) -> None:
    """Compare what is shown with the answer: the number, the papers on the screen, and the counts of facets."""
    found = answer(papers, query)
    assert state["live"] == f"{len(found)} paper{'' if len(found) == 1 else 's'}", query
    shown = [[n, found[n - 1]["id"], found[n - 1]["title"], str(len(found))] for n, *_ in state["results"]]
    assert state["results"] == shown, query
    assert len(shown) >= min(len(found), 2), (query, state)
    counts = Counter(slug for paper in found for slug in {badge["slug"] for badge in paper["keypoints"] or ()})
    chosen = {key: {slug for k, slug in query if k == key} for key in ("k", "not")}
    assert {slug: count for slug, count, *_ in state["facets"]} == {slug: counts[slug] for slug, *_ in state["facets"]}
    pressed = [(str(slug in chosen["k"]).lower(), str(slug in chosen["not"]).lower()) for slug, *_ in state["facets"]]
    assert [(include, exclude) for *_, include, exclude in state["facets"]] == pressed, query
    others = sorted((count for slug, count in counts.items() if slug not in chosen["k"]), reverse=True)
    listed = [count for slug, count, *_ in state["facets"] if slug not in chosen["k"] | chosen["not"]]
    assert listed == others[: len(listed)], query
    assert len(listed) == min(len(others), 20), query
    elsewhere = answer(papers, [(key, value) for key, value in query if key != "cat"])
    kinds = Counter(paper["category"] for paper in elsewhere)
    for value, text in state["categories"]:
        assert text == (f"{value} ({kinds[value]})" if value else "All categories"), query


def query_of(search: str) -> list[tuple[str, str]]:
    return parse_qsl(search.removeprefix("?"))


# -- tests


def test_random_queries_in_the_address(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    opened(page)
    stepped(page)
    check(page.evaluate(STATE), papers, [])
    queries = [random_query(seed, papers) for seed in range(120)]
    for query, state in zip(queries, gone_through(page, queries, STATE), strict=True):
        check(state, papers, query)
    assert sum(bool(answer(papers, query)) for query in queries) > 40  # else the queries say little


@pytest.mark.parametrize("seed", range(4))
def test_a_query_opens_with_the_page(page: playwright.Page, papers: list[dict[str, Any]], seed: int) -> None:
    some = next(paper for paper in papers[seed * 30 :] if len(paper["keypoints"] or ()) > 1)
    query = [("k", some["keypoints"][0]["slug"]), ("q", some["title"].split()[0]), ("sort", "title")]
    opened(page, query)
    check(page.evaluate(STATE), papers, query)
    assert query_of(urlsplit(page.url).query) == query
    assert page.locator("[name=q]").input_value() == query[1][1]
    assert not page.locator("#__search").is_checked()  # `q` is not meant for Material's search


def test_random_clicks(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    opened(page)
    stepped(page)
    choice = random.Random(7)
    visited, last = [""], ""
    for _ in range(70):
        act = choice.choice(["with", "with", "without", "chip", "from", "to", "cat", "sort", "q", "clear"])
        chips = page.locator(".pd-chip")
        if act in ("with", "without"):
            buttons = page.locator(f".pd-{act}")
            if buttons.count():
                buttons.nth(choice.randrange(min(buttons.count(), 8))).click()
        elif act == "q":
            page.fill("[name=q]", choice.choice(["learning", "c++", "of", "  汉字 of", ""]))
            page.keyboard.press("Tab")
        elif act in ("from", "to", "cat", "sort"):
            select = page.locator(f"[name={act}]")
            select.select_option(index=choice.randrange(select.locator("option").count()))
        elif chips.count():
            (chips.last if act == "clear" else chips.nth(choice.randrange(chips.count()))).click()
        state = page.evaluate(STATE)
        check(state, papers, query_of(state["search"]))
        if state["search"] != visited[-1]:
            visited[len(visited) - (act == last == "q") :] = [state["search"]]
            last = act
    assert len({search for search in visited if search}) > 25
    for search in reversed(visited[-20:-1]):
        page.evaluate("history.back()")
        page.wait_for_function("search => location.search === search", arg=search)
        check(page.evaluate(STATE), papers, query_of(search))


def test_typing_is_one_step_back(page: playwright.Page) -> None:
    opened(page)
    page.click(".pd-with >> nth=0")
    first = page.evaluate("location.search")
    page.locator("[name=q]").press_sequentially("world", delay=20)
    assert page.evaluate("location.search") == f"{first}&q=world"
    page.evaluate("history.back()")
    page.wait_for_function("search => location.search === search", arg=first)
    assert page.locator("[name=q]").input_value() == ""
    page.evaluate("history.back()")
    page.wait_for_function("location.search === ''")
    playwright.expect(page.locator(".pd-chip")).to_have_count(0)


def test_what_is_not_known_is_shown_and_matches_nothing(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    for query, name in [
        ([("k", "no-such-keypoint")], "no-such-keypoint"),
        ([("cat", "No such")], "No such"),
        ([("k", "<img src=x onerror=alert(1)>")], "<img src=x onerror=alert(1)>"),
    ]:
        opened(page, query)
        check(page.evaluate(STATE), papers, query)
        playwright.expect(page.locator("[aria-live]")).to_have_text("0 papers")
        playwright.expect(page.locator(".pd-none")).to_be_visible()
        page.get_by_role("button", name=f"Remove: {name}").click()
        assert page.evaluate("location.search") == ""
        check(page.evaluate(STATE), papers, [])


def test_what_others_have_in_the_address_stays(page: playwright.Page) -> None:
    page.goto("papers/?utm=a%20b&flag&k=c%2B%2B#somewhere")
    page.locator(".pd-explorer form").wait_for()
    page.select_option("[name=sort]", "old")
    assert page.url.endswith("papers/?utm=a%20b&flag&k=c%2B%2B&sort=old#somewhere")
    page.get_by_role("button", name="Clear all").click()
    assert page.url.endswith("papers/?utm=a%20b&flag&sort=old#somewhere")


def test_results_say_what_the_paper_is(page: playwright.Page, papers: list[dict[str, Any]], site: Build) -> None:
    names = ["November 2023", "February 2024", "March 2024", "April 2024", "May 2024"]
    words = dict(zip(MONTHS, names, strict=True))
    known = {item["slug"]: item["url"] for item in json.loads(site.read("papers.json"))["keypoints"]}
    opened(page)
    seen = 0
    results = """() => [...document.querySelectorAll(".pd-result")].map(li => [li.dataset.pdPaper,
        decodeURIComponent(new URL(li.querySelector(".pd-title").href).href), (li.querySelector(".pd-place") || {textContent: ""}).textContent,
        [...li.querySelectorAll("a.pd-keypoint")].map(a => [a.textContent, decodeURIComponent(a.href)])])"""
    for shown in gone_through(page, [random_query(seed, papers) for seed in range(30)], results):
        by_id = {paper["id"]: paper for paper in papers}
        base = page.url.partition("papers/")[0]
        for identity, url, place, badges in shown:
            paper = by_id[identity]
            seen += 1
            assert url == base + paper["url"]
            assert place == " · ".join(filter(None, [words.get(paper["month"] or ""), paper["category"]]))
            given = paper["keypoints"] or []
            assert badges == [[badge["written"], base + known[badge["slug"]]] for badge in given]
    assert seen > 100


def test_the_list_is_windowed(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    opened(page)
    seen: set[str] = set()
    most = 0
    while True:
        shown = page.evaluate("[...document.querySelectorAll('.pd-result')].map(li => li.dataset.pdPaper)")
        seen |= set(shown)
        most = max(most, len(shown))
        at, end = page.evaluate("[scrollY + innerHeight, document.scrollingElement.scrollHeight]")
        if at >= end - 1:
            break
        page.evaluate(f"scrollBy(0, 600); {FRAMES}")
    assert seen == {paper["id"] for paper in papers}
    assert most <= 40
    last = page.locator(".pd-result").last
    assert last.get_attribute("data-pd-paper") == papers[-1]["id"]
    assert last.get_attribute("aria-posinset") == str(len(papers))


def test_the_end_of_the_page_shows_the_last(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    opened(page)
    page.evaluate("scrollTo(0, document.scrollingElement.scrollHeight)")
    last = page.locator(f"[aria-posinset='{len(papers)}']")
    last.wait_for()
    page.evaluate(FRAMES)
    assert page.evaluate("scrollY + innerHeight >= document.scrollingElement.scrollHeight - 1")
    assert page.locator(".pd-result").count() <= 40
    # Upwards past papers that were never measured, nothing jumps.
    for _ in range(20):
        moved = page.evaluate(
            """async () => {
              const frames = n => new Promise(done => { const next = () => n-- ? requestAnimationFrame(next) : done(); next(); });
              const li = [...document.querySelectorAll(".pd-result")].find(li => li.getBoundingClientRect().top > 0);
              const top = li.getBoundingClientRect().top;
              scrollBy(0, -150);
              await frames(4);
              return li.getBoundingClientRect().top - top;
            }"""
        )
        assert abs(moved - 150) <= 2


def test_tab_goes_on_past_the_window(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    opened(page)
    page.locator(".pd-result .pd-title").first.focus()
    positions = [1]
    for _ in range(300):
        page.keyboard.press("Tab")
        position = page.evaluate("Number((document.activeElement.closest('.pd-result') || {}).ariaPosInSet)")
        assert position in (positions[-1], positions[-1] + 1)
        positions.append(position)
        if position > 45:
            break
    assert positions[-1] > 40
    # What has the focus stays while the page is scrolled away from it.
    page.evaluate(f"scrollTo(0, 0); {FRAMES}")
    assert page.evaluate("Number(document.activeElement.closest('.pd-result').ariaPosInSet)") == positions[-1]
    playwright.expect(page.locator("[aria-posinset='1']")).to_have_count(1)
    assert page.locator(".pd-result").count() <= 40


def test_all_by_keyboard_and_the_focus_stays(page: playwright.Page) -> None:
    opened(page)
    active = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    third = page.locator(".pd-facet").nth(2)
    slug = third.get_attribute("data-pd-slug")
    third.locator(".pd-with").focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.parentElement.dataset.pdSlug") == slug
    assert page.evaluate("document.activeElement.ariaPressed") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate(active).startswith("Without ")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaPressed") == "true"
    assert query_of(page.evaluate("location.search")) == [("not", slug)]
    page.locator("[name=q]").fill("of")
    page.get_by_role("button", name="Remove: Without").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(active) == "Remove: “of”"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "q"


def test_any_keypoint_is_found_by_its_name(page: playwright.Page) -> None:
    opened(page)
    assert "more keypoints" in page.locator(".pd-more").inner_text()
    page.fill(".pd-find", "KEYPOINT 39")
    assert page.locator(".pd-facet .pd-name").all_inner_texts() == ["keypoint 39"]
    page.fill(".pd-find", "C++")
    assert page.locator(".pd-facet .pd-name").first.inner_text().upper() == "C++"
    page.fill(".pd-find", "nothing like that")
    playwright.expect(page.locator(".pd-facet")).to_have_count(0)
    playwright.expect(page.locator(".pd-more")).to_have_text("No such keypoint.")


def test_it_comes_and_goes_under_instant_navigation(
    fresh: playwright.Page, papers: list[dict[str, Any]], site: Build
) -> None:
    page = fresh

    def fulfil(route: Any) -> None:  # instant navigation asks the sitemap which pages are the site's
        text = site.read("sitemap.xml").replace("https://example.org/", page.url.partition("papers/")[0])
        route.fulfill(body=text, content_type="application/xml")

    page.route("**/sitemap.xml", fulfil)
    opened(page)
    page.evaluate("self.marked = true")
    page.wait_for_timeout(300)
    page.click(".pd-with >> nth=1")
    first = page.evaluate("location.search")
    page.select_option("[name=sort]", "old")
    page.evaluate("scrollTo(0, 3000)")
    page.wait_for_timeout(300)
    link = page.locator(".pd-result .pd-title").nth(6)
    identity = page.locator(".pd-result").nth(6).get_attribute("data-pd-paper")
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    link.click()
    page.locator(".pd-explorer").wait_for(state="detached")
    page.locator(".pd-paper").first.wait_for()
    page.go_back()
    page.locator(".pd-explorer form").wait_for()
    page.wait_for_timeout(500)
    check(page.evaluate(STATE), papers, [*query_of(first), ("sort", "old")])
    box = page.locator(f'[data-pd-paper="{identity}"]').bounding_box()
    assert box
    assert 0 <= box["y"] < 900
    page.go_back()
    page.wait_for_function("search => location.search === search", arg=first)
    check(page.evaluate(STATE), papers, query_of(first))
    # A listener left behind would push a second entry.
    length = page.evaluate("history.length")
    page.select_option("[name=sort]", "title")
    assert page.evaluate("history.length") <= length
    check(page.evaluate(STATE), papers, [*query_of(first), ("sort", "title")])
    assert page.evaluate("self.marked")  # it was instant
    page.click(".md-logo >> nth=0")
    page.locator(".pd-explorer").wait_for(state="detached")
    page.click("article >> text=Papers")
    page.locator(".pd-explorer form").wait_for()
    page.wait_for_timeout(200)
    check(page.evaluate(STATE), papers, [])
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("self.marked")


def test_back_from_a_paper_without_instant_navigation(page: playwright.Page) -> None:
    page.route("**/sitemap.xml", lambda route: route.fulfill(status=404))
    opened(page, [("sort", "title")])
    page.evaluate("scrollTo(0, 5000)")
    page.wait_for_timeout(200)
    link = page.locator(".pd-result .pd-title").nth(6)
    link.scroll_into_view_if_needed()
    identity = page.locator(".pd-result").nth(6).get_attribute("data-pd-paper")
    before = page.locator(f'[data-pd-paper="{identity}"]').bounding_box()
    link.click()
    page.locator(".pd-paper").first.wait_for()
    page.go_back()
    again = page.locator(f'[data-pd-paper="{identity}"]')
    again.wait_for()
    page.wait_for_timeout(500)
    after = again.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 150


FEW: dict[str, str | bytes] = {name: DOCS[name] for name in ("202405.md", "index.md")}
"""The digest of one month, for what depends on no number of papers."""


def test_it_works_from_a_file(fresh_tab: playwright.Page, build: Builder) -> None:
    site = build(FEW, arguments=(), plugins=["search", "offline"]).site
    page = fresh_tab
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((site / "papers/index.html").as_uri() + "?k=world-model")
    page.locator(".pd-explorer form").wait_for()
    papers = json.loads((site / "papers.json").read_text(encoding="utf-8"))["papers"]
    wanted = [paper for paper in papers if any(badge["slug"] == "world-model" for badge in paper["keypoints"] or ())]
    playwright.expect(page.locator("[aria-live]")).to_have_text(f"{len(wanted)} papers")
    page.click(".pd-with >> nth=1")
    number = int(page.locator("[aria-live]").inner_text().split()[0])
    assert 0 < number < len(wanted)
    page.locator(".pd-result .pd-title").first.click()
    page.locator(".pd-paper").first.wait_for()
    assert errors == []


def test_a_strict_policy_finds_nothing(fresh_tab: playwright.Page, build: Builder) -> None:
    site = build(FEW, arguments=(), theme={"name": "mkdocs"}).site
    fresh_tab.add_init_script(
        "self.violations = []; addEventListener('securitypolicyviolation', event => violations.push("
        "`${event.effectiveDirective} ${event.blockedURI.replace(location.href, '')} ${event.sample}`))"
    )

    def violations() -> Counter[str]:
        return Counter(fresh_tab.evaluate("violations"))

    with served(site, POLICY) as address:
        fresh_tab.goto(address, wait_until="networkidle")
        of_the_theme = violations()
        fresh_tab.goto(f"{address}papers/?q=of")
        fresh_tab.locator(".pd-explorer form").wait_for()
        fresh_tab.click(".pd-with >> nth=0")
        fresh_tab.evaluate("scrollTo(0, 2000)")
        fresh_tab.wait_for_load_state("networkidle")
        fresh_tab.locator(".pd-result").first.wait_for()
        of_the_explorer = violations()
    assert of_the_theme  # the theme has inline scripts
    assert of_the_explorer - of_the_theme == Counter()


def the_months_are_there(page: playwright.Page) -> None:
    page.goto("papers/?k=world-model")
    page.locator(".pd-months-whole").wait_for()
    assert page.locator(".pd-months-whole a").count() >= len(MONTHS)
    playwright.expect(page.locator(".pd-explorer form")).not_to_be_visible()


def test_the_months_are_there_without_data(page: playwright.Page) -> None:
    page.route("**/papers.js*", lambda route: route.abort())
    the_months_are_there(page)
    assert "could not be loaded" in page.locator("[aria-live]").inner_text()


def test_the_months_are_there_without_scripts(browser: playwright.Browser, site: Build) -> None:
    with served(site.site) as address:
        context = browser.new_context(java_script_enabled=False, base_url=address)
        the_months_are_there(context.new_page())
        context.close()


def test_the_months_give_way_to_the_papers(page: playwright.Page) -> None:
    opened(page)
    playwright.expect(page.locator(".pd-months-whole")).not_to_be_visible()


@pytest.mark.parametrize("name", ["C++", "汉字", "__proto__", "<script>alert(1)</script>", "constructor", "50% off"])
def test_odd_names_are_names(page: playwright.Page, papers: list[dict[str, Any]], name: str) -> None:
    opened(page)
    page.fill(".pd-find", name)
    page.locator(".pd-with").first.click()
    state = page.evaluate(STATE)
    ((key, slug),) = query_of(state["search"])
    assert key == "k"
    labels = {badge["label"] for paper in papers for badge in paper["keypoints"] or () if badge["slug"] == slug}
    assert {label.casefold() for label in labels} == {name.casefold()}
    assert page.locator(".pd-chip").first.inner_text() in labels
    page.fill(".pd-find", "")
    check(page.evaluate(STATE), papers, [("k", slug)])


def test_narrow_screens_begin_with_the_facets_folded(page: playwright.Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    opened(page, [("k", f"no-such-{'long' * 30}"), ("q", "w" * 200)])
    playwright.expect(page.locator(".pd-find")).not_to_be_visible()
    page.click(".pd-explorer summary")
    playwright.expect(page.locator(".pd-find")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def months_shown(page: playwright.Page) -> list[str]:
    return [page.locator(f"[name={name}]").input_value() for name in ("from", "to")]


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        (("2024-2", "2024-4"), ("2024-02", "2024-04")),
        (("2024", "2024"), ("2024-01", "2024-12")),
        (("2023", "2023-11"), ("2023-01", "2023-11")),
        (("2024-99", "2024-00"), ("", "")),
        (("2024-02-03", "May 2024"), ("", "")),
        (("20244", "-1"), ("", "")),
        (("2024-10", "2024-012"), ("2024-10", "")),
    ],
)
def test_months_in_the_address(
    page: playwright.Page, papers: list[dict[str, Any]], written: tuple[str, str], understood: tuple[str, str]
) -> None:
    opened(page, list(zip(("from", "to"), written, strict=True)))
    wanted = [(key, month) for key, month in zip(("from", "to"), understood, strict=True) if month]
    check(page.evaluate(STATE), papers, wanted)
    assert months_shown(page) == list(understood)
    playwright.expect(page.locator(".pd-chip-from, .pd-chip-to")).to_have_count(len(wanted))
    page.select_option("[name=sort]", "old")
    assert query_of(urlsplit(page.url).query) == [*wanted, ("sort", "old")]


def test_a_link_leads_past_the_keypoints(fresh: playwright.Page) -> None:
    page = fresh
    opened(page)
    page.wait_for_timeout(300)
    skip = page.locator(".pd-skip")
    assert skip.bounding_box()["width"] <= 1
    page.locator("[name=q]").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the results"
    assert skip.bounding_box()["width"] > 50
    before = page.evaluate("[location.href, history.length]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent").endswith(" papers")
    page.wait_for_timeout(300)
    assert page.evaluate("[location.href, history.length]") == before
    assert page.evaluate("scrollY") < 900
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.pd-result').ariaPosInSet") == "1"


def test_print_has_all_that_was_found(page: playwright.Page, papers: list[dict[str, Any]]) -> None:
    query = [("k", "world-model")]
    found = answer(papers, query)
    opened(page, query)
    page.evaluate("scrollTo(0, 2500)")
    page.wait_for_timeout(200)
    first = """() => {
      const li = [...document.querySelectorAll(".pd-result")].find(li => li.getBoundingClientRect().bottom > 0);
      return [li.ariaPosInSet, li.getBoundingClientRect().top];
    }"""
    number, top = page.evaluate(first)
    assert page.locator(".pd-result").count() < min(40, len(found))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    state = page.evaluate(STATE)
    check(state, papers, query)
    assert len(state["results"]) == len(found)
    playwright.expect(page.locator(".pd-chip").first).to_be_visible()
    playwright.expect(page.locator("[aria-live]")).to_be_visible()
    for control in (".pd-input", ".pd-facet", "summary", ".pd-skip", ".pd-chip-all", ".pd-cut", ".pd-gap"):
        assert not page.locator(f".pd-explorer {control} >> visible=true").count(), control
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_timeout(200)
    assert page.evaluate(first) == [number, pytest.approx(top, abs=2)]
    assert page.locator(".pd-result").count() < 40
    playwright.expect(page.locator("[name=q]")).to_be_visible()


def test_print_says_that_it_has_not_all(tab: playwright.Page, build: Builder) -> None:
    papers = "".join(f"### Paper {n}\n- `Keypoints:` a\n" for n in range(520))
    site = build({"202405.md": f"# 202405\n{papers}"}, arguments=()).site
    with served(site) as address:
        tab.goto(f"{address}papers/")
        tab.locator(".pd-explorer form").wait_for()
        cut = tab.locator(".pd-cut")
        playwright.expect(cut).not_to_be_visible()
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.emulate_media(media="print")
        playwright.expect(tab.locator(".pd-result")).to_have_count(500)
        playwright.expect(tab.locator(".pd-result .pd-title").last).to_have_text("Paper 499")
        playwright.expect(cut).to_have_text("The first 500 of 520 papers are printed.")
        tab.evaluate("dispatchEvent(new Event('afterprint'))")
        playwright.expect(cut).not_to_be_visible()
        assert tab.locator(".pd-result").count() <= 40


def test_the_keys_home_and_end_lead_to_the_ends(
    browser: playwright.Browser, site: Build, papers: list[dict[str, Any]]
) -> None:
    program = needed("Chromium", "chromium", "chromium-browser", "google-chrome")
    # Without this, keys do not scroll as on a reader's screen: by and by, to where the end was when they were pressed.
    smooth = browser.browser_type.launch(executable_path=program, args=[*FLAGS, "--enable-smooth-scrolling"])
    rest = """() => new Promise(done => {
      addEventListener("scrollend", () => setTimeout(done, 300), { once: true });
      setTimeout(done, 4000);
    })"""
    with served(site.site) as address:
        page = smooth.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}papers/")
        page.locator(".pd-explorer form").wait_for()
        for _ in range(2):
            page.keyboard.press("End")
            page.evaluate(rest)
            assert page.evaluate("document.scrollingElement.scrollHeight - innerHeight - scrollY") <= 1
            assert page.locator(".pd-result").last.get_attribute("aria-posinset") == str(len(papers))
            page.keyboard.press("Home")
            page.evaluate(rest)
            assert page.evaluate("scrollY") == 0
        # In a field they move the caret: what is scrolled later stays where it is.
        page.locator("[name=q]").focus()
        page.keyboard.press("End")
        page.mouse.move(400, 600)
        page.mouse.wheel(0, 700)
        page.evaluate(rest)
        assert 500 < page.evaluate("scrollY") < 900
    smooth.close()


@pytest.mark.parametrize("structure", ["suffix", "folder"])
def test_each_language_has_its_own_data(build: Builder, structure: str) -> None:
    english, chinese = ("en/202405.md", "zh/202405.md") if structure == "folder" else ("202405.md", "202405.zh.md")
    languages = [{"locale": "en", "default": True, "name": "English"}, {"locale": "zh", "name": "中文"}]
    docs = {
        english: "# 202405\n### First\n- `Keypoints:` a\n",
        chinese: "# 202405\n### 第一篇\n- `Keypoints:` 甲\n",
    }
    i18n = {"i18n": {"docs_structure": structure, "languages": languages}}
    built = build(docs, plugins=["search", i18n], arguments=())
    for folder, title in (("", "First"), ("zh/", "第一篇")):
        at = f"{folder}papers/"
        url = article(built.read(f"{at}index.html")).css_first(".pd-explorer").attributes["data-pd-data"]
        path, _, version = urljoin(at, url).partition("?v=")
        data = built.read(path)
        assert title in data
        assert sha256(data.encode()).hexdigest().startswith(version)
        assert len(version) == 8


def test_the_script_makes_the_badges_that_the_template_makes(page: playwright.Page) -> None:
    def badges(entry: str) -> Any:
        page.wait_for_selector(f"{entry} .pd-keypoint")
        return page.evaluate(
            """entry => [...document.querySelector(entry).querySelectorAll(".pd-keypoint")].map(one => [
                one.outerHTML.replace(/ (?:href|title|aria-current)="[^"]*"/g, ""), one.href])""",
            entry,
        )

    page.goto("/keypoints/world-model/")
    of_template = badges(".pd-entry")
    page.goto("/papers/?k=world-model")
    assert badges(".pd-result") == of_template
