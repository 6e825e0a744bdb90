"""Commands in a process of their own, or in this one: most of the time of a new process goes into imports."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import logging
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import mkdocs as mkdocs_package
from mkdocs.__main__ import cli
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.theme import Theme

from mkdocs_paperdigest.cli.command_line import main as paperdigest
from mkdocs_paperdigest.collection import sources
from mkdocs_paperdigest.pages.templating import CompiledTemplates
from mkdocs_paperdigest.support import machine

INSTALLED = str(Path(mkdocs_package.__file__).parents[1])
"""Where installed packages are: their files do not change while tests run."""


@contextlib.contextmanager
def quick_builds() -> Iterator[None]:
    """Spare builds in this process half of their time, and change no byte of them.

    MkDocs lists the 14,000 icons of Material for MkDocs in each build, and leaves them out again, as all names with a dot in front; the search
    plugin of Material compiles its templates anew; and a second build with the plugin collects the garbage of the first, among all that tests
    have loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
    machine.gc = SimpleNamespace(isenabled=gc.isenabled, enable=gc.enable, disable=gc.disable, freeze=lambda: None)
    sources.gc = SimpleNamespace(get_freeze_count=lambda: 0)
    real_list, real_environment = jinja2.FileSystemLoader.list_templates, Theme.get_env
    compiled = CompiledTemplates()

    @cache
    def listed(folder: str) -> list[str]:
        return [name for name in real_list(jinja2.FileSystemLoader(folder)) if not name.startswith(".")]

    def list_templates(self: jinja2.FileSystemLoader) -> list[str]:
        folders = [
            listed(folder) if folder.startswith(INSTALLED) else real_list(jinja2.FileSystemLoader(folder))
            for folder in self.searchpath
        ]
        return sorted({name for names in folders for name in names})

    def get_env(self: Theme) -> jinja2.Environment:
        environment = real_environment(self)
        environment.bytecode_cache = compiled
        return environment

    jinja2.FileSystemLoader.list_templates, Theme.get_env = list_templates, get_env
    try:
        yield
    finally:
        jinja2.FileSystemLoader.list_templates, Theme.get_env = real_list, real_environment
        machine.gc = sources.gc = gc
        gc.unfreeze()


def run_process(folder: Path, module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m` of MkDocs, ProperDocs or this package in a folder."""
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def run_here(folder: Path, module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Do what `run_process` does with MkDocs or this package, without the process."""
    words = [*map(str, arguments)]
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with _as_in_a_new_process(folder), contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            status = {"mkdocs": mkdocs, "mkdocs_paperdigest": paperdigest}[module](words)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        except Exception:
            traceback.print_exc()
            status = 1
    # Python reads the lines of a process with ends of one kind.
    out, said = (stream.buffer.getvalue().decode().replace("\r\n", "\n") for stream in streams)
    return subprocess.CompletedProcess([module, *words], status, out, said)


def mkdocs(words: list[str]) -> int:
    cli.main(words, "mkdocs")
    return 0


@contextlib.contextmanager
def _as_in_a_new_process(folder: Path) -> Iterator[None]:
    """Work in a folder with nothing left of earlier builds, and leave nothing."""
    kept: dict[str, Any] = vars(MkDocsConfig)["plugins"].plugin_cache
    before = kept.copy()
    here, path, modules, environment = Path.cwd(), sys.path.copy(), sys.modules.copy(), os.environ.copy()
    loggers = {
        name: _state(logging.getLogger(name))
        for name in {"mkdocs", "mkdocs.commands.build", *logging.root.manager.loggerDict}
    }
    kept.clear()
    Hooks._load_hook.cache_clear()
    importlib.invalidate_caches()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    try:
        with warnings.catch_warnings():
            warnings.resetwarnings()
            for ignored in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
                warnings.simplefilter("ignore", ignored)
            yield
    finally:
        kept.clear()
        kept.update(before)
        os.chdir(here)
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if modules.get(name) is not module and _is_in(module, folder):
                del sys.modules[name]
        os.environ.clear()
        os.environ.update(environment)
        for name, state in loggers.items():
            if _state(logging.getLogger(name)) != state:
                vars(logging.getLogger(name)).update(state)
        logging.root.manager._clear_cache()


def _state(logger: logging.Logger) -> dict[str, Any]:
    return {
        "disabled": logger.disabled,
        "filters": logger.filters[:],
        "handlers": logger.handlers[:],
        "level": logger.level,
        "propagate": logger.propagate,
    }


def _is_in(module: Any, folder: Path) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place and Path(place).is_relative_to(folder) for place in places)
