"""The figures of papers: where they stand in a text, whether they are described, and which of them have a copy in the docs."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Iterator
from dataclasses import dataclass

from markdown_it.common.utils import normalizeReference, unescapeAll

from ..reader import Lines, attributes, read_inline, safe_url, split_front_matter, walk_blocks
from ..records import Digest, Figure, Finding, Paper, finding

_PICTURE = re.compile(
    r"<img\b(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>"
    r"|!\[(?P<alt>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){0,2000})\]"
    r"(?:\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<url>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*))|\[(?P<label>[^\[\]]{0,200})\])?",
    re.IGNORECASE | re.DOTALL,
)
# What programs write for a description: GitHub, screenshot tools and note-taking programs, phones; with a number or time behind it.
_NO_DESCRIPTION = re.compile(
    r"(?:alt(?:[ _-]?text)?|(?:pasted[ _-]?)?(?:image|img|picture|photo)|screen[ _-]?shot|(?:屏幕)?(?:截图|截屏|快照)"
    r"|图片|图像|画像|スクリーンショット|微信图片|微信截图|dsc|pxl)(?:[\W\d_]|from|at|[ap]m|[年月日时時分秒]){0,60}"
    r"|\S(?:.{0,200}\S)?\.(?:png|jpe?g|gif|webp|avif|svg|bmp|tiff?|heic)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure of a paper where its source has it: 1-based line and column; `is_html` says that it is written as `<img>`."""

    paper: Paper
    figure: Figure
    line: int
    column: int
    is_html: bool = False


def placed_figures(text: str, digest: Digest) -> Iterator[PlacedFigure]:
    """The figures of a digest in the order of `Paper.figures`, without badges of meta lines; one not found is placed at its paper."""
    if not any(section.paper.figures for section in digest.sections):
        return
    lines = Lines(text)
    above = split_front_matter(text)[2]
    references = digest.definitions
    for section in digest.sections:
        meta = section.blocks[: section.meta]
        said = [read_inline(block.text, references) for block in walk_blocks(meta) if block.kind == "paragraph"]
        badges = sum(safe_url(figure.src) for inline in said for figure in inline.figures)
        if len(section.paper.figures) == badges:
            continue
        first = meta[-1].end if meta else section.start
        written: dict[str, deque[tuple[int, int, bool]]] = {}
        blocks = [block for block in walk_blocks(section.blocks) if block.kind in ("fence", "code")]
        code = {above + line + 1 for block in blocks for line in range(block.start, block.end)}
        for src, line, column, is_html in _pictures(lines, first + above, section.end + above, code, digest):
            written.setdefault(src, deque()).append((line, column, is_html))
        for figure in section.paper.figures[badges:]:
            places = written.get(figure.src)
            yield PlacedFigure(section.paper, figure, *(places.popleft() if places else (section.paper.line, 1, False)))


def _pictures(
    lines: Lines, first: int, last: int, code: Container[int], digest: Digest
) -> Iterator[tuple[str, int, int, bool]]:
    """What looks like a picture in the lines from `first` to `last`: its address and place, and whether it is HTML."""
    for match in _PICTURE.finditer(lines.text, *lines.between(first, last)):
        line, column = lines.place(match.start())
        if line in code:
            continue
        if match["attributes"] is not None:
            yield attributes(match["attributes"]).get("src", "").strip(), line, column, True
        elif match["angle"] is not None or match["url"] is not None:
            yield unescapeAll(match["angle"] or match["url"] or ""), line, column, False
        elif reference := digest.references.get(normalizeReference(match["label"] or match["alt"])):
            yield reference[0], line, column, False


# -- descriptions


def alt_findings(text: str, digest: Digest) -> Iterator[Finding]:
    """PD610 for figures that say nothing to those who cannot see them; arguments as those of `placed_figures`.

    Source: https://www.w3.org/WAI/tutorials/images/tips/ on what is no text alternative.
    """
    for placed in placed_figures(text, digest):
        alt = " ".join(placed.figure.alt.split())
        if alt and not _NO_DESCRIPTION.fullmatch(alt):
            continue
        where = '`alt="…"`' if placed.is_html else "the square brackets"
        advice = f"`{alt if len(alt) <= 40 else alt[:39] + '…'}` is no description: " if alt else ""
        advice += f"write what it shows into {where}"
        yield finding("PD610", digest.path, placed.line, placed.column, placed.figure.src, advice=advice)
