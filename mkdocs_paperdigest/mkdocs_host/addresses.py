"""Former addresses in a build: pages that lead from there to the present ones, and traces on pages that papers left."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser

from ..collection import site_root
from ..lock import Moved, former_slugs, moved_papers
from ..pages import ASSETS, Links, Templates, to_root
from ..records import Paper
from .generated import generated_file
from .integrations import place_among_languages
from .reading import Reading


@dataclass
class Addresses:
    """The former addresses of a build."""

    reading: Reading
    links: Links
    templates: Templates
    config: MkDocsConfig
    moved: Mapping[str, list[Moved]] = field(default_factory=dict)
    _places: dict[str, str | None] = field(default_factory=dict)
    _built: dict[str, File] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.language = self.reading.language

    def add_redirects(self, files: Files) -> None:
        """Append pages that lead from former addresses to the present ones; what the site has there stays."""
        built = [file for file in files if self.reading.is_built(file)]
        self._built = {file.dest_uri: file for file in built}
        self._places = {_stem(file.src_uri): file.src_uri for file in built if file.is_documentation_page()}
        former: dict[str, File] = {}
        self.moved = moved_papers(self.reading.library, lambda page: self._place(page, former))
        options = self.links.options
        homes = [self._generated(uri) for uri in (options.keypoint_index, "index.md") if uri]
        home = next((self._built[file.dest_uri].src_uri for file in homes if file.dest_uri in self._built), None)
        for slug, keypoint in former_slugs(self.reading.library, self.reading.lock) if options.keypoint_pages else ():
            to = (self.links.keypoint_uri(keypoint) if keypoint else None) or home
            if to is not None:
                page = self._generated(f"{options.keypoint_pages}/{slug}.md")
                label = keypoint.label if keypoint else None
                self._redirect(files, page, to, label, self.moved.get(page.dest_uri, ()))
        for address, papers in self.moved.items():
            if address in former:
                (most, _), *_ = Counter(moved.paper.path for moved in papers).most_common(1)
                self._redirect(files, former[address], most, posixpath.basename(_stem(most)), papers)

    def with_moved(self, content: str, page: Page) -> str:
        """The content of a page, and below it the papers that were there before. What has an id there already keeps it."""
        papers = self.moved.get(page.file.src_uri)
        if not papers:
            return content
        used = {element.attributes["id"] for element in LexborHTMLParser(content, is_fragment=True).css("[id]")}
        root = to_root(page.url)
        moved = [self._moved(replace(paper, anchor="") if paper.anchor in used else paper, root) for paper in papers]
        return content + self.templates.render("moved.html", moved=moved)

    def moved_ids(self, uri: str) -> frozenset[str]:
        return frozenset(moved.anchor for moved in self.moved.get(uri, ()))

    def former_anchors(self, paper: Paper) -> tuple[str, ...]:
        """The anchors that a paper had before on the page that it is on now."""
        parted = (address.rpartition("/") for address in paper.former)
        return tuple(anchor for page, _, anchor in parted if anchor != paper.anchor and self._place(page) == paper.path)

    def _place(self, page: str, former: dict[str, File] | None = None) -> str | None:
        """The source path or address that is now where `page` was, put into `former` if nothing is there; None if another language has it."""
        if page not in self._places:
            rest, locale = self.language.parted(page) if self.language else (page, None)
            if self.language and locale in self.language.others:
                self._places[page] = None
            else:
                file = self._generated(f"{rest}.md")
                other = self._built.get(file.dest_uri)
                self._places[page] = other.src_uri if other else file.dest_uri
                if former is not None and not other:
                    former[file.dest_uri] = file
        return self._places[page]

    def _redirect(self, files: Files, page: File, to: str, title: str | None, papers: Sequence[Moved] = ()) -> None:
        if page.dest_uri in self._built:
            return
        root = to_root(page.url)
        url = root + self.links.url(to)
        content = self.templates.render(
            "redirect.html",
            title=title or self.config.site_name,
            url=url,
            script_url=f"{root}{ASSETS}redirect.js",
            canonical=(site_root(self.config.site_url) or root) + self.links.url(to),
            language=self.language.locale if self.language else None,
            moved=[self._moved(paper, root) for paper in papers],
        )
        file = File.generated(self.config, page.dest_uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
        place_among_languages(file, self.config)
        files.append(file)
        self._built[file.dest_uri] = file

    def _moved(self, moved: Moved, root: str) -> dict[str, str]:
        title = moved.paper.title or self.links.words("untitled")
        return {"anchor": moved.anchor, "title": title, "url": self.links.to_paper(moved.paper, root)}

    def _generated(self, uri: str) -> File:
        return generated_file(uri, "", InclusionLevel.NOT_IN_NAV, self.config, self.language)


def _stem(uri: str) -> str:
    return uri.rpartition(".")[0]
