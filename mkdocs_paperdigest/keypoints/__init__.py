"""The vocabulary of keypoints: `keypoints.yml`, aliases, acronyms, and names that may mean the same."""

from .acronyms import NO_ACRONYMS, Acronyms, learn_acronyms
from .forms import has_cjk
from .keypoints_yml import read_keypoints
from .keypoints_yml_edits import EditError, describe_keypoint, merge_keypoints, rename_keypoint
from .learnt import learn_from, unknown_keypoints, with_acronyms
from .similar import Similar, similar
from .vocabulary import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry
