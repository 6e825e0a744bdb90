"""A site as plain Markdown, for other site generators."""

from .folder import FolderError, write_folder
from .site import markdown_site, source_pages

__all__ = ["FolderError", "markdown_site", "source_pages", "write_folder"]
