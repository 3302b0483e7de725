"""Holds PyMOL's window still while a worker thread uses PyMOL, so that the window's own thread never waits for it.

PyMOL's widget asks PyMOL every 20 ms whether to draw, and waits for its lock; so does every click and every command.
The panel stays alive: what the user does there passes.
"""

from __future__ import annotations

from typing import Any

import pymol
from pymol.Qt import QtCore, QtGui, QtWidgets

_OURS = (__package__ or "").rpartition(".")[0]
_Type = QtCore.QEvent.Type
_INPUT = frozenset(
    (_Type.MouseButtonPress, _Type.MouseButtonRelease, _Type.MouseButtonDblClick, _Type.MouseMove, _Type.Wheel,
     _Type.KeyPress, _Type.KeyRelease, _Type.Shortcut, _Type.ContextMenu, _Type.DragEnter, _Type.Drop, _Type.Gesture)
)  # fmt: skip


class Busy:
    """Implements `long_call.Hold` for PyMOL's main window.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window.
    """

    def __init__(self, cmd: Any, window: Any) -> None:
        self._cmd = cmd
        self._window = window
        self._filter = _Filter(window.pymolwidget)
        self._timers: list[Any] = []

    def enter(self) -> None:
        """See Hold."""
        self._timers = [
            timer for timer in (self._window.pymolwidget._timer, self._window.feedback_timer) if timer.isActive()
        ]
        for timer in self._timers:
            timer.stop()
        self._window.pymolwidget.setUpdatesEnabled(False)
        QtWidgets.QApplication.instance().installEventFilter(self._filter)

    def leave(self) -> None:
        """See Hold."""
        QtWidgets.QApplication.instance().removeEventFilter(self._filter)
        self._window.pymolwidget.setUpdatesEnabled(True)
        for timer in self._timers:
            timer.start(0)  # both are single shots that PyMOL starts again itself
        self._timers = []
        self._filter.replay()

    def interrupt(self) -> None:
        """See Hold."""
        self._cmd.interrupt()

    def clear(self) -> None:
        """See Hold."""
        pymol._cmd.interrupt(self._cmd._COb, 0)


class _Filter(QtCore.QObject):  # type: ignore[misc]  # pymol.Qt is untyped
    """Swallows what would make PyMOL's widgets call PyMOL; keeps what they must learn afterwards."""

    def __init__(self, viewport: Any) -> None:
        super().__init__()
        self._viewport = viewport
        self._released: list[tuple[Any, ...]] = []
        self._was_size: Any = None

    def eventFilter(self, receiver: Any, event: Any) -> bool:  # noqa: N802  # Qt's name
        """True for what must not arrive."""
        kind = event.type()
        if kind == _Type.Resize and receiver is self._viewport:
            self._was_size = self._was_size or event.oldSize()
            return True
        if kind not in _INPUT or _passes(receiver, kind):
            return False
        if kind == _Type.MouseButtonRelease and receiver is self._viewport and event.button() in receiver._buttonMap:
            self._released.append((receiver._buttonMap[event.button()], 1, *receiver._event_x_y_mod(event)))
        return True

    def replay(self) -> None:
        """The viewport learns its size, and that a button was let go that had been pressed before."""
        was_size, self._was_size = self._was_size, None
        if was_size is not None:
            QtWidgets.QApplication.sendEvent(self._viewport, QtGui.QResizeEvent(self._viewport.size(), was_size))
        released, self._released = self._released, []
        for arguments in released:
            self._viewport.pymol.button(*arguments)


def _passes(receiver: Any, kind: Any) -> bool:
    """Events of our own widgets, and those of a window as a whole, which Qt sends on to its widgets."""
    if kind != _Type.Shortcut and not isinstance(receiver, QtWidgets.QWidget):
        return True
    while receiver is not None:
        if type(receiver).__module__.startswith(_OURS):
            return True
        receiver = receiver.parent()
    return False
