"""Finds the dependencies of a plugin from PyMOL's Plugin Manager; standard library only.

They live in a private folder, one per Python version, so that PyMOL's own environment is never changed. The
folder stands last on `sys.path`: what PyMOL brings wins. PyMOL's start pays for every import of this file;
what installs is in `dependencies.py`.
"""

from __future__ import annotations

import importlib
import importlib.util
import site
import sys
from pathlib import Path

from .config import paths
from .core.errors import ConfigError

# What the panel cannot start without. The runtime of the built-in model is installed too, but not required.
REQUIRED_IMPORTS = (
    "pydantic",
    "pydantic_ai",
    "openai",
    "anthropic",
    "httpx2",
    "qasync",
    "structlog",
    "filelock",
    "yaml",
)


REMEDY = "In PyMOL: Plugin > pymolcode > Install. With pip: install pymolcode again into this Python."


def dependency_folder() -> Path:
    """Where the dependencies for this Python live, e.g. `~/.pymolcode/dependencies/py3.11`."""
    return paths.user_folder() / "dependencies" / f"py{sys.version_info.major}.{sys.version_info.minor}"


def activate() -> bool:
    """Put the private folder at the end of `sys.path`; returns whether there is one.

    `.pth` files in it are honoured, because pywin32 needs its own.
    """
    try:
        folder = dependency_folder()
        present = folder.is_dir()
    except (ConfigError, OSError):
        return False  # no home to write to; the dependencies may still come from PyMOL's own environment
    if present:
        site.addsitedir(str(folder))
        importlib.invalidate_caches()
    return present


def missing() -> tuple[str, ...]:
    """Top-level modules that cannot be imported; looks for them without importing."""
    return tuple(name for name in REQUIRED_IMPORTS if importlib.util.find_spec(name) is None)
