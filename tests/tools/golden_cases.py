r"""Golden cases of the reader: each file of `golden/` is a page and what a careful person reads in it.

A case begins with lines `# …` that say what it shows. `# escapes: yes` among them makes `\r`, `\t`, `\s` (a space that an
editor would strip), `\xhh` and `\uhhhh` of the source stand for that character, and leaves any other backslash alone;
`# final newline: no` takes the last line end off. Then come a line `=== <file name>`, the source, a line `=== expected`, and
YAML: `papers`, a list of mappings of which only the given keys are compared, and `findings`, all of them as `CODE line`.

Where several readings are right, `any_keypoints` lists them, and `optional_links` are targets that may be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT

CASES = sorted((ROOT / "tests" / "golden").glob("*.txt"))
_ESCAPE = re.compile(r"\\(?:([rts])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))")
_NAMED = {"r": "\r", "t": "\t", "s": " "}


class _Loader(yaml.SafeLoader):
    """YAML in which a day such as 2024-05-17 stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Case:
    """A golden file, taken apart."""

    path: str
    source: str
    papers: list[dict[str, Any]]
    findings: list[str]


def load(file: Path) -> Case:
    lines = file.read_bytes().decode("utf-8").split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("=== "))
    end = max(n for n, line in enumerate(lines) if line == "=== expected")
    options = dict(line[2:].split(": ", 1) for line in lines[:start] if ": " in line)
    assert all(line.startswith("# ") for line in lines[:start]), "a case begins with what it shows"
    source = "".join(line + "\n" for line in lines[start + 1 : end])
    if options.get("escapes") == "yes":
        source = _ESCAPE.sub(lambda m: _NAMED[m[1]] if m[1] else chr(int(m[2] or m[3], 16)), source)
    if options.get("final newline") == "no":
        source = source.removesuffix("\n")
    expected = yaml.load("\n".join(lines[end + 1 :]), _Loader)
    assert set(expected) <= {"papers", "findings"}
    return Case(lines[start][4:], source, expected["papers"] or [], expected.get("findings") or [])
