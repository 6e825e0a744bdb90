"""Markdown of papers → Markdown in which nothing runs on any host, whatever that takes for markup.

Hosts disagree about what is code, a tag or a link: Python-Markdown knows no fence inside of a list, Jekyll and Hugo fill templates even in
code, and attribute lists set any attribute. So a text is judged character by character: what some host could obey is written so that each
host shows it as text, wherever it is. What no host can take for more than it is to GitHub stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination

from ..markdown_extension import KEPT_ID, UNSAFE_MACRO, clean_tag, tag_pattern
from ..reader import INVALID_CHARACTERS, MATH_PATTERN, RAW_TEXT_TAGS, attributes, code_text, read_inline, tag_name
from ..support import UnreadableError, compose
from .risky_text import (
    LEADS,
    LINE_MARK,
    LIST_ITEM,
    LONGEST_ADDRESS,
    SNIPPET,
    TAG_BEGINS,
    TEMPLATE,
    is_risky,
    is_risky_list,
    is_unsafe,
    leads_to_unsafe,
)

_TOKEN = re.compile(
    rf"(?P<line>{LINE_MARK})|(?P<macro>{UNSAFE_MACRO})|(?P<code>`+)|(?P<math>\$)|\\(?P<escaped>[!-/:-@\[-`{{-~])"
    rf"|(?P<tag><(?=[A-Za-z/!?&<]))|(?P<snippet>{SNIPPET})|(?P<brace>\{{)|(?P<open>!?\[)|(?P<close>\])",
    re.MULTILINE,
)
_MATH = re.compile(MATH_PATTERN, re.DOTALL)
_AUTOLINK = re.compile(r"<(?:https?|ftp|mailto):[^\s<>\"'`\\{}\[\]$]*>|<[\w.+-]+@[\w.-]+>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?!-?>)[^<>]*?-->")
_DECLARATION = re.compile(r"<(?:\?|!(?!--))")  # hosts and browsers disagree about where one ends
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data)\s*(?=:)", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"(?!.*(?:\+\+|~~|==))[\w .,;:/?&=%#()+~-]*", re.DOTALL)
"""A value that no extension takes for markup before it sees the tag around it."""

_MOST_FORMULAS = 500
_INFO = re.compile(r"[\w+.#-]*")
_FENCE_LINE = re.compile(r"(?:`{3,}|~{3,})[ \t]*(?P<info>[^\r\n]*)")
_OPTION = re.compile(r"(?:\s+(?:title|hl_lines|linenums)=(?:\"[\w .,/-]*\"|'[\w .,/-]*'|[\w.-]*))*\s*")

_SPECIAL = re.compile(r"[!-+\--/:-@\[-`{-~\n\t]")
_OF_ADDRESS = re.compile(r"[\s{}<>\"`\\\[\]()]")
_GAP = "\u200b"
"""A zero-width space: parts two characters that mean something only together, or replaces one that some hosts drop."""

_SPACE = re.compile(r"[ \t]*(?:\n[ \t>]*)?")
_NO_LINK = (0, 0)

_NOTHING = "<span></span>"  # replaces a tag between two characters that would mean something together


@dataclass(frozen=True, slots=True)
class Edit:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of `text` in Markdown, raw `html`, or `code` that is `shown`, after a `prefix` such as a list mark, with the `info` of its fence."""

    start: int
    end: int
    kind: str = "text"
    shown: str = ""
    prefix: str = ""
    info: str = ""


def harmless_edits(text: str, pieces: Iterable[Piece], references: Container[str] = ()) -> Iterator[Edit]:
    """What to change in pieces of a text, in order, none of which overlap. `references` are the names of its link definitions."""
    for piece in pieces:
        scan = _Scan(text, piece, references)
        is_code = piece.kind == "code"
        found = scan.of_code() if is_code else scan.edits() if is_suspect(text[piece.start : piece.end]) else ()
        place = piece.start
        for edit in sorted(found, key=lambda edit: edit.start):
            if edit.start < place:  # in the words of a picture
                continue
            yield from _without_invalid(text, place, edit.start)
            yield edit
            place = edit.end
        yield from _without_invalid(text, place, piece.end)


def edited(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """A part of a text with edits in it, which are in order and do not overlap."""
    parts: list[str] = []
    for edit in edits:
        parts += [text[start : edit.start], edit.text]
        start = edit.end
    return "".join([*parts, text[start:end]])


def _without_invalid(text: str, start: int, end: int) -> Iterator[Edit]:
    """Replace control characters: some hosts drop them, and join what they part."""
    for match in INVALID_CHARACTERS.finditer(text, start, end):
        yield Edit(*match.span(), _GAP)


def is_suspect(text: str) -> bool:
    return _has_quotes_in_pictures(text) or is_risky(text) or INVALID_CHARACTERS.search(text) is not None


def _has_quotes_in_pictures(text: str) -> bool:
    """Whether code that describes a picture may hold a quote, which some host writes as it is into an attribute."""
    return "![" in text and "`" in text and '"' in text


def as_code(text: str) -> str:
    """Text as the content of `<code>`, on one line, in which no character means anything to any host."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", INVALID_CHARACTERS.sub("", text))


class _Scan:
    def __init__(self, text: str, piece: Piece, references: Container[str]) -> None:
        self.text, self.piece, self.references = text, piece, references
        self.start, self.end = piece.start, piece.end

    # -- code

    def of_code(self) -> Iterator[Edit]:
        """A block of code in which no host finds anything stays; another is written as HTML on one line."""
        piece = self.piece
        if is_risky(piece.shown):
            yield Edit(self.start, self.end, f"{piece.prefix}<pre><code>{as_code(piece.shown)}</code></pre>")
        elif piece.info and (fence := _FENCE_LINE.match(self.text, self.start + len(piece.prefix), self.end)):
            info = fence["info"]
            word = _INFO.match(info)
            if word and not _OPTION.fullmatch(info, word.end()):
                yield Edit(*fence.span("info"), word[0])

    # -- text

    def edits(self) -> Iterator[Edit]:
        text, is_html = self.text, self.piece.kind == "html"
        tags = tag_pattern(text[self.start : self.end])
        runs = self._runs()
        formulas = not is_html and text.count("$", self.start, self.end) < _MOST_FORMULAS
        opened: list[tuple[int, int]] = []
        pictures = dead = 0
        # In raw HTML code is not told apart, and no host needs such a picture.
        is_parted = is_html and _has_quotes_in_pictures(text[self.start : self.end])
        place = self.start
        while match := _TOKEN.search(text, place, self.end):
            at, place = match.span()
            match match.lastgroup:
                case "line":
                    yield Edit(place, place + 1, _entity(text[place]))
                    place += 1
                case "macro":
                    yield Edit(place, place, _GAP)
                case "code" if not is_html:
                    end = _next(runs.get(place - at, ()), at)
                    if end is not None:
                        inside = text[place:end]
                        if is_risky(inside) or (pictures and '"' in inside):
                            shown = code_text(re.sub(r"\n[ \t>]*", "\n", inside))
                            yield Edit(at, end + place - at, f"<code>{as_code(shown)}</code>")
                        place = end + place - at
                case "math" if formulas:
                    if formula := _MATH.match(text, at, self.end):
                        place = formula.end()
                        if is_risky(formula[0], formula="\n" not in formula[0]):
                            yield Edit(at, place, _spaced(INVALID_CHARACTERS.sub(_GAP, formula[0])))
                case "escaped":
                    yield from self._escaped(at, place, is_html)
                    # In raw HTML a backslash is one, and what follows means what it means.
                    place = place - 1 if is_html else place
                case "tag":
                    edit, place = self._tag(at, tags)
                    if edit:
                        yield edit
                case "snippet":
                    yield Edit(at, place, "&lt;")
                case "brace":
                    if self._is_risky_brace(at):
                        place += text.startswith("#", place, self.end)  # which could open a heading where the brace was
                        yield Edit(at, place, as_code(text[at:place]))
                case "open":
                    opened.append((at, place))
                    pictures += text[at] == "!"
                    if is_parted and text[at] == "!":
                        yield Edit(at, at + 1, _entity("!"))
                case "close":
                    opener = opened.pop() if opened else None
                    is_picture = opener is not None and text[opener[0]] == "!"
                    pictures -= is_picture
                    if opener and len(opened) < dead and not is_picture:
                        opener = _NO_LINK
                    edits, place = self._closed(at, None if is_html else opener)
                    yield from edits
                    dead = min(dead, len(opened))
                    if edits and edits[-1].end > at and not is_picture:
                        # No link is inside of another: what is around this one was no link, and becomes none.
                        dead = len(opened)

    def _runs(self) -> dict[int, list[int]]:
        runs: dict[int, list[int]] = {}
        for match in re.finditer(r"`+", self.text[self.start : self.end]):
            runs.setdefault(len(match[0]), []).append(self.start + match.start())
        return runs

    def _after_space(self, at: int) -> int:
        match = _SPACE.match(self.text, at, self.end)
        return match.end() if match else at

    def _is_risky_brace(self, at: int) -> bool:
        return re.compile(TEMPLATE).match(self.text, at) is not None or is_risky_list(self.text, at, self.end)

    def _escaped(self, at: int, end: int, is_html: bool) -> Iterator[Edit]:  # noqa: FBT001
        if is_html:
            return
        char, following = self.text[at + 1], self.text[end : min(end + 2, self.end)]
        if (
            (char == "<" and re.match(r"[A-Za-z/!?]", following))
            or (char == "{" and self._is_risky_brace(at + 1))
            or (char == "\\" and re.match(UNSAFE_MACRO, self.text[at + 1 : end + 40]))
            or (char == "]" and following[:1] in ("(", ":") and leads_to_unsafe(self.text, end, self.end))
        ):
            yield Edit(at, end, _entity(char) + (_GAP if char == "\\" else ""))

    def _tag(self, at: int, tags: re.Pattern[str]) -> tuple[Edit | None, int]:
        """What becomes of a `<`, and where to go on."""
        if link := _AUTOLINK.match(self.text, at, self.end):
            return None, link.end()
        match = tags.match(self.text, at, self.end)
        if not match or tag_name(match[0]) in RAW_TEXT_TAGS or _DECLARATION.match(match[0]):
            return Edit(at, at + 1, "&lt;"), at + 1
        tag, end = match[0], match.end()
        if _COMMENT.fullmatch(tag) and not is_risky(tag[4:]):
            return None, end
        cleaned = clean_tag(INVALID_CHARACTERS.sub("", tag), str)
        if not cleaned:
            is_alone = not self.text[self.start : at][-1:].strip() and not self.text[end : self.end][:1].strip()
            return Edit(at, end, "" if is_alone else _NOTHING), end
        if tag.startswith("</"):
            return None, end
        name = tag_name(tag)
        inside = tag[1 + len(name) : -1]
        kept = _kept(inside.rstrip("/"), attributes(cleaned[1 + len(name) : -1]))
        if kept is None:
            return None, end
        return Edit(at + 1 + len(name), end - 1, kept), end

    def _closed(self, at: int, opener: tuple[int, int] | None) -> tuple[list[Edit], int]:
        """What becomes of a link or a link definition whose text ends at a place, and where to go on."""
        text, end = self.text, at + 1
        if not LEADS.match(text, at, self.end):
            return [], end
        if opener == _NO_LINK:
            return [Edit(at, end, _entity("]"))], end
        if text[end] == "(" and opener:
            begin = self._after_space(end + 1)
            target = parseLinkDestination(text, begin, self.end)
            whole = _LINK_END.match(text, target.pos, self.end) if target.ok else None
            if whole and is_unsafe(target.str):
                if text[opener[0]] == "!":
                    alt = read_inline(text[opener[1] : at]).text
                    return [Edit(opener[0], whole.end(), f'<img alt="{_quoted(alt)}">')], whole.end()
                return [Edit(*opener, "<a>"), Edit(at, whole.end(), "</a>")], whole.end()
            if whole and not leads_to_unsafe(text, end, self.end):
                address = _encoded(text[begin : target.pos])
                return [Edit(begin, target.pos, address)] if address else [], max(target.pos, end)
            if "<" in text[end : min(end + LONGEST_ADDRESS, self.end)]:  # what becomes of a tag could make it a link
                return [Edit(at, end, _entity("]"))], end
        if not leads_to_unsafe(text, end, self.end):
            return [], end
        if text[end] == ":" and opener and normalizeReference(text[opener[1] : at]) in self.references:
            begin = self._after_space(end + 1)
            target = parseLinkDestination(text, begin, self.end)
            if target.ok:
                return [Edit(begin, target.pos, "#")], target.pos
        return [Edit(at, end, _entity("]"))], end


def _encoded(address: str) -> str:
    """The address of a link with codes for what could be taken for more; "" if it may stay."""
    is_quoted = address.startswith("<")
    bare = address[1:-1] if is_quoted else address
    if not is_risky(bare) and not (is_quoted and ("=" in bare or tag_name(address) in RAW_TEXT_TAGS)):
        return ""
    return _OF_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", INVALID_CHARACTERS.sub("", bare)) or "#"


_LINK_END = re.compile(
    r"(?:[ \t\n>]+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t\n>]*\)", re.DOTALL
)


def _next(places: Sequence[int], after: int) -> int | None:
    number = bisect_right(places, after)
    return places[number] if number < len(places) else None


def _entity(char: str) -> str:
    return f"&#{ord(char)};"


def _spaced(formula: str) -> str:
    """A formula in which spaces, which TeX passes over, part what means something to hosts; as code if there is more in it."""
    spaced = re.sub(rf"{TAG_BEGINS}|{SNIPPET}|\{{(?=[{{%!:])|\](?=[(:])", r"\g<0> ", formula)
    if "\n" not in spaced:
        spaced = LIST_ITEM.sub(lambda item: f"{item['name']} {item['space']}=", spaced)
    return f"<code>{as_code(formula)}</code>" if is_risky(spaced, formula="\n" not in spaced) else spaced


def _kept(inside: str, cleaned: dict[str, str]) -> str | None:
    """The attributes of a tag that may stay, as text; None if all of them may, as they are."""
    own = attributes(inside)
    kept: dict[str, str] = {}
    is_changed = False
    for name, value in own.items():
        of = KEPT_ID if name in ("id", "name") else name
        is_mark = name == "markdown" and value in ("", "1", "block", "span", "0")
        if is_mark or of in cleaned:
            kept[name] = value if is_mark else cleaned[of]
            is_changed |= (not is_mark and cleaned[of] != value.strip()) or not _PLAIN_VALUE.fullmatch(value)
        else:
            is_changed = True
    if not is_changed and _PLAIN_VALUE.fullmatch(re.sub(r"[\"'\s]", " ", inside)):
        return None
    return "".join(f' {name}="{_quoted(value)}"' for name, value in kept.items())


def _quoted(value: str) -> str:
    return _VALUE_SPECIAL.sub(lambda match: _entity(match[0]), INVALID_CHARACTERS.sub("", value))


_VALUE_SPECIAL = re.compile(r"[^\w .,;:/?%#()-]")


# -- front matter


def harmless_meta(text: str) -> str:
    """Put spaces into the YAML of a paper, so that no value is a tag, a template or an address that runs; an entity would be seen."""
    try:
        root = compose(text)
    except UnreadableError:
        return _apart(text)
    edits = []
    for node in _scalars(root):
        if (made := _apart(node.value)) != node.value:
            start, end = node.start_mark.index, node.end_mark.index
            edits.append(Edit(start, start + len(text[start:end].rstrip()), _yaml(made)))
    return edited(text, sorted(edits, key=lambda edit: edit.start))


def _apart(value: str) -> str:
    value = re.sub(rf"{TAG_BEGINS}|\{{(?=[{{%#!:])|{SNIPPET}", r"\g<0> ", INVALID_CHARACTERS.sub("", value))
    return _RUNS.sub(r"\g<0> ", value) if _RUNS.match(value) else value


def _yaml(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", escaped) + '"'


def _scalars(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.MappingNode):
            stack += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            stack += node.value
