"""The question before a step that could do harm: what it will do, the exact command, and the answer."""

from __future__ import annotations

from ..core.events import ApprovalAnswered, ApprovalAsked
from ..core.ports import Answer
from .labels import CodeField, WrappedText, breakable, hidden_characters, plain_label
from .qt import QtCore, QtWidgets, Signal

_MAX_EDITABLE_CHARS = 20_000  # beyond, the field shows only the beginning

_RESOLVED_LINES = 4  # an answered question takes less room


class ApprovalCard(QtWidgets.QFrame):  # type: ignore[misc]  # pymol.Qt is untyped
    """Stands in the transcript until it is answered, then says what was decided.

    A question without a command is about taking back what was changed by hand: yes or no, nothing to edit.

    Signals:
        answered: Carries a `core.ports.Answer`; it is given once.
    """

    answered = Signal(object)

    def __init__(self, question: ApprovalAsked, *, proceed: str = "Undo anyway") -> None:
        super().__init__()
        self.setObjectName("approvalCard")
        self.setAccessibleName(question.question)
        self._asked = question
        self._editing = False
        by_hand = not question.command
        self.allow = QtWidgets.QPushButton(proceed if by_hand else "Allow")
        self.edit = QtWidgets.QPushButton("Edit")
        self.deny = QtWidgets.QPushButton("Keep" if by_hand else "Deny")
        self.reason = QtWidgets.QLineEdit()
        self.always = QtWidgets.QCheckBox()
        self.command = CodeField(question.command, "command")
        self._shown = self.command.toPlainText()
        self._effects = WrappedText("\n".join(f"• {line}" for line in question.effects), "effects", max_lines=10)
        self._always_words = plain_label(breakable(f"Always allow {question.always}"), "always")
        self._hidden = plain_label(_hidden_words(question.command), "stepWarning")
        self._outcome = WrappedText("", "outcome", max_lines=4)
        self._lay_out(question)
        self._connect()
        self._show_what_fits(by_hand)

    def resolve(self, answered: ApprovalAnswered | None) -> None:
        """Show the answer; None when Stop came before it."""
        for widget in (self._buttons, self._denial, self._always_row):
            widget.hide()
        self._stop_editing()
        if answered is not None and answered.command:
            self.command.show_text(answered.command)
        for text in (self._effects, self.command):
            text.show_lines(_RESOLVED_LINES)
        self._outcome.show_text(_outcome(self._asked, answered))
        self._outcome.show()
        self.setProperty("state", "allowed" if answered and answered.allowed else "denied")
        self.style().polish(self)

    def plain_text(self) -> str:
        """The card as text."""
        command = self.command.toPlainText()
        parts = (self._asked.question, self._effects.toPlainText(), command, self._outcome.toPlainText())
        return "\n".join(part for part in parts if part)

    def _lay_out(self, question: ApprovalAsked) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        self._always_row, self._buttons, self._denial = (QtWidgets.QWidget() for _ in range(3))
        always, row = QtWidgets.QHBoxLayout(self._always_row), QtWidgets.QHBoxLayout(self._buttons)
        always.addWidget(self.always, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        always.addWidget(self._always_words, 1)
        row.addWidget(self.allow)
        row.addWidget(self.edit)
        denial = QtWidgets.QHBoxLayout(self._denial)
        (denial if question.command else row).addWidget(self.deny)
        denial.addWidget(self.reason, 1)
        row.addStretch()
        for inner in (always, row, denial):
            inner.setContentsMargins(0, 0, 0, 0)
        title = plain_label(question.question, "approvalQuestion")
        for widget in (title, self._effects, self.command, self._hidden, self._always_row, self._buttons, self._denial):
            layout.addWidget(widget)
        layout.addWidget(self._outcome)

    def _connect(self) -> None:
        self.allow.clicked.connect(self._on_allow_clicked)
        self.edit.clicked.connect(self._on_edit_clicked)
        self.deny.clicked.connect(self._on_deny_clicked)
        self.reason.returnPressed.connect(self._on_deny_clicked)
        self.command.textChanged.connect(self._on_command_changed)
        self._always_words.installEventFilter(self)

    def _show_what_fits(self, by_hand: bool) -> None:
        for button in (self.allow, self.edit, self.deny):
            button.setAutoDefault(True)  # Enter presses it
            button.setObjectName("cardButton")
        self.reason.setPlaceholderText("Why not? (optional)")
        self.reason.setAccessibleName("Reason for denying, optional")
        self.reason.setToolTip("The agent reads it. Enter denies with this reason.")
        self.command.setAccessibleName("The exact command")
        self._effects.setAccessibleName("What it will do")
        self.always.setAccessibleName(f"Always allow {self._asked.always}")
        self.always.setToolTip("Kept for this folder; Options, Always allowed… takes it back")
        self.edit.setToolTip("Change the command before it runs")
        self.edit.setVisible(self._asked.editable and len(self._asked.command) <= _MAX_EDITABLE_CHARS)
        self.command.setVisible(not by_hand)
        self._denial.setVisible(not by_hand)
        self._effects.setVisible(bool(self._asked.effects))
        self._hidden.setVisible(bool(self._hidden.text()))
        self._always_row.setVisible(bool(self._asked.always))
        self._outcome.hide()

    def eventFilter(self, _watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """The words beside the check box are part of it; they stand in a label because a check box never wraps."""
        if event.type() == QtCore.QEvent.Type.MouseButtonRelease and self.always.isEnabled():
            self.always.toggle()
        return False

    def _on_allow_clicked(self) -> None:
        text = self.command.toPlainText()
        edited = text if self._editing and text != self._shown else None
        self.answered.emit(Answer(allowed=True, command=edited, always=self.always.isChecked()))

    def _on_deny_clicked(self) -> None:
        self.answered.emit(Answer(allowed=False, reason=self.reason.text().strip()))

    def _on_edit_clicked(self) -> None:
        if self._editing:
            self.command.setPlainText(self._shown)
            self._stop_editing()
            self.edit.setFocus()
            return
        self._editing = True
        self.command.setReadOnly(False)
        self.command.setProperty("editing", True)
        self.allow.setText("Allow edited")
        self.edit.setText("Cancel edit")
        # Both speak of the command as it was.
        self._effects.setEnabled(False)
        self.always.setChecked(False)
        self._always_row.setEnabled(False)
        self._restyle_command()
        self.command.setFocus()

    def _stop_editing(self) -> None:
        self._editing = False
        self.command.setReadOnly(True)
        self.command.setProperty("editing", False)
        if self._asked.command:
            self.allow.setText("Allow")
        self.allow.setEnabled(True)
        self.edit.setText("Edit")
        self._effects.setEnabled(True)
        self._always_row.setEnabled(True)
        self._restyle_command()

    def _restyle_command(self) -> None:
        self.command.style().unpolish(self.command)
        self.command.style().polish(self.command)

    def _on_command_changed(self) -> None:
        self.allow.setEnabled(not self._editing or bool(self.command.toPlainText().strip()))


def _hidden_words(command: str) -> str:
    found = hidden_characters(command)
    return f"Careful: the command has characters that do not show ({', '.join(found)})." if found else ""


def _outcome(asked: ApprovalAsked, answered: ApprovalAnswered | None) -> str:
    if answered is None:
        return "Stopped before it was answered"
    if not asked.command:
        return "Done anyway" if answered.allowed else "Kept"
    if not answered.allowed:
        return f"✗ Denied: {answered.reason}" if answered.reason else "✗ Denied"
    allowed = "✓ Allowed as edited" if answered.command else "✓ Allowed"
    return f"{allowed}; from now on {asked.always} always" if answered.always else allowed
