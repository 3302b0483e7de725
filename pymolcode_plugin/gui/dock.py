"""The panel: status, transcript, composer; shows state and emits signals, decides nothing."""

from __future__ import annotations

from ..config import paths
from ..core.events import ModelState
from .composer import Composer
from .qt import QtCore, QtGui, QtWidgets, Signal
from .transcript import Transcript

_WIDTH_PX = 400
_MIN_VIEWPORT_PX = 480
_WORDS = {
    "absent": "Not downloaded",
    "downloading": "Downloading",
    "loading": "Starting",
    "warming": "Reading its instructions",
    "ready": "Ready",
    "failed": "Failed",
}


class _Root(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """Accepts every key a child left over: PyMOL would take it as a command (Alt+A builds an alanine)."""

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        event.accept()

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        event.accept()


class AgentDock(QtWidgets.QDockWidget):  # type: ignore[misc]
    """The docked chat.

    Signals:
        submitted: The user sent a message.
        stop_requested: Stop was pressed, or Escape in the composer while busy.
        new_chat_requested: The user wants an empty chat.
        undo_requested: The user wants the last turn undone.
        download_requested: The user wants the built-in model.
        approval_answered: (call id, allowed).
    """

    submitted = Signal(str)
    stop_requested = Signal()
    new_chat_requested = Signal()
    undo_requested = Signal()
    download_requested = Signal()
    approval_answered = Signal(str, bool)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__("pymolcode", parent)
        self.setObjectName("pymolcode_dock")
        self._busy = False
        self._ready = False
        self.transcript = Transcript()
        self.composer = Composer()
        self._model = QtWidgets.QLabel("No model")
        self._state = QtWidgets.QLabel("")
        self._send = QtWidgets.QPushButton("Send")
        self._new_chat = QtWidgets.QToolButton()
        self._new_chat.setText("New chat")
        self._undo = QtWidgets.QToolButton()
        self._undo.setText("Undo turn")
        self._lay_out()
        self._connect()
        self.setStyleSheet(paths.ui("panel.qss").read_text(encoding="utf-8"))

    def attach(self, window: QtWidgets.QMainWindow) -> None:
        """Dock at full height on the right; the window grows, so that the viewport keeps its size if it can."""
        right = QtCore.Qt.DockWidgetArea.RightDockWidgetArea
        window.setCorner(QtCore.Qt.Corner.TopRightCorner, right)
        window.setCorner(QtCore.Qt.Corner.BottomRightCorner, right)
        available = window.screen().availableGeometry().width() if hasattr(window, "screen") else window.width()
        window.resize(max(window.width(), min(window.width() + _WIDTH_PX, available)), window.height())
        window.addDockWidget(right, self)
        width = max(280, min(_WIDTH_PX, window.width() - _MIN_VIEWPORT_PX))
        window.resizeDocks([self], [width], QtCore.Qt.Orientation.Horizontal)

    def set_model_state(self, state: ModelState) -> None:
        """Show the model's name and how far it is."""
        words = state.detail or _WORDS[state.phase]
        percent = f" {state.fraction:.0%}" if state.fraction is not None else ""
        self._model.setText(state.model)
        self._state.setText(words + percent)
        self._state.setProperty("phase", state.phase)
        self._ready = state.phase == "ready"

    def set_busy(self, busy: bool) -> None:
        """While a turn runs, Send is Stop; what is typed stays."""
        self._busy = busy
        self._send.setText("Stop" if busy else "Send")
        self._new_chat.setEnabled(not busy)
        self._undo.setEnabled(not busy)

    def focus_composer(self) -> None:
        """Show the panel and put the cursor where one writes."""
        self.show()
        self.raise_()
        self.composer.setFocus()

    def _lay_out(self) -> None:
        root = _Root()
        root.setObjectName("pymolcode")
        layout = QtWidgets.QVBoxLayout(root)
        layout.setContentsMargins(8, 6, 8, 8)
        head = QtWidgets.QHBoxLayout()
        self._model.setObjectName("modelName")
        self._state.setObjectName("modelState")
        for widget in (self._model, self._state):
            head.addWidget(widget)
        head.addStretch()
        for widget in (self._undo, self._new_chat):
            head.addWidget(widget)
        layout.addLayout(head)
        layout.addWidget(self.transcript, 1)
        foot = QtWidgets.QHBoxLayout()
        foot.addWidget(self.composer, 1)
        foot.addWidget(self._send, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(foot)
        self.setWidget(root)

    def _connect(self) -> None:
        self.composer.submitted.connect(self._on_composer_submitted)
        self.composer.stop_requested.connect(self._on_composer_stop_requested)
        self._send.clicked.connect(self._on_send_clicked)
        self._new_chat.clicked.connect(lambda: self.new_chat_requested.emit())
        self._undo.clicked.connect(lambda: self.undo_requested.emit())
        self.transcript.approval_answered.connect(self.approval_answered)

    def _on_composer_submitted(self, text: str) -> None:
        if self._busy:
            self._state.setText("Still working: Esc stops it, then Enter sends")
            return
        self.composer.accepted()
        self.submitted.emit(text)

    def _on_composer_stop_requested(self) -> None:
        if self._busy:
            self.stop_requested.emit()

    def _on_send_clicked(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        else:
            self.composer.submit()
