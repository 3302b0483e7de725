"""What is always allowed, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence

from .dialog import Dialog
from .labels import WrappedText, plain_label
from .qt import QtWidgets, Signal

_NOTHING = "Nothing is always allowed. A question that can be answered for good offers it."


class RulesDialog(Dialog):
    """A line for each rule, with a button that revokes it.

    Signals:
        revoked: Carries the rule, as it was given.
    """

    revoked = Signal(object)

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Always allowed")
        self.setObjectName("rulesDialog")
        self._layout = QtWidgets.QVBoxLayout()
        inside = QtWidgets.QWidget()
        inside.setLayout(self._layout)
        area = QtWidgets.QScrollArea()
        area.setAccessibleName("What is always allowed")
        area.setWidgetResizable(True)
        area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        area.setWidget(inside)
        outer = QtWidgets.QVBoxLayout(self)
        outer.addWidget(area)
        close = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        outer.addWidget(close)
        self.revoke: list[QtWidgets.QPushButton] = []
        self.resize(460, 300)

    def show_rules(self, rules: Sequence[tuple[str, object]], problem: str = "") -> None:
        """Show these, each with its words; `problem` where they could not be read."""
        while self._layout.count():
            item = self._layout.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        self.revoke.clear()
        for words, rule in rules:
            self._layout.addWidget(self._row(words, rule))
        if not rules:
            self._layout.addWidget(plain_label(problem or _NOTHING, "rulesEmpty"))
        self._layout.addStretch()

    def _row(self, words: str, rule: object) -> QtWidgets.QWidget:
        row = QtWidgets.QWidget()
        layout = QtWidgets.QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        revoke = QtWidgets.QPushButton("Revoke")
        revoke.setAccessibleName(f"Revoke: {words}")
        revoke.clicked.connect(lambda: self.revoked.emit(rule))
        text = WrappedText(words, "rule", max_lines=4)
        text.viewport().setAutoFillBackground(False)  # it stands on the dialog, not on a field
        layout.addWidget(text, 1)
        layout.addWidget(revoke)
        self.revoke.append(revoke)
        return row
