"""The registry of generated pages: what a row needs besides its content."""

from __future__ import annotations

from pathlib import Path

import pytest

import mkdocs_paperdigest
from mkdocs_paperdigest.collection import KINDS
from mkdocs_paperdigest.languages import words
from mkdocs_paperdigest.pages import GENERATED_PAGES, GeneratedPage

MARKDOWN = Path(mkdocs_paperdigest.__file__).parent / "markdown_site" / "templates"


@pytest.mark.parametrize("row", GENERATED_PAGES, ids=lambda row: row.option)
def test_a_page_has_an_option_and_a_title_and_a_template_of_markdown_if_it_does_not_say_that_it_has_none(
    row: GeneratedPage,
) -> None:
    assert row.option in KINDS
    assert words("en")(row.title)
    assert row.markdown is None or (MARKDOWN / row.markdown).is_file()
