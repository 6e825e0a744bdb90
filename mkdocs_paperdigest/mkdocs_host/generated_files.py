"""Files that the plugin makes, placed and named as the files are of the language that is built now."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from ..collection import KINDS, Options
from ..pages import Links, PagePart
from ..records import Finding, Severity, finding
from .generated_pages import PartPage
from .integrations import Language, place_among_languages


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
