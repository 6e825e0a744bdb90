"""The command `paperdigest`."""

from .command_line import main

__all__ = ["main"]
