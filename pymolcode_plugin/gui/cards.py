"""A tool call in the transcript: how it goes, what it changed, and taking it back."""

from __future__ import annotations

import time

from ..core.events import SceneRestored, StepFinished, StepStarted
from .labels import NOT_NOW, CodeField, PressButton, WrappedText, bounded, elided
from .picture import Thumbnail
from .qt import QtCore, QtGui, QtWidgets, Signal

_BAR_HEIGHT_PX = 3
_WIDE_CHARS = 46  # of its font
_TICK_MS = 1000
_UNDO = "Undo this step and every later one"
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
        """One line, whatever the title holds; what is cut are the title's words."""
        self._title, self._state = " ".join(title.split()), state
        self.line = f"{self._title}{self._state}"
        self._cut()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - 12 - metrics.horizontalAdvance(self._state)
        line = elided(self._title, metrics, room) + self._state
        self.setText(line.replace("&", "&&"))  # one alone would underline the next letter


class StepCard(QtWidgets.QFrame):  # type: ignore[misc]
    """A line in words, warnings, what it changed, and on request the exact command and its result.

    Args:
        step: That began.
        started_at: By `time.monotonic()`; now where it is not given.

    Signals:
        undo_requested: The person wants the scene from before this step.
        unfolded: The command and its result were shown or hidden; carries which.
    """

    undo_requested = Signal()
    unfolded = Signal(bool)

    def __init__(self, step: StepStarted, started_at: float | None = None) -> None:
        super().__init__()
        self.setObjectName("stepCard")
        self._title = step.title
        self._command = step.arguments
        self._output = ""
        self._ended = ("running", "…")
        self._suffix, self._waits = "", False
        self._started = time.monotonic() if started_at is None else started_at
        self._undoable = False
        self._head = _Head()
        self.undo = PressButton("Undo to here", "stepUndo", _UNDO)
        # Made when there is something in them: a long chat has a thousand cards with none of these.
        self._parts: dict[str, WrappedText] = {}
        self._progress: QtWidgets.QProgressBar | None = None
        self.picture: Thumbnail | None = None
        self._lay_out()
        self._clock = QtCore.QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._on_clock_timeout)
        self._clock.start()
        self._show("running")

    def finish(self, step: StepFinished) -> None:
        """Show how it went; a failure opens the card."""
        self._clock.stop()
        self.show_progress(None, is_long=False)
        self._ended = ("done", "✓") if step.ok else ("denied", "–") if step.denied else ("failed", "✗")
        self._suffix, self._waits = "" if step.denied else f"{step.duration_s:.1f} s", False
        self._undoable = step.undoable
        said = [step.error] if step.error and not step.denied else []  # those words are for the model
        said += [f"• {line}" for line in changes(step)]
        said += [f"• wrote {path}" for path in step.files]
        self._fill("diff", "\n".join(said))
        self._fill("warnings", "\n".join(f"⚠ {text}" for text in step.warnings))
        ran = "\n".join(step.commands)
        self._output = "\n\n".join(
            part for part in ("" if ran == self._command.strip() else ran, bounded(step.text).rstrip()) if part
        )
        if step.image_png:
            self._show_picture(step.image_png)
        self._show(*self._ended)
        self.unfold(not step.ok and not step.denied)

    def unfold(self, is_open: bool) -> None:
        """Show or hide the exact command and its result."""
        self._head.setChecked(is_open)
        self._show_details()

    def show_waiting(self, is_waiting: bool) -> None:
        """Whether it waits for the person."""
        self._waits = is_waiting
        self._show("running")

    def show_edited(self, command: str) -> None:
        """The person changed the command before it ran."""
        lines = command.strip().splitlines()
        self._title = f"{lines[0][:80]} (edited)" if lines else self._title
        self._command = command
        self._show_details()
        self._show("running")

    def set_busy(self, busy: bool) -> None:
        """While something runs, it cannot be undone."""
        self.undo.setEnabled(not busy)
        self.undo.setToolTip(NOT_NOW if busy else _UNDO)

    def show_undone(self, is_undone: bool, *, undoable: bool = True) -> None:
        """The scene is as before this step, or after it again; `undoable` where it could be undone here."""
        self._undoable = undoable and not is_undone
        self._show(*(("undone", "↶") if is_undone else self._ended))

    def show_progress(self, fraction: float | None, *, is_long: bool = True) -> None:
        """A thin bar: how far it is, 0..1, or only that it goes on; none where it is not long."""
        if self._progress is None:
            if not is_long:
                return
            self._progress = QtWidgets.QProgressBar()
            self._progress.setObjectName("stepProgress")
            self._progress.setTextVisible(False)
            self._progress.setFixedHeight(_BAR_HEIGHT_PX)
            self._progress.setAccessibleName(f"Progress of {self._title}")
            self.layout().insertWidget(1, self._progress)
        self._progress.setVisible(is_long)
        self._progress.setRange(0, 0 if fraction is None else 1000)
        self._progress.setValue(0 if fraction is None else int(1000 * fraction))

    def mark(self, spots: list[tuple[int, int]], current: int) -> None:  # noqa: ARG002  # as others that are searched
        """What was found may stand in the command or the result, so these are shown."""
        if spots:
            self.unfold(True)

    def part(self, name: str) -> str:
        """The text of `warnings`, `diff`, `command` or `output`; empty where it is not shown."""
        found = self._parts.get(name)
        return "" if found is None else str(found.toPlainText())

    def plain_text(self) -> str:
        """The card as text."""
        parts = (self._head.line, self.part("warnings"), self.part("diff"), self._command, self._output)
        return "\n".join(part for part in parts if part)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Where there is little room, the title needs it."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE_CHARS * self.fontMetrics().averageCharWidth()
        self.undo.setText("Undo to here" if is_wide else "Undo")

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self._head, 1)
        row.addWidget(self.undo)
        layout.addLayout(row)
        self._head.toggled.connect(self._on_head_toggled)
        self.undo.setAccessibleName(f"Undo {self._title} and every later step")
        self.undo.clicked.connect(lambda: self.undo_requested.emit())

    def _show(self, state: str, mark: str = "…") -> None:
        words = _TOLD.get(state, "waits for you" if self._waits else "")
        state_words = "".join(f"  {part}" for part in (self._suffix, words) if part)
        self._head.show_line(f"{mark} {self._title}", state_words)
        self._head.setAccessibleName(f"{_STATES[state]}: {self._title}{state_words}")
        self.undo.setVisible(self._undoable)
        widgets: list[QtWidgets.QWidget] = [self, self._head]
        widgets += [self._parts["diff"]] if "diff" in self._parts else []
        for widget in widgets:
            if widget.property("state") != state:
                widget.setProperty("state", state)
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _show_details(self) -> None:
        is_open = self._head.isChecked()
        self._fill("command", self._command if is_open else "")
        self._fill("output", self._output if is_open else "")

    def _show_picture(self, png: bytes) -> None:
        self.picture = Thumbnail(png, self._title)
        self.layout().addWidget(self.picture)

    def _fill(self, name: str, text: str) -> None:
        part = self._parts.get(name)
        if part is None:
            if not text:
                return
            part = self._parts[name] = _made(name)
            order = list(_PARTS)
            n_before = sum(order.index(other) < order.index(name) for other in self._parts)
            self.layout().insertWidget(1 + (self._progress is not None) + n_before, part)
        part.show_text(text)
        part.setVisible(bool(text))

    def _on_head_toggled(self, is_open: bool) -> None:
        self._show_details()
        self.unfolded.emit(is_open)

    def _on_clock_timeout(self) -> None:
        elapsed_s = time.monotonic() - self._started
        is_long = elapsed_s >= _SHOWN_FROM_S
        self._suffix = f"{elapsed_s:.0f} s" if is_long else ""
        if is_long and (self._progress is None or not self._progress.isVisibleTo(self)) and not self._waits:
            self.show_progress(None)
        self._show("running")


def changes(event: StepFinished | SceneRestored) -> tuple[str, ...]:
    """What changed, a line each; what was recorded before events had lines is cut where its lines were joined."""
    return event.diff_lines or tuple(line for line in event.diff.split("; ") if line)


def _made(name: str) -> WrappedText:
    kind, style, max_lines, words = _PARTS[name]
    part = kind("", style, max_lines=max_lines)
    part.setAccessibleName(words)
    return part


_PARTS: dict[str, tuple[type[WrappedText], str, int, str]] = {
    "warnings": (WrappedText, "stepWarning", 6, "Warnings"),
    "diff": (WrappedText, "stepDiff", 12, "What it changed"),
    "command": (CodeField, "stepDetails", 14, "The exact command"),
    "output": (CodeField, "stepOutput", 14, "What it gave"),
}
_STATES = {"running": "Runs", "done": "Done", "failed": "Failed", "denied": "Not allowed", "undone": "Undone"}
_TOLD = {"undone": "undone", "denied": "not allowed"}
