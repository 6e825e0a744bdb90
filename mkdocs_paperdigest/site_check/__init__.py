"""A built site checked without a network: links, ids, redirects, feeds and data against each other."""

from .built_site import is_address
from .check import Report, check_site
from .faults import Fault
