"""The panel: status, transcript, composer; shows state and emits signals, decides nothing."""

from __future__ import annotations

from ..config import paths
from ..core.events import ModelState
from .chips import SelectionChips
from .composer import Composer
from .empty_state import EmptyState
from .qt import QtCore, QtGui, QtWidgets, Signal
from .transcript import Transcript

_WIDTH_PX = 400
_MIN_VIEWPORT_PX = 480
_UNDER_WAY = ("downloading", "loading", "warming")
_BUSY = "Working"
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
        approval_answered: (call id, `core.ports.Answer`).
    """

    submitted = Signal(str)
    stop_requested = Signal()
    new_chat_requested = Signal()
    undo_requested = Signal()
    download_requested = Signal()
    approval_answered = Signal(str, object)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__("pymolcode", parent)
        self.setObjectName("pymolcode_dock")
        self._busy = False
        self._phase = ""
        self.transcript = Transcript()
        self.composer = Composer()
        self._chips = SelectionChips()
        self._empty = EmptyState()
        self._pages = QtWidgets.QStackedWidget()
        self._model = QtWidgets.QLabel("pymolcode")
        self._state = QtWidgets.QLabel("Starting")
        self._progress = QtWidgets.QProgressBar()
        self._download = QtWidgets.QPushButton("Download")
        self._send = QtWidgets.QPushButton("Send")
        self._new_chat = QtWidgets.QToolButton()
        self._undo = QtWidgets.QToolButton()
        self._lay_out()
        self._connect()

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
        self._restyle()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Follow a change between light and dark: a style sheet keeps the palette it was first used with."""
        super().changeEvent(event)
        if (
            event.type() == QtCore.QEvent.Type.PaletteChange
            and self.widget() is not None
            and self.widget().styleSheet()
        ):
            QtCore.QTimer.singleShot(0, self._restyle)

    def _restyle(self) -> None:
        # Only when it stands in the window: PyMOL's own style sheet would have been applied over it.
        self.widget().setStyleSheet(paths.ui("panel.qss").read_text(encoding="utf-8"))

    def set_model_state(self, state: ModelState) -> None:
        """Show the model's name and how far it is."""
        self._phase = state.phase
        words = _BUSY if state.phase == "ready" and self._busy else _WORDS[state.phase]
        self._model.setText(state.model or "pymolcode")
        self._model.setToolTip(state.detail)
        self._state.setText(words if state.phase == "ready" else state.detail or words)
        self._state.setToolTip(state.detail)
        self._state.setProperty("phase", state.phase)
        self._state.style().polish(self._state)
        self._progress.setVisible(state.phase in _UNDER_WAY)
        self._progress.setRange(0, 0 if state.fraction is None else 1000)
        self._progress.setValue(int((state.fraction or 0.0) * 1000))
        self._download.setVisible(state.phase == "absent")

    def set_activity(self, text: str) -> None:
        """Say what the model does, until the next change of state."""
        self._state.setText(text)

    def set_busy(self, busy: bool) -> None:
        """While a turn runs, Send is Stop; what is typed stays."""
        self._busy = busy
        self._send.setText("Stop" if busy else "Send")
        self._new_chat.setEnabled(not busy)
        self._undo.setEnabled(not busy)
        if self._phase == "ready":
            self._state.setText(_BUSY if busy else _WORDS["ready"])

    def show_panel(self) -> None:
        """Bring the panel into view."""
        self.show()
        self.raise_()

    def focus_composer(self) -> None:
        """Show the panel and put the cursor where one writes."""
        self.show_panel()
        self.composer.setFocus()

    def attach_selection(self, name: str) -> None:
        """Let a selection go with the next message."""
        self._chips.add(name)
        self.focus_composer()

    def take_selections(self) -> tuple[str, ...]:
        """The attached selections; they are used once."""
        return self._chips.take()

    def show_empty_state(self) -> None:
        """Show what one can ask, until something is said."""
        self._pages.setCurrentWidget(self._empty)

    def _lay_out(self) -> None:
        root = _Root()
        root.setObjectName("pymolcode")
        layout = QtWidgets.QVBoxLayout(root)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.addLayout(self._head())
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._progress.setRange(0, 0)
        layout.addWidget(self._progress)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.transcript)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._chips)
        foot = QtWidgets.QHBoxLayout()
        foot.addWidget(self.composer, 1)
        foot.addWidget(self._send, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(foot)
        self.setWidget(root)

    def _head(self) -> QtWidgets.QVBoxLayout:
        self._model.setObjectName("modelName")
        self._state.setObjectName("modelState")
        self._state.setWordWrap(True)
        for label in (self._model, self._state):
            label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
            label.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)
        self._new_chat.setText("New chat")
        self._new_chat.setToolTip("Begin an empty conversation; the scene stays")
        self._undo.setText("Undo turn")
        self._undo.setToolTip("Bring back the scene from before the last turn that changed it")
        self._download.setToolTip("Fetch the built-in model; it runs on this machine and needs no account")
        self._download.hide()
        first, second, both = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout(), QtWidgets.QVBoxLayout()
        first.addWidget(self._model, 1)
        first.addWidget(self._undo)
        first.addWidget(self._new_chat)
        second.addWidget(self._state, 1)
        second.addWidget(self._download)
        both.addLayout(first)
        both.addLayout(second)
        both.setSpacing(2)
        return both

    def _connect(self) -> None:
        self.composer.submitted.connect(self._on_composer_submitted)
        self.composer.stop_requested.connect(self._on_composer_stop_requested)
        self._send.clicked.connect(self._on_send_clicked)
        self._new_chat.clicked.connect(lambda: self.new_chat_requested.emit())
        self._undo.clicked.connect(lambda: self.undo_requested.emit())
        self._download.clicked.connect(lambda: self.download_requested.emit())
        self._empty.example_chosen.connect(self._on_empty_example_chosen)
        self.transcript.grew.connect(lambda: self._pages.setCurrentWidget(self.transcript))
        self.transcript.approval_answered.connect(self.approval_answered)
        self.transcript.focus_released.connect(self.composer.setFocus)
        self.transcript.link_activated.connect(_open_link)

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
        self.composer.setFocus()

    def _on_empty_example_chosen(self, text: str) -> None:
        self.composer.setPlainText(text)
        self.composer.moveCursor(QtGui.QTextCursor.MoveOperation.End)
        self.composer.setFocus()


def _open_link(address: str) -> None:
    """Only to the web, and only by a click: a link in an answer is the model's text."""
    url = QtCore.QUrl(address)
    if url.scheme() in ("https", "http"):
        QtGui.QDesktopServices.openUrl(url)
