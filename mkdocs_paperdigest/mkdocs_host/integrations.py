"""What other plugins of a site need of this one, and it of them: a function for each.

Each looks a plugin up by its name and does nothing if the site does not use it.
"""

from __future__ import annotations

import html
import os
import posixpath
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from ..collection import PageRules, Source
from ..records import Finding, finding

_FIGURE = re.compile(r'<a\b(?=[^>]*\bclass="?pd-figure\b)(?P<link>[^>]*)>\s*<img\b(?P<picture>[^>]*)>')
_HREF = re.compile(r"""\bhref=(?:"[^"]*"|[^\s">]+)""")
_ID = re.compile(r"""\sid=["']([^"'>]*)""")
_ANCHORED = re.compile(r'(?P<before><a\s[^>]*?href=)"#(?P<anchor>[^"]+)"')
_SRC = re.compile(r"""\bsrc=("[^"]*"|[^\s">]+)""")


def plugins_named(config: MkDocsConfig, name: str) -> Iterator[Any]:
    """The plugins of a name, whichever theme they come with (`material/blog`, `materialx/blog`), each of several (`blog #2`)."""
    for key, plugin in config.plugins.items():
        if key.partition(" ")[0].rpartition("/")[2] == name:
            yield plugin


@dataclass(frozen=True, slots=True)
class Language:
    """A language of a site that static-i18n builds once for each, told by `folder` (`zh/a.md`) or `suffix` (`a.zh.md`).

    `others` are the locales whose pages this language never shows: all but its own and the default one.
    """

    locale: str
    is_default: bool
    structure: str
    default: str
    others: frozenset[str]

    def parted(self, page: str) -> tuple[str, str | None]:
        """The path of a page without suffix, without its locale, and its locale, None if it has none."""
        rest, _, locale = page.rpartition(".") if self.structure == "suffix" else page.partition("/")[::-1]
        return (rest, locale) if rest and locale in {self.locale, self.default, *self.others} else (page, None)


def blog_posts(config: MkDocsConfig) -> dict[int, str]:
    """The separators of the posts of blogs, by the `id` of their files: static-i18n builds copies that stay excluded."""
    return {
        id(post.file): plugin.config.post_excerpt_separator
        for plugin in plugins_named(config, "blog")
        for post in getattr(getattr(plugin, "blog", None), "posts", ())  # a blog that is switched off has none
    }


def lost_separator(source: Source, path: str, separator: str) -> list[Finding]:
    """A finding if the separator after the beginning of a post is inside a paper, which cannot be cut in two."""
    above, found, _ = source.body.partition(separator)
    line = above.count("\n")
    if not found or not any(section.start < line < section.end for section in source.digest.sections):
        return []
    first = source.text.count("\n") - source.body.count("\n") + 1
    return [finding("PD405", path, first + line, len(above) - above.rfind("\n"), separator)]


def glightbox_opens_figures(page: Page, config: MkDocsConfig) -> bool:
    return page.meta.get("glightbox", True) is not False and any(
        not plugin.config.get("manual", False) for plugin in plugins_named(config, "glightbox")
    )


def with_includes(text: str, file: File, config: MkDocsConfig, files: Files) -> str:
    """A page's text as include-markdown will have it when the page is rendered, which is too late for the index."""
    for plugin in plugins_named(config, "include-markdown"):
        if plugin.config.opening_tag in text:
            page = SimpleNamespace(file=file)
            text = plugin.on_page_markdown(text, page=page, config=config, files=files)
    return text


def language(config: MkDocsConfig) -> Language | None:
    for plugin in plugins_named(config, "i18n"):
        locale = plugin.current_language
        default = plugin.default_language
        others = frozenset(own.locale for own in plugin.config.languages) - {locale, default}
        return Language(locale, locale == default, plugin.config.docs_structure, default, others)
    return None


def interface_language(config: MkDocsConfig) -> str:
    """The tag of the language that a site speaks: that which static-i18n builds now, else its theme's."""
    own = language(config)
    if own:
        return own.locale
    theme: Any = config.theme
    return str(theme.get("language") or theme.get("locale") or "en")


def place_among_languages(file: File, config: MkDocsConfig) -> None:
    """Give a generated file what static-i18n notes on every file; its site map fails without, beside a blog."""
    for plugin in plugins_named(config, "i18n"):
        own = {"locale": plugin.current_language, "locale_alternate_of": plugin.current_language, "localization": None}
        vars(file).update(own, alternates={plugin.current_language: file}, norm_src_uri=file.src_uri)


def rules_of_plugins(config: MkDocsConfig) -> PageRules:
    inherited: list[tuple[str, Mapping[str, Any]]] = []
    for plugin in plugins_named(config, "meta"):  # of Material: `a/.meta.yml` is for all whose paths begin with `a`
        inherited += [(posixpath.dirname(path), values) for path, values in _by_uri(plugin, "meta")]
    for plugin in plugins_named(config, "meta-manager"):
        inherited += [
            (f"{folder}/" if folder else "", values) for folder, values in sorted(_by_uri(plugin, "meta_files"))
        ]
    encrypts = list(plugins_named(config, "encryptcontent"))
    roles = [
        role for plugin in plugins_named(config, "role-filter") for role in plugin.config.get("allowed_roles") or ()
    ]
    return PageRules(
        inherited=tuple(inherited),
        encrypts=bool(encrypts),
        password=any(plugin.config.get("global_password") for plugin in encrypts),
        level=any("_global" in getattr(plugin, "setup", {}).get("level_keys", ()) for plugin in encrypts),
        roles=roles if any(plugins_named(config, "role-filter")) else None,
    )


def _by_uri(plugin: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, values in getattr(plugin, name, {}).items():
        if isinstance(values, Mapping):
            yield path.replace(os.sep, "/"), values


def is_encrypted(page: Page) -> bool:
    """Whether encryptcontent has taken a page and not encrypted it yet."""
    return hasattr(page, "encryptcontent") or getattr(page, "encrypted", False) is True


def allow_redirects(config: MkDocsConfig, pages: Mapping[str, File]) -> None:
    """Tell redirects of the generated pages: it looks for the pages that it may lead to before there are any."""
    for plugin in plugins_named(config, "redirects"):
        known = getattr(plugin, "doc_pages", None)
        if isinstance(known, dict):
            known.update(pages)


def set_options(plugin: Any) -> set[str]:
    """The names of the options of a plugin that a site sets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # MkDocs may drop it; then nothing counts as set
        given = getattr(plugin.config, "user_configs", ())
    return {name for own in given if isinstance(own, Mapping) for name, value in own.items() if value is not None}


def keep_out_of_feeds(page: Page, config: MkDocsConfig) -> None:
    """Keep a generated page out of the feeds of the rss plugin, which fails on pages without a file; drafts it leaves alone."""
    if any(plugins_named(config, "rss")):
        page.meta["draft"] = True


def without_revision_dates(page: Page) -> None:
    """Take away the day of the build that git-revision-date-localized gives a generated page as its last change."""
    for key in [key for key in page.meta if key.startswith(("git_revision_date_", "git_creation_date_"))]:
        del page.meta[key]


def lead_to_local_copies(html: str, config: MkDocsConfig) -> str:
    """Let figures lead to the copies of their pictures that the privacy plugin made, not to other hosts."""
    if "pd-figure" not in html or not any(plugins_named(config, "privacy")):
        return html

    def local(match: re.Match[str]) -> str:
        source = _SRC.search(match["picture"])
        if source is None:
            return match[0]
        link = _HREF.sub(lambda _: f"href={source[1]}", match["link"])
        return f"<a{link}><img{match['picture']}>"

    return _FIGURE.sub(local, html)


def fix_print_page_links(config: MkDocsConfig, files: Iterable[File]) -> None:
    """Let links of print-site's page without a target on it (`a/#b` is `#a-b` there) lead to the pages of the site."""
    for plugin in plugins_named(config, "print-site"):
        printed = getattr(plugin, "print_file", None)
        if printed is None or not os.path.isfile(printed.abs_dest_path):
            continue
        path = Path(printed.abs_dest_path)
        page = path.read_text(encoding="utf-8")
        ids = set(_ID.findall(page))
        urls = {_print_key(file.url): file.url for file in files if file.is_documentation_page()}

        def lead(match: re.Match[str]) -> str:
            anchor = html.unescape(match["anchor"])
            if {anchor, unquote(anchor)} & ids:  # noqa: B023 - called at once
                return match[0]
            for end in (len(anchor), *(found.start() for found in reversed(list(re.finditer("-", anchor))))):
                if (url := urls.get(anchor[:end])) is not None:  # noqa: B023
                    to = get_relative_url(url, printed.url) + (f"#{anchor[end + 1 :]}" if anchor[end:] else "")  # noqa: B023
                    return f'{match["before"]}"{html.escape(to)}"'
            return match[0]

        path.write_text(_ANCHORED.sub(lead, page), encoding="utf-8")


def _print_key(url: str) -> str:
    return url.lower().removesuffix("/").replace(".html", "").replace("/", "-").lstrip("-.") or "index"
