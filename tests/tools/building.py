"""`mkdocs build` in a process of its own, or in this one: most of the time of a new process goes into imports."""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.__main__ import cli
from mkdocs.commands import build as _  # noqa: F401 - so that the state of its logger is known
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig


def build_in_process_of_its_own(project: Path, arguments: tuple[str, ...], host: str = "mkdocs") -> tuple[int, str]:
    """Build a project with `mkdocs` or `properdocs`; gives the exit status and what was written to stderr."""
    done = subprocess.run(
        [sys.executable, "-m", host, "build", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return done.returncode, done.stderr


def build_here(project: Path, arguments: tuple[str, ...]) -> tuple[int, str]:
    """Give what `build_in_process_of_its_own` gives, without the process."""
    output = io.StringIO()
    with _as_in_a_new_process(project), contextlib.redirect_stderr(output), contextlib.redirect_stdout(io.StringIO()):
        try:
            cli.main(["build", *arguments], "mkdocs")
            status = 0
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        except Exception:
            traceback.print_exc()
            status = 1
    return status, output.getvalue()


@contextlib.contextmanager
def _as_in_a_new_process(folder: Path) -> Iterator[None]:
    """Work in a folder with nothing left of earlier builds, and leave nothing."""
    kept: dict[str, Any] = vars(MkDocsConfig)["plugins"].plugin_cache
    before = kept.copy()
    here, path, modules, environment = Path.cwd(), sys.path.copy(), sys.modules.copy(), os.environ.copy()
    loggers = {name: _state(logging.getLogger(name)) for name in ["mkdocs", *logging.root.manager.loggerDict]}
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
