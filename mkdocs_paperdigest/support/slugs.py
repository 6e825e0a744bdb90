"""Names in URLs: the slug of a keypoint, and the anchors of headings."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\s~\-/\\:*?\"<>|#%\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_RESERVED = re.compile(r"(index|con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST = 120

_THEME_IDS = frozenset(
    (
        "content_search hljs-dark hljs-light keyboardModalLabel main-content mkdocs-search-query mkdocs-search-results "
        "mkdocs_keyboard_modal mkdocs_search_modal navbar-collapse search searchModalLabel theme-menu toc-collapse"
    ).split()
)
# Material's begin so: `__config`, `__search`, `__nav_1`, …
_THEME_PREFIX = "__"


def keypoint_key(name: str) -> str:
    """What spellings of one keypoint have in common.

    Two names are one keypoint when they differ only in case, Unicode width, white space, or hyphen against
    space: NFKC, casefold, and every run of white space, hyphens and dashes as one space.
    """
    if name.isascii():  # as most are; the same, in a third of the time
        folded = name.lower()
        return " ".join(folded.replace("-", " ").split()) or folded.strip()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return _DASHES.sub(" ", folded).strip() or folded.strip()


def keypoint_slug(key: str) -> str:
    """The name of a keypoint's page, made from its key alone, so that other papers never change it.

    Different keys have different slugs: letters and digits of every script and harmless signs stay, a space
    becomes `-`, and whatever a path or URL could trip over becomes `~` and its hexadecimal code
    (`c#` → `c~23`). `index` and the names that Windows reserves get a final `~`. A slug of more than 120
    bytes is cut, and ends in `~~` and 16 digits of the key's SHA-256.
    """
    slug = _UNSAFE.sub(lambda m: f"~{ord(m[0]):x}" if m[0] != " " else "-", key)
    if slug.startswith("."):
        slug = "~2e" + slug[1:]
    if slug.endswith("."):
        slug = slug[:-1] + "~2e"
    if _RESERVED.fullmatch(slug):
        slug += "~"
    encoded = slug.encode()
    if len(encoded) > _LONGEST:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        slug = f"{encoded[: _LONGEST - 18].decode('utf-8', 'ignore')}~~{digest}"
    return slug


def python_markdown_slug(text: str) -> str:
    """The id that Python-Markdown's `toc` extension gives to a heading before it counts repetitions."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_text).strip().lower())


def github_slug(text: str) -> str:
    """GitHub's id of a heading before it counts repetitions: lower case.

    Letters, digits, marks, `_` and `-` stay, a space is a hyphen. Source: `github-slugger`.
    """
    kept = (c for c in text.strip().lower() if c in " -_" or unicodedata.category(c)[0] in "LMN")
    return "".join(kept).replace(" ", "-")


def stable_slug(text: str) -> str:
    """A heading's id that depends on its own text only: Python-Markdown's, or GitHub's where the former drops letters and would be a number that shifts."""
    if text.isascii():  # as most are; the same, in a third of the time
        return python_markdown_slug(text) or github_slug(text) or "paper"
    letters = sum(unicodedata.category(c)[0] in "LN" for c in unicodedata.normalize("NFKC", text))
    slug = python_markdown_slug(text)
    kept = sum(c.isalnum() for c in slug)
    return slug if slug and kept >= letters else github_slug(text) or slug or "paper"


def is_theme_id(name: str) -> bool:
    """Whether a theme finds an element of its own by an id. Source: the templates and scripts of Material for MkDocs, and of MkDocs' own themes."""
    return name.startswith(_THEME_PREFIX) or name in _THEME_IDS


class Anchors:
    """Hands out ids of one page, each once, in the order of the page; a repeated id gets a number behind it."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._counts: dict[str, int] = {}

    def take(self, wanted: str, separator: str = "_") -> str:
        """Reserve `wanted`, with the next number behind it if it is taken."""
        wanted = (wanted.lstrip("_") or "paper") if wanted.startswith(_THEME_PREFIX) else wanted
        name, count = wanted, self._counts.get(wanted, 0)
        while name in self.used or name in _THEME_IDS:
            count += 1
            name = f"{wanted}{separator}{count}"
        self._counts[wanted] = count
        self.used.add(name)
        return name
