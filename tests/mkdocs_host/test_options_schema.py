"""The schema for editors says of each option what the plugin itself says."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from options_schema import SCHEMA, options_schema, text

from mkdocs_paperdigest.collection import KINDS
from mkdocs_paperdigest.mkdocs_host.config import PaperDigestConfig

DOCUMENT = options_schema()
OPTIONS = DOCUMENT["$defs"]["options"]
NAMES = [name for name, _ in PaperDigestConfig._schema]
PLACES = [name for name, kind in KINDS.items() if "patternErrorMessage" in kind.schema]
VALIDATOR = Draft202012Validator(DOCUMENT)

VALUES: list[Any] = [
    *(None, True, False, 0, 1, 1.0, {}, {"a": 1}, [], ["a"], ["a", "b/**"], [1], [None], [True], [["a"]]),
    *(
        "",
        " ",
        "/",
        ".",
        "./",
        "a",
        "a/",
        "a//b",
        "./a",
        ".//a/./b",
        ".a",
        "a b",
        " a",
        "é/ü",
        "a\n",
        "~",
        "a/...",
        "a.",
    ),
    *(
        "/a",
        "//a",
        "./",
        "././",
        "...",
        "..a",
        "./..a",
        "a/..b",
        "C:a",
        "a\\b",
        "a*",
        "a?",
        'a"',
        "a<",
        "a>",
        "a|",
        "a#",
        "a%",
    ),
    *(
        "{}.md",
        "a/{}.md",
        "./{}.md",
        ".{}.md",
        "..{}.md",
        "a/.{}.md",
        "{}.json",
        "a{}.json",
        "a{}.md.md",
        "a{}.MD",
        "a{}.md\n",
    ),
]
VALUES = [
    *VALUES,
    *(value.replace("{}", fill) for value in VALUES if isinstance(value, str) for fill in ("", " ", "x")),
]
WITH_PARENT = [
    "..",
    "../a",
    "../a.md",
    "../a.json",
    "a/..",
    "a/../b",
    "a/../b.md",
    "a/../b.json",
    "./..",
    "a/b/../../../c.md",
]


class _Loader(yaml.SafeLoader):
    """Takes any tag, such as `!ENV` or `!!python/name:`, for nothing."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def plugin_takes(name: str, value: Any) -> bool:
    config = PaperDigestConfig()
    config.load_dict({name: value})
    errors, warnings = config.validate()
    return not errors and not warnings


def schema_takes(name: str, value: Any) -> bool:
    return VALIDATOR.is_valid({"plugins": [{"paperdigest": {name: value}}]})


def test_the_file_is_what_is_generated() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == text(), "run: python tests/tools/options_schema.py"


@pytest.mark.parametrize("draft", [Draft202012Validator, Draft7Validator])
def test_it_is_a_schema(draft: Any) -> None:
    draft.check_schema(DOCUMENT)
    assert json.loads(text()) == DOCUMENT


def test_every_option_is_there_with_its_words_and_its_default() -> None:
    assert list(OPTIONS["properties"]) == NAMES
    for name, option in PaperDigestConfig._schema:
        said = OPTIONS["properties"][name]
        assert said["description"].endswith(".")
        assert said["default"] == option.default
        assert schema_takes(name, option.default)


@pytest.mark.parametrize("name", [*NAMES, "keypoints_page"])
def test_the_schema_takes_what_the_plugin_takes(name: str) -> None:
    assert {repr(value) for value in VALUES if schema_takes(name, value)} == {
        repr(value) for value in VALUES if plugin_takes(name, value)
    }


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("value", WITH_PARENT)
def test_a_path_with_a_parent_is_never_taken(name: str, value: str) -> None:
    assert not schema_takes(name, value)
    assert not plugin_takes(name, value)


PIECES = st.sampled_from(["a", ".", "/", " ", "é", "\n", "#", "\\", ".md", ".json", "..", "./", "b/"])
PATHS = st.lists(PIECES | st.characters(codec="utf-8"), max_size=6).map("".join)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PATHS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(name=st.sampled_from(NAMES), value=PATHS | PATHS.map("{}.md".format) | PATHS.map("{}.json".format) | ANYTHING)
def test_the_schema_takes_any_value_that_the_plugin_takes(name: str, value: Any) -> None:
    assert schema_takes(name, value) == plugin_takes(name, value)


@pytest.mark.parametrize(
    "document",
    [
        "site_name: Papers",
        "plugins:",
        "plugins: [search, paperdigest]",
        "plugins: {search: {}, paperdigest: {home: false}}",
        "plugins: [paperdigest: {}]",
        "plugins: [paperdigest: null]",
        "plugins: {paperdigest: }",
        "plugins: [paperdigest: {include: [a, b], exclude: c, papers_json: false, keypoint_pages: topics}]",
        "plugins: [{blog: {home: 3, enabled: [1]}}, {tags: [paperdigest, homee]}, 7]",
        "{theme: 3, paperdigest: {homee: 1}, extra: {plugins: [paperdigest: 1]}, plugins: [paperdigest]}",
    ],
)
def test_a_good_mkdocs_yml_passes(document: str) -> None:
    VALIDATOR.validate(yaml.load(document, _Loader))
    Draft7Validator(DOCUMENT).validate(yaml.load(document, _Loader))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("plugins: [search, paperdigest: {homee: true}]", [1, "paperdigest"]),
        ("plugins: {paperdigest: {homee: true}}", ["paperdigest"]),
        ("plugins: [paperdigest: {home: 'yes please'}]", [0, "paperdigest", "home"]),
        ("plugins: [paperdigest: {keypoint_index: index.html}]", [0, "paperdigest", "keypoint_index"]),
        ("plugins: {paperdigest: {include: [a, 1]}}", ["paperdigest", "include", 1]),
        ("plugins: [paperdigest: [home]]", [0, "paperdigest"]),
        ("plugins: [paperdigest: true]", [0, "paperdigest"]),
        ("plugins:\n  - paperdigest:\n    home: false\n", [0]),
        ("plugins: paperdigest", []),
    ],
)
def test_a_wrong_mkdocs_yml_fails_where_it_is_wrong(document: str, path: list[Any]) -> None:
    for validator in (VALIDATOR, Draft7Validator(DOCUMENT)):
        errors = list(validator.iter_errors(yaml.load(document, _Loader)))
        assert [list(error.absolute_path) for error in errors] == [["plugins", *path]]


def test_the_example_site_passes() -> None:
    VALIDATOR.validate(yaml.load((ROOT / "example_site" / "mkdocs.yml").read_text(encoding="utf-8"), _Loader))


def test_the_guide_gives_the_address() -> None:
    guide = (ROOT / "example_site" / "docs" / "guide" / "options.md").read_text(encoding="utf-8")
    assert f"\n# yaml-language-server: $schema={DOCUMENT['$id']}\n" in guide
    assert DOCUMENT["$id"].endswith(f"/main/{SCHEMA.relative_to(ROOT).as_posix()}")
