"""A name for a state of programs and settings: what is made with the same has the same name, and may be used again."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, partial
from importlib import metadata
from itertools import chain
from os import PathLike
from pathlib import Path
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType, NoneType
from typing import Any


class UnknownStateError(ValueError):
    """Something whose state cannot be told, such as an open file."""


_PLAIN = frozenset((str, bytes, int, float, bool, complex, NoneType))
_PACKAGE = Path(__file__).parents[1]
_EMPTY_CELL = CellType()  # equal to any that nothing was put in yet
_MOST = 100_000
"""How many pieces a state may have: an object that leads to the whole site is no setting."""


def fingerprint(*things: Any, modules: Iterable[str] = ()) -> str:
    """The SHA-256 of the state of `things`, of `modules` by name, of this package, and of all packages that are installed.

    Settings count by value, functions and classes by name and module text, other objects by class and attributes. Raises UnknownStateError.
    """
    state = _State()
    state.write(things)
    parts = [_programs(), *map(_module, modules), *state.parts]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _programs() -> str:
    """Python, the packages that are installed, and the text of this one, which may be at work without having been released."""
    texts = (path for path in sorted(_PACKAGE.rglob("*")) if path.suffix in (".py", ".toml", ".txt", ".yml"))
    digest = hashlib.sha256()
    for path in texts:
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode() + path.read_bytes())
    installed = sorted(f"{found.name} {found.version}" for found in metadata.distributions())
    return "\n".join([platform.python_implementation(), platform.python_version(), *installed, digest.hexdigest()])


def _module(name: str) -> str:
    """The name of a module, and the text of its file if it has one; of a module that is not installed, but a site's own, also of those beside it."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if not file:
        return name
    try:
        texts = [Path(path).read_bytes() for path in ([file] if _is_installed(file) else _beside(file))]
    except OSError as fault:
        raise UnknownStateError(f"the module {name}: {fault}") from fault
    return " ".join([name, *(hashlib.sha256(text).hexdigest() for text in texts)])


def _is_installed(file: str) -> bool:
    """Whether a file belongs to Python, to a package that is installed, or to this one."""
    paths = (*map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")), str(_PACKAGE))
    return any(Path(file).is_relative_to(path) for path in paths)


def _beside(file: str) -> list[str]:
    folder = Path(file).parent
    files = {found for module in list(sys.modules.values()) if (found := getattr(module, "__file__", None))}
    return sorted(found for found in files if Path(found).is_relative_to(folder) and not _is_installed(found))


def _path(thing: PathLike[Any]) -> str:
    """A path, or what MkDocs puts in the place of one for `!relative`, which has none while no page is at hand."""
    try:
        return str(os.fspath(thing))
    except Exception:  # MkDocs raises its own kind
        return f"of the page at hand {getattr(thing, 'suffix', '')!r}"


_PARTS: tuple[tuple[Any, Callable[[Any], Iterable[Any]]], ...] = (
    (date, lambda thing: [str(thing)]),
    (PathLike, lambda thing: [_path(thing)]),
    (re.Pattern, lambda thing: (thing.pattern, thing.flags)),
    (Mapping, lambda thing: chain.from_iterable(thing.items())),  # in its order, which may count
    (Set, lambda thing: sorted(thing, key=repr)),
    ((list, tuple), iter),
    (partial, lambda thing: (thing.func, thing.args, thing.keywords)),
    (MethodType, lambda thing: (thing.__func__, thing.__self__)),
)
"""What the state of objects is made of, by their classes."""


class _State:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self._seen: dict[int, tuple[int, Any]] = {}  # with the thing, or another may get its identity

    def write(self, thing: Any) -> None:
        kind = type(thing)
        if len(self.parts) > _MOST:
            raise UnknownStateError("an object that holds too much")
        if kind in _PLAIN:
            self.parts.append(f"{kind.__name__} {thing!r}")
        elif known := self._seen.get(id(thing)):
            self.parts.append(f"again {known[0]}")
        else:
            self._seen[id(thing)] = len(self._seen), thing
            try:
                self._write(thing)
            except RecursionError:
                raise UnknownStateError("an object that is too deep") from None

    def _write(self, thing: Any) -> None:
        kind = type(thing)
        self.parts.append(f"{kind.__module__}.{kind.__qualname__}")
        if isinstance(thing, (type, FunctionType, BuiltinFunctionType)):
            self.parts += [thing.__qualname__, _module(thing.__module__ or "")]
            cells = getattr(thing, "__closure__", None) or ()
            self._all(cell.cell_contents for cell in cells if cell != _EMPTY_CELL)
            self._all((getattr(thing, "__defaults__", None), getattr(thing, "__kwdefaults__", None)))
        elif known := next((parts for base, parts in _PARTS if isinstance(thing, base)), None):
            self._all(known(thing))
        elif is_dataclass(thing):
            self.write(kind)
            self._all(getattr(thing, field.name) for field in fields(thing))
        elif base := next((base for base in (str, bytes, int, float) if isinstance(thing, base)), None):
            self._all((kind, base(thing), getattr(thing, "__dict__", None)))
        elif hasattr(thing, "__dict__") and not isinstance(thing, ModuleType):
            self.write(kind)
            self._all(chain.from_iterable(vars(thing).items()))
        else:
            raise UnknownStateError(f"an object of {kind.__module__}.{kind.__qualname__}")
        self.parts.append("end")

    def _all(self, things: Iterable[Any]) -> None:
        for thing in things:
            self.write(thing)
