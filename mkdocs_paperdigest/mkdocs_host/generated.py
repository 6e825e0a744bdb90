"""A file that the plugin makes, placed and named as the files are of the language that is built now."""

from __future__ import annotations

from collections.abc import Callable

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from .integrations import Language


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
        """Whether it has to be written again."""
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
