"""The command `paperdigest`."""

from .command_line import main
