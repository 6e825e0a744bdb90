"""Papers converted to HTML as soon as they are read: this part of their pages depends on nothing else of the site.

Placeholders are left for what does, the badges of keypoints and links of raw HTML; the page fills them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markdown import Markdown
from msgspec.structs import replace

from ..languages import Words
from ..records import Digest
from ..support import UnknownStateError, fingerprint
from .page_state import LATE_END, LINK, PageContext, PageState
from .paper_elements import PaperBuilder


class Prerenderer:
    """Converts papers with the Markdown extensions of a site, without that of the plugin."""

    def __init__(self, extensions: Sequence[Any], configs: Mapping[str, Any], words: Words, *, tables: bool) -> None:
        self._converter = Markdown(extensions=extensions, extension_configs=configs)
        self._settings = (list(extensions), configs, words, tables)
        self._context = PageContext(
            read=lambda _: Digest(""),
            badge=None,
            resolve=lambda url: f"{LINK}{url}{LATE_END}",
            words=words,
            tables=tables,
        )

    def state(self, *others: Any) -> str | None:
        """Name all that the HTML of the same digest depends on, and `others`; None if that cannot be known."""
        names = [name.partition(":")[0] for name in self._settings[0] if isinstance(name, str)]
        try:
            return fingerprint(*self._settings, *others, modules=names)
        except UnknownStateError:
            return None

    def prerendered(self, digest: Digest) -> Digest:
        """Return the digest with `html` set on each paper that no extension would change."""
        if not digest.sections:
            return digest
        page = PageState(self._converter, self._context)
        page.digest = digest
        page.references = digest.definitions
        builder = PaperBuilder(page)
        if not builder.is_known:
            return digest
        sections = tuple(builder.prerendered(section) for section in digest.sections)
        self._converter.reset()
        return replace(digest, sections=sections)
