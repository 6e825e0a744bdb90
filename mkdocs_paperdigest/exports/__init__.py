"""The library as data: JSON, CSV, BibTeX, CSL-JSON, feeds and JSON-LD for other programs, and what scripts of the pages read."""

from .bibtex import bibtex_entry
from .citations import citation, citation_key, reference
from .explorer_data import GLOBAL, explorer_data
from .feeds import ATOM, ATOM_FILE, JSON, JSON_FILE, NO_SITE, EntrySpool, FeedItem, is_fed
from .file_plan import (
    CITATION_FILES,
    CITATION_FORMATS,
    FEED_FILES,
    FILE_LABELS,
    CitationFormat,
    Citations,
    FileFolder,
    FilePlan,
)
from .index_data import index_data
from .json_ld import DigestPage, digest_data, json_ld
from .papers_csv import unguarded
from .papers_json import papers_json, papers_json_bytes, papers_schema
from .site_data import SiteData, read_folder, site_data
