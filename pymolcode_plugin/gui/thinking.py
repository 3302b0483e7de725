"""What a model thought before it answered: folded to one line, to be unfolded by a click or by Enter."""

from __future__ import annotations

from .labels import PressButton, WrappedText, bounded
from .qt import QtCore, QtGui, QtWidgets, Signal

_MAX_LINES = 16
_INSET_PX = 18  # where the words of the head begin
_MIN_S = 1.0


class ThinkingCard(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """A line that says how long, and the reasoning below it where it is unfolded.

    Signals:
        unfolded: It was folded or unfolded; carries which.
    """

    unfolded = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("thinking")
        self.head = PressButton("", "thinkingHead", "Show what the model thought")
        self._body: WrappedText | None = None
        self._text = ""
        self.head.setCheckable(True)
        self.head.setAutoRaise(True)
        self.head.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setArrowType(QtCore.Qt.ArrowType.RightArrow)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        self.head.toggled.connect(self._on_head_toggled)

    def show_thinking(self, text: str, seconds: float | None, *, goes_on: bool) -> None:
        """Show the text as far as it came.

        Args:
            text: All of it.
            seconds: How long so far; None where nobody knows.
            goes_on: It is not at its end.
        """
        known = seconds is not None and seconds >= _MIN_S
        words = "Thinking…" if goes_on else "Thought"
        self.head.setText(f"{words} {seconds:.0f} s" if goes_on and known else _past(words, seconds if known else None))
        self._text = text
        if self._body is not None:
            self._show_text()

    def mark(self, spots: list[tuple[int, int]], current: int) -> None:  # noqa: ARG002  # as others that are searched
        """What was found is seen only unfolded."""
        if spots and not self.head.isChecked():
            self.head.setChecked(True)

    def _on_head_toggled(self, is_open: bool) -> None:
        arrow = QtCore.Qt.ArrowType
        self.head.setArrowType(arrow.DownArrow if is_open else arrow.RightArrow)
        if is_open and self._body is None:
            self._body = WrappedText("", "thinkingText", max_lines=_MAX_LINES)
            self._body.setAccessibleName("What the model thought")
            inset = QtWidgets.QHBoxLayout()
            inset.setContentsMargins(_INSET_PX, 0, 0, 0)
            inset.addWidget(self._body)
            self.layout().addLayout(inset)
        if self._body is not None:
            self._body.setVisible(is_open)
            self._show_text()
        self.unfolded.emit(is_open)

    def _show_text(self) -> None:
        """Only what came is added: a long thought is not laid out again and again."""
        assert self._body is not None  # noqa: S101  # both callers looked
        shown, text = self._body.toPlainText(), bounded(self._text.strip())
        if not text.startswith(shown) or not shown:
            self._body.show_text(text)
        elif len(text) > len(shown):
            cursor = QtGui.QTextCursor(self._body.document())
            cursor.movePosition(QtGui.QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(shown) :])


def _past(words: str, seconds: float | None) -> str:
    return words if seconds is None else f"{words} for {seconds:.0f} s"
