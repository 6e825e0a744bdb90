"""`paperdigest render`: nothing that a paper says runs on any host, and no word of it is lost."""

from __future__ import annotations

import functools
import html
import itertools
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cmarkgfm
import pytest
import yaml
from cmarkgfm.cmark import Options
from conftest import write
from github import github_html
from markdown import Markdown
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from mkdocs_paperdigest import read_digest
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.markdown_site.digest_text import KeypointLinks, anchored, digest_text
from mkdocs_paperdigest.markdown_site.harmless_text import harmless_meta
from mkdocs_paperdigest.markdown_site.links import escaped, escaped_line
from mkdocs_paperdigest.reader import split_front_matter
from mkdocs_paperdigest.reader.labels import DEFAULT_LABELS

SECRET = "SECRETWORD"

TAGS = [
    "<script>pwn(1)</script>",
    "<script src=//e.test/x.js></script>",
    "<style>body{display:none}</style>",
    "<img src=x onerror=pwn(1)>",
    '<img src="x" onerror="pwn(1)" />',
    "<img src=x onerror=pwn(1) ",
    "<img/src=x/onerror=pwn(1)>",
    "<svg onload=pwn(1)>",
    "<svg/onload=pwn(1)>",
    "<svg><script>pwn(1)</script></svg>",
    "<details open ontoggle=pwn(1)>w</details>",
    "<b onclick=pwn(1)>w</b>",
    "<b style=position:fixed;inset:0>w</b>",
    "<p id=__config>w</p>",
    '<iframe srcdoc="&lt;script>pwn(1)&lt;/script>"></iframe>',
    "<form action=javascript:pwn(1)><button formaction=javascript:pwn(1)>w</button></form>",
    "<object data=javascript:pwn(1)></object>",
    "<embed src=javascript:pwn(1)>",
    "<base href=//e.test/>",
    "<link rel=stylesheet href=//e.test/>",
    "<meta http-equiv=refresh content=0;url=javascript:pwn(1)>",
    "<math><mi xlink:href=javascript:pwn(1)>w</mi></math>",
    "<a href=javascript:pwn(1)>w</a>",
    "<a href=java&#115;cript:pwn(1)>w</a>",
    '<a href="java&#9;script:pwn(1)">w</a>',
    '<a href=" &#1;javascript:pwn(1)">w</a>',
    "<video><source onerror=pwn(1)></video>",
    '<img src=x srcset="javascript:pwn(1) 1x">',
    '<noscript><p title="</noscript><img src=x onerror=pwn(1)>"></noscript>',
    "<!--><img src=x onerror=pwn(1)>-->",
    "<!-- x --!><img src=x onerror=pwn(1)> -->",
    "<!-- <img src=x onerror=pwn(1)>",
    "<![CDATA[<img src=x onerror=pwn(1)>]]>",
    "<?php <img src=x onerror=pwn(1)> ?>",
    "<title><img title='</title><img src=x onerror=pwn(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=pwn(1)&gt;'>",
    '<b title="![x" onclick=pwn(1) y](z)">w</b>',
    '<b title="`" onclick=pwn(1) `">w</b>',
    '<b title="<img src=x onerror=pwn(1)>">w</b>',
    "<b title='\"> onclick=pwn(1) <'>w</b>",
    "<b title={{w}}>w</b>",
    "<<x>img src=x onerror=pwn(1)>",
    "<div></div><&lt;img src=x onerror=pwn(1)>",
    "<div></div><<img src=x onerror=pwn(1)",
    "<div></div><&#60;<&#60;img src=x onerror=pwn(1)>",
    "<div></div>`<&#60;img src=x onerror=pwn(1)>`",
    "<\x02img src=x onerror=pwn(1)>",
    "<\x0bimg src=x onerror=pwn(1)>",
    r"\<img src=x onerror=pwn(1)>",
    r"\\<img src=x onerror=pwn(1)>",
    "$<img src=x onerror=pwn(1)>$",
    "$$<img src=x onerror=pwn(1)>$$",
    "$<img src=x \x02 onerror=pwn(1)>$",
    "<x-y onclick=pwn(1)>w</x-y>",
    "<button popovertarget=x onclick=pwn(1)>w</button>",
    "<plaintext>",
    "<textarea>",
]
SCHEMES = [
    "javascript:pwn(1)",
    "JaVaScRiPt:pwn(1)",
    "java&#115;cript:pwn(1)",
    "java&#115cript:pwn(1)",
    "&#x6A;avascript&colon;pwn(1)",
    r"javascript\:pwn(1)",
    "java&Tab;script:pwn(1)",
    "java\x02script:pwn(1)",
    "vbscript:pwn(1)",
    "data:text/html,<script>pwn(1)</script>",
    "data:image/svg+xml,<svg/onload=pwn(1)>",
]
FORMS = [
    "[w]({})",
    "[w](<{}>)",
    "[w]( {} )",
    '[w]({} "t")',
    "![w]({})",
    "<{}>",
    "[![w]({})](https://a.test)",
    "[[w]({})](https://a.test)",
]
LINKS = [form.format(scheme) for scheme, form in itertools.product(SCHEMES, FORMS)] + [
    "[w](java\nscript:pwn(1))",
    "[w][r]\n\n[r]: javascript:pwn(1)",
    "[w][r]\n\n[r]:\n  <javascript:pwn(1)>",
    "[w]\n\n[w]: java&#115;cript:pwn(1) 'title'",
    r"\[w](javascript:pwn(1))",
    r"[w\](javascript:pwn(1))",
    "$[w](javascript:pwn(1))$",
    "<[b onclick=pwn(1)>](javascript:pwn(1))",
    "[w](https://a.test \"<b title=' onfocus=pwn(2) autofocus tabindex=1 style=position:fixed;inset:0 '>\")",
    "[w](https://a.test/<img/src=x/onerror=pwn(1)>)",
    '![<b title=" onerror=pwn(1) src=q ">](x.png)',
    '![$" onerror=pwn(3) x$](q)',
    '![`" onerror=pwn(3) x`](q)',
    '<script ![`" onerror=pwn(3) x`](#)',
    '<div>\n<script ![`" onerror=pwn(3) x`](#)',
    '![a ``" onerror=pwn(3) x`` b][r] [![`"onerror=pwn(3) `](q)](https://a.test)\n\n[r]: x.png',
    '![w" onerror="pwn(1)](x.png)',
    "[w]<x>(javascript:pwn(1))",
    # Python-Markdown puts entities behind a block elsewhere.
    "<div></div>[w](&#47;javascript:pwn(1))",
    "<div></div>[w](java&#0;script:pwn(1))",
    "<div></div>[w]&#32;(javascript:pwn(1))",
    "[w](<title> w",
    "[w](<script>pwn(1)</script>)",
    "![w](<img src=x onerror=pwn(1)>)",
]
LISTS = [
    "*w*{ onclick=pwn(1) }",
    '*w*{: onclick="pwn(1)" }',
    "*w*{ style=position:fixed }",
    "*w*{ #__config }",
    "<div></div>{#__config}",
    "**x**{ title='<b title=\" onclick=pwn(4) \">' }",
    "[w](https://a.test){onclick=pwn(1)}",
    "[w](https://a.test){ href=javascript:pwn(1) }",
    "![w](x.png){ onerror=pwn(1) }",
    "`w`{ onclick=pwn(1) }",
    "w\n{: onclick=pwn(1) }",
    "w { onclick=pwn(1) }",
    r"w \{ onclick=pwn(1) }",
    "$a$ *w*{onclick=pwn(1)}",
    "$*w*{onclick=pwn(1)}$",
    "{::nomarkdown}<b onclick=pwn(1)>w</b>{:/}",
    "{::comment}w{:/comment}",
    "*w*{:hidden}",
]
TEMPLATES = [
    "{{ w }}",
    "{% include w %}",
    "{{< w >}}",
    "{{% w %}}",
    "{{{{ w }}}}",
    r"\{{ w }}",
    r"{\{ w }}",
    "{<b>{ w }}",
    "{<x>{ w }}",
    "{\x02{ w }}",
    "$\\mathbf{{w}}$",
    "[w](https://a.test/{{w}})",
    "{!secret.txt!}",
    "`{{ w }}`",
    "<!-- {{ }} -->",
    "```\n{% include w %}\n```",
]
BLOCKS = [
    "/// html | script\npwn(1)\n///",
    "/// html | img[onerror=pwn(1)]\nw\n///",
    '--8<-- "secret.txt"',
    '```\n--8<-- "secret.txt"\n```',
    "-8<- 'secret.txt'",
    "--8<--\nsecret.txt\n--8<--",
    "::: os",
    '```python exec="on"\nw\n```',
    "```{.python .x onclick=pwn(1)}\nw\n```",
    "~~~ {onclick=pwn(1)}\nw\n~~~",
    "~~~{#__config}> \x02<svg onload=pwn(1)>``` {%\nw\n~~~",
]
CODE = [
    form.format(payload)
    for payload in (
        "<img src=x onerror=pwn(1)>",
        "[w](javascript:pwn(1))",
        "*w*{onclick=pwn(1)}",
        "</code><script>pwn(1)</script>",
    )
    for form in (
        "`{}`",
        "``{} ` w``",
        "```\n{}\n```",
        "~~~html\n{}\n\nw\n~~~",
        "- w\n\n  ```\n  {}\n  ```",
        "    {}\n",
        "- w\n\n        {}\n",
        "```` {} `w` ````",
    )
]
PAYLOADS = [*TAGS, *LINKS, *LISTS, *TEMPLATES, *BLOCKS, *CODE]

# Where a payload stands, and whether it may have several lines.
FIELDS: dict[str, tuple[str, bool]] = {
    "title": ("### Kelp wordone {} wordtwo\n- `Keypoints:` kelp\n", False),
    "title of an item": ("- **[Kelp of Five Words](https://arxiv.org/abs/2405.00001) wordone {} wordtwo**\n  - Keywords: kelp\n", False),
    "keypoint": ("### Kelp\n- `Keypoints:` kelp; wordone {} wordtwo; kelp\n", False),
    "field": ("### Kelp\n- `Keypoints:` kelp\n- `Objective:` wordone {} wordtwo\n", False),
    "line": ("### Kelp\n- `Keypoints:` kelp\n\n{}\n\nwordone wordtwo\n", True),
    "details": ("### Kelp\n- `Keypoints:` kelp\n\n<details>\n<summary>Details</summary>\n\nwordone\n\n{}\n\nwordtwo\n\n</details>\n", True),
    "item": ("### Kelp\n- `Keypoints:` kelp\n- `Method:`\n    - wordone {} wordtwo\n", False),
    "quote": ("### Kelp\n- `Keypoints:` kelp\n\n> wordone {} wordtwo\n", False),
    "raw HTML": ("### Kelp\n- `Keypoints:` kelp\n\n<div>\nwordone {}\nwordtwo\n</div>\n", False),
    "end": ("### Kelp\n- `Keypoints:` kelp wordone wordtwo\n\n<div>{}\n", False),
    "cell": ("| Title | Keywords | Note |\n| - | - | - |\n| [A Row of a Table](https://arxiv.org/abs/2405.00001) | kelp | wordone {} wordtwo |\n", False),
    "cell of HTML": (
        "<table><tr><th>Title</th><th>Keywords</th></tr>\n"
        '<tr><td><a href="https://arxiv.org/abs/2405.00001">A Row of a Table</a> wordone</td><td>kelp wordtwo {}</td></tr>\n'
        '<tr><td><a href="https://arxiv.org/abs/2405.00002">Another Row of It</a></td><td>kelp</td></tr></table>\n',
        False,
    ),
    "page": ("---\ntags: [kelp]\narxiv: 2405.00001\ntitle: Kelp\n---\n\nwordone\n\n{}\n\nwordtwo\n", True),
}  # fmt: skip

_ALL_LINKS = ("field", "line", "raw HTML")

EXTENSIONS = """abbr admonition attr_list def_list fenced_code footnotes md_in_html sane_lists smarty tables toc wikilinks
pymdownx.arithmatex pymdownx.betterem pymdownx.blocks.admonition pymdownx.blocks.details pymdownx.blocks.html pymdownx.blocks.tab
pymdownx.caret pymdownx.critic pymdownx.details pymdownx.inlinehilite pymdownx.keys pymdownx.magiclink pymdownx.mark
pymdownx.progressbar pymdownx.smartsymbols pymdownx.snippets pymdownx.superfences pymdownx.tabbed pymdownx.tasklist pymdownx.tilde
""".split()


def make_hosts(folder: Path) -> dict[str, Callable[[str], str]]:
    """What makes HTML of Markdown, each in the least careful way that it has."""
    write(folder, {"secret.txt": f"{SECRET} <script>pwn(1)</script>\n"})
    full = Markdown(
        extensions=EXTENSIONS, extension_configs={"pymdownx.snippets": {"base_path": [str(folder)]}, "pymdownx.arithmatex": {"generic": True}}
    )  # fmt: skip
    extra = Markdown(extensions=["extra"])
    mdit = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    mdit.validateLink = lambda url: True  # type: ignore[method-assign]
    return {
        "Python-Markdown, extra": lambda text: extra.reset().convert(text),
        "Python-Markdown, all": lambda text: full.reset().convert(text),
        "markdown-it": mdit.render,
        "cmark": lambda text: cmarkgfm.markdown_to_html(text, Options.CMARK_OPT_UNSAFE),
        "cmark, tables": lambda text: cmarkgfm.markdown_to_html_with_extensions(text, Options.CMARK_OPT_UNSAFE, extensions=["table"]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[[str], str]]:
    return make_hosts(tmp_path_factory.mktemp("snippets"))


_BAD_TAGS = "script, style, iframe, object, embed, base, link, meta, form, button, svg, math, template, textarea, noscript, plaintext, title"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_ALIGNED = re.compile(r"(?:text-align: (?:left|right|center);|width:\d[\d.]*%)")


def faults(made: str) -> list[str]:
    """What runs, or could be made to, on a page with some HTML, as a browser reads it."""
    tree = LexborHTMLParser(f"<!DOCTYPE html><html><head></head><body><div>{made}</div></body></html>")
    found = [f"<{node.tag}>" for node in tree.css(_BAD_TAGS)]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            bare = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name in ("srcdoc", "formaction", "action", "xlink:href", "popovertarget"):
                found.append(f"{name}={value}")
            elif name == "style" and not _ALIGNED.fullmatch(value or ""):
                found.append(f"style={value}")
            elif name in ("href", "src", "poster", "data", "cite", "srcset") and _SCHEME.match(bare):
                if not bare.startswith(("http:", "https:", "mailto:")):
                    found.append(f"{name}={value}")
            elif name == "id" and value == "__config":
                found.append(f"id={value}")
    if SECRET in made:
        found.append("a file of the host")
    return found


OBEYED = re.compile(
    r"\{\{|\{%|\{!|\{::|8<-|^[ >]*(?:[*-] +)*(?:/{3}|:{3}|(?:`{3}|~{3}).*exec=)|[\x00-\x08\x0b\x0e-\x1f]",
    re.MULTILINE,
)


def shown(made: str) -> str:
    tree = LexborHTMLParser(f"<body>{made}</body>")
    return " ".join((tree.body.text(separator=" ") if tree.body else "").split())


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", re.sub("[\u200b\x00-\x08\x0b\x0e-\x1f]", "", text)))


@functools.cache
def rendered(text: str) -> str:
    digest, _ = read_digest(text, "202405.md")
    assert digest.sections
    links = KeypointLinks(lambda name: f"keypoints/{len(name)}.md", "Keypoints")
    return digest_text(text, digest, anchored(text, digest).papers, DEFAULT_LABELS, links)


def cases(field: str) -> list[tuple[str, str]]:
    """The payloads of a field, and the digests that have them."""
    form, is_long = FIELDS[field]
    links = LINKS if field in _ALL_LINKS else [*LINKS[::5], *LINKS[-14:]]
    payloads = [*TAGS, *links, *LISTS, *TEMPLATES, *BLOCKS, *CODE]
    fit = (payload for payload in payloads if is_long or "\n" not in payload)
    return [(payload, form.replace("{}", payload)) for payload in fit if not ("<table" in payload and "<table" in form)]


def test_there_are_many_payloads() -> None:
    assert len({*PAYLOADS}) == len(PAYLOADS) >= 150


@pytest.mark.parametrize("field", FIELDS)
def test_nothing_runs_on_any_host(field: str, hosts: dict[str, Callable[[str], str]]) -> None:
    wrong: list[str] = []
    for payload, text in cases(field):
        made = rendered(text)
        if told := OBEYED.findall(made):
            wrong.append(f"{payload!r}: {told}: {made!r}")
        body = split_front_matter(made)[1]
        for host, convert in hosts.items():
            page = convert(body)
            lost = [word for word in ("wordone", "wordtwo") if word not in shown(page)]
            if told := [*faults(page), *lost]:
                wrong.append(f"{payload!r} on {host}: {told}: {body!r} -> {page!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("field", FIELDS)
def test_github_shows_all_words(field: str) -> None:
    wrong = []
    for payload, text in cases(field):
        before, after = (words(shown(github_html(split_front_matter(one)[1]))) for one in (text, rendered(text)))
        if lost := before - after:
            wrong.append(f"{payload!r}: {lost}: {rendered(text)!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("where", ["# {}", "- {}\n", "[{}](a.md)", "| a |\n| - |\n| {} |\n"])
def test_plain_text_runs_nowhere(where: str, hosts: dict[str, Callable[[str], str]]) -> None:
    """Titles, categories and keypoints in lists and on pages of their own."""
    wrong = []
    for payload in PAYLOADS:
        made = where.format(escaped_line(payload) if where.startswith("-") else escaped(payload))
        told = OBEYED.findall(made.replace("\x02", "").replace("\x0b", ""))
        for host, convert in hosts.items():
            page = convert(made)
            told += faults(page)
            if where.startswith("|") and host == "cmark":
                continue
            if lost := words(payload) - words(shown(page)):
                told.append(str(lost))
            if told:
                wrong.append(f"{payload!r} on {host}: {told}: {made!r} -> {page!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("payload", [payload for payload in PAYLOADS if "\n" not in payload])
def test_front_matter_is_text(payload: str) -> None:
    value = f"wordone {payload} wordtwo"
    for written in (yaml.safe_dump({"title": value}), f"title: {yaml.safe_dump(value, default_style=chr(34))}"):
        made = harmless_meta(written)
        (title,) = yaml.safe_load(made).values()
        assert not faults(title)
        assert not re.search(r"\{[{%!:]", title)
        assert words(value) == words(title)


def test_front_matter_that_is_harmless_stays_as_it_is() -> None:
    text = "title: 'A < B: a study'  # why\ntags: [a, {b: c}]\nabstract: >\n  Long\n  text.\narxiv: 2405.00001\n"
    assert harmless_meta(text) == text
    made = harmless_meta('abstract: |\n  A <b> C\n\n  "D"\nurl: javascript:pwn(1)\nmore: "\\x3cscript>"\n')
    assert yaml.safe_load(made) == {"abstract": 'A < b> C\n\n"D"\n', "url": "javascript :pwn(1)", "more": "< script>"}


HARMLESS = [
    "a < b, p<0.05, x > y & z; 5 $ and 6 $",
    "`a < b` and `f(x)[0]` and ``a ` b``",
    "$x_{i=1}^{N_c=3}$ and $\\mathbf{x} = \\{a\\}$ and $$a \\text{ if } b < c$$",
    "[paper](https://a.test/x_(y)?a=1&b=2#c \"a title\") ![plot](figures/a%20b.png) <https://a.test/x> <a@b.test>",
    '<p align="center"><img src="a.png" width="300" alt="a plot"></p><br/> H<sub>2</sub>O <b>bold</b> <!-- note -->',
    "![plot](a.png){ width=300 .center } *a*{.b} {#c} {target=_blank}",
    "```python title=\"a.py\"\nx = {'a': [1]}\nprint(x['a'][0])\n```",
    "```mermaid\ngraph TD; A-->B; A{b} --> C[c]\n```",
    "[ref][one], [two]\n\n[one]: https://a.test\n[two]: b.md 'title'",
    "!!! note \"Title\"\n    text\n\n=== \"Tab\"\n    text",
    "- [ ] task :smile: ==mark== ++key++ ~~gone~~ H~2~O [^1]\n\n[^1]: Note: text",
    "<details markdown=\"1\">\n<summary>More</summary>\n\ntext\n\n</details>",
    "Key: value; arXiv:2405.00001; [2024]: text; a[1](b) {x}; \\href{https://a.test}{b}",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    digest = f"### Kelp\n- `Keypoints:` Count\n\n{text}\n"
    assert rendered(digest).endswith(f"\n\n{text}\n")


def test_text_around_papers_is_the_sites_own() -> None:
    own = "# Home {{ x }}\n\n<script>own()</script>\n\n## Sound <b onclick=own()>x</b>\n\n"
    assert rendered(f"{own}### Kelp\n- `Keypoints:` kelp\n").startswith(own)


@pytest.mark.parametrize("heading", ["### Conclusion", "# End", "text\n---", "**Note**"])
def test_what_follows_the_first_paper_may_be_a_papers(heading: str, hosts: dict[str, Callable[[str], str]]) -> None:
    text = rendered(f"### Kelp\n- `Keypoints:` kelp\n\n{heading}\n\n<img src=x onerror=pwn()> {{{{ pwn() }}}}\n")
    assert not OBEYED.findall(text)
    assert {name: faults(host(text)) for name, host in hosts.items()} == {name: [] for name in hosts}


def test_pages_made_of_papers_run_nothing(tmp_path: Path, hosts: dict[str, Callable[[str], str]]) -> None:
    texts = [text for field in ("title", "keypoint") for _, text in cases(field)[::2]]
    docs = {f"{number:03}-202405.md": text for number, text in enumerate(texts)}
    write(tmp_path / "docs", docs)
    assert main(["render", str(tmp_path / "docs"), str(tmp_path / "out")]) == 0
    made = {path.relative_to(tmp_path / "out").as_posix(): path.read_text("utf-8") for path in tmp_path.glob("out/**/*.md")}  # fmt: skip
    pages = {path: text for path, text in made.items() if path not in docs}
    assert len(pages) > 20
    wrong = [f"{path}: {told}" for path, text in made.items() if (told := OBEYED.findall(text))]
    for host in ("Python-Markdown, all", "cmark"):
        wrong += [f"{path} on {host}: {told}" for path, text in pages.items() if (told := faults(hosts[host](text)))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "sign",
    [
        "<",
        "[",
        "](",
        "`",
        "``a`",
        "{",
        "{a=",
        "<!--",
        "<a b='",
        '[a](b "',
        "\\",
        "]: ",
        "<a b ",
        "![a](",
        "$$",
        "/// ",
        "[[w](data:a)",
    ],
)
def test_time_grows_with_the_text(sign: str) -> None:
    def took(count: int) -> float:
        text = f"### Kelp\n- `Keypoints:` kelp <\n\n{sign * count}<script\n"
        digest, _ = read_digest(text, "x.md")
        papers = anchored(text, digest).papers
        begin = time.perf_counter()
        digest_text(text, digest, papers, DEFAULT_LABELS, KeypointLinks(lambda name: name, "Keypoints"))
        return time.perf_counter() - begin

    took(100)
    assert took(4000) < 0.5 + 12 * took(1000)


def test_html_in_entities_stays_text() -> None:
    text = "### Kelp\n- `Keypoints:` kelp\n- `Objective:` &lt;script> and `&lt;b>`\n"
    assert html.unescape("&lt;script>") in shown(github_html(rendered(text)))
