"""The descriptions of keypoints: Markdown as the rest of the site, made harmless."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser

from ..markdown_extension import KEPT_ID, DigestExtension, clean_block, sanitised

_TO_ITSELF = ("headerlink", "footnote-backref")


class Descriptions:
    """Converts descriptions. `resolve` turns a link that begins at the docs folder into one that works on a page."""

    def __init__(self, config: MkDocsConfig, resolve: Callable[[str, Page], str]) -> None:
        self._config = config
        self._resolve = resolve
        self._converter: Markdown | None = None

    def html(self, description: str, page: Page) -> str:
        """A description as HTML. Raises whatever an extension of the site does, such as one that brings in a file that is missing."""
        if not description:
            return ""
        if self._converter is None:
            extensions = [own for own in self._config.markdown_extensions if not isinstance(own, DigestExtension)]
            self._converter = Markdown(extensions=extensions, extension_configs=self._config.mdx_configs)
        made = _without_ways_back(self._converter.reset().convert(description))
        return _without_ids(sanitised(clean_block(made, lambda url: self._resolve(url, page))), page)


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
