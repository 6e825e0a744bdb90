"""Changes of `keypoints.yml` say what they should, and touch no other line."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.keypoints.keypoints_yml import KeypointsFile, read_keypoints
from mkdocs_paperdigest.keypoints.keypoints_yml_edits import (
    EditError,
    describe_keypoint,
    merge_keypoints,
    rename_keypoint,
)
from mkdocs_paperdigest.keypoints.vocabulary import VocabularyEntry

FILE = """\
# head
kv-cache:   # one
  label: "KV Cache"
  aliases:
    - key-value cache   # two
  # three
  parent: efficiency

# about speed
Caching:
  description: |
    Text.

    More.
  slug: caches   # five
  related: [efficiency, 'kv-cache']

efficiency:   {group: Systems,  colour: teal}
x:
  parent: caches
  related:
    - kv-cache
    - caching
"""


def entry(text: str, name: str) -> VocabularyEntry:
    found = read_keypoints(text, "")[0].entry(name)
    assert found is not None
    return found


def test_merged_entries():
    assert (
        merge_keypoints(FILE, "KV Cache", "caching")
        == """\
# head
kv-cache:   # one
  label: "KV Cache"
  aliases:
    - key-value cache   # two
    - Caching
    - caches
  # three
  parent: efficiency
  description: |
    Text.

    More.
  related: [efficiency]

# about speed
# five

efficiency:   {group: Systems,  colour: teal}
x:
  parent: kv-cache
  related:
    - kv-cache
"""
    )


def test_merged_into_a_name_without_entry_takes_the_entry():
    text = merge_keypoints(FILE, "New One", "caching")
    assert "New One:\n  description: |\n    Text.\n\n    More.\n  # five\n  related: [efficiency, 'kv-cache']\n" in text
    assert "  aliases: [Caching, caches]\n" in text
    assert "  parent: New One\n  related:\n    - kv-cache\n    - New One\n" in text
    assert entry(text, "caches").slug == "new-one"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a:\n  aliases: [b]\n"),
        ("# c", "# c\na:\n  aliases: [b]\n"),
        ("---\n", "---\na:\n  aliases: [b]\n"),
        ("a:\r\n", "a:\r\n  aliases: [b]\r\n"),
        ("a:  # c", "a:  # c\n  aliases: [b]"),
        ("\ufeffa:\n", "\ufeffa:\n  aliases: [b]\n"),
        ("[]", "[{label: a, aliases: [b]}]"),
        ("{}\n", "{a: {aliases: [b]}}\n"),
        ("a: ~\n", "a: {aliases: [b]}\n"),
        ("a: {}\n", "a: {aliases: [b]}\n"),
        ("a: {alias: c}\n", "a: {alias: [c, b]}\n"),
        ("a: {aliases: , label: A}\n", "a: {aliases: [b], label: A}\n"),
        ("a: {aliases: []}\n", "a: {aliases: [b]}\n"),
        ("a:\n    aliases: c, d  # e\n", 'a:\n    aliases: ["c, d", b]  # e\n'),
        ("a:\n  aliases:\n  - c\n\n# e\n", "a:\n  aliases:\n  - c\n  - b\n\n# e\n"),
        ("q:\n    label: Q\n\nr:\n", "q:\n    label: Q\n\nr:\n\na:\n    aliases: [b]\n"),
        ('{"a": {"label": "A"}, "b": null}', '{"a": {"label": "A", "aliases": ["b"]}}'),
        ("keypoints:\n- slug: a\n- slug: b\n  aliases: z", "keypoints:\n- slug: a\n  aliases: [b, z]"),
        ("- slug: b\n", "- label: a\n  aliases: [b]\n"),
        ("b:\n", "a:\n  aliases: [b]\n"),
        ("keypoints:\n  b:\n  a:\n", "keypoints:\n  a:\n    aliases: [b]\n"),
        ("a: {parent: b}\nb: {parent: a}\n", "a: {aliases: [b]}\n"),
        ("a: {parent: x}\nx: {parent: b}\nb:\n", "a: {aliases: [b]}\nx: {parent: a}\n"),
        ("a:\nb: {colour: '#0af', group: G}\n", 'a:\n  group: G\n  colour: "#0af"\n  aliases: [b]\n'),
        ("a: {colour: 3}\nb: {colour: 4, related: [c, a]}\nc:\n", "a: {colour: 3, related: [c], aliases: [b]}\nc:\n"),
    ],
)
def test_merged_in_every_form(text: str, expected: str):
    assert merge_keypoints(text, "a", "b") == expected
    assert merge_keypoints(expected, "a", "b") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "new:\n  aliases: [old]\n"),
        ("old:\n", "new:\n  aliases: [old]\n"),
        ("old: {label: Old!, slug: s}\n", "new: {label: new, slug: s, aliases: [Old!, old]}\n"),
        ("- slug: s\n  label: old\n", "- slug: s\n  label: new\n  aliases: [old]\n"),
        ("- slug: old\n", "- slug: old\n  label: new\n  aliases: [old]\n"),
        ("old: {aliases: [New]}\nb: {parent: old}\n", "new: {aliases: [New, old]}\nb: {parent: old}\n"),
        ("'old': # c\n  hidden: yes\n", "'new': # c\n  hidden: yes\n  aliases: [old]\n"),
    ],
)
def test_renamed_in_every_form(text: str, expected: str):
    assert rename_keypoint(text, "old", "new") == expected
    assert rename_keypoint(expected, "old", "new") == expected
    assert entry(expected, "old").label == "new"


def test_renamed_in_case_alone():
    assert rename_keypoint("kv cache:\n", "kv cache", "KV Cache") == "KV Cache:\n  aliases: [kv cache]\n"


@pytest.mark.parametrize(
    ("text", "description", "expected"),
    [
        ("", "D", "a:\n  description: D\n"),
        ("", "", ""),
        ("a:\n", "D: e", 'a:\n  description: "D: e"\n'),
        ("a: {}\n", "D\ne", 'a: {description: "D\\ne"}\n'),
        ("a:\n  description: x # c\n", "D\n\n e", 'a:\n  description: "D\\n\\n e" # c\n'),
        (
            "a:\n  description: |\n    x\n    y\n\n  label: A\n",
            "D\ne",
            "a:\n  description: |\n    D\n    e\n\n  label: A\n",
        ),
        ("a:\n  description: |\n    x\n  label: A # c\n", "", "a:\n  label: A # c\n"),
        ("a:\n  description: x # c\n", "", "a:\n  # c\n"),
        ("a: {description: x, label: A}\n", "", "a: {label: A}\n"),
        ("a: {label: A, description: x}\n", "", "a: {label: A}\n"),
        ("- description: x\n  label: a\n", "", "- label: a\n"),
        ("- label: a\n  description: 'x'\n", "It's", "- label: a\n  description: 'It''s'\n"),
        ("- label: a\n", "x\r\ny", "- label: a\n  description: |\n    x\n    y\n"),
    ],
)
def test_described_in_every_form(text: str, description: str, expected: str):
    assert describe_keypoint(text, "a", description) == expected
    assert describe_keypoint(expected, "a", description) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "cannot be read"),
        ("a:\n---\nb:\n", "cannot be read"),
        ("words", "no mapping"),
        ("a: words\n", "mend it"),
    ],
)
def test_refused_where_the_file_is_wrong(text: str, words: str):
    for change in (
        lambda: merge_keypoints(text, "a", "b"),
        lambda: describe_keypoint(text, "a", "b"),
        lambda: rename_keypoint(text, "a", "b"),
    ):
        with pytest.raises(EditError, match=words):
            change()


def test_refused_where_it_means_something_else():
    with pytest.raises(EditError, match="merge them"):
        rename_keypoint("a:\nb: {aliases: [c]}\n", "a", "c")
    with pytest.raises(EditError, match="empty"):
        merge_keypoints("", "a", " ")
    with pytest.raises(EditError, match="by hand"):  # others refer to the lines that would go
        merge_keypoints("a:\nb: {description: &d x}\nc: {description: *d}\n", "a", "b")


NAMES = ["a", "b", "c d", "e: f", "No", "3", "é", "g"]
PLAIN = st.sampled_from(["x", "y z", "it's", "q: r", "#s", "no", "7"])


@st.composite
def files(draw: Any) -> str:
    """A file without faults but those of references, in one of the forms, with comments and odd spaces."""
    quote = json.dumps
    end = draw(st.sampled_from(["\n", "\r\n"]))
    is_list, is_below = draw(st.booleans()), draw(st.booleans())
    step = " " * draw(st.integers(1, 4))
    margin = step if is_below else ""
    inner = margin + ("  " if is_list else step)
    lines = ["# head"] + (["keypoints:  # below"] if is_below else [])
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    others = st.sampled_from(names)
    for number, name in enumerate(names):
        own: list[str] = []
        pairs = {
            "label": quote(f"{name} L") if draw(st.booleans()) or is_list else None,
            "slug": f"s{number}" if draw(st.booleans()) else None,
            "group": draw(st.none() | PLAIN.map(quote)),
            "colour": draw(st.sampled_from([None, "3", "teal", "'#0af'"])),
            "parent": draw(st.none() | others.map(lambda n: quote(f"{n} L" if is_list else n))),
            "hidden": draw(st.sampled_from([None, "true"])),
        }
        own += [f"{key}:  {value}  # {number}{key}" for key, value in pairs.items() if value]
        if draw(st.booleans()):
            own.append(f"aliases: [ {quote(name + ' A')},  z{number} ] # {number}aliases")
        elif draw(st.booleans()):
            own += [
                f"aliases: # {number}aliases",
                f"- z{number}   # {number}z",
                f"  # {number}zz",
                f"- {quote(name + ' A')}",
            ]
        if draw(st.booleans()):
            own += ["description: |", "  One # no comment.", "", "  Two."]
        if draw(st.booleans()):
            own.append(
                f"related: [{', '.join(quote(f'{n} L' if is_list else n) for n in draw(st.lists(others, max_size=3)))}]"
            )
        lines += [""] * draw(st.integers(0, 2)) + ([f"{margin}# above {number}"] if draw(st.booleans()) else [])
        if is_list:
            lines += [f"{margin}- {own[0]}"] + [f"{inner}{line}" if line else "" for line in own[1:]]
        else:
            lines += [f"{margin}{quote(name)}:  # {number}name"] + [f"{inner}{line}" if line else "" for line in own]
    lines += ["# foot"] * draw(st.integers(0, 1))
    return end.join(lines) + end * draw(st.integers(0, 1))


SPELT = st.sampled_from(
    [*NAMES, *(f"{name} L" for name in NAMES), *(f"{name} A" for name in NAMES), "s0", "s1", "z2", "new"]
)


def comments(text: str) -> Counter[str]:
    return Counter(
        f"#{line.split('#')[-1]}".rstrip()
        for line in text.splitlines()
        if " # " in f" {line}" and "no comment" not in line
    )


def codes(text: str) -> Counter[str]:
    return Counter(finding.code for finding in read_keypoints(text, "")[1])


def check(before: str, after: str, touched: set[str | None]) -> None:
    assert not codes(after) - codes(before)
    assert not comments(before) - comments(after)
    assert ("\r\n" in before) == (after.count("\r\n") == after.count("\n")) or before == after
    assert before.endswith("\n") == after.endswith("\n")
    lines = Counter(after.splitlines())
    file = KeypointsFile(before, "")
    for item in file.written:
        slug = item.entry.slug if item.entry else None
        names_touched = {ref.text for ref in (item.parent, *item.related) if ref}
        if slug in touched or any(e.slug in touched for n in names_touched if (e := file.vocabulary.entry(n))):
            continue
        first = item.key or item.node
        node = item.node
        own = [line for line in before[first.start_mark.index : node.end_mark.index].splitlines()[1:] if line.strip()]
        assert not Counter(own) - lines


def test_of_a_list_that_names_one_keypoint_three_times_the_last_two_go() -> None:
    text = "a:\nb:\nc: {related: [b, b, b]}\n"
    assert list(read_keypoints(merge_keypoints(text, "a", "b"), "")[0].entry("c").related) == ["a"]


@given(files(), SPELT, SPELT)
def test_merged_any_file(text: str, keep: str, drop: str):
    vocabulary = read_keypoints(text, "")[0]
    slug = vocabulary.slug(keep)
    after = merge_keypoints(text, keep, drop)
    now = read_keypoints(after, "")[0]
    assert now.slug(keep) == now.slug(drop) == slug
    gone = vocabulary.entry(drop)
    for spelling in (gone.label, *gone.aliases, *([] if "~" in gone.slug else [gone.slug])) if gone else ():
        assert now.slug(spelling) == slug
    assert len(now.entries) <= max(len(vocabulary.entries), 1) + 1
    assert merge_keypoints(after, keep, drop) == after
    check(text, after, {slug, vocabulary.slug(drop)})


@given(files(), SPELT, SPELT)
def test_renamed_any_file(text: str, old: str, new: str):
    vocabulary = read_keypoints(text, "")[0]
    before, other = vocabulary.entry(old), vocabulary.entry(new)
    if other is not None and other is not before:
        with pytest.raises(EditError):
            rename_keypoint(text, old, new)
        return
    after = rename_keypoint(text, old, new)
    assert rename_keypoint(after, old, new) == after
    check(text, after, {vocabulary.slug(old)})
    if old == new:
        assert after == text
        return
    now = entry(after, old)
    assert now.label == new
    if before:
        assert all(entry(after, spelling) == now for spelling in (before.label, *before.aliases))
        assert before.label in (now.label, *now.aliases)


@given(
    files(),
    SPELT,
    st.sampled_from(["", "x", "x: y", "x\ny", "x\n\n  y #z\n", "汉字\t1", "\u3000x\ny", " x\ny", "\x07", "- x", "|"]),
)
def test_described_any_file(text: str, name: str, description: str):
    vocabulary = read_keypoints(text, "")[0]
    after = describe_keypoint(text, name, description)
    assert describe_keypoint(after, name, description) == after
    check(text, after, {vocabulary.slug(name)})
    now = read_keypoints(after, "")[0].entry(name)
    assert (now.description if now else "") == description.replace("\x07", "").strip("\n").rstrip()
    assert vocabulary.slug(name) == (now.slug if now else vocabulary.slug(name))


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=12))
def test_any_text_and_names_are_changed_or_refused(text: str, one: str, two: str):
    for change in (merge_keypoints, rename_keypoint, describe_keypoint):
        try:
            after = change(text, one, two)
        except EditError:
            continue
        assert change(after, one, two) == after
