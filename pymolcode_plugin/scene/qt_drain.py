"""Wakes the executor through a queued Qt signal: it then drains from Qt's loop, outside any coroutine."""

from __future__ import annotations

from pymol.Qt import QtCore

from .executor import Executor

_Signal = getattr(QtCore, "Signal", None) or QtCore.pyqtSignal


class QtDrain(QtCore.QObject):  # type: ignore[misc]  # pymol.Qt is untyped
    """Owns an executor that drains on the thread that made this object (PyMOL's GUI thread).

    Signals:
        woken: Something was queued.
    """

    woken = _Signal()

    def __init__(self) -> None:
        super().__init__()
        self.executor = Executor(lambda _executor: self.woken.emit())
        self.woken.connect(self.executor.drain, QtCore.Qt.ConnectionType.QueuedConnection)
