"""Pictures of public hosts, fetched into a folder: each once, and nothing but pictures that do no harm."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead, InvalidURL
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
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

from .. import __version__
from ..records import address
from .svg_pictures import harmless_svg

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
    ("avif", re.compile(rb"\0\0..ftyp(?:.{4}){0,12}?avi[fs]", re.DOTALL)),
    ("svg", re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s|<svg\b|<!--|<!DOCTYPE\s+svg\b)")),
)
"""How files of each kind begin, by the suffix. Source: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern"""

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)

# What not every Python takes for special. Source: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
_NAT64 = ip_network("64:ff9b::/96")
_GLOBAL = ip_network("2000::/3")
# The fourth is the host of a virtual machine at Azure, where GitHub's runners are; those of IPv6 are tunnels and examples.
_SPECIAL = "192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 168.63.129.16/32 2001::/23 2001:db8::/32 2002::/16 3fff::/20"
_NEVER = tuple(map(ip_network, _SPECIAL.split()))


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
class Picture:
    """A picture: its bytes, the suffix of its kind, and what was left out of it, since it may run or load something."""

    data: bytes
    suffix: str
    left_out: tuple[str, ...] = ()


Outcome = tuple[str, ...] | FetchError
"""What was left out of a picture that is a file now, or why there is none."""


def fetch_all(
    wanted: Mapping[str, str],
    folder: Path,
    jobs: int,
    limits: Limits = Limits(),
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Outcome]:
    """Fetch pictures, key → address, into files named by their keys, `jobs` at a time.

    Raises FetchError if no host is found, OSError if a file cannot be written.
    """
    outcomes: dict[str, Outcome] = {}
    executor = ThreadPoolExecutor(max_workers=jobs)
    try:
        futures = {executor.submit(_fetch_into, folder, key, url, limits): key for key, url in wanted.items()}
        for done, future in enumerate(as_completed(futures), 1):
            outcomes[futures[future]] = future.result()
            if progress:
                progress(done, len(wanted))
            if done == _FIRST and all(isinstance(one, FetchError) and one.offline for one in outcomes.values()):
                raise FetchError("no host was found", offline=True)
    finally:
        executor.shutdown(cancel_futures=True)
    return outcomes


def _fetch_into(folder: Path, key: str, url: str, limits: Limits) -> Outcome:
    try:
        picture = fetch(url, limits)
    except FetchError as error:
        return error
    name = f"{key}.{picture.suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.{os.getpid()}"  # MkDocs passes hidden files over
    with part.open("xb") as file:  # not through a link of that name
        try:
            file.write(picture.data)
            part.replace(folder / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    return picture.left_out


def fetch(url: str, limits: Limits = Limits()) -> Picture:
    """The picture at an address of the public internet. Raises FetchError, and nothing else."""
    connections = _Connections()
    clock = threading.Timer(limits.whole, connections.stop)
    clock.daemon = True
    clock.start()
    try:
        url = address(url)
        if _BLOB.match(url) and "raw=" not in url:
            url += "&raw=true" if "?" in url else "?raw=true"
        request = Request(url, headers={"User-Agent": _AGENT, "Accept": _ACCEPT})  # noqa: S310 - http only
        with _opener(connections).open(request, timeout=limits.silence) as answer:
            data, said = b"".join(_pieces(answer, limits)), answer.headers.get_content_type()
    except HTTPError as error:
        error.close()
        raise FetchError(f"the server says {error.code} {error.reason}") from error
    except (FetchError, OSError, HTTPException, ValueError) as error:
        raise _too_slow(limits) if connections.stopped else _reason(error, limits) from error
    finally:
        clock.cancel()
        connections.close()
    if connections.stopped:  # an answer that does not say its length only ends
        raise _too_slow(limits)
    return _picture(data, said)


class _Connections:
    """The connections of a fetch, to public addresses only. `stop` ends them, whatever they are waiting for."""

    def __init__(self) -> None:
        self.stopped = False
        self._ends: list[socket.socket] = []

    def to_host(self, place: tuple[str, int], timeout: float, *_: object) -> socket.socket:
        """Connect to a host, at one of the addresses that were checked: its name is not asked for a second time."""
        fault: OSError = ConnectionRefusedError()
        for found in public_places(*place):
            try:
                return self.to_proxy(found, timeout)
            except OSError as error:
                fault = error
            if self.stopped:
                break
        raise fault

    def to_proxy(self, place: tuple[str, int], timeout: float, *_: object) -> socket.socket:
        made = socket.create_connection(place, timeout)
        self._ends.append(made.dup())  # what TLS and HTTP make of the other cannot be reached while they wait
        if self.stopped:
            self.stop()
        return made

    def stop(self) -> None:
        self.stopped = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for end in self._ends:
            end.close()


def public_places(host: str, port: int) -> list[tuple[str, int]]:
    """The addresses of a host. Raises FetchError if one of them is not public, OSError if there is none."""
    found = [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for one in found:
        if not is_public(one):
            raise FetchError(f"its host has the address {one}, which is not one of the public internet")
    return [(one, port) for one in found]


def is_public(address: str) -> bool:
    """Whether an address, such as `getaddrinfo` gives it, is one of the public internet; so is that of IPv4 inside of it, if it has one."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip)
    is_usual = ip.version == 4 or ip in _GLOBAL
    return is_usual and ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER)


class _Hosts(HTTPHandler, HTTPSHandler):
    """Opens addresses at the hosts that `_Connections` allows, or through a proxy of the environment, wherever that is."""

    def __init__(self, connections: _Connections) -> None:
        super().__init__()
        self._connections = connections

    def http_open(self, req: Request) -> HTTPResponse:
        return self._open(HTTPConnection, req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self._open(HTTPSConnection, req)

    def _open(self, kind: type[HTTPConnection], request: Request) -> HTTPResponse:
        connect = self._connections.to_host
        if request.has_proxy() or getattr(request, "_tunnel_host", None):
            connect = self._connections.to_proxy
            with contextlib.suppress(socket.gaierror):
                public_places(unquote(urlsplit(request.full_url).hostname or ""), 0)

        def connection(host: str, **settings: Any) -> HTTPConnection:
            made = kind(host, **settings)
            made._create_connection = connect  # type: ignore[attr-defined]
            return made

        return self.do_open(connection, request)


class _Redirects(HTTPRedirectHandler):
    """Follows redirects without reading their bodies, which may have no end."""

    def redirect_request(self, req: Request, fp: IO[bytes], *rest: Any) -> Request | None:
        fp.close()
        return super().redirect_request(req, fp, *rest)


def _opener(connections: _Connections) -> OpenerDirector:
    """Opens addresses of the web; a redirect must not lead to files or elsewhere, as urllib's own opener would allow."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        _Hosts(connections),
        HTTPDefaultErrorHandler(),
        _Redirects(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _pieces(answer: HTTPResponse, limits: Limits) -> Iterator[bytes]:
    """The body of an answer, unless its first piece shows that it is no picture, or it is too large."""
    wanted, got = answer.length, 0
    _check_size(wanted or 0, limits)
    while piece := answer.read1(_PIECE):
        if not got and _PAGE.match(piece):
            raise FetchError("the server sent a web page, no picture")
        got += len(piece)
        _check_size(got, limits)
        yield piece
    if wanted is not None and got < wanted:
        raise FetchError(f"the connection broke off after {got:,} of {wanted:,} bytes")


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.size:
        raise FetchError(f"it is larger than {limits.size / 1024 / 1024:.3g} MB")


def _too_slow(limits: Limits) -> FetchError:
    return FetchError(f"the server was too slow: it took more than {limits.whole:g} s")


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "no connection: its host is not found"),
    (TimeoutError, "the server was silent for {limits.silence:g} s"),
    (ConnectionRefusedError, "no connection: its host refuses it"),
    (ssl.SSLCertVerificationError, "the certificate of its host is not valid: {cause.verify_message}"),
    (IncompleteRead, "the connection broke off"),
    (ConnectionError, "the connection broke off: {said}"),
    (OSError, "no connection: {said}"),
    (InvalidURL, "this is no address: {cause}"),
    (HTTPException, "the answer of the server is no HTTP: {kind}"),
    (ValueError, "this is no address: {cause}"),
)
"""What is said of a fault: the first kind that it is of."""


def _reason(error: Exception, limits: Limits) -> FetchError:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, FetchError):
        return cause
    text = next((text for kind, text in _REASONS if isinstance(cause, kind)), "{cause}")
    said = getattr(cause, "strerror", None) or cause
    is_offline = isinstance(cause, socket.gaierror) or (isinstance(cause, OSError) and cause.errno in _NO_NETWORK)
    reason = text.format(cause=cause, said=said, kind=type(cause).__name__, limits=limits)
    return FetchError(reason, offline=is_offline)


def _picture(data: bytes, said: str) -> Picture:
    """A picture by what it is, whatever the server says. Raises FetchError for what no page may show."""
    suffix = next((suffix for suffix, sign in _SIGNS if sign.match(data)), None)
    is_page = said in ("text/html", "application/xhtml+xml")
    if suffix is None or (suffix == "svg" and is_page):
        what = "a web page" if is_page else said if data else "nothing"
        raise FetchError(f"the server sent {what}, no picture that pages can show")
    if suffix != "svg":
        return Picture(data, suffix)
    try:
        data, left_out = harmless_svg(data)
    except ValueError as error:
        raise FetchError(f"it is {error}") from error
    return Picture(data, suffix, tuple(left_out))
