"""A file that the plugin makes, placed and named as the files are of the language that is built now."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from ..neighbours import Language


def generated_file(
    uri: str, content: str, inclusion: InclusionLevel, config: MkDocsConfig, language: Language | None
) -> File:
    """Make a file. `uri` is the path that it has in the default language. Works only within an event of the plugin."""
    file = File.generated(config, uri, content=content, inclusion=inclusion)
    if language:
        place, locale = file.dest_uri, language.locale
        stem, dot, suffix = uri.rpartition(".")
        file.src_uri = f"{stem}.{locale}{dot}{suffix}" if language.structure == "suffix" else f"{locale}/{uri}"
        file.dest_uri = place if language.is_default else f"{locale}/{place}"
    return file
