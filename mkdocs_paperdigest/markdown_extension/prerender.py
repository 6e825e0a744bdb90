"""Papers made into HTML as soon as they are read: whatever else the site holds, this part of their pages stays the same.

What depends on the rest of the site, the badges of keypoints and links of raw HTML, is put in when the page is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markdown import Markdown
from msgspec.structs import replace

from ..languages import Words
from ..records import Digest
from ..support import UnknownStateError, fingerprint
from .elements import PaperBuilder
from .page_state import LATE_END, LINK, PageContext, PageState


class Ahead:
    """Makes papers ahead with the Markdown extensions of a site, without that of the plugin."""

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
        """A name for all that the HTML of the same digest depends on, and `others` besides; None if that cannot be told."""
        names = [name.partition(":")[0] for name in self._settings[0] if isinstance(name, str)]
        try:
            return fingerprint(*self._settings, *others, modules=names)
        except UnknownStateError:
            return None

    def made(self, digest: Digest) -> Digest:
        """A digest whose papers have their HTML, but for those that need more of the site's converter than an empty one does."""
        if not digest.sections:
            return digest
        page = PageState(self._converter, self._context)
        page.digest = digest
        page.references = digest.definitions
        builder = PaperBuilder(page)
        if not builder.is_known:
            return digest
        sections = tuple(builder.ahead(section) for section in digest.sections)
        self._converter.reset()
        return replace(digest, sections=sections)
