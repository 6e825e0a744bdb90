"""The examples of findings in the guide: a bad one gives what the guide says, and a good one does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, write

from mkdocs_paperdigest.collection.digest_folder import options_for, read_collection
from mkdocs_paperdigest.lint.checks import lint
from mkdocs_paperdigest.records.findings import RULES

GUIDE = (ROOT / "example_site" / "docs" / "guide" / "findings.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (PD\d+)\n(.*?)(?=^### PD|\Z)", GUIDE, re.MULTILINE | re.DOTALL))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OF_BUILDS = ("PD401", "PD402", "PD405", "PD406", "PD407", "PD509")
"""What only a build can see."""

OPTIONS = {"PD601": "unknown_keypoints: info", "PD604": "acronyms: merge"}
KNOWN = {
    "PD601": "KV Cache:\nGuidance:\n",
    "PD602": "diffusion-transformer:\n  label: Diffusion Transformer\n  aliases: [DiT]\n",
}
DATA: dict[str, Callable[[str], bytes]] = {
    "PD001": lambda text: text.encode("cp1252"),
    "PD002": lambda text: text.replace("␇", "\a").encode(),
}
BESIDE = (
    "# 2026-01\n\n### Caches That Forget What They Kept [[paper](https://arxiv.org/abs/2601.12345)]\n- `Keypoints:` a\n"
)
SITE: dict[str, str | bytes] = {
    "LICENSE": "",
    ".git/HEAD": "ref: refs/heads/main\n",
    "docs/index.md": "# Home\n",
    "docs/202602.md": "# 2026-02\n\n### A paper\n- `Keypoints:` KV Cache; Video Diffusion;\n",
}


def found(code: str, folder: Path) -> list[str]:
    options = options_for(folder)
    items = lint(read_collection(options, options.docs), lambda other: other == code)
    ways = (f"{options.docs.as_posix()}/", f"{options.folder.as_posix()}/")
    lines = map(str, items)
    return [line.removeprefix(ways[0]).removeprefix(ways[1]) for line in lines]


@pytest.mark.parametrize("code", [code for code in RULES if code not in OF_BUILDS])
def test_a_bad_example_gives_what_the_guide_says_and_a_good_one_does_not(code: str, tmp_path: Path) -> None:
    blocks = BLOCK.findall(SECTIONS[code])
    said = next(at for at, (kind, _) in enumerate(blocks) if kind == "text")
    line = blocks[said][1].splitlines()[0].removeprefix("docs/")
    name = line.partition(":")[0]
    of_settings = name in ("keypoints.yml", "paperdigest.lock")
    target = name if of_settings else f"docs/{name}"
    plugin = f"  - paperdigest:\n      {OPTIONS.get(code, 'home: true')}\n"
    settings = f"site_name: T\nrepo_url: https://github.com/someone/digests\nplugins:\n{plugin}"
    write(tmp_path, {**SITE, "mkdocs.yml": settings})
    if code in ("PD107", "PD108"):
        write(tmp_path, {"docs/202601.md": BESIDE})
    if code in KNOWN:
        write(tmp_path, {"keypoints.yml": KNOWN[code]})
    bad = blocks[said - 1][1]
    write(tmp_path, {target: DATA.get(code, str.encode)(bad)})
    assert line in found(code, tmp_path)
    kinds = dict(reversed(blocks[said + 1 :]))
    if "markdown" in kinds or (of_settings and "yaml" in kinds):
        write(tmp_path, {target: kinds["yaml" if of_settings else "markdown"]})
    elif "yaml" in kinds:
        write(tmp_path, {"keypoints.yml": kinds["yaml"]})
    else:
        return
    assert found(code, tmp_path) == []
