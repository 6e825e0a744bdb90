"""What may be imported is what `__all__` has, and the guide explains each of these names."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import pytest
from conftest import ROOT

import mkdocs_paperdigest

GUIDE = ROOT / "example_site" / "docs" / "guide"
PUBLIC = mkdocs_paperdigest.__all__


def test_the_guide_lists_exactly_the_public_names() -> None:
    names = (GUIDE / "python.md").read_text(encoding="utf-8").partition("## The names")[2]
    assert sorted(re.findall(r"^\| `(\w+)` \|", names, re.MULTILINE)) == sorted(PUBLIC)


def test_nothing_else_can_be_imported_but_rooms() -> None:
    others = {name for name in vars(mkdocs_paperdigest) if not name.startswith("__")} - set(PUBLIC)
    assert {name for name in others if not isinstance(getattr(mkdocs_paperdigest, name), ModuleType)} == set()


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented_down_to_its_methods(name: str) -> None:
    thing = getattr(mkdocs_paperdigest, name)
    if not callable(thing):
        return
    assert (thing.__doc__ or "").strip(), name
    own = vars(thing) if inspect.isclass(thing) else {}
    methods = {key: value for key, value in own.items() if not key.startswith("_") and callable(value)}
    assert [key for key, value in methods.items() if not (value.__doc__ or "").strip()] == []


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(GUIDE.glob("*.md"))], ids=lambda page: page.stem)
def test_the_guide_imports_nothing_that_is_not_public(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for module, names in re.findall(r"^\s*from (mkdocs_paperdigest[\w.]*) import ([\w, ]+)$", text, re.MULTILINE):
        assert module == "mkdocs_paperdigest"
        assert set(names.replace(" ", "").split(",")) <= set(PUBLIC)
    assert re.findall(r"\bmkdocs_paperdigest\.\w+", text) == []  # in prose, too
