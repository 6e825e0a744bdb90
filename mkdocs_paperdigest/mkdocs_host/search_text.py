"""HTML → what a search plugin has as the text of an entry, and what its script needs to find Chinese and Japanese."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache

from ..support import folded

CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
"""Characters of scripts without spaces between words, for Python and JavaScript: Han, kana and the punctuation among them."""

MARK = "\u200c"
"""A zero-width non-joiner after each of these characters.

Material's script cuts what is looked for wherever a piece of it is a word of the index, and drops the last piece (`segment` in its
`search/query/segment`). With the mark no piece ever is one, so that it leaves the cutting to the separator; each character then
is the beginning of a word, which is all it asks for.
"""

SEPARATOR = rf"(?=[{CJK}])|\b(?=\w)"
"""Where the script also cuts: before each of these characters, and before Latin after them (no lookbehind, for Safari before 16.4)."""

MARKED = re.compile(rf"[{CJK}]{MARK}")  # one of these characters with its mark

HIDDEN = "\u200b "  # ends what is between the text of an entry and words that nobody is to see

_ONE = re.compile(rf"[{CJK}]")
_UNITS = re.compile(rf"[{CJK}]|[^{CJK}]+")
_SHOWN = 200  # how many characters of an entry the script of MkDocs's own search shows
_LONGEST = 8

_QUOTED = r"[^>\"'=]*+(?:=\s*+(?:\"[^\"]*\"|'[^']*')?+[^>\"'=]*+)*+"
"""The inside of a tag, in whose values `>` ends nothing. Possessive, so that no text takes long."""
_ANY_TAG = re.compile(rf"(<(?=[a-zA-Z/!?])(?:{_QUOTED}>|[^>]*>))")
_TAG = re.compile(rf"<!--.*?-->|(</?[a-zA-Z][^\s/>]*){_QUOTED}>", re.DOTALL)
_HEADERLINK = re.compile(r'<a class="headerlink"[^>]*>.*?</a>')
_EMPTY = re.compile(r"<p>\s*</p>")
_KEPT = frozenset("p li ul ol code pre sub sup".split())
_INLINE = frozenset(
    "a abbr b cite del em font i img ins kbd mark q s samp small span strike strong tt u var wbr".split()
)


def shown_text(source: str) -> str:
    """HTML as a parser wrote it with only the tags that Material's search shows; a heading becomes a paragraph."""
    text = _EMPTY.sub("", _replaced(source, _kept)).replace("&nbsp;", " ").strip()
    return text if "<pre" in text else " ".join(text.split())


def plain_text(source: str) -> str:
    return html.unescape(_replaced(_HEADERLINK.sub("", source), _space))


def _replaced(source: str, instead: Callable[[str | None], str]) -> str:
    parts: list[str | None] = _TAG.split(source)
    parts[1::2] = map(instead, parts[1::2])
    return "".join(filter(None, parts))


@lru_cache(1000)
def _kept(tag: str | None) -> str:
    """What takes the place of a tag whose beginning is `<name` or `</name`, or of a comment."""
    name = _name(tag)
    if name in _KEPT or re.fullmatch("h[1-6]", name):
        return f"{'</' if tag and tag[1] == '/' else '<'}{name if name in _KEPT else 'p'}>"
    return _space(tag)


@lru_cache(1000)
def _space(tag: str | None) -> str:
    name = _name(tag)
    return "" if not name or name in _INLINE else " "


def _name(tag: str | None) -> str:
    return (tag or "").lstrip("</").lower()


def has_cjk(text: str) -> bool:
    return not text.isascii() and _ONE.search(text) is not None


def marked(text: str) -> str:
    return text if text.isascii() else _ONE.sub(rf"\g<0>{MARK}", text)


def marked_html(source: str) -> str:
    if not has_cjk(source):
        return source
    parts = _ANY_TAG.split(source)
    parts[::2] = map(marked, parts[::2])
    return "".join(parts)


def pieces(*texts: str) -> list[str]:
    """Whatever somebody may type to find texts without spaces between words, up to a length: MkDocs's own search finds whole words only."""
    found: dict[str, None] = {}
    for run in dict.fromkeys(run for text in texts if has_cjk(text) for run in re.findall(r"\w+", text)):
        units = _UNITS.findall(run)
        if len(units) < 2:
            continue
        for start in range(len(units)):
            for end in range(start + 1, min(start + _LONGEST, len(units)) + 1):
                if end > start + 1 or not _ONE.match(units[start]):
                    found["".join(units[start:end])] = None
        for end in range(_LONGEST + 1, len(units)):
            found["".join(units[:end])] = None
    return list(found)


def plain_words(*texts: str) -> list[str]:
    """The words of texts that are typed without accents, too: MkDocs's own search finds words as they are spelt."""
    words = dict.fromkeys(word for text in texts if not text.isascii() for word in re.findall(r"\w+", text))
    spelt = ((word, folded(word)) for word in words if not has_cjk(word))
    return list(dict.fromkeys(plain for word, plain in spelt if plain != word.lower()))


def hidden(body: str, words: list[str]) -> str:
    shown = len(" ".join(plain_text(body).split()))
    return f"<p>{chr(0x200B) * max(_SHOWN + 10 - shown, 0)}{HIDDEN}{' '.join(words)}</p>"
