"""What a benchmark ran on: the machine and the programs, without names of its own or paths."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .measure import ROOT

PACKAGES = ("mkdocs", "mkdocs-material", "markdown", "jinja2", "hugo")


def machine() -> str:
    """Processor, cores, memory and system, such as `AMD EPYC 7B13, 2 cores, 25 GB, Debian GNU/Linux 12 (x86_64)`."""
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        system = f"{platform.system()} {platform.release()}"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    processor = found[1] if found else platform.processor() or "unknown processor"
    return f"{processor}, {cores} cores, {memory:.0f} GB of memory, {system} ({platform.machine()})"


def versions() -> str:
    """Python, the plugin as it is in this checkout, and what it is compared with."""
    asked = [sys.executable, "-c", "import mkdocs_paperdigest; print(mkdocs_paperdigest.__version__)"]
    plugin = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    names = [f"Python {platform.python_version()}", f"mkdocs-paperdigest {plugin}"]
    for package in PACKAGES:
        try:
            names.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            names.append(f"no {package}")
    return ", ".join(names)


def load() -> float:
    """How many processes wanted a core in the last minute."""
    return os.getloadavg()[0]
