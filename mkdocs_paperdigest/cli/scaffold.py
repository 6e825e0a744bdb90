"""The first settings of a site for a repository of digests that is there already, and the workflow that publishes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from ..collection import SITE, free_site, markdown_files, read_settings
from ..reader import KEYPOINTS, LabelVocabulary
from ..support import checkout_around
from .survey import Survey

BY_CATEGORY = LabelVocabulary(keypoint_fields=(KEYPOINTS, "category"))
"""What gives keypoints where no label for keywords is."""

SETTINGS = "mkdocs.yml"
WORKFLOW = ".github/workflows/pages.yml"


@dataclass(frozen=True, slots=True)
class Start:
    """The texts to write, by paths relative to the folder; `is_top`: GitHub reads the workflow there; `site`: where the site is built."""

    files: dict[str, str]
    is_top: bool
    site: str = SITE


def prepare(folder: Path, found: Survey, *, by_category: bool, material: bool | None = None) -> Start:
    """Make the settings and the workflow; `material`: whether the site has that theme, by default if it is installed."""
    checkout = checkout_around(folder)
    is_top = checkout is None or checkout.top == folder.resolve()
    material = find_spec("material") is not None if material is None else material
    has_home = any((folder / "docs" / name).is_file() for name in ("index.md", "README.md"))
    in_docs = has_home and all(path.startswith("docs/") for path in found.digests)
    site = free_site(folder)
    name = (checkout and checkout.name) or folder.resolve().name or "Paper digests"
    head = [{"site_name": name.encode(errors="replace").decode()}]
    if checkout and checkout.url:
        if checkout.pages_url and is_top:
            head.append({"site_url": checkout.pages_url})
        docs = folder.resolve().relative_to(checkout.top) / ("docs" if in_docs else "")
        head.append({"repo_url": checkout.url})
        head.append({"edit_uri": checkout.edit_uri("" if docs == Path() else docs.as_posix())})
    settings = scaffold_file(
        SETTINGS,
        head=head,
        found=found,
        in_docs=in_docs,
        left_out="\n".join(f"/{path}" for path, _ in ([] if in_docs else leave_out(folder, found))),
        material=material,
        by_category=by_category,
        site=site,
    )
    branches = [checkout.branch] if checkout and checkout.branch else ["main", "master"]
    bots = list(_bots(folder))
    workflow = scaffold_file(WORKFLOW, is_guide=False, branches=branches, bots=bots, material=material, site=site)
    # The workflow goes first: the settings name its folder.
    return Start({WORKFLOW: workflow, SETTINGS: settings}, is_top, site)


def scaffold_file(path: str, **context: Any) -> str:
    """Render the template of a file; the guide shows the workflow with `is_guide`."""
    templates = Environment(  # noqa: S701 - YAML, whose values `_dump` quotes
        loader=PackageLoader("mkdocs_paperdigest.cli", "scaffold_files"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    templates.filters["yaml"] = _dump
    return templates.get_template(f"{Path(path).name}.jinja").render(context)


def leave_out(folder: Path, found: Survey) -> Iterator[tuple[str, str]]:
    """Home pages to leave out, and why: MkDocs takes one of README and `index.md`, and an `index.md` that repeats a digest goes."""
    paths = set(markdown_files(folder))
    for readme in sorted(path for path in paths if path.rpartition("/")[2] == "README.md"):
        index = readme.removesuffix("README.md") + "index.md"
        if index in found.repeats and index in paths:
            yield index, f"it repeats {found.repeats[index]}"
        elif index in paths:
            yield readme, f"{index} is the page there"


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
