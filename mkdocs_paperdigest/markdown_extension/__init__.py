"""A paper → HTML: the extension of Python-Markdown that renders digest pages, and the sanitiser."""

from .badge import Badge, with_longer_titles
from .conversions import Conversions, is_pure
from .digest_pages import DigestExtension, PageContext, plain_ids
from .paper_html import paper_sections, shown, told
from .prerender import Prerenderer
from .raw_html import clean_block, clean_tag, tag_pattern, tidy
from .sanitising import KEPT_ID, LIST_ATTRIBUTES, UNSAFE_MACRO, as_html, sanitised, unmarked
