"""The settings of a site, read without MkDocs: options of the plugin, and what MkDocs and other plugins do to pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path
from typing import Any

import yaml
import yaml_env_tag

from ..support import read_if_there
from .options import KEYPOINTS_FILE, KINDS, OptionError, Options
from .page_text import PageRules, decode
from .site_files import SITE, PageAddresses, chosen_pages

FILES = ("mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml")
"""The names of the settings of a site, in the order in which they are looked for."""

LOCK_FILE = "paperdigest.lock"
"""The file of former addresses, beside the settings."""

_TEXTS = ("site_name", "site_url", "site_description", "repo_url", "exclude_docs", "draft_docs")
"""Settings of MkDocs that are taken as they are written."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What mkdocs-exclude leaves out. Source: https://github.com/apenwarr/mkdocs-exclude/blob/master/mkdocs_exclude/plugin.py."""

    globs: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()

    def __contains__(self, path: str) -> bool:
        return any(fnmatchcase(path, glob) for glob in self.globs) or any(
            re.match(regex, path) for regex in self.regexes
        )


@dataclass(frozen=True)
class SiteOptions(Options):
    """The options of a site, and what its settings tell of its pages, read without MkDocs.

    `path` is the file of the settings, `folder` its folder; `ignored` are sentences about what was ignored in it. `meta_files` are the
    names of files with front matter for pages, and whether one is for its folder only, not for all paths that begin so.
    """

    path: Path | None = None
    ignored: tuple[str, ...] = ()
    folder: Path = Path()
    docs: Path = Path("docs")
    site: Path = Path(SITE)
    exclude_docs: str = ""
    draft_docs: str = ""
    left_out: LeftOut = LeftOut()
    repo_url: str | None = None
    links_are_checked: bool = True
    site_name: str = ""
    site_url: str | None = None
    site_description: str = ""
    use_directory_urls: bool = True
    language: str = "en"
    rules: PageRules = PageRules()  # noqa: RUF009 - never changed
    meta_files: tuple[tuple[str, bool], ...] = ()

    @property
    def lock(self) -> Path:
        return self.folder / LOCK_FILE

    @property
    def keypoints(self) -> Path | None:
        return self.folder / self.keypoints_file if self.keypoints_file else None

    @property
    def built_papers(self) -> Path:
        return self.site / (self.papers_json or KINDS["papers_json"].default)

    @property
    def words_folder(self) -> Path | None:
        return self.folder / self.words if self.words else None

    @property
    def addresses(self) -> PageAddresses:
        return PageAddresses(self.use_directory_urls, self.keypoint_pages)

    def pages(self, paths: Iterable[str]) -> list[str]:
        return [path for path in chosen_pages(paths, self.exclude_docs) if path not in self.left_out]

    @property
    def built(self) -> SiteOptions:
        """The options without drafts, which only `mkdocs serve` shows."""
        return replace(self, exclude_docs=f"{self.exclude_docs}\n{self.draft_docs}") if self.draft_docs else self


class _Loader(yaml.SafeLoader):
    """Reads `!ENV` as MkDocs does, and over its other tags and those of Python, whose values are none of our options."""


_UNREADABLE = (OSError, ValueError, RecursionError, yaml.YAMLError)

_Loader.add_constructor("!ENV", yaml_env_tag.construct_env_tag)
_Loader.add_constructor(None, lambda *_: None)


def site_options(folder: Path) -> SiteOptions:
    """Read the options of a folder's settings; what is not valid is left out and told in `ignored`. Raises nothing."""
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    without = SiteOptions(path=path, folder=folder, docs=folder / "docs", site=folder / SITE)
    if path is None:
        return without
    settings, fault = read_settings(path)
    if fault:
        return replace(without, ignored=(f"{path.name} was ignored: it cannot be read ({fault}).",))
    ignored: list[str] = []
    options = _plugin_options(settings, path.name, ignored)
    keypoints = options.get("keypoints_file")
    if keypoints and keypoints != KEYPOINTS_FILE and not (folder / keypoints).is_file():
        ignored.append(f"the option `keypoints_file` in {path.name} names {keypoints}, but there is no such file.")
    written: dict[str, Any] = {name: value for name in _TEXTS if (value := _text(settings.get(name)))}
    theme, validation = _mapping(settings.get("theme")), _mapping(settings.get("validation"))
    links = _mapping(validation.get("links"))
    return SiteOptions(
        **options,
        **written,
        path=path,
        folder=folder,
        docs=folder / (options.get("docs_dir") or _text(settings.get("docs_dir")) or "docs"),
        site=folder / (_text(settings.get("site_dir")) or SITE),
        left_out=_left_out(settings, path.name, ignored),
        links_are_checked="ignore" not in (validation.get("not_found"), links.get("not_found")),
        # The plugin `offline` of Material for MkDocs builds without directory URLs.
        use_directory_urls=settings.get("use_directory_urls") is not False and not any(_on(settings, "offline")),
        # Of Material, and of MkDocs' own themes.
        language=_text(theme.get("language")) or _text(theme.get("locale")) or "en",
        rules=_rules(settings, folder),
        meta_files=tuple(_meta_files(settings)),
        ignored=tuple(ignored),
    )


def _plugin_options(settings: dict[str, Any], file: str, ignored: list[str]) -> dict[str, Any]:
    written = next((own for name, own in _plugins(settings) if name == "paperdigest" and own), {})
    found = {}
    for name, kind in KINDS.items():
        try:
            if name in written:
                found[name] = kind.read(written[name])
        except OptionError:
            ignored.append(f"the option `{name}` in {file} was ignored: it takes {kind.ignored}.")
    return found


def read_settings(path: Path) -> tuple[dict[Any, Any], str | None]:
    """Read a YAML file, whatever its tags, merged with what it inherits; or what is wrong with it. Raises nothing."""
    read, fault = _with_bases(path)
    return ({}, fault) if fault else (_mapping(reduce(_merged, reversed(read.values()))), None)


def inherited(data: bytes) -> str | None:
    """The path of the file that settings inherit, relative to them, as they write it; None if they inherit none. Raises nothing."""
    try:
        base = _mapping(_load(data)).get("INHERIT") if b"INHERIT" in data else None
    except _UNREADABLE:
        return None
    return None if base is None else str(base)


def bases(path: Path) -> list[Path]:
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
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    return base | {key: _merged(base.get(key), value) for key, value in own.items()}


def _left_out(settings: dict[str, Any], name: str, ignored: list[str]) -> LeftOut:
    globs: list[str] = []
    regexes: list[str] = []
    for _, options in _on(settings, "exclude"):
        globs += _words(options.get("glob"))
        for regex in _words(options.get("regex")):
            try:
                regexes.append(re.compile(regex).pattern)
            except re.error as error:
                ignored.append(f"`{regex}` of the plugin `exclude` in {name} was ignored: {error}.")
    return LeftOut(tuple(globs), tuple(regexes))


def _plugins(settings: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plugins that settings name, without the prefix of a theme's own, and the options that each is given."""
    plugins = settings.get("plugins")
    for entry in plugins if isinstance(plugins, list) else [plugins]:
        for name, options in entry.items() if isinstance(entry, dict) else [(entry, None)]:
            yield str(name).rpartition("/")[2], _mapping(options)


def _on(settings: dict[str, Any], *names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, own) for name, own in _plugins(settings) if name in names and own.get("enabled") is not False)


def _meta_files(settings: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for name, options in _on(settings, "meta", "meta-manager"):
        is_exact = name == "meta-manager"
        yield _text(options.get("meta_filename" if is_exact else "meta_file")) or ".meta.yml", is_exact


def _rules(settings: dict[str, Any], folder: Path) -> PageRules:
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
    levels, fault = read_settings(folder / file) if file else (_mapping(options.get("password_inventory")), None)
    return None if fault else "_global" in levels


def _mapping(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> list[str]:
    words = [value] if isinstance(value, str) else value
    return words if isinstance(words, list) and all(map(_text, words)) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
