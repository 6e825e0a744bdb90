"""`paperdigest.lock`: the former addresses of papers and keypoints."""

from .changes import Change, Report, changes
from .lock_file import NOTHING, Lists, Lock, has_marks, kept, lock_of, lock_text, read_lock, renamed_slugs, united
from .redirects import Moved, former_slugs, moved_papers
from .snapshot import PaperState, Snapshot, assembled, natural_states, snapshot_of_papers_json
