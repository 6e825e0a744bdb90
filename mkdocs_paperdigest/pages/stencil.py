"""Texts that are rendered once with placeholders and filled many times, which takes much less time than a template does."""

from __future__ import annotations

import re
from collections.abc import Sequence


class Stencil:
    def __init__(self, text: str, placeholders: Sequence[str]) -> None:
        numbers = {placeholder: number for number, placeholder in enumerate(placeholders)}
        pieces = re.split(f"({'|'.join(map(re.escape, placeholders))})", text)
        self._pieces = [numbers[piece] if place % 2 else piece for place, piece in enumerate(pieces)]

    def filled(self, values: Sequence[str]) -> str:
        return "".join([values[piece] if isinstance(piece, int) else piece for piece in self._pieces])


def placeholders(count: int) -> list[str]:
    """Texts that templates write as they are given, in addresses too."""
    return [f"pd0value{number}pd" for number in range(count)]
