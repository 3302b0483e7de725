"""The guided tour on screen: a sentence, a click and a way out, above where one writes."""

from __future__ import annotations

from .labels import plain_label
from .qt import QtCore, QtGui, QtWidgets, Signal


class TourBar(QtWidgets.QFrame):  # type: ignore[misc]  # pymol.Qt is untyped
    """Hidden until a step is shown.

    Signals:
        clicked: The step's button was pressed.
        left: The tour is to end.
    """

    clicked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tourBar")
        self._count = plain_label("", "tourCount")
        self.answer = plain_label("", "faint")
        self.says = plain_label("", "tourSays")
        self.trouble = plain_label("", "tourTrouble")
        self.go, self.leave = QtWidgets.QPushButton(), QtWidgets.QPushButton("Leave")
        self._lay_out()
        self.hide()

    def show_step(self, number: int, n_steps: int, says: str, click: str, *, answer: str = "") -> None:
        """Show one step and give it the keyboard.

        Args:
            number: From 1.
            n_steps: Of the whole tour.
            says: To the person.
            click: On the button.
            answer: What the step before found, where it changed nothing that one could see.
        """
        self.answer.setText(answer)
        self.answer.setVisible(bool(answer))
        self._count.setText(f"Tour, {number} of {n_steps}")
        self.says.setText(says)
        self.trouble.hide()
        self.go.setText(click)
        self.go.setToolTip(f"Tour, {number} of {n_steps}: {says}")
        self.go.setAccessibleDescription(says)
        self.set_busy(False)
        self.show()
        self.go.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While a step runs, it cannot be clicked again."""
        self.go.setEnabled(not busy)

    def show_trouble(self, text: str) -> None:
        """A step did not work; it can be tried again, or the tour left."""
        self.trouble.setText(text)
        self.trouble.show()
        self.set_busy(False)
        self.go.setFocus()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Escape leaves; whatever else is left over is the panel's."""
        if event.key() == QtCore.Qt.Key.Key_Escape and self.go.isEnabled():
            self.left.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        for label in (self._count, self.answer, self.says, self.trouble):
            layout.addWidget(label)
        buttons = QtWidgets.QHBoxLayout()
        buttons.addWidget(self.go)
        buttons.addStretch()
        buttons.addWidget(self.leave)
        layout.addLayout(buttons)
        self.trouble.hide()
        self.leave.setAccessibleName("Leave the tour")
        self.leave.setToolTip("End the tour here; what was done stays, and Undo takes it back")
        for button in (self.go, self.leave):
            button.setObjectName("cardButton")
            button.setAutoDefault(True)
        self.go.clicked.connect(lambda _checked=False: self.clicked.emit())
        self.leave.clicked.connect(lambda _checked=False: self.left.emit())
