"""Feeds: their entries, as two other libraries and the rules of RFC 4287 read them."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any
from urllib.parse import urlsplit

import atoma
import feedparser
import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mkdocs_paperdigest import build_library, read_digest
from mkdocs_paperdigest.exports.feeds import (
    NO_SITE,
    Feed,
    FeedItem,
    atom_feed,
    entry_id,
    feed_entry,
    is_fed,
    json_feed,
    relative,
)
from mkdocs_paperdigest.library.archive import categories
from mkdocs_paperdigest.markdown_extension.paper_html import shown, told
from mkdocs_paperdigest.markdown_extension.sanitising import sanitised
from mkdocs_paperdigest.records.paper import Field, Figure, Link, Paper
from mkdocs_paperdigest.support.html_addresses import absolute

SITE = "https://digest.test/sub/"
ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
FEED = Feed("Digests", SITE, f"{SITE}feed.xml", f"{SITE}feed.json", "2024-05-17", "What it is", "en")


def paper(title: str = "A Paper", **more: Any) -> Paper:
    given: dict[str, Any] = {
        "path": "a/202405.md",
        "line": 3,
        "level": 3,
        "anchor": "a-paper",
        "month": "2024-05",
        **more,
    }
    return Paper(title, **given)


def entry(one: Paper, content: str = "<p>Said.</p>", labels: tuple[str, ...] = (), site_url: str = SITE) -> FeedItem:
    return feed_entry(one, labels=labels, url=f"{site_url}a/202405/#a-paper", content=content, site_url=site_url)


def musts(feed: bytes) -> etree._Element:
    """What RFC 4287 says that a feed and its entries MUST have; the feed."""
    root = etree.fromstring(feed)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):  # 4.1.1 and 4.1.2
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        for name in ("published", "content", "summary", "rights", "source", "subtitle", "generator", "icon", "logo"):
            assert len(element.findall(f"{ATOM}{name}")) <= 1, name
        name = element.findtext(f"{ATOM}id") or ""
        assert urlsplit(name).scheme in ("https", "urn")  # 4.2.6: an absolute IRI
        assert name == name.strip()
        for date in ("published", "updated"):
            assert all(RFC3339.fullmatch(found.text or "") for found in element.findall(f"{ATOM}{date}"))
        for author in element.findall(f"{ATOM}author"):  # 3.2.1
            assert [child.tag for child in author] == [f"{ATOM}name"]
            assert author[0].text
        for category in element.findall(f"{ATOM}category"):  # 4.2.2.1
            assert category.get("term")
        links = [
            (link.get("rel", "alternate"), link.get("type"), link.get("hreflang"))
            for link in element.findall(f"{ATOM}link")
        ]
        assert all(link.get("href") for link in element.findall(f"{ATOM}link"))  # 4.2.7.1
        alternates = [link for link in links if link[0] == "alternate"]
        assert len(alternates) == len(set(alternates)) == 1
    assert len({found.findtext(f"{ATOM}id") for found in entries}) == len(entries)
    assert root.find(f"{ATOM}author") is not None or all(found.find(f"{ATOM}author") is not None for found in entries)
    assert [link.get("type") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"] == [
        "application/atom+xml"
    ]
    for content in root.iter(f"{ATOM}content"):
        assert content.get("type") == "html"  # 4.1.3.3: escaped, so it has no children
        assert len(content) == 0
    return root


def read(feed: bytes) -> Any:
    """What feedparser reads, which finds no fault."""
    found = feedparser.parse(io.BytesIO(feed), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_all_of_a_paper_comes_back_from_both_formats() -> None:
    one = paper(
        "Bits & <Pieces>: $a<b$ für 日本",
        date="2024-05-17",
        authors=("Ada Reed", "Jan van den Berg"),
        category="World Models",
        links=(Link("code", "https://github.com/a/b"), Link("arxiv", "https://arxiv.org/pdf/2405.00001v2")),
    )
    made = entry(one, '<p>Say <a href="https://x.test/?a=1&amp;b=2">it</a> &lt;b&gt;.</p>', ("World Model", "C++"))
    atom = atom_feed(FEED, [made])
    musts(atom)
    (found,) = read(atom).entries
    assert found.title == one.title
    assert found.title_detail.type == "text/plain"
    assert [author.name for author in found.authors] == list(one.authors)
    assert [tag.term for tag in found.tags] == ["World Model", "C++", "World Models"]
    assert found.content[0].value == '<p>Say <a href="https://x.test/?a=1&amp;b=2">it</a> &lt;b&gt;.</p>'
    assert found.published == found.updated == "2024-05-17T00:00:00+00:00"
    assert {link.rel: link.href for link in found.links} == {
        "alternate": f"{SITE}a/202405/#a-paper",
        "related": "https://arxiv.org/abs/2405.00001",
    }
    assert atoma.parse_atom_bytes(atom).entries[0].title.value == one.title

    (item,) = atoma.parse_json_feed_bytes(json_feed(FEED, [made])).items
    assert (item.id_, item.title, item.content_html) == (found.id, one.title, found.content[0].value)
    assert (item.url, item.external_url) == (f"{SITE}a/202405/#a-paper", "https://arxiv.org/abs/2405.00001")
    assert item.tags == ["World Model", "C++", "World Models"]
    assert item.date_published.isoformat() == "2024-05-17T00:00:00+00:00"
    (raw,) = json.loads(json_feed(FEED, [made]))["items"]
    assert raw["authors"] == [{"name": "Ada Reed"}, {"name": "Jan van den Berg"}]


PAYLOADS = (
    "Bits <img src=x onerror=pwn(1)>",
    "<script>pwn(2)</script>",
    "a & b &lt;svg onload=pwn(3)&gt;",
    '"\' onmouseover=pwn(4) x="',
    "</p></content></entry><b>",
    "<!-- ]]> --!><style>*{}",
)


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_paper_without_a_body_says_its_title_as_text(text: str) -> None:
    made = entry(paper(text), "")
    (found,) = musts(atom_feed(FEED, [made])).iter(f"{ATOM}content")
    (item,) = json.loads(json_feed(FEED, [made]))["items"]
    for content in (found.text, item["content_html"]):
        parsed = html5lib.parseFragment(content, namespaceHTMLElements=False)
        assert (len(parsed), parsed.text) == (0, text)


@pytest.mark.parametrize("text", PAYLOADS)
def test_what_a_record_says_is_text_in_every_field(text: str) -> None:
    link = f"https://x.test/?{text}"
    one = paper(
        text,
        venue=text,
        links=(Link("other", link), Link("other", f"javascript:{text}")),
        fields=(Field("method", text, text, 4),),
        figures=(Figure(link, text), Figure(f"data:text/html,{text}", text)),
    )
    parsed = html5lib.parseFragment(absolute(told(one), SITE), namespaceHTMLElements=False)
    elements = [element for element in parsed.iter() if isinstance(element.tag, str)]
    assert [element.tag for element in elements[1:]] == ["p", "p", "a", "p", "strong", "p", "img"]
    assert {name for element in elements for name in element.attrib} == {"href", "src", "alt"}
    assert "".join(parsed.itertext()).split() == f"{text} {link} {text} {text}".split()
    assert elements[-1].attrib == {"src": link, "alt": text}


def test_the_head_of_a_feed() -> None:
    root = musts(atom_feed(FEED, [entry(paper())]))
    assert root.findtext(f"{ATOM}id") == f"{SITE}feed.xml"
    assert root.findtext(f"{ATOM}updated") == "2024-05-17T00:00:00+00:00"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{SITE}feed.xml", "alternate": SITE}
    head = json.loads(json_feed(FEED, []))
    assert head.pop("items") == []
    assert head == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Digests",
        "home_page_url": SITE,
        "feed_url": f"{SITE}feed.json",
        "description": "What it is",
        "language": "en",
    }


def test_the_site_is_the_author_of_the_feed_and_of_no_paper() -> None:
    made = [entry(paper(anchor="one")), entry(paper(anchor="two", authors=("Ada Reed",)))]
    root = musts(atom_feed(FEED, made))
    assert [name.text for name in root.iter(f"{ATOM}name")] == ["Digests", "Ada Reed"]
    assert root[3].tag == f"{ATOM}author"
    items = json.loads(json_feed(FEED, made))["items"]
    assert ["authors" in item for item in items] == [False, True]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"date": "2024-05-17"}, "2024-05-17"),
        ({}, "2024-05-01"),
        ({"date": "2023-11-02"}, "2024-05-01"),  # the day of another version
        ({"month": None, "date": "2024-05-17"}, None),
        ({"month": None}, None),
        ({"month": "2024-13"}, None),
    ],
)
def test_a_date_is_that_of_the_paper_or_there_is_none(dates: dict[str, Any], expected: str | None) -> None:
    one = paper(**dates)
    assert is_fed(one) == (expected is not None)
    if expected:
        found = read(atom_feed(FEED, [entry(one)])).entries[0]
        assert found.published == found.updated == f"{expected}T00:00:00+00:00"


def test_an_id_stays_when_a_paper_is_retitled_and_moved() -> None:
    before = paper(anchor="日本 & b")
    after = paper("Another Title", path="b/202406.md", anchor="another-title", former=(before.id,))
    assert entry_id(before, SITE) == entry_id(after, SITE) == f"{SITE}a/202405/%E6%97%A5%E6%9C%AC%20%26%20b"
    assert entry_id(before, NO_SITE) == entry_id(after, NO_SITE)
    assert entry_id(before, NO_SITE).startswith("urn:uuid:")


def test_the_id_of_a_paper_on_arxiv_stays_whatever_else_changes() -> None:
    before = paper(links=(Link("arxiv", "https://arxiv.org/pdf/2405.01234v1"),))
    after = paper(
        "Another Title",
        path="b/202404.md",
        anchor="x",
        links=(Link("code", "https://github.com/a/b"), Link("arxiv", "http://arxiv.org/abs/2405.01234v3")),
    )
    assert entry_id(before, SITE) == entry_id(after, SITE) == f"{SITE}arxiv:2405.01234"
    assert entry_id(before, NO_SITE) == entry_id(after, NO_SITE) != entry_id(paper(), NO_SITE)


def test_without_the_address_of_the_site_links_are_relative() -> None:
    content = absolute('<img src="../x.png">', f"{NO_SITE}a/202405/")
    feed = Feed("Digests", f"{NO_SITE}k/", f"{NO_SITE}k/x/feed.xml", f"{NO_SITE}k/x/feed.json", "2024-05")
    made = [entry(paper(), content, site_url=NO_SITE)]
    atom, data = relative(atom_feed(feed, made), "../../"), relative(json_feed(feed, made), "../../")
    root = musts(atom)
    assert b"invalid" not in atom + data
    assert [link.get("href") for link in root.iter(f"{ATOM}link")] == [
        "../../k/x/feed.xml",
        "../../k/",
        "../../a/202405/#a-paper",
    ]
    assert root.findtext(f".//{ATOM}content") == '<img src="../../a/x.png">'
    assert json.loads(data)["items"][0]["content_html"] == '<img src="../../a/x.png">'
    other = Feed("Digests", f"{NO_SITE}k/", f"{NO_SITE}k/y/feed.xml", f"{NO_SITE}k/y/feed.json", "2024-05")
    assert musts(atom_feed(other, made)).findtext(f"{ATOM}id") != root.findtext(f"{ATOM}id")


NASTY = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["", " ", "\x00", "\ud800", "]]>", "<![CDATA[", "&#0;", "\ufffe", "a\x0cb", "\r\n", "</entry></feed>", '"\\']
)


@given(NASTY, NASTY, st.lists(NASTY, max_size=3), st.lists(NASTY, max_size=3), NASTY, NASTY)
def test_any_text_makes_a_valid_feed(
    title: str, content: str, labels: list[str], authors: list[str], category: str, name: str
) -> None:
    one = paper(title, authors=tuple(authors), category=category, path=f"{name}.md", anchor=f"x{name}")
    made = entry(one, content, tuple(labels))
    feed = Feed(name, SITE, f"{SITE}feed.xml", f"{SITE}feed.json", "2024-05", content, "en")
    atom, data = atom_feed(feed, [made]), json_feed(feed, [made])
    root = musts(atom)
    read(atom)
    atoma.parse_atom_bytes(atom)
    atoma.parse_json_feed_bytes(data)
    # Nothing but what XML forbids is lost, and white space in lines.
    (item,) = json.loads(data)["items"]
    valid = "".join(
        c for c in title if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    assert item["title"] == root.findtext(f"{ATOM}entry/{ATOM}title") == (" ".join(valid.split()) or "Untitled")
    kept = "".join(
        c for c in content if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    said = root.findtext(f"{ATOM}entry/{ATOM}content")
    assert item["content_html"] == said
    assert said == (sanitised(kept) or html.escape(item["title"], quote=False))


# -- addresses

BASE = "https://d.test/sub/202405/"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="../k/x/">x</a>', '<a href="https://d.test/sub/k/x/">x</a>'),
        ('<a href="#fn:1">x</a>', f'<a href="{BASE}#fn:1">x</a>'),
        ('<a href="/abs">x</a>', '<a href="https://d.test/abs">x</a>'),
        ('<a href="//cdn.test/x">x</a>', '<a href="https://cdn.test/x">x</a>'),
        ("<a href='?q=1&amp;r=2'>x</a>", f'<a href="{BASE}?q=1&amp;r=2">x</a>'),
        ('<a href="mailto:a@b.test">x</a>', '<a href="mailto:a@b.test">x</a>'),
        ('<img src=" a b.png ">', f'<img src="{BASE}a b.png">'),
        ('<img src="data:image/png;base64,AA==">', '<img src="data:image/png;base64,AA==">'),
        ('<a href="http://[x">x</a>', '<a href="http://[x">x</a>'),
        ('<a href="//[x">x</a>', '<a href="//[x">x</a>'),
        ('<video poster="p.jpg" src="v.mp4"></video>', f'<video poster="{BASE}p.jpg" src="{BASE}v.mp4"></video>'),
        (
            '<img srcset="a.png 1x,b,c.png 2x , https://o.test/d.png,e.png">',
            f'<img srcset="{BASE}a.png 1x, {BASE}b,c.png 2x, https://o.test/d.png,e.png">',
        ),
        ('<img srcset="a.png, b.png 480w">', f'<img srcset="{BASE}a.png, {BASE}b.png 480w">'),
        ('<code>&lt;a href="x"&gt; src="y"</code>', '<code>&lt;a href="x"&gt; src="y"</code>'),
        ("<p>no <b>address</b>", "<p>no <b>address</b>"),
    ],
)
def test_addresses_are_made_absolute(html: str, expected: str) -> None:
    assert absolute(html, BASE) == expected


@given(st.text(alphabet="<>abhrefsc=\"' /:#,?&[]%\\\t\n", max_size=60))
def test_any_html_has_its_addresses_made_absolute(html: str) -> None:
    made = absolute(html, BASE)
    assert absolute(made, "https://other.test/") == made or "[" in made


# -- categories


def test_spellings_of_a_category_are_one() -> None:
    texts = {
        "202405.md": "# 202405\n## World Models\n### A a\n- `Keypoints:` x\n### B b\n- `Keypoints:` x\n## Vision\n### C c\n- `Keypoints:` x",
        "202406.md": "# 202406\n## world-models\n### D d\n- `Keypoints:` x\n## C#\n### E e\n- `Keypoints:` x",
        "202407.md": "# 202407\n### F f\n- `Keypoints:` x",
    }
    library = build_library(read_digest(text, path)[0] for path, text in texts.items())
    found = categories(library)
    assert [(one.slug, one.name, [paper.title for paper in one.papers]) for one in found] == [
        ("world-models", "World Models", ["D d", "A a", "B b"]),
        ("c~23", "C#", ["E e"]),
        ("vision", "Vision", ["C c"]),
    ]


def test_only_attributes_of_the_site_are_left_out() -> None:
    html = '<h3 id="t">T</h3><p class="x" id="y" style="color: red">A <img alt="Neural style transfer of one class" data-x="1" loading="lazy" src="a.png" title="an id"></p>'
    assert shown(html, "https://site.test/p/") == (
        '<p>A <img alt="Neural style transfer of one class" src="https://site.test/p/a.png" title="an id"></p>'
    )
