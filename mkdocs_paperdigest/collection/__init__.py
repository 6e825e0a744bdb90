"""A folder read as its site reads it: options, sources, and the library of its digests."""

from .folder import (
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
from .markdown_files import MARKDOWN, SKIPPED, Choice, markdown_files, read_file
from .options import KEYPOINTS_FILE, KINDS, Kind, OptionError, Options
from .page_addresses import PageAddresses, page_addresses, site_root
from .page_rules import PageRules, hidden_pages, inherited_meta
from .page_text import decode, decode_page
from .repository import Repository
from .settings import FILES, LOCK_FILE, SiteOptions, bases, inherited, read_settings, site_options
from .site_folder import SITE, free_site, lost_by_a_build
from .sources import Source, Sources
