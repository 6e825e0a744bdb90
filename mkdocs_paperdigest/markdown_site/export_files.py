"""The files of a Markdown site for other programs: `papers.json`, citations and feeds.

Feeds want the HTML of papers: that of a digest is made when an entry of it is first wanted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote, unquote

from markdown import Markdown

from ..collection import MARKDOWN, PageAddresses, SiteOptions, Source
from ..exports import FEED_FILES, Citations, EntrySpool, FeedItem, FileFolder, FilePlan, is_fed, papers_json_bytes
from ..library import Keypoint
from ..markdown_extension import Badge, DigestExtension, PageContext, paper_sections, shown, told
from ..records import Paper
from ..support import absolute

Files = dict[str, Callable[[], bytes]]  # the content of each file, by its path, made when it is asked for

_EXTENSIONS = ("tables", "fenced_code")


class ExportFiles:
    """Makes the files; the entries of feeds are made when they are asked for and kept on the disk. `sources` are the digests, read."""

    def __init__(self, plan: FilePlan, sources: Mapping[str, Source], addresses: PageAddresses) -> None:
        self._plan = plan
        self._sources = sources
        self._addresses = addresses
        self._citations = Citations(plan.library)
        self._entries = EntrySpool()

    def close(self) -> None:
        self._entries.close()

    def files(self, options: SiteOptions) -> Files:
        plan, addresses = self._plan, self._addresses
        files: Files = {}
        if options.papers_json:
            files[options.papers_json] = partial(papers_json_bytes, plan.library, addresses.url, addresses.keypoint_url)
        for folder in plan.folders(
            feeds=options.feeds, citations=options.citations, keypoint_pages=options.keypoint_pages
        ):
            files |= {folder.path + name: partial(self._content, folder, name) for name in folder.files}
        return files

    def _content(self, folder: FileFolder, name: str) -> bytes:
        if name not in FEED_FILES:
            return self._citations.file(name, folder.cited)
        home = self._addresses.keypoint_url(folder.owner) if isinstance(folder.owner, Keypoint) else None
        made = self._plan.feed(folder, name, quote(home or ""), map(self._entry, folder.fed))
        return self._plan.placed(made, folder.path + name)

    def _entry(self, paper: Paper) -> FeedItem:
        """The entry of a paper that `is_fed`; those of its digest are made with it."""
        if paper.id not in self._entries:
            self._make(paper.path)
        return self._entries[paper.id]

    def _make(self, path: str) -> None:
        source = self._sources[path]
        content = self._html(source)
        base = f"{self._plan.root}{quote(path)}"
        found = paper_sections(content, source.digest.papers)
        contents = {paper.id: shown(content[start:end], base) for paper, start, end in found}
        for paper in self._plan.library.by_path[path]:
            if is_fed(paper):
                url = f"{self._plan.root}{quote(self._addresses.url(paper.path))}#{quote(paper.anchor)}"
                there = self._on_site(contents.get(paper.id) or absolute(told(paper), base))
                self._entries[paper.id] = self._plan.entry(paper, url, there)

    def _html(self, source: Source) -> str:
        extension = DigestExtension()
        extension.context = PageContext(
            read=lambda _: source.digest, badge=self._badge, resolve=str, zoom=False, words=self._plan.words
        )
        return Markdown(extensions=[*_EXTENSIONS, extension]).convert(source.body)

    def _badge(self, written: str) -> Badge:
        keypoint = self._plan.library.keypoint(written)
        url = self._addresses.keypoint_url(keypoint) if keypoint else None
        return Badge(written, None if url is None else f"{self._plan.root}{quote(url)}")

    def _on_site(self, content: str) -> str:
        def to_page(match: re.Match[str]) -> str:
            path = unquote(html.unescape(match[1]))
            return html.escape(quote(self._addresses.url(path))) if path.endswith(MARKDOWN) else match[1]

        return re.sub(rf'(?<= href="{re.escape(self._plan.root)})([^"#?]*)', to_page, content)
