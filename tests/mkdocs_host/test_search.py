"""What search finds: the index of each search plugin, and what readers see who type into a theme's search box."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from chromium import heard, served
from conftest import PAPER, ROOT, TWO_MONTHS, Build, Builder, make_builder
from golden_cases import CASES, load
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.library.index import build_library
from mkdocs_paperdigest.mkdocs_host.search import index_for_search
from mkdocs_paperdigest.mkdocs_host.search_text import marked_html
from mkdocs_paperdigest.records.findings import finding

pytestmark = pytest.mark.versions

THEMES = ["material", "mkdocs", "readthedocs"]
PAIRS = [("material", "full"), ("material", "slim"), ("mkdocs", "slim"), ("readthedocs", "full")]
DEEP = PAPER.replace("    - `Method:`", "    #### Deep Heading\n\n    - `Method:`") + "\nWords between.\n"
TITLES = {
    "202401.md": ("时间", ["可控视频生成的新方法", "视频理解的模型", "生成式视觉的模态", "规模与方法"]),
    "202402.md": ("光", ["拡散による動画生成の手法", "動画の理解", "生成AIと会話", "動物の成長"]),
    "202403.md": ("言葉", ["ことばのモデルをまなぶ", "データのモデム", "ルールの集まり"]),
    "202404.md": ("立体", ["一枚の画像から3D生成する方法", "3Dデータの集まり", "画像の生成", "Plain Words on Control"]),
}
"""Digests, the keypoint of each, and its papers, each with others that share characters with it."""
EAST = {
    name: f"# {name[:6]}\n\n"
    + "\n".join(f"### {title}\n- `Keypoints:` {keypoint}; DiT;\n- `Objective:` 说明。\n" for title in titles)
    for name, (keypoint, titles) in TITLES.items()
}
LOOKED_FOR = {
    "视频生成": "可控视频生成的新方法",
    "模型": "视频理解的模型",
    "動画生成": "拡散による動画生成の手法",
    "モデル": "ことばのモデルをまなぶ",
    "3D生成": "一枚の画像から3D生成する方法",
    "control": "Plain Words on Control",
}
KEYPOINTS = """\
- label: Diffusion Models
  aliases: [DDPM, 扩散模型]
  description: They take noise away.
- label: World Model
"""
ALIASES = {
    "202405.md": PAPER.replace("Camera Control", "DDPM"),
    "202406.md": PAPER.replace("A Second Paper", "DDPM Made Simple")
    .replace("C++", "扩散模型")
    .replace("202405", "202406")
    .replace("[2024.5]", "[2024.6]")
    .replace("A First Paper", "Another Paper"),
    "../keypoints.yml": KEYPOINTS,
}


def index(built: Build) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(built.read("search/search_index.json"))
    return data


def entries(built: Build, page: str = "") -> list[dict[str, Any]]:
    """The entries of the pages whose address begins so."""
    return [entry for entry in index(built)["docs"] if entry["location"].startswith(page)]


def by_title(built: Build, page: str) -> dict[str, str]:
    return {entry["title"]: entry["text"] for entry in entries(built, page) if "#" in entry["location"]}


@pytest.mark.parametrize(("theme", "search"), PAIRS)
def test_a_paper_is_one_entry(build: Builder, theme: str, search: str) -> None:
    built = build({"202405.md": DEEP}, {"search": search}, theme=theme)
    found = entries(built, "202405/")
    papers = [(e["location"], e["title"]) for e in found if "paper" in e["location"]]
    assert papers == [
        ("202405/#a-first-paper-on-things", "A First Paper: On Things"),
        ("202405/#a-second-paper", "A Second Paper"),
    ]
    said = [e for e in found if "A First Paper" in e["title"] + e["text"]]
    assert len(said) == 1
    assert "World Model" in said[0]["text"]
    assert "Camera Control" in said[0]["text"]
    assert not any("Deep Heading" in e["title"] for e in found)
    whole = " ".join(e["text"] for e in found)
    assert "Papers of May 2024" in whole
    assert "May 2024 · " not in whole  # what the plugin adds
    inside = ["Deep Heading", "another step", "better by 3%", "Say what is wanted"]
    assert [text in said[0]["text"] for text in inside] == [search == "full"] * 4
    assert [whole.count(text) for text in inside] == [int(search == "full")] * 4


def test_a_page_reads_the_same_whatever_search_finds(build: Builder) -> None:
    pages = []
    for search in ("full", "slim"):
        built = build({"202405.md": DEEP}, {"search": search}, folder=search)
        pages.append(built.read("202405/index.html"))
    without = build({"202405.md": DEEP}, plugins=[], folder="without").read("202405/index.html")
    assert pages[0] == pages[1]
    body = [page[page.index('<section class="pd-paper"') : page.rindex("</section>")] for page in (pages[0], without)]
    assert body[0] == body[1]


def test_labels_find_papers_that_write_another_name(build: Builder) -> None:
    built = build(ALIASES, {"search": "slim"})
    first = by_title(built, "202405/")["A First Paper: On Things"]
    assert first == "<p>World Model, DDPM, Diffusion Models</p>"


def test_pages_that_are_no_digests_are_indexed_as_before(build: Builder) -> None:
    docs = {**TWO_MONTHS, "about.md": "# About *us*\n\nWords.\n\n## More\n\n- `Keypoints` are words\n"}
    for theme in ("material", "mkdocs"):
        ours = build(docs, {"search": "slim"}, folder=f"{theme}-ours", theme=theme)
        plain = build(docs, None, folder=f"{theme}-plain", theme=theme)
        assert entries(ours, "about/") == entries(plain, "about/")
        assert index(ours)["config"] == index(plain)["config"]


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
@pytest.mark.parametrize("options", [{"enabled": False}, {"exclude": ["**"]}], ids=["disabled", "no-digests"])
def test_sites_without_digests_are_indexed_as_before(build: Builder, theme: str, options: dict[str, Any]) -> None:
    docs = {"index.md": "# 可控视频\n\n## 动画\n\n生成\n", "202405.md": PAPER}
    ours = build(docs, {"keypoint_index": False, **options}, folder="ours", theme=theme)
    plain = build(docs, None, folder="plain", theme=theme)
    pages = ("202405/", "#")
    assert [entries(ours, page) for page in pages] == [entries(plain, page) for page in pages]
    assert index(ours)["config"] == index(plain)["config"]


def test_rows_of_a_table_are_found_one_by_one(build: Builder) -> None:
    rows = "| Title | Keywords | Links |\n| --- | --- | --- |\n" + "".join(
        f"| Row {name} | DiT, GAN | [paper](https://arxiv.org/abs/2405.0000{n}) |\n"
        for n, name in enumerate(("One", "Two"))
    )
    built = build({"202405.md": f"# May 2024\n\n{rows}"}, {"keep_tables": True})
    found = {e["title"]: e["location"] for e in entries(built, "202405/#")}
    assert found == {"Row One": "202405/#row-one", "Row Two": "202405/#row-two"}
    assert (built.site / "202405/index.html").read_text(encoding="utf-8").count('<tr class="pd-paper"') == 2


def test_signs_of_html_stay_text(build: Builder) -> None:
    docs = {"202405.md": PAPER.replace("A Second Paper", "A &lt;b> &amp; C").replace("C++", "R&D")}
    assert "A &lt;b&gt; &amp; C" in by_title(build(docs, {"search": "slim"}), "202405/")
    plain = by_title(build(docs, {"search": "slim"}, theme="mkdocs", folder="plain"), "202405/")
    assert "R&D" in plain["A <b> & C"]


def test_slim_is_much_smaller(build: Builder) -> None:
    text = "\n".join(
        f"### Paper {n} of Many\n- `Keypoints:` Key {n % 7};\n- `Objective:` {'some words of it ' * 20}\n"
        for n in range(60)
    )
    docs = {"202405.md": f"# 202405\n\n{text}"}
    sizes = []
    for search in ("full", "slim"):
        built = build(docs, {"search": search}, folder=search)
        assert len(entries(built, "202405/#paper-")) == 60
        sizes.append((built.site / "search" / "search_index.json").stat().st_size)
    assert sizes[1] < sizes[0] / 3


def test_what_a_site_sets_stays(build: Builder) -> None:
    own = {"separator": r"[\s]+", "lang": ["en", "ja"]}
    assert own.items() <= index(build(EAST, plugins=[{"search": own}]))["config"].items()
    own = {"lang": ["de"], "min_search_length": 4}
    built = build(EAST, plugins=[{"search": own}], theme="mkdocs", folder="plain")
    assert own.items() <= index(built)["config"].items()


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
def test_each_language_of_a_site_is_found(build: Builder, theme: str) -> None:
    languages = [{"locale": name, "name": name, "build": True, "default": name == "en"} for name in ("en", "zh")]
    docs: dict[str, Any] = {"en/202405.md": PAPER, "zh/202401.md": EAST["202401.md"]}
    i18n = {"i18n": {"docs_structure": "folder", "languages": languages}}
    built = build(docs, plugins=["search", i18n], theme=theme, arguments=())
    titles = [entry["title"].replace("\u200c", "") for entry in entries(built) if "#" in entry["location"]]
    for title in ("可控视频生成的新方法", "A Second Paper"):
        assert titles.count(title) == 1
    config = index(built)["config"]
    assert (r"\u4e00" in config["separator"]) if theme == "material" else ("ja" in config["lang"])


def test_hooking_an_index_again_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump({"site_name": "T", "plugins": ["search"]}), encoding="utf-8")
    config = load_config(str(tmp_path / "mkdocs.yml"))
    config.plugins.run_event("pre_build", config=config)
    index = config.plugins["search"].search_index  # type: ignore[attr-defined]
    for _ in range(2):
        index_for_search(config, build_library([]), slim=True)
    calls: list[object] = []
    kind = type(index)
    original = kind.add_entry_from_context
    kind.add_entry_from_context = lambda self, page: calls.append(page)
    try:
        index_for_search(config, build_library([]), slim=True)
        page = type("Page", (), {"content": None})()
        index.add_entry_from_context(page)
    finally:
        kind.add_entry_from_context = original
    assert calls == [page]


# -- what the plugins' own parsers read

SPY = """
import json
import re
from pathlib import Path

from mkdocs.plugins import event_priority
from {module} import SearchIndex, {parser} as Parser

seen = {{"pages": {{}}, "fed": [], "links": 0}}
feed, find = Parser.feed, SearchIndex._find_toc_by_id
PUT_IN = '''{put_in}'''


def fed(self, text):
    seen["fed"].append(text)
    feed(self, text)


def found(self, toc, name):
    seen["links"] += len(list(toc))
    return find(self, toc, name)


Parser.feed, SearchIndex._find_toc_by_id = fed, found


def on_page_content(html, **kwargs):
    return html.replace("<code>put in</code>", PUT_IN)


@event_priority(50)
def on_page_context(context, page, **kwargs):
    seen["pages"][page.url] = page.content


def on_post_build(config):
    (Path(config.config_file_path).parent / "seen.json").write_text(json.dumps(seen), encoding="utf-8")
"""
PARSERS = {
    "material": ("material.plugins.search.plugin", "Parser"),
    "mkdocs": ("mkdocs.contrib.search.search_index", "ContentParser"),
}
PUT_IN = (
    '<span data-search-exclude>never <b data-search-exclude>never</b> never</span><i title="a > b <p>never">said</i>'
    '<span title="<!-- a">, too</span><!-- never > <p> --><script>never</script><template><p>never</p></template>'
    '<table><tr><td><div class="linenodiv"><pre>never</pre></div></td><td>cell</td><td>10&nbsp;kg</td></tr></table>'
)
TOUGH = """\
# 202406

### A Tough `Paper` &amp; 视频 of <b>All</b>
- `Keypoints:` 视频生成; R&D; World-Model;
- `Objective:` Put in `put in`, H<sub>2</sub>O for `a < b` &amp; 10&nbsp;kg 说明。
- ![a > b](https://example.org/a.png)

-   <details open title="a > b">
    <summary>More</summary>

    - `Method:` <!-- said by nobody > -->

        ```python
        if a  > b:
            pass
        ```

        | One | Two |
        | --- | --- |
        | x | <ul><li>y</ul> |

        #### A Heading Inside
    - `Metric:` <p></p><br>last
</details>
"""


def spied(build: Builder, docs: dict[str, Any], theme: str, folder: str = "spied") -> tuple[Build, dict[str, Any]]:
    """A site, and what was seen: pages as a search plugin gets them, what its parser was fed, links it looked through."""
    module, parser = PARSERS[theme]
    hook = SPY.format(module=module, parser=parser, put_in=PUT_IN)
    extensions = ["tables", "pymdownx.superfences", {"toc": {"permalink": True}}]
    built = build(
        {**docs, "../spy.py": hook},
        theme=theme,
        folder=folder,
        hooks=["spy.py"],
        markdown_extensions=extensions,
        arguments=(),
    )
    return built, json.loads((built.site.parent / "seen.json").read_text(encoding="utf-8"))


def without(node: Any, selectors: list[str]) -> None:
    for selector in selectors:
        while found := node.css_first(selector):
            found.decompose()


def parsed(paper: Any, theme: str) -> tuple[str, str, str]:
    """The anchor, the title and the text of a paper as the plugin's own parser reads its HTML."""
    heading = None if paper.tag == "tr" else paper.css_first("h1, h2, h3, h4, h5, h6")
    anchor, title = (heading or paper).attributes["id"], ""
    left_out = [".headerlink", ".pd-ui:not(.pd-keypoints)", "template"]
    left_out += [] if theme == "material" else ["[data-search-exclude]", "script", ".linenodiv"]
    if heading:
        without(heading, left_out[:1])
        title = " ".join(heading.text().split())
        heading.decompose()
    without(paper, left_out)
    source = re.sub(r"<(/?)h[1-6]\b[^>]*>", r"<\1p>", paper.html)
    module, name = PARSERS[theme]
    parser = getattr(pytest.importorskip(module), name)()
    parser.feed(f'<h2 id="x">x</h2>{source}')
    parser.close()
    return anchor, title, ("" if theme == "material" else " ").join(parser.data[-1].text)


def squeezed(text: str) -> str:
    """A text without white space, marks, and elements without text."""
    before, text = "", "".join(text.replace("\u200c", "").split())
    while text != before:
        before, text = text, re.sub(r"<(\w+)></\1>", "", text)
    return text


@pytest.mark.parametrize("theme", PARSERS)
def test_entries_say_what_the_own_parsers_of_the_plugins_read(build: Builder, theme: str) -> None:
    cases = {f"{file.stem}/{case.path}": case.source for file in CASES for case in [load(file)]}
    built, seen = spied(build, {**cases, "202406.md": TOUGH, "202405.md": DEEP, **EAST}, theme)
    own = {entry["location"]: entry for entry in entries(built)}
    keypoints = json.loads(built.read("papers.json"))["keypoints"]
    names = ",".join(squeezed(name) for known in keypoints for name in (known["label"], *known["written"])).split(",")
    compared = 0
    digests = {url: content for url, content in seen["pages"].items() if "pd-paper" in content}
    for url, content in digests.items():
        for paper in LexborHTMLParser(content, is_fragment=True).css(".pd-paper"):
            anchor, title, text = parsed(paper, theme)
            entry = own[f"{url}#{anchor}"]
            if title:
                assert squeezed(html.unescape(entry["title"])) == squeezed(title)
            said, wanted = squeezed(entry["text"]), squeezed(text)
            assert said[: len(wanted)] == wanted
            more = html.unescape(re.sub("</?p>", "", said[len(wanted) :]).partition("\u200b")[0])
            assert set(more.split(",")) <= {*names, ""}
            compared += 1
    assert compared > 200
    tough = next(text for title, text in by_title(built, "202406/").items() if "Tough" in title)
    assert "never" not in tough
    assert [word for word in ("said, too", "cell", "10 kg", "Heading Inside", "last") if word not in tough] == []


@pytest.mark.parametrize("theme", PARSERS)
def test_papers_are_not_parsed_again_nor_looked_for_one_by_one(build: Builder, theme: str) -> None:
    counts = []
    for papers in (20, 40):
        text = "\n".join(f"### Paper {n} of Many\n- `Keypoints:` GAN;\n- `Objective:` Words.\n" for n in range(papers))
        built, seen = spied(build, {"202405.md": f"# 202405\n\n{text}"}, theme, f"of{papers}")
        assert len(entries(built, "202405/#paper-")) == papers
        assert not any("of Many" in fed for fed in seen["fed"])
        counts.append((len(seen["fed"]), seen["links"]))
    assert counts[0] == counts[1]


def test_marks_stand_in_texts_only() -> None:
    tags = """<h2 title='a > 光' data-b = "光 > '" id="光">{}</h2><p data-c=it's光>{}</p><img alt="光>">"""
    assert marked_html(tags.format("光", "a < 光")) == tags.format("光\u200c", "a < 光\u200c")


# -- the finding

SMALL = """
from mkdocs_paperdigest.mkdocs_host import search

search._TOO_LARGE = {limit}
search._megabytes = lambda size: f"{{size:.0f}} B"
"""
TOLD = re.compile(
    r"INFO    -  paperdigest: mkdocs\.yml:1:1: PD406 the search index has (\d+) B, .*: set `search: slim`, .* about (\d+) B"
)
LONG = {
    name: text.replace("`Objective:`", f"`Objective:` {'说明 words ' * 200}")
    for name, text in {**TWO_MONTHS, **EAST}.items()
}


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
@pytest.mark.parametrize("docs", [TWO_MONTHS | {"202405.md": LONG["202405.md"]}, LONG], ids=["latin", "chinese"])
def test_a_large_index_is_told_of_once_with_what_slim_makes_of_it(
    build: Builder, theme: str, docs: dict[str, Any]
) -> None:
    docs = {**docs, "../small.py": SMALL.format(limit=100)}
    sizes = []
    for search in ("full", "slim"):
        built = build(docs, {"search": search}, theme=theme, folder=search, hooks=["small.py"])
        sizes.append((built.site / "search" / "search_index.json").stat().st_size)
        told = TOLD.findall(built.output)
        if search == "full":
            ((whole, about),) = told
            assert built.output.count("PD406") == 1
        else:
            assert told == []
    assert int(whole) == sizes[0]
    assert int(about) == pytest.approx(sizes[1], rel=0.1)


@pytest.mark.parametrize(
    ("docs", "limit"),
    [(LONG, 3_000_000), ({"202405.md": PAPER, "about.md": f"# About\n\n{'Words. ' * 2000}"}, 100)],
    ids=["small", "little-of-papers"],
)
def test_nothing_is_told_where_slim_helps_little(build: Builder, docs: dict[str, Any], limit: int) -> None:
    assert "PD406" not in build({**docs, "../small.py": SMALL.format(limit=limit)}, hooks=["small.py"]).output


def test_an_index_of_several_languages_is_told_of_once(build: Builder) -> None:
    languages = [{"locale": name, "name": name, "build": True, "default": name == "en"} for name in ("en", "zh")]
    docs = {
        "en/202405.md": LONG["202405.md"],
        "zh/202401.md": LONG["202401.md"],
        "../small.py": SMALL.format(limit=100),
    }
    i18n = {"i18n": {"docs_structure": "folder", "languages": languages}}
    built = build(docs, plugins=["search", i18n], hooks=["small.py"], arguments=())
    ((whole, _),) = TOLD.findall(built.output)
    assert int(whole) == (built.site / "search" / "search_index.json").stat().st_size


def test_the_guide_shows_the_finding() -> None:
    guide = (ROOT / "example_site" / "docs" / "guide" / "findings.md").read_text(encoding="utf-8")
    said = re.search(r"PD406 (the search index has (.*?), .* about (.*))\n", guide)
    assert said is not None
    assert finding("PD406", "mkdocs.yml", 1, 1, said[2], said[3]).message == said[1]


# -- in Chromium


@contextmanager
def searching(tab: Any, built: Build, theme: str) -> Iterator[Any]:
    """A function that types into the search box of a site; gives the hits in order: title and address of each."""
    with served(built.site) as address:
        errors: list[str] = []

        def said(message: Any) -> None:
            if "Invalid query" in message.text:
                errors.append(message.text)

        def material(words: str) -> list[tuple[str, str]]:
            box, hits = tab.locator(".md-search__input"), tab.locator(".md-search-result__item")
            if tab.url != address:
                tab.goto(address)
                box.click()
            elif hits.count():
                box.select_text()
                tab.keyboard.press("Delete")
                hits.first.wait_for(state="detached")
            tab.keyboard.insert_text(words)
            tab.keyboard.press("End")
            hits.first.wait_for(timeout=10_000)
            return found(hits.locator("a"), "h1, h2")

        def plain(words: str) -> list[tuple[str, str]]:
            box, hits = tab.locator("#mkdocs-search-query"), tab.locator("#mkdocs-search-results article")
            if not tab.url.startswith(address):
                tab.goto(f"{address}{'search.html' if theme == 'readthedocs' else ''}?q={words}")
            else:
                tab.evaluate("document.querySelector('#mkdocs-search-results').replaceChildren()")
                box.evaluate("(box, words) => { box.value = words; box.dispatchEvent(new Event('keyup')); }", words)
            hits.first.wait_for(timeout=10_000, state="attached")
            return found(hits, "a")

        def found(hits: Any, title: str) -> list[tuple[str, str]]:
            assert errors == []
            return [
                (name.replace("\u200c", ""), href.replace(address, "").removeprefix("./"))
                for name, href in hits.evaluate_all(
                    """(hits, title) => hits.map(hit => [
                        hit.querySelector(title).textContent, decodeURI((hit.closest("a") || hit.querySelector("a")).href),
                    ])""",
                    title,
                )
            ]

        with heard(tab, "console", said):
            yield material if theme == "material" else plain


@pytest.fixture(scope="module")
def eastern(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Build]:
    made = {}
    for theme, search in PAIRS:
        run = make_builder(tmp_path_factory.mktemp(f"{theme}-{search}"))
        made[theme, search] = run(EAST, {"search": search}, theme=theme)
    return made


def papers_of(hits: list[tuple[str, str]]) -> list[str]:
    return [title for title, address in hits if address.startswith("2024") and "#" in address]


@pytest.mark.parametrize(("theme", "search"), PAIRS)
def test_titles_in_chinese_and_japanese_are_found(
    eastern: dict[tuple[str, str], Build], tab: Any, theme: str, search: str
) -> None:
    with searching(tab, eastern[theme, search], theme) as look:
        for words, title in LOOKED_FOR.items():
            hits = look(words)
            assert papers_of(hits)[0] == title, words
            ids = [address.partition("#") for name, address in hits if name == title]
            page = (eastern[theme, search].site / ids[0][0] / "index.html").read_text(encoding="utf-8")
            assert f'id="{ids[0][2]}"' in page


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_titles_are_found_in_the_languages_of_the_theme(build: Builder, tab: Any, language: str) -> None:
    for name in ("material", "mkdocs"):
        theme = {"name": name, "font": False, "language": language} if name == "material" else {"name": name}
        theme |= {} if name == "material" else {"locale": language}
        built = build(EAST, theme=theme, folder=name, arguments=())
        with searching(tab, built, name) as look:
            for words, title in LOOKED_FOR.items():
                assert papers_of(look(words))[0] == title, (name, words)


@pytest.mark.parametrize("theme", THEMES)
def test_an_alias_finds_the_page_of_its_keypoint(build: Builder, tab: Any, theme: str) -> None:
    with searching(tab, build(ALIASES, theme=theme), theme) as look:
        for words in ("DDPM", "扩散模型", "Diffusion Models"):
            hits = look(words)
            first = (
                hits[:1] if theme == "material" else hits[:3]
            )  # MkDocs's own search weighs titles as it weighs texts
            assert ("Diffusion Models", "keypoints/diffusion-models/") in first, words


@pytest.mark.parametrize("theme", THEMES)
def test_two_keypoints_find_the_papers_that_have_both(build: Builder, tab: Any, theme: str) -> None:
    docs = {
        name: f"# {name}\n\n" + "\n".join(f"### {title}\n- `Keypoints:` {keys};\n" for title, keys in papers)
        for name, papers in {
            "202401.md": [("First of All", "GAN; DiT"), ("Only One", "GAN")],
            "202402.md": [("None of It", "NeRF"), ("Only the Other", "DiT")],
        }.items()
    }
    with searching(tab, build(docs, {"search": "slim"}, theme=theme), theme) as look:
        assert papers_of(look("gan dit"))[0] == "First of All"


def test_the_search_box_shows_no_hidden_words(eastern: dict[tuple[str, str], Build], tab: Any) -> None:
    with served(eastern["mkdocs", "slim"].site) as address:
        tab.goto(f"{address}?q=可控视频")
        tab.wait_for_selector("#mkdocs-search-results article", state="attached")
        shown = tab.locator("#mkdocs-search-results article p").all_text_contents()
    assert [text.replace("\u200b", "").strip() for text in shown] == ["时间, DiT"]
