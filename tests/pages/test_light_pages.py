"""Pages that stay light: keypoints and an index that fill several pages, all of them found by links alone."""

from __future__ import annotations

import itertools
import json
import posixpath
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
import yaml
from chromium import served
from conftest import many, write
from crawl import broken_links, repeated_ids
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.commands.build import build
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.mkdocs_host import navigation
from mkdocs_paperdigest.pages import pagination as parts
from mkdocs_paperdigest.pages import paper_lists as entries
from mkdocs_paperdigest.pages.pagination import by_year, packed
from mkdocs_paperdigest.support.slugs import keypoint_slug

MONTHS = [None, *(f"{year}-{month:02}" for year in (2022, 2023, 2024) for month in (1, 5, 12))]
NAMES = [
    *(f"{first}{rest} Model" for first in "abzÉø9(汉" for rest in ("lpha", "eta")),
    "C++", "index", "2024", "a/b & <c>", 'quo"ted', "汉字" * 20, "K" * 70,
]  # fmt: skip
BASE = "https://site.test/"


def paper(title: str, names: list[str]) -> str:
    return f"### {title}\n- `Keypoints:` {'; '.join(names)};\n- `Objective:` Say what is wanted.\n"


def corpus(seed: int, papers: int) -> dict[str, str]:
    """Digests of papers with few keypoints that most have and many that few have."""
    dice = random.Random(seed)
    docs: dict[str | None, list[str]] = {}
    for number in range(papers):
        names = {dice.choice(NAMES[: dice.choice((1, 3, len(NAMES)))]) for _ in range(dice.randint(1, 4))}
        month = dice.choice(MONTHS)
        docs.setdefault(month, []).append(paper(f"Title {number} & <more> of {seed}", sorted(names)))
    return {f"{month or 'others'}.md": f"# {month or 'Others'}\n\n" + "\n".join(own) for month, own in docs.items()}


def make(folder: Path, docs: dict[str, str], options: dict[str, Any] | None = None, **config: Any) -> Path:
    """Build a site in this process, so that a test may set what it likes; strict."""
    write(folder / "docs", dict(docs))
    settings = {
        "site_name": "Test",
        "theme": {"name": "material", "font": False},
        "plugins": ["search", {"paperdigest": options or {}}],
        **config,
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    build(load_config(str(folder / "mkdocs.yml"), strict=True))
    return folder / "site"


def address(site: Path, file: Path) -> str:
    return file.relative_to(site).as_posix().removesuffix("index.html")


def reached(site: Path, start: str) -> set[str]:
    """The pages that links in `a` lead to from one page on, and from there."""
    found, open_pages = {start}, [start]
    while open_pages:
        page = open_pages.pop()
        file = site / posixpath.join(page, "index.html") if page.endswith("/") or not page else site / page
        for link in LexborHTMLParser(file.read_text(encoding="utf-8")).css("a[href]"):
            url = urljoin(BASE + page, (link.attributes["href"] or "").partition("#")[0])
            path = re.sub(r"(^|/)index\.html$", r"\1", unquote(url.removeprefix(BASE)))
            if url.startswith(BASE) and path not in found and (path.endswith((".html", "/")) or not path):
                found.add(path)
                open_pages.append(path)
    return found


def parts_of(site: Path, slug: str) -> list[Path]:
    """All files of a keypoint's page."""
    one = [site / "keypoints" / f"{slug}.html", *(site / "keypoints" / slug).rglob("*.html")]
    return [file for file in one if file.is_file()]


def entries_on(file: Path) -> list[str]:
    return [
        node.text().strip() for node in LexborHTMLParser(file.read_text(encoding="utf-8")).css(".pd-entry .pd-title")
    ]


def data(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / "papers.json").read_text(encoding="utf-8"))
    return found


# -- what stands where


@given(st.lists(st.integers(1, 9)), st.integers(1, 20))
def test_items_fill_pages_in_order(sizes: list[int], budget: int) -> None:
    pages = list(packed(sizes, int, budget))
    assert [size for page in pages for size in page] == sizes
    assert all(sum(page) <= budget or len(page) == 1 for page in pages)
    assert all(sum(page) + following[0] > budget for page, following in itertools.pairwise(pages))


@given(st.lists(st.sampled_from([month for month in MONTHS if month]) | st.none(), max_size=40), st.integers(1, 12))
def test_each_paper_stands_once_and_months_stay_whole_where_they_fit(months: list[str | None], budget: int) -> None:
    docs = [read_digest(f"# {m or 'Others'}\n\n{paper(f'T{n}', ['A'])}", f"{n}.md")[0] for n, m in enumerate(months)]
    papers = build_library(docs).papers
    first, rest = by_year(papers, lambda _: 1, budget)
    every = [*first, *(run for part in rest for run in part.items)]
    assert [one for run in every for one in run.papers] == list(papers)
    assert all(one.month == run.month for run in every for one in run.papers)
    assert all(sum(len(run.papers) for run in page) <= budget for page in (first, *(part.items for part in rest)))
    assert all((one.month or "")[:4] == (part.group or "") for part in rest for run in part.items for one in run.papers)
    slugs = [part.slug for part in rest]
    assert len(slugs) == len(set(slugs))
    pieces = Counter(run.month for run in every)
    counts = Counter(one.month for one in papers)
    assert all(pieces[month] == 1 or counts[month] > budget for month in counts)
    assert Counter(run.month for run in every if not run.continued) == Counter(dict.fromkeys(counts, 1))


def test_the_pages_of_years_keep_their_addresses_when_papers_come() -> None:
    dice = random.Random(1)
    known: set[str] = set()
    texts: list[str] = []
    for year in range(2019, 2025):
        for month in range(1, 13):
            text = "\n".join(paper(f"T{year}-{month}-{n}", ["A"]) for n in range(dice.randint(0, 4)))
            texts.append(f"# {year}-{month:02}\n\n{text}")
            papers = build_library([read_digest(text, f"{n}.md")[0] for n, text in enumerate(texts)]).papers
            now = {part.slug for part in by_year(papers, lambda _: 1, 10)[1]}
            assert known <= now
            known = now
    assert {"2019", "2020", "2021", "2022", "2023"} <= known


# -- sites


@pytest.mark.parametrize("urls", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_paper_of_a_keypoint_stands_once_on_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, urls: bool
) -> None:
    monkeypatch.setattr(parts, "BUDGET", 3000)
    site = make(tmp_path, corpus(seed, 60), use_directory_urls=urls)
    assert broken_links(site) == []
    split = 0
    for keypoint in data(site)["keypoints"]:
        files = parts_of(site, keypoint["slug"])
        split += len(files) > 1
        listed = Counter(title for file in files for title in entries_on(file))
        named = Counter(
            one["title"]
            for one in data(site)["papers"]
            if keypoint["slug"] in {own["slug"] for own in one["keypoints"]}
        )
        assert listed == named, keypoint["slug"]
        main = LexborHTMLParser((site / keypoint["url"] / "index.html" if urls else site / keypoint["url"]).read_text())
        for month in keypoint["months"]:
            assert main.css_matches(f'[id="month-{month}"]')
            assert main.css_matches(f'[id="{month}"]')  # the address before the last
    assert split > 3
    for file in site.rglob("keypoints/**/*.html"):
        assert repeated_ids(file) == [], file
    pages = reached(site, "")
    assert pages >= {address(site, file) for file in site.rglob("*.html") if file.name != "404.html"}


def test_a_keypoint_that_fits_has_one_page(tmp_path: Path) -> None:
    site = make(tmp_path, corpus(1, 60))
    assert list(site.glob("keypoints/*/*/*.html")) == []
    assert {"alpha-model", "index~"} < {file.name for file in site.glob("keypoints/*")}
    assert not (site / "assets/paperdigest/keypoints-data.js").exists()
    assert "data-pd-data" not in (site / "keypoints/index.html").read_text()


def test_parts_are_in_no_search_and_not_in_the_navigation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BUDGET", 3000)
    for theme in ("material", "mkdocs"):
        site = make(tmp_path / theme, corpus(1, 60), theme={"name": theme})
        files = [address(site, file) for file in parts_of(site, "alpha-model")]
        assert len(files) > 3
        index = json.loads((site / "search/search_index.json").read_text())["docs"]
        found = {entry["location"].partition("#")[0] for entry in index}
        assert found & set(files) == {"keypoints/alpha-model/"}
        assert not any(one.startswith("keypoints/index/") for one in found)
        home = LexborHTMLParser((site / "index.html").read_text())
        assert not home.css("nav a[href*='alpha-model/20'], nav a[href*='keypoints/index/']")
        part = LexborHTMLParser((site / "keypoints/alpha-model/2023/index.html").read_text())
        titles = [node.text().strip() for node in part.css("h1[id=part]")]
        assert titles == ["alpha Model, 2023"]


def test_the_sites_own_page_in_the_place_of_a_part_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parts, "BUDGET", 3000)
    docs = {**corpus(1, 60), "keypoints/alpha-model/2023.md": "# Mine\n", "keypoints/index/a.md": "# Mine, too\n"}
    with pytest.raises(Exception, match="Aborted"):
        make(tmp_path, docs)
    assert sum("PD401" in record.getMessage() for record in caplog.records) == 2
    site = tmp_path / "site"
    for name in ("keypoints/alpha-model/2023", "keypoints/index/a"):
        assert "Mine" in (site / name / "index.html").read_text()
    assert broken_links(site) == []


def test_without_pages_of_keypoints_badges_lead_to_the_pages_by_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BUDGET", 1500)
    for urls in (True, False):
        site = make(tmp_path / str(urls), corpus(2, 60), {"keypoint_pages": False}, use_directory_urls=urls)
        assert broken_links(site) == []
        digest = (site / ("2024-05/index.html" if urls else "2024-05.html")).read_text()
        badges = LexborHTMLParser(digest).css("a.pd-keypoint")
        assert any("keypoints/index/" in (badge.attributes["href"] or "") for badge in badges)


def test_the_index_has_the_most_used_and_letters_have_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BUDGET", 1500)
    docs = corpus(3, 60)
    docs["../keypoints.yml"] = (
        "alpha Model: {}\nbeta Model: {parent: alpha Model, group: X}\nK: {parent: beta Model}\nzeta Model: {group: Y}\n"
        + "".join(f"Below {n}: {{parent: alpha Model}}\n" for n in range(20))
    )
    docs["2024-12.md"] += "\n" + paper("Many", [f"Below {n}" for n in range(20)])
    site = make(tmp_path, docs)
    assert broken_links(site) == []
    index = LexborHTMLParser((site / "keypoints/index.html").read_text())
    shown = [node.attributes["id"] for node in index.css(".pd-index > li[id]")]
    keypoints = {one["slug"]: one for one in data(site)["keypoints"]}
    assert 0 < len(shown) < len(keypoints)
    assert "alpha-model" in shown
    assert "and" in index.css_first("#alpha-model .pd-count + .pd-index > li.pd-count").text()
    letters = {
        node.attributes["id"]: file.parent.name
        for file in (site / "keypoints/index").rglob("*.html")
        for node in LexborHTMLParser(file.read_text()).css(".pd-index > li[id]")
    }
    assert set(letters) == set(keypoints)
    ways = [node.attributes["href"] or "" for node in index.css("#letters + ul a")]
    slugs = [way.split("/")[-2].rstrip("-23456") for way in ways]
    assert list(dict.fromkeys(slugs)) == [*sorted({*slugs} - {"other"}), "other"]
    where = {keypoint_slug(name): letter for name, letter in {
        "alpha model": "a", "éta model": "e", "9lpha model": "0-9", "(eta model": "e", "汉eta model": "other",
        "c++": "c", "2024": "0-9",
    }.items()}  # fmt: skip
    assert {slug: letters[slug].rpartition("-")[0] if letters[slug][-1] in "23456" else letters[slug]
            for slug in where if slug in letters} == {s: w for s, w in where.items() if s in letters}  # fmt: skip


def test_estimates_are_rather_too_high(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a page may grow larger than its budget."""
    made: list[tuple[int, int]] = []
    html = entries.Entries.html

    def measured(self: entries.Entries, papers: Any, *args: Any) -> Any:
        found = html(self, papers, *args)
        made.append((sum(map(self.size, papers)), len(found.encode())))
        return found

    monkeypatch.setattr(entries.Entries, "html", measured)
    monkeypatch.setattr(parts, "BUDGET", 3000)
    docs = corpus(4, 60)
    docs["2024-05.md"] += "\n" + paper("Of $x^2$ and $y$ in 汉字", ["汉字" * 20, "é" * 50, "alpha Model"])
    docs["../keypoints.yml"] = "alpha Model: {color: red}\n"
    site = make(tmp_path, docs, markdown_extensions=[{"pymdownx.arithmatex": {"generic": True}}])
    assert all(size * 0.98 <= estimate <= size * 1.6 for estimate, size in made)
    for file in (site / "keypoints").rglob("index.html"):
        content = LexborHTMLParser(file.read_text()).css_first(".pd-page")
        assert len((content.html or "").encode()) < 3000 + 6000


def test_few_papers_of_many_keypoints_are_shared_out(tmp_path: Path) -> None:
    crowd = [f"Crowded Keypoint Number {n}" for n in range(60)]
    site = make(tmp_path, {"202405.md": "# 202405\n\n" + "\n".join(paper(f"T{n}", crowd) for n in range(37))})
    assert max(file.stat().st_size for file in (site / "keypoints").rglob("*.html")) < 300_000
    pages = parts_of(site, "crowded-keypoint-number-1")
    assert sorted(title for file in pages for title in entries_on(file)) == sorted(f"T{n}" for n in range(37))


def test_a_month_of_many_pages_has_links_to_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BUDGET", 2000)
    site = make(tmp_path, {"202405.md": "# 202405\n\n" + "\n".join(paper(f"T{n}", ["GAN"]) for n in range(60))})
    first = LexborHTMLParser((site / "keypoints/gan/index.html").read_text())
    assert [node.text() for node in first.css(".pd-facts a[href='#earlier']")] == ["Earlier papers"]
    pages = sorted((site / "keypoints/gan").rglob("2024*/index.html"))
    assert len(pages) > 4
    for file in pages:
        links = LexborHTMLParser(file.read_text()).css("ul[aria-label='2024'] a")
        at = f"keypoints/gan/{file.parent.name}/"
        ways = {urljoin(f"/{at}", node.attributes["href"] or ""): node.attributes.get("aria-current") for node in links}
        assert {way: "page" if way == f"/{at}" else None for way in ways} == ways
        assert {f"/keypoints/gan/{page.parent.name}/" for page in pages} == set(ways)


def test_thousands_of_keypoints_stay_light(tmp_path: Path) -> None:
    docs = {}
    months = many(2, 12)
    for month in range(1, months + 1):
        own = [f"{chr(97 + n % 7)}{n} of {month} things" for n in range(800)]
        docs[f"2024{month:02}.md"] = f"# 2024-{month:02}\n\n" + "\n".join(
            paper(f"T{month} {n}", [*own[n : n + 8], "Popular Keypoint"]) for n in range(0, 800, 8)
        )
    popular = ["Popular Keypoint", *(f"Long Name of a Keypoint {n}" for n in range(12))]
    docs["202501.md"] = "# 2025-01\n\n" + "\n".join(paper(f"Much {n}", popular) for n in range(400))
    site = make(tmp_path, docs)
    assert len(data(site)["keypoints"]) > 800 * months
    heavy = [file for file in site.rglob("*.html") if file.stat().st_size > 300_000 and not file.parent.name.isdigit()]
    assert heavy == []
    assert len(parts_of(site, "popular-keypoint")) >= months
    assert sum(map(len, map(entries_on, parts_of(site, "popular-keypoint")))) == 100 * months + 400
    pages = reached(site, "keypoints/")
    assert {one["url"] for one in data(site)["keypoints"]} <= pages


@pytest.mark.parametrize("nested", [True, False])
def test_pages_have_a_short_navigation_of_a_site_with_many_digests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nested: bool
) -> None:
    monkeypatch.setattr(navigation, "MOST_DIGESTS", 5)
    days = [f"{year}-03-{day:02}" for year in (2022, 2023) for day in range(1, 13)]
    docs = {
        f"{day[:4]}/{day}.md" if nested else f"{day}.md": f"# {day}\n\n{paper(f'Paper {n}', ['A', f'B {n}'])}"
        for n, day in enumerate(days)
    }
    site = make(tmp_path, {**docs, "index.md": "# Home\n", "about.md": "# About\n"})

    def listed(page: str) -> set[str]:
        tree = LexborHTMLParser((site / page / "index.html").read_text())
        links = tree.css(".md-nav--primary a[href]:not([href^='#'])")
        return {urljoin(f"{BASE}{page}/", link.attributes["href"] or "").removeprefix(BASE) for link in links}

    whole = {address(site, site / key.removesuffix(".md") / "index.html") for key in docs}
    for page in ("about", "keypoints/a", "keypoints", "papers", "months", "trends"):
        shown = listed(page)
        left = {url.strip("/").rpartition("/")[2] for url in shown} & set(days)
        assert left == {*days[-5:], *(["2022-03-12"] if nested else [])}  # a section keeps its first page
        assert {"about/", "keypoints/", "papers/", "months/", "trends/"} <= shown
    assert reached(site, "keypoints/a/") >= whole


@pytest.mark.parametrize("urls", [True, False])
@pytest.mark.parametrize("budget", [400, 900, 2500])
def test_the_page_of_months_gives_years_to_pages_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, urls: bool, budget: int
) -> None:
    docs = {
        f"d{year}-{month:02}-{day}.md": f"# {year}-{month:02}-{day}\n\n{paper(f'P {year} {month} {day}', ['A'])}"
        for year in range(2021, 2025)
        for month in (3, 4)
        for day in (11, 12)
    }
    docs["others.md"] = f"# Others\n\n{paper('Undated', ['A'])}"
    before = make(tmp_path / "whole", docs, use_directory_urls=urls)
    monkeypatch.setattr(parts, "BUDGET", budget)
    site = make(tmp_path / "parted", docs, use_directory_urls=urls)
    assert broken_links(site) == []

    def ids(file: Path) -> set[str]:
        return {node.attributes["id"] or "" for node in LexborHTMLParser(file.read_text()).css(".pd-page [id]")}

    def digests(*files: Path) -> Counter[str]:
        trees = [LexborHTMLParser(file.read_text()) for file in files]
        links = [
            link.attributes["href"] or ""
            for tree in trees
            for link in tree.css(".pd-entry > :is(a, ul a), .pd-entry ul a")
        ]
        return Counter(link.replace("../", "") for link in links if "keypoints" not in link)

    whole, main = before / "months/index.html", site / "months/index.html"
    assert ids(main) == ids(whole)
    others = [file for file in (site / "months").rglob("*.html") if file != main]
    assert len(others) == {400: 9, 900: 9, 2500: 3}[budget]
    assert digests(main, *others) == digests(whole)
    for file in [main, *others]:
        assert repeated_ids(file) == []


# -- the box above a large index


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("large")
    docs = {"202405.md": "# 202405\n\n" + "\n".join(paper(f"T{n}", [f"Thing {n}", "Often & <3", "Hue"]) for n in range(300)),
            "202406.md": "# 202406\n\n" + paper("New", ["Brand New", "Café"]),
            "../keypoints.yml": "Hue: {color: red}\n"}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "BUDGET", 4000)
        site = make(folder, docs, theme={"name": "mkdocs"})
    with served(site) as root:
        yield root


def names(page: Any) -> list[str]:
    found: list[str] = page.locator(".pd-keypoint").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => one.textContent)"
    )
    return found


def test_a_large_index_finds_what_it_does_not_show(fresh_tab: Any, large: str) -> None:
    page = fresh_tab
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(large + "keypoints/", wait_until="networkidle")
    before = names(page)
    assert before == ["Hue", "Often & <3"]
    assert not any("keypoints-data" in url for url in loaded)
    box = page.get_by_role("searchbox", name="Filter keypoints")
    status = page.locator(".pd-filter [role=status]")
    looks = "all => all.filter(one => one.checkVisibility()).map(one => [one.tagName, one.href, one.style.cssText])"
    of_template = page.locator(".pd-keypoint", has_text="Hue").evaluate_all(looks)
    box.fill("hue")
    status.get_by_text("1 of 304 shown", exact=True).wait_for()
    assert page.locator(".pd-keypoint", has_text="Hue").evaluate_all(looks) == of_template
    for text, shown, said in [
        ("thing 17", [f"Thing {n}" for n in (17, 117, 217, *range(170, 180))], "13 of 304 shown"),
        ("cafe", ["Café"], "1 of 304 shown"),
        ("often <3", ["Often & <3"], "1 of 304 shown"),
        ("nothing", [], "0 of 304 shown"),
    ]:
        box.fill(text)
        status.get_by_text(said, exact=True).wait_for()
        assert sorted(names(page)) == sorted(shown)
        assert not page.locator("h2#letters").is_visible()
    box.fill("thing")
    status.get_by_text("300 of 304 found, the first 200 shown").wait_for()
    assert len(names(page)) == 200
    box.fill("")
    page.locator("h2#letters").wait_for()
    assert names(page) == before
    page.get_by_role("button", name="Newest").click()
    page.locator(".pd-keypoint >> text=Brand New").wait_for()
    assert names(page)[:2] == ["Brand New", "Café"]
    page.get_by_role("button", name="A–Z").click()
    status.get_by_text("304 of 304 found, the first 200 shown").wait_for()
    page.wait_for_function("document.querySelectorAll('.pd-keypoint')[0].textContent === 'Brand New'")
    assert page.locator("h2#letters").is_visible()
    assert page.locator("h2#letters + ul").is_visible()
    assert not page.locator("h2#most-used").is_visible()
    box.fill("hue")
    status.get_by_text("1 of 304 shown").wait_for()
    shown = page.locator(".pd-filter + .pd-index .pd-keypoint")
    assert shown.evaluate("one => one.style.getPropertyValue('--pd-hue')") != ""
    shown.click()
    page.wait_for_url(large + "keypoints/hue/")
    assert sum("keypoints-data" in url for url in loaded) == 1


def test_an_address_of_what_the_index_had_leads_on(fresh_tab: Any, large: str) -> None:
    page = fresh_tab
    page.goto(large + "keypoints/#thing-299")
    page.wait_for_url(large + "keypoints/thing-299/")
    page.goto(large + "keypoints/#no-such-thing", wait_until="networkidle")
    assert page.url == large + "keypoints/#no-such-thing"
