"""`keypoints.yml` is read as it is written; each fault is one finding at its place; the schema says the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mkdocs_paperdigest.keypoints.keypoints_yml import KEYS, read_keypoints
from mkdocs_paperdigest.keypoints.vocabulary import HUES, Vocabulary, VocabularyEntry
from mkdocs_paperdigest.support import yaml_nodes

FULL = """\
# what we call things
kv-cache:
  label: KV Cache
  slug: KV
  description: |
    Keeping *keys*.

    And values.
  aliases: [key-value cache, KV-caching]
  parent: efficiency
  group: Systems
  colour: teal
  hidden: true
  related: [Paged Attention]
efficiency:
paged-attention: {label: Paged Attention, parent: kv-cache}
"""
SCHEMA = json.loads((ROOT / "mkdocs_paperdigest/schemas/keypoints.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def read(text: str) -> Vocabulary:
    vocabulary, findings = read_keypoints(text, "keypoints.yml")
    assert findings == ()
    return vocabulary


def places(text: str) -> list[str]:
    return [f"{f.code} {f.line}:{f.column}" for f in read_keypoints(text, "keypoints.yml")[1]]


def message(text: str) -> str:
    (finding,) = read_keypoints(text, "keypoints.yml")[1]
    return finding.message


def test_all_keys():
    vocabulary = read(FULL)
    assert vocabulary.path == "keypoints.yml"
    assert vocabulary.entries == (
        VocabularyEntry(
            slug="KV",
            label="KV Cache",
            aliases=("kv-cache", "key-value cache", "KV-caching"),
            description="Keeping *keys*.\n\nAnd values.",
            parent="efficiency",
            group="Systems",
            hue=HUES["teal"],
            hidden=True,
            related=("paged-attention",),
            line=2,
        ),
        VocabularyEntry(slug="efficiency", label="efficiency", is_labelled=False, line=15),
        VocabularyEntry(
            slug="paged-attention",
            label="Paged Attention",
            aliases=("paged-attention",),
            parent="KV",
            hue=HUES["teal"],
            line=16,
        ),
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "---\n"])
def test_line_ends_and_starts(line_end: str, start: str):
    assert [entry.slug for entry in read((start + FULL).replace("\n", line_end)).entries] == [
        "KV",
        "efficiency",
        "paged-attention",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("# nothing\n", []),
        ("---\n", []),
        ("{}", []),
        ("keypoints: []", []),
        ("- label: A b\n- slug: c\n", ["a-b A b", "c c"]),
        ("- {label: A b, slug: x}\n", ["x A b"]),
        ("keypoints:\n  a:\n  b: {label: B}\n", ["a a", "b B"]),
        ("keypoints:\n- label: a\n", ["a a"]),
        ("keypoints:\n", ["keypoints keypoints"]),
        ("keypoints: {label: Key}\n", ["keypoints Key"]),
        ("keypoints: {a: {}}\nb:\n", ["keypoints keypoints", "b b"]),
    ],
)
def test_forms(text: str, names: list[str]):
    vocabulary, findings = read_keypoints(text, "k.yml")
    assert [f"{entry.slug} {entry.label}" for entry in vocabulary.entries] == names
    assert [f.code for f in findings] == (["PD502"] if "b:\n" in text and "{a: {}}" in text else [])


@pytest.mark.parametrize("word", ["no", "on", "1.10", "0x1F", "2024-05-01", "3", "1_000", "12:30", "true", "1e3"])
def test_text_is_what_is_written(word: str):
    vocabulary = read(
        f"{word}: {{description: {word}}}\nother: {{label: x{word}, aliases: [y, z{word}], parent: {word}}}\n"
    )
    assert vocabulary.entries[0].label == word
    assert vocabulary.entries[0].description == word
    assert vocabulary.entries[1].parent == vocabulary.entries[0].slug
    assert read(f"a: {{label: {word}, alias: q, group: {word}}}").entries[0].label == word
    assert read(f"a: {{aliases: {word}}}").entries[0].aliases == (word,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b: c\n", ["PD501 1:5"]),
        ("a:\n  - [x\n", ["PD501 3:1"]),
        ("a:\n---\nb:\n", ["PD501 2:1"]),
        ("a: \x00\n", ["PD501 1:4"]),
        ("a: *b\n", ["PD501 1:4"]),
        ("just words\n", ["PD503 1:1"]),
        ("a: words\n", ["PD503 1:4"]),
        ("a: [x]\n", ["PD503 1:4"]),
        ("a:\n  lable: x\n", ["PD502 2:3"]),
        ("a:\n  label: x\n  label: y\n", ["PD502 3:3"]),
        ("a: {colour: red, color: red}\n", ["PD502 1:18"]),
        ("a: {[x]: y}\n", ["PD502 1:5"]),
        ("<<: {a: b}\n", ["PD502 1:1"]),
        ("a: {label: [x]}\n", ["PD503 1:12"]),
        ("a: {label: ''}\n", ["PD503 1:5"]),
        ("a: {hidden: 'true'}\n", ["PD503 1:13"]),
        ("a: {aliases: {b: c}}\n", ["PD503 1:14"]),
        ("a: {aliases: [b, [c], ~]}\n", ["PD503 1:18", "PD503 1:23"]),
        ("a: {colour: puce}\n", ["PD503 1:13"]),
        ("a: {colour: 360}\n", ["PD503 1:13"]),
        ("a:\n  colour: #fff\n", ["PD503 2:3"]),
        ("'': {label: x}\n", ["PD503 1:1"]),
        ("? [a]\n: b\n", ["PD503 1:3"]),
        ("- a\n", ["PD503 1:3"]),
        ("- {description: a}\n", ["PD503 1:3"]),
        ("- {label: [a]}\n", ["PD503 1:11"]),
        ("a: {aliases: [x]}\nb: {aliases: [y, X]}\n", ["PD504 2:18"]),
        ("a:\nb: {label: A}\n", ["PD504 2:12"]),
        ("a:\nA:\n", ["PD504 2:1"]),
        ("a: {label: x}\na: {label: y}\n", ["PD504 2:1"]),
        ("a: {aliases: [a, A]}\n", []),
        ("a: {parent: b}\n", ["PD505 1:13"]),
        ("a: {related: [a b, c]}\n", ["PD505 1:15", "PD505 1:20"]),
        ("a: {related: a}\n", ["PD503 1:14"]),
        ("a: {parent: a}\n", ["PD506 1:13"]),
        ("a: {parent: c}\nb: {parent: a}\nc: {parent: b}\nd: {parent: c}\n", ["PD506 1:13"]),
        ("d: {parent: c}\na: {parent: c}\nc: {parent: a}\n", ["PD506 2:13"]),
        ("a: {slug: A}\nb: {slug: a}\n", ["PD507 2:11"]),
        ("a: {slug: b}\nb:\n", ["PD507 1:11"]),
        ("a: {slug: b}\nb: {slug: a}\n", []),
        ("a: &x {aliases: [*x]}\n", ["PD503 1:17"]),
        ("a: &x {label: q}\nb: *x\n", ["PD503 2:1"]),
        ('a: {label: "x\\0y"}\n', ["PD002 1:12"]),
    ],
)
def test_one_finding_for_each_fault(text: str, expected: list[str]):
    assert places(text) == expected
    assert places("\ufeff" + text) == expected


@pytest.mark.parametrize(
    "slug",
    [
        *("a/b", "a\\b", "..", "a..b", ".a", "a.", "a b", "index", "Index", "con", "nul.txt", "a#b", "a?b", "a%b"),
        "é" * 61,
    ],
)
def test_slugs_that_no_path_takes(slug: str):
    text = f"a: {{slug: '{slug}'}}\n"
    assert places(text) == ["PD507 1:11"]
    assert read_keypoints(text, "")[0].entries[0].slug == "a"


@pytest.mark.parametrize("slug", ["KV", "c~23", "汉字", "a_b", "a.b", "3D", "--"])
def test_slugs_are_kept_as_given(slug: str):
    assert read(f"a: {{slug: {slug!r}}}\n").entries[0].slug == slug


def test_advice():
    assert "did you mean `aliases`?" in message("a: {aliasses: [x]}")
    assert "label, slug" in message("a: {zzzzz: x}")
    assert "did you mean `efficiency`?" in message("efficiency:\na: {parent: eficiency}")
    assert "add it to the file" in message("a: {parent: something else}")
    assert "magenta" in message("a: {colour: mauvish}")
    assert "(a → b → a)" in message("a: {parent: b}\nb: {parent: a}\n")


def test_cut_cycles_leave_the_rest():
    vocabulary, _ = read_keypoints("a: {parent: b}\nb: {parent: a}\nc: {parent: a}\n", "")
    assert [entry.parent for entry in vocabulary.entries] == [None, None, "a"]


def test_what_others_claim_is_theirs():
    vocabulary, _ = read_keypoints("a: {aliases: [b, c]}\nb:\nc: {label: Sea, parent: b}\n", "")
    assert [(entry.slug, entry.label, entry.parent) for entry in vocabulary.entries] == [
        ("a", "a", None),
        ("sea", "Sea", "a"),
    ]


def hues(text: str) -> list[int | None]:
    return [entry.hue for entry in read(text).entries]


@pytest.mark.parametrize(
    ("colour", "hue"),
    [("0", 0), ("359", 359), ("'#f00'", 0), ("'#00FF00'", 120), ("'#888'", None), ("Teal", 175), ("grey", None)],
)
def test_colours(colour: str, hue: int | None):
    assert hues(f"a: {{colour: {colour}}}") == [hue]


def test_hues_are_inherited():
    assert hues("a: {colour: 10}\nb: {parent: a}\nc: {parent: b}\nd: {parent: c, colour: grey}\ne: {parent: d}\n") == [
        *(10, 10, 10),
        *(None, None),
    ]
    assert hues("a: {group: g}\nb: {group: G, colour: 7}\nc: {group: g, colour: 9}\nd: {parent: a}") == [7, 7, 9, 7]


def test_hues_of_groups_are_apart_and_stay():
    text = "".join(f"k{n}: {{group: g{n}}}\n" for n in range(8))
    found = hues(text)
    assert hues(text + "new: {group: other}\n")[:8] == found
    ordered = sorted(hue for hue in found if hue is not None)
    assert len(ordered) == 8
    assert min((b - a) % 360 for a, b in zip(ordered, [*ordered[1:], ordered[0]], strict=True)) >= 20


HOSTILE = {
    "nested": "[" * 10_000,
    "nested and closed": "a: " + "[" * 10_000 + "]" * 10_000,
    "blocks": "- " * 10_000 + "a",
    "bomb": "a: &a [x, x]\n"
    + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "flat bomb": f"a: {{aliases: &x [{', '.join(f'n{n}' for n in range(2000))}]}}\n"
    + "".join(f"b{n}: {{aliases: *x}}\n" for n in range(2000)),
    "itself": "&a {a: *a}",
    "a key twice": "&a b: {}\n*a : {}\n",
    "merge": "a: &a {label: x}\nb: {<<: *a}\n",
    "tag": "a: !!python/object/apply:os.system [x]\n",
    "surrogate": 'a: {label: "\\ud800"}\n',
    "missing": "".join(f"k{n}: {{parent: m{n}}}\n" for n in range(3000)),
    "a long chain": "".join(f"k{n}: {{parent: k{n + 1}}}\n" for n in range(3000)),
    "cycles": "".join(f"t{n}: {{parent: a{n}}}\na{n}: {{parent: b{n}}}\nb{n}: {{parent: a{n}}}\n" for n in range(1500)),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_hostile_files_are_harmless(name: str, loader: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(yaml_nodes, "_Loader", loader)
    vocabulary, findings = read_keypoints(HOSTILE[name], "k.yml")
    assert findings
    assert len(findings) <= 3002
    assert len({entry.slug for entry in vocabulary.entries}) == len(vocabulary.entries)


WORD = st.sampled_from(
    ["a", "A", "b", "c d", "c-d", "é", "no", "3", "''", '"x"', "~", "#", "*a", "&a", "<<", "[", "]", "{", "}"]
)
LINE = st.one_of(
    st.tuples(
        st.sampled_from(["{}:", "  {}: {}", "- {}: {}", "  - {}", "{}", "? {}", "---", "", "# {}", "\t{}: {}"]),
        WORD,
        WORD,
    ),
    st.tuples(
        st.sampled_from([f"  {key}: {{}}" for key in KEYS] + [f"- {key}: [{{}}, {{}}]" for key in KEYS]), WORD, WORD
    ),
).map(lambda line: line[0].format(line[1], line[2]))


@given(st.one_of(st.lists(LINE, max_size=14).map("\n".join), st.text(max_size=60)))
def test_any_text_is_read_alike_by_both_loaders(text: str):
    vocabulary, findings = read_keypoints(text, "k.yml")
    assert len({entry.slug.casefold() for entry in vocabulary.entries}) == len(vocabulary.entries)
    lines = re.split(r"\r\n|\r|\n", text)
    for finding in findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
    for entry in vocabulary.entries:
        assert entry.parent is None or entry.parent in vocabulary.by_slug
        assert vocabulary.entry(entry.slug) is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_nodes, "_Loader", yaml.SafeLoader)
        slow = read_keypoints(text, "k.yml")
    if "PD501" not in {f.code for f in (*findings, *slow[1])}:
        assert slow == (vocabulary, findings)


def test_ten_thousand_entries():
    text = "".join(
        f"kp-{n}:\n  label: Key {n}\n  aliases: [a{n}, b{n}]\n  parent: kp-{n // 2}\n  group: g{n % 9}\n"
        for n in range(1, 10_001)
    )
    vocabulary, findings = read_keypoints(text, "")
    assert len(vocabulary.entries) == 10_000
    assert [f.code for f in findings] == ["PD505"]


TEXT = st.sampled_from([None, "x", "Y z", "", " ", "no", 3, 1.5, True, [], {}, ["x"], "\x01"])
NAMES = st.one_of(
    st.sampled_from([None, "p", "", " ", 4, True, {}, "\x01"]),
    st.lists(st.sampled_from(["p", "q", "", 4, None, [], True]), max_size=3),
)
COLOUR = st.sampled_from(
    [None, "red", "grey", "puce", "", 0, 359, 360, -1, 12.5, 12.0, "200", "#fff", "#ffff", "#12ab9F", [], True]
)
SLUG = st.sampled_from(
    [None, "a", "KV", "a b", "a/b", "index", "iNdex.x", "con", ".", "a.", "a..b", 3, True, [], "", "a" * 121, "é"]
)
KEYPOINT = st.one_of(
    st.sampled_from([None, "x", 3, []]),
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("label", "description", "group", "parent", "labell"), TEXT),
            **dict.fromkeys(("aliases", "alias", "related"), NAMES),
            **dict.fromkeys(("colour", "color"), COLOUR),
            "slug": SLUG,
            "hidden": st.sampled_from([None, True, False, "x", 1]),
        },
    ),
)
ANY = st.one_of(
    KEYPOINT.map(lambda value: {"name": value}),
    KEYPOINT.map(lambda value: {"keypoints": value}),
    KEYPOINT.map(lambda value: [value]),
    st.sampled_from(["keypoints"]).flatmap(lambda key: KEYPOINT.map(lambda value: {key: {"name": value}})),
    st.sampled_from(["keypoints"]).flatmap(lambda key: KEYPOINT.map(lambda value: {key: [value]})),
    st.sampled_from([None, {}, [], "x", 3, {"": None}, {" ": {}}]),
)


class Plain(yaml.SafeDumper):
    """Writes no references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@given(ANY)
def test_the_schema_says_what_is_read(value: Any):
    text = yaml.dump(value, Dumper=Plain, allow_unicode=True)
    found = [
        f for f in read_keypoints(text, "")[1] if "takes other keypoints" not in f.message
    ]  # no schema can say that
    faults = {f.code for f in found} & {"PD502", "PD503", "PD507"}
    assert VALIDATOR.is_valid(value) == (not faults)


def test_the_schema_is_one_and_knows_all_names():
    Draft202012Validator.check_schema(SCHEMA)
    keypoint = SCHEMA["$defs"]["keypoint"]["properties"]
    assert {*keypoint} == {*KEYS, "alias", "color"}
    assert all(keypoint[key]["description"] for key in keypoint)
    assert SCHEMA["$defs"]["colour"]["anyOf"][2]["enum"] == list(HUES)
    assert VALIDATOR.is_valid(yaml.safe_load(FULL))
