"""What stands in the transcript beside text: steps, questions, notices."""

from __future__ import annotations

from ..core.events import ApprovalAsked, StepFinished, StepStarted
from .qt import QtCore, QtGui, QtWidgets, Signal

_THUMBNAIL_WIDTH_PX = 240
_MAX_CHARS = 20_000  # a label of a megabyte stops the window for seconds


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


def bounded(text: str) -> str:
    """The text, or its beginning and how much there is of it; the transcript has it whole."""
    return text if len(text) <= _MAX_CHARS else f"{text[:_MAX_CHARS]}\n… ({len(text):,} characters in all)"


class _Head(QtWidgets.QPushButton):  # type: ignore[misc]
    """A line that is cut with an ellipsis, so that a long command never widens the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stepHead")
        self.setCheckable(True)
        self.setFlat(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.line = ""

    def show_line(self, text: str) -> None:
        self.line = text
        self._cut()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(40, self.width() - 12)
        self.setText(self.fontMetrics().elidedText(self.line, QtCore.Qt.TextElideMode.ElideRight, room))


class StepCard(QtWidgets.QFrame):  # type: ignore[misc]
    """One tool call: a line in words, what it changed, and on request the exact command and its result."""

    def __init__(self, step: StepStarted) -> None:
        super().__init__()
        self.setObjectName("stepCard")
        self._title = step.title
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.setSpacing(2)
        self._head = _Head()
        self._head.toggled.connect(self._on_head_toggled)
        self._diff = plain_label("", "stepDiff")
        self._details = plain_label(step.arguments, "stepDetails")
        self._picture = QtWidgets.QLabel()
        for widget in (self._head, self._diff, self._details, self._picture):
            self._layout.addWidget(widget)
        for widget in (self._diff, self._details, self._picture):
            widget.hide()
        self._show("running", "…")

    def finish(self, step: StepFinished) -> None:
        """Show how it went; a failure opens the card."""
        self._show("done" if step.ok else "failed", "✓" if step.ok else "✗", f"  {step.duration_s:.1f} s")
        said = step.error if not step.ok else step.diff
        self._diff.setText(bounded(said))
        self._diff.setVisible(bool(said))
        self._diff.setProperty("failed", not step.ok)
        self._details.setText(bounded("\n".join(part for part in (self._details.text(), step.text) if part)))
        if step.image_png:
            image = QtGui.QImage.fromData(step.image_png)
            smooth = QtCore.Qt.TransformationMode.SmoothTransformation
            self._picture.setPixmap(QtGui.QPixmap.fromImage(image.scaledToWidth(_THUMBNAIL_WIDTH_PX, smooth)))
            self._picture.show()
        self._head.setChecked(not step.ok)

    def plain_text(self) -> str:
        """The card as text."""
        parts = (self._head.line, self._diff.text(), self._details.text())
        return "\n".join(part for part in parts if part)

    def _show(self, state: str, mark: str, suffix: str = "") -> None:
        self.setProperty("state", state)
        self._head.show_line(f"{mark} {self._title}{suffix}")
        self.style().polish(self)
        self._head.setToolTip("Show the exact command and its result")

    def _on_head_toggled(self, is_open: bool) -> None:
        self._details.setVisible(is_open)


class ApprovalCard(QtWidgets.QFrame):  # type: ignore[misc]
    """A question before a step that could do harm.

    Signals:
        answered: Allow or Deny was pressed.
    """

    answered = Signal(bool)

    def __init__(self, question: ApprovalAsked) -> None:
        super().__init__()
        self.setObjectName("approvalCard")
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(plain_label(question.question, "approvalQuestion"))
        layout.addWidget(plain_label(question.command, "stepDetails"))
        row = QtWidgets.QHBoxLayout()
        self.deny = QtWidgets.QPushButton("Deny")
        self.allow = QtWidgets.QPushButton("Allow")
        for button in (self.deny, self.allow):
            button.setAutoDefault(True)
            row.addWidget(button)
        row.addStretch()
        layout.addLayout(row)
        self._outcome = plain_label("", "stepDiff")
        self._outcome.hide()
        layout.addWidget(self._outcome)
        self.allow.clicked.connect(lambda: self.answered.emit(True))
        self.deny.clicked.connect(lambda: self.answered.emit(False))

    def resolve(self, allowed: bool) -> None:
        """Show the answer; it can be given once."""
        self.allow.hide()
        self.deny.hide()
        self._outcome.setText("Allowed" if allowed else "Denied")
        self._outcome.show()
