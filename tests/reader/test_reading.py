"""The small pieces of the reader, each by itself: what a label looks like, what it means, dates, names, titles, links, evidence."""

from __future__ import annotations

import pytest

from mkdocs_paperdigest.reader import read_digest
from mkdocs_paperdigest.reader.dates import find_date
from mkdocs_paperdigest.reader.entries import Evidence, evidence, split_entry
from mkdocs_paperdigest.reader.facts import identified, read_links, read_names, split_names
from mkdocs_paperdigest.reader.fields import split_keypoints
from mkdocs_paperdigest.reader.inline import read_inline
from mkdocs_paperdigest.reader.labels import DEFAULT_LABELS, FACT_LABELS, FIELD_LABELS, LabelVocabulary, read_label
from mkdocs_paperdigest.records.paper import Label
from mkdocs_paperdigest.support.yaml_nodes import UnreadableError, compose


@pytest.mark.parametrize(
    ("text", "look", "written", "value"),
    [
        ("`Method:` x", "code", "Method", " x"),
        ("`Method`: x", "code", "Method", " x"),
        ("`Method：` x", "code", "Method", " x"),
        ("`Method:  x", "code", "Method", "  x"),
        ("**Method:** x", "bold", "Method", " x"),
        ("**Method**：x", "bold", "Method", "x"),
        ("__Method__: x", "bold", "Method", " x"),
        ("***Method:*** x", "bold", "Method", " x"),
        ("**Method**", "bold", "Method", ""),
        ("*Method:* x", "italic", "Method", " x"),
        ("Method: x", "plain", "Method", " x"),
        ("方法：x", "plain", "方法", "x"),
        ("Abstract (ZH): x", "plain", "Abstract (ZH)", " x"),
        ("📅 Date: x", "sign", "Date", " x"),
        ("🔑 **Keywords:** x", "bold", "Keywords", " x"),
        ("- x", None, "", ""),
        ("**<font color=#fff>作者：</font>** x", "bold", "作者", " x"),
        ("<font color=red>**摘要**</font>：x", "bold", "摘要", "x"),
        ("<b>Method:</b> x", "sign", "Method", "</b> x"),
        ("💻 Env: x", "sign", "Env", " x"),  # not known, but it looks like one
        ("**Read time:** x", "bold", "Read time", " x"),
        ("Note: x", None, "", ""),  # plain and not known: prose
        ("**Method** is bold", None, "", ""),
        ("*Method* of italics", None, "", ""),
        ("Method://x", None, "", ""),
        ("**COST: A Title**", None, "", ""),
        ("", None, "", ""),
    ],
)
def test_what_a_label_looks_like(text: str, look: str | None, written: str, value: str) -> None:
    label = read_label(text, DEFAULT_LABELS)
    if look is None:
        assert label is None
    else:
        assert label is not None
        assert (label.look, label.written, text[label.value :].strip()) == (look, written, value.strip())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *((spelling, name) for name, spellings in {**FIELD_LABELS, **FACT_LABELS}.items() for spelling in spellings),
        ("KEYWORDS", "keypoints"),
        ("key  words", "keypoints"),
        ("TL;DR", "tldr"),
        ("ＴＬ；ＤＲ", "tldr"),
        ("Paper(Oral)", "link"),
        ("Title (ZH)", "title"),
        ("Keypionts", "keypoints"),
        ("Read time", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_what_a_label_means(written: str, name: str | None) -> None:
    meaning = DEFAULT_LABELS.meaning(written)
    assert (meaning[0] if meaning else None) == name


def test_no_spelling_means_two_things() -> None:
    known = [spelling for spellings in (*FIELD_LABELS.values(), *FACT_LABELS.values()) for spelling in spellings]
    assert len(known) == len(set(known))


def test_a_site_adds_labels_and_chooses_what_gives_keypoints() -> None:
    own = LabelVocabulary(
        {"keypoints": ["Themes"], "Key Contribution": ["Contribution", "贡献"], "method": ["Abstract"]}, ["category"]
    )
    assert own.meaning("themes") == ("keypoints", True)
    assert own.meaning("贡献") == ("key_contribution", True)
    assert own.is_field("key_contribution")
    assert own.spelling("key_contribution") == "Contribution"
    assert own.meaning("Abstract") == ("method", True)  # the site's word counts
    assert own.keypoint_fields == {"category"}
    assert LabelVocabulary(keypoint_fields=["Main Category"]).keypoint_fields == {"category"}
    assert own != DEFAULT_LABELS
    assert LabelVocabulary() == DEFAULT_LABELS


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("2025-06-08", "2025-06", "2025-06-08"),
        ("PaperList_202405", "2024-05", None),
        ("2026-02-12-title", "2026-02", "2026-02-12"),
        ("1-Apr-2025", "2025-04", "2025-04-01"),
        ("May-17-2024", "2024-05", "2024-05-17"),
        ("2024/05/17", "2024-05", "2024-05-17"),
        ("Nov 15, 2024", "2024-11", "2024-11-15"),
        ("17th of May, 2024", "2024-05", "2024-05-17"),
        ("2024 May 17", "2024-05", "2024-05-17"),
        ("June 2024", "2024-06", None),
        ("2024年5月17日", "2024-05", "2024-05-17"),
        ("2024年5月", "2024-05", None),
        ("Tue, 17 Oct 23", "2023-10", "2023-10-17"),
        ("(May 27 - June 2) - 2024", "2024-06", None),
        ("June 2 - 8, 2025", "2025-06", None),
        ("2024-02-31", "2024-02", None),
        ("2405.01234", None, None),
        ("2012.12877", None, None),
        ("Mayor 2024", None, None),
        ("5月17日", None, None),
        ("2024", None, None),
    ],
)
def test_dates(text: str, month: str | None, day: str | None) -> None:
    found = find_date(text)
    assert (found.month if found else None, found.date if found else None) == (month, day)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Moss, Lin Reed and Bo Shore", ["Ada Moss", "Lin Reed", "Bo Shore"]),
        ("Ada Moss,Lin Reed", ["Ada Moss", "Lin Reed"]),
        ("海野 葵、磯 健", ["海野 葵", "磯 健"]),
        ("Ada Moss; Lin Reed et al.", ["Ada Moss", "Lin Reed"]),
        ("Ada Moss et.al.", ["Ada Moss"]),
        ("Ada Moss*, Lin Reed†, Bo Z.¹", ["Ada Moss", "Lin Reed", "Bo Z."]),
        ("Ada Moss (Shore Lab, Sea), Lin Reed", ["Ada Moss", "Lin Reed"]),
        ("Lin Reed, Jr., Ada Moss", ["Lin Reed, Jr.", "Ada Moss"]),
        ("Authors: Ada Moss, Lin Reed", ["Ada Moss", "Lin Reed"]),
        ("N/A", []),
        ("", []),
    ],
)
def test_names_of_people(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


@pytest.mark.parametrize(
    "text", ["We fly a kite over the sea.", "A kite", "https://example.org", "counting, kites, sea", "Kelp: a study"]
)
def test_what_is_no_list_of_names(text: str) -> None:
    assert read_names(text) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[a], [b c]", ["a", "b c"]),
        ("[a][b]", ["a", "b"]),
        ("[a], [b].", ["a", "b"]),
        ("a, b (c, d)，e", ["a", "b (c, d)", "e"]),
        ("#a #b", ["a", "b"]),
        ("#a, #b", ["a", "b"]),
        ("one, two.", ["one", "two"]),
        ("C++, U.S.", ["C++", "U.S."]),
        ("{keywords}", ["{keywords}"]),
    ],
)
def test_keypoints_as_other_formats_write_them(text: str, names: list[str]) -> None:
    assert list(split_keypoints(text)) == names


def test_code_spans_are_a_keypoint_each() -> None:
    assert split_keypoints("a b c", "`a` `b c`") == ("a", "b c")


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("[Kelp Counting](https://arxiv.org/abs/2402.00001), Ada Moss, CVPR 2024", "Kelp Counting"),
        ("**[Kelp: A View](https://x.org)**", "Kelp: A View"),
        ("**Kelp Counting** [[paper](https://x.org)]", "Kelp Counting"),
        ("1) **10) Things We Counted** - text", "10) Things We Counted"),
        ("[2024/05] [Kelp](https://x.org)", "Kelp"),
        ("(CVPR'24) **Kelp** [[Paper](https://x.org)]", "Kelp"),
        ("**[ECCV 2024]** Kelp [[paper](https://x.org)]", "Kelp"),
        ("[ICASSP 2024] Kelp [[paper](https://x.org)]", "Kelp"),
        ("2024-05-31, **Kelp**, Ada Moss, Paper: [https://x.org](https://x.org)", "Kelp"),
        ("Kelp `[SD]` `[2024.08]` \\[[paper](https://x.org)\\]", "Kelp"),
        ('**Kelp**: "Kelp: The Whole Title" [[paper](https://x.org)]', "Kelp: The Whole Title"),
        ('**Kelp, "Twice as **Bold**"**', 'Kelp, "Twice as Bold"'),
        ("**Kelp \\*starred\\* twice** [[paper](https://x.org)]", "Kelp *starred* twice"),
        ("[paper](https://x.org)", None),
        ("just words", None),
        ("[Kelp](#kelp)", None),
    ],
)
def test_titles_of_entries(source: str, title: str | None) -> None:
    found = split_entry(source, {})
    assert (found.text if found else None) == title


@pytest.mark.parametrize(
    ("source", "urls"),
    [
        ("https://x.org/a_(b)_c.pdf", ["https://x.org/a_(b)_c.pdf"]),
        ("(https://x.org/a)", ["https://x.org/a"]),
        ("https://x.org/a.", ["https://x.org/a"]),
        ("https://x.org/a；代码", ["https://x.org/a"]),
        ("[T]([https://x.org](https://x.org))", ["https://x.org"]),
        ("[a](https://x.org) https://y.org", ["https://x.org", "https://y.org"]),
        ("[a](javascript:x)", []),
    ],
)
def test_addresses(source: str, urls: list[str]) -> None:
    assert [link.url for link in read_links(source, {})] == urls


def test_identifiers_stand_for_links() -> None:
    assert [link.url for link in identified("arXiv:2405.01234v2 [cs.CV]")] == ["https://arxiv.org/abs/2405.01234v2"]
    assert [link.url for link in identified("cs.CL/0501001")] == ["https://arxiv.org/abs/cs.CL/0501001"]
    assert [link.url for link in identified("doi: 10.1000/182.")] == ["https://doi.org/10.1000/182"]
    assert identified("1.5 of 2024") == []


@pytest.mark.parametrize("text", ["$a*b*c$ d", "$x_{i}\\,y_i$", "$$\\sum_i x_i$$", "($O(n^2)$)", "$\\alpha$-Net"])
def test_mathematics_stays_as_it_is(text: str) -> None:
    assert read_inline(text).text == text


@pytest.mark.parametrize("text", ["costs $5 and *6* $", "US$5 *and* US$6"])
def test_prices_are_no_mathematics(text: str) -> None:
    assert read_inline(text).text == text.replace("*", "")


def _labels(*names: str, look: str = "bold") -> list[Label]:
    return [Label(name, FIELD_LABELS.get(name, FACT_LABELS.get(name, (name,)))[0], "", 0, look) for name in names]


@pytest.mark.parametrize(
    ("labels", "titled", "linked", "shown"),
    [
        (_labels("keypoints", look="code"), False, False, Evidence.SURE),
        (_labels("keypoints", "objective"), False, False, Evidence.SURE),
        (_labels("objective", "method"), False, False, Evidence.LIKELY),
        (_labels("date"), True, False, Evidence.SURE),
        (_labels("date"), False, True, Evidence.NONE),
        (_labels("abstract"), False, True, Evidence.SURE),
        (_labels("authors", "abstract", "date", look="plain"), False, False, Evidence.SURE),
        (_labels("abstract", "method", "discussion"), False, False, Evidence.NONE),
        (_labels("summary", "results", "method"), False, False, Evidence.NONE),
        ([], True, True, Evidence.NONE),
    ],
)
def test_what_shows_a_paper(labels: list[Label], titled: bool, linked: bool, shown: Evidence) -> None:
    assert evidence(labels, titled=titled, linked=linked) is shown


DEEP = {
    "lists": "a: " + "[" * 1500 + "]" * 1500,
    "mappings": "a: " + "{a: " * 1500 + "}" * 1500,
    "items": "a:\n  " + "- " * 1500 + "x",
    "keys": "? " * 1500 + "x",
}


@pytest.mark.parametrize("yaml", DEEP.values(), ids=DEEP)
def test_front_matter_of_any_depth_ends_nothing(yaml: str) -> None:
    digest, _ = read_digest(f"---\n{yaml}\n---\n\n# 202405\n\n### Title\n- `Keypoints:` one\n")
    assert [paper.keypoints for paper in digest.papers] == [("one",)]


@pytest.mark.parametrize("yaml", DEEP.values(), ids=DEEP)
def test_yaml_of_any_depth_is_refused(yaml: str) -> None:
    with pytest.raises(UnreadableError, match="nested too deeply"):
        compose(yaml)


@pytest.mark.parametrize("sign", ["- ", "1. ", "> ", "- > ", "*   "])
def test_what_is_nested_deeply_hides_no_paper_below(sign: str) -> None:
    text = f"# 202405\n\n### One\n- `Keypoints:` one\n\n{sign * 300}x\n\n### Two\n- `Keypoints:` two\n"
    digest, _ = read_digest(text)
    assert [paper.title for paper in digest.papers] == ["One", "Two"]


def test_a_cell_of_raw_html_that_is_nested_without_end_is_read() -> None:
    head = "<table><tr><th>Title</th><th>PDF</th></tr><tr><td>"
    tail = "Kelp</td><td><a href='https://arxiv.org/abs/2405.00001'>pdf</a></td></tr></table>\n"
    digest, _ = read_digest(f"# P\n\n{head}{'<i>' * 5000}{tail}", "202405.md")
    assert [paper.title for paper in digest.papers] == ["Kelp"]
