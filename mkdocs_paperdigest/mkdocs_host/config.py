"""The options of the plugin as MkDocs checks them."""

from __future__ import annotations

from typing import Any

from mkdocs.config.base import BaseConfigOption, Config, ValidationError

from ..collection import KINDS, Kind, OptionError, Options


class _Checked(BaseConfigOption[Any]):
    def __init__(self, kind: Kind[Any]) -> None:
        super().__init__()
        self.kind = kind
        self.default = kind.default

    def run_validation(self, value: object) -> Any:
        try:
            return self.kind.read(value)
        except OptionError as error:
            raise ValidationError(str(error)) from error


class PaperDigestConfig(Config):  # type: ignore[no-untyped-call]
    _schema = tuple((name, _Checked(kind)) for name, kind in KINDS.items())

    @property
    def options(self) -> Options:
        return Options(**{name: self[name] for name in KINDS})
