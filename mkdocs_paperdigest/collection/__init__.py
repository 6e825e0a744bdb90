"""A folder read as its site reads it: options, sources, and the library of its digests."""

from .digest_folder import (
    Collection,
    is_all,
    is_within,
    options_for,
    read_collection,
    read_lock_of,
    read_vocabulary,
    relative,
    rules_of_settings,
    shown,
    write_text,
)
from .options import KEYPOINTS_FILE, KINDS, Kind, OptionError, Options
from .page_text import PageRules, decode, decode_page, hidden_pages, inherited_meta
from .repository import Repository
from .settings import FILES, LOCK_FILE, SiteOptions, bases, inherited, read_settings, site_options
from .site_files import (
    MARKDOWN,
    MEDIA,
    SITE,
    SKIPPED,
    Choice,
    PageAddresses,
    free_site,
    lost_by_a_build,
    markdown_files,
    read_file,
    site_root,
)
from .sources import Source, Sources
