"""Finding a chat again: a search over all that were kept; shows state and emits signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .dialog import Dialog
from .labels import WrappedText, plain_label
from .list_rows import ROW, ListRows
from .qt import QtCore, QtGui, QtWidgets, Signal
from .session_delegate import SessionDelegate
from .session_rows import ListedSession, Row, rows_of
from .session_strip import SessionStrip

_READING = "Reading the chats…"
_NOTHING = "No chats yet. Each is kept by itself, with its scene, from its first message on."
_NOTHING_FOUND = "No chat has all of these words, in its title, its structures or its text."
_WHERE = {"here": "Shown in the panel now.", "elsewhere": "Open in another PyMOL: here, a copy of it opens.", "": ""}
_PREVIEW_LINES = 7
_SPARE_PX = 20  # beside the words, besides what the style sheet gives
_ENDING = ".pymolcode"
_SEARCH_AFTER_MS = 150


class _FootButton(QtWidgets.QPushButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """As wide as others where there is room; a narrow dialog takes from that, where padding would cut the words."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setObjectName("footButton")
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QtCore.QSize:
        """The words whole."""
        return super().sizeHint()

    def sizeHint(self) -> QtCore.QSize:
        """With the room beside the words."""
        return super().sizeHint() + QtCore.QSize(_SPARE_PX, 0)


class SessionsDialog(Dialog):
    """Stays open beside the work.

    Signals:
        search_changed: Carries the words, a moment after they were typed.
        resume_requested: Carries the folder's name.
        rename_requested: (folder's name, new title, empty for the one it would have by itself).
        remove_requested: Carries the folder's name; it was asked about.
        save_requested: (folder's name, path of the file to write).
        open_requested: Carries the path of a file that holds a chat.
    """

    search_changed = Signal(str)
    resume_requested = Signal(str)
    rename_requested = Signal(str, str)
    remove_requested = Signal(str)
    save_requested = Signal(str, str)
    open_requested = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Chats")
        self.setObjectName("sessionsDialog")
        self._busy = False
        self._is_stale = False  # what is listed is not what was typed last
        self.search, self.view, self.rows = QtWidgets.QLineEdit(), QtWidgets.QListView(), ListRows(self)
        self.preview = WrappedText("", "sessionPreview", max_lines=_PREVIEW_LINES)
        self.where = plain_label("", "legend")
        self.strip = SessionStrip()
        self.rename, self.remove = _FootButton("Rename"), _FootButton("Delete")
        self.resume, self.close_button = _FootButton("Open"), _FootButton("Close")
        self.files = QtWidgets.QToolButton()
        self.save, self.open = _action("Save as one file…", self), _action("Open a file…", self)
        self.result = plain_label("", "signInResult")
        self._nothing = plain_label(_READING, "faint")
        self._typed = QtCore.QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_SEARCH_AFTER_MS)
        self._name()
        self._lay_out()
        self._connect()
        self.resize(520, 560)

    def show_sessions(self, sessions: Sequence[ListedSession], now: datetime) -> None:
        """Show these; the one that is chosen stays chosen where it is among them."""
        before, scrolled = self.chosen(), self.view.verticalScrollBar().value()
        self._is_stale = self._typed.isActive()
        rows = rows_of(sessions, now)
        self.rows.show_rows(rows)
        numbers = [number for number, row in enumerate(rows) if row.session is not None]
        same = [number for number in numbers if before and _session(rows[number]).folder == before.folder]
        if numbers:
            self.view.setCurrentIndex(self.rows.index((same or numbers)[0]))
            if same:
                self.view.verticalScrollBar().setValue(scrolled)
            else:
                self.view.scrollToTop()  # else the heading of the first is out of sight
        self._nothing.setText(_NOTHING_FOUND if self.search.text().strip() else _NOTHING)
        self._nothing.setVisible(not rows)
        self._show_chosen()

    def show_reading(self) -> None:
        """They are read from the disk, which takes a moment the first time."""
        if not self.rows.rows:
            self._nothing.setText(_READING)
            self._nothing.show()

    def show_result(self, words: str, *, level: str = "") -> None:
        """What came of something."""
        self.result.setText(words)
        self.result.setVisible(bool(words))
        self.result.setProperty("level", level)
        self.result.style().polish(self.result)

    def set_busy(self, busy: bool) -> None:
        """While the agent works, no other chat can be opened."""
        self._busy = busy
        self._show_chosen()

    def chosen(self) -> ListedSession | None:
        """The chat that is chosen in the list."""
        row: Row | None = self.view.currentIndex().data(ROW)
        return row.session if row is not None else None

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """One can type at once."""
        super().showEvent(event)
        self.search.setFocus()
        self.search.selectAll()

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """From the search field the list moves too; in the list letters search, F2 renames, Delete asks."""
        if event.type() != QtCore.QEvent.Type.KeyPress:
            return bool(super().eventFilter(watched, event))
        keys = QtCore.Qt.Key
        if watched is self.search and event.key() in (keys.Key_Down, keys.Key_Up, keys.Key_PageDown, keys.Key_PageUp):
            QtWidgets.QApplication.sendEvent(self.view, event)
            return True
        if event.key() == keys.Key_F2:
            self._on_rename_clicked()
            return True
        if watched is self.view and event.key() == keys.Key_Delete:
            self._on_remove_clicked()
            return True
        if watched is self.view and event.text() and event.text().isprintable():
            self.search.setFocus()
            QtWidgets.QApplication.sendEvent(self.search, event)
            return True
        return bool(super().eventFilter(watched, event))

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Escape takes back a question first, then closes."""
        if event.key() == QtCore.Qt.Key.Key_Escape and self.strip.isVisible():
            self.strip.dismiss()
            return
        super().keyPressEvent(event)

    def _show_chosen(self) -> None:
        session = self.chosen()
        for button in (self.rename, self.remove, self.resume, self.save):
            button.setEnabled(session is not None)
        self.open.setEnabled(not self._busy)
        if session is None:
            self.preview.show_text("")
            self.where.hide()
        else:
            self.preview.show_text("\n".join(f"{who}: {text}" for who, text in session.preview))
            self.where.setText(
                "The agent works; wait for it or stop it first." if self._busy else _WHERE[session.state]
            )
            self.where.setVisible(bool(self.where.text()))
            self.resume.setEnabled(session.state != "here" and not self._busy)
            self.remove.setEnabled(not session.state)
            self.resume.setText("Open copy" if session.state == "elsewhere" else "Open")
        self.preview.setVisible(session is not None)

    def _name(self) -> None:
        self.search.setPlaceholderText("Search titles, structures and what was said")
        self.search.setAccessibleName("Search the chats")
        self.search.setClearButtonEnabled(True)
        self.view.setModel(self.rows)
        self.view.setItemDelegate(SessionDelegate(self.view))
        self.view.setAccessibleName("Chats")
        self.view.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self.view.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview.setAccessibleName("The last messages of this chat")
        self.resume.setToolTip("Go on with this chat, in its scene. Undo brings back the scene that is there now.")
        self.rename.setToolTip("Give it another title (F2)")
        self.remove.setToolTip("Remove it with its pictures and its scene (Delete)")
        self.files.setText("…")
        self.files.setAccessibleName("Files")
        self.files.setToolTip("Save a chat with its scene as one file, or open such a file")
        self.files.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        self.files.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        menu = QtWidgets.QMenu(self.files)
        menu.addActions([self.save, self.open])
        self.files.setMenu(menu)
        for button in (self.rename, self.remove, self.close_button):
            button.setAutoDefault(False)
        self.resume.setDefault(True)
        self.strip.hide()
        self.result.hide()
        self.where.hide()

    def _lay_out(self) -> None:
        layout, foot = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout()
        foot.setSpacing(5)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        for widget in (self._nothing, self.preview, self.where, self.strip, self.result):
            layout.addWidget(widget)
        for button in (self.rename, self.remove, self.files):
            foot.addWidget(button)
        foot.addStretch()
        for button in (self.resume, self.close_button):
            foot.addWidget(button)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._on_search_changed())
        self.search.returnPressed.connect(self._search_now)
        self._typed.timeout.connect(lambda: self.search_changed.emit(self.search.text()))
        for watched in (self.search, self.view):
            watched.installEventFilter(self)
        self.view.selectionModel().currentChanged.connect(lambda _now, _before: self._on_view_moved())
        self.view.doubleClicked.connect(lambda _index: self._on_resume_clicked())
        self.resume.clicked.connect(self._on_resume_clicked)
        self.rename.clicked.connect(self._on_rename_clicked)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.close_button.clicked.connect(self.close)
        self.save.triggered.connect(lambda: self._ask_for_file(saves=True))
        self.open.triggered.connect(lambda: self._ask_for_file(saves=False))
        self.strip.renamed.connect(self.rename_requested)
        self.strip.removal_confirmed.connect(self.remove_requested)
        self.strip.dismissed.connect(self.view.setFocus)

    def _ask_for_file(self, *, saves: bool) -> None:
        """Without a loop of its own, which would break the panel's."""
        session = self.chosen()
        words = "Save this chat as one file" if saves else "Open a chat from a file"
        asking = QtWidgets.QFileDialog(self, words, "", f"Chats (*{_ENDING})")
        asking.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        if saves and session is not None:
            asking.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
            asking.setDefaultSuffix(_ENDING.removeprefix("."))
            asking.selectFile(_file_name(session.title))
            asking.fileSelected.connect(lambda path: self.save_requested.emit(session.folder, path))
        else:
            asking.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
            asking.fileSelected.connect(self.open_requested)
        asking.open()

    def _search_now(self) -> None:
        """Enter before the search is done is for what it finds, not for what was chosen before."""
        if self._typed.isActive():
            self._typed.stop()
            self.search_changed.emit(self.search.text())

    def _on_search_changed(self) -> None:
        self._is_stale = True
        self._typed.start()

    def _on_view_moved(self) -> None:
        self.strip.hide()  # it asked about another one
        self._show_chosen()

    def _on_resume_clicked(self) -> None:
        session = self.chosen()
        if session is not None and self.resume.isEnabled() and not self._is_stale:
            self.resume_requested.emit(session.folder)

    def _on_rename_clicked(self) -> None:
        session = self.chosen()
        if session is not None:
            self.strip.ask_title(session.folder, session.title)

    def _on_remove_clicked(self) -> None:
        session = self.chosen()
        if session is not None and self.remove.isEnabled():
            self.strip.ask_removal(session.folder, session.title)


def _action(text: str, parent: QtWidgets.QWidget) -> QtGui.QAction:
    """Qt 6 moved it to another module."""
    kind = getattr(QtGui, "QAction", None) or QtWidgets.QAction
    return kind(text, parent)


def _file_name(title: str) -> str:
    """A title as a file's name on any system."""
    plain = "".join(char if char.isalnum() or char in " -_" else " " for char in title)
    return f"{' '.join(plain.split())[:60] or 'chat'}{_ENDING}"


def _session(row: Row) -> ListedSession:
    assert row.session is not None  # noqa: S101  # headings are passed over
    return row.session
