"""All that knows MkDocs, but for the events in `plugin.py`: configuration, navigation, head, search, page classes, other plugins."""

from .config import PaperDigestConfig
from .docs_folder import keep_files_of_the_theme, use_folder, watch_folder
from .head import Heads
from .integrations import (
    allow_redirects,
    blog_posts,
    glightbox_opens_figures,
    is_encrypted,
    keep_out_of_feeds,
    language,
    lead_from_print_page,
    lead_to_local_copies,
    lost_separator,
    page_rules,
    search_plugins,
    with_includes,
    without_revision_dates,
)
from .markers import fill_markers, has_markers
from .navigation import arrange, lead_to_the_first_heading, outline
from .outside_links import outside_findings
from .pictures import Pictures
from .search import index_for_search
from .settings_folder import (
    cache,
    interface_words,
    keep_sources,
    keypoints_file,
    settings_folder,
    watch_files,
    watch_words,
)
from .site import Site
from .titles import escape_front_matter, name_digest

__all__ = [
    "Heads",
    "PaperDigestConfig",
    "Pictures",
    "Site",
    "allow_redirects",
    "arrange",
    "blog_posts",
    "cache",
    "escape_front_matter",
    "fill_markers",
    "glightbox_opens_figures",
    "has_markers",
    "index_for_search",
    "interface_words",
    "is_encrypted",
    "keep_files_of_the_theme",
    "keep_out_of_feeds",
    "keep_sources",
    "keypoints_file",
    "language",
    "lead_from_print_page",
    "lead_to_local_copies",
    "lead_to_the_first_heading",
    "lost_separator",
    "name_digest",
    "outline",
    "outside_findings",
    "page_rules",
    "search_plugins",
    "settings_folder",
    "use_folder",
    "watch_files",
    "watch_folder",
    "watch_words",
    "with_includes",
    "without_revision_dates",
]
