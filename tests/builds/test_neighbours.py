"""Other plugins beside this one: whole builds, and what both of them made of the site."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import served
from conftest import EXTENSIONS, TWO_MONTHS, Builder, article, needed, texts, write
from crawl import broken_links
from github import html_errors
from selectolax.lexbor import LexborHTMLParser

pytestmark = pytest.mark.versions

META = {name: text.replace("Things [2024.5]", "Things [DiT][2024.5][preprint]") for name, text in TWO_MONTHS.items()}
"""Two digests with the main format's meta line, whose brackets look like references to some plugins."""


def papers(page: str) -> list[str]:
    return [title.rstrip("¶") for title in texts(LexborHTMLParser(page), ".pd-paper > :is(h2, h3, h4)")]


def titles(path: Path) -> list[str]:
    return [paper["title"] for paper in json.loads(path.read_text(encoding="utf-8"))["papers"]]


def nav(page: str) -> list[str]:
    entries = ".md-nav--primary > .md-nav__list > .md-nav__item > :is(a, label, div) .md-ellipsis"
    return list(dict.fromkeys(texts(LexborHTMLParser(page), entries)))  # the page at hand has two


def committed(project: Path) -> None:
    git = needed("git", "git")
    for words in ("init -q -b main", "add -A", "-c user.name=a -c user.email=a@b.c commit -q -m first"):
        subprocess.run([git, *words.split()], cwd=project, check=True)


def whole(site: Path) -> None:
    """Check what no neighbour may take away: papers, badges that lead somewhere, keypoint pages, the index."""
    assert broken_links(site) == []
    page = (site / "202405" / "index.html").read_text(encoding="utf-8")
    assert papers(page) == ["A First Paper: On Things", "A Second Paper"]
    digest = article(page)
    assert len(digest.css("a.pd-keypoint[href]")) == 4
    listed = article((site / "keypoints" / "world-model" / "index.html").read_text(encoding="utf-8"))
    assert texts(listed, "h2") == ["June 2024 2", "May 2024 2"]
    index = article((site / "keypoints" / "index.html").read_text(encoding="utf-8"))
    assert texts(index, ".pd-index > li") == ["world model 4", "C++ 2", "Camera Control 2"]


def test_tags_of_material(build: Builder) -> None:
    docs = {
        **META,
        "202405.md": "---\ntags: [video, LLM]\n---\n" + META["202405.md"],
        "tags.md": "# Tags\n\n<!-- material/tags -->\n",
    }
    built = build(docs, plugins=["search", "tags"])
    whole(built.site)
    digest = LexborHTMLParser(built.read("202405/index.html"))
    assert texts(digest, ".md-tags .md-tag") == ["LLM", "video"]
    listing = article(built.read("tags/index.html"))
    assert [node.attributes["href"] for node in listing.css("li a")] == ["../202405/", "../202405/"]
    assert LexborHTMLParser(built.read("keypoints/world-model/index.html")).css(".md-tag") == []
    entries = json.loads(built.read("search/search_index.json"))["docs"]
    assert {tuple(e.get("tags", ())) for e in entries if e["location"].startswith("keypoints/")} == {()}


def test_posts_of_the_blog_are_digests(build: Builder) -> None:
    post = "---\ndate: 2024-05-31\nslug: may\n---\n" + META["202405.md"].replace(
        "### A Second", "<!-- more -->\n\n### A Second"
    )
    docs = {
        "202406.md": META["202406.md"],
        "blog/index.md": "# Blog\n",
        "blog/posts/202405.md": post,
        "blog/posts/draft.md": post.replace("slug: may", "draft: true").replace("Second", "Secret"),
    }
    built = build(docs, plugins=["blog", "search"], site_url="https://site.test/")
    assert broken_links(built.site) == []
    page = built.read("blog/2024/05/31/may/index.html")
    assert papers(page) == ["A First Paper: On Things", "A Second Paper"]
    assert "Secret" not in built.read("papers.json")
    data = json.loads(built.read("papers.json"))["papers"]
    assert [p["url"] for p in data if p["source"]["path"] == "blog/posts/202405.md"] == [
        "blog/2024/05/31/may/#a-first-paper-on-things",
        "blog/2024/05/31/may/#a-second-paper",
    ]
    listed = article(built.read("keypoints/world-model/index.html")).css(".pd-title")
    assert "../../blog/2024/05/31/may/#a-second-paper" in [node.attributes["href"] for node in listed]


@pytest.mark.parametrize("order", [["blog"], []], ids=["blog-first", "blog-last"])
def test_the_beginning_of_a_post_shows_its_papers(build: Builder, order: list[str]) -> None:
    post = "---\ndate: 2024-05-31\nslug: may\n---\n" + META["202405.md"].replace(
        "### A Second", "<!-- more -->\n\n### A Second"
    )
    docs = {"blog/index.md": "# Blog\n", "blog/posts/may.md": post, "202406.md": META["202406.md"]}
    plugins = [*order, "search", {"paperdigest": {}}, *(["blog"] if not order else [])]
    built = build(docs, None, plugins=plugins, site_url="https://site.test/")
    for path in ("blog/index.html", "blog/archive/2024/index.html"):
        page = built.read(path)
        assert papers(page) == ["A First Paper: On Things"]
        raw = re.search(r"<article[^>]*md-post--excerpt[^>]*>(.*?)</article>", page, re.DOTALL)
        assert raw
        assert html_errors(raw[1]) == []
    badge = LexborHTMLParser(built.read("blog/index.html")).css_first("a.pd-keypoint")
    assert badge.attributes["href"] == "../keypoints/world-model/"
    assert broken_links(built.site) == []


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[str]:
    """The address of a server with a picture on it."""
    write(tmp_path / "remote", {"a.png": b"\x89PNG\r\n\x1a\n remote"})
    with served(tmp_path / "remote") as address:
        yield address


@pytest.mark.parametrize("beside", [[], ["glightbox"]])
def test_privacy_takes_figures_home(build: Builder, pictures: str, beside: list[str]) -> None:
    docs = {name: text.replace("https://example.org/", pictures) for name, text in META.items()}
    privacy = {"privacy": {"assets_exclude": ["unpkg.com/*"]}}
    built = build(docs, plugins=["search", *beside, privacy])
    whole(built.site)
    figures = LexborHTMLParser(built.read("202405/index.html")).css(".pd-figure")
    assert len(figures) == 1
    source = figures[0].css_first("img").attributes["src"]
    assert source.startswith("../assets/external/127.0.0.1")
    assert (built.site / "202405" / source).resolve().read_bytes().endswith(b"remote")
    link = figures[0] if figures[0].tag == "a" else figures[0].css_first("a")
    assert link.attributes.get("href", source) == source
    assert figures[0].css_first("img").attributes["loading"] == "lazy"


def test_glightbox_opens_figures(build: Builder) -> None:
    built = build(META, plugins=["search", "glightbox"])
    whole(built.site)
    digest = LexborHTMLParser(built.read("202405/index.html"))
    link = digest.css_first("span.pd-figure > a.glightbox")
    assert link.attributes["href"] == "https://example.org/a.png"
    assert link.css_first("img").attributes["src"] == "https://example.org/a.png"
    assert digest.css("a.pd-figure") == []
    assert "glightbox.min.js" in built.read("202405/index.html")


def test_a_blog_that_is_switched_off_does_no_harm(build: Builder) -> None:
    whole(build(META, plugins=["search", {"blog": {"enabled": False}}]).site)


def test_a_beginning_that_ends_inside_a_paper_is_reported(build: Builder) -> None:
    post = "---\ndate: 2024-05-31\nslug: may\n---\n" + META["202405.md"].replace(
        "    - `Metric:`", "    <!-- more -->\n\n    - `Metric:`"
    )
    docs = {"202406.md": META["202406.md"], "blog/posts/may.md": post}
    built = build(docs, plugins=["blog", "search"], arguments=())
    line = post[: post.index("<!-- more")].count("\n") + 1
    assert (
        f"WARNING -  paperdigest: blog/posts/may.md:{line}:5: PD405 `<!-- more -->` stands inside a paper"
        in built.output
    )


def test_figures_that_glightbox_leaves_alone_lead_to_their_pictures(build: Builder) -> None:
    docs = {**META, "202405.md": "---\nglightbox: false\n---\n" + META["202405.md"]}
    built = build(docs, plugins=["search", "glightbox"])
    figure = LexborHTMLParser(built.read("202405/index.html")).css_first("a.pd-figure")
    assert figure.attributes["href"] == "https://example.org/a.png"
    manual = build(META, plugins=["search", {"glightbox": {"manual": True}}], folder="manual")
    assert LexborHTMLParser(manual.read("202405/index.html")).css("a.pd-figure")


def test_figures_in_lists_of_the_blog_are_at_home_too(build: Builder, pictures: str) -> None:
    post = "---\ndate: 2024-05-31\n---\n" + META["202405.md"].replace("https://example.org/", pictures)
    docs = {"202406.md": META["202406.md"].replace("https://example.org/", pictures), "blog/posts/a.md": post}
    built = build(docs, plugins=["blog", "search", {"privacy": {"assets_exclude": ["unpkg.com/*"]}}])
    for path in ("blog/index.html", "blog/archive/2024/index.html"):
        link = LexborHTMLParser(built.read(path)).css_first("a.pd-figure").attributes["href"]
        assert "assets/external/" in link


def test_offline_pages_lead_to_files(build: Builder) -> None:
    built = build(META, plugins=["search", "offline"])
    assert broken_links(built.site) == []
    digest = article(built.read("202405.html"))
    assert digest.css_first("a.pd-keypoint").attributes["href"] == "keypoints/world-model.html"
    title = article(built.read("keypoints/world-model.html")).css_first(".pd-title")
    assert title.attributes["href"] == "../202406.html#a-third-paper-on-things"
    assert "Third Paper" in built.read("search/search_index.js")


def test_an_offline_site_opens_from_a_folder(build: Builder, fresh_tab: Any) -> None:
    site = build(META, plugins=["search", "offline"]).site
    page = fresh_tab
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "202405.html").as_uri())
    page.click("a.pd-keypoint >> text=World Model")
    page.wait_for_url("**/keypoints/world-model.html")
    page.click(".pd-title >> text=A Third Paper")
    page.wait_for_url("**/202406.html#a-third-paper-on-things")
    assert page.locator(".pd-keypoint").first.evaluate("e => getComputedStyle(e).borderRadius") != "0px"
    theirs = ("https://unpkg.com/", "https://example.org/a.png")  # the theme's own, and the digest's
    assert [url for url in asked if not url.startswith(("file:", "data:", *theirs))] == []


def test_instant_navigation_shows_the_same_pages(build: Builder, fresh_tab: Any) -> None:
    docs = {name: text.replace("https://example.org/a.png", "pic.svg") for name, text in META.items()}
    docs["pic.svg"] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    theme = {"name": "material", "font": False, "features": ["navigation.instant", "navigation.instant.prefetch"]}
    site = build(docs, theme=theme).site
    page = fresh_tab
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with served(site) as address:
        # Instant navigation asks the sitemap which addresses are the site's own.
        sitemap = site / "sitemap.xml"
        pages = ["", "202405/", "202406/", "keypoints/", "keypoints/world-model/"]
        urls = "".join(f"<url><loc>{address}{path}</loc></url>" for path in pages)
        sitemap.write_text(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', encoding="utf-8"
        )
        page.goto(address + "202405/", wait_until="networkidle")
        page.evaluate("window.stayed = true")
        page.click("a.pd-keypoint >> text=World Model")
        page.wait_for_url(address + "keypoints/world-model/")
        page.locator(".pd-entry").first.wait_for()
        assert page.locator(".pd-entry").count() == 4
        page.click(".pd-title >> text=A Third Paper")
        page.wait_for_url(address + "202406/#a-third-paper-on-things")
        page.locator("#a-third-paper-on-things").wait_for()
        page.locator(".pd-paper summary").first.click()
        assert page.locator(".pd-paper details .pd-field").first.is_visible()
        page.go_back()
        page.locator("h1#keypoint").wait_for()
        assert page.evaluate("window.stayed") is True
    assert faults == []


def test_awesome_nav_orders_the_index(build: Builder) -> None:
    docs = {
        **META,
        "about.md": "# About\n",
        ".nav.yml": "nav:\n  - Topics: keypoints/index.md\n  - about.md\n  - '*'\n",
    }
    built = build(docs, plugins=["search", "awesome-nav"])
    whole(built.site)
    assert nav(built.read("202405/index.html")) == [
        "Topics",
        "About",
        "2024-05",
        "2024-06",
        "Home",
        "Months",
        "Papers",
        "Trends",
    ]


def test_awesome_nav_orders_months(build: Builder) -> None:
    docs = {**META, ".nav.yml": "sort:\n  direction: desc\n"}
    built = build(docs, plugins=["search", "awesome-nav"])
    whole(built.site)
    assert nav(built.read("202405/index.html")) == [
        "Home",
        "2024-06",
        "2024-05",
        "Trends",
        "Papers",
        "Months",
        "Keypoints",
    ]


def test_literate_nav_lists_the_index(build: Builder) -> None:
    summary = "* [Topics](keypoints/index.md)\n* [June](202406.md)\n* [May](202405.md)\n"
    built = build({**META, "SUMMARY.md": summary}, plugins=["search", "literate-nav"])
    whole(built.site)
    assert nav(built.read("202405/index.html")) == ["Topics", "June", "May"]


def test_literate_nav_without_a_summary(build: Builder) -> None:
    built = build(META, plugins=["search", "literate-nav"])
    whole(built.site)
    assert set(nav(built.read("202405/index.html"))) >= {"2024-06", "2024-05"}


def test_section_index_and_the_index(build: Builder) -> None:
    docs = {"index.md": "# Home\n", "digests/index.md": "# All digests\n"}
    docs |= {f"digests/{name}": text for name, text in META.items()}
    built = build(docs, plugins=["search", "section-index"])
    assert broken_links(built.site) == []
    assert papers(built.read("digests/202405/index.html")) == ["A First Paper: On Things", "A Second Paper"]
    sections = LexborHTMLParser(built.read("index.html")).css(
        ".md-nav__link--index, .md-nav__container > a, .md-nav__link"
    )
    assert "digests/" in [node.attributes.get("href") for node in sections]
    assert "keypoints/" in [node.attributes.get("href") for node in sections]


def test_macros_in_other_pages_and_digests(build: Builder, tmp_path: Path) -> None:
    docs = {**META, "about.md": "# About\n\n{{ 40 + 2 }}\n\n<!-- paperdigest:recent limit=1 -->\n"}
    built = build(docs, plugins=["search", "macros"])
    whole(built.site)
    about = article(built.read("about/index.html"))
    assert texts(about, "p")[0] == "42"
    assert texts(about, ".pd-entry .pd-title") == ["A Third Paper: On Things"]
    assert "PD402" not in built.output


@pytest.mark.parametrize(
    ("plugins", "extensions", "text"),
    [
        (["macros"], [], META["202405.md"].replace("C++", '{{ "Sw" + "apped" }}')),
        ([], ["pymdownx.snippets"], '# Seven\n\n--8<-- "more.txt"\n'),
    ],
    ids=["macros", "snippets"],
)
def test_papers_that_come_too_late_are_shown_and_reported(
    build: Builder, tmp_path: Path, plugins: list[str], extensions: list[str], text: str
) -> None:
    write(tmp_path / "project", {"more.txt": META["202405.md"].replace("C++", "Swapped")})
    docs = {**META, "x.md": text}
    built = build(docs, plugins=["search", *plugins], markdown_extensions=extensions, arguments=())
    assert re.search(r"WARNING -  paperdigest: x.md:1:1: PD402", built.output)
    page = article(built.read("x/index.html"))
    assert texts(page, ".pd-paper h3") == ["A First Paper: On Things", "A Second Paper"]
    assert texts(page, ".pd-keypoint")[-1] == "Swapped"
    assert texts(page, "a.pd-keypoint")[0] == "World Model"
    assert broken_links(built.site) == []


def test_included_papers_are_in_the_index(build: Builder, tmp_path: Path) -> None:
    write(tmp_path / "project", {"README.md": META["202405.md"].replace("C++", "Rust").replace("202405", "202407")})
    docs = {
        **META,
        "index.md": '# All\n\n{% include-markdown "../README.md" %}\n',
        "part.md": '---\ntitle: Part\n---\n# 202408\n\n{% include "../README.md" start="## World" end="### A Second" %}\n',
    }
    built = build(docs, plugins=["include-markdown", "search"])
    assert broken_links(built.site) == []
    assert "PD402" not in built.output
    assert papers(built.read("index.html")) == ["A First Paper: On Things", "A Second Paper"]
    found = json.loads(built.read("papers.json"))["papers"]
    months = {(paper["source"]["path"], paper["month"]) for paper in found}
    assert months >= {("index.md", "2024-07"), ("part.md", "2024-08")}
    rust = article(built.read("keypoints/rust/index.html"))
    assert [node.attributes["href"] for node in rust.css(".pd-title")] == ["../../#a-second-paper"]


LANGUAGES = [{"locale": "en", "default": True, "name": "English"}, {"locale": "zh", "name": "中文"}]
CHINESE = META["202405.md"].replace("A Second Paper", "第二篇").replace("world model", "世界模型")


@pytest.mark.parametrize("directory_urls", [True, False])
@pytest.mark.parametrize("structure", ["suffix", "folder"])
def test_each_language_has_its_own_keypoints(build: Builder, structure: str, directory_urls: bool) -> None:
    folder = "en/" if structure == "folder" else ""
    docs = {folder + name: text for name, text in META.items()}
    docs[folder + "index.md"] = "# Home\n\n<!-- paperdigest:keypoints limit=2 -->\n"
    docs["zh/202405.md" if structure == "folder" else "202405.zh.md"] = CHINESE
    i18n = {"i18n": {"docs_structure": structure, "languages": LANGUAGES}}
    built = build(
        docs,
        plugins=["search", i18n],
        nav=["index.md", "202406.md", "202405.md", {"Topics": "keypoints/index.md"}],
        use_directory_urls=directory_urls,
    )
    assert broken_links(built.site) == []
    end = "/index.html" if directory_urls else ".html"
    assert [title for title in titles(built.site / "papers.json") if "Second" not in title] == [
        "A First Paper: On Things",
        "A Third Paper: On Things",
    ]
    assert "第二篇" in titles(built.site / "zh" / "papers.json")
    english, chinese = (article(built.read(f"{at}keypoints/index.html")) for at in ("", "zh/"))
    assert texts(english, ".pd-index > li")[0] == "world model 4"
    assert texts(chinese, ".pd-index > li")[:2] == ["World Model 3", "C++ 2"]
    assert "世界模型 1" in texts(chinese, ".pd-index > li")
    page = article(built.read(f"zh/keypoints/世界模型{end}"))
    link = page.css_first(".pd-title").attributes["href"]
    assert link.startswith("../../../zh/202405/#" if directory_urls else "../../zh/202405.html#")
    assert not (built.site / "keypoints" / f"世界模型{end}").exists()
    badge = article(built.read(f"zh/202405{end}")).css("a.pd-keypoint")[2].attributes["href"]
    assert badge.startswith("../keypoints/%E4%B8%96" if directory_urls else "keypoints/%E4%B8%96"), badge
    home = article(built.read("zh/index.html"))
    assert texts(home, ".pd-index > li")[0] == "World Model 3"
    assert "Topics" in nav(built.read(f"zh/202405{end}"))


@pytest.mark.parametrize("structure", ["suffix", "folder"])
def test_every_language_lists_its_index_by_itself(build: Builder, structure: str) -> None:
    folder = "en/" if structure == "folder" else ""
    docs = {folder + name: text.replace("world model、C++", "node; node.en; GPT-4.1") for name, text in META.items()}
    docs[folder + "index.md"] = "# Home\n"
    docs["zh/202405.md" if structure == "folder" else "202405.zh.md"] = CHINESE
    languages = [*LANGUAGES, {"locale": "de", "name": "Deutsch"}]
    built = build(docs, plugins=["search", {"i18n": {"docs_structure": structure, "languages": languages}}])
    assert broken_links(built.site) == []
    for at, index in {"": "Keypoints", "zh/": "关键词", "de/": "Keypoints"}.items():
        assert index in nav(built.read(f"{at}202405/index.html")), at
    badges = article(built.read("202406/index.html")).css("a.pd-keypoint")
    assert [badge.attributes["href"] for badge in badges][-3:] == [
        "../keypoints/node/",
        "../keypoints/node.en/",
        "../keypoints/gpt-4.1/",
    ]


def test_posts_that_are_not_built_are_in_no_index(build: Builder) -> None:
    docs = {"index.md": "# Home\n", "blog/index.md": "# Blog\n", "202406.md": META["202406.md"]}
    docs["blog/posts/a.md"] = "---\ndate: 2024-05-31\n---\n" + META["202405.md"]
    i18n = {"i18n": {"docs_structure": "suffix", "languages": LANGUAGES}}
    built = build(docs, plugins=["blog", "search", i18n], arguments=())
    assert [link for link in broken_links(built.site) if "keypoints" in link] == []
    assert titles(built.site / "papers.json") == ["A Third Paper: On Things", "A Second Paper"]


def test_front_matter_is_not_expanded(build: Builder) -> None:
    text = "---\ntitle: '{% include \"../none.md\" %}'\npaperdigest: false\n---\n" + META["202405.md"]
    built = build({"202405.md": text, "202406.md": META["202406.md"]}, plugins=["search", "include-markdown"])
    assert "pd-paper" not in built.read("202405/index.html")


def test_languages_beside_a_blog_and_redirects(build: Builder) -> None:
    docs = {
        **META,
        "index.md": "# Home\n",
        "202405.zh.md": CHINESE,
        "blog/index.md": "# Blog\n",
        "blog/posts/a.md": "---\ndate: 2024-05-31\nslug: a\n---\n" + META["202406.md"],
    }
    i18n = {"i18n": {"docs_structure": "suffix", "languages": LANGUAGES}}
    redirects = {"redirects": {"redirect_maps": {"tags.md": "keypoints/index.md", "wm.md": "keypoints/world-model.md"}}}
    # Not strict: static-i18n warns of the pages that the blog makes.
    built = build(docs, plugins=["blog", i18n, redirects, "search"], site_url="https://site.test/", arguments=())
    assert 'url=../keypoints/world-model/"' in built.read("wm/index.html")
    assert "第二篇" in titles(built.site / "zh" / "papers.json")
    assert "https://site.test/zh/keypoints/world-model/" in built.read("sitemap.xml")


def test_each_language_has_its_own_home(build: Builder) -> None:
    i18n = {"i18n": {"docs_structure": "suffix", "languages": LANGUAGES}}
    built = build({**META, "202405.zh.md": CHINESE}, plugins=["search", i18n])
    assert broken_links(built.site) == []
    assert "第二篇" in texts(article(built.read("zh/index.html")), ".pd-title")
    assert "第二篇" not in texts(article(built.read("index.html")), ".pd-title")


def test_dates_of_git_revisions(build: Builder, tmp_path: Path) -> None:
    write(tmp_path / "project" / "docs", META)
    committed(tmp_path / "project")
    built = build(META, plugins=["search", "git-revision-date-localized"])
    whole(built.site)
    day = "git-revision-date-localized-plugin-date"
    assert day in built.read("202405/index.html")
    assert day not in built.read("keypoints/world-model/index.html")


def test_minified_pages_say_the_same(build: Builder) -> None:
    minify = {"minify": {"minify_html": True, "minify_css": True, "css_files": ["assets/paperdigest/paperdigest.css"]}}
    small = build(META, plugins=["search", minify], folder="small", markdown_extensions=EXTENSIONS)
    plain = build(META, folder="plain", markdown_extensions=EXTENSIONS)
    whole(small.site)
    for path in ("202405/index.html", "keypoints/index.html", "keypoints/world-model/index.html"):
        shown = [" ".join(article(built.read(path)).text().split()) for built in (small, plain)]
        assert shown[0].replace(" ", "") == shown[1].replace(" ", "")
    assert len(small.read("202405/index.html")) < len(plain.read("202405/index.html"))
    style = LexborHTMLParser(small.read("202405/index.html")).css_first("link[href*=paperdigest]").attributes["href"]
    assert style == "../assets/paperdigest/paperdigest.min.css"
    assert ".pd-paper{" in small.read("assets/paperdigest/paperdigest.min.css")


def test_feeds_of_rss_have_digests_and_no_generated_page(build: Builder, tmp_path: Path) -> None:
    write(tmp_path / "project" / "docs", META)
    committed(tmp_path / "project")
    built = build(META, plugins=["search", "rss"], site_url="https://site.test/")
    whole(built.site)
    feed = etree.fromstring(built.read("feed_rss_created.xml"))
    assert {link.text for link in feed.iterfind("channel/item/link")} == {
        "https://site.test/202405/",
        "https://site.test/202406/",
    }


def test_redirects_may_lead_to_keypoints(build: Builder) -> None:
    maps = {"old.md": "202405.md#a-second-paper", "tags.md": "keypoints/index.md", "wm.md": "keypoints/world-model.md"}
    built = build(META, plugins=["search", {"redirects": {"redirect_maps": maps}}])
    whole(built.site)
    for old, new in {
        "old": "../202405/#a-second-paper",
        "tags": "../keypoints/",
        "wm": "../keypoints/world-model/",
    }.items():
        assert f'url={new}"' in built.read(f"{old}/index.html")


def test_references_of_autorefs_find_papers(build: Builder) -> None:
    docs = {**META, "about.md": "# About\n\n[A Third Paper: On Things][] and [it][a-first-paper-on-things]\n"}
    built = build(docs, plugins=["search", "autorefs"])
    whole(built.site)
    links = [node.attributes["href"] for node in article(built.read("about/index.html")).css("p a")]
    assert links == ["../202406/#a-third-paper-on-things", "../202405/#a-first-paper-on-things"]
    assert texts(article(built.read("202405/index.html")), ".pd-tag") == ["[DiT]", "[2024.5]", "[preprint]"]


def test_all_at_once(build: Builder, tmp_path: Path) -> None:
    """The plugins that a site may well have together, in the order that the guide gives."""
    write(tmp_path / "project" / "docs", META)
    committed(tmp_path / "project")
    plugins: list[Any] = [
        "search",
        "tags",
        "awesome-nav",
        "macros",
        "include-markdown",
        "autorefs",
        "section-index",
        "git-revision-date-localized",
        "glightbox",
        "rss",
        "redirects",
        "minify",
    ]
    built = build(META, plugins=plugins, site_url="https://site.test/", markdown_extensions=EXTENSIONS)
    whole(built.site)


@pytest.mark.parametrize("directory_urls", [True, False])
def test_links_of_the_printed_page_lead_somewhere(build: Builder, *, directory_urls: bool) -> None:
    pytest.importorskip("mkdocs_print_site_plugin")
    docs = {
        **META,
        "index.md": "# Home\n\n[a paper](202405.md#a-second-paper), [a page](other.md#no-heading), [another](sub/a-b.md)\n",
        "other.md": '# Other\n\n<span id="no-heading">Here</span>\n',
        "sub/a-b.md": "# Left out\n",
    }
    plugins = ["search", {"paperdigest": {}}, {"print-site": {"exclude": ["sub/*"]}}]
    built = build(docs, None, (), plugins=plugins, use_directory_urls=directory_urls)
    printed = "print_page/index.html" if directory_urls else "print_page.html"
    badges = article(built.read(printed)).css("a.pd-keypoint")
    assert len(badges) == 8
    assert {badge.attributes["href"].startswith(("../keypoints/", "keypoints/")) for badge in badges} == {True}
    assert [fault for fault in broken_links(built.site) if printed in fault] == []
    assert 'href="#202405-a-second-paper"' in built.read(printed)
