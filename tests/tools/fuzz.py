"""What the nox session `fuzz` runs: digests of all shapes made at random, and what must hold for any of them.

It is no test module of pytest: it takes long, and goes on behind a fault, so that one run shows all kinds of them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import json
import logging
import re
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cached_site import Site, differences
from conftest import EXTENSIONS as OF_A_SITE
from conftest import write
from converting import sections
from github import github_html, html_errors, shown
from hostile import PAYLOADS, faults, payload, yaml_text
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from test_extensions_in_papers import CASES, CONFIGS, EXTENSIONS, OF_MOST_SITES, Pages
from test_feeds import read as read_feed
from test_render_payloads import OBEYED, make_hosts, rendered
from test_render_payloads import faults as faults_of_hosts

from mkdocs_paperdigest.exports.papers_json import papers_schema
from mkdocs_paperdigest.reader import read_page, split_front_matter

ARXIV = "https://arxiv.org/abs/24"
IN_BUILD = 50
"""Pages of one site."""
SLOW = 5.0
"""Seconds of work on one page that are too many; most take a tenth of one."""

# In all of them, `{w}` is a word of its own, `{x}` anything in one line, `{n}` the number of the piece.
PAPERS = {
    "heading": (
        "### {w} {x}\n[DiT][2024.7]\\[[paper]("
        + ARXIV
        + "05.{n})\\]\n- `Keypoints:` {w}; {x}; k{n};\n- `Objective:`{w} {x}\n",
        "",
    ),
    "heading with its link": (
        "### {n}. [{w} {x}](" + ARXIV + "06.{n}) {x}\n*{w}, Lin Reed*\n\n**Keywords:** {w}, {x}\n\n",
        "",
    ),
    "item": (
        "- **[{w} {x} of Things](" + ARXIV + "07.{n})** {x} - Ann Bo\n  - Keywords: {w}, {x}\n  - TLDR: {x} {w}\n",
        "  ",
    ),
    "item with tags": (
        "- {w} {x} `[SD]` `[2024.08]` \\[[paper](" + ARXIV + "08.{n})\\]\n    - `Keypoints:` {w}; {x}\n",
        "    ",
    ),
    "bold": ("**{w} {x}**\n- Paper: " + ARXIV + "09.{n}\n- Keywords: {w}\n- TLDR: {x}\n\n", ""),
    "daily": (
        "### [{n}] [{w} {x}](" + ARXIV + "10.{n})\n*{w}, {x}*\n\nMain category: cs.CL\n\nTL;DR: {w} {x}\n\n"
        "<details>\n  <summary>Details</summary>\nMotivation: {w} {x}\n\nMethod: {w}\n\n**Result:** {x} {w}\n"
        "Abstract: {w} {x}\n{x}\n</details>\n\n",
        "",
    ),
    "noti": (
        "### {w} {x}\n - **Authors:** {w}, {x}\n - **Subjects:** A ({w}); B\n - **Arxiv link:** "
        + ARXIV
        + "11.{n}\n - **Abstract**\n {w} {x}\n\n",
        "",
    ),
    "folded": (
        "### {w}\n- `Keypoints:` {x}; {w}\n\n-   <details>\n    <summary>{w} {x}</summary>\n\n    - `Method:` {w}\n        - {x}\n\n"
        "    - `Metric:` {w}\n\n</details>\n",
        "",
    ),
    "rows": (
        "| Title | Paper | Keywords | Summary |\n|---|---|---|---|\n"
        "| **{w} {x}** | [pdf]("
        + ARXIV
        + "12.{n}) | {w}, {x} | {x} {w} |\n| {w} {x} | [{x}]("
        + ARXIV
        + "12.1{n}) | {w} | {x} |\n\n",
        "",
    ),
    "rows with details": (
        "| Title | Date | Abstract |\n|---|---|---|\n| **[{w} {x}](" + ARXIV + "13.{n})** | 2024-05-01 "
        "| <details><summary>{w}</summary><p>{w} {x}</p></details> |\n\n",
        "",
    ),
    "table": (
        "<table><tr><th>Title</th><th>PDF</th></tr>\n<tr><td><b>{w} {x}</b></td><td><a href='"
        + ARXIV
        + "14.{n}'>{w}</a></td></tr>"
        "</table>\n\n",
        "",
    ),
}
"""Papers of many shapes, and how far what belongs to them is indented."""

PAGE = "---\ntitle: {y}\narxiv: '2405.{n}'\ntags: [{y}, k{n}]\nauthors: [{y}]\nabstract: {y}\ndate: 2024-05-01\n---\n{w} {x}\n\n"
"""The beginning of a page that is one paper; `{y}` is anything as YAML."""

BETWEEN = ["# 202405", "## {w}", "## 2024-05", "***", "# {w}\n\nAbout {w}.", "## Keywords\n\n- {w}\n- {w} {x}"]

BODIES = [
    *("{w} {x}", "{w}\n{x} {w}", "- {w} {x}\n- {x}", "1. {w}\n2) {x}", "> {w}\n> {x}", "#### {w} {x}", "{x}\n{w}"),
    *("- `Method:` {w} {x}\n    - {x}\n    - `Metric:` {w}", "**{w}:** {x}", "- **{x}** {w}", "**Authors:** {x}, {w}"),
    *("[{w}](https://example.org/{n} '{x}')", "[{x}]({x}) {w}", "![{w}](x.png '{x}')", "![{x}](<{x}>) {w}"),
    *("| {w} | {x} |\n|---|---|\n| {x} | {w} |", "| {w} |\n|---|\n| {x} |\n\n{w}\n---", "{w}\n---", "{w} {x}\n==="),
    *("```{x}\n{w} {x}\n```", "~~~\n{w}\n{x}", "    {w} {x}", "\t{w}", "`{w} {x}` and ``{x}`` {w}", "$${x}$$ {w}", "$$\n{x}\n$$"),
    *("{w}[^{n}]\n\n[^{n}]: {w} {x}", "[^{n}]:\n    {w}\n\n    - {x}", "As[^{n}] {w}.", "[r{n}]: {x} '{x}'\n\n[{w}][r{n}]"),
    *("<div>{w} {x}</div>", "<div>\n\n{x} {w}\n\n</div>", "<div>{x}\n{w}", "</div>{x}", "<p align='center'>\n{w} {x}", "</details>"),
    *("<details><summary>{w} {x}</summary>\n\n{x} {w}\n\n</details>", "<details><summary>{x}</summary>{w}", "<!-- {x}"),
    *("<!-- {x} -->{w}", "<b title=\"{x}\">{w}</b>", "<i title='{x}' {x}>{w}</i>", "<a href={x}>{w}</a>", "<{x}>{w}", "</ul></li>{w}"),
    *("*{w}*{ {x} }", "{w}\n{: {x} }", "**{w}** __{x}__ _{w}*", "~~{w}~~ ^^{x}^^ =={w}==", "{++{w}++}{--{x}--}", "++{w}+{x}++"),
    *('!!! note "{x}"\n    {w} {x}', '??? tip "{w}"\n\t{x} {w}', '=== "{x}"\n\n    {w}\n\n=== "{w}"\n    {x}', "> [!NOTE] {w}\n> {x}"),
    *("/// note | {x}\n{w}\n///", "/// html | {x}\n{w}\n///", "/// details | {w}\n{x}", "{w}\n:   {x}\n\n:   {w}", "*[kelp]: {x}"),
    *("- [ ] {w} {x}", "- {w}\n\n  {x}\n\n      {w}\n- {x}", "-\n{w}", "- - - {w}\n      {x}", "{w}  \n{x}\\\n{w}", "&{w}; &#{n}; {x}"),
    *("{w} --8<-- {x}", "::: {w}\n    {x}", "{{ {w} }} {% {x} %}", "[TOC]\n\n{w}", "{w} <https://example.org/{n}> {x}", "\\{x} {w}"),
    *(f"{mark * 120}{{w}} {{x}}" for mark in ("> ", "- ", "1. ", "> - ", "<div>", "<b>", "*", "[", "!")),
    *(re.sub(r"\[\^(\w+)\]", r"[^\1{n}]", text) for text in CASES.values()),
]  # fmt: skip
"""What is in a paper, besides."""

ODD = (
    "\x00\x01\x02\x03\x08\x0b\x0c\x1b\x1c\x1f\x7f\x80\x85\x9f\xa0\xad\u034f\u061c\u200b\u200d\u200e\u2028\u2029\u202e\u2066\ufdd0\ufeff"
    "\ufffc\ufffd\ufffe\uffff\U0001f600\U0001fffe\U000e0001\U0010ffff汉שéß；：、"
)
INLINE = [payload(n).replace("\n", " ") for n in range(len(PAYLOADS))]
BENIGN = [
    *("of the gap", "*kelp* and **moss**", "`code`", "$a_1$", "[link](https://example.org/)", "3 < 4 & 5", "C++", "a_b_c"),
    *("", "", "", "", "[code](https://github.com/a/b)", "2024-05-01", "CVPR 2024", "\\& \\<", "汉字、כן", ":sparkles:", "[2024.7]"),
]  # fmt: skip
MARKS = "#`*_-<>[]()!|\\~$&;:{}^=+/'\"%@?.,0a\t "
ANYTHING = st.one_of(
    *[st.sampled_from(BENIGN)] * 4,
    *[st.sampled_from(INLINE)] * 3,
    st.text(st.sampled_from(ODD), min_size=1, max_size=4),
    st.text(st.sampled_from(MARKS), min_size=1, max_size=12),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=8),
    st.sampled_from(MARKS).map(lambda mark: mark * 400),
)
"""What can stand within a line; surrogates cannot be in a file."""

BLOCKS = st.one_of(
    *[st.sampled_from(BODIES)] * 8,
    st.integers(0, len(PAYLOADS) - 1).map(lambda number: payload(number) + " {w}"),
)


@st.composite
def digests(draw: st.DrawFn) -> str:
    """A page with papers, most of one shape."""
    words, numbers = itertools.count(), itertools.count(10)

    def filled(template: str, *, is_cell: bool = False) -> str:
        number = f"{next(numbers):05}"

        def value(match: re.Match[str]) -> str:
            if match[1] == "w":
                return f"w{next(words)}w"
            if match[1] == "n":
                return number
            text = draw(ANYTHING)
            if match[1] == "y":
                return yaml_text(f"w{next(words)}w {text}")
            return text.replace("|", "\\|") if is_cell else text

        return re.sub(r"\{([wxyn])\}", value, template)

    parts = [filled(PAGE) if draw(st.integers(0, 7)) == 0 else "# 202405\n\n"]
    main = draw(st.sampled_from(sorted(PAPERS)))
    for _ in range(draw(st.integers(1, 4))):
        shape = main if draw(st.integers(0, 3)) else draw(st.sampled_from(sorted(PAPERS)))
        template, indent = PAPERS[shape]
        parts.append(filled(template, is_cell="|---" in template))
        for body in draw(st.lists(BLOCKS, max_size=4)):
            text = re.sub("^(?=.)", indent, filled(body), flags=re.MULTILINE)
            parts.append(text + draw(st.sampled_from(["\n", "\n\n", "\n\n"])))
        parts.append("\n")
        if draw(st.integers(0, 4)) == 0:
            parts.append(f"\n{filled(draw(st.sampled_from(BETWEEN)))}\n\n")
    ends = draw(st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", "\r"]))
    return "".join(parts).replace("\n", ends)


# --- what must hold

Faults = dict[str, str]
"""What is wrong, by its kind."""


def raised(error: BaseException) -> str:
    """An exception and where in the package it was raised, as the name of a kind."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "mkdocs_paperdigest" in frame.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno} {frames[-1].name}" if frames else "elsewhere"
    return f"{type(error).__name__} in {place}"


def words_of(text: str) -> list[str]:
    return re.findall(r"w\d+w", text)


_DEFINITION = re.compile(r"\*\[[^\]\n]*\] ?:[ ]*\n?.*|\[\^1\]:.*")
"""What Python-Markdown shows only where it is used, abbreviations, and only the last of, a footnote that is there more than once."""
_BUILD_DATE = re.compile(rb"Build Date UTC : .*")

SITES: dict[str, Callable[[], Pages]] = {
    "all extensions": cache(lambda: Pages(EXTENSIONS, CONFIGS)),
    "extensions of most sites": cache(lambda: Pages(OF_MOST_SITES, CONFIGS, tables=True)),
    "few extensions": cache(lambda: Pages(["tables", "toc"], {})),
}


@cache
def hosts() -> dict[str, Callable[[str], str]]:
    return make_hosts(Path(tempfile.mkdtemp(prefix="fuzz-")))


def faults_of_page(text: str) -> tuple[Faults, int]:
    """What is wrong with one page, and how many papers it has."""
    found: Faults = {}
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        meta, body, above = split_front_matter(text)
        digest, findings = read_page(body, "202405.md", above + 1, meta=meta)
    except Exception as error:
        return {f"reading: {raised(error)}": traceback.format_exc()}, 0
    lines = body.split("\n")
    if not all(1 <= finding.line <= len(lines) + above + 1 and finding.column >= 1 for finding in findings):
        found["reading: a finding outside the page"] = str(findings)
    in_papers = words_of(
        _DEFINITION.sub("", "\n".join(line for one in digest.sections for line in lines[one.start : one.end]))
    )
    expected = set(shown(github_html(body)).words) & set(in_papers)
    inside = {at for one in digest.sections for at in range(one.start, one.end)}
    around = "\n".join(line for at, line in enumerate(lines) if at not in inside)
    for site, pages in SITES.items():
        seen = ""
        for ahead in (False, True):
            where = f" ({site}{', ahead' if ahead else ''})"
            try:
                one = pages()
                one.is_ahead, one.meta = ahead, meta
                page = one.converter.reset().convert(body)
            except Exception as error:
                SITES[site].cache_clear()  # type: ignore[attr-defined]
                found[f"page: {raised(error)}"] = traceback.format_exc() + where
                continue
            if page == seen:
                continue
            seen = page
            papers = LexborHTMLParser(page, is_fragment=True).css(".pd-paper")
            if len(papers) != len(digest.sections) and "<" not in around:
                found["page: papers"] = f"{len(papers)} of {len(digest.sections)}{where}"
            shown_papers = [*sections(page), *(paper.html or "" for paper in papers)]
            for told in (told for paper in shown_papers for told in faults(paper)):
                found[f"page: runs, {told.split('=')[0][:12]}"] = told + where
            # What is around papers is as valid as its site has it.
            for error in html_errors(page if "<" not in around else "".join(sections(page))):
                if "isindex" not in str(error):  # which html5lib alone does not take for a tag like others
                    found[f"page: invalid HTML, {error[0]}"] = f"{error}{where}"
            if lost := expected - set(words_of(page)):
                found["page: lost words"] = " ".join(sorted(lost)) + where
    if digest.sections:
        found |= faults_of_render(text, around)
    return found, len(digest.sections)


def faults_of_render(text: str, around: str) -> Faults:
    """What is wrong with a page as `paperdigest render` writes it; what is around papers is the site's own, and may run."""
    try:
        made = rendered.__wrapped__(text)
    except Exception as error:
        return {f"render: {raised(error)}": traceback.format_exc()}
    found: Faults = {}
    own = re.search(r"pwn|[<{:]|\]\(", around) or OBEYED.search(around)
    for host in () if own else ("Python-Markdown, all", "cmark"):
        try:
            page = hosts()[host](split_front_matter(made)[1])
        except Exception as error:
            found[f"render, {host}: {raised(error)}"] = traceback.format_exc()
            continue
        for told in faults_of_hosts(page):
            if re.match(r"\w+&#61;", told):  # without its sign it is the name of no attribute
                continue
            found[f"render, {host}: runs, {told.split('=')[0][:12]}"] = told
    if not own and (told := OBEYED.findall(made)):
        found["render: obeyed"] = str(told)
    words = [set(shown(github_html(split_front_matter(one)[1])).words) for one in (text, made)]
    if lost := {word for word in words[0] - words[1] if re.fullmatch(r"w\d+w", word)}:
        found["render: lost words"] = " ".join(sorted(lost))
    return found


SCHEMA = jsonschema.Draft202012Validator(papers_schema())
CONTENT = "{http://www.w3.org/2005/Atom}content"


def fragments(site: dict[str, bytes], own: set[str]) -> Iterator[tuple[str, str]]:
    """What a site shows of papers as HTML: papers on their pages, all of a generated page, entries of feeds."""
    for name, content in site.items():
        if name.endswith(".html"):
            page = content.decode()
            yield from ((name, paper) for paper in (sections(page) if name in own else [page]))
        elif name.endswith("feed.xml"):
            yield from ((name, node.text or "") for node in etree.fromstring(content).iter(CONTENT))
        elif name.endswith("feed.json"):
            yield from ((name, item["content_html"]) for item in json.loads(content)["items"])


def faults_of_site(texts: list[str], number: int) -> tuple[Faults, int]:
    """What is wrong with a site of some pages that is built without a cache and with an empty and a full one, and its papers."""
    found: Faults = {}
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(io.StringIO()):
            write(
                folder / "docs", {"index.md": "# Home\n", **{f"p{n}/202405.md": text for n, text in enumerate(texts)}}
            )
            site = Site(folder, patch)
            site.settings |= {"site_url": "https://example.org/"}
            if number % 2:
                site.settings["markdown_extensions"] = OF_A_SITE
                site.raw = lambda text: re.sub(r"'(!!python/name:[\w.]+)'", r"\1", text)
            if number % 4 < 2:
                site.settings["theme"] = {"name": "mkdocs"}
            site.options = {"keep_tables": number % 3 == 0}
            try:
                built, *again = (
                    {name: _BUILD_DATE.sub(b"", content) for name, content in site.build("site", cache=kept).items()}
                    for kept in (False, False, True, True)
                )
            except Exception as error:
                return {f"build: {raised(error)}": traceback.format_exc()}, 0
    finally:
        shutil.rmtree(folder)
    for way, other in zip(("again", "into a cache", "from the cache"), again, strict=True):
        if changed := differences(built, other):
            found[f"build: other bytes {way}"] = " ".join(sorted(changed)[:5])
    own = {f"p{n}/202405/index.html" for n in range(len(texts))} | {"index.html", "404.html"}
    try:
        for name, fragment in fragments(built, own):
            for told in faults(fragment):
                found[f"build: runs, {re.sub(r'^(?:p|keypoints/)[^/]*', '', name)} {told.split('=')[0][:12]}"] = (
                    f"{name} {told}"
                )
        for name in built:
            if name.endswith("feed.xml"):
                read_feed(built[name])
        data = json.loads(built["papers.json"])
        for error in SCHEMA.iter_errors(data):
            found["build: papers.json against its schema"] = f"{error.json_path} {error.message[:200]}"
    except Exception as error:
        found[f"build: {type(error).__name__} in its files"] = traceback.format_exc()
        return found, 0
    return found, len(data["papers"])


# --- the session


def smaller(pieces: list[Any], is_wrong: Callable[[list[Any]], bool], until: float) -> list[Any]:
    """As few of some pieces as are still wrong, as far as time allows."""
    size = len(pieces) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(pieces) and time.monotonic() < until:
            fewer = pieces[:at] + pieces[at + size :]
            if fewer and is_wrong(fewer):
                pieces = fewer
            else:
                at += size
        size //= 2
    return pieces


def smaller_page(text: str, kind: str, seconds: float) -> str:
    until = time.monotonic() + seconds
    for form in (r"[^\n]*\n|[^\n]+", r"\s*\S+", r"[\s\S]"):
        pieces = smaller(re.findall(form, text), lambda few: kind in faults_of_page("".join(few))[0], until)
        text = "".join(pieces)
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000, metavar="N", help="pages made and checked (10000)")
    parser.add_argument(
        "--builds", type=int, metavar="N", help=f"sites of {IN_BUILD} pages, built four times (1 for 500 pages)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another number makes other pages (0)")
    parser.add_argument("--reduce", type=float, default=20, metavar="S", help="seconds to make a wrong page small (20)")
    options = parser.parse_args()
    builds = -(-options.pages // 500) if options.builds is None else options.builds
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    begin = time.monotonic()
    texts: list[str] = []
    kinds: dict[str, str] = {}
    counts: Counter[str] = Counter()
    papers = 0

    @seed(options.seed)
    @settings(
        max_examples=options.pages,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(digests())
    def check(text: str) -> None:
        nonlocal papers
        started = time.process_time()
        found, count = faults_of_page(text)
        if (took := time.process_time() - started) > SLOW:
            found["page: slow"] = f"{took:.1f} s"
        texts.append(text)
        papers += count
        counts.update(found.keys())
        for kind in found:
            if kind not in kinds:
                print(f"found on page {len(texts)}: {kind}", flush=True)
            kinds[kind] = min(kinds.get(kind, text), text, key=len)

    check()
    print(f"{len(texts)} pages with {papers} papers, {time.monotonic() - begin:.0f} s", flush=True)
    sites, built = {}, 0
    for number in range(builds):
        group = texts[number::builds][:IN_BUILD]
        found, count = faults_of_site(group, number)
        built += count
        counts.update(found.keys())
        sites |= {kind: (number, group, told) for kind, told in found.items() if kind not in sites}
    print(f"{builds} sites with {built} papers built 4 times each, {time.monotonic() - begin:.0f} s in all", flush=True)
    for kind, (number, group, told) in sites.items():
        until = time.monotonic() + 6 * options.reduce
        few = smaller(group, lambda few: kind in faults_of_site(few, number)[0], until)  # noqa: B023 - used at once
        print(f"\n{kind} ({counts[kind]} sites)\n{told}\nsite {number} of {few!r}", flush=True)
    for kind, text in sorted(kinds.items()):
        few = smaller_page(text, kind, options.reduce)
        told = faults_of_page(few)[0].get(kind, "only on a page after others")
        # What is left may have the fault for another reason.
        print(f"\n{kind} ({counts[kind]} pages)\n{told}\npage {few!r}\nof {text!r}", flush=True)
    return len(kinds) + len(sites) > 0


if __name__ == "__main__":
    sys.exit(main())
