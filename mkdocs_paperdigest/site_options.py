"""The options of a site as far as they change what its papers say, read without MkDocs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .reader.vocabulary import DEFAULT, KEYPOINTS, Vocabulary
from .sources import decode

FILES = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml")
"""The names of the settings of a site, in the order in which they are looked for."""


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The labels that a site knows, the file that says so (None if there is none), and what of it was ignored, and why."""

    vocabulary: Vocabulary = DEFAULT
    path: Path | None = None
    ignored: tuple[str, ...] = ()


class _Loader(yaml.SafeLoader):
    """Reads over the tags of MkDocs and of Python, whose values are none of our options."""


_Loader.add_constructor(None, lambda *_: None)


def site_options(folder: Path) -> SiteOptions:
    """Read `labels` and `keypoint_fields` off the settings that stand in a folder.

    Raises nothing: what is not as it should be counts as not written, and `ignored` says so.
    """
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if path is None:
        return SiteOptions()
    settings, fault = read_settings(path)
    if fault:
        return SiteOptions(DEFAULT, path, (f"{path.name} was ignored: it cannot be read ({fault}).",))
    options = next(_own(settings), {})
    labels, fields = options.get("labels"), options.get("keypoint_fields")
    ignored = []
    spellings = _spellings(labels)
    if spellings is None:
        ignored.append(
            f"the option `labels` in {path.name} was ignored: it takes names of fields, each with its labels."
        )
    names = _words(fields) if fields is not None else [KEYPOINTS]
    if names is None:
        ignored.append(f"the option `keypoint_fields` in {path.name} was ignored: it takes a list of names of fields.")
    return SiteOptions(Vocabulary(spellings, names or [KEYPOINTS]), path, tuple(ignored))


def read_settings(path: Path) -> tuple[object, str | None]:
    """What a YAML file says, whatever tags it has, and what is wrong with it, if it cannot be read. Raises nothing."""
    try:
        return yaml.load(decode(path.read_bytes())[0], _Loader), None  # noqa: S506 - a safe loader
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        return None, str(getattr(error, "problem", None) or getattr(error, "strerror", None) or type(error).__name__)


def _own(settings: object) -> Iterator[dict[str, Any]]:
    """The options of the plugin, whether `plugins` is a list or a mapping."""
    plugins = settings.get("plugins") if isinstance(settings, dict) else None
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        if isinstance(entry, dict) and isinstance(options := entry.get("paperdigest"), dict):
            yield options


def _spellings(value: object) -> dict[str, list[str]] | None:
    if value is None:
        return {}
    if not isinstance(value, dict):
        return None
    found = {name: words for name, own in value.items() if (words := _words(own)) and _words(name)}
    return found if len(found) == len(value) else None


def _words(value: object) -> list[str] | None:
    words = [value] if isinstance(value, str) else value
    if isinstance(words, list) and words and all(isinstance(word, str) and word.strip() for word in words):
        return words
    return None
