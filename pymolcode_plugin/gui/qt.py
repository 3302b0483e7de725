"""Qt of whichever binding PyMOL runs on; the only module of the panel that knows bindings differ."""

from __future__ import annotations

from typing import Any

from pymol.Qt import QtCore, QtGui, QtWidgets

# PyQt and PySide name these differently.
Signal: Any = getattr(QtCore, "Signal", None) or QtCore.pyqtSignal
Slot: Any = getattr(QtCore, "Slot", None) or QtCore.pyqtSlot
# Qt 6 has moved it.
Shortcut: Any = getattr(QtGui, "QShortcut", None) or QtWidgets.QShortcut

__all__ = ["QtCore", "QtGui", "QtWidgets", "Shortcut", "Signal", "Slot"]
