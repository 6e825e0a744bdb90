"""Paper digests in Markdown, read and indexed; the plugin for MkDocs stands in `mkdocs_paperdigest.plugin`.

>>> data = read_folder("docs")
>>> digest, findings = read_digest(text, "202405.md")
"""

from .exports.papers_json import papers_json
from .exports.site_data import SiteData, read_folder
from .keypoints.acronyms import Acronyms
from .keypoints.acronyms import learn as learn_acronyms
from .keypoints.keypoints_yml import read_keypoints
from .keypoints.similar import Similar, similar
from .keypoints.vocabulary import Entry, Thesaurus
from .library.index import Keypoint, Library, build_library
from .reader import read_digest
from .reader.label_vocabulary import Vocabulary
from .records.findings import RULES, Finding, Severity
from .records.paper import Digest, Field, Figure, Link, Paper

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
