"""What the sessions dialog asks in place: a new title, or whether a chat may go."""

from __future__ import annotations

from .labels import breakable, plain_label
from .qt import QtWidgets, Signal

_MAX_TITLE_CHARS = 200


class SessionStrip(QtWidgets.QFrame):  # type: ignore[misc]  # pymol.Qt is untyped
    """Hidden until something is asked.

    Signals:
        renamed: (folder's name, new title).
        removal_confirmed: Carries the folder's name.
        dismissed: Nothing is to be done.
    """

    renamed = Signal(str, str)
    removal_confirmed = Signal(str)
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sessionStrip")
        self._folder = ""
        self._removes = False
        self.words = plain_label("", "stripWords")
        self.title = QtWidgets.QLineEdit()
        self.title.setMaxLength(_MAX_TITLE_CHARS)
        self.title.setAccessibleName("Title of the chat")
        self.title.setToolTip("Empty: by its first request")
        self.yes, self.no = QtWidgets.QPushButton(), QtWidgets.QPushButton()
        layout, row = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout()
        layout.addWidget(self.words)
        row.addWidget(self.title, 1)
        row.addStretch()
        for button in (self.yes, self.no):
            button.setAutoDefault(True)
            row.addWidget(button)
        layout.addLayout(row)
        self.yes.clicked.connect(self._on_yes_clicked)
        self.no.clicked.connect(self.dismiss)

    def ask_title(self, folder: str, title: str) -> None:
        """Ask for another title."""
        self._show(folder, removes=False)
        self.words.setText("Title of this chat:")
        self.title.setText(title)
        self.title.setFocus()
        self.title.selectAll()

    def ask_removal(self, folder: str, title: str) -> None:
        """Ask whether it may go; Enter keeps it."""
        self._show(folder, removes=True)
        self.words.setText(breakable(f"Delete “{title}” with its pictures and its scene? Nothing brings it back."))
        self.no.setFocus()

    def dismiss(self) -> None:
        """Nothing is to be done."""
        self.hide()
        self.dismissed.emit()

    def _show(self, folder: str, *, removes: bool) -> None:
        self._folder, self._removes = folder, removes
        self.yes.setText("Delete" if removes else "Rename")
        self.no.setText("Keep" if removes else "Cancel")
        self.no.setDefault(removes)
        self.yes.setDefault(not removes)
        self.title.setVisible(not removes)
        self.show()

    def _on_yes_clicked(self) -> None:
        self.hide()
        if self._removes:
            self.removal_confirmed.emit(self._folder)
        else:
            self.renamed.emit(self._folder, self.title.text())
