"""Tools that know nothing of papers: cache, slugs, safe writing, HTML addresses, YAML positions."""

from .cache import CACHE_FOLDER, Cache, dumps, loads, name_of
from .checkout import Checkout, check_inside, checkout_around, leads_out, read_if_there, tracked_files, write_inside
from .data_tables import read_table
from .fingerprint import UnknownStateError, fingerprint
from .folding import folded
from .html_addresses import TAG, absolute, absolute_tag, srcset
from .machine import BackgroundWorker, cores, long_lived, shared
from .slugs import Anchors, github_slug, is_theme_id, keypoint_key, keypoint_slug, python_markdown_slug, stable_slug
from .yaml_nodes import UnreadableError, compose, is_nothing
