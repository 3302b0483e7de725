"""Where the user writes: Enter sends, Shift+Enter breaks the line."""

from __future__ import annotations

from .qt import QtCore, QtGui, QtWidgets, Signal

_MAX_LINES = 8


class Composer(QtWidgets.QPlainTextEdit):  # type: ignore[misc]  # pymol.Qt is untyped
    """A text field that grows with its text.

    Signals:
        submitted: Enter was pressed on text that is not blank; carries the text.
        stop_requested: Escape was pressed.
    """

    submitted = Signal(str)
    stop_requested = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Ask about the structure, or say what to show")
        self.setTabChangesFocus(True)
        self.setAccessibleName("Message to the agent")
        self._earlier: list[str] = []
        self._recalled = 0
        self.textChanged.connect(self._on_text_changed)
        self._on_text_changed()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Accept every key: what Qt passes on, PyMOL takes as a command."""
        keys = QtCore.Qt.Key
        is_enter = event.key() in (keys.Key_Return, keys.Key_Enter)
        shift = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
        if is_enter and not shift:
            self.submit()
        elif event.key() == keys.Key_Escape:
            self.stop_requested.emit()
        elif event.key() == keys.Key_Up and (not self.toPlainText() or self._recalled):
            self._recall()
        else:
            super().keyPressEvent(event)
        event.accept()

    def submit(self) -> None:
        """Send what is written; the text stays until `clear`."""
        text = self.toPlainText().strip()
        if text:
            self.submitted.emit(text)

    def accepted(self) -> None:
        """The text was sent: remember it for Up, and empty the field."""
        self._earlier.append(self.toPlainText().strip())
        self.clear()
        self._recalled = 0

    def keep(self, text: str) -> None:
        """Add text that could not be sent yet, below what is written."""
        self.setPlainText("\n".join(part for part in (self.toPlainText().rstrip(), text) if part))
        self.moveCursor(QtGui.QTextCursor.MoveOperation.End)

    def _recall(self) -> None:
        if self._recalled < len(self._earlier):
            self._recalled += 1
            self.setPlainText(self._earlier[-self._recalled])
            self.moveCursor(QtGui.QTextCursor.MoveOperation.End)

    def _on_text_changed(self) -> None:
        n_lines = min(max(self.document().lineCount(), 2), _MAX_LINES)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * n_lines + 14)
        if not self.toPlainText():
            self._recalled = 0
