"""Puts the panel where it was and notes where it is; nothing of PyMOL's own layout is moved."""

from __future__ import annotations

import asyncio

from .. import logs
from ..core.errors import ConfigError
from ..core.tasks import spawn
from . import dock_state
from .dock_state import Area, DockState
from .qt import QtCore, QtWidgets

_SAVE_AFTER_MS = 500
_MIN_VIEWPORT_PX = 480
_MIN_WIDTH_PX = 280
_log = logs.get("gui")


def _areas() -> dict[Area, QtCore.Qt.DockWidgetArea]:
    areas = QtCore.Qt.DockWidgetArea
    return {
        "left": areas.LeftDockWidgetArea,
        "right": areas.RightDockWidgetArea,
        "top": areas.TopDockWidgetArea,
        "bottom": areas.BottomDockWidgetArea,
    }


def put(dock: QtWidgets.QDockWidget, window: QtWidgets.QMainWindow, state: DockState) -> None:
    """Dock at full height at a side, or float; the window grows, so that the viewport keeps its size if it can."""
    area = _areas()[state.area]
    _take_corners(window, state.area)
    at_a_side = state.area in ("left", "right")
    if at_a_side and not state.floating:
        available = window.screen().availableGeometry().width() if hasattr(window, "screen") else window.width()
        wanted = max(window.width(), min(window.width() + state.width_px, available))
        if not window.isMaximized() and not window.isFullScreen():
            window.resize(wanted, window.height())
    window.addDockWidget(area, dock)
    if state.floating:
        dock.setFloating(True)
        dock.setGeometry(_on_a_screen(QtCore.QRect(state.x_px, state.y_px, state.width_px, state.height_px)))
    elif at_a_side:
        width = max(_MIN_WIDTH_PX, min(state.width_px, window.width() - _MIN_VIEWPORT_PX))
        window.resizeDocks([dock], [width], QtCore.Qt.Orientation.Horizontal)
    else:
        window.resizeDocks([dock], [state.height_px], QtCore.Qt.Orientation.Vertical)


def _take_corners(window: QtWidgets.QMainWindow, area: Area) -> None:
    """At a side the panel is as high as the window."""
    corners = QtCore.Qt.Corner
    of_side = {
        "left": (corners.TopLeftCorner, corners.BottomLeftCorner),
        "right": (corners.TopRightCorner, corners.BottomRightCorner),
    }
    for corner in of_side.get(area, ()):
        window.setCorner(corner, _areas()[area])


def _on_a_screen(wanted: QtCore.QRect) -> QtCore.QRect:
    """Moved and cut until its head can be taken hold of: the screen it was on may be gone."""
    screens = [screen.availableGeometry() for screen in QtWidgets.QApplication.screens()]
    home = next((screen for screen in screens if screen.intersects(wanted)), screens[0] if screens else wanted)
    size = wanted.size().boundedTo(home.size())
    x = min(max(wanted.x(), home.left()), home.right() - size.width() + 1)
    y = min(max(wanted.y(), home.top()), home.bottom() - size.height() + 1)
    return QtCore.QRect(QtCore.QPoint(x, y), size)


class DockPlace(QtCore.QObject):  # type: ignore[misc]  # pymol.Qt is untyped
    """Notes where the panel is, whenever that changes, and at the end.

    Args:
        dock: The panel, which stands in the window already.
        window: PyMOL's.
        before: Where it stood until now.
    """

    def __init__(self, dock: QtWidgets.QDockWidget, window: QtWidgets.QMainWindow, before: DockState) -> None:
        super().__init__(dock)
        self._dock, self._window = dock, window
        self._saved: DockState | None = None
        self._area: Area = before.area
        self._open_at_start = before.open_at_start
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        dock.topLevelChanged.connect(lambda _floating: self._timer.start())
        dock.visibilityChanged.connect(lambda _visible: self._timer.start())
        dock.dockLocationChanged.connect(self._on_dock_location_changed)
        dock.installEventFilter(self)

    def eventFilter(self, _watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Moved or made wider: noted when it stands still."""
        if event.type() in (QtCore.QEvent.Type.Resize, QtCore.QEvent.Type.Move):
            self._timer.start()
        return False

    def state(self) -> DockState:
        """Where it is now."""
        dock = self._dock
        return DockState(
            visible=not dock.isHidden(),  # also while PyMOL is minimised, or another dock lies over it
            floating=dock.isFloating(),
            area=self._area,
            width_px=dock.width(),
            height_px=dock.height(),
            x_px=dock.x() if dock.isFloating() else 0,
            y_px=dock.y() if dock.isFloating() else 0,
            open_at_start=self._open_at_start,
        )

    def close(self, *, open_at_start: bool) -> None:
        """PyMOL quits: note it now, and whether the next PyMOL is to open the panel."""
        self._timer.stop()
        self._open_at_start = open_at_start
        self._write(self.state())

    def _on_dock_location_changed(self, area: QtCore.Qt.DockWidgetArea) -> None:
        self._area = next((name for name, value in _areas().items() if value == area), self._area)
        _take_corners(self._window, self._area)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        state = self.state()
        if state != self._saved:
            spawn(asyncio.to_thread(self._write, state), name="note where the panel is")

    def _write(self, state: DockState) -> None:
        try:
            dock_state.save(state)
            self._saved = state
        except (OSError, ConfigError) as error:  # a full disk: the panel opens at its usual place next time
            _log.warning("panel.place_lost", kind=type(error).__name__)
