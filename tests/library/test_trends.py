"""Trends: every number shown is a count of the papers, and what is said to rise or fall does."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import pytest
from chromium import CONTRAST, served
from conftest import make_builder
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

import mkdocs_paperdigest
from mkdocs_paperdigest import Library, build_library, read_digest
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.library.trends import Share, _fisher, last_months, monthly_counts, trends
from mkdocs_paperdigest.pages.templating import Templates

TEMPLATES = Path(mkdocs_paperdigest.__file__).parent / "templates"
ENGLISH = words("en")

Papers = list[tuple[str | None, frozenset[str]]]
"""Papers: the month of each and its keypoints."""


def pages_of(papers: Papers) -> dict[str, str]:
    """Digests with these papers."""
    pages: dict[str, str] = {}
    for number, (month, names) in enumerate(papers):
        page = f"{month.replace('-', '')}.md" if month else "notes.md"
        text = f"### Paper {number}\n- `Keypoints:` {'; '.join(sorted(names))}\n\n"
        pages[page] = pages.get(page, "") + text
    return pages


def library(papers: Papers) -> Library:
    return build_library(read_digest(text, page)[0] for page, text in pages_of(papers).items())


def rendered(site: Library, template: str = "trends.html", language: str = "en", **chosen: Any) -> LexborHTMLParser:
    made = trends(site, **chosen)
    badge = {"title": "", "url": "#", "hue": None, "count": 999, "below": 0}
    badges = {keypoint.slug: {**badge, "name": keypoint.label} for keypoint in site.keypoints}
    templates = Templates([str(TEMPLATES)], words(language))
    html = templates.render(template, trends=made, charts=templates.charts, badges=badges, style_url="trends.css")
    return LexborHTMLParser(html)


def said(node: LexborNode) -> str:
    """What a cell says to those who see it."""
    inner = LexborHTMLParser(node.html or "")
    for hidden in inner.css(".pd-hidden"):
        hidden.decompose()
    return " ".join(inner.body.text().split()) if inner.body else ""


def table(tree: LexborHTMLParser, selector: str) -> list[list[str]]:
    (found,) = tree.css(selector)
    rows = LexborHTMLParser(found.html or "").css("tr")
    return [[_cell(cell) for cell in row.iter() if cell.tag in ("td", "th")] for row in rows]


def _cell(cell: LexborNode) -> str:
    hidden = "".join(node.text() for node in cell.css(".pd-hidden"))
    text = " ".join(cell.text().split())
    return text.removesuffix(hidden.strip()).strip() if cell.tag == "td" else text


def calendar(months: set[str]) -> list[str]:
    """Every month from the first to the last."""
    found, month = [], min(months)
    while month <= max(months):
        found.append(month)
        year, number = int(month[:4]), int(month[5:])
        month = f"{year + number // 12}-{number % 12 + 1:02}"
    return found


MONTHS = st.sampled_from([None, "2022-11", "2022-12", "2023-01", "2023-03", "2023-04", "2023-11", "2024-02", "2025-06"])
NAMES = st.frozensets(st.sampled_from([f"name {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]), max_size=5)
PAPERS = st.lists(st.tuples(MONTHS, NAMES), max_size=60)


@given(PAPERS)
def test_every_number_on_the_page_is_a_count_of_the_papers(papers: Papers) -> None:
    tree = rendered(library(papers))
    notes = " ".join(node.text() for node in tree.css(".pd-notes li"))
    left_out = sum(month is None for month, _ in papers)
    assert re.findall(r"(\d+) papers? ha(?:s|ve) no month", notes) == ([str(left_out)] if left_out else [])
    held = {month for month, _ in papers if month}
    if not held:
        assert not tree.css("svg, table")
        return
    every = calendar(held)
    of = {month: sum(m == month for m, _ in papers) for month in held}
    gaps = len(every) - len(held)
    assert re.findall(r"(\d+) months? in between", notes) == ([str(gaps)] if gaps else [])

    def mark(number: int) -> str:
        return "*" if number < 10 else ""

    def count(name: str, months: list[str] | set[str]) -> int:
        return sum(name in names and month in months for month, names in papers)

    # papers per month: pictures, then their table
    drawn = {}
    for figure in tree.css(".pd-bars figure"):
        year = figure.css("figcaption")[0].text().split()[0]
        texts = [node.text(deep=False) for node in figure.css("text")]
        drawn |= {f"{year}-{month}": number for month, number in zip(texts[::2], texts[1::2], strict=True)}
    shown_years = {month[:4] for month in held}
    wanted = {m: f"{of[m]}{mark(of[m])}" if m in of else "–" for m in every if m[:4] in shown_years}
    assert drawn == wanted
    rows = table(tree, ".pd-bars + details table")
    tabled = {f"{row[0]}-{n:02}": row[n] for row in rows[1:] for n in range(1, 13) if row[n]}
    assert tabled == wanted
    assert {row[0]: int(row[13]) for row in rows[1:]} == {
        year: sum(number for month, number in of.items() if month[:4] == year) for year in shown_years
    }

    shown = every[-24:]
    named = {name for month, names in papers if month in shown for name in names}
    if not named:
        assert not tree.css(".pd-heat")
        return
    # shares: pictures, then their table
    rows = table(tree, ".pd-multiples:not(.pd-bars) + details table")
    labels = [caption.text().strip() for caption in tree.css(".pd-multiples:not(.pd-bars) figcaption")]
    assert rows[0] == ["Month", *labels]
    assert [row[0] for row in rows[1:]] == shown
    for place, figure in enumerate(tree.css(".pd-multiples:not(.pd-bars) figure")):
        points = dict(node.text().split(": ") for node in figure.css("circle title"))
        assert points == {
            month: f"{count(labels[place], {month})} of {of[month]}{mark(of[month])}" for month in shown if month in of
        }
        last = max(points)
        assert figure.css("text")[-1].text() == f"{last}: {points[last]}"
        in_table = {row[0]: re.sub(r" \([\d.]+%\)", "", row[place + 1]) for row in rows[1:]}
        assert in_table == {month: points.get(month, "–") for month in shown}
    # the heatmap
    rows = table(tree, ".pd-heat")
    few = "* (fewer than ten papers)"
    assert rows[1] == [month + (few if of.get(month, 10) < 10 else "") for month in shown]
    totals = {name: count(name, shown) for name in named}
    assert [int(row[-1]) for row in rows[2:-1]] == sorted(totals.values(), reverse=True)[:20]
    assert labels == [row[0] for row in rows[2:-1]][:12]
    for row in rows[2:-1]:
        assert row[1:] == [*(str(count(row[0], {m})) if m in of else "–" for m in shown), str(totals[row[0]])]
    assert rows[-1] == [
        "Papers",
        *(f"{of[m]}{mark(of[m])}" if m in of else "–" for m in shown),
        str(sum(of.get(m, 0) for m in shown)),
    ]
    # years
    if len(every) > 24:
        rows = table(tree, "#by-year ~ .pd-scroll table")
        for row in rows[1:]:
            for year, cell in zip(rows[0][1:], row[1:], strict=True):
                own = [month for month in of if month[:4] == year]
                number = sum(of[month] for month in own)
                assert re.sub(r" \([\d.]+%\)", "", cell) == f"{count(row[0], own)} of {number}{mark(number)}"
    else:
        assert not tree.css("#by-year")


@given(PAPERS)
def test_sparklines_count_the_last_twelve_months(papers: Papers) -> None:
    site = library(papers)
    months = last_months(site)
    held = {month for month, _ in papers if month}
    assert [m.month for m in months] == (calendar({"2000-01", *held})[-12:] if held else [])
    for keypoint in site.keypoints:
        assert monthly_counts(keypoint, months) == tuple(
            sum(keypoint.label in names and month == m.month for month, names in papers) if m.month in held else None
            for m in months
        )


def two_months(*pairs: tuple[int, int], of: tuple[int, int] = (20, 20)) -> Papers:
    """Two months with keypoints k0, k1, …, each named by so many papers of the first month and so many of the second."""
    return [
        (month, frozenset(f"k{number}" for number, pair in enumerate(pairs) if place < pair[side]))
        for side, month in enumerate(("2024-01", "2024-02"))
        for place in range(of[side])
    ]


def changes(papers: Papers) -> tuple[dict[str, str], dict[str, str]]:
    """What rises and what falls: label → points."""
    compared = trends(library(papers)).comparison
    assert compared
    return tuple({c.keypoint.label: c.points for c in side} for side in (compared.rising, compared.falling))  # type: ignore[return-value]


def test_what_rises_and_falls_is_listed_with_the_papers_that_say_so() -> None:
    papers = two_months((2, 14), (15, 3), (9, 11))
    assert changes(papers) == ({"k0": "+60.0"}, {"k1": "−60.0"})
    tree = rendered(library(papers))
    (rising, falling) = tree.css("table.pd-changes")
    assert [said(cell) for cell in rising.css("tbody th, tbody td")] == [
        "k0",
        "+60.0 points",
        "14 of 20 (70%)",
        "2 of 20 (10%)",
    ]
    assert [said(cell) for cell in falling.css("tbody th, tbody td")][2:] == ["3 of 20 (15%)", "15 of 20 (75%)"]
    text = " ".join(tree.root.text().split()) if tree.root else ""
    assert "Compared are February 2024 (20 papers) with January 2024 before (20 papers)." in text


@pytest.mark.parametrize(
    ("papers", "why"),
    [
        (two_months((0, 2), of=(200, 2)), "two papers are fewer than three, though both of a tiny month"),
        (two_months((0, 1), of=(500, 1)), "one paper in a tiny month"),
        (two_months((10, 10), (5, 5)), "nothing changed"),
    ],
)
def test_few_papers_and_chance_are_no_trend(papers: Papers, why: str) -> None:
    assert changes(papers) == ({}, {}), why
    text = " ".join(node.text() for node in rendered(library(papers)).css("p"))
    assert "No keypoint rises." in text
    assert "No keypoint falls." in text


def test_what_doubled_by_few_papers_says_that_it_may_be_chance() -> None:
    papers = two_months((1, 3), (4, 2), (12, 1), (8, 11))
    assert changes(papers) == ({"k0": "+10.0"}, {"k2": "−55.0", "k1": "−10.0"})
    rising, falling = rendered(library(papers)).css("table.pd-changes")
    assert next(said(cell) for cell in rising.css("tbody td")) == "+10.0 points (may be chance)"
    assert [said(cell) for cell in falling.css("tbody tr td:nth-child(2)")] == [
        "−55.0 points",
        "−10.0 points (may be chance)",
    ]


def test_what_neither_doubled_nor_surely_changed_is_not_listed() -> None:
    assert changes(two_months((4, 7), (8, 5))) == ({}, {})
    assert changes(two_months((40, 70), of=(200, 200)))[0] == {"k0": "+15.0"}  # surely, though not twice as much


def test_three_papers_are_the_least_that_rise() -> None:
    assert changes(two_months((0, 3), of=(200, 12)))[0] == {"k0": "+25.0"}
    assert changes(two_months((3, 0), of=(12, 200)))[1] == {"k0": "−25.0"}


def test_rare_keypoints_do_not_hide_what_changed() -> None:
    papers = two_months((2, 10), *[(1, 1)] * 200)
    compared = trends(library(papers)).comparison
    assert compared
    assert compared.tested == 1
    assert changes(papers) == ({"k0": "+40.0"}, {})


def test_chance_alone_is_hardly_ever_said_to_be_sure() -> None:
    """Sites whose keypoints never change: the procedure lists none in nine of ten of them."""
    with_any = 0
    for seed in range(20):
        luck = random.Random(seed)
        rates = {f"k{n}": luck.uniform(0.02, 0.5) for n in range(40)}
        papers: Papers = [
            (f"2024-{month:02}", frozenset(name for name, rate in rates.items() if luck.random() < rate))
            for month in range(1, 7)
            for _ in range(24)
        ]
        compared = trends(library(papers)).comparison
        assert compared
        with_any += any(change.is_sure for change in (*compared.rising, *compared.falling))
    assert with_any <= 2


def test_windows_are_of_months_with_papers() -> None:
    months = ["2023-01", "2023-02", "2023-03", "2023-07", "2024-01", "2024-02", "2024-04"]
    papers: Papers = [(month, frozenset({"a"})) for month in months for _ in range(3)]
    compared = trends(library([*papers, (None, frozenset({"a"}))])).comparison
    assert compared
    assert [m.month for m in compared.before] == months[1:4]
    assert [m.month for m in compared.now] == months[4:]
    assert (compared.papers_before, compared.papers_now) == (9, 9)


def test_one_month_is_compared_with_nothing() -> None:
    site = library([("2024-01", frozenset({"a"}))] * 12)
    assert trends(site).comparison is None
    assert "papers of two months at least are needed" in (rendered(site).html or "")


def test_fisher_s_tea() -> None:
    """The textbook's table: of 4 and 4 cups 3 and 1 are said to be milk first."""
    chance, smallest = _fisher(Share(3, 4), Share(1, 4))
    assert chance == Fraction(34, 70)
    assert smallest == Fraction(2, 70)


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_the_test_is_fisher_s(of_now: int, of_before: int, data: st.DataObject) -> None:
    now, before = data.draw(st.integers(0, of_now)), data.draw(st.integers(0, of_before))
    named = now + before
    every = {
        k: Fraction(comb(of_now, k) * comb(of_before, named - k), comb(of_now + of_before, named))
        for k in range(named + 1)
        if k <= of_now and named - k <= of_before
    }
    tails = {k: sum(p for p in every.values() if p <= own) for k, own in every.items()}
    assert _fisher(Share(now, of_now), Share(before, of_before)) == (tails[now], min(tails.values()))


def test_some_papers_some_keypoints_and_some_months() -> None:
    papers: Papers = [("2024-01", frozenset("a"))] * 4 + [("2024-02", frozenset("b"))] * 5
    papers += [("2024-04", frozenset("ab"))] * 6 + [(None, frozenset("a"))] * 2
    site = library(papers)
    naming_a = trends(site, papers=site.by_key["a"].papers, keypoints=[site.by_key["b"]])
    assert [(m.month, m.papers) for m in naming_a.months] == [
        ("2024-01", 4),
        ("2024-02", 0),  # the site has papers of it, but none that are asked for
        ("2024-03", None),
        ("2024-04", 6),
    ]
    (b,) = naming_a.lines
    assert b.months == (Share(0, 4), None, None, Share(6, 6))
    assert naming_a.left_out == 2
    span = trends(site, months=["2024-02", "2024-03"], limit=1)
    assert [(m.month, m.papers) for m in span.months] == [("2024-02", 5)]
    assert [(line.keypoint.label, line.months) for line in span.lines] == [("b", (Share(5, 5),))]
    assert trends(site, months=["2020-01"]).months == ()
    assert trends(site, months=[]).months == ()


def test_a_list_in_a_page_has_no_heading_and_no_id() -> None:
    site = library(two_months((2, 14), (15, 3)))
    tree = rendered(site, "trends-list.html", keypoints=[site.by_key["k1"]])
    assert not tree.css("h1, h2, h3, h4, [id]")
    assert [node.text().strip() for node in tree.css("figcaption")] == ["k1"]
    assert [row[1] for row in table(tree, "details table")] == ["k1", "15 of 20 (75%)", "3 of 20 (15%)"]
    assert "is in no trend" not in (tree.html or "")


def test_what_is_left_out_is_said() -> None:
    papers: Papers = [("2020-05", frozenset({"old"})), ("2024-01", frozenset({f"k{n}" for n in range(30)}))]
    notes = " ".join(node.text() for node in rendered(library(papers)).css(".pd-notes li, .pd-facts"))
    assert "43 months in between have no digest" in notes
    assert "for the last 24 months only: February 2022 to January 2024" in notes
    assert "The 20 keypoints that most papers of these months name, of 30 that they name." in notes
    assert "The 12 keypoints that most papers of these months name, of 30 that they name." in notes
    assert "* Fewer than ten papers" in notes


def test_names_are_escaped() -> None:
    name = '<script>alert(1)</script> & "more"'
    digest, _ = read_digest("### T\n- `Keypoints:` `x`\n", "202405.md")
    made = build_library([digest])
    keypoint = replace(made.keypoints[0], label=name)
    site = replace(made, keypoints=(keypoint,))
    tree = rendered(site)
    assert not tree.css("script")
    assert [node.text().strip() for node in tree.css("figcaption")][-1] == name


@pytest.mark.parametrize("language", ["en", "zh", "ja"])
def test_every_language_has_every_word(language: str) -> None:
    own = words(language).texts
    assert own["trends"] != ENGLISH.texts["trends"] or language == "en"
    papers = two_months((2, 14), (15, 3), of=(20, 9 + 6))
    tree = rendered(library([*papers, (None, frozenset()), ("2020-01", frozenset({"k0"}))]), language=language)
    assert len(tree.css("h2")) == 5
    assert "{" not in (tree.root.text() if tree.root else "{")


def test_a_large_site_has_a_small_page() -> None:
    luck = random.Random(6)
    names = [f"keypoint number {n} of many" for n in range(1500)]
    weights = [1 / (n + 3) for n in range(1500)]
    papers: Papers = [
        (f"{2019 + month // 12}-{month % 12 + 1:02}", frozenset(luck.choices(names, weights, k=5)))
        for month in range(60)
        for _ in range(20)
    ]
    assert len((rendered(library(papers)).html or "").encode()) < 150_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    luck = random.Random(1)
    names = [f"A Keypoint with Quite a Long Name, Number {n}" for n in range(25)]
    papers: Papers = [
        (f"{2022 + month // 12}-{month % 12 + 1:02}", frozenset(luck.sample(names, k=luck.randint(1, 6))))
        for month in range(30)
        if month not in (7, 19, 20)
        for _ in range(luck.choice((4, 12, 40)))
    ]
    files = {**pages_of(papers), "a.md": "# A\n\n" + 2 * "<!-- paperdigest:trends limit=2 -->\n\n"}
    theme = {"name": "material", "font": False, "palette": {"scheme": "default"}}
    with served(make_builder(tmp_path_factory.mktemp("trends"))(files, theme=theme).site) as address:
        yield address


@pytest.fixture(scope="module")
def shown(shared_tab: Any, site: str) -> Any:
    """The page of trends, open and unfolded."""
    opened(shared_tab, site + "trends/")
    return shared_tab


def opened(page: Any, url: str) -> None:
    page.goto(url)
    page.add_style_tag(content="* { transition: none !important }")  # Material fades between its palettes
    page.evaluate("document.querySelectorAll('.pd-trends details').forEach(details => details.open = true)")


def resized(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def nothing_overflows(page: Any) -> None:
    """At 320 pixels, that is."""
    resized(page, 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(
        """() => [...document.querySelectorAll('.pd-chart')].every(svg => [...svg.children].every(part => {
             const box = svg.getBoundingClientRect(), own = part.getBoundingClientRect();
             return own.left >= box.left - 1 && own.right <= box.right + 1 && own.top >= box.top - 1 && own.bottom <= box.bottom + 1;
           }))"""
    )
    size = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.pd-chart')].map(svg =>
             11 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""
    )
    assert size >= 10  # the text of pictures, in pixels


def test_nothing_overflows_and_wide_tables_scroll_by_keyboard(shown: Any) -> None:
    nothing_overflows(shown)
    region = shown.locator(".pd-scroll:has(.pd-heat)")
    region.focus()
    shown.keyboard.press("ArrowRight")
    shown.wait_for_function("document.querySelector('.pd-scroll:has(.pd-heat)').scrollLeft > 0")


def test_nothing_overflows_where_markers_put_trends(tab: Any, site: str) -> None:
    opened(tab, site + "a/")
    nothing_overflows(tab)


@pytest.mark.parametrize("width", [768, 1000, 1280])
def test_the_text_of_pictures_is_within_them_and_above_their_points(shown: Any, width: int) -> None:
    resized(shown, width)
    right, above = shown.evaluate(
        """() => {
             const lines = [...document.querySelectorAll('.pd-multiples:not(.pd-bars) .pd-chart')];
             const right = lines.flatMap(svg => [...svg.querySelectorAll('.pd-end')].map(text =>
               svg.getBoundingClientRect().right - text.getBoundingClientRect().right));
             const above = lines.map(svg => svg.querySelector('.pd-axis').getBoundingClientRect().top - 2.5 -
               [...svg.querySelectorAll('text')].at(-1).getBoundingClientRect().bottom);
             return [Math.min(...right), Math.min(...above)];
           }"""
    )
    assert right >= 1  # a picture that is drawn small has its letters a little wider
    assert above >= 1  # between the label and a point at the top


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_numbers_can_be_read_in_both_palettes(shown: Any, scheme: str) -> None:
    resized(shown, 1280)
    shown.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    for selector in (".pd-heat .pd-h1", ".pd-heat .pd-h5", ".pd-heat .pd-h0", ".pd-notes li", ".pd-legend"):
        assert shown.locator(selector).first.evaluate(CONTRAST) >= 4.5, selector
