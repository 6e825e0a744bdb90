"""Generated files and pages as MkDocs has them: placed and named as the files are of the language that is built now."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from selectolax.lexbor import LexborHTMLParser

from ..collection import KINDS, Options
from ..library import Keypoint, month_id
from ..markdown_extension import KEPT_ID, as_html, clean_block, sanitised
from ..pages import Links, PagePart, SitePages
from ..records import Finding, Severity, finding
from .config import other_extensions
from .docs_files import MkDocsFiles
from .integrations import Language, place_among_languages
from .navigation import set_title
from .reading import report

_TO_ITSELF = ("headerlink", "footnote-backref")


class MadePage(Page):
    """A page without Markdown. Its first heading is `label`, with the id `anchor`; `headings` are anchors and texts."""

    anchor = "part"

    def __init__(
        self, label: str, file: File, config: MkDocsConfig, headings: Sequence[tuple[str, str]], ids: Iterable[str]
    ) -> None:
        super().__init__(html.escape(label), file, config)
        self.label = label
        self.headings = headings
        self.ids = ids

    def render(self, config: MkDocsConfig, files: Files) -> None:
        set_title(self, self.label)
        self.content = ""
        top = AnchorLink(html.escape(self.label), self.anchor, 1)
        top.children = [AnchorLink(html.escape(name), anchor, 2) for anchor, name in self.headings]
        self.toc = TableOfContents([top])
        self.present_anchor_ids = {self.anchor, *self.ids}


class PartPage(MadePage):
    """A page with a part of what belongs on another. Searches leave it out, as they have the other."""

    def __init__(self, part: PagePart, file: File, config: MkDocsConfig) -> None:
        super().__init__(part.title, file, config, part.headings, part.ids)
        self.part = part

    def render(self, config: MkDocsConfig, files: Files) -> None:
        super().render(config, files)
        self.meta["search"] = {"exclude": True}


class KeypointPage(MadePage):
    """The page of a keypoint: `runs` are the papers on it, `parts` what is on pages of their own."""

    anchor = "keypoint"

    def __init__(self, keypoint: Keypoint, file: File, config: MkDocsConfig, contents: SitePages) -> None:
        words = contents.templates.words
        self.keypoint = keypoint
        self.runs, self.parts = contents.keypoints.parted(keypoint)
        headings = [(month_id(run.month), words.month(run.month)) for run in self.runs]
        headings += [("earlier", words("keypoint_earlier"))] if self.parts else []
        ids = {*dict(headings), *dict(keypoint.months), *(month_id(paper.month) for paper in keypoint.papers)}
        super().__init__(keypoint.label, file, config, headings, ids)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        super().render(config, files)
        keypoint = self.keypoint
        said = (", ".join(keypoint.also_known), keypoint.entry.description if keypoint.entry else "")
        below = (f"<p>{html.escape(text)}</p>" for text in said if text)
        self.content = "\n".join([f'<h1 id="keypoint">{html.escape(self.label)}</h1>', *below])


class LateFile(File):
    """A file whose content is made when it is written, and not kept."""

    make: Callable[[], str | bytes]

    @property
    def _content(self) -> Any:  # what all of MkDocs' methods ask for
        return self.make()

    @_content.setter
    def _content(self, content: Any) -> None:  # text, bytes, or what makes them
        self.make = content if callable(content) else lambda: content

    def is_modified(self) -> bool:
        return True


def generated_file(
    uri: str,
    content: str | Callable[[], str | bytes],
    inclusion: InclusionLevel,
    config: MkDocsConfig,
    language: Language | None,
) -> File:
    """Make a file. `uri` is the path that it has in the default language. Works only within an event of the plugin."""
    file = LateFile.generated(config, uri, content=content, inclusion=inclusion)  # type: ignore[arg-type]
    if language:
        place, locale = file.dest_uri, language.locale
        stem, dot, suffix = uri.rpartition(".")
        file.src_uri = f"{stem}.{locale}{dot}{suffix}" if language.structure == "suffix" else f"{locale}/{uri}"
        file.dest_uri = place if language.is_default else f"{locale}/{place}"
    return file


@dataclass
class GeneratedFiles:
    """Appends generated files, by their paths in the default language in `pages`; the site's own are kept, and `findings` tell of it."""

    files: Files
    links: Links
    options: Options
    config: MkDocsConfig
    language: Language | None
    pages: dict[str, File] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._taken = {file.dest_uri: file for file in self.files if file.inclusion is not InclusionLevel.EXCLUDED}

    def add(
        self,
        uri: str,
        content: str | Callable[[], str | bytes],
        option: str,
        *,
        inclusion: InclusionLevel = InclusionLevel.NOT_IN_NAV,
        gives_way: bool = False,
    ) -> File | None:
        """Append a file for an option; None if the site has one there. If it `gives_way`, the site does not miss the usual one."""
        file = generated_file(uri, content, inclusion, self.config, self.language)
        other = self._taken.get(file.dest_uri)
        if gives_way and not other:
            other = self._taken.get(f"{posixpath.dirname(file.dest_uri)}.html")
        if other:
            if option != "home":
                found = finding("PD401", other.src_uri, 1, 1, uri, option)
                is_usual = getattr(self.options, option) == KINDS[option].default
                self.findings.append(found.at(Severity.INFO) if gives_way and is_usual else found)
            self.links.kept[uri] = other.src_uri
            return None
        place_among_languages(file, self.config)
        self.files.append(file)
        self._taken[file.dest_uri] = file
        is_default = self.language is None or self.language.is_default
        self.pages[uri] = file if is_default else File.generated(self.config, uri, content="")
        return file

    def add_parts(self, parts: Iterable[PagePart], option: str, *, gives_way: bool = False) -> None:
        for part in parts:
            if file := self.add(part.uri, "", option, gives_way=gives_way):
                PartPage(part, file, self.config)


class Descriptions:
    """Converts descriptions, whose links begin at the docs folder. `path` is the file of keypoints."""

    def __init__(self, config: MkDocsConfig, files: MkDocsFiles, path: str) -> None:
        self._config = config
        self._files = files
        self._path = path
        self._converter: Markdown | None = None

    def html(self, keypoint: Keypoint, page: Page) -> str:
        """The description of a keypoint as HTML; where an extension of the site fails, by this package's own rules."""
        entry = keypoint.entry
        if entry is None or not entry.description:
            return ""
        try:
            return self._converted(entry.description, page)
        except Exception as fault:  # whatever the site's extensions raise
            said = " ".join(str(fault).split()) or type(fault).__name__
            report([finding("PD509", self._path, entry.line, 1, entry.label, said)])
            return f"<p>{as_html(entry.description)}</p>"

    def _converted(self, description: str, page: Page) -> str:
        if self._converter is None:
            extensions, configs = other_extensions(self._config), self._config.mdx_configs
            self._converter = Markdown(extensions=extensions, extension_configs=configs)
        made = _without_ways_back(self._converter.reset().convert(description))
        return _without_ids(sanitised(clean_block(made, lambda url: self._files.resolve(url, page.file, ""))), page)


def _without_ways_back(made: str) -> str:
    """Without the links of headings to themselves and of footnotes to their places; only their classes tell them."""
    if not any(name in made for name in _TO_ITSELF):
        return made
    tree = LexborHTMLParser(made, is_fragment=True)
    for link in tree.css(", ".join(f"a.{name}" for name in _TO_ITSELF)):
        link.decompose()
    return tree.html or ""


def _without_ids(made: str, page: Page) -> str:
    """Without ids, which are the page's own, and without links to them; their text stays."""
    if KEPT_ID not in made and "#" not in made:
        return made
    tree = LexborHTMLParser(made, is_fragment=True)
    for element in tree.css(f"[{KEPT_ID}]"):
        del element.attrs[KEPT_ID]
    for link in tree.css('a[href^="#"]'):
        if unquote((link.attributes["href"] or "")[1:]) not in (page.present_anchor_ids or ()):
            del link.attrs["href"]
    return tree.html or ""
