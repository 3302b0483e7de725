"""Which Python code may run in a worker thread beside PyMOL's window, and be interrupted there, by the words in it.

Code that mentions drawing or Qt runs on PyMOL's own thread, where both belong: PyMOL would hand such calls over with a
caller that loses wake-ups and then waits for ever.
"""

from __future__ import annotations

import re

# `do` puts commands in a queue that only PyMOL's thread works off.
_ON_PYMOLS_THREAD = re.compile(
    r"\b(png|draw|capture|refresh\w*|viewport|full_screen|mpng|movie|produce|scene|do|run|wizard|quit|reinitialize"
    r"|Qt\w*|PyQt\d|PySide\d|tkinter|plugins?|get_qtwindow|exec|eval|importlib|__import__)\b"
)
_DOTS = re.compile(r"get_area|get_sasa|dots")


def runs_anywhere(code: str) -> bool:
    """May it run in a worker?"""
    return not _ON_PYMOLS_THREAD.search(code)


def counts_dots(code: str) -> bool:
    """Areas and dots crash where an interrupt comes too early."""
    return bool(_DOTS.search(code))
