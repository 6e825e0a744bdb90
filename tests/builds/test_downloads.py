"""Files beside the pages: feeds and citations of whole builds."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import atoma
import feedparser
import pytest
from conftest import PAPER, ROOT, TWO_MONTHS, Build, Builder, article, make_builder, texts, write
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.records.findings import finding

pytestmark = pytest.mark.versions

SITE = "https://site.test/sub/"
MANY = "# 202404\n\n## Lots\n\n" + "".join(
    f"### Many {n}\n- `Keypoints:` Many;\n- `Date:` 2024-04-{n % 28 + 1:02}\n\n" for n in range(60)
)
DOCS: dict[str, str | bytes] = {
    "index.md": "# Home\n",
    **TWO_MONTHS,
    "years/202404.md": MANY,
    "years/202307.md": """\
# 202307

## world-models

### [Ünï & co: 日本](https://arxiv.org/abs/2307.00001) [2023.7]
- `Authors:` Ada Reed, Bo van Tal
- `Keypoints:` camera motion; C++
- `Objective:` See [the other](../202405.md#a-second-paper), ![a plot](x.png) and <b id="own">bold</b>.
- `Method:` Use `id="x"` as it is.
""",
    "years/x.png": b"\x89PNG",
    "notes.md": "# Notes\n\n### Without a Month\n- `Keypoints:` Many; Timeless\n",
    "../keypoints.yml": "Camera Control:\n  aliases: [camera motion]\nUnused: {}\n",
}
FEEDS = ("feed.xml", "feed.json")
CITED = ("papers.bib", "papers.csl.json")


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    return make_builder(tmp_path_factory.mktemp("downloads"))


@pytest.fixture(scope="module")
def built(builder: Builder) -> Build:
    return builder(DOCS, folder="built", site_url=SITE, site_description="All that was read")


@pytest.fixture(scope="module")
def flat(builder: Builder) -> Build:
    """A site without directory URLs, and without an address."""
    return builder(DOCS, folder="flat", use_directory_urls=False)


def made(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.name in {*FEEDS, *CITED}}


def atom(file: Path) -> Any:
    """An Atom feed, in which two parsers find no fault."""
    data = file.read_bytes()
    atoma.parse_atom_bytes(data)
    found = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def entries(site: Path, place: str = "") -> list[Any]:
    """The entries of a feed, which are the items of the JSON Feed beside it."""
    found: list[Any] = atom(site / place / "feed.xml").entries
    items = atoma.parse_json_feed_file(str(site / place / "feed.json")).items
    assert [(item.id_, item.title, item.content_html) for item in items] == [
        (one.id, one.title, one.content[0].value) for one in found
    ]
    return found


def test_what_is_written(built: Build, flat: Build) -> None:
    keypoints = ["camera-control", "c++", "many", "world-model"]
    expected = {*FEEDS, *CITED, *(f"keypoints/{slug}/{name}" for slug in keypoints for name in (*FEEDS, *CITED))}
    expected |= {f"categories/{slug}/{name}" for slug in ("lots", "world-models") for name in FEEDS}
    expected |= {f"keypoints/camera-motion/{name}" for name in FEEDS}  # what was merged goes on
    expected |= {f"keypoints/timeless/{name}" for name in CITED}  # a paper without a month is in no feed
    assert made(built.site) == made(flat.site) == expected


def test_every_feed_is_valid(built: Build, flat: Build) -> None:
    for site in (built.site, flat.site):
        for place in sorted(made(site)):
            if place.endswith("feed.xml"):
                found = entries(site, posixpath.dirname(place))
                assert found
                assert len({one.id for one in found}) == len(found)


def test_the_newest_papers_come_first_and_no_more_than_fit(built: Build) -> None:
    site = entries(built.site)
    assert len(site) == 50
    assert [one.title for one in site[:4]] == [
        "A Third Paper: On Things",
        "A Second Paper",
        "A First Paper: On Things",
        "A Second Paper",
    ]
    many = entries(built.site, "keypoints/many")
    assert len(many) == len(entries(built.site, "categories/lots")) == 20
    days = [one.published for one in site]
    assert days == sorted(days, reverse=True)
    assert [one.title for one in many[:3]] == ["Many 27", "Many 55", "Many 26"]
    assert [one.title for one in entries(built.site, "categories/world-models")][-1] == "Ünï & co: 日本"


def test_dates_are_those_of_the_papers(built: Build) -> None:
    for place in sorted(made(built.site)):
        if place.endswith("feed.xml"):
            feed = atom(built.site / place)
            assert feed.feed.updated == feed.entries[0].updated
    by_title = {one.title: one for one in [*entries(built.site), *entries(built.site, "keypoints/c++")]}
    assert by_title["A Third Paper: On Things"].published == "2024-06-01T00:00:00+00:00"
    assert by_title["Many 27"].published == by_title["Many 27"].updated == "2024-04-28T00:00:00+00:00"
    assert by_title["Ünï & co: 日本"].published == "2023-07-01T00:00:00+00:00"


def links(content: str) -> list[str]:
    tree = LexborHTMLParser(content, is_fragment=True)
    found = [node.attributes[name] for name in ("href", "src") for node in tree.css(f"[{name}]")]
    return [link or "" for link in found]


@pytest.mark.parametrize("name", ["built", "flat"])
def test_every_address_of_a_feed_leads_to_its_place(name: str, request: pytest.FixtureRequest) -> None:
    site = request.getfixturevalue(name).site
    seen = set()
    for place in made(site):
        if not place.endswith("feed.xml"):
            continue
        feed = atom(site / place)
        found = [feed.feed.link, *(link.href for link in feed.feed.links)]
        for one in feed.entries:
            own = [link.href for link in one.links if link.rel == "alternate"]
            assert len(own) == 1
            found += [*own, *links(one.content[0].value)]
        for link in found:
            assert name == "flat" or link.startswith("https://")
            target = urljoin(SITE + place, link)
            if target.startswith(SITE):
                path, fragment = urldefrag(target)
                path = unquote(path.removeprefix(SITE)).partition("?")[0]
                file = site / (path if path and not path.endswith("/") else f"{path}index.html")
                assert file.is_file(), (place, link)
                if fragment:
                    assert LexborHTMLParser(file.read_text(encoding="utf-8")).css_first(f'[id="{unquote(fragment)}"]')
                seen.add(file.name)
    assert "x.png" in seen
    assert "invalid" not in "".join((site / place).read_text(encoding="utf-8") for place in made(site))


def plain(text: str) -> str:
    return re.sub(r"[\s,]", "", text)  # badges are parted by commas in feeds


@pytest.mark.parametrize("page", ["202405/index.html", "years/202307/index.html"])
def test_an_entry_has_all_of_its_paper_and_nothing_that_was_added(built: Build, page: str) -> None:
    shown = {}
    for section in article(built.read(page)).css("section.pd-paper"):
        tree = LexborHTMLParser(section.html or "", is_fragment=True)
        heading = tree.css_first("h3[id]")
        anchor = heading.attributes["id"]
        for selector in (".pd-foot", "summary.pd-ui", ".pd-ui", "h3[id]"):
            while node := tree.css_first(selector):
                node.decompose()
        shown[anchor] = plain(tree.text())
    fed = {}
    for one in [*entries(built.site), *entries(built.site, "keypoints/c++")]:
        address, anchor = urldefrag(one.link)
        if address == SITE + page.removesuffix("index.html"):
            tree = LexborHTMLParser(one.content[0].value, is_fragment=True)
            assert tree.css("[class], [id], [style], h3") == []
            fed[unquote(anchor)] = plain(tree.text())
    assert fed == shown
    assert len(shown) == (2 if "202405" in page else 1)


def test_what_a_paper_says_in_code_stays(built: Build) -> None:
    content = entries(built.site, "keypoints/c++")[-1].content[0].value
    assert '<code>id="x"</code>' in content
    assert f'<a href="{SITE}202405/#a-second-paper">the other</a>' in content
    assert f'src="{SITE}years/x.png"' in content
    assert "<b>bold</b>" in content


def test_who_wrote_and_where_it_stands(built: Build) -> None:
    one = entries(built.site, "keypoints/c++")[-1]
    assert [author.name for author in one.authors] == ["Ada Reed", "Bo van Tal"]
    assert [tag.term for tag in one.tags] == ["Camera Control", "C++", "world-models"]
    assert one.id == f"{SITE}arxiv:2307.00001"
    feed = atom(built.site / "feed.xml").feed
    assert (feed.title, feed.subtitle, feed.author, feed.language) == ("Test", "All that was read", "Test", "en")
    assert atom(built.site / "keypoints/c++/feed.xml").feed.title == "C++ – Test"
    assert atom(built.site / "categories/world-models/feed.xml").feed.link == f"{SITE}papers/?cat=World%20Models"


def test_a_keypoint_that_was_merged_goes_on_as_the_other(built: Build) -> None:
    for name in FEEDS:
        old, new = (built.site / "keypoints" / slug / name for slug in ("camera-motion", "camera-control"))
        assert old.read_bytes() == new.read_bytes()
    assert atom(built.site / "keypoints/camera-motion/feed.xml").feed.id == f"{SITE}keypoints/camera-control/feed.xml"


def test_citations_of_the_site_and_of_each_keypoint(built: Build) -> None:
    for place, count in {"": 66, "keypoints/many/": 61, "keypoints/timeless/": 1}.items():
        bib = built.read(f"{place}papers.bib")
        items = json.loads(built.read(f"{place}papers.csl.json"))
        assert len(re.findall(r"^@", bib, re.MULTILINE)) == len(items) == count
        assert len({item["id"] for item in items}) == count


def alternates(page: str) -> list[tuple[str, str, str]]:
    tree = LexborHTMLParser(page)
    found = tree.css('head link[rel="alternate"][type]')
    return [(node.attributes["title"], node.attributes["href"], node.attributes["type"]) for node in found]


@pytest.mark.parametrize("name", ["built", "flat"])
def test_pages_name_their_feeds(name: str, request: pytest.FixtureRequest) -> None:
    own = request.getfixturevalue(name)
    end = "/index.html" if name == "built" else ".html"
    kinds = {"application/atom+xml": "feed.xml", "application/feed+json": "feed.json"}
    expected = {
        "index.html": {"Test": "feed"},
        f"keypoints/many{end}": {"Test": "feed", "Many – Test": "keypoints/many/feed"},
        f"202405{end}": {"Test": "feed", "World Models – Test": "categories/world-models/feed"},
        "papers/index.html": {"Test": "feed"},
    }
    for page, feeds in expected.items():
        found = alternates(own.read(page))
        assert [
            (title.rpartition(" (")[0], posixpath.normpath(posixpath.join(posixpath.dirname(page), link)))
            for title, link, _ in found
        ] == [(title, f"{place}{end}") for title, place in feeds.items() for end in (".xml", ".json")]
        assert all(link.endswith(kinds[kind]) for _, link, kind in found)


def test_pages_link_to_their_files(built: Build, flat: Build) -> None:
    for own, page in ((built, "keypoints/many/index.html"), (flat, "keypoints/many.html")):
        facts = article(own.read(page)).css_first(".pd-facts")
        found = {node.text(): node.attributes["href"] for node in facts.css("a[type]")}
        folder = posixpath.dirname(page)
        assert {text: posixpath.normpath(posixpath.join(folder, link or "")) for text, link in found.items()} == {
            "Feed": "keypoints/many/feed.xml",
            "BibTeX": "keypoints/many/papers.bib",
        }
    timeless = article(built.read("keypoints/timeless/index.html"))
    assert texts(timeless, ".pd-facts a[type]") == ["BibTeX"]
    explorer = article(built.read("papers/index.html"))
    own = ["Atom", "JSON Feed", "BibTeX", "CSL-JSON", "papers.json"]
    assert texts(explorer, "p.pd-facts a") == [*own, "Lots", "World Models"]


def test_many_categories_are_folded(build: Builder) -> None:
    text = "# 202405\n" + "".join(f"\n## Category {n}\n\n### Paper {n}\n- `Keypoints:` a\n" for n in range(13))
    built = build({"202405.md": text}, site_url=SITE)
    explorer = article(built.read("papers/index.html"))
    assert texts(explorer, "details.pd-facts summary") == ["Feeds of categories"]
    assert texts(explorer, "details.pd-facts a") == sorted(f"Category {n}" for n in range(13))
    assert len(alternates(built.read("202405/index.html"))) == 2 * (1 + 10)


def test_the_missing_address_of_the_site_is_told(built: Build, flat: Build) -> None:
    told = str(finding("PD407", "mkdocs.yml", 1, 1))
    assert f"INFO    -  paperdigest: {told}\n" in flat.output
    assert f"\n{told}\n" in (ROOT / "example_site/docs/guide/findings.md").read_text(encoding="utf-8")
    assert "PD407" not in built.output


def test_the_same_sources_make_the_same_files(builder: Builder, built: Build) -> None:
    again = builder(DOCS, folder="again", site_url=SITE, site_description="All that was read")
    for place in made(built.site):
        assert (again.site / place).read_bytes() == (built.site / place).read_bytes()


def test_files_of_the_site_stay(build: Builder) -> None:
    own: dict[str, str | bytes] = {
        "index.md": "# Home\n",
        "202405.md": PAPER,
        "feed.xml": "mine",
        "keypoints/world-model/papers.bib": "mine",
        "keypoints/c++": "a file where a folder would be",
        "categories/world-models/feed.json/a.txt": "a folder where a file would be",
    }
    built = build(own, site_url=SITE, use_directory_urls=False)
    for name in ("feed.xml", "keypoints/world-model/papers.bib", "keypoints/c++"):
        assert built.read(name) == own[name]
    assert (built.site / "feed.json").is_file()
    assert [title for title, _, _ in alternates(built.read("index.html"))] == ["Test (JSON Feed)"]
    assert texts(article(built.read("keypoints/world-model.html")), ".pd-facts a[type]") == ["Feed"]
    assert texts(article(built.read("keypoints/c++.html")), ".pd-facts a[type]") == []


def test_nothing_is_written_outside_the_site(build: Builder, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    write(tmp_path / "project/site", {"papers.txt": ""})
    (tmp_path / "project/site/categories").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "feed.txt").write_text("mine")
    (tmp_path / "project/site/feed.xml").symlink_to(tmp_path / "feed.txt")
    built = build(arguments=("--dirty",))
    assert (built.site / "feed.xml").is_file()
    assert (tmp_path / "feed.txt").read_text() == "mine"
    assert list((tmp_path / "outside").iterdir()) == []


def test_without_the_options_there_is_nothing(build: Builder) -> None:
    built = build(plugin={"feeds": False, "citations": False})
    assert made(built.site) == set()
    assert alternates(built.read("202405/index.html")) == []
    assert texts(article(built.read("papers/index.html")), "p.pd-facts a") == ["papers.json"]
    assert "PD407" not in built.output


# -- ids


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Build]:
    monkeypatch.chdir(tmp_path)
    make = make_builder(tmp_path)
    return lambda docs: make(docs, folder=".", site_url=SITE)


def test_ids_survive_what_happens_to_papers_and_keypoints(project: Callable[..., Build]) -> None:
    before = project({"202405.md": PAPER})
    first, second = entries(before.site)
    retitled = PAPER.replace("A First Paper: On Things", "The First Paper: On Many Things")
    write(Path.cwd(), {"docs/202405.md": retitled})
    assert main(["lock"]) == 0
    write(Path.cwd(), {"keypoints.yml": "World Model:\n  aliases: [Camera Control]\n"})
    after = project({"202405.md": retitled})
    assert [(one.id, one.title) for one in entries(after.site)] == [
        (first.id, "The First Paper: On Many Things"),
        (second.id, "A Second Paper"),
    ]
    assert entries(after.site)[0].link != first.link
    assert [one.id for one in entries(after.site, "keypoints/camera-control")] == [first.id, second.id]


# -- papers whose HTML is another's


def test_rows_of_a_table_have_what_they_say(build: Builder) -> None:
    table = (
        "# 202405\n\n| Title | Keypoints | Method | Figure |\n| --- | --- | --- | --- |\n"
        "| [A Row](https://arxiv.org/abs/2405.00002) | World Model | Cells & `<rows>` | ![plot](p.png) |\n"
    )
    built = build({"202405.md": table, "p.png": b"\x89PNG"}, {"keep_tables": True}, site_url=SITE)
    (one,) = entries(built.site)
    assert one.title == "A Row"
    content = one.content[0].value
    assert "<p><strong>Method</strong> Cells &amp; &lt;rows&gt;</p>" in content
    assert 'href="https://arxiv.org/abs/2405.00002"' in content
    assert f'<img src="{SITE}p.png" alt="plot">' in content


LANGUAGES = [{"locale": "en", "default": True, "name": "English"}, {"locale": "zh", "name": "中文"}]


@pytest.mark.parametrize("structure", ["suffix", "folder"])
def test_each_language_has_its_own_feeds(build: Builder, structure: str) -> None:
    folder, chinese = ("", "202405.zh.md") if structure == "suffix" else ("en/", "zh/202405.md")
    docs = {
        f"{folder}index.md": "# Home\n",
        f"{folder}202405.md": PAPER,
        chinese: PAPER.replace("A Second Paper", "第二篇").replace("C++", "三维"),
    }
    built = build(
        docs, site_url=SITE, plugins=["search", {"i18n": {"docs_structure": structure, "languages": LANGUAGES}}]
    )
    english, other = entries(built.site), entries(built.site, "zh")
    assert [one.title for one in english] == ["A First Paper: On Things", "A Second Paper"]
    assert [one.title for one in other] == ["A First Paper: On Things", "第二篇"]
    assert {one.link.startswith(f"{SITE}zh/202405/#") for one in other} == {True}
    assert (built.site / "zh/keypoints/三维/feed.xml").is_file()
    assert not (built.site / "keypoints/三维").exists()
    assert "Objective" in other[0].content[0].value
    assert atom(built.site / "zh/feed.xml").feed.language == "zh"
    assert [link for _, link, _ in alternates(built.read("zh/202405/index.html"))][:2] == [
        "../../zh/feed.xml",
        "../../zh/feed.json",
    ]
    assert built.output.count("PD407") == 0


def test_posts_of_a_blog_are_fed(build: Builder) -> None:
    post = "---\ndate: 2024-05-31\nslug: may\n---\n" + PAPER.replace("### A Second", "<!-- more -->\n\n### A Second")
    docs = {"blog/index.md": "# Blog\n", "blog/posts/202405.md": post}
    built = build(docs, plugins=["blog", "search"], site_url=SITE)
    found = entries(built.site)
    assert [one.link for one in found] == [
        f"{SITE}blog/2024/05/31/may/#a-first-paper-on-things",
        f"{SITE}blog/2024/05/31/may/#a-second-paper",
    ]
    assert "<strong>Objective</strong> More of it." in found[1].content[0].value


def test_pages_that_are_not_written_again_keep_what_their_records_say(build: Builder) -> None:
    build(site_url=SITE)
    built = build(site_url=SITE, arguments=("--dirty",))
    found = entries(built.site)
    assert [one.title for one in found] == ["A First Paper: On Things", "A Second Paper"]
    assert "<strong>Objective</strong> More of it." in found[1].content[0].value
