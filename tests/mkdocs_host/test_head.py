"""What stands in the head of pages: descriptions, previews of links, and what a digest is about; put there, read back, and checked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
import yaml
from chromium import served
from conftest import Build, make_builder, write
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.exports.json_ld import MOST, DigestPage, arxiv_month, digest_data, json_ld, paper_data
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.library.index import build_library
from mkdocs_paperdigest.mkdocs_host.head import _metas
from mkdocs_paperdigest.pages.page_descriptions import MOST as LONGEST
from mkdocs_paperdigest.pages.page_descriptions import (
    cut,
    digest_description,
    index_description,
    keypoint_description,
    of_all_papers,
    part_description,
    plain_text,
    site_description,
)
from mkdocs_paperdigest.reader import read_digest
from mkdocs_paperdigest.records.paper import Field, Link, Paper

pytestmark = pytest.mark.versions

BREAKS = "</script><script>window.broken = 1</script><!-- \"Two\" & 'one' 汉字 <script> </head>"
"""What would end the element that it stands in, or begin a comment, if it were not escaped."""

DIGEST = f"""\
# 202405

## Video

### A Study: `{BREAKS}` [[arxiv](https://arxiv.org/abs/2405.00001v2)] [[doi](https://doi.org/10.1000/ABC.1)]
- `Authors:` Ada Reed, Bo van den Berg, Example AI Team
- `Keypoints:` World Model; `{BREAKS}`;
- `Objective:` Say what is wanted.

### Another Study
- `Keypoints:` world model; Camera Control
"""
SHORT = "# 202406\n\n### A Third Study\n- `Keypoints:` World Model\n"
WHOLE = "# One Whole Paper\n\n- `Keypoints:` World Model\n- `Objective:` To fill a page alone.\n- `Method:` A page.\n"
KNOWN = "World Model:\n  description: A *model* that [predicts](https://example.org) what comes next.\n"
DOCS: dict[str, str | bytes] = {
    "index.md": "# Home\n",
    "plain.md": '# Plain\n\n<p class="x">Not this.</p>\n\n![x](x.svg)\n\nNo **papers** & <b>no\n"quotes"</b> here.\n\nMore.\n',
    "x.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "empty.md": "# Nothing\n",
    "said.md": "---\ndescription: Said\n---\n# Said\n\nText.\n",
    "202405.md": DIGEST,
    "202406.md": SHORT,
    "own.md": f'---\ndescription: My own "words" & more\n---\n{SHORT.replace("202406", "202407").replace("Third", "Fourth")}',
    "one.md": WHOLE,
    "../keypoints.yml": KNOWN,
}
URL = "https://example.org/papers/"
SAID = 'What "the site" is & does.'
SITES: dict[str, dict[str, Any]] = {
    "material": {"site_url": URL, "site_description": SAID},
    "mkdocs": {"theme": {"name": "mkdocs"}, "use_directory_urls": False},
    "readthedocs": {
        "theme": {"name": "readthedocs"},
        "site_url": URL,
        "site_description": SAID,
        "use_directory_urls": False,
    },
    "chinese": {"theme": {"name": "material", "font": False, "language": "zh"}},
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Build]:
    build = make_builder(tmp_path_factory.mktemp("heads"))
    return {name: build(DOCS, folder=name, **settings) for name, settings in SITES.items()}


def file_of(name: str, path: str) -> str:
    """The file of a page, by its address with directory URLs."""
    if SITES[name].get("use_directory_urls", True):
        return f"{path}index.html"
    if path.rstrip("/") in ("", "keypoints", "papers", "trends", "months"):
        return f"{path}index.html"
    return f"{path.rstrip('/')}.html"


def head(site: Build, file: str) -> LexborHTMLParser:
    return LexborHTMLParser(site.read(file).partition("</head>")[0] + "</head>")


def metas(tree: LexborHTMLParser) -> dict[str, str]:
    """What the head of a page says of it; nothing may be said twice."""
    said = [
        (tag.attributes.get("property") or tag.attributes.get("name"), tag.attributes.get("content"))
        for tag in tree.css("meta")
    ]
    ours = [(key or "", text or "") for key, text in said if key and re.match("description|og:|twitter:", key)]
    assert len(dict(ours)) == len(ours)
    return dict(ours)


def data_of(site: Build, file: str) -> Any:
    scripts = LexborHTMLParser(site.read(file)).css('script[type="application/ld+json"]')
    assert len(scripts) == 1
    return json.loads(scripts[0].text())


OURS = ("202405/", "202406/", "own/", "one/", "keypoints/", "papers/", "trends/", "months/")
KEYPOINTS = ("keypoints/world-model/", "keypoints/camera-control/")


# -- what a digest is about

PAPER = {
    "type": "object",
    "required": ["@type", "@id", "name"],
    "additionalProperties": False,
    "properties": {
        "@type": {"const": "ScholarlyArticle"},
        "@id": {"type": "string", "pattern": "^#[!-~]+$"},
        "name": {"type": "string", "minLength": 1},
        "author": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {"@type": {"const": "Person"}, "name": {"type": "string", "minLength": 1}},
            },
        },
        "datePublished": {"type": "string", "pattern": r"^(19|20)\d\d-(0[1-9]|1[0-2])$"},
        "sameAs": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^https://"}},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "minLength": 1}},
    },
}
PAGE = {
    "type": "object",
    "required": ["@context", "@type", "headline", "inLanguage", "isPartOf", "about"],
    "additionalProperties": False,  # no author above all
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "Article"},
        "headline": {"type": "string", "minLength": 1},
        "url": {"type": "string", "pattern": "^https?://"},
        "inLanguage": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
        "isPartOf": {
            "type": "object",
            "required": ["@type", "name"],
            "additionalProperties": False,
            "properties": {
                "@type": {"const": "WebSite"},
                "name": {"type": "string", "minLength": 1},
                "url": {"type": "string", "pattern": "^https?://"},
            },
        },
        "about": {"type": "array", "minItems": 1, "maxItems": MOST, "items": PAPER},
    },
}
"""What is promised."""

CREATIVE_WORK = {
    "name": "Text",
    "url": "URL",
    "sameAs": "URL",
    "about": "Thing",
    "author": "Person Organization",
    "datePublished": "Date DateTime",
    "headline": "Text",
    "inLanguage": "Language Text",
    "isPartOf": "CreativeWork URL",
    "keywords": "DefinedTerm Text URL",
}
SCHEMA_ORG = {
    "Article": CREATIVE_WORK,
    "ScholarlyArticle": CREATIVE_WORK,
    "WebSite": CREATIVE_WORK,
    "Person": {"name": "Text", "url": "URL", "sameAs": "URL"},
}
"""The properties that schema.org has for these types, with the types of their values (https://schema.org/Article and so on)."""
IS_A = {
    "Article": {"CreativeWork", "Thing"},
    "ScholarlyArticle": {"Article", "CreativeWork", "Thing"},
    "WebSite": {"CreativeWork", "Thing"},
    "Person": {"Person", "Thing"},
}


def against_schema_org(node: Any) -> Iterator[str]:
    """What schema.org does not know of a node."""
    kind = node["@type"]
    for key, value in node.items():
        if key.startswith("@"):
            continue
        expected = set(SCHEMA_ORG[kind].get(key, "").split())
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "@type" in item:
                if not expected & IS_A[item["@type"]]:
                    yield f"{kind}.{key} is no {item['@type']}"
                yield from against_schema_org(item)
            elif isinstance(item, str) and not expected & {"Text", "URL", "Date"}:
                yield f"{kind}.{key} is no text"


def valid(data: Any) -> Any:
    Draft202012Validator(PAGE).validate(data)
    assert list(against_schema_org(data)) == []
    return data


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("page", ["202405/", "202406/", "own/", "one/"])
def test_a_digest_says_what_it_is_about(sites: dict[str, Build], name: str, page: str) -> None:
    file = file_of(name, page)
    data = valid(data_of(sites[name], file))
    assert data.get("url") == (
        f"{URL}{file.removesuffix('index.html')}" if name in ("material", "readthedocs") else None
    )
    assert data["inLanguage"] == ("zh" if name == "chinese" else "en")
    assert data["isPartOf"]["name"] == "Test"
    ids = {tag.attributes["id"] for tag in LexborHTMLParser(sites[name].read(file)).css("[id]")}
    assert {unquote(paper["@id"]).removeprefix("#") for paper in data["about"]} <= ids


def test_all_that_is_known_of_a_paper_is_said(sites: dict[str, Build]) -> None:
    first, second = data_of(sites["material"], "202405/index.html")["about"]
    assert first["name"] == f"A Study: {BREAKS}"
    assert first["author"] == [
        {"@type": "Person", "name": "Ada Reed"},
        {"@type": "Person", "name": "Bo van den Berg"},
        {"name": "Example AI Team"},
    ]
    assert first["sameAs"] == ["https://arxiv.org/abs/2405.00001", "https://doi.org/10.1000/abc.1"]
    assert first["datePublished"] == "2024-05"
    assert first["keywords"] == ["World Model", BREAKS]
    assert set(second) == {"@type", "@id", "name", "keywords"}
    assert second["keywords"] == ["World Model", "Camera Control"]


@pytest.mark.parametrize("page", ["", "plain/", "keypoints/", *KEYPOINTS])
def test_other_pages_are_about_no_papers(sites: dict[str, Build], page: str) -> None:
    assert "ld+json" not in sites["material"].read(f"{page}index.html")


@given(st.text(), st.text())
def test_no_text_can_leave_the_script(title: str, label: str) -> None:
    paper = Paper(title, "a.md", 1, 2, "a", links=(Link("other", title),))
    page = DigestPage(label, "", "en", title, "")
    text = json_ld(digest_data(page, [paper], lambda _: [label]))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["about"][0].get("name", "") == title


@pytest.mark.parametrize(
    "text",
    [
        "</script>",
        "</SCRIPT\t>",
        "<!--<script>",
        "--><b>",
        "]]>",
        "a\u2028b\u2029c",
        "\\u003c/script>",
        "&lt;/script&gt;",
    ],
)
def test_a_browser_reads_the_same_data(text: str) -> None:
    data = json_ld({text: [text]})
    parsed = html5lib.parse(f"<script type='application/ld+json'>{data}</script><p>", namespaceHTMLElements=False)
    (script,) = parsed.iter("script")
    assert json.loads(script.text or "") == {text: [text]}
    assert [element.tag for element in parsed.iter()] == ["html", "head", "script", "body", "p"]


def test_the_same_data_are_the_same_bytes() -> None:
    assert json_ld({"b": 1, "a": "é</"}) == json_ld({"a": "é</", "b": 1}) == '{"a":"é\\u003c/","b":1}'


def test_what_is_not_certain_is_left_out() -> None:
    arxiv = [Link("arxiv", f"https://arxiv.org/abs/{value}") for value in ("2401.00001", "2402.00002")]
    paper = Paper(
        "A",
        "a.md",
        1,
        2,
        "a",
        date="2024-05-17",
        month="2024-05",
        links=(Link("code", "https://github.com/a/b"), *arxiv),
    )
    data = paper_data(paper, ())
    assert data["sameAs"] == ["https://arxiv.org/abs/2401.00001"]
    assert data["datePublished"] == "2024-01"
    assert paper_data(Paper("A", "a.md", 1, 2, "ä b", date="2024-05-17"), ()) == {
        "@type": "ScholarlyArticle",
        "@id": "#%C3%A4%20b",
        "name": "A",
    }


@pytest.mark.parametrize(
    ("value", "month"),
    [("2405.00001", "2024-05"), ("0704.0001", "2007-04"), ("cs/0501001", "2005-01"), ("hep-th/9108001", "1991-08")],
)
def test_an_identifier_of_arxiv_says_its_month(value: str, month: str) -> None:
    assert arxiv_month(value) == month


def test_a_long_page_names_the_first_papers() -> None:
    papers = [Paper(f"Paper {n}", "a.md", n, 2, f"paper-{n}") for n in range(MOST + 5)]
    data = valid(digest_data(DigestPage("A", "", "en", "S", ""), papers, lambda _: ()))
    assert [paper["name"] for paper in data["about"]] == [f"Paper {n}" for n in range(MOST)]


def refused(window: Any, body: str) -> list[str]:
    """What a policy that forbids all scripts has to say about a page; nothing of it may run."""
    page = window.new_page()
    page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.sample))"
    )
    policy = {"content-security-policy": "default-src 'none'; script-src 'report-sample'"}
    whole = f"<!doctype html><title>A</title>{body}<p>B</p>"
    page.route("**/*", lambda route: route.fulfill(body=whole, content_type="text/html", headers=policy))
    page.goto("http://digest.test/")
    assert (page.locator("p").text_content(), page.evaluate("window.broken")) == ("B", None)
    found: list[str] = page.evaluate("refused")
    page.close()
    return found


def test_a_strict_policy_allows_it(window: Any, sites: dict[str, Build]) -> None:
    (data,) = re.findall(r'<script type="application/ld\+json">.*?</script>', sites["mkdocs"].read("202405.html"))
    assert refused(window, data) == []
    assert refused(window, "<script>window.broken = 2</script>") == ["window.broken = 2"]


def test_nothing_of_a_title_runs(fresh_tab: Any, sites: dict[str, Build]) -> None:
    page = fresh_tab
    page.goto((sites["readthedocs"].site / "202405.html").as_uri(), wait_until="domcontentloaded")
    assert page.evaluate("window.broken") is None
    assert page.evaluate("document.querySelectorAll('head script[type=\"application/ld+json\"]').length") == 1


# -- descriptions


@pytest.mark.parametrize("name", SITES)
def test_each_page_of_ours_has_a_description_of_its_own(sites: dict[str, Build], name: str) -> None:
    said = [metas(head(sites[name], file_of(name, page)))["description"] for page in (*OURS, *KEYPOINTS)]
    assert len(set(said)) == len(said)
    assert all(20 <= len(text) <= LONGEST or name == "chinese" for text in said)
    assert all(text == " ".join(text.split()) for text in said)


def test_descriptions_say_what_pages_hold(sites: dict[str, Build]) -> None:
    said = {page: metas(head(sites["material"], f"{page}index.html"))["description"] for page in (*OURS, *KEYPOINTS)}
    assert said["202405/"].startswith("A digest of 2 papers from May 2024. Keypoints: World Model, </script>")
    assert said["202406/"] == "A digest of 1 paper from June 2024. Keypoints: World Model."
    assert said["one/"] == "To fill a page alone."
    assert said["own/"] == 'My own "words" & more'
    assert said["keypoints/world-model/"] == (
        "World Model: 5 papers from May 2024 to July 2024. A model that predicts what comes next."
    )
    assert said["keypoints/camera-control/"] == "Camera Control: 1 paper from May 2024. Paper: “Another Study”."
    assert said["keypoints/"].startswith(
        "An index of 3 keypoints in 5 papers from May 2024 to July 2024. Keypoints: World"
    )
    chinese = metas(head(sites["chinese"], "202406/index.html"))["description"]
    assert chinese == "论文摘要：2024年6月的 1 篇论文。关键词：World Model。"


def test_other_pages_keep_what_the_theme_says(sites: dict[str, Build]) -> None:
    for page in ("index.html", "plain/index.html", "404.html"):
        text = sites["material"].read(page)
        assert f'<meta name="description" content="{SAID}">' in text  # the theme does not escape it
        assert metas(head(sites["material"], page)).keys() == {"description"}


@pytest.mark.parametrize("name", ["mkdocs", "readthedocs", "chinese"])
def test_other_pages_without_a_description_begin_with_one(sites: dict[str, Build], name: str) -> None:
    said = {page: metas(head(sites[name], file_of(name, page))) for page in ("plain/", "empty/", "said/")}
    assert said == {
        "plain/": {"description": 'No papers & no "quotes" here.'},
        "empty/": {},
        "said/": {"description": "Said"},
    }


def test_a_home_page_of_ours_is_described_as_the_site_is(tmp_path: Path) -> None:
    docs: dict[str, str | bytes] = {"202406.md": SHORT}
    build = make_builder(tmp_path)
    material = build(docs, folder="a", site_description="About the site.")
    assert metas(head(material, "index.html"))["og:description"] == "About the site."
    plain = build(docs, folder="b", theme={"name": "mkdocs"})  # whose theme says `None`
    said = "Test: 1 paper from June 2024. Keypoints: World Model."
    assert metas(head(plain, "index.html"))["description"] == metas(head(plain, "index.html"))["og:description"] == said
    assert 'content="None"' not in plain.read("index.html")


def test_a_description_from_elsewhere_stays(tmp_path: Path) -> None:
    """A template of the site can say all of it; the plugin then adds nothing but what the digest is about."""
    block = """{% extends "base.html" %}
{% block extrahead %}<META content='Of a template' name=description>
<meta property=og:title content="Mine"><meta name="twitter:card" content="summary_large_image">
<link rel="alternate" href="{{ 'feed.xml'|url }}">{% endblock %}"""
    docs: dict[str, str | bytes] = {"202406.md": SHORT, "../overrides/main.html": block}
    theme = {"name": "mkdocs", "custom_dir": "overrides"}
    site = make_builder(tmp_path)(docs, theme=theme)
    wanted = {"description": "Of a template", "og:title": "Mine", "twitter:card": "summary_large_image"}
    assert metas(head(site, "202406/index.html")) == metas(head(site, "keypoints/world-model/index.html")) == wanted
    valid(data_of(site, "202406/index.html"))
    links = [tag.attributes["href"] for tag in head(site, "202406/index.html").css('link[rel="alternate"]')]
    assert sorted(link for link in links if link) == ["../feed.json", "../feed.xml"]


def test_tags_are_read_as_browsers_read_them() -> None:
    text = '<meta name=description content=bare><META  content = \'a > b\' NAME="x"><meta name=y content="the "site" says"><meta a=b'
    assert [attributes for _, attributes in _metas(text)] == [
        {"name": "description", "content": "bare"},
        {"content": "a > b", "name": "x"},
        {"name": "y", "content": "the "},
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Short.", "Short."),
        (" two \n lines\t\x07 ", "two lines"),
        ("word " * 40, "word " * 31 + "word…"),
        ("字" * 200, "字" * 159 + "…"),
        ("a, " * 80, "a, " * 52 + "a…"),
    ],
)
def test_a_text_is_cut_behind_a_word(text: str, wanted: str) -> None:
    assert cut(text) == wanted


@given(st.text(max_size=400), st.integers(2, 200))
def test_a_cut_text_is_short_and_one_line(text: str, most: int) -> None:
    made = cut(text, most)
    assert len(made) <= most
    assert made == " ".join(made.split())
    assert made.isprintable()


def test_markdown_is_said_as_text() -> None:
    assert (
        plain_text("\n- A **bold** `code` [link](x.md) &amp; ![picture](a.png)\n  on\n\nMore.")
        == "A bold code link & on"
    )


def test_descriptions_never_get_long() -> None:
    long = " ".join(["Very"] * 60)
    source = f"### {long} Title\n- `Keypoints:` {long}; Short\n- `Objective:` {long}.\n"
    library = build_library([read_digest(source, "202405.md")[0], read_digest(f"# {source[4:]}", "long.md")[0]])
    for code in ("en", "zh", "ja"):
        said = words(code)
        made = [
            *(digest_description(papers, library, said) for papers in library.by_path.values()),
            *(keypoint_description(keypoint, said) for keypoint in library.keypoints),
            *(
                make(library, said)
                for make in (index_description, *map(of_all_papers, ("head_explorer", "head_trends", "head_months")))
            ),
            site_description(long, library, said),
            part_description(long, [long, long], said),
        ]
        assert all(10 < len(text) <= LONGEST for text in made)


def test_a_digest_without_keypoints_is_known_by_day_categories_or_titles() -> None:
    def said(*papers: Paper) -> str:
        return digest_description(papers, build_library([]), words("en"))

    day = {"month": "2024-05", "date": "2024-05-07"}
    one = Paper("One", "a.md", 1, 3, "one", category="Video", **day)  # type: ignore[arg-type]
    two = Paper("Two", "a.md", 5, 3, "two", category="Audio", **day)  # type: ignore[arg-type]
    assert said(one, two) == "A digest of 2 papers from 7 May 2024. Categories: Video, Audio."
    assert said(one, replace(one, anchor="one-2")) == "A digest of 2 papers from 7 May 2024. Papers: “One”, “One”."
    assert said(Paper("Three", "a.md", 1, 3, "three")) == "A digest of 1 paper. Paper: “Three”."


def test_a_paper_that_stands_twice_in_a_digest_counts_once() -> None:
    papers = "".join(
        f"### {title} [paper](https://arxiv.org/abs/2405.0000{n})\n- `Keypoints:` k{n}\n\n"
        for title, n in [("One", 1), ("Two", 2), ("One Again", 1)]
    )
    library = build_library([read_digest(f"# 202405\n\n{papers}", "202405.md")[0]])
    assert len(library.records) == 3
    said = digest_description(library.by_path["202405.md"], library, words("en"))
    assert said == "A digest of 2 papers from May 2024. Keypoints: k1, k2."


def test_a_page_that_is_a_paper_says_what_it_says_best() -> None:
    fields = tuple(
        Field(name, name, text, 3) for name, text in [("method", "How."), ("objective", "What."), ("tldr", "")]
    )
    paper = Paper("A", "a.md", 1, 1, "a", fields=fields)
    assert digest_description([paper], build_library([]), words("en")) == "What."


# -- previews


@pytest.mark.parametrize("name", SITES)
def test_pages_of_keypoints_have_a_preview(sites: dict[str, Build], name: str) -> None:
    for page, label in zip(KEYPOINTS, ("World Model", "Camera Control"), strict=True):
        file = file_of(name, page)
        said = metas(head(sites[name], file))
        assert said.pop("og:url", None) == (
            f"{URL}{file.removesuffix('index.html')}" if "site_url" in SITES[name] else None
        )
        assert said.pop("description") == said.pop("og:description")
        assert said == {
            "og:type": "website",
            "og:site_name": "Test",
            "og:title": label,
            "twitter:card": "summary",
        }


def test_a_preview_of_a_digest_says_what_the_page_says(sites: dict[str, Build]) -> None:
    said = metas(head(sites["material"], "one/index.html"))
    assert (said["og:type"], said["og:title"]) == ("article", "One Whole Paper")
    assert said["og:description"] == said["description"]
    own = metas(head(sites["readthedocs"], "own.html"))
    assert own["og:description"] == own["description"] == 'My own "words" & more'
    nasty = metas(
        head(
            sites["mkdocs"],
            next(
                file_of("mkdocs", f"keypoints/{path.stem}/")
                for path in (sites["mkdocs"].site / "keypoints").glob("*script*.html")
            ),
        )
    )
    assert nasty["og:title"] == BREAKS


# -- feeds


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("page", ["", "plain/", "202405/", "papers/", *KEYPOINTS])
def test_a_page_leads_to_the_feeds_that_it_is_found_in(sites: dict[str, Build], name: str, page: str) -> None:
    file = file_of(name, page)
    folder = (sites[name].site / file).parent
    found = {}
    for tag in head(sites[name], file).css('link[rel="alternate"]'):
        path = (folder / unquote(tag.attributes["href"] or "")).resolve().relative_to(sites[name].site.resolve())
        assert (sites[name].site / path).is_file()
        assert tag.attributes["title"]
        found[path.as_posix()] = tag.attributes["type"]
    kinds = {"feed.xml": "application/atom+xml", "feed.json": "application/feed+json"}
    folders = ["", *([page] if page in KEYPOINTS else ["categories/video/"] if page == "202405/" else [])]
    assert found == {f"{own}{feed}": kind for own in folders for feed, kind in kinds.items()}


def test_material_asks_for_no_site_map_beside_a_feed(fresh_tab: Any, sites: dict[str, Build]) -> None:
    """It takes every alternate form of a page for another language, unless the script of the plugin is first."""
    with served(sites["chinese"].site) as address:
        page = fresh_tab
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}202405/", wait_until="networkidle")
        assert page.locator('link[rel~="alternate"]').count() == 4
    assert [url for url in asked if "sitemap" in url] == []
    assert f"{address}assets/paperdigest/paperdigest.js" in asked


PAYLOADS = (
    "</title><script>pwn()</script>",
    "\"><img src=x onerror='pwn()'>",
    "' onfocus=pwn() x='",
    "&lt;b&gt; & <!--",
)
THEMES: tuple[dict[str, Any], ...] = ({"name": "material", "font": False}, {"name": "mkdocs"}, {"name": "readthedocs"})


def in_process(folder: Path, docs: dict[str, str | bytes], **settings: Any) -> dict[str, str]:
    """Every page and feed of a site that is built in this process, as a hook's `site_url` comes too late to be checked by MkDocs."""
    site_url = settings.pop("site_url", "https://site.test/")
    write(folder / "docs", docs)
    config_file = folder / "mkdocs.yml"
    config_file.write_text(yaml.safe_dump({"site_name": "T", "plugins": ["search", "paperdigest"], **settings}))
    vars(MkDocsConfig)["plugins"].plugin_cache.clear()
    config = load_config(str(config_file))
    config.site_url = site_url
    build(config)
    config.plugins.on_shutdown()
    vars(MkDocsConfig)["plugins"].plugin_cache.clear()
    return {
        path.relative_to(folder / "site").as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in (folder / "site").rglob("*")
        if path.is_file() and path.suffix != ".gz"
    }


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme["name"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_front_matter_of_a_paper_is_text(theme: dict[str, Any], payload: str, tmp_path: Path) -> None:
    keys = ("title", "description", "author", "subtitle")
    meta = {**dict.fromkeys(keys, f"x {payload}"), "tags": [payload], "deep": {payload: [payload]}}
    bare = yaml.safe_dump({"author": payload, "description": payload})
    docs: dict[str, str | bytes] = {
        "index.md": "# Home\n",
        "one.md": f"---\n{yaml.safe_dump(meta)}---\n{WHOLE}",
        "two.md": f"---\n{bare}---\n{WHOLE.replace('One', 'Two')}",
    }
    plugins = ["search", *(["tags"] if theme["name"] == "material" else []), "paperdigest"]
    files = in_process(tmp_path, docs, theme=theme, plugins=plugins)
    for name, text in files.items():
        if name.endswith(".html"):
            page = LexborHTMLParser(text)
            assert page.css("[onerror], [onfocus]") == [], name
            assert [node for node in page.css("script") if node.text().strip() == "pwn()"] == []
    page = LexborHTMLParser(files["one/index.html"])
    said = " ".join(html.unescape(f"x {payload}").split())
    assert said in " ".join(page.css_first("title").text().split())
    assert page.css_first("meta[name=description]").attributes["content"] == said
    data = json.loads(page.css_first("script[type='application/ld+json']").text())
    assert " ".join(data["headline"].split()) == said


def test_the_front_matter_of_other_pages_is_as_in_mkdocs(tmp_path: Path) -> None:
    said = '---\ntitle: A <b id="own">bold</b> one\n---\n'
    docs: dict[str, str | bytes] = {
        "index.md": "# Home\n",
        "plain.md": f"{said}Text.\n",
        "202405.md": f"{said}{DIGEST}",
    }
    files = in_process(tmp_path, docs, theme={"name": "mkdocs"})
    for name in ("plain/index.html", "202405/index.html"):
        assert 'A <b id="own">bold</b> one' in files[name]


def test_the_address_of_a_site_may_lack_its_last_slash(tmp_path: Path) -> None:
    docs = {**DOCS, "../paperdigest.lock": "keypoints:\n  world-model: [world-models]\n"}
    one, other = (
        in_process(tmp_path / str(number), docs, theme={"name": "mkdocs"}, site_url=f"https://site.test/2.0{end}")
        for number, end in enumerate(("/", ""))
    )
    assert "https://site.test/2.0/feed.xml" in one["feed.xml"]
    assert "https://site.test/2.0/keypoints/world-model/" in one["keypoints/world-models/index.html"]
    # Those two have the time of the build, and addresses that MkDocs makes itself.
    differing = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    assert differing - {"index.html", "404.html"} == set()
