"""The vocabulary of keypoints: `keypoints.yml`, aliases, acronyms, and names that may mean the same."""

from .acronyms import NO_ACRONYMS, Acronyms, learn_acronyms, learn_from, with_acronyms
from .keypoints_yml import read_keypoints
from .keypoints_yml_edits import EditError, describe_keypoint, merge_keypoints, rename_keypoint
from .similar import Similar, similar
from .spelling import has_cjk
from .vocabulary import EMPTY_VOCABULARY, Vocabulary, VocabularyEntry, unknown_keypoints
