"""The options of the plugin as MkDocs checks them, and the assets that it adds to the settings of a site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.base import BaseConfigOption, Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig

from ..collection import KINDS, Kind, OptionError, Options
from ..markdown_extension import DigestExtension
from ..pages import ASSETS

_TEMPLATES = str(Path(__file__).parent.parent / "templates")
_STYLE = f"{ASSETS}paperdigest.css"
_SCRIPT = f"{ASSETS}paperdigest.js"


class _Checked(BaseConfigOption[Any]):
    def __init__(self, kind: Kind[Any]) -> None:
        super().__init__()
        self.kind = kind
        self.default = kind.default

    def run_validation(self, value: object) -> Any:
        try:
            return self.kind.read(value)
        except OptionError as error:
            raise ValidationError(str(error)) from error


class PaperDigestConfig(Config):  # type: ignore[no-untyped-call]
    _schema = tuple((name, _Checked(kind)) for name, kind in KINDS.items())

    @property
    def options(self) -> Options:
        return Options(**{name: self[name] for name in KINDS})


def add_assets(config: MkDocsConfig, extension: DigestExtension) -> None:
    """Add the assets once, the style before those of the site, which win."""
    extensions: list[object] = config.markdown_extensions  # type: ignore[assignment]
    if extension not in extensions:
        extensions.append(extension)
    if _TEMPLATES not in config.theme.dirs:
        config.theme.dirs.append(_TEMPLATES)
    if _STYLE not in config.extra_css:
        config.extra_css.insert(0, _STYLE)
    if _SCRIPT not in map(str, config.extra_javascript):
        config.extra_javascript.append(_SCRIPT)


def other_extensions(config: MkDocsConfig) -> list[Any]:
    return [extension for extension in config.markdown_extensions if not isinstance(extension, DigestExtension)]
