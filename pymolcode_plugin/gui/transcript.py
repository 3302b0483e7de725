"""The conversation on screen, live and as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAsked,
    Event,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TurnFinished,
)
from ..session.markdown import as_markdown
from .answer_rows import BlockRow, Linker, Message
from .approval_card import ApprovalCard
from .cards import StepCard
from .choice_card import ChoiceCard
from .code_block import CodeBlock
from .finding import Finding
from .growing_text import GrowingText
from .labels import is_writing
from .qt import QtCore, QtGui, QtWidgets, Signal
from .question_rows import ApprovalRow, ChoiceRow
from .recorded_rows import Connections, RecordedRows, ended, restored
from .recover_card import RecoverCard
from .row_area import RowArea
from .rows import ChatRow, NoticeRow, StepRow, UserRow, WidgetRow
from .text_block import TextBlock
from .transcript_menu import TranscriptMenu

_FIRST_SLICE_S = 0.003  # of reading recorded events: as many as are seen at their end
_SLICE_S = 0.008  # of reading more of them, then the window has its turn
_NO_LIMIT_S = 3600.0


class Transcript(RowArea):
    """Messages, steps, questions and notices, newest below.

    Signals:
        approval_answered: (call id, `core.ports.Answer`).
        choice_answered: (call id, text).
        undo_requested: Undo was pressed on a step; carries its call id.
        link_activated: A link in an answer was clicked.
        atoms_requested: A name or number in an answer was clicked; carries the selection expression.
        run_requested: Code in an answer is to run; carries it and its language.
        grew: Something was added.
        filled: Recorded events are all shown.
        find_requested: The search is to open.
        sign_in_requested: Signing in was offered and taken; carries the provider's id where it is known.
        focus_released: A question that had the keyboard is answered.
        waiting_changed: Whether a question waits for the person.
    """

    grew = Signal()
    filled = Signal()
    focus_released = Signal()
    waiting_changed = Signal(bool)
    approval_answered = Signal(str, object)
    choice_answered = Signal(str, str)
    undo_requested = Signal(str)
    link_activated = Signal(str)
    atoms_requested = Signal(str)
    run_requested = Signal(str, str)
    find_requested = Signal()
    sign_in_requested = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Chat")
        self._step_rows: dict[str, StepRow] = {}
        self._question_rows: dict[str, ApprovalRow] = {}
        self._choice_rows: dict[str, ChoiceRow] = {}
        self._busy = False
        self._text = GrowingText(self, self._connect_block)
        self._text.began.connect(self.grew)
        self._recorded: RecordedRows | None = None
        self._connections = Connections(
            self._connect_block, self._connect_step, self._connect_question, self._connect_choice
        )
        self._filling = QtCore.QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._on_filling_timeout)
        self.settled.connect(self._on_settled)
        self._menu = TranscriptMenu(self)
        self.finding = Finding(self)
        self.find_requested.connect(self.finding.open)

    def add_user(self, text: str, attachments: Sequence[str] = ()) -> None:
        """The user's own message, and what was attached to it in words."""
        self._text.end()
        self._at_bottom = True
        self._add(UserRow(text, attachments))

    def append_text(self, text: str) -> None:
        """A piece of the model's answer; shown within 40 ms, together with what else comes."""
        self._text.append_text(text)

    def append_thinking(self, text: str) -> None:
        """A piece of the model's reasoning; folded."""
        self._text.append_thinking(text)

    def flush(self) -> None:
        """Show the text that waits."""
        self._text.flush()

    def start_step(self, step: StepStarted) -> None:
        """A tool call began."""
        self._text.end()
        row = StepRow(step, self._connect_step)
        self._step_rows[step.call_id] = row
        self._add(row)

    def finish_step(self, step: StepFinished) -> None:
        """A tool call ended."""
        row = self._step_rows.get(step.call_id)
        if row is not None:
            row.finish(step)
            self.changed(row)

    def mark_restored(self, event: SceneRestored) -> None:
        """Steps were undone or done again."""
        for call_id in event.call_ids:
            if call_id in self._step_rows:
                self._step_rows[call_id].show_undone(event.action == "undo")
        self.add_notice(restored(event))

    def set_busy(self, busy: bool) -> None:
        """While something runs, no step can be undone and no code run."""
        self._busy = busy
        for row in self.rows:
            if isinstance(row.widget, (StepCard, CodeBlock)):
                row.widget.set_busy(busy)

    def ask_approval(self, question: ApprovalAsked, *, proceed: str = "Undo anyway") -> None:
        """A step waits for the person; `proceed` names going on where it has no command."""
        row = ApprovalRow(question, proceed, self._connect_question)
        self._question_rows[question.call_id] = row
        self._show_waiting(question.call_id, True)
        self._add_question(row)
        if not is_writing(self.window()):  # who writes would press Deny with the next space
            row.widget.deny.setFocus()

    def press_allow(self) -> bool:
        """Press Allow on the question that waits, if one does."""
        for card in self._questions.values():
            card.allow.click()
            return True
        return False

    def resolve_approval(self, call_id: str, answered: ApprovalAnswered | None) -> None:
        """The person answered; None when Stop did."""
        row = self._question_rows.pop(call_id, None)
        if row is None:
            return
        self._let_go_of_focus(row)
        row.resolve(answered)
        self._show_waiting(call_id, False)
        if call_id in self._step_rows and answered is not None and answered.command:
            self._step_rows[call_id].show_edited(answered.command)
        self.changed(row)

    def ask_choice(self, question: ChoiceAsked) -> None:
        """The model asks the person something."""
        row = ChoiceRow(question, self._connect_choice)
        self._choice_rows[question.call_id] = row
        self._show_waiting(question.call_id, True)
        self._add_question(row)
        if not is_writing(self.window()):
            row.widget.focus()

    def resolve_choice(self, call_id: str, text: str | None) -> None:
        """The person answered, with an empty text when they dismissed it; None when Stop did."""
        row = self._choice_rows.pop(call_id, None)
        if row is not None:
            self._let_go_of_focus(row)
            row.resolve(text)
            self._show_waiting(call_id, False)
            self.changed(row)

    def offer_recovery(self, text: str) -> RecoverCard:
        """A scene that a crash took can be brought back."""
        card = RecoverCard(text)
        self._add_question(WidgetRow(card))
        return card

    def add_card(self, card: QtWidgets.QFrame) -> None:
        """A card of another part of the panel; scrolled to."""
        self._add_question(WidgetRow(card))

    def finish_turn(self, turn: TurnFinished) -> None:
        """The turn is over; says why when it did not simply end."""
        self._text.end()
        notice = ended(turn)
        if notice is not None:
            self.add_notice(notice)
        if turn.stop_reason == "failed" and turn.sign_in is not None:
            self._offer_sign_in(turn.sign_in)

    def add_notice(self, notice: Notice) -> None:
        """Something to say outside of an answer."""
        self._text.end()
        self._add(NoticeRow(notice))

    def clear(self) -> None:
        """Empty the screen."""
        self._recorded = None
        self._text.end()
        self._step_rows.clear()
        self._question_rows.clear()
        self._choice_rows.clear()
        self.waiting_changed.emit(False)
        if not self.finding.bar.isHidden():
            self.finding.close()
        self.remove_all()

    def show_events(self, events: Iterable[Event]) -> None:
        """Fill it from recorded events: its end at once, what was before a slice at a time; `filled` says that is all.

        What is said meanwhile comes after them. Steps from there cannot be undone here.

        Args:
            events: In order; `StepFinished` may hold its picture.
        """
        self._text.end()
        self._recorded = RecordedRows(events, self._connections)
        self._fill(_FIRST_SLICE_S)

    def _on_settled(self) -> None:
        """What is near is made; what is far can be read on."""
        if self._recorded is not None:
            self._filling.start()

    def _on_filling_timeout(self) -> None:
        self._fill(_SLICE_S)

    def _fill(self, seconds: float) -> bool:
        """Put rows of recorded events above those that are there; whether that is all."""
        if self._recorded is None:
            return True
        rows = self._recorded.take(seconds)
        if rows and not self.rows:
            self.grew.emit()  # first, so that their widgets are made where they are seen
        self.prepend(rows)
        if self._recorded.n_left:
            return False
        recorded, self._recorded = self._recorded, None
        recorded.mark_undone()
        self._step_rows = recorded.steps | self._step_rows
        self.filled.emit()
        return True

    def plain_text(self) -> str:
        """Everything as text, for copying and for tests."""
        self.flush()
        self._fill(_NO_LIMIT_S)
        texts = (row.plain_text() for row in self._chat_rows())
        return "\n\n".join(text for text in texts if text)

    def markdown(self) -> str:
        """Everything as Markdown."""
        self.flush()
        self._fill(_NO_LIMIT_S)
        return as_markdown([event for row in self._chat_rows() for event in row.events()], "Chat with pymolcode")

    def unlinked_turns(self) -> list[list[ChatRow]]:
        """Turns with an answer near what is seen that ended and was not linked: its rows from the user's message on."""
        found: dict[int, list[ChatRow]] = {}
        for row in self._built:
            if isinstance(row, BlockRow) and row.message.linker is None and row.message is not self._text.message:
                start, stop = self._turn_around(row.number)
                if start not in found:
                    found[start] = [item for item in self.rows[start:stop] if isinstance(item, ChatRow)]
        return [*found.values()]

    def link(self, message: Message, linker: Linker) -> None:
        """Make words of an answer links to atoms, now and whenever it is seen again."""
        message.linker = linker
        for row in message.rows:
            row.show_links()

    @property
    def _steps(self) -> dict[str, StepCard]:
        """Cards that are near what is seen, by call id."""
        return {call_id: row.widget for call_id, row in self._step_rows.items() if row.widget is not None}

    @property
    def _questions(self) -> dict[str, ApprovalCard]:
        """Questions that wait, by call id."""
        return {call_id: row.widget for call_id, row in self._question_rows.items() if row.widget is not None}

    @property
    def _choices(self) -> dict[str, ChoiceCard]:
        """Choices that wait, by call id."""
        return {call_id: row.widget for call_id, row in self._choice_rows.items() if row.widget is not None}

    def _turn_around(self, number: int) -> tuple[int, int]:
        """From the user's message before a row to the next one after it."""
        start, stop = number, number + 1
        while start > 0 and not isinstance(self.rows[start], UserRow):
            start -= 1
        while stop < len(self.rows) and not isinstance(self.rows[stop], UserRow):
            stop += 1
        return start, stop

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """The bar of the search is as wide as this."""
        super().resizeEvent(event)
        self.finding.fit()

    def contextMenuEvent(self, event: QtGui.QContextMenuEvent) -> None:
        """Copy, and find."""
        self._menu.open(event.globalPos())
        event.accept()

    def _chat_rows(self) -> Iterator[ChatRow]:
        return (row for row in self.rows if isinstance(row, ChatRow))

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
        self._add(WidgetRow(row))

    def _connect_block(self, widget: QtWidgets.QWidget) -> None:
        if isinstance(widget, CodeBlock):
            widget.set_busy(self._busy)
            widget.run_requested.connect(self.run_requested)
        elif isinstance(widget, TextBlock):
            widget.link_activated.connect(self.link_activated)
            widget.atoms_activated.connect(self.atoms_requested)

    def _connect_step(self, card: StepCard, call_id: str) -> None:
        card.set_busy(self._busy)
        card.undo_requested.connect(lambda: self.undo_requested.emit(call_id))

    def _connect_question(self, card: ApprovalCard, call_id: str) -> None:
        card.answered.connect(lambda answer: self.approval_answered.emit(call_id, answer))

    def _connect_choice(self, card: ChoiceCard, call_id: str) -> None:
        card.answered.connect(lambda text: self.choice_answered.emit(call_id, text))

    def _add(self, row: ChatRow) -> None:
        self.add_rows([row])
        self.grew.emit()

    def _add_question(self, row: ChatRow) -> None:
        """It is scrolled to, wherever the reader was: something waits for it."""
        self._text.end()
        self._at_bottom = True
        self._add(row)
        if row.widget is None:
            self.reveal(row)

    def _show_waiting(self, call_id: str, is_waiting: bool) -> None:
        if call_id in self._step_rows:
            self._step_rows[call_id].show_waiting(is_waiting)
        self.waiting_changed.emit(bool(self._question_rows or self._choice_rows))

    def _let_go_of_focus(self, row: ChatRow) -> None:
        if row.widget is not None and row.widget.isAncestorOf(self.window().focusWidget() or self):
            self.focus_released.emit()
