"""The source's own pages: digests with ids and links, and lists in the place of comments such as `<!-- paperdigest:recent -->`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..collection import Collection, Source
from ..library import archive, check, selected, selected_keypoints, selected_records
from ..reader import (
    DEFAULT_LABELS,
    MARKER_PATTERN,
    Heading,
    Marker,
    MarkerError,
    find_date,
    is_structure,
    matched_marker,
    month_of,
    parse_blocks,
    read_inline,
    split_front_matter,
    walk_blocks,
)
from ..records import Digest
from .digest_text import KeypointLinks, digest_text
from .markdown_pages import MOST_MONTHS, MarkdownPages

_ALONE = re.compile(rf"^ {{0,3}}(?:{MARKER_PATTERN})[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OwnPages:
    collection: Collection
    pages: MarkdownPages

    def page(self, path: str, text: str) -> bytes:
        return self._filled(text, path).encode("utf-8", "replace")

    def digest(self, path: str, source: Source, digest: Digest) -> bytes:
        pages, options = self.pages, self.collection.options

        def target(written: str) -> str | None:
            keypoint = pages.library.keypoint(written)
            return pages.layout.to_keypoint(keypoint, path) if keypoint else None

        links = KeypointLinks(target, pages.words("keypoint_heading"))
        text = digest_text(source.text, source.digest, digest.papers, options.label_vocabulary, links)
        if options.month_titles and not source.meta and (title := _month_title(source.body, digest)):
            text = f'---\ntitle: "{title}"\n---\n\n{text}'
        return self.page(path, text)

    def _filled(self, text: str, path: str) -> str:
        """Put lists in. A comment with other text on its line, in code, or that asks for what is not there stays as it is."""
        if "paperdigest" not in text or not _ALONE.search(text):
            return text
        _, body, above = split_front_matter(text)
        code: set[int] = set()
        for block in walk_blocks(parse_blocks(body.split("\n"), DEFAULT_LABELS).blocks):
            if block.kind in ("fence", "code"):
                code.update(range(block.start + above, block.end + above))

        def put(match: re.Match[str]) -> str:
            if text.count("\n", 0, match.start()) in code:
                return match[0]
            try:
                made = self._list(matched_marker(match), path).strip()
            except MarkerError:
                return match[0]
            return f"\n{made}\n" if made else match[0]

        return _ALONE.sub(put, text)

    def _list(self, marker: Marker, path: str) -> str:
        library, limit = self.pages.library, marker.limit or None
        lists = self.pages.lists(path)
        match marker.name:
            case "keypoints":
                listed, counts = selected_keypoints(library, marker)
                made = lists.keypoints(listed[:limit], counts)
            case "months":
                papers = selected_records(library, replace(marker, sort="")) if marker.chooses else None
                made = lists.months(archive(library, papers)[:limit])
            case "trends":
                check(library, marker)
                shown = [keypoint for written in marker.keypoints if (keypoint := library.named_by(written))]
                months = [month for month in library.months if marker.holds(month)]
                made = lists.trends((shown or self.pages.named)[:limit], months[:MOST_MONTHS]) if months else ""
            case _:
                made = lists.papers(selected(library, marker)[:limit])
        return str(made)


def _month_title(body: str, digest: Digest) -> str | None:
    """The month of a digest whose first heading is only that, or "Introduction", or its day if its file is named so; else None."""
    months = {paper.month for paper in digest.papers}
    found = _HEADING.search(body)
    if not found or len(months) != 1 or None in months:
        return None
    text = read_inline(found["text"].rstrip(" \t#")).text
    if not is_structure(text) and month_of(Heading(text, text, "")) is None:
        return None
    named = find_date(digest.path)
    return named.date if named and named.date else months.pop()
