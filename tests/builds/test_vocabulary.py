"""What `keypoints.yml` does to a built site: names, hierarchy, colours, redirects, and what is said of it."""

from __future__ import annotations

import json
import re

import pytest
from conftest import Build, Builder, article, texts
from crawl import broken_links, repeated_ids
from selectolax.lexbor import LexborHTMLParser

KEYPOINTS = """\
generative:
  label: Generative Models
  description: Draws *new* things, as [May](202405.md) says. <script>alert(1)</script>
  colour: blue
diffusion:
  label: Diffusion
  aliases: [diffusion models, DDPM]
  parent: Generative Models
  related: [control]
control:
  label: Control
  slug: steering
  group: Steering
unused:
  label: Never Named
to-read:
  hidden: true
"""
PAPERS = {
    "202405.md": "# 202405\n\n### A\n- `Keypoints:` DDPM; Control; To Read\n\n### B\n- `Keypoints:` Diffusion; Gudiance\n",
    "202406.md": "# 202406\n\n### C\n- `Keypoints:` diffusion-models; generative models\n",
}


@pytest.fixture(params=[True, False], ids=["folders", "files"])
def built(request: pytest.FixtureRequest, build: Builder) -> Build:
    docs = {**PAPERS, "../keypoints.yml": KEYPOINTS}
    return build(docs, use_directory_urls=request.param, site_url="https://site.test/")


def page(built: Build, slug: str) -> str:
    folder = built.site / "keypoints" / slug / "index.html"
    return (folder if folder.is_file() else built.site / f"keypoints/{slug}.html").read_text(encoding="utf-8")


def test_every_link_and_id_holds(built: Build) -> None:
    assert broken_links(built.site) == []
    for file in built.site.rglob("*.html"):
        assert repeated_ids(file) == [], file
    assert "WARNING" not in built.output


def test_spellings_are_one_keypoint(built: Build) -> None:
    found = article(page(built, "diffusion"))
    assert texts(found, "h1") == ["Diffusion"]
    assert texts(found, ".pd-facts")[0].startswith("3 papers · May 2024 to June 2024")
    assert texts(found, ".pd-also q") == ["DDPM", "diffusion-models"]
    assert texts(found, ".pd-entry .pd-title") == ["C", "A", "B"]
    assert texts(found, ".pd-relation") == [
        "Related, with the number of papers in common Control 1 Generative Models 1 Gudiance 1"
    ]


def test_badges_say_what_the_source_says(built: Build) -> None:
    source = built.site / "202405" / "index.html"
    tree = article((source if source.is_file() else built.site / "202405.html").read_text(encoding="utf-8"))
    badges = tree.css("a.pd-keypoint")
    assert [badge.text() for badge in badges] == ["DDPM", "Control", "To Read", "Diffusion", "Gudiance"]
    assert badges[0].attributes["title"] == "DDPM: Diffusion (3 papers)"
    assert badges[0].attributes["style"] == "--pd-hue: 220"
    assert "style" not in badges[4].attributes
    assert "steering" in (badges[1].attributes["href"] or "")


def test_a_parent_counts_the_papers_below_it_once(built: Build) -> None:
    found = article(page(built, "generative"))
    assert texts(found, ".pd-facts")[0].startswith("1 paper · 3 with those below it · June 2024")
    assert texts(found, ".pd-relation") == ["Below it Diffusion 3"]
    assert texts(found, ".pd-entry .pd-title") == ["C"]
    assert [badge.text() for badge in article(page(built, "diffusion")).css(".pd-above .pd-keypoint")] == [
        "Generative Models"
    ]


def test_a_description_is_markdown_and_harmless(built: Build) -> None:
    found = article(page(built, "generative")).css_first(".pd-description")
    assert found is not None
    assert texts(found, "em") == ["new"]
    assert found.css("script") == []
    (link,) = found.css("a")
    assert (link.attributes["href"] or "").startswith("../")


def test_the_index_stands_in_groups(built: Build) -> None:
    tree = article((built.site / "keypoints" / "index.html").read_text(encoding="utf-8"))
    assert texts(tree, ".pd-facts") == ["4 keypoints in 3 papers"]
    assert texts(tree, "h2") == ["Steering", "Other keypoints"]
    assert texts(tree, ".pd-tree > li.pd-branch > a") == ["Generative Models"]
    assert texts(tree, ".pd-branch .pd-index a") == ["Diffusion"]
    assert texts(tree, "li.pd-branch > .pd-count") == ["1 · 3 with those below"]
    assert "To Read" not in tree.text()
    assert "Never Named" not in tree.text()


def test_hidden_and_unused_keypoints_keep_their_pages(built: Build) -> None:
    assert texts(article(page(built, "to-read")), ".pd-entry .pd-title") == ["A"]
    assert "No paper names it itself." in article(page(built, "unused")).text()


def test_old_addresses_lead_on(built: Build) -> None:
    """Those that aliases and slugs would have had without the file."""
    wanted = {
        "ddpm": "diffusion",
        "diffusion-models": "diffusion",
        "control": "steering",
        "generative-models": "generative",
    }
    for old, now in wanted.items():
        tree = LexborHTMLParser(page(built, old))
        (refresh,) = tree.css('meta[http-equiv="refresh"]')
        assert re.search(rf"url=.*keypoints/{now}(/|\.html)$", refresh.attributes["content"] or ""), old
        assert f"https://site.test/keypoints/{now}" in (
            tree.css_first('link[rel="canonical"]').attributes["href"] or ""
        )
    assert "ddpm" not in built.read("sitemap.xml")
    assert "keypoints/ddpm" not in built.read("search/search_index.json")


def test_papers_json_has_what_papers_name(built: Build) -> None:
    data = json.loads(built.read("papers.json"))
    keypoints = {keypoint["slug"]: keypoint for keypoint in data["keypoints"]}
    assert keypoints.keys() == {"generative", "diffusion", "steering", "to-read", "gudiance"}
    assert keypoints["diffusion"]["count"] == 3
    assert keypoints["diffusion"]["parent"] == "generative"
    assert keypoints["diffusion"]["written"] == ["DDPM", "Diffusion", "diffusion-models"]
    assert data["papers"][0]["keypoints"][0] == {"written": "DDPM", "label": "Diffusion", "slug": "diffusion"}


def test_search_finds_aliases_and_descriptions(built: Build) -> None:
    entries = json.loads(built.read("search/search_index.json"))["docs"]
    (found,) = [entry for entry in entries if entry["title"] == "Generative Models"]
    assert "Draws *new* things" in found["text"]


@pytest.mark.parametrize(
    ("level", "line", "status"),
    [("ignore", None, 0), ("info", "INFO", 0), ("warn", "WARNING", 1), ("strict", "WARNING", 1)],
)
def test_levels_of_unknown_keypoints(build: Builder, level: str, line: str | None, status: int) -> None:
    docs = {**PAPERS, "../keypoints.yml": KEYPOINTS.replace("Control\n", "Guidance\n", 1)}
    built = build(docs, {"unknown_keypoints": level}, status=status)
    found = re.findall(r"(\w+) +-  paperdigest: (202405\.md:\d+:\d+: PD601 .*)", built.output)
    if line is None:
        assert found == []
        return
    ((severity, message),) = found
    assert severity == line
    assert message == (
        "202405.md:7:27: PD601 the keypoint `Gudiance` is not in keypoints.yml: write `Guidance`, or add it"
    )


def test_strict_ends_a_build_that_is_not_strict(build: Builder) -> None:
    docs = {**PAPERS, "../keypoints.yml": KEYPOINTS}
    built = build(docs, {"unknown_keypoints": "strict"}, arguments=(), status=1)
    assert "paperdigest: 1 keypoint is named that keypoints.yml does not know" in built.output
    assert build(docs, {"unknown_keypoints": "warn"}, arguments=(), folder="warn").status == 0


def test_faults_of_the_file_are_said_once_with_their_place(build: Builder) -> None:
    text = "a:\n  colour: nothing\n  labl: x\nb:\n  aliases: [a]\nc:\n  parent: d\ne:\n  parent: f\nf:\n  parent: e\n"
    built = build({**PAPERS, "../keypoints.yml": text}, status=1)
    assert re.findall(r"WARNING +-  paperdigest: keypoints\.yml:(\d+:\d+): (PD\d+)", built.output) == [
        ("2:11", "PD503"), ("3:3", "PD502"), ("5:13", "PD504"), ("7:11", "PD505"), ("9:11", "PD506"),
    ]  # fmt: skip


def test_a_file_that_is_named_must_be_there(build: Builder) -> None:
    built = build(plugin={"keypoints_file": "vocabulary/words.yml"}, status=1)
    assert "'keypoints_file' names 'vocabulary/words.yml', but there is no file" in built.output
    docs = {**PAPERS, "../vocabulary/words.yml": KEYPOINTS}
    built = build(docs, {"keypoints_file": "vocabulary/words.yml"}, folder="named")
    assert (built.site / "keypoints" / "steering" / "index.html").is_file()
    without = build({**PAPERS, "../keypoints.yml": KEYPOINTS}, {"keypoints_file": False}, folder="none")
    assert not (without.site / "keypoints" / "steering").exists()


ACRONYMS = {
    "202405.md": "# 202405\n\n### A\n- `Keypoints:` Vision-Language Models (VLMs); Robots\n\n### B\n- `Keypoints:` VLM\n",
    "202406.md": "# 202406\n\n### C\n- `Keypoints:` vision-language models; VLMs\n",
}


def test_acronyms_are_merged_where_the_site_says_so(build: Builder) -> None:
    built = build(ACRONYMS, {"acronyms": "merge"})
    found = article(page(built, "vision-language-models"))
    assert texts(found, ".pd-entry .pd-title") == ["C", "A", "B"]
    (line,) = re.findall(r"INFO +-  paperdigest: (202405\.md.*PD604.*)", built.output)
    told = "`Vision-Language Models (VLMs)` was taken for `vision-language models`"
    assert line.startswith(f"202405.md:4:16: PD604 {told}, since")
    assert line.endswith("(and 1 more in this file)")
    for old in ("vlm", "vlms", "vision-language-models-(vlms)"):
        assert 'http-equiv="refresh"' in page(built, old)
    assert broken_links(built.site) == []


def test_acronyms_are_left_alone_by_default(build: Builder) -> None:
    built = build(ACRONYMS)
    assert "PD604" not in built.output
    assert {path.name for path in (built.site / "keypoints").iterdir()} >= {"vlm", "vlms", "robots"}


def test_an_ambiguous_acronym_is_not_merged(build: Builder) -> None:
    docs = {**ACRONYMS, "202407.md": "### D\n- `Keypoints:` Very Large Maps (VLMs)\n"}
    built = build(docs, {"acronyms": "merge"})
    assert 'http-equiv="refresh"' not in page(built, "vlm")


def test_names_from_the_file_are_only_names(build: Builder) -> None:
    text = (
        '"</title><script>alert(1)</script>":\n  aliases: ["../../x", "C++"]\n  group: "<b>x</b>"\n'
        '"汉字":\n  label: "{{ config }}"\n  description: "[x](javascript:alert(1)) <img src=https://site.test.test/x.png onerror=alert(1)>"\n'
    )
    docs = {"202405.md": "### A\n- `Keypoints:` c++; 汉字\n", "../keypoints.yml": text}
    built = build(docs)
    assert broken_links(built.site) == []
    for file in built.site.rglob("*.html"):
        content = file.read_text(encoding="utf-8")
        assert "<script>alert(1)" not in content
        assert not re.search(r"<[^>]*(onerror|javascript:)", content), file
    names = {path.relative_to(built.site / "keypoints").as_posix() for path in (built.site / "keypoints").rglob("*")}
    assert not (built.site.parent / "x").exists()
    assert not {".", ".."} & {part for name in names for part in name.split("/")}


def test_every_keypoint_that_is_counted_stands_in_the_index(build: Builder) -> None:
    text = "Up: {}\nHid: {hidden: true, parent: Up}\nTop: {}\nSecret: {hidden: true, parent: Top}\nDeep: {parent: Secret}\n"
    docs = {"202405.md": "### A\n- `Keypoints:` Hid; Deep\n", "../keypoints.yml": text}
    built = build(docs)
    index = article(built.read("keypoints/index.html"))
    assert texts(index, ".pd-facts") == ["3 keypoints in 1 paper"]
    assert [item.attributes["id"] for item in index.css("li[id]")] == ["top", "deep", "up"]
    assert texts(article(page(built, "top")), ".pd-relation") == ["Below it Deep 1"]  # through the hidden one
    assert texts(article(page(built, "secret")), ".pd-relation") == ["Below it Deep 1"]
    assert texts(article(page(built, "deep")), ".pd-above .pd-keypoint") == ["Top"]


def test_a_hidden_keypoint_without_page_has_no_link(build: Builder) -> None:
    docs = {"202405.md": "### A\n- `Keypoints:` Hid; Shown\n", "../keypoints.yml": "Hid: {hidden: true}\n"}
    docs["list.md"] = "<!-- paperdigest:recent -->\n"
    built = build(docs, {"keypoint_pages": False})
    assert broken_links(built.site) == []
    for name in ("202405", "list"):
        badges = article(built.read(f"{name}/index.html")).css(".pd-keypoint")
        links = {badge.text(): badge.attributes.get("href") for badge in badges}
        assert links == {"Hid": None, "Shown": "../keypoints/#shown"}, name


def test_a_description_has_no_ids_and_no_links_to_them(build: Builder) -> None:
    text = "World:\n  description: |\n    # Head One {#own}\n\n    Said[^1], [in May](#2024-05), [below](#own).\n\n    [^1]: Note.\n"
    docs = {"202405.md": "# 2024.05\n\n### A\n- `Keypoints:` World\n", "../keypoints.yml": text}
    built = build(docs, markdown_extensions=["footnotes", "attr_list", {"toc": {"permalink": True}}])
    assert broken_links(built.site) == []
    found = article(page(built, "world")).css_first(".pd-description")
    assert found is not None
    assert "data-pd-id" not in (found.html or "")
    assert found.css("[id]") == []
    assert [link.attributes["href"] for link in found.css("a[href]")] == ["#2024-05"]
    said = " ".join(found.text().split())
    assert said.startswith("Head One Said1, in May, below.")
    assert said.endswith("Note.")


def test_a_description_that_cannot_be_converted_is_text(build: Builder) -> None:
    text = 'World:\n  description: |\n    <b>x</b>\n\n    --8<-- "none.md"\nOther:\n  description: "*fine*"\n'
    docs = {"202405.md": "### A\n- `Keypoints:` World; Other\n", "../keypoints.yml": text}
    built = build(docs, status=1, markdown_extensions=[{"pymdownx.snippets": {"check_paths": True}}])
    (line,) = re.findall(r"WARNING +-  paperdigest: (.*PD509.*)", built.output)
    assert line.startswith("keypoints.yml:1:1: PD509 the description of `World` could not be converted")
    (shown,) = article(page(built, "world")).css(".pd-description > p")
    assert shown.text().split() == ["<b>x</b>", "--8<--", '"none.md"']
    assert texts(article(page(built, "other")), ".pd-description em") == ["fine"]


def test_a_long_chain_is_cut(build: Builder) -> None:
    docs = {"202405.md": "".join(f"### P {n}\n- `Keypoints:` K{n}\n\n" for n in range(12))}
    docs["../keypoints.yml"] = "K0: {}\n" + "".join(f"K{n}: {{parent: K{n - 1}}}\n" for n in range(1, 12))
    built = build(docs)

    def above(slug: str) -> list[str]:
        return texts(article(page(built, slug)), ".pd-above")

    assert above("k6") == ["Part of K0 K1 K2 K3 K4 K5"]
    assert above("k7") == ["Part of K0 … K2 K3 K4 K5 K6"]
    assert above("k11") == ["Part of K0 … K6 K7 K8 K9 K10"]
    assert texts(article(page(built, "k3")), ".pd-facts")[0].startswith("1 paper · 9 with those below it")


def test_groups_are_one_whatever_their_case(build: Builder) -> None:
    docs = {"202405.md": "### A\n- `Keypoints:` A; B; C\n"}
    docs["../keypoints.yml"] = "A: {group: Gen-AI}\nB: {group: gen ai}\nC: {group: Else}\n"
    tree = article(build(docs).read("keypoints/index.html"))
    assert texts(tree, "h2") == ["Gen-AI", "Else"]
    assert [len(found.css("li")) for found in tree.css("ul.pd-tree")] == [2, 1]
