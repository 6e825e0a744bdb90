"""A paper → HTML: the extension of Python-Markdown that renders digest pages, and the sanitiser."""

from .badge import Badge, with_longer_titles, without_badge_links
from .digest_pages import DigestExtension, PageContext, plain_ids
from .paper_elements import Prerenderer
from .paper_html import paper_sections, shown, told
from .sanitising import (
    KEPT_ID,
    LIST_ATTRIBUTES,
    UNSAFE_MACRO,
    as_html,
    clean_block,
    clean_tag,
    sanitised,
    tag_pattern,
    tidy,
    unmarked,
)
