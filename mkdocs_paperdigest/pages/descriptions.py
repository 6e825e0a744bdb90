"""The descriptions of keypoints: Markdown as the rest of the site, made harmless."""

from __future__ import annotations

from collections.abc import Callable

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from .digest import DigestExtension
from .raw_html import clean_block, tidy


class Descriptions:
    """Converts descriptions. `resolve` turns a link that begins at the docs folder into one that works on a page."""

    def __init__(self, config: MkDocsConfig, resolve: Callable[[str, Page], str]) -> None:
        self._config = config
        self._resolve = resolve
        self._converter: Markdown | None = None

    def html(self, description: str, page: Page) -> str:
        """A description as HTML."""
        if not description:
            return ""
        if self._converter is None:
            extensions = [own for own in self._config.markdown_extensions if not isinstance(own, DigestExtension)]
            self._converter = Markdown(extensions=extensions, extension_configs=self._config.mdx_configs)
        made = self._converter.reset().convert(description)
        return tidy(clean_block(made, lambda url: self._resolve(url, page)))
