"""The descriptions of keypoints: Markdown as the rest of the site, made harmless."""

from __future__ import annotations

from urllib.parse import unquote

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser

from ..library import Keypoint
from ..markdown_extension import KEPT_ID, DigestExtension, as_html, clean_block, sanitised
from ..records import Finding, finding
from .file_lookup import MkDocsFiles

_TO_ITSELF = ("headerlink", "footnote-backref")


class Descriptions:
    """Converts descriptions, whose links begin at the docs folder. `path` is the file of keypoints, `findings` is what was wrong so far."""

    def __init__(self, config: MkDocsConfig, files: MkDocsFiles, path: str) -> None:
        self.findings: list[Finding] = []
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
            self.findings.append(finding("PD509", self._path, entry.line, 1, entry.label, said))
            return f"<p>{as_html(entry.description)}</p>"

    def _converted(self, description: str, page: Page) -> str:
        if self._converter is None:
            extensions = [own for own in self._config.markdown_extensions if not isinstance(own, DigestExtension)]
            self._converter = Markdown(extensions=extensions, extension_configs=self._config.mdx_configs)
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
