"""`python -m mkdocs_paperdigest` is the command `paperdigest`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
