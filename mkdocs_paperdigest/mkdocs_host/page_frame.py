"""One page of a theme as the frame of all pages of keypoints, which differ in nothing but title, address, content and months.

To put thousands of pages into a theme's template, each with the whole navigation, takes longer than all else of a build.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..pages import Stencil

THEMES = frozenset({"material", "mkdocs", "readthedocs"})
"""Themes whose templates are known to show nothing else of a page."""

# Material gives a page without a heading one of its own.
_SLUG, _TITLE, _CONTENT = "pd0slug0pd", "\ufdd0title\ufdd1", "\ufdd0<h1>\ufdd1"
_FIRST, _SECOND = ((f"pd0id{n}pd", f"\ufdd0name{n}\ufdd1") for n in range(2))
"""The anchors and names of two entries of the table of contents."""
_ONE, _OTHER_ONE = ("|".join(entry) for entry in (_FIRST, _SECOND))
_TEXT = rf"(?:(?!{_ONE}|{_OTHER_ONE}).)*"
_LIST = re.compile(rf"(?P<entry>(?:{_ONE})(?:{_TEXT}(?:{_ONE}))*)(?P<between>{_TEXT})(?={_OTHER_ONE})", re.DOTALL)
_PLAIN = re.compile(r"[^\s<>&\"'{}]+(?: [^\s<>&\"'{}]+)*")
_OWN = frozenset(
    "title file content toc canonical_url abs_url present_anchor_ids label headings ids keypoint runs parts".split()
)
"""What pages of keypoints differ in; a plugin may have given them more."""
_OTHER = frozenset({"page", "build_date_utc"})  # what else differs, and is shown of none of these pages


class PageFrame(jinja2.Template):
    """A template that a page of a keypoint names as its own; pages that differ in more than a frame may are left to the theme's."""

    def __new__(cls, *_: jinja2.Template) -> PageFrame:
        return object.__new__(cls)

    def __init__(self, template: jinja2.Template) -> None:
        self.template = template
        self.frames: dict[str, _Frame | None] = {}

    def render(self, *args: Any, **kwargs: Any) -> str:
        context: dict[str, Any] = dict(*args, **kwargs)
        page = context["page"]
        del page.meta["template"]
        if not _PLAIN.fullmatch(str(page.title)) or not _children(page) or "<h1" not in (page.content or ""):
            return self.template.render(context)
        base = str(context["base_url"])
        if base not in self.frames:
            whole = self.template.render(context)
            frame = _Frame(self.template, context)
            self.frames[base] = frame if frame.is_uniform and frame.filled(page) == whole else None
            return whole
        known = self.frames[base]
        return known.filled(page) if known and known.fits(context) else self.template.render(context)


class _Frame:
    """A page as a stencil, with one for the entries of each table of contents in it, and what is between two of these."""

    def __init__(self, template: jinja2.Template, context: Mapping[str, Any]) -> None:
        self.context = context
        page = context["page"]
        self.meta, self.rest = dict(page.meta), _rest(page)
        self.lists: list[tuple[Stencil, str]] = []
        self.is_uniform = True
        names, parts, end = [_SLUG, _TITLE, _CONTENT], [], 0
        text = template.render({**context, "page": self._with_placeholders(page)})
        for match in _LIST.finditer(text):
            names.append(f"pd0list{len(names)}pd")
            parts += [text[end : match.start()], names[-1]]
            entry = Stencil(match["entry"], _FIRST)
            second = entry.filled(_SECOND)
            self.is_uniform &= text.startswith(second, match.end())
            end = match.end() + len(second)
            self.lists.append((entry, match["between"]))
        self.stencil = Stencil("".join([*parts, text[end:]]), names)

    @staticmethod
    def _with_placeholders(own: Page) -> Page:
        page, slug = copy(own), _slug(own)
        top = copy(page.toc.items[0])
        top.title, top.children = _TITLE, [AnchorLink(name, place, 2) for place, name in (_FIRST, _SECOND)]
        page.title, page.content, page.toc = _TITLE, _CONTENT, TableOfContents([top])
        page.file = copy(page.file)
        for thing, names in ((page, ("canonical_url", "abs_url")), (page.file, ("src_uri", "dest_uri", "url"))):
            for name in names:
                if value := getattr(thing, name):
                    before, _, after = value.rpartition(slug)
                    setattr(thing, name, f"{before}{_SLUG}{after}")
        return page

    def fits(self, context: Mapping[str, Any]) -> bool:
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
        entries = [(entry.id, entry.title) for entry in _children(page)]
        lists = [between.join([stencil.filled(entry) for entry in entries]) for stencil, between in self.lists]
        return self.stencil.filled([_slug(page), str(page.title), page.content or "", *lists])


def _children(page: Page) -> list[AnchorLink]:
    return page.toc.items[0].children if page.toc.items else []


def _slug(page: Page) -> str:
    return page.url.rstrip("/").rpartition("/")[2].removesuffix(".html")


def _rest(page: Page) -> dict[str, Any]:
    return {name: value for name, value in vars(page).items() if name not in _OWN}


def page_frame(env: jinja2.Environment, config: MkDocsConfig) -> PageFrame | None:
    """The frame for pages of keypoints in the theme of a site; None if the site changes the theme's templates."""
    theme = config.theme
    own = Path(theme.custom_dir) if theme.custom_dir else None
    templates = (path.relative_to(own) for path in own.rglob("*") if path.suffix in (".html", ".xml")) if own else ()
    if theme.name not in THEMES or any(path.parts[0] != "paperdigest" for path in templates):
        return None
    return PageFrame(env.get_template("main.html"))
