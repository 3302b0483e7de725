"""The offer to bring back a scene that a crash took."""

from __future__ import annotations

from .labels import plain_label
from .qt import QtWidgets, Signal


class RecoverCard(QtWidgets.QFrame):  # type: ignore[misc]  # pymol.Qt is untyped
    """Says what can be brought back; one of its buttons ends it.

    Args:
        text: What happened and what there is, e.g. "PyMOL ended unexpectedly. 3 objects can be brought back."

    Signals:
        accepted: Bring it back.
        dismissed: Not wanted.
    """

    accepted = Signal()
    dismissed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("recoverCard")
        self.accept = QtWidgets.QPushButton("Bring it back")
        self.dismiss = QtWidgets.QPushButton("Discard it")
        self._row = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(plain_label(text, "recoverText"))
        row = QtWidgets.QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.accept, self.dismiss):
            button.setAutoDefault(True)
            button.setObjectName("cardButton")
            row.addWidget(button)
        row.addStretch()
        layout.addWidget(self._row)
        self.accept.clicked.connect(self._on_accept_clicked)
        self.dismiss.clicked.connect(self._on_dismiss_clicked)

    def _on_accept_clicked(self) -> None:
        self._row.hide()
        self.accepted.emit()

    def _on_dismiss_clicked(self) -> None:
        self._row.hide()
        self.dismissed.emit()
