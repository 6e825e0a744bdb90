"""A project that is built again and again, in one process, with and without what was kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_paperdigest.collection import page_text


class Site:
    """A project, and its builds: one after another with one plugin as `mkdocs serve` has it, or each with a plugin of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.read: list[str] = []
        self._served: dict[str, Any] = {}
        real = page_text.read_page

        def read_page(body: str, path: str, *rest: Any, **more: Any) -> Any:
            self.read.append(path)
            return real(body, path, *rest, **more)

        monkeypatch.setattr(page_text, "read_page", read_page)
        self.settings: dict[str, Any] = {
            "site_name": "Test",
            "theme": {"name": "material", "font": False},
            "markdown_extensions": ["attr_list", "footnotes", "toc"],
        }
        self.plugins: list[Any] = ["search"]
        self.options: dict[str, Any] = {}
        self.raw: Callable[[str], str] = str  # what YAML writes → what stands in the file

    def build(self, site: str, *, cache: bool, serve: bool = False) -> dict[str, bytes]:
        """Every file of the site that is built now."""
        options = self.options | ({} if cache else {"cache": False})
        settings = {**self.settings, "plugins": [*self.plugins, {"paperdigest": options}]}
        (self.folder / "mkdocs.yml").write_text(self.raw(yaml.safe_dump(settings)), encoding="utf-8")
        # MkDocs keeps plugins with `on_startup` from one configuration to the next, as `mkdocs serve` needs it.
        kept: dict[str, Any] = vars(MkDocsConfig)["plugins"].plugin_cache
        kept.clear()
        kept.update(self._served if serve else {})
        config = load_config(str(self.folder / "mkdocs.yml"), site_dir=str(self.folder / site))
        if serve:
            self._served = dict(kept)
        self.read.clear()
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build(config)
        if not serve:
            config.plugins.on_shutdown()
        root = self.folder / site
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and path.name != "sitemap.xml.gz"  # says when it was packed
        }


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
