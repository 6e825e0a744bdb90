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

__all__ = [
    "FILES",
    "KEYPOINTS_FILE",
    "KINDS",
    "LOCK_FILE",
    "MARKDOWN",
    "SITE",
    "SKIPPED",
    "Choice",
    "Collection",
    "Kind",
    "OptionError",
    "Options",
    "PageAddresses",
    "PageRules",
    "Repository",
    "SiteOptions",
    "Source",
    "Sources",
    "bases",
    "decode",
    "decode_page",
    "free_site",
    "hidden_pages",
    "inherited",
    "inherited_meta",
    "is_all",
    "is_within",
    "lost_by_a_build",
    "markdown_files",
    "options_for",
    "page_addresses",
    "read_collection",
    "read_file",
    "read_lock_of",
    "read_settings",
    "read_vocabulary",
    "relative",
    "rules_of_settings",
    "shown",
    "site_options",
    "site_root",
    "write_text",
]
