"""The hosts that links of papers lead to, one table: what they are called, which publish papers, and what their addresses mean.

To add a site, add a row here. Its links have the icon of papers unless `paperdigest.css` gives `.pd-link-<name>` another one of `links.svg`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkSite:
    """A site that links lead to. `name` is for programs (`papers.json`, classes of CSS) and stays; `label` is what readers see.

    Project pages have no label of their own: what they are called depends on the language of the site. `words` is a pattern of words
    that name the site in the text of a link, where there are others than its label.
    """

    name: str
    label: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """Hosts whose addresses mean the same.

    `hosts` are separated by spaces; one may begin with `*.` for any subdomain, and end in a path that addresses of the site begin with.
    `papers` are the beginnings of addresses, without scheme and subdomain, below which papers are published. `kinds` are the kinds of
    links by patterns of their paths. `identifiers` are pairs: how a path begins before an identifier, and its form, a key of
    `identifiers.FORMS`. `site` is None where a link is not marked.
    """

    site: LinkSite | None
    hosts: str
    papers: str = ""
    kinds: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


PROJECT = LinkSite(
    "project", "", r"project|page|site|home|demo|项目|專案|主页|主頁|网站|プロジェクト|ページ|サイト|デモ"
)

_ARXIV = LinkSite("arxiv", "arXiv")
_ACL = LinkSite("acl", "ACL Anthology", r"\bacl\b|anthology")
_HUGGING_FACE = LinkSite("huggingface", "Hugging Face", r"hugging ?face|\bhf\b|\U0001f917")
_GITHUB = LinkSite("github", "GitHub")

_ARXIV_PAGE = (("arxiv", r"(?:(?:abs|pdf|html|ps|format|e-print|src|tb|bibtex)/.|ftp/[a-z-]+/papers/|\d{4}\.\d)"),)
_HUGGING_FACE_PAGE = (("arxiv", r"papers/\d{4}\.\d"),)
_REPOSITORY = (
    (
        "code",
        r"(?!(?:features|topics|orgs|users|sponsors|marketplace|about|search|login|settings|collections|trending|apps|stars|"
        r"user-attachments|explore|help|dashboard)/)[^/]+/[^/]+"
        r"(?:/?$|/(?:tree|blob|blame|raw|src|releases|tags|commits?|archive|packages)(?:/|$)(?!.*\.(?:pdf|png|jpe?g|gif|svg|webp|mp4)$))",
    ),
)
_GROUPS = r"(?!(?:explore|help|users|dashboard|search)/)[^/]+(?:/(?!-/)[^/]+)+/?(?:$|-/(?:tree|blob|raw|releases|tags|commits?)(?:/|$))"
_DOI_PAGE = ((r"doi/(?:(?:abs|full|pdf|epdf|pdfdirect|fullhtml|reader|book/edcoll)/)?", "doi of page"),)
_BIORXIV_PAGE = ((r"content/(?:biorxiv/|medrxiv/)?(?:early/[\d/]+/)?", "biorxiv"),)

HOSTS = (
    Host(
        _ARXIV,
        "arxiv.org *.arxiv.org xxx.lanl.gov",
        papers="arxiv.org/",
        kinds=_ARXIV_PAGE,
        identifiers=(
            (r"ftp/", "arxiv of ftp"),
            (r"(?:(?:abs|pdf|html|ps|format|e-print|src|tb|bibtex)/)?", "arxiv"),
        ),
    ),
    Host(
        _ARXIV,
        "ar5iv.org ar5iv.labs.arxiv.org",
        kinds=_ARXIV_PAGE,
        identifiers=((r"(?:(?:abs|html|pdf)/)?", "arxiv"),),
    ),
    Host(
        LinkSite("alphaxiv", "alphaXiv"),
        "alphaxiv.org",
        papers="alphaxiv.org/",
        kinds=(("arxiv", r"(?:[a-z]{2}/)?(?:abs|pdf|html|overview|audio|blog)/."),),
        identifiers=((r"(?:[a-z]{2}/)?(?:abs|pdf|html|overview|audio|resources|blog)/", "arxiv"),),
    ),
    Host(
        LinkSite("papers-cool", "Papers.cool"),
        "papers.cool",
        papers="papers.cool/",
        kinds=(("arxiv", r"arxiv/(?:\d{4}\.\d|[a-z-]+(?:\.[A-Z]+)?/\d)"),),
        identifiers=((r"arxiv/", "arxiv"),),
    ),
    Host(None, "scirate.com", identifiers=((r"arxiv/", "arxiv"),)),
    Host(None, "arxiv-vanity.com emergentmind.com", identifiers=((r"papers/", "arxiv"),)),
    Host(None, "catalyzex.com", identifiers=((r"paper/(?=arxiv:)", "arxiv"),)),
    Host(
        LinkSite("doi", "DOI"),
        "doi.org dx.doi.org",
        papers="doi.org/",
        kinds=(("doi", r"(?:doi:)?10\.|https?:"),),
        identifiers=((r"", "doi"),),
    ),
    Host(
        LinkSite("openreview", "OpenReview"),
        "openreview.net",
        papers="openreview.net/",
        kinds=(("pdf", r"pdf/?$|pdf/.|references/pdf"),),
        identifiers=((r"(?:forum|pdf)$", "openreview"),),
    ),
    Host(
        _ACL,
        "aclanthology.org aclanthology.info",
        papers="aclanthology.org/",
        identifiers=((r"(?:anthology/)?(?:papers/(?:[a-z]/[a-z]\d\d/)?)?(?=[^/]+$|[^/]+/[^/]+$)", "acl"),),
    ),
    Host(
        None,
        "aclanthology.coli.uni-saarland.de",
        identifiers=((r"(?:anthology/)?(?:papers/(?:[a-z]/[a-z]\d\d/)?)?(?=[^/]+$|[^/]+/[^/]+$)", "acl"),),
    ),
    Host(
        _ACL,
        "aclweb.org/anthology",
        papers="aclweb.org/anthology",
        identifiers=((r"anthology/(?:papers/)?(?:[a-z]/[a-z]\d\d/)?(?=[^/]+$)", "acl"),),
    ),
    Host(LinkSite("cvf", "CVF"), "openaccess.thecvf.com", papers="thecvf.com/", identifiers=((r"", "cvf"),)),
    Host(LinkSite("cvf", "CVF"), "cv-foundation.org/openaccess", identifiers=((r"openaccess/", "cvf"),)),
    Host(LinkSite("ecva", "ECVA"), "ecva.net/papers", papers="ecva.net/"),
    Host(
        LinkSite("pmlr", "PMLR"),
        "proceedings.mlr.press",
        papers="proceedings.mlr.press/",
        identifiers=((r"", "pmlr"),),
    ),
    Host(
        LinkSite("neurips", "NeurIPS"),
        "proceedings.neurips.cc papers.neurips.cc papers.nips.cc proceedings.nips.cc",
        papers="proceedings.neurips.cc/ papers.neurips.cc/ papers.nips.cc/ proceedings.nips.cc/ nips.cc/paper",
        identifiers=((r"", "neurips"),),
    ),
    Host(LinkSite("jmlr", "JMLR"), "jmlr.org", papers="jmlr.org/"),
    Host(LinkSite("acm", "ACM"), "dl.acm.org", papers="dl.acm.org/", identifiers=_DOI_PAGE),
    Host(LinkSite("ieee", "IEEE Xplore"), "ieeexplore.ieee.org", papers="ieeexplore.ieee.org/"),
    Host(
        LinkSite("springer", "Springer"),
        "link.springer.com",
        papers="link.springer.com/",
        identifiers=((r"(?:article|chapter|content/pdf)/", "springer"),),
    ),
    Host(LinkSite("sciencedirect", "ScienceDirect"), "sciencedirect.com", papers="sciencedirect.com/"),
    Host(
        LinkSite("nature", "Nature"),
        "nature.com/articles",
        papers="nature.com/articles",
        identifiers=((r"articles/", "nature"),),
    ),
    Host(LinkSite("biorxiv", "bioRxiv"), "biorxiv.org", papers="biorxiv.org/", identifiers=_BIORXIV_PAGE),
    Host(LinkSite("medrxiv", "medRxiv"), "medrxiv.org", papers="medrxiv.org/", identifiers=_BIORXIV_PAGE),
    Host(LinkSite("aaai", "AAAI"), "ojs.aaai.org aaai.org/ojs", papers="ojs.aaai.org/ aaai.org/ojs"),
    Host(LinkSite("ijcai", "IJCAI"), "ijcai.org/proceedings", papers="ijcai.org/proceedings"),
    Host(None, "science.org", papers="science.org/doi", identifiers=_DOI_PAGE),
    Host(
        None,
        "onlinelibrary.wiley.com tandfonline.com journals.sagepub.com pubs.acs.org pnas.org",
        identifiers=_DOI_PAGE,
    ),
    Host(None, "journals.plos.org", identifiers=((r"\w+/article(?:/\w+)?/?$", "plos"),)),
    Host(None, "frontiersin.org", identifiers=((r"(?:journals/[\w-]+/)?articles/", "doi of page"),)),
    Host(None, "journals.aps.org", identifiers=((r"\w+/(?:abstract|pdf)/", "doi of page"),)),
    Host(
        None,
        "chemrxiv.org hal.science roboticsproceedings.org isca-archive.org",
        papers="chemrxiv.org/ hal.science/ roboticsproceedings.org/ isca-archive.org/",
    ),
    Host(
        LinkSite("s2", "Semantic Scholar"),
        "semanticscholar.org",
        papers="semanticscholar.org/",
        identifiers=((r"arxiv/", "arxiv"), (r"(?=paper/)", "s2")),
    ),
    Host(None, "api.semanticscholar.org", identifiers=((r"(?=arxiv:)", "arxiv"),)),
    Host(
        _HUGGING_FACE,
        "huggingface.co hf.co hf-mirror.com",
        papers="huggingface.co/papers/",
        kinds=_HUGGING_FACE_PAGE,
        identifiers=((r"papers/", "arxiv"),),
    ),
    Host(_HUGGING_FACE, "*.hf.space", kinds=_HUGGING_FACE_PAGE),
    Host(_GITHUB, "github.com", kinds=_REPOSITORY),
    Host(_GITHUB, "gist.github.com", kinds=(("code", r"[^/]+/[0-9a-f]{20}"),)),
    Host(LinkSite("gitlab", "GitLab"), "gitlab.com", kinds=(("code", _GROUPS),)),
    Host(LinkSite("gitee", "Gitee"), "gitee.com", kinds=_REPOSITORY),
    Host(LinkSite("bitbucket", "Bitbucket"), "bitbucket.org", kinds=_REPOSITORY),
    Host(LinkSite("codeberg", "Codeberg"), "codeberg.org", kinds=_REPOSITORY),
    Host(
        LinkSite("anonymous-github", "Anonymous GitHub"),
        "anonymous.4open.science",
        kinds=(("code", r"(?:r|repository|anonymize)/"),),
    ),
    Host(PROJECT, "*.github.io *.gitlab.io sites.google.com/view", kinds=(("project", r""),)),
)


_BY_DOMAIN = {
    place.partition("/")[0]: (host, place.partition("/")[2]) for host in HOSTS for place in host.hosts.split()
}


def known_host(domain: str) -> tuple[Host, str] | None:
    """What is known of a host, and what the paths of its site begin with; None if it is not known."""
    domain = domain.lower().removeprefix("www.")
    return _BY_DOMAIN.get(domain) or _BY_DOMAIN.get(f"*.{'.'.join(domain.split('.')[-2:])}")


_PAPERS = re.compile(
    rf"https?://(?:[\w-]+\.)*(?:{'|'.join(re.escape(place) for host in HOSTS for place in host.papers.split())})",
    re.IGNORECASE,
)


def leads_to_a_paper(text: str) -> bool:
    """Whether a text holds an address where papers are published."""
    return "://" in text and _PAPERS.search(text) is not None
