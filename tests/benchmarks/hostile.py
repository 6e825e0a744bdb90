"""Hostile text: how the time of each pattern and function grows when a text gets four times as long."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import mkdocs_paperdigest
from mkdocs_paperdigest.markdown_site.links import escaped_line
from mkdocs_paperdigest.reader import read_digest
from mkdocs_paperdigest.reader.markers import marker_findings
from mkdocs_paperdigest.reader.mentions import mentions
from mkdocs_paperdigest.reader.outside_links import links_outside
from mkdocs_paperdigest.records.link_sites import TABLE

SIZE, TIMES = 1500, 4
MOST = 8.0
"""Linear is 4, quadratic 16: from here on growth is no noise."""

_LEAST, _LIMIT = 0.02, 2.0
SIGNS = (
    "a 1 A _ * ** ` `` ~~ $ $$ < > [ ] ( ) ]( ![ [a] [a]( [a][ [[a] { } | \" ' \\ / # ! ? & &amp; <!-- --> <![CDATA[ <? <a </ "
    "<b> <br> = + @ % . , ; : - -a .- ，； 中 • 🔥 1. 1, 10.1/ http:// arXiv: and the"
).split()
TOKENS = (
    *SIGNS,
    " ",
    "\t",
    "\n",
    "\n\n",
    "- ",
    "> ",
    "1. ",
    ", ",
    "; ",
    " \n",
    "\r\n",
    "<a ",
    "\n- ",
    "\n# a",
    "\n| a",
    "- a\n",
)
PREFIXES = ("", "a", "<", "[", "(", "`a", "<a", "1. a", "**", "[ ", "rowspan =", "](", "# ", "<!--a")

CUT = {
    "exports.citations": 300,
    "records.identifiers": 2000,
    "reader.venues": 400,
    "markdown_extension.inline_text": 6000,
}
"""What is asked of texts that are cut to so many characters before."""

SHAPES = {"_LINKED": {"match"}, "_STRONG": {"match"}, "_DECORATED": {"match"}}
"""How patterns are used that stand in a loop over several."""

WELL_FORMED = frozenset(
    "support.html_addresses markdown_extension.digest_pages markdown_extension.heading_ids "
    "markdown_extension.page_state markdown_extension.paper_html._TAG mkdocs_host.head "
    "mkdocs_host.integrations mkdocs_host.navigation mkdocs_host.search_text".split()
)
"""Patterns, and modules, that are asked of HTML as a parser writes it, in which no tag and no comment is left open."""

GUARDED = frozenset(("markdown_extension.sanitising.TAG",))
"""Patterns that another takes the place of where a text has many of their beginnings."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The worst text of a pattern or function: seconds for it, and for four times as much of it, None for too long."""

    name: str
    text: str
    seconds: float
    longer: float | None

    @property
    def is_linear(self) -> bool:
        """Whether the time did not grow much faster than the text."""
        return self.longer is not None and (self.longer < _LEAST or self.longer < MOST * self.seconds)


class _TooLongError(Exception):
    pass


def table() -> Iterator[str]:
    """The doubling table, a line for each pattern and function that takes any time, worst last; ends with what is not linear."""
    found = sorted(
        [*_of_functions(), *_of_patterns()], key=lambda growth: _LIMIT if growth.longer is None else growth.longer
    )
    for growth in filter(lambda growth: growth.text, found):
        longer = "too long" if growth.longer is None else f"{growth.longer * 1000:.1f} ms"
        mark = " " if growth.is_linear else "!"
        yield f"{mark} {growth.seconds * 1000:8.1f} ms {longer:>11}  {growth.name}  {growth.text!r}"
    wrong = [growth.name for growth in found if not growth.is_linear]
    yield f"{len(found)} patterns and functions, {len(wrong)} not linear: {', '.join(wrong) or 'none'}"


def _of_patterns() -> Iterator[Growth]:
    for name, pattern, uses in patterns():
        size = CUT.get(name.rpartition(".")[0], TIMES * SIZE) // TIMES
        texts = [(prefix, token) for prefix in PREFIXES for token in TOKENS]
        yield _worst(name, texts, size, [_USES[use](pattern) for use in uses])


def patterns() -> Iterator[tuple[str, re.Pattern[str], list[str]]]:
    """The patterns of modules and of the table of hosts, and how each is used; less those of HTML that a parser wrote."""
    for module in pkgutil.walk_packages(mkdocs_paperdigest.__path__, "mkdocs_paperdigest."):
        short = module.name.partition(".")[2]
        if short.endswith("__main__") or short in WELL_FORMED:
            continue
        loaded = importlib.import_module(module.name)
        source = Path(str(loaded.__file__)).read_text(encoding="utf-8")
        for name, value in vars(loaded).items():
            if not re.search(rf"^{name}\b.* = ", source, re.MULTILINE):  # it is another module's
                continue
            if f"{short}.{name}" in WELL_FORMED | GUARDED:
                continue
            for pattern in value if isinstance(value, tuple) else [value]:
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    used = set(re.findall(rf"\b{name}\.(\w+)\b", source)) or SHAPES.get(name, set())
                    uses = [use for use in ("match", "fullmatch") if use in used]
                    yield f"{short}.{name}", pattern, uses if used and used <= set(_USES) else [*uses, "finditer"]
    for host in TABLE.hosts:
        site = next(iter(host.sites))
        for own in host.identifiers:  # as `records.identifiers` asks them
            yield f"records.identifiers.{site}", re.compile(own.path, re.IGNORECASE | re.ASCII | re.DOTALL), ["match"]
            yield f"records.identifiers.{site}?", re.compile(own.query or "", re.ASCII), ["finditer"]
        for text in host.kinds.values():
            yield f"records.link_sites.{site}", re.compile(text, re.IGNORECASE), ["match"]
        yield f"records.link_sites.{site}?", re.compile(host.others or "", re.IGNORECASE), ["finditer"]


_USES: dict[str, Callable[[re.Pattern[str]], Callable[[str], Any]]] = {
    "match": lambda pattern: pattern.match,
    "fullmatch": lambda pattern: pattern.fullmatch,
    "finditer": lambda pattern: lambda text: sum(1 for _ in pattern.finditer(text)),
}
_PAPER = "# 202405\n\n## Field\n\n### {}\n- `Keypoints:` {};\n- **Authors:** {}\n- `Method:` {}\n\n{}\n"
_LISTS = "# 202405\n\n## Field\n\n- [A Title of Some Words](https://arxiv.org/abs/2405.00001) {}\n\n|Title|Keywords|\n|---|---|\n|{}|{}|\n"


def _of_functions() -> Iterator[Growth]:
    def mentioned(text: str) -> None:
        list(mentions(text, read_digest(text, "202405.md")[0]))

    def named(text: str) -> None:
        read_digest(
            _PAPER.replace("{}", "; ".join(f"{token} {text[:9]}" for token in range(len(text) // 2))), "202405.md"
        )

    def marked(text: str) -> None:
        list(marker_findings(f"<!-- paperdigest: {text} -->\n{text}", "202405.md"))

    for name, function in {
        "read a paper": lambda text: read_digest(_PAPER.replace("{}", text), "202405.md"),
        "read a list and a table": lambda text: read_digest(_LISTS.replace("{}", text), "202405.md"),
        "read a page": lambda text: read_digest(text, "202405.md"),
        "mentions of keypoints": lambda text: mentioned(_PAPER.replace("{}", text)),
        "links out of the docs": lambda text: links_outside(f"../a {text}", "a.md"),
        "many keypoints of a paper": named,
        "markers": marked,
        "a line of plain Markdown": escaped_line,
    }.items():
        yield _worst(name, [("", token) for token in TOKENS], SIZE, [function])


def _worst(name: str, texts: list[tuple[str, str]], size: int, functions: list[Callable[[str], Any]]) -> Growth:
    """The text whose time grows most, of those that take any; what seems not to be linear is measured again."""
    worst = Growth(name, "", 0.0, 0.0)
    for prefix, token in texts:
        for function in functions:
            for again in range(3):
                text = f"{prefix}{token * (TIMES * size // len(token))}\0{again}"  # another one, for caches
                longer = _seconds(function, text)
                if longer is not None and longer <= max(_LEAST, worst.longer or 0.0):
                    break
                text = f"{prefix}{token * (size // len(token))}\0{again}"
                growth = Growth(name, f"{prefix}{token}…", _seconds(function, text) or _LIMIT, longer)
                if growth.is_linear:
                    worst = growth
                    break
            else:
                return growth
    return worst


def _seconds(function: Callable[[str], Any], text: str) -> float | None:
    """What a call takes; None if it takes too long."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _LIMIT)
    began = time.process_time()
    try:
        function(text)
        return time.process_time() - began
    except _TooLongError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
