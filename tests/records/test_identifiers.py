"""Which paper an address names: one way of writing for each, nothing for what names none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from links import LABELLED, UNSEEN

from mkdocs_paperdigest import Link
from mkdocs_paperdigest.records.identifiers import Identifier, arxiv_identifier, identify, paper_identifiers

ADDRESSES = [row.address for row in (*LABELLED, *UNSEEN)]


def named(url: str) -> str | None:
    found = identify(url)
    return str(found) if found else None


@pytest.mark.parametrize("row", LABELLED, ids=lambda row: row.address)
def test_an_address_names_its_paper_and_no_other(row) -> None:  # type: ignore[no-untyped-def]
    assert named(row.address) == row.paper


@pytest.mark.parametrize(
    ("url", "paper"),
    [
        (" https://arxiv.org/abs/2405.01234\n", "arxiv:2405.01234"),
        ("arxiv.org/abs/2405.01234", "arxiv:2405.01234"),
        ("arXiv:2405.01234v2", "arxiv:2405.01234"),
        ("arxiv:cs.CV/0501001", "arxiv:cs/0501001"),
        ("doi:10.1145/3580305.3599256", "doi:10.1145/3580305.3599256"),
        ("DOI: 10.48550/ARXIV.2405.01234", "arxiv:2405.01234"),
        ("2405.01234", None),  # a name of a file as well
        ("arxiv.org", None),
        ("https://[::1", None),
        ("https://arxiv.org/abs/２４０５.０１２３４", None),
        ("", None),
    ],
)
def test_addresses_without_a_scheme_and_uris(url: str, paper: str | None) -> None:
    assert named(url) == paper


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0704.0001", "0704.0001"),
        ("0703.0001", None),
        ("1412.9999", "1412.9999"),
        ("1412.99999", None),
        ("1501.9999", None),
        ("1501.99999", "1501.99999"),
        ("2400.12345", None),
        ("2412.12345v10", "2412.12345"),
        ("math/9107001", None),
        ("math/9108001", "math/9108001"),
        ("math.AG/0703999", "math/0703999"),
        ("math/0704001", None),
        ("math/0703000", None),
        ("eess/0501001", None),  # younger than the form
    ],
)
def test_identifiers_of_arxiv_that_can_be(text: str, value: str | None) -> None:
    assert arxiv_identifier(text) == value


@pytest.mark.parametrize(
    ("scheme", "value", "url"),
    [
        ("arxiv", "cs/0501001", "https://arxiv.org/abs/cs/0501001"),
        ("doi", "10.1002/a<b>#c?d%e", "https://doi.org/10.1002/a%3Cb%3E%23c%3Fd%25e"),
        ("openreview", "-Ab_1E2Ec-", "https://openreview.net/forum?id=-Ab_1E2Ec-"),
        ("acl", "2024.acl-long.12", "https://aclanthology.org/2024.acl-long.12/"),
        (
            "cvf",
            "Moss_Kelp_CVPR_2019_paper",
            "https://openaccess.thecvf.com/content_CVPR_2019/html/Moss_Kelp_CVPR_2019_paper.html",
        ),
        (
            "cvf",
            "Moss_Kelp_CVPR_2024_paper",
            "https://openaccess.thecvf.com/content/CVPR2024/html/Moss_Kelp_CVPR_2024_paper.html",
        ),
        (
            "cvf",
            "OCEAN/Moss_Kelp_CVPRW_2024_paper",
            "https://openaccess.thecvf.com/content/CVPR2024W/OCEAN/html/Moss_Kelp_CVPRW_2024_paper.html",
        ),
        ("pmlr", "v139/moss21a", "https://proceedings.mlr.press/v139/moss21a.html"),
    ],
)
def test_the_canonical_address(scheme: str, value: str, url: str) -> None:
    assert Identifier(scheme, value).url == url
    assert identify(url) == Identifier(scheme, value)


def test_each_identifier_of_a_paper_once_in_order() -> None:
    urls = [
        "https://example.org/",
        "https://doi.org/10.48550/arXiv.2405.01234",
        "https://github.com/example/kelp",
        "https://openreview.net/forum?id=AbCdEfGh12",
        "https://arxiv.org/pdf/2405.01234v2",
        "https://openreview.net/pdf?id=AbCdEfGh12",
    ]
    found = paper_identifiers(Link("other", url) for url in urls)
    assert list(map(str, found)) == ["arxiv:2405.01234", "openreview:AbCdEfGh12"]


def test_a_doi_of_the_acl_is_its_paper_in_the_anthology_too() -> None:
    def found(url: str) -> list[str]:
        return list(map(str, paper_identifiers([Link("other", url)])))

    assert found("https://doi.org/10.18653/v1/P19-1001") == ["doi:10.18653/v1/p19-1001", "acl:P19-1001"]
    assert found("https://aclanthology.org/P19-1001/") == ["acl:P19-1001"]
    assert found("https://doi.org/10.3115/1073083.1073135") == ["doi:10.3115/1073083.1073135"]


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A real address with something put in, or cut."""
    url = draw(st.sampled_from(ADDRESSES))
    start = draw(st.integers(0, len(url)))
    end = draw(st.integers(start, min(start + 4, len(url))))
    between = draw(
        st.text(max_size=4) | st.sampled_from(["%2F", "%", "%%30", "..", ")", "(", "/", "v2", "?", "#", "\ud800"])
    )
    return url[:start] + between + url[end:]


@given(st.text() | mangled())
def test_whatever_is_named_is_written_in_one_way(url: str) -> None:
    found = identify(url)
    if found:
        assert found.value.isprintable()
        assert identify(found.url) == found


@given(st.sampled_from(ADDRESSES), st.sampled_from([".", ",", ")", "。", "，", "*", "'", "\n", "#x", "#a?b=c", ".)"]))
def test_what_stands_behind_an_address_changes_nothing(url: str, behind: str) -> None:
    if "#" in url or ".bib" in url:
        return
    assert named(url + behind) == named(url)


@given(st.sampled_from([url for url in ADDRESSES if url.startswith("http")]))
def test_scheme_and_case_of_the_host_change_nothing(url: str) -> None:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    assert named(f"{'http' if scheme == 'https' else 'https'}://{host.upper()}{slash}{path}") == named(url)
