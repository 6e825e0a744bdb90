"""What the plugin adds to pages and to a site: feet of papers, pages that give way to a site's own, links between months."""

from __future__ import annotations

import json
import re

import pytest
from conftest import PAPER, ROOT, TWO_MONTHS, Builder, article, texts
from crawl import broken_links, repeated_ids
from jinja2 import Environment, FileSystemLoader
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.pages.templating import OF_THEMES, Templates

GENERATED = ("papers/index.html", "trends/index.html", "months/index.html", "keypoints/index.html")


def feet(page: str) -> list[str]:
    return [node.attributes["href"] or "" for node in article(page).css(".pd-paper .pd-foot .pd-permalink")]


def test_each_paper_has_a_foot_with_what_is_related_to_it_and_why(build: Builder) -> None:
    built = build(TWO_MONTHS)
    page = article(built.read("202405/index.html"))
    assert feet(built.read("202405/index.html")) == ["#a-first-paper-on-things", "#a-second-paper"]
    first, second = page.css(".pd-foot")
    (link,) = first.css("li a")
    assert (link.text(), link.attributes["href"]) == (
        "A Third Paper: On Things",
        "../202406/#a-third-paper-on-things",
    )
    shared = {text for node in first.css("li") for text in texts(LexborHTMLParser(node.html or ""), "em")}
    data = json.loads(built.read("papers.json"))["papers"]
    labels = [{k["label"] for k in p["keypoints"]} for p in data if "Things" in p["title"]]
    assert shared == (labels[0] & labels[1]) - {"world model"}  # which all papers name, so that it relates nothing
    assert "A First Paper" not in second.text()
    for file in built.site.rglob("*.html"):
        assert repeated_ids(file) == []
    assert broken_links(built.site) == []


@pytest.mark.parametrize("urls", [True, False])
def test_comments_that_look_like_ours_are_only_comments(build: Builder, urls: bool) -> None:
    text = PAPER.replace(
        "Papers of May 2024.", "One <!-- pd-foot 0 --> two <!-- pd-foot 999 --> three.\n\n<section>x</section >\n"
    )
    built = build({"202405.md": text}, use_directory_urls=urls)
    page = built.read("202405/index.html" if urls else "202405.html")
    assert feet(page) == ["#a-first-paper-on-things", "#a-second-paper"]
    assert not article(page).css("p .pd-foot")


def test_raw_sections_in_a_paper_do_not_take_its_foot(build: Builder) -> None:
    text = PAPER.replace("    - `Method:`", "    <section class='mine' id='own'>raw</section>\n\n    - `Method:`")
    page = article(build({"202405.md": text}).read("202405/index.html"))
    assert [node.parent.attributes["class"] for node in page.css(".pd-foot")] == ["pd-paper"] * 2
    assert [node.parent.css_first(".pd-foot") is not None for node in page.css(".pd-paper > h3")] == [True, True]


def test_where_a_blog_shows_a_post_nothing_of_the_foot_is_left(build: Builder) -> None:
    docs = {
        "index.md": "# Home\n",
        "blog/index.md": "# Blog\n",
        "blog/posts/a.md": "---\ndate: 2024-05-31\n---\n" + PAPER,
    }
    built = build(docs, plugins=["blog", "search"])
    listed = built.read("blog/index.html")
    assert "A First Paper" in listed
    assert "pd-foot" not in listed
    (post,) = built.site.glob("blog/2024/**/index.html")
    assert len(feet(post.read_text(encoding="utf-8"))) == 2


def test_rows_of_a_kept_table_have_a_link_to_themselves(build: Builder) -> None:
    rows = "".join(f"| Paper {n} | [p](https://arxiv.org/abs/2405.0000{n}) | Diffusion |\n" for n in (1, 2))
    text = f"# 2024-05\n\n| Title | PDF | Keywords |\n|---|---|---|\n{rows}"
    page = article(build({"202405.md": text}, {"keep_tables": True}).read("202405/index.html"))
    links = page.css("tr.pd-paper a.pd-permalink")
    assert [link.attributes["href"] for link in links] == [
        f"#{row.attributes['id']}" for row in page.css("tr.pd-paper")
    ]
    assert len(links) == 2


@pytest.mark.parametrize(
    ("own", "left"),
    [
        ({"papers.md": "# Mine\n"}, "papers"),
        ({"papers/index.md": "# Mine\n"}, "papers"),
        ({"trends/README.md": "# Mine\n"}, "trends"),
        ({"months.md": "# Mine\n"}, "months"),
    ],
)
@pytest.mark.parametrize("urls", [True, False])
def test_a_page_of_the_sites_own_stays_and_nothing_leads_to_what_is_not_made(
    build: Builder, own: dict[str, str], left: str, urls: bool
) -> None:
    built = build({**TWO_MONTHS, **own}, use_directory_urls=urls)  # strict
    assert "PD401" in built.output
    pages = [
        path
        for path in built.site.rglob("*.html")
        if path.relative_to(built.site).as_posix() in (f"{left}/index.html", f"{left}.html")
    ]
    assert [texts(article(page.read_text(encoding="utf-8")), "h1")[0].rstrip("¶") for page in pages] == ["Mine"]
    assert broken_links(built.site) == []
    keypoint = built.read("keypoints/world-model/index.html" if urls else "keypoints/world-model.html")
    assert ("?k=world-model" in keypoint) == (left != "papers")


def test_a_page_of_the_sites_own_where_another_was_named_is_a_warning(build: Builder) -> None:
    built = build({**TWO_MONTHS, "all.md": "# Mine\n"}, {"trends": "all.md"}, status=1)
    assert "WARNING" in built.output
    assert "PD401" in built.output


@pytest.mark.parametrize("off", ["explorer", "trends", "months"])
def test_a_page_that_is_switched_off_is_not_there_and_not_linked(build: Builder, off: str) -> None:
    built = build(TWO_MONTHS, {off: False})
    name = {"explorer": "papers"}.get(off, off)
    assert not (built.site / name).exists()
    assert (built.site / "assets/paperdigest/papers.js").exists() == (off != "explorer")
    assert broken_links(built.site) == []


def test_a_site_without_papers_has_none_of_the_pages_of_papers(build: Builder) -> None:
    built = build({"index.md": "# Home\n"})
    assert [page for page in GENERATED if (built.site / page).exists()] == ["keypoints/index.html"]


def test_a_month_leads_to_its_digest_or_to_its_first_paper_on_a_page_of_several(build: Builder) -> None:
    both = PAPER + PAPER.replace("# Introduction\nPapers of May 2024.\n\n# 202405", "# 202404").replace(
        "First", "Fourth"
    )
    built = build({"spring.md": both, "202406.md": TWO_MONTHS["202406.md"]})
    months = article(built.read("months/index.html"))
    found = {" ".join(a.text().split()): a.attributes["href"] for a in months.css("a.pd-title")}
    assert found["June 2024"] == "../202406/"
    assert found["May 2024"] == "../spring/#a-first-paper-on-things"
    assert found["April 2024"] == "../spring/#a-fourth-paper-on-things"
    links = article(built.read("202406/index.html")).css(".pd-month-links a")
    assert [link.attributes["href"] for link in links] == ["../spring/#a-first-paper-on-things", "../months/"]
    assert broken_links(built.site) == []


def test_no_entry_of_a_table_of_contents_of_ours_begins_with_a_digit(build: Builder) -> None:
    built = build(TWO_MONTHS, theme="mkdocs")
    for path in ("months/index.html", "keypoints/world-model/index.html", "trends/index.html", "papers/index.html"):
        page = LexborHTMLParser(built.read(path))
        heads = [node.attributes["id"] or "" for node in page.css("[role=main] :is(h1, h2)[id]")]
        assert heads
        assert [name for name in heads if re.match(r"\d", name)] == []
    assert 'id="2024-05"' in built.read("keypoints/world-model/index.html")  # its address before


def test_a_figure_without_words_keeps_its_title(build: Builder) -> None:
    text = PAPER.replace("![plot](https://example.org/a.png)", '![](https://example.org/a.png "an alt text")')
    (figure,) = article(build({"202405.md": text}).read("202405/index.html")).css(".pd-figure img")
    assert figure.attributes["title"] == "an alt text"
    assert figure.attributes["alt"] == "Figure of A First Paper: On Things"


def test_what_a_theme_compiles_without_escaping_is_not_used_for_our_pages() -> None:
    folder = ROOT / "mkdocs_paperdigest" / "templates"
    badge = {"name": "<script>", "title": "x", "url": None, "hue": None}
    theme = Environment(loader=FileSystemLoader(folder), bytecode_cache=OF_THEMES)  # as MkDocs makes it
    theme.globals["words"] = words("en")
    assert "<script>" in theme.get_template("paperdigest/badge.html").render(badge=badge)
    assert "<script>" not in Templates([str(folder)], words("en")).render("badge.html", badge=badge)
