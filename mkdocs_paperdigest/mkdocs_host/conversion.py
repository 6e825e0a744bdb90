"""What a page needs on its way through MkDocs: before it is converted, after it, and before it is put into its template."""

from __future__ import annotations

import re
from functools import partial

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from ..collection import Sources
from ..markdown_extension import DigestExtension, PageContext, plain_ids, tidy
from ..pages import to_root
from ..reader import MARKER_PATTERN, MarkerError, marker_text, matched_marker
from ..records import Digest, Finding, is_one_paper
from .config import other_extensions
from .head import fill_head
from .integrations import glightbox_opens_figures, is_encrypted, lead_to_local_copies
from .navigation import escape_front_matter, lead_to_the_first_heading, name_digest, outline
from .reading import marker_finding, report
from .site import Site

_MARKER = re.compile(rf"(?:<p>)?{MARKER_PATTERN}(?:</p>)?")
_WITHIN_TEXT = re.compile(
    r"[^>\s][ \t]{0,99}<!--\s{0,99}paperdigest\b|<p>\s{0,99}<!--\s{0,99}paperdigest\b[^>]*-->(?!</p>)"
)


def prepare_conversion(
    markdown: str, page: Page, site: Site, sources: Sources, extension: DigestExtension, config: MkDocsConfig
) -> str:
    """Tell the Markdown extension what it needs of a page that may be a digest, and return the text to convert."""
    uri, reading = page.file.src_uri, site.reading
    if uri not in reading.chosen:
        return markdown
    if is_one_paper(site.library.by_path.get(uri, ())):
        escape_front_matter(page)
    extension.context = PageContext(
        read=lambda text: sources.digest(uri, text),
        badge=lambda written: site.links.badge(written, uri),
        resolve=lambda url: site.files.resolve(url, page.file),
        tables=site.options.keep_tables,
        zoom=not glightbox_opens_figures(page, config),
        taken=site.addresses.moved_ids(uri),
        former=site.addresses.former_anchors,
        picture=partial(reading.pictures.link, page=page.file),
        words=reading.words,
        plain_ids=lambda text: plain_ids(text, other_extensions(config), config.mdx_configs),
    )
    if not reading.is_post(page.file):
        vars(page)["render"] = partial(site.conversions.render, page, extension, sources.text(uri))
    if uri in reading.digests and not markdown.strip():
        return "<!-- the paper stands in the front matter -->"  # no text, no page to Python-Markdown
    return markdown


def finish_conversion(
    html: str, page: Page, site: Site, sources: Sources, extension: DigestExtension, *, serving: bool
) -> str:
    shown, reading, uri = extension.page, site.reading, page.file.src_uri
    known = page.present_anchor_ids
    if shown and known is not None:
        known |= shown.ids
    if uri in reading.digests:
        name_digest(page, site.library.by_path[uri], by_month=site.options.month_titles)
    if uri in reading.chosen:
        digest = shown.digest if shown else sources.digest(uri, page.markdown or "")
        changed = sources.changed(digest)
        report([changed] if changed else [])
        if digest.sections:
            outline(page)
            if not serving and not reading.is_post(page.file):  # a blog shows the beginnings of posts, too
                sources.forget(uri)
                reading.digests[uri] = Digest(uri)
    if site.is_generated(page):
        known = page.present_anchor_ids = site.ids(page)
    if known is not None:
        known |= site.addresses.moved_ids(uri)
    return site.addresses.with_moved(html, page)


def show_page(page: Page, site: Site) -> None:
    """Put the lists into a page, in place. Raises PluginError for a digest that is encrypted, as its papers are on other pages."""
    if is_encrypted(page):
        site.reading.hidden.add(page.file.src_uri)
        if page.file.src_uri in site.reading.digests:
            raise PluginError(
                f"paperdigest: {page.file.src_uri} was encrypted after its papers had been read, so they would stand elsewhere: "
                "put `paperdigest: false` into its front matter."
            )
    lead_to_the_first_heading(page)
    if page.file.src_uri in site.library.by_path:
        site.downloads.take(page)
    content = site.content(page)
    wrong: list[Finding] = []

    def filled(match: re.Match[str]) -> str:
        try:
            return site.contents.list_of(matched_marker(match), to_root(page.url))
        except MarkerError as error:
            wrong.append(marker_finding(page.file, marker_text(match), str(error)))
            return ""

    if "<!--" in content and "paperdigest" in content:
        is_within = _WITHIN_TEXT.search(content)
        content, count = _MARKER.subn(filled, content)
        # A list cannot be inside a paragraph: a marker within a sentence parts it.
        content = tidy(content) if count and is_within else content
    page.content = content
    report(wrong)


def finish_page(output: str, page: Page, site: Site) -> str:
    reading, uri = site.reading, page.file.src_uri
    is_digest = uri in reading.digests and not reading.is_post(page.file)
    if is_digest or page.file.generated_by == "paperdigest":
        page.content = ""  # nobody asks again what is on it; on large sites this is a quarter of the memory
    output = lead_to_local_copies(output, site.config)
    return output if uri in reading.hidden else fill_head(output, page, site)
