"""A question of the model with choices, and the person's own words beside them."""

from __future__ import annotations

from ..core.events import ChoiceAsked
from .labels import WrappedText, breakable, plain_label
from .qt import QtCore, QtWidgets, Signal


class _Choice(QtWidgets.QPushButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """A button whose text wraps, which Qt's own never does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text_of_choice = text
        self.setObjectName("choice")
        self.setAccessibleName(text)
        self.setAutoDefault(True)
        words = plain_label(breakable(text), "choiceText")
        words.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.NoTextInteraction)
        words.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 5)
        layout.addWidget(words)
        policy = QtWidgets.QSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QtCore.QSize:
        """Of the words, not of the empty text of the button."""
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QtCore.QSize:
        """See `sizeHint`."""
        return self.layout().minimumSize()


class ChoiceCard(QtWidgets.QFrame):  # type: ignore[misc]
    """Stands in the transcript until it is answered, then says what was answered.

    Signals:
        answered: Carries the text; empty when it was dismissed. It is given once.
    """

    answered = Signal(str)

    def __init__(self, question: ChoiceAsked) -> None:
        super().__init__()
        self.setObjectName("choiceCard")
        self.setAccessibleName(question.question)
        self._asked = question
        self.choices = [_Choice(text) for text in question.choices]
        self.own_words = QtWidgets.QLineEdit()
        self.answer = QtWidgets.QPushButton("Answer")
        self.dismiss = QtWidgets.QPushButton("Dismiss")
        self._outcome = WrappedText("", "outcome", max_lines=6)
        self._open = QtWidgets.QWidget()
        self._lay_out()
        self._connect()

    def focus(self) -> None:
        """To the first choice; to the field where there is none."""
        (self.choices[0] if self.choices else self.own_words).setFocus()

    def resolve(self, text: str | None) -> None:
        """Show the answer, empty when it was dismissed; None when Stop came before it."""
        self._open.hide()
        stopped, dismissed = "Stopped before it was answered", "✗ Dismissed without an answer"
        self._outcome.show_text(stopped if text is None else f"✓ {text}" if text else dismissed)
        self._outcome.show()
        self.setProperty("state", "answered")
        self.style().polish(self)

    def plain_text(self) -> str:
        """The card as text."""
        parts = (self._asked.question, *(f"- {text}" for text in self._asked.choices), self._outcome.toPlainText())
        return "\n".join(part for part in parts if part)

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(plain_label(self._asked.question, "approvalQuestion"))
        layout.addWidget(self._open)
        layout.addWidget(self._outcome)
        self._outcome.hide()
        inner = QtWidgets.QVBoxLayout(self._open)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(5)
        for choice in self.choices:
            inner.addWidget(choice)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.answer)
        row.addWidget(self.dismiss)
        row.addStretch()
        inner.addWidget(self.own_words)
        inner.addLayout(row)
        self.own_words.setPlaceholderText("Or in your own words" if self.choices else "Your answer")
        self.own_words.setAccessibleName("Answer in your own words")
        self.dismiss.setToolTip("Go on without an answer")
        self.answer.setEnabled(False)
        for button in (self.answer, self.dismiss):
            button.setAutoDefault(True)
            button.setObjectName("cardButton")

    def _connect(self) -> None:
        for choice in self.choices:
            choice.clicked.connect(lambda _checked=False, text=choice.text_of_choice: self.answered.emit(text))
        self.own_words.textChanged.connect(lambda text: self.answer.setEnabled(bool(text.strip())))
        self.own_words.returnPressed.connect(self._on_answer_clicked)
        self.answer.clicked.connect(self._on_answer_clicked)
        self.dismiss.clicked.connect(lambda: self.answered.emit(""))

    def _on_answer_clicked(self) -> None:
        text = self.own_words.text().strip()
        if text:
            self.answered.emit(text)
