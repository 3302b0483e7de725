"""The conversation on screen; deltas are joined, and only the block that still grows is laid out again."""

from __future__ import annotations

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAsked,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TurnFinished,
)
from .approval_card import ApprovalCard
from .cards import StepCard
from .choice_card import ChoiceCard
from .labels import plain_label
from .markdown import split_blocks, to_html
from .qt import QtCore, QtWidgets, Signal
from .recover_card import RecoverCard

_JOIN_MS = 40


class Answer(QtWidgets.QWidget):  # type: ignore[misc]
    """Text of the model, one label a Markdown block.

    Signals:
        link_activated: A link was clicked.
    """

    link_activated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._blocks: list[tuple[str, QtWidgets.QLabel]] = []
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    def append(self, text: str) -> None:
        """Add text and lay out what it changed."""
        self.text += text
        # A label whose block did not change is not laid out again, so a long answer stays as quick as a short one.
        for number, block in enumerate(split_blocks(self.text)):
            if number < len(self._blocks):
                old, label = self._blocks[number]
                if old != block:
                    label.setText(to_html(block))
                    self._blocks[number] = (block, label)
            else:
                label = self._new_label()
                label.setText(to_html(block))
                self._blocks.append((block, label))

    def _new_label(self) -> QtWidgets.QLabel:
        label = plain_label("", "answer")
        label.setTextFormat(QtCore.Qt.TextFormat.RichText)
        flags = QtCore.Qt.TextInteractionFlag
        label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.LinksAccessibleByMouse)
        label.linkActivated.connect(self.link_activated)
        self._layout.addWidget(label)
        return label


class Transcript(QtWidgets.QScrollArea):  # type: ignore[misc]
    """Messages, steps, questions and notices, newest below.

    Signals:
        approval_answered: (call id, `core.ports.Answer`).
        choice_answered: (call id, text).
        undo_requested: Undo was pressed on a step; carries its call id.
        link_activated: A link in an answer was clicked.
        grew: Something was added.
        sign_in_requested: Signing in was offered and taken; carries the provider's id where it is known.
        focus_released: A question that had the keyboard is answered.
    """

    grew = Signal()
    focus_released = Signal()
    approval_answered = Signal(str, object)
    choice_answered = Signal(str, str)
    undo_requested = Signal(str)
    link_activated = Signal(str)
    sign_in_requested = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QtWidgets.QWidget()
        self._inside.setObjectName("transcript")
        self._layout = QtWidgets.QVBoxLayout(self._inside)
        self._layout.addStretch()
        self.setWidget(self._inside)
        self._steps: dict[str, StepCard] = {}
        self._questions: dict[str, ApprovalCard] = {}
        self._choices: dict[str, ChoiceCard] = {}
        self._busy = False
        self._answer: Answer | None = None
        self._waiting = ""
        self._at_bottom = True
        self._join = QtCore.QTimer(self)
        self._join.setSingleShot(True)
        self._join.setInterval(_JOIN_MS)
        self._join.timeout.connect(self.flush)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._on_bar_moved)
        bar.rangeChanged.connect(self._on_bar_grown)

    def add_user(self, text: str) -> None:
        """The user's own message."""
        self._end_answer()
        self._at_bottom = True
        self._add(plain_label(text, "userMessage"))

    def append_text(self, text: str) -> None:
        """A piece of the model's answer; shown within 40 ms, together with what else comes."""
        self._waiting += text
        if not self._join.isActive():
            self._join.start()

    def flush(self) -> None:
        """Show the text that waits."""
        if not self._waiting:
            return
        if self._answer is None:
            self._answer = Answer()
            self._answer.link_activated.connect(self.link_activated)
            self._add(self._answer)
        text, self._waiting = self._waiting, ""
        self._answer.append(text)

    def start_step(self, step: StepStarted) -> None:
        """A tool call began."""
        self._end_answer()
        card = StepCard(step)
        card.undo.setEnabled(not self._busy)
        card.undo_requested.connect(lambda: self.undo_requested.emit(step.call_id))
        self._steps[step.call_id] = card
        self._add(card)

    def finish_step(self, step: StepFinished) -> None:
        """A tool call ended."""
        if step.call_id in self._steps:
            self._steps[step.call_id].finish(step)

    def mark_restored(self, event: SceneRestored) -> None:
        """Steps were undone or done again."""
        for call_id in event.call_ids:
            if call_id in self._steps:
                self._steps[call_id].show_undone(event.action == "undo")
        done = "Undone" if event.action == "undo" else "Done again"
        self.add_notice(Notice(text=f"{done}: {event.diff or 'the scene was as before already'}."))

    def set_busy(self, busy: bool) -> None:
        """While something runs, no step can be undone."""
        self._busy = busy
        for card in self._steps.values():
            card.undo.setEnabled(not busy)

    def ask_approval(self, question: ApprovalAsked, *, proceed: str = "Undo anyway") -> None:
        """A step waits for the person; `proceed` names going on where it has no command."""
        card = ApprovalCard(question, proceed=proceed)
        card.answered.connect(lambda answer: self.approval_answered.emit(question.call_id, answer))
        self._questions[question.call_id] = card
        self._show_waiting(question.call_id, True)
        self._add_question(card)
        card.deny.setFocus()

    def press_allow(self) -> bool:
        """Press Allow on the question that waits, if one does."""
        for card in self._questions.values():
            card.allow.click()
            return True
        return False

    def resolve_approval(self, call_id: str, answered: ApprovalAnswered | None) -> None:
        """The person answered; None when Stop did."""
        card = self._questions.pop(call_id, None)
        if card is None:
            return
        self._let_go_of_focus(card)
        card.resolve(answered)
        self._show_waiting(call_id, False)
        if call_id in self._steps and answered is not None and answered.command:
            self._steps[call_id].show_edited(answered.command)

    def ask_choice(self, question: ChoiceAsked) -> None:
        """The model asks the person something."""
        card = ChoiceCard(question)
        card.answered.connect(lambda text: self.choice_answered.emit(question.call_id, text))
        self._choices[question.call_id] = card
        self._show_waiting(question.call_id, True)
        self._add_question(card)
        card.focus()

    def resolve_choice(self, call_id: str, text: str | None) -> None:
        """The person answered, with an empty text when they dismissed it; None when Stop did."""
        card = self._choices.pop(call_id, None)
        if card is not None:
            self._let_go_of_focus(card)
            card.resolve(text)
            self._show_waiting(call_id, False)

    def offer_recovery(self, text: str) -> RecoverCard:
        """A scene that a crash took can be brought back."""
        card = RecoverCard(text)
        self._add_question(card)
        return card

    def add_card(self, card: QtWidgets.QFrame) -> None:
        """A card of another part of the panel; scrolled to."""
        self._add_question(card)

    def finish_turn(self, turn: TurnFinished) -> None:
        """The turn is over; says why when it did not simply end."""
        self._end_answer()
        if turn.stop_reason != "done":
            level = "error" if turn.stop_reason == "failed" else "info"
            self.add_notice(Notice(level=level, text=turn.message or "Stopped."))
        if turn.stop_reason == "failed" and turn.sign_in is not None:
            self._offer_sign_in(turn.sign_in)

    def add_notice(self, notice: Notice) -> None:
        """Something to say outside of an answer."""
        self._end_answer()
        label = plain_label(notice.text, "notice")
        label.setProperty("level", notice.level)
        self._add(label)

    def _offer_sign_in(self, provider_id: str) -> None:
        row = QtWidgets.QWidget()
        layout = QtWidgets.QHBoxLayout(row)
        layout.setContentsMargins(8, 0, 0, 0)
        button = QtWidgets.QPushButton("Sign in…")
        button.setAutoDefault(True)
        button.setToolTip("With a key, in the browser, or with a code")
        button.clicked.connect(lambda _checked=False: self.sign_in_requested.emit(provider_id))
        layout.addWidget(button)
        layout.addStretch()
        self._add(row)

    def clear(self) -> None:
        """Empty the screen."""
        self._end_answer()
        self._steps.clear()
        self._questions.clear()
        self._choices.clear()
        while self._layout.count() > 1:
            self._layout.takeAt(0).widget().deleteLater()

    def plain_text(self) -> str:
        """Everything as text, for copying and for tests."""
        self.flush()
        widgets = [self._layout.itemAt(number).widget() for number in range(self._layout.count() - 1)]
        return "\n\n".join(_plain(widget) for widget in widgets)

    def _add(self, widget: QtWidgets.QWidget) -> None:
        self._layout.insertWidget(self._layout.count() - 1, widget)
        self.grew.emit()

    def _add_question(self, card: QtWidgets.QFrame) -> None:
        """It is scrolled to, wherever the reader was: something waits for it."""
        self._end_answer()
        self._at_bottom = True
        self._add(card)

    def _show_waiting(self, call_id: str, is_waiting: bool) -> None:
        if call_id in self._steps:
            self._steps[call_id].show_waiting(is_waiting)

    def _let_go_of_focus(self, card: QtWidgets.QFrame) -> None:
        if card.isAncestorOf(self.window().focusWidget() or self):
            self.focus_released.emit()

    def _end_answer(self) -> None:
        self.flush()
        self._answer = None

    def _on_bar_moved(self, value: int) -> None:
        self._at_bottom = value >= self.verticalScrollBar().maximum() - 4

    def _on_bar_grown(self, _minimum: int, maximum: int) -> None:
        """Follow the end only when the reader was there."""
        if self._at_bottom:
            self.verticalScrollBar().setValue(maximum)
            self._at_bottom = True


def _plain(widget: QtWidgets.QWidget) -> str:
    if isinstance(widget, Answer):
        return widget.text
    if isinstance(widget, (StepCard, ApprovalCard, ChoiceCard)):
        return widget.plain_text()
    labels = widget.findChildren(QtWidgets.QLabel) or widget.findChildren(QtWidgets.QPushButton) or [widget]
    return "\n".join(label.text() for label in labels if label.text())
