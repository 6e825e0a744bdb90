"""`paperdigest.lock`: the former addresses of papers and keypoints."""

from .changes import Change, Report, changes
from .lock_file import (
    NOTHING,
    Lists,
    Lock,
    Moved,
    former_slugs,
    has_marks,
    kept,
    lock_of,
    lock_text,
    moved_papers,
    read_lock,
    renamed_slugs,
    united,
)
from .snapshot import PaperState, Snapshot, assembled, natural_states, snapshot_of_papers_json
