"""The options of the plugin, each documented where it stands."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from mkdocs.config import config_options as c
from mkdocs.config.base import BaseConfigOption, Config, ValidationError

from ..collection import ACRONYMS, LEVELS
from ..records import FIGURES_FOLDER
from ..support import CACHE_FOLDER

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


class Names(c.ListOfItems[str]):
    """Names of fields."""

    def __init__(self, default: list[str]) -> None:
        super().__init__(c.Type(str), default=default)

    def run_validation(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise ValidationError(
                f"takes a list of names of fields (such as ['keypoints', 'category']), not {value!r}."
            )
        return value

    def schema(self) -> dict[str, Any]:
        name = {"type": "string", "pattern": r"\S"}
        return {"type": ["array", "string"], "items": name, "pattern": name["pattern"]}


class Spellings(BaseConfigOption[dict[str, list[str]]]):
    """Names of fields, and the labels that mean each."""

    def __init__(self) -> None:
        super().__init__()
        self.default = {}

    def run_validation(self, value: object) -> dict[str, list[str]]:
        found = {name: [own] if isinstance(own, str) else own for name, own in (_items(value) or {None: None}).items()}
        if value in (None, {}):
            return {}
        if not all(
            isinstance(name, str) and name.strip() and isinstance(own, list) and own and all(map(_is_word, own))
            for name, own in found.items()
        ):
            raise ValidationError(
                "takes the names of fields, each with the labels that mean it (such as {'keypoints': ['Themes']}), "
                f"not {value!r}."
            )
        return found

    def schema(self) -> dict[str, Any]:
        label = {"type": "string", "pattern": r"\S"}
        labels = {"type": ["array", "string"], "items": label, "minItems": 1, "pattern": r"\S"}
        return {"type": ["object", "null"], "propertyNames": {"pattern": r"\S"}, "additionalProperties": labels}


class Folder(BaseConfigOption[str | None]):
    """A folder, relative to `mkdocs.yml`."""

    def run_validation(self, value: object) -> str | None:
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise ValidationError(f"takes a folder relative to mkdocs.yml (such as '.'), not {value!r}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": r"\S"}


class SettingsFile(BaseConfigOption[str | None]):
    """A file beside `mkdocs.yml`, or another `kind` of place: a path relative to it, or `false` for none."""

    def __init__(self, usual: str, *, kind: str = "file") -> None:
        super().__init__()
        self.usual = usual
        self.kind = kind
        self.default = usual

    def run_validation(self, value: object) -> str | None:
        if value is True:
            return self.usual
        if value is False or value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise ValidationError(
                f"takes a {self.kind} relative to mkdocs.yml (such as {self.usual!r}) or false, not {value!r}."
            )
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "boolean", "null"], "pattern": r"\S"}


class OneOf(BaseConfigOption[str]):
    """One of a few words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words
        self.default = words[0]

    def run_validation(self, value: object) -> str:
        if value not in self.words:
            raise ValidationError(f"takes one of {', '.join(self.words)}, not {value!r}.")
        return str(value)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


def _items(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


class PaperDigestConfig(Config):  # type: ignore[no-untyped-call]
    """What stands under `plugins: - paperdigest:` in `mkdocs.yml`. Every option may be left out."""

    enabled = Switch(default=True)
    """Whether the plugin does anything at all."""

    include = Globs(["**"])
    """Which pages may be digests. A page among them is one if it holds papers."""

    exclude = Globs([])
    """Which pages are never digests; a page can say so itself with `paperdigest: false` in its front matter."""

    docs_dir = Folder()
    """The folder of the pages where MkDocs refuses it as its own `docs_dir`: `.` is the folder of `mkdocs.yml` itself. Only Markdown
    and what pages show (pictures, films, styles, scripts) is taken from it, unless `exclude_docs` of `mkdocs.yml` says so."""

    labels = Spellings()
    """Labels that mean a field, beside those that are known: the name of the field, and the labels. A name that is not known makes a new
    field."""

    keypoint_fields = Names(["keypoints"])
    """The fields whose values are keypoints: `keypoints` are all labels for keywords; `category` is what a paper is filed under, such as
    the categories of arXiv."""

    keypoints_file = SettingsFile("keypoints.yml")
    """The file that says which keypoints there are: their labels, aliases, descriptions, parents and colours. It need not be there."""

    unknown_keypoints = OneOf(LEVELS)
    """What a keypoint is that `keypoints_file` does not know: nothing to speak of (`ignore`), a finding of severity INFO (`info`) or
    WARNING (`warn`), or the end of the build (`strict`)."""

    acronyms = OneOf(ACRONYMS)
    """What is done with an acronym that the text itself explains: `propose` leaves it to `paperdigest keypoints similar`, `merge` takes
    it for what it stands for."""

    keep_tables = Switch(default=False)
    """Whether papers that are rows of a table stay a table, with badges in its cells, instead of becoming a card each."""

    keypoint_index = Place("keypoints/index.md", suffix=".md")
    """The page that lists all keypoints."""

    keypoint_pages = Place("keypoints")
    """The folder of the pages with the papers of one keypoint."""

    explorer = Place("papers/index.md", suffix=".md")
    """The page where readers look for papers by keypoints, category, months and words. Where the site has a page of its own there, that
    page stays."""

    trends = Place("trends/index.md", suffix=".md")
    """The page that shows how the keypoints come and go over the months."""

    months = Place("months/index.md", suffix=".md")
    """The page that lists the months, newest first."""

    papers_json = Place("papers.json", suffix=".json")
    """The file with all papers and keypoints as data."""

    feeds = Switch(default=True)
    """Whether the site, its keypoints and its categories have feeds."""

    citations = Switch(default=True)
    """Whether papers can be cited: on their pages, and by files for BibTeX and CSL of the site and of each keypoint."""

    search = OneOf(("full", "slim"))
    """What the site's search finds a paper by: its whole text (`full`), or its title and keypoints (`slim`), for sites whose index would
    outgrow a browser."""

    words = Folder()
    """A folder of files with the words of the interface, `fr.yml` for a site in French, relative to `mkdocs.yml`."""

    home = Switch(default=True)
    """Whether docs without an `index.md` get a home page with the newest papers and the most used keypoints."""

    newest_first = Switch(default=True)
    """Whether an automatic navigation lists months newest first."""

    month_titles = Switch(default=True)
    """Whether a digest whose first heading is only its month or "Introduction" is called by its month (`2024-05`)."""

    figures_folder = Place(FIGURES_FOLDER)
    """The folder in the docs that `paperdigest figures vendor` fetches remote figures into, and that they are shown from."""

    cache = SettingsFile(CACHE_FOLDER, kind="folder")
    """The folder that keeps what was read, so that the next build reads only what changed. It may be deleted at any time."""
