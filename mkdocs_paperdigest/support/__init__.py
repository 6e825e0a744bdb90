"""Tools that know nothing of papers: cache, slugs, safe writing, HTML addresses, YAML positions."""

from .background_worker import BackgroundWorker, cores, shared
from .cache import CACHE_FOLDER, Cache, dumps, loads, name_of
from .checkout import Checkout, checkout_around, read_if_there, tracked_files
from .fingerprint import UnknownStateError, fingerprint
from .folding import folded
from .garbage_collection import long_lived
from .html_addresses import TAG, absolute, absolute_tag, srcset
from .safe_writing import check_inside, leads_out, write_inside
from .slugs import Anchors, github_slug, is_theme_id, keypoint_key, keypoint_slug, python_markdown_slug, stable_slug
from .yaml_nodes import UnreadableError, compose, is_nothing
