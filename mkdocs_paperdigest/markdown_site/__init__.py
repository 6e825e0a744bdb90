"""A site as plain Markdown, for other site generators."""

from .output_folder import FolderError, write_folder
from .rendered_site import markdown_site, source_pages
