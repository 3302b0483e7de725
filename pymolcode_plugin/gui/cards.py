"""A tool call in the transcript: how it goes, what it changed, and taking it back."""

from __future__ import annotations

import time

from ..core.events import StepFinished, StepStarted
from .labels import CodeField, WrappedText, bounded
from .qt import QtCore, QtGui, QtWidgets, Signal

_THUMBNAIL_WIDTH_PX = 240
_TICK_MS = 1000
_SHOWN_FROM_S = 2.0  # shorter steps need no clock


class _Head(QtWidgets.QPushButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """A line that is cut with an ellipsis, so that a long command never widens the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stepHead")
        self.setCheckable(True)
        self.setFlat(True)
        self.setToolTip("Show the exact command and its result")
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.line = ""
        self._title = self._state = ""

    def show_line(self, title: str, state: str) -> None:
        """One line, whatever the title holds; what is cut is the title."""
        self._title, self._state = " ".join(title.split()), state
        self.line = f"{self._title}{self._state}"
        self._cut()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics = self.fontMetrics()
        room = max(40, self.width() - 12 - metrics.horizontalAdvance(self._state))
        line = metrics.elidedText(self._title, QtCore.Qt.TextElideMode.ElideRight, room) + self._state
        self.setText(line.replace("&", "&&"))  # one alone would underline the next letter


class StepCard(QtWidgets.QFrame):  # type: ignore[misc]
    """A line in words, warnings, what it changed, and on request the exact command and its result.

    Signals:
        undo_requested: The person wants the scene from before this step.
    """

    undo_requested = Signal()

    def __init__(self, step: StepStarted) -> None:
        super().__init__()
        self.setObjectName("stepCard")
        self._title = step.title
        self._command = step.arguments
        self._ended = ("running", "…")
        self._suffix, self._waits = "", False
        self._started = time.monotonic()
        self._undoable = False
        self._head = _Head()
        self.undo = QtWidgets.QToolButton()
        self._warnings = WrappedText("", "stepWarning", max_lines=6)
        self._diff = WrappedText("", "stepDiff", max_lines=12)
        self._details = CodeField(step.arguments, "stepDetails", max_lines=14)
        self._picture = QtWidgets.QLabel()
        self._lay_out()
        self._clock = QtCore.QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._on_clock_timeout)
        self._clock.start()
        self._show("running")

    def finish(self, step: StepFinished) -> None:
        """Show how it went; a failure opens the card."""
        self._clock.stop()
        self._ended = ("done", "✓") if step.ok else ("failed", "✗")
        self._suffix, self._waits = f"{step.duration_s:.1f} s", False
        self._undoable = step.undoable
        self._show(*self._ended)
        said = [step.error] if step.error else []
        said += [f"• {line}" for line in step.diff.split("; ") if line]
        said += [f"• wrote {path}" for path in step.files]
        self._fill(self._diff, "\n".join(said))
        self._fill(self._warnings, "\n".join(f"⚠ {text}" for text in step.warnings))
        ran = "\n".join(step.commands)
        parts = (self._command, "" if ran == self._command.strip() else ran, bounded(step.text).rstrip())
        self._details.show_text("\n\n".join(part for part in parts if part))
        if step.image_png:
            self._show_picture(step.image_png)
        self._head.setChecked(not step.ok)

    def show_waiting(self, is_waiting: bool) -> None:
        """Whether it waits for the person."""
        self._waits = is_waiting
        self._show("running")

    def show_edited(self, command: str) -> None:
        """The person changed the command before it ran."""
        lines = command.strip().splitlines()
        self._title = f"{lines[0][:80]} (edited)" if lines else self._title
        self._command = command
        self._details.show_text(command)
        self._show("running")

    def show_undone(self, is_undone: bool) -> None:
        """The scene is as before this step, or after it again."""
        self._undoable = not is_undone
        self._show(*(("undone", "↶") if is_undone else self._ended))

    def plain_text(self) -> str:
        """The card as text."""
        parts = (self._head.line, self._warnings.toPlainText(), self._diff.toPlainText(), self._details.toPlainText())
        return "\n".join(part for part in parts if part)

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self._head, 1)
        row.addWidget(self.undo)
        layout.addLayout(row)
        for widget in (self._warnings, self._diff, self._details, self._picture):
            layout.addWidget(widget)
            widget.hide()
        self._head.toggled.connect(self._details.setVisible)
        self.undo.setText("Undo")
        self.undo.setObjectName("stepUndo")
        self.undo.setToolTip("Undo this step and every later one")
        self.undo.setAccessibleName(f"Undo {self._title} and every later step")
        self.undo.clicked.connect(lambda: self.undo_requested.emit())

    def _show(self, state: str, mark: str = "…") -> None:
        words = "undone" if state == "undone" else "waits for you" if self._waits else ""
        state_words = "".join(f"  {part}" for part in (self._suffix, words) if part)
        self._head.show_line(f"{mark} {self._title}", state_words)
        self.undo.setVisible(self._undoable)
        self.setProperty("state", state)
        for widget in (self, self._head, self._diff):
            widget.setProperty("state", state)
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _show_picture(self, png: bytes) -> None:
        smooth = QtCore.Qt.TransformationMode.SmoothTransformation
        image = QtGui.QImage.fromData(png).scaledToWidth(_THUMBNAIL_WIDTH_PX, smooth)
        self._picture.setPixmap(QtGui.QPixmap.fromImage(image))
        self._picture.show()

    @staticmethod
    def _fill(widget: WrappedText, text: str) -> None:
        widget.show_text(text)
        widget.setVisible(bool(text))

    def _on_clock_timeout(self) -> None:
        elapsed_s = time.monotonic() - self._started
        self._suffix = f"{elapsed_s:.0f} s" if elapsed_s >= _SHOWN_FROM_S else ""
        self._show("running")
