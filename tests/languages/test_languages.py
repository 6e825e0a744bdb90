"""The words of the interface: one file per language, and those that a site adds."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest
import yaml
from conftest import TWO_MONTHS, Builder, article, texts

from mkdocs_paperdigest.languages import Words, WordsError, digest_words, words
from mkdocs_paperdigest.languages import interface_words as languages

OURS = sorted(
    file.name.removesuffix(".yml")
    for file in resources.files("mkdocs_paperdigest.languages").iterdir()
    if file.name.endswith(".yml")
)


def entries(code: str) -> dict[str, object]:
    return dict(
        yaml.safe_load(
            resources.files("mkdocs_paperdigest.languages").joinpath(f"{code}.yml").read_text(encoding="utf-8")
        )
    )


def test_there_are_three_languages() -> None:
    assert OURS == ["en", "ja", "zh"]


@pytest.mark.parametrize("code", OURS)
def test_every_language_has_every_word_and_only_slots_that_have_values(code: str) -> None:
    own, english = entries(code), entries("en")
    assert list(own) == list(english)
    for key, text in own.items():
        assert languages._fault(key, english[key], text) is None, key


@pytest.mark.parametrize("code", OURS)
def test_no_word_stands_in_a_file_twice(code: str) -> None:
    lines = (
        resources.files("mkdocs_paperdigest.languages").joinpath(f"{code}.yml").read_text(encoding="utf-8").splitlines()
    )
    keys = [line.partition(":")[0] for line in lines if line[:1].isalpha()]
    assert len(keys) == len(set(keys)) == len(entries(code))


@pytest.mark.parametrize(
    ("code", "one", "many", "month"),
    [
        ("en", "1 paper", "2 papers", "May 2024"),
        ("zh", "1 篇论文", "2 篇论文", "2024年5月"),
        ("ja", "論文 1 件", "論文 2 件", "2024年5月"),
    ],
)
def test_numbers_and_months(code: str, one: str, many: str, month: str) -> None:
    said = words(code)
    assert (said("papers", 1), said("papers", 2)) == (one, many)
    assert said.month("2024-05") == month


def test_a_region_has_the_words_of_its_language_and_an_unknown_language_english() -> None:
    assert words("zh_TW")("untitled") == words("zh")("untitled")
    assert words("zh_TW").code == "zh-TW"
    assert words("tlh")("untitled") == "Untitled"


def test_a_site_adds_a_language_and_mends_one(tmp_path: Path) -> None:
    (tmp_path / "fr.yml").write_text("untitled: Sans titre\npapers: {one: '{n} article', other: '{n} articles'}\n")
    (tmp_path / "zh.yml").write_text("untitled: 未命名\n", encoding="utf-8")
    french: Words = words("fr-CA", tmp_path)
    assert (french("untitled"), french("papers", 2), french("home")) == ("Sans titre", "2 articles", "Home")
    assert words("zh", tmp_path)("untitled") == "未命名"
    assert words("zh", tmp_path)("home") == words("zh")("home")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- a", "must have lines such as"),
        ("untitled: [", "cannot be read"),
        ("unttled: x", "`unttled` is no word of the interface"),
        ("untitled: 3", "`untitled` takes a text"),
        ("papers: {one: a}", "`papers` takes a text, or a form"),
        ("copy_link: 'a | b'", "`copy_link` may have no `|`"),
        ("papers: '{m} x'", "`papers` has no value for `{m}`"),
        ("papers: '{n x'", "`papers` is no text with slots"),
        ("months: [a, b]", "`months` takes a list of 12 texts"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "fr.yml").write_text(text)
    with pytest.raises(WordsError, match=r"fr\.yml") as raised:
        words("fr", tmp_path)
    assert fault in str(raised.value)


@pytest.mark.parametrize(
    ("theme", "month", "heading"),
    [
        ({"name": "material", "font": False}, "May 2024 · World Models", "Keypoints"),
        ({"name": "material", "font": False, "language": "zh"}, "2024年5月 · World Models", "关键词"),
        ({"name": "material", "font": False, "language": "ja"}, "2024年5月 · World Models", "キーワード"),
        ({"name": "mkdocs", "locale": "en"}, "May 2024 · World Models", "Keypoints"),
    ],
)
def test_a_site_speaks_the_language_of_its_theme(
    build: Builder, theme: dict[str, object], month: str, heading: str
) -> None:
    built = build(TWO_MONTHS, theme=theme)
    assert month in built.read("202405/index.html")
    assert f'<h1 id="keypoints">{heading}</h1>' in built.read("keypoints/index.html")


def test_a_site_with_words_of_its_own(build: Builder, tmp_path: Path) -> None:
    (tmp_path / "project" / "words").mkdir(parents=True)
    (tmp_path / "project" / "words" / "en.yml").write_text("keypoint_heading: Topics\n")
    built = build(TWO_MONTHS, plugin={"words": "words"})
    assert texts(article(built.read("keypoints/index.html")), "h1")[0].startswith("Topics")
    (tmp_path / "project" / "words" / "en.yml").write_text("keypoint_headin: Topics\n")
    failed = build(TWO_MONTHS, plugin={"words": "words"}, status=1)
    assert "`keypoint_headin` is no word of the interface" in failed.output
    assert "there is no folder" in build(TWO_MONTHS, plugin={"words": "nowhere"}, status=1).output


@pytest.mark.parametrize("table", ["fields", "facts", "headings", "phrases"])
def test_words_of_digests_mean_in_every_language_what_they_mean_in_english(table: str) -> None:
    files = [file for file in resources.files("mkdocs_paperdigest.languages").iterdir() if file.name.endswith(".toml")]
    own = {file.name: tomllib.loads(file.read_text(encoding="utf-8")).get(table, {}) for file in files}
    assert {f"{code}.toml" for code in OURS} <= set(own)
    for name, found in own.items():
        assert set(found) <= set(own["en.toml"]), name
        assert all(len(spellings) == len(set(spellings)) for spellings in found.values()), name
    for name, spellings in digest_words(table).items():
        assert spellings[: len(own["en.toml"][name])] == tuple(own["en.toml"][name])
        assert set(spellings) == {word for found in own.values() for word in found.get(name, [])}
