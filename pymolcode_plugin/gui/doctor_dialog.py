"""What was looked at, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .dialog import Dialog
from .labels import plain_label
from .qt import QtCore, QtWidgets, Signal

_MARKS = {"ok": "✓", "note": "⚠", "problem": "✗"}
_IN_WORDS = {"ok": "Right", "note": "Could be better", "problem": "Wrong"}


class Shown(NamedTuple):
    """One finding: where, `ok`, `note` or `problem`, what is so, what to do."""

    name: str
    state: str
    words: str
    remedy: str = ""


class DoctorDialog(Dialog):
    """Stays open beside the work; looks again on demand.

    Signals:
        look_requested: Everything is to be looked at again.
        model_test_requested: The model is to be asked, which sends a word to it.
        copy_requested: The findings are to go to the clipboard.
    """

    look_requested = Signal()
    model_test_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("pymolcode doctor")
        self.setObjectName("doctorDialog")
        self.title = plain_label("", "pickerTitle")
        self.again = QtWidgets.QPushButton("Look again")
        self.test_model = QtWidgets.QPushButton("Ask the model")
        self.copy = QtWidgets.QPushButton("Copy")
        self._rows = QtWidgets.QVBoxLayout()
        self._lay_out()
        self.resize(520, 420)

    def show_looking(self, words: str = "Looking…") -> None:
        """It takes a moment."""
        self.title.setText(words)
        for button in (self.again, self.test_model):
            button.setEnabled(False)

    def show_findings(self, findings: Sequence[Shown]) -> None:
        """Show these, what is wrong first."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        order = {"problem": 0, "note": 1, "ok": 2}
        for finding in sorted(findings, key=lambda item: order[item.state]):
            self._rows.addWidget(_row(finding))
        self._rows.addStretch()
        n_wrong = sum(item.state == "problem" for item in findings)
        right = "Everything is right" if all(item.state == "ok" for item in findings) else "Everything needed is right"
        self.title.setText(f"{n_wrong} to mend" if n_wrong else right)
        for button in (self.again, self.test_model):
            button.setEnabled(True)

    def _lay_out(self) -> None:
        inside, area = QtWidgets.QWidget(), QtWidgets.QScrollArea()
        inside.setLayout(self._rows)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Findings")
        layout, foot = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout()
        layout.addWidget(self.title)
        layout.addWidget(area, 1)
        self.test_model.setToolTip("Send one word to the model that is used, to see that it answers")
        self.copy.setToolTip("The findings as text, for a question; there is no key or token in them")
        close = QtWidgets.QPushButton("Close")
        for button, requested in (
            (self.again, self.look_requested),
            (self.test_model, self.model_test_requested),
            (self.copy, self.copy_requested),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, requested=requested: requested.emit())
            foot.addWidget(button)
        close.clicked.connect(self.close)
        foot.addStretch()
        foot.addWidget(close)
        layout.addLayout(foot)


def _row(finding: Shown) -> QtWidgets.QWidget:
    row = QtWidgets.QWidget()
    layout, texts = QtWidgets.QHBoxLayout(row), QtWidgets.QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 4)
    mark = QtWidgets.QLabel(_MARKS[finding.state])
    mark.setObjectName("findingMark")
    mark.setProperty("state", finding.state)
    mark.setAccessibleName(_IN_WORDS[finding.state])
    name = plain_label(finding.name, "settingLabel")
    texts.setSpacing(1)
    texts.addWidget(name)
    texts.addWidget(plain_label(finding.words, "findingWords"))
    if finding.remedy:
        texts.addWidget(plain_label(f"→ {finding.remedy}", "findingRemedy"))
    layout.addWidget(mark, 0, QtCore.Qt.AlignmentFlag.AlignTop)
    layout.addLayout(texts, 1)
    return row
