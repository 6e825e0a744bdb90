"""Nothing that a paper holds runs: every place of a paper × every payload × every output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import html5lib
import pytest
from cached_site import Site
from conftest import EXTENSIONS, many, write
from feedparser import parse as parse_feed
from hostile import PAYLOADS, faults, pages, payload, text_of, word
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.exports import file_plan
from mkdocs_paperdigest.markdown_extension.sanitising import sanitised

# As long as nothing here depends on the version of Python.
pytestmark = pytest.mark.large

ATOM = "{http://www.w3.org/2005/Atom}"
STEP = many(3, 1)
"""Each payload is in one of so many kinds of papers."""

PAPERS = 2700 // STEP
"""So many papers at least are read, of about 2,750 if each payload is in each kind."""


def built(
    folder: Path, theme: Any, docs: dict[str, str], plugins: Sequence[Any] = ("search",), **settings: Any
) -> dict[str, bytes]:
    """The files of a site of hostile papers, all of them in its feed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_plan, "SITE_MOST", 100_000)
        write(folder / "docs", docs)
        site = Site(folder, patch)
        site.settings |= {
            "theme": theme,
            "site_url": "https://example.org/",
            "markdown_extensions": EXTENSIONS,
            **settings,
        }
        site.plugins = plugins
        site.raw = lambda text: re.sub(r"'(!!python/name:[\w.]+)'", r"\1", text)
        return site.build("site", cache=False)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A site of all payloads in all places."""
    return built(tmp_path_factory.mktemp("hostile"), "mkdocs", dict(pages(STEP)))


def fragments(site: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """All that a reader gets as HTML, and what it is of."""
    for name, content in site.items():
        if name.endswith(".html"):
            yield name, content.decode()
    for item in json.loads(site["feed.json"])["items"]:
        yield f"feed.json {item['url']}", item["content_html"]
    for entry in etree.fromstring(site["feed.xml"]).iter(f"{ATOM}entry"):
        yield f"feed.xml {entry.findtext(f'{ATOM}id')}", entry.findtext(f"{ATOM}content") or ""


def test_nothing_runs_anywhere_and_no_word_is_lost(hostile: dict[str, bytes]) -> None:
    """One test, so that one process builds the site."""
    records = json.loads(hostile["papers.json"])["papers"]
    assert len(records) >= PAPERS

    wrong = {name: found[:3] for name, content in fragments(hostile) if (found := faults(content))}
    assert wrong == {}

    # As data: well-formed, and no link that runs.
    feed = parse_feed(hostile["feed.xml"])
    assert not feed.bozo
    assert len(feed.entries) == len(json.loads(hostile["feed.json"])["items"]) >= PAPERS * 0.7  # those with a month
    links = [link["url"] for record in records for link in record["links"]]
    assert [url for url in links if re.match(r"\s*(?:javascript|vbscript|data):", url, re.IGNORECASE)] == []
    described = [script for name, content in hostile.items() if name.endswith(".html") for script in json_ld(content)]
    assert len(described) > 100
    assert all(isinstance(json.loads(script), dict) for script in described)

    lost = []
    for path, source in pages(STEP):
        shown = text_of(hostile[f"{path.removesuffix('.md')}/index.html"].decode())
        lost += [(path, own) for own in re.findall(r"word\d+word", source) if own not in shown]
    assert lost == []


def json_ld(content: bytes) -> list[str]:
    found = LexborHTMLParser(content.decode()).css('script[type="application/ld+json"]')
    return [script.text() for script in found]


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a sample of places, with a theme and a plugin that show hover texts and captions as HTML."""
    folder = tmp_path_factory.mktemp("themed")
    docs = {
        name: text
        for step, own in ((6, r"(?:lines|marks|text|torn|row)/2"), (3, r"page/(?:60|141|159|204)\."))
        for name, text in pages(step)
        if re.match(own, name)
    }
    theme = {"name": "material", "font": False, "features": ["content.tooltips", "toc.follow"]}
    plugins = ["search", {"glightbox": {"auto_caption": True}}]
    built(folder, theme, docs, plugins=plugins, use_directory_urls=False)
    return folder / "site"


def test_the_search_of_material_shows_entries_as_html(themed: Path) -> None:
    entries = json.loads((themed / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    assert len(entries) > len(PAYLOADS) / 3
    wrong = {entry["location"]: found for entry in entries if (found := faults(f"{entry['title']}<hr>{entry['text']}"))}
    assert wrong == {}


LISTEN = "window.pwned = []; window.pwn = number => { window.pwned.push(number) }"
TOUCH = """() => {
    addEventListener("click", event => event.preventDefault(), true);
    for (const element of document.querySelectorAll("article :is([title], a:not([href^=http]), img, summary, input)"))
        for (const kind of ["mouseenter", "click"])
            element.dispatchEvent(new MouseEvent(kind, {bubbles: kind === "click", cancelable: true}));
}"""


def test_nothing_runs_in_chromium(themed: Path, browser: Any) -> None:
    """Pages are opened, each of their elements is hovered, focused and clicked, and search shows what it finds."""
    context = browser.new_context()
    context.add_init_script(LISTEN)
    names = [f"{name}/202405.html" for name in ("lines", "marks", "text", "torn", "row")]
    names += [
        "keypoints/index.html",
        "papers/index.html",
        "months/index.html",
        "page/159.html",
        "page/60.html",
        "page/204.html",
    ]
    pages = {name: context.new_page() for name in names}
    for name, page in pages.items():
        page.goto((themed / name).as_uri())
    page.wait_for_timeout(500)  # whatever runs late: the scripts of the theme, hover texts
    for page in pages.values():
        page.evaluate(TOUCH)
    page.wait_for_timeout(500)
    seen = {name: page.evaluate("window.pwned") for name, page in pages.items()}
    context.close()
    assert {name: numbers for name, numbers in seen.items() if numbers} == {}


def test_another_parser_sees_no_more() -> None:
    """What is sanitised runs nothing to html5lib either, nor when it is parsed and written again."""
    for number in range(len(PAYLOADS)):
        clean = sanitised(f"<p>{payload(number)}</p> {word(number)}")
        assert faults(clean) == faults(sanitised(clean)) == []
        elements = list(html5lib.parseFragment(clean, namespaceHTMLElements=False).iter())
        assert not [name for element in elements for name in element.attrib if str(name).startswith("on")], clean
        assert {element.get("type") for element in elements if element.tag in ("script", "style", "iframe")} <= {
            "math/tex"
        }


@pytest.mark.parametrize(
    "name",
    ["script", "style", "template", "iframe", "object", "form", "button", "noscript", "textarea", "xmp", "custom-x"],
)
def test_the_text_of_a_removed_element_stays(name: str) -> None:
    assert (
        text_of(sanitised(f"a <{name} onclick=x>b <i>c</i></{name}> d")).replace("<i>", "").replace("</i>", "")
        == "a b c d"
    )


RUN = "<img src=x onerror=pwn(1)>"
PAPER = (
    "{mark}A Paper of Five Words{end}\n- Paper: https://arxiv.org/abs/2405.00001\n- `Keypoints:` K;\n- `Objective:` x\n"
)
BEYOND = {
    "a heading by its underline": "\ntext\n---\n\n{run}\n",
    "a heading of its own level": f"\n### Conclusion {RUN}\n\n{{run}}\n",
    "a bold line": f"\n**Note** {RUN}\n\n{{run}}\n",
    "an item": f"\n- **Note** {RUN}\n",
    "a paragraph": "\n{run}\n",
    "a rule": "\n---\n\n{run}\n",
    "an abbreviation": f"\n*[above]: {RUN}\n",
    "a definition": f'\n[above]: https://e.org/ "{RUN}"\n',
}
"""What may follow the text of a paper, and may be text of the paper."""


@pytest.mark.parametrize(("mark", "end"), [("### ", ""), ("## ", ""), ("**", "**"), ("- **", "**")])
def test_what_may_be_a_papers_does_not_run_below_the_first(mark: str, end: str, tmp_path: Path) -> None:
    paper = PAPER.format(mark=mark, end=end).replace("\n- ", "\n  - " if mark[0] == "-" else "\n- ")
    site_text = "Text [above] the papers.\n\n<script>of_the_site()</script>\n\n"
    docs = {
        f"{number}/{len(more)}/202405.md": f"{site_text}{paper}{beyond.format(run=RUN)}\n{more}"
        for number, beyond in enumerate(BEYOND.values())
        for more in ("", paper)
    }
    site = built(tmp_path, "mkdocs", docs)
    for name in docs:
        page = site[f"{name.removesuffix('.md')}/index.html"].decode()
        assert "<script>of_the_site()</script>" in page, "text above the first paper is as in MkDocs"
        assert faults(page) == [], name


def test_a_page_that_is_one_paper_is_all_a_papers(tmp_path: Path) -> None:
    front = '---\ntitle: T\narxiv: "2405.00001"\ntags: [a]\nabstract: b\ndate: 2024-05-01\n---\n'
    site = built(tmp_path, "mkdocs", {"a.md": f"{front}{RUN}\n\n# Head\n\ntext\n"})
    assert faults(site["a/index.html"].decode()) == []
    assert json.loads(site["papers.json"])["papers"]


def test_a_title_that_is_a_date_ends_no_build(tmp_path: Path) -> None:
    docs = {"a.md": "---\ntitle: 2024-01-01\n---\n\n### T [2024.5]\n- `Keypoints:` K;\n"}
    assert "a/index.html" in built(tmp_path, "mkdocs", docs)
