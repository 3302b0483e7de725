"""What the running PyMOL says of itself: its version, its Qt, what draws."""

from __future__ import annotations

from typing import Any

from ..core.scene import HostFacts


def facts(cmd: Any, window: Any) -> HostFacts:  # both untyped
    """Read it; on PyMOL's thread.

    Source: https://pymolwiki.org/index.php/Get_version, `cmd.get_renderer` of PyMOL's querying.py
    """
    version = str(cmd.get_version(quiet=1)[0])
    if window is None:
        return HostFacts(pymol_version=version)
    vendor, renderer, opengl = cmd.get_renderer(quiet=1)
    return HostFacts(pymol_version=version, qt=_qt(), renderer=f"{renderer}, {vendor}, OpenGL {opengl}")


def _qt() -> str:
    from pymol.Qt import PYQT_NAME, QtCore  # noqa: PLC0415  # absent where PyMOL runs without a window

    return f"{PYQT_NAME}, Qt {QtCore.qVersion()}"
