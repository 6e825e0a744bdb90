"""The page of a keypoint: what MkDocs and its search plugins see of it, and what a reader sees."""

from __future__ import annotations

import html
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..charts import sparkline
from ..findings import Finding, finding
from ..keypoints.thesaurus import Entry
from ..languages import Words
from ..library import Keypoint, Library, by_month
from ..months import month_id
from ..relations import related_keypoints
from ..trends import last_months, monthly_counts
from .descriptions import Descriptions, as_text
from .index_outline import Hierarchy
from .links import Links
from .lists import Lists
from .templates import Templates
from .titles import set_title


class KeypointPage(Page):
    """The page of a keypoint. It needs no Markdown: its title is what search plugins index, its list is put in behind them."""

    def __init__(self, keypoint: Keypoint, file: File, config: MkDocsConfig, words: Words) -> None:
        super().__init__(html.escape(keypoint.label), file, config)
        self.keypoint = keypoint
        self.words = words

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
            AnchorLink(html.escape(self.words.month(month)), month_id(month), 2)
            for month, _ in by_month(keypoint.papers)
        ]
        self.toc = TableOfContents([top])
        self.present_anchor_ids = {"keypoint", *(child.id for child in top.children), *dict(keypoint.months)}


class KeypointContents:
    """What stands on the pages of keypoints. `findings` are those of the pages made so far."""

    def __init__(
        self,
        library: Library,
        links: Links,
        lists: Lists,
        templates: Templates,
        config: MkDocsConfig,
        hierarchy: Hierarchy,
    ) -> None:
        self.findings: list[Finding] = []
        self._library = library
        self._links = links
        self._lists = lists
        self._templates = templates
        self._hierarchy = hierarchy
        self._related = related_keypoints(library)
        self._months = last_months(library)
        self._descriptions = Descriptions(config, links.resolve_from_docs)

    def html(self, page: KeypointPage) -> str:
        """The content of the page of a keypoint."""
        keypoint, lists, words = page.keypoint, self._lists, self._templates.words
        months = [
            {
                "id": month_id(month),
                "former": month,
                "name": words.month(month),
                "entries": lists.entries(papers, page, keypoint),
            }
            for month, papers in by_month(keypoint.papers)
        ]
        above, cut = self._hierarchy.above(keypoint)
        explorer = self._links.to_made(self._links.options.explorer, page)
        return self._templates.render(
            "keypoint.html",
            keypoint=keypoint,
            months=months,
            index_url=self._links.to_index(page),
            explorer_url=f"{explorer}?k={quote(keypoint.slug)}" if explorer and keypoint.papers else None,
            sparkline=sparkline(monthly_counts(keypoint, self._months)),
            description=self._description(keypoint.entry, page) if keypoint.entry else "",
            above=[{key: badge[key] for key in ("name", "title", "url", "hue")} for badge in lists.badges(above, page)],
            cut=cut,
            children=lists.badges(self._hierarchy.below.get(keypoint.slug, ()), page),
            related=[
                {**lists.badge(related.keypoint, page), "count": related.count, "below": 0}
                for related in self._related.get(keypoint.slug, ())
            ],
        )

    def _description(self, entry: Entry, page: Page) -> str:
        try:
            return self._descriptions.html(entry.description, page)
        except Exception as fault:  # whatever the site's extensions raise
            path = self._library.thesaurus.path
            said = " ".join(str(fault).split()) or type(fault).__name__
            self.findings.append(finding("PD509", path, entry.line, 1, entry.label, said))
            return as_text(entry.description)
