"""One page of a theme as the frame of all pages of keypoints, which differ in nothing but title, address, content and months.

To put thousands of pages into a theme's template, each with the whole navigation, takes longer than all else of a build.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

THEMES = frozenset({"material", "mkdocs", "readthedocs"})
"""Themes whose templates are known to show nothing else of a page."""

# Material gives a page without a heading one of its own.
_SLUG, _TITLE, _CONTENT = "pd0slug0pd", "\ufdd0title\ufdd1", "\ufdd0<h1>\ufdd1"
_ENTRIES = [(f"pd0id{n}pd", f"\ufdd0name{n}\ufdd1") for n in range(2)]
_SIGN = re.compile("|".join([_SLUG, _TITLE, _CONTENT, *(sign for entry in _ENTRIES for sign in entry)]))
_PLAIN = re.compile(r"[^\s<>&\"'{}]+(?: [^\s<>&\"'{}]+)*")
_OWN = frozenset("title file content toc canonical_url abs_url present_anchor_ids keypoint runs parts".split())
"""What pages of keypoints differ in; a plugin may have given them more."""
_OTHER = frozenset({"page", "build_date_utc"})
"""What else differs, and is shown of none of these pages."""


class PageFrame(jinja2.Template):
    """A template that a page of a keypoint names as its own; pages that differ in more than a frame may are left to the theme's."""

    template: jinja2.Template
    frames: dict[str, _Frame | None]

    def __new__(cls, template: jinja2.Template) -> PageFrame:
        """Make it of the template of a theme."""
        made: PageFrame = object.__new__(cls)
        made.template = template
        made.frames = {}
        return made

    def __init__(self, template: jinja2.Template) -> None:
        pass

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The page of a context, which MkDocs hands over as a mapping."""
        context: dict[str, Any] = dict(*args, **kwargs)
        page = context["page"]
        del page.meta["template"]
        if not _PLAIN.fullmatch(str(page.title)) or not _children(page) or "<h1" not in (page.content or ""):
            return self.template.render(context)
        base = str(context["base_url"])
        if base not in self.frames:
            whole = self.template.render(context)
            frame = _Frame.of(self.template, context)
            self.frames[base] = frame if frame and frame.filled(page) == whole else None
            return whole
        frame = self.frames[base]
        return frame.filled(page) if frame and frame.fits(context) else self.template.render(context)


class _Frame:
    """The parts of a page that stand between what differs from page to page."""

    def __init__(self, context: Mapping[str, Any], parts: Sequence[str | list[str]]) -> None:
        self.context = context
        self.meta = dict(context["page"].meta)
        self.rest = _rest(context["page"])
        self.parts = parts

    @classmethod
    def of(cls, template: jinja2.Template, context: Mapping[str, Any]) -> _Frame | None:
        """The frame of pages such as that of a context; None if it has none."""
        page = copy(context["page"])
        slug = _slug(page)
        top = copy(page.toc.items[0])
        top.title, top.children = _TITLE, [AnchorLink(name, place, 2) for place, name in _ENTRIES]
        page.title, page.content, page.toc = _TITLE, _CONTENT, TableOfContents([top])
        page.file = copy(page.file)
        for thing, names in ((page, ("canonical_url", "abs_url")), (page.file, ("src_uri", "dest_uri", "url"))):
            for name in names:
                value = getattr(thing, name)
                setattr(thing, name, value and _swapped(value, slug))
        return cls(context, _parts(template.render({**context, "page": page})))

    def fits(self, context: Mapping[str, Any]) -> bool:
        """Whether a page differs from that of the frame in nothing else."""
        page = context["page"]
        return (
            context.keys() == self.context.keys()
            and all(
                value is (own := self.context[key]) or value == own
                for key, value in context.items()
                if key not in _OTHER
            )
            and page.meta == self.meta
            and _rest(page) == self.rest
        )

    def filled(self, page: Page) -> str:
        """The page in the frame."""
        slug, title = _slug(page), str(page.title)
        values = {_SLUG: slug, _TITLE: title, _CONTENT: page.content or ""}
        entries = [(entry.id, entry.title) for entry in _children(page)]
        written = []
        for part in self.parts:
            if isinstance(part, str):
                written.append(values.get(part, part))
                continue
            lines = []
            for place, name in entries:
                own = {_ENTRIES[0][0]: place, _ENTRIES[0][1]: name}
                lines.append("".join(own.get(piece, piece) for piece in part[:-1]))
            written.append(part[-1].join(lines))
        return "".join(written)


def _parts(text: str) -> list[str | list[str]]:
    """The text cut at its signs; a list of the pieces of one entry, and what stands between two, for each table of contents."""
    pieces: list[str] = []
    end = 0
    for sign in _SIGN.finditer(text):
        pieces += [text[end : sign.start()], sign[0]]
        end = sign.end()
    pieces.append(text[end:])
    first, second = set(_ENTRIES[0]), set(_ENTRIES[1])
    parts: list[str | list[str]] = []
    place = 0
    while place < len(pieces):
        if pieces[place] not in first:
            parts.append(pieces[place])
            place += 1
            continue
        until = next(n for n in range(place, len(pieces)) if pieces[n] in second)
        size = until - 1 - place
        entry, other = pieces[place : until - 1], pieces[until : until + size]
        swapped = [dict(zip(_ENTRIES[1], _ENTRIES[0], strict=True)).get(piece, piece) for piece in other]
        if swapped != entry:
            return []
        parts.append([*entry, pieces[until - 1]])
        place = until + size
    return parts


def _children(page: Page) -> list[AnchorLink]:
    return page.toc.items[0].children if page.toc.items else []


def _slug(page: Page) -> str:
    """The last part of a page's address, percent-encoded."""
    return page.url.rstrip("/").rpartition("/")[2].removesuffix(".html")


def _swapped(address: str, slug: str) -> str:
    before, _, behind = address.rpartition(slug)
    return f"{before}{_SLUG}{behind}"


def _rest(page: Page) -> dict[str, Any]:
    return {name: value for name, value in vars(page).items() if name not in _OWN}


def page_frame(env: jinja2.Environment, config: MkDocsConfig) -> PageFrame | None:
    """The frame for pages of keypoints in the theme of a site; None if the site changes the theme's templates."""
    theme = config.theme
    if theme.name not in THEMES or (theme.custom_dir and _has_templates(Path(theme.custom_dir))):
        return None
    return PageFrame(env.get_template("main.html"))


def _has_templates(folder: Path) -> bool:
    """Whether a folder holds templates other than the plugin's."""
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name != "paperdigest"]
        if any(name.endswith((".html", ".xml")) for name in names):
            return True
    return False
