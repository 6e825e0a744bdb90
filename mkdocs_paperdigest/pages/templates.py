"""The templates of lists and generated pages, and what all of them know: the words of the site's language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from ..languages import Words

_FOLDER = Path(__file__).parent.parent / "templates"


class Templates:
    """Renders templates of `paperdigest/`, which a site can replace in its `custom_dir`; what they are given is escaped."""

    def __init__(self, folders: Sequence[str], words: Words) -> None:
        self.words = words
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            auto_reload=False,  # made anew for each build; else each badge asks the disk whether its template changed
        )
        self._templates.globals["words"] = words

    def render(self, template: str, **context: Any) -> str:
        """The HTML that a template gives."""
        return self._templates.get_template(f"paperdigest/{template}").render(context)

    def is_own(self, template: str) -> bool:
        """Whether a template is the plugin's, not one of the site in its place."""
        found = self._templates.get_template(f"paperdigest/{template}").filename
        return found is not None and Path(found).is_relative_to(_FOLDER)
