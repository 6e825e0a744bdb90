"""What the plugin adds to a MkDocs site: its files, their pages, and what stands on them."""

from __future__ import annotations

import html
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import jinja2
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from selectolax.lexbor import LexborHTMLParser

from ..config import PaperDigestConfig
from ..findings import Finding, finding
from ..keypoints.thesaurus import Entry
from ..library import Keypoint, Library, by_month
from ..lock.lock_file import NOTHING, Lock
from ..neighbours import Language, place_among_languages
from ..paper import Paper
from ..papers_json import dump, papers_json
from ..reader.inline import MATH, safe_url
from ..reader.markers import Marker
from ..slugs import keypoint_key
from .descriptions import Descriptions, as_text
from .digest import Badge
from .index_outline import Branch, hierarchy, index_outline
from .keypoint_page import KeypointPage, month_id
from .redirects import Moved, former_slugs, moved_papers

HOME = """\
---
title: Home
---

# {name}

## New papers

<!-- paperdigest:recent limit=10 -->

## Keypoints

<!-- paperdigest:keypoints limit=30 -->
"""
"""The home page of docs that have none."""


class Site:
    """The pages of one build: where each is, and the lists on them.

    Paths of generated pages are those of the default language, whatever `language` a site of several is built in now: a
    site's files are looked up through its `Files`, which know the other languages. `is_built` tells pages that the build writes.
    `findings` are those of the pages made so far.
    """

    def __init__(
        self,
        library: Library,
        options: PaperDigestConfig,
        config: MkDocsConfig,
        language: Language | None = None,
        lock: Lock = NOTHING,
        is_built: Callable[[File], bool] = lambda file: file.inclusion is not InclusionLevel.EXCLUDED,
    ) -> None:
        self.library = library
        self.options = options
        self.config = config
        self.language = language
        self.lock = lock
        self._is_default = language is None or language.is_default
        self.files = Files([])
        self.pages: dict[str, File] = {}
        """The generated pages of the default language by their paths, whatever language is built now."""
        self.findings: list[Finding] = []
        self.moved: Mapping[str, list[Moved]] = {}
        self._is_built = is_built
        self._places: dict[str, str | None] = {}
        self._built: dict[str, File] = {}
        self._hierarchy = hierarchy(library)
        self._index: File | None = None
        self._badges: dict[tuple[str, str], Badge] = {}
        self._urls: dict[str, str] = {}
        self._known_entries: dict[tuple[str, str], dict[str, Any]] = {}
        self._kept: dict[str, str] = {}
        self.descriptions = Descriptions(config, self.resolve_from_docs)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(config.theme.dirs),
            autoescape=True,
            auto_reload=False,  # made anew for each build; else each badge asks the disk whether its template changed
        )

    # -- files

    def add_files(self, files: Files) -> list[Finding]:
        """Append the generated files to those of the site; where the site has one already, it is kept and reported."""
        self.files = files
        taken = {file.dest_uri: file for file in files if file.inclusion is not InclusionLevel.EXCLUDED}
        findings: list[Finding] = []

        def add(uri: str, content: str, inclusion: InclusionLevel, option: str) -> File | None:
            file = self._generated(uri, content, inclusion)
            if other := taken.get(file.dest_uri):
                if option != "home":
                    findings.append(finding("PD401", other.src_uri, 1, 1, uri, option))
                self._kept[uri] = other.src_uri
                return None
            place_among_languages(file, self.config)
            files.append(file)
            taken[file.dest_uri] = file
            self.pages[uri] = file if self._is_default else File.generated(self.config, uri, content="")
            return file

        options = self.options
        in_nav = InclusionLevel.NOT_IN_NAV if self.config.nav else InclusionLevel.INCLUDED
        if options.keypoint_index:
            self._index = add(options.keypoint_index, "# Keypoints\n", in_nav, "keypoint_index")
        if options.home and self.library.papers:
            name = re.sub(r"([\\`*_{}\[\]#])", r"\\\1", html.escape(self.config.site_name, quote=False))
            add("index.md", HOME.format(name=name), in_nav, "home")
        if options.keypoint_pages:
            for keypoint in self.library.keypoints:
                uri = self.keypoint_uri(keypoint)
                if uri and (file := add(uri, "", InclusionLevel.NOT_IN_NAV, "keypoint_pages")):
                    KeypointPage(keypoint, file, self.config)
        if options.papers_json:
            data = papers_json(self.library, self._plain_url, self._keypoint_url)
            add(options.papers_json, dump(data), InclusionLevel.NOT_IN_NAV, "papers_json")
        self._add_redirects(files)
        return findings

    def _add_redirects(self, files: Files) -> None:
        """Append pages that lead from former addresses to where things stand now; what the site has there stays."""
        built = [file for file in files if self._is_built(file)]
        self._built = {file.dest_uri: file for file in built}
        self._places = {_stem(file.src_uri): file.src_uri for file in built if file.is_documentation_page()}
        former: dict[str, File] = {}
        self.moved = moved_papers(self.library, lambda page: self._place(page, former))
        index = self.options.keypoint_index
        homes = [self._generated(uri, "", InclusionLevel.NOT_IN_NAV) for uri in (index, "index.md") if uri]
        home = next((self._built[file.dest_uri].src_uri for file in homes if file.dest_uri in self._built), None)
        for slug, keypoint in former_slugs(self.library, self.lock) if self.options.keypoint_pages else ():
            to = (self.keypoint_uri(keypoint) if keypoint else None) or home
            if to is not None:
                page = self._generated(f"{self.options.keypoint_pages}/{slug}.md", "", InclusionLevel.NOT_IN_NAV)
                label = keypoint.label if keypoint else None
                self._redirect(page, to, label, self.moved.get(page.dest_uri, ()))
        for address, papers in self.moved.items():
            if address in former:
                (most, _), *_ = Counter(moved.paper.path for moved in papers).most_common(1)
                self._redirect(former[address], most, posixpath.basename(_stem(most)), papers)

    def _place(self, page: str, former: dict[str, File] | None = None) -> str | None:
        """What stands where a page stood, a path without suffix: a page's source path, or an address where nothing is.

        None if another language has that page. Puts files for such addresses into `former`.
        """
        if page not in self._places:
            rest, locale = self.language.parted(page) if self.language else (page, None)
            if self.language and locale in self.language.others:
                self._places[page] = None
            else:
                file = self._generated(f"{rest}.md", "", InclusionLevel.NOT_IN_NAV)
                other = self._built.get(file.dest_uri)
                self._places[page] = other.src_uri if other else file.dest_uri
                if former is not None and not other:
                    former[file.dest_uri] = file
        return self._places[page]

    def _redirect(self, page: File, to: str, title: str | None, papers: Sequence[Moved] = ()) -> None:
        """Append a page in the place of `page` that leads to `to`, a source path."""
        if page.dest_uri in self._built:
            return
        root = _to_root(page)
        url = root + self._url(to)
        site = (self.config.site_url or "").rstrip("/")
        content = self._render(
            "redirect.html",
            title=title or self.config.site_name,
            url=url,
            canonical=f"{site}/{self._url(to)}" if site else url,
            language=self.language.locale if self.language else None,
            moved=[self._moved(paper, root) for paper in papers],
        )
        file = File.generated(self.config, page.dest_uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
        place_among_languages(file, self.config)
        self.files.append(file)
        self._built[file.dest_uri] = file

    def _moved(self, moved: Moved, root: str) -> dict[str, str]:
        paper = moved.paper
        url = f"{root}{self._url(paper.path)}#{quote(paper.anchor)}"
        return {"anchor": moved.anchor, "title": paper.title or "Untitled", "url": url}

    def with_moved(self, content: str, page: Page) -> str:
        """The content of a page, and below it the papers that stood there before. What has an id there already keeps it."""
        papers = self.moved.get(page.file.src_uri)
        if not papers:
            return content
        used = {element.attributes["id"] for element in LexborHTMLParser(content, is_fragment=True).css("[id]")}
        root = _to_root(page.file)
        moved = [self._moved(replace(paper, anchor="") if paper.anchor in used else paper, root) for paper in papers]
        return content + self._render("moved.html", moved=moved)

    def moved_ids(self, uri: str) -> frozenset[str]:
        """The anchors on a page that papers had which moved to other pages."""
        return frozenset(moved.anchor for moved in self.moved.get(uri, ()))

    def former_anchors(self, paper: Paper) -> tuple[str, ...]:
        """The anchors that a paper had before on the page that it stands on now."""
        parted = (address.rpartition("/") for address in paper.former)
        return tuple(anchor for page, _, anchor in parted if anchor != paper.anchor and self._place(page) == paper.path)

    def _generated(self, uri: str, content: str, inclusion: InclusionLevel) -> File:
        """A generated file, placed and named as the files are of the language that is built now."""
        file = File.generated(self.config, uri, content=content, inclusion=inclusion)
        if self.language:
            place, locale = file.dest_uri, self.language.locale
            stem, dot, suffix = uri.rpartition(".")
            file.src_uri = f"{stem}.{locale}{dot}{suffix}" if self.language.structure == "suffix" else f"{locale}/{uri}"
            file.dest_uri = place if self.language.is_default else f"{locale}/{place}"
        return file

    def keypoint_uri(self, keypoint: Keypoint) -> str | None:
        """The source path that a keypoint's page pretends to have, or that of the site's own page there; None without pages."""
        if not (folder := self.options.keypoint_pages):
            return None
        uri = f"{folder}/{keypoint.slug}.md"
        return self._kept.get(uri, uri)

    def _plain_url(self, uri: str) -> str:
        return unquote(self._url(uri))

    def _keypoint_url(self, keypoint: Keypoint) -> str | None:
        uri = self.keypoint_uri(keypoint)
        return self._plain_url(uri) if uri else None

    # -- links

    def badge(self, written: str, page_uri: str) -> Badge:
        """The badge of a keypoint on a page, its link as MkDocs wants links in Markdown."""
        keypoint = self.library.keypoint(written)
        if keypoint is None:  # another plugin brought it in after the index was made
            return Badge(written, None)
        folder = posixpath.dirname(page_uri)
        key = (folder, keypoint.slug)
        if key not in self._badges:
            uri = self.keypoint_uri(keypoint)
            index = self.options.keypoint_index if keypoint.is_listed else None
            fragment = "" if uri else f"#{quote(keypoint.slug)}"
            target = uri or (index if index and self.files.get_file_from_path(index) else None)
            href = f"{quote(posixpath.relpath(target, folder or '.'))}{fragment}" if target else None
            self._badges[key] = Badge(_title(keypoint), href, keypoint.hue)
        badge = self._badges[key]
        return badge if written == keypoint.label else replace(badge, title=f"{written}: {badge.title}")

    def resolve(self, url: str, page: File) -> str:
        """A link of raw HTML in a page, which MkDocs leaves alone, as it must be on the built page."""
        target = self._file_of(url, posixpath.dirname(page.src_uri))
        return f"{target[0].url_relative_to(page)}{target[1]}" if target else url

    def _file_of(self, url: str, folder: str) -> tuple[File, str] | None:
        """The file that a relative link in a folder leads to, and what stands behind its path; None if it leads to none."""
        path, mark, fragment = url.partition("#")
        if not path or re.match(r"[a-z][a-z0-9+.-]*:|/", path, re.IGNORECASE) or not safe_url(url):
            return None
        target = self.files.get_file_from_path(posixpath.normpath(posixpath.join(folder, unquote(path))))
        return (target, mark + fragment) if target else None

    def resolve_from_docs(self, url: str, page: Page) -> str:
        """A link that begins at the docs folder, wherever it stands, as it must be on a page."""
        return url if not (target := self._file_of(url, "")) else f"{target[0].url_relative_to(page.file)}{target[1]}"

    def _to(self, uri: str, page: Page) -> str:
        """The link from a page to another, by its source path."""
        return _to_root(page.file) + self._url(uri)

    # -- pages

    def is_index(self, page: Page) -> bool:
        """Whether a page is the generated index of keypoints."""
        return page.file is self._index

    def index_ids(self) -> set[str]:
        """The anchors of the index of keypoints."""
        slugs = [keypoint.slug for keypoint in self.library.keypoints if keypoint.is_listed]
        return {"keypoints", *slugs, *map(quote, slugs)}  # MkDocs looks for them as links have them

    def keypoint_page(self, page: KeypointPage) -> str:
        """The content of the page of a keypoint."""
        keypoint = page.keypoint
        entry = keypoint.entry
        months = [
            {
                "id": month_id(month),
                "name": month or "Without month",
                "entries": self._entries(papers, page, keypoint),
            }
            for month, papers in by_month(keypoint.papers)
        ]
        related = [self.library.by_slug[slug] for slug in entry.related] if entry else []
        above, cut = self._hierarchy.above(keypoint)
        return self._render(
            "keypoint.html",
            keypoint=keypoint,
            months=months,
            index_url=self._index_url(page),
            description=self._description(entry, page) if entry else "",
            above=[
                {key: badge[key] for key in ("name", "title", "url", "hue")} for badge in self._badge_list(above, page)
            ],
            cut=cut,
            children=self._badge_list(self._hierarchy.below.get(keypoint.slug, ()), page),
            related=self._badge_list((other for other in related if other.is_listed), page),
        )

    def _description(self, entry: Entry, page: Page) -> str:
        try:
            return self.descriptions.html(entry.description, page)
        except Exception as fault:  # whatever the site's extensions raise
            path = self.library.thesaurus.path
            said = " ".join(str(fault).split()) or type(fault).__name__
            self.findings.append(finding("PD509", path, entry.line, 1, entry.label, said))
            return as_text(entry.description)

    def index_page(self, page: Page) -> str:
        """The content of the index of keypoints."""
        outline = index_outline(self.library, self._hierarchy)
        return self._render(
            "keypoints.html",
            groups=[
                {"name": group.name, "branches": [self._branch(branch, page) for branch in group.branches]}
                for group in outline.groups
            ],
            badges=self._badge_list(outline.others, page),
            count=sum(keypoint.is_listed for keypoint in self.library.keypoints),
            papers=len(self.library.papers),
        )

    def marker(self, marker: Marker, page: Page) -> str:
        """The list that a marker asks for."""
        limit = marker.limit or None
        if marker.name == "recent":
            return self._render("recent.html", entries=self._entries(self.library.papers[:limit], page))
        listed = keypoints = [keypoint for keypoint in self.library.keypoints if keypoint.is_listed]
        if marker.sort == "name":
            keypoints = sorted(listed, key=lambda keypoint: (keypoint.label.casefold(), keypoint.slug))
        elif marker.sort == "newest":
            keypoints = sorted(listed, key=lambda k: k.months[0][0] if k.months else "", reverse=True)
        shown = keypoints[:limit]
        more = len(shown) < len(listed)
        return self._render(
            "keypoint-list.html",
            badges=self._badge_list(shown, page),
            index_url=self._index_url(page) if more else None,
        )

    def _index_url(self, page: Page) -> str | None:
        index = self.options.keypoint_index
        return self._to(index, page) if index and self.files.get_file_from_path(index) else None

    def _badge_list(self, keypoints: Iterable[Keypoint], page: Page) -> list[dict[str, Any]]:
        return [
            {
                "name": keypoint.label,
                "title": _title(keypoint),
                "url": self._badge_url(keypoint, page),
                "count": keypoint.count,
                "below": keypoint.below if keypoint.children else 0,
                "hue": keypoint.hue,
                "id": keypoint.slug,
            }
            for keypoint in keypoints
        ]

    def _branch(self, branch: Branch, page: Page) -> dict[str, Any]:
        (badge,) = self._badge_list([branch.keypoint], page)
        return {**badge, "children": [self._branch(child, page) for child in branch.children]}

    def _badge_url(self, keypoint: Keypoint, page: Page) -> str | None:
        if uri := self.keypoint_uri(keypoint):
            return self._to(uri, page)
        index = self._index_url(page) if keypoint.is_listed else None
        return f"{index}#{quote(keypoint.slug)}" if index else None

    def _entries(self, papers: Sequence[Paper], page: Page, current: Keypoint | None = None) -> list[dict[str, Any]]:
        root = _to_root(page.file)
        entries = []
        for paper in papers:
            key = (root, paper.id)
            if key not in self._known_entries:  # a paper stands on the page of each of its keypoints
                self._known_entries[key] = self._entry(paper, root, page)
            entry = self._known_entries[key]
            if current:
                badges = [{**badge, "current": badge["slug"] == current.slug} for badge in entry["badges"]]
                entry = {**entry, "badges": badges}
            entries.append(entry)
        return entries

    def _entry(self, paper: Paper, root: str, page: Page) -> dict[str, Any]:
        badges = []
        for written in paper.keypoints or ():
            keypoint = self.library.by_key[keypoint_key(written)]
            badges.append(
                {
                    "name": written,
                    "title": _title(keypoint),
                    "url": self._badge_url(keypoint, page),
                    "hue": keypoint.hue,
                    "current": False,
                    "slug": keypoint.slug,
                }
            )
        return {
            "title": self._with_mathematics(paper.title or "Untitled"),
            "url": f"{root}{self._url(paper.path)}#{quote(paper.anchor)}",
            "category": paper.category,
            "month": paper.month,
            "badges": badges,
        }

    def _with_mathematics(self, text: str) -> str:
        """A text with its formulas as pymdownx.arithmatex marks them, if the site draws them: titles stand in lists, too."""
        arithmatex: dict[str, Any] = self.config.mdx_configs.get("pymdownx.arithmatex") or {}
        if "$" not in text or not arithmatex.get("generic"):
            return text
        parts = re.split(f"({MATH})", text)
        shown = (
            f'<span class="arithmatex">\\({html.escape(part.strip("$"))}\\)</span>' if n % 2 else html.escape(part)
            for n, part in enumerate(parts)
        )
        return Markup("".join(shown))  # noqa: S704 - escaped

    def _url(self, uri: str) -> str:
        """The address of a page, percent-encoded, from the site's root."""
        if uri not in self._urls:
            file = self.files.get_file_from_path(uri)
            url = file.url if file else quote(uri)
            self._urls[uri] = "" if url == "./" else url
        return self._urls[uri]

    def _render(self, template: str, **context: Any) -> str:
        return self._templates.get_template(f"paperdigest/{template}").render(context)


def _title(keypoint: Keypoint) -> str:
    return f"{keypoint.label} ({keypoint.count} paper{'' if keypoint.count == 1 else 's'})"


def _stem(uri: str) -> str:
    return uri.rpartition(".")[0]


def _to_root(file: File) -> str:
    """The way from a page to the site's root, ending in `/`."""
    root = get_relative_url(".", file.url)
    return root if root.endswith("/") else root + "/"
