"""Papers as feeds have them: their Markdown made into HTML, one digest after the other, and kept on the disk."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from markdown import Markdown

from ..collection import MARKDOWN, PageAddresses, Source
from ..exports import NO_SITE, EntrySpool, FeedItem, feed_entry, is_fed
from ..languages import Words
from ..library import Library
from ..markdown_extension import Badge, DigestExtension, PageContext, paper_sections, shown, told
from ..records import Paper
from ..support import absolute

_EXTENSIONS = ("tables", "fenced_code")


class FeedEntries:
    """The entries of the papers of a library, made when they are asked for. `sources` are its digests, read."""

    def __init__(
        self,
        library: Library,
        sources: Mapping[str, Source],
        addresses: PageAddresses,
        words: Words,
        site_url: str | None,
    ) -> None:
        self._library = library
        self._sources = sources
        self._addresses = addresses
        self._words = words
        self._root = site_url or NO_SITE
        self._entries = EntrySpool()

    def entry(self, paper: Paper) -> FeedItem:
        """The entry of a paper that `is_fed`; those of its digest are made with it."""
        if paper.id not in self._entries:
            self._make(paper.path)
        return self._entries[paper.id]

    def close(self) -> None:
        """Drop the entries."""
        self._entries.close()

    def _make(self, path: str) -> None:
        source = self._sources[path]
        content = self._html(source)
        base = f"{self._root}{quote(path)}"
        found = paper_sections(content, source.digest.papers)
        contents = {paper.id: shown(content[start:end], base) for paper, start, end in found}
        for paper in self._library.by_path[path]:
            if is_fed(paper):
                self._put(paper, self._on_site(contents.get(paper.id) or absolute(told(paper), base)))

    def _html(self, source: Source) -> str:
        """The page of a digest as MkDocs shows it with the plugin."""
        extension = DigestExtension()
        extension.context = PageContext(
            read=lambda _: source.digest, badge=self._badge, resolve=str, zoom=False, words=self._words
        )
        return Markdown(extensions=[*_EXTENSIONS, extension]).convert(source.body)

    def _badge(self, written: str) -> Badge:
        keypoint = self._library.keypoint(written)
        url = self._addresses.keypoint_url(keypoint) if keypoint else None
        return Badge(written, None if url is None else f"{self._root}{quote(url)}")

    def _on_site(self, content: str) -> str:
        """HTML whose links lead to pages, and not to the Markdown that these are made of."""

        def to_page(match: re.Match[str]) -> str:
            path = unquote(html.unescape(match[1]))
            return html.escape(quote(self._addresses.url(path))) if path.endswith(MARKDOWN) else match[1]

        return re.sub(rf'(?<= href="{re.escape(self._root)})([^"#?]*)', to_page, content)

    def _put(self, paper: Paper, content: str) -> None:
        labels = [own.label for own in map(self._library.keypoint, paper.keypoints or ()) if own]
        self._entries[paper.id] = feed_entry(
            paper,
            labels=labels,
            url=f"{self._root}{quote(self._addresses.url(paper.path))}#{quote(paper.anchor)}",
            content=content,
            site_url=self._root,
            untitled=self._words("untitled"),
        )
