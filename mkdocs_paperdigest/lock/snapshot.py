"""What a site held at one time, as far as it shows which paper and which keypoint is which at another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..keypoints import EMPTY_VOCABULARY, Vocabulary
from ..reader import INVALID_CHARACTERS, read_inline
from ..records import Digest, Link, identify
from ..support import github_slug, keypoint_key, python_markdown_slug
from .lock_file import NOTHING, Lock, anchors, is_address, is_slug

_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PaperState:
    """A paper at one time.

    `natural` is the address that its source alone gives, `address` the one that it had on the site, `former` those before it. `page` is the path of
    its digest without suffix. `ids` are its identifiers of arXiv and its DOIs; `links` are its other links. `text` is what its fields
    say, keypoints left out. `written` are its keypoints. `forms` are anchors that Python-Markdown or GitHub give to its heading, if
    they differ from the natural one.
    """

    natural: str
    address: str
    former: tuple[str, ...]
    title: str
    page: str
    ids: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    text: str = ""
    written: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[str, frozenset[str], str]:
        return self.title, self.ids, self.text

    @property
    def was(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.former, self.address)))


@dataclass(frozen=True)
class Snapshot:
    """A site at one time: its papers; the slugs of their keypoints by spelling; the labels of keypoints by slug.

    `vocabulary` says what spellings mean that no paper has, `lock` what addresses the site kept.
    """

    papers: tuple[PaperState, ...] = ()
    slugs: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Vocabulary = EMPTY_VOCABULARY
    lock: Lock = NOTHING

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {keypoint_key(written): slug for written, slug in self.slugs.items()}

    @cached_property
    def spellings(self) -> dict[str, list[str]]:
        """How papers spell each keypoint, by slug; most frequent first."""
        counts = Counter(written for paper in self.papers for written in paper.written)
        found: dict[str, list[str]] = {}
        for written in sorted(counts, key=lambda name: (-counts[name], name)):
            found.setdefault(self.slugs[written], []).append(written)
        return found

    def slug(self, written: str) -> str:
        known = self.slugs.get(written) or self._by_key.get(keypoint_key(written))
        return known or self.vocabulary.slug(written)

    def named(self, paper: PaperState) -> list[str]:
        return list(dict.fromkeys(self.slugs[written] for written in paper.written))


def natural_states(digest: Digest) -> tuple[PaperState, ...]:
    page = digest.path.rpartition(".")[0] or digest.path
    definitions = digest.definitions
    states = []
    for section in digest.sections:
        paper = section.paper
        ids, links = identities(paper.links)
        said = [f.text for f in paper.fields if f.name != "keypoints"]
        text = _text(said, paper.authors, paper.venue, (figure.src for figure in paper.figures))
        forms: list[str] = []
        if section.shape == "heading":
            heading = INVALID_CHARACTERS.sub("", read_inline(section.title + section.tail, definitions).text)
            slugs = (python_markdown_slug(heading), github_slug(heading))
            forms = [slug for slug in dict.fromkeys(slugs) if slug not in ("", paper.anchor)]
        at, written = f"{page}/{paper.anchor}", paper.keypoints or ()
        states.append(PaperState(at, at, (), paper.title, page, ids, links, text, written, tuple(forms)))
    return tuple(states)


def assembled(
    pages: Iterable[tuple[PaperState, ...]], vocabulary: Vocabulary = EMPTY_VOCABULARY, lock: Lock = NOTHING
) -> Snapshot:
    papers = [paper for page in pages for paper in _addressed(page, lock)]
    slugs: dict[str, str] = {}
    labels = {entry.slug: entry.label for entry in vocabulary.entries}
    for paper in papers:
        for written in paper.written:
            if written not in slugs:
                slugs[written] = vocabulary.slug(written)
                labels.setdefault(slugs[written], written)
    return Snapshot(tuple(papers), slugs, labels, vocabulary, lock)


def _addressed(papers: tuple[PaperState, ...], lock: Lock) -> Iterator[PaperState]:
    if not papers or papers[0].page not in lock.pages:
        yield from papers
        return
    page = papers[0].page
    natural = [paper.natural.rpartition("/")[2] for paper in papers]
    for paper, anchor in zip(papers, anchors(page, natural, lock), strict=True):
        yield replace(paper, address=f"{page}/{anchor}", former=lock.papers.get(paper.natural, ()))


def identities(links: Iterable[Link]) -> tuple[frozenset[str], frozenset[str]]:
    """What names a paper in the world, versions left out, and its other links, so that two ways of writing one are the same."""
    ids, others = set(), set()
    for link in links:
        if (found := identify(link.url)) and found.scheme in ("arxiv", "doi"):
            ids.add(str(found))
        else:
            others.add(_SCHEME.sub("", link.url, count=1).rstrip("/"))
    return frozenset(ids), frozenset(others)


def _text(fields: Iterable[str], authors: Iterable[str], venue: str | None, figures: Iterable[str]) -> str:
    return " ".join(" ".join((*fields, *authors, venue or "", *figures)).split())


# -- papers.json


def snapshot_of_papers_json(data: object, lock: Lock = NOTHING) -> Snapshot:
    """Read a published `papers.json`; `lock` tells papers that have moved since. Raises ValueError for other data."""
    try:
        return _of_json(data, lock)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is no papers.json ({type(error).__name__}: {error})") from None


def _of_json(data: Any, lock: Lock) -> Snapshot:
    papers = []
    slugs: dict[str, str] = {}
    labels: dict[str, str] = {}
    for keypoint in data["keypoints"]:
        if is_slug(_str(keypoint["slug"])):
            labels[keypoint["slug"]] = _str(keypoint["label"])
    for item in data["papers"]:
        page = _str(item["source"]["path"]).rpartition(".")[0] or item["source"]["path"]
        address = f"{page}/{_str(item['url']).partition('#')[2]}"
        id_ = _str(item["id"])
        if not (is_address(address) and is_address(id_)):
            continue
        for badge in item["keypoints"] or ():
            if is_slug(_str(badge["slug"])):
                slugs.setdefault(_str(badge["written"]), badge["slug"])
                labels.setdefault(badge["slug"], _str(badge["label"]))
        ids, links = identities(Link(_str(link["kind"]), _str(link["url"])) for link in item["links"])
        text = _text(
            (_str(f["text"]) for f in item["fields"] if f["name"] != "keypoints"),
            map(_str, item["authors"]),
            item["venue"] and _str(item["venue"]),
            (_str(figure["src"]) for figure in item["figures"]),
        )
        written = tuple(b["written"] for b in item["keypoints"] or () if b["written"] in slugs)
        former = () if id_ == address else (id_,)
        natural = lock.owners.get(id_, address)
        papers.append(PaperState(natural, address, former, _str(item["title"]), page, ids, links, text, written))
    return Snapshot(tuple(papers), slugs, labels, lock=lock)


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} where text should be")
    return value
