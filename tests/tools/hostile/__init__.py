"""Hostile papers: where in a paper a text can be, what it is, and what must not come of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|([nt\\]))")
PAYLOADS = [
    _ESCAPE.sub(lambda m: {"n": "\n", "t": "\t", "\\": "\\"}[m[3]] if m[3] else chr(int(m[1] or m[2], 16)), line)
    for line in Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]

LINES = {
    "lines": """\
### {x} T{n} \\[[{x}](https://example.org/{n})\\] [{x}] [2024.5]
- `Keypoints:` {x}; K{n};
- `Objective:` {x} {w}
- `Mood:` {x}
- `{x}:` value
- **{x}** value
- **Authors:** {x}, Ann Bo
- **Venue:** {x}
- **Date:** {x}
- **Code:** {x}

[{x}](https://ok.org '{x}') and [a]({x}) and [b](<{x}>)

![{x}](https://ok.org/x.png '{x}') and ![b]({x})

> {x}

- a
    - {x}

#### {x}

| a | b |
|---|---|
| {x} | {x} |
""",
    "marks": """\
### [T{n}](https://arxiv.org/abs/2405.00001?{x})
- `Keypoints:` K{n};
- {w}

<b title="{x}">b</b> <i title='{x}'>i</i> <a href="{x}">a</a> <img alt="{x}" src="{x}">

**x**{{ title='{x}' {x} }} `{x}` $a {x} b$

$$
{x}
$$

-   <details>
    <summary>{x}</summary>

    - `Method:` {x}
</details>

```{x}
{x}
```

- a
  ~~~
  {x}
  ~~~

        {x}
""",
}
"""Papers with a payload `{x}` in all places where it cannot swallow what follows; `{n}` is its number, `{w}` a word that must not get lost."""

BLOCKS = {
    "text": "### T{n}\n- `Keypoints:` K{n};\n\n{w}\n\n{x}\n\nand {x}\n",
    "folded": "### T{n}\n- `Keypoints:` K{n};\n\n{w}\n\n<details><summary>s</summary>\nAbstract: {x}\n\n{x}</details>\n",
    "raw": "### T{n}\n- `Keypoints:` K{n};\n\n{w}\n\n<div>{x}</div>\n",
    "torn": "### T{n}\n- `Keypoints:` K{n};\n\n{w}\n\n<div>{x}\n",
    "end": "### T{n}\n- `Keypoints:` K{n};\n\n{w}\n\n</details>{x}\n",
    "footnote": "### T{n}\n- `Keypoints:` K{n};\n\n{w}[^{n}]\n\n[^{n}]: note {x}\n\n[r{n}]: {x} '{x}'\n",
}
"""Papers with a payload where a block begins."""

OTHERS = {
    "item": "- **[T{n} {x} of Many Things and Words](https://arxiv.org/abs/2405.{n:05})** {x} - Ann Bo\n  - Keywords: K{n}\n  - TLDR: {x} {w}\n",
    "row": "| 2024-05-0{d} | [T{n} {x}](https://arxiv.org/abs/2405.{n:05}) | {x} | {w} |\n",
    "bold": "**T{n} {x}**\n- Paper: https://arxiv.org/abs/2405.{n:05}\n- Keywords: K{n}\n- TLDR: {x} {w}\n\n",
}
"""Papers of other shapes."""

TABLE = "| Date | Title | Authors | TLDR |\n|---|---|---|---|\n"

PAGE = """\
---
title: {y}
authors: [{y}]
venue: {y}
abstract: {y}
tags: [{y}, K{n}]
description: {y}
author: {y}
arxiv: "2405.{n:05}"
date: 2024-05-01
---
{x}

{w}
"""
"""A page that is one paper; `{y}` is the payload as YAML."""

_OPENS_A_BLOCK = re.compile(r"\s*<(?:!|\?|(?:script|style|textarea|pre)\b)|`{3}|\$\$", re.I)
"""What swallows the rest of a page if it begins a line."""


def payload(number: int) -> str:
    """A payload that calls `pwn` with its own number."""
    return PAYLOADS[number].replace("(N)", f"({number})").replace("[rN]", f"[r{number}]")


def word(number: int) -> str:
    """A word that a paper has besides its payload."""
    return f"word{number}word"


def papers(template: str, numbers: list[int]) -> str:
    return ("" if template[0] == "|" else "\n").join(
        template.format(x=payload(n) if template[0] != "|" else _cell(payload(n)), n=n, d=n % 9 + 1, w=word(n))
        for n in numbers
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def pages(step: int = 1) -> Iterator[tuple[str, str]]:
    """The digests: one for each kind of paper, and one for each payload that swallows what follows; each kind with every `step`-th payload, and each payload in every `step`-th kind."""
    head = "# 202405\n\n## Category\n\n"
    every = range(len(PAYLOADS))
    swallowing = {n for n in every if _OPENS_A_BLOCK.match(PAYLOADS[n])}
    broken = {n for n in every if "\n" in PAYLOADS[n]}
    for n in every[::step]:
        yield f"page/{n}.md", PAGE.format(x=payload(n), y=yaml_text(payload(n)), n=n, w=word(n))
    kinds = [
        *((*kind, broken) for kind in LINES.items()),
        *((*kind, swallowing | broken) for kind in BLOCKS.items()),
        *((*kind, set()) for kind in OTHERS.items()),
    ]
    for place, (name, template, alone) in enumerate(kinds, 1):
        own = every[place % step :: step]
        table = TABLE if name == "row" else ""
        yield f"{name}/202405.md", head + table + papers(template, [n for n in own if n not in alone])
        for n in own:
            if n in alone:
                yield f"{name}/{n}/202405.md", head + papers(template, [n])


def yaml_text(text: str) -> str:
    """A text as YAML between double quotes."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\U{ord(c):08x}" for c in text) + '"'


_RUNS = frozenset(
    "script iframe object embed applet frame portal base meta link style form animate set use foreignobject".split()
)
_ADDRESSES = frozenset(
    "href src action formaction xlink:href data poster cite background ping srcset lowsrc dynsrc longdesc values to".split()
)
_SCHEME = re.compile(
    r"(?:^|,\s*)(?:javascript|vbscript|livescript|view-source|data:(?!image/(?:png|jpeg|gif|webp|avif)))", re.I
)
_STYLE = re.compile(r"position|expression|binding|url\(|@import|pwn", re.I)


_COVERS = re.compile(r"\bmd-overlay|stretched-link|position-fixed|\bvh-100")
"""Classes of payloads that lay an element over the page; themes have none of them in their own pages."""


def faults(source: str) -> list[str]:
    """What a browser would run, or lay over the page, in an HTML document or fragment that holds payloads."""
    found = []
    for node in LexborHTMLParser(source).css("*"):
        tag = node.tag or ""
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        if tag in _RUNS and ("pwn" in (node.html or "")) and not _is_data(tag, attributes):
            found.append(f"<{tag}> {(node.html or '')[:200]}")
        for name, value in attributes.items():
            bare = re.sub(r"[\x00-\x20]", "", value)
            if (
                (name.startswith(("on", "@", ":", "x-on")) and "pwn" in value)
                or name in ("srcdoc", "formaction")
                or (name in _ADDRESSES and _SCHEME.search(bare))
            ):
                found.append(f"{name}={value[:100]}")
            elif name == "style" and _STYLE.search(value):
                found.append(f"style={value[:100]}")
            elif name == "class" and _COVERS.search(value):
                found.append(f"class={value[:100]}")
            elif tag == "img" and name == "href":
                found.append(f"a badge in <img>: {value[:100]}")
            elif (
                tag != "link"
                and name in ("title", "alt", "data-title", "data-description")
                and re.search(r"<[A-Za-z!/?]", value)
            ):
                found.append(f"{name} as HTML: {value[:100]}")  # themes show it so
            elif (
                name in ("id", "name")
                and value.startswith(("__config", "__search", "__drawer"))
                and "pwn" in (node.html or "")
            ):
                found.append(f"{name}={value[:100]}")
    return found


def _is_data(tag: str, attributes: dict[str, str]) -> bool:
    """Whether an element is data, or of the head of a page, as long as its attributes run nothing."""
    if tag == "script":
        return attributes.get("type", "") in ("application/ld+json", "math/tex", "math/tex; mode=display")
    if tag == "meta":
        return "http-equiv" not in attributes
    return tag == "link" and attributes.get("rel") in ("canonical", "alternate")


def text_of(source: str) -> str:
    """The text of HTML, entities decoded."""
    return html.unescape(LexborHTMLParser(source).text() or "")
