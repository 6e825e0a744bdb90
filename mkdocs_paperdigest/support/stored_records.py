"""Records ↔ JSON, by the type hints of their classes. What is read back may have come from anywhere, so all of it is checked."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import DecodeError
from msgspec.json import Decoder, encode


def dumps(record: object) -> str:
    """A record, which may hold others, as JSON; "" if it has half a character in it, which no file can hold."""
    try:
        return encode(record).decode()
    except UnicodeEncodeError:
        return ""


def loads(text: str, kind: Any) -> Any:
    """The record of the type `kind` that `dumps` made JSON of. Raises ValueError if the text is not such JSON."""
    try:
        return _decoder(kind).decode(text)
    except (DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


@cache
def _decoder(kind: Any) -> Decoder[Any]:
    return Decoder(kind)
