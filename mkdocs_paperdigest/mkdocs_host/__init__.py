"""All that knows MkDocs, but for the events in `plugin.py`: configuration, navigation, head, search, page classes, other plugins."""

from .assets import add_assets
from .config import PaperDigestConfig
from .conversion import finish_conversion, finish_page, other_extensions, prepare_conversion, show_page
from .docs_folder import keep_files_of_the_theme, use_folder, watch_folder
from .integrations import allow_redirects, fix_print_page_links, keep_out_of_feeds, without_revision_dates
from .navigation import arrange
from .outside_links import outside_findings
from .reading import check_unknown_keypoints, read_site
from .reports import report
from .search import index_site_for_search
from .settings_folder import keep_sources, keypoints_file, settings_folder, watch_files, watch_words
from .site import Site

__all__ = [
    "PaperDigestConfig",
    "Site",
    "add_assets",
    "allow_redirects",
    "arrange",
    "check_unknown_keypoints",
    "finish_conversion",
    "finish_page",
    "fix_print_page_links",
    "index_site_for_search",
    "keep_files_of_the_theme",
    "keep_out_of_feeds",
    "keep_sources",
    "keypoints_file",
    "other_extensions",
    "outside_findings",
    "prepare_conversion",
    "read_site",
    "report",
    "settings_folder",
    "show_page",
    "use_folder",
    "watch_files",
    "watch_folder",
    "watch_words",
    "without_revision_dates",
]
