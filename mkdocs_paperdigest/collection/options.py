"""The options of the plugin: a row for each, with its kind, its default and its description.

The check of `mkdocs.yml` in a build, the JSON Schema for editors and what commands read come from this table.
"""

# ruff: noqa: RUF009 - `option` returns what `dataclasses.field` does

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from types import NoneType
from typing import Any, Generic, TypeVar

from ..reader import KEYPOINTS, LabelVocabulary
from ..records import FIGURES_FOLDER
from ..support import CACHE_FOLDER

KEYPOINTS_FILE = "keypoints.yml"
"""The usual file of keypoints, beside the settings."""

_NAME = {"type": "string", "pattern": r"\S"}
_FORBIDDEN = r'\\:*?"<>|#%'

T = TypeVar("T")


class OptionError(ValueError):
    """An option has a value that it does not take."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What an option takes: a JSON Schema of what is written, and its conversion.

    `takes` names what is accepted for the error of a build, `ignored` in short for the warning of a command.
    """

    default: T
    value: Callable[[Any], T]
    schema: Mapping[str, Any]
    takes: str
    ignored: str

    def read(self, written: object) -> T:
        if not _fits(written, self.schema):
            raise OptionError(f"takes {self.takes}, not {written!r}.")
        return self.value(written)


def place(usual: str, suffix: str = "", ignored: str = "") -> Kind[str | None]:
    """A path inside the site: `true` for the usual one, `false` for none."""
    # Read by editors, too: `$` of Python also fits before a last newline.
    end = re.escape(suffix) + r"(?![\s\S])"
    pattern = (
        rf"^(?!\s*{end})(?!(?:[\s\S]*/)?\.\.(?:/|{end}))(?:\./+)*"
        rf"(?!\.\.|\.(?:/|{end}))[^/{_FORBIDDEN}][^{_FORBIDDEN}]*{end}"
    )
    kind = f"a path that ends in {suffix}" if suffix else "a folder"
    takes = f"{kind} inside the site (such as {usual!r}), true or false"
    ignored = ignored or f"{kind} inside the site, true or false"
    return _path(usual, takes, ignored, pattern, posixpath.normpath, patternErrorMessage=f"takes {takes}.")


def settings_file(usual: str, kind: str = "file") -> Kind[str | None]:
    """A path relative to `mkdocs.yml`: `true` for the usual one, `false` for none."""
    return _path(usual, f"a {kind} relative to mkdocs.yml (such as {usual!r}) or false", f"a {kind} or false")


def folder() -> Kind[str | None]:
    return _path(None, "a folder relative to mkdocs.yml (such as '.')", "a folder")


def _path(
    usual: str | None,
    takes: str,
    ignored: str,
    pattern: str = r"\S",
    read: Callable[[str], str] = str,
    **schema: str,
) -> Kind[str | None]:
    """A path of a pattern, or nothing; where there is a usual one, `true` means it and `false` nothing."""
    types = ["string", "null"] if usual is None else ["string", "boolean", "null"]
    return Kind(
        usual,
        lambda value: read(value) if isinstance(value, str) else usual if value else None,
        {"type": types, "pattern": pattern, **schema},
        takes,
        ignored,
    )


def globs(*usual: str) -> Kind[list[str]]:
    return Kind(
        [*usual],
        _listed,
        {"type": ["array", "string"], "items": {"type": "string"}},
        "a list of paths with wildcards (such as ['digests/**'])",
        "a list of paths",
    )


def field_names(*usual: str) -> Kind[list[str]]:
    return Kind(
        [*usual],
        _listed,
        {"type": ["array", "string"], "items": _NAME, "pattern": r"\S"},
        "a list of names of fields (such as ['keypoints', 'category'])",
        "a list of names of fields",
    )


def field_labels() -> Kind[dict[str, list[str]]]:
    own = {"type": ["array", "string"], "items": _NAME, "minItems": 1, "pattern": r"\S"}
    return Kind(
        {},
        lambda value: {name: _listed(own) for name, own in (value or {}).items()},
        {"type": ["object", "null"], "propertyNames": {"pattern": r"\S"}, "additionalProperties": own},
        "the names of fields, each with the labels that mean it (such as {'keypoints': ['Themes']})",
        "names of fields, each with its labels",
    )


def switch(*, default: bool) -> Kind[bool]:
    takes = "true or false"
    return Kind(default, bool, {"type": "boolean"}, takes, takes)


def one_of(*words: str) -> Kind[str]:
    """One of a few words, by default the first."""
    takes = f"one of {', '.join(words)}"
    return Kind(words[0], str, {"enum": list(words)}, takes, takes)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


_CLASSES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": NoneType}


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether a JSON Schema accepts a value, by the keywords that those of options have."""
    if "enum" in schema:
        return value in schema["enum"]
    types = schema.get("type", "string")
    if not any(isinstance(value, _CLASSES[name]) for name in ([types] if isinstance(types, str) else types)):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(_fits(item, schema["items"]) for item in value)
    if isinstance(value, dict):
        names, values = schema["propertyNames"], schema["additionalProperties"]
        return all(_fits(name, names) and _fits(own, values) for name, own in value.items())
    return True


def option(kind: Kind[T]) -> T:
    """A row of the table; its description is the docstring below it."""
    row: T = field(default_factory=partial(copy, kind.default), metadata={"kind": kind})
    return row


@dataclass(frozen=True)
class Options:
    """What stands under `plugins: - paperdigest:` in `mkdocs.yml`. Every option may be left out."""

    enabled: bool = option(switch(default=True))
    """Whether the plugin does anything at all."""

    include: list[str] = option(globs("**"))
    """Which pages may be digests. A page among them is one if it holds papers."""

    exclude: list[str] = option(globs())
    """Which pages are never digests; a page can say so itself with `paperdigest: false` in its front matter."""

    docs_dir: str | None = option(folder())
    """The folder of the pages where MkDocs refuses it as its own `docs_dir`: `.` is the folder of `mkdocs.yml` itself. Only Markdown
    and what pages show (pictures, films, styles, scripts) is taken from it, unless `exclude_docs` of `mkdocs.yml` says so."""

    labels: dict[str, list[str]] = option(field_labels())
    """Labels that mean a field, beside those that are known: the name of the field, and the labels. A name that is not known makes a new
    field."""

    keypoint_fields: list[str] = option(field_names(KEYPOINTS))
    """The fields whose values are keypoints: `keypoints` are all labels for keywords; `category` is what a paper is filed under, such as
    the categories of arXiv."""

    keypoints_file: str | None = option(settings_file(KEYPOINTS_FILE))
    """The file that says which keypoints there are: their labels, aliases, descriptions, parents and colours. It need not be there."""

    unknown_keypoints: str = option(one_of("ignore", "info", "warn", "strict"))
    """What a keypoint is that `keypoints_file` does not know: nothing to speak of (`ignore`), a finding of severity INFO (`info`) or
    WARNING (`warn`), or the end of the build (`strict`)."""

    acronyms: str = option(one_of("propose", "merge"))
    """What is done with an acronym that the text itself explains: `propose` leaves it to `paperdigest keypoints similar`, `merge` takes
    it for what it stands for."""

    keep_tables: bool = option(switch(default=False))
    """Whether papers that are rows of a table stay a table, with badges in its cells, instead of becoming a card each."""

    keypoint_index: str | None = option(place("keypoints/index.md", suffix=".md"))
    """The page that lists all keypoints."""

    keypoint_pages: str | None = option(place("keypoints"))
    """The folder of the pages with the papers of one keypoint."""

    explorer: str | None = option(place("papers/index.md", suffix=".md"))
    """The page where readers look for papers by keypoints, category, months and words. Where the site has a page of its own there, that
    page stays."""

    trends: str | None = option(place("trends/index.md", suffix=".md"))
    """The page that shows how the keypoints come and go over the months."""

    months: str | None = option(place("months/index.md", suffix=".md"))
    """The page that lists the months, newest first."""

    papers_json: str | None = option(place("papers.json", suffix=".json"))
    """The file with all papers and keypoints as data."""

    feeds: bool = option(switch(default=True))
    """Whether the site, its keypoints and its categories have feeds."""

    citations: bool = option(switch(default=True))
    """Whether papers can be cited: on their pages, and by files for BibTeX and CSL of the site and of each keypoint."""

    search: str = option(one_of("full", "slim"))
    """What the site's search finds a paper by: its whole text (`full`), or its title and keypoints (`slim`), for sites whose index would
    outgrow a browser."""

    words: str | None = option(folder())
    """A folder of files with the words of the interface, `fr.yml` for a site in French, relative to `mkdocs.yml`."""

    home: bool = option(switch(default=True))
    """Whether docs without an `index.md` get a home page with the newest papers and the most used keypoints."""

    newest_first: bool = option(switch(default=True))
    """Whether an automatic navigation lists months newest first."""

    month_titles: bool = option(switch(default=True))
    """Whether a digest whose first heading is only its month or "Introduction" is called by its month (`2024-05`)."""

    figures_folder: str | None = option(place(FIGURES_FOLDER, ignored="a folder inside the docs, or false"))
    """The folder in the docs that `paperdigest figures vendor` fetches remote figures into, and that they are shown from."""

    cache: str | None = option(settings_file(CACHE_FOLDER, kind="folder"))
    """The folder that keeps what was read, so that the next build reads only what changed. It may be deleted at any time."""

    @cached_property
    def label_vocabulary(self) -> LabelVocabulary:
        return LabelVocabulary(self.labels, self.keypoint_fields)


KINDS: Mapping[str, Kind[Any]] = {row.name: row.metadata["kind"] for row in fields(Options)}
"""What each option takes, by its name, in the order of the table."""
