"""Tools that know nothing of papers: cache, slugs, safe writing, HTML addresses, YAML positions."""

from .background_worker import BackgroundWorker, cores, shared
from .cache import CACHE_FOLDER, Cache, name_of
from .checkout import Checkout, checkout_around, read_if_there, tracked_files
from .fingerprint import UnknownStateError, fingerprint
from .folding import folded
from .garbage_collection import long_lived
from .html_addresses import TAG, absolute, absolute_tag, srcset
from .safe_writing import check_inside, leads_out, write_inside
from .slugs import Anchors, github_slug, is_theme_id, keypoint_key, keypoint_slug, python_markdown_slug, stable_slug
from .stored_records import dumps, loads
from .yaml_nodes import UnreadableError, compose, is_nothing

__all__ = [
    "CACHE_FOLDER",
    "TAG",
    "Anchors",
    "BackgroundWorker",
    "Cache",
    "Checkout",
    "UnknownStateError",
    "UnreadableError",
    "absolute",
    "absolute_tag",
    "check_inside",
    "checkout_around",
    "compose",
    "cores",
    "dumps",
    "fingerprint",
    "folded",
    "github_slug",
    "is_nothing",
    "is_theme_id",
    "keypoint_key",
    "keypoint_slug",
    "leads_out",
    "loads",
    "long_lived",
    "name_of",
    "python_markdown_slug",
    "read_if_there",
    "shared",
    "srcset",
    "stable_slug",
    "tracked_files",
    "write_inside",
]
