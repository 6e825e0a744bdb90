"""A folder read as its site reads it: options, sources, and the library of its digests."""

from .folder import (
    Collection,
    is_all,
    is_within,
    options_for,
    page_rules,
    read_collection,
    read_lock_of,
    read_vocabulary,
    shown,
    write_text,
)
from .options import KEYPOINTS_FILE, KINDS, Kind, OptionError, Options
from .page_addresses import PageAddresses, page_addresses, site_root
from .page_rules import PageRules, hidden_pages, inherited_meta
from .repository import Repository
from .settings import FILES, LOCK_FILE, SiteOptions, bases, inherited, read_settings, site_options
from .site_folder import SITE, free_site, lost_by_a_build
from .sources import Choice, Source, Sources, decode, long_lived
from .survey import MARKDOWN, SKIPPED, Counts, Survey, markdown_files, take_survey

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
    "Counts",
    "Kind",
    "OptionError",
    "Options",
    "PageAddresses",
    "PageRules",
    "Repository",
    "SiteOptions",
    "Source",
    "Sources",
    "Survey",
    "bases",
    "decode",
    "free_site",
    "hidden_pages",
    "inherited",
    "inherited_meta",
    "is_all",
    "is_within",
    "long_lived",
    "lost_by_a_build",
    "markdown_files",
    "options_for",
    "page_addresses",
    "page_rules",
    "read_collection",
    "read_lock_of",
    "read_settings",
    "read_vocabulary",
    "shown",
    "site_options",
    "site_root",
    "take_survey",
    "write_text",
]
