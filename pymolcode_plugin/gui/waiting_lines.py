"""The messages that wait, above the composer: each can be edited, sent at once, or taken away."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.attachments import Message
from .outbox import Waiting
from .qt import QtCore, QtGui, QtWidgets, Signal

_TIP_CHARS = 600


class _Words(QtWidgets.QPushButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """The beginning of the message, cut where there is no room; pressing it edits the message."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setObjectName("waitingWords")
        self.setFlat(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self._words = " ".join(words.split())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, more or fewer words."""
        super().resizeEvent(event)
        room = max(self.width() - 10, 20)
        cut = self.fontMetrics().elidedText(self._words, QtCore.Qt.TextElideMode.ElideRight, room)
        self.setText(cut.replace("&", "&&"))


class WaitingLines(QtWidgets.QWidget):  # type: ignore[misc]
    """One line a message; hidden while none waits.

    Signals:
        edit_requested: The user wants to write it anew; carries its number.
        removal_requested: The user does not want it sent.
        steer_requested: It is to reach the turn that runs.
        send_requested: It is to be sent now, where it was held.
        changed: Other lines are shown.
    """

    edit_requested = Signal(int)
    removal_requested = Signal(int)
    steer_requested = Signal(int)
    send_requested = Signal(int)
    changed = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Messages that wait")
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.hide()

    def show_waiting(self, waiting: Sequence[Waiting], *, busy: bool) -> None:
        """Show these.

        Args:
            waiting: In the order in which they are sent.
            busy: A turn runs, which the first ones may reach.
        """
        while self._layout.count():
            old = self._layout.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        going = [item for item in waiting if not (item.held or item.steering)]
        held = [item for item in waiting if item.held]
        for item in waiting:
            first = item in (*going[:1], *held[:1])
            self._layout.addWidget(self._line(item, first=first, busy=busy))
        self.setVisible(bool(waiting))
        self.changed.emit()

    def buttons(self) -> list[QtWidgets.QAbstractButton]:
        """Those of all lines, in order."""
        return [button for line in self.lines() for button in line.findChildren(QtWidgets.QAbstractButton)]

    def lines(self) -> list[QtWidgets.QFrame]:
        """The lines that are shown, first to last."""
        return [self._layout.itemAt(number).widget() for number in range(self._layout.count())]

    def _line(self, item: Waiting, *, first: bool, busy: bool) -> QtWidgets.QFrame:
        line = QtWidgets.QFrame()
        line.setObjectName("waitingLine")
        line.setProperty("state", "steering" if item.steering else "held" if item.held else "next")
        row = QtWidgets.QHBoxLayout(line)
        row.setContentsMargins(6, 1, 2, 1)
        row.setSpacing(2)
        text = _shown(item.message) if not item.load else f"Load {item.message.text}"
        begin = _begin(item, first=first)
        words = _Words(f"{begin} {text}")
        words.setToolTip(f"{text[:_TIP_CHARS]}\n\nClick to edit it." if not item.load else item.load)
        words.setAccessibleName(f"{begin} {text[:_TIP_CHARS]}. Press to edit it")
        words.setEnabled(not item.load)
        words.clicked.connect(lambda _checked=False: self.edit_requested.emit(item.number))
        row.addWidget(words, 1)
        if busy and not item.steering and not item.load:
            row.addWidget(
                self._button("Say now", "Tell the agent at its next step, without stopping it (Ctrl+Enter)", item)
            )
        if item.held and not busy and first:
            row.addWidget(self._button("Send", "Send it now (Enter in the empty field does too)", item))
        row.addWidget(self._button("×", "Do not send it", item))
        return line

    def _button(self, text: str, tip: str, item: Waiting) -> QtWidgets.QToolButton:
        requested = {"Say now": self.steer_requested, "Send": self.send_requested, "×": self.removal_requested}[text]
        button = QtWidgets.QToolButton()
        button.setObjectName("waitingButton")
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _checked=False: requested.emit(item.number))
        return button


def _begin(item: Waiting, *, first: bool) -> str:
    if item.steering:
        return "At the next step:"
    if item.held:
        return "Not sent:"
    return "Next:" if first else "Then:"


def _shown(message: Message) -> str:
    """The text, and how much goes with it."""
    n_attached = len(message.selections) + len(message.images) + len(message.files)
    return f"{message.text} [+{n_attached}]" if n_attached else message.text
