"""Paper digests in Markdown, read and indexed."""

__version__ = "0.1.0"
