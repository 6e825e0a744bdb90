"""Acronyms that texts explain, and what they merge among the keypoints of a site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.keypoints.acronyms import NO_ACRONYMS, learn_acronyms, merges
from mkdocs_paperdigest.support.slugs import keypoint_key


@pytest.mark.parametrize(
    ("text", "acronym", "expansion"),
    [
        ("We use Vision-Language Models (VLMs) here.", "VLM", "Vision-Language Models"),
        ("We use Vision-Language Models (VLMs) here.", "VLMs", "Vision-Language Models"),
        ("LLMs (Large Language Models) are large", "LLM", "Large Language Models"),
        ("LLMs (Large Language Models, 2020)", "LLMs", "Large Language Models"),
        ("a Diffusion Transformer (DiT)", "DiT", "Diffusion Transformer"),
        ("of 3D Gaussian Splatting (3DGS)", "3DGS", "3D Gaussian Splatting"),
        ("Neural Radiance Fields (NeRFs)", "NeRF", "Neural Radiance Fields"),
        ("Reinforcement Learning from Human Feedback (RLHF)", "RLHF", "Reinforcement Learning from Human Feedback"),
        ("the key-value (KV) cache", "KV", "key-value"),
        ("大模型的 Low-Rank Adaptation（LoRA）", "LoRA", "Low-Rank Adaptation"),
        ("Generative Pre-trained Transformer (GPT)", "GPT", "Generative Pre-trained Transformer"),
        ("Text-to-Image (T2I) models", "T2I", "Text-to-Image"),
        ("Sparse Autoencoders (SAEs)", "SAE", "Sparse Autoencoders"),
        ("**Retrieval-Augmented  Generation** (`RAG`)", "RAG", "Retrieval-Augmented Generation"),
        ("Multi-modal LLM (MLLM)", "MLLM", "Multi-modal LLM"),
        ("a Mixture of Experts (MoE) layer", "MoE", "Mixture of Experts"),
        ("with k-nearest neighbours (k-NN)", "k-NN", "k-nearest neighbours"),
        ("messenger RNA (mRNA)", "mRNA", "messenger RNA"),
        ("Large Language Models (LLMs, such as GPT)", "LLM", "Large Language Models"),
    ],
)
def test_an_acronym_is_learnt(text, acronym, expansion):
    assert learn_acronyms([text]).expansion(acronym) == expansion


@pytest.mark.parametrize(
    "text",
    [
        "We ran it on one machine (GPU).",
        "the model (Adam) of them",
        "as they say (e.g., LLM)",
        "two tokens (see Table 2)",
        "Alpha of the in and Beta (AB)",  # more words than two letters stand for
        "Models. (LLM)",
        "Large Language; Models (LLM)",
        "(LLM)",
        "Large Language Models (LLM",
        "no brackets at all: Large Language Models LLM",
    ],
)
def test_nothing_is_learnt(text):
    assert not learn_acronyms([text]).table


def test_two_expansions_are_none():
    acronyms = learn_acronyms(["Convolutional Neural Networks (CNN)", "a Cellular Neural Network (CNN)", "a CNN"])
    assert acronyms.expansion("CNN") is None
    assert acronyms.ambiguous("CNNs")
    assert merges(["CNN", "Convolutional neural networks"], acronyms) == {}


def test_spellings_of_one_expansion_are_one():
    acronyms = learn_acronyms(
        [
            "Vision-Language Models (VLMs)",
            "a vision language model (VLM)",
            "Vision-Language Models (VLMs)",
            "normalised flow (NF)",
        ]
    )
    assert acronyms.expansion("VLM") == "Vision-Language Models"
    assert acronyms.told("VLM") == "Vision-Language Models (VLMs)"


def test_nothing_is_known_of_nothing():
    assert NO_ACRONYMS.expansion("LLM") is None
    assert NO_ACRONYMS.told("LLM") is None
    assert merges(["LLM", "Large Language Models"], NO_ACRONYMS) == {}


LLM = learn_acronyms(["Large Language Models (LLMs)"])


@pytest.mark.parametrize(
    ("names", "merged"),
    [
        (["LLM", "Large Language Models"], {"llm": "large language models"}),
        (["LLM", "LLMs", "large language model"], {"llm": "large language model", "llms": "large language model"}),
        (
            ["LLM", "LLMs", "Large-Language Models", "large language model"],
            {"llm": "large language model", "llms": "large language models"},
        ),
        (["LLM"], {}),
        (["LLM", "LLMs"], {}),
        (
            ["Large Language Models (LLMs)", "LLM"],
            {"llm": "large language models (llms)"},
        ),
        (
            ["Large Language Models (LLMs)", "Large language models", "LLM"],
            {"llm": "large language models", "large language models (llms)": "large language models"},
        ),
        (["LLM agents", "Large Language Models"], {}),
    ],
)
def test_merges(names, merged):
    assert merges(names, LLM) == merged
    assert merges(reversed(names), LLM) == merged


def test_a_name_in_brackets_explains_itself():
    names = ["Large Language Models (LLMs)", "Large Language Models", "LLM"]
    assert merges(names, learn_acronyms(names)) == {
        "llm": "large language models",
        "large language models (llms)": "large language models",
    }


PIECES = st.lists(
    st.sampled_from(
        ["(", ")", "（", "）", "Large", "Language", "Model", "LLM", "LLMs", "-", " ", ",", "*", "3D", "of", "é", "模"]
    ),
    max_size=30,
).map("".join)


@given(st.lists(PIECES | st.text(max_size=30), max_size=5))
def test_any_text(texts):
    acronyms = learn_acronyms(texts)
    merged = merges(texts, acronyms)
    keys = {keypoint_key(text) for text in texts}
    assert merged.keys() <= keys
    assert set(merged.values()) <= keys
    assert not merged.keys() & set(merged.values())
    for key in acronyms.table:
        found = acronyms.find(key)
        assert found is None or (found.written and found.written in found.told)
