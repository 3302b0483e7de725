"""The transcript's context menu: copying as text or Markdown, and the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.events import Notice
from ..session.markdown import as_markdown
from .answer_rows import BlockRow
from .qt import QtCore, QtWidgets
from .rows import ChatRow
from .slash import SlashCommand

if TYPE_CHECKING:
    from .transcript import Transcript


class TranscriptMenu:
    """Makes the menu for a place in the transcript.

    Args:
        transcript: Whose it is.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._open: QtWidgets.QMenu | None = None

    def open(self, place: QtCore.QPoint) -> QtWidgets.QMenu:
        """Show it at a place of the screen, without a loop of its own; returns it."""
        transcript = self._transcript
        if self._open is not None:
            self._open.deleteLater()
        menu = self._open = QtWidgets.QMenu(transcript)
        child = transcript.widget().childAt(transcript.widget().mapFromGlobal(place))
        selected = selected_text(child)
        copy = menu.addAction("Copy")
        copy.setEnabled(bool(selected))
        copy.triggered.connect(lambda: _copy(selected))
        row = transcript.row_at(place)
        one = menu.addAction("Copy message as Markdown")
        one.setEnabled(row is not None)
        one.triggered.connect(lambda: _copy("" if row is None else message_markdown(row)))
        menu.addAction("Copy chat as Markdown").triggered.connect(lambda: _copy(transcript.markdown()))
        menu.addSeparator()
        menu.addAction("Find…\tCtrl+F").triggered.connect(lambda: transcript.find_requested.emit())
        menu.popup(place)
        return menu


def transcript_commands(transcript: Transcript) -> tuple[SlashCommand, ...]:
    """What the menu does, by typing it."""

    def is_empty(to_do: str) -> bool:
        if not transcript.rows:
            transcript.add_notice(Notice(text=f"There is nothing to {to_do} yet."))
            return True
        return False

    def find(words: str) -> None:
        if is_empty("find"):
            return
        transcript.finding.open()
        if words:
            transcript.finding.bar.field.setText(words)

    def copy(_rest: str) -> None:
        if is_empty("copy"):
            return
        _copy(transcript.markdown())
        transcript.add_notice(Notice(text="The chat was copied as Markdown."))

    return (
        SlashCommand("find", "find words in this chat", find, "[WORDS]", True),
        SlashCommand("copy", "copy this chat as Markdown", copy, while_busy=True),
    )


def message_markdown(row: ChatRow) -> str:
    """An answer as the model wrote it, a message as its user did; of others what happened."""
    if isinstance(row, BlockRow):
        return row.message.text.strip() + "\n"
    text = as_markdown(row.events(), "").strip()
    return text.removeprefix("#").strip().removeprefix("## ") + "\n"


def selected_text(widget: QtWidgets.QWidget | None) -> str:
    """What is selected in a widget, or in the one it is the inside of."""
    while widget is not None:
        if isinstance(widget, QtWidgets.QLabel):
            return str(widget.selectedText())
        if hasattr(widget, "textCursor"):
            return str(widget.textCursor().selectedText()).replace("\u2029", "\n")
        widget = widget.parentWidget()
    return ""


def _copy(text: str) -> None:
    QtWidgets.QApplication.clipboard().setText(text)
