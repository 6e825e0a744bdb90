"""The options of a site as far as they change what its papers say, read without MkDocs."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path
from typing import Any

import yaml
import yaml_env_tag

from ..reader import DEFAULT_LABELS, KEYPOINTS, LabelVocabulary
from ..records import FIGURES_FOLDER
from ..support import read_if_there
from .page_rules import PageRules
from .site_folder import SITE
from .sources import chosen_pages, decode

FILES = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml")
"""The names of the settings of a site, in the order in which they are looked for."""


KEYPOINTS_FILE = "keypoints.yml"
"""The usual file that says which keypoints there are, beside the settings."""

LOCK_FILE = "paperdigest.lock"
"""The file of former addresses, beside the settings."""

LEVELS = ("ignore", "info", "warn", "strict")
"""What may become of a keypoint that the file of keypoints does not know."""

ACRONYMS = ("propose", "merge")
"""What may become of an acronym that the text explains."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the plugin mkdocs-exclude takes away from a site.

    Source: https://github.com/apenwarr/mkdocs-exclude/blob/master/mkdocs_exclude/plugin.py.
    """

    globs: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()

    def __contains__(self, path: str) -> bool:
        return any(fnmatchcase(path, glob) for glob in self.globs) or any(
            re.match(regex, path) for regex in self.regexes
        )


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The options of a site that change what its papers say.

    `path` is the file that says so (None if there is none), `folder` the folder that it stands in, `docs` the folder of the pages
    as the settings have it, `site` that of the built site. `figures` is the folder of the copies of figures, a path in the docs
    (None if the site wants none). `keypoints` is the file of keypoints (None if the site wants none). `ignored` says what of the
    settings was ignored, and why.

    The fields from `site_name` on say what the site is and where its pages are: settings of MkDocs, and options of the plugin with None
    for what the site is not to have, paths normalised as a build does it. `rules` are what other plugins say of pages, without what stands
    in files beside them; `meta_files` are the names of these, and whether one is for its folder only, not for all paths that begin so.
    """

    labels: LabelVocabulary = DEFAULT_LABELS
    path: Path | None = None
    ignored: tuple[str, ...] = ()
    folder: Path = Path()
    docs: Path = Path("docs")
    include: tuple[str, ...] = ("**",)
    exclude: tuple[str, ...] = ()
    keypoints: Path | None = None
    unknown_keypoints: str = LEVELS[0]
    acronyms: str = ACRONYMS[0]
    site: Path = Path(SITE)
    papers_json: str = "papers.json"
    exclude_docs: str = ""
    left_out: LeftOut = LeftOut()
    repo_url: str | None = None
    links_are_checked: bool = True
    figures: str | None = FIGURES_FOLDER
    site_name: str = ""
    site_url: str | None = None
    use_directory_urls: bool = True
    draft_docs: str = ""
    keypoint_index: str | None = "keypoints/index.md"
    keypoint_pages: str | None = "keypoints"
    explorer: str | None = "papers/index.md"
    trends: str | None = "trends/index.md"
    months: str | None = "months/index.md"
    feeds: bool = True
    citations: bool = True
    home: bool = True
    month_titles: bool = True
    language: str = "en"
    words: Path | None = None
    site_description: str = ""
    rules: PageRules = PageRules()  # noqa: RUF009 - never changed
    meta_files: tuple[tuple[str, bool], ...] = ()

    @property
    def lock(self) -> Path:
        """The file of former addresses."""
        return self.folder / LOCK_FILE

    def pages(self, paths: Iterable[str]) -> list[str]:
        """Those of the Markdown files of the docs folder that the site has pages of, sorted."""
        return [path for path in chosen_pages(paths, self.exclude_docs) if path not in self.left_out]

    @property
    def built(self) -> SiteOptions:
        """The same without drafts, which `mkdocs serve` shows and `mkdocs build` leaves out."""
        return replace(self, exclude_docs=f"{self.exclude_docs}\n{self.draft_docs}") if self.draft_docs else self


class _Loader(yaml.SafeLoader):
    """Reads `!ENV` as MkDocs does, and over its other tags and those of Python, whose values are none of our options."""


_UNREADABLE = (OSError, ValueError, RecursionError, yaml.YAMLError)

_Loader.add_constructor("!ENV", yaml_env_tag.construct_env_tag)
_Loader.add_constructor(None, lambda *_: None)


def site_options(folder: Path) -> SiteOptions:
    """Read the options off the settings that stand in a folder.

    Raises nothing: what is not as it should be counts as not written, and `ignored` says so.
    """
    without = SiteOptions(folder=folder, docs=folder / "docs", site=folder / SITE, keypoints=folder / KEYPOINTS_FILE)
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if path is None:
        return without
    settings, fault = read_settings(path)
    if fault:
        ignored = (f"{path.name} was ignored: it cannot be read ({fault}).",)
        return replace(without, path=path, ignored=ignored)
    found = _Found(path.name, next(_own(settings), {}), [])
    labels = found.option("labels", {}, _spellings, "names of fields, each with its labels")
    fields = found.option("keypoint_fields", [KEYPOINTS], _words, "a list of names of fields")
    keypoints = found.option("keypoints_file", KEYPOINTS_FILE, _file, "a file or false")
    if keypoints and keypoints != KEYPOINTS_FILE and not (folder / keypoints).is_file():
        found.ignored.append(
            f"the option `keypoints_file` in {path.name} names {keypoints}, but there is no such file."
        )
    docs = found.option("docs_dir", None, _text, "a folder")
    general = settings if isinstance(settings, dict) else {}
    return SiteOptions(
        LabelVocabulary(labels, fields),
        path,
        folder=folder,
        docs=folder / (docs or _text(general.get("docs_dir")) or "docs"),
        include=tuple(found.option("include", ["**"], _words, "a list of paths")),
        exclude=tuple(
            found.option("exclude", [], lambda value: [] if value == [] else _words(value), "a list of paths")
        ),
        keypoints=folder / keypoints if keypoints else None,
        unknown_keypoints=found.option("unknown_keypoints", LEVELS[0], _one_of(LEVELS), f"one of {', '.join(LEVELS)}"),
        acronyms=found.option("acronyms", ACRONYMS[0], _one_of(ACRONYMS), f"one of {', '.join(ACRONYMS)}"),
        site=folder / (_text(general.get("site_dir")) or SITE),
        papers_json=_text(next(_own(settings), {}).get("papers_json")) or "papers.json",
        exclude_docs=_text(general.get("exclude_docs")) or "",
        left_out=_left_out(settings, path.name, found.ignored),
        repo_url=_text(general.get("repo_url")),
        links_are_checked=_links_are_checked(general.get("validation")),
        figures=found.option("figures_folder", FIGURES_FOLDER, _folder, "a folder inside the docs, or false") or None,
        site_name=_text(general.get("site_name")) or "",
        site_url=_text(general.get("site_url")),
        use_directory_urls=general.get("use_directory_urls") is not False and not _is_offline(settings),
        draft_docs=_text(general.get("draft_docs")) or "",
        keypoint_index=found.place("keypoint_index", "keypoints/index.md"),
        keypoint_pages=found.place("keypoint_pages", "keypoints"),
        explorer=found.place("explorer", "papers/index.md"),
        trends=found.place("trends", "trends/index.md"),
        months=found.place("months", "months/index.md"),
        feeds=found.is_on("feeds"),
        citations=found.is_on("citations"),
        home=found.is_on("home"),
        month_titles=found.is_on("month_titles"),
        language=_language(general.get("theme")),
        words=folder / words if (words := _text(found.options.get("words"))) else None,
        site_description=_text(general.get("site_description")) or "",
        rules=_rules(settings, folder),
        meta_files=tuple(_meta_files(settings)),
        ignored=tuple(found.ignored),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The options of the plugin as they are written, in a file of this name, and what of them was ignored."""

    name: str
    options: dict[str, Any]
    ignored: list[str]

    def option(self, name: str, default: Any, read: Callable[[Any], Any], takes: str) -> Any:
        """The value of an option as `read` gives it, the default where it is not written, or where `read` gives None."""
        value = self.options.get(name)
        if value is None:
            return default
        found = read(value)
        if found is None:
            self.ignored.append(f"the option `{name}` in {self.name} was ignored: it takes {takes}.")
            return default
        return found

    def is_on(self, name: str) -> bool:
        """Whether something that a site has by default is wanted."""
        return self.option(name, True, _switch, "true or false") is True  # noqa: FBT003

    def place(self, name: str, usual: str) -> str | None:
        """Where something that the plugin makes goes in the site; None for nowhere, as with the options of a build."""
        value = self.options.get(name, usual)
        if value is None or isinstance(value, bool):
            return usual if value else None
        return posixpath.normpath(value) if isinstance(value, str) and value.strip() else usual


def read_settings(path: Path) -> tuple[object, str | None]:
    """What a YAML file says, whatever tags it has, merged with what it inherits as MkDocs merges them. Raises nothing.

    If it cannot be read, also what is wrong with it.
    """
    read, fault = _with_bases(path)
    return (None, fault) if fault else (reduce(_merged, reversed(read.values())), None)


def inherited(data: bytes) -> str | None:
    """The path of the file that settings inherit, relative to them, as they write it; None if they inherit none. Raises nothing."""
    try:
        settings = _load(data) if b"INHERIT" in data else None
    except _UNREADABLE:
        return None
    base = settings.get("INHERIT") if isinstance(settings, dict) else None
    return None if base is None else str(base)


def bases(path: Path) -> list[Path]:
    """The files that settings inherit, nearest first, as far as they can be read. Raises nothing."""
    return list(_with_bases(path)[0])[1:] if "INHERIT" in read_if_there(path) else []


def _with_bases(path: Path) -> tuple[dict[Path, object], str | None]:
    """Settings and those that they inherit, nearest first, and what is wrong with the first one that cannot be read."""
    read: dict[Path, object] = {}
    file = Path(os.path.normpath(path))
    while file not in read:
        try:
            settings = _load(file.read_bytes())
        except _UNREADABLE as error:
            why = getattr(error, "problem", None) or getattr(error, "strerror", None) or type(error).__name__
            why = "it is nested too deeply" if isinstance(error, RecursionError) else why
            return read, f"INHERIT names {file}: {why}" if read else str(why)
        read[file] = settings
        base = settings.pop("INHERIT", None) if isinstance(settings, dict) else None
        if base is None:
            return read, None
        file = Path(os.path.normpath(file.parent / str(base)))
    return read, f"INHERIT leads back to {file}"


def _load(data: bytes) -> object:
    return yaml.load(decode(data)[0], _Loader)  # noqa: S506 - a safe loader


def _merged(base: object, own: object) -> object:
    """Mappings are merged key by key, everything else is replaced."""
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    return base | {key: _merged(base.get(key), value) for key, value in own.items()}


def _own(settings: object) -> Iterator[dict[str, Any]]:
    """The options of the plugin."""
    return (options for name, options in _plugins(settings) if name == "paperdigest" and isinstance(options, dict))


def _is_offline(settings: object) -> bool:
    """Whether the plugin `offline` of Material for MkDocs is on, which builds without directory URLs."""
    for name, options in _plugins(settings):
        if name in ("offline", "material/offline"):
            return options.get("enabled", True) is True if isinstance(options, dict) else True
    return False


def _left_out(settings: object, name: str, ignored: list[str]) -> LeftOut:
    globs: list[str] = []
    regexes: list[str] = []
    for plugin, options in _plugins(settings):
        if plugin == "exclude" and isinstance(options, dict) and options.get("enabled") is not False:
            globs += _words(options.get("glob")) or ()
            for regex in _words(options.get("regex")) or ():
                try:
                    regexes.append(re.compile(regex).pattern)
                except re.error as error:
                    ignored.append(f"`{regex}` of the plugin `exclude` in {name} was ignored: {error}.")
    return LeftOut(tuple(globs), tuple(regexes))


def _plugins(settings: object) -> Iterator[tuple[object, object]]:
    """The plugins of a site, each with its options, whether `plugins` is a list or a mapping."""
    plugins = settings.get("plugins") if isinstance(settings, dict) else None
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        yield from entry.items() if isinstance(entry, dict) else [(entry, None)]


def _on(settings: object, *names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plugins of these names that are on, whichever theme they come with, each with its options."""
    for written, options in _plugins(settings):
        name, own = str(written).rpartition("/")[2], options if isinstance(options, dict) else {}
        if name in names and own.get("enabled") is not False:
            yield name, own


def _meta_files(settings: object) -> Iterator[tuple[str, bool]]:
    for name, options in _on(settings, "meta", "meta-manager"):
        is_exact = name == "meta-manager"
        yield _text(options.get("meta_filename" if is_exact else "meta_file")) or ".meta.yml", is_exact


def _rules(settings: object, folder: Path) -> PageRules:
    """How other plugins hide pages; a password that only the environment says is one."""
    encrypts = [options for _, options in _on(settings, "encryptcontent")]
    roles = [options.get("allowed_roles") or ["public"] for _, options in _on(settings, "role-filter")]
    return PageRules(
        encrypts=bool(encrypts),
        password=any("global_password" in options and options["global_password"] != "" for options in encrypts),
        level=_has_global_level(encrypts[0], folder) if encrypts else False,
        roles=[role for own in roles if isinstance(own, list) for role in own] if roles else None,
    )


def _has_global_level(options: dict[str, Any], folder: Path) -> bool | None:
    """Whether encryptcontent has a level that is that of all pages; None if the file that says so cannot be read."""
    file = _text(options.get("password_file"))
    levels, fault = read_settings(folder / file) if file else (options.get("password_inventory"), None)
    return None if fault else isinstance(levels, dict) and "_global" in levels


def _spellings(value: object) -> dict[str, list[str]] | None:
    if not isinstance(value, dict):
        return None
    found = {name: words for name, own in value.items() if (words := _words(own)) and _words(name)}
    return found if len(found) == len(value) else None


def _words(value: object) -> list[str] | None:
    words = [value] if isinstance(value, str) else value
    if isinstance(words, list) and words and all(isinstance(word, str) and word.strip() for word in words):
        return words
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _file(value: object) -> str | bool | None:
    if isinstance(value, bool):
        return KEYPOINTS_FILE if value else False
    return _text(value)


def _folder(value: object) -> str | bool | None:
    if isinstance(value, bool):
        return FIGURES_FOLDER if value else False
    path = posixpath.normpath(value) if isinstance(value, str) and value.strip() else ".."
    return None if path.split("/")[0] in (".", "..", "") or "\\" in path or ":" in path else path


def _switch(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _language(theme: object) -> str:
    """The tag of the language of a theme: Material's `language`, or the `locale` of MkDocs' own themes."""
    theme = theme if isinstance(theme, dict) else {}
    return _text(theme.get("language")) or _text(theme.get("locale")) or "en"


def _links_are_checked(validation: object) -> bool:
    """Whether MkDocs is to speak of links that lead nowhere."""
    validation = validation if isinstance(validation, dict) else {}
    links = validation.get("links")
    return "ignore" not in (validation.get("not_found"), links.get("not_found") if isinstance(links, dict) else None)


def _one_of(words: Sequence[str]) -> Callable[[Any], str | None]:
    return lambda value: value if value in words else None
