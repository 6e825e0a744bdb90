"""Digest pages, made by the Python-Markdown extension alone."""

from __future__ import annotations

import re

import markdown

from mkdocs_paperdigest.markdown_extension.digest_pages import Badge, DigestExtension, PageContext, plain_ids
from mkdocs_paperdigest.reader import read_page, split_front_matter

EXTENSIONS = [
    "toc",
    "tables",
    "fenced_code",
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "pymdownx.arithmatex",
    "pymdownx.details",
    "pymdownx.emoji",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tasklist",
]
PLAIN = ["toc", "tables", "fenced_code"]


def convert(text: str, extensions: list[str] = EXTENSIONS, *, tables: bool = False, **config: dict[str, object]) -> str:
    """A page as it is shown, without its front matter."""
    meta, text, above = split_front_matter(text)
    extension = DigestExtension()
    extension.context = PageContext(
        read=lambda source: read_page(source, "page.md", above + 1, meta=meta)[0],
        badge=lambda name: Badge(name, f"keypoints/{name}.md"),
        resolve=lambda url: url,
        tables=tables,
        plain_ids=lambda source: plain_ids(source, extensions, config),
    )
    settings = {"toc": {"permalink": True}, "pymdownx.arithmatex": {"generic": True}, **config}
    return markdown.Markdown(extensions=[*extensions, extension], extension_configs=settings).convert(text)


def sections(page: str) -> list[str]:
    return re.findall(r'<section class="pd-paper">\n.*?\n</section>', page, re.DOTALL)
