"""How an export goes, what it wrote, and whether the scripts replay; shows it and emits signals, decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .labels import WrappedText, plain_label
from .qt import QtCore, QtWidgets, Signal

Answer = Literal["replace", "beside", "cancel"]
_QUESTIONS: tuple[tuple[Answer, str, str], ...] = (
    ("beside", "Keep both", "The new files get a number"),
    ("replace", "Replace", "What is in these files now is lost"),
    ("cancel", "Cancel", "Write nothing"),
)
_MARKS = {"exact": "✓", "differs": "⚠", "failed": "✗", "written": "✓"}


class ExportCard(QtWidgets.QFrame):  # type: ignore[misc]  # pymol.Qt is untyped
    """A card that goes from a question, where files are there already, over the progress to the result.

    Signals:
        answered: What to do with files that are there; carries an `Answer`.
        cancelled: Cancel was pressed while it ran.
        folder_requested: The folder is to be opened.
    """

    answered = Signal(str)
    cancelled = Signal()
    folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("exportCard")
        self.setAccessibleName("Export")
        self.head = plain_label("Exporting …", "exportHead")
        self.details = WrappedText("", "exportDetails", max_lines=14)
        self.files = WrappedText("", "exportFiles", max_lines=12)
        self.bar = QtWidgets.QProgressBar()
        self.cancel = _button("Cancel", "Stop; files that are written stay")
        self.open_folder = _button("Open the folder", "In the system's file manager")
        self.questions = {answer: _button(text, tip) for answer, text, tip in _QUESTIONS}
        self._lay_out()
        self._show(running=False)

    def ask(self, names: Sequence[str]) -> None:
        """Files are there already."""
        self._title("These files are there already. Replace them?", "asks")
        self._fill(self.files, "\n".join(names))
        self._show(questions=True)
        self.questions["beside"].setFocus()

    def show_progress(self, text: str) -> None:
        """What it does now."""
        self._title(text, "running")
        self._fill(self.files, "")
        self._show(running=True)

    def show_result(self, outcome: str, head: str, details: Sequence[str], files: Sequence[str]) -> None:
        """How it ended.

        Args:
            outcome: `exact`, `differs`, `written` where nothing was replayed, or `failed`.
            head: One sentence.
            details: Differences and changes by hand, one a line.
            files: Full paths.
        """
        self._title(f"{_MARKS[outcome]} {head}", outcome)
        self._fill(self.details, "\n".join(details))
        self._fill(self.files, "\n".join(files))
        self._show(folder=bool(files))

    def plain_text(self) -> str:
        """The card as text."""
        parts = (self.head.text(), self.details.toPlainText(), self.files.toPlainText())
        return "\n".join(part for part in parts if part)

    def _title(self, text: str, state: str) -> None:
        self.head.setText(text)
        self.setProperty("state", state)
        for widget in (self, self.head):
            widget.setProperty("state", state)
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _show(self, *, running: bool = False, questions: bool = False, folder: bool = False) -> None:
        self.bar.setVisible(running)
        self.cancel.setVisible(running)
        self.open_folder.setVisible(folder)
        for button in self.questions.values():
            button.setVisible(questions)

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        self.bar.setRange(0, 0)  # how long a replay takes is not known
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(4)
        self.bar.setAccessibleName("The export runs")
        self.files.setAccessibleName("Files")
        self.details.setAccessibleName("What differs, and what was changed by hand")
        for widget in (self.head, self.bar, self.details, self.files):
            layout.addWidget(widget)
        row = QtWidgets.QHBoxLayout()
        for button in (*self.questions.values(), self.cancel, self.open_folder):
            row.addWidget(button)
        row.addStretch()
        layout.addLayout(row)
        self._fill(self.details, "")
        self._fill(self.files, "")
        self.cancel.clicked.connect(lambda: self.cancelled.emit())
        self.open_folder.clicked.connect(lambda: self.folder_requested.emit())
        for answer, button in self.questions.items():
            button.clicked.connect(lambda _checked=False, answer=answer: self.answered.emit(answer))

    @staticmethod
    def _fill(widget: WrappedText, text: str) -> None:
        widget.show_text(text)
        widget.setVisible(bool(text))


def _button(text: str, tip: str) -> QtWidgets.QPushButton:
    button = QtWidgets.QPushButton(text)
    button.setObjectName("cardButton")
    button.setAutoDefault(True)
    button.setToolTip(tip)
    button.setSizePolicy(QtWidgets.QSizePolicy.Policy.Maximum, QtWidgets.QSizePolicy.Policy.Fixed)
    return button


def folder_dialog(parent: QtWidgets.QWidget, folder: str) -> QtWidgets.QFileDialog:
    """Asks for a folder; to be opened, which does not block."""
    dialog = QtWidgets.QFileDialog(parent, "Export to", folder)
    dialog.setFileMode(QtWidgets.QFileDialog.FileMode.Directory)
    dialog.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly, True)
    dialog.setLabelText(QtWidgets.QFileDialog.DialogLabel.Accept, "Export here")
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose, True)
    return dialog
