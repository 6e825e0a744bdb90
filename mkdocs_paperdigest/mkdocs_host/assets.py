"""The templates, styles, scripts and Markdown extension that the plugin adds to a site."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from ..markdown_extension import DigestExtension
from ..pages import ASSETS

_TEMPLATES = str(Path(__file__).parent.parent / "templates")
_STYLE = f"{ASSETS}paperdigest.css"
_SCRIPT = f"{ASSETS}paperdigest.js"


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
