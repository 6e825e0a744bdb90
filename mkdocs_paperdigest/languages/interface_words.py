"""The words that the plugin itself says, in the language of the site: a file per language, and those that a site adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

BASE = "en"
"""The language whose file has every word; what another lacks is said in it."""


@dataclass(frozen=True)
class Words:
    """The words of one language. `code` is its tag as in `<html lang>`, `texts` the words by their keys, as the files have them."""

    code: str
    texts: Mapping[str, Any]

    def __call__(self, key: str, n: int | None = None, /, **values: object) -> str:
        """A text with its values filled in, plain text; `n` chooses between the forms `one` and `other`.

        Raises KeyError for a key that is not in English.
        """
        text = self.texts[key]
        if isinstance(text, Mapping):
            text = text["one" if n == 1 else "other"]
        return str(text).format(n=n, **values)

    def month(self, month: str | None) -> str:
        """A month, `YYYY-MM`, in words, such as `May 2024`; None is what papers without a month stand under."""
        if month is None:
            return self("without_month")
        year, number = month.split("-")[:2]
        return self("month", year=year, month=self.texts["months"][int(number) - 1], number=int(number))


class WordsError(ValueError):
    """A site's own file of words that cannot be used; its text says which, and why."""


def words(language: str, folder: Path | None = None) -> Words:
    """The words of a tag (`zh-tw`), else of its language (`zh`), else English; files in `folder` come first.

    Raises WordsError for one that cannot be used.
    """
    tag = language.replace("_", "-")
    codes = dict.fromkeys((tag.lower().partition("-")[0], tag.lower()))
    texts = dict(_texts(BASE))
    for code in codes:
        texts |= _texts(code)
    for file in (folder / f"{code}.yml" for code in codes) if folder else ():
        if file.is_file():
            texts |= _own(file)
    return Words(tag, texts)


@cache
def _texts(code: str) -> Mapping[str, Any]:
    """The words that ship with the package, empty for a language that does not."""
    file = resources.files(__package__).joinpath(f"{code}.yml")
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _own(file: Path) -> Mapping[str, Any]:
    """The words of a site's own file. Raises WordsError."""
    try:
        texts = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise WordsError(f"{file} cannot be read: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(texts, dict):
        raise WordsError(f"{file} must have lines such as `untitled: Sans titre`")
    for key, text in texts.items():
        if fault := _fault(key, _texts(BASE).get(key), text):
            raise WordsError(f"{file}: `{key}` {fault}")
    return texts


def _fault(key: str, english: Any, text: Any) -> str | None:
    """What is wrong with a text that stands for an English one, None if nothing is."""
    if english is None:
        return "is no word of the interface"
    if isinstance(english, list):
        fits = isinstance(text, list) and len(text) == len(english) and all(isinstance(part, str) for part in text)
        return None if fits else f"takes a list of {len(english)} texts"
    forms = list(text.values()) if isinstance(text, dict) else [text]
    if not all(isinstance(form, str) for form in forms) or (isinstance(text, dict) and set(text) != {"one", "other"}):
        return "takes a text, or a form for `one` and an `other` form"
    if any("|" in form for form in forms):
        return "may have no `|`, which parts the words that scripts are given"
    try:
        known = _slots(english) | ({"year", "month", "number"} if key == "month" else {"n"})
        wrong = set().union(*map(_slots, forms)) - known
    except ValueError as error:
        return f"is no text with slots in curly braces: {error}"
    return f"has no value for `{{{min(wrong)}}}`" if wrong else None


def _slots(text: Any) -> set[str]:
    """The names in the curly braces of a text, or of all its forms. Raises ValueError for braces that are not closed."""
    forms = text.values() if isinstance(text, Mapping) else [text]
    return {name for form in forms for _, name, *_ in Formatter().parse(form) if name is not None}
