"""`paperdigest figures vendor`: what it fetches, once, from a server of the test's own; what it refuses, and what it says."""

from __future__ import annotations

import http.server
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import write
from lxml import etree
from pictures import png

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.cli import fetching
from mkdocs_paperdigest.cli.command_line import main
from mkdocs_paperdigest.cli.fetching import FetchError, Limits, Picture, fetch, fetch_all, is_public
from mkdocs_paperdigest.cli.svg_pictures import harmless_svg
from mkdocs_paperdigest.collection.settings import site_options
from mkdocs_paperdigest.records.figure_copies import figure_key

SETTINGS = "site_name: x\nplugins:\n  - paperdigest\n"
WITH_FOLDER = "site_name: x\nplugins:\n  - paperdigest:\n      figures_folder: {}\n"
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]
Out = pytest.CaptureFixture[str]


class Host:
    """A server that counts what it is asked for. `answers` are what it does at each path; other paths are not found."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.answers: dict[str, Answer] = {}
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked[self.path] += 1
                host.headers.append(dict(self.headers))
                host.answers.get(self.path, gives(b"not here", "text/plain", 404))(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def gives(data: bytes, kind: str = "image/png", status: int = 200, length: int | None = None, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        if length != 0:
            handler.send_header("Content-Length", str(length or len(data)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def leads_to(url: str) -> Answer:
    return gives(b"", "text/plain", 302, Location=url)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A server at an address that counts as public, and alone does."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(fetching, "is_public", "127.0.0.1".__eq__)
    running = Host()
    yield running
    running.close()


def refused_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def paper(*figures: str, title: str = "A paper") -> str:
    return f"### {title}\n- `Keypoints:` Maps;\n" + "".join(f"- {figure}\n" for figure in figures)


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A function that makes a site the current folder, and gives the folder of its copies."""

    def make(settings: str = SETTINGS, **pages: str) -> Path:
        write(tmp_path, {"mkdocs.yml": settings, "docs/index.md": "# Home\n"})
        write(tmp_path, {f"docs/{name}.md": f"# 2024-05\n\n{text}" for name, text in pages.items()})
        monkeypatch.chdir(tmp_path)
        return tmp_path / "docs" / "assets" / "figures"

    return make


def copy(url: str, suffix: str = "png") -> str:
    return f"{figure_key(url)}.{suffix}"


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []


# -- once


def test_each_figure_is_fetched_once(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    one, two, three = (f"{host.url}/{name}" for name in ("1.png", "2.png?a=1&b=2", "3.png"))
    host.answers = {"/1.png": gives(png(1)), "/2.png?a=1&b=2": gives(png(2)), "/3.png": gives(png(3))}
    inside = f"\n-   <details>\n    <summary>Details</summary>\n\n    <img src='{three}'>\n    </details>"
    first = paper(f"![a]({one})", "![own](own.png)", f'<img src="{two.replace("&", "&amp;")}">')
    badge = f"[![badge]({host.url}/badge.png)](https://github.com/a/b)"
    second = paper(f"![b]({one}#top)", title=f"Another [2024.5]\n{badge}\n") + inside
    folder = at(**{"202405": first, "202406": second})
    (Path("docs") / "note.md").write_text(f"# No digest\n\n![x]({host.url}/4.png)\n", encoding="utf-8")
    texts = {path: path.read_bytes() for path in Path("docs").rglob("*.md")}
    assert main(["figures", "vendor"]) == 0
    out, said = capsys.readouterr()
    assert out == ""
    assert said == "paperdigest: 3 figures fetched into docs/assets/figures, 0 there already, 0 not fetched\n"
    assert names(folder) == sorted(map(copy, (one, two, three)))
    assert (folder / copy(two)).read_bytes() == png(2)
    assert host.asked == {"/1.png": 1, "/2.png?a=1&b=2": 1, "/3.png": 1}
    assert {headers["User-Agent"].split()[0] for headers in host.headers} == {f"paperdigest/{__version__}"}
    assert main(["figures", "vendor"]) == 0
    assert capsys.readouterr().err == (
        "paperdigest: 0 figures fetched into docs/assets/figures, 3 there already, 0 not fetched\n"
    )
    assert sum(host.asked.values()) == 3
    assert {path: path.read_bytes() for path in texts} == texts


def test_only_the_papers_that_are_asked_for(at: Callable[..., Path], host: Host) -> None:
    host.answers = {"/1.png": gives(png(1)), "/2.png": gives(png(2))}
    folder = at(**{"202405": paper(f"![a]({host.url}/1.png)"), "202406": paper(f"![a]({host.url}/2.png)")})
    assert main(["figures", "vendor", "docs/202406.md"]) == 0
    assert names(folder) == [copy(f"{host.url}/2.png")]


def test_a_dry_run_lists_what_would_be_fetched(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    host.answers = {"/1.png": gives(png(1))}
    urls = [f"{host.url}/{n}.png" for n in (1, 2)]
    folder = at(**{"202405": paper(f"![a]({urls[0]})", f"![b]({urls[1]})", f"![b]({urls[1]})")})
    assert main(["figures", "vendor", "--dry-run"]) == 0
    out, said = capsys.readouterr()
    assert out == f"docs/202405.md:5: {urls[0]}\ndocs/202405.md:6: {urls[1]}\n"
    assert said == "paperdigest: 2 figures would be fetched into docs/assets/figures, 0 are there already\n"
    assert not host.asked
    assert not folder.exists()


def test_a_file_has_the_rights_of_others(at: Callable[..., Path], host: Host) -> None:
    host.answers = {"/1.png": gives(png(1))}
    folder = at(**{"202405": paper(f"![a]({host.url}/1.png)")})
    main(["figures", "vendor"])
    (folder / "other").write_bytes(b"")
    assert len({file.stat().st_mode for file in folder.iterdir()}) == 1


# -- what is fetched


@pytest.mark.parametrize(
    ("data", "kind", "suffix"),
    [
        (png(), "image/png", "png"),
        (png(), "application/octet-stream", "png"),
        (b"\xff\xd8\xff\xe0" + b"x" * 99, "image/png", "jpg"),
        (b"GIF89a" + b"x" * 99, "image/gif", "gif"),
        (b"RIFF\x00\x01\x00\x00WEBPVP8 ", "text/plain", "webp"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", "image/avif", "avif"),
        (b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00mif1avif", "image/avif", "avif"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "svg"),
        (b"<!-- a --><svg xmlns='http://www.w3.org/2000/svg'><a href='#b'/></svg>", "text/plain", "svg"),
    ],
)
def test_the_suffix_is_that_of_what_it_is(host: Host, data: bytes, kind: str, suffix: str) -> None:
    host.answers = {"/a": gives(data, kind)}
    picture = fetch(f"{host.url}/a")
    assert (picture.suffix, picture.left_out) == (suffix, ())
    assert picture.data == data or suffix == "svg"


SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'{}>{}</svg>"


LAUGHS = "<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"<!DOCTYPE html><html>login", "text/html", "the server sent a web page, no picture"),
        (b"\n<html>login", "image/png", "the server sent a web page, no picture"),
        (b"login", "text/html; charset=utf-8", "the server sent a web page, no picture that pages can show"),
        (b"<!-- a -->\n<p>b", "text/html", "the server sent a web page, no picture that pages can show"),
        (b"%PDF-1.7", "application/pdf", "the server sent application/pdf, no picture that pages can show"),
        (b"BM......", "image/bmp", "the server sent image/bmp, no picture that pages can show"),
        (b"", "image/png", "the server sent nothing, no picture that pages can show"),
        (b"<?xml version='1.0'?><rss/>", "text/xml", "it is XML, `<rss>`, and no picture"),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml", "it is XML, `<svg>`, and no picture"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("", "&a;"), "image/svg+xml", "it is an SVG that declares an"),
        ("<!DOCTYPE svg [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]>" + SVG, "image/svg+xml", "it is "),
        (
            "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///x'>]>" + SVG.format(" id='a'", ""),
            "image/svg+xml",
            "it is an SVG",
        ),
        (f"<!DOCTYPE svg [{LAUGHS}]>" + SVG.format(" id='&l9;'", "&l9;"), "image/svg+xml", "it is "),
        ("<?xml-stylesheet href='a'?>", "image/svg+xml", "the server sent image/svg+xml, no picture that pages can"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml", "it is no valid SVG: "),
        (SVG.format("", "<g>" * 2000 + "</g>" * 2000), "image/svg+xml", "it is no valid SVG: "),
        (b"<!--ftypavif--><script>x</script>", "image/avif", "it is XML, `<script>`, and no picture"),
        (b"<b>-ftypavif<script>x</script>", "image/avif", "the server sent image/avif, no picture that pages can"),
    ],
)
def test_what_is_no_harmless_picture_is_refused(host: Host, data: bytes | str, kind: str, reason: str) -> None:
    host.answers = {"/a": gives(data if isinstance(data, bytes) else data.encode(), kind)}
    with pytest.raises(FetchError) as caught:
        fetch(f"{host.url}/a")
    assert str(caught.value).startswith(reason)


def test_a_harmless_svg_keeps_all_that_it_shows() -> None:
    shown = (
        "<style type='text/css'>*{stroke-linejoin: round} .a{fill: url(#g); src: url(data:font/woff2;base64,AA==)}</style>"
        "<defs><linearGradient id='g'><stop offset='0' stop-color='#fff'/></linearGradient></defs>"
        "<g transform='scale(2)' class='a' style='fill:url(&quot;#g&quot;)'><path d='M0 0L1 1' clip-path='url(#g)'/>"
        "<text x='1' xml:space='preserve'>a <tspan>b</tspan> &lt;c&gt; 漢</text><use xlink:href='#g'/></g>"
        "<image href='data:image/png;base64,iVBORw0KGgo=' width='9'/>"
        "<circle r='1'><animate attributeName='r' values='1;2' dur='1s' repeatCount='indefinite'/></circle>"
    )
    data, left_out = harmless_svg(SVG.format(" viewBox='0 0 9 9' width='9'", shown).encode())
    assert left_out == []
    assert etree.canonicalize(data.decode()) == etree.canonicalize(SVG.format(" viewBox='0 0 9 9' width='9'", shown))
    notes = SVG.format(
        " xmlns:i='http://www.inkscape.org' i:version='1' data-x='y'", "<i:view><i:script/></i:view><g/>"
    )
    bare, left_out = harmless_svg(
        f"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'a' 'http://x.test/b.dtd'>{notes}".encode()
    )
    assert bare == b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
    assert left_out == []


@pytest.mark.parametrize(
    ("attributes", "content", "left_out"),
    [
        ("", "<g><script>pwn</script></g>", ["<script>"]),
        ("", "<SCRIPT>pwn</SCRIPT>", ["<SCRIPT>"]),
        ("", "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>pwn</h:script>", ["<script>"]),
        ("", "<x:handler xmlns:x='http://www.w3.org/2001/xml-events'>pwn</x:handler>", []),
        ("", "<foreignObject><h:iframe xmlns:h='http://www.w3.org/1999/xhtml' src='pwn'/></foreignObject>", None),
        (" onload='pwn'", "<g ONCLICK='pwn'/>", ["onload"]),
        ("", "<a xlink:href=' java&#10;script:pwn'><g/></a>", ["href"]),
        ("", "<a href='https://pwn.test'><g/></a>", ["href"]),
        ("", "<set attributeName='href' to='javascript:pwn'/>", ["attributeName", "to"]),
        ("", "<animate attributeName='xlink:href' values='#pwn'/>", ["attributeName"]),
        ("", "<set attributeName='onclick' to='1'/>", ["attributeName"]),
        ("", "<use href='https://pwn.test/a.svg#b'/>", ["href"]),
        ("", "<use href='data:image/svg+xml,pwn'/>", ["href"]),
        ("", "<image xlink:href='http://pwn.test/a.png'/>", ["href"]),
        ("", "<feImage href='//pwn.test/a.png'/>", ["href"]),
        ("", "<style>@import 'https://pwn.test/a.css';</style>", ["<style>"]),
        ("", "<style>a{b:url(https://pwn.test)}</style>", ["<style>"]),
        ("", "<style>a{b:\\75rl(https://pwn.test)}</style>", ["<style>"]),
        ("", "<style>a{b:'/*';c:url(//pwn.test)}d{e:'*/'}</style>", ["<style>"]),
        ("", "<style>a{b:image-set('https://pwn.test' 1x)}</style>", ["<style>"]),
        ("", "<style><![CDATA[@import url(https://pwn.test);]]></style>", ["<style>"]),
        ("", "<g style='fill:URL( &quot;https://pwn.test&quot; )'/>", ["style"]),
        ("", "<g fill='url(https://pwn.test#a)'/>", ["fill"]),
        ("", "<g filter='url(&apos;#a&apos;) url(pwn.svg#b)'/>", ["filter"]),
        ("", "<?xml-stylesheet href='pwn'?><g/><!-- pwn -->", []),
    ],
)
def test_what_runs_or_loads_is_left_out_of_an_svg(attributes: str, content: str, left_out: list[str] | None) -> None:
    source = "<?xml-stylesheet href='pwn'?>" + SVG.format(
        attributes, f"<style>a{{b:c}}</style>{content}<text>kept</text>"
    )
    data, names = harmless_svg(source.encode())
    assert b"pwn" not in data.lower() or names == ["attributeName"]
    assert b"<style>a{b:c}</style>" in data
    assert b"<text>kept</text>" in data
    assert names == (["<foreignObject>", "<iframe>"] if left_out is None else left_out)
    assert harmless_svg(data) == (data, [])


def test_what_is_left_out_is_said(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    host.answers = {"/a": gives(SVG.format(" onload='pwn'", "<script>pwn</script><g/>").encode(), "image/svg+xml")}
    folder = at(**{"202405": paper(f"![a]({host.url}/a)")})
    assert main(["figures", "vendor"]) == 0
    said = capsys.readouterr().out
    assert (
        said
        == f"docs/202405.md:5: {host.url}/a: fetched without `<script>`, `onload`, which may run or load something\n"
    )
    assert b"pwn" not in (folder / copy(f"{host.url}/a", "svg")).read_bytes()


def test_reading_svg_takes_no_long() -> None:
    start = time.process_time()
    for text in (
        "url(",
        "url(#",
        "url( ",
        "url(data:font/a",
        "url(data:font/a;",
        "url(data:image/png;base64, ",
        "'",
        " ",
    ):
        harmless_svg(SVG.format("", f"<style>{text * (400_000 // len(text))}</style>").encode())
        harmless_svg(SVG.format("", f"<style>url(data:font/{text * (400_000 // len(text))}</style>").encode())
    assert time.process_time() - start < 10


# -- where it goes

PRIVATE = [
    *(
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
    ),
    *(
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ),
    *(
        "168.63.129.16",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
    ),
    *(
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
    ),
    *("fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "100::1", "5f00::1"),
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_addresses_that_are_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "185.199.108.133", "2606:50c0:8000::154", "2a00:1450::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_addresses_that_are(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "name",
    [
        *("127.0.0.1", "localhost", "LOCALHOST", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "127%2e0.0.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254", "１２７.0.0.1", "user@127.0.0.1"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_a_private_host_is_asked(name: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    asked: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *place: asked.append(place))
    with pytest.raises(FetchError) as caught:
        fetch(f"{scheme}://{name}:8000/a.png")
    assert re.search("not one of the public internet|is not found|no address", str(caught.value)), str(caught.value)
    assert asked == []


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_leads_to_no_private_host(host: Host, code: int) -> None:
    other = Host()
    other.answers = {"/a.png": gives(png())}
    port = other.server.server_port
    names = ("127.0.0.2", "localhost.localdomain", "0", "[::1]", "[::ffff:127.0.0.1]")
    host.answers = {
        f"/{n}": gives(b"", "text/plain", code, Location=f"http://{name}:{port}/a.png") for n, name in enumerate(names)
    }
    for path in host.answers:
        with pytest.raises(FetchError, match=r"not one of the public internet|is not found"):
            fetch(host.url + path)
    other.close()
    assert not other.asked


def test_a_name_is_asked_once_and_all_of_its_addresses_are_public(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a host could have a public address when it is checked, and another when it is connected to."""
    host.answers = {"/a.png": gives(png())}
    real, asked = socket.getaddrinfo, Counter[str]()
    answers = {"turns.test": (["127.0.0.1"], ["127.0.0.2"]), "both.test": (["127.0.0.1", "127.0.0.2"],)}

    def lookup(name: str, port: int, *rest: Any, **more: Any) -> Any:
        if name not in answers:
            return real(name, port, *rest, **more)
        asked[name] += 1
        found = answers[name][min(asked[name], len(answers[name])) - 1]
        return [entry for one in found for entry in real(one, port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    port = host.server.server_port
    assert fetch(f"http://turns.test:{port}/a.png").suffix == "png"
    assert asked["turns.test"] == 1
    assert host.headers[-1]["Host"] == f"turns.test:{port}"
    for name in answers:
        with pytest.raises(FetchError, match=r"has the address 127\.0\.0\.2, which is not one of the public internet"):
            fetch(f"http://{name}:{port}/a.png")


def test_a_proxy_of_the_environment_may_be_anywhere_but_is_not_asked_for_private_hosts(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy")
    monkeypatch.setattr(fetching, "is_public", "8.8.8.8".__eq__)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, host.url)
    host.answers = {f"http://{name}/a.png": gives(png()) for name in ("8.8.8.8", "nowhere.invalid", "127.0.0.1")}
    for name in ("8.8.8.8", "nowhere.invalid"):
        assert fetch(f"http://{name}/a.png").suffix == "png"
    for url in ("http://127.0.0.1/a.png", "http://127%2e0.0.1/a.png", "https://127.0.0.1/a.png", "http://localhost/a"):
        with pytest.raises(FetchError, match="not one of the public internet"):
            fetch(url)
    assert len(host.asked) == 2


def test_redirects_are_followed_to_pictures_and_nowhere_else(host: Host, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    host.answers = {
        "/one": leads_to("/two"),
        "/two": leads_to(f"{host.url}/a.png"),
        "/a.png": gives(png()),
        "/round": leads_to("/round"),
        "/file": leads_to((tmp_path / "a.png").as_uri()),
        "/ftp": leads_to("ftp://127.0.0.1/a.png"),
    }
    assert fetch(f"{host.url}/one") == Picture(png(), "png")
    for path in ("/round", "/file", "/ftp"):
        with pytest.raises(FetchError):
            fetch(host.url + path)


def test_a_page_about_a_picture_on_github_is_asked_for_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Opener:
        def open(self, request: object, timeout: float) -> None:
            asked.append(request.full_url)  # type: ignore[attr-defined]
            raise TimeoutError

    monkeypatch.setattr("mkdocs_paperdigest.cli.fetching._opener", lambda _: Opener())
    for url in (
        "https://github.com/o/r/blob/main/a b.png",
        "https://github.com/o/r/blob/main/a.png?raw=true",
        "https://github.com/user-attachments/assets/0-1",
        "https://github.com/o/r/raw/main/a.png",
    ):
        with pytest.raises(FetchError):
            fetch(url)
    assert asked == [
        "https://github.com/o/r/blob/main/a%20b.png?raw=true",
        "https://github.com/o/r/blob/main/a.png?raw=true",
        "https://github.com/user-attachments/assets/0-1",
        "https://github.com/o/r/raw/main/a.png",
    ]


# -- what fails


def breaks_off(handler: http.server.BaseHTTPRequestHandler) -> None:
    gives(png()[:40], length=len(png()))(handler)
    handler.close_connection = True


def breaks_off_in_chunks(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.protocol_version = "HTTP/1.1"
    gives(b"fff\r\n" + png(), length=0, **{"Transfer-Encoding": "chunked"})(handler)
    handler.close_connection = True


def goes_on(handler: http.server.BaseHTTPRequestHandler) -> None:
    """Send a picture that does not end, as long as somebody listens."""
    gives(png(), length=0)(handler)
    try:
        while True:
            handler.wfile.write(b"x" * 1000)
    except OSError:
        return


def drips(handler: http.server.BaseHTTPRequestHandler) -> None:
    gives(png(), length=10_000)(handler)
    try:
        for _ in range(1000):
            time.sleep(0.02)
            handler.wfile.write(b"x")
    except OSError:
        return


def drips_headers(handler: http.server.BaseHTTPRequestHandler) -> None:
    slowly(handler, b"HTTP/1.1 200 OK\r\nA: ")


def drips_in_chunks(handler: http.server.BaseHTTPRequestHandler) -> None:
    slowly(handler, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def slowly(handler: http.server.BaseHTTPRequestHandler, begin: bytes) -> None:
    try:
        handler.wfile.write(begin)
        for _ in range(500):
            time.sleep(0.02)
            handler.wfile.write(b"0")
    except OSError:
        return


def redirects_without_end(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/gone")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 1000)
    except OSError:
        return


def test_a_figure_that_fails_does_not_keep_the_others(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    host.answers = {"/good.png": gives(png()), "/page.png": gives(b"<!doctype html>", "text/html"), "/cut": breaks_off}
    port = refused_port()
    bad = [f"{host.url}/gone.png", f"{host.url}/page.png", f"{host.url}/cut"]
    bad += [f"http://127.0.0.1:{port}/a.png", "http://nowhere.invalid/a.png", "https://[nowhere/a.png"]
    lines = [f"![a]({url})" for url in bad]
    good = f"![b]({host.url}/good.png)"
    folder = at(**{"202405": paper(*lines, good), "202406": paper(f"![a]({bad[0]})")})
    assert main(["figures", "vendor"]) == 1
    out, said = capsys.readouterr()
    assert out.splitlines() == [
        f"docs/202405.md:5: {bad[0]}: the server says 404 Not Found (and 1 more)",
        f"docs/202405.md:6: {bad[1]}: the server sent a web page, no picture",
        f"docs/202405.md:7: {bad[2]}: the connection broke off after 40 of {len(png())} bytes",
        f"docs/202405.md:8: {bad[3]}: no connection: its host refuses it",
        f"docs/202405.md:9: {bad[4]}: no connection: its host is not found",
    ]
    assert said == "paperdigest: 1 figure fetched into docs/assets/figures, 0 there already, 5 not fetched\n"
    assert names(folder) == [copy(f"{host.url}/good.png")]
    host.answers["/gone.png"] = gives(png(9))
    assert main(["figures", "vendor"]) == 1
    assert host.asked["/gone.png"] == 2
    assert host.asked["/good.png"] == 1


@pytest.mark.parametrize(
    ("answer", "limits", "reason"),
    [
        (breaks_off_in_chunks, Limits(), "the connection broke off"),
        (goes_on, Limits(size=10_000), "it is larger than 0.00954 MB"),
        (gives(png(), length=26 * 1024 * 1024), Limits(), "it is larger than 25 MB"),
        (lambda _: time.sleep(1), Limits(silence=0.1), "the server was silent for 0.1 s"),
        (drips, Limits(whole=0.1), "the server was too slow: "),
        (drips_headers, Limits(whole=0.1), "the server was too slow: "),
        (drips_in_chunks, Limits(whole=0.1), "the server was too slow: "),
        (redirects_without_end, Limits(whole=5), "the server says 404 Not Found"),
        (lambda handler: handler.wfile.write(b"hello\r\n\r\n"), Limits(), "the answer of the server is no HTTP"),
        (gives(b"x", status=403), Limits(), "the server says 403 Forbidden"),
    ],
)
def test_what_goes_wrong_leaves_nothing(
    host: Host, tmp_path: Path, answer: Answer, limits: Limits, reason: str
) -> None:
    host.answers = {"/a": answer}
    outcome = fetch_all({"k": f"{host.url}/a"}, tmp_path / "copies", 2, limits)["k"]
    assert isinstance(outcome, FetchError)
    assert str(outcome).startswith(reason)
    assert names(tmp_path / "copies") == []


@pytest.mark.parametrize(
    "url", ["http://", "http://a:b/c", "http://[x/", f"http://{'x' * 70}.example/", "http://a\tb c/"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url)


def test_without_connection_it_says_so_once_and_stops(at: Callable[..., Path], capsys: Out) -> None:
    urls = [f"http://host{n}.invalid/a.png" for n in range(300)]
    folder = at(**{"202405": paper(*(f"![a]({url})" for url in urls))})
    asked: Counter[str] = Counter()

    def lookup(host: str, *_: object, **__: object) -> None:
        asked[host] += 1
        time.sleep(0.01)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lookup)
        assert main(["figures", "vendor"]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert said == (
        "paperdigest: there is no connection: no host was found, so no figure was fetched; "
        "try again when this machine is online\n"
    )
    assert len(asked) < 100
    assert not folder.exists()


def test_a_file_that_cannot_be_written(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    host.answers = {"/1.png": gives(png())}
    folder = at(**{"202405": paper(f"![a]({host.url}/1.png)")})
    folder.parent.write_bytes(b"a file, no folder")
    assert main(["figures", "vendor"]) == 1
    assert "docs/assets" in capsys.readouterr().err


def test_nothing_that_a_terminal_obeys(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(404, "\x1b[31mred")
        handler.end_headers()

    host.answers = {"/1.png": answer}
    at(**{"202405": paper(f"![a]({host.url}/1.png)")})
    assert main(["figures", "vendor"]) == 1
    out, said = capsys.readouterr()
    assert "\x1b" not in out + said


# -- arguments and options


def test_the_folder_is_that_of_the_options(at: Callable[..., Path], host: Host, capsys: Out) -> None:
    host.answers = {"/1.png": gives(png())}
    page = {"202405": paper(f"![a]({host.url}/1.png)")}
    at(WITH_FOLDER.format("far/pictures/"), **page)
    assert main(["figures", "vendor"]) == 0
    assert names(Path("docs/far/pictures")) == [copy(f"{host.url}/1.png")]
    at(WITH_FOLDER.format("false"), **page)
    capsys.readouterr()
    assert main(["figures", "vendor"]) == 2
    assert "`figures_folder` in mkdocs.yml is false" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["..", "../x", "/x", ".", "a/../..", "'C:/x'", "7", "''"])
def test_a_folder_outside_the_docs_is_ignored(tmp_path: Path, folder: str) -> None:
    write(tmp_path, {"mkdocs.yml": WITH_FOLDER.format(folder)})
    options = site_options(tmp_path)
    assert options.figures_folder == "assets/figures"
    assert "figures_folder" in options.ignored[0]


@pytest.mark.parametrize("arguments", [["nosuch"], ["--jobs", "0"], ["--jobs", "x"], ["--jobs", "999"]])
def test_wrong_arguments(at: Callable[..., Path], arguments: list[str]) -> None:
    at()
    try:
        status = main(["figures", "vendor", *arguments])
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status == 2


def test_pages_outside_the_docs(at: Callable[..., Path], tmp_path: Path) -> None:
    at()
    write(tmp_path, {"other/202405.md": paper("![a](https://far.example/1.png)")})
    assert main(["figures", "vendor", "other"]) == 2
