"""Surfaces, meshes and dots take PyMOL seconds, which it spends when it draws next, on the thread of its window.

A dry run of its ray tracer (a picture of 2 × 2 pixels that is never made) needs the same geometry, and may run in a
worker; the next drawing then finds it there. Measured in tests/bench/long_work.py. It does not help for what
`isosurface` and `isomesh` make, whose time goes into OpenGL itself.
"""

from __future__ import annotations

from typing import Any

from pymol import _cmd, constants, viewing

from . import picture
from .long_call import Steps, Work

_ATOMS = "rep surface or rep mesh or rep dots"
_MIN_ATOMS = 300  # fewer are there in the time of a few frames
# Commands that leave every geometry as it is. What is not listed costs a dry run, milliseconds where nothing changed.
_HARMLESS = frozenset(
    ("zoom", "orient", "center", "turn", "move", "clip", "set_view", "get_view", "select", "deselect", "label",
     "count_atoms", "get_area", "iterate", "iterate_state", "png", "ray", "save", "help", "refresh", "view", "origin",
     "color", "recolor", "set_color", "spectrum", "bg_color", "hide", "disable", "delete", "reset", "indicate",
     "distance", "angle", "dihedral")
)  # fmt: skip
_DRY_RUN = 2
_OF_PRIMITIVES = constants.fb_module.ray, constants.fb_mask.details


def settle(cmd: Any, window: Any, name: str, size: Any) -> Steps[None]:
    """What comes after anything that ran in PyMOL: the window keeps its size, and long geometry is made in a worker.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window; without one nothing is to be done.
        name: Of the command that ran; empty for Python.
        size: Of the viewport before it.
    """
    picture.mend(cmd, window, size)
    if window is not None and _is_pending(cmd, name):
        yield _build(cmd)


def _is_pending(cmd: Any, name: str) -> bool:
    """May a command of this name have left geometry to be made that takes long? On PyMOL's thread."""
    if name in _HARMLESS or name.startswith("get_"):
        return False
    return bool(cmd.count_atoms(_ATOMS, quiet=1) >= _MIN_ATOMS)


def _build(cmd: Any) -> Work:
    """The work that makes it; on PyMOL's thread."""
    has_dots = cmd.count_atoms("rep dots", quiet=1) > 0
    # Not `cmd.ray`, which would also stop movies, rocking and sculpting.
    return Work(lambda: _dry_run(cmd), can_interrupt=not has_dots)


def _dry_run(cmd: Any) -> None:
    is_told = cmd._feedback(*_OF_PRIMITIVES, _self=cmd)
    if is_told:  # or the log, and the answer to the command, would end in a line about primitives
        _tell(cmd, constants.fb_action.disable)
    try:
        viewing._ray(2, 2, -1, 0.0, 0.0, _DRY_RUN, 1, cmd)
    finally:
        if is_told:
            _tell(cmd, constants.fb_action.enable)


def _tell(cmd: Any, action: int) -> None:
    with cmd.lockcm:
        _cmd.set_feedback(cmd._COb, action, *_OF_PRIMITIVES)
