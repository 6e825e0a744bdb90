"""A paper that stands in several digests is one paper: known by what it links to, counted once, shown everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Builder, article, make_builder, texts
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest import Library, Link, Paper, build_library, read_digest
from mkdocs_paperdigest.exports.citations import citation
from mkdocs_paperdigest.library.index import repeated_papers
from mkdocs_paperdigest.library.same_papers import first_records
from mkdocs_paperdigest.library.trends import last_months, monthly_counts

TITLE = "Caches That Forget What They Kept"


def paper(
    month: str, title: str = TITLE, links: tuple[str, ...] = (), authors: tuple[str, ...] = (), line: int = 1
) -> Paper:
    return Paper(
        title,
        f"{month.replace('-', '') or 'undated'}.md",
        line,
        3,
        f"a{line}",
        month=month or None,
        links=tuple(Link("other", url) for url in links),
        authors=authors,
    )


ARXIV = "https://arxiv.org/abs/2401.12345"
SAME = {
    "the same address": (paper("2024-01", "One", (ARXIV,)), paper("2024-02", "Two", (ARXIV,))),
    "another form and version": (
        paper("2024-01", "One", ("http://arxiv.org/pdf/2401.12345v3.pdf",)),
        paper("2024-02", "Two", ("https://huggingface.co/papers/2401.12345",)),
    ),
    "a DOI": (
        paper("2024-01", "One", ("https://doi.org/10.1145/12345.67",)),
        paper("2024-02", "Two", ("https://dx.doi.org/10.1145/12345.67",)),
    ),
    "twice in one digest": (paper("2024-01", "One", (ARXIV,)), paper("2024-01", "One", (ARXIV,), line=9)),
    "title and first author": (paper("2024-01", authors=("Ada Moss",)), paper("2024-02", authors=("ada moss", "Lin"))),
    "title and code": (
        paper("2024-01", links=("https://github.com/a/b",)),
        paper("2024-02", TITLE.upper(), ("http://github.com/a/b/",)),
    ),
}
APART = {
    "nothing in common": (paper("2024-01", "One"), paper("2024-02", "Two")),
    "a title alone": (paper("2024-01"), paper("2024-02")),
    "a short title and an author": (
        paper("2024-01", "World Models", authors=("Ada Moss",)),
        paper("2024-02", "World Models", authors=("Ada Moss",)),
    ),
    "title and author, in one digest": (
        paper("2024-01", authors=("Ada Moss",)),
        paper("2024-01", authors=("Ada Moss",), line=9),
    ),
    "other papers of arXiv": (
        paper("2024-01", links=(ARXIV, "https://github.com/a/b"), authors=("Ada Moss",)),
        paper("2024-02", links=("https://arxiv.org/abs/2402.00001", "https://github.com/a/b"), authors=("Ada Moss",)),
    ),
    "the second link only": (
        paper("2024-01", "One", (ARXIV,)),
        paper("2024-02", "Two", ("https://arxiv.org/abs/2402.00001", ARXIV)),
    ),
    "code alone": (
        paper("2024-01", "One", ("https://github.com/a/b",)),
        paper("2024-02", "Two", ("https://github.com/a/b",)),
    ),
}


@pytest.mark.parametrize("records", SAME.values(), ids=SAME)
def test_one_paper(records: tuple[Paper, Paper]) -> None:
    first, later = records
    assert first_records([later, first]) == {later.id: first.id} == first_records([first, later])


@pytest.mark.parametrize("records", APART.values(), ids=APART)
def test_two_papers(records: tuple[Paper, Paper]) -> None:
    assert first_records(records) == {}


def test_a_record_without_month_is_no_first_one() -> None:
    dated, undated = paper("2024-02", "One", (ARXIV,)), paper("", "One", (ARXIV,))
    assert first_records([undated, dated]) == {undated.id: dated.id}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2024-01", "2024-02", "2024-03", ""]),
            st.sampled_from([TITLE, "One", "A Title That Is Long Enough"]),
            st.lists(
                st.sampled_from(
                    [
                        ARXIV,
                        f"{ARXIV}v2",
                        "https://arxiv.org/pdf/2402.00001",
                        "https://doi.org/10.1145/1.2",
                        "https://github.com/a/b",
                    ]
                ),
                max_size=2,
            ),
            st.lists(st.sampled_from(["Ada Moss", "Lin Reed"]), max_size=1),
        ),
        max_size=12,
    ),
    st.randoms(),
)
def test_whatever_the_order_the_first_record_is_the_same_and_is_none_of_a_later_one(made, random) -> None:
    records = [
        paper(month, title, tuple(links), tuple(authors), line)
        for line, (month, title, links, authors) in enumerate(made, 1)
    ]
    found = first_records(records)
    assert set(found.values()).isdisjoint(found)
    days = {record.id: record.day or "~" for record in records}
    assert all(days[first] <= days[later] for later, first in found.items())
    random.shuffle(records)
    assert first_records(records) == found


# -- what is counted


def digest(month: str, *papers: tuple[str, str, str]) -> tuple[str, str]:
    entries = [
        f"### {title} [[paper]({url})]\n- `Keypoints:` {names}\n- `Objective:` text\n" for title, url, names in papers
    ]
    return f"{month}.md", f"# {month}\n\n## Caches\n\n" + "\n".join(entries)


DOCS = dict(
    (
        digest(
            "202401",
            ("Kept", ARXIV, "KV Cache; Video"),
            ("Other", "https://arxiv.org/abs/2401.00002", "KV Cache"),
        ),
        digest("202402", ("Kept, Again", "https://arxiv.org/pdf/2401.12345v2", "KV Cache; Late")),
        digest(
            "202403",
            ("Kept", "https://alphaxiv.org/abs/2401.12345", "Video"),
            ("New", "https://arxiv.org/abs/2403.00001", "Video"),
        ),
    )
)


@pytest.fixture(scope="module")
def library() -> Library:
    return build_library(read_digest(text, path)[0] for path, text in DOCS.items())


def test_counts_pass_over_later_records(library: Library) -> None:
    assert len(library.records) == 5
    assert [paper.id for paper in library.papers] == ["202403/new", "202401/kept", "202401/other"]
    assert library.same_as == {"202402/kept-again": "202401/kept", "202403/kept": "202401/kept"}
    assert {keypoint.label: keypoint.count for keypoint in library.keypoints} == {"KV Cache": 2, "Video": 2, "Late": 0}
    assert library.months == ("2024-03", "2024-02", "2024-01")
    cache = library.by_slug["kv-cache"]
    assert cache.months == (("2024-01", 2),)
    assert monthly_counts(cache, last_months(library))[-3:] == (2, None, 0)


def test_the_other_records_are_known_from_each(library: Library) -> None:
    assert {name: [paper.id for paper in others] for name, others in library.also_in.items()} == {
        "202401/kept": ["202402/kept-again", "202403/kept"],
        "202402/kept-again": ["202401/kept", "202403/kept"],
        "202403/kept": ["202401/kept", "202402/kept-again"],
    }


def test_a_keypoint_that_only_a_later_record_names_is_known_and_counts_none(library: Library) -> None:
    late = library.by_slug["late"]
    assert (late.count, [paper.id for paper in late.later], late.is_listed) == (0, ["202402/kept-again"], False)
    assert library.by_slug["kv-cache"].later == ()


def test_later_records_are_reported(library: Library) -> None:
    assert [str(item) for item in repeated_papers(library)] == [
        "202403.md:5:1: PD107 the paper Kept stands first in line 5 of 202401.md: it is counted once, there",
        "202402.md:5:1: PD107 the paper Kept, Again stands first in line 5 of 202401.md: it is counted once, there",
    ]


def test_a_title_alone_is_reported_unless_links_tell_them_apart() -> None:
    one, same, other = (
        read_digest(f"### {TITLE} {link}\n- `Keypoints:` a\n", path)[0]
        for path, link in (
            ("202401.md", f"[[paper]({ARXIV})]"),
            ("202402.md", ""),
            ("202402.md", "[[paper](https://arxiv.org/abs/2402.00001)]"),
        )
    )
    assert [item.code for item in repeated_papers(build_library([one, same]))] == ["PD108"]
    assert repeated_papers(build_library([one, other])) == []


# -- what a reader sees


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    return make_builder(tmp_path_factory.mktemp("same"))(DOCS)


def test_data_say_so(site) -> None:
    data = json.loads(site.read("papers.json"))
    assert {paper["id"]: paper["same_as"] for paper in data["papers"]} == {
        "202401/kept": None,
        "202401/other": None,
        "202402/kept-again": "202401/kept",
        "202403/kept": "202401/kept",
        "202403/new": None,
    }
    assert {keypoint["slug"]: keypoint["count"] for keypoint in data["keypoints"]} == {
        "kv-cache": 2,
        "late": 0,
        "video": 2,
    }


def test_a_keypoints_page_has_it_once_and_says_where_else_it_stands(site) -> None:
    page = article(site.read("keypoints/kv-cache/index.html"))
    assert texts(page, ".pd-entry .pd-title") == ["Kept", "Other"]
    assert texts(page, ".pd-entry .pd-place")[0] == "Caches · also in February 2024, March 2024"


def test_a_keypoint_of_a_later_record_leads_to_it(site) -> None:
    page = article(site.read("keypoints/late/index.html"))
    assert texts(page, ".pd-entry .pd-title") == ["Kept, Again"]
    assert "Named only in a later record of:" in texts(page, ".pd-label")


def test_each_digest_leads_to_the_others(site) -> None:
    for path, links in {
        "202401": {"February 2024": "../202402/#kept-again", "March 2024": "../202403/#kept"},
        "202402": {"January 2024": "../202401/#kept", "March 2024": "../202403/#kept"},
    }.items():
        page = article(site.read(f"{path}/index.html"))
        (also,) = page.css(".pd-also")
        assert {link.text(): link.attributes["href"] for link in also.css("a")} == links
        assert also.text().split()[:2] == ["Also", "in"] or also.text().split()[:2] == ["also", "in"]


def test_the_months_and_the_explorer_count_it_once(site) -> None:
    explorer = article(site.read("papers/index.html"))
    assert "3 papers" in explorer.css_first(".pd-page").text()
    months = article(site.read("months/index.html")).css_first("[id='month-2024-02']")
    assert months is not None
    said = [" ".join(row.text().split()) for row in article(site.read("months/index.html")).css("li")]
    assert next(row for row in said if row.startswith("February 2024")).startswith("February 2024 0 papers")


def test_lint_tells_of_it(tmp_path: Path, build: Builder) -> None:
    built = build(DOCS)
    assert built.output.count("PD107") == 2


def test_links_to_something_else_join_no_papers() -> None:
    survey = "https://arxiv.org/abs/2212.09748"
    texts = {
        "202403.md": f"# 202403\n\n### Alpha\n\\[[paper](https://openreview.net/forum?id=aaaaaaaaaa)\\]\\[[survey]({survey})\\]\n- `Keypoints:` a\n",
        "202404.md": f"# 202404\n\n### Beta\n\\[[code](https://github.com/a/b)\\]\\[[base model]({survey})\\]\n- `Keypoints:` a\n",
        "202405.md": f"# 202405\n\n### Gamma\n- `Link:` [paper]({survey})\n- `Keypoints:` a\n",
        "202406.md": f"# 202406\n\n### Delta\n- `Link:` [dataset]({survey})\n- `Keypoints:` a\n",
    }
    library = build_library(read_digest(text, path)[0] for path, text in texts.items())
    assert library.same_as == {}
    assert [citation(paper).arxiv for paper in library.papers] == ["", "2212.09748", "", ""]


def test_a_citation_has_what_any_record_knows() -> None:
    first = f"# 202401\n\n### Kept\n\\[[paper]({ARXIV})\\]\n- `Keypoints:` a\n"
    later = f"# 202402\n\n### Kept\n\\[[paper]({ARXIV})\\]\\[[doi](https://doi.org/10.1145/12345.67)\\]\n- `Authors:` Ada Moss, et al.\n- `Venue:` CVPR 2024\n- `Keypoints:` a\n"
    library = build_library(read_digest(text, path)[0] for path, text in (("202401.md", first), ("202402.md", later)))
    for record in library.records:
        cited = citation(library.cited(record))
        assert (cited.key, cited.doi, cited.arxiv) == ("arxiv:2401.12345", "10.1145/12345.67", "2401.12345")
        assert ([name.whole for name in cited.authors], cited.others, cited.venue) == (["Ada Moss"], True, "CVPR")


def test_digests_of_one_month_are_told_apart(build: Builder) -> None:
    text = f"### Kept [[paper]({ARXIV})]\n- `Keypoints:` a\n"
    built = build({"2024-05-02.md": text, "2024-06-03.md": text, "2024-06-04.md": text, "2024-07-01.md": text})
    page = article(built.read("2024-05-02/index.html"))
    assert texts(page, ".pd-also") == ["also in 2024-06-03, 2024-06-04, July 2024"]
    page = article(built.read("2024-06-04/index.html"))
    assert texts(page, ".pd-also") == ["also in May 2024, 2024-06-03, July 2024"]
