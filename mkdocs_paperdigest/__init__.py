"""Paper digests in Markdown, read and indexed; the plugin for MkDocs stands in `mkdocs_paperdigest.plugin`.

>>> data = read_folder("docs")
>>> digest, findings = read_digest(text, "202405.md")
"""

from .exports import SiteData, papers_json, read_folder
from .keypoints import Acronyms, Entry, Similar, Thesaurus, read_keypoints, similar
from .keypoints import learn as learn_acronyms
from .library import Keypoint, Library, build_library
from .reader import Vocabulary, read_digest
from .records import RULES, Digest, Field, Figure, Finding, Link, Paper, Severity

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "Acronyms",
    "Digest",
    "Entry",
    "Field",
    "Figure",
    "Finding",
    "Keypoint",
    "Library",
    "Link",
    "Paper",
    "Severity",
    "Similar",
    "SiteData",
    "Thesaurus",
    "Vocabulary",
    "build_library",
    "learn_acronyms",
    "papers_json",
    "read_digest",
    "read_folder",
    "read_keypoints",
    "similar",
]
