"""Where the user writes: Enter sends, Shift+Enter breaks the line, Up and Down go through what was asked before."""

from __future__ import annotations

import math

from .completions_popup import CompletionsPopup
from .qt import QtCore, QtGui, QtWidgets, Signal
from .recall import Recall

MAX_CHARS = 60_000  # what a model's memory keeps of one message, and what a text field stays quick with
_MIN_LINES, _MAX_LINES = 2, 10
_AROUND_PX = 14
_IDLE = "Ask about the structure, or say what to show"
_BUSY = "Enter: next · Ctrl+Enter: say now · Esc: stop"


class Composer(QtWidgets.QPlainTextEdit):  # type: ignore[misc]  # pymol.Qt is untyped
    """A text field that grows with its text.

    Signals:
        submitted: Enter was pressed on text that is not blank; carries the text.
        submitted_blank: Enter was pressed on nothing.
        steered: As `submitted`, with Ctrl.
        stop_requested: Escape was pressed.
        search_requested: Ctrl+R: an earlier prompt is looked for.
        edited: The text or the cursor is another.
        shortened: Text that was pasted or dropped had no room; carries how many characters are left out.
        image_given: A picture was pasted or dropped (QImage).
        files_given: Files were pasted or dropped (list of paths).
    """

    submitted = Signal(str)
    submitted_blank = Signal()
    steered = Signal(str)
    stop_requested = Signal()
    search_requested = Signal()
    edited = Signal()
    shortened = Signal(int)
    image_given = Signal(object)
    files_given = Signal(list)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setTabChangesFocus(True)
        self.setAccessibleName("Message to the agent")
        self.popup: CompletionsPopup | None = None
        self.recall = Recall()
        self._recalling = False
        self.set_busy(False)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_text_changed)
        self._fit()

    def set_busy(self, busy: bool) -> None:
        """What Enter does now, in words."""
        self.setPlaceholderText(_BUSY if busy else _IDLE)

    def before_cursor(self) -> str:
        """The text up to the cursor; empty while something is selected."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return ""
        cursor.setPosition(0, QtGui.QTextCursor.MoveMode.KeepAnchor)
        return str(cursor.selectedText()).replace("\u2029", "\n")

    def complete(self, written: str, completed: str) -> None:
        """Put `completed` in the place of `written`, which ends at the cursor; one Ctrl+Z takes it back."""
        cursor = self.textCursor()
        units = len(written.encode("utf-16-le", "surrogatepass")) // 2  # as Qt counts
        cursor.setPosition(cursor.position() - units, QtGui.QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(completed)
        self.setTextCursor(cursor)

    def replace(self, text: str, *, at_start: bool = False) -> None:
        """Put what was asked before in the place of everything; one Ctrl+Z takes it back."""
        operations = QtGui.QTextCursor.MoveOperation
        self._recalling = True  # it needs no completing, and Up has to go on going back
        cursor = self.textCursor()
        cursor.select(QtGui.QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.movePosition(operations.Start if at_start else operations.End)
        self.setTextCursor(cursor)
        self._recalling = False

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Accept every key: what Qt passes on, PyMOL takes as a command."""
        if not (self.popup is not None and self.popup.press(event)) and not self._pressed(event):
            super().keyPressEvent(event)
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab takes what the list offers, where it is open."""
        if self.popup is not None and self.popup.isVisible() and self.popup.current is not None and forward:
            return False
        return bool(super().focusNextPrevChild(forward))

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        """Whoever goes elsewhere in the window completes nothing; a menu or another window is only for a moment."""
        super().focusOutEvent(event)
        reasons = QtCore.Qt.FocusReason
        if self.popup is not None and event.reason() not in (reasons.PopupFocusReason, reasons.ActiveWindowFocusReason):
            self.popup.hide()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._fit()

    def canInsertFromMimeData(self, source: QtCore.QMimeData) -> bool:
        """Pictures and files too."""
        return bool(source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source))

    def insertFromMimeData(self, source: QtCore.QMimeData) -> None:
        """Files and pictures are attached, text is written; a table of a spreadsheet is both, and meant as text."""
        paths = local_files(source)
        if paths:
            self.files_given.emit(paths)
        elif source.hasImage() and not source.hasText():
            self.image_given.emit(source.imageData())
        else:
            self._insert(source.text())

    def submit(self) -> None:
        """Send what is written; the text stays until `accepted`."""
        text = self.toPlainText().strip()
        if text:
            self.submitted.emit(text)
        else:
            self.submitted_blank.emit()

    def accepted(self) -> None:
        """The text was taken: remember it for Up, and empty the field."""
        self.recall.add(self.toPlainText().strip())
        self.clear()

    def keep(self, text: str) -> None:
        """Bring back text that was on its way, above what is written."""
        self.setPlainText("\n".join(part for part in (text, self.toPlainText().rstrip()) if part))
        self.moveCursor(QtGui.QTextCursor.MoveOperation.End)

    def _pressed(self, event: QtGui.QKeyEvent) -> bool:
        """Whether the key means something here; the text field does the rest."""
        keys, modifiers = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier
        shift = bool(event.modifiers() & modifiers.ShiftModifier)
        control = bool(event.modifiers() & modifiers.ControlModifier)
        if event.key() in (keys.Key_Return, keys.Key_Enter) and not shift:
            self._submit_or_steer(control)
        elif event.key() == keys.Key_Escape:
            self.stop_requested.emit()
        elif event.key() == keys.Key_R and control and not shift:
            self.search_requested.emit()
        elif (
            event.key() == keys.Key_Up
            and not (shift or control)
            and self._on_edge_line(QtGui.QTextCursor.MoveOperation.Up)
        ):
            self._show(self.recall.older(self.toPlainText()), at_end=False)
        elif (
            event.key() == keys.Key_Down
            and not (shift or control)
            and self.recall.is_back
            and self._on_edge_line(QtGui.QTextCursor.MoveOperation.Down)
        ):
            self._show(self.recall.newer(self.toPlainText()), at_end=True)
        else:
            return False
        return True

    def _submit_or_steer(self, steer: bool) -> None:
        text = self.toPlainText().strip()
        if steer and text:
            self.steered.emit(text)
        else:
            self.submit()

    def _on_edge_line(self, direction: QtGui.QTextCursor.MoveOperation) -> bool:
        """Whether the cursor is on the first or the last line as it is shown, wrapped lines counted."""
        return not self.textCursor().movePosition(direction)

    def _show(self, text: str | None, *, at_end: bool) -> None:
        """An earlier prompt; going back one stays on its first line, so that Up goes on going back."""
        if text is None:
            return
        self.replace(text, at_start=not at_end and "\n" in text)

    def _insert(self, text: str) -> None:
        taken = self.textCursor().selectedText()
        room = max(MAX_CHARS - (self.document().characterCount() - 1) + len(taken), 0)
        self.textCursor().insertText(text[:room].replace("\0", ""))
        self.ensureCursorVisible()
        if len(text) > room:
            self.shortened.emit(len(text) - room)

    def _on_text_changed(self) -> None:
        if not self._recalling:
            self.edited.emit()

    def _fit(self) -> None:
        lines = math.ceil(self.document().size().height())  # of a plain text field it is in lines
        height = self.fontMetrics().lineSpacing() * min(max(lines, _MIN_LINES), _MAX_LINES) + _AROUND_PX
        if height != self.height():
            self.setFixedHeight(height)


def local_files(source: QtCore.QMimeData) -> list[str]:
    """Paths of the files on this machine that were copied or are dropped."""
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()] if source.hasUrls() else []
