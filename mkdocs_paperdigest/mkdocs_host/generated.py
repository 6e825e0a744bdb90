"""Generated files and pages as MkDocs has them: placed and named as the files are of the language that is built now."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..collection import KINDS, Options
from ..languages import Words
from ..library import Keypoint, month_id
from ..pages import Links, PagePart, Run, YearPart
from ..records import Finding, Severity, finding
from .integrations import Language, place_among_languages
from .titles import set_title


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

    def __init__(
        self,
        keypoint: Keypoint,
        file: File,
        config: MkDocsConfig,
        words: Words,
        runs: Sequence[Run],
        parts: Sequence[YearPart],
    ) -> None:
        headings = [(month_id(run.month), words.month(run.month)) for run in runs]
        headings += [("earlier", words("keypoint_earlier"))] if parts else []
        ids = {*dict(headings), *dict(keypoint.months), *(month_id(paper.month) for paper in keypoint.papers)}
        super().__init__(keypoint.label, file, config, headings, ids)
        self.keypoint = keypoint
        self.runs = runs
        self.parts = parts

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
    def _content(self) -> str | bytes:  # what all of MkDocs' methods ask for
        return self.make()

    @_content.setter
    def _content(self, content: str | bytes | None) -> None:
        self.make = lambda: content or ""

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
    file = File.generated(config, uri, content=content if isinstance(content, str) else "", inclusion=inclusion)
    if not isinstance(content, str):
        file.__class__ = LateFile
        file.make = content  # type: ignore[attr-defined]
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
