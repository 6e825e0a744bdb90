"""Files of a repository, written by commands: never through a symbolic link that leads out of it."""

from __future__ import annotations

import os
from pathlib import Path

from .checkout import top_around


def leads_out(file: Path, *folders: Path) -> bool:
    """Whether a file below `folders` or in their repositories is in truth outside of these, or in `.git`. One whose path itself is elsewhere is wanted there."""
    place, real = Path(os.path.abspath(file)), Path(os.path.realpath(file))
    own = {Path(os.path.abspath(folder)) for folder in folders}
    for folder in own:
        if any(folder != other and folder.is_relative_to(other) for other in own):
            continue  # it may itself be a link out of the other one
        top = top_around(folder) or Path(os.path.realpath(folder))
        is_inside = real.is_relative_to(top) and ".git" not in real.relative_to(top).parts
        if not is_inside and (place.is_relative_to(folder) or place.is_relative_to(top)):
            return True
    return False


def check_inside(file: Path, *folders: Path) -> None:
    if leads_out(file, *folders):
        raise OSError(f"{file} leads out of the repository through a symbolic link, so it was left as it is")


def write_inside(file: Path, content: bytes, *folders: Path) -> None:
    """Write a file. Raises OSError if it leads out of these folders or cannot be written."""
    check_inside(file, *folders)
    file.write_bytes(content)
