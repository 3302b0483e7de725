"""A tool call in the transcript."""

from __future__ import annotations

from ..core.events import StepFinished, StepStarted
from .labels import bounded, plain_label
from .qt import QtCore, QtGui, QtWidgets

_THUMBNAIL_WIDTH_PX = 240


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
