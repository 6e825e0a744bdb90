"""Findings in the log of MkDocs, where `--strict` counts them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File

from ..collection import decode
from ..records import Finding, Severity, finding, summary
from .reading import content_of

_LOG = get_plugin_logger("paperdigest")
_LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING}


def report(findings: Sequence[Finding]) -> None:
    for severity, line in summary(findings):
        _LOG.log(_LEVELS[severity], line)


def marker_finding(file: File, text: str, fault: str) -> Finding:
    # The file's own text, since the page's Markdown lacks the front matter.
    source = decode(content_of(file) or b"")[0]
    found = re.search(rf"paperdigest(?::|\s+)(?P<text>{re.escape(text)})", source)
    place = found.start("text") if found else 0
    line = source.count("\n", 0, place) + 1
    return finding("PD403", file.src_uri, line, place - source.rfind("\n", 0, place), text, advice=fault)
