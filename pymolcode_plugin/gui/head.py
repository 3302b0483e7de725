"""The panel's head: which model, what it does, the mode, and the buttons for history, a new chat and options."""

from __future__ import annotations

from ..core.events import ModelState
from ..core.risk import Mode
from .labels import NOT_NOW
from .qt import QtCore, QtGui, QtWidgets, Signal

_UNDER_WAY = ("downloading", "loading", "warming")
_BUSY = "Working"
_WAITING = "Waits for you"
_NEW_CHAT = "Begin an empty conversation; the scene stays"
_UNDO = "Bring back the scene from before the last turn that changed it"
_REDO = "Do again what was undone last"
_NOTHING_TO_UNDO = "Nothing to undo: no step has changed the scene, or all that did are undone"
_NOTHING_TO_REDO = "Nothing to redo: nothing was undone, or the scene was changed by a step since"
_SHORT_CHARS = 30
_ARROW = "  ▾"
_WORDS = {
    "absent": "Not downloaded",
    "downloading": "Downloading",
    "loading": "Starting",
    "warming": "Reading its instructions",
    "ready": "Ready",
    "failed": "Failed",
}
MODES = {
    Mode.ASK: "Looking and changing the scene run at once and can be undone; deleting, fetching and code ask first.",
    Mode.AUTO: "Only code, the network, replacing files and files outside the working folder ask first.",
    Mode.PLAN: "Nothing that changes anything runs; the agent proposes steps.",
}


class ModelButton(QtWidgets.QPushButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """The model's name, cut where there is no room, with an arrow that says that another can be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "pymolcode"
        self.setObjectName("modelName")
        self.setFlat(True)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.show_name("")

    def show_name(self, name: str, detail: str = "") -> None:
        """Show this model, and why it is the one in the tooltip."""
        self.name = name or "pymolcode"
        self.setToolTip("\n".join(filter(None, (self.name, detail, "Click to choose a model"))))
        self.setAccessibleName(f"Model: {self.name}. Choose another")
        self._cut()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, more or less of the name."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics = self.fontMetrics()
        room = max(40, self.width() - 8 - metrics.horizontalAdvance(_ARROW))
        name = metrics.elidedText(self.name, QtCore.Qt.TextElideMode.ElideMiddle, room)
        self.setText(f"{name}{_ARROW}".replace("&", "&&"))  # one alone would underline the next letter


class Head(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """Two lines above the transcript.

    Signals:
        undo_requested: The user wants the last turn undone.
        redo_requested: The user wants it done again.
        new_chat_requested: The user wants an empty chat.
        download_requested: The user wants the built-in model.
        options_requested: The options' menu is to open.
        model_requested: The user wants another model.
        sign_in_requested: The user wants to sign in; carries the provider's id where it is known.
    """

    undo_requested = Signal()
    redo_requested = Signal()
    new_chat_requested = Signal()
    download_requested = Signal()
    options_requested = Signal()
    model_requested = Signal()
    sign_in_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._busy = self._waiting = False
        self._undoable = self._redoable = False
        self.phase = ""
        self._sign_in_to = ""
        self.model = ModelButton()
        self.state = QtWidgets.QLabel("Starting")
        self.mode = QtWidgets.QLabel()
        self.progress = QtWidgets.QProgressBar()
        self.download, self.sign_in = QtWidgets.QPushButton("Download"), QtWidgets.QPushButton("Sign in…")
        self.undo, self.redo = QtWidgets.QToolButton(), QtWidgets.QToolButton()
        self.new_chat, self.options = QtWidgets.QToolButton(), QtWidgets.QToolButton()
        self._second, self._own_line = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        self._name()
        self._lay_out()

    def set_model_state(self, state: ModelState) -> None:
        """Show the model's name and how far it is."""
        self.phase = state.phase
        words = self._ready_words if state.phase == "ready" else _WORDS[state.phase]
        self.model.show_name(state.model, state.detail)
        self.state.setToolTip(state.detail)
        self.state.setProperty("phase", state.phase)
        self.state.style().polish(self.state)
        self.progress.setVisible(state.phase in _UNDER_WAY)
        self.progress.setRange(0, 0 if state.fraction is None else 1000)
        self.progress.setValue(int((state.fraction or 0.0) * 1000))
        self.download.setVisible(state.phase == "absent")
        self.sign_in.setVisible(state.phase == "absent" or state.sign_in is not None)
        self._sign_in_to = state.sign_in or ""
        self._say(words if state.phase == "ready" else state.detail or words)

    def set_activity(self, text: str) -> None:
        """Say what the model does, until the next change of state."""
        self._say(text)

    def set_mode(self, mode: Mode) -> None:
        """Show the mode where it is not the usual one."""
        self.mode.setText(mode.value.capitalize())
        self.mode.setToolTip(MODES[mode])
        self.mode.setVisible(mode is not Mode.ASK)

    def set_busy(self, busy: bool) -> None:
        """While something runs, the history stays as it is."""
        self._busy = busy
        self._show_possible()
        self._say_ready()

    def set_waiting(self, waiting: bool) -> None:
        """Whether a question stands, which nothing goes on without an answer to."""
        self._waiting = waiting
        if waiting or self.state.text() == _WAITING:  # what was said meanwhile stays, e.g. that it stops
            self._say_ready()

    def set_history(self, *, undoable: bool, redoable: bool) -> None:
        """Whether a step can be undone, and whether one was that can be done again."""
        self._undoable, self._redoable = undoable, redoable
        self._show_possible()

    def _name(self) -> None:
        self.state.setObjectName("modelState")
        self.mode.setObjectName("mode")
        self.mode.hide()
        self.state.setWordWrap(True)
        self.state.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.state.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)
        self.model.clicked.connect(lambda _checked=False: self.model_requested.emit())
        for button, text, requested in (
            (self.undo, "Undo turn", "undo"),
            (self.redo, "Redo", "redo"),
            (self.new_chat, "New chat", "new_chat"),
            (self.options, "⋯", "options"),
        ):
            button.setText(text)
            # Plain signals of PySide cannot be chained to one with fewer arguments.
            button.clicked.connect(lambda _checked=False, name=requested: getattr(self, f"{name}_requested").emit())
            button.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.options.setToolTip("Options: mode, model, sign-in, what is sent, what is always allowed")
        self.options.setAccessibleName("Options")
        self._show_possible()
        self.download.setToolTip("Fetch the built-in model; it runs on this machine and needs no account")
        self.download.hide()
        self.download.clicked.connect(lambda: self.download_requested.emit())
        self.sign_in.setToolTip("Use a model of a provider: with a key, in the browser, or with a code")
        self.sign_in.hide()
        self.sign_in.clicked.connect(lambda: self.sign_in_requested.emit(self._sign_in_to))

    def _lay_out(self) -> None:
        all_lines, first = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout()
        all_lines.setContentsMargins(0, 0, 0, 0)
        all_lines.setSpacing(4)
        first.addWidget(self.model, 1)
        for widget in (self.mode, self.new_chat, self.options):
            first.addWidget(widget)
        self._second.addStretch()
        for widget in (self.undo, self.redo):
            self._second.addWidget(widget)
        for widget in (self.download, self.sign_in):
            self._own_line.addWidget(widget)
        for line in (first, self._second, self._own_line):
            all_lines.addLayout(line)
        self._place_state()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setRange(0, 0)
        all_lines.addWidget(self.progress)

    def _show_possible(self) -> None:
        """Each button does what it says, or says why it cannot."""
        for button, possible, tip, reason in (
            (self.undo, self._undoable, _UNDO, _NOTHING_TO_UNDO),
            (self.redo, self._redoable, _REDO, _NOTHING_TO_REDO),
            (self.new_chat, True, _NEW_CHAT, ""),
        ):
            button.setEnabled(possible and not self._busy)
            button.setToolTip(reason if not possible else NOT_NOW if self._busy else tip)

    @property
    def _ready_words(self) -> str:
        """Of a model that is ready: what is done with it."""
        return _WAITING if self._waiting else _BUSY if self._busy else _WORDS["ready"]

    def _say_ready(self) -> None:
        if self.phase == "ready":
            self._say(self._ready_words)

    def _say(self, text: str) -> None:
        self.state.setText(text)
        self._place_state()

    def _place_state(self) -> None:
        """Beside the buttons, or on a line of its own where a failure has much to say."""
        is_long = len(self.state.text()) > _SHORT_CHARS or not (self.download.isHidden() and self.sign_in.isHidden())
        for line in (self._second, self._own_line):
            line.removeWidget(self.state)
        (self._own_line if is_long else self._second).insertWidget(0, self.state, 100)
