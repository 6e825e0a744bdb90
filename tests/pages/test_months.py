"""The archive of months, and its HTML."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from conftest import ROOT, texts
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import Library, build_library, read_digest
from mkdocs_paperdigest.collection import SiteOptions
from mkdocs_paperdigest.keypoints.vocabulary import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.library.archive import Month, adjacent_months, archive
from mkdocs_paperdigest.pages import Links, Templates
from mkdocs_paperdigest.pages.month_pages import MOST_NEW, MonthPages
from mkdocs_paperdigest.pages.paper_lists import Lists

TEMPLATES = ROOT / "mkdocs_paperdigest" / "templates"


def library(pages: dict[str, str], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> Library:
    """Pages of papers by their paths; a line of a page is a paper's keypoints, or `## ` and a category."""
    digests = []
    for path, lines in pages.items():
        text = "".join(
            f"{line}\n\n" if line.startswith("#") else f"### Paper {n}\n- `Keypoints:` {line}\n\n"
            for n, line in enumerate(lines.split("\n"))
        )
        digests.append(read_digest(text, path)[0])
    return build_library(digests, vocabulary)


SITE = {
    "202312.md": "a; b",
    "202402.md": "## Vision\na; c; d\nd\n## Sound\nd\n## Vision\nd",
    "202403.md": "c; e",
    "others/202402.md": "e",
    "notes.md": "a; f",
}


def test_the_archive_is_newest_first_and_ends_with_papers_without_a_month() -> None:
    made = archive(library(SITE))
    assert [(month.month, month.count) for month in made] == [("2024-03", 1), ("2024-02", 5), ("2023-12", 1), (None, 1)]
    assert made[1].digests == (("202402.md", 4), ("others/202402.md", 1))
    assert made[1].categories == (("Vision", 3), ("Sound", 1))
    assert sum(month.count for month in made) == len(library(SITE).papers)
    assert archive(library({})) == ()


def new(made: tuple[Month, ...]) -> dict[str | None, list[str]]:
    return {month.month: [keypoint.label for keypoint in month.new] for month in made}


def test_what_is_new_in_a_month_was_in_none_before() -> None:
    assert new(archive(library(SITE))) == {"2024-03": [], "2024-02": ["d", "c", "e"], "2023-12": [], None: []}


def test_hidden_keypoints_are_not_new() -> None:
    made = library(SITE, Vocabulary((VocabularyEntry("d", "d", hidden=True), VocabularyEntry("unused", "unused"))))
    assert new(archive(made))["2024-02"] == ["c", "e"]


def test_the_archive_of_some_papers_counts_only_these() -> None:
    made = library(SITE)
    some = archive(made, [paper for paper in made.papers if "e" in (paper.keypoints or ())])
    assert [(month.month, month.count, month.digests) for month in some] == [
        ("2024-03", 1, (("202403.md", 1),)),
        ("2024-02", 1, (("others/202402.md", 1),)),
    ]
    assert not any(month.new for month in some)


@pytest.mark.parametrize(
    ("of", "before", "after"),
    [
        (["2024-02"], "2023-12", "2024-03"),
        (["2023-12"], None, "2024-02"),
        (["2024-03"], "2024-02", None),
        (["2024-03", None, "2024-02", "2024-02"], "2023-12", None),
        (["2024-01"], "2023-12", "2024-02"),  # a month that the archive does not know
        ([None], None, None),
        ([], None, None),
    ],
)
def test_neighbours_are_those_outside_of_all_months_of_a_page(
    of: list[str | None], before: str | None, after: str | None
) -> None:
    made = archive(library(SITE))
    assert tuple(month and month.month for month in adjacent_months(made, of)) == (before, after)


def month_pages(made: Library, language: str = "en", months: str | None = None) -> MonthPages:
    """The months of a site whose pages have their paths as addresses."""
    said = words(language)
    files = SimpleNamespace(address=lambda path: path, title=lambda path: f"Name of {path}")
    links = Links(made, replace(SiteOptions(), months=months), said, files)
    return MonthPages(Lists(links, Templates([str(TEMPLATES)], said), draws_formulas=False))


def dicts(made: Library, language: str = "en") -> list[dict[str, Any]]:
    return month_pages(made, language).rows("../", archive(made))


def render(template: str, language: str = "en", **context: Any) -> LexborHTMLParser:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    environment.globals["words"] = words(language)
    return LexborHTMLParser(environment.get_template(f"paperdigest/{template}").render(context))


def test_the_page_of_months() -> None:
    page = render("months.html", months=dicts(library(SITE)))
    assert texts(page, "h1") == ["Months"]
    assert [(h.attributes["id"], h.text()) for h in page.css("h2")] == [
        ("year-2024", "2024"),
        ("year-2023", "2023"),
        ("without-month", "Without month"),
    ]
    assert [li.attributes.get("id") for li in page.css("li.pd-entry")] == [
        "month-2024-03",
        "month-2024-02",
        "month-2023-12",
        None,
    ]
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert texts(page, ".pd-title") == ["March 2024", "February 2024", "December 2023", "Without month"]
    assert texts(page, ".pd-place") == ["1 paper", "5 papers", "1 paper", "1 paper"]
    assert [a.attributes["href"] for a in page.css("a.pd-title")] == ["../202403.md", "../202312.md", "../notes.md"]
    february = page.css_first("[id='month-2024-02']")
    assert [(a.text(), a.attributes["href"]) for a in february.css(".pd-index a")] == [
        ("Name of 202402.md", "../202402.md"),
        ("Name of others/202402.md", "../others/202402.md"),
    ]
    assert [a.attributes["href"] for a in february.css("a.pd-keypoint")] == [
        f"../keypoints/{slug}.md" for slug in "dce"
    ]
    assert not february.css("details, .pd-keypoints .pd-count")
    assert len(page.css(".pd-keypoints")) == 1  # no empty row where nothing is new


def test_a_list_elsewhere_has_no_headings_and_no_ids() -> None:
    fragment = render("month-list.html", months=dicts(library(SITE)))
    assert not fragment.css("[id], h1, h2")
    assert len(fragment.css("ul.pd-entries")) == 1
    assert texts(fragment, ".pd-title") == ["March 2024", "February 2024", "December 2023", "Without month"]
    assert not render("month-list.html", months=[]).css("li")


def test_a_site_without_papers_says_so() -> None:
    assert texts(render("months.html", months=[]), "p") == ["No paper stands here yet."]


def test_many_pages_of_a_month_are_folded_and_many_new_keypoints_cut() -> None:
    pages = {f"{n:02}/202402.md": f"new {n}; newer {n}" for n in range(7)}
    page = render("months.html", months=dicts(library({"202401.md": "a", **pages})))
    assert texts(page, "summary") == ["7 pages"]
    assert len(page.css("details .pd-index a")) == 7
    assert len(page.css(".pd-keypoints .pd-keypoint")) == MOST_NEW == 12
    assert texts(page, ".pd-keypoints .pd-count") == ["and 2 more"]


def test_names_from_sources_are_text() -> None:
    odd = '<b>"&'
    months = dicts(library(SITE))
    months[1]["new"][0] |= {"name": odd, "title": odd, "url": odd}
    months[1]["digests"][0] |= {"name": odd, "url": odd}
    page = render("months.html", months=months)
    assert not page.css("b")
    assert [a.text() for a in page.css("a") if a.attributes["href"] == odd] == [odd, odd]
    link = {"url": '"><b>', "name": odd}
    assert not render("month-links.html", previous=link, all=link, next=link).css("b")


@pytest.mark.parametrize(
    ("language", "name", "count", "year"),
    [
        ("en", "May 2024", "2 papers", "2024"),
        ("zh", "2024年5月", "2 篇论文", "2024年"),
        ("ja", "2024年5月", "論文 2 件", "2024年"),
    ],
)
def test_months_are_named_in_the_language_of_the_site(language: str, name: str, count: str, year: str) -> None:
    page = render("months.html", language, months=dicts(library({"202405.md": "a\na"}), language))
    assert (texts(page, ".pd-title"), texts(page, ".pd-place"), texts(page, "h2")) == ([name], [count], [year])


def links(path: str, months: str | None) -> LexborHTMLParser:
    return LexborHTMLParser(month_pages(library(SITE), months=months).with_links("", path, "../"))


def hrefs(page: LexborHTMLParser) -> list[str | None]:
    return [a.attributes["href"] for a in page.css("nav a")]


def test_a_digest_leads_to_the_months_before_and_after() -> None:
    page = links("202402.md", "months/")
    assert hrefs(page) == ["../202312.md", "../months/", "../202403.md"]
    assert texts(page, "nav a") == ["← Previous month: December 2023", "All months", "Next month: March 2024 →"]
    assert texts(page, "[aria-hidden=true]") == ["←", "→"]
    nav = page.css_first("nav")
    assert nav.attributes["aria-label"] == "Months"
    assert {"data-search-exclude", "data-pagefind-ignore"} <= nav.attributes.keys()
    assert "pd-ui" in (nav.attributes["class"] or "").split()


def test_a_month_of_several_digests_is_reached_through_the_page_of_months() -> None:
    assert hrefs(links("202403.md", "months/")) == ["../months/#month-2024-02", "../months/"]
    assert hrefs(links("202403.md", None)) == ["../202402.md"]  # the first, where there is no such page


def test_a_page_without_months_leads_nowhere() -> None:
    assert not links("notes.md", "months/").css("nav")
    every = {"url": "../months/", "name": "All months"}
    assert hrefs(render("month-links.html", previous=None, all=every, next=None)) == ["../months/"]
    assert not render("month-links.html", previous=None, all=None, next=None).css("nav")
