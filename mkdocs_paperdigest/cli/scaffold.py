"""The first settings of a site for a repository of digests that is there already, and the workflow that publishes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from ..collection import SITE, free_site, markdown_files, read_settings
from ..reader import KEYPOINTS, LabelVocabulary
from ..support import Checkout, checkout_around
from .survey import Survey

BY_CATEGORY = LabelVocabulary(keypoint_fields=(KEYPOINTS, "category"))
"""What gives keypoints where no label for keywords is."""

SETTINGS = "mkdocs.yml"
WORKFLOW = ".github/workflows/pages.yml"

_GUIDE = "https://mkdocs-paperdigest.github.io/mkdocs-paperdigest/guide"
_SCHEMA = (
    "https://raw.githubusercontent.com/mkdocs-paperdigest/mkdocs-paperdigest/main/"
    "mkdocs_paperdigest/schemas/mkdocs.schema.json"
)


def _text(name: str) -> str:
    return (files(__package__) / "scaffold_files" / f"{name}.yml").read_text(encoding="utf-8")


PAGES = _text("workflow")
"""The workflow of the guide."""


@dataclass(frozen=True, slots=True)
class Start:
    """The files to write, by paths relative to the folder; `is_top`: GitHub reads the workflow there; `site`: where the site is built."""

    settings: str
    workflow: str
    is_top: bool
    site: str = SITE

    @property
    def files(self) -> dict[str, str]:
        """The workflow goes first: the settings name its folder."""
        return {WORKFLOW: self.workflow, SETTINGS: self.settings}

    def ignored(self, before: str) -> str:
        """The text of `.gitignore` with the folder of the site, unless that is the usual one."""
        line = f"/{self.site}/"
        if self.site == SITE or line in before.splitlines():
            return before
        end = "\r\n" if "\r\n" in before else "\n"
        return f"{before}{end if before and not before.endswith(end) else ''}{line}{end}"


def prepare(folder: Path, found: Survey, *, by_category: bool, material: bool | None = None) -> Start:
    """Make the settings and the workflow; `material`: whether the site has that theme, by default if it is installed."""
    checkout = checkout_around(folder)
    material = find_spec("material") is not None if material is None else material
    has_home = any((folder / "docs" / name).is_file() for name in ("index.md", "README.md"))
    in_docs = has_home and all(path.startswith("docs/") for path in found.digests)
    site = free_site(folder)
    blocks = (
        _head(folder, checkout, site, in_docs=in_docs),
        *(() if in_docs else _left_out(folder, found)),
        _text("material") if material else _text("mkdocs_theme"),
        _plugins(in_docs=in_docs, by_category=by_category),
        *(_math(found) if material else ()),
        _text("validation"),
    )
    workflow = _workflow(checkout, site, material=material, bots=tuple(_bots(folder)))
    return Start("\n".join(blocks), workflow, checkout is None or checkout.top == folder.resolve(), site)


def leave_out(folder: Path, found: Survey) -> Iterator[tuple[str, str]]:
    """Home pages to leave out, and why: MkDocs takes one of README and `index.md`, and an `index.md` that repeats a digest goes."""
    paths = set(markdown_files(folder))
    repeats = dict(found.repeats)
    for readme in sorted(path for path in paths if path.rpartition("/")[2] == "README.md"):
        index = readme.removesuffix("README.md") + "index.md"
        if index in paths:
            yield (
                (index, f"it repeats {repeats[index]}") if index in repeats else (readme, f"{index} is the page there")
            )


def _head(folder: Path, checkout: Checkout | None, site: str, *, in_docs: bool) -> str:
    name = (checkout and checkout.name) or folder.resolve().name or "Paper digests"
    values = {"site_name": name.encode(errors="replace").decode()}
    if checkout and checkout.url:
        if checkout.pages_url and checkout.top == folder.resolve():
            values["site_url"] = checkout.pages_url
        values["repo_url"] = checkout.url
        docs = folder.resolve().relative_to(checkout.top) / ("docs" if in_docs else "")
        values["edit_uri"] = checkout.edit_uri("" if docs == Path() else docs.as_posix())
    lines = [
        f"# yaml-language-server: $schema={_SCHEMA}",
        f"# Made by `paperdigest init`. All options: {_GUIDE}/options/",
    ]
    lines += [_dump({key: value}) for key, value in values.items()]
    if not in_docs:
        lines += ["# MkDocs does not take its own folder here, so the plugin does, below; this one only has to exist."]
        lines += ["docs_dir: .github"]
    if site != SITE:
        lines += [f"# MkDocs empties this folder at each build; `{SITE}` holds something else.", f"site_dir: {site}"]
    return "\n".join(lines) + "\n"


def _plugins(*, in_docs: bool, by_category: bool) -> str:
    options = []
    if not in_docs:
        options += ["# This folder, README and all. Only Markdown and what pages show is taken from it.", "docs_dir: ."]
    if by_category:
        options += ["# No label for keywords was found, so papers are indexed by what they are filed under."]
        options += ["keypoint_fields: [keypoints, category]"]
    own = ["  - paperdigest:", *(f"      {line}" for line in options)] if options else ["  - paperdigest"]
    return "\n".join(["plugins:", "  - search", *own]) + "\n"


def _left_out(folder: Path, found: Survey) -> Iterator[str]:
    if paths := [f"/{path}" for path, _ in leave_out(folder, found)]:
        yield f"# A folder has one home page.\n{_dump({'exclude_docs': chr(10).join(paths)})}\n"


def _math(found: Survey) -> Iterator[str]:
    if found.math or found.math_fences:
        yield _text("math") + (_text("math_fences") if found.math_fences else "")
        yield _text("mathjax")


def _workflow(checkout: Checkout | None, site: str, *, material: bool, bots: tuple[str, ...]) -> str:
    lenient = "      # Not --strict yet: one broken link in a README would keep the site from being published.\n"
    text = PAGES.replace("      - run: mkdocs build --strict\n", f"{lenient}      - run: mkdocs build\n")
    text = text.replace(f"          path: {SITE}\n", f"          path: {site}\n")
    branches = [checkout.branch] if checkout and checkout.branch else ["main", "master"]
    after = f"    {_dump({'branches': branches}, flow=True)}\n"
    if bots:
        after += "  # A push by another workflow starts none, so this one runs after those that work by the clock.\n"
        after += f"  workflow_run:\n    {_dump({'workflows': list(bots)}, flow=True)}\n    types: [completed]\n"
    text = text.replace("    branches: [main]\n", after)
    if not material:
        text = text.replace('"mkdocs-paperdigest[material]"', "mkdocs-paperdigest")
    return f'# Publishes the site, once "GitHub Actions" is the source under Settings → Pages.\n{text}'


def _bots(folder: Path) -> Iterator[str]:
    """Names of scheduled workflows, such as those that fetch papers and push them."""
    for path in sorted((folder / WORKFLOW).parent.glob("*.y*ml")):
        settings, _ = read_settings(path)
        events = settings.get("on", settings.get(True))  # YAML 1.1 reads `on` as true
        if isinstance(events, dict) and "schedule" in events and path.name != Path(WORKFLOW).name:
            yield str(settings.get("name") or path.relative_to(folder).as_posix())


def _dump(value: dict[str, Any], *, flow: bool = False) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, width=10**6, default_flow_style=None if flow else False)
    return text.removesuffix("\n")
