"""The library as data for other programs: JSON, CSV, BibTeX, CSL-JSON, feeds, JSON-LD."""

from .bibtex import BIB_FILE, bibtex_entry, bibtex_file
from .citations import citation, citation_key, reference
from .csl_json import CSL_FILE, csl_bytes, csl_file
from .entry_spool import EntrySpool
from .explorer_data import GLOBAL, explorer_data
from .feeds import (
    ATOM,
    ATOM_FILE,
    JSON,
    JSON_FILE,
    NO_SITE,
    OTHERS_MOST,
    SITE_MOST,
    Feed,
    FeedItem,
    atom_feed,
    feed_entry,
    is_fed,
    json_feed,
    newest_fed,
    relative,
)
from .file_plan import CITATION_FILES, FEED_FILES, FILE_LABELS, Citations, FileFolder, FilePlan
from .index_data import index_data
from .json_ld import DigestPage, digest_data, json_ld
from .papers_csv import unguarded
from .papers_json import papers_json, papers_json_bytes, papers_schema
from .site_data import SiteData, read_folder, site_data
