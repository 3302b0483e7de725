"""Imports what takes seconds, one thread at a time.

Python lets two threads import modules that need each other, and gives one of them a half-made module to get out of the
deadlock ("partially initialized"); pydantic-ai is made of such modules.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import sys
import threading
from typing import Any

_importing = threading.Lock()


def imported(module: str, package: str) -> Any:  # noqa: ANN401  # a module
    """The module, e.g. `(".asking", __package__)`; only in a worker thread, because it may take seconds.

    A first import is not interrupted by garbage collections, which hold all threads up, the window's too, for 40 to
    90 ms each; what it made stays, so later ones need not look through it.
    """
    with _importing:
        if importlib.util.resolve_name(module, package) in sys.modules:
            return importlib.import_module(module, package)
        collects = gc.isenabled()
        gc.disable()
        try:
            return importlib.import_module(module, package)
        finally:
            gc.freeze()
            if collects:
                gc.enable()
