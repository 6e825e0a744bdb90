"""Chromium for tests: how it is started, a server for built sites, and what is measured in a page."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
"""Without the ones about the background, Chromium asks hosts of its own for things; with the last, no test waits for another host."""

CONTRAST = """element => {
  const luminance = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  let back = element;
  while (/, 0\\)$|transparent/.test(getComputedStyle(back).backgroundColor)) back = back.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(back).backgroundColor].map(luminance);
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
}"""
"""The contrast of an element's text with what is behind it."""


POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""A strict Content-Security-Policy."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, policy: str, **more: Any) -> None:
        self.policy = policy
        super().__init__(*args, **more)

    def end_headers(self) -> None:
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path, policy: str = "") -> Iterator[str]:
    """Serve a folder while the context lasts, with a Content-Security-Policy if there is one; gives its address."""
    handler = partial(_Quiet, directory=str(folder), policy=policy)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


STORED = "() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }"


@contextmanager
def new_tab(window: Any) -> Iterator[Any]:
    """A page of its own; what it stored is removed in the end."""
    page = window.new_page()
    try:
        yield page
    finally:
        if not page.is_closed():
            page.evaluate(STORED)
            page.close()


@contextmanager
def lent(page: Any) -> Iterator[Any]:
    """A page that others had, and that others get: nothing of one stays for the next but steps in its history."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
    try:
        yield page
    finally:
        page.unroute_all()
        page.evaluate(STORED)
        page.goto("about:blank")


@contextmanager
def heard(page: Any, event: str, listener: Callable[[Any], None]) -> Iterator[None]:
    """Listen to what happens in a page while the context lasts."""
    page.on(event, listener)
    try:
        yield
    finally:
        page.remove_listener(event, listener)
