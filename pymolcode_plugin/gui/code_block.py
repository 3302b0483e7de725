"""Code in an answer: as it is, in a fixed font, to copy and to run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .labels import PressButton, bounded
from .qt import QtCore, QtGui, QtWidgets, Signal
from .text_block import found_mark

RUNNABLE = ("", "pml", "pymol", "python", "py", "python3")
_MAX_LINES = 30
_PADDING_PX = 4
_COPIED_MS = 1500


class _Code(QtWidgets.QPlainTextEdit):  # type: ignore[misc]  # pymol.Qt is untyped
    """Lines that are never wrapped; they scroll inside."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setLineWrapMode(QtWidgets.QPlainTextEdit.LineWrapMode.NoWrap)
        self.setUndoRedoEnabled(False)
        self.setFont(QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont))
        self.document().setDocumentMargin(_PADDING_PX)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        """Scrolls itself only where there is more than is seen; at its end the transcript goes on."""
        delta, bar = event.angleDelta(), self.verticalScrollBar()
        is_sideways = abs(delta.x()) > abs(delta.y())
        at_end = bar.value() == (bar.minimum() if delta.y() > 0 else bar.maximum())
        if is_sideways or not at_end:
            super().wheelEvent(event)
        else:
            event.ignore()

    def height_of_lines(self) -> int:
        """With its scroll bars where there are any."""
        n_lines = min(max(1, self.blockCount()), _MAX_LINES)
        height: int = math.ceil(n_lines * QtGui.QFontMetricsF(self.font()).lineSpacing())
        return height + 2 * _PADDING_PX + 4


class CodeBlock(QtWidgets.QFrame):  # type: ignore[misc]
    """A head with the language, Copy and Run in PyMOL, and the code.

    Args:
        code: Without its fence.
        language: As the model wrote it, lower case.

    Signals:
        run_requested: Run it in PyMOL; carries the code and the language.
    """

    run_requested = Signal(str, str)

    def __init__(self, code: str, language: str) -> None:
        super().__init__()
        self.setObjectName("codeBlock")
        self.code, self.language = code, language
        self._busy, self._closed = False, False
        self.field = _Code()
        self.copy = PressButton("Copy", "codeButton", "Copy the code")
        self.run = PressButton("Run in PyMOL", "codeButton", "Run it as a step of its own that can be undone")
        self._language = QtWidgets.QLabel()
        self._copied = QtCore.QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy.setText("Copy"))
        self._lay_out()
        self.field.setPlainText(bounded(code))
        self._fit()

    def show_code(self, code: str, *, closed: bool) -> None:
        """The code as far as it is written; where it only grew, only that is laid out."""
        old, self.code, self._closed = self.code, code, closed
        shown = bounded(code)
        if shown != code or not code.startswith(old) or self.field.toPlainText() != old:
            self.field.setPlainText(shown)
        elif len(code) > len(old):
            cursor = QtGui.QTextCursor(self.field.document())
            cursor.movePosition(QtGui.QTextCursor.MoveOperation.End)
            cursor.insertText(code[len(old) :])
        self._show_what_fits()
        self._fit()

    def set_busy(self, busy: bool) -> None:
        """While something runs, nothing else can be run."""
        self._busy = busy
        self._show_what_fits()

    def mark(self, spots: Sequence[tuple[int, int]], current: int) -> None:
        """See `TextBlock.mark`."""
        marks = [found_mark(self.field, *spot, strong=n == current) for n, spot in enumerate(spots)]
        self.field.setExtraSelections(marks)
        if marks:
            cursor = QtGui.QTextCursor(marks[max(0, current)].cursor)
            cursor.clearSelection()
            self.field.setTextCursor(cursor)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """A scroll bar below comes and goes with the width."""
        super().resizeEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        row = QtWidgets.QHBoxLayout()
        row.setContentsMargins(7, 1, 3, 1)
        row.setSpacing(2)
        self._language.setObjectName("codeLanguage")
        self._language.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._language.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)
        self._language.setText(self.language[:30] or "code")
        row.addWidget(self._language, 1)
        row.addWidget(self.copy)
        row.addWidget(self.run)
        self.copy.setAccessibleName("Copy the code")
        self.run.setAccessibleName("Run the code in PyMOL")
        self.field.setAccessibleName(f"Code, {self.language}" if self.language else "Code")
        self.copy.clicked.connect(self._on_copy_clicked)
        self.run.clicked.connect(lambda: self.run_requested.emit(self.code, self.language))
        layout.addLayout(row)
        layout.addWidget(self.field)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        runs = self.language in RUNNABLE and self._closed and not self._busy and bool(self.code.strip())
        self.run.setVisible(runs)

    def _fit(self) -> None:
        """The bar below would cover the last line."""
        metrics = QtGui.QFontMetricsF(self.field.font())
        longest = max((len(line) for line in self.code.split("\n")[:500]), default=0)
        is_wide = longest * metrics.horizontalAdvance("0") + 2 * _PADDING_PX > max(1, self.field.viewport().width())
        bar = self.field.horizontalScrollBar().sizeHint().height() if is_wide else 0
        policy = QtCore.Qt.ScrollBarPolicy
        is_long = self.field.blockCount() > _MAX_LINES
        self.field.setHorizontalScrollBarPolicy(policy.ScrollBarAsNeeded if is_wide else policy.ScrollBarAlwaysOff)
        self.field.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if is_long else policy.ScrollBarAlwaysOff)
        height = self.field.height_of_lines() + bar
        if height != self.field.height():
            self.field.setFixedHeight(height)
        focus = QtCore.Qt.FocusPolicy
        self.field.setFocusPolicy(focus.StrongFocus if is_wide or is_long else focus.ClickFocus)

    def _on_copy_clicked(self) -> None:
        QtWidgets.QApplication.clipboard().setText(self.code)
        self.copy.setText("Copied")
        self._copied.start()
