"""What stands in an empty transcript: what one can ask, each a click away from being written down."""

from __future__ import annotations

from .qt import QtCore, QtWidgets, Signal

_EXAMPLES = (
    "What is loaded?",
    "Show the ligand as sticks and zoom on it",
    "Which residues are within 4 Å of the ligand?",
    "Color by chain",
    "Save a picture as figure.png",
)


class EmptyState(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """A greeting and examples.

    Signals:
        example_chosen: An example was clicked; carries its text.
    """

    example_chosen = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        layout = QtWidgets.QVBoxLayout(self)
        title = QtWidgets.QLabel("Ask about what you see")
        title.setObjectName("emptyTitle")
        explanation = QtWidgets.QLabel("Every step is shown with what it changed, and Undo turn takes it back. Try:")
        explanation.setObjectName("faint")
        explanation.setWordWrap(True)
        layout.addStretch()
        layout.addWidget(title)
        layout.addWidget(explanation)
        for text in _EXAMPLES:
            button = QtWidgets.QPushButton(text)
            button.setObjectName("example")
            button.setToolTip(text)
            button.setMinimumWidth(1)  # else the longest example would set how narrow the panel can be
            button.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, text=text: self.example_chosen.emit(text))
            layout.addWidget(button)
        layout.addStretch()
