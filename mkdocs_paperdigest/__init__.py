"""Paper digests in Markdown, read and indexed; the plugin for MkDocs is in `mkdocs_paperdigest.plugin`.

>>> data = read_folder("docs")
>>> digest, findings = read_digest(text, "202405.md")
"""

from .exports import SiteData, papers_json, papers_schema, read_folder, unguarded
from .keypoints import Acronyms, Similar, Vocabulary, VocabularyEntry, learn_acronyms, read_keypoints, similar
from .library import Keypoint, Library, build_library
from .reader import LabelVocabulary, read_digest
from .records import RULES, Digest, Field, Figure, Finding, Link, Paper, Severity

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "Acronyms",
    "Digest",
    "Field",
    "Figure",
    "Finding",
    "Keypoint",
    "LabelVocabulary",
    "Library",
    "Link",
    "Paper",
    "Severity",
    "Similar",
    "SiteData",
    "Vocabulary",
    "VocabularyEntry",
    "build_library",
    "learn_acronyms",
    "papers_json",
    "papers_schema",
    "read_digest",
    "read_folder",
    "read_keypoints",
    "similar",
    "unguarded",
]
