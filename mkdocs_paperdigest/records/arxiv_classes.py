"""The classes of arXiv, such as `cs.CV` and `hep-th`.

Source: https://arxiv.org/category_taxonomy
"""

from __future__ import annotations

import re

ARXIV_CLASS = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|nlin|cond-mat|astro-ph)\.[A-Za-z]{2,5}(?:-[a-z]{2,4})?"
    r"|hep-(?:th|ph|ex|lat)|gr-qc|quant-ph|math-ph|nucl-(?:ex|th)"
)
UNDIVIDED = frozenset("astro-ph gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph".split())
"""Archives of old identifiers that were no further divided, so that an identifier says the class."""
_IN_TEXT = re.compile(rf"(?<![\w.-])(?:{ARXIV_CLASS.pattern})(?![\w-]|\.\w)")


def first_class(text: str) -> str | None:
    """The first class of arXiv in a text: `Robotics (cs.RO); Machine Learning (cs.LG)` → `cs.RO`."""
    found = _IN_TEXT.search(text)
    return found[0] if found else None
