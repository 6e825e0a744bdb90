"""Tables that come with the package: TOML files beside the modules that read them."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

from msgspec import toml

T = TypeVar("T")


def read_table(package: str, name: str, kind: type[T]) -> T:
    return toml.decode((files(package) / name).read_bytes(), type=kind)
