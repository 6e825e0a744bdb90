"""The words that digests use for their parts, in every language that has a file of them."""

from __future__ import annotations

import tomllib
from importlib import resources


def digest_words(table: str) -> dict[str, tuple[str, ...]]:
    """The words of all languages in a table of their files, by what they mean: those of English first, each once."""
    files = [file for file in resources.files(__package__).iterdir() if file.name.endswith(".toml")]
    found: dict[str, dict[str, None]] = {}
    for file in sorted(files, key=lambda file: (file.name != "en.toml", file.name)):
        for name, words in tomllib.loads(file.read_text(encoding="utf-8")).get(table, {}).items():
            found.setdefault(name, {}).update(dict.fromkeys(words))
    return {name: tuple(words) for name, words in found.items()}
