"""What was sent to the model last, to read, search and copy."""

from __future__ import annotations

from collections.abc import Callable

from .dialog import Dialog
from .qt import QtCore, QtGui, QtWidgets

_NOTHING = "Nothing has been sent in this session yet."


class SentDialog(Dialog):
    """Stays open beside the work; the text is read again on Refresh.

    Args:
        read: Gives the text, empty where nothing was sent.
        statement: Says what goes where, in words.
    """

    def __init__(self, read: Callable[[], str], statement: Callable[[], str], parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("What was sent last")
        self.setObjectName("sentDialog")
        self._read = read
        self.text = QtWidgets.QPlainTextEdit()
        self.search = QtWidgets.QLineEdit()
        self.found = QtWidgets.QLabel()
        self.copy, self.refresh = QtWidgets.QPushButton("Copy"), QtWidgets.QPushButton("Refresh")
        self._statement = statement
        self._words = QtWidgets.QLabel()
        self._lay_out()
        self._connect()
        self.resize(640, 520)
        self.show_last()

    def show_last(self) -> None:
        """Read it again."""
        self._words.setText(self._statement())
        self.text.setPlainText(self._read() or _NOTHING)

    def _lay_out(self) -> None:
        layout, row = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout()
        self._words.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("The last request")
        self.text.setFont(QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont))
        self.search.setPlaceholderText("Search; Enter goes to the next")
        self.search.setAccessibleName("Search in the request")
        self.search.setClearButtonEnabled(True)
        row.addWidget(self.search, 1)
        row.addWidget(self.found)
        for button in (self.refresh, self.copy):
            button.setAutoDefault(False)  # Enter in the search field searches
            row.addWidget(button)
        layout.addWidget(self._words)
        layout.addWidget(self.text, 1)
        layout.addLayout(row)
        self.search.setFocus()

    def _connect(self) -> None:
        self.search.returnPressed.connect(self._find)
        self.search.textChanged.connect(self._on_search_changed)
        self.refresh.clicked.connect(self.show_last)
        self.copy.clicked.connect(lambda: QtWidgets.QApplication.clipboard().setText(self.text.toPlainText()))

    def _on_search_changed(self, _text: str) -> None:
        self.text.moveCursor(QtGui.QTextCursor.MoveOperation.Start)
        self._find()

    def _find(self) -> None:
        wanted = self.search.text()
        if not wanted:
            self.found.clear()
            return
        is_found = self.text.find(wanted)
        if not is_found:
            self.text.moveCursor(QtGui.QTextCursor.MoveOperation.Start)
            is_found = self.text.find(wanted)
        self.found.setText("" if is_found else "Not found")
