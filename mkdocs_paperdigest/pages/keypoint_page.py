"""The page of a keypoint, as MkDocs and its search plugins see it; its list is made by `site`."""

from __future__ import annotations

import html

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..library import Keypoint, by_month
from .titles import set_title


def month_id(month: str | None) -> str:
    """The anchor of a month on the page of a keypoint."""
    return month or "without-month"


class KeypointPage(Page):
    """The page of a keypoint. It needs no Markdown: its title is what search plugins index, its list is put in behind them."""

    def __init__(self, keypoint: Keypoint, file: File, config: MkDocsConfig) -> None:
        super().__init__(html.escape(keypoint.label), file, config)
        self.keypoint = keypoint

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Set what searches find, and the table of contents."""
        keypoint = self.keypoint
        said = (", ".join(keypoint.also_known), keypoint.entry.description if keypoint.entry else "")
        set_title(self, keypoint.label)
        label = html.escape(keypoint.label)
        self.content = "\n".join(
            [f'<h1 id="keypoint">{label}</h1>', *(f"<p>{html.escape(text)}</p>" for text in said if text)]
        )
        top = AnchorLink(label, "keypoint", 1)
        top.children = [
            AnchorLink(month or "Without month", month_id(month), 2) for month, _ in by_month(keypoint.papers)
        ]
        self.toc = TableOfContents([top])
        self.present_anchor_ids = {"keypoint", *(child.id for child in top.children)}
