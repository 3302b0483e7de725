"""The bar above the transcript in which one types what to look for."""

from __future__ import annotations

from .labels import PressButton
from .qt import QtCore, QtGui, QtWidgets, Signal


class FindBar(QtWidgets.QFrame):  # type: ignore[misc]  # pymol.Qt is untyped
    """A field, how many were found, and going on from one to the next.

    Signals:
        changed: Other words; carries them.
        moved: To the next, or to the one before; carries 1 or -1.
        closed: It is not needed any more.
    """

    changed = Signal(str)
    moved = Signal(int)
    closed = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.field = QtWidgets.QLineEdit()
        self.found = QtWidgets.QLabel()
        self.before = PressButton("↑", "findButton", "The one before (Shift+Enter)")
        self.after = PressButton("↓", "findButton", "The next one (Enter)")
        self.close_button = PressButton("×", "findButton", "Close (Esc)")
        self._lay_out()
        self.field.textChanged.connect(self.changed)
        self.before.clicked.connect(lambda: self.moved.emit(-1))
        self.after.clicked.connect(lambda: self.moved.emit(1))
        self.close_button.clicked.connect(lambda: self.closed.emit())

    def show_found(self, current: int, n_found: int, *, goes_on: bool) -> None:
        """How many there are, and which of them is seen, from 1; `goes_on` while it is still looking."""
        if not self.field.text():
            words = ""
        elif not n_found:
            words = "…" if goes_on else "none"
        else:
            words = f"{current} of {n_found:,}{'…' if goes_on else ''}"
        self.found.setText(words)
        self.found.setAccessibleName(f"Found: {words or 'nothing'}")
        for button in (self.before, self.after):
            button.setEnabled(n_found > 0)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Enter and F3 go on, with Shift back; Esc closes. Nothing leaks to PyMOL."""
        event.accept()
        key, keys = event.key(), QtCore.Qt.Key
        back = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
        if key == keys.Key_Escape:
            self.closed.emit()
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_F3):
            self.moved.emit(-1 if back else 1)

    def _lay_out(self) -> None:
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(6, 3, 6, 3)
        layout.setSpacing(3)
        self.field.setPlaceholderText("Find in this chat")
        self.field.setAccessibleName("Find in this chat")
        self.field.setMinimumWidth(60)
        self.found.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.found.setObjectName("faint")
        layout.addWidget(self.field, 1)
        layout.addWidget(self.found)
        for button in (self.before, self.after, self.close_button):
            button.setAccessibleName(button.toolTip())
            button.setAutoRaise(True)
            layout.addWidget(button)
        self.show_found(0, 0, goes_on=False)
