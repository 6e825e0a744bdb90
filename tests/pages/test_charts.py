"""Pictures: straight lines and gaps, names escaped, shades that can be read."""

from __future__ import annotations

import colorsys
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

import mkdocs_paperdigest
from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.library.trends import Line, MonthCount, Share, Year
from mkdocs_paperdigest.pages.charts import LEVELS
from mkdocs_paperdigest.pages.templating import Templates

TEMPLATES = Path(mkdocs_paperdigest.__file__).parent / "templates"
CSS = TEMPLATES / "assets/paperdigest/trends.css"
ENGLISH = words("en")
charts = Templates([str(TEMPLATES)], ENGLISH).charts
COUNTS = st.lists(st.none() | st.integers(0, 400), min_size=1, max_size=24)


def a_line(shares: list[Share | None], label: str = "World Model") -> Line:
    (keypoint,) = build_library([read_digest("### T\n- `Keypoints:` a\n", "202405.md")[0]]).keypoints
    return Line(replace(keypoint, label=label), tuple(shares), ())


def months(number: int) -> list[MonthCount]:
    return [MonthCount(f"{2020 + n // 12}-{n % 12 + 1:02}", 12) for n in range(number)]


def runs(path: str) -> list[list[tuple[int, int]]]:
    """The places of each unbroken piece of a path; only straight segments are understood."""
    found = []
    for piece in filter(None, path.split("M")):
        assert re.fullmatch(r"\d+ \d+(h0|L\d+ \d+( \d+ \d+)*)", piece)
        numbers = [int(number) for number in re.findall(r"\d+", piece.removesuffix("h0"))]
        found.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return found


def expected_runs(values: list[int | None]) -> list[list[int]]:
    """The places of the values of each run without a gap."""
    found: list[list[int]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append(place)
    return [run for run in found if run]


@given(COUNTS)
def test_a_sparkline_has_every_count_in_its_place_and_nothing_where_there_is_none(counts: list[int | None]) -> None:
    svg = charts.sparkline(counts)
    highest = max((count or 0 for count in counts), default=0)
    if not highest:
        assert svg == ""
        return
    ((width, box, base),) = re.findall(r'width="(\d+)" viewBox="0 0 (\d+) (\d+)"', svg)
    before = next(place for place, count in enumerate(counts) if count is not None)  # gaps that nothing comes before
    assert int(width) == 2 * int(box) == 4 * (len(counts) - before)
    (path,) = re.findall(r' d="([^"]*)"', svg)
    bars = re.findall(r"M(\d+) (\d+)V([\d.]+)", path)
    assert "".join(f"M{x} {foot}V{top}" for x, foot, top in bars) == path
    assert {foot for _, foot, _ in bars} == {base}  # the lower edge, which stands on the base line of text
    heights = {before + (int(x) - 1) // 2: round(2 * (int(base) - float(top))) for x, _, top in bars}  # in pixels
    assert len(heights) == len(bars)
    assert list(heights) == [place for place, count in enumerate(counts) if count is not None]
    for place, height in heights.items():
        count = counts[place]
        assert count is not None
        assert 1 <= height <= 2 * int(base)
        assert abs((height - 1) - 13 * count / highest) <= 1
        assert (height == 1) == (count == 0)


@given(st.lists(st.none() | st.integers(0, 400), min_size=12, max_size=12))
def test_a_sparkline_of_a_year_is_small_and_stands_by_itself(counts: list[int | None]) -> None:
    svg = charts.sparkline([*counts[:-1], 400])
    assert len(svg) <= 200
    assert 'aria-hidden="true"' in svg
    assert " style=" not in svg
    assert " class=" not in svg


def test_the_largest_sparkline_of_a_year_is_small() -> None:
    assert (
        len(charts.sparkline([1, *[400] * 11])) <= len(charts.sparkline([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])) <= 200
    )
    assert len(charts.sparkline([399] * 6 + [13 * 12] + [1] * 5)) <= 200


@given(st.lists(st.none() | st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=24))
def test_a_line_is_straight_from_month_to_month_with_gaps(pairs: list[tuple[int, int] | None]) -> None:
    shares = [Share(min(pair), max(pair)) if pair else None for pair in pairs]
    made = a_line(shares)
    ceiling = charts.ceiling_of([made])
    tree = LexborHTMLParser(charts.line(made, months(len(pairs)), ceiling, ENGLISH))
    (path,) = [node.attributes["d"] or "" for node in tree.css("path.pd-line")]
    found = runs(path)
    assert [len(run) for run in found] == [len(run) for run in expected_runs([s.count if s else None for s in shares])]
    places = [place for run in found for place in run]
    there = [share for share in shares if share]
    assert [x for x, _ in places] == sorted({x for x, _ in places})
    for (_, y), share in zip(places, there, strict=True):
        assert abs((82 - y) - 56 * float(share.value) * 100 / ceiling) <= 1
    dots = [(int(dot.attributes["cx"] or 0), int(dot.attributes["cy"] or 0)) for dot in tree.css("circle")]
    assert dots == places
    kinds = [dot.attributes["class"] for dot in tree.css("circle")]
    assert kinds == ["pd-open" if share.of < 10 else "pd-dot" for share in there]


def test_a_single_month_between_gaps_is_a_dot() -> None:
    shares = [Share(1, 12), None, Share(3, 12), None, Share(2, 12), Share(2, 12)]
    svg = charts.line(a_line(shares), months(6), 25, ENGLISH)
    assert 'd="M6 63h0M97 26h0M188 45L234 45"' in svg


def test_the_label_has_the_count_and_the_papers_of_the_last_month_with_papers() -> None:
    tree = LexborHTMLParser(charts.line(a_line([Share(1, 12), Share(3, 7), None]), months(3), 50, ENGLISH))
    assert tree.css("text")[-1].text() == "2020-02: 3 of 7*"
    (svg,) = tree.css("svg")
    assert svg.attributes["role"] == "img"
    assert svg.attributes["aria-label"] == "World Model: share of each month’s papers. 2020-02: 3 of 7*"


def test_a_year_shows_gaps_zeros_and_few_papers_for_what_they_are() -> None:
    of_year = {
        2: MonthCount("2024-02", 12),
        3: MonthCount("2024-03", None),
        4: MonthCount("2024-04", 0),
        5: MonthCount("2024-05", 9),
    }
    year = Year("2024", tuple(of_year.get(n) for n in range(1, 13)))
    svg = charts.bars(year, 12, ENGLISH)
    tree = LexborHTMLParser(svg)
    assert [node.text(deep=False) for node in tree.css("text")] == ["02", "12", "03", "–", "04", "0*", "05", "9*"]
    assert [node.text() for node in tree.css("text title")] == ["2024-03: no digest"]
    bars = [(node.attributes["class"], node.attributes["height"]) for node in tree.css("rect")]
    assert bars == [("pd-bar", "72"), ("pd-bar pd-open", "0"), ("pd-bar pd-open", "54")]
    assert "Papers per month of 2024: 21 papers in all." in svg


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", '" onload="x', "a & b", "{n}", "]]>"])
def test_names_are_text(label: str) -> None:
    svg = charts.line(a_line([Share(1, 12)], label), months(1), 10, ENGLISH)
    tree = LexborHTMLParser(svg)
    assert not tree.css("script")
    attributes = tree.css("svg")[0].attributes
    assert len(attributes) == 4
    assert attributes["aria-label"] == f"{label}: share of each month’s papers. 2020-01: 1 of 12"


@given(st.integers(1, 600))
def test_the_legend_says_which_numbers_a_shade_stands_for(highest: int) -> None:
    legend = charts.levels(highest)
    assert [n for _, first, last in legend for n in range(first, last + 1)] == list(range(highest + 1))
    for shade, first, last in legend:
        assert {charts.level(count, highest) for count in range(first, last + 1)} == {shade}
    assert legend[0] == (0, 0, 0)
    assert legend[-1][0] == LEVELS
    shades = [shade for shade, _, _ in legend]
    assert shades == sorted(set(shades))


def _luminance(hue: int, saturation: int, lightness: int) -> float:
    channels = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_numbers_can_be_read_on_every_shade_of_every_hue() -> None:
    css = CSS.read_text(encoding="utf-8")
    light, dark = css[: css.index("[data-md")], css[css.index("[data-md") : css.index(".pd-trends figure")]
    for palette in (light, dark):
        colours = {
            name: (int(saturation), int(lightness))
            for name, saturation, lightness in re.findall(
                r"--pd-(heat-\w+): hsl\(var\(--pd-trend-hue\) (\d+)% (\d+)%\)", palette
            )
        }
        assert sorted(colours) == ["heat-1", "heat-2", "heat-3", "heat-4", "heat-5", "heat-fg"]
        text = colours.pop("heat-fg")
        for hue in range(360):
            for shade in colours.values():
                low, high = sorted((_luminance(hue, *text), _luminance(hue, *shade)))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (hue, shade)
