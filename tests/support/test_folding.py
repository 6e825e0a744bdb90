"""One rule for finding: accents, case and width make no difference, in Python and in the scripts of pages."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from conftest import ROOT, Builder
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.support.folding import folded
from mkdocs_paperdigest.support.slugs import keypoint_key

SCRIPTS = ROOT / "mkdocs_paperdigest" / "templates" / "assets" / "paperdigest"

# What is the same to a reader who looks for it, and how it is folded.
SAME = {
    "cafe": ["Café", "CAFÉ", "cafe\u0301", "ＣＡＦＥ"],
    "angstrom": ["Ångström", "Å\u006egström", "\u212bngstro\u0308m"],
    "strasse": ["Straße", "STRASSE", "STRAẞE"],
    "abc": ["ＡＢＣ", "ａｂｃ", "𝐀𝖡𝕮"],
    "lodz": ["Łódź"],
    "smorrebrod": ["Smørrebrød"],
    "djokovic dokovic": ["Djoković Đoković"],
    "aether oeuvre": ["Æther Œuvre"],
    "thor": ["Þór"],
    "istanbul isik": ["İstanbul Işık", "ISTANBUL ışik"],
    "σισυφοσ": ["ΣΊΣΥΦΟΣ", "Σίσυφος"],
    "finite": ["ﬁnite"],
    "naive 3d": ["naïve ③D"],
    "ガウス": ["ｶﾞｳｽ", "カ\u3099ウス"],
    "がか": ["がか", "か\u3099か"],
    "한국어": ["한국어", unicodedata.normalize("NFD", "한국어")],
    "世界模型": ["世界模型"],
    "हिन्दी": ["हिन्दी"],
    "c++ / c#": ["C++ ／ C＃"],
}
APART = [("が", "か"), ("ぱ", "は"), ("한", "하"), ("दि", "द"), ("world model", "world-model"), ("c", "ç++")]
TEXTS = sorted(
    {*SAME, *(text for texts in SAME.values() for text in texts), *(text for pair in APART for text in pair)}
)


@pytest.mark.parametrize("wanted", SAME)
def test_what_is_the_same_is_folded_alike(wanted: str) -> None:
    assert {folded(text) for text in (wanted, *SAME[wanted])} == {wanted}


@pytest.mark.parametrize(("one", "other"), APART)
def test_letters_of_their_own_stay(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cn"])))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_what_is_one_keypoint_does_not_change() -> None:
    assert keypoint_key("Café") != keypoint_key("cafe")


def by_node(node: str) -> list[str]:
    script = (SCRIPTS / "paperdigest.js").read_text("utf-8")
    start = script.index("  const LETTERS")
    rule = script[start : script.index("\n\n", start)]
    asked = f"const self = {{}};\n{rule}\nconsole.log(JSON.stringify({json.dumps(TEXTS)}.map(self.paperdigestFold)));"
    done = subprocess.run([node, "-e", asked], capture_output=True, check=True)
    made: list[str] = json.loads(done.stdout.decode())
    return made


def test_scripts_have_the_same_rule(request: pytest.FixtureRequest) -> None:
    if node := shutil.which("node"):
        made = by_node(node)
    else:
        page = request.getfixturevalue("tab")
        page.add_script_tag(path=SCRIPTS / "paperdigest.js")
        made = page.evaluate("texts => texts.map(paperdigestFold)", TEXTS)
    assert dict(zip(TEXTS, made, strict=True)) == {text: folded(text) for text in TEXTS}


def test_no_script_has_a_rule_of_its_own() -> None:
    """But for slugs and the order of titles, which are not for finding."""
    for name in ("explorer.js", "keypoints.js"):
        script = (SCRIPTS / name).read_text("utf-8")
        assert "self.paperdigestFold(text)" in script
        assert script.count(".normalize(") == (1 if name == "explorer.js" else 0)


def test_readers_find_what_they_type(build: Builder, fresh_tab: Any) -> None:
    """In the explorer and the index, from a folder, too."""
    digest = "# 202405\n\n### Coffee of the Café on the Straße\n- `Keypoints:` Ångström; ガウス\n\n### Another\n- `Keypoints:` カ\n"
    site = build(
        {"202405.md": digest},
        plugins=[],
        site_url="",
        use_directory_urls=False,
        theme={"name": "mkdocs", "highlightjs": False},
    ).site
    page = fresh_tab
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)) if "paperdigest" in (error.stack or "") else None)
    for words in ("cafe", "STRASSE", "angstrom", "ｃｏｆｆｅｅ", "ｶﾞｳｽ"):
        page.goto((site / "papers" / "index.html").as_uri() + f"?q={quote(words)}")
        page.wait_for_function("/^\\d/.test(document.querySelector('.pd-explorer [aria-live]').textContent)")
        assert page.locator(".pd-explorer [aria-live]").text_content().startswith("1 "), words
    page.goto((site / "keypoints" / "index.html").as_uri())
    for words, found in (("angstrom", ["Ångström"]), ("カ", ["カ"]), ("ｶﾞ", ["ガウス"])):
        page.locator(".pd-filter input").fill(words)
        assert page.locator(".pd-index .pd-keypoint").all_text_contents() == found
    assert errors == []


def test_the_search_of_mkdocs_finds_titles_and_keypoints_without_accents(build: Builder) -> None:
    digest = "# 202405\n\n### Coffee of the Café\n- `Keypoints:` Ångström\n\n### Tea\n- `Keypoints:` tea\n"
    site = build({"202405.md": digest, "index.md": "# Café\n"}, theme={"name": "mkdocs"})
    index = json.loads(site.read("search/search_index.json"))
    texts = {entry["location"]: entry["text"] for entry in index["docs"]}
    words = {place: text.partition("\u200b ")[2].split() for place, text in texts.items() if "\u200b " in text}
    assert words.pop("202405/#coffee-of-the-cafe") == ["cafe", "angstrom"]
    assert set(map(tuple, words.values())) == {("angstrom",)}  # of the keypoint's page
    assert not any("cafe" in text for place, text in texts.items() if not place.startswith("202405"))
    assert index["config"]["lang"] == ["en"]
