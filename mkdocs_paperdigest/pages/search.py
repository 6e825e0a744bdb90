"""What the search plugins of a site index: each paper as one entry, and Chinese and Japanese so that their scripts find it.

Both plugins, that of Material for MkDocs and that of MkDocs, hand each page to `add_entry_from_context` of an index that they make anew
for each build, and write it with `generate_search_index`. Here the first gets a copy of the page that holds a text for search; the
page itself is never touched, whatever other plugins do with it meanwhile.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..library import Keypoint, Library
from ..neighbours import SearchPlugin
from .keypoint_page import KeypointPage

_CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
"""Characters of scripts without spaces between words, for Python and JavaScript: Han, kana and the signs among them."""

_MARK = "\u200c"
# A zero-width non-joiner behind each of these characters. Material's script cuts what is looked for wherever a piece of it is a
# word of the index, and drops the last piece (`segment` in its `search/query/segment`). With the mark no piece ever is one,
# so that it leaves the cutting to the separator; each character then is the beginning of a word, which is all it asks for.
_SEPARATOR = rf"(?=[{_CJK}])|\b(?=\w)"
"""Where the script also cuts: before each of these characters, and before Latin behind them (no lookbehind, for Safari before 16.4)."""

_ONE = re.compile(rf"[{_CJK}]")
_MARKED = re.compile(rf"[{_CJK}]{_MARK}")
_WITHOUT_SPACES = frozenset({"ja", "jp", "zh"})

_BOOST = 1.5
"""How much the other names of a keypoint weigh beside the titles of papers: enough to come first where somebody looks for one of them,
not enough where a title has more of the words."""

_SHOWN = 200
"""How many characters of an entry the script of MkDocs's own search shows."""
_LONGEST = 8
_HIDDEN = "\u200b "
"""Ends what stands between the text of an entry and words that nobody is to see."""
_UNITS = re.compile(rf"[{_CJK}]|[^{_CJK}]+")

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)(?:[^>\"]|\"[^\"]*\")*>|<!--.*?-->", re.DOTALL)
_ANY_TAG = re.compile(r"(<[^>]*>)")
_HEADERLINK = re.compile(r'<a class="headerlink"[^>]*>.*?</a>')
_HEADING = "h1, h2, h3, h4, h5, h6"
_LEFT_OUT = ".headerlink, .pd-ui:not(.pd-keypoints), [data-search-exclude], script, style, template, object"
_KEPT = frozenset("p li ul ol code pre sub sup".split())
_INLINE = frozenset(
    "a abbr b cite del em font i img ins kbd mark q s samp small span strike strong tt u var wbr".split()
)
_HOLE = re.compile("\ufdd0([0-9]+)\ufdd1")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A paper of a page: what search finds and shows of it. `title` is text, `body` HTML."""

    tag: str
    anchor: str
    title: str
    body: str
    excluded: bool = False

    @property
    def html(self) -> str:
        """The paper as search plugins take a section."""
        excluded = " data-search-exclude" if self.excluded else ""
        heading = f'<{self.tag} id="{html.escape(self.anchor)}"{excluded}>{_escaped(self.title)}</{self.tag}>'
        return f"<section>{heading}{self.body}</section>"


class _Links(TableOfContents):
    """A table of contents whose entries are found by their ids at once: the plugins go through all of it for each section."""

    def __init__(self, entries: list[AnchorLink]) -> None:
        super().__init__(entries)
        self.by_id = {entry.id: entry for entry in entries}


def index_for_search(plugin: SearchPlugin, library: Library, *, slim: bool) -> None:
    """Let a search plugin index the digests of a site as `library` has them. May be called again for the same index.

    If `slim`, a paper is found by its title and its keypoints alone. What stands around papers, and on other pages, stays whole: it
    is written for the page, so it does not grow with the papers.
    """
    index = plugin.index
    kind = type(index)  # a second call takes the place of the first
    texts = _Texts(plugin, library, slim=slim)
    find = getattr(kind, "_find_toc_by_id", None)
    if find:
        index._find_toc_by_id = lambda toc, name: (
            toc.by_id.get(name) if isinstance(toc, _Links) else find(index, toc, name)
        )
    index.add_entry_from_context = partial(texts.add, partial(kind.add_entry_from_context, index))
    index.generate_search_index = partial(_generate, plugin, library, partial(kind.generate_search_index, index))


class _Texts:
    """The pages of one build as one search plugin is to see them."""

    def __init__(self, plugin: SearchPlugin, library: Library, *, slim: bool) -> None:
        self.plugin = plugin
        self.library = library
        self.slim = slim
        self.marks = not plugin.is_plain and not plugin.segments and _has_cjk(library)

    def add(self, original: Callable[[Page], None], page: Page) -> None:
        """Index a page in place of the plugin's own method, `original`."""
        if page.content is None:
            original(page)
            return
        shown = copy(page)
        around = None
        if page.file.src_uri in self.library.by_path and "pd-paper" in page.content:
            around, hits = self._digest(page)
            shown.content = _HOLE.sub(lambda hole: hits[int(hole[1])].html, around)
            others = list(_flat(page.toc))
            shown.toc = _Links([*others, *(AnchorLink(hit.title, hit.anchor, int(hit.tag[1])) for hit in hits)])
        elif isinstance(page, KeypointPage):
            shown.content = page.content + self._aliases(page.keypoint)
            if self.plugin.is_plain:
                shown.toc = _Links([])  # what stands below its only heading is the text of the page
        if self.marks:
            self._mark(shown)
        entries = self.plugin.entries
        before = len(entries)
        original(shown)
        if not self.plugin.is_plain:
            for entry in entries[before:] if isinstance(page, KeypointPage) else ():
                if entry["location"].endswith("#keypoint"):
                    entry.setdefault("boost", _BOOST)
        elif around is not None and len(entries) > before and entries[before]["text"]:
            # MkDocs's own search has an entry with the text of the whole page, too: papers are found at their places.
            entries[before]["text"] = " ".join(_plain(_HOLE.sub(" ", around)).split())

    def _digest(self, page: Page) -> tuple[str, list[_Hit]]:
        """What stands on a digest around its papers, with a sign for each of them, and the papers."""
        titles = {paper.anchor: paper.title for paper in self.library.by_path[page.file.src_uri]}
        tree = LexborHTMLParser(page.content or "", is_fragment=True)
        hits: list[_Hit] = []
        for node in [node for node in tree.css(".pd-paper") if not _inside(node)]:
            hits.append(self._hit(node, titles))
            node.insert_before(f"\ufdd0{len(hits) - 1}\ufdd1")
            node.decompose()
        return tree.html or "", hits

    def _hit(self, node: LexborNode, titles: Mapping[str, str]) -> _Hit:
        heading = None if node.tag == "tr" else node.css_first(_HEADING)
        excluded = False
        if heading:
            tag, anchor = heading.tag or "h6", heading.attributes.get("id") or ""
            excluded = "data-search-exclude" in heading.attributes
            _take_out(heading, ".headerlink")
            title = " ".join(heading.text().split())
            heading.decompose()
        else:
            tag, anchor = "h6", node.attributes.get("id") or ""
            title = titles.get(anchor, "")
        _take_out(node, _LEFT_OUT)
        written = [badge.text().strip() for badge in node.css(".pd-keypoints > .pd-keypoint")]
        known = [keypoint.label for name in written if (keypoint := self.library.keypoint(name))]
        body = "" if self.slim else _text(node.html or "")
        said = {_words(name) for name in written} if body else set()
        if more := [name for words, name in _by_words([*written, *known]).items() if words not in said]:
            body += f"<p>{_escaped(', '.join(more))}</p>"
        if self.plugin.is_plain and (pieces := _pieces(title, *written, *known)):
            body += _hidden(body, pieces)
        return _Hit(tag, anchor, title, body, excluded)

    def _aliases(self, keypoint: Keypoint) -> str:
        """What makes the page of a keypoint the first hit for its other names."""
        if self.plugin.is_plain:
            pieces = _pieces(keypoint.label, *keypoint.also_known)
            return _hidden("", pieces) if pieces else ""
        # A section of its own: Material's search weighs a title a thousand times as much as a text.
        _, *names = _by_words([keypoint.label, *keypoint.also_known]).values()
        return f'<h2 id="keypoint">{_escaped(", ".join(names))}</h2>' if names else ""

    def _mark(self, page: Page) -> None:
        page.content = _marked_html(page.content or "")
        page.title = _marked(str(page.title))
        page.meta = dict(page.meta)
        if "title" in page.meta:
            page.meta["title"] = _marked(str(page.meta["title"]))
        if isinstance(tags := page.meta.get("tags"), list):
            page.meta["tags"] = [_marked(tag) if isinstance(tag, str) else tag for tag in tags]


def _generate(plugin: SearchPlugin, library: Library, original: Callable[..., str], *arguments: Any) -> str:
    """Write the index; what Chinese and Japanese need of its settings is changed where the site does not set it itself.

    That is seen by the entries, since static-i18n writes those of all languages at the end, with the settings of one.
    """
    settings: dict[str, Any] = plugin.index.config
    own = {name for name in ("lang", "min_search_length", "separator") if plugin.sets(name)}
    others = [name for name in settings.get("lang") or () if name not in _WITHOUT_SPACES]
    wanted: dict[str, Any] = {}
    cut = None
    if plugin.is_plain:
        # Its `python` knows no Japanese.
        if settings.get("prebuild_index") != "python" and any(_HIDDEN in entry["text"] for entry in plugin.entries):
            # The rules for Japanese keep the characters that those for English and Chinese take away, or cannot cut.
            wanted = {"lang": list(dict.fromkeys([*others, "en", "ja"])), "min_search_length": 2}
    elif plugin.segments:
        cut = r"\u200b" if _has_cjk(library) else None
    elif any(_MARKED.search(entry["title"]) or _MARKED.search(entry["text"]) for entry in plugin.entries):
        cut = _SEPARATOR
        wanted = {"lang": others or ["en"]}
    if cut and cut not in settings["separator"]:
        wanted["separator"] = f"{settings['separator']}|{cut}"
    for name in wanted.keys() - own:
        settings[name] = wanted[name]
    if plugin.is_plain:
        plugin.config.lang = settings["lang"]  # it copies the files for these
    return original(*arguments)


def _has(text: str) -> bool:
    return not text.isascii() and _ONE.search(text) is not None


def _has_cjk(library: Library) -> bool:
    return any(map(_has, _said(library)))


def _said(library: Library) -> Iterator[str]:
    for paper in library.papers:
        yield paper.title
        for field in paper.fields:
            yield field.text
    for keypoint in library.keypoints:
        yield keypoint.label
        yield from keypoint.also_known


def _marked(text: str) -> str:
    return text if text.isascii() else _ONE.sub(rf"\g<0>{_MARK}", text)


def _marked_html(source: str) -> str:
    if not _has(source):
        return source
    parts = _ANY_TAG.split(source)
    parts[::2] = map(_marked, parts[::2])
    return "".join(parts)


def _inside(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if "pd-paper" in (above.attributes.get("class") or "").split():
            return True
        above = above.parent
    return False


def _take_out(node: LexborNode, selector: str) -> None:
    # One at a time: taking out what stands in what was taken out already would end Python.
    while inner := node.css_first(selector):
        inner.decompose()


def _text(source: str) -> str:
    """HTML with nothing but the tags that Material's search shows, and no heading."""

    def kept(tag: re.Match[str]) -> str:
        name = (tag[2] or "").lower()
        if name in _KEPT:
            return f"<{tag[1]}{name}>"
        if re.fullmatch("h[1-6]", name):
            return f"<{tag[1]}p>"
        return "" if name in _INLINE else " "

    text = re.sub(r"<p>\s*</p>", "", _TAG.sub(kept, source)).strip()
    return text if "<pre" in text else " ".join(text.split())


def _plain(source: str) -> str:
    text = _HEADERLINK.sub("", source)
    return html.unescape(_TAG.sub(lambda tag: "" if (tag[2] or "").lower() in _INLINE else " ", text))


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _flat(toc: Any) -> Iterator[AnchorLink]:
    for entry in toc:
        yield entry
        yield from _flat(entry.children)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s\-]+", text.casefold()))


def _by_words(names: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Names by the words that search knows them by, the first of those that are the same to it."""
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        found.setdefault(_words(name), name)
    return found


def _pieces(*texts: str) -> list[str]:
    """Whatever somebody may type to find texts without spaces between words, up to a length: MkDocs's own search finds whole words only."""
    found: dict[str, None] = {}
    for run in dict.fromkeys(run for text in texts if _has(text) for run in re.findall(r"\w+", text)):
        units = _UNITS.findall(run)
        if len(units) < 2:
            continue
        for start in range(len(units)):
            for end in range(start + 1, min(start + _LONGEST, len(units)) + 1):
                if end > start + 1 or not _ONE.match(units[start]):
                    found["".join(units[start:end])] = None
        for end in range(_LONGEST + 1, len(units)):
            found["".join(units[:end])] = None
    return list(found)


def _hidden(body: str, pieces: list[str]) -> str:
    """Words behind what the script of MkDocs's own search shows of an entry."""
    shown = len(" ".join(_plain(body).split()))
    return f"<p>{chr(0x200B) * max(_SHOWN + 10 - shown, 0)}{_HIDDEN}{' '.join(pieces)}</p>"
