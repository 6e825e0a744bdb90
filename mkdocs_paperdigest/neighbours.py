"""What other plugins of a site need of this one, and it of them: a function for each.

Each looks a plugin up by its name and does nothing if the site does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_FIGURE = re.compile(r'<a\b(?=[^>]*\bclass="?pd-figure\b)(?P<link>[^>]*)>\s*<img\b(?P<picture>[^>]*)>')
_HREF = re.compile(r"""\bhref=(?:"[^"]*"|[^\s">]+)""")
_SRC = re.compile(r"""\bsrc=("[^"]*"|[^\s">]+)""")


def _plugins(config: MkDocsConfig, name: str) -> Iterator[Any]:
    """The plugins of a name, whichever theme they come with (`material/blog`, `materialx/blog`), each of several (`blog #2`)."""
    for key, plugin in config.plugins.items():
        if key.partition(" ")[0].rpartition("/")[2] == name:
            yield plugin


def blog_posts(config: MkDocsConfig) -> set[str]:
    """The source paths of the posts of the themes' blog plugin, which it calls excluded until the navigation is made."""
    blogs = (getattr(plugin, "blog", None) for plugin in _plugins(config, "blog"))
    return {post.file.src_uri for blog in blogs for post in getattr(blog, "posts", ())}


def glightbox_opens_figures(config: MkDocsConfig) -> bool:
    """Whether glightbox makes every picture a link to itself, so that the plugin must not."""
    return any(_plugins(config, "glightbox"))


def with_includes(text: str, file: File, config: MkDocsConfig, files: Files) -> str:
    """A page's text as include-markdown will have it when the page is rendered, which is too late for the index."""
    for plugin in _plugins(config, "include-markdown"):
        if plugin.config.opening_tag in text:
            page = SimpleNamespace(file=file)
            text = plugin.on_page_markdown(text, page=page, config=config, files=files)
    return text


def language(config: MkDocsConfig) -> tuple[str, str] | None:
    """The language that static-i18n builds now and how it tells the languages' files apart; None for the default one.

    A site is built once for each language, all but the default one in a folder of its own. Files are told apart by
    `folder` (`zh/a.md`) or by `suffix` (`a.zh.md`).
    """
    for plugin in _plugins(config, "i18n"):
        if plugin.current_language != plugin.default_language:
            return plugin.current_language, plugin.config.docs_structure
    return None


def place_among_languages(file: File, config: MkDocsConfig) -> None:
    """Give a generated file what static-i18n notes on every file; its site map fails without, beside a blog."""
    for plugin in _plugins(config, "i18n"):
        own = {"locale": plugin.current_language, "locale_alternate_of": plugin.current_language, "localization": None}
        vars(file).update(own, alternates={plugin.current_language: file}, norm_src_uri=file.src_uri)


def allow_redirects(config: MkDocsConfig, pages: Mapping[str, File]) -> None:
    """Tell redirects of the generated pages: it looks for the pages that it may lead to before there are any."""
    for plugin in _plugins(config, "redirects"):
        known = getattr(plugin, "doc_pages", None)
        if isinstance(known, dict):
            known.update(pages)


def keep_out_of_feeds(page: Page, config: MkDocsConfig) -> None:
    """Keep a generated page out of the feeds of the rss plugin, which fails on pages without a file; drafts it leaves alone."""
    if any(_plugins(config, "rss")):
        page.meta["draft"] = True


def without_revision_dates(page: Page) -> None:
    """Take away the day of the build that git-revision-date-localized gives a generated page as its last change."""
    for key in [key for key in page.meta if key.startswith(("git_revision_date_", "git_creation_date_"))]:
        del page.meta[key]


def lead_to_local_copies(html: str, config: MkDocsConfig) -> str:
    """Let figures lead to the copies of their pictures that the privacy plugin made, not to other hosts."""
    if not any(_plugins(config, "privacy")):
        return html

    def local(match: re.Match[str]) -> str:
        source = _SRC.search(match["picture"])
        if source is None:
            return match[0]
        link = _HREF.sub(lambda _: f"href={source[1]}", match["link"])
        return f"<a{link}><img{match['picture']}>"

    return _FIGURE.sub(local, html)
