"""What the model says and thinks while it does; pieces are joined, and only the block that still grows is laid out."""

from __future__ import annotations

from collections.abc import Callable

from .answer_rows import Message, follow
from .qt import QtCore, QtWidgets, Signal
from .row_area import RowArea
from .rows import ThinkingRow

_JOIN_MS = 40


class GrowingText(QtCore.QObject):  # type: ignore[misc]  # pymol.Qt is untyped
    """Text that grows at the end of a list of rows.

    Args:
        area: Whose rows it makes.
        connect: Called with every widget that a block of an answer makes.

    Signals:
        began: An answer or a thought has its first row.
    """

    began = Signal()

    def __init__(self, area: RowArea, connect: Callable[[QtWidgets.QWidget], None]) -> None:
        super().__init__(area)
        self._area, self._connect = area, connect
        self.message: Message | None = None  # the answer that grows
        self._thinking: ThinkingRow | None = None
        self._waiting, self._thought = "", ""
        self._join = QtCore.QTimer(self)
        self._join.setSingleShot(True)
        self._join.setInterval(_JOIN_MS)
        self._join.timeout.connect(self.flush)

    def append_text(self, text: str) -> None:
        """A piece of the model's answer; shown within 40 ms, together with what else comes."""
        if self._thought:
            self.flush()
        self._waiting += text
        if not self._join.isActive():
            self._join.start()

    def append_thinking(self, text: str) -> None:
        """A piece of the model's reasoning; folded."""
        if self._waiting:
            self.flush()
        self._thought += text
        if not self._join.isActive():
            self._join.start()

    def flush(self) -> None:
        """Show the text that waits."""
        if self._thought:
            self._show_thought()
        if self._waiting:
            self._end_thinking()
            text, self._waiting = self._waiting, ""
            self._show_text(text)

    def end(self) -> None:
        """Something else comes after it; what the model says next is a text of its own."""
        self.flush()
        self._end_thinking()
        self.message = None

    def _show_text(self, text: str) -> None:
        """Lay out what a piece of an answer changed, and nothing else of it."""
        is_new = self.message is None
        message = self.message = self.message or Message()
        message.text += text
        followed = follow(message, self._connect)
        if followed.changed is not None:
            self._area.changed(followed.changed)
        if followed.old:
            self._area.replace(followed.old, followed.new)
        elif followed.new:
            self._area.add_rows(followed.new)
        if is_new:
            self.began.emit()

    def _show_thought(self) -> None:
        text, self._thought = self._thought, ""
        if self._thinking is None:
            self.message = None
            self._thinking = ThinkingRow()
            self._area.add_rows([self._thinking])
            self.began.emit()
        self._thinking.append(text)

    def _end_thinking(self) -> None:
        if self._thinking is not None:
            self._thinking.end()
            self._thinking = None
