"""What some host could obey in a text: tags, templates, macros, attribute lists, and addresses that run something.

Hosts disagree about what is code, a tag or a link, so a text is judged whatever it is part of.
"""

from __future__ import annotations

import html
import re

from ..markdown_extension import LIST_ATTRIBUTES, UNSAFE_MACRO
from ..reader import INVALID_CHARACTERS, safe_url
from ..support import is_theme_id

# After a closed block, Python-Markdown puts entities elsewhere: what they part is one then.
_ENTITY = r"&#?\w+;?"
TAG_BEGINS = r"<(?=[A-Za-z/!?&])"
TEMPLATE = r"\{(?=[{%!]|::)"
LINE_MARK = r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?=/{3}|:{3})"  # blocks of pymdownx, and of mkdocstrings
SNIPPET = r"(?<=8)<(?=-)"  # `--8<-- "file"`
_RISK = re.compile(rf"{TAG_BEGINS}|{TEMPLATE}|{LINE_MARK}|{SNIPPET}|{UNSAFE_MACRO}", re.MULTILINE)
LEADS = re.compile(rf"\](?=(?:[ \t\n>]|{_ENTITY})*[(:])")
_BEFORE_ADDRESS = re.compile(rf"(?:[(:<> \t\n]|{_ENTITY}(?=[(:&]))*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?=.)", re.IGNORECASE)
LONGEST_ADDRESS, _LONGEST_LIST = 400, 1000

LIST_ITEM = re.compile(r"(?<![\w:.-])(?P<name>[\w:.-]{2,})(?P<space>\s*)=")
_LETTERS = re.compile(r"[a-z:-]+", re.IGNORECASE)
_HIDING = re.compile(r"(?:^|\s)(?:hidden|inert|popover|toc)(?=\s|$)", re.IGNORECASE)
_ID = re.compile(r"#([^\s#.}]+)")


def is_risky(text: str, *, formula: bool = False) -> bool:
    """Whether some host may obey something in a text, whatever it takes the text for."""
    if _RISK.search(text):
        return True
    if any(is_risky_list(text, brace.start(), formula=formula) for brace in re.finditer(r"\{", text)):
        return True
    return any(leads_to_unsafe(text, match.end()) for match in LEADS.finditer(text))


def is_risky_list(text: str, at: int, end: int | None = None, *, formula: bool = False) -> bool:
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
        and item["name"].lower() not in LIST_ATTRIBUTES
        and not (formula and item["space"] and not item["name"].lower().startswith("on"))
        for item in LIST_ITEM.finditer(inside)
    )


def leads_to_unsafe(text: str, at: int, end: int | None = None) -> bool:
    """Whether an unsafe address may follow the `]` before a place."""
    if text.startswith(("(https://", "(http://", "(#"), at):
        return False
    begins = text[at : min(len(text) if end is None else end, at + LONGEST_ADDRESS)]
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
    """Whether an address that may run something begins here; browsers drop white space, hosts know several escapes."""
    for plain in (address, re.sub(_ENTITY, "", address)):
        for _ in range(3):
            plain = html.unescape(re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", plain))
        bare = re.sub(r"[\s>]+", "", INVALID_CHARACTERS.sub("", plain))
        if _SCHEME.match(bare) and not safe_url(bare):
            return True
    return False
