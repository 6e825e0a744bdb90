"""The data of a built site, read and checked: `papers.json` against its schema, itself, and the pages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from ..exports import GLOBAL, papers_schema
from ..records import Link, paper_identifiers
from ..support import keypoint_key, keypoint_slug
from .built_site import BuiltSite, Place
from .crawl import Crawl, HtmlPage
from .faults import Fault, fault
from .json_schema import problem_finder

DATA, EXPLORER = "papers.json", "assets/paperdigest/papers.js"
_BREAKING = ("data-unread", "data-schema", "data-repeats")


@dataclass(frozen=True, slots=True)
class Record:
    """What is checked of a paper: `keypoints` are the labels of its badges by slug, `names` the publications that its links name, and their addresses, decoded."""

    id: str
    title: str
    url: str
    month: str | None
    date: str | None
    category: str | None
    keypoints: Mapping[str, str]
    same_as: str | None
    names: frozenset[str] = frozenset()

    @property
    def places(self) -> Iterator[Place]:
        """What its address may mean: it is not percent-encoded, so that a `#` in it may be part of a name."""
        signs = [match.start() for match in re.finditer("#", self.url)] or [len(self.url)]
        for sign in dict.fromkeys((signs[-1], signs[0])):
            yield Place(self.url[:sign], self.url[sign + 1 :])


@dataclass(frozen=True, slots=True)
class KeypointRecord:
    slug: str
    label: str
    count: int
    months: Mapping[str, int]
    url: str | None


@dataclass
class Data:
    """The papers and keypoints of a site, or of one of its languages, and what is wrong with them.

    `path` is that of the file they are from, `folder` the folder that they are of: empty, or ending in `/`. `naming` are the papers,
    each once, by the slugs of their keypoints. `at` has all records by file and id, `by_stem` the slugs of keypoints by the paths of
    their pages without `.html`. `shown` and `entries` tell what the pages of keypoints lead to and list; of those in
    `hidden` the site may have another page in the place of one of these.
    """

    path: str = ""
    folder: str = ""
    records: list[Record] = field(default_factory=list)
    keypoints: list[KeypointRecord] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    naming: dict[str, list[Record]] = field(default_factory=dict)
    at: dict[tuple[str, str], Record] = field(default_factory=dict)
    by_stem: dict[str, str] = field(default_factory=dict)
    shown: dict[str, set[str]] = field(default_factory=dict)
    entries: Counter[str] = field(default_factory=Counter)
    hidden: set[str] = field(default_factory=set)

    @property
    def is_sound(self) -> bool:
        """Whether there is a file that others can be compared with: where a record is broken, all that counts it would differ."""
        return bool(self.path) and not any(one.rule in _BREAKING for one in self.faults)

    @cached_property
    def papers(self) -> list[Record]:
        return [record for record in self.records if record.same_as is None]

    @cached_property
    def dated(self) -> list[Record]:
        """Those that have a month, as all in feeds do."""
        return [record for record in self.papers if record.month]

    @cached_property
    def filed(self) -> dict[str, list[Record]]:
        """These by the slugs of their categories."""
        filed: dict[str, list[Record]] = {}
        for record in self.dated:
            if record.category and record.category.strip():
                filed.setdefault(keypoint_slug(keypoint_key(record.category)), []).append(record)
        return filed

    def paper_at(self, site: BuiltSite, place: Place) -> Record | None:
        file = site.file(place.path)
        return self.at.get((file, place.fragment)) or self.at.get((file, unquote(place.fragment)))

    def see(self, site: BuiltSite, path: str, page: HtmlPage, places: Mapping[str, Place]) -> None:
        stem = _stem(path)
        own, above = self.by_stem.get(stem), self.by_stem.get(stem.rpartition("/")[0])
        slug = above if page.is_part else own if page.is_keypoint else None
        if slug is None:
            if above is not None:
                self.hidden.add(above)
            return
        shown = self.shown.setdefault(slug, set())
        for found in places.values():
            if found.fragment and (record := self.paper_at(site, found)):
                shown.add(record.id)
        for link in page.entries:
            record = self.paper_at(site, places[link]) if link in places else None
            if record is not None and record.same_as is None:
                self.entries[slug] += 1


def read_datas(site: BuiltSite) -> list[Data]:
    """Read each `papers.json`: a site in several languages has one for each. Files of that name that are of others are passed over."""
    paths = sorted(path for path in site.files if path.rpartition("/")[2] == DATA)
    found = [data for path in paths if (data := _read(site, path)) is not None]
    if len(found) == 1:  # wherever an option has put it
        found[0].folder = ""
    return found


def _read(site: BuiltSite, path: str) -> Data | None:
    """Read one; what is not as the schema says is a fault, and left out. None if it is a file of others."""
    data = Data(path, path.removesuffix(DATA))
    try:
        loaded = json.loads(site.read(path))
    except (ValueError, RecursionError) as error:
        data.faults.append(fault("data-unread", path, error))
        return None if data.folder else data
    if not isinstance(loaded, dict) or not loaded.keys() & {"schema", "papers", "keypoints"}:
        return None  # a site may have a file of that name itself
    rules = papers_schema()
    definitions = rules["$defs"]
    head = {**rules, "properties": {"schema": rules["properties"]["schema"]}}
    if found := problem_finder(head, definitions)(loaded):
        data.faults.append(fault("data-schema", path, "the file:", found))
    data.records = [_record(one) for one in _valid(loaded, "paper", "id", definitions, data)]
    data.keypoints = [
        KeypointRecord(one["slug"], one["label"], one["count"], one["months"], one["url"])
        for one in _valid(loaded, "keypoint", "slug", definitions, data)
    ]
    for record in data.records:
        for place in record.places:
            data.at.setdefault((site.file(place.path), place.fragment), record)
        if record.same_as is None:
            for slug in record.keypoints:
                data.naming.setdefault(slug, []).append(record)
    data.by_stem = {_stem(site.file(one.url)): one.slug for one in data.keypoints if one.url is not None}
    return data


def check_data(data: Data, crawl: Crawl) -> None:
    """Compare sound data with itself and with the pages that were crawled; what is wrong goes to its faults."""
    if data.is_sound:
        data.faults += (*_papers(data, crawl), *_keypoints(data, crawl), *_explorer(data, crawl.site))


def _valid(
    loaded: Mapping[str, Any], kind: str, key: str, definitions: Mapping[str, Any], data: Data
) -> Iterator[Mapping[str, Any]]:
    found = loaded.get(f"{kind}s")
    if not isinstance(found, list):
        if found is not None:
            data.faults.append(fault("data-schema", data.path, "the file:", f"{kind}s is no array"))
        return
    seen = set()
    first_problem = problem_finder(definitions[kind], definitions)
    for number, one in enumerate(found):
        if wrong := first_problem(one):
            known = one.get(key) if isinstance(one, dict) else None
            data.faults.append(fault("data-schema", data.path, f"{kind} {number} ({known}):", wrong))
        elif one[key] in seen:
            data.faults.append(fault("data-repeats", data.path, one[key], f"{key} of a {kind}"))
        else:
            seen.add(one[key])
            yield one


def _record(one: Mapping[str, Any]) -> Record:
    keypoints = {badge["slug"]: badge["label"] for badge in one["keypoints"] or ()}
    links = [Link(link["kind"], link["url"]) for link in one["links"]]
    names = frozenset((*map(str, paper_identifiers(links)), *(unquote(link.url) for link in links)))
    known = {name: one[name] for name in ("id", "title", "url", "month", "date", "category", "same_as")}
    return Record(**known, keypoints=keypoints, names=names)


def _papers(data: Data, crawl: Crawl) -> Iterator[Fault]:
    by_id = {record.id: record for record in data.records}
    labels = {keypoint.slug: keypoint.label for keypoint in data.keypoints}
    for record in data.records:
        if not any(crawl.has(place) for place in record.places):
            what = "page" if crawl.site.file(next(record.places).path) not in crawl.site.files else "id"
            yield fault("data-url", data.path, record.id, record.url, what)
        if record.same_as is not None:
            first = by_id.get(record.same_as)
            if first is None:
                yield fault("data-same-as", data.path, record.id, record.same_as, "no paper")
            elif first.same_as is not None:
                yield fault("data-same-as", data.path, record.id, record.same_as, "a later record itself")
        for slug, label in record.keypoints.items():
            if slug not in labels:
                yield fault("data-badge", data.path, record.id, slug, "which is not among the keypoints")
            elif label != labels[slug]:
                yield fault("data-badge", data.path, record.id, slug, f"there as {label}, here as {labels[slug]}")


def _keypoints(data: Data, crawl: Crawl) -> Iterator[Fault]:
    for keypoint in data.keypoints:
        naming = data.naming.get(keypoint.slug, [])
        months = Counter(record.month for record in naming if record.month)
        if keypoint.count != len(naming):
            yield fault("data-count", data.path, keypoint.slug, keypoint.count, len(naming))
        if keypoint.months != months:
            yield fault("data-count", data.path, keypoint.slug, dict(keypoint.months), dict(months))
        if keypoint.url is None:
            continue
        file = crawl.site.file(keypoint.url)
        if file not in crawl.site.files:
            yield fault("data-url", data.path, keypoint.slug, keypoint.url, "page")
        elif keypoint.slug in data.shown and keypoint.slug not in data.hidden:
            missing = [record for record in naming if record.id not in data.shown[keypoint.slug]]
            if missing:
                yield fault("keypoint-page", file, missing[0].id)
            elif (entries := data.entries[keypoint.slug]) not in (0, len(naming)):
                yield fault("keypoint-entries", file, entries, len(naming))


def _explorer(data: Data, site: BuiltSite) -> Iterator[Fault]:
    path = data.folder + EXPLORER
    if path not in site.files:
        return
    try:
        found = json.loads(site.text(path).strip().removeprefix(f"self.{GLOBAL}=").removesuffix(";"))
        count = len(found["titles"])
    except (ValueError, RecursionError, KeyError, TypeError):
        yield fault("explorer-unread", path)
        return
    if count != len(data.papers):
        yield fault("explorer-count", path, count, len(data.papers))


def _stem(file: str) -> str:
    return file.removesuffix(".html").removesuffix("/index")
