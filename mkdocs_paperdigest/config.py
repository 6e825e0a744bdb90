"""The options of the plugin, each documented where it stands."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from mkdocs.config import config_options as c
from mkdocs.config.base import BaseConfigOption, Config, ValidationError

_FORBIDDEN = r'\\:*?"<>|#%'


class Place(BaseConfigOption[str | None]):
    """Where something that the plugin makes goes in the site: a relative path, `true` for the usual one, `false` for nowhere."""

    def __init__(self, usual: str, *, suffix: str = "") -> None:
        super().__init__()
        self.usual = usual
        self.suffix = suffix
        self.default = usual
        # Read by editors, too: `$` of Python also stands before a last newline.
        end = re.escape(suffix) + r"(?![\s\S])"
        self.pattern = (
            rf"^(?!\s*{end})(?!(?:[\s\S]*/)?\.\.(?:/|{end}))(?:\./+)*"
            rf"(?!\.\.|\.(?:/|{end}))[^/{_FORBIDDEN}][^{_FORBIDDEN}]*{end}"
        )

    def run_validation(self, value: object) -> str | None:
        if value is True:
            return self.usual
        if value is False or value is None:
            return None
        if not isinstance(value, str) or not re.match(self.pattern, value):
            raise ValidationError(f"{self._takes()}, not {value!r}.")
        return posixpath.normpath(value)

    def schema(self) -> dict[str, Any]:
        return {
            "type": ["string", "boolean", "null"],
            "pattern": self.pattern,
            "patternErrorMessage": f"{self._takes()}.",
        }

    def _takes(self) -> str:
        kind = f"a path that ends in {self.suffix}" if self.suffix else "a folder"
        return f"takes {kind} inside the site (such as {self.usual!r}), true or false"


class Globs(c.ListOfItems[str]):
    """Paths relative to `docs_dir`, with `*`, `?` and `**`."""

    def __init__(self, default: list[str]) -> None:
        super().__init__(c.Type(str), default=default)

    def run_validation(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValidationError(f"takes a list of paths with wildcards (such as ['digests/**']), not {value!r}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["array", "string"], "items": {"type": "string"}}


class Switch(BaseConfigOption[bool]):
    """On or off."""

    def __init__(self, *, default: bool) -> None:
        super().__init__()
        self.default = default

    def run_validation(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"takes true or false, not {value!r}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class PaperDigestConfig(Config):  # type: ignore[no-untyped-call]
    """What stands under `plugins: - paperdigest:` in `mkdocs.yml`. Every option may be left out."""

    enabled = Switch(default=True)
    """Whether the plugin does anything at all."""

    include = Globs(["**"])
    """Which pages may be digests. A page among them is one if it holds papers."""

    exclude = Globs([])
    """Which pages are never digests; a page can say so itself with `paperdigest: false` in its front matter."""

    keypoint_index = Place("keypoints/index.md", suffix=".md")
    """The page that lists all keypoints."""

    keypoint_pages = Place("keypoints")
    """The folder of the pages with the papers of one keypoint."""

    papers_json = Place("papers.json", suffix=".json")
    """The file with all papers and keypoints as data."""

    home = Switch(default=True)
    """Whether docs without an `index.md` get a home page with the newest papers and the most used keypoints."""

    newest_first = Switch(default=True)
    """Whether an automatic navigation lists months newest first."""

    month_titles = Switch(default=True)
    """Whether a digest whose first heading is only its month or "Introduction" is called by its month (`2024-05`)."""
