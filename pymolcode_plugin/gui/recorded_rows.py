"""Rows of events that were recorded; what they ask is answered already, and what they did cannot be undone here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TurnFinished,
)
from .approval_card import ApprovalCard
from .blocks import split_blocks
from .cards import StepCard
from .choice_card import ChoiceCard
from .qt import QtWidgets
from .rows import ApprovalRow, BlockRow, ChatRow, ChoiceRow, Message, NoticeRow, StepRow, ThinkingRow, UserRow


class Connections(NamedTuple):
    """What is called with every widget that a row makes, and its call id where it has one."""

    block: Callable[[QtWidgets.QWidget], None]
    step: Callable[[StepCard, str], None]
    question: Callable[[ApprovalCard, str], None]
    choice: Callable[[ChoiceCard, str], None]


class RecordedRows:
    """Makes rows of one event after the other.

    Args:
        connect: See there.
    """

    def __init__(self, connect: Connections) -> None:
        self._connect = connect
        self._questions: dict[str, ApprovalRow] = {}
        self._choices: dict[str, ChoiceRow] = {}
        self.steps: dict[str, StepRow] = {}
        self._make: dict[str, Callable[[Any], Sequence[ChatRow]]] = {
            "turn_started": lambda event: (UserRow(event.text, attached(event)),),
            "steered": lambda event: (UserRow(event.text, attached(event)),),
            "text_delta": self._text,
            "thinking_delta": self._thinking,
            "step_started": self._start,
            "step_finished": self._finish,
            "approval_asked": self._question,
            "approval_answered": self._approval,
            "choice_asked": self._choice,
            "choice_answered": self._chosen,
            "scene_restored": self._restored,
            "turn_finished": _end,
            "notice": lambda event: (NoticeRow(event),),
        }

    def of(self, event: Event) -> Sequence[ChatRow]:
        """The rows that an event adds; none where it only ends one."""
        make = self._make.get(event.kind)
        return () if make is None else make(event)

    def _text(self, event: TextDelta) -> Sequence[ChatRow]:
        message = Message(event.text)
        message.rows = [BlockRow(message, block, self._connect.block) for block in split_blocks(event.text)]
        return message.rows

    def _thinking(self, event: ThinkingDelta) -> Sequence[ChatRow]:
        return (ThinkingRow(event.text, is_live=False),)

    def _start(self, event: StepStarted) -> Sequence[ChatRow]:
        row = self.steps[event.call_id] = StepRow(event, self._connect.step)
        return (row,)

    def _finish(self, event: StepFinished) -> Sequence[ChatRow]:
        if event.call_id in self.steps:
            self.steps[event.call_id].finish(event.model_copy(update={"undoable": False}))
        return ()

    def _question(self, event: ApprovalAsked) -> Sequence[ChatRow]:
        row = self._questions[event.call_id] = ApprovalRow(event, "Go on anyway", self._connect.question)
        row.resolve(None)  # unless its answer follows
        return (row,)

    def _approval(self, event: ApprovalAnswered) -> Sequence[ChatRow]:
        if event.call_id in self._questions:
            self._questions.pop(event.call_id).resolve(event)
        if event.command and event.call_id in self.steps:
            self.steps[event.call_id].show_edited(event.command)
        return ()

    def _choice(self, event: ChoiceAsked) -> Sequence[ChatRow]:
        row = self._choices[event.call_id] = ChoiceRow(event, self._connect.choice)
        row.resolve(None)
        return (row,)

    def _chosen(self, event: ChoiceAnswered) -> Sequence[ChatRow]:
        if event.call_id in self._choices:
            self._choices.pop(event.call_id).resolve(event.text)
        return ()

    def _restored(self, event: SceneRestored) -> Sequence[ChatRow]:
        for call_id in event.call_ids:
            if call_id in self.steps:
                self.steps[call_id].show_undone(event.action == "undo", undoable=False)
        return (NoticeRow(restored(event)),)


def restored(event: SceneRestored) -> Notice:
    """What undo or redo changed."""
    done = "Undone" if event.action == "undo" else "Done again"
    return Notice(text=f"{done}: {event.diff or 'the scene was as before already'}.")


def ended(turn: TurnFinished) -> Notice | None:
    """Why a turn did not simply end."""
    if turn.stop_reason == "done":
        return None
    return Notice(level="error" if turn.stop_reason == "failed" else "info", text=turn.message or "Stopped.")


def attached(event: Event) -> tuple[str, ...]:
    """What was attached to a message, in words."""
    return tuple(str(item) for item in getattr(event, "attachments", ()))


def _end(event: TurnFinished) -> Sequence[ChatRow]:
    notice = ended(event)
    return () if notice is None else (NoticeRow(notice),)
