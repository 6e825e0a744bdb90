"""The vocabulary of keypoints: `keypoints.yml`, aliases, acronyms, and names that may mean the same."""

from .acronyms import NONE, Acronyms, learn
from .forms import has_cjk
from .keypoints_yml import read_keypoints
from .keypoints_yml_edits import EditError, described, merged, renamed
from .learnt import learn_from, unknown_keypoints, with_acronyms
from .similar import Similar, similar
from .vocabulary import EMPTY, Entry, Thesaurus

__all__ = [
    "EMPTY",
    "NONE",
    "Acronyms",
    "EditError",
    "Entry",
    "Similar",
    "Thesaurus",
    "described",
    "has_cjk",
    "learn",
    "learn_from",
    "merged",
    "read_keypoints",
    "renamed",
    "similar",
    "unknown_keypoints",
    "with_acronyms",
]
