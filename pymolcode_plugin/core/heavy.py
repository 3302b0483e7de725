"""Imports what takes seconds, one thread at a time.

Python lets two threads import modules that need each other, and gives one of them a half-made module to get out of the
deadlock ("partially initialized"); pydantic-ai is made of such modules.
"""

from __future__ import annotations

import importlib
import threading
from typing import Any

_importing = threading.Lock()


def imported(module: str, package: str) -> Any:  # noqa: ANN401  # a module
    """The module, e.g. `(".asking", __package__)`; only in a worker thread, because it may take seconds."""
    with _importing:
        return importlib.import_module(module, package)
