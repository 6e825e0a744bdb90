"""Citations: keys, types, names and years; BibTeX read back by bibtexparser and by pybtex, CSL-JSON by citeproc-py."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from chromium import served
from conftest import SHARED, make_builder
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import Paper, read_digest
from mkdocs_paperdigest.exports.bibtex import MACROS, bibtex_entry
from mkdocs_paperdigest.exports.citations import Citation, Name, citation, citation_key, parse_name, reference
from mkdocs_paperdigest.exports.csl_json import csl_item
from mkdocs_paperdigest.reader.facts import meta_venue
from mkdocs_paperdigest.reader.venues import VENUE, said_venue
from mkdocs_paperdigest.records.paper import Field, Link

bibtexparser = pytest.importorskip("bibtexparser")
middlewares = pytest.importorskip("bibtexparser.middlewares")
pybtex = pytest.importorskip("pybtex.database")
richtext = pytest.importorskip("pybtex.richtext")
citeproc = pytest.importorskip("citeproc.source.json")
latex2text = pytest.importorskip("pylatexenc.latex2text")


def paper(title: str = "On Kelp", **values: Any) -> Paper:
    links = tuple(Link("other", url) for url in values.pop("links", ()))
    given_ = {"path": "202405.md", "line": 8, "level": 3, "anchor": "on-kelp", "links": links, "month": "2024-06"}
    return Paper(title, **{**given_, **values})


def entry(**values: Any) -> str:
    return bibtex_entry(citation(paper(**values)))


# -- What an entry says

ARXIV = "https://arxiv.org/abs/2405.01234"
DOI = "https://doi.org/10.1000/Kelp_1"


def test_a_preprint() -> None:
    said = entry(
        title="KelpDiT: $O(n^2)$ Attention & 50% Less Memory for Text-to-3D",
        authors=("Ada Moss", "Jan van den Berg", "Qwen Team", "张三"),
        links=("https://github.com/example/kelp", "https://arxiv.org/pdf/2405.01234v2"),
        category="cs.CV",
        venue="arXiv preprint",
    )
    assert said == (
        "@misc{arxiv:2405.01234,\n"
        "  title = {{KelpDiT}: {$O(n^2)$} Attention \\& 50\\% Less Memory for Text-to-{3D}},\n"
        "  author = {Moss, Ada and van den Berg, Jan and {Qwen Team} and {张三}},\n"
        "  year = {2024},\n"
        "  eprint = {2405.01234},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CV},\n"
        "  url = {https://arxiv.org/abs/2405.01234},\n"
        "}\n"
    )


def test_a_paper_of_a_conference_and_one_of_a_journal() -> None:
    said = entry(venue="CVPR 2023 (Oral)", links=(ARXIV, DOI))
    assert said == (
        "@inproceedings{arxiv:2405.01234,\n"
        "  title = {On Kelp},\n"
        "  booktitle = {CVPR},\n"
        "  year = {2023},\n"
        "  doi = {10.1000/kelp_1},\n"
        "  eprint = {2405.01234},\n"
        "  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2405.01234},\n"
        "}\n"
    )
    said = entry(venue="TPAMI 2023", links=(DOI,))
    assert said.startswith("@article{")
    assert "  journal = {TPAMI},\n  year = {2023},\n  doi = {10.1000/kelp_1},\n" in said
    assert "eprint" not in said


def test_what_is_unknown_is_left_out() -> None:
    assert entry(month=None) == "@misc{202405/on-kelp,\n  title = {On Kelp},\n}\n"
    nothing = citation(paper("", month=None))
    assert bibtex_entry(nothing) == "@misc{202405/on-kelp,\n}\n"
    assert csl_item(nothing) == {"id": "202405/on-kelp", "type": "document"}
    assert reference(nothing) == ""


VENUES = [
    # as a digest writes it; type, name, year
    ("CVPR 2024", "inproceedings", "CVPR", 2024),
    ("CVPR'24", "inproceedings", "CVPR", 2024),
    ("CVPR24", "inproceedings", "CVPR", 2024),
    ("AAAI-25", "inproceedings", "AAAI", 2025),
    ("ACM MM 2023", "inproceedings", "ACM MM", 2023),
    ("3DV 2025", "inproceedings", "3DV", 2025),
    ("CVPRW 2024", "inproceedings", "CVPRW", 2024),
    ("ICLR 2024 Workshop on Kelp", "inproceedings", "ICLR Workshop on Kelp", 2024),
    ("Accepted to NeurIPS 2023 (Spotlight)", "inproceedings", "NeurIPS", 2023),
    ("Accepted by ECCV 2024", "inproceedings", "ECCV", 2024),
    ("SIGGRAPH Asia 2023", "inproceedings", "SIGGRAPH Asia", 2023),
    ("Findings of ACL 2024", "inproceedings", "Findings of ACL", 2024),
    ("International Conference on Tides", "inproceedings", "International Conference on Tides", None),
    ("TPAMI", "article", "TPAMI", None),
    ("TMLR 2024", "article", "TMLR", 2024),
    ("ACM Transactions on Graphics (TOG) 2023", "article", "ACM Transactions on Graphics (TOG)", 2023),
    ("Nature Machine Intelligence", "article", "Nature Machine Intelligence", None),
    ("IJCV, 2022", "article", "IJCV", 2022),
    ("Journal of Kelp, vol. 12", "article", "Journal of Kelp, vol. 12", None),
    ("Journal of Kelp 12 (2021)", "article", "Journal of Kelp 12", 2021),
    ("Robotics: Science and Systems 2024", "inproceedings", "Robotics: Science and Systems", 2024),
    ("Department of Computer Science", "misc", "Department of Computer Science", None),
    ("Kelp Institute Report", "misc", "Kelp Institute Report", None),
    ("CVPR 2024, TPAMI 2025", "inproceedings", "CVPR 2024, TPAMI 2025", None),
    *((none, "misc", "", None) for none in ("arXiv", "arXiv 2024", "Preprint", "Under review", "TBD", "N/A")),
    ("Submitted to CVPR 2025", "misc", "", None),
    ("ICLR 2025 submission", "misc", "", None),
    ("投稿中", "misc", "", None),
]


@pytest.mark.parametrize(("said", "kind", "name", "year"), VENUES)
def test_venues(said: str, kind: str, name: str, year: int | None) -> None:
    found = citation(paper(venue=said, month=None))
    assert (found.type, found.venue, found.year) == (kind, name, year)


TAGS = [
    # as a tag says it; what papers.json says, type, name, year
    *((tag, None, "misc", "", 2024) for tag in (
        "Submitted to ICLR 2025", "ICLR 2025 under review", "Rejected by ICML 2023", "withdrawn from ICLR 2024",
        "ICLR 2024 submission", "Not accepted at CVPR 2024", "1st place of the CVPR 2024 challenge", "CVPR 2024 Workshop challenge",
        "ECCV 2022 extension", "ICLR 2024 style", "Nature", "Science", "nature", "AI for Science", "tip",
    )),
    ("NeurIPS 2023 Workshop on X", ..., "inproceedings", "NeurIPS Workshop on X", 2023),
    ("Kelp Workshop @ ICML 2023", ..., "inproceedings", "Kelp Workshop @ ICML", 2023),
    ("CVPR 2024 Workshop", ..., "inproceedings", "CVPR Workshop", 2024),
    ("ICCV 2023 Workshop on Open Challenges", ..., "inproceedings", "ICCV Workshop on Open Challenges", 2023),
    ("Findings of ACL 2024", ..., "inproceedings", "Findings of ACL", 2024),
    ("EMNLP 2023 (Findings)", ..., "inproceedings", "EMNLP (Findings)", 2023),
    ("ACL 2024 System Demonstrations", ..., "inproceedings", "ACL System Demonstrations", 2024),
    ("ICLR 2024 Tiny Papers", ..., "inproceedings", "ICLR Tiny Papers", 2024),
    ("CVPR 2023 Oral", ..., "inproceedings", "CVPR", 2023),
    ("Accepted by CVPR 2023", "CVPR 2023", "inproceedings", "CVPR", 2023),
    ("🔥CVPR 2023🔥", "CVPR 2023", "inproceedings", "CVPR", 2023),
    ("ICCV'23, code", "ICCV'23", "inproceedings", "ICCV", 2023),
    ("IEEE TPAMI", ..., "article", "IEEE TPAMI", 2024),
    ("TPAMI 2023", ..., "article", "TPAMI", 2023),
    ("IJCV'23", ..., "article", "IJCV", 2023),
    ("Nature 2023", ..., "article", "Nature", 2023),
    ("Nature Machine Intelligence", ..., "article", "Nature Machine Intelligence", 2024),
    ("Science Robotics 2022", ..., "article", "Science Robotics", 2022),
    ("IEEE Transactions on Image Processing", ..., "article", "IEEE Transactions on Image Processing", 2024),
    ("Journal of Field Robotics 2023", ..., "article", "Journal of Field Robotics", 2023),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "venue", "kind", "name", "year"), TAGS)
def test_tags_that_say_where_a_paper_came_out(tag: str, venue: Any, kind: str, name: str, year: int) -> None:
    link = f"\\[[paper]({ARXIV})\\]"
    for text in (f"### On Kelp [{tag}]{link}", f"### On Kelp\n\\[{tag}\\]{link}", f"### On Kelp\n`[{tag}]` {link}"):
        (found,) = read_digest(f"# 202405\n\n{text}\n- `Keypoints:` a\n", "202405.md")[0].papers
        cited = citation(found)
        wanted_ = tag if venue is ... else venue
        assert (found.title, found.venue, cited.type, cited.venue, cited.year) == ("On Kelp", wanted_, kind, name, year)


BESIDE_TAGS = [
    ("Ada Moss, Lin Reed. *CVPR 2024*", "CVPR 2024"),
    ("Ada Moss et al., EMNLP 2023 (Findings)", "EMNLP 2023 (Findings)"),
    ("(CVPR'24)", "CVPR'24"),
    ("(CVPR 2024 Workshop)", "CVPR 2024 Workshop"),
    ("(ICLR 2025 under review)", None),
    ("Follows the CVPR 2024 style", None),
    ("Ada Moss, CVPR", None),
]


@pytest.mark.parametrize(("text", "venue"), BESIDE_TAGS)
def test_venues_beside_tags(text: str, venue: str | None) -> None:
    assert meta_venue([f"[2024.5] {text} [[paper]({ARXIV})]"]) == venue


COMMENTS = [
    ("CVPR 2024", "CVPR 2024"),
    ("NeurIPS 2023 Oral", "NeurIPS 2023 Oral"),
    ("ICML 2024 camera ready", "ICML 2024 camera ready"),
    ("10 pages, CVPR 2024, code will follow", "CVPR 2024"),
    ("12 pages, 5 figures. Accepted to CVPR 2024 as oral", "CVPR 2024"),
    ("This work has been accepted by TPAMI", "TPAMI"),
    ("Accepted as a conference paper at ICLR 2024", "ICLR 2024"),
    ("Accepted for publication in IEEE Transactions on Image Processing", "IEEE Transactions on Image Processing"),
    ("accepted to appear at ICML 2024", "ICML 2024"),
    ("To appear in Findings of ACL 2024", "Findings of ACL 2024"),
    ("Presented at the ICLR 2024 Workshop on Kelp", "ICLR 2024 Workshop on Kelp"),
    ("Accepted to the Kelp Workshop at NeurIPS 2023", "Kelp Workshop at NeurIPS 2023"),
    ("Accepted at ICLR 2024 R2-FM Workshop", "ICLR 2024 R2-FM Workshop"),
    ("Accepted at CVPR 2024, journal version submitted to TPAMI", "CVPR 2024"),
    ("Accepted at Conference on Robotics and Automation (ICRA) 2024", "Conference on Robotics and Automation (ICRA) 2024"),
    ("Accepted by Nature", "Nature"),
    ("被 CVPR 2024 接收", "CVPR 2024"),
    *((text, None) for text in (
        "Extended version of our ECCV 2022 paper", "Extended version of a paper accepted at CVPR 2023",
        "1st place of the CVPR 2024 challenge", "text overlap with CVPR 2023 papers", "Follows the ICLR 2024 style",
        "Withdrawn from ICLR 2024", "Rejected from NeurIPS 2023, revised", "Not accepted at CVPR 2024", "To be submitted to CVPR 2024",
        "Submitted to ICLR, CVPR 2024 later", "CVPR 2024, under review", "Accepted by Science China Information Sciences",
        "Under review. Nature", "10 pages",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("comment", "venue"), COMMENTS)
def test_comments_that_say_where_a_paper_came_out(comment: str, venue: str | None) -> None:
    text = f"# 202405\n\n### On Kelp\n- `Comment:` {comment}\n- `Keypoints:` a\n"
    assert read_digest(text, "202405.md")[0].papers[0].venue == venue


def test_the_label_of_a_date_may_name_a_venue() -> None:
    for label, venue in (("Published", "CVPR 2024"), ("Submitted", None)):
        text = f"# 202405\n\n### On Kelp\n- `{label}:` CVPR 2024\n- `Keypoints:` a\n"
        assert read_digest(text, "202405.md")[0].papers[0].venue == venue


@given(
    st.lists(
        st.sampled_from(
            "Accepted accept at to by in the CVPR 2024 Nature Workshop on IEEE Transactions of ( ) , ; . x Kelp".split()
        ),
        max_size=60,
    )
)
def test_a_venue_is_said_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for venue in (said_venue(text), said_venue(text, dated=True, bracketed=True)):
        assert venue is None or (VENUE.search(venue) and venue.rstrip(")") in text)


def test_a_venue_that_nobody_knows_is_said_as_it_is() -> None:
    assert "  howpublished = {Kelp \\& Co},\n" in entry(venue="Kelp & Co", links=(ARXIV,))


YEARS = [
    ({"venue": "CVPR 2023", "links": (ARXIV,), "date": "2022-01-01"}, 2023),
    ({"links": (ARXIV,), "date": "2022-01-01"}, 2024),
    ({"links": ("https://arxiv.org/abs/hep-th/9901001",)}, 1999),
    ({"links": ("https://arxiv.org/abs/cs/0501001v1",)}, 2005),
    ({"date": "2022-01-01"}, 2022),
    # what an identifier says, of the publication first where there is a venue
    ({"links": ("https://aclanthology.org/P19-1001/",)}, 2019),
    ({"links": ("https://aclanthology.org/P98-1001/",)}, 1998),
    ({"links": ("https://aclanthology.org/2023.acl-long.12/",)}, 2023),
    ({"links": ("https://openaccess.thecvf.com/content_CVPR_2019/html/Moss_On_Kelp_CVPR_2019_paper.html",)}, 2019),
    ({"links": (f"https://papers.nips.cc/paper/2017/hash/{'0a' * 16}-Abstract.html",)}, 2017),
    ({"links": ("https://doi.org/10.1109/CVPR.2016.90",)}, 2016),
    ({"links": ("https://doi.org/10.1109/CVPRW53098.2021.00012",)}, 2021),
    ({"links": ("https://doi.org/10.18653/v1/P18-1001",)}, 2018),
    ({"links": ("https://doi.org/10.18653/v1/2020.acl-main.1",)}, 2020),
    ({"links": ("https://doi.org/10.1109/TPAMI.2019.2900001",)}, None),
    ({"links": ("https://aclanthology.org/P19-1001/", ARXIV)}, 2024),
    ({"links": (ARXIV, "https://aclanthology.org/P19-1001/"), "venue": "ACL"}, 2019),
    ({"links": (ARXIV,), "venue": "TMLR"}, 2024),
    # the date of the paper itself
    ({"own_month": "2023-12"}, 2023),
    ({"links": (DOI,), "own_month": "2023-12"}, 2023),
    ({"links": (ARXIV,), "own_month": "2023-12"}, 2024),
    # the month of the digest, of papers that nothing says to be published
    ({}, 2024),
    ({"date": "2024-06-03"}, 2024),
    ({"links": ("https://example.org/kelp.pdf",)}, 2024),
    ({"links": (DOI,)}, None),
    ({"links": (DOI,), "date": "2024-06-03"}, None),
    ({"links": ("https://openreview.net/forum?id=abcDEF12_3",)}, None),
    ({"venue": "TMLR"}, None),
    ({"month": None}, None),
]


@pytest.mark.parametrize(("values", "year"), YEARS)
def test_years(values: dict[str, Any], year: int | None) -> None:
    assert citation(paper(**values)).year == year


def test_the_month_of_a_paper_that_has_no_day_is_its_year() -> None:
    text = "# 202405\n\n### On Kelp [2021.12]\\[[paper](https://doi.org/10.1000/kelp_1)\\]\n- `Keypoints:` a\n"
    for source in (text, text.replace(" [2021.12]", "").replace("- `Key", "- `Date:` December 2021\n- `Key")):
        (found,) = read_digest(source, "202405.md")[0].papers
        assert (found.month, found.date, found.own_month) == ("2024-05", None, "2021-12")
        assert citation(found).year == 2021
    (found,) = read_digest(text.replace(" [2021.12]", ""), "202405.md")[0].papers
    assert (found.own_month, citation(found).year) == (None, None)


STATED_CLASSES = [
    ("- `Main category:` cs.LG", "cs.LG"),
    ("- `Primary category:` cs.LG", "cs.LG"),
    ("- `Subjects:` Robotics (cs.RO); Machine Learning (cs.LG)", "cs.RO"),
    ("- **Categories**: cs.RO, cs.CV", "cs.RO"),
    ("- `Categories:` cs.RO, cs.LG\n- `Primary category:` cs.LG", "cs.LG"),
    ("- `Subjects:` Kelp", "cs.CV"),
    ("- `Method:` as in cs.LG", "cs.CV"),
]


@pytest.mark.parametrize(("labels", "wanted"), STATED_CLASSES)
def test_a_paper_knows_its_class_better_than_its_heading(labels: str, wanted: str) -> None:
    text = f"# 202405\n\n## cs.CV\n\n### On Kelp \\[[paper]({ARXIV})\\]\n{labels}\n- `Keypoints:` a\n"
    (found,) = read_digest(text, "202405.md")[0].papers
    assert (found.category, citation(found).primary_class) == ("cs.CV", wanted)


def test_front_matter_names_a_class() -> None:
    text = "---\ntitle: On Kelp\narxiv: 2405.01234\nsubjects: Robotics (cs.RO); Machine Learning (cs.LG)\nkeywords: [a]\n---\nText.\n"
    (found,) = read_digest(text, "notes/kelp.md")[0].papers
    assert citation(found).primary_class == "cs.RO"


CLASSES = [
    ({"category": "cs.CV"}, "cs.CV"),
    ({"category": "World Models", "keypoints": ("Kelp", "stat.ML", "cs.LG")}, "stat.ML"),
    ({"fields": (Field("subjects", "Subjects", "cond-mat.str-el", 1),)}, "cond-mat.str-el"),
    ({"category": "Video", "keypoints": ("cs.things", "Physics")}, ""),
    ({"links": ("https://arxiv.org/abs/hep-th/9901001",), "category": "cs.CV"}, "hep-th"),
    ({"links": ("https://arxiv.org/abs/math/0309136",)}, ""),
    ({"links": (DOI,), "category": "cs.CV"}, ""),
]


@pytest.mark.parametrize(("values", "wanted"), CLASSES)
def test_the_class_of_arxiv(values: dict[str, Any], wanted: str) -> None:
    assert citation(paper(**{"links": (ARXIV,), **values})).primary_class == wanted


def test_which_link_is_the_paper() -> None:
    def cited(*links: tuple[str, str]) -> Citation:
        return citation(Paper("On Kelp", "a.md", 1, 3, "on-kelp", links=tuple(Link(*link) for link in links)))

    def url(*links: tuple[str, str]) -> str:
        return cited(*links).url

    code, pdf = ("code", "https://github.com/example/kelp"), ("pdf", "https://example.org/a b{c}^é.pdf")
    assert url() == url(code) == url(("pdf", "a/b.pdf")) == ""
    assert url(code, ("project", "https://kelp.example.org/"), pdf) == "https://example.org/a%20b%7Bc%7D%5E%C3%A9.pdf"
    assert url(pdf, ("doi", DOI)) == "https://doi.org/10.1000/kelp_1"
    assert url(pdf, ("doi", DOI), ("arxiv", ARXIV)) == ARXIV
    assert (
        url(pdf, ("other", "https://openreview.net/pdf?id=abcDEF12_3")) == "https://openreview.net/forum?id=abcDEF12_3"
    )
    ours = cited(("doi", "https://doi.org/10.48550/arXiv.2405.01234"))
    assert (ours.arxiv, ours.doi) == ("2405.01234", "")


# -- Names

NAMES = [
    ("Ada Moss", Name("Moss", "Ada")),
    ("Jan van den Berg", Name("Berg", "Jan", "van den")),
    ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", "van")),
    ("Laurens Van der Maas", Name("Maas", "Laurens", "Van der")),
    ("Luc Van Moss", Name("Moss", "Luc", "Van")),
    ("Anh Van Nguyen", Name("Nguyen", "Anh Van")),
    ("Yu Di Zhang", Name("Zhang", "Yu Di")),
    ("Xin Ai", Name("Ai", "Xin")),
    ("van den Berg, Jan", Name("Berg", "Jan", "van den")),
    ("Berg, J. van den", Name("Berg", "J.", "van den")),
    ("Ada Reed, Jr.", Name("Reed", "Ada", suffix="Jr.")),
    ("Ada Reed Jr.", Name("Reed", "Ada", suffix="Jr.")),
    ("Reed, Jr., Ada", Name("Reed", "Ada", suffix="Jr.")),
    ("Reed, Ada, III", Name("Reed", "Ada", suffix="III")),
    ("María José García Márquez", Name("Márquez", "María José García")),
    ("Jean-Paul d'Algue", Name("d'Algue", "Jean-Paul")),
    ("bell hooks", Name("hooks", "bell")),
    ("José Ortega y Gasset", Name("Ortega y Gasset", "José")),
    ("María de la Cruz y Reyes", Name("Cruz y Reyes", "María", "de la")),
    ("J. e Silva", Name("Silva", "J.", "e")),
    ("Nguyen Van An", Name("An", "Nguyen Van")),
    ("Gerard 't Hooft", Name("Hooft", "Gerard", "'t")),
    *(
        (group, Name(literal=group))
        for group in (
            "DeepSeek-AI",
            "Qwen Team",
            "Google DeepMind",
            "FAIR at Meta",
            "Amazon AGI",
            "Hugging Face",
            "Ortega y Gasset",
            "The Kelp Collaboration",
            "Kelp and Sons",
            "OpenAI",
            "Kelp AI",
            "Garc{\\'i}a",
            "Moss & Reed",
            "Plato",
            "张三",
            "김 철수",
            "山田 太郎",
            "a, b, c, d",
            "Moss, ",
        )
    ),
]


@pytest.mark.parametrize(("written", "parts"), NAMES)
def test_names(written: str, parts: Name) -> None:
    found = parse_name(written)
    assert found == (Name(literal=written.strip()) if parts.literal else parts)


def test_a_reference_is_a_line_of_text() -> None:
    said = reference(citation(paper(venue="CVPR 2024", authors=("Ada Moss", "Reed, Jr., Lin"), links=(ARXIV,))))
    assert said == f"Ada Moss, Lin Reed, Jr. (2024). On Kelp. CVPR. arXiv:2405.01234. {ARXIV}"
    many = reference(citation(paper("What Is Kelp?", authors=tuple(f"A. {c}oss" for c in "MKLNPQR"))))
    assert many == "A. Moss, A. Koss, A. Loss, et al. (2024). What Is Kelp?"
    assert reference(citation(paper("潮汐模型。", links=(ARXIV,)))) == f"潮汐模型。 (2024). arXiv:2405.01234. {ARXIV}"


LISTS = [
    # as a digest writes it; names, whether there are more
    ("Reed, Ada; Moss, Bo", ["Reed, Ada", "Moss, Bo"], False),
    (
        "Reed, Jr., Ada; van den Berg, J.; García Márquez, Gabriel; et al.",
        ["Reed, Jr., Ada", "van den Berg, J.", "García Márquez, Gabriel"],
        True,
    ),
    ("Reed, Ada and Moss, Bo", ["Reed, Ada", "Moss, Bo"], False),
    ("Ada Moss, Lin Reed; Bo Li, Cy Tan", ["Ada Moss", "Lin Reed", "Bo Li", "Cy Tan"], False),
    ("Ada Moss, Lin Reed and Bo Li", ["Ada Moss", "Lin Reed", "Bo Li"], False),
    ("Ada Moss¹, Bo Li²", ["Ada Moss", "Bo Li"], False),
    ("Ada Moss¹,², Bo Li³*", ["Ada Moss", "Bo Li"], False),
    ("Ada Moss, Bo Li, and 37 others", ["Ada Moss", "Bo Li"], True),
    ("Ada Moss, Bo Li, +5 more authors", ["Ada Moss", "Bo Li"], True),
    ("Ada Moss, Bo Li et al. (42 additional authors not shown)", ["Ada Moss", "Bo Li"], True),
    ("Ada Moss, Bo Li (42 additional authors not shown)", ["Ada Moss", "Bo Li"], True),
    ("张三, 李四等10人", ["张三", "李四"], True),
    ("Qwen Team: Ada Moss, Bo Li", ["Qwen Team", "Ada Moss", "Bo Li"], False),
    ("Qwen Team, :, Ada Moss, Bo Li", ["Qwen Team", "Ada Moss", "Bo Li"], False),
]


@pytest.mark.parametrize(("written", "names", "others"), LISTS)
def test_lists_of_names(written: str, names: list[str], *, others: bool) -> None:
    (found,) = read_digest(f"# 202405\n\n### T\n- `Authors:` {written}\n- `Keypoints:` a\n", "202405.md")[0].papers
    assert (list(found.authors), found.others) == (names, others)


def test_family_names_of_several_words_are_kept_together() -> None:
    assert "author = {{Ortega y Gasset}, José and de la {Cruz y Reyes}, María}" in entry(
        authors=("José Ortega y Gasset", "María de la Cruz y Reyes")
    )


OTHERS = {
    "a label": "# 202405\n\n### T\n- `Authors:` Ada Moss, Lin Reed et al.\n- `Keypoints:` a\n",
    "a line": "# 202405\n\n### [T](https://arxiv.org/abs/2405.01234)\n*Ada Moss, Lin Reed, et al.*\n\n- `Keypoints:` a\n",
    "front matter": "---\ntitle: T\nauthors: Ada Moss, Lin Reed, et al.\narxiv: 2405.01234\nkeywords: [a]\n---\nText.\n",
    "a list in front matter": "---\ntitle: T\nauthors: [Ada Moss, Lin Reed, et al.]\narxiv: 2405.01234\nkeywords: [a]\n---\nText.\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_list_of_authors_that_was_cut_says_so(text: str) -> None:
    (found,) = read_digest(text, "202405.md")[0].papers
    assert (found.authors, found.others) == (("Ada Moss", "Lin Reed"), True)
    cited = citation(found)
    assert "author = {Moss, Ada and Reed, Lin and others}" in bibtex_entry(cited)
    item = csl_item(cited)
    check_csl(item)
    assert (len(item["author"]), item["note"]) == (2, "The list of authors is not complete.")
    assert reference(cited).startswith("Ada Moss, Lin Reed, et al. (2024). T.")
    whole = read_digest(text.replace(", et al.", "").replace(" et al.", ""), "202405.md")[0].papers[0]
    assert (whole.authors, whole.others) == (found.authors, False)
    assert "note" not in csl_item(citation(whole))


@pytest.mark.parametrize("venue", ["-" * 3000, f"{'-' * 3000}x", f"x{',' * 4000}x", f"CVPR{'(' * 5000}"])
def test_no_venue_takes_long(venue: str) -> None:
    cited = citation(paper(venue=venue))  # it took minutes
    assert len(cited.venue) <= 300


# -- Keys


def test_keys() -> None:
    assert citation(paper()).key == "202405/on-kelp"
    moved = paper(former=("old/kelp",))
    assert citation(moved).key == citation(paper("Another", former=("old/kelp",))).key == "old/kelp"
    long = citation_key(f"202405/{'on-kelp-' * 20}")
    assert re.fullmatch(r"on-kelp-on-kelp-on-kelp-[0-9a-f]{10}", long)
    assert re.fullmatch(
        r"vitamin-[0-9a-f]{10}", citation_key("a-folder-with-digests/202405/vitamin-supercalifragilistics")
    )
    assert re.fullmatch(r"dit-[0-9a-f]{10}", citation_key("202405/基于-dit-的潮汐模型"))


_IDS = st.text(max_size=100) | st.from_regex(r"[a-zA-Z0-9/._+:é张,{} -]{1,90}", fullmatch=True)


@given(st.lists(_IDS, unique=True, max_size=30))
@example(["a/B", "a/b", "A/b", "é", "è", "a", "a-ca978112ca", "", "-", "/"])
def test_keys_are_unique_and_can_be_keys(ids: list[str]) -> None:
    keys = [citation_key(id_) for id_ in ids]
    # Pybtex and BibTeX refuse keys that differ in case only.
    assert len({key.lower() for key in keys}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9/._+:-]{1,40}", key) for key in keys)
    assert keys == [citation_key(id_) for id_ in ids]


@given(_IDS)
def test_a_key_is_its_own_key_or_has_digits(id_: str) -> None:
    """Never is the key of one paper, with its digits, the id of another that is kept as it is."""
    key = citation_key(id_)
    assert key == id_ or citation_key(key) != key


# -- BibTeX, read back

MATH = re.compile(r"(?<!\\)\$(?!\s)(?:[^$\\%#&]|\\[^$])+?(?<!\s)\$(?!\d)")
_DECODER = latex2text.LatexNodes2Text(math_mode="verbatim")
# What latexcodec, which pybtex reads LaTeX with, leaves as it is, though LaTeX prints the sign.
_LEFT = {
    r"\textasciicircum{}": "\ue000",
    r"\ensuremath{\lbrace}": "\ue001",
    r"\ensuremath{\rbrace}": "\ue002",
    r"\{": "\ue001",
    r"\}": "\ue002",
    r"\$": "\ue003",
}
_SIGNS = dict(zip("\ue000\ue001\ue002\ue003", "^{}$", strict=True))


def by_pylatexenc(latex: str) -> str:
    """The text of LaTeX as bibtexparser's `LatexDecodingMiddleware` has it; it takes `^` for its modifier letter."""
    return _DECODER.latex_to_text(latex).replace("ˆ", "^")


def by_latexcodec(latex: str) -> str:
    """The text of LaTeX as pybtex has it, less formulas, which it does not know."""
    formulas: list[str] = []

    def keep(formula: re.Match[str]) -> str:
        formulas.append(formula[0])
        return f"\ue010{len(formulas) - 1}\ue011"

    for macro, sign in _LEFT.items():
        outside = re.split(f"({MATH.pattern})", latex)
        latex = "".join(part if number % 2 else part.replace(macro, sign) for number, part in enumerate(outside))
    text = str(richtext.Text.from_latex(MATH.sub(keep, latex)))
    text = "".join(_SIGNS.get(sign, sign) for sign in text)
    return re.sub("\ue010(\\d+)\ue011", lambda n: formulas[int(n[1])], text)


def read_by_bibtexparser(bibtex: str) -> Iterator[dict[str, Any]]:
    stack = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    library = bibtexparser.parse_string(bibtex, append_middleware=stack)
    assert not library.failed_blocks
    for found in library.entries:
        values = {field.key: field.value for field in found.fields}
        names = [by_pylatexenc(" ".join(n.first + n.von + n.last + n.jr)) for n in values.pop("author", ())]
        yield _record(found.key, found.entry_type, values, names, by_pylatexenc)


def read_by_pybtex(bibtex: str) -> Iterator[dict[str, Any]]:
    for key, found in pybtex.parse_string(bibtex, "bibtex").entries.items():
        people = found.persons.get("author", ())
        names = [
            by_latexcodec(" ".join(n.first_names + n.middle_names + n.prelast_names + n.last_names + n.lineage_names))
            for n in people
        ]
        yield _record(key, found.type, dict(found.fields), names, by_latexcodec)


def _record(key: str, kind: str, values: dict[str, str], names: list[str], text: Any) -> dict[str, Any]:
    values = {name.lower(): value for name, value in values.items()}
    said = {name: text(values[name]) for name in ("title", "journal", "booktitle", "howpublished") if name in values}
    raw = {name: value for name, value in values.items() if name not in said}
    return {"key": key, "type": kind, "author": names, **said, **raw}


def wanted(c: Citation) -> dict[str, Any]:
    """What a reader of an entry has to find."""
    place = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}[c.type]
    names = [n.literal or " ".join(filter(None, (n.given, n.particle, n.family, n.suffix))) for n in c.authors]
    values = {
        "title": c.title,
        place: c.venue,
        "year": str(c.year or ""),
        "doi": c.doi,
        "eprint": c.arxiv,
        "archiveprefix": "arXiv" if c.arxiv else "",
        "primaryclass": c.primary_class,
        "url": c.url,
    }
    return {"key": c.key, "type": c.type, "author": names, **{name: value for name, value in values.items() if value}}


def compare(papers: Sequence[Paper]) -> int:
    """Read the citations of papers back by both parsers; gives how many values were compared."""
    cited = [citation(one) for one in papers]
    bibtex = "\n".join(map(bibtex_entry, cited))
    hoped = [wanted(c) for c in cited]
    assert list(read_by_bibtexparser(bibtex)) == hoped
    assert list(read_by_pybtex(bibtex)) == hoped
    return 2 * sum(len(one) + len(one["author"]) for one in hoped)


TITLES = [
    ("Plain words", "Plain words"),
    ("DiT and LLMs for iPhone", "{DiT} and {LLMs} for {iPhone}"),
    ("R&D: 50% of C# _under_ ~home^", r"{R\&D}: 50\% of C\# \_under\_ \textasciitilde{}home\textasciicircum{}"),
    (r"a\b", r"a\textbackslash{}b"),
    ("{DiT} in {braces}", r"{\{DiT\}} in \{braces\}"),
    ("} alone {", r"\ensuremath{\rbrace} alone \ensuremath{\lbrace}"),
    ("smile :-{ now", r"smile :-\ensuremath{\lbrace} now"),
    ("M$^3$Bench in $O(N)$", "{M$^3$Bench} in {$O(N)$}"),
    (r"$\alpha_{i}$-kelp", r"$\alpha_{i}$-kelp"),
    ("from $5 to $10", r"from \$5 to \$10"),
    ("costs $ 5 $ each", r"costs \$ 5 \$ each"),
    ("$a{$ open", r"\$a\ensuremath{\lbrace}\$ open"),
    ("$5-$10 a day", r"\$5-\$10 a day"),
    (r"$\{a$ open", r"\$\textbackslash{}\ensuremath{\lbrace}a\$ open"),
    ("$50%$ off", r"\$50\%\$ off"),
    ("a -- b --- c", "a -{-} b -{-}{-} c"),
    ("''so'' ``said'' ?` !`", "'{'}so'{'} `{`}said'{'} ?{`} !{`}"),
    ("Café ﬁ 张三 Ωmega", "Café ﬁ 张三 Ωmega"),
    ("one\ttwo\x07 \u2028three", "one two three"),
    ('@misc{x, y = "z"}', '@misc\\{x, y = "z"\\}'),
]


@pytest.mark.parametrize(("title", "written"), TITLES)
def test_titles(title: str, written: str) -> None:
    assert f"  title = {{{written}}},\n" in entry(title=title)
    assert compare([paper(title)])


_MARKS = "&%#$_{}\\~^-'`\"<>,;:=@()[]|+*!?./ \t\n"
_TEXT = st.text(
    st.characters(exclude_categories=["Co", "Cn"], exclude_characters="ˆ") | st.sampled_from(_MARKS * 2), max_size=40
)
_PIECES = st.sampled_from(
    [
        *(title for title, _ in TITLES),
        *(
            "$x^2$",
            "$\\mathcal{O}(N\\log N)$",
            "$\\{A\\}$",
            "$a$$b$",
            "$$x$$",
            "{",
            "}",
            "\\{",
            "\\",
            "\\%",
            "--",
            "''",
            "DiT",
        ),
        *(
            " ",
            " and ",
            ", ",
            "Jr.",
            "{\\'e}",
            "\\alpha",
            "@article{a,",
            "#",
            "~",
            "van der",
            "é",
            "e\u0301",
            "张三",
            "0",
            "a",
        ),
    ]
)
_NASTY = _TEXT | st.lists(_PIECES | _TEXT, max_size=6).map("".join)
_AUTHORS = st.lists(
    _NASTY
    | st.sampled_from([name for name, _ in NAMES])
    | st.lists(
        st.sampled_from("Ada van der de la Moss Reed, Jr. J. O'Neil Ünal III and {x} & 5%".split()), max_size=6
    ).map(" ".join),
    max_size=4,
).map(tuple)
_LINKS = st.lists(
    st.sampled_from(
        [
            ARXIV,
            "https://arxiv.org/abs/hep-th/9901001v2",
            DOI,
            "https://doi.org/10.1002/(SICI)1097(1998)17:15%3C1661::AID-S%3E3.0.CO;2-2",
            "https://example.org/a_b%20c~d?e=f&g#h$i$",
        ]
    )
    | st.text(_MARKS + "aé", max_size=12).map("https://example.org/".__add__),
    max_size=3,
).map(tuple)
_PAPERS = st.builds(
    paper,
    _NASTY,
    authors=_AUTHORS,
    links=_LINKS,
    venue=st.none() | _NASTY | st.sampled_from([venue for venue, *_ in VENUES]),
    category=st.none() | st.just("cs.CV"),
    month=st.none() | st.just("2024-06"),
    anchor=_NASTY,
)


@example(Paper("", "a.md", 1, 3, "a", authors=(":,AND", "0", "Others, Ada", "Reed, And Or")))
@given(_PAPERS)
def test_whatever_a_paper_says_is_read_back_by_two_parsers(one: Paper) -> None:
    compare([one])


# -- BibTeX, and what TeX would do with it

HOSTILE = [
    *(
        "\\input{/etc/passwd}", "\\include{x}", "\\InputIfFileExists{x}", "\\immediate\\write18{id}", "\\write 18{id}",
        "\\csname input\\endcsname{x}", "\\expandafter\\input x", "^^5cinput{/etc/passwd}", "^^^^005cinput x", "\\catcode`\\|=0",
        "\\def\\x{\\x}", "\\gdef\\x{a}", "\\let\\x=\\y", "\\loop x\\repeat", "\\special{ps: x}", "\\directlua{os.exit(1)}",
        "\\openin1=x", "\\openout1=x", "\\read1 to\\x", "\\verb|x|", "\\href{javascript:pwn(1)}{x}", "\\url{file:///x}",
        "\\includegraphics{x}", "\\usepackage{x}", "\\newcommand{\\x}{y}", "\\begin{filecontents}{x}", "\\inputé{x}", "\\iné",
        "\\font\\x=y", "\\message{x}", "\\par", "\\end", "\\lowercase{x}", "\\scantokens{x}", "\\jobname", "\\@@input x",
        "\\makeatletter", "\\string x", "\\meaning x", "\\number`x", "\\the x", "\\hskip 9cm", "\\kern9cm", "\\footnote{x}",
    ),
    "x}, note = {\\input{x}", "x}}\n@misc{y,", "{{{", "}}}", "$x", "$$$", "# & % _ ~ ^ \\", "a % b", "50\\% off #1",
]  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")


def check_macros(bibtex: str) -> None:
    """Assert that TeX meets no macros but those of the list in an entry."""
    values = re.findall(r"^  (\w+) = \{(.*)\},$", bibtex, re.MULTILINE)
    assert len(values) == bibtex.count("\n") - 2, "a line per field, and no more"
    for name, value in values:
        assert "^^" not in value
        assert "\\" not in value or name in ("title", "author", "journal", "booktitle", "howpublished")
        # `@` may be a letter, too
        assert MACROS.issuperset(re.findall(r"\\(?:[^\W\d_@]+@*|.|\Z)", value)), value
        if name in ("doi", "url", "eprint"):
            assert not set('{}\\"') & set(value)


@pytest.mark.parametrize("around", ["{}", "${}$", "On ${}$ kelp", "A${}$$x^2$", "$\\text{{{}}}$"])
def test_what_is_no_mathematics_is_text_in_every_field(around: str) -> None:
    papers = []
    for text in map(around.format, HOSTILE):
        link = f"https://doi.org/10.1000/{text.replace(' ', '')}"
        one = paper(text, authors=(text, f"Ada {text}"), venue=text, links=(link,), category=text, anchor=text)
        check_macros(bibtex_entry(citation(one)))
        assert csl_item(citation(one))["title"] == " ".join(text.split())
        assert " ".join(text.split()) in reference(citation(one))
        papers.append(one)
    assert compare(papers)


@given(st.lists(st.sampled_from([*HOSTILE, "$", "$$", "\\", " ", "{", "}", "\\alpha", "x"]), max_size=8).map("".join))
def test_whatever_is_put_together_every_macro_is_on_the_list_and_every_word_is_kept(text: str) -> None:
    one = paper(text, authors=(text,), venue=f"Journal of {text}")
    bibtex = bibtex_entry(citation(one))
    check_macros(bibtex)
    (title,) = re.findall(r"^  title = \{(.*)\},$", bibtex, re.MULTILINE) or [""]
    printed = re.sub(r"\\(?:textbackslash|textasciitilde|textasciicircum|ensuremath|[lr]brace)\b", " ", title)
    assert _WORDS.findall(printed) == _WORDS.findall(text)


@pytest.mark.parametrize(
    "formula",
    [
        r"$\mathcal{O}(n \log n)$",
        r"$\mathrm{SE}(3)$",
        r"$\ell_\infty$",
        r"$\frac{1}{\sqrt{2}}\,\|x\|_2$",
        r"$\text{R}^3$",
        r"$\{0,1\}^n \to \mathbb{R}$",
        r"$\left(\hat{x}\right)'$",
    ],
)
def test_usual_formulas_stay(formula: str) -> None:
    assert formula in entry(title=f"On {formula} kelp")


# -- CSL-JSON

# Of https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json what our items may have.
CSL_TYPES = {"article", "article-journal", "paper-conference", "document"}
CSL_VARIABLES = {
    **dict.fromkeys(("id", "type", "title", "container-title", "number", "publisher"), str),
    **dict.fromkeys(("archive", "archive_location", "DOI", "URL", "note"), str),
    "author": list,
    "issued": dict,
}
CSL_NAME = {"family", "given", "non-dropping-particle", "suffix", "literal"}


def check_csl(item: dict[str, Any]) -> None:
    assert {"id", "type"} <= item.keys() <= CSL_VARIABLES.keys()
    assert item["type"] in CSL_TYPES
    for name, value in item.items():
        assert isinstance(value, CSL_VARIABLES[name])
        assert value, name
    for person in item.get("author", ()):
        assert person.keys() <= CSL_NAME
        assert person.keys() == {"literal"} or "family" in person
        assert all(person.values())
    if "issued" in item:
        (date,) = item["issued"]["date-parts"]
        assert 1 <= len(date) <= 2
        assert all(isinstance(part, int) for part in date)


def read_by_citeproc(papers: Sequence[Paper]) -> int:
    """Check the items of papers and read them back; gives how many values were compared."""
    cited = [citation(one) for one in papers]
    items = json.loads(json.dumps([csl_item(c) for c in cited]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a variable or a part of a name that it does not know
        source = citeproc.CiteProcJSON(items)
    values = 0
    for c, item in zip(cited, items, strict=True):
        check_csl(item)
        found = source[c.key.lower()]
        read = {name: str(found[name]) for name in ("title", "container_title", "DOI", "URL") if name in found}
        hoped = {"title": c.title, "container_title": c.venue, "DOI": c.doi, "URL": c.url}
        assert read == {name: value for name, value in hoped.items() if value}
        assert (found.type, int(found.issued.year) if "issued" in found else None) == (item["type"], c.year)
        names = [" ".join(part for n in (0, 3, 1, 4) if (part := name.parts()[n])) for name in found.get("author", ())]
        assert names == wanted(c)["author"]
        number = str(found.get("number", "")).removeprefix("arXiv:") or str(found.get("archive_location", ""))
        assert number == c.arxiv
        values += len(item) + len(names)
    return values


CSL: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"links": (ARXIV,), "authors": ("Jan van den Berg", "Ada Reed, Jr.", "Qwen Team")},
        {
            "type": "article",
            "title": "On Kelp",
            "author": [
                {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
                {"family": "Reed", "given": "Ada", "suffix": "Jr."},
                {"literal": "Qwen Team"},
            ],
            "issued": {"date-parts": [[2024, 5]]},
            "number": "arXiv:2405.01234",
            "publisher": "arXiv",
            "URL": ARXIV,
        },
    ),
    (
        {"links": (ARXIV, DOI), "venue": "CVPR 2023"},
        {
            "type": "paper-conference",
            "title": "On Kelp",
            "issued": {"date-parts": [[2023]]},
            "container-title": "CVPR",
            "archive": "arXiv",
            "archive_location": "2405.01234",
            "DOI": "10.1000/kelp_1",
            "URL": ARXIV,
        },
    ),
    (
        {"venue": "TMLR"},
        {
            "type": "article-journal",
            "title": "On Kelp",
            "container-title": "TMLR",
        },
    ),
]


@pytest.mark.parametrize(("values", "item"), CSL)
def test_csl_items(values: dict[str, Any], item: dict[str, Any]) -> None:
    cited = citation(paper(**values))
    assert csl_item(cited) == {"id": f"arxiv:{cited.arxiv}" if cited.arxiv else "202405/on-kelp", **item}
    assert read_by_citeproc([paper(**values)])


@given(_PAPERS)
def test_citeproc_reads_whatever_a_paper_says(one: Paper) -> None:
    read_by_citeproc([one])
    said = reference(citation(one))
    assert "\n" not in said
    assert said == said.strip()


# -- Digests of others


def test_example_papers_are_read_back() -> None:
    file = SHARED / "example_papers.jsonl"
    if not file.is_file():
        pytest.skip("needs the example papers beside the repository")
    papers = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        known = json.loads(line)
        link = f"https://arxiv.org/abs/{known['id']}"
        values = {"authors": tuple(known["authors"]), "keypoints": tuple(known["categories"]), "links": (link,)}
        papers.append(paper(known["title"], anchor=f"a{number}", **values))
    assert compare(papers) > 2000
    assert read_by_citeproc(papers) > 1000
    for one, cited in zip(papers, map(citation, papers), strict=True):
        assert (cited.title, [name.whole for name in cited.authors]) == (one.title, list(one.authors))


def test_labelled_digests_are_read_back(corpus: Path) -> None:
    papers: list[Paper] = []
    for file in sorted(corpus.glob("*.md")):
        papers += read_digest(file.read_bytes().decode(), file.name)[0].papers
    papers = list({citation(one).key: one for one in papers}.values())  # some stand in several digests
    assert compare(papers) > 1000
    assert read_by_citeproc(papers) > 500
    assert all(citation(one).title == " ".join(one.title.split()) for one in papers)


# -- On the pages of papers

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")

DIGEST = """\
# 202405

### Kelp & "Tides" <b>: $O(n^2)$ [2024.5]\\[[paper](https://arxiv.org/abs/2405.01234)\\]
- `Authors:` Ada Moss, Jan van den Berg
- `Keypoints:` Kelp;

### 潮汐模型
- `Keypoints:` Kelp;
"""
LATER = """\
# 202406

### Kelp and Tides, Again [2024.6]\\[[paper](https://arxiv.org/abs/2405.01234v2)\\]
- `Keypoints:` Kelp;
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = make_builder(tmp_path_factory.mktemp("cited"))
    return build({"202405.md": DIGEST, "202406.md": LATER}, theme={"name": "mkdocs", "highlightjs": False}).site


def cited_on(site: Path, month: str) -> list[tuple[str, str]]:
    tree = LexborHTMLParser((site / month / "index.html").read_text(encoding="utf-8"))
    assert len({node.attributes["id"] for node in tree.css(".pd-cite")}) == len(tree.css(".pd-paper"))
    return [
        (node.css_first("p").text(), node.css_first("pre > code").text()) for node in tree.css(".pd-foot > .pd-cite")
    ]


def test_each_paper_has_its_citation(site: Path) -> None:
    papers = read_digest(DIGEST, "202405.md")[0].papers
    assert cited_on(site, "202405") == [(reference(c), bibtex_entry(c)) for c in map(citation, papers)]
    assert "Jan van den Berg (2024)" in cited_on(site, "202405")[0][0]


def test_a_later_record_is_cited_as_the_first(site: Path) -> None:
    assert cited_on(site, "202406") == cited_on(site, "202405")[:1]


def test_a_site_can_do_without(tmp_path: Path) -> None:
    built = make_builder(tmp_path)({"202405.md": DIGEST}, {"citations": False}, theme={"name": "mkdocs"})
    page = built.read("202405/index.html")
    assert "pd-foot" in page
    assert "pd-cite" not in page
    assert "popover" not in page


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_a_citation_is_copied_with_one_click(fresh_tab: Any, site: Path, *, has_clipboard: bool) -> None:
    page = fresh_tab
    if not has_clipboard:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    hoped = cited_on(site, "202405")[0]
    with served(site) as address:
        page.goto(f"{address}202405/")
        foot = page.locator(".pd-foot").first
        button = foot.get_by_role("button", name="Copy BibTeX")
        playwright.expect(button).not_to_be_visible()
        foot.get_by_role("button", name="Cite").click()
        for name, text in zip(("Copy reference", "Copy BibTeX"), hoped, strict=True):
            button = foot.get_by_role("button", name=name)
            button.click()
            playwright.expect(foot.get_by_role("status").filter(has_text="Copied").first).to_be_visible()
            page.evaluate("document.querySelector('.pd-cite').append(document.createElement('textarea'))")
            field = page.locator(".pd-cite > textarea")
            field.focus()
            page.keyboard.press("Control+V")
            assert field.input_value() == text
            field.evaluate("element => element.remove()")
        page.keyboard.press("Escape")
        playwright.expect(button).not_to_be_visible()


def test_a_citation_is_shown_without_scripts(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "202405" / "index.html").as_uri())
    playwright.expect(page.locator(".pd-cite").first).not_to_be_visible()
    page.get_by_role("button", name="Cite").first.click()
    playwright.expect(page.locator(".pd-cite pre").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_citation_fits_the_window(tab: Any, site: Path, width: int) -> None:
    page = tab
    page.set_viewport_size({"width": width, "height": 700})
    page.goto((site / "202405" / "index.html").as_uri())
    page.get_by_role("button", name="Cite").first.click()
    box = page.locator(".pd-cite").first.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.emulate_media(media="print")
    playwright.expect(page.get_by_role("button", name="Cite").first).not_to_be_visible()
