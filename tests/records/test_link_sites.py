"""Links are recognised: how precisely, on addresses labelled by hand and on real ones; and shown with icon and name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from converting import PLAIN, convert
from hypothesis import given
from hypothesis import strategies as st
from links import LABELLED, UNSEEN, Row
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import Link, build_library, read_digest
from mkdocs_paperdigest.exports.papers_json import papers_json
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.markdown_extension.paper_html import with_sites
from mkdocs_paperdigest.reader.facts import link_kind
from mkdocs_paperdigest.records.identifiers import FORMS, identify
from mkdocs_paperdigest.records.link_sites import PROJECT, SITES, TABLE, LinkSite, link_site

ASSETS = ROOT / "mkdocs_paperdigest/templates/assets/paperdigest"
PRECISE, FOUND = 0.99, 0.98


def measured(rows: Iterable[Row]) -> dict[str, tuple[float, float]]:
    """Precision and recall of site, paper and kind; "none" and `other` are no answers."""
    answers: dict[str, list[tuple[str | None, str | None]]] = {"site": [], "paper": [], "kind": []}
    for row in rows:
        site, paper, kind = link_site(row.address), identify(row.address), link_kind(row.address)
        answers["site"].append((row.site, site.name if site else None))
        answers["paper"].append((row.paper, str(paper) if paper else None))
        answers["kind"].append(tuple(None if k == "other" else k for k in (row.kind, kind)))  # type: ignore[arg-type]
    return {
        name: (
            sum(want == got for want, got in pairs if got) / sum(bool(got) for _, got in pairs),
            sum(want == got for want, got in pairs if want) / sum(bool(want) for want, _ in pairs),
        )
        for name, pairs in answers.items()
    }


def test_what_the_rules_were_made_from_is_all_right() -> None:
    wrong = []
    for row in LABELLED:
        site = link_site(row.address)
        if (row.site, row.kind) != (site.name if site else None, link_kind(row.address)):
            wrong.append(row)
    assert wrong == []


def test_precision_and_recall_on_what_they_were_not_made_from() -> None:
    assert len(UNSEEN) > 70
    numbers = measured(UNSEEN)
    assert all(precision >= PRECISE and recall >= FOUND for precision, recall in numbers.values()), numbers


def test_no_address_stands_in_both_lists() -> None:
    assert not {row.address for row in LABELLED} & {row.address for row in UNSEEN}
    assert len({row.address for row in LABELLED}) == len(LABELLED)


HOSTS = {"arxiv.org": "arxiv", "github.com": "github", "doi.org": "doi", "huggingface.co": "huggingface"}


def test_links_of_real_digests(corpus: Path) -> None:
    """Labelled by the host alone: those of the corpus and of real abstracts lead to places where that is enough."""
    texts = [path.read_text(encoding="utf-8") for path in corpus.glob("*.md")]
    examples = corpus.parent / "example_papers.jsonl"
    if examples.exists():
        texts += [
            " ".join(map(str, json.loads(line).values())) for line in examples.read_text(encoding="utf-8").splitlines()
        ]
    urls = {url.rstrip(".,") for text in texts for url in re.findall(r"https?://[^\s\[\]()<>\"'`{}]+", text)}
    assert len(urls) > 50
    wrong = []
    for url in sorted(urls):
        host = urlsplit(url).netloc.removeprefix("www.")
        want = HOSTS.get(host) or ("project" if host.endswith(".github.io") else None)
        site = link_site(url)
        got = site.name if site else None
        number = re.search(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{5})", url)
        if (want, number and number[1]) != (got, (paper := identify(url)) and paper.scheme == "arxiv" and paper.value):
            wrong.append(url)
    assert [url for url in wrong if "user-attachments" not in url and "doi.org" not in url] == []
    assert all(identify(url) is None for url in urls if "user-attachments" in url or "zenodo" in url)


def test_a_link_called_a_project_page_is_one_wherever_it_stands() -> None:
    assert link_site("https://kelp.example.org/") is None
    assert link_site("https://kelp.example.org/", link_kind("https://kelp.example.org/", "Project Page")) is PROJECT
    assert link_site("https://kelp.example.org/kelp.mp4", "project") is None
    assert link_site("https://github.com/example/kelp", "project") == LinkSite("github", "GitHub")


def test_papers_json_says_site_and_paper() -> None:
    text = (
        "# 202405\n\n### Kelp [paper](https://arxiv.org/pdf/2405.01234v2)[code](https://github.com/example/kelp)"
        "[talk](https://example.org/talk)\n- `Keypoints:` kelp\n"
    )
    digest = read_digest(text)[0]
    data = papers_json(build_library([digest]), lambda path: path, lambda _: None)
    assert data["papers"][0]["links"] == [
        {"kind": "arxiv", "url": "https://arxiv.org/pdf/2405.01234v2", "site": "arxiv", "id": "arxiv:2405.01234"},
        {"kind": "code", "url": "https://github.com/example/kelp", "site": "github"},
        {"kind": "other", "url": "https://example.org/talk"},
    ]
    assert digest.papers[0].links[0] == Link("arxiv", "https://arxiv.org/pdf/2405.01234v2")


A, G, R = (
    "https://arxiv.org/abs/2405.01234",
    "https://github.com/example/kelp",
    "https://openreview.net/forum?id=AbCdEfGh12",
)
# Markdown of a link: the class of its icon, and its text with what the plugin adds after `|`.
SHOWN = [
    (f"[paper]({A})", "arxiv", "paper| arXiv"),
    (f"[ArXiv]({A})", "arxiv", "ArXiv"),
    (f"[2405.01234]({A})", "arxiv", "2405.01234"),
    (f"[**paper**]({A})", "arxiv", "paper| arXiv"),
    (f"[{A}]", "arxiv", A),
    (f"<{A}>", "arxiv", A),
    ("[html](https://arxiv.org/html/2405.01234?a=1&b=2)", "arxiv", "html| arXiv"),
    (f"[code]({G})", "github", "code| GitHub"),
    (f"[Github repo]({G})", "github", "Github repo"),
    (f"[example/kelp]({G})", "github", "example/kelp| GitHub"),
    (f"[github.com/example/kelp]({G})", "github", "github.com/example/kelp"),
    (f"[pdf]({R})", "openreview", "pdf| OpenReview"),
    ("[🤗](https://huggingface.co/example/kelp)", "huggingface", "🤗"),
    ("[ACL](https://aclanthology.org/2024.acl-long.12/)", "acl", "ACL"),
    ("[journal](https://doi.org/10.1000/kelp)", "doi", "journal| DOI"),
    ("[CVPR 2024](https://openaccess.thecvf.com/content/CVPR2024/html/M_K_CVPR_2024_paper.html)", "cvf", "CVPR 2024| CVF"),
    ("[website](https://kelp.example.org/)", "project", "website"),
    ("[more](https://example.github.io/kelp)", "project", "more| project page"),
    ("[slides](https://example.org/slides)", None, "slides"),
    (f"[![stars](https://img.example.org/a.svg)]({G})", None, ""),
]  # fmt: skip
PLACES = {
    "behind a title": "### Counting Kelp [2024.5]{}\n- `Keypoints:` kelp\n",
    "below a title": "### Counting Kelp\n[2024.5] {}\n- `Keypoints:` kelp\n",
    "a fact": "### Counting Kelp\n- `Keypoints:` kelp\n- **Link:** {}\n",
}


@pytest.mark.parametrize(
    ("place", "source", "site", "text"),
    [
        (place, *row)
        for place in PLACES
        for row in SHOWN
        # A title keeps such links, and a label's value has no tags.
        if place == "below a title" or not row[0].startswith(("[http", "<", "[!"))
    ],
)
def test_a_link_has_icon_and_name(place: str, source: str, site: str | None, text: str) -> None:
    page = convert(f"# 202405\n\n{PLACES[place].format(source)}", PLAIN)
    (link,) = LexborHTMLParser(page, is_fragment=True).css(".pd-meta a[href^=http], .pd-field a[href^=http]")
    assert link.attributes.get("class") == (f"pd-link pd-link-{site}" if site else None)
    own, _, added = text.partition("|")
    assert [name.text() for name in link.css(".pd-ui")] == ([added] if added else [])
    for name in link.css(".pd-ui"):
        name.decompose()
    assert link.text() == own


def test_links_in_sentences_and_titles_stay_as_they_are() -> None:
    page = convert(f"# 202405\n\n### [Kelp]({A})\n- `Keypoints:` kelp\n- `Method:` as [theirs]({G}) does.\n", PLAIN)
    assert "pd-link" not in page
    assert f'<a href="{G}">theirs</a>' in page


def test_links_keep_what_they_have() -> None:
    raw = f'<a href="{G}" title="b">code</a>'
    text = f'# 202405\n\n### Kelp\n[paper]({A} "a > b"){{ .mine }}\n- `Keypoints:` kelp\n- **Code:** {raw}\n'
    first, second = LexborHTMLParser(convert(text), is_fragment=True).css(".pd-meta a, .pd-field a")
    assert (first.attributes["title"], first.attributes["class"]) == ("a > b", "mine pd-link pd-link-arxiv")
    assert (second.attributes["title"], second.attributes["class"]) == ("b", "pd-link pd-link-github")


def test_a_link_that_only_front_matter_says_is_named() -> None:
    page = convert(
        f"---\ntitle: Kelp\nlink: {R}\ncode: {G}\narxiv: '2405.01234'\ntags: [kelp]\n---\n# Kelp\n\nText.\n", PLAIN
    )
    links = LexborHTMLParser(page, is_fragment=True).css(".pd-meta a")
    assert [(link.text(), link.attributes["class"]) for link in links] == [
        ("OpenReview", "pd-ui pd-link pd-link-openreview"),
        ("code GitHub", "pd-ui pd-link pd-link-github"),
        ("arXiv", "pd-ui pd-link pd-link-arxiv"),
    ]


PIECES = [
    '<p class="pd-meta">',
    "</p>",
    f'<a href="{A}">',
    "<a>",
    "<a ",
    "</a>",
    "<img>",
    "words",
    '"',
    ">",
    "<b>",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_marking_takes_nothing_away(source: str) -> None:
    marked = with_sites(source, words("en"))
    assert (
        marked.replace('<span class="pd-ui"> arXiv</span>', "").replace(' class="pd-link pd-link-arxiv"', "") == source
    )


def test_every_icon_is_in_the_strip_and_seen_on_light_and_dark() -> None:
    sheet = (ASSETS / "paperdigest.css").read_text(encoding="utf-8")
    strip = LexborHTMLParser((ASSETS / "links.svg").read_text(encoding="utf-8")).css_first("svg")
    places = {int(place) for place in re.findall(r"--pd-icon: (\d+)", sheet)} | {0}
    assert places == set(range(len(strip.css("svg > path, svg > g"))))
    assert strip.attributes["viewbox" if "viewbox" in strip.attributes else "viewBox"] == f"0 0 16 {16 * len(places)}"
    (grey,) = {strip.attributes["stroke"]}
    for back in ("#ffffff", "#1e2129", "#000000"):
        one, other = sorted(map(luminance, (str(grey), back)))
        assert (other + 0.05) / (one + 0.05) >= 3, back


def test_the_table_has_each_host_once_and_every_site_that_has_an_icon() -> None:
    places = [place for host in TABLE.hosts for own in host.sites.values() for place in own.split()]
    domains = [place.partition("/")[0] for place in places]
    assert len(domains) == len(set(domains))
    assert {pattern.form for host in TABLE.hosts for pattern in host.identifiers} == set(FORMS)
    names = {site for host in TABLE.hosts for site in host.sites} - {"unmarked"}
    assert names == SITES.keys()
    sheet = (ASSETS / "paperdigest.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\.pd-link-([\w-]+)", sheet)) <= names


def luminance(color: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
