"""Text as it is sought: case, width and accents make no difference. What is one keypoint, and names in URLs, is for `slugs` to say."""

from __future__ import annotations

import re
import unicodedata

# The marks of European letters. Those of kana make another letter (`か` and `が`), and those of Indic scripts are its vowels.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ς": "σ"})


def folded(text: str) -> str:
    """A text in which `Café`, `CAFE` and `ＣＡＦＥ` are `cafe`, as `paperdigestFold` of `paperdigest.js` has it, too."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)
    # A letter that only lower case has marks for, and then Hangul and kana in one piece.
    return unicodedata.normalize("NFC", _MARKS.sub("", bare))
