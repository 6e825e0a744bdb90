"""The ids of headings on digest pages, and the tails of papers' headings."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from typing import Any

from markdown.treeprocessors import Treeprocessor

from ..reader import INVALID_CHARACTERS
from ..support import Anchors, github_slug, stable_slug
from .page_state import TAIL, PageProcessor

_HEADING = re.compile(r"h[1-6]")


class Headings(PageProcessor, Treeprocessor):
    """Sets every heading's ids, and parts a paper's title from its tail."""

    def run(self, root: etree.Element) -> None:
        if not self.page.digest.sections:
            return
        tokens = {token["id"]: token for token in _flat(getattr(self.md, "toc_tokens", []))}
        headings = [element for element in root.iter() if _HEADING.fullmatch(str(element.tag))]
        github = Anchors()
        # Each element with Python-Markdown's id, GitHub's, and the one that stays.
        names: list[tuple[etree.Element, str, str, str]] = []
        for element in headings:
            given = element.get("id", "")
            token = tokens.get(given)
            # The name in the table of contents has its spaces collapsed, which GitHub does not do.
            text = html.unescape(re.sub(r"<[^>]*>", "", token["html"])) if token else "".join(element.itertext())
            text = text.replace(TAIL, "").strip()
            number = element.get("data-pd")
            section = self.page.digest.sections[int(number)] if number is not None else None
            made = section is not None and section.shape != "heading"  # no heading on GitHub
            theirs = "" if made else github.take(github_slug(INVALID_CHARACTERS.sub("", text)), "-")
            if section and number is not None:
                chosen = section.paper.anchor
                if (meta := self.page.meta.get(int(number))) is not None:
                    self._part(element, meta, token)
            else:
                lossy = given and stable_slug(text) not in (given, re.sub(r"_\d+$", "", given))
                chosen = theirs if lossy else given
            names.append((element, given, theirs, chosen))
        self._set_ids(names, tokens)

    def _set_ids(self, names: Sequence[tuple[etree.Element, str, str, str]], tokens: dict[str, Any]) -> None:
        papers = {element.get("data-pd"): element for element, _, _, _ in names}
        used = self.page.ids
        used |= {chosen for element, _, _, chosen in names if element.get("data-pd") is not None}
        for number, element in papers.items():  # before any other heading can have them
            paper = self.page.digest.sections[int(number)].paper if number else None
            for former in self.page.context.former(paper) if paper else ():
                if former not in used:
                    used.add(former)
                    add_anchor(element, former)
        for element, given, theirs, chosen in names:
            if element.attrib.pop("data-pd", None) is None:
                candidates = chain((chosen, given, theirs), (f"{given}_{n}" for n in count(1)))
                chosen = next(name for name in candidates if name and name not in used)
                used.add(chosen)
            element.set("id", chosen)
            if given in tokens:
                tokens[given]["id"] = chosen
            for link in element:
                if link.tag == "a" and link.get("href") == f"#{given}":
                    link.set("href", f"#{chosen}")
        # Python-Markdown's ids come before GitHub's, so that links of the site as it was hold in any case.
        aliases = [
            *((element, given) for element, given, _, _ in names),
            *((papers[str(number)], name) for number, name in self.page.old_ids if str(number) in papers),
            *((element, theirs) for element, _, theirs, _ in names),
        ]
        for element, alias in aliases:
            if alias and alias not in used:
                used.add(alias)
                add_anchor(element, alias)

    @staticmethod
    def _part(heading: etree.Element, meta: etree.Element, token: dict[str, Any] | None) -> None:
        """Move the tail of a paper's heading to its meta line."""
        if token:
            for key in ("name", "html"):
                token[key] = token[key].partition(TAIL)[0].strip()
        if len(heading) and not (heading.text or "").strip() and TAIL in "".join(heading[0].itertext()):
            # The option `anchorlink` of toc, and a blog's lists, put a link around the whole heading.
            heading = heading[0]
        for place, (element, name) in enumerate([(heading, "text"), *((child, "tail") for child in heading)]):
            before, found, after = (getattr(element, name) or "").partition(TAIL)
            if found:
                setattr(element, name, before.rstrip())
                span = etree.Element("span", {"class": "pd-source"})
                span.text, span.tail = after, " "
                for child in list(heading)[place:]:
                    if "headerlink" not in child.get("class", ""):
                        heading.remove(child)
                        span.append(child)
                own = [child for child in meta if child.get("class") == "pd-source"]
                meta.insert(list(meta).index(own[0]) if own else len(meta), span)
                return


def _flat(tokens: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def add_anchor(element: etree.Element, name: str) -> None:
    anchor = etree.Element("span", {"id": name, "class": "pd-anchor"})
    anchor.tail, element.text = element.text, ""
    element.insert(0, anchor)
