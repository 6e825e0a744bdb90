"""What GitHub shows: words and folded words of Markdown by its own renderer, and of our pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest.reader.labels import FACT_LABELS, FIELD_LABELS

_LABEL_WORDS = {
    word
    for spellings in (*FIELD_LABELS.values(), *FACT_LABELS.values())
    for spelling in spellings
    for word in re.findall(r"[^\W_]+", spelling.casefold())
}


@dataclass(frozen=True)
class Shown:
    """The words that a reader sees, and those of them that are folded away, in order, labels of fields aside."""

    words: list[str]
    folded: list[str]


def shown(content: str) -> Shown:
    """What HTML shows, less what the plugin and the theme add to a source's words."""
    tree = LexborHTMLParser(content, is_fragment=True)
    for node in tree.css(".pd-ui, .headerlink, script, style"):
        node.decompose()
    root = tree.root
    words = _words(root.text(separator=" ")) if root else []
    folded: list[str] = []
    for details in tree.css("details"):
        inner = LexborHTMLParser(details.html or "", is_fragment=True)
        for node in inner.css("summary"):
            node.decompose()
        if inner.root:
            folded += _words(inner.root.text(separator=" "))
    return Shown(words, folded)


def github_html(markdown: str) -> str:
    """Markdown as GitHub renders it, raw HTML on."""
    return cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)


def html_errors(content: str) -> list[object]:
    """What an HTML5 parser finds wrong with a fragment."""
    parser = html5lib.HTMLParser()
    parser.parseFragment(content)
    return [(error[1], error[2]) for error in parser.errors]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text) if word.casefold() not in _LABEL_WORDS]
