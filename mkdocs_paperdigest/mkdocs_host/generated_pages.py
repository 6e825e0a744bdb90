"""The pages of keypoints and of parts, as MkDocs and search plugins see them."""

from __future__ import annotations

import html
from collections.abc import Sequence

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..languages import Words
from ..library import Keypoint, month_id
from ..pages import PagePart, Part, Run
from .titles import set_title


class PartPage(Page):
    """A page with a part of what belongs on another. Searches leave it out, as they have the other."""

    def __init__(self, part: PagePart, file: File, config: MkDocsConfig) -> None:
        super().__init__(part.title, file, config)
        self.part = part

    def render(self, config: MkDocsConfig, files: Files) -> None:
        set_title(self, self.part.title)
        self.meta["search"] = {"exclude": True}
        self.content = ""
        top = AnchorLink(str(self.title), "part", 1)
        top.children = [AnchorLink(html.escape(name), anchor, 2) for anchor, name in self.part.headings]
        self.toc = TableOfContents([top])
        self.present_anchor_ids = {"part", *self.part.ids}


class KeypointPage(Page):
    """The page of a keypoint, without Markdown: `runs` are the papers on it, `parts` what is on pages of their own."""

    def __init__(
        self,
        keypoint: Keypoint,
        file: File,
        config: MkDocsConfig,
        words: Words,
        runs: Sequence[Run],
        parts: Sequence[Part[Run]],
    ) -> None:
        super().__init__(html.escape(keypoint.label), file, config)
        self.keypoint = keypoint
        self.words = words
        self.runs = runs
        self.parts = parts

    def render(self, config: MkDocsConfig, files: Files) -> None:
        keypoint = self.keypoint
        said = (", ".join(keypoint.also_known), keypoint.entry.description if keypoint.entry else "")
        set_title(self, keypoint.label)
        label = html.escape(keypoint.label)
        below = (f"<p>{html.escape(text)}</p>" for text in said if text)
        self.content = "\n".join([f'<h1 id="keypoint">{label}</h1>', *below])
        top = AnchorLink(label, "keypoint", 1)
        top.children = [
            AnchorLink(html.escape(self.words.month(run.month)), month_id(run.month), 2) for run in self.runs
        ]
        ids = {month_id(paper.month) for paper in keypoint.papers}
        if self.parts:
            top.children.append(AnchorLink(html.escape(self.words("keypoint_earlier")), "earlier", 2))
            ids.add("earlier")
        self.toc = TableOfContents([top])
        self.present_anchor_ids = {"keypoint", *ids, *dict(keypoint.months)}
