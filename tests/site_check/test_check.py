"""`paperdigest check`: sites as they are built are clean, and each fault that is put into one is found, alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from html import escape
from operator import getitem
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import PAPER, Build, make_builder, write
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.exports.papers_json import papers_schema
from mkdocs_paperdigest.site_check.built_site import OUTSIDE, BuiltSite, Place, built_site
from mkdocs_paperdigest.site_check.check import check_site
from mkdocs_paperdigest.site_check.crawl import Crawl, read_page
from mkdocs_paperdigest.site_check.faults import RULES
from mkdocs_paperdigest.site_check.feed_checks import read_atom
from mkdocs_paperdigest.site_check.json_schema import problem_finder

URL = "https://site.test/sub/"
JUNE = PAPER.replace("202405", "202406").replace("World Model;", "world-model; Light;").replace("First", "Third")
AGAIN = """
### Once Again [[paper](https://arxiv.org/abs/2405.00002v2)]
- `Keypoints:` World Model; Only Here;
- `Objective:` Told once more.
"""
DOCS = {
    "index.md": "# Home\n\n<!-- paperdigest:keypoints -->\n\n[May](202405.md#a-second-paper) ![shape](shape.svg)\n",
    "shape.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "202405.md": PAPER.replace("A Second Paper", "A Second Paper [[paper](https://arxiv.org/abs/2405.00002)]"),
    "202406.md": JUNE.replace("abs/2405.00001", "abs/2406.00001") + AGAIN,
    "../keypoints.yml": "world-model: {label: World Model, aliases: [Latent World]}\n",
    "../paperdigest.lock": "keypoints:\n  c++: [cpp]\npapers:\n  202405/a-second-paper: [old/a-second, 202405/second]\n",
}
SITES: dict[str, dict[str, Any]] = {
    "folders": {"site_url": URL},
    "files": {"theme": {"name": "mkdocs"}, "use_directory_urls": False},
    "readthedocs": {"theme": {"name": "readthedocs"}, "site_url": URL, "use_directory_urls": False},
}


@pytest.fixture(scope="module", params=SITES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Build:
    own = {"papers.md": "# A page in the place of the page of papers\n"} if request.param == "folders" else {}
    return make_builder(tmp_path_factory.mktemp(request.param))({**DOCS, **own}, arguments=(), **SITES[request.param])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that tests may change, if they change it back."""
    return make_builder(tmp_path_factory.mktemp("changed"))(DOCS, arguments=(), **SITES["folders"]).site


def test_a_site_as_it_is_built_is_clean(built: Build) -> None:
    report = check_site(built.site)
    assert [str(one) for one in report.faults] == []
    assert all(report.checked.values()), report.checked
    assert report.checked["pages"] == len([*built.site.rglob("*.html")])
    assert report.checked["feeds"] == len([*built.site.rglob("feed.*")])
    assert report.checked["records"] == 5
    assert len({one["same_as"] for one in json.loads(built.read("papers.json"))["papers"]}) == 2


# -- the check of the checks


Edit = Callable[[str], str]


@dataclass(frozen=True)
class Mutation:
    """One thing made wrong in a file, the rule that finds it, and the file that it is found in, by default the same.

    `count` is how often it is found there, 0 for often. `also` are rules that the same thing breaks.
    """

    path: str
    edit: Edit
    rule: str
    found_in: str = ""
    count: int = 1
    also: tuple[str, ...] = ()


def swap(old: str, new: str, times: int = 1) -> Edit:
    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, times)

    return edit


def within(change: Callable[[Any], object]) -> Edit:
    """A change of JSON."""

    def edit(text: str) -> str:
        data = json.loads(text)
        change(data)
        return json.dumps(data)

    return edit


def paper(number: int, **values: Any) -> Edit:
    return within(lambda data: data["papers"][number].update(values))


def keypoint(slug: str, **values: Any) -> Edit:
    return within(lambda data: next(one for one in data["keypoints"] if one["slug"] == slug).update(values))


def item(number: int, **values: Any) -> Edit:
    return within(lambda data: data["items"][number].update(values))


def link(address: str) -> Edit:
    return swap("</article>", f'<a href="{address}">x</a></article>')


def html(piece: str) -> Edit:
    return swap("</article>", f"{piece}</article>")


def entries(change: Callable[[list[str]], list[str]]) -> Edit:
    """A change of the entries of an Atom feed."""

    def edit(text: str) -> str:
        found = re.findall(r"<entry.*?</entry>", text, re.S)
        return text.partition("<entry")[0] + "".join(change(found)) + "</feed>"

    return edit


MAY, HOME, MOVED, FORMER = "202405/index.html", "index.html", "old/index.html", "keypoints/cpp/index.html"
FEED, JSON, DATA, BIB, CSL = "feed.xml", "feed.json", "papers.json", "papers.bib", "papers.csl.json"
WORLD, EXPLORER, MAP = "keypoints/world-model/index.html", "assets/paperdigest/papers.js", "sitemap.xml"
SEARCH = "search/search_index.json"
ONE, TWO = "202405/#a-first-paper-on-things", "202406/#a-second-paper"

MUTATIONS = {
    "no page": Mutation(MAY, link("../nowhere/"), "link-file"),
    "no page, from the root": Mutation(MAY, link("/sub/nowhere/"), "link-file"),
    "no page, by the whole address": Mutation(MAY, link("HTTPS://Site.test/sub/nowhere/"), "link-file"),
    "no page, without a scheme": Mutation(MAY, link("//site.test/sub/nowhere/"), "link-file"),
    "no page, with a query": Mutation(MAY, link("../nowhere/?k=a#b"), "link-file"),
    "no page, percent-encoded": Mutation(MAY, link("../keypoints/c%2B/"), "link-file"),
    "no page, by another case": Mutation(MAY, link("../keypoints/World-Model/"), "link-file"),
    "no page, in 404.html": Mutation("404.html", swap('href="/sub/', 'href="/sub/nowhere'), "link-file"),
    "no page, from another base": Mutation(HOME, swap("<head>", '<head><base href="trends/">'), "link-file", count=0, also=("link-id",)),
    "no page, in the sitemap": Mutation(MAP, swap("sub/202405/", "sub/202403/"), "link-file"),
    "no page, in the search": Mutation(SEARCH, swap('"location":"202405/', '"location":"202403/'), "link-file"),
    "no id, in the search": Mutation(SEARCH, swap("202405/#a-first", "202405/#\\\\u0061-third"), "link-id"),
    "no picture": Mutation(HOME, swap('src="shape.svg"', 'src="shapes.svg"'), "link-file"),
    "no picture in a set": Mutation(HOME, html('<img srcset="shape.svg 1x, shape2.svg 2x">'), "link-file"),
    "no picture before a film": Mutation(HOME, html('<video poster="still.png"></video>'), "link-file"),
    "no object": Mutation(HOME, html('<object data="still.svg"></object>'), "link-file"),
    "no script": Mutation(HOME, html('<script src="a.js"></script>'), "link-file"),
    "no style": Mutation(HOME, html('<link rel="stylesheet" href="a.css">'), "link-file"),
    "no feed on a page": Mutation(HOME, html('<link rel="alternate" type="application/atom+xml" href="x.xml">'), "link-file"),
    "a feed of another type": Mutation(
        HOME, html('<link rel="alternate" type="application/atom+xml" href="feed.json">'), "feed-type"
    ),
    "a folder without its slash": Mutation(MAY, link("../trends"), "link-folder"),
    "out of the folder": Mutation(HOME, link("../other/"), "link-outside"),
    "no id": Mutation(HOME, link("202405/#nothing"), "link-id"),
    "no id, on a page read before": Mutation(MOVED, swap("</main>", '<a href="../202405/#nothing"></a></main>'), "link-id"),
    "no id, on the page itself": Mutation(MAY, link("#nothing"), "link-id"),
    "no id, percent-encoded": Mutation(MAY, link("../202406/#a%2Dfourth"), "link-id"),
    "an id twice": Mutation(MAY, html('<p id="a-first-paper-on-things"></p>'), "id-repeated"),
    "an id twice more": Mutation(MAY, html('<p id="x"></p><p id="x"></p><p id="x"></p>'), "id-repeated"),
    "a refresh that leads nowhere": Mutation(MOVED, swap("url=../202405/", "url=../202403/"), "link-file", also=("redirect-differs",)),
    "a refresh to another page": Mutation(MOVED, swap("url=../202405/", "url=../202406/"), "redirect-differs", count=2),
    "a canonical of another page": Mutation(MOVED, swap("sub/202405/", "sub/202406/"), "redirect-differs"),
    "a chain of redirects": Mutation(MOVED, lambda text: text.replace("202405/", "keypoints/cpp/", 3), "redirect-chain"),
    "a redirect to itself": Mutation(MOVED, lambda text: text.replace("202405/", "old/", 3), "redirect-loop"),
    "a moved paper that leads on": Mutation(MOVED, swap("../202405/#a-second-paper", "../keypoints/cpp/"), "redirect-chain"),
    "a moved paper without an id": Mutation(MOVED, swap("#a-second-paper", "#a-third"), "link-id"),
    "no Atom": Mutation(FEED, lambda text: text[:-20], "feed-unread"),
    "a DOCTYPE": Mutation(FEED, swap("<feed", '<!DOCTYPE x [<!ENTITY a "b">]><feed'), "feed-unread"),
    "XML that is no feed": Mutation(FEED, lambda _: "<html/>", "feed-unread"),
    "no id of the feed": Mutation(FEED, swap("<id>https://site.test/sub/feed.xml</id>", ""), "feed-lacks"),
    "no author of the feed": Mutation(FEED, swap("<author><name>Test</name></author>", ""), "feed-lacks"),
    "an entry without a date": Mutation(FEED, swap("<updated>2024-06-01T00:00:00+00:00</updated><content", "<content"),
                                        "feed-lacks", also=("feed-pair",)),
    "two titles": Mutation(FEED, swap("<title>A Third", "<title>x</title><title>A Third"), "feed-wrong", also=("feed-pair",)),
    "an id that is no address": Mutation(FEED, swap("<id>https://site.test/sub/feed.xml", "<id>feed"), "feed-wrong"),
    "a date that is none": Mutation(FEED, swap("2024-06-01T00:00:00+00:00</updated><author", "2024-06-31</updated><author"), "feed-wrong"),
    "an entry twice": Mutation(FEED, entries(lambda found: [found[0], *found]), "feed-repeats", also=("feed-length", "feed-pair")),
    "another order": Mutation(FEED, entries(lambda found: found[::-1]), "feed-order", also=("feed-pair",)),
    "an entry less": Mutation(FEED, entries(lambda found: found[:-1]), "feed-length", also=("feed-pair",)),
    "an address of another feed": Mutation(FEED, swap("feed.xml\" rel", "keypoints/world-model/feed.xml\" rel"), "feed-self"),
    "no JSON": Mutation(JSON, lambda text: text[:-9], "feed-unread"),
    "a JSON Feed without items": Mutation(JSON, within(lambda feed: feed.pop("items")), "feed-unread"),
    "another version": Mutation(JSON, within(lambda feed: feed.update(version="2")), "feed-unread"),
    "no title of the JSON Feed": Mutation(JSON, within(lambda feed: feed.pop("title")), "feed-lacks"),
    "an item without id": Mutation(JSON, item(0, id=None), "feed-lacks", also=("feed-pair",)),
    "an item without content": Mutation(JSON, item(0, content_html=""), "feed-lacks", also=("feed-pair",)),
    "an item that is none": Mutation(JSON, within(lambda feed: feed["items"].insert(0, 1)), "feed-wrong"),
    "another title": Mutation(JSON, item(1, title="Another"), "feed-pair"),
    "another content": Mutation(JSON, item(1, content_html="<p>Another.</p>"), "feed-pair"),
    "a relative link": Mutation(JSON, item(1, content_html='<a href="/sub/">x</a>'), "feed-relative", also=("feed-pair",)),
    "a link to no page": Mutation(
        JSON, item(1, content_html=f'<a href="{URL}nowhere/">x</a>'), "link-file", also=("feed-pair",)
    ),
    "an entry of no paper": Mutation(JSON, item(1, url=f"{URL}202406/#introduction"), "feed-paper", also=("feed-pair",)),
    "an entry of a later record": Mutation(JSON, item(1, url=f"{URL}202406/#once-again"), "feed-later", also=("feed-pair",)),
    "an entry of another feed": Mutation(
        "keypoints/light/feed.json", item(0, url=f"{URL}202405/#a-second-paper"), "feed-foreign", also=("feed-pair",)
    ),
    "another date": Mutation(JSON, item(0, date_published="2024-06-02T00:00:00Z"), "feed-date", also=("feed-pair",)),
    "a feed newer than its entries": Mutation(
        FEED, swap("2024-06-01T00:00:00+00:00</updated><author", "2024-06-02T00:00:00+00:00</updated><author"), "feed-updated"
    ),
    "a feed older than its entries": Mutation(
        FEED, swap("2024-06-01T00:00:00+00:00</updated><author", "2024-05-01T00:00:00+00:00</updated><author"), "feed-updated"
    ),
    "data that is no JSON": Mutation(DATA, lambda text: text[:-9], "data-unread"),
    "data without papers": Mutation(DATA, within(lambda data: data.pop("papers")), "data-schema"),
    "another schema": Mutation(DATA, within(lambda data: data.update(schema=2)), "data-schema"),
    "a title that is a number": Mutation(DATA, paper(1, title=3), "data-schema"),
    "a month that is none": Mutation(DATA, paper(1, month="2024-13"), "data-schema"),
    "a count that is true": Mutation(DATA, keypoint("light", count=True), "data-schema"),
    "no fields": Mutation(DATA, within(lambda data: data["papers"][0].pop("fields")), "data-schema"),
    "an id of two papers": Mutation(
        DATA, within(lambda data: data["papers"].append(data["papers"][-1])), "data-repeats"
    ),
    "a paper on no page": Mutation(DATA, paper(4, url="202407/#once-again"), "data-url"),
    "a paper at no id": Mutation(DATA, paper(4, url="202406/#not-again"), "data-url"),
    "a keypoint on no page": Mutation(DATA, keypoint("only-here", url="keypoints/here/"), "data-url"),
    "the same as nothing": Mutation(DATA, paper(4, same_as="202405/nothing"), "data-same-as"),
    "the same as itself": Mutation(DATA, paper(4, same_as="202406/once-again"), "data-same-as"),
    "a count": Mutation(DATA, keypoint("light", count=2), "data-count"),
    "a count of a month": Mutation(DATA, keypoint("world-model", months={"2024-05": 2, "2024-06": 1}), "data-count"),
    "a badge without its keypoint": Mutation(
        DATA, paper(4, keypoints=[{"written": "x", "label": "X", "slug": "x"}]), "data-badge"
    ),
    "a badge by another name": Mutation(
        DATA, paper(4, keypoints=[{"written": "x", "label": "X", "slug": "world-model"}]), "data-badge"
    ),
    "a paper less on a page of a keypoint": Mutation(WORLD, swap(ONE, TWO), "keypoint-page"),
    "a paper more on a page of a keypoint": Mutation(
        WORLD, swap("</article>", f'<p class="pd-entry"><a class="pd-title" href="../../{ONE}">x</a></p></article>'),
        "keypoint-entries",
    ),
    "an explorer that cannot be read": Mutation(EXPLORER, lambda text: text[:-9], "explorer-unread"),
    "a paper less in the explorer": Mutation(EXPLORER, swap('"titles":[', '"titles":["x",'), "explorer-count"),
    "no CSL": Mutation(CSL, lambda text: text[:-9], "citations-unread"),
    "an item of CSL without id": Mutation(CSL, swap('"id"', '"key"'), "citations-unread"),
    "a key twice": Mutation(BIB, lambda text: text + text[: text.index("@", 1)], "citations-repeat"),
    "a key changed": Mutation(BIB, swap("@misc{arxiv:2405.00001", "@misc{arxiv:2405.00009"), "citations-differ", also=("citations-wrong",)),
    "a citation less": Mutation(BIB, lambda text: text[text.index("@", 1) :], "citations-differ", CSL, also=("citations-count",)),
    "another paper of arXiv": Mutation(BIB, swap("eprint = {2405.00001}", "eprint = {2405.00003}"), "citations-wrong"),
    "a DOI that no record has": Mutation(BIB, swap("  eprint = ", "  doi = {10.1000/x},\n  eprint = "), "citations-wrong"),
    "another address": Mutation(BIB, swap("url = {https://arxiv.org/abs/2405.0", "url = {https://arxiv.org/abs/2406.0"), "citations-wrong"),
    "another title of a citation": Mutation(BIB, swap("title = {A ", "title = {No "), "citations-wrong"),
    "another paper of arXiv in CSL": Mutation(CSL, swap("arXiv:2405.00001", "arXiv:2405.00003"), "citations-wrong"),
    "a DOI in CSL": Mutation(CSL, swap('"URL"', '"DOI":"10.1000/x","URL"'), "citations-wrong"),
    "another address in CSL": Mutation(CSL, swap('"URL":"https://arxiv.org', '"URL":"https://example.org'), "citations-wrong"),
    "another title in CSL": Mutation(CSL, swap('"title":"A ', '"title":"No '), "citations-wrong"),
    "citations of other papers": Mutation(DATA, paper(4, same_as=None), "citations-count", BIB, also=("data-count", "explorer-count", "feed-length", "keypoint-page")),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_made_wrong_is_found(site: Path, name: str) -> None:
    mutation = MUTATIONS[name]
    file = site / mutation.path
    before = file.read_text(encoding="utf-8")
    after = mutation.edit(before)
    assert after != before
    file.write_text(after, encoding="utf-8")
    try:
        report = check_site(site)
    finally:
        file.write_text(before, encoding="utf-8")
    found = [one.path for one in report.faults if one.rule == mutation.rule]
    assert {one.rule for one in report.faults} == {mutation.rule, *mutation.also}, report.faults
    if "data-count" not in mutation.also:
        assert found == [mutation.found_in or mutation.path] * (mutation.count or len(found)), report.faults


def test_each_rule_is_broken_by_a_mutation() -> None:
    assert {mutation.rule for mutation in MUTATIONS.values()} == RULES.keys() - {"feed-alone"}


def places_in(value: Any, *place: str | int) -> list[tuple[str | int, ...]]:
    """Where values are in JSON, itself left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in items for found in ((*place, key), *places_in(one, *place, key))]


@given(data=st.data())
def test_the_schema_is_taken_as_others_take_it(site: Path, data: st.DataObject) -> None:
    schema = papers_schema()
    papers = json.loads((site / DATA).read_text(encoding="utf-8"))
    *above, key = data.draw(st.sampled_from([place for place in places_in(papers) if place != ("schema",)]))
    parent = reduce(getitem, above, papers)
    if data.draw(st.booleans()):
        del parent[key]
    else:
        parent[key] = data.draw(
            st.sampled_from([None, True, 0, -1, 2, 0.5, "", "x", "a/b", "2024-13", "2024-05-01", "arxiv", [], [""], {}])
        )
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert (problem_finder(schema, schema["$defs"])(papers) is None) == validator.is_valid(papers)


def test_a_feed_alone_is_missed_its_other(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    (copy / JSON).unlink()
    found = {(one.path, one.rule) for one in check_site(copy).faults}
    assert (FEED, "feed-alone") in found
    assert {rule for _, rule in found} == {"feed-alone", "link-file"}  # pages name it


def test_a_citation_has_the_links_of_all_records_of_its_paper(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    found = json.loads((copy / DATA).read_text(encoding="utf-8"))
    later = next(one for one in found["papers"] if one["same_as"])
    first = next(one for one in found["papers"] if one["id"] == later["same_as"])
    for record, rules in ((first, set()), (later, {"citations-wrong"})):
        record["links"] = []
        (copy / DATA).write_text(json.dumps(found), encoding="utf-8")
        assert {one.rule for one in check_site(copy).faults} == rules


def test_a_feed_that_the_site_has_itself_is_only_read(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    feed = (copy / FEED).read_text(encoding="utf-8")
    entry = feed[feed.index("<entry") : feed.index("</entry>")].replace("202406/#a-third", "202406/#introduction")
    foreign = re.sub("<generator.*?</generator>", "", feed[: feed.index("<entry")])
    (copy / FEED).write_text(f"{foreign}{entry.replace('-paper-on-things', '')}</entry></feed>", encoding="utf-8")
    assert check_site(copy).faults == ()
    (copy / FEED).write_text("<rss version='2.0'><channel/></rss>", encoding="utf-8")
    assert check_site(copy).faults == ()


def test_data_and_pages_that_the_site_has_itself_are_let_be(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    (copy / "keypoints" / "world-model" / "2024.html").write_text("<h1>Mine</h1>", encoding="utf-8")
    page = (copy / WORLD).read_text(encoding="utf-8")
    (copy / WORLD).write_text(page.replace(ONE, TWO), encoding="utf-8")
    assert check_site(copy).faults == ()
    (copy / DATA).write_text("[]", encoding="utf-8")
    report = check_site(copy)
    assert (report.faults, report.checked["records"]) == ((), 0)


def test_what_is_not_there_is_not_checked(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    for path in [*copy.rglob("feed.*"), *copy.rglob("papers.*"), copy / MAP]:
        path.unlink()
    report = check_site(copy)
    assert {one.rule for one in report.faults} == {"link-file"}  # of pages that name these files
    assert report.checked["pages"] > 0
    assert report.checked["feeds"] == report.checked["entries"] == report.checked["records"] == 0


@pytest.mark.parametrize(
    "files", [{}, {"a.html": ""}, {"papers.json": "{}", "feed.xml": "", "feed.json": "[]", "a.htm": "\0"}]
)
def test_any_folder_can_be_checked(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    write(tmp_path, files)
    assert check_site(tmp_path).checked["pages"] == sum("htm" in name for name in files)


TARGETS = (HOME, MAY, MOVED, FEED, JSON, DATA, BIB, CSL, EXPLORER, MAP, WORLD)


@given(
    path=st.sampled_from(TARGETS),
    start=st.floats(0, 1),
    length=st.integers(0, 300),
    piece=st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [b"[", b"{}", b"null", b'"', b"<", b"&#0;", b"\xff", b"1e999", b"<entry/>", b'href="http://["', b"[" * 9999]
        ),
    ),
)
def test_nothing_that_is_broken_breaks_the_check(
    site: Path, path: str, start: float, length: int, piece: bytes
) -> None:
    file = site / path
    before = file.read_bytes()
    place = int(start * len(before))
    file.write_bytes(before[:place] + piece + before[place + length :])
    try:
        report = check_site(site)
    finally:
        file.write_bytes(before)
    assert report.checked["pages"]


# -- addresses


PLACES = {
    "": Place("a/b/index.html"),
    "#x": Place("a/b/index.html", "x"),
    "?q#x": Place("a/b/index.html", "x"),
    ".": Place("a/b/"),
    "c": Place("a/b/c"),
    " c\n/d/ ": Place("a/b/c/d/"),
    "..": Place("a/"),
    "../": Place("a/"),
    "../..": Place(""),
    "../../": Place(""),
    "../../#x": Place("", "x"),
    "../../?q": Place(""),
    "../../c:d": Place("c:d"),
    "./c:d": Place("a/b/c:d"),
    "../../..": Place(OUTSIDE),
    "../../../sub/": Place(OUTSIDE),
    "..\\c": Place("a/c"),
    "%2e%2e/c%20d": Place("a/c d"),
    "c//d/./e": Place("a/b/c/d/e"),
    "/sub/": Place(""),
    "/sub": Place(""),
    "/sub/c#x": Place("c", "x"),
    "/subs/": None,
    "/": None,
    "https://site.test/sub/c": Place("c"),
    "https://SITE.test/sub": Place(""),
    "https://site.test/": None,
    "https://site.test.org/sub/": None,
    "http://site.test/sub/": None,
    "//site.test/sub/c": Place("c"),
    "//other.test/sub/c": None,
    "mailto:a@b.c": None,
    "data:image/png;base64,aa/../..": None,
    "javascript:void(0)": None,
    "http://[": None,
}


@pytest.mark.parametrize("link", ["#图", "#%E5%9B%BE", "#top", "#图:~:text=x"])
def test_an_id_is_found_in_each_of_its_spellings(tmp_path: Path, link: str) -> None:
    write(tmp_path, {"a.html": f'<p id="图"><a href="{link}">x</a></p>'})
    assert check_site(tmp_path).faults == ()


@pytest.mark.parametrize("link", PLACES)
def test_where_a_link_leads(link: str) -> None:
    site = BuiltSite(Path(), frozenset(), URL)
    for _ in range(2):  # what was found for one page is kept for others
        assert site.place(link, "a/b/index.html") == PLACES[link]


def test_a_link_that_begins_at_the_root_is_resolved_once() -> None:
    site = BuiltSite(Path(), frozenset(), URL)
    assert site.place("../x/#y", "a/index.html") is site.place("../../x/#y", "b/c/index.html")
    assert site.place("x/", "a/index.html") != site.place("x/", "b/index.html")


def test_links_to_ids_wait_only_for_pages_to_come(tmp_path: Path) -> None:
    links = "".join(f'<a href="{name}.html#{id_}">x</a>' for name in "abc" for id_ in ("known", "unknown"))
    write(tmp_path, {f"{name}.html": f'<p id="known">{links}' for name in "abc"})
    crawl = Crawl(built_site(tmp_path))
    waiting = []
    crawl.read([lambda *_: waiting.append(set(crawl._waiting))])
    assert waiting == [{"b.html", "c.html"}, {"c.html"}, set()]
    assert {one.rule for one in crawl.faults} == {"link-id"}
    assert len(crawl.faults) == 9


@pytest.mark.parametrize(
    ("content", "url"),
    [
        ("0; url=../x/", "../x/"),
        ("0;URL='../x/'", "../x/"),
        (' 5 , "x y"', "x y"),
        ("0 x", "x"),
        ("0", None),
        ("30;", None),
        ("soon", None),
    ],
)
def test_where_a_refresh_leads(content: str, url: str | None) -> None:
    page = read_page(f'<meta http-equiv="Refresh" content="{escape(content)}">')
    assert page.refresh == url


def test_a_set_of_pictures_is_taken_apart() -> None:
    page = read_page('<img srcset="a.png 1x, b,c.png 2x ,d.png, data:image/png;base64,xx 3x"><img src>')
    assert page.links == ("a.png", "b,c.png", "d.png", "data:image/png;base64,xx", "")


@pytest.mark.parametrize(
    "size", [f"a {' ' * 50_000}(", f"a{',' * 50_000}", f"a {'(' * 50_000}", f"a {'() ' * 50_000}("]
)
def test_a_set_of_pictures_takes_no_time(size: str) -> None:
    assert read_page(f'<img srcset="{size}">').links == ("a",)  # which would be hours for some


def test_a_feed_of_any_depth_is_read() -> None:
    deep = f'<content type="xhtml">{"<p>" * 9999}{"</p>" * 9999}</content>'
    feed = read_atom("feed.xml", f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{deep}</entry></feed>'.encode())
    assert feed is not None
    assert not feed.is_read


@pytest.mark.parametrize(
    ("files", "url"),
    [
        ({"index.html": '<link rel="canonical" href="https://a.test/b/">'}, "https://a.test/b/"),
        ({"index.html": '<link rel="canonical" href="https://a.test/b/index.html">'}, "https://a.test/b/"),
        (
            {"index.html": "", "sitemap.xml": "<loc>https://a.test/b/c/</loc> <loc>https://a.test/b/</loc>"},
            "https://a.test/b/",
        ),
        (
            {"sitemap.xml": "<loc>https://a.test/b/c.html</loc><loc>https://a.test/b/index.html</loc>"},
            "https://a.test/b/",
        ),
        ({"index.html": '<link rel="canonical" href="/b/">', "sitemap.xml": "<loc>None</loc>"}, None),
        ({}, None),
    ],
)
def test_the_address_of_a_site_is_read_off_its_files(
    tmp_path: Path, files: dict[str, str | bytes], url: str | None
) -> None:
    write(tmp_path, files)
    assert built_site(tmp_path).url == url
    assert built_site(tmp_path, "https://other.test/c").url == "https://other.test/c/"


# -- the command


def run(*words: object) -> int:
    return main(["check", *map(str, words)])


def test_the_command_says_what_was_checked(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(
        r"paperdigest: checked \d+ pages, \d+ links, \d+ ids, \d+ redirects, \d+ feeds, \d+ entries, 5 records: 0 faults\n",
        said.err,
    )


def test_the_command_has_a_line_for_a_fault_of_many_pages(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    (copy / "trends" / "index.html").unlink()
    assert run(copy) == 1
    said = capsys.readouterr()
    lines = [line for line in said.out.splitlines() if "trends/index.html, which" in line]
    (line,) = lines
    assert re.search(
        r"^\S+\.html: `\S*trends/` leads to trends/index\.html, which is not .*: .* \(and on \d+ more pages\)$", line
    )
    assert run(copy, "--format", "json") == 1
    data = json.loads(capsys.readouterr().out)
    assert data["url"] == URL
    assert data["checked"]["records"] == 5
    of_pages = {one["path"] for one in data["faults"] if one["rule"] == "link-file" and "trends" in one["message"]}
    assert len(of_pages) > 5
    assert "404.html" in of_pages


def test_the_command_takes_the_address_of_a_site(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "--url", "https://elsewhere.test/") == 1  # /sub/ in 404.html is another folder there
    assert "404.html" in capsys.readouterr().out
    for wrong in ((site, "--url", "elsewhere.test"), (site / "nowhere",), (site / DATA,), (site / "assets",)):
        assert run(*wrong) == 2
        assert capsys.readouterr().err.count("\n") == 1
