"""Lists in the place of markers, which are comments such as `<!-- paperdigest:recent limit=10 -->`."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..markdown_extension import tidy
from ..reader import MARKER_PATTERN, Marker, MarkerError, marker_text, matched_marker

_WITHIN_PARAGRAPH = re.compile(rf"(?:<p>)?{MARKER_PATTERN}(?:</p>)?")
_WITHIN_TEXT = re.compile(
    r"[^>\s][ \t]{0,99}<!--\s{0,99}paperdigest\b|<p>\s{0,99}<!--\s{0,99}paperdigest\b[^>]*-->(?!</p>)"
)


def has_markers(content: str) -> bool:
    return "<!--" in content and "paperdigest" in content and _WITHIN_PARAGRAPH.search(content) is not None


def fill_markers(content: str, render: Callable[[Marker], str], wrong: Callable[[str, str], None]) -> str:
    """Replace markers in HTML by what `render` gives; `wrong` is told the text and the fault of each that is not understood."""

    def replace(match: re.Match[str]) -> str:
        try:
            return render(matched_marker(match))
        except MarkerError as error:
            wrong(marker_text(match), str(error))
            return ""

    filled = _WITHIN_PARAGRAPH.sub(replace, content)
    # A list cannot be inside a paragraph: a marker within a sentence parts it.
    return tidy(filled) if _WITHIN_TEXT.search(content) else filled
