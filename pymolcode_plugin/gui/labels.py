"""Text in the transcript that is shown as it is, never as HTML, and never widens the panel."""

from __future__ import annotations

import math
import re
import unicodedata

from .qt import QtCore, QtGui, QtWidgets

_MAX_CHARS = 20_000  # a label of a megabyte stops the window for seconds
_LONG_WORD = re.compile(r"[^\s/]{12}(?=[^\s/])")  # after a slash Qt breaks the line by itself
_END = re.compile(r"(?: \((?:\+\d+ more|edited)\))+$")
_MIN_WORDS_PX = 40
NOT_NOW = "Not while something runs: wait until it is done, or stop it"  # of a button that is off meanwhile
_BREAK = "\u200b"
_LAYOUT_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def plain_label(text: str, name: str) -> QtWidgets.QLabel:
    """A wrapping label that shows text as it is, never as HTML, and lets it be copied."""
    label = QtWidgets.QLabel()
    label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    label.setText(bounded(text))
    label.setWordWrap(True)
    label.setObjectName(name)
    label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
    # A long word must not widen the panel beyond what its user gave it.
    label.setMinimumWidth(1)
    return label


def bounded(text: str, limit: int = _MAX_CHARS) -> str:
    """The text, or its beginning and how much there is of it; the transcript has it whole."""
    return text if len(text) <= limit else f"{text[:limit]}\n… ({len(text):,} characters in all)"


def elided(text: str, metrics: QtGui.QFontMetrics, room_px: int) -> str:
    """A title that fits, where it can: its words are cut, and not the count or the note in brackets at its end."""
    match = _END.search(text)
    end = match[0] if match else ""
    words, room = text.removesuffix(end), max(_MIN_WORDS_PX, room_px - metrics.horizontalAdvance(end))
    return f"{metrics.elidedText(words, QtCore.Qt.TextElideMode.ElideRight, room)}{end}"


def breakable(text: str) -> str:
    """With places in long words where a label may break the line; for text that nobody copies."""
    return _LONG_WORD.sub(lambda match: match[0] + _BREAK, text)


def hidden_characters(text: str) -> tuple[str, ...]:
    """Characters that a reader does not see, or that turn the order of others round, as `U+202E`."""
    found = {
        char
        for char in text.replace("\r\n", "\n")
        if char not in "\n\t" and unicodedata.category(char) in _LAYOUT_CATEGORIES
    }
    return tuple(f"U+{ord(char):04X}" for char in sorted(found))


def is_writing(window: QtWidgets.QWidget) -> bool:
    """Whether somebody is in the middle of a text in this window, e.g. a message or PyMOL's own prompt."""
    field = window.focusWidget()
    if isinstance(field, QtWidgets.QLineEdit):
        return bool(field.text())
    return isinstance(field, QtWidgets.QPlainTextEdit) and not field.isReadOnly() and bool(field.toPlainText())


class PressButton(QtWidgets.QToolButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """A flat button that Tab reaches and that Enter presses as Space does.

    Args:
        text: On it.
        name: For the style sheet.
        tip: What it does.
    """

    def __init__(self, text: str = "", name: str = "", tip: str = "") -> None:
        super().__init__()
        self.setText(text)
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Qt has only Space for these."""
        if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class WrappedText(QtWidgets.QPlainTextEdit):  # type: ignore[misc]  # pymol.Qt is untyped
    """Text as high as it needs up to some lines, then it scrolls; breaks long words, which a label would cut.

    Args:
        text: Shown as it is.
        name: For the style sheet.
        max_lines: Height at most.
    """

    def __init__(self, text: str, name: str, *, max_lines: int = 8) -> None:
        super().__init__()
        self._max_lines = max_lines
        self._fitting = False
        self.setObjectName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setWordWrapMode(QtGui.QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Replace what is shown."""
        self.setPlainText(bounded(text))

    def show_lines(self, max_lines: int) -> None:
        """Be as high as so many lines at most."""
        self._max_lines = max_lines
        self._fit()

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Lines that were laid out while nothing was seen do not know of the bar beside them."""
        super().showEvent(event)
        if self.verticalScrollBarPolicy() == QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOn:
            self._fit()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """A style sheet or another font needs another height."""
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        if self._fitting:
            return  # the bar that comes or goes has another width tell this again
        self._fitting = True
        policies = QtCore.Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOff)  # whether one is needed is decided without it
        height, block = 0.0, self.document().firstBlock()
        limit = self._max_lines * self._line_height(block)
        while block.isValid() and height <= limit:
            height += self.blockBoundingRect(block).height()
            block = block.next()
        margins = 2 * self.document().documentMargin()
        is_cut = height > limit + margins + 1  # they are part of the first and the last line
        around = self.height() - self.viewport().height() + int(margins)
        wanted = math.ceil(min(height, limit)) + max(around, 0)
        if wanted != self.height():
            self.setFixedHeight(wanted)
        if is_cut:
            self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOn)
        else:
            self.verticalScrollBar().setRange(0, 0)  # Qt reckoned it before the lines were laid out
        self.horizontalScrollBar().setRange(0, 0)  # reckoned of lines that were wider a moment ago
        self._reach_by_keyboard(is_cut)
        self._fitting = False

    def _line_height(self, block: QtGui.QTextBlock) -> float:
        """As it is laid out, which is more than the font's own metrics say."""
        self.blockBoundingRect(block)  # lays it out
        return float(block.layout().lineAt(0).height()) if block.layout().lineCount() else self.fontMetrics().height()

    def _reach_by_keyboard(self, is_cut: bool) -> None:
        """Tab stops where there is something to scroll, and nowhere else."""
        focus = QtCore.Qt.FocusPolicy
        self.setFocusPolicy(focus.StrongFocus if is_cut or not self.isReadOnly() else focus.ClickFocus)


class CodeField(WrappedText):
    """Exact commands, code and output, in the system's fixed font."""

    def __init__(self, text: str, name: str, *, max_lines: int = 8) -> None:
        super().__init__(text, name, max_lines=max_lines)
        self.setFont(QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont))
