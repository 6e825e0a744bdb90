"""What the data of a site says, read off its folder without a build: the records of `papers.json`."""

from __future__ import annotations

import errno
import os
import warnings
from collections import Counter
from collections.abc import Collection as Several
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..collection import (
    Collection,
    PageAddresses,
    is_all,
    is_within,
    options_for,
    read_collection,
    shown,
)
from ..library import Keypoint, Library
from ..reader import DEFAULT_LABELS, LabelVocabulary
from ..records import Paper
from .file_plan import BIBTEX, CSL
from .papers_csv import papers_csv
from .papers_json import papers_json, papers_json_bytes


@dataclass(frozen=True)
class SiteData:
    """The papers and keypoints of a site, or some of them, with the ids, labels and addresses that they have on it.

    `unreadable` are Markdown files that could not be read, by their paths in the docs.
    """

    library: Library
    addresses: PageAddresses
    labels: LabelVocabulary = DEFAULT_LABELS
    unreadable: tuple[str, ...] = ()

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers, newest first; one that stands in several digests only once."""
        return self.library.papers

    @property
    def keypoints(self) -> tuple[Keypoint, ...]:
        """The keypoints that papers name, most used first."""
        return tuple(keypoint for keypoint in self.library.keypoints if keypoint.written)

    def records(self) -> list[dict[str, Any]]:
        """The records of papers, as `papers` in `papers.json` has them."""
        return [*self.papers_json()["papers"]]

    def keypoint_records(self) -> list[dict[str, Any]]:
        """The records of keypoints, as `keypoints` in `papers.json` has them."""
        return [*self.papers_json()["keypoints"]]

    def papers_json(self) -> dict[str, Any]:
        """All that `papers.json` has."""
        return papers_json(self.library, self.addresses.url, self.addresses.keypoint_url)

    def json_bytes(self) -> bytes:
        """The file `papers.json`."""
        return papers_json_bytes(self.library, self.addresses.url, self.addresses.keypoint_url)

    def csv_bytes(self) -> bytes:
        """The records of papers as CSV."""
        return papers_csv(self.library, self.addresses.url, self.labels)

    def bibtex_bytes(self) -> bytes:
        """The papers as BibTeX: the file `papers.bib`."""
        return BIBTEX.of(self.library)

    def csl_bytes(self) -> bytes:
        """The papers as CSL-JSON: the file `papers.csl.json`."""
        return CSL.of(self.library)

    def only(self, records: Several[Paper]) -> SiteData:
        """The same of some of the records, with their keypoints."""
        return replace(self, library=part_of(self.library, records))


def read_folder(folder: str | os.PathLike[str]) -> SiteData:
    """Read the digests of a folder as their site reads them.

    The settings are the nearest `mkdocs.yml` in the folder or above, with the `keypoints.yml` and the `paperdigest.lock` beside it; none
    has to be there. A folder with settings means all pages of the site; one inside the docs, the papers in it. Warns of settings
    that cannot be used and of files that cannot be read. Raises FileNotFoundError or NotADirectoryError if there is no such
    folder, and OSError if `keypoints.yml` or the lock file cannot be read.
    """
    place = Path(folder)
    if not place.is_dir():
        number = errno.ENOTDIR if os.path.lexists(place) else errno.ENOENT  # which also chooses the class of the error
        raise OSError(number, "there is no folder", str(place))
    options = options_for(place).built
    whole = is_all(place, options)
    root = options.docs if whole or is_within(place, options.docs) else place
    if not root.is_dir():
        if options.path:
            fault = f"{options.path} names a folder of pages that is not there"
            raise FileNotFoundError(errno.ENOENT, fault, str(root))
        root = place
    collection = read_collection(options, shown(root))
    unread = (f"{collection.shown(path)} could not be read" for path in collection.unreadable)
    for sentence in (*options.ignored, *unread):
        warnings.warn(sentence, stacklevel=2)
    data = site_data(collection)
    inside = Path(os.path.relpath(place, root)).as_posix()
    if whole or inside == ".":
        return data
    return data.only([paper for paper in data.library.records if paper.path.startswith(f"{inside}/")])


def site_data(collection: Collection) -> SiteData:
    options = collection.options
    return SiteData(collection.library, options.addresses, options.label_vocabulary, collection.unreadable)


def part_of(library: Library, records: Several[Paper]) -> Library:
    """Keep some records, their papers and keypoints, in their order.

    A paper is kept if any of its records is; keypoints keep label and slug, and count what is kept.
    """
    ids = {record.id for record in records}
    firsts = {library.same_as.get(id_, id_) for id_ in ids}
    own = tuple(record for record in library.records if record.id in ids)
    named = {name for record in own for name in record.keypoints or ()}
    keypoints = []
    for keypoint in library.keypoints:
        if written := tuple(name for name in keypoint.written if name in named):
            papers = tuple(paper for paper in keypoint.papers if paper.id in ids)
            months = sorted(Counter(paper.month for paper in papers if paper.month).items(), reverse=True)
            keypoints.append(replace(keypoint, written=written, papers=papers, months=tuple(months)))
    papers = tuple(paper for paper in library.papers if paper.id in firsts)
    return replace(library, records=own, papers=papers, keypoints=tuple(keypoints))
