"""A citation as an entry of BibTeX that LaTeX sets as it is meant and that programs read back unchanged.

Letters of every script stay as they are (UTF-8), as biber, recent LaTeX and all reference managers read them.
"""

from __future__ import annotations

import re
from typing import Any

from ..support import read_table
from .citations import Citation, Name

MACROS = {"\\ "} | {
    f"\\{name}"
    for names in read_table(__package__, "tex_macros.toml", dict[str, Any]).values()
    for name in names.split()
}
r"""The macros that a formula may have, each with its backslash: `\alpha`, `\,`."""

_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%#$_{}"},
}
# BibTeX counts braces whether a backslash stands before them or not; one without its partner needs another name.
_ALONE = {"{": r"\ensuremath{\lbrace}", "}": r"\ensuremath{\rbrace}"}
# `--` would be one dash, `''` one quotation mark, `` ?` `` an inverted one.
_ESCAPED = re.compile(r"[\\~^&%#$_{}]|(?<=-)-|(?<=')'|(?<=[`?!])`|(?<=,),|(?<=<)<|(?<=>)>")
_MATH = re.compile(r"((?<!\\)\$(?!\s)(?:[^$\\%#&]|\\[^$])+?(?<!\s)\$(?!\d))")
"""Mathematics by pandoc's rule: a sign before no space, and one behind no space and before no digit.

Source: https://pandoc.org/MANUAL.html#extension-tex_math_dollars
"""
_MACRO = re.compile(r"\\(?:[^\W\d_]+|.)")
"""A macro as TeX reads it; to those that read Unicode, all letters are letters of its name."""
_BETWEEN = r"\s\-–—/:,;!?()\[\]\"'`“”‘’…，。：；！？、（）《》「」"
_PLAIN_WORD = re.compile(rf"[^{_BETWEEN}]{{2,}}")
_WORD = re.compile(rf"(?:{_MATH.pattern}|[^{_BETWEEN}])+|[{_BETWEEN}]+")
_MEANING = frozenset(("and", "others"))
_VENUE = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}


def bibtex_entry(citation: Citation) -> str:
    """The entry of a paper, with a line feed at its end.

    Identifiers and addresses stand as they are, as BibLaTeX wants them; everything else is escaped, but for the formulas of a title
    that have no other macros than `MACROS`. Words with capitals behind their first letter are in braces, so that styles leave them so.
    """
    c = citation
    fields = (
        ("title", _title(c.title)),
        ("author", " and ".join([*map(_name, c.authors), *["others"] * (c.others and bool(c.authors))])),
        (_VENUE[c.type], _text(c.venue)),
        ("year", str(c.year) if c.year else ""),
        ("doi", c.doi),
        ("eprint", c.arxiv),
        ("archivePrefix", "arXiv" if c.arxiv else ""),
        ("primaryClass", c.primary_class),
        ("url", c.url),
    )
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields if value]
    return f"@{c.type}{{{c.key},\n{''.join(lines)}}}\n"


def _title(title: str) -> str:
    if not _ESCAPED.search(title):
        return _PLAIN_WORD.sub(lambda word: _protected(word[0], word[0]), title)
    outside_formulas = _MATH.sub(lambda math: "" if _is_math(math[0]) else math[0], title)
    signs = _SIGNS if _is_balanced(outside_formulas) else _SIGNS | _ALONE
    return _WORD.sub(lambda word: _protected(word[0], _with_math(word[0], signs)), title)


def _protected(word: str, escaped: str) -> str:
    """A word in braces if it has capitals that a style would write small."""
    rest = word[1:]
    return escaped if rest.islower() or rest.lower() == rest else f"{{{escaped}}}"


def _with_math(text: str, signs: dict[str, str]) -> str:
    parts = _MATH.split(text)
    return "".join(
        part if number % 2 and _is_math(part) else _escaped(part, signs) for number, part in enumerate(parts)
    )


def _is_math(formula: str) -> bool:
    """Whether a formula does nothing but print, and its braces are balanced, for BibTeX and for TeX."""
    if "^^" in formula or not MACROS.issuperset(_MACRO.findall(formula)):  # to TeX, `^^5c` is a backslash
        return False
    return ("{" not in formula and "}" not in formula) or (
        _is_balanced(formula) and _is_balanced(re.sub(r"\\.", "", formula))
    )


def _is_balanced(text: str) -> bool:
    level = 0
    for sign in text:
        level += (sign == "{") - (sign == "}")
        if level < 0:
            return False
    return level == 0


def _text(text: str) -> str:
    return _escaped(text, _SIGNS if _is_balanced(text) else _SIGNS | _ALONE)


def _escaped(text: str, signs: dict[str, str]) -> str:
    return _ESCAPED.sub(lambda sign: signs.get(sign[0]) or f"{{{sign[0]}}}", text)


def _name(name: Name) -> str:
    """A name as BibTeX parts it: `van den Berg, Jr., Jan`; in braces what it must not part."""
    if name.literal:
        return f"{{{_text(name.literal)}}}"
    family = _name_part(name.family)
    if " " in name.family and any(word[0].islower() for word in name.family.split()):  # `Ortega y Gasset`
        family = f"{{{_text(name.family)}}}"
    parts = (f"{_name_part(name.particle)} {family}".strip(), _name_part(name.suffix), _name_part(name.given))
    return ", ".join(part for part in parts if part)


def _name_part(text: str) -> str:
    """A part of a name, in braces if one of its words means something between names, whatever its capitals."""
    means = not _MEANING.isdisjoint(text.casefold().split())
    return f"{{{_text(text)}}}" if means else _text(text)
