"""`paperdigest figures vendor`: what it fetches, once, from a server of the test's own; what it refuses, and what it says."""

from __future__ import annotations

import http.server
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import write
from test_figures import png

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.command_line import main
from mkdocs_paperdigest.fetching import FetchError, Limits, fetch, fetch_all
from mkdocs_paperdigest.figures import figure_key
from mkdocs_paperdigest.site_options import site_options

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
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

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
    monkeypatch.setenv("no_proxy", "*")
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
    assert fetch(f"{host.url}/a") == (data, suffix)


SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'{}>{}</svg>"


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
        (b"<?xml version='1.0'?><rss/>", "text/xml", "the server sent XML, `<rss>`, no picture"),
        (SVG.format("", "<g><script>x</script></g>"), "image/svg+xml", "it is an SVG with `<script>` in it, which may"),
        (SVG.format("", "<foreignObject/>"), "image/svg+xml", "it is an SVG with `<foreignObject>` in it"),
        (SVG.format(" onload='x'", ""), "image/svg+xml", "it is an SVG with `onload` in it, which may run something"),
        (SVG.format("", "<a xlink:href=' java&#10;script:x'/>"), "image/svg+xml", "it is an SVG whose `href` may run"),
        (
            SVG.format("", "<set attributeName='href' to='javascript:x'/>"),
            "image/svg+xml",
            "it is an SVG whose `to` may",
        ),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("", "&a;"), "image/svg+xml", "it is an SVG that declares an"),
        ("<?xml-stylesheet href='a'?>", "image/svg+xml", "the server sent image/svg+xml, no picture that pages can"),
        ("<?xml version='1.0'?><?xml-stylesheet href='a'?>" + SVG, "image/svg+xml", "it is an SVG with `<?xml-style"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml", "it is no valid SVG: no element found"),
    ],
)
def test_what_is_no_harmless_picture_is_refused(host: Host, data: bytes | str, kind: str, reason: str) -> None:
    host.answers = {"/a": gives(data if isinstance(data, bytes) else data.encode(), kind)}
    with pytest.raises(FetchError) as caught:
        fetch(f"{host.url}/a")
    assert str(caught.value).startswith(reason)


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
    assert fetch(f"{host.url}/one") == (png(), "png")
    for path in ("/round", "/file", "/ftp"):
        with pytest.raises(FetchError):
            fetch(host.url + path)


def test_a_page_about_a_picture_on_github_is_asked_for_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Opener:
        def open(self, request: object, timeout: float) -> None:
            asked.append(request.full_url)  # type: ignore[attr-defined]
            raise TimeoutError

    monkeypatch.setattr("mkdocs_paperdigest.fetching._opener", Opener)
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
        (lambda handler: handler.wfile.write(b"hello\r\n\r\n"), Limits(), "the answer of the server is no HTTP"),
        (gives(b"x", status=403), Limits(), "the server says 403 Forbidden"),
    ],
)
def test_what_goes_wrong_leaves_nothing(
    host: Host, tmp_path: Path, answer: Answer, limits: Limits, reason: str
) -> None:
    host.answers = {"/a": answer}
    fetched = fetch_all({"k": f"{host.url}/a"}, tmp_path / "copies", 2, limits)
    assert str(fetched.failed["k"]).startswith(reason)
    assert not fetched.names
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
    assert options.figures == "assets/figures"
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
