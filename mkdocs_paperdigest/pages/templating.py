"""The templates of lists and generated pages, and what all of them know: the words of the site's language; stencils of pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from ..languages import Words
from . import charts

_FOLDER = Path(__file__).parent.parent / "templates"


class CompiledTemplates(jinja2.BytecodeCache):
    """Templates that were compiled in this process: `mkdocs serve` makes all of them anew for each build."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = (bucket.checksum, bucket.code)


# One for each kind of environment: what was compiled of the same file where nothing is escaped must not be used here.
_OWN, OF_THEMES = CompiledTemplates(), CompiledTemplates()  # templates of `paperdigest/`, and those that MkDocs renders


class Templates:
    """Renders templates of `paperdigest/`, which a site can replace in its `custom_dir`; what they are given is escaped."""

    def __init__(self, folders: Sequence[str], words: Words) -> None:
        self.words = words
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            auto_reload=False,  # made anew for each build; else each badge asks the disk whether its template changed
            bytecode_cache=_OWN,
        )
        self._templates.globals |= {"words": words, "arithmetic": charts}

    @property
    def charts(self) -> Any:
        """The macros that draw."""
        return self._templates.get_template("paperdigest/charts.html").module

    def render(self, template: str, **context: Any) -> str:
        return self._templates.get_template(f"paperdigest/{template}").render(context)

    def is_own(self, template: str) -> bool:
        found = self._templates.get_template(f"paperdigest/{template}").filename
        return found is not None and Path(found).is_relative_to(_FOLDER)


class Stencil:
    """A text that is rendered once with placeholders and filled many times, which takes much less time than a template does."""

    def __init__(self, text: str, placeholders: Sequence[str]) -> None:
        numbers = {placeholder: number for number, placeholder in enumerate(placeholders)}
        pieces = re.split(f"({'|'.join(map(re.escape, placeholders))})", text)
        self._pieces = [numbers[piece] if place % 2 else piece for place, piece in enumerate(pieces)]

    def filled(self, values: Sequence[str]) -> str:
        return "".join([values[piece] if isinstance(piece, int) else piece for piece in self._pieces])
