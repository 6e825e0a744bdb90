"""Markdown of papers → Markdown in which nothing runs on any host, whatever that takes for markup.

Hosts disagree about what is code, a tag or a link: Python-Markdown knows no fence inside of a list, Jekyll and Hugo fill templates even in
code, and attribute lists set any attribute. So a text is judged sign by sign: what some host could obey is written so that each host
shows it as text, wherever it stands. What no host can take for more than it is to GitHub stays as it is.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination

from ..markdown_extension import KEPT_ID, UNSAFE_MACRO, clean_tag, tag_pattern
from ..reader import (
    INVALID_CHARACTERS,
    MATH_PATTERN,
    RAW_TEXT_TAGS,
    attributes,
    code_text,
    read_inline,
    safe_url,
    tag_name,
)
from ..support import UnreadableError, compose, is_theme_id

# Behind a closed block, Python-Markdown puts entities elsewhere: what they part is one then.
_ENTITY = r"&#?\w+;?"
_TAG_BEGINS = r"<(?=[A-Za-z/!?&])"
_TEMPLATE = r"\{(?=[{%!]|::)"
_LINE_MARK = r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?=/{3}|:{3})"  # blocks of pymdownx, and of mkdocstrings
_SNIPPET = r"(?<=8)<(?=-)"  # `--8<-- "file"`
_RISK = re.compile(rf"{_TAG_BEGINS}|{_TEMPLATE}|{_LINE_MARK}|{_SNIPPET}|{UNSAFE_MACRO}", re.MULTILINE)
_LEADS = re.compile(rf"\](?=(?:[ \t\n>]|{_ENTITY})*[(:])")
_BEFORE_ADDRESS = re.compile(rf"(?:[(:<> \t\n]|{_ENTITY}(?=[(:&]))*")
_TOKEN = re.compile(
    rf"(?P<line>{_LINE_MARK})|(?P<macro>{UNSAFE_MACRO})|(?P<code>`+)|(?P<math>\$)|\\(?P<escaped>[!-/:-@\[-`{{-~])"
    rf"|(?P<tag><(?=[A-Za-z/!?&<]))|(?P<snippet>{_SNIPPET})|(?P<brace>\{{)|(?P<open>!?\[)|(?P<close>\])",
    re.MULTILINE,
)
_MATH = re.compile(MATH_PATTERN, re.DOTALL)
_AUTOLINK = re.compile(r"<(?:https?|ftp|mailto):[^\s<>\"'`\\{}\[\]$]*>|<[\w.+-]+@[\w.-]+>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?!-?>)[^<>]*?-->")
_DECLARATION = re.compile(r"<(?:\?|!(?!--))")  # hosts and browsers disagree about where one ends
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?=.)", re.IGNORECASE)
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data)\s*(?=:)", re.IGNORECASE)
_LONGEST_ADDRESS, _LONGEST_LIST, _MOST_FORMULAS = 400, 1000, 500

_PLAIN_VALUE = re.compile(r"(?!.*(?:\+\+|~~|==))[\w .,;:/?&=%#()+~-]*", re.DOTALL)
"""A value that no extension takes for markup before it sees the tag around it."""

_LIST_ITEM = re.compile(r"(?<![\w:.-])(?P<name>[\w:.-]{2,})(?P<space>\s*)=")
_LETTERS = re.compile(r"[a-z:-]+", re.IGNORECASE)
_LIST_ATTRIBUTES = frozenset("align alt class height loading rel target title width".split())
_HIDING = re.compile(r"(?:^|\s)(?:hidden|inert|popover|toc)(?=\s|$)", re.IGNORECASE)
_ID = re.compile(r"#([^\s#.}]+)")
_INFO = re.compile(r"[\w+.#-]*")
_FENCE_LINE = re.compile(r"(?:`{3,}|~{3,})[ \t]*(?P<info>[^\r\n]*)")
_OPTION = re.compile(r"(?:\s+(?:title|hl_lines|linenums)=(?:\"[\w .,/-]*\"|'[\w .,/-]*'|[\w.-]*))*\s*")

_SIGN = re.compile(r"[!-+\--/:-@\[-`{-~\n\t]")
_OF_ADDRESS = re.compile(r"[\s{}<>\"`\\\[\]()]")
_GAP = "\u200b"
"""A zero-width space: parts two signs that mean something only together, or takes the place of a sign that some hosts drop."""

_NO_LINK = (0, 0)

_NOTHING = "<span></span>"
"""Takes the place of a tag between two signs that would mean something together."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Other text for a span of the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of a text: `text` in Markdown, raw `html`, or a block of `code`.

    A block of code has what it shows, the `prefix` that its first line has, such as the mark of a list, and the `info` of a fence.
    """

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
        found = (
            scan.of_code()
            if piece.kind == "code"
            else scan.edits()
            if is_suspect(text[piece.start : piece.end])
            else ()
        )
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
    """Some hosts drop control characters, and see what these part as one."""
    for match in INVALID_CHARACTERS.finditer(text, start, end):
        yield Edit(*match.span(), _GAP)


def is_suspect(text: str) -> bool:
    """Whether there may be anything to change in a text."""
    return _has_quotes_in_pictures(text) or is_risky(text) or INVALID_CHARACTERS.search(text) is not None


def _has_quotes_in_pictures(text: str) -> bool:
    """Whether code that describes a picture may hold a quote, which some host writes as it is into an attribute."""
    return "![" in text and "`" in text and '"' in text


def is_risky(text: str, *, formula: bool = False) -> bool:
    """Whether some host may obey something in a text, whatever it takes the text for."""
    if _RISK.search(text):
        return True
    if "{" in text and any(_is_risky_list(text, at, formula=formula) for at in _places(text, "{")):
        return True
    return any(_leads_to_unsafe(text, match.end()) for match in _LEADS.finditer(text))


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def _is_risky_list(text: str, at: int, end: int | None = None, *, formula: bool = False) -> bool:
    """Whether the brace at a place opens an attribute list, as several hosts have them, that sets more than looks."""
    stop = min(len(text) if end is None else end, at + _LONGEST_LIST)
    line_end = text.find("\n", at, stop)
    closing = text.find("}", at, stop if line_end < 0 else line_end)
    if closing < 0:
        return line_end < 0 and stop == at + _LONGEST_LIST
    inside = text[at + 1 : closing]
    if inside.startswith(":") or not formula:
        is_reference = inside.startswith(":") and not re.search(r"[.#=]", inside)
        if (
            is_reference
            or inside.startswith("#}")
            or any(map(is_theme_id, _ID.findall(inside)))
            or _HIDING.search(inside)
        ):
            return True
        if inside.startswith("#") and not re.fullmatch(r"#[A-Za-z][\w.-]*(?:[ ]+.*)?", inside):
            return True
    return any(
        _LETTERS.fullmatch(item["name"]) is not None
        and item["name"].lower() not in _LIST_ATTRIBUTES
        and not (formula and item["space"] and not item["name"].lower().startswith("on"))
        for item in _LIST_ITEM.finditer(inside)
    )


def _leads_to_unsafe(text: str, at: int, end: int | None = None) -> bool:
    """Whether a link to an unsafe address may stand right behind the `]` before a place."""
    if text.startswith(("(https://", "(http://", "(#"), at):
        return False
    begins = text[at : min(len(text) if end is None else end, at + _LONGEST_ADDRESS)]
    before = _BEFORE_ADDRESS.match(begins)
    address = begins[before.end() :] if before else begins
    if begins.startswith(":"):  # a definition, whose address has no white space but between angle brackets
        address = (
            address.partition(">")[0]
            if begins[1:].lstrip(" \t\n").startswith("<")
            else address.split(None, 1)[0]
            if address
            else ""
        )
    return is_unsafe(address)


def is_unsafe(address: str) -> bool:
    """Whether what begins here is an address that may run something, whichever escapes a host knows.

    White space is no end: Python-Markdown goes over it, and browsers drop tabs and line ends from addresses.
    """
    return any(map(_is_unsafe, {address, re.sub(_ENTITY, "", address)}))


def _is_unsafe(address: str) -> bool:
    for _ in range(3):
        address = html.unescape(re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", address))
    bare = re.sub(r"[\s>]+", "", INVALID_CHARACTERS.sub("", address))
    return _SCHEME.match(bare) is not None and not safe_url(bare)


def as_code(text: str) -> str:
    """Text as the inside of `<code>`, on one line, in which no sign means anything to any host."""
    return _SIGN.sub(lambda match: f"&#{ord(match[0])};", INVALID_CHARACTERS.sub("", text))


class _Scan:
    """Looks through one piece."""

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
                        # A link stands in no other: what is around this one was no link, and becomes none.
                        dead = len(opened)

    def _runs(self) -> dict[int, list[int]]:
        """Where runs of ticks stand, by their lengths."""
        runs: dict[int, list[int]] = {}
        for match in re.finditer(r"`+", self.text[self.start : self.end]):
            runs.setdefault(len(match[0]), []).append(self.start + match.start())
        return runs

    def _is_risky_brace(self, at: int) -> bool:
        return re.compile(_TEMPLATE).match(self.text, at) is not None or _is_risky_list(self.text, at, self.end)

    def _escaped(self, at: int, end: int, is_html: bool) -> Iterator[Edit]:  # noqa: FBT001
        """An escaped sign, where some host knows no such escape."""
        if is_html:
            return
        sign, following = self.text[at + 1], self.text[end : min(end + 2, self.end)]
        if (
            (sign == "<" and re.match(r"[A-Za-z/!?]", following))
            or (sign == "{" and self._is_risky_brace(at + 1))
            or (sign == "\\" and re.match(UNSAFE_MACRO, self.text[at + 1 : end + 40]))
            or (sign == "]" and following[:1] in ("(", ":") and _leads_to_unsafe(self.text, end, self.end))
        ):
            yield Edit(at, end, _entity(sign) + (_GAP if sign == "\\" else ""))

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
        if not _LEADS.match(text, at, self.end):
            return [], end
        if opener == _NO_LINK:
            return [Edit(at, end, _entity("]"))], end
        if text[end] == "(" and opener:
            begin = _after_space(text, end + 1, self.end)
            target = parseLinkDestination(text, begin, self.end)
            whole = _LINK_END.match(text, target.pos, self.end) if target.ok else None
            if whole and is_unsafe(target.str):
                if text[opener[0]] == "!":
                    alt = read_inline(text[opener[1] : at]).text
                    return [Edit(opener[0], whole.end(), f'<img alt="{_quoted(alt)}">')], whole.end()
                return [Edit(*opener, "<a>"), Edit(at, whole.end(), "</a>")], whole.end()
            if whole and not _leads_to_unsafe(text, end, self.end):
                address = _encoded(text[begin : target.pos])
                return [Edit(begin, target.pos, address)] if address else [], max(target.pos, end)
            if "<" in text[end : min(end + _LONGEST_ADDRESS, self.end)]:  # what becomes of a tag could make it a link
                return [Edit(at, end, _entity("]"))], end
        if not _leads_to_unsafe(text, end, self.end):
            return [], end
        if text[end] == ":" and opener and normalizeReference(text[opener[1] : at]) in self.references:
            begin = _after_space(text, end + 1, self.end)
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


def _after_space(text: str, at: int, end: int) -> int:
    match = re.compile(r"[ \t]*(?:\n[ \t>]*)?").match(text, at, end)
    return match.end() if match else at


def _next(places: Sequence[int], after: int) -> int | None:
    number = bisect_right(places, after)
    return places[number] if number < len(places) else None


def _entity(sign: str) -> str:
    return f"&#{ord(sign)};"


def _spaced(formula: str) -> str:
    """A formula in which spaces, which TeX passes over, part what means something to hosts; as code if there is more in it."""
    spaced = re.sub(rf"{_TAG_BEGINS}|{_SNIPPET}|\{{(?=[{{%!:])|\](?=[(:])", r"\g<0> ", formula)
    if "\n" not in spaced:
        spaced = _LIST_ITEM.sub(lambda item: f"{item['name']} {item['space']}=", spaced)
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
    return _VALUE_SIGN.sub(lambda match: _entity(match[0]), INVALID_CHARACTERS.sub("", value))


_VALUE_SIGN = re.compile(r"[^\w .,;:/?%#()-]")


# -- front matter


def harmless_meta(text: str) -> str:
    """The YAML of a paper with spaces in values, so that nothing in them is a tag, a template or an address that runs.

    Hosts put values into pages with and without escaping, so an entity would be seen.
    """
    try:
        root = compose(text)
    except UnreadableError:
        return _apart(text)
    edits = [_of_node(text, node, made) for node in _scalars(root) if (made := _apart(node.value)) != node.value]
    return edited(text, sorted(edits, key=lambda edit: edit.start))


def _of_node(text: str, node: yaml.ScalarNode, value: str) -> Edit:
    start, end = node.start_mark.index, node.end_mark.index
    return Edit(start, start + len(text[start:end].rstrip()), _yaml(value))


def _apart(value: str) -> str:
    value = re.sub(rf"{_TAG_BEGINS}|\{{(?=[{{%#!:])|{_SNIPPET}", r"\g<0> ", INVALID_CHARACTERS.sub("", value))
    return _RUNS.sub(r"\g<0> ", value) if _RUNS.match(value) else value


def _yaml(value: str) -> str:
    """A value as a double-quoted scalar on one line."""
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
