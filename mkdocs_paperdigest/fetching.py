"""Pictures of other hosts, fetched into a folder: each once, and nothing but pictures that do no harm."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPResponse, IncompleteRead, InvalidURL
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)
from xml.parsers.expat import ExpatError, ParserCreate

from . import __version__
from .figures import address

_AGENT = f"paperdigest/{__version__} (+https://github.com/mkdocs-paperdigest/mkdocs-paperdigest)"
_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/*;q=0.5"
_PIECE = 65536
_FIRST = 5
"""If so many fetches in a row, from the first on, find no host, there is no connection."""

_NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
# The page of a file on GitHub, which shows the picture itself where Markdown has this address.
_BLOB = re.compile(r"https?://(?:www\.)?github\.com/[^/?#]+/[^/?#]+/blob/[^?#]+")
_SIGNS = (
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("jpg", re.compile(rb"\xff\xd8\xff")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("avif", re.compile(rb".{4}ftyp(?:.{4}){0,12}?avi[fs]", re.DOTALL)),
    ("svg", re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s|<svg\b|<!--|<!DOCTYPE\s+svg\b)")),
)
"""How files of each kind begin, by the suffix. Source: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern"""

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_SVG = "http://www.w3.org/2000/svg"
_ACTIVE = frozenset(["script", "foreignobject", "iframe", "embed", "object", "handler", "listener"])
_RUNS = re.compile(r"(?:^|;)(?:(?:javascript|vbscript):|data:(?:text/|application/|image/svg))", re.IGNORECASE)


class FetchError(Exception):
    """Why a picture was not fetched, in a few words; `offline` says that no host was found."""

    def __init__(self, reason: str, *, offline: bool = False) -> None:
        super().__init__(" ".join(reason.split()))
        self.offline = offline


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a picture may be, in bytes, and how long a server may be silent, and take in all, in seconds."""

    size: int = 25 * 1024 * 1024
    silence: float = 20
    whole: float = 180


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of the wanted pictures, by their keys: the names of new files, and why there is none; `offline` if it gave up."""

    names: Mapping[str, str]
    failed: Mapping[str, FetchError]
    offline: bool = False


def fetch_all(
    wanted: Mapping[str, str],
    folder: Path,
    jobs: int,
    limits: Limits = Limits(),
    progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """Fetch pictures, key → address, into a folder, each as a file that its key names.

    `jobs` are fetched at a time. One that fails leaves no file and does not keep the others. Raises OSError if a file cannot
    be written.
    """
    names: dict[str, str] = {}
    failed: dict[str, FetchError] = {}
    executor = ThreadPoolExecutor(max_workers=jobs)
    try:
        futures: dict[Future[str], str] = {
            executor.submit(_fetch_into, folder, key, url, limits): key for key, url in wanted.items()
        }
        for done, future in enumerate(as_completed(futures), 1):
            try:
                names[futures[future]] = future.result()
            except FetchError as error:
                failed[futures[future]] = error
            if progress:
                progress(done, len(wanted))
            if done == _FIRST and len(failed) == done and all(error.offline for error in failed.values()):
                return Fetched(names, failed, offline=True)
    finally:
        executor.shutdown(cancel_futures=True)
    return Fetched(names, failed)


def _fetch_into(folder: Path, key: str, url: str, limits: Limits) -> str:
    data, suffix = fetch(url, limits)
    name = f"{key}.{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.{os.getpid()}"  # MkDocs passes hidden files over
    try:
        with part.open("xb") as file:  # not through a link that stands there
            file.write(data)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    return name


def fetch(url: str, limits: Limits = Limits()) -> tuple[bytes, str]:
    """The picture at an address, and the suffix of its kind. Raises FetchError, and nothing else."""
    try:
        request = Request(_raw(address(url)), headers={"User-Agent": _AGENT, "Accept": _ACCEPT})  # noqa: S310 - http only
        with _opener().open(request, timeout=limits.silence) as answer:
            data = b"".join(_pieces(answer, limits))
            return data, _kind(data, answer.headers.get_content_type())
    except HTTPError as error:
        with error:
            raise FetchError(f"the server says {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise _reason(error, limits) from error


def _raw(url: str) -> str:
    """The address of a picture itself, where GitHub has a page about it at this one."""
    if not _BLOB.match(url) or "raw=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}raw=true"


@cache
def _opener() -> OpenerDirector:
    """Opens addresses of the web; a redirect must not lead to files or elsewhere, as urllib's own opener would allow."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        UnknownHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        HTTPRedirectHandler,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _pieces(answer: HTTPResponse, limits: Limits) -> Iterator[bytes]:
    """The body of an answer, unless its first piece shows that it is no picture, or it is too large or too slow."""
    end = time.monotonic() + limits.whole
    wanted, got = answer.length, 0
    _check_size(wanted or 0, limits)
    while piece := answer.read1(_PIECE):
        if not got and _PAGE.match(piece):
            raise FetchError("the server sent a web page, no picture")
        got += len(piece)
        _check_size(got, limits)
        if time.monotonic() > end:
            raise FetchError(f"the server was too slow: {got:,} bytes in {limits.whole:g} s")
        yield piece
    if wanted is not None and got < wanted:
        raise FetchError(f"the connection broke off after {got:,} of {wanted:,} bytes")


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.size:
        raise FetchError(f"it is larger than {limits.size / 1024 / 1024:.3g} MB")


def _reason(error: Exception, limits: Limits) -> FetchError:
    """What kept a picture from being fetched, said in a few words."""
    cause = error.reason if isinstance(error, URLError) else error
    match cause:
        case FetchError():
            return cause
        case socket.gaierror():
            return FetchError("no connection: its host is not found", offline=True)
        case TimeoutError():
            return FetchError(f"the server was silent for {limits.silence:g} s")
        case ConnectionRefusedError():
            return FetchError("no connection: its host refuses it")
        case ssl.SSLCertVerificationError():
            return FetchError(f"the certificate of its host is not valid: {cause.verify_message}")
        case IncompleteRead():
            return FetchError("the connection broke off")
        case ConnectionError():
            return FetchError(f"the connection broke off: {cause.strerror or cause}")
        case OSError():
            return FetchError(f"no connection: {cause.strerror or cause}", offline=cause.errno in _NO_NETWORK)
        case HTTPException() if not isinstance(cause, InvalidURL):
            return FetchError(f"the answer of the server is no HTTP: {type(cause).__name__}")
        case InvalidURL() | ValueError():
            return FetchError(f"this is no address: {cause}")
    return FetchError(str(cause))


# -- kinds


def _kind(data: bytes, said: str) -> str:
    """The suffix of a picture by what it is, whatever the server says. Raises FetchError for what no page may show."""
    suffix = next((suffix for suffix, sign in _SIGNS if sign.match(data)), None)
    is_page = said in ("text/html", "application/xhtml+xml")
    if suffix is None or (suffix == "svg" and is_page):
        what = "a web page" if is_page else said if data else "nothing"
        raise FetchError(f"the server sent {what}, no picture that pages can show")
    if suffix == "svg":
        _check_svg(data)
    return suffix


def _check_svg(data: bytes) -> None:
    """Refuse an SVG that could run something when a reader opens it. Raises FetchError."""
    elements = 0

    def start(name: str, given: Mapping[str, str]) -> None:
        nonlocal elements
        space, _, local = name.rpartition("}")
        elements += 1
        if elements == 1 and (space, local) != (_SVG, "svg"):
            raise FetchError(f"the server sent XML, `<{local}>`, no picture")
        if local.lower() in _ACTIVE:
            raise FetchError(f"it is an SVG with `<{local}>` in it, which may run something")
        for key, value in given.items():
            attribute = key.rpartition("}")[2]
            if attribute.lower().startswith("on"):
                raise FetchError(f"it is an SVG with `{attribute}` in it, which may run something")
            if _RUNS.search(re.sub(r"[\x00-\x20]", "", value)):
                raise FetchError(f"it is an SVG whose `{attribute}` may run something")

    def entity(name: str, *_: object) -> None:
        raise FetchError(f"it is an SVG that declares an entity, `{name}`, which pages must not trust")

    def instruction(name: str, *_: object) -> None:
        if name == "xml-stylesheet":
            raise FetchError(f"it is an SVG with `<?{name}` in it, which may run something")

    parser = ParserCreate(namespace_separator="}")
    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(data, True)  # noqa: FBT003 - takes no names
    except (ExpatError, LookupError, ValueError) as error:
        raise FetchError(f"it is no valid SVG: {error}") from error
