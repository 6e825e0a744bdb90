"""Near-duplicates of keypoints: pairs that a careful person judged, and that nothing explodes.

Each file of `similar/` has pairs of one field, `same` and `different`. They were judged by hand, and no table of the code is made for one of them.
Those of `similar/unseen/` were written by others, who did not see the code, and it was not changed after they were measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mkdocs_paperdigest.keypoints.acronyms import learn_acronyms
from mkdocs_paperdigest.keypoints.similar import REASONS, similar
from mkdocs_paperdigest.keypoints.spelling import american, known, singular, typo
from mkdocs_paperdigest.support.slugs import keypoint_key

FILES = sorted((Path(__file__).parent / "similar").glob("*.yml"))
PAIRS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
UNSEEN = sorted((Path(__file__).parent / "similar" / "unseen").glob("*.yml"))
NEVER = [
    ("classifier guidance", "classifier-free guidance"),
    ("text-to-image", "image-to-text"),
    ("supervised", "unsupervised"),
    ("2D", "3D"),
    ("GPT-3", "GPT-4"),
    ("encoder", "decoder"),
    ("supervised learning", "unsupervised learning"),
    ("2D pose estimation", "3D pose estimation"),
    ("GPT-3 evaluation", "evaluation of GPT-4"),
    ("Text-to-Image Generation", "image-to-text generation"),
    ("encoder networks", "decoder network"),
    ("k-means", "c-means"),
    ("retrieval-augmented generation", "generation-augmented retrieval"),
]
NAMES = st.dictionaries(
    st.text(max_size=12)
    | st.lists(
        st.sampled_from(
            "image images retrieval of retreival 3D 2D GPT-3.5 LLM (LLMs) Large Language Models colour color ' , 模型 の é free non".split()
        ),
        max_size=6,
    ).map(" ".join),
    st.integers(0, 3),
    max_size=8,
)


def pairs_of(names):
    return {frozenset((pair.a, pair.b)) for pair in similar(names)}


def scores(same, different):
    found = sum(bool(similar(dict.fromkeys(pair, 1))) for pair in same)
    wrong = [pair for pair in different if similar(dict.fromkeys(pair, 1))]
    return found / (found + len(wrong)), found / len(same), wrong


def test_precision_and_recall():
    same = [pair for pairs in PAIRS.values() for pair in pairs["same"]]
    different = [pair for pairs in PAIRS.values() for pair in pairs["different"]]
    assert len(same) + len(different) > 400
    precision, recall, wrong = scores(same, different)
    f1 = 2 * precision * recall / (precision + recall)
    assert f1 >= 0.9, f"precision {precision:.3f}, recall {recall:.3f}, wrong: {wrong}"


@pytest.mark.parametrize("field", PAIRS)
def test_each_field_on_its_own(field):
    precision, recall, wrong = scores(PAIRS[field]["same"], PAIRS[field]["different"])
    assert 2 * precision * recall / (precision + recall) >= 0.9, wrong


@pytest.mark.parametrize("path", UNSEEN, ids=lambda path: path.stem)
def test_pairs_unseen(path):
    pairs = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len(pairs["same"]) + len(pairs["different"]) == 300
    precision, recall, wrong = scores(pairs["same"], pairs["different"])
    f1 = 2 * precision * recall / (precision + recall)
    assert f1 >= 0.9, f"precision {precision:.3f}, recall {recall:.3f}, wrong: {wrong}"


def test_all_names_together():
    names = {name: 1 for pairs in PAIRS.values() for kind in pairs.values() for pair in kind for name in pair}
    found = pairs_of(names)
    assert not [pair for pairs in PAIRS.values() for pair in pairs["different"] if frozenset(pair) in found]
    same = [frozenset(pair) for pairs in PAIRS.values() for pair in pairs["same"]]
    assert sum(pair in found for pair in same) / len(same) >= 0.9


def test_what_is_never_proposed():
    assert not [pair for pair in NEVER if similar(dict.fromkeys(pair, 1))]
    assert not pairs_of({name: 1 for pair in NEVER for name in pair}) & {frozenset(pair) for pair in NEVER}


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Classifer-Free Gudiance", "Classifier-Free Guidance", "typo"),
        ("diffusion models", "diffusion model", "plural"),
        ("image retrieval", "retrieval image", "word order"),
        ("generation of video", "video generation", "word order"),
        ("modelling", "modeling", "British and American spelling"),
        ("tumour", "tumor", "British and American spelling"),
        ("LLM", "Large Language Models", "acronym"),
        ("LLM", "Large Language Models (LLMs)", "acronym"),
        ("3DGS", "3D Gaussian Splatting", "acronym"),
        ("multi modal", "multimodal", "punctuation"),
        ("diffusion model.", "diffusion model", "punctuation"),
    ],
)
def test_reasons(a, b, reason):
    (pair,) = similar({a: 1, b: 1})
    assert pair.reason == reason
    assert 0 < pair.score <= 1


def test_the_name_used_more_often_comes_first():
    (pair,) = similar({"difusion model": 1, "diffusion model": 5})
    assert (pair.a, pair.b) == ("diffusion model", "difusion model")
    (pair,) = similar({"diffusion models": 2, "diffusion model": 2})
    assert (pair.a, pair.b) == ("diffusion model", "diffusion models")


def test_the_surest_come_first():
    found = similar(
        {"LLM": 1, "Large Language Model": 2, "retrieval image": 1, "image retrieval": 1, "colour": 1, "color": 1}
    )
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
    assert len(found) == 3


def test_texts_decide_what_an_acronym_means():
    names = {"GAT": 1, "Graph Attention Transformer": 1, "Graph Attention Network": 1}
    assert len(similar({"GAT": 1, "Graph Attention Transformer": 1})) == 1
    told = learn_acronyms(["the Graph Attention Transformer (GAT)"])
    assert [(pair.a, pair.b) for pair in similar(names, told)] == [("Graph Attention Transformer", "GAT")]
    torn = learn_acronyms(["the Graph Attention Transformer (GAT)", "a General Adversarial Test (GAT)"])
    assert not similar(names, torn)


def test_two_readings_among_the_names_are_none():
    assert not similar({"GXT": 1, "Graph Xylem Transformer": 1, "Gradient Xenon Tomography": 1})


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "—",
        "(",
        "()",
        "((((",
        "A" * 400,
        "*",
        "++",
        "'s",
        "\ud800",
        "\x00",
        "e\u0301" * 50,
        "ß",
        "ﬁne",
        "İ",
        "𝔸𝔹",
    ],
)
def test_names_that_are_hardly_names(name):
    assert similar({name: 1}) == []
    similar({name: 1, name + "s": 1, name.upper(): 1, f"Alpha Beta ({name})": 1})


def test_spellings_of_one_keypoint_are_no_pair():
    assert similar({"ControlNet": 3, "controlnet": 1, "ＣontrolNet": 1}) == []
    assert similar({"Text-to-Image": 3, "text to image": 1}) == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("text-to-image generation", "generation text-to-image"),
        ("imge retrieval", "image retrieval"),
        ("ControNet", "ControlNet"),
    ],
)
def test_found_as_well(a, b):
    assert similar({a: 1, b: 1})


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("imge", "image"),
        ("FilterGS", "filters"),
        ("BERT", "Best"),
        ("DIFFUSION", "DIFUSION"),
        ("radiologic", "radiologist"),
    ],
)
def test_not_taken_for_typos(a, b):
    assert not similar({a: 1, b: 1})


@given(NAMES)
@example({"image of retrieval": 1, "retrieval of image": 1})
@example({"LLM": 0, "Large Language Models (LLMs)": 0, "LLMs": 0})
def test_any_names(names):
    found = similar(names)
    assert found == similar(dict(reversed(names.items())))
    for pair in found:
        assert pair.a in names
        assert pair.b in names
        assert names[pair.a] >= names[pair.b]
        assert 0 < pair.score <= 1
        assert pair.reason in REASONS
        assert keypoint_key(pair.a) != keypoint_key(pair.b)
    assert len({frozenset((pair.a, pair.b)) for pair in found}) == len(found)


@given(st.text(alphabet="abcdeéisu", max_size=12), st.text(alphabet="abcdeéisu", max_size=12))
def test_words_are_judged_alike_both_ways(a, b):
    assert typo(a, b) == typo(b, a)
    assert typo(a, a) == 0


def test_singulars_and_american_spellings():
    plurals = "matrices analyses metrics policies classes boxes networks hypotheses biases".split()
    assert list(map(singular, plurals)) == "matrix analysis metric policy class box network hypothesis bias".split()
    alone = "dynamics physics news analysis bias class series robotics loss virus".split()
    assert list(map(singular, alone)) == alone
    british = "modelling behaviour fibre haemoglobin optimisation analyse labelled defence centred grey".split()
    assert (
        list(map(american, british))
        == "modeling behavior fiber hemoglobin optimization analyze labeled defense centered gray".split()
    )
    assert list(map(american, "noise exercise hour four filling".split())) == "noise exercise hour four filling".split()


def test_the_list_of_words_is_shipped():
    assert known("guidance")
    assert known("hyperparameter")
    assert not known("gudiance")


def test_many_names_alike_give_few_pairs():
    names = {f"deep{'.' * n}learning{'!' * m}": 1 for n in range(1, 20) for m in range(20)}
    assert len(similar(names)) < 2 * len(names)
