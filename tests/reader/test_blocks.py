"""Blocks are those of markdown-it, where no text has the syntax that this reader adds: footnotes, abbreviations, boxes, display mathematics."""

from __future__ import annotations

import pytest
from benchmarks import corpora
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mkdocs_paperdigest.reader import blocks
from mkdocs_paperdigest.reader.labels import SIGNS

COMMONMARK = MarkdownIt("commonmark").enable("table").disable("inline")


def parsed(text: str, parser: MarkdownIt | None = None) -> blocks.Parsed:
    with pytest.MonkeyPatch.context() as patch:
        if parser:
            patch.setattr(blocks, "_PARSER", parser)
        return blocks.parse_blocks(text.split("\n"))


INDENTS = st.sampled_from([*[" " * width for width in (0, 0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 8, 12)], "\t", "   \t", " \t"])
BULLETS = st.sampled_from(
    ["", "", "", "- ", "- ", "* ", "+ ", "-   ", "-    ", "-     ", "- - ", "* * ", "1. ", "2) ", "> "]
)
# A word that means what another kind of block begins with, or that has nothing to do with any.
WORDS = st.sampled_from(
    "alpha;`Keypoints:` a, b;**Method:** x;<details>;</details>;<summary>D</summary>;[a](b) c;[x]: /u;[x];![i](s);* * *;---;===;***;"
    "# H;#x;```;~~~;:--;--- ;<!-- c -->;-->;<b>;<div id=x>;<p>;<p> a|b;<script>;_x_ y;___;* **;- --;-;*;+;alpha  ;é;。;1;\\[p];"
    "| a | b |;|---|---|;--- | ---;a | b;\u3000;\u00a0x;x\u3000;: x;= ;<details> text;x</details>;\ta;\u2460 a;\U0001f4c4 a;(a);"
    "*[a](b) c*;!!;/x".split(";")
)
LINE = st.one_of(st.just(""), st.just("  "), st.builds(lambda *parts: "".join(parts), INDENTS, BULLETS, WORDS))


@given(st.lists(LINE, max_size=10).map("\n".join))
@example("- a\n\n  - b\n- c\n")
@example("-   <details>\n    <summary>D</summary>\n\n    - `Method:` x\n        - y\n\n</details>")
@example("-      a\n    - b")
@example("- - a\n    - b\n  - c\n\n\n- d")
@example("<details>\na | b\n--- | ---")
@example("<div id=x>\n   \ta")
@example("- <p>\n\n\n  text\nlazy\n- next\n   ")
@example("[a\n]: /u\n- b")
def test_lines_say_what_commonmark_says(text: str) -> None:
    assert parsed(text) == parsed(text, COMMONMARK)


@pytest.mark.parametrize("shape", corpora.SHAPES)
def test_the_usual_digests_say_what_commonmark_says(shape: str) -> None:
    for _, text in corpora.SHAPES[shape](60):
        assert parsed(text) == parsed(text, COMMONMARK)


def test_no_sign_before_a_label_is_a_letter() -> None:
    """`read_label` looks for marks behind signs only where no letter begins the text."""
    import re

    signs = re.compile(SIGNS)
    assert not [char for char in map(chr, range(0x110000)) if signs.match(char) and char.isalpha()]
